"""A list form with the rows of all units: below the form's headings, each unit's under its name, sums at the end."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from intake.export.blankform import banner, copy_frame, copy_rows, fill, heighten, name_office, open_form, width_of
from intake.tracker import cells
from intake.tracker.statistic import entries_of, is_summed, lines_of, notes_of
from rules.tables.alignment import Field
from rules.tables.form import Layout, body, fold
from rules.tables.table_findings import listed

if TYPE_CHECKING:
    from intake.export.statistics import Merged


def write_list_form(merged: Merged, wanted: Layout, path: Path) -> None:
    """The form's own sheet gives title, headings, widths and foot; the rows between are those of the units."""
    workbook, ws = open_form(merged.file, merged.form, merged.own)
    title, index = ws.title, workbook.index(ws)
    made = workbook.create_sheet("汇总表（生成）", index)
    copy_frame(ws, made)
    width, head = width_of(ws), wanted.heading + wanted.depth
    copy_rows(ws, made, 1, head, 1)
    name_office(made, wanted.heading, merged.office)
    places = _places(wanted, merged.gathered.columns)
    serial = next((c.index + 1 for c in wanted.columns if c.aside and fold(c.heading)[:1] in ("序", "编")), 0)
    pattern = head + 1 if ws.max_row > head else head
    at, count = head + 1, 0
    for row in merged.units:
        banner(made, at, width, merged.standing(row))
        at += 1
        laid = merged.gathered.tables.get(row.unit.code)
        for fields in lines_of(laid, len(merged.gathered.columns)):
            if laid is None or not fields:
                continue
            count += 1
            _dress(ws, made, pattern, at, width, plain=pattern == head)
            if serial:
                made.cell(at, serial).value = count
            entries = entries_of(laid, fields)
            for column, entry in zip(places, entries, strict=True):
                fill(made.cell(at, column), entry)
            heighten(made, at, ws, pattern)
            at += 1
            if notes := notes_of(fields, entries):
                banner(made, at, width, f"说明：{listed(notes)}。", "plain-quiet", 9)
                at += 1
    _total(ws, made, pattern, at, width, [(c, f) for c, f in zip(places, merged.gathered.columns, strict=True)], head)
    foot = max([head, *(number + 1 for number, _ in body(merged.own.rows, head))])
    if ws.max_row > foot:
        copy_rows(ws, made, foot + 1, ws.max_row, at + 1)
    banner(made, at + 1 + max(0, ws.max_row - foot), width, merged.told(), "plain-quiet", 10)
    made.freeze_panes = made.cell(head + 1, 1).coordinate
    made.print_title_rows = f"{wanted.heading + 1}:{head}"
    workbook.remove(ws)
    made.title = title
    workbook.active = index
    workbook.calculation.fullCalcOnLoad = True
    workbook.save(path)


def _places(wanted: Layout, asked: Sequence[Field]) -> list[int]:
    """The column of the form, from 1, of each thing a list asks for; both are in the same order."""
    columns = list(wanted.columns)
    places = []
    for field in asked:
        while columns[0].heading != field.column:
            columns.pop(0)
        places.append(columns.pop(0).index + 1)
    return places


def _dress(ws: Any, made: Any, pattern: int, at: int, width: int, *, plain: bool) -> None:
    """The looks of the form's first empty row; where it has none, the frame of its headings."""
    for column in range(1, width + 1):
        cell, new = ws.cell(pattern, column), made.cell(at, column)
        if plain:
            new.border, new.alignment = copy(cell.border), copy(cell.alignment)
        else:
            new._style = copy(cell._style)
    made.row_dimensions[at].height = ws.row_dimensions[pattern].height


def _total(
    ws: Any, made: Any, pattern: int, at: int, width: int, places: Sequence[tuple[int, Field]], head: int
) -> None:
    _dress(ws, made, pattern, at, width, plain=pattern == head)
    cells.put(made.cell(at, 1), "合计")
    for column, field in places:
        if is_summed(field):
            cells.total(made.cell(at, column), get_column_letter(column), head + 1, at - 1)
    for column in range(1, width + 1):
        font = copy(made.cell(at, column).font)
        font.b = True
        made.cell(at, column).font = font
