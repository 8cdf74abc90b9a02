"""What the sheets behind the lists told last time: the hidden one about our writing, 保留的备注 about hers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from intake.tracker import prints
from intake.tracker.keep import ATTIC
from intake.tracker.marks import Lost, text_of
from intake.tracker.oldsheet import OldCell

Grid = Mapping[int, Mapping[int, OldCell]]
"""Cells by row and column."""


def written_record(grid: Grid) -> dict[str, dict[str, float]]:
    """The headings and widths that we wrote last, by sheet, in their order."""
    record: dict[str, dict[str, float]] = {}
    for number, row in grid.items():
        values = [getattr(row.get(column), "value", None) for column in (3, 4, 5)]
        if number > 1 and isinstance(values[0], str) and isinstance(values[1], str):
            width = float(values[2]) if isinstance(values[2], int | float) else 0.0
            record.setdefault(values[0], {})[values[1]] = width
    return record


def noted(grid: Grid) -> dict[str, tuple[str, int]]:
    """By sheet, the print of our order of its rows and the number of our charts and pictures on it."""
    found: dict[str, tuple[str, int]] = {}
    for number, row in grid.items():
        name, order, drawn = (getattr(row.get(column), "value", None) for column in (8, 9, 10))
        if number > 1 and isinstance(name, str):
            found[name] = (text_of(order), int(drawn) if isinstance(drawn, int | float) else 0)
    return found


def overview_prints(grid: Grid) -> set[bytes]:
    """The prints of all that we wrote on 总览."""
    known: set[bytes] = set()
    for number, row in grid.items():
        text = getattr(row.get(6), "value", None)
        if number > 1 and isinstance(text, str):
            known.update(prints.split(text))
    return known


def attic(grid: Grid) -> list[Lost]:
    """What 保留的备注 holds, and what she wrote on it."""
    found = []
    for number in sorted(grid):
        row = grid[number]
        values = [getattr(row.get(column), "value", None) for column in range(1, 7)]
        if number > 1 and values[4] is not None:
            sheet, key, label, header = (text_of(value) for value in values[:4])
            since = values[5] if isinstance(values[5], datetime) else None
            found.append(Lost(sheet, key, label, header, values[4], since))
        # what she wrote beside our columns, and her comments, become entries of their own
        beside = [
            (cell, cell.value) for column, cell in row.items() if column > 6 or (number > 1 and values[4] is None)
        ]
        told = [(cell, f"（批注：{cell.comment[0]}）") for cell in row.values() if cell.comment is not None]
        found += [Lost(ATTIC, cell.coordinate, "", "", v, None) for cell, v in (*beside, *told) if v is not None]
    return found


def written_at(grid: Grid) -> datetime | None:
    """From when what the workbook tells is: `as_of` of its board; None where it does not say.

    The properties of the file are no good for this: some programs set them anew.
    """
    text = getattr(grid.get(2, {}).get(11), "value", None)
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
