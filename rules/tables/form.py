"""The parts of a table that is a form: headings, rows with labels, cells to fill in; read alike off blank and filled.

Merged cells hold their value in the first cell only, so an empty heading continues the one to its left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from rules.facts import Cell

Rows = Sequence[Sequence[Cell]]
Role = Literal["label", "unit", "number", "other"]

DEEPEST = 3
"""Heading rows a form may have."""
_EXAMPLE = re.compile(
    r"^[（(]?(?:示例|样例|范例|举例|填写示例|例如|例)(?:[一二三1-3]?[:：）)、.]|[一二三1-3]?$)|[（(](?:示例|样例|例)[）)]"
)
_FOOT = re.compile(
    r"^(?:注|备注|填表说明|说明|填报说明|填写说明)\d?[:：]"
    r"|^(?:填表人|填报人|制表人|审核人|单位负责人|负责人|联系人|填报单位|填报日期|填报时间|报送单位|联系电话)"
    r"|^[（(]?(?:单位)?[（(]?(?:盖章|公章|签章)|^(?:\d{4})?年(?:\d{1,2})?月(?:\d{1,2})?日$"
)
_SECTION = re.compile(r"^[（(]?[一二三四五六七八九十]+[）)、.．]")
ASIDE = re.compile(r"(?:序号|编号|行次|项次|序|备注|附注)(?:\(|$)")
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

    @property
    def aside(self) -> bool:
        """True for columns that hold no answer: 序号, 备注, the printed measures."""
        return self.role == "unit" or ASIDE.match(fold(self.heading)) is not None


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
    printed: Cell = None
    """What the blank form holds there: None, or a 0 or a sum to be overwritten."""
    unit: str = ""
    """What is counted there: by the row, else by the heading, else by the label."""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What a blank form asks for."""

    heading: int
    """Index of the first heading row."""
    depth: int
    """Heading rows, 1 to `DEEPEST`."""
    columns: tuple[Column, ...]
    above: Rows = ()
    """What stands above the headings: title, 填报单位."""
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
    if cell is None:
        return ""
    return _folded(cell if isinstance(cell, str) else str(cell))


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    if text.isascii():
        return "".join(text.split()).rstrip(":")
    return "".join(unicodedata.normalize("NFKC", text).split()).rstrip(":")


def headings_at(rows: Rows, heading: int, depth: int) -> tuple[Column, ...]:
    """The headings that stand in a row (and, when divided, in the next ones)."""
    found: list[Column] = []
    levels = [rows[heading + level] if heading + level < len(rows) else () for level in range(depth)]
    current = [""] * depth
    for index in range(max(map(len, levels), default=0)):
        texts = [said(at(level, index)) for level in levels]
        depths = [level for level, text in enumerate(texts) if text]
        # a merged heading is empty in its further cells, or repeated by programs that undo merging
        goes_on = found and (not depths or (depths == [0] and fold(texts[0]) == fold(found[-1].heading)))
        if goes_on:
            found[-1] = msgspec.structs.replace(found[-1], span=(*found[-1].span, index))
        elif depths:
            current = [*current[: depths[0]], *texts[depths[0] :]]
            path = [text for n, text in enumerate(current) if text and (not n or fold(text) != fold(current[n - 1]))]
            found.append(Column(index=index, heading="·".join(path), parent="·".join(path[:-1]), span=(index,)))
    return tuple(found)


def is_example(row: Sequence[Cell]) -> bool:
    """True for a row that shows how to fill in: 示例, 例：…"""
    texts = [said(cell) for cell in row if isinstance(cell, str) and said(cell)]
    return any(_EXAMPLE.search(text) for text in texts[:2])


def is_heading_again(row: Sequence[Cell], names: Mapping[int, frozenset[str]]) -> bool:
    """True for the headings repeated on a new page; `names` are those of each column."""
    spoken = [(fold(at(row, index)), known) for index, known in names.items()]
    return len(spoken) > 1 and all(text and text in known for text, known in spoken)


def heading_names(*pairs: tuple[Column, Column]) -> dict[int, frozenset[str]]:
    """By index in the sheet, the words with which a column is headed: there, and in the form."""
    return {
        there.index: frozenset(fold(part) for one in (there, mine) for part in one.heading.split("·"))
        for there, mine in pairs
    }


def said(cell: Cell) -> str:
    """A label as it is shown: on one line, "" for an empty cell."""
    return " ".join(str(cell).split()) if cell is not None else ""


def at(row: Sequence[Cell], column: int) -> Cell:
    """A cell, None beyond the end of the row."""
    return row[column] if 0 <= column < len(row) else None


def body(rows: Rows, start: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The rows from `start` to the foot (注：…, 填表人：…), with their indices."""
    for index in range(start, len(rows)):
        texts = [fold(cell) for cell in rows[index] if fold(cell)]
        first = texts[0] if texts else ""
        # 备注 alone begins the notes; among other words it is a heading
        if _FOOT.match(first) or (first in ("注", "备注", "说明") and len(texts) <= 2):
            return
        if not is_example(rows[index]):
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
