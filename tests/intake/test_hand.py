"""What the coordinator writes into 待办 takes effect in the next cycle, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference

from intake.demo import materials as m
from intake.tracking import track
from tests.desk import Desk, captioned, everything, first_line

QUIET = timedelta(minutes=10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path) as running:
        yield running


def book(desk: Desk) -> Path:
    return desk.folder / "data" / "tracker" / "台账.xlsx"


def write(desk: Desk, word: str, heading: str, value: object, *, sheet: str = "待办") -> None:
    """Write into the row of a list that contains `word`, as she does."""
    workbook = load_workbook(book(desk))
    row, head = _row(workbook, sheet, word)
    row[head.index(heading)].value = value
    workbook.properties.lastModifiedBy = "何主任"
    workbook.save(book(desk))


def read(desk: Desk, word: str, heading: str, *, sheet: str = "待办") -> str:
    row, head = _row(load_workbook(book(desk)), sheet, word)
    return str(row[head.index(heading)].value or "")


def _row(workbook: Any, sheet: str, word: str) -> tuple[Any, list[Any]]:
    rows = list(workbook[sheet].iter_rows())
    (row,) = [row for row in rows[1:] if any(word in str(cell.value) for cell in row)]
    return row, [cell.value for cell in rows[0]]


def test_a_mail_is_assigned_and_its_unit_is_answered(desk: Desk) -> None:
    unit = desk.units[1]
    id = desk.mail(unit, [m.photo(unit, 1)], "材料", subject="材料", from_="rain@qqmail.example")
    assert desk.cycle(wait=QUIET).decided == 0
    assert desk.mails()[id]["state"] == "held"
    write(desk, "rain@qqmail.example", "归属单位", unit.name)
    assert desk.cycle(wait=QUIET).decided == 1
    desk.cycle(wait=QUIET)
    assert desk.mails()[id]["unit"] == unit.code
    assert desk.mails()[id]["identified_by"] == "人工指定"
    assert desk.status()[unit.code]["state"] == "incomplete"
    assert [(one["To"], first_line(one)[:2]) for one in desk.letters] == [(unit.addresses[0], "尚缺")]
    assert desk.todo() == []
    assert desk.cycle(wait=QUIET).decided == 0


def test_an_unrelated_mail_is_put_aside(desk: Desk) -> None:
    id = desk.mail(desk.units[0], text="代理记账，量大从优。", subject="优惠", from_="ad@daikai.example")
    desk.cycle(wait=QUIET)
    write(desk, "ad@daikai.example", "处理", "忽略")
    desk.cycle(wait=QUIET)
    assert desk.mails()[id]["state"] == "ignored"
    assert desk.todo() == []


def test_a_letter_is_agreed_to(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        text = desk.config.read_text("utf-8").replace('mode = "send"', 'mode = "approve"')
        desk.config.write_text(text, "utf-8")
        unit = desk.units[0]
        desk.mail(unit, everything(unit), captioned(unit))
        desk.cycle(wait=QUIET)
        assert desk.letters == []
        write(desk, unit.addresses[0], "处理", "同意")
        desk.cycle(wait=QUIET)
        assert [one["To"] for one in desk.letters] == [unit.addresses[0]]


def test_an_impossible_decision_changes_nothing(desk: Desk) -> None:
    id = desk.mail(desk.units[0], text="材料", subject="材料", from_="rain@qqmail.example")
    desk.cycle(wait=QUIET)
    write(desk, "rain@qqmail.example", "归属单位", "没有这个单位")
    report = desk.cycle(wait=QUIET)
    assert (report.decided, report.answered) == (0, 1)
    assert desk.mails()[id]["state"] == "held"
    assert read(desk, "rain@qqmail.example", "归属单位") == "没有这个单位"
    assert "未生效：名册里没有“没有这个单位”" in read(desk, "rain@qqmail.example", "处理结果")
    assert desk.cycle(wait=QUIET).answered == 0


def test_a_workbook_written_by_command_in_between_loses_no_decision(desk: Desk) -> None:
    id = desk.mail(desk.units[0], text="材料", subject="材料", from_="rain@qqmail.example")
    desk.cycle(wait=QUIET)
    write(desk, "rain@qqmail.example", "归属单位", desk.units[0].name)
    with desk.office() as office:
        track(office, desk.now)
    assert desk.cycle(wait=QUIET).decided == 1
    assert desk.mails()[id]["unit"] == desk.units[0].code


def test_decisions_carried_out_are_in_the_history_and_not_among_the_kept_notes(desk: Desk) -> None:
    desk.mail(desk.units[0], text="代理记账，量大从优。", subject="优惠", from_="ad@daikai.example")
    desk.cycle(wait=QUIET)
    write(desk, "ad@daikai.example", "处理", "忽略")
    desk.cycle(wait=QUIET)
    workbook = load_workbook(book(desk))
    assert "保留的备注" not in workbook.sheetnames
    (done,) = list(workbook["处理记录"].iter_rows(min_row=2, values_only=True))
    assert done[2] == "台账（何主任）"
    assert done[5] == "与报送无关"
    assert "《优惠》" in done[6]


def test_a_conclusion_about_a_unit_takes_effect_once_and_is_confirmed(desk: Desk) -> None:
    unit = desk.units[1]
    desk.mail(unit, [m.summary(unit, 1), m.photo(unit, 1, name="图1.jpg")])
    desk.cycle(wait=QUIET)
    before = desk.state(unit, "photos")
    assert before != "ok"
    write(desk, unit.code, "人工结论", "通过", sheet="明细")
    assert desk.cycle(wait=QUIET).decided == 1
    assert (desk.state(unit, "photos"), desk.state(unit, "summary")) == ("ok", "ok")
    assert desk.state(unit, "statistics") == "missing"
    said = read(desk, unit.code, "处理结果", sheet="明细")
    assert said.startswith("通过：")
    assert "特色活动图片" in said
    assert read(desk, unit.code, "人工结论", sheet="明细") == "通过"
    # saved again for another reason: the same words decide nothing anew
    write(desk, unit.code, "备注", "已电话联系", sheet="明细")
    assert desk.cycle(wait=QUIET).decided == 0
    assert len(list(load_workbook(book(desk))["处理记录"].rows)) == 1 + said.count("、") + 1


def test_single_requirements_notes_and_days(desk: Desk) -> None:
    first, second, third = desk.units
    desk.mail(first, everything(first), captioned(first))
    desk.cycle(wait=QUIET)
    write(desk, first.code, "人工结论", "退回 活动总结：没有落款", sheet="明细")
    write(desk, second.code, "人工结论", "免报 特色活动图片\n延期至 10月20日", sheet="明细")
    write(desk, third.code, "人工结论", "免报", sheet="明细")
    assert desk.cycle(wait=QUIET).decided == 3
    units = desk.status()
    (summary,) = [r for r in units[first.code]["requirements"] if r["id"] == "summary"]
    assert summary["state"] == "problem"
    assert "没有落款" in summary["findings"][-1]["says"]
    assert desk.state(second, "photos") == "waived"
    assert "延期至 2022-10-20" in read(desk, second.code, "处理结果", sheet="明细")
    assert units[third.code]["state"] == "complete"
    write(desk, third.code, "人工结论", "撤销", sheet="明细")
    desk.cycle(wait=QUIET)
    assert desk.status()[third.code]["state"] == "missing"
    assert read(desk, third.code, "处理结果", sheet="明细") == ""


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("延期至 2022-09-01", "已经过去"),
        pytest.param("延期至 10月1日", "早于通知的截止日期", marks=pytest.mark.long),
        ("延期至 2月30日", "没有“2月30日”这一天"),
        pytest.param("差不多行了", "未能理解", marks=pytest.mark.long),
        pytest.param("通过 没有的材料", "没有唯一的", marks=pytest.mark.long),
        ("通过", "尚未报送材料"),
        pytest.param("退回", "尚未报送材料", marks=pytest.mark.long),
        ("免报 特色活动图片；再说", "未能理解"),
    ],
)
def test_an_impossible_conclusion_is_answered_beside_the_cell(desk: Desk, said: str, answer: str) -> None:
    unit = desk.units[0]
    desk.cycle(wait=QUIET)
    write(desk, unit.code, "人工结论", said, sheet="明细")
    report = desk.cycle(wait=QUIET)
    assert (report.decided, report.answered) == (0, 1)
    assert answer in read(desk, unit.code, "处理结果", sheet="明细")
    assert read(desk, unit.code, "人工结论", sheet="明细") == said
    assert desk.status()[unit.code]["state"] == "missing"
    assert "处理记录" not in load_workbook(book(desk)).sheetnames
    write(desk, unit.code, "人工结论", None, sheet="明细")
    assert desk.cycle(wait=QUIET).answered == 1
    assert read(desk, unit.code, "处理结果", sheet="明细") == ""


def test_what_came_after_she_looked_is_not_sent_back(desk: Desk) -> None:
    """She saves at ten what she saw at nine; the photo of half past nine is judged on its own."""
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    write(desk, unit.code, "人工结论", "退回 活动总结", sheet="明细")
    desk.now += QUIET
    desk.mail(unit, [m.summary(unit, 7)], "更正：以此件为准。", subject="更正总结")
    assert desk.cycle(wait=QUIET).decided == 1
    assert desk.state(unit, "summary") == "ok"


def test_a_chart_of_hers_on_our_list_is_kept_aside_and_todo_says_so(desk: Desk) -> None:
    desk.cycle(wait=QUIET)
    workbook = load_workbook(book(desk))
    chart = BarChart()
    chart.add_data(Reference(workbook["明细"], min_col=1, min_row=1, max_row=3))
    workbook["明细"].add_chart(chart, "T2")
    workbook.save(book(desk))
    (written,) = desk.cycle(wait=QUIET).tracker
    assert written.kept_as is not None
    assert len(load_workbook(written.kept_as)["明细"]._charts) == 1
    assert "“明细”表中的图表1个" in read(desk, written.kept_as.name, "事项")
    desk.cycle(wait=QUIET)
    assert [kind for kind, _ in desk.todo()] == ["kept-book"]
    write(desk, written.kept_as.name, "处理", "已处理")
    desk.cycle(wait=QUIET)
    assert desk.todo() == []
    assert written.kept_as.exists()


def test_an_old_workbook_decides_nothing_again(desk: Desk) -> None:
    """She puts yesterday's workbook over today's: what she decided since then holds, and both are told."""
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    write(desk, unit.name, "人工结论", "退回：照片模糊", sheet="明细")
    desk.cycle(wait=QUIET)
    old = book(desk).read_bytes()
    write(desk, unit.name, "人工结论", "通过", sheet="明细")
    desk.cycle(wait=QUIET)
    assert desk.state(unit, "photos") == "ok"
    book(desk).write_bytes(old)
    report = desk.cycle(wait=QUIET)
    assert (report.decided, report.answered) == (0, 1)
    assert desk.state(unit, "photos") == "ok"
    assert "未生效：存盘的是旧版本" in read(desk, unit.name, "处理结果", sheet="明细")
    assert any(kind == "kept-book" and "旧版本" in text for kind, text in desk.todo())
    assert desk.cycle(wait=QUIET).decided == 0


def test_her_words_in_a_copy_are_told_until_she_is_done(desk: Desk) -> None:
    desk.cycle(wait=QUIET)
    copy = book(desk).with_name(f"台账-{desk.now:%Y-%m-%d}.xlsx")
    workbook = load_workbook(copy)
    workbook["明细"]["B2"] = "改在副本里"
    workbook.save(copy)
    desk.cycle(wait=QUIET)
    assert "只是副本" in read(desk, copy.name, "事项")
    write(desk, copy.name, "处理", "已处理")
    desk.cycle(wait=QUIET)
    assert not [kind for kind, _ in desk.todo() if kind == "kept-book"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("通过；退回：照片模糊", "互相矛盾"),
        ("退回 活动总结；通过 活动总结", "互相矛盾"),
        ("延期至 10-20；延期至 10-21", "两个延期日期"),
    ],
)
def test_two_decisions_for_the_same_thing_are_asked_about(desk: Desk, words: str, answer: str) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    write(desk, unit.name, "人工结论", words, sheet="明细")
    report = desk.cycle(wait=QUIET)
    assert (report.decided, report.answered) == (0, 1)
    assert answer in read(desk, unit.name, "处理结果", sheet="明细")
    assert desk.state(unit, "summary") == "ok"
