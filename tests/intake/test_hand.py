"""What the coordinator writes into 待办 takes effect in the next cycle, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from intake.cycle import track
from intake.demo import materials as m
from tests.desk import Desk, captioned, everything, first_line

QUIET = timedelta(minutes=10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path) as running:
        yield running


def write(desk: Desk, word: str, heading: str, value: str) -> None:
    """Write into the row of 待办 that contains `word`, as she does."""
    path = desk.folder / "data" / "tracker" / "台账.xlsx"
    book = load_workbook(path)
    sheet = book["待办"]
    rows = list(sheet.iter_rows())
    (head,) = [row for row in rows if heading in [cell.value for cell in row]]
    column = [cell.value for cell in head].index(heading)
    (row,) = [row for row in rows if any(word in str(cell.value) for cell in row)]
    row[column].value = value
    book.save(path)


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
    assert desk.cycle(wait=QUIET).decided == 0
    assert desk.mails()[id]["state"] == "held"


def test_a_workbook_written_by_command_in_between_loses_no_decision(desk: Desk) -> None:
    id = desk.mail(desk.units[0], text="材料", subject="材料", from_="rain@qqmail.example")
    desk.cycle(wait=QUIET)
    write(desk, "rain@qqmail.example", "归属单位", desk.units[0].name)
    with desk.office() as office:
        track(office, desk.now)
    assert desk.cycle(wait=QUIET).decided == 1
    assert desk.mails()[id]["unit"] == desk.units[0].code
