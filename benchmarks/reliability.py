"""Whether the first candidate's score is a probability: of those scored 0.7, are 70 % right?

Expected calibration error: Naeini, Cooper & Hauskrecht, "Obtaining Well Calibrated Probabilities
Using Bayesian Binning" (2015), ten bins of equal width.
"""

from __future__ import annotations

import numpy as np

from benchmarks import workbench
from benchmarks.result import Figure, Result, Table

BINS = 10


def run() -> Result:
    """Raises Skipped where there is no database with all procedures."""
    scored = []
    for case in workbench.answerable("everyday", "longtail"):
        found = workbench.candidates(workbench.finder(), case.turns[0])
        if found:
            scored.append((found[0].score, found[0].code in case.codes))
    bins = binned(scored)
    gaps = [(row["count"], abs(row["score"] - row["right"])) for row in bins]
    return Result(
        figures=(
            Figure("questions", len(scored)),
            Figure("mean score of the first candidate", float(np.mean([s for s, _ in scored]))),
            Figure("share right", float(np.mean([right for _, right in scored]))),
            Figure("expected calibration error", sum(n * gap for n, gap in gaps) / len(scored)),
        ),
        tables=(_table(bins),),
        data={"bins": bins},
    )


def binned(scored: list[tuple[float, bool]]) -> list[dict[str, float]]:
    """Mean score, share right and count of every bin that is not empty."""
    members: dict[int, list[tuple[float, bool]]] = {}
    for score, right in scored:
        members.setdefault(min(int(score * BINS), BINS - 1), []).append((score, right))
    return [
        {
            "from": number / BINS,
            "score": float(np.mean([score for score, _ in members[number]])),
            "right": float(np.mean([right for _, right in members[number]])),
            "count": len(members[number]),
        }
        for number in sorted(members)
    ]


def _table(bins: list[dict[str, float]]) -> Table:
    return Table(
        "By the first candidate's score",
        ("score from", "mean score", "share right", "questions"),
        tuple(
            (f"{b['from']:.1f}", f"{b['score']:.2f}", f"{b['right']:.2f}", f"{b['count']:.0f}")
            for b in bins
        ),
    )
