"""Another notice in the place of the old one: each unit judged anew, told once what changed for it, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.others import CHINA
from intake.demo import materials as m
from tests.desk import Desk, captioned, everything, first_line, own_notice

NOTICE = """
id = "quality-month-2022"
title = "关于报送“质量月”活动材料的通知"
deadline = 2022-10-12
contact = { name = "孙敏", phone = "0871-55501234" }

[[requirement]]
id = "summary"
name = "活动总结"
category = "summary"
clause = "报送活动总结一份"

[[requirement]]
id = "photos"
name = "活动照片"
category = "photo"
formats = ["jpg"]
clause = "照片1至2张"
checks.count = { min = 1, max = 2 }
"""
LATER = NOTICE.replace("2022-10-12", "2022-10-19")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, roster=4) as running:
        own_notice(running, NOTICE)
        yield running


def sent(desk: Desk) -> dict[str, list[str]]:
    """First lines of the letters by code of the unit."""
    codes = {unit.addresses[0]: unit.code for unit in desk.units}
    found: dict[str, list[str]] = {}
    for one in desk.letters:
        found.setdefault(codes[str(one["To"])], []).append(first_line(one))
    return found


def text_of(desk: Desk, unit_address: str) -> str:
    (*_, last) = [one for one in desk.letters if one["To"] == unit_address]
    return str(last.get_body(("plain",)).get_content())  # type: ignore[union-attr]  # it has a text part


def begin(desk: Desk) -> None:
    """The first unit is complete, the second owes the summary, the third its photos, the fourth is silent."""
    for unit, files in zip(desk.units, ((0, 2), (2,), (0,)), strict=False):
        desk.mail(unit, [everything(unit)[n] for n in files], captioned(unit))
    desk.cycle(wait=timedelta(minutes=10))
    assert sent(desk) == {
        unit.code: [line] for unit, line in zip(desk.units, ("已齐", "尚缺 1 项", "尚缺 1 项"), strict=False)
    }


def test_a_later_deadline_is_told_once_to_those_who_still_owe(desk: Desk) -> None:
    begin(desk)
    own_notice(desk, LATER)
    for _ in range(3):
        desk.cycle(wait=timedelta(minutes=30))
    complete, owing, also, silent = desk.units
    assert [len(sent(desk).get(unit.code, ())) for unit in (complete, owing, also, silent)] == [1, 2, 2, 0]
    text = text_of(desk, owing.addresses[0])
    assert "截止时间由2022年10月12日推迟到2022年10月19日" in text
    assert "截止时间：2022年10月19日" in text
    assert "活动照片" in text
    (letter,) = [one for one in desk.letters if one["To"] == owing.addresses[0]][1:]
    assert str(letter["Subject"]).startswith("要求有调整：")
    assert letter["In-Reply-To"] == f"<2.{owing.code}@unit.example>"


def test_reminders_go_by_the_moved_deadline_and_an_old_rung_does_not_count(desk: Desk) -> None:
    begin(desk)
    desk.now = datetime(2022, 10, 12, 9, 5, tzinfo=CHINA)
    desk.cycle()  # the last day of the old deadline: two units owe, one is silent
    before = len(desk.letters)
    own_notice(desk, LATER)
    desk.cycle(wait=timedelta(hours=1))
    assert len(desk.letters) == before + 2, "those who were answered are told; a reminder is not repeated"
    desk.now = datetime(2022, 10, 19, 9, 5, tzinfo=CHINA)
    desk.cycle()  # 0d again, of the new deadline
    assert len(desk.letters) == before + 5
    assert "今天截止" in text_of(desk, desk.units[3].addresses[0])


def test_nobody_is_late_who_was_in_time_when_it_counted(desk: Desk) -> None:
    """Put forward: what came before the change-over by the old date is in time. Put off: late no more, and told."""
    complete, owing, _, _ = desk.units
    desk.now = datetime(2022, 10, 11, 12, 0, tzinfo=CHINA)
    desk.mail(complete, everything(complete)[::2], captioned(complete))
    desk.cycle()
    own_notice(desk, NOTICE.replace("2022-10-12", "2022-10-10"))
    desk.cycle(wait=timedelta(hours=1))
    assert desk.status()[complete.code]["late"] is False
    desk.now += timedelta(hours=1)
    desk.mail(owing, everything(owing)[::2], captioned(owing))
    desk.cycle(wait=timedelta(hours=1))
    assert desk.status()[owing.code]["late"] is True
    own_notice(desk, LATER)
    desk.cycle(wait=timedelta(hours=1))
    told = [one["To"] for one in desk.letters if str(one["Subject"]).startswith("要求有调整")]
    assert told == [owing.addresses[0]]
    assert desk.status()[owing.code]["late"] is False


def test_a_new_requirement_and_a_higher_limit_are_told_to_whom_they_touch(desk: Desk) -> None:
    begin(desk)
    complete, owing, also, silent = desk.units
    stricter = NOTICE.replace(
        "checks.count = { min = 1, max = 2 }",
        "checks.count = { min = 1, max = 2 }\nchecks.image-size = { min_width = 9000 }",
    )
    own_notice(desk, stricter)
    desk.cycle(wait=timedelta(minutes=30))
    assert [len(sent(desk).get(unit.code, ())) for unit in (complete, owing, also, silent)] == [2, 2, 1, 0]
    assert "增加要求：宽不低于 9000 像素" in text_of(desk, complete.addresses[0])
    more = stricter + '\n[[requirement]]\nid = "video"\nname = "活动视频"\ncategory = "video"\nclause = "报送视频"\n'
    own_notice(desk, more)
    desk.cycle(wait=timedelta(minutes=30))
    assert [len(sent(desk).get(unit.code, ())) for unit in (complete, owing, also, silent)] == [3, 3, 2, 0]
    assert "新增“活动视频”" in text_of(desk, also.addresses[0])
    own_notice(desk, stricter)
    desk.cycle(wait=timedelta(minutes=30))
    assert "不再要求“活动视频”" in text_of(desk, also.addresses[0])
    own_notice(desk, more)
    desk.cycle(wait=timedelta(minutes=30))
    assert len(sent(desk)[also.code]) == 4, "asked again, told again"


def test_a_clause_or_a_contact_that_changes_is_no_letter(desk: Desk) -> None:
    begin(desk)
    before = len(desk.letters)
    own_notice(desk, NOTICE.replace("报送活动总结一份", "请报送活动总结1份").replace("孙敏", "方静"))
    desk.cycle(wait=timedelta(minutes=30))
    assert len(desk.letters) == before
    assert desk.status()[desk.units[1].code]["requirements"][0]["findings"][0]["clause"] == "请报送活动总结1份"


def test_what_waits_in_the_outbox_by_the_old_notice_does_not_leave(desk: Desk) -> None:
    """A reply within its quiet period is written anew by the new notice: one letter, no word of a change."""
    unit = desk.units[0]
    desk.mail(unit, [everything(unit)[0]])
    desk.cycle(wait=timedelta(minutes=1))
    assert desk.letters == []
    own_notice(desk, LATER)
    desk.cycle(wait=timedelta(minutes=15))
    (letter,) = desk.letters
    text = text_of(desk, unit.addresses[0])
    assert "2022年10月19日" in text
    assert "要求的变化" not in text
    assert str(letter["Subject"]).startswith("自动回复：")


def test_mails_that_come_with_the_change_are_answered_in_the_same_letter(desk: Desk) -> None:
    begin(desk)
    owing = desk.units[1]
    id = desk.mail(owing, [m.photo(owing, 2, name="图2.jpg")])
    own_notice(desk, LATER)
    desk.cycle(wait=timedelta(minutes=30))
    desk.cycle(wait=timedelta(minutes=30))
    (_, letter) = [one for one in desk.letters if one["To"] == owing.addresses[0]]
    assert letter["In-Reply-To"] == id
    assert "推迟到2022年10月19日" in text_of(desk, owing.addresses[0])
