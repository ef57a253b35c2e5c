"""Real questions grouped by meaning, those answered badly first.

A group (topic) is a set of content words: the question's folded words without fillers. A question joins
the topic that has the same words, else the one that shares most of them (Jaccard index) and the same
qualifiers (lưu động, có yếu tố nước ngoài, …), else it opens one. All of it happens in the database, a
batch at a time: any process may do the next, and 100,000 questions need no memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from procedures_db.learning_loop.words import SIMILAR, TopicWords
from procedures_db.models import QuestionRow, TopicRow, TopicWordRow
from procedures_db.models.base import now
from procedures_db.question_log import ASKED_TWICE, HANDED_OVER, NO_TOPIC, NOTHING_FITS

OPEN, SETTLED = "open", "settled"
# How bad it is: a wrong answer misleads, a question in vain costs time, a person may have been wanted.
WEIGHTS = {"wrong": 3, ASKED_TWICE: 2, NOTHING_FITS: 2, HANDED_OVER: 1}
_NEAR = 30  # topics looked at for a question that has none of its own


class TopicNotFound(LookupError):
    """No topic carries this number: its questions are too old to be kept."""


@dataclass(frozen=True)
class Topic:
    """Questions that mean the same; ``sample`` is one of them, masked."""

    id: int
    sample: str
    questions: int
    wrong: int
    asked_twice: int
    nothing_fits: int
    handed_over: int
    badness: int
    last_at: datetime | None
    state: str
    code: str  # the procedure that staff assigned, or ""
    settled_by: str


@dataclass(frozen=True)
class TopicPage:
    items: tuple[Topic, ...]
    total: int


@dataclass(frozen=True)
class Asked:
    """One question of a topic: how often it was asked in these words, and what came of it."""

    text: str
    times: int
    wrong: int
    missed: int
    codes: tuple[str, ...]  # what was answered or offered first, the last time


def has_new(session: Session) -> bool:
    """Whether questions wait for their topic."""
    new = select(QuestionRow.id).where(QuestionRow.topic_id.is_(None)).limit(1)
    return session.execute(new).scalar() is not None


def group_new(session: Session, words: TopicWords, *, limit: int = 1_000) -> int:
    """Give the oldest questions without a topic theirs; return how many there were (0: none is left)."""
    rows = session.execute(
        select(QuestionRow.id, QuestionRow.text)
        .where(QuestionRow.topic_id.is_(None))
        .order_by(QuestionRow.id)
        .limit(limit)
    ).all()
    found: dict[str, int] = {}
    members: dict[int, list[int]] = {}
    for number, text in rows:
        key = words.key(text)
        if key not in found:
            found[key] = _topic_of(session, key, text, words)
        members.setdefault(found[key], []).append(number)
    for topic, numbers in members.items():
        session.execute(
            update(QuestionRow).where(QuestionRow.id.in_(numbers)).values(topic_id=topic)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
    recount(session, [topic for topic in members if topic != NO_TOPIC])
    return len(rows)


def _topic_of(session: Session, key: str, text: str, words: TopicWords) -> int:
    if not key:
        return NO_TOPIC
    same = session.execute(select(TopicRow.id).where(TopicRow.words == key)).scalar()
    return same or _nearest(session, key, text, words) or _open(session, key, text)


def _nearest(session: Session, key: str, text: str, words: TopicWords) -> int | None:
    mine = key.split()
    needed = max(1, round(len(mine) * SIMILAR))
    shared = func.count(TopicWordRow.topic_id)
    near = (
        select(TopicWordRow.topic_id)
        .where(TopicWordRow.word.in_(mine))
        .group_by(TopicWordRow.topic_id)
        .having(shared >= needed)
        .order_by(shared.desc(), TopicWordRow.topic_id)
        .limit(_NEAR)
    )
    rows = session.execute(
        select(TopicRow.id, TopicRow.words, TopicRow.sample).where(TopicRow.id.in_(near))
    ).all()
    likely = sorted(rows, key=lambda row: (-similarity(key, row.words), row.id))
    for row in likely:
        if similarity(key, row.words) < SIMILAR:
            return None
        if words.qualifiers(row.sample) == words.qualifiers(text):
            return row.id
    return None


def similarity(one: str, other: str) -> float:
    """Share of the words of both that both have, 0.0–1.0."""
    left, right = set(one.split()), set(other.split())
    return len(left & right) / (len(left | right) or 1)


def _open(session: Session, key: str, text: str) -> int:
    row = TopicRow(words=key, sample=text)
    session.add(row)
    session.flush()
    session.add_all(TopicWordRow(word=word, topic_id=row.id) for word in key.split())
    session.flush()
    return row.id


def recount(session: Session, topics: Sequence[int] | None = None) -> None:
    """Count the questions of topics anew (None: of all); a settled one that went wrong again is open."""
    if topics is not None and not topics:
        return
    counted = {row.topic_id: row for row in session.execute(_counts(topics))}
    numbers = topics if topics is not None else list(session.execute(select(TopicRow.id)).scalars())
    rows = session.execute(select(TopicRow).where(_among(TopicRow.id, topics))).scalars()
    known = {row.id: row for row in rows}
    for number in numbers:
        if number in known:
            _set_counts(known[number], counted.get(number))
    session.flush()


def _among(column, topics: Sequence[int] | None):  # type: ignore[no-untyped-def]
    return column.in_(topics) if topics is not None else column.is_not(None)


def _counts(topics: Sequence[int] | None):  # type: ignore[no-untyped-def]
    trouble, wrong = QuestionRow.trouble, QuestionRow.feedback == "wrong"
    return (
        select(
            QuestionRow.topic_id,
            func.count(QuestionRow.id).label("questions"),
            func.max(QuestionRow.at).label("last_at"),
            func.sum(case((wrong, 1), else_=0)).label("wrong"),
            *(
                func.sum(case((trouble == name, 1), else_=0)).label(name)
                for name in (ASKED_TWICE, NOTHING_FITS, HANDED_OVER)
            ),
        )
        .where(_among(QuestionRow.topic_id, topics))
        .group_by(QuestionRow.topic_id)
    )


def _set_counts(row: TopicRow, counts) -> None:  # type: ignore[no-untyped-def]
    for name in ("questions", *WEIGHTS):
        setattr(row, name, getattr(counts, name) if counts else 0)
    if counts:
        row.last_at = counts.last_at
    row.badness = sum(getattr(row, name) * weight for name, weight in WEIGHTS.items())
    row.bad_then = min(row.bad_then or 0, row.badness)
    if row.state == SETTLED and row.badness > row.bad_then:
        row.state = OPEN


def forget_empty(session: Session) -> int:
    """Delete topics whose questions were all purged; return how many."""
    recount(session)
    empty = TopicRow.questions == 0
    return session.execute(
        delete(TopicRow).where(empty).execution_options(synchronize_session=False)
    ).rowcount


def worst(
    session: Session, *, state: str = OPEN, words: Iterable[str] = (), page: int = 1,
    per_page: int = 20,
) -> TopicPage:  # fmt: skip
    """Topics with anything bad in them, the worst first; those with all of the folded words if given."""
    matching = select(TopicRow).where(TopicRow.state == state)
    if state == OPEN:
        matching = matching.where(TopicRow.badness > 0)
    for word in words:
        having = select(TopicWordRow.topic_id).where(TopicWordRow.word == word)
        matching = matching.where(TopicRow.id.in_(having))
    total = session.execute(select(func.count()).select_from(matching.subquery())).scalar_one()
    rows = session.execute(
        matching.order_by(TopicRow.badness.desc(), TopicRow.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
    ).scalars()
    return TopicPage(tuple(map(_topic, rows)), total)


def get(session: Session, number: int) -> Topic:
    """Raises TopicNotFound."""
    return _topic(_row(session, number))


def questions_of(session: Session, number: int, *, limit: int = 20) -> list[Asked]:
    """How the topic was asked, the wordings that went wrong most often first."""
    missed = QuestionRow.trouble.in_((ASKED_TWICE, NOTHING_FITS, HANDED_OVER))
    bad = func.sum(case((missed, 1), else_=0))
    wrong = func.sum(case((QuestionRow.feedback == "wrong", 1), else_=0))
    grouped = (
        select(QuestionRow.text, func.count(QuestionRow.id).label("times"),
               wrong.label("wrong"), bad.label("missed"), func.max(QuestionRow.id).label("last"))
        .where(QuestionRow.topic_id == number)
        .group_by(QuestionRow.text)
        .order_by((3 * wrong + 2 * bad).desc(), func.count(QuestionRow.id).desc())
        .limit(limit)
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        select(grouped, QuestionRow.codes)
        .join(QuestionRow, QuestionRow.id == grouped.c.last)
        .order_by((3 * grouped.c.wrong + 2 * grouped.c.missed).desc(), grouped.c.times.desc())
    )
    return [Asked(r.text, r.times, r.wrong, r.missed, tuple(r.codes)) for r in rows]


def settle(session: Session, number: int, *, by: str, code: str = "") -> None:
    """Staff have dealt with it: it comes back when it goes wrong again. Raises TopicNotFound."""
    row = _row(session, number)
    row.state, row.code, row.settled_by, row.settled_at = SETTLED, code, by, now()
    row.bad_then = row.badness


def reopen(session: Session, number: int) -> None:
    """Raises TopicNotFound."""
    row = _row(session, number)
    row.state, row.bad_then = OPEN, 0


def _row(session: Session, number: int) -> TopicRow:
    row = session.get(TopicRow, number)
    if row is None:
        raise TopicNotFound(number)
    return row


def _topic(row: TopicRow) -> Topic:
    return Topic(**{name: getattr(row, name) for name in Topic.__dataclass_fields__})
