"""What the coordinator writes is kept: through rewrites, sorting, vanished rows, locks and damage."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from intake.tracker import aside
from intake.tracker.book import write_tracker
from intake.tracker.reopen import read_hand
from intake.view import Board


@pytest.fixture
def board(sample: ModuleType, tmp_path: Path) -> Board:
    made: Board = sample.board(tmp_path, units=8, thumbnails=4)
    return made


@pytest.fixture
def path(board: Board, tmp_path: Path) -> Path:
    return write_tracker(board, tmp_path / "台账.xlsx", day_copy=False).path


def column(ws: Any, header: str) -> int:
    return next(int(cell.column) for cell in ws[1] if cell.value == header)


def write(ws: Any, row: int, header: str, value: Any) -> Any:
    cell = ws.cell(row, column(ws, header))
    cell.value = value
    return cell


def edit(path: Path) -> None:
    """What a coordinator does in an afternoon."""
    workbook = load_workbook(path)
    ws = workbook["明细"]
    write(ws, 2, "备注", "已电话联系").fill = PatternFill("solid", fgColor="FFFF00")
    write(ws, 4, "人工结论", "通过")
    last = ws.max_column
    ws.cell(1, last + 1).value = "经办人"
    ws.cell(3, last + 1).value = "小李"
    ws.cell(3, last + 1).comment = Comment("周五再问", "小李")
    ws.cell(1, last + 2).value = "倍数"
    ws.cell(5, last + 2).value = f"={ws.cell(5, column(ws, '已回复')).coordinate}*2"
    ws.cell(6, last + 3).value = 42  # a column without heading
    ws.column_dimensions["B"].width = 61
    todo = workbook["待办"]
    write(todo, 2, "归属单位", "西岭区市场监督管理局")
    write(todo, 3, "处理", "忽略")
    workbook["邮件"].cell(1, workbook["邮件"].max_column + 1).value = "我看过"
    workbook["邮件"].cell(2, workbook["邮件"].max_column).value = "是"
    own = workbook.create_sheet("领导汇报")
    own["A1"], own["B2"] = "给处长的", "=SUM(1,2)"
    own["A1"].fill = PatternFill("solid", fgColor="00FF00")
    own.column_dimensions["A"].width = 33
    workbook.save(path)


def check(path: Path) -> None:
    workbook = load_workbook(path)
    ws = workbook["明细"]
    by_code = {row[0].value: {h.value: c for h, c in zip(ws[1], row, strict=True)} for row in ws.iter_rows(min_row=2)}
    assert by_code["001"]["备注"].value == "已电话联系"
    assert by_code["001"]["备注"].fill.fgColor.rgb.endswith("FFFF00")
    assert by_code["003"]["人工结论"].value == "通过"
    assert by_code["002"]["经办人"].value == "小李"
    assert by_code["002"]["经办人"].comment.text == "周五再问"
    assert by_code["005"]["（无标题）"].value == 42
    replied = by_code["004"]["已回复"].coordinate
    assert by_code["004"]["倍数"].value == f"={replied}*2"
    assert ws.column_dimensions["B"].width == 61
    todo = workbook["待办"]
    assert todo.cell(2, column(todo, "归属单位")).value == "西岭区市场监督管理局"
    assert todo.cell(3, column(todo, "处理")).value == "忽略"
    assert workbook["邮件"].cell(2, column(workbook["邮件"], "我看过")).value == "是"
    own = workbook["领导汇报"]
    assert (own["A1"].value, own["B2"].value, own.column_dimensions["A"].width) == ("给处长的", "=SUM(1,2)", 33)
    assert own["A1"].fill.fgColor.rgb.endswith("00FF00")
    assert "保留的备注" not in workbook.sheetnames


def test_her_hand_survives_ten_rewrites(board: Board, path: Path) -> None:
    edit(path)
    for turn in range(10):
        later = msgspec.structs.replace(board, as_of=board.as_of + timedelta(hours=turn))
        written = write_tracker(later, path)
        assert written.kept == 8
    check(path)


def test_read_hand_gives_her_decisions_by_key(path: Path) -> None:
    assert read_hand(path.with_name("none.xlsx")).note == ""
    assert read_hand(path).units == {}
    edit(path)
    hand = read_hand(path)
    assert hand.units["001"] == {"备注": "已电话联系"}
    assert hand.units["003"] == {"人工结论": "通过"}
    assert hand.units["002"] == {"经办人": "小李"}
    assert hand.todo == {"held:503": {"归属单位": "西岭区市场监督管理局"}, "stuck:504": {"处理": "忽略"}}


def test_sorted_rows_and_codes_turned_into_numbers(board: Board, path: Path) -> None:
    edit(path)
    workbook = load_workbook(path)
    ws = workbook["明细"]
    lines = [[cell.value for cell in row] for row in ws.iter_rows(min_row=2)]
    for number, line in enumerate(reversed(lines), 2):
        for index, value in enumerate(line, 1):
            ws.cell(number, index).value = int(value) if index == 1 else value
    workbook.save(path)
    assert read_hand(path).units["1"] == {"备注": "已电话联系"}
    write_tracker(board, path)
    ws = load_workbook(path)["明细"]
    assert [ws.cell(row, 1).value for row in range(2, 10)] == [f"00{n}" for n in range(8, 0, -1)]
    assert ws.cell(9, column(ws, "备注")).value == "已电话联系"
    assert ws.cell(8, column(ws, "经办人")).value == "小李"


def test_rows_that_go_are_put_by_and_come_back(board: Board, path: Path) -> None:
    edit(path)
    without = msgspec.structs.replace(board, units=board.units[1:], todo=board.todo[1:])
    write_tracker(without, path)
    put_by = [row[:5] for row in load_workbook(path)["保留的备注"].iter_rows(min_row=2, values_only=True)]
    assert ("明细", "001", "东河经济开发区管理委员会质量工作处", "备注", "已电话联系") in put_by
    assert any(row[:2] == ("待办", "held:503") and row[4] == "西岭区市场监督管理局" for row in put_by)
    write_tracker(without, path)
    assert len(put_by) == load_workbook(path)["保留的备注"].max_row - 1
    write_tracker(board, path)
    workbook = load_workbook(path)
    ws, todo = workbook["明细"], workbook["待办"]
    assert ws.cell(2, column(ws, "备注")).value == "已电话联系"
    # an old decision must not act again by itself
    assert todo.cell(2, column(todo, "归属单位")).value is None
    assert [row[0] for row in workbook["保留的备注"].iter_rows(min_row=2, values_only=True)] == ["待办"]


def test_a_requirement_renamed_is_not_taken_for_her_column(sample: ModuleType, board: Board, path: Path) -> None:
    edit(path)
    first, *others = board.notice.requirements
    renamed = board.notice.model_copy(update={"requirements": (first.model_copy(update={"name": "总结报告"}), *others)})
    write_tracker(msgspec.structs.replace(board, notice=renamed), path)
    heads = [cell.value for cell in load_workbook(path)["明细"][1]]
    assert "总结报告" in heads
    assert "活动总结" not in heads
    assert heads[-3:] == ["经办人", "倍数", "（无标题）"]


def test_her_column_named_like_a_new_one_of_ours_stays_hers(board: Board, path: Path) -> None:
    edit(path)
    first, *others = board.notice.requirements
    renamed = board.notice.model_copy(update={"requirements": (first.model_copy(update={"name": "经办人"}), *others)})
    for _ in range(2):
        write_tracker(msgspec.structs.replace(board, notice=renamed), path)
    ws = load_workbook(path)["明细"]
    assert ws.cell(3, column(ws, "经办人（自加）")).value == "小李"


def test_her_rows_without_code_and_copied_rows_are_put_by(board: Board, path: Path) -> None:
    workbook = load_workbook(path)
    ws = workbook["明细"]
    ws.append([None, "我加的单位", "问过"])
    ws.append(["001"])
    write(ws, 2, "备注", "甲")
    write(ws, ws.max_row, "备注", "乙")
    workbook.save(path)
    write_tracker(board, path)
    put_by = {row[4] for row in load_workbook(path)["保留的备注"].iter_rows(min_row=2, values_only=True)}
    assert put_by == {"我加的单位", "问过", "乙"}


def test_a_decision_in_a_copied_row_is_read_with_that_of_the_first(board: Board, path: Path) -> None:
    """She copies a row and decides in the copy: alone it counts, two words that differ are put into one cell."""
    workbook = load_workbook(path)
    ws = workbook["明细"]
    for code, first, second in (("001", None, "免报"), ("002", "通过", "退回"), ("003", "通过", "通过")):
        ws.append([code])
        write(ws, int(code) + 1, "人工结论", first)
        write(ws, ws.max_row, "人工结论", second)
    workbook.save(path)
    units = read_hand(path).units
    assert [units[code]["人工结论"] for code in ("001", "002", "003")] == ["免报", "通过；退回", "通过"]
    write_tracker(board, path)
    assert [load_workbook(path)["明细"].cell(2, column(ws, "人工结论")).value] == ["免报"]
    assert put_by(path) == []


def test_a_decision_does_not_come_back_with_its_row(board: Board, path: Path) -> None:
    """A unit leaves the roster and returns: her note does so too, the word that was carried out does not."""
    workbook = load_workbook(path)
    ws = workbook["明细"]
    write(ws, 2, "备注", "甲")
    write(ws, 2, "人工结论", "退回")
    workbook.save(path)
    write_tracker(msgspec.structs.replace(board, units=board.units[1:]), path)
    write_tracker(board, path)
    ws = load_workbook(path)["明细"]
    assert (ws.cell(2, column(ws, "备注")).value, ws.cell(2, column(ws, "人工结论")).value) == ("甲", None)
    assert [row[3:5] for row in put_by(path)] == [("人工结论", "退回")]


def test_a_list_changed_past_recognition_stays_as_her_sheet(board: Board, path: Path) -> None:
    workbook = load_workbook(path)
    workbook["明细"].delete_rows(1)
    workbook["明细"]["C1"] = "我改的"
    workbook.save(path)
    for _ in range(2):
        write_tracker(board, path)
    workbook = load_workbook(path)
    assert workbook["明细（原）"]["C1"].value == "我改的"
    assert workbook["明细"]["A1"].value == "代码"


@pytest.mark.parametrize(("word", "told"), [("通过", True), (None, False)])
def test_a_list_under_another_name_is_told_where_it_decides(
    board: Board, path: Path, word: str | None, told: bool
) -> None:
    workbook = load_workbook(path)
    workbook["明细"].title = "我的明细"
    write(workbook["我的明细"], 3, "人工结论", word)
    workbook.save(path)
    for _ in range(2):
        write_tracker(board, path)
    workbook = load_workbook(path)
    assert workbook["我的明细"].cell(3, column(workbook["我的明细"], "人工结论")).value == word
    lines = [str(row[0].value) for row in workbook["总览"].iter_rows()]
    assert any("“我的明细”" in line and "不会执行" in line for line in lines) == told


def test_her_filter_is_set_again(board: Board, path: Path) -> None:
    workbook = load_workbook(path)
    ws = workbook["明细"]
    ws.auto_filter.add_filter_column(column(ws, "状态") - 1, ["未报"])
    workbook.save(path)
    write_tracker(board, path)
    ws = load_workbook(path)["明细"]
    shown = [ws.cell(row, 1).value for row in range(2, 10) if not ws.row_dimensions[row].hidden]
    assert shown == ["004"]


@pytest.mark.parametrize("lock", ["~$台账.xlsx", ".~lock.台账.xlsx#"])
def test_open_elsewhere_writes_beside_and_goes_on_later(board: Board, path: Path, lock: str) -> None:
    edit(path)
    before = path.read_bytes()
    path.with_name(lock).touch()
    written = write_tracker(board, path)
    assert written.path.name == "台账-0830.xlsx"
    assert "正被打开" in written.note
    assert lock in written.note
    assert path.read_bytes() == before
    check(written.path)
    path.with_name(lock).unlink()
    written = write_tracker(board, path)
    assert (written.path, written.note) == (path, "")
    check(path)
    assert sorted(p.name for p in path.parent.glob("台账*")) == ["台账-2022-10-10.xlsx", "台账.xlsx"]


def test_a_workbook_beside_in_which_she_wrote_stays(board: Board, path: Path) -> None:
    path.with_name("~$台账.xlsx").touch()
    beside = write_tracker(board, path, day_copy=False).path
    path.with_name("~$台账.xlsx").unlink()
    edit(beside)
    written = write_tracker(board, path, day_copy=False)
    assert beside.exists()
    assert "台账-0830.xlsx" in written.note


def test_a_rename_refused_writes_beside(board: Board, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace a file that another program has open."""
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target == path:
            raise PermissionError(13, "sharing violation")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    written = write_tracker(board, path, day_copy=False)
    assert written.path.name == "台账-0830.xlsx"
    assert not list(path.parent.glob(".*.tmp"))


def test_saved_by_her_while_we_write_is_read_again(board: Board, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save = aside.save
    saved: list[bool] = []

    def save_late(*arguments: Any) -> Path:
        made = save(*arguments)
        if not saved:
            saved.append(True)
            edit(path)
        return made

    monkeypatch.setattr(aside, "save", save_late)
    write_tracker(board, path)
    check(path)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted"])
def test_unreadable_is_kept_under_another_name(board: Board, path: Path, damage: bytes) -> None:
    path.write_bytes(damage)
    assert read_hand(path).note
    written = write_tracker(board, path)
    kept = path.with_name("台账.无法读取-20221010-083000.xlsx")
    assert kept.read_bytes() == damage
    assert kept.name in written.note
    assert load_workbook(path)["明细"]["A2"].value == "001"


def test_damaged_looks_do_not_cost_her_words(board: Board, path: Path) -> None:
    """openpyxl refuses a workbook with a broken style table; her values come over all the same."""
    edit(path)
    torn = path.with_name("torn.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(torn, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b'"solid"', b'"fancy"') if "styles" in name else data)
    torn.replace(path)
    with pytest.raises(ValueError, match="could not read stylesheet"):
        load_workbook(path)
    written = write_tracker(board, path)
    assert "无法读取" in written.note
    workbook = load_workbook(path)
    ws = workbook["明细"]
    assert ws.cell(2, column(ws, "备注")).value == "已电话联系"
    assert ws.cell(3, column(ws, "经办人")).value == "小李"
    assert workbook["领导汇报"]["A1"].value == "给处长的"


def test_a_foreign_workbook_in_the_place_keeps_its_sheets(board: Board, tmp_path: Path) -> None:
    path = tmp_path / "old.xlsx"
    workbook = Workbook()
    workbook.active.title = "通讯录"
    workbook.active["A1"] = "张三"
    workbook.save(path)
    write_tracker(board, path, day_copy=False)
    assert load_workbook(path)["通讯录"]["A1"].value == "张三"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_saved_by_libreoffice(board: Board, path: Path, tmp_path: Path) -> None:
    """The workbook opens there without repair, and what comes back still holds everything of hers."""
    edit(path)
    out = tmp_path / "saved"
    subprocess.run(
        [
            str(shutil.which("soffice")),
            *("--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (out / "台账.xlsx").replace(path)
    for _ in range(3):
        written = write_tracker(board, path, day_copy=False)
        assert written.note == ""
        assert written.kept == 8
    workbook = load_workbook(path)
    ws = workbook["明细"]
    assert ws.cell(2, column(ws, "备注")).value == "已电话联系"
    assert ws.cell(3, column(ws, "经办人")).value == "小李"
    assert workbook["领导汇报"]["A1"].value == "给处长的"
    assert "保留的备注" not in workbook.sheetnames


def put_by(path: Path) -> list[tuple[Any, ...]]:
    workbook = load_workbook(path)
    if "保留的备注" not in workbook.sheetnames:
        return []
    return [tuple(row[:5]) for row in workbook["保留的备注"].iter_rows(min_row=2, values_only=True)]


def test_what_she_types_over_ours_is_put_by_once(board: Board, path: Path) -> None:
    workbook = load_workbook(path)
    ws = workbook["明细"]
    write(ws, 2, "电话", "13900000000")
    write(ws, 3, "状态", "已齐（电话确认）")
    write(ws, 4, "联系人", None)
    workbook["邮件"].cell(2, column(workbook["邮件"], "类别")).value = "重要"
    workbook["总览"]["B40"] = "请处长过目"
    workbook.save(path)
    written = write_tracker(board, path, day_copy=False)
    assert "改动了 4 处" in written.note
    first = put_by(path)
    assert {(row[0], row[3], row[4]) for row in first} == {
        ("明细", "电话", "13900000000"),
        ("明细", "状态", "已齐（电话确认）"),
        ("邮件", "类别", "重要"),
        ("总览", None, "请处长过目"),
    }
    assert ("明细", "001") in {row[:2] for row in first}
    ws = load_workbook(path)["明细"]
    assert ws.cell(2, column(ws, "电话")).value == "022-00001000"
    assert write_tracker(board, path, day_copy=False).note == ""
    assert put_by(path) == first


def test_our_own_news_are_not_taken_for_her_words(sample: ModuleType, board: Board, path: Path) -> None:
    """The state of units changes from one writing to the next, and she saves in between."""
    edit(path)
    late = sample.board(path.parent, units=8, thumbnails=4, now=sample.DEADLINE + timedelta(days=2))
    changed = [msgspec.structs.replace(row, replies=row.replies + 3) for row in late.units]
    assert write_tracker(msgspec.structs.replace(late, units=tuple(changed)), path).note == ""
    assert put_by(path) == []


def test_her_comments_on_our_cells_stay_below_ours(board: Board, path: Path) -> None:
    workbook = load_workbook(path)
    ws = workbook["明细"]
    plain, told = ws.cell(2, column(ws, "联系人")), ws.cell(4, column(ws, "特色活动图片"))
    plain.comment = Comment("产假，找小王", "何主任")
    ours = told.comment.text
    told.comment = Comment(f"{ours}\n周三会补报", "收齐")  # she wrote into our comment
    ws.cell(1, column(ws, "状态")).comment = Comment("按此排序", "何主任")
    ws.cell(9, column(ws, "单位")).comment = Comment("要撤并了", "何主任")
    workbook.save(path)
    for _ in range(3):
        written = write_tracker(board, path, day_copy=False)
        assert written.note == ""
        ws = load_workbook(path)["明细"]
        comment = ws.cell(2, column(ws, "联系人")).comment
        assert (comment.text, comment.author) == ("产假，找小王", "何主任")
        assert ws.cell(4, column(ws, "特色活动图片")).comment.text == f"{ours}\n—— 以下为人工批注 ——\n周三会补报"
        assert ws.cell(1, column(ws, "状态")).comment.text == "按此排序"
    write_tracker(msgspec.structs.replace(board, units=board.units[:-1]), path, day_copy=False)
    assert ("明细", "008", board.units[7].unit.name, "单位", "（批注：要撤并了）") in put_by(path)


@pytest.mark.parametrize("author", ["收齐", " "])  # LibreOffice drops the author
def test_when_our_comment_changes_hers_stays_and_our_old_one_goes(
    sample: ModuleType, tmp_path: Path, author: str
) -> None:
    board = sample.board(tmp_path, units=9, thumbnails=0)
    path = write_tracker(board, tmp_path / "台账.xlsx", day_copy=False).path
    workbook = load_workbook(path)
    ws = workbook["明细"]
    cell = ws.cell(4, column(ws, "特色活动图片"))
    cell.comment = Comment(f"{cell.comment.text}\n—— 以下为人工批注 ——\n周三会补报", author)
    other = ws.cell(10, column(ws, "特色活动图片"))
    other.comment = Comment(other.comment.text, author)
    workbook.save(path)
    units = []
    for row in board.units:
        standings = tuple(msgspec.structs.replace(s, findings=s.findings[:1]) for s in row.verdict.standings)
        verdict = msgspec.structs.replace(row.verdict, standings=standings)
        units.append(msgspec.structs.replace(row, verdict=verdict))
    write_tracker(msgspec.structs.replace(board, units=tuple(units)), path, day_copy=False)
    ws = load_workbook(path)["明细"]
    lines = ws.cell(4, column(ws, "特色活动图片")).comment.text.split("\n")
    assert lines[-2:] == ["—— 以下为人工批注 ——", "周三会补报"]
    assert not any("3个字" in line for line in lines)
    text = ws.cell(10, column(ws, "特色活动图片")).comment.text
    assert "640×480" in text
    assert "3个字" not in text


def test_what_she_writes_beside_the_kept_notes_stays(board: Board, path: Path) -> None:
    edit(path)
    without = msgspec.structs.replace(board, units=board.units[1:])
    write_tracker(without, path, day_copy=False)
    workbook = load_workbook(path)
    workbook["保留的备注"]["G2"] = "已核"
    workbook.save(path)
    for _ in range(2):
        write_tracker(without, path, day_copy=False)
    assert [row[4] for row in put_by(path)].count("已核") == 1
