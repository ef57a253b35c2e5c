"""Questions handed to the staff (yêu cầu chuyển cán bộ): opened once, owned by one, answered, closed.

new → taken (one owner) → answered → closed; released goes back to new. Between ``take_over`` and
``hand_back`` (or release, answer, close) the owner talks to the citizen directly and the bot is
silent; the citizen gets a notice of both in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.expression import ColumnElement

from procedures_db import enquiry_notices
from procedures_db.connection import reserve_writing
from procedures_db.enquiry import (
    ANSWERED,
    CITIZEN,
    CLOSED,
    NEW,
    STAFF,
    TAKEN,
    AlreadyClosed,
    AlreadyTaken,
    Enquiry,
    EnquiryNotFound,
    Event,
    Message,
    NewEnquiry,
    NotYours,
    Page,
)  # fmt: skip
from procedures_db.models import EnquiryEventRow, EnquiryMessageRow, EnquiryRow
from procedures_db.models.base import now

# As long as one may look something up or serve somebody at the counter; a citizen waits no longer unserved.
IDLE_TAKE_OVER = timedelta(minutes=15)

Deliver = Callable[[str, str], None]  # (conversation id, text) → the citizen's channel


def open_enquiry(session: Session, given: NewEnquiry) -> int:
    """Put a question in the queue and return its number.

    A conversation that has an open enquiry gets no second one: the question is added to it. Raises
    ValueError if the question is blank.
    """
    if not given.question.strip():
        raise ValueError("yêu cầu trống")
    reserve_writing(session)
    open_now = _open_of(session, given.conversation_id)
    if open_now is not None:
        _say(open_now, CITIZEN, given.question)
        return open_now.id
    row = EnquiryRow(
        conversation_id=given.conversation_id,
        channel=given.channel,
        question=given.question,
        codes=list(given.codes),
        province=given.province,
        commune=given.commune,
        messages=[
            EnquiryMessageRow(author=m.author, text=m.text, at=m.at or now())
            for m in given.conversation
        ],
    )
    _note(row, "opened", None)
    session.add(row)
    session.flush()
    return row.id


def hold(session: Session, number: int) -> None:
    """Begin a change of an enquiry: before anything is read, in the same transaction.

    Two members of the staff take turns, and SQLite waits for other writers: it would refuse at once to
    write after having read, if somebody else has written in between.
    """
    row = EnquiryRow
    session.execute(
        update(row)
        .where(row.id == number)
        .values(status=row.status)
        .execution_options(synchronize_session=False)
    )


def get(session: Session, number: int) -> Enquiry:
    """Raises EnquiryNotFound."""
    return _enquiry(_row(session, number))


def queue(
    session: Session,
    *,
    statuses: Sequence[str] = (NEW, TAKEN),
    assigned_to: str | None = None,
    province: str | None = None,
    words: str = "",
    newest_first: bool = False,
    page: int = 1,
    per_page: int = 20,
) -> Page:
    """Enquiries that match, the longest waiting first unless said; ``page`` counts from 1."""
    matching = select(EnquiryRow).where(EnquiryRow.status.in_(statuses))
    if assigned_to is not None:
        matching = matching.where(EnquiryRow.assigned_to == assigned_to)
    if province is not None:
        matching = matching.where(EnquiryRow.province == province)
    if words.strip():
        matching = matching.where(EnquiryRow.question.ilike(f"%{_literal(words)}%", escape="\\"))
    total = session.execute(select(func.count()).select_from(matching.subquery())).scalar_one()
    rows = session.execute(
        matching.options(selectinload(EnquiryRow.messages), selectinload(EnquiryRow.history))
        .order_by(*_order(newest_first))
        .offset((page - 1) * per_page)
        .limit(per_page)
    ).scalars()
    return Page(tuple(map(_enquiry, rows)), total)


def counts(session: Session) -> dict[str, int]:
    """How many enquiries there are of each status."""
    found = select(EnquiryRow.status, func.count()).group_by(EnquiryRow.status)
    return dict(session.execute(found).all())


def count_of(session: Session, staff: str) -> int:
    """How many enquiries somebody has to answer."""
    mine = (EnquiryRow.assigned_to == staff, EnquiryRow.status == TAKEN)
    return session.execute(select(func.count()).where(*mine)).scalar_one()


def take(session: Session, number: int, staff: str, *, away: Collection[str] = ()) -> Enquiry:
    """Make ``staff`` the owner; taking one's own again changes nothing.

    away: owners who are absent, from whom it may be taken. Raises EnquiryNotFound, AlreadyTaken,
    AlreadyClosed.
    """
    free = EnquiryRow.assigned_to.is_(None) | EnquiryRow.assigned_to.in_(set(away) - {staff})
    # One statement decides between two who press the button at once.
    won = session.execute(
        update(EnquiryRow)
        .where(EnquiryRow.id == number, free, EnquiryRow.status.in_((NEW, TAKEN)))
        .values(assigned_to=staff, status=TAKEN)
        .execution_options(synchronize_session=False)
    ).rowcount
    row = _row(session, number, fresh=True)
    if won:
        _note(row, "taken", staff)
        _end_talk(session, row)  # of an owner who is away
    elif row.status == CLOSED:
        raise AlreadyClosed(number)
    elif row.assigned_to != staff:
        raise AlreadyTaken(row.assigned_to or "")
    return _enquiry(row)


def release(session: Session, number: int, staff: str) -> None:
    """Give it back to the queue. Raises EnquiryNotFound, NotYours, AlreadyClosed."""
    row = _owned(session, number, staff)
    row.assigned_to, row.status = None, NEW
    _note(row, "released", staff)
    _end_talk(session, row)


def take_over(session: Session, number: int, staff: str, *, author: str = "") -> None:
    """Talk to the citizen directly: the bot falls silent, the citizen is told who answers now.

    author: as the citizen reads it, "Cán bộ Lan"; empty: an official without a name. Raises what
    ``take`` raises.
    """
    take(session, number, staff)
    row = _row(session, number)
    if row.taken_over_by is None:
        row.taken_over_by = staff
        _note(row, "taken_over", staff)
        enquiry_notices.joined(session, row.conversation_id, row.channel, author=author)


def hand_back(session: Session, number: int, staff: str) -> None:
    """Let the bot answer again. Raises EnquiryNotFound, NotYours, AlreadyClosed."""
    row = _owned(session, number, staff)
    if row.taken_over_by is not None:
        _note(row, "handed_back", staff)
        _end_talk(session, row)


def any_taken_over(session: Session) -> bool:
    """Whether a person talks to any citizen now."""
    talking = select(EnquiryRow.id).where(EnquiryRow.taken_over_by.is_not(None)).limit(1)
    return session.execute(talking).scalar() is not None


def end_idle(session: Session, *, before: datetime) -> list[int]:
    """Let the bot speak again where who took over has said nothing since; return the numbers.

    A citizen whose messages go to nobody must not meet a bot that keeps silent: the enquiry stays with
    its owner, the conversation goes on.
    """
    rows = session.execute(select(EnquiryRow).where(EnquiryRow.taken_over_by.is_not(None)))
    ended = []
    for row in rows.scalars():
        words = [message.at for message in row.messages if message.author == STAFF]
        began = [event.at for event in row.history if event.kind == "taken_over"]
        if max(words + began) < before:
            _note(row, "idle", row.taken_over_by)
            _end_talk(session, row)
            ended.append(row.id)
    return ended


def say(session: Session, number: int, staff: str, text: str, *, deliver: Deliver) -> None:
    """Send the citizen a message without settling the enquiry.

    Raises EnquiryNotFound, NotYours, AlreadyClosed, ValueError if the text is blank.
    """
    _say(_owned(session, number, staff), STAFF, _required(text))
    deliver(_row(session, number).conversation_id, text.strip())


def answer(session: Session, number: int, staff: str, text: str, *, deliver: Deliver) -> None:
    """Answer for good: stored, delivered, and the bot speaks again.

    If ``deliver`` raises, so does this, and the caller's transaction stores nothing. Raises
    EnquiryNotFound, NotYours, AlreadyClosed, ValueError if the text is blank.
    """
    row = _owned(session, number, staff)
    _say(row, STAFF, _required(text))
    row.status, row.answer, row.answered_at = ANSWERED, text.strip(), now()
    _note(row, "answered", staff)
    deliver(row.conversation_id, text.strip())
    _end_talk(session, row)


def close(session: Session, number: int, staff: str) -> None:
    """End it, answered or not. Raises EnquiryNotFound, NotYours, AlreadyClosed."""
    row = _owned(session, number, staff)
    row.status = CLOSED
    _note(row, "closed", staff)
    _end_talk(session, row)


def taken_over(session: Session, conversation_id: str) -> int | None:
    """Number of the enquiry in which a person talks to this citizen now; None: the bot does."""
    return session.execute(
        select(EnquiryRow.id).where(
            EnquiryRow.conversation_id == conversation_id, EnquiryRow.taken_over_by.is_not(None)
        )
    ).scalar()


def append(session: Session, number: int, text: str) -> bool:
    """Add a citizen's (masked) message; True for the first since a person took over.

    Raises EnquiryNotFound.
    """
    hold(session, number)
    row = _row(session, number)
    began = max((event.at for event in row.history if event.kind == "taken_over"), default=None)
    is_first = not any(
        message.author == CITIZEN and (began is None or message.at >= began)
        for message in row.messages
    )
    _say(row, CITIZEN, text)
    return is_first


def open_number(session: Session, conversation_id: str) -> int | None:
    """Number of the conversation's enquiry that waits for an answer, if any."""
    row = _open_of(session, conversation_id)
    return None if row is None else row.id


def purge(session: Session, *, before: datetime) -> int:
    """Delete those answered or closed and opened before; return how many. Open ones stay."""
    old = (EnquiryRow.created_at < before, EnquiryRow.status.in_((ANSWERED, CLOSED)))
    return session.execute(
        delete(EnquiryRow).where(*old).execution_options(synchronize_session=False)
    ).rowcount


def _open_of(session: Session, conversation_id: str) -> EnquiryRow | None:
    return session.execute(
        select(EnquiryRow)
        .where(EnquiryRow.conversation_id == conversation_id, EnquiryRow.status.in_((NEW, TAKEN)))
        .order_by(EnquiryRow.id.desc())
        .limit(1)
    ).scalar()


def _row(session: Session, number: int, *, fresh: bool = False) -> EnquiryRow:
    row = session.get(EnquiryRow, number, populate_existing=fresh)
    if row is None:
        raise EnquiryNotFound(number)
    return row


def _owned(session: Session, number: int, staff: str) -> EnquiryRow:
    hold(session, number)
    row = _row(session, number, fresh=True)
    if row.status == CLOSED:
        raise AlreadyClosed(number)
    if row.assigned_to != staff:
        raise NotYours(number)
    return row


def _end_talk(session: Session, row: EnquiryRow) -> None:
    """The bot speaks again, and the citizen is told so if a person had been speaking."""
    if row.taken_over_by is not None:
        row.taken_over_by = None
        enquiry_notices.left(session, row.conversation_id, row.channel)


def _say(row: EnquiryRow, author: str, text: str) -> None:
    row.messages.append(EnquiryMessageRow(author=author, text=text, at=now()))


def _note(row: EnquiryRow, kind: str, staff: str | None) -> None:
    row.history.append(EnquiryEventRow(kind=kind, staff=staff, at=now()))


def _required(text: str) -> str:
    if not text.strip():
        raise ValueError("nội dung trống")
    return text.strip()


def _order(newest_first: bool) -> tuple[ColumnElement, ColumnElement]:
    if newest_first:
        return EnquiryRow.created_at.desc(), EnquiryRow.id.desc()
    return EnquiryRow.created_at, EnquiryRow.id


def _literal(words: str) -> str:
    return words.strip().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _enquiry(row: EnquiryRow) -> Enquiry:
    plain = {
        name: getattr(row, name)
        for name in Enquiry.__dataclass_fields__
        if name not in ("codes", "messages", "history")
    }
    return Enquiry(
        **plain,
        codes=tuple(row.codes),
        messages=tuple(Message(m.author, m.text, m.at) for m in row.messages),
        history=tuple(Event(e.kind, e.staff, e.at) for e in row.history),
    )
