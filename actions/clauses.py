"""Long notes that several submission methods share, said once.

A record repeats the same page of conditions under every method (1.010038, 1.001612): each clause is said
once, with the methods that it holds for. Clauses are never changed, only moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ENDS = re.compile(r"\n+|(?<=[.;:])\s+-\s+|(?<=[.;])\s+(?=[A-ZĐÀ-Ỵ+*•-])")
_BULLET = re.compile(r"^[\s\-+*•]+")
_SHORT = 25  # a piece so short ("TP.") is no clause: it stays with the next
_LEANS = ("trường hợp", "trừ", "riêng", "nếu", "ngoài ra", "trong đó", "tuy nhiên")
WHOLE = 700  # characters up to which nothing is left out

Clause = tuple[str, tuple[str, ...]]  # text, methods


def split(text: str) -> list[str]:
    """The sentences and list items of a text, on one line each, without bullets."""
    pieces: list[str] = []
    carried = ""
    for part in _ENDS.split(text):
        piece = " ".join(f"{carried} {_BULLET.sub('', part)}".split())
        carried = piece if len(piece) < _SHORT else ""
        if piece and not carried:
            pieces.append(piece)
    if carried:
        pieces[-1:] = [f"{pieces[-1]} {carried}" if pieces else carried]
    return pieces


def grouped(texts: Iterable[tuple[str, str]]) -> list[Clause]:
    """Clauses of (method, text) pairs in first-seen order, each with all methods that have it."""
    seen: dict[str, tuple[str, list[str]]] = {}
    for method, text in texts:
        for clause in split(text):
            methods = seen.setdefault(key(clause), (clause, []))[1]
            if method not in methods:
                methods.append(method)
    return [(clause, tuple(methods)) for clause, methods in seen.values()]


def by_methods(clauses: Iterable[Clause]) -> list[tuple[tuple[str, ...], str]]:
    """Join the clauses that hold for the same methods: [(methods, text)]."""
    joined: dict[tuple[str, ...], list[str]] = {}
    for clause, methods in clauses:
        joined.setdefault(methods, []).append(clause)
    return [(methods, " ".join(parts)) for methods, parts in joined.items()]


def about(clauses: Sequence[Clause], words: tuple[str, ...]) -> list[Clause]:
    """The clauses that speak of the matter, with those that lean on them; all of them when they are short."""
    if sum(len(clause) for clause, _ in clauses) <= WHOLE:
        return list(clauses)
    kept: list[Clause] = []
    relevant = False
    for clause in clauses:
        said = clause[0].lower()
        relevant = any(word in said for word in words) or (relevant and said.startswith(_LEANS))
        if relevant:
            kept.append(clause)
    return kept


def key(clause: str) -> str:
    """Equal for clauses that differ only in their end or letter case."""
    return clause.lower().rstrip(" .;:,")
