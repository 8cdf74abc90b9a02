"""The simulation in its short form, and its referee: every law is seen to be broken once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from benchmarks.simulation import days, referee
from benchmarks.simulation.habits import HABITS, kinds
from benchmarks.simulation.letters import Letter
from benchmarks.simulation.mending import MATERIALS, TOLD
from benchmarks.simulation.play import Play
from benchmarks.simulation.record import Delivered, Record, Sheet
from benchmarks.simulation.referee import LAWS, Law, figures, judged
from benchmarks.simulation.robot import Call

SHORT = (
    "prompt", "photo too small", "three mails", "asks after the reminder", "unknown address without a name",
    "vacation robot without marks", "case by link", "sends while its reminder waits", "first address bounces",
)  # fmt: skip
"""Units: one prompt, one with a fault, one in pieces, and those with whom something goes wrong."""


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("simulation")
    play = Play(folder, kinds(SHORT), first=date(2022, 10, 6), last=date(2022, 10, 12), seed=1)
    return play.run()


def test_a_short_campaign_breaks_no_law(record: Record) -> None:
    assert {law: lines for law, lines in judged(record).items() if lines} == {}
    told = dict(figures(record))
    assert told["units"].startswith("9, of them 9 complete")
    reminders = re.findall(r"10-(\d\d)", told["reminders by day"])
    assert reminders[0] == "09", "a Sunday, worked for the holiday"


def test_there_are_sixty_units_of_many_habits() -> None:
    assert len(kinds()) == 60
    assert len({habit.name for habit in kinds()}) == len(HABITS) > 35
    flaws = {flaw for habit in kinds() for found in habit.flaws.values() for flaw in found}
    assert flaws == set(TOLD), "each flaw must be told by some words, and occur"


def test_the_calendar_knows_holidays_and_the_days_worked_for_them() -> None:
    assert not days.works(date(2022, 10, 7))
    assert days.works(date(2022, 10, 9))
    found = [days.rung_day(date(2022, 10, 12), rung).isoformat() for rung in ("7d", "3d", "0d", "+1d", "+3d")]
    assert found == ["2022-09-28", "2022-10-09", "2022-10-12", "2022-10-13", "2022-10-17"]
    assert days.rung_day(date(2022, 10, 6), "0d") == date(2022, 9, 30)
    assert days.in_office(days.at(date(2022, 10, 1), 12)).date() == date(2022, 10, 8)


# -- each law, broken by hand -----------------------------------------------------------------------------


def _reply(record: Record) -> Letter:
    return next(letter for letter in record.letters if letter.is_reply)


def _reminder(record: Record) -> Letter:
    units = {address for unit in record.units.values() for address in unit.addresses}
    return next(letter for letter in record.letters if not letter.is_reply and letter.to in units)


def _without(letter: Letter, name: bytes) -> Letter:
    """The letter without that header."""
    raw = re.sub(rb"(?mi)^" + name + rb":.*\r?\n(?:[ \t].*\r?\n)*", b"", letter.raw, count=1)
    return Letter(at=letter.at, raw=raw, rcpt_to=letter.rcpt_to)


def _put(record: Record, old: Letter, new: Letter) -> None:
    record.letters[record.letters.index(old)] = new


def _not_complete(record: Record) -> None:
    unit: Any = record.end.units["001"]
    unit["state"] = "incomplete"


def _never_told(record: Record) -> None:
    record.letters = [letter for letter in record.letters if not letter.done]


def _puzzled(record: Record) -> None:
    record.calls.append(Call(at=record.last, unit="001", topic="puzzled", about=MATERIALS["photo"]))


def _flood(record: Record) -> None:
    letter = _reply(record)
    record.letters += [replace(letter, at=letter.at + timedelta(hours=number)) for number in range(1, 6)]


def _reminded_again(record: Record) -> None:
    record.letters.append(_reminder(record))


def _on_a_holiday(record: Record) -> None:
    letter = _reminder(record)
    _put(record, letter, replace(letter, at=days.at(date(2022, 10, 7), 10)))


def _to_a_complete_unit(record: Record) -> None:
    letter = _reminder(record)
    look = next(look for look in record.looks if look.at == letter.at)
    for unit in look.units.values():
        for requirement in unit["requirements"]:
            requirement["state"] = "ok"


def _missed(record: Record) -> None:
    letter = _reminder(record)
    record.letters = [one for one in record.letters if one.at.date() != letter.at.date()]


def _unthreaded(record: Record) -> None:
    letter = _reply(record)
    _put(record, letter, _without(letter, b"In-Reply-To"))


def _sent_twice(record: Record) -> None:
    record.letters.append(_reply(record))


def _answered_a_machine(record: Record) -> None:
    id = _reply(record).in_reply_to[0]
    at = record.delivered[0].at
    record.delivered.append(Delivered(at=at, message_id=id, unit="001", kind="machine"))


def _to_others(record: Record) -> None:
    letter = _reply(record)
    _put(record, letter, replace(letter, rcpt_to=(*letter.rcpt_to, "other@else.example")))


def _not_listed(record: Record) -> None:
    record.on_server.append("<new@else.example>")


def _lost(record: Record) -> None:
    record.delivered.append(Delivered(at=record.last, message_id="<gone@else.example>", unit="001", kind="material"))


def _unreadable(record: Record) -> None:
    sheet = record.sheets[0]
    record.sheets[0] = Sheet(look=sheet.look, states={**sheet.states, "001": "已齐"})
    record.sheets[1] = Sheet(look=sheet.look, states={}, fault="BadZipFile")


def _complained(record: Record) -> None:
    record.complaints.append("extend ended with status 1")


BREAKS: dict[Law, Callable[[Record], None]] = {
    referee.complete: _not_complete,
    referee.told_so: _never_told,
    referee.understood: _puzzled,
    referee.caps: _flood,
    referee.once_a_rung: _reminded_again,
    referee.holidays: _on_a_holiday,
    referee.only_who_owes: _to_a_complete_unit,
    referee.none_missed: _missed,
    referee.threads: _unthreaded,
    referee.answered_once: _sent_twice,
    referee.silent: _answered_a_machine,
    referee.recipients: _to_others,
    referee.ledger: _not_listed,
    referee.none_lost: _lost,
    referee.tracker: _unreadable,
    referee.commands: _complained,
}


@pytest.mark.parametrize("law", LAWS, ids=[law.__name__ for law in LAWS])
def test_a_broken_law_is_seen(record: Record, law: Law) -> None:
    def lines(of: Record) -> Iterator[str]:
        return law(of)

    tampered = deepcopy(record)
    BREAKS[law](tampered)
    assert list(lines(record)) == []
    assert list(lines(tampered)) != []
