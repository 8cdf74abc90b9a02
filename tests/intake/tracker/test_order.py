"""Sorted rows, moved sheets and hidden columns stay as she left them."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference

from intake.tracker.book import write_tracker
from intake.tracker.order import merged
from intake.tracker.references import Move, carried
from intake.tracker.reopen import read_hand
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


def heads(path: Path) -> list[Any]:
    return [cell.value for cell in load_workbook(path)["明细"][1]]


def test_a_column_of_hers_between_ours_stays_there_and_formulas_mean_what_they_meant(board: Board, path: Path) -> None:
    """A formula in it follows the column that it counts when a requirement is added to the notice."""
    before = heads(path)
    workbook = load_workbook(path)
    ws = workbook["明细"]
    ws.insert_cols(4)
    ws["D1"], ws["D3"] = "我插的列", "看过"
    replied = [cell.value for cell in ws[1]].index("已回复") + 1
    ws["D4"] = f"={ws.cell(4, replied).coordinate}+$C$4+SUM(B2:C9)"
    ws.cell(5, [cell.value for cell in ws[1]].index("人工结论") + 1).value = "通过"
    workbook.save(path)
    for _ in range(2):
        write_tracker(board, path, day_copy=False)
        assert heads(path) == [*before[:3], "我插的列", *before[3:]]
    ws = load_workbook(path)["明细"]
    assert (ws["D3"].value, ws["D4"].value) == ("看过", f"={ws.cell(4, replied).coordinate}+$C$4+SUM(B2:C9)")
    assert read_hand(path).units["004"] == {"人工结论": "通过"}
    rule = next(iter(ws.data_validations.dataValidation))
    assert str(rule.sqref).startswith(ws.cell(2, heads(path).index("人工结论") + 1).coordinate)
    more = board.notice.requirements[0].model_copy(update={"id": "more", "name": "新增材料"})
    asked = board.notice.model_copy(update={"requirements": (more, *board.notice.requirements)})
    write_tracker(msgspec.structs.replace(board, notice=asked), path, day_copy=False)
    ws = load_workbook(path)["明细"]
    assert heads(path)[3:5] == ["我插的列", "新增材料"]
    assert ws["D4"].value == f"={ws.cell(4, replied + 1).coordinate}+$C$4+SUM(B2:C9)"


def test_columns_of_ours_stay_where_she_moved_them(board: Board, path: Path) -> None:
    workbook = load_workbook(path)
    ws = workbook["明细"]
    at = [cell.value for cell in ws[1]].index("备注") + 1
    for row in range(1, ws.max_row + 1):
        values = [(cell.value, copy(cell._style)) for cell in ws[row]]
        for number, (value, style) in enumerate([*values[:2], values[at - 1], *values[2 : at - 1], *values[at:]], 1):
            ws.cell(row, number).value, ws.cell(row, number)._style = value, style
    ws["C2"] = "已电话联系"
    workbook.save(path)
    for _ in range(2):
        written = write_tracker(board, path, day_copy=False)
        assert written.note == ""
        assert heads(path)[:4] == ["代码", "单位", "备注", "状态"]
        assert load_workbook(path)["明细"]["C2"].value == "已电话联系"
        assert "保留的备注" not in load_workbook(path).sheetnames


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("=B2", "=C2"),
        ("=$B$2&B2:B9&B:B", "=$C$2&C2:C9&C:C"),
        ('="B2"&名称&TRUE', '="B2"&名称&TRUE'),
        ("=SUM(A1:B2)", "=SUM(A1:C2)"),
        ("=B2+别的!B2+'明 细'!B5", "=C2+别的!B2+'明 细'!C7"),
        ("='明 细'!B2:B8", "='明 细'!C2:C11"),
        ("='明 细'!$B$5", "='明 细'!$C$7"),
        ("=LOG10(B2)", "=LOG10(C2)"),
        ("=B2:B3:B4", "=B2:B3:B4"),
        ("={1,2}", "={1,2}"),
        ("=(", "=("),
    ],
)
def test_references_follow_what_they_mean(formula: str, moved: str) -> None:
    moves = {"": Move(columns={2: 3}), "明 细": Move(columns={2: 3}, rows={5: 7}, last=(8, 11))}
    assert carried(formula, moves) == moved


def test_formulas_on_her_own_sheets_follow_the_rows_they_mean(board: Board, path: Path) -> None:
    """Units come and go, and she puts a column between ours: her sums still count what they counted."""
    write_tracker(msgspec.structs.replace(board, units=board.units[2:6]), path, day_copy=False)
    workbook = load_workbook(path)
    workbook["明细"].insert_cols(2)
    workbook["明细"]["B1"] = "我的"
    own = workbook.create_sheet("领导汇报")
    own["A1"], own["A2"] = '=COUNTIF(明细!D2:D5,"未报")', "=明细!C3&统计汇总!B2"
    chart = BarChart()
    chart.add_data(Reference(workbook["明细"], min_col=16, min_row=2, max_row=5))
    own.add_chart(chart, "D1")
    workbook.save(path)
    write_tracker(board, path, day_copy=False)
    own, ws = load_workbook(path)["领导汇报"], load_workbook(path)["明细"]
    assert own["A1"].value == '=COUNTIF(明细!D2:D9,"未报")'
    assert own["A2"].value == "=明细!C5&统计汇总!B4"
    assert ws["C5"].value == board.units[3].unit.name
    assert own._charts[0].series[0].val.numRef.f == "'明细'!$P$2:$P$9"
