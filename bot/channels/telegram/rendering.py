"""Replies as Telegram messages: HTML, at most 4,096 characters each, buttons with short keys.

https://core.telegram.org/bots/api#html-style, https://core.telegram.org/bots/api#sendmessage
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from bot.conversation import Reply
from bot.headings import split, titles
from procedures_db.telegram.buttons import key_of
from procedures_db.telegram.outgoing import Keyboard, Message

LONGEST = 4096  # Telegram counts what is shown; we count the marks as well and stay below
_TITLE_LONGEST = 60  # a longer button is cut by the screen anyway; the list above has it in full
_ROW = 26  # characters of two titles that still fit beside each other on a phone
_SEPARATORS = ("\n\n", "\n", " ", "")
_CASE = "Trường hợp: "  # of a dossier: a title among lines that are paragraphs themselves
_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;)]")


def messages(reply: Reply, *, reply_to: int | None = None) -> list[Message]:
    """Render a reply; the buttons stand under the last message."""
    headings = _headings(reply)
    texts = [_html(part, headings) for part in _split(reply.text, headings)]
    if not texts:
        return []
    *before, last = texts
    made = [Message(text) for text in before] + [Message(last, keyboard(reply.buttons))]
    return [Message(made[0].text, made[0].keyboard, reply_to), *made[1:]]


def keyboard(buttons: Sequence[dict[str, str]]) -> Keyboard:
    """Rows of buttons: two short ones beside each other, a long one alone."""
    rows: Keyboard = []
    for button in buttons:
        one = {"text": _shortened(button["title"]), "callback_data": key_of(button["payload"])}
        if rows and len(rows[-1]) == 1 and len(rows[-1][0]["text"] + one["text"]) <= _ROW:
            rows[-1].append(one)
        else:
            rows.append([one])
    return rows


def length(text: str) -> int:
    """Length as Telegram counts it: in UTF-16 units, an emoji is two."""
    return len(text.encode("utf-16-le", "replace")) // 2


def plain(text: str) -> str:
    """The words of a rendered message, for when Telegram does not take its HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def _headings(reply: Reply) -> frozenset[str]:
    """What to set in bold: the procedure's name as a line, and what a section's first line begins with."""
    known = titles(reply)
    paragraphs = reply.text.split("\n\n")
    found = {f"{heading}:" for one in paragraphs if (heading := split(one, known)[0])}
    if reply.outcome == "answer":
        found.add(paragraphs[0].split("\n")[0])
    return frozenset(found)


def _html(text: str, headings: frozenset[str]) -> str:
    return "\n".join(_line(line, headings) for line in _apart(text.split("\n"))).strip()


def _apart(lines: list[str]) -> Iterator[str]:
    """The lines, with room above each case."""
    for before, line in zip(["", *lines], lines, strict=False):
        if before and line.startswith(_CASE):
            yield ""
        yield line


def _line(line: str, headings: frozenset[str]) -> str:
    whole = line in headings or line.startswith(_CASE)
    bold = line if whole else line[: line.find(":") + 1]
    if not whole and (not bold or bold not in headings):
        return _linked(line)
    return f"<b>{_linked(bold)}</b>{_linked(line[len(bold) :])}"


def _linked(line: str) -> str:
    marked, end = [], 0
    for match in _ADDRESS.finditer(line):
        address = html.escape(match.group())
        marked += [html.escape(line[end : match.start()], quote=False)]
        marked += [f'<a href="{address}">{_shown(match.group())}</a>']
        end = match.end()
    return "".join(marked) + html.escape(line[end:], quote=False)


def _shown(address: str) -> str:
    """The portal's addresses are longer than a screen: its name is enough, the link holds the rest."""
    return html.escape(address.split("/")[2], quote=False)


def _split(text: str, headings: frozenset[str]) -> Iterator[str]:
    """Cut where it hurts least: at paragraphs, lines, words, and only then within a word.

    Marks are set afterwards and never reach over the end of a line, so none is ever cut.
    """
    yield from (part for part in _parts(text, headings, _SEPARATORS) if part.strip())


def _parts(text: str, headings: frozenset[str], separators: Sequence[str]) -> Iterator[str]:
    if _fits(text, headings):
        yield text
        return
    separator, *finer = separators
    held = ""
    for piece in text.split(separator) if separator else list(text):
        longer = f"{held}{separator}{piece}" if held else piece
        if _fits(longer, headings):
            held = longer
        elif finer and not _fits(piece, headings):
            *whole, held = _parts(longer, headings, finer)  # what is held is filled up first
            yield from whole
        else:
            yield held
            held = piece
    if held:
        yield held


def _fits(text: str, headings: frozenset[str]) -> bool:
    return length(_html(text, headings)) <= LONGEST


def _shortened(title: str) -> str:
    return title if len(title) <= _TITLE_LONGEST else title[: _TITLE_LONGEST - 1].rstrip() + "…"
