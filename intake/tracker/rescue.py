"""When openpyxl refuses the old workbook: its bare values, read by another library that takes more."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from intake.tracker import cells
from intake.tracker.oldbook import MAX_UNPACKED, weigh
from intake.tracker.oldsheet import OldCell

Grids = dict[str, dict[int, dict[int, OldCell]]]
"""Cells by sheet, row and column."""


def bare_values(path: Path, columns: int) -> Grids:
    """All sheets as values without looks; `columns` at most. Raises whatever the parser says about a damaged file."""
    from python_calamine import CalamineWorkbook

    if zipfile.is_zipfile(path):
        weigh(path)
        book = CalamineWorkbook.from_path(str(path))
    else:  # perhaps a workbook of the old format that was saved under this name
        if path.stat().st_size > MAX_UNPACKED // 8:
            raise ValueError("the workbook is too large to read back")
        book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    return {name: _grid(book.get_sheet_by_name(name), columns) for name in book.sheet_names}


def _grid(sheet: Any, columns: int) -> dict[int, dict[int, OldCell]]:
    rows: dict[int, dict[int, OldCell]] = {}
    if sheet.start is None:
        return rows
    # calamine pads the rows above the used range, but not the columns left of it
    first = sheet.start[1] + 1
    for number, row in enumerate(sheet.iter_rows(), 1):
        filled = {n: OldCell(number, n, value) for n, value in enumerate(row[:columns], first) if value != ""}
        if filled:
            rows[number] = filled
    return rows


def into_new(grids: Mapping[str, Mapping[int, Mapping[int, OldCell]]], names: Collection[str]) -> Any:
    """A new workbook with these sheets as values; None when there are none."""
    if not names:
        return None
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name in names:
        ws = workbook.create_sheet(name)
        for number, row in grids[name].items():
            for column, cell in row.items():
                cells.restore(ws.cell(number, column), cell.value)
    return workbook
