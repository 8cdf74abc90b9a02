"""Killed again and again at random moments while mails come in waves, the office ends like one that was left alone."""

from __future__ import annotations

import os
import random
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.office import Office, differences
from tests.faults.program import told

KILLS = int(os.environ.get("SHOUQI_KILLS", "3"))
"""How many runs are killed in all; `make faults` kills hundreds."""
MAILS = int(os.environ.get("SHOUQI_KILL_MAILS", "20"))
"""How many mails come meanwhile."""
SHARES = int(os.environ.get("SHOUQI_SHARES", "1"))
"""Into how many offices both are divided, for as many processors."""
UNITS, EACH = 5, 4
"""Units that write in a wave, and how many mails each of them sends."""
WAVES = max(1, MAILS // SHARES // (UNITS * EACH))
ROSTER = min(100, WAVES * UNITS)


def wave(office: Office, number: int) -> None:
    """Mails of a few units in turn, an hour after the last ones."""
    office.now += timedelta(hours=1)
    office.cheap_mails(office.units[number * UNITS % ROSTER :][:UNITS], EACH)
    office.now += timedelta(minutes=30)


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.long
def test_kills_at_random_moments(tmp_path: Path, share: int) -> None:
    dice, began = random.Random(20221012 + share), time.monotonic()
    for name in ("calm", "killed"):
        (tmp_path / name).mkdir()
    with Office(tmp_path / "calm", roster=ROSTER) as calm:
        for number in range(WAVES):
            wave(calm, number)
            assert calm.program.run(*calm.run).status == 0
        length = (time.monotonic() - began) / WAVES
        wanted = calm.come_to()
    with Office(tmp_path / "killed", roster=ROSTER) as office:
        kills = tries = 0
        for number in range(WAVES):
            wave(office, number)
            while kills < KILLS // SHARES * (number + 1) // WAVES:
                office.program.start(*office.run)
                time.sleep(dice.uniform(0, length))
                if tries % 5 == 4:
                    office.program.kill_child()
                    time.sleep(dice.uniform(0, length / 5))
                office.program.kill()
                hit = office.program.wait().status == -9
                kills, tries = kills + hit, tries + 1
                length *= 1 if hit else 0.9  # a run that was through was no kill
            ran = office.program.run(*office.run)
            assert ran.status == 0, ran.said
            told(f"F2 share {share} wave {number}: {kills} kills in {tries} runs, {len(office.server.sent)} letters")
        assert differences(office.come_to(), wanted) == []
