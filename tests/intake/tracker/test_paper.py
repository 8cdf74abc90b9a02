"""What comes out of the printer: pages wide enough to read, and nothing on them that is only for the screen."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from intake.tracker.book import write_tracker
from intake.tracker.frame import WIDEST_PAGE
from intake.view import Board


def written(board: Board, path: Path) -> Any:
    return load_workbook(write_tracker(board, path, day_copy=False).path)


def last_printed(ws: Any) -> str:
    _, _, column, row = range_boundaries(ws.print_area.rpartition("!")[2])
    assert row == ws.max_row
    return str(ws.cell(1, column).value)


def test_what_is_for_the_screen_is_not_printed(sample: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    workbook = written(sample.board(tmp_path, units=6, thumbnails=0), path)
    assert last_printed(workbook["待办"]) == "处理结果"
    assert last_printed(workbook["邮件"]) == "答复"
    ws = workbook["待办"]
    ws.cell(1, ws.max_column + 1).value = "我的进度"
    workbook.save(path)
    again = written(sample.board(tmp_path, units=6, thumbnails=0), path)
    assert "我的进度" in [cell.value for cell in again["待办"][1]]
    assert not again["待办"].print_area  # her column stands last of all, and is printed


@pytest.mark.parametrize("name", ["明细", "问题", "图片", "邮件", "待办"])
def test_no_page_is_too_small_to_read(name: str, sample: ModuleType, tmp_path: Path) -> None:
    ws = written(sample.board(tmp_path, units=6, thumbnails=0), tmp_path / "台账.xlsx")[name]
    printed = range_boundaries(ws.print_area.rpartition("!")[2])[2] if ws.print_area else ws.max_column
    columns = [ws.column_dimensions[get_column_letter(number)] for number in range(1, printed + 1)]
    wide = sum(column.width for column in columns if not column.hidden)
    assert wide <= WIDEST_PAGE * ws.page_setup.fitToWidth
    if ws.page_setup.fitToWidth > 1:  # the halves of a row lie on pages that follow each other
        assert ws.page_setup.pageOrder == "overThenDown"
        assert ws.print_title_cols


def test_an_empty_list_says_so_on_paper(sample: ModuleType, tmp_path: Path) -> None:
    board = sample.board(tmp_path, units=6, thumbnails=0)
    workbook = written(msgspec.structs.replace(board, todo=()), tmp_path / "台账.xlsx")
    assert workbook["待办"].oddHeader.center.text.endswith("（暂无）")
    assert "暂无" not in workbook["邮件"].oddHeader.center.text


def test_copies_of_our_letters_stand_last_and_on_one_line(sample: ModuleType, tmp_path: Path) -> None:
    board = sample.board(tmp_path, units=6, thumbnails=0)
    copy = msgspec.structs.replace(
        board.mails[-1],
        sha256="c" * 64,
        klass="loop",
        state="ignored",
        unit="",
        from_name="滨城质量工作办公室",
        subject="催" * 90,
    )
    ws = written(msgspec.structs.replace(board, mails=(*board.mails, copy)), tmp_path / "台账.xlsx")["邮件"]
    heads = [cell.value for cell in ws[1]]
    last = ws[ws.max_row]
    assert last[heads.index("发件人")].value == "（本系统）"
    assert ws.row_dimensions[ws.max_row].height < 20
    assert last[heads.index("主题")].alignment.wrap_text is not True
