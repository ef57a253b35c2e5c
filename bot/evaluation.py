"""``motcua eval``: score dialogues against a running installation (docs/architecture.md, "Evaluation cases")."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy.engine import Engine

from bot.invented_numbers import estimated_dates, invented_numbers
from bot.reviewed_texts import ReviewedTexts
from procedures_db import procedures
from procedures_db.connection import connect, transaction
from procedures_db.learning_loop import cases as kept_cases

_OFFERED = 5  # options of a question back that count as offered
_NO_PROCEDURE = ("refuse", "smalltalk", "handover")


class NotServing(RuntimeError):
    """No installation answers at the address."""


@dataclass(frozen=True)
class Case:
    """A dialogue whose last turn is scored."""

    id: str
    turns: Sequence[str]
    behaviour: str  # answer | clarify | out_of_scope
    codes: frozenset[str]  # any of them is right; empty: not judged
    aspects: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """What the last turn got."""

    behaviour: str
    codes: Sequence[str]  # answered, or offered in the order shown
    aspects: frozenset[str]
    invented: Sequence[str]
    text: str


@dataclass
class Report:
    """Counts per measure as (right, of); figures as the reader wants them."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    invented: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    def count(self, measure: str, right: bool) -> None:
        tally = self.counts.setdefault(measure, [0, 0])
        tally[0] += right
        tally[1] += 1

    def figures(self) -> dict[str, Any]:
        shares = {
            name: {"right": right, "of": of, "share": round(right / of, 4)}
            for name, (right, of) in self.counts.items()
        }
        p50 = statistics.median(self.latencies_ms) if self.latencies_ms else 0.0
        p95 = (
            sorted(self.latencies_ms)[int(len(self.latencies_ms) * 0.95)]
            if self.latencies_ms
            else 0.0
        )
        return {
            **shares,
            "invented_numbers": self.invented,
            "latency_ms": {"p50": round(p50, 1), "p95": round(p95, 1)},
        }

    def as_json(self) -> str:
        return json.dumps(self.figures(), ensure_ascii=False)

    def as_text(self) -> str:
        lines = []
        for name, value in self.figures().items():
            if isinstance(value, dict) and "share" in value:
                lines.append(f"{name:22} {value['share']:7.1%}  ({value['right']}/{value['of']})")
            else:
                lines.append(f"{name:22} {value}")
        return "\n".join(lines)


class Aliases:
    """Codes that mean the same need: renumbered ones and their predecessors."""

    def __init__(self, groups: Iterable[frozenset[str]]) -> None:
        self._groups = list(groups)

    @classmethod
    def load(cls, path: Path | None) -> Aliases:
        if path is None:
            return cls([])
        content = json.loads(path.read_text(encoding="utf-8"))
        entries = ((new, entry) for new, entry in content.items() if isinstance(entry, dict))
        return cls(frozenset([new, *entry["old"]]) for new, entry in entries)

    def accept(self, code: str, accepted: frozenset[str]) -> bool:
        if code in accepted:
            return True
        return any(code in group and group & accepted for group in self._groups)


def run(
    files: Sequence[Path], *, url: str, database_url: str, aliases: Path | None = None,
    accepted: bool = False,
) -> Report:  # fmt: skip
    """Send every dialogue through the chat API and score it. Raises NotServing, OSError.

    accepted: also the cases that officials accepted in the learning loop.
    """
    engine = connect(database_url)
    known = Aliases.load(aliases or _beside(files))
    report = Report()
    with httpx.Client(base_url=url, timeout=60) as client:
        for case in [*read_cases(files), *(accepted_cases(engine) if accepted else ())]:
            score(case, play(case, client, engine, report), known, report)
    return report


def _beside(files: Sequence[Path]) -> Path | None:
    """``code_aliases.json`` next to a case file is used without being asked for."""
    candidates = (file.parent / "code_aliases.json" for file in files)
    return next((path for path in candidates if path.exists()), None)


def read_cases(files: Sequence[Path]) -> list[Case]:
    """Raises KeyError or json.JSONDecodeError for a malformed case."""
    return _cases(line for f in files for line in f.read_text(encoding="utf-8").splitlines())


def accepted_cases(engine: Engine) -> list[Case]:
    """The real questions that officials accepted as cases, the oldest first."""
    with transaction(engine) as session:
        return _cases(kept_cases.as_jsonl(session))


def _cases(lines: Iterable[str]) -> list[Case]:
    cases = []
    for raw in (json.loads(line) for line in lines if line.strip()):
        cases.append(
            Case(
                id=raw["id"],
                turns=raw["turns"],
                behaviour=raw["behaviour"].replace("refuse", "out_of_scope"),
                codes=frozenset(raw.get("codes") or ()),
                aspects=frozenset(raw.get("aspects") or ()),
            )
        )
    return cases


def play(case: Case, client: httpx.Client, engine: Engine, report: Report) -> Outcome:
    """Send the turns in order in one conversation; return what the last one got."""
    conversation_id = None
    replies: list[dict[str, Any]] = []
    for text in case.turns:
        started = time.perf_counter()
        try:
            response = client.post(
                "/api/chat", json={"conversation_id": conversation_id, "text": text}
            )
        except httpx.ConnectError as error:
            raise NotServing(str(error)) from error
        report.latencies_ms.append((time.perf_counter() - started) * 1000)
        response.raise_for_status()
        content = response.json()
        conversation_id, replies = content["conversation_id"], content["replies"]
    return _outcome(replies, engine)


def _outcome(replies: Sequence[dict[str, Any]], engine: Engine) -> Outcome:
    answers = [reply for reply in replies if reply["outcome"] == "answer"]
    asking = [reply for reply in replies if reply["outcome"] == "clarify"]
    chosen = answers or asking[:1] or list(replies[:1])
    behaviour = chosen[0]["outcome"]
    invented = [number for reply in answers for number in _invented(reply, engine)]
    return Outcome(
        behaviour="out_of_scope" if behaviour in _NO_PROCEDURE else behaviour,
        codes=[procedure["code"] for reply in chosen for procedure in reply["procedures"]],
        aspects=frozenset(aspect for reply in chosen for aspect in reply["aspects"]),
        invented=invented,
        text=chosen[0]["text"],
    )


def _invented(reply: dict[str, Any], engine: Engine) -> list[str]:
    with transaction(engine) as session:
        records = [procedures.get(session, p["code"]) for p in reply["procedures"]]
    card = reply.get("card") or {}
    return invented_numbers(
        reply["text"],
        records,
        estimates=estimated_dates(card),
        reviewed=_reviewed_texts(engine).of(card),
    )


@lru_cache(maxsize=4)
def _reviewed_texts(engine: Engine) -> ReviewedTexts:
    return ReviewedTexts(engine)


def score(case: Case, outcome: Outcome, aliases: Aliases, report: Report) -> None:
    """Add one case to the report, by the rules of the evaluation contract."""
    answered = outcome.behaviour == "answer"
    right_code = not case.codes or bool(
        outcome.codes and aliases.accept(outcome.codes[0], case.codes)
    )
    right = outcome.behaviour == case.behaviour and (right_code or case.behaviour != "answer")
    report.count("behaviour", right)
    if len(case.turns) > 1:
        report.count("multi_turn", right)
    if case.behaviour == "answer":
        report.count("over_asking", outcome.behaviour == "clarify")
        if case.codes:
            _score_procedure(case, outcome, aliases, report, right_code)
    if case.behaviour == "clarify":
        report.count("ask_back", outcome.behaviour == "clarify")
    if case.behaviour == "out_of_scope":
        report.count("out_of_scope", outcome.behaviour == "out_of_scope")
        report.count("no_procedure", not outcome.codes)
    if case.aspects and answered and right_code and case.behaviour == "answer":
        report.count("aspects", case.aspects <= outcome.aspects)
    report.invented += len(outcome.invented)
    if not right or outcome.invented:
        report.misses.append(_miss(case, outcome))


def _score_procedure(
    case: Case, outcome: Outcome, aliases: Aliases, report: Report, right_code: bool
) -> None:
    answered = outcome.behaviour == "answer"
    offered = any(aliases.accept(code, case.codes) for code in outcome.codes[:_OFFERED])
    report.count("top_1", answered and right_code)
    report.count(
        "offered", (answered and right_code) or (outcome.behaviour == "clarify" and offered)
    )
    report.count("wrong", answered and not right_code)


def _miss(case: Case, outcome: Outcome) -> str:
    wanted = f"{case.behaviour} {','.join(sorted(case.codes))} {','.join(sorted(case.aspects))}"
    got = f"{outcome.behaviour} {','.join(outcome.codes[:_OFFERED])} {','.join(sorted(outcome.aspects))}"
    invented = f" | invented: {', '.join(outcome.invented)}" if outcome.invented else ""
    return f"{case.id} | {' → '.join(case.turns)} | wanted: {wanted} | got: {got}{invented}"
