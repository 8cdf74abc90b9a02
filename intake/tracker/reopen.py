"""Opens the old workbook: with openpyxl, else its bare values with calamine, else says why not.

The workbook that openpyxl opened is also what the new sheets are written into, so that the coordinator's
own sheets stay as they are, with formats, charts and drop-downs.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from openpyxl import Workbook, load_workbook

from intake.tracker import cells
from intake.tracker.keep import (
    ATTIC,
    HELPER,
    MAX_COLUMNS,
    OVERVIEW,
    Allowed,
    Lost,
    Recall,
    SheetHand,
    harvest,
    spec_of,
)

MAX_UNPACKED: Final = 1 << 30
"""Bytes of XML that we are ready to read back; far above what we write for 20,000 units."""


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """What the coordinator decided in cells, as text, for the next cycle."""

    units: Mapping[str, Mapping[str, str]] = {}
    """By code of the unit: 备注, 人工结论 and every column she added to 明细; empty cells left out."""
    todo: Mapping[str, Mapping[str, str]] = {}
    """By key of the thing to do: 归属单位, 处理 and every column she added to 待办; empty cells left out."""
    note: str = ""
    """Why the workbook could not be read; "" when it was, or when there is none yet."""


def read_hand(path: Path) -> Hand:
    """Read the coordinator's cells from the workbook at `path`; never raises for what stands in the file."""
    if not path.exists():
        return Hand()
    recall = _streamed(path)
    if recall.trouble:
        return Hand(note=f"{path.name} 暂时无法读取：{recall.detail}")
    return Hand(units=_words(recall, "明细"), todo=_words(recall, "待办"))


def _words(recall: Recall, name: str) -> dict[str, dict[str, str]]:
    found = {}
    for key, marks in recall.sheet(name).cells.items():
        texts = {header: str(mark.value).strip() for header, mark in marks.items() if mark.filled}
        if texts:
            found[key.lstrip("#")] = texts
    return found


def reopen(path: Path, headers: Mapping[str, tuple[str, ...]]) -> Recall:
    """Open the workbook at `path` and find everything of hers.

    `headers` are the headings that we are about to write, by sheet: the second choice for telling ours from
    hers, when the workbook carries no record of what we wrote last.
    """
    if not path.exists():
        return Recall()
    try:
        _weigh(path)
        workbook = load_workbook(path)
    except PermissionError as error:
        return Recall(trouble="locked", detail=str(error))
    except Exception as error:  # noqa: BLE001 - openpyxl meets a damaged file with any exception it likes
        recall = _values_only(path, headers, into_new=True)
        recall.trouble, recall.detail = "unreadable", f"{type(error).__name__}: {error}"
        return recall
    return _from_workbook(workbook, headers)


def _streamed(path: Path) -> Recall:
    """The lists she decides in, read row by row: quick, and a stray cell in the last row costs little."""
    recall = Recall()
    try:
        _weigh(path)
        with path.open("rb") as file:
            workbook = load_workbook(file, read_only=True)
            grids = {
                name: {
                    number: filled
                    for number, row in enumerate(workbook[name].iter_rows(max_col=MAX_COLUMNS), 1)
                    if (filled := {c.column: c for c in row if c.value is not None})
                }
                for name in (HELPER, "明细", "待办")
                if name in workbook.sheetnames
            }
            workbook.close()
    except Exception:  # noqa: BLE001 - openpyxl meets a damaged file with any exception it likes
        return _values_only(path)
    record = _record(grids.get(HELPER, {}))
    for name in ("明细", "待办"):
        spec = spec_of(name)
        hand = harvest(name, spec, grids.get(name, {}), record.get(name)) if spec else None
        if hand is not None:
            recall.sheets[name] = hand
    return recall


def _weigh(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise ValueError("the workbook is too large to read back")


def _from_workbook(workbook: Any, headers: Mapping[str, tuple[str, ...]]) -> Recall:
    recall = Recall(workbook=workbook)
    grids: dict[str, dict[int, dict[int, Any]]] = {}
    for ws in workbook.worksheets:
        if _is_ours(ws.title):
            grid = grids.setdefault(ws.title, {})
            for (row, column), cell in ws._cells.items():  # sparse: a stray cell in the last row costs nothing
                if column <= MAX_COLUMNS:
                    grid.setdefault(row, {})[column] = cell
    record = _record(grids.get(HELPER, {}))
    for ws in list(workbook.worksheets):
        name = ws.title
        if not _is_ours(name):
            continue
        spec = spec_of(name)
        if spec is not None:
            hand = harvest(name, spec, grids[name], record.get(name, {}) or headers.get(name))
            if hand is None:  # she changed it past recognition: then it is hers now
                ws.title = _free_name(workbook, f"{name}（原）")
                continue
            _look(ws, hand, grids[name], record.get(name, {}))
            recall.sheets[name] = hand
        elif name == ATTIC:
            recall.attic = _attic(grids[name])
        workbook.remove(ws)
    return recall


def _free_name(workbook: Any, stem: str) -> str:
    name, count = stem, 1
    while name in workbook.sheetnames:
        count += 1
        name = f"{stem}{count}"
    return name


def _is_ours(name: str) -> bool:
    return name in (OVERVIEW, ATTIC, HELPER) or spec_of(name) is not None


def _record(grid: Mapping[int, Mapping[int, Any]]) -> dict[str, dict[str, float]]:
    """The headings and widths that we wrote last, by sheet."""
    record: dict[str, dict[str, float]] = {}
    for number, row in grid.items():
        values = [getattr(row.get(column), "value", None) for column in (3, 4, 5)]
        if number > 1 and isinstance(values[0], str) and isinstance(values[1], str):
            width = float(values[2]) if isinstance(values[2], int | float) else 0.0
            record.setdefault(values[0], {})[values[1]] = width
    return record


def _look(ws: Any, hand: SheetHand, grid: Mapping[int, Mapping[int, Any]], written: Mapping[str, float]) -> None:
    """The widths and filters that she set: those that differ from what we wrote."""
    top = min((n for n, row in grid.items() if any(_same(c.value, hand) for c in row.values())), default=1)
    names = {column: str(cell.value) for column, cell in grid.get(top, {}).items() if cell.value is not None}
    for dimension in ws.column_dimensions.values():
        for column in range(dimension.min or 0, min(dimension.max or 0, MAX_COLUMNS) + 1):
            header = names.get(column, "")
            # programs store widths with a little more than was asked for
            if dimension.width and header and abs(dimension.width - written.get(header, 0.0)) > 1:
                hand.widths[header] = float(dimension.width)
    for chosen in ws.auto_filter.filterColumn:
        header = names.get(chosen.colId + 1, "")
        if chosen.filters is not None and header:
            hand.filters[header] = Allowed(tuple(chosen.filters.filter), bool(chosen.filters.blank))


def _same(value: Any, hand: SheetHand) -> bool:
    return value in ("代码", "编号") or value in hand.columns


def _attic(grid: Mapping[int, Mapping[int, Any]]) -> list[Lost]:
    found = []
    for number in sorted(grid):
        values = [getattr(grid[number].get(column), "value", None) for column in range(1, 7)]
        if number > 1 and values[4] is not None:
            sheet, key, label, header = ("" if v is None else str(v) for v in values[:4])
            since = values[5] if hasattr(values[5], "year") else None
            found.append(Lost(sheet, key, label, header, values[4], since))
    return found


@dataclass(slots=True)
class _Plain:
    """A cell without looks, as calamine gives it."""

    value: Any
    coordinate: str = ""


def _values_only(path: Path, headers: Mapping[str, tuple[str, ...]] | None = None, *, into_new: bool = False) -> Recall:
    """Only values, read by another library that takes what openpyxl refuses.

    With `into_new`, her own sheets are copied as values into a new workbook.
    """
    from python_calamine import CalamineWorkbook

    recall = Recall()
    try:
        _weigh(path)
        book = CalamineWorkbook.from_path(str(path))
        grids = {name: _grid(book.get_sheet_by_name(name)) for name in book.sheet_names}
    except Exception as error:  # noqa: BLE001 - whatever the parser says about a damaged file, it is "unreadable"
        recall.trouble, recall.detail = "unreadable", f"{type(error).__name__}: {error}"
        return recall
    record = _record(grids.get(HELPER, {}))
    for name, grid in grids.items():
        spec = spec_of(name)
        if spec is not None:
            hand = harvest(name, spec, grid, record.get(name, {}) or (headers or {}).get(name))
            if hand is not None:
                recall.sheets[name] = hand
        elif name == ATTIC:
            recall.attic = _attic(grid)
        elif into_new and not _is_ours(name):
            if recall.workbook is None:
                recall.workbook = Workbook()
                recall.workbook.remove(recall.workbook.active)
            ws = recall.workbook.create_sheet(name)
            for number, row in grid.items():
                for column, cell in row.items():
                    cells.restore(ws.cell(number, column), cell.value)
    return recall


def _grid(sheet: Any) -> dict[int, dict[int, _Plain]]:
    rows: dict[int, dict[int, _Plain]] = {}
    if sheet.start is None:
        return rows
    # calamine pads the rows above the used range, but not the columns left of it
    first = sheet.start[1] + 1
    for number, row in enumerate(sheet.iter_rows(), 1):
        filled = {n: _Plain(value) for n, value in enumerate(row[:MAX_COLUMNS], first) if value != ""}
        if filled:
            rows[number] = filled
    return rows
