"""What citizens say, taught by staff: ways to say a procedure (paraphrases), words for a term; proposed →
accepted or refused.

An accepted one counts like those of ``nlu_data`` from the next look of the searchers on (half a second):
nothing is trained.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from procedures_db.learning_loop.words import TopicWords
from procedures_db.models import (
    EvaluationCaseRow,
    ProcedureRow,
    SayingRow,
    StateRow,
    TaughtWordingRow,
)
from procedures_db.models.base import now
from procedures_db.storing import folded
from procedures_db.text.folding import fold, normalize

WORDINGS_VERSION = "wordings_version"
PROPOSED, ACCEPTED, REFUSED = "proposed", "accepted", "refused"
PARAPHRASE, WORD = "paraphrase", "word"  # kinds
LONGEST, LONGEST_WORD, MOST_TERMS = 300, 80, 3
TERM_MARK = "; "  # between the terms of a word, where they are shown
_MASK = re.compile(r"\[[^\]]{1,25}\]")


class WordingNotFound(LookupError):
    """No wording carries this number."""


class BadWording(ValueError):
    """It cannot be taught; the message says why, in Vietnamese."""


class EffectUnknown(RuntimeError):
    """It may be accepted only when its effect on the kept questions has been measured."""


class AlreadyDecided(RuntimeError):
    """Somebody has accepted or refused it already; ``by`` says who."""

    def __init__(self, by: str, state: str) -> None:
        super().__init__(f"{by} đã quyết định cách nói này rồi")
        self.by, self.state = by, state


@dataclass(frozen=True)
class Wording:
    """One saying; ``effect`` is what ``effect.measure`` found, None before.

    terms: what a citizen word stands for in the names of procedures; ``code`` is one that it must find.
    """

    id: int
    kind: str
    code: str
    name: str  # of the procedure; empty when it is not published
    text: str
    terms: tuple[str, ...]
    state: str
    origin: str  # "yêu cầu 12", "nhóm 7"
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    effect: dict[str, Any] | None
    topic_id: int | None


@dataclass(frozen=True)
class WordingPage:
    items: tuple[Wording, ...]
    total: int


Taught = tuple[str, str]  # code, text
TaughtWord = tuple[str, tuple[str, ...]]  # text, terms
Retired = tuple[str, str, str]  # kind, text, code or terms


def propose(
    session: Session, code: str, text: str, *, by: str, words: TopicWords, origin: str = "",
    topic: int | None = None, terms: Sequence[str] = (),
) -> Wording:  # fmt: skip
    """Propose a paraphrase, or with terms a citizen word; a case that asks it is kept beside it.

    Raises BadWording.
    """
    said = " ".join(_MASK.sub(" ", normalize(text)).split())
    means = [" ".join(normalize(term).split()) for term in terms if fold(term)]
    _check(session, code, said, words)
    kind = WORD if means else PARAPHRASE
    if means:
        _check_word(session, said, means)
    row = TaughtWordingRow(
        kind=kind, code=code, text=said, terms=means, origin=origin, proposed_by=by, topic_id=topic
    )
    session.add(row)
    session.flush()
    session.add(
        EvaluationCaseRow(
            question=said, behaviour="answer", codes=[code], wording_id=row.id, added_by=by
        )
    )
    session.flush()
    return get(session, row.id)


def _check(session: Session, code: str, said: str, words: TopicWords) -> None:
    if not fold(said):
        raise BadWording("chưa có cách nói")
    if len(said) > LONGEST:
        raise BadWording(f"dài quá {LONGEST} ký tự: hãy rút gọn thành một câu hỏi")
    if words.names_nothing(said):
        raise BadWording("câu này nói về thủ tục nào cũng được: cần có từ chỉ việc muốn làm")
    published = (ProcedureRow.code == code, ProcedureRow.state == "published")
    if session.execute(select(ProcedureRow.id).where(*published)).scalar() is None:
        raise BadWording(f"không có thủ tục {code} đang công bố")
    for row in session.execute(_not_refused()).scalars():
        if fold(row.text) == fold(said):
            same = "cho thủ tục này" if row.code == code else f"cho thủ tục {row.code}"
            raise BadWording(f"cách nói này đã có {same} (số {row.id})")


def _check_word(session: Session, said: str, terms: Sequence[str]) -> None:
    if len(said) > LONGEST_WORD:
        raise BadWording(f"lời dân dùng thay thuật ngữ dài nhất {LONGEST_WORD} ký tự")
    if len(terms) > MOST_TERMS:
        raise BadWording(f"nhiều nhất {MOST_TERMS} thuật ngữ")
    for term in terms:
        named = ProcedureRow.folded.contains(f" {fold(term)} ", autoescape=True)
        found = select(ProcedureRow.id).where(named, ProcedureRow.state == "published").limit(1)
        if session.execute(found).scalar() is None:
            raise BadWording(f"không thủ tục đang công bố nào có thuật ngữ “{term}”")
    if any(fold(term) == fold(said) for term in terms):
        raise BadWording("lời dân nói và thuật ngữ là một")


def _not_refused():  # type: ignore[no-untyped-def]
    return select(TaughtWordingRow).where(TaughtWordingRow.state != REFUSED)


def note_effect(session: Session, number: int, effect: dict[str, Any]) -> None:
    """Keep what was measured. Raises WordingNotFound."""
    _row(session, number).effect = effect


def accept(session: Session, number: int, *, by: str) -> Wording:
    """Let it take effect. Raises WordingNotFound, AlreadyDecided, EffectUnknown."""
    row = _undecided(session, number)
    if row.effect is None:
        raise EffectUnknown(number)
    return _decide(session, row, ACCEPTED, by)


def refuse(session: Session, number: int, *, by: str) -> Wording:
    """Raises WordingNotFound, AlreadyDecided."""
    return _decide(session, _undecided(session, number), REFUSED, by)


def take_back(session: Session, number: int, *, by: str) -> Wording:
    """Let an accepted wording have no effect any more. Raises WordingNotFound, AlreadyDecided."""
    row = _row(session, number, lock=True)
    if row.state != ACCEPTED:
        raise AlreadyDecided(row.decided_by, row.state)
    return _decide(session, row, REFUSED, by)


def _undecided(session: Session, number: int) -> TaughtWordingRow:
    row = _row(session, number, lock=True)
    if row.state != PROPOSED:
        raise AlreadyDecided(row.decided_by, row.state)
    return row


def _decide(session: Session, row: TaughtWordingRow, state: str, by: str) -> Wording:
    row.state, row.decided_by, row.decided_at = state, by, now()
    cases = select(EvaluationCaseRow).where(EvaluationCaseRow.wording_id == row.id)
    finds = row.kind == PARAPHRASE or bool(row.effect and row.effect.get("own_right"))
    for case in session.execute(cases).scalars():  # a word alone need not name one procedure
        case.accepted = state == ACCEPTED and finds
    session.execute(delete(SayingRow).where(SayingRow.taught_id == row.id))
    if state == ACCEPTED:
        session.add(listed_as(row))
    bump(session)
    session.flush()
    return get(session, row.id)


def get(session: Session, number: int) -> Wording:
    """Raises WordingNotFound."""
    row = _row(session, number)
    return _wording(row, _names(session, [row.code]))


def page(
    session: Session, *, state: str = PROPOSED, page: int = 1, per_page: int = 20
) -> WordingPage:
    """Wordings of a state, the latest first."""
    matching = select(TaughtWordingRow).where(TaughtWordingRow.state == state)
    total = session.execute(select(func.count()).select_from(matching.subquery())).scalar_one()
    rows = session.execute(
        matching.order_by(TaughtWordingRow.id.desc()).offset((page - 1) * per_page).limit(per_page)
    ).scalars().all()  # fmt: skip
    names = _names(session, [row.code for row in rows])
    return WordingPage(tuple(_wording(row, names) for row in rows), total)


def accepted(session: Session) -> list[Taught]:
    """Paraphrases that the searchers know beside the files, in the order of their numbers."""
    rows = session.execute(
        select(TaughtWordingRow.code, TaughtWordingRow.text)
        .where(TaughtWordingRow.state == ACCEPTED, TaughtWordingRow.kind == PARAPHRASE)
        .order_by(TaughtWordingRow.id)
    )
    return [(row.code, row.text) for row in rows]


def accepted_words(session: Session) -> list[TaughtWord]:
    """Citizen words beside the files."""
    rows = session.execute(
        select(TaughtWordingRow.text, TaughtWordingRow.terms)
        .where(TaughtWordingRow.state == ACCEPTED, TaughtWordingRow.kind == WORD)
        .order_by(TaughtWordingRow.id)
    )
    return [(row.text, tuple(row.terms)) for row in rows]


def retired(session: Session) -> list[Retired]:
    """Sayings of the files that officials retired."""
    rows = session.execute(
        select(SayingRow.kind, SayingRow.text, SayingRow.target)
        .where(SayingRow.retired_by != "")
        .order_by(SayingRow.id)
    )
    return [(row.kind, row.text, row.target) for row in rows]


def listed_as(row: TaughtWordingRow) -> SayingRow:
    """The row of an accepted wording in the list of all sayings (``sayings``)."""
    target = TERM_MARK.join(row.terms) if row.kind == WORD else row.code
    return SayingRow(
        kind=row.kind, text=row.text, target=target, folded=folded(row.text, target),
        taught_id=row.id,
    )  # fmt: skip


def version(session: Session) -> int:
    """A number that rises when searchers must look at the wordings or the classifier in use again."""
    row = session.get(StateRow, WORDINGS_VERSION)
    return row.value if row else 0


def bump(session: Session) -> None:
    row = session.get(StateRow, WORDINGS_VERSION)
    if row is None:
        session.add(StateRow(name=WORDINGS_VERSION, value=1))
    else:
        row.value = StateRow.value + 1


def _row(session: Session, number: int, *, lock: bool = False) -> TaughtWordingRow:
    row = session.get(TaughtWordingRow, number, with_for_update=lock or None)
    if row is None:
        raise WordingNotFound(number)
    return row


def _names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    rows = session.execute(
        select(ProcedureRow.code, ProcedureRow.name).where(
            ProcedureRow.code.in_(codes), ProcedureRow.state == "published"
        )
    )
    return {row.code: row.name for row in rows}


def _wording(row: TaughtWordingRow, names: dict[str, str]) -> Wording:
    given = Wording.__dataclass_fields__.keys() - {"name", "terms"}
    plain = {name: getattr(row, name) for name in given}
    return Wording(**plain, name=names.get(row.code, ""), terms=tuple(row.terms))
