"""A letter that comes back goes once more, to the unit's other address; a passing failure waits for a second."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from intake.demo import machines
from intake.demo import materials as m
from intake.demo.units import OFFICE_ADDRESS
from rules.unit import Unit
from tests.desk import Desk

QUIET = timedelta(minutes=10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path) as running:
        yield running


@pytest.fixture
def unit(desk: Desk) -> Unit:
    """A unit with two addresses, which was answered at its first one."""
    (found,) = [one for one in desk.units if len(one.addresses) == 2]
    desk.mail(found, [m.summary(found, 1)])
    desk.cycle(wait=QUIET)
    assert [str(one["To"]) for one in desk.letters] == [found.addresses[0]]
    return found


def bounce(desk: Desk, address: str, number: int, status: str = "5.1.1") -> None:
    raw = machines.bounce(
        to=OFFICE_ADDRESS,
        failed=address,
        original_id="<o@x.example>",
        date=desk.now,
        message_id=f"<b{number}@mx.example>",
    )
    desk.server.deliver(raw.replace(b"Status: 5.1.1", b"Status: " + status.encode()), desk.now)
    desk.cycle(wait=timedelta(minutes=1))


def text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_the_same_letter_goes_once_to_the_other_address_in_the_same_thread(desk: Desk, unit: Unit) -> None:
    first, second = unit.addresses
    bounce(desk, first, 1)
    before, again = desk.letters
    assert str(again["To"]) == second
    for header in ("Subject", "In-Reply-To", "References", "From", "Auto-Submitted"):
        assert again[header] == before[header]
    assert text(again) == text(before)
    assert again["Message-ID"] != before["Message-ID"]
    ((_, told),) = [one for one in desk.todo() if one[0] == "undeliverable"]
    assert first in told and f"改寄 {second}" in told
    assert any(f"已改寄 {second}" in row["reason"] for row in desk.mails().values())
    bounce(desk, first, 2)  # servers tell twice
    assert len(desk.letters) == 2
    bounce(desk, second, 3)  # no third address, and nothing in a circle
    desk.cycle(wait=timedelta(days=1))
    assert len([one for one in desk.letters if one["In-Reply-To"] == before["In-Reply-To"]]) == 2
    assert sum(kind == "undeliverable" for kind, _ in desk.todo()) == 2


def test_what_fails_for_the_time_being_waits_for_a_second(desk: Desk, unit: Unit) -> None:
    bounce(desk, unit.addresses[0], 1, "4.4.7")
    assert len(desk.letters) == 1
    assert not desk.status()[unit.code]["undeliverable"]
    desk.now += timedelta(days=2)
    bounce(desk, unit.addresses[0], 2, "4.4.7")
    assert "暂时没有送达（4.4.7）" in desk.status()[unit.code]["undeliverable"]
    assert [str(one["To"]) for one in desk.letters if "自动回复" in str(one["Subject"])] == list(unit.addresses)


def test_a_second_one_weeks_later_is_a_first_one(desk: Desk, unit: Unit) -> None:
    bounce(desk, unit.addresses[0], 1, "4.2.2")
    desk.now += timedelta(days=8)
    bounce(desk, unit.addresses[0], 2, "4.2.2")
    assert not desk.status()[unit.code]["undeliverable"]


def test_bounces_from_before_our_time_mark_nobody(desk: Desk) -> None:
    address = desk.units[0].addresses[0]
    raw = machines.bounce(
        to=OFFICE_ADDRESS, failed=address, original_id="<o@x.example>", date=desk.now, message_id="<old@mx.example>"
    )
    desk.server.deliver(raw, desk.now - timedelta(days=200))
    desk.cycle()
    assert not desk.status()[desk.units[0].code]["undeliverable"]


@pytest.mark.parametrize(
    ("answer", "states", "marked"),
    [
        ("550 5.1.1 User unknown", ["dropped", "sent"], "收件地址不存在"),
        ("550 sending too fast", ["failed"], ""),
    ],
    ids=["the address", "us"],
)
def test_what_our_server_refuses_goes_elsewhere_when_the_address_is_the_reason(
    desk: Desk, answer: str, states: list[str], marked: str
) -> None:
    (found,) = [one for one in desk.units if len(one.addresses) == 2]
    desk.server.refusals[found.addresses[0]] = answer
    desk.mail(found, [m.summary(found, 1)])
    desk.cycle(wait=QUIET)
    desk.cycle(wait=timedelta(minutes=2))
    assert [str(one["To"]) for one in desk.letters] == list(found.addresses[1:]) * bool(marked)
    assert [one["state"] for one in desk.outbox()] == states
    assert marked in desk.status()[found.code]["undeliverable"]
    assert any(kind == "failed-letter" for kind, _ in desk.todo()) != bool(marked)
