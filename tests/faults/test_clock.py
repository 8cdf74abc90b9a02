"""Clocks that are wrong, set, or in another part of the world: verdicts, reminders and the service do not care."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from benchmarks.others import CHINA
from tests.desk import Desk, captioned, everything
from tests.intake.test_worker import ROOT, states, until

DEADLINE = datetime(2022, 10, 12, 23, 59, 59, tzinfo=CHINA)
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


def late(desk: Desk, zone: str, *, now: datetime) -> list[bool]:
    """What `status` says of the first two units, with the machine's zone and clock so."""
    ran = desk.surrounded({"TZ": zone}, "status", now=now)
    by_code = {unit["code"]: unit for unit in ran["notices"][0]["units"]}
    return [by_code[unit.code]["late"] for unit in desk.units[:2]]


def test_the_last_second_of_the_deadline_is_the_server_s_and_beijing_s(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        for unit, at in zip(desk.units, (DEADLINE, DEADLINE + timedelta(seconds=1)), strict=False):
            desk.mail(unit, everything(unit), captioned(unit), at=at)
        desk.now = DEADLINE + timedelta(hours=1)
        desk.surrounded({"TZ": "America/New_York"}, "run", "--once", now=desk.now)
        assert late(desk, "UTC", now=desk.now - timedelta(days=1)) == [False, True]
        assert late(desk, "Asia/Shanghai", now=desk.now + timedelta(days=1)) == [False, True]


def test_a_mail_judged_by_a_clock_that_is_a_day_off_is_judged_by_its_arrival(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        for unit, at in zip(desk.units, (DEADLINE, DEADLINE + timedelta(seconds=1)), strict=False):
            desk.mail(unit, everything(unit), captioned(unit), at=at)
        desk.now = DEADLINE - timedelta(days=1)
        desk.cycle()
        status = desk.status()
        assert [status[unit.code]["late"] for unit in desk.units[:2]] == [False, True]
        assert {row["state"] for row in desk.mails().values()} == {"processed"}


def test_a_clock_set_back_reminds_nobody_twice_and_nobody_early(tmp_path: Path) -> None:
    rung = datetime(2022, 10, 9, 9, 0, tzinfo=CHINA)  # three working days before the deadline
    with Desk(tmp_path) as desk:
        desk.now = rung - timedelta(minutes=1)
        desk.cycle()
        before = len(desk.letters)
        for minutes in (1, -59, 2, -24 * 60, 5, 60):
            desk.now = rung + timedelta(minutes=minutes)
            desk.cycle()
            reminders = [row for row in desk.outbox() if row["kind"] == "reminder"]
            assert len(desk.letters) - before == len(desk.units)
            assert len({(row["unit"], row["to"]) for row in reminders[-len(desk.units) :]}) == len(desk.units)
        desk.now = DEADLINE - timedelta(hours=10)  # the last rung
        desk.cycle()
        told = len(desk.letters)
        assert told == before + 2 * len(desk.units)
        for minutes in (30, -30, 31):  # across the deadline, back, and forth
            desk.now = DEADLINE + timedelta(minutes=minutes)
            desk.cycle()
        assert len(desk.letters) == told


def test_a_letter_sent_in_the_future_keeps_nobody_waiting(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        unit = desk.units[0]
        desk.now += timedelta(hours=3)  # the clock is wrong
        desk.mail(unit, everything(unit)[:1])
        desk.cycle(wait=timedelta(minutes=10))
        assert len(desk.letters) == 1
        desk.now -= timedelta(hours=3)  # it is put right
        desk.mail(unit, everything(unit)[1:], captioned(unit))
        desk.cycle(wait=timedelta(minutes=10))
        assert len(desk.letters) == 2


def _processed(desk: Desk, number: int) -> bool:
    return states(desk).count("processed") == number


@pytest.mark.skipif(FAKETIME is None or not shutil.which("faketime"), reason="faketime is not installed")
def test_the_service_goes_on_when_the_clock_is_set(tmp_path: Path) -> None:
    moved = tmp_path / "clock"

    def set_clock(moment: datetime) -> None:
        moved.write_text(f"{(moment - datetime.now(CHINA)).total_seconds():+.0f}\n", "ascii")

    with Desk(tmp_path) as desk:
        text = desk.config.read_text("utf-8")
        schedule = '[schedule]\npoll = "10s"\nidle = false\nquiet_period = "0s"\n'
        desk.config.write_text(text + schedule, "utf-8")
        set_clock(desk.now)
        process = subprocess.Popen(
            [sys.executable, "-m", "intake", "run"], cwd=desk.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT), "LD_PRELOAD": str(FAKETIME), "FAKETIME_NO_CACHE": "1",
                 "FAKETIME_TIMESTAMP_FILE": str(moved), "FAKETIME_DONT_FAKE_MONOTONIC": "1"},
        )  # fmt: skip
        try:
            until(lambda: (desk.folder / "data/tracker/台账.xlsx").exists())
            for number, moment in enumerate((desk.now - timedelta(days=1), desk.now + timedelta(days=1))):
                set_clock(moment)
                desk.now = moment
                unit = desk.units[number]
                desk.mail(unit, everything(unit), captioned(unit))
                until(partial(_processed, desk, number + 1))
            assert desk.log().count("clock was set") >= 2
        finally:
            process.kill()
            process.wait()
