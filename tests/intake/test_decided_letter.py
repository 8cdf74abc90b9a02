"""A decision that overtakes what a unit was told is told too, once; one that changes nothing for it is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.simulation.mending import MATERIALS, material
from intake.commands import Setting
from intake.commands.deciding import assign, decide
from intake.demo import materials as m
from intake.demo.clients import compose
from intake.demo.units import OFFICE_ADDRESS
from rules.unit import Unit
from tests.desk import Desk, captioned, everything, first_line

QUIET = timedelta(minutes=11)
PRIVATE = "8812345@qqmail.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, roster=2) as running:
        yield running


def setting(desk: Desk) -> Setting:
    return Setting(config=desk.config, now=desk.now.isoformat(), json=True)


def judged(desk: Desk, requirement: str, decision: str) -> None:
    decide(setting(desk), unit=desk.units[0].code, requirement=requirement, decision=decision, note="")


def lines(desk: Desk) -> list[str]:
    return [first_line(letter) for letter in desk.letters]


def send_case_by_link(desk: Desk, unit: Unit) -> str:
    """All that is asked, the case as a link: nobody on our side can tell what is in it. Its Message-ID."""
    sent = [material(category, unit, 1, {"link"}) for category in MATERIALS]
    text = "\n".join(piece.words for piece in sent)
    raw = compose(
        "qq",
        from_=(unit.contact, unit.addresses[0]),
        to=OFFICE_ADDRESS,
        subject="质量月材料",
        text=text,
        html=next(piece.html for piece in sent if piece.html)(text),
        files=[file for piece in sent for file in piece.files()],
        date=desk.now,
        message_id="<link@unit.example>",
    )
    desk.server.deliver(raw, desk.now)
    return "<link@unit.example>"


def test_what_was_left_to_a_person_is_told_when_she_has_decided(desk: Desk) -> None:
    unit = desk.units[0]
    id = send_case_by_link(desk, unit)
    desk.cycle(wait=QUIET)
    assert [line[:6] for line in lines(desk)] == ["已收到，待核"]
    desk.now += timedelta(days=9)  # longer than `not_older_than`: the decision is new, not the mail
    judged(desk, "cases", "accept")
    for _ in range(3):
        desk.cycle(wait=QUIET)
    assert lines(desk)[1:] == ["已齐"]
    assert desk.letters[-1]["In-Reply-To"] == id
    assert [str(one["Subject"])[:4] for one in desk.letters] == ["自动回复", "核对结果"]
    judged(desk, "cases", "accept")
    desk.cycle(wait=QUIET)
    assert len(desk.letters) == 2, "she said the same again"


def test_a_refusal_by_her_is_told_too(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    judged(desk, "summary", "reject")
    desk.cycle(wait=QUIET)
    assert lines(desk) == ["已齐", "尚缺 1 项"]


def test_a_decision_before_the_unit_was_told_anything_writes_no_letter(desk: Desk) -> None:
    judged(desk, "photos", "waive")
    desk.cycle(wait=QUIET)
    assert lines(desk) == []


def test_a_confirmed_sender_is_no_news(desk: Desk) -> None:
    unit = desk.units[0]
    id = desk.mail(unit, everything(unit), captioned(unit), subject=f"{unit.name}质量月材料", from_=PRIVATE)
    desk.cycle(wait=QUIET)
    assert lines(desk) == ["已齐"]
    assign(setting(desk), mail=id, unit=unit.code, once=False)
    desk.cycle(wait=QUIET)
    assert lines(desk) == ["已齐"]


def test_a_confirmed_sender_whose_version_now_counts_is(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.now += timedelta(minutes=1)
    other = m.summary(unit, 2, "活动总结新.docx")
    id = desk.mail(unit, [other], subject=f"{unit.name}质量月材料", from_=PRIVATE)
    desk.cycle(wait=QUIET)
    before = len(desk.letters)
    assign(setting(desk), mail=id, unit=unit.code, once=False)
    desk.cycle(wait=QUIET)
    assert len(desk.letters) == before + 1
