"""Sorted rows, moved sheets and hidden columns stay as she left them."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from intake.tracker import write_tracker
from intake.tracker.order import merged
from intake.view import Board
from tests.sheets import sort_rows


@pytest.fixture
def board(sample: ModuleType, tmp_path: Path) -> Board:
    made: Board = sample.board(tmp_path, units=8, thumbnails=4)
    return made


@pytest.fixture
def path(board: Board, tmp_path: Path) -> Path:
    return write_tracker(board, tmp_path / "台账.xlsx", day_copy=False).path


def codes(path: Path, sheet: str = "明细") -> list[Any]:
    ws = load_workbook(path)[sheet]
    return [ws.cell(row, 1).value for row in range(2, ws.max_row + 1)]


def test_sorted_rows_stay_sorted_and_new_ones_find_their_place(board: Board, path: Path) -> None:
    write_tracker(msgspec.structs.replace(board, units=board.units[:5]), path, day_copy=False)
    workbook = load_workbook(path)
    sort_rows(workbook["明细"], "单位")
    workbook.save(path)
    sorted_codes = codes(path)
    assert sorted_codes != sorted(sorted_codes)
    for _ in range(2):
        write_tracker(msgspec.structs.replace(board, units=board.units[:5]), path, day_copy=False)
        assert codes(path) == sorted_codes
    write_tracker(board, path, day_copy=False)
    assert [code for code in codes(path) if code in sorted_codes] == sorted_codes
    assert codes(path).index("006") == codes(path).index("005") + 1
    workbook = load_workbook(path)
    sort_rows(workbook["明细"], "代码")
    workbook.save(path)
    write_tracker(msgspec.structs.replace(board, units=board.units[::-1]), path, day_copy=False)
    assert codes(path) == [f"00{n}" for n in range(8, 0, -1)]  # sorted as ours: ours again


def test_a_new_order_of_ours_is_not_taken_for_hers(board: Board, path: Path) -> None:
    workbook = load_workbook(path)
    workbook["明细"].delete_rows(3)
    workbook.save(path)
    write_tracker(board, path, day_copy=False)
    assert codes(path) == [f"00{n}" for n in range(1, 9)]
    write_tracker(msgspec.structs.replace(board, todo=board.todo[::-1]), path, day_copy=False)
    assert codes(path, "待办") == [one.key for one in board.todo[::-1]]


def test_sheets_stay_where_she_moved_them_and_hidden_ones_hidden(board: Board, path: Path) -> None:
    workbook = load_workbook(path)
    workbook.create_sheet("领导汇报", 0)["A1"] = "给处长的"
    workbook.move_sheet("待办", -5)
    workbook["邮件"].sheet_state = "hidden"
    workbook["明细"].column_dimensions["C"].hidden = True
    workbook.save(path)
    for _ in range(2):
        write_tracker(board, path, day_copy=False)
    workbook = load_workbook(path)
    names = ["领导汇报", "总览", "待办", "明细", "问题", "图片", "统计汇总", "邮件", "收齐选项"]
    assert workbook.sheetnames == names
    assert workbook["邮件"].sheet_state == "hidden"
    assert workbook["明细"].column_dimensions["C"].hidden
    assert not workbook["明细"].column_dimensions["D"].hidden
    assert workbook.active.title == "总览"


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=1), unique=True), st.permutations("abcdefgh"))
def test_nothing_is_dropped_and_hers_goes_first(ours: list[str], hers: list[str]) -> None:
    """Whatever the orders: all of ours is there once, and what both have stands in the order of hers."""
    found = merged(ours, hers[:5])
    assert sorted(found) == sorted(ours)
    assert [key for key in found if key in hers[:5]] == [key for key in hers[:5] if key in ours]
