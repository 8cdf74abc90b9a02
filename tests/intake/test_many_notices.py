"""Several notices at once: doubt is asked about once, moved by her hand or by command, trackers keep their names."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from benchmarks.campaign import NOTICE
from benchmarks.several_play import play
from intake.books import tracker_path
from intake.demo import materials as m
from intake.demo import samples
from intake.demo.clients import Attached
from intake.standing import build_board
from tests.desk import Desk, captioned, everything
from tests.intake.test_two_notices import states

QUIET = timedelta(minutes=10)
FIRST, SECOND = "quality-month-2022", "safety-month-2022"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path) as running:
        text = NOTICE.read_text("utf-8")
        text = text.replace('id = "quality-month-2022"', 'id = "safety-month-2022"').replace(
            "〔2022〕9号", "〔2022〕3号"
        )
        text = text.replace('["质量月"]', '["安全生产月"]').replace("“质量月”", "“安全生产月”")
        (tmp_path / "safety.toml").write_text(text, "utf-8")
        shutil.copy(NOTICE.with_name("annex-3.xlsx"), tmp_path)
        yield running


ADDED = '[[notice]]\nfile = "safety.toml"\nroster = "roster.xlsx"\n\n[office]'


def todo_of(desk: Desk) -> dict[str, list[str]]:
    with desk.office() as office:
        return {
            id: [one.text for one in build_board(office, campaign, desk.now).todo if one.mail]
            for id, campaign in office.campaigns.items()
        }


def test_a_doubt_is_asked_about_once_and_her_choice_of_notice_is_obeyed(desk: Desk) -> None:
    desk.configure("[office]", ADDED)
    unit = desk.units[0]
    id = desk.mail(unit, everything(unit)[2:3], "请查收。", subject="材料")
    desk.cycle(wait=QUIET)
    asked = todo_of(desk)
    assert [len(asked[FIRST]), len(asked[SECOND])] == [1, 0]
    assert "“归属通知”" in asked[FIRST][0]
    with desk.office() as office:
        paths = {one.notice.id: tracker_path(office, one) for one in office.campaigns.values()}
    other = openpyxl.load_workbook(paths[SECOND])["邮件"]
    assert any("台账的“待办”中处理" in str(cell.value) for row in other.iter_rows() for cell in row)
    book = openpyxl.load_workbook(paths[FIRST])
    sheet = book["待办"]
    (head,) = [row for row in sheet.iter_rows() if any(cell.value == "归属通知" for cell in row)]
    column = next(cell.column for cell in head if cell.value == "归属通知")
    sheet.cell(head[0].row + 1, column, "关于组织开展2022年“安全生产月”活动的通知")
    book.save(paths[FIRST])
    desk.cycle(wait=QUIET)
    mail = desk.mails()[id]
    assert (mail["state"], mail["notices"], mail["unit"], mail["routed_by"]) == (
        "processed", [SECOND], unit.code, "经办人指定",
    )  # fmt: skip
    assert states(desk, unit.code) == {FIRST: "missing", SECOND: "incomplete"}
    assert todo_of(desk)[FIRST] == []


def test_a_mail_that_went_wrong_is_moved_and_answered_once_more_with_a_word_of_it(desk: Desk) -> None:
    desk.configure("[office]", ADDED)
    unit = desk.units[0]
    id = desk.mail(unit, everything(unit), captioned(unit), subject="质量月材料")
    desk.cycle(wait=QUIET)
    assert states(desk, unit.code)[FIRST] == "complete"
    moved = desk.command("assign", id, unit.code, "--notice", SECOND)
    assert moved["notice"] == SECOND
    assert states(desk, unit.code)[FIRST] == "missing"
    desk.cycle(wait=timedelta(hours=1))
    desk.cycle(wait=QUIET)
    assert len(desk.letters) == 2
    body = desk.letters[1].get_body(("plain",))
    assert body is not None
    assert "此前误按《关于组织开展2022年“质量月”活动的通知》答复" in body.get_content()
    assert [row["message_id"] for row in desk.command("mails", "--notice", SECOND)] == [id]
    assert desk.command("mails", "--notice", FIRST) == []


def test_a_mail_for_both_is_split_by_file_and_answered_about_each(desk: Desk) -> None:
    desk.configure("[office]", ADDED)
    unit = desk.units[0]
    summary = everything(unit)[0]
    files = [
        summary,
        summary._replace(name="安全生产月活动图片说明.docx"),
        everything(unit)[2]._replace(name="安全生产月图1.jpg"),
    ]
    id = desk.mail(unit, [files[0], files[2]], "见附件。", subject="两项材料")
    desk.cycle(wait=QUIET)
    desk.cycle(wait=QUIET)
    mail = desk.mails()[id]
    assert (mail["notices"], mail["routed_by"]) == ([FIRST, SECOND], "信中有几个通知的材料，按文件分别计入")
    assert states(desk, unit.code) == {FIRST: "incomplete", SECOND: "incomplete"}
    assert len(mail["letters"]) == len(set(mail["letters"])) == 2


def test_a_notice_that_is_added_gets_what_waited_and_the_tracker_of_the_first_keeps_its_name(desk: Desk) -> None:
    unit = desk.units[0]
    text = samples.docx("安全生产月活动总结", ["组织安全生产宣传咨询、应急演练和隐患排查，取得良好效果。" * 6])
    files = [Attached("安全生产月活动总结.docx", text, m.DOCX)]
    id = desk.mail(unit, files, "安全生产月材料，请查收。", subject="安全生产月总结")
    desk.cycle(wait=QUIET)
    assert desk.mails()[id]["notices"] == [FIRST]
    desk.configure("[office]", ADDED)
    desk.cycle(wait=QUIET)
    assert desk.mails()[id]["notices"] == [SECOND]
    with desk.office() as office:
        names = [tracker_path(office, one).name for one in office.campaigns.values()]
    assert names == ["台账.xlsx", f"台账-{SECOND}.xlsx"]


def test_a_notice_that_is_taken_out_is_still_known(desk: Desk) -> None:
    desk.configure("[office]", ADDED)
    unit = desk.units[0]
    before = desk.mail(unit, everything(unit)[2:3], "请查收。", subject="安全生产月材料")
    desk.cycle(wait=QUIET)
    ours = str(desk.letters[0]["Message-ID"])
    desk.configure(ADDED, "[office]")
    after = desk.mail(unit, everything(unit)[2:3], "补报。", subject="补报", headers={"In-Reply-To": ours})
    desk.cycle(wait=QUIET)
    mails = desk.mails()
    assert (mails[before]["state"], mails[before]["notices"]) == ("processed", [SECOND])
    assert mails[after]["state"] == "held"
    assert "已移出配置的通知《关于组织开展2022年“安全生产月”活动的通知》" in mails[after]["reason"]
    assert len(todo_of(desk)[FIRST]) == 1
    desk.configure("[office]", ADDED)
    desk.cycle(wait=QUIET)
    assert (desk.mails()[after]["state"], desk.mails()[after]["notices"]) == ("processed", [SECOND])


@pytest.mark.long
def test_an_autumn_with_three_notices(tmp_path: Path) -> None:
    found = play(tmp_path, 5, here=True)
    assert (found.wrong, found.blamed, found.twice) == ([], [], [])
    assert found.doubts == 2


def test_a_mail_of_a_unit_that_only_the_other_notice_asks(desk: Desk) -> None:
    *_, guest = desk.units
    desk.configure("[office]", ADDED)
    shutil.copy(desk.folder / "roster.xlsx", desk.folder / "other.xlsx")
    book = openpyxl.load_workbook(desk.folder / "roster.xlsx")
    book.worksheets[0].delete_rows(len(desk.units) + 1)
    book.save(desk.folder / "roster.xlsx")
    desk.configure('file = "safety.toml"\nroster = "roster.xlsx"', 'file = "safety.toml"\nroster = "other.xlsx"')
    id = desk.mail(guest, everything(guest)[:1], "请查收。", subject="“质量月”材料")
    desk.cycle(wait=QUIET)
    (asked,) = todo_of(desk)[FIRST]
    assert f"发件邮箱是{guest.name}登记的，本通知的名册中没有该单位" in asked
    assert desk.mails()[id]["letters"] == []
    with desk.office() as office:
        path = tracker_path(office, office.campaigns[FIRST])
    book = openpyxl.load_workbook(path)
    offered = {cell.value for row in book["收齐选项"].iter_rows(max_col=1) for cell in row}
    assert {guest.name, desk.units[0].name} < offered
    choose(path, 归属单位=guest.name)
    desk.cycle(wait=QUIET)
    assert "请同时选定“归属通知”" in answer(path)
    choose(path, 归属通知="关于组织开展2022年“安全生产月”活动的通知")
    desk.cycle(wait=QUIET)
    mail = desk.mails()[id]
    assert (mail["state"], mail["notices"], mail["unit"]) == ("processed", [SECOND], guest.code)


def choose(path: Path, **cells: str) -> None:
    """What she writes into the first row of 待办."""
    book = openpyxl.load_workbook(path)
    heads = [cell.value for cell in book["待办"][1]]
    for header, value in cells.items():
        book["待办"].cell(2, heads.index(header) + 1).value = value
    book.save(path)


def answer(path: Path) -> str:
    ws = openpyxl.load_workbook(path)["待办"]
    return str(ws.cell(2, [cell.value for cell in ws[1]].index("处理结果") + 1).value)
