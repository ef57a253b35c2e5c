"""Giấy tờ chung: papers that several procedures ask for, so that a citizen prepares them once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from procedures_db.record import ProcedureRecord
from procedures_db.text.folding import fold

_MOST = 6
_ENDS = re.compile(r"[(;,.:]")


def shared_papers(procedures: Iterable[tuple[str, ProcedureRecord]]) -> dict[str, list[str]]:
    """Papers to hand in that several of the procedures (label, record) ask for: name → labels."""
    found: dict[str, tuple[str, list[str]]] = {}
    for label, record in procedures:
        for case in record.dossier:
            for paper in case.documents:
                if paper.is_note or not (paper.originals or paper.copies):
                    continue
                name = " ".join(paper.name.split()).rstrip(" ;.,")
                labels = found.setdefault(_key(name), (name, []))[1]
                if label not in labels:
                    labels.append(label)
    several = [(name, labels) for name, labels in found.values() if len(labels) > 1]
    return dict(sorted(several, key=lambda paper: -len(paper[1]))[:_MOST])


def _key(name: str) -> str:
    """Equal for a paper however the records go on about it: "Tờ khai … (Mẫu CT01 …)"."""
    return fold(_ENDS.split(name)[0])
