"""Filling the office's blank form as units do: rightly, or with the usual mistakes.

Nothing about a certain form is known here. What is to be filled in is read off the blank: empty cells below
the headings, counts where the heading says so, a sum in a row that is called 合计. It is read otherwise than
the program reads it (`rules.tables.table`), so that the two check each other.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from openpyxl import load_workbook

import rules
from intake.demo import samples
from intake.demo.clients import Attached
from intake.demo.materials import XLSX
from rules.unit import Unit

Fault = Literal["", "blank", "header", "short", "text", "total"]
"""blank: nothing is filled in. header: a heading is reworded. short: the last column of numbers is left empty.
text: words stand where a number belongs. total: a sum does not add up."""

BLANK = Path(rules.__file__).with_name("notices") / "annex-3.xlsx"

_Cell = tuple[int, int]
_COUNT = re.compile(r"数|次|量|额|合\s*计|总\s*计|小\s*计|[(（](?:个|人|家|场|份|件|条|万?元|%|％)[)）]")
_TOTAL = re.compile(r"^(?:合\s*计|总\s*计|总\s*数)")
_LABEL = re.compile(r"[:：][\s_＿]*$")
_FOOT = re.compile(r"^(?:注|备注|填表说明|说明|填报说明|填表人|填报人|审核人|单位负责人)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """What there is to fill in, by (row, column)."""

    heading_row: int
    headings: Mapping[int, str]
    """The lowest heading of each column."""
    numbers: tuple[_Cell, ...]
    remarks: tuple[_Cell, ...]
    totals: Mapping[_Cell, tuple[_Cell, ...]]
    """Sums, with the cells they add up: those above in the same group, back to the last sum."""
    answers: Mapping[_Cell, str]
    """Empty cells beside a label such as 填报单位：, with that label."""


def statistics(unit: Unit, seed: int, *, blank: Path = BLANK, fault: Fault = "", name: str = "") -> Attached:
    """The unit's statistics table (活动情况统计表)."""
    form = read_blank(blank.read_bytes())
    values = {} if fault == "blank" else _values(form, unit, random.Random(f"form/{unit.code}/{seed}"))
    if fault == "text":
        values[next(cell for cell in form.numbers if cell not in form.totals)] = "若干"
    elif fault == "total":
        values[next(iter(form.totals))] = 9999
    elif fault == "short":
        values = {cell: value for cell, value in values.items() if cell[1] != form.numbers[-1][1]}
    elif fault == "header":
        column = form.numbers[0][1]
        values[form.heading_row, column] = form.headings[column] + "（估计）"
    return Attached(name or "附件3活动情况统计表.xlsx", samples.filled_form(blank, values), XLSX)


@cache
def read_blank(data: bytes) -> Blank:
    """Find what a blank form asks for. ValueError when it has no row of headings."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    hidden = set(_covered(sheet))
    texts = {
        (cell.row, cell.column): str(cell.value).strip()
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and str(cell.value).strip()
    }
    first = _heading_row(texts)
    last = _last_heading_row(texts, hidden, first, sheet.max_column)
    headings = {
        column: text
        for row in range(first, last + 1)
        for column in range(1, sheet.max_column + 1)
        if (text := texts.get((row, column)))
    }
    body = list(_body(texts, last, sheet.max_row))
    empty = [
        (row, column)
        for row in body
        for column in sorted(headings)
        if (row, column) not in texts and (row, column) not in hidden
    ]
    numbers = tuple(cell for cell in empty if _COUNT.search(headings[cell[1]]))
    return Blank(
        heading_row=last,
        headings=headings,
        numbers=numbers,
        remarks=tuple(cell for cell in empty if "备注" in headings[cell[1]]),
        totals=dict(_totals(texts, numbers, [area.min_row for area in _tall(sheet)])),
        answers=dict(_answers(sheet, texts)),
    )


def _answers(sheet: Any, texts: Mapping[_Cell, str]) -> Iterator[tuple[_Cell, str]]:
    for (row, column), text in texts.items():
        beside = (row, column + 1 + _width(sheet, row, column))
        if _LABEL.search(text) and beside not in texts:
            yield beside, text


def _totals(
    texts: Mapping[_Cell, str], numbers: tuple[_Cell, ...], group_starts: list[int]
) -> Iterator[tuple[_Cell, tuple[_Cell, ...]]]:
    """A sum adds up what stands above it: to the last sum, or to the start of its group."""
    sums = {row for (row, _), text in texts.items() if _TOTAL.search(text)}
    for row, column in numbers:
        if row in sums:
            start = max([0, *(above + 1 for above in sums if above < row), *(g for g in group_starts if g <= row)])
            yield (row, column), tuple(cell for cell in numbers if cell[1] == column and start <= cell[0] < row)


def _tall(sheet: Any) -> list[Any]:
    """Merged areas over several rows: the names of groups."""
    return [area for area in sheet.merged_cells.ranges if area.max_row > area.min_row]


def _width(sheet: Any, row: int, column: int) -> int:
    """How many columns beyond its own a cell covers."""
    for area in sheet.merged_cells.ranges:
        if (area.min_row, area.min_col) == (row, column):
            return int(area.max_col - area.min_col)
    return 0


def _heading_row(texts: Mapping[_Cell, str]) -> int:
    for row in sorted({row for row, _ in texts}):
        words = [text for (at, _), text in texts.items() if at == row and not _LABEL.search(text)]
        if len(words) >= 3:
            return row
    raise ValueError("the form has no row of headings")


def _last_heading_row(texts: Mapping[_Cell, str], hidden: set[_Cell], first: int, columns: int) -> int:
    """Headings go on below as long as a row leaves nothing to fill in."""
    last = first
    while all((last + 1, column) in texts or (last + 1, column) in hidden for column in range(1, columns + 1)):
        last += 1
    return last


def _body(texts: Mapping[_Cell, str], last: int, max_row: int) -> Iterator[int]:
    for row in range(last + 1, max_row + 1):
        first = next((texts[row, column] for column in (1, 2) if (row, column) in texts), "")
        if _FOOT.search(first) or _LABEL.search(first):
            return
        yield row


def _covered(sheet: Any) -> Iterator[_Cell]:
    """Cells that a merged neighbour covers."""
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, area.max_row + 1):
            for column in range(area.min_col, area.max_col + 1):
                if (row, column) != (area.min_row, area.min_col):
                    yield row, column


def _values(form: Blank, unit: Unit, dice: random.Random) -> dict[_Cell, samples.CellValue]:
    """What a careful unit fills in."""
    counts = {cell: dice.randrange(2, 400) for cell in form.numbers if cell not in form.totals}
    values: dict[_Cell, samples.CellValue] = {**counts}
    for cell, parts in form.totals.items():
        values[cell] = sum(counts.get(part, 0) for part in parts)
    for cell, label in form.answers.items():
        values[cell] = _word(label, unit)
    if form.remarks:
        values[form.remarks[0]] = "含线上"
    return values


def _word(label: str, unit: Unit) -> str:
    for words, answer in (("单位", unit.name), ("电话", unit.phone), ("人", unit.contact), ("日期", "2022年9月30日")):
        if words in label:
            return answer
    return ""
