"""How the assistant does: questions a day and what came of them, satisfaction, speed, what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from procedures_db.models import EnquiryRow, ProcedureRow, QuestionRow, TopicRow
from procedures_db.question_log import ASKED_TWICE, HANDED_OVER, NOTHING_FITS
from procedures_db.statistics.scope import Scope, bounds, conditions, counted, floor

_KINDS = {"answer": "answered", "clarify": "asked_back", "handover": "handed_over"}
MOST = 20  # rows of a ranking
_MISSED = (ASKED_TWICE, NOTHING_FITS, HANDED_OVER)
# Times are counted in steps: finer below a second, where differences are felt.
_FINE_MS, _COARSE_MS, _FINE_UNTIL = 10, 100, 1_000


@dataclass
class Outcomes:
    """What came of questions; smalltalk, refusals and matters of other bodies stand in ``other``."""

    answered: int = 0
    asked_back: int = 0
    handed_over: int = 0
    unanswered: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        return self.answered + self.asked_back + self.handed_over + self.unanswered + self.other

    def add(self, kind: str, count: int) -> None:
        setattr(self, kind, getattr(self, kind) + count)


@dataclass(frozen=True)
class Day:
    day: date
    outcomes: Outcomes


@dataclass(frozen=True)
class Asked:
    """A procedure and how often it was answered, and called wrong."""

    code: str
    name: str
    questions: int
    useful: int
    wrong: int


@dataclass(frozen=True)
class Missed:
    """Questions that mean the same and were not answered; ``sample`` is masked."""

    topic: int
    sample: str
    questions: int


@dataclass(frozen=True)
class Speed:
    """Milliseconds from question to reply; None without questions."""

    p50: float | None
    p95: float | None


@dataclass(frozen=True)
class Statistics:
    """Everything of one scope."""

    scope: Scope
    days: tuple[Day, ...]
    total: Outcomes
    useful: int
    wrong: int
    speed: Speed
    asked: tuple[Asked, ...] = field(default=())
    missed: tuple[Missed, ...] = field(default=())

    @property
    def satisfaction(self) -> float | None:
        """Share of verdicts that say "hữu ích", 0.0–1.0; None when nobody gave one."""
        verdicts = self.useful + self.wrong
        return self.useful / verdicts if verdicts else None


def statistics(session: Session, scope: Scope) -> Statistics:
    """Count what citizens asked in a scope: four aggregates, however many questions there are."""
    days = {day: Outcomes() for day in scope.every_day()}
    total, verdicts = Outcomes(), {"useful": 0, "wrong": 0}
    for day, outcome, trouble, verdict, count in session.execute(_by_day(scope)):
        kind = _kind(outcome, trouble)
        days[day].add(kind, count)
        total.add(kind, count)
        if verdict in verdicts:
            verdicts[verdict] += count
    return Statistics(
        scope=scope,
        days=tuple(Day(day, outcomes) for day, outcomes in days.items()),
        total=total,
        useful=verdicts["useful"],
        wrong=verdicts["wrong"],
        speed=speed(session, scope),
        asked=most_asked(session, scope),
        missed=most_missed(session, scope),
    )


def _by_day(scope: Scope):  # type: ignore[no-untyped-def]
    # In the order of the index, so that nothing has to be sorted.
    columns = (QuestionRow.day, QuestionRow.outcome, QuestionRow.trouble, QuestionRow.feedback)
    return select(*columns, counted()).where(*conditions(scope)).group_by(*columns)


def _kind(outcome: str, trouble: str) -> str:
    if outcome == "unavailable" or (outcome == "out_of_scope" and trouble == NOTHING_FITS):
        return "unanswered"
    return _KINDS.get(outcome, "other")


def speed(session: Session, scope: Scope) -> Speed:
    """Half and 95 % of the questions were answered within so many milliseconds (to the next 10 or 100)."""
    ms = QuestionRow.ms
    fine = floor(ms / _FINE_MS) * _FINE_MS + _FINE_MS
    coarse = floor(ms / _COARSE_MS) * _COARSE_MS + _COARSE_MS
    step = case((ms < _FINE_UNTIL, fine), else_=coarse).label("step")
    rows = session.execute(
        select(step, counted()).where(*conditions(scope)).group_by(step).order_by(step)
    ).all()
    return Speed(_reached(rows, 0.5), _reached(rows, 0.95))


def _reached(rows: Sequence, share: float) -> float | None:
    total, seen = sum(count for _, count in rows), 0
    for step, count in rows:
        seen += count
        if seen >= share * total:
            return float(step)
    return None


def most_asked(session: Session, scope: Scope, *, limit: int = MOST) -> tuple[Asked, ...]:
    """The procedures answered most often, with citizens' verdicts on the answers."""
    verdict = QuestionRow.feedback
    ranked = (
        select(
            QuestionRow.code,
            counted().label("questions"),
            func.sum(case((verdict == "useful", 1), else_=0)).label("useful"),
            func.sum(case((verdict == "wrong", 1), else_=0)).label("wrong"),
        )
        .where(*conditions(scope), QuestionRow.outcome == "answer", QuestionRow.code != "")
        .group_by(QuestionRow.code)
        .order_by(counted().desc(), QuestionRow.code)
        .limit(limit)
        .subquery()
    )
    rows = session.execute(
        select(ranked, ProcedureRow.name)
        .join(ProcedureRow, ProcedureRow.code == ranked.c.code, isouter=True)
        .order_by(ranked.c.questions.desc(), ranked.c.code)
    )
    return tuple(Asked(r.code, r.name or "", r.questions, r.useful, r.wrong) for r in rows)


def most_missed(session: Session, scope: Scope, *, limit: int = MOST) -> tuple[Missed, ...]:
    """What citizens asked in vain most often: asked back twice, nothing fitted, handed over, called wrong."""
    missed = or_(QuestionRow.trouble.in_(_MISSED), QuestionRow.feedback == "wrong")
    ranked = (
        select(QuestionRow.topic_id, counted().label("questions"))
        .where(*conditions(scope), missed, QuestionRow.topic_id.is_not(None))
        .group_by(QuestionRow.topic_id)
        .order_by(counted().desc(), QuestionRow.topic_id)
        .limit(limit)
        .subquery()
    )
    rows = session.execute(
        select(TopicRow.id, TopicRow.sample, ranked.c.questions)
        .join(ranked, TopicRow.id == ranked.c.topic_id)
        .order_by(ranked.c.questions.desc(), TopicRow.id)
    )
    return tuple(Missed(row.id, row.sample, row.questions) for row in rows)


@dataclass(frozen=True)
class Desk:
    """How the staff do: enquiries opened in the scope, and of them answered, closed, still open."""

    opened: int
    answered: int
    waiting: int


def desk(session: Session, scope: Scope) -> Desk:
    """Enquiries that were opened on the scope's days (its field does not matter)."""
    begin, end = bounds(scope)
    wanted = [EnquiryRow.created_at >= begin, EnquiryRow.created_at < end]
    if scope.commune:
        wanted.append(EnquiryRow.commune == scope.commune)
    counts = dict(
        session.execute(
            select(EnquiryRow.status, counted()).where(*wanted).group_by(EnquiryRow.status)
        ).all()
    )
    opened = sum(counts.values())
    waiting = counts.get("new", 0) + counts.get("taken", 0)
    return Desk(opened=opened, answered=opened - waiting, waiting=waiting)


def communes(session: Session, scope: Scope) -> list[str]:
    """The communes on whose pages questions were asked on the scope's days."""
    days = (QuestionRow.day >= scope.first_day, QuestionRow.day <= scope.last_day)
    rows = session.execute(
        select(QuestionRow.commune)
        .where(*days, QuestionRow.commune != "")
        .distinct()
        .order_by(QuestionRow.commune)
    )
    return list(rows.scalars())


def fields(session: Session) -> list[str]:
    """The fields of the published procedures."""
    rows = session.execute(
        select(ProcedureRow.field)
        .where(ProcedureRow.state == "published", ProcedureRow.field != "")
        .distinct()
        .order_by(ProcedureRow.field)
    )
    return list(rows.scalars())
