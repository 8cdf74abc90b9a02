"""How cells look: a few tones that stay legible in black-and-white print, and widths that fit Chinese."""

from __future__ import annotations

import re
import unicodedata
from copy import copy
from typing import Any, Final, NamedTuple

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

FONT: Final = "微软雅黑"
DATE_TIME: Final = "yyyy-mm-dd hh:mm"
SHORT_TIME: Final = "mm-dd hh:mm"
"""For lists: a campaign lasts weeks, and the page is narrow. The cell holds the whole date."""
NARROWEST: Final = 6.0
WIDEST: Final = 48.0
LINE: Final = 16.5
"""Height of one line of text, points."""


class Tone(NamedTuple):
    """Fill and ink, RRGGBB; an empty fill is none."""

    fill: str
    ink: str
    bold: bool = False


TONES: Final[dict[str, Tone]] = {
    "": Tone("", "262626"),
    "good": Tone("E2F0D9", "1E5B2A"),
    "bad": Tone("F8CBAD", "8A2500", True),
    "missing": Tone("FBE0E0", "B00020", True),
    "unsure": Tone("FFF2CC", "7A5A00"),
    "waived": Tone("DDEBF7", "1F4E79"),
    "quiet": Tone("F2F2F2", "6B6B6B"),
    "alarm": Tone("C00000", "FFFFFF", True),
    "head": Tone("1F4E79", "FFFFFF", True),
    "hers-head": Tone("7F6000", "FFFFFF", True),
    "hers": Tone("FFFDF2", "262626"),
    "sum": Tone("DDEBF7", "1F3864", True),
    "section": Tone("", "1F4E79", True),
    "title": Tone("", "1F3864", True),
    "plain-red": Tone("", "B00020", True),
    "plain-quiet": Tone("", "6B6B6B"),
}


class Styles:
    """Styles of one workbook, each made once: making them per cell would take most of the time."""

    def __init__(self, workbook: Any) -> None:
        self._scratch = workbook.create_sheet("样式草稿")
        self._workbook = workbook
        self._made: dict[tuple[str, str, str, bool, bool, float, bool], Any] = {}

    def close(self) -> None:
        """Remove the scratch sheet; the styles stay in the workbook."""
        self._workbook.remove(self._scratch)

    def apply(
        self,
        cell: Any,
        tone: str = "",
        *,
        align: str = "left",
        form: str = "General",
        wrap: bool = True,
        border: bool = True,
        size: float = 10,
        linked: bool = False,
    ) -> None:
        """Dress a cell. `form` is the number format, `size` in points, `linked` underlines as links are.

        Cells dressed alike share one style: who changes a property of one cell gives it a copy first.
        """
        key = (tone, align, form, wrap, border, size, linked)
        if key not in self._made:
            self._made[key] = self._make(*key)
        cell._style = self._made[key]

    def _make(self, tone: str, align: str, form: str, wrap: bool, border: bool, size: float, linked: bool) -> Any:
        fill, ink, bold = TONES[tone]
        cell = self._scratch.cell(1, 1)
        ink, underline = ("0563C1" if linked and not tone else ink), "single" if linked else None
        cell.font = Font(name=FONT, size=size, bold=bold, color=ink, underline=underline)
        cell.fill = PatternFill("solid", fgColor=fill) if fill else PatternFill()
        indent = int(border and align != "center")
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=wrap, indent=indent)
        side = Side("thin", color="BFBFBF")
        cell.border = Border(side, side, side, side) if border else Border()
        cell.number_format = form
        return copy(cell._style)


def width(text: str) -> float:
    """Width of the widest line in Excel's unit, about one digit; a Chinese sign takes two.

    >>> width("单位"), width("a\\n单位")
    (4.0, 4.0)
    """
    if text.isascii() and "\n" not in text:
        return float(len(text))
    return max((_line(line) for line in text.split("\n")), default=0.0)


def room(column_width: float) -> float:
    """What of a line fits into a column of that width, in the same unit."""
    # ten-point signs are a little narrower than the unit; the indent and the edges take a part
    return max(column_width * 1.05 - 1.7, 1.0)


def lines(text: str, column_width: float) -> int:
    """How many lines the text takes when wrapped in a column of that width."""
    fits = room(column_width)
    return sum(max(1, -int(-_line(line[:4000]) // fits)) for line in text.split("\n", 60)[:60])


# All of these take two digits' room (Unicode Standard Annex 11: W, F and A): most of what we write, counted quickly.
_WIDE: Final = re.compile("[\u2014\u2018\u2019\u201c\u201d\u2026\u3001-\u303e\u4e00-\u9fff\uff01-\uff60]+")


def _line(line: str) -> float:
    if line.isascii():
        return float(len(line))
    rest = _WIDE.sub("", line)
    other = len(rest) if rest.isascii() else sum(1 + (unicodedata.east_asian_width(s) in "WFA") for s in rest)
    return float(2 * (len(line) - len(rest)) + other)
