"""The copies of the days: hers come back from them when the workbook fails, and what she writes into one is told."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from openpyxl import Workbook, load_workbook

from intake.copies import edited
from intake.tracker.book import write_tracker
from intake.tracker.reopen import read_hand
from intake.view import Board
from tests.sheets import saved_by_libreoffice

HOUR = timedelta(hours=1)


@pytest.fixture
def board(sample: ModuleType, tmp_path: Path) -> Board:
    made: Board = sample.board(tmp_path, units=8, thumbnails=2)
    return made


def later(board: Board, hours: int) -> Board:
    return msgspec.structs.replace(board, as_of=board.as_of + hours * HOUR)


def cell(ws: Any, code: str, header: str) -> Any:
    column = [one.value for one in ws[1]].index(header) + 1
    (row,) = [row for row in range(2, ws.max_row + 1) if ws.cell(row, 1).value == code]
    return ws.cell(row, column)


def note(path: Path, code: str, text: str, header: str = "备注") -> None:
    workbook = load_workbook(path)
    cell(workbook["明细"], code, header).value = text
    workbook.save(path)


def notes(path: Path, code: str, header: str = "备注") -> Any:
    return cell(load_workbook(path)["明细"], code, header).value


@pytest.fixture
def path(board: Board, tmp_path: Path) -> Path:
    """A workbook with a note of hers and a sheet of hers, written again since; its copy has them too."""
    path = write_tracker(board, tmp_path / "台账.xlsx").path
    note(path, "001", "已电话联系")
    workbook = load_workbook(path)
    workbook.create_sheet("领导汇报")["A1"] = "给处长的"
    workbook.save(path)
    write_tracker(later(board, 1), path)
    return path


def foreign(path: Path) -> None:
    workbook = Workbook()
    workbook.active.title = "通讯录"
    workbook.save(path)


@pytest.mark.parametrize(
    ("damage", "kept"),
    [
        (lambda path: path.write_bytes(b""), "无法读取"),
        (lambda path: path.write_bytes(path.read_bytes()[:9_000]), "无法读取"),
        (lambda path: (path.unlink(), path.mkdir(), (path / "a").touch()), "无法读取"),
        (foreign, "非台账"),
        (lambda path: path.unlink(), ""),
    ],
)
def test_when_the_workbook_fails_hers_come_from_the_copy(board: Board, path: Path, damage: Any, kept: str) -> None:
    damage(path)
    written = write_tracker(later(board, 2), path)
    assert "已从副本“台账-2022-10-10.xlsx”恢复" in written.note
    assert (written.kept_as.name.split("-")[0] if written.kept_as else "") == (f"台账.{kept}" if kept else "")
    for one in (path, path.with_name("台账-2022-10-10.xlsx")):
        assert notes(one, "001") == "已电话联系"
        assert load_workbook(one)["领导汇报"]["A1"].value == "给处长的"
    assert write_tracker(later(board, 3), path).note == ""


def test_an_old_workbook_over_the_new_one_loses_nothing(board: Board, path: Path, tmp_path: Path) -> None:
    """She puts back what she had on her own disk; what came in between is taken from the copy."""
    old = tmp_path / "mine" / "台账.xlsx"
    old.parent.mkdir()
    shutil.copy(path, old)
    note(path, "001", "又问过一次")
    note(path, "002", "周五再催")
    write_tracker(later(board, 2), path)
    shutil.copy(old, path)
    assert read_hand(path).stale
    written = write_tracker(later(board, 3), path)
    assert "旧版本" in written.note
    assert written.kept_as is not None
    assert notes(written.kept_as, "002") == "周五再催"
    for _ in range(2):
        assert (notes(path, "001"), notes(path, "002")) == ("已电话联系", "周五再催")
        put_by = [row[:5] for row in load_workbook(path)["保留的备注"].iter_rows(min_row=2, values_only=True)]
        assert [(row[1], row[3], row[4]) for row in put_by] == [("001", "备注", "又问过一次")]
        assert not read_hand(path).stale
        assert write_tracker(later(board, 4), path).note == ""


def test_open_elsewhere_is_no_old_workbook(board: Board, path: Path) -> None:
    """While it is open the copies run ahead; when she saves and closes it, hers is no older version."""
    lock = path.with_name("~$台账.xlsx")
    lock.touch()
    write_tracker(later(board, 2), path)
    note(path, "003", "开着时写的")
    lock.unlink()
    assert not read_hand(path).stale
    assert write_tracker(later(board, 3), path).note == ""
    assert notes(path, "003") == "开着时写的"


def test_a_rehearsal_of_tomorrow_does_not_make_today_old(board: Board, path: Path) -> None:
    write_tracker(later(board, 30), path)
    assert write_tracker(later(board, 2), path).note == ""
    assert not read_hand(path, later(board, 2).as_of).stale
    assert write_tracker(later(board, 3), path).note == ""


def test_what_she_writes_into_todays_copy_stays_and_is_told(board: Board, path: Path) -> None:
    copy = path.with_name("台账-2022-10-10.xlsx")
    assert edited(path) == []
    note(copy, "004", "写在副本里")
    for hours in (2, 3):
        write_tracker(later(board, hours), path)
        assert notes(copy, "004") == "写在副本里"
        assert edited(path) == [copy]


def test_a_workbook_beside_that_she_saved_is_not_written_over(board: Board, path: Path) -> None:
    """The same minute of another day has the same name."""
    lock = path.with_name("~$台账.xlsx")
    lock.touch()
    beside = write_tracker(board, path).path
    note(beside, "005", "写在旁边")
    again = write_tracker(later(board, 24), path).path
    assert again != beside
    assert notes(beside, "005") == "写在旁边"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_workbook_of_the_old_format_under_this_name_is_read(board: Board, path: Path, tmp_path: Path) -> None:
    note(path, "006", "另存成了旧格式")
    saved_by_libreoffice(path, tmp_path / "scratch", "xls:MS Excel 97")
    assert read_hand(path).units["006"] == {"备注": "另存成了旧格式"}
    written = write_tracker(later(board, 2), path)
    assert "无法读取" in written.note
    assert (notes(path, "001"), notes(path, "006")) == ("已电话联系", "另存成了旧格式")
