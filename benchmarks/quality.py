"""How often the right procedure comes first: ours and peers, the same questions, the same data."""

from __future__ import annotations

from functools import partial

from benchmarks import workbench
from benchmarks.noise import CHANGES, strip_accents
from benchmarks.peers import FOUND, PEERS, Search
from benchmarks.result import Figure, Result, Table
from bot.evaluation import Case
from procedures_db.connection import connect, transaction
from procedures_db.search.catalogue import load_entries

OURS = "motcua"
_SETS = ("everyday", "longtail")


def run() -> Result:
    """Raises Skipped where there is no database with all procedures."""
    cases = {name: workbench.answerable(name) for name in _SETS}
    everything = [case for name in _SETS for case in cases[name]]
    scores = {name: _score(search, cases) for name, search in _engines().items()}
    ours = scores[OURS]
    stripped = _first_right(_ours, everything, strip_accents)
    kept = {name: _share_kept(change, cases["everyday"]) for name, change in CHANGES.items()}
    overall = sum(kept.values()) / len(kept)
    return Result(
        figures=(
            Figure("questions", len(everything)),
            Figure("right first", ours["top_1"], "%"),
            Figure("right among five", ours["top_5"], "%"),
            Figure("right first, accents stripped", stripped, "%"),
            Figure("lost by stripping accents", ours["top_1"] - stripped, "points"),
            Figure(f"same first candidate under {len(kept)} changes", overall, "%", 98, True),
        ),
        tables=(_side_by_side(scores), _by_change(kept)),
        data={"engines": scores, "noise": kept},
    )


def _engines() -> dict[str, Search]:
    with transaction(connect(workbench.full_database())) as session:
        entries = load_entries(session)
    return {OURS: _ours, **{name: make(entries) for name, make in PEERS.items()}}


def _ours(text: str) -> list[str]:
    return [found.code for found in workbench.candidates(workbench.finder(), text)[:FOUND]]


def _score(search: Search, cases: dict[str, list[Case]]) -> dict[str, float]:
    """Percentages right first and among five, by set and together, and the median time."""
    figures: dict[str, float] = {}
    hits: list[tuple[bool, bool]] = []
    times: list[float] = []
    for name, asked in cases.items():
        found, spent = workbench.timed(search, [case.turns[0] for case in asked])
        pairs = zip(found, asked, strict=True)
        right = [(_right(codes[:1], case), _right(codes, case)) for codes, case in pairs]
        figures[f"{name} top_1"] = _percent([first for first, _ in right])
        hits, times = hits + right, times + spent
    return figures | {
        "top_1": _percent([first for first, _ in hits]),
        "top_5": _percent([among for _, among in hits]),
        "p50": workbench.percentile(times, 50),
    }


def _right(codes: list[str], case: Case) -> bool:
    return any(code in case.codes for code in codes)


def _percent(outcomes: list[bool]) -> float:
    return 100 * sum(outcomes) / max(1, len(outcomes))


def _first_right(search: Search, cases: list[Case], change) -> float:  # type: ignore[no-untyped-def]
    return _percent([_right(search(change(case.turns[0]))[:1], case) for case in cases])


def _share_kept(change, cases: list[Case]) -> float:  # type: ignore[no-untyped-def]
    """Percentage of questions whose first candidate, right or wrong, a change leaves in place."""
    texts = [case.turns[0] for case in cases]
    first = partial(map, lambda text: _ours(text)[:1])
    return _percent([a == b for a, b in zip(first(texts), first(map(change, texts)), strict=True)])


def _side_by_side(scores: dict[str, dict[str, float]]) -> Table:
    names = ("everyday top_1", "longtail top_1", "top_1", "top_5")
    return Table(
        "The right procedure first, and among five, of the same questions",
        ("engine", "everyday, first", "long tail, first", "all, first", "all, five", "p50 ms"),
        tuple(
            (engine, *(f"{found[name]:.1f} %" for name in names), f"{found['p50']:.2f}")
            for engine, found in scores.items()
        ),
    )


def _by_change(kept: dict[str, float]) -> Table:
    return Table(
        "Everyday questions whose first candidate stays the same",
        ("change", "same"),
        tuple((name, f"{share:.1f} %") for name, share in kept.items()),
    )
