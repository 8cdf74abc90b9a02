"""A link that a requirement rests on ends: she sees it, the unit is told once; what she settled is let be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.others import CHINA
from intake.commands import Setting
from intake.commands.deciding import decide
from intake.demo.clients import compose
from intake.demo.machines import qq_big_attachment
from intake.demo.units import OFFICE_ADDRESS
from intake.reminder_plan import preview
from tests.desk import Desk, captioned, everything, first_line
from tests.intake.test_hand import write

FILM = "质量月宣传短片.mp4"
BEFORE, WITHIN = datetime(2022, 10, 3, 10, 0, tzinfo=CHINA), datetime(2022, 10, 5, 10, 0, tzinfo=CHINA)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The film came on 26 September by a link that ends on 7 October at 10:12."""
    with Desk(tmp_path, roster=2) as running:
        unit = running.units[0]
        running.mail(unit, everything(unit), captioned(unit))
        raw = compose(
            "qq",
            from_=(unit.contact, unit.addresses[0]),
            to=OFFICE_ADDRESS,
            subject="宣传短片",
            text="见附件。",
            html=qq_big_attachment("见附件。", name=FILM, size="183.40M", expires="2022年10月07日 10:12", key="5f2c"),
            date=running.now,
            message_id="<film@unit.example>",
        )
        running.server.deliver(raw, running.now)
        yield running


def alarms(desk: Desk) -> list[str]:
    """Texts of 待办 about links."""
    return [text for kind, text in desk.todo() if kind == "link-expiring"]


def told(desk: Desk) -> list[str]:
    """Whom a letter about a link went to."""
    return [str(letter["To"]) for letter in desk.letters if first_line(letter).startswith("链接即将到期")]


def at(desk: Desk, moment: datetime) -> None:
    """A cycle at that moment."""
    desk.now = moment
    desk.cycle()


def test_both_are_told_in_time_and_the_unit_once(desk: Desk) -> None:
    desk.cycle(wait=timedelta(minutes=10))
    at(desk, BEFORE)
    assert (alarms(desk), told(desk)) == ([], [])
    with desk.office() as office:
        planned = [one for one in preview(office, desk.now).reminders if one.rung == "link"]
    assert [(one.fires_at.isoformat(), one.to) for one in planned] == [
        ("2022-10-04T10:12:00+08:00", desk.units[0].addresses[0])
    ]
    for _ in range(2):
        at(desk, WITHIN)
    ((text,), letters) = alarms(desk), told(desk)
    assert f"“{FILM}”" in text and "10月7日10:12到期" in text
    assert letters == [desk.units[0].addresses[0]]
    at(desk, WITHIN + timedelta(days=3))
    assert "已于10月7日10:12到期" in alarms(desk)[0]
    assert len(told(desk)) == 1


def received(desk: Desk) -> list[str]:
    """Subjects of all letters to the unit of the film."""
    return [str(one["Subject"]) for one in desk.letters if str(one["To"]) == desk.units[0].addresses[0]]


def film(desk: Desk) -> str:
    """The state of what the link answers."""
    unit = desk.status()[desk.units[0].code]
    (state,) = [r["state"] for r in unit["requirements"] if any(f["name"] == FILM for f in r["files"])]
    return str(state)


def test_a_link_that_has_ended_is_a_persons_to_look_at_and_no_letter_says_so(desk: Desk) -> None:
    desk.cycle(wait=timedelta(minutes=10))
    at(desk, WITHIN)
    assert film(desk) == "ok"
    before = received(desk)
    for days in (3, 4):
        at(desk, WITHIN + timedelta(days=days))
    assert film(desk) == "unsure"
    assert received(desk) == before


def test_not_before_the_hour_of_reminders(desk: Desk) -> None:
    desk.cycle(wait=timedelta(minutes=10))
    at(desk, WITHIN.replace(hour=7))
    assert told(desk) == []


def test_what_she_settled_rings_no_more(desk: Desk) -> None:
    desk.cycle(wait=timedelta(minutes=10))
    at(desk, WITHIN.replace(hour=7))
    write(desk, "宣传短片.mp4", "处理", "已处理")
    at(desk, WITHIN)
    assert (alarms(desk), told(desk)) == ([], [])


def test_an_accepted_requirement_rings_no_more(desk: Desk) -> None:
    desk.cycle(wait=timedelta(minutes=10))
    unit = desk.status()[desk.units[0].code]
    (film,) = [r["id"] for r in unit["requirements"] if any(f["name"] == FILM for f in r["files"])]
    setting = Setting(config=desk.config, now=desk.now.isoformat(), json=True)
    decide(setting, unit=desk.units[0].code, requirement=film, decision="accept", note="")
    at(desk, WITHIN)
    assert (alarms(desk), told(desk)) == ([], [])
