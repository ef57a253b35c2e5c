"""Where in a reply's text the headings are: "Phí, lệ phí: 7.000 đồng" begins with one.

Officials may change the words, so they are not known here: the card names each aspect's title.
"""

from __future__ import annotations

from bot.conversation import Reply


def titles(reply: Reply) -> list[str]:
    """The titles of the aspects answered, as their sections begin; none in replies without aspects."""
    entries = [entry for entry in reply.card.values() if isinstance(entry, dict)]
    return [entry["title"] for entry in entries if isinstance(entry.get("title"), str)]


def split(block: str, known: list[str]) -> tuple[str, str]:
    """(heading, what follows it) of a paragraph; the heading is empty where there is none.

    A heading is a known title, or a first line that ends with ":" and has something below it.
    """
    for title in known:
        if block.startswith(f"{title}:"):
            return title, block[len(title) + 1 :].strip("\n").removeprefix(" ")
    first, _, rest = block.partition("\n")
    return (first[:-1], rest) if first.endswith(":") and rest else ("", block)
