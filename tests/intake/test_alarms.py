"""Alarms: once when something begins, once when it is over, capped, kept over restarts; her answers submit nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.demo import materials as m
from intake.demo.clients import Attached, compose
from intake.demo.units import OFFICE_ADDRESS
from intake.reports.alarms import ring, ringing, silence
from tests.desk import Desk, first_line

HER = "jbr@office.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An office with a coordinator who wants at most two alarms a day."""
    sections = f'\n[coordinator]\naddress = "{HER}"\nname = "王老师"\nreport_at = "23:59"\nalarms_per_day = 2\n'
    with Desk(tmp_path, roster=2, sections=sections) as running:
        yield running


def switch(desk: Desk, key: str, *, on: bool) -> bool:
    """Ring or silence an alarm in an office opened anew, as after a restart."""
    with desk.office() as office, office.database.writing() as session:
        if on:
            what, detail = "收件邮箱连不上", "已连续 1 小时不能登录。"
            return ring(office, session, key, desk.now, what=what, detail=detail, remedy="请检查网络。")
        return silence(office, session, key, desk.now)


def told(desk: Desk) -> list[str]:
    """First lines of her letters."""
    return [first_line(one) for one in desk.letters if str(one["To"]) == HER]


def test_once_when_it_begins_and_once_when_it_is_over(desk: Desk) -> None:
    assert [switch(desk, "clock", on=True) for _ in range(3)] == [True, False, False]
    for _ in range(2):
        desk.cycle(wait=timedelta(minutes=5))
    (letter,) = [one for one in desk.letters if str(one["To"]) == HER]
    assert first_line(letter) == "警报：收件邮箱连不上"
    assert letter["Auto-Submitted"] == "auto-generated" and letter["X-Shouqi-Loop"]
    body = letter.get_body(("plain",))
    assert body is not None and "王老师：" in body.get_content() and "请检查网络。" in body.get_content()
    assert [switch(desk, "clock", on=False) for _ in range(2)] == [True, False]
    desk.cycle(wait=timedelta(minutes=5))
    assert told(desk) == ["警报：收件邮箱连不上", "警报解除：收件邮箱连不上"]
    desk.now += timedelta(days=2)
    assert switch(desk, "clock", on=True)  # another occasion
    desk.cycle()
    assert len(told(desk)) == 3


def test_what_flickers_is_told_no_more_than_the_cap(desk: Desk) -> None:
    for _ in range(6):
        desk.now += timedelta(minutes=1)
        switch(desk, "clock", on=True)
        desk.now += timedelta(minutes=1)
        switch(desk, "clock", on=False)
    switch(desk, "clock", on=True)
    desk.cycle()
    assert told(desk) == ["警报：收件邮箱连不上", "警报解除：收件邮箱连不上"]
    with desk.office() as office, office.database.reading() as session:
        assert list(ringing(session)) == ["clock"]


@pytest.mark.parametrize("files", [False, True])
def test_her_answer_is_no_submission(desk: Desk, files: bool) -> None:
    switch(desk, "clock", on=True)
    desk.cycle()
    unit, (letter,) = desk.units[0], desk.letters
    attached: list[Attached] = [m.summary(unit, 1)] if files else []
    raw = compose(
        "foxmail",
        from_=("王老师", HER),
        to=OFFICE_ADDRESS,
        subject=f"回复：{letter['Subject']}",
        text=f"知道了。{unit.name}的材料我来催。",
        files=attached,
        date=desk.now,
        message_id="<her@office.example>",
        headers={"In-Reply-To": str(letter["Message-ID"]), "References": str(letter["Message-ID"])},
    )
    desk.server.deliver(raw, desk.now)
    desk.cycle(wait=timedelta(minutes=1))
    desk.cycle(wait=timedelta(hours=1))
    mail = desk.mails()["<her@office.example>"]
    assert (mail["state"], mail["unit"]) == ("held" if files else "ignored", None)
    assert desk.status()[unit.code]["state"] == "missing"
    assert len(desk.letters) == 1


def test_no_coordinator_no_letter(tmp_path: Path) -> None:
    with Desk(tmp_path, roster=2) as desk:
        assert switch(desk, "clock", on=True)
        desk.cycle()
        assert desk.letters == []
        with desk.office() as office, office.database.reading() as session:
            assert list(ringing(session)) == ["clock"]


@pytest.mark.parametrize(("mode", "letters"), [("approve", 1), ("off", 0)])
def test_she_need_not_approve_what_is_for_her(tmp_path: Path, mode: str, letters: int) -> None:
    with Desk(
        tmp_path, roster=2, mode=mode, sections=f'\n[coordinator]\naddress = "{HER}"\nreport_at = "23:59"\n'
    ) as desk:
        switch(desk, "clock", on=True)
        desk.cycle()
        assert len(desk.letters) == letters
