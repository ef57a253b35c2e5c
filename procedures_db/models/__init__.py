"""Tables. ``Base.metadata`` knows all of them once this package is imported."""

from procedures_db.models.account import AccountRow, AccountSessionRow, AuditEventRow
from procedures_db.models.base import Base
from procedures_db.models.column_mapping import ColumnMappingRow
from procedures_db.models.console import AnnouncementRow, KeptTextRow, PendingImportRow, WordingRow
from procedures_db.models.enquiry import EnquiryEventRow, EnquiryMessageRow, EnquiryRow
from procedures_db.models.exchange import SourceSaidRow, SyncConflictRow, SyncSourceRow
from procedures_db.models.faq import FaqRow
from procedures_db.models.learning import (
    EvaluationCaseRow,
    LearnedClassifierRow,
    LearningJobRow,
    SayingRow,
    TaughtWordingRow,
    TopicRow,
    TopicWordRow,
)
from procedures_db.models.messages import DeliveredReplyRow, OutgoingMessageRow
from procedures_db.models.office_hours import AbsenceRow, WorkingPeriodRow
from procedures_db.models.operation import ChannelSwitchRow, LeaseRow
from procedures_db.models.procedure import (
    AgencyRow,
    AliasRow,
    CaseTimeLimitRow,
    DocumentRow,
    DossierCaseRow,
    FeeRow,
    LegalBasisRow,
    MethodRow,
    ProcedureRow,
    ResultRow,
    StepRow,
)
from procedures_db.models.question import FeedbackRow, QuestionRow
from procedures_db.models.revision import ChangeSetRow, ContentRow, DraftRow, RevisionRow
from procedures_db.models.staff import CannedAnswerRow, StaffAbsenceRow
from procedures_db.models.state import StateRow
from procedures_db.models.telegram import (
    TelegramBlockedRow,
    TelegramButtonRow,
    TelegramConversationRow,
    TelegramOutgoingRow,
    TelegramUpdateRow,
)

__all__ = [
    "AbsenceRow",
    "AccountRow",
    "AccountSessionRow",
    "AgencyRow",
    "AliasRow",
    "AnnouncementRow",
    "AuditEventRow",
    "Base",
    "CannedAnswerRow",
    "CaseTimeLimitRow",
    "ChangeSetRow",
    "ChannelSwitchRow",
    "ColumnMappingRow",
    "ContentRow",
    "DeliveredReplyRow",
    "DocumentRow",
    "DossierCaseRow",
    "DraftRow",
    "EnquiryEventRow",
    "EnquiryMessageRow",
    "EnquiryRow",
    "EvaluationCaseRow",
    "FaqRow",
    "FeeRow",
    "FeedbackRow",
    "KeptTextRow",
    "LearnedClassifierRow",
    "LearningJobRow",
    "LeaseRow",
    "LegalBasisRow",
    "MethodRow",
    "OutgoingMessageRow",
    "PendingImportRow",
    "ProcedureRow",
    "QuestionRow",
    "ResultRow",
    "RevisionRow",
    "SayingRow",
    "SourceSaidRow",
    "StaffAbsenceRow",
    "StateRow",
    "StepRow",
    "SyncConflictRow",
    "SyncSourceRow",
    "TaughtWordingRow",
    "TelegramBlockedRow",
    "TelegramButtonRow",
    "TelegramConversationRow",
    "TelegramOutgoingRow",
    "TelegramUpdateRow",
    "TopicRow",
    "TopicWordRow",
    "WordingRow",
    "WorkingPeriodRow",
]
