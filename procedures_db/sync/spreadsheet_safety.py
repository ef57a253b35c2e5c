"""Keep text text when a spreadsheet program opens what we export."""

from __future__ import annotations

import re

# OWASP "CSV Injection": a cell that begins so may be run as a formula; Excel takes the full-width
# forms too, and programs skip blanks before they look.
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")


def safe_cell(text: str) -> str:
    """Return the text with an apostrophe before it if a spreadsheet might run it as a formula.

    CSV quoting is the writer's part (``csv``); quotes do not stop formulas. ``plain_cell`` undoes it.
    """
    return f"'{text}" if _FORMULA.match(text.lstrip("'")) else text


def plain_cell(text: str) -> str:
    """Take away the apostrophe that ``safe_cell`` put there, and no other."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text.lstrip("'")) else text
