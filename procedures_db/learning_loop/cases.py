"""Real questions with their right answers: what every later change is measured on (hồi quy)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procedures_db.models import EvaluationCaseRow, QuestionRow

ANSWER, CLARIFY, OUT_OF_SCOPE = "answer", "clarify", "out_of_scope"
_MOST_CASES, _MOST_USEFUL = 300, 200


@dataclass(frozen=True)
class KeptCase:
    """A question and what is right; ``codes``: any of them, for behaviour "answer"."""

    id: str
    question: str
    behaviour: str
    codes: tuple[str, ...]
    aspects: tuple[str, ...] = ()


def add_out_of_scope(session: Session, question: str, *, by: str) -> int:
    """Keep a question that is about no procedure: it must not be answered with one."""
    row = EvaluationCaseRow(
        question=question, behaviour=OUT_OF_SCOPE, codes=[], accepted=True, added_by=by
    )
    session.add(row)
    session.flush()
    return row.id


def accepted(session: Session, *, limit: int | None = None) -> list[KeptCase]:
    """Accepted cases, the newest first."""
    table = EvaluationCaseRow
    rows = session.execute(
        select(table).where(table.accepted).order_by(table.id.desc()).limit(limit)
    ).scalars()
    return [
        KeptCase(
            f"accepted-{row.id}", row.question, row.behaviour, tuple(row.codes), tuple(row.aspects)
        )
        for row in rows
    ]


def count(session: Session) -> int:
    """How many cases are accepted."""
    table = EvaluationCaseRow
    return session.execute(select(func.count(table.id)).where(table.accepted)).scalar_one()


def sample(session: Session) -> list[KeptCase]:
    """What an effect is measured on: the accepted cases, and answers that citizens called useful."""
    kept = accepted(session, limit=_MOST_CASES)
    known = {case.question for case in kept}
    return kept + [case for case in _useful(session) if case.question not in known]


def _useful(session: Session) -> list[KeptCase]:
    liked = (QuestionRow.feedback == "useful", QuestionRow.outcome == "answer",
             QuestionRow.topic_id > 0, QuestionRow.code != "")  # fmt: skip
    rows = session.execute(
        select(QuestionRow.text, QuestionRow.code, func.max(QuestionRow.id).label("last"))
        .where(*liked)
        .group_by(QuestionRow.text, QuestionRow.code)
        .order_by(func.max(QuestionRow.id).desc())
        .limit(_MOST_USEFUL)
    )
    return [KeptCase(f"useful-{row.last}", row.text, ANSWER, (row.code,)) for row in rows]


def as_jsonl(session: Session) -> Iterator[str]:
    """The accepted cases as lines of the evaluation contract, for ``motcua eval``."""
    for case in reversed(accepted(session)):
        content = {
            "id": case.id,
            "turns": [case.question],
            "behaviour": case.behaviour,
            "codes": list(case.codes),
            "aspects": list(case.aspects),
        }
        yield json.dumps(content, ensure_ascii=False) + "\n"
