"""Other ways to find a procedure by its name, each as a function from a question to codes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence

from procedures_db.search.catalogue import Entry
from procedures_db.text.folding import fold

FOUND = 5  # how many codes a peer returns
Search = Callable[[str], list[str]]


def bm25(entries: Sequence[Entry]) -> Search:
    """BM25 (the bm25s package) over folded names."""
    import bm25s

    codes = [entry.code for entry in entries]
    index = bm25s.BM25()
    index.index([fold(entry.name).split() for entry in entries], show_progress=False)

    def search(text: str) -> list[str]:
        words = fold(text).split()
        if not words:
            return []
        found, _ = index.retrieve([words], corpus=codes, k=FOUND, show_progress=False)
        return list(found[0])

    return search


def token_set_ratio(entries: Sequence[Entry]) -> Search:
    """rapidfuzz's token_set_ratio over folded names."""
    from rapidfuzz import fuzz, process

    codes = [entry.code for entry in entries]
    names = [fold(entry.name) for entry in entries]

    def search(text: str) -> list[str]:
        found = process.extract(fold(text), names, scorer=fuzz.token_set_ratio, limit=FOUND)
        return [codes[position] for _, _, position in found]

    return search


def fts5(entries: Sequence[Entry]) -> Search:
    """SQLite's full text search as it comes: ``remove_diacritics 2``, any word, ranked by BM25."""
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.execute(
        "CREATE VIRTUAL TABLE names USING fts5"
        "(code UNINDEXED, name, tokenize = 'unicode61 remove_diacritics 2')"
    )
    rows = [(entry.code, entry.name) for entry in entries]
    database.executemany("INSERT INTO names VALUES (?, ?)", rows)

    def search(text: str) -> list[str]:
        query = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        statement = f"SELECT code FROM names WHERE names MATCH ? ORDER BY rank LIMIT {FOUND}"
        return [code for (code,) in database.execute(statement, (query,))] if query else []

    return search


PEERS: dict[str, Callable[[Sequence[Entry]], Search]] = {
    "BM25 over names (bm25s)": bm25,
    "token_set_ratio (rapidfuzz)": token_set_ratio,
    "SQLite FTS5": fts5,
}
