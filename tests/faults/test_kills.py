"""Killed at any moment, the next clean run ends like an undisturbed one: none lost, none twice, one letter each."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.desk import Desk, captioned, everything

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = int(os.environ.get("SHOUQI_KILLS", "8"))
"""How many runs are killed; `make faults` does many more."""


def start(desk: Desk) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "intake", "run", "--once", "--json", "--config", str(desk.config),
         "--now", desk.now.isoformat()],
        cwd=desk.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_kills_at_random_moments(tmp_path: Path) -> None:
    dice = random.Random(20221012)
    with Desk(tmp_path, roster=6) as desk:
        text = desk.config.read_text("utf-8")
        text = text.replace("copy_to_self = true", "copy_to_self = true\nlookup_after_seconds = 0")
        desk.config.write_text(text, "utf-8")
        ids = {desk.mail(unit, everything(unit), captioned(unit)) for unit in desk.units}
        desk.now = desk.now.replace(hour=12)
        for _ in range(KILLS):
            run = start(desk)
            time.sleep(dice.uniform(0.2, 2.2))
            run.send_signal(signal.SIGKILL)
            run.communicate()
        for _ in range(2):  # what was `sending` is looked up in the first, its copy is fetched in the second
            run = start(desk)
            out, err = run.communicate(timeout=120)
            assert run.returncode == 0, err.decode()
        assert json.loads(out)["sent"] == []
        assert set(desk.mails()) == ids
        assert {row["state"] for row in desk.mails().values()} == {"processed"}
        assert {unit["state"] for unit in desk.status().values()} == {"complete"}
        assert [row["state"] for row in desk.outbox()] == ["sent"] * len(ids)
        recipients = sorted(str(one["To"]) for one in desk.letters)
        assert recipients == sorted(unit.addresses[0] for unit in desk.units)
        assert len({one["Message-ID"] for one in desk.letters}) == len(ids)
