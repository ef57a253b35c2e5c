"""Pieces of SVG that the charts share."""

from __future__ import annotations

from xml.sax.saxutils import escape


def attribute(text: str) -> str:
    """The text as it may stand in a double-quoted attribute."""
    return escape(text, {'"': "&quot;"})


def text_at(
    x: float, y: float, text: str, *, size: int = 0, bold: bool = False, fill: str = "",
    anchor: str = "",
) -> str:  # fmt: skip
    """A text element; what is not given is inherited."""
    extra = "".join(
        [
            f' font-size="{size}"' if size else "",
            ' font-weight="bold"' if bold else "",
            f' fill="{fill}"' if fill else "",
            f' text-anchor="{anchor}"' if anchor else "",
        ]
    )
    return f'<text x="{x:.1f}" y="{y:.1f}"{extra}>{escape(text)}</text>'
