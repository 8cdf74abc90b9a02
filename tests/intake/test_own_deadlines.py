"""A requirement with a deadline of its own: rungs count from it, letters tell it, lateness goes by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.others import CHINA
from intake.demo import materials as m
from intake.reminder_plan import preview
from intake.standing import build_board
from intake.words import lateness
from tests.desk import Desk, captioned, everything, first_line, letter, own_notice

NOTICE = """
id = "quality-month-2022"
title = "关于报送“质量月”活动材料的通知"
deadline = 2022-10-12
contact = { name = "孙敏", phone = "0871-55501234" }

[[requirement]]
id = "summary"
name = "活动总结"
category = "summary"
clause = "于10月12日前报送活动总结"

[[requirement]]
id = "photos"
name = "活动照片"
category = "photo"
deadline = 2022-10-20T17:00:00
clause = "照片可于10月20日17:00前报送"
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, roster=1) as running:
        own_notice(running, NOTICE)
        yield running


def at(desk: Desk, *, day: int, hour: int = 9, minute: int = 5) -> None:
    desk.now = datetime(2022, 10, day, hour, minute, tzinfo=CHINA)


def test_rungs_count_from_it_and_one_letter_a_day_tells_what_is_owed_by_when(desk: Desk) -> None:
    desk.cycle()  # the service was there before every rung
    at(desk, day=9)
    desk.cycle()  # three days before the summary's; the photos' ladder has not begun
    (first,) = desk.letters
    text = str(first.get_body(("plain",)).get_content())  # type: ignore[union-attr]  # it has a text part
    assert first_line(first) == "尚缺 1 项"
    assert "活动总结" in text
    assert "活动照片" not in text
    assert "10月12日" in text
    at(desk, day=11)
    desk.cycle()  # 1d of the summary and 7d of the photos fall on one day
    assert len(desk.letters) == 2
    text = str(desk.letters[1].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert first_line(desk.letters[1]) == "尚缺 2 项"
    assert "10月20日（星期四）17:00" in text
    assert "按各项所列时间" in text
    desk.cycle(wait=timedelta(hours=2))
    assert len(desk.letters) == 2
    at(desk, day=17)
    desk.cycle()  # 3d of the photos; the summary's time is over
    text = str(desk.letters[2].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "活动照片" in text
    assert "活动总结" not in text
    assert "截止时间：2022年10月20日（星期四）17:00，还有 3 天" in text


def test_the_dry_run_lists_the_rungs_of_every_deadline(desk: Desk) -> None:
    with desk.office() as office:
        planned = preview(office, desk.now).reminders
    told = [(one.rung, f"{one.fires_at:%m-%d}", one.owed) for one in planned]
    assert told == [
        ("7d", "09-28", ("活动总结",)),
        ("3d", "10-09", ("活动总结",)),
        ("1d", "10-11", ("活动总结", "活动照片")),
        ("0d", "10-12", ("活动总结", "活动照片")),
        ("3d", "10-17", ("活动照片",)),
        ("1d", "10-19", ("活动照片",)),
        ("0d", "10-20", ("活动照片",)),
    ]


def test_late_goes_by_it(desk: Desk) -> None:
    (unit,) = desk.units
    summary, _, photo, _ = everything(unit)
    at(desk, day=12)
    desk.mail(unit, [summary])
    desk.cycle()
    at(desk, day=15)
    assert overdue(desk) == "否", "the photos still have time"
    desk.mail(unit, [photo], captioned(unit))
    desk.cycle(wait=timedelta(minutes=20))
    status = desk.status()[unit.code]
    assert (status["state"], status["late"]) == ("complete", False)
    assert [one["deadline"][:16] for one in status["requirements"]] == ["2022-10-12T23:59", "2022-10-20T17:00"]


def test_what_came_after_it_is_late(desk: Desk) -> None:
    (unit,) = desk.units
    summary, _, _, _ = everything(unit)
    at(desk, day=12)
    desk.mail(unit, [summary])
    at(desk, day=20, hour=18)
    desk.cycle()
    assert overdue(desk) == "逾期未齐"
    desk.mail(unit, [m.photo(unit, 1, name="图1.jpg")], captioned(unit))
    desk.cycle(wait=timedelta(minutes=20))
    late = {one["id"]: one["late"] for one in desk.status()[unit.code]["requirements"]}
    assert late == {"summary": False, "photos": True}
    raw = desk.server.sent[-1].raw
    assert "截止：2022年10月20日17:00" in str(letter(raw).get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_a_requirement_due_earlier_than_the_notice_is_late_by_its_own(desk: Desk) -> None:
    own_notice(desk, NOTICE.replace("2022-10-20T17:00:00", "2022-10-09"))
    (unit,) = desk.units
    at(desk, day=10)
    desk.mail(unit, everything(unit)[::2], captioned(unit))
    desk.cycle()
    late = {one["id"]: one["late"] for one in desk.status()[unit.code]["requirements"]}
    assert late == {"summary": False, "photos": True}


def overdue(desk: Desk) -> str:
    with desk.office() as office:
        (campaign,) = office.campaigns.values()
        board = build_board(office, campaign, desk.now)
    return lateness(board, board.units[0])[0]
