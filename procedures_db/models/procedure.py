"""Tables of a procedure and its nested rows, in the order the portal publishes them."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import relationship

from procedures_db.models.base import Base, ExactDecimal


def _parts(target: str) -> relationship:
    return relationship(
        target, cascade="all, delete-orphan", order_by=f"{target}.position", lazy="selectin"
    )


class ProcedureRow(Base):
    """A procedure (thủ tục hành chính); see ``record.ProcedureRecord`` for the meaning of each field."""

    __tablename__ = "procedure"

    id = Column(Integer, primary_key=True)
    code = Column(String(40), nullable=False, unique=True)
    name = Column(Text, nullable=False)
    field = Column(String(300), nullable=False, default="", index=True)
    summary = Column(Text, nullable=False, default="")
    kind = Column(String(20), nullable=False)
    state = Column(String(12), nullable=False, default="published", index=True)
    levels = Column(JSON, nullable=False)
    online_level = Column(String(20), nullable=False, index=True)
    online_level_inferred = Column(Boolean, nullable=False)
    non_territorial = Column(Boolean, nullable=False)
    subjects = Column(JSON, nullable=False)
    receiving_address = Column(Text, nullable=False, default="")
    conditions = Column(Text, nullable=False, default="")
    remarks = Column(JSON, nullable=False)
    keywords = Column(JSON, nullable=False)
    replaced_by = Column(JSON, nullable=False)
    effective_from = Column(Date)
    effective_to = Column(Date)
    decision_number = Column(String(120), nullable=False, default="")
    decision_date = Column(Date)
    decision_agency = Column(String(300), nullable=False, default="")
    as_of = Column(Date, nullable=False)
    source_url = Column(Text, nullable=False, default="")
    content_hash = Column(String(64), nullable=False)
    # For browsing.py: what is looked for, folded ("dang ky"), a space before and after each word.
    folded = Column(Text, nullable=False, default="")
    folded_agencies = Column(Text, nullable=False, default="")

    agencies = _parts("AgencyRow")
    methods = _parts("MethodRow")
    case_time_limits = _parts("CaseTimeLimitRow")
    dossier = _parts("DossierCaseRow")
    steps = _parts("StepRow")
    results = _parts("ResultRow")
    legal_bases = _parts("LegalBasisRow")
    aliases = _parts("AliasRow")


class _Part:
    """A row that belongs to a procedure at a position."""

    id = Column(Integer, primary_key=True)
    position = Column(Integer, nullable=False)


def _procedure_id() -> Column:
    return Column(
        Integer, ForeignKey("procedure.id", ondelete="CASCADE"), nullable=False, index=True
    )


class AgencyRow(_Part, Base):
    __tablename__ = "procedure_agency"
    procedure_id = _procedure_id()
    role = Column(String(30), nullable=False)
    name = Column(Text, nullable=False)


class MethodRow(_Part, Base):
    """Cách thức thực hiện, with its own time limit and fees."""

    __tablename__ = "procedure_method"
    procedure_id = _procedure_id()
    method = Column(String(12), nullable=False)
    time_amount = Column(ExactDecimal)
    time_unit = Column(String(16))
    note = Column(Text, nullable=False, default="")
    fees = _parts("FeeRow")


class FeeRow(_Part, Base):
    __tablename__ = "procedure_fee"
    method_id = Column(
        Integer, ForeignKey("procedure_method.id", ondelete="CASCADE"), nullable=False, index=True
    )
    kind = Column(String(10), nullable=False)
    amount = Column(ExactDecimal)  # NULL: not stated, see text
    currency = Column(String(3), nullable=False, default="VND")
    text = Column(Text, nullable=False, default="")


class CaseTimeLimitRow(_Part, Base):
    __tablename__ = "procedure_case_time_limit"
    procedure_id = _procedure_id()
    case_name = Column(Text, nullable=False)
    time_amount = Column(ExactDecimal, nullable=False)
    time_unit = Column(String(16), nullable=False)


class DossierCaseRow(_Part, Base):
    __tablename__ = "procedure_dossier_case"
    procedure_id = _procedure_id()
    name = Column(Text, nullable=False, default="")
    documents = _parts("DocumentRow")


class DocumentRow(_Part, Base):
    """Thành phần hồ sơ."""

    __tablename__ = "procedure_document"
    case_id = Column(
        Integer,
        ForeignKey("procedure_dossier_case.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    )
    name = Column(Text, nullable=False)
    originals = Column(Integer, nullable=False)
    copies = Column(Integer, nullable=False)
    forms = Column(JSON, nullable=False)
    is_note = Column(Boolean, nullable=False)


class StepRow(_Part, Base):
    __tablename__ = "procedure_step"
    procedure_id = _procedure_id()
    name = Column(Text, nullable=False, default="")
    text = Column(Text, nullable=False, default="")


class ResultRow(_Part, Base):
    __tablename__ = "procedure_result"
    procedure_id = _procedure_id()
    name = Column(Text, nullable=False)


class LegalBasisRow(_Part, Base):
    __tablename__ = "procedure_legal_basis"
    procedure_id = _procedure_id()
    number = Column(String(200), nullable=False)
    title = Column(Text, nullable=False, default="")
    issued_on = Column(Date)
    issuer = Column(Text, nullable=False, default="")


class AliasRow(_Part, Base):
    """Another name that citizens or older lists use for exactly this procedure."""

    __tablename__ = "procedure_alias"
    procedure_id = _procedure_id()
    name = Column(Text, nullable=False)
