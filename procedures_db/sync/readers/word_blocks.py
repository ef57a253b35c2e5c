"""Open a Word document (.docx, or .doc that is one inside) as paragraphs and tables, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from procedures_db.sync import encodings
from procedures_db.sync.file_errors import BrokenFile
from procedures_db.sync.file_limits import Limits
from procedures_db.sync.packed import check_office_parts, open_zip


@dataclass(frozen=True)
class Paragraph:
    """``plain``: its first letters are explicitly not bold; labels of the form never are that."""

    text: str
    plain: bool = False


@dataclass(frozen=True)
class Rows:
    """A table: texts of its cells, row by row."""

    cells: list[list[str]]


Block = Paragraph | Rows


def read_blocks(path: Path, limits: Limits) -> tuple[list[Block], str]:
    """Return the blocks of the body, and the old encoding they were in ("" for Unicode).

    Raises BrokenFile, Encrypted, TooLarge.
    """
    content = path.read_bytes()
    with open_zip(BytesIO(content), limits) as archive:
        check_office_parts(archive, limits)
    try:
        blocks = list(_blocks(docx.Document(BytesIO(content))))
    except Exception as error:  # python-docx and lxml let through whatever their parsing meets
        raise BrokenFile("tệp Word bị hỏng, không mở được") from error
    encoding = encodings.legacy_encoding([_text(block) for block in blocks])
    return ([_converted(b, encoding) for b in blocks], encoding) if encoding else (blocks, "")


def _blocks(document: WordDocument) -> Iterator[Block]:
    for element in document.element.body.iterchildren():
        if element.tag.endswith("}p"):
            paragraph = WordParagraph(element, document)
            runs = [run for run in paragraph.runs if run.text.strip()]
            yield Paragraph(paragraph.text, bool(runs) and runs[0].bold is False)
        elif element.tag.endswith("}tbl"):
            rows = WordTable(element, document).rows
            yield Rows([[cell.text for cell in row.cells] for row in rows])


def _text(block: Block) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return "\n".join(cell for row in block.cells for cell in row)


def _converted(block: Block, encoding: str) -> Block:
    convert = encodings.LEGACY[encoding]
    if isinstance(block, Paragraph):
        return replace(block, text=convert(block.text))
    return Rows([[convert(cell) for cell in row] for row in block.cells])
