"""Tables. ``Base.metadata`` knows all of them once this package is imported."""

from procedures_db.models.base import Base
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
from procedures_db.models.state import StateRow

__all__ = [
    "AgencyRow",
    "AliasRow",
    "Base",
    "CaseTimeLimitRow",
    "DocumentRow",
    "DossierCaseRow",
    "FeeRow",
    "LegalBasisRow",
    "MethodRow",
    "ProcedureRow",
    "ResultRow",
    "StateRow",
    "StepRow",
]
