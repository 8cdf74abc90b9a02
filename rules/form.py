"""The parts of a table that is a form: headings, rows with labels, cells to fill in; read alike off blank and filled.

Merged cells hold their value in the first cell only, so an empty heading continues the one to its left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from rules.facts import Cell

Rows = Sequence[Sequence[Cell]]
Role = Literal["label", "unit", "number", "other"]

_FOOT = re.compile(r"^(注|备注|填表说明|说明|填报说明)[:：]|^(填表人|填报人|制表人|审核人|单位负责人|负责人|联系人)")
_SECTION = re.compile(r"^[（(]?[一二三四五六七八九十]+[）)、.．]")
TOTAL = re.compile(r"^(合计|总计|小计|共计|总数)")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column with a heading of its own."""

    index: int
    heading: str
    """As people read it; a divided heading as 参加人数·男."""
    parent: str = ""
    role: Role = "other"
    span: tuple[int, ...]
    """Its own index and those of the columns that its heading continues over."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row with a label."""

    index: int
    label: str
    """The row's own label."""
    group: str = ""
    """The label of the group it stands in."""
    unit: str = ""

    @property
    def total(self) -> bool:
        """True for 合计 and the like."""
        return TOTAL.match(fold(self.label)) is not None


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A number cell to be filled in. Rows and columns are positions in the layout, not indices in the sheet."""

    row: int
    column: int
    parts: tuple[int, ...] = ()
    """For a sum: the positions of the slots it adds up."""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What a blank form asks for."""

    heading: int
    """Index of the first heading row."""
    depth: int
    """Heading rows, 1 or 2."""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    """Empty for a list."""
    slots: tuple[Slot, ...]

    def name(self, row: int) -> str:
        """The row's label, with its group before it where the label alone stands twice."""
        one = self.rows[row]
        twice = sum(fold(other.label) == fold(one.label) for other in self.rows) > 1
        return f"{one.group}·{one.label}" if twice and one.group else one.label


def fold(cell: Cell) -> str:
    """A label as it is compared: NFKC, no white space, no trailing colon.

    >>> fold("发放宣传资料 （份）：") == fold("发放宣传资料(份)")
    True
    """
    text = "" if cell is None else str(cell)
    return "".join(unicodedata.normalize("NFKC", text).split()).rstrip(":")


def headings_at(rows: Rows, heading: int, depth: int) -> tuple[Column, ...]:
    """The headings that stand in a row (and, when divided, in the next one)."""
    found: list[Column] = []
    parent = ""
    lower: Sequence[Cell] = rows[heading + 1] if depth == 2 and heading + 1 < len(rows) else ()
    for index in range(max(len(rows[heading]), len(lower))):
        upper, sub = said(at(rows[heading], index)), said(at(lower, index))
        previous = found[-1] if found else None
        # a merged heading is empty in its further cells, or repeated by programs that undo merging
        goes_on = previous is not None and not sub and (not upper or fold(upper) == fold(previous.heading))
        parent = upper or parent
        if goes_on and previous is not None:
            found[-1] = msgspec.structs.replace(previous, span=(*previous.span, index))
        elif upper or (sub and parent):
            heading_text = f"{parent}·{sub}" if sub else upper
            found.append(Column(index=index, heading=heading_text, parent=parent if sub else "", span=(index,)))
    return tuple(found)


def said(cell: Cell) -> str:
    """A label as it is shown: on one line, "" for an empty cell."""
    return " ".join(str(cell).split()) if cell is not None else ""


def at(row: Sequence[Cell], column: int) -> Cell:
    """A cell, None beyond the end of the row."""
    return row[column] if 0 <= column < len(row) else None


def body(rows: Rows, start: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The rows from `start` to the foot (注：…, 填表人：…), with their indices."""
    for index in range(start, len(rows)):
        first = next((fold(cell) for cell in rows[index] if fold(cell)), "")
        if _FOOT.match(first) or _FOOT.match(f"{first}:" if first in ("注", "备注", "说明") else ""):
            return
        yield index, rows[index]


def label_rows(
    below: Sequence[tuple[int, Sequence[Cell]]], labels: Sequence[int], units: Sequence[int] = ()
) -> Iterator[Row]:
    """Rows with a label: the last text in the label columns names the row, the first one its group."""
    group = ""
    sections = _sections(below, labels)
    for index, row in below:
        texts = [said(at(row, column)) for column in labels]
        filled = [text for text in texts if text]
        if not filled:
            continue
        if index in sections:
            group = filled[0]
            continue
        if len(filled) > 1 and fold(filled[0]) != fold(filled[-1]):
            group = filled[0]
        elif texts[0] and len(labels) > 1:
            group = ""  # merged over the label columns: it stands in no group
        unit = next((said(at(row, column)) for column in units if fold(at(row, column))), "")
        yield Row(index=index, label=filled[-1], group=group, unit=unit)


def _sections(below: Sequence[tuple[int, Sequence[Cell]]], labels: Sequence[int]) -> set[int]:
    """Rows like 一、宣传活动 that only head others; not so when every row is numbered that way."""
    if len(labels) != 1:
        return set()
    named = [(index, fold(at(row, labels[0])), row) for index, row in below if fold(at(row, labels[0]))]
    alone = {i for i, text, row in named if _SECTION.match(text) and sum(bool(fold(cell)) for cell in row) <= 2}
    return alone if len(alone) < len(named) and not (named and named[-1][0] in alone) else set()
