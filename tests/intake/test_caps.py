"""Caps on answers, kept over restarts; the breaker, and a first start on a full mailbox."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from intake.demo import materials as m
from intake.demo.clients import Attached, compose
from intake.demo.units import OFFICE_ADDRESS
from rules.unit import Unit
from tests.desk import Desk, captioned, everything, first_line
from tests.intake.test_hand import write

QUIET = timedelta(minutes=10)
HER = "jbr@office.example"
SECTIONS = f'\n[coordinator]\naddress = "{HER}"\n'


def something_new(unit: Unit, number: int) -> list[Attached]:
    """Material that changes what the unit would be told."""
    return [everything(unit, 1)[0], m.photo(unit, number, name=f"图{number}.jpg", width=700 + number, height=500)]


def to(desk: Desk, address: str) -> list[str]:
    return [first_line(one) for one in desk.letters if str(one["To"]) == address]


def alarms(desk: Desk) -> list[str]:
    """What she was alarmed of; her morning mail is none."""
    return [line for line in to(desk, HER) if line.startswith("警报")]


def kinds(desk: Desk) -> list[tuple[str, str]]:
    return [(row["kind"], row["state"]) for row in desk.outbox()]


def test_between_two_letters_to_one_address_lies_the_quiet_period(tmp_path: Path) -> None:
    with Desk(tmp_path, extra="per_sender_per_day = 9\n") as desk:
        unit = desk.units[0]
        desk.now = desk.now.replace(month=10, day=12, hour=16)  # the last day: answered at once
        desk.mail(unit, something_new(unit, 1))
        desk.cycle()
        for number in (2, 3):
            desk.mail(unit, something_new(unit, number))
            desk.cycle(wait=timedelta(minutes=2))
        assert kinds(desk).count(("reply", "sent")) == 1
        desk.cycle(wait=timedelta(minutes=6))  # ten minutes after the first: one answer, to the newest state
        assert kinds(desk).count(("reply", "sent")) == 2
        assert [row["state"] for row in desk.outbox() if row["kind"] == "reply"].count("dropped") == 1


@pytest.mark.long
def test_an_address_has_its_four_a_day_and_then_one_notice_and_no_more(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        unit = desk.units[0]
        for number in range(1, 9):
            desk.mail(unit, something_new(unit, number))
            desk.cycle(wait=QUIET)
            desk.cycle(wait=QUIET)
        lines = to(desk, unit.addresses[0])
        assert len(lines) == 5
        assert [line.startswith("来信均已收存") for line in lines] == [False] * 4 + [True]
        assert len(desk.mails()) == 8 and {row["state"] for row in desk.mails().values()} == {"processed"}
        desk.cycle(wait=timedelta(days=1))
        assert len(to(desk, unit.addresses[0])) == 6  # the newest state, the day after
        assert ("reply", "waiting") not in kinds(desk)


def test_the_hour_s_cap_stops_stores_alarms_and_goes_on_by_itself(tmp_path: Path) -> None:
    with Desk(tmp_path, roster=6, sections=SECTIONS) as desk:
        desk.configure("per_hour = 1000", "per_hour = 2")
        for unit in desk.units:
            desk.mail(unit, everything(unit), captioned(unit))
        report = desk.cycle(wait=QUIET)
        assert (len(report.posted.sent), report.posted.held_back) == (4, 4)  # two answers, alarm, morning mail
        assert alarms(desk) == ["警报：本小时发信已达上限"]
        assert [kind for kind, _ in desk.todo()] == ["alarm"]
        assert len([row for row in desk.mails().values() if row["state"] == "processed"]) == 6
        desk.cycle(wait=timedelta(minutes=30))
        assert len(desk.letters) == 4
        for _ in range(3):
            desk.cycle(wait=timedelta(minutes=61))
        assert len({str(one["To"]) for one in desk.letters}) == 7
        assert alarms(desk) == ["警报：本小时发信已达上限", "警报解除：本小时发信已达上限"]
        assert desk.todo() == []


def test_more_answers_than_units_can_ask_for_open_the_breaker_until_she_closes_it(tmp_path: Path) -> None:
    with Desk(tmp_path, roster=3, extra="per_unit_per_day = 1\n", sections=SECTIONS) as desk:
        for number in (1, 2):
            for unit in desk.units:
                desk.mail(unit, something_new(unit, number))
            desk.cycle(wait=QUIET)
            desk.cycle(wait=QUIET)
        replies = [one for one in desk.letters if str(one["To"]) != HER]
        assert len(replies) == 4  # never less than one unit may have
        assert alarms(desk) == ["警报：答复过多，发信已停止"]
        desk.cycle(wait=timedelta(days=2))
        assert desk.cycle().posted.halted  # no time closes it, nor a restart
        assert len([one for one in desk.letters if str(one["To"]) != HER]) == 4
        ((kind, text),) = desk.todo()
        assert kind == "alarm" and "resume" in text
        assert desk.command("resume")["cause"] == "breaker"
        desk.cycle(wait=QUIET)
        assert kinds(desk).count(("reply", "sent")) == 6
        assert alarms(desk)[-1] == "警报解除：答复过多，发信已停止"


@pytest.mark.parametrize("how", ["command", pytest.param("sheet", marks=pytest.mark.long)])
def test_a_first_start_on_a_full_mailbox_sends_nothing_before_a_person_says_so(tmp_path: Path, how: str) -> None:
    with Desk(tmp_path, sections=SECTIONS) as desk:
        desk.configure('not_older_than = "30d"', 'not_older_than = "7d"')
        for number in range(25):
            unit = desk.units[number % 2]
            desk.mail(unit, [m.summary(unit, number)], at=desk.now - timedelta(days=100 - number))
        young = desk.units[2]
        desk.mail(young, everything(young), captioned(young))
        desk.now += QUIET
        told = desk.command("run", "--once")
        assert (told["sent"] != [], told["held_back"], told["halted"]) == (True, 1, "首次启用，发信等您确认")
        assert {str(one["To"]) for one in desk.letters} == {HER}
        assert "首次启用，发信等您确认" in alarms(desk)[0]
        assert {row["state"] for row in desk.mails().values()} == {"processed"}
        assert [row["to"] for row in desk.command("run", "--once", "--dry-run")["prepared"]] == [young.addresses[0]]
        assert "26 封" in desk.todo()[0][1] and "1 封信" in desk.todo()[0][1]
        assert any("首次启用" in line["detail"] for line in desk.command("doctor"))
        desk.cycle(wait=timedelta(hours=5))
        assert {str(one["To"]) for one in desk.letters} == {HER}
        if how == "command":
            assert desk.command("resume")["prepared"] == 1
        else:
            write(desk, "首次启用", "处理", "同意")
        desk.cycle(wait=QUIET)
        assert to(desk, young.addresses[0]) and not to(desk, desk.units[0].addresses[0])
        assert [kind for kind, _ in desk.todo() if kind == "alarm"] == []
        (deed,) = desk.command("history")
        assert deed["kind"] == "resume" and deed["by"] and "首次启用" in deed["note"]


def test_a_young_mailbox_starts_at_once_and_a_few_old_mails_do_not_matter(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        for number in range(3):
            desk.mail(desk.units[1], [m.summary(desk.units[1], number)], at=desk.now - timedelta(days=60 + number))
        desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        assert desk.cycle(wait=QUIET).posted.sent


def test_a_dry_run_sends_nothing_and_the_next_run_does(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        desk.now += QUIET
        assert len(desk.command("run", "--once", "--dry-run")["prepared"]) == 1
        assert desk.letters == []
        assert len(desk.command("run", "--once")["sent"]) == 1


def test_before_the_mailbox_was_read_through_no_answer_leaves(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        unit, port = desk.units[0], f"port = {desk.server.imap_port}"
        raw = compose(
            "foxmail",
            from_=(unit.contact, unit.addresses[0]),
            to=OFFICE_ADDRESS,
            subject="质量月材料",
            text=captioned(unit),
            files=everything(unit),
            date=desk.now,
            message_id="<1@unit.example>",
        )
        (tmp_path / "mail.eml").write_bytes(raw)
        desk.command("import", "mail.eml", "--reply")
        desk.configure(port, "port = 9")  # nothing listens there
        assert desk.cycle(wait=timedelta(hours=1)).away
        assert (desk.letters, kinds(desk)) == ([], [("reply", "waiting")])
        desk.configure("port = 9", port)
        assert len(desk.cycle().posted.sent) == 1
