"""Reminders on real servers: once a rung, after the deadline too, threaded, true when they leave, copied upwards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from benchmarks.others import CHINA
from intake.commands import Setting
from intake.commands.deciding import decide, extend
from intake.commands.reminding import remind
from intake.demo import materials as m
from intake.demo.units import units
from rules.unit import Unit
from tests.desk import Desk, captioned, everything, first_line


def at(day: int, hour: int = 9, minute: int = 5) -> datetime:
    """That moment in October 2022; the deadline is Wednesday 12, the rungs fall on 9, 11 and 12."""
    return datetime(2022, 10, day, hour, minute, tzinfo=CHINA)


def started(folder: Path, *, roster: int = 2, schedule: str = "", sections: str = "", mode: str = "send") -> Desk:
    """An office whose service was there before every rung."""
    return Desk(folder, roster=roster, sections=f"\n[schedule]\n{schedule}\n{sections}", mode=mode)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with started(tmp_path, schedule='reminders = ["3d", "1d", "0d", "+1d", "+3d"]') as running:
        running.cycle()
        yield running


def cycle(desk: Desk, *moments: datetime) -> list[EmailMessage]:
    """A cycle at each of these moments; the letters that left."""
    before = len(desk.letters)
    for moment in moments:
        desk.now = moment
        desk.cycle()
    return desk.letters[before:]


def to(letters: list[EmailMessage], unit: Unit) -> list[EmailMessage]:
    return [one for one in letters if str(one["To"]) == unit.addresses[0]]


def text(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return re.sub(r"\s+", "", part.get_content())


def setting(desk: Desk, *, as_json: bool = True) -> Setting:
    return Setting(config=desk.config, now=desk.now.isoformat(), json=as_json)


def test_a_service_that_was_down_makes_up_for_the_newest_rung_once(desk: Desk) -> None:
    letters = cycle(desk, at(11, 15), at(11, 16), at(11, 17))
    assert [str(one["To"]) for one in letters] == [unit.addresses[0] for unit in desk.units]
    assert "还有1天截止" in text(letters[0])


def test_overdue_rungs_follow_the_deadline_and_speak_of_it(desk: Desk) -> None:
    unit = desk.units[0]
    assert cycle(desk, at(13, 8, 50)) == []
    (first,) = to(cycle(desk, at(13), at(13, 15), at(14)), unit)
    assert "报送时间已过" in text(first)
    assert to(cycle(desk, at(15), at(16)), unit) == []  # a weekend
    assert len(to(cycle(desk, at(17)), unit)) == 1
    assert cycle(desk, at(18), at(19), at(28)) == []


def test_no_overdue_rung_unless_configured(tmp_path: Path) -> None:
    with started(tmp_path) as desk:
        desk.cycle()
        assert cycle(desk, at(13), at(14), at(17)) == []


def test_an_extended_unit_has_a_ladder_of_its_own_and_the_others_theirs(desk: Desk) -> None:
    late, other = desk.units
    assert len(cycle(desk, at(11))) == 2
    extend(setting(desk), unit=late.code, date="2022-10-19", note="来函说明")
    letters = cycle(desk, at(12), at(13))
    assert to(letters, late) == []
    assert [first_line(one)[:2] for one in to(letters, other)] == ["尚缺", "尚缺"]
    assert [len(to(cycle(desk, at(day)), late)) for day in (14, 17, 18, 19, 20)] == [1, 0, 1, 1, 1]


def test_what_is_waived_is_not_asked_for_and_who_is_excused_is_not_written_to(desk: Desk) -> None:
    excused, partly = desk.units
    ids = [one["id"] for one in desk.status()[excused.code]["requirements"] if one["required"]]
    for id in ids:
        decide(setting(desk), unit=excused.code, requirement=id, decision="waive", note="")
    decide(setting(desk), unit=partly.code, requirement=ids[0], decision="waive", note="")
    letters = cycle(desk, at(9), at(11), at(12), at(13))
    assert to(letters, excused) == []
    assert {first_line(one) for one in to(letters, partly)} == {f"尚缺 {len(ids) - 1} 项"}


def test_who_wrote_just_now_is_told_the_verdict_not_reminded(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, [m.summary(unit, 1)], at=at(9, 8, 58))
    assert to(cycle(desk, at(9, 9, 0), at(9, 9, 4)), unit) == []
    (letter,) = to(cycle(desk, at(9, 9, 20), at(9, 11)), unit)
    assert letter["Auto-Submitted"] == "auto-replied"


def test_thanks_put_a_reminder_off_for_the_quiet_period_only(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, text="收到，谢谢！", subject="回复", at=at(9, 8, 58))
    assert to(cycle(desk, at(9, 9, 0)), unit) == []
    (letter,) = to(cycle(desk, at(9, 9, 20)), unit)
    assert "催报" in letter["Subject"]


def test_every_reminder_hangs_on_the_conversation(desk: Desk) -> None:
    silent, writer = desk.units
    first, second, third = (to(cycle(desk, at(day)), silent)[0] for day in (9, 11, 12))
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == first["Message-ID"]
    assert str(third["References"]).split() == [first["Message-ID"], second["Message-ID"]]
    id = desk.mail(writer, [m.summary(writer, 1)], at=at(12, 10))
    (reply,) = to(cycle(desk, at(12, 10, 30)), writer)
    assert reply["In-Reply-To"] == id
    (reminder,) = to(cycle(desk, at(13)), writer)
    assert reminder["In-Reply-To"] == reply["Message-ID"]
    assert id in str(reminder["References"])


def without_server(desk: Desk) -> str:
    """Cut the way to the mail server; the settings as they were."""
    settings = desk.config.read_text("utf-8")
    desk.config.write_text(settings.replace(f"port = {desk.server.smtp_port}", "port = 1"), "utf-8")
    return settings


def test_a_reminder_that_could_not_leave_is_not_sent_to_who_has_sent_all_meanwhile(desk: Desk) -> None:
    unit, other = desk.units
    settings = without_server(desk)
    assert cycle(desk, at(9)) == []
    desk.mail(unit, everything(unit), captioned(unit), at=at(9, 10))
    desk.config.write_text(settings, "utf-8")
    letters = cycle(desk, at(9, 11), at(9, 12))
    assert [first_line(one) for one in to(letters, unit)] == ["已齐"]
    assert len(to(letters, other)) == 1


def test_what_a_late_letter_says_of_today_is_said_anew(desk: Desk) -> None:
    unit = desk.units[0]
    settings = without_server(desk)
    cycle(desk, at(9))
    cycle(desk, at(10))
    desk.config.write_text(settings, "utf-8")
    (letter,) = to(cycle(desk, at(10, 15), at(10, 16)), unit)
    assert "还有2天截止" in text(letter)
    assert [row["state"] for row in desk.outbox() if row["unit"] == unit.code] == ["dropped", "sent"]


def test_nothing_that_waited_leaves_on_a_day_off(desk: Desk) -> None:
    desk.now = at(14, 15)
    settings = without_server(desk)
    cycle(desk, at(14, 15))
    desk.config.write_text(settings, "utf-8")
    assert cycle(desk, at(15), at(16)) == []
    assert len(cycle(desk, at(17))) == 2


def test_a_reminder_waiting_for_approval_goes_when_all_has_come(tmp_path: Path) -> None:
    with started(tmp_path, mode="approve") as desk:
        unit = desk.units[0]
        cycle(desk, at(9))
        assert [row["state"] for row in desk.outbox()] == ["approval", "approval"]
        desk.mail(unit, everything(unit), captioned(unit), at=at(9, 10))
        cycle(desk, at(9, 11))
        states = {(row["kind"], row["unit"]): row["state"] for row in desk.outbox()}
        assert states["reminder", unit.code] == "dropped"
        assert states["reply", unit.code] == "approval"


SUPERIOR = """
[superior]
after = 2
address = "ldz@yunling.example"
"""


def test_the_superior_gets_a_copy_after_two_reminders(tmp_path: Path) -> None:
    with started(tmp_path, sections=SUPERIOR) as desk:
        unit = desk.units[0]
        letters = to(cycle(desk, datetime(2022, 9, 28, 9, 5, tzinfo=CHINA), at(9), at(11), at(12)), unit)
        assert [str(one["Cc"] or "") for one in letters] == ["", "", "ldz@yunling.example", "ldz@yunling.example"]
        assert ["抄送贵单位上级" in text(one) for one in letters] == [False, False, True, True]
        (envelope,) = {tuple(sent.rcpt_to) for sent in desk.server.sent if sent.raw == desk.server.sent[-1].raw}
        assert "ldz@yunling.example" in envelope


def test_a_class_of_units_has_its_own_superior(tmp_path: Path) -> None:
    first, second = units(2)
    assert first.category != second.category
    sections = (
        SUPERIOR.replace("after = 2", "after = 1") + f'by_class = {{ "{first.category}" = "qx@yunling.example" }}'
    )
    with started(tmp_path, sections=sections) as desk:
        letters = cycle(desk, at(9), at(11))
    copies = {str(one["To"]): str(one["Cc"] or "") for one in letters[2:]}
    assert copies == {first.addresses[0]: "qx@yunling.example", second.addresses[0]: "ldz@yunling.example"}


def test_the_dry_run_shows_the_whole_calendar(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    complete, silent = desk.units
    desk.mail(complete, everything(complete), captioned(complete))
    desk.cycle(wait=timedelta(minutes=20))
    capsys.readouterr()
    assert remind(setting(desk), dry_run=True) == 0
    plan = json.loads(capsys.readouterr().out)
    assert [(one["rung"], one["at"][:16]) for one in plan["rungs"]] == [
        ("3d", "2022-10-09T09:00"),
        ("1d", "2022-10-11T09:00"),
        ("0d", "2022-10-12T09:00"),
        ("+1d", "2022-10-13T09:00"),
        ("+3d", "2022-10-17T09:00"),
    ]
    assert {one["unit"] for one in plan["reminders"]} == {silent.code}
    off = {one["date"]: (one["why"], one["works"]) for one in plan["days_off"]}
    assert off["2022-10-04"] == ("国庆节放假", False)
    assert off["2022-10-08"] == ("国庆节调休上班", True)
    assert off["2022-10-15"] == ("周末", False)
    assert remind(setting(desk, as_json=False), dry_run=True) == 0
    shown = capsys.readouterr().out
    assert "2022-10-09 09:00　第 3d 档（10-12 截止）：1 家" in shown
    assert "10-01至10-07 国庆节放假" in shown
    assert silent.name in shown and complete.name not in shown


def test_the_command_first_looks_what_has_come(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit), at=at(9, 8))
    desk.now = at(9)
    capsys.readouterr()
    assert remind(setting(desk), dry_run=False) == 0
    done = json.loads(capsys.readouterr().out)
    assert [one["unit"] for one in done["queued"]] == [desk.units[1].code]
