"""Filters as office programs write them: who stays in sight, and what is written back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openpyxl import load_workbook

from intake.tracker.book import write_tracker
from intake.tracker.filters import Allowed, column, passes

MOMENT = datetime(2022, 9, 27, 14, 0)  # noqa: DTZ001 - cells know no zones


@pytest.mark.parametrize(
    ("allowed", "value", "seen"),
    [
        (Allowed(("未报",)), "未报", True),
        (Allowed(("未报",)), "已齐", False),
        (Allowed(("3",)), 3.0, True),
        (Allowed(("未报",), blank=True), None, True),
        (Allowed(days=((2022, 9),)), MOMENT, True),
        (Allowed(days=((2022, 9, 28), (2022, 10))), MOMENT, False),
        (Allowed(days=((2022, 9),), blank=True), None, True),
        (Allowed(conditions=(("equal", "*监督*"),)), "东河区市场监督管理局", True),
        (Allowed(conditions=(("notEqual", "*监督*"),)), "东河区市场监督管理局", False),
        (Allowed(conditions=(("equal", "A?[1]"),)), "ab[1]", True),
        (Allowed(conditions=(("notEqual", " "),)), None, False),
        (Allowed(conditions=(("greaterThan", "1"), ("lessThanOrEqual", "10")), both=True), 10, True),
        (Allowed(conditions=(("greaterThan", "1"), ("lessThan", "10")), both=True), 10, False),
        (Allowed(conditions=(("greaterThan", "1"), ("equal", "0"))), 0, True),
        (Allowed(conditions=(("greaterThan", "1"),)), None, False),
    ],
)
def test_who_stays_in_sight(allowed: Allowed, value: Any, seen: bool) -> None:
    assert passes(value, allowed) is seen


@pytest.mark.parametrize(
    ("header", "allowed", "codes"),
    [
        ("首次来信", Allowed(days=((2022, 10),)), ["002"]),
        ("催报次数", Allowed(conditions=(("greaterThan", "1"),)), ["004"]),
        ("单位", Allowed(conditions=(("equal", "*经济开发区*"),)), ["001", "004", "007"]),
    ],
)
def test_days_and_conditions_are_set_again(
    sample: ModuleType, tmp_path: Path, header: str, allowed: Allowed, codes: list[str]
) -> None:
    board = sample.board(tmp_path, units=8, thumbnails=0)
    path = write_tracker(board, tmp_path / "台账.xlsx", day_copy=False).path
    workbook = load_workbook(path)
    ws = workbook["明细"]
    at = [cell.value for cell in ws[1]].index(header)
    ws.auto_filter.filterColumn.append(column(at, allowed))
    workbook.save(path)
    for _ in range(2):
        write_tracker(board, path, day_copy=False)
        ws = load_workbook(path)["明细"]
        assert [ws.cell(row, 1).value for row in range(2, 10) if not ws.row_dimensions[row].hidden] == codes
        assert len(ws.auto_filter.filterColumn) == 1
