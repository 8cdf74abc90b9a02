"""What the coordinator says about a sender once is known from then on; mails that bring files of several units."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.commands import Setting
from intake.commands.deciding import assign
from intake.demo import materials as m
from rules.unit import Unit
from tests.desk import Desk, captioned
from tests.intake.test_hand import write

QUIET = timedelta(minutes=10)
PRIVATE = "8812345@qqmail.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, roster=4) as running:
        yield running


def say(desk: Desk, mail: str, unit: Unit, *, once: bool = False) -> None:
    """`assign MAIL UNIT`."""
    setting = Setting(config=desk.config, now=desk.now.isoformat(), json=True)
    assert assign(setting, mail=mail, unit=unit.code, once=once) == 0


def seen(desk: Desk, id: str) -> tuple[Any, ...]:
    """Unit, trust and reason of a mail."""
    row = desk.mails()[id]
    return row["unit"], row["trust"], row["identified_by"]


def test_an_assigned_address_is_the_units_own_from_then_on(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    unit = desk.units[1]
    first = desk.mail(unit, [m.summary(unit, 1, "总结.docx")], "材料", subject="材料", from_=PRIVATE)
    desk.cycle(wait=QUIET)
    say(desk, first, unit)
    assert f'"confirmed_address": "{PRIVATE}"' in capsys.readouterr().out
    later = desk.mail(unit, [m.photo(unit, 1)], "材料", subject="补报", from_=PRIVATE.upper())
    desk.cycle(wait=QUIET)
    assert seen(desk, later) == (unit.code, "registered", "经办人确认过的邮箱")
    assert desk.status()[unit.code]["confirmed_addresses"] == [PRIVATE]
    assert desk.todo() == []
    assert {letter["To"] for letter in desk.letters} == {unit.addresses[0]}


def test_what_she_writes_into_the_tracker_confirms_earlier_mails_as_well(desk: Desk) -> None:
    unit = desk.units[1]
    ids = [
        desk.mail(unit, [m.photo(unit, n)], captioned(unit), subject=f"{unit.name}材料{n}", from_=PRIVATE)
        for n in (1, 2)
    ]
    desk.cycle(wait=QUIET)
    assert [seen(desk, id)[1] for id in ids] == ["unknown", "unknown"]
    write(desk, f"{unit.name}材料1", "归属单位", unit.name)
    assert desk.cycle(wait=QUIET).decided == 1
    assert [seen(desk, id)[1] for id in ids] == ["registered", "registered"]
    assert [kind for kind, _ in desk.todo()] == []


def test_another_decision_moves_the_address_and_once_does_not_learn_it(desk: Desk) -> None:
    wrong, right = desk.units[1:3]
    ids = [desk.mail(wrong, [m.photo(wrong, n)], "材料", subject=f"材料{n}", from_=PRIVATE) for n in (1, 2)]
    desk.cycle(wait=QUIET)
    say(desk, ids[0], wrong, once=True)
    third = desk.mail(wrong, [m.photo(wrong, 3)], "材料", subject="材料三", from_=PRIVATE)
    desk.cycle(wait=QUIET)
    assert seen(desk, third)[0] is None
    say(desk, ids[1], wrong)
    say(desk, third, right)
    fourth = desk.mail(wrong, [m.photo(wrong, 4)], "材料", subject="材料四", from_=PRIVATE)
    desk.cycle(wait=QUIET)
    assert seen(desk, fourth)[:2] == (right.code, "registered")
    status = desk.status()
    assert (status[wrong.code]["confirmed_addresses"], status[right.code]["confirmed_addresses"]) == ([], [PRIVATE])


def test_a_registered_address_is_never_taken_from_its_unit(desk: Desk) -> None:
    unit, other = desk.units[1:3]
    id = desk.mail(unit, [m.photo(unit, 1)])
    desk.cycle(wait=QUIET)
    say(desk, id, other)
    again = desk.mail(unit, [m.photo(unit, 2)])
    desk.cycle(wait=QUIET)
    assert seen(desk, id)[0] == other.code
    assert seen(desk, again) == (unit.code, "registered", "登记邮箱")
    assert desk.status()[other.code]["confirmed_addresses"] == []


def test_a_superiors_address_is_not_learned_from_what_he_hands_on(desk: Desk) -> None:
    unit = desk.units[1]
    body = (
        f"请查收。\n\n-------- 原始邮件 --------\n发件人: 某某 <{unit.addresses[0]}>\n收件人: 局\n主题: 材料\n\n见附件"
    )
    id = desk.mail(unit, [m.photo(unit, 1)], body, subject="转发：材料", from_="leader@bureau.example")
    desk.cycle(wait=QUIET)
    assert seen(desk, id)[:2] == (unit.code, "unknown")
    say(desk, id, unit)
    assert seen(desk, id)[1] == "registered"
    assert desk.status()[unit.code]["confirmed_addresses"] == []


def test_files_of_two_units_in_one_mail_count_each_for_its_own(desk: Desk) -> None:
    unit, other = desk.units[:2]
    files = [
        m.summary(unit, 1, f"{unit.name}活动总结.docx"),
        m.summary(other, 2, f"{other.short}活动总结.docx"),
    ]
    id = desk.mail(unit, files)
    desk.cycle(wait=QUIET)

    def summaries() -> list[list[str]]:
        status = desk.status()
        return [[f["name"] for r in status[one.code]["requirements"] for f in r["files"]] for one in (unit, other)]

    assert summaries() == [[files[0].name], [files[1].name]]
    assert [a["unit"] for a in desk.mails()[id]["attachments"]] == [None, other.code]
    ((kind, text),) = desk.todo()
    assert kind == "several-units"
    assert unit.name in text and other.name in text
    say(desk, id, unit)
    assert summaries()[1] == []
    assert desk.todo() == []


def test_evidence_is_listed_for_her(desk: Desk) -> None:
    unit = desk.units[1]
    id = desk.mail(unit, [m.photo(unit, 1)], subject=f"{unit.name}材料", from_=PRIVATE)
    desk.cycle(wait=QUIET)
    assert any(line.startswith("主题中的单位名称：") for line in desk.mails()[id]["evidence"])
    ((_, text),) = desk.todo()
    assert "依据：主题中的单位名称" in text
