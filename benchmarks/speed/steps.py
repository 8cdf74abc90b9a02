"""One step or one cycle of ours in a process of its own: `python -m benchmarks.speed.steps CONFIG NOW fetch|cycle`.

Prints one JSON document: seconds and processor seconds of the step alone, without the start of the program, and when
each stage of a cycle began (`time.monotonic()`, the same clock for all processes of the machine).
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from intake.commands import secrets_of
from intake.config import load_config
from intake.cycle import Progress, fresh_sandbox, run_cycle
from intake.mail import fetch, imap
from intake.office import Office, opened
from intake.turns import alone

WORKBOOK = "写台账"
"""The stage that writes it."""


class Marks(Progress):
    """When each stage began: name, `time.monotonic()`, processor seconds of this process."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, float, float]] = []

    def stage(self, name: str, total: int | None = None) -> None:
        """A new stage begins."""
        self.stages.append((name, time.monotonic(), time.process_time()))


def fetch_only(office: Office, now: datetime) -> dict[str, Any]:
    """Everything in the mailbox made ours, durably; nothing is read."""
    settings = office.config.imap
    with imap.connected(settings, secrets_of(office.config)("imap")) as client:
        polled = fetch.poll(client, settings.username, settings.folder, office.store, lambda: now)
    return {"new": polled.new}


def one_cycle(office: Office, now: datetime) -> dict[str, Any]:
    """A whole cycle; `work` and `cpu_work` are its seconds without the workbook, in this process."""
    marks = Marks()
    marks.stage("begin")
    with fresh_sandbox(office) as sandbox:
        report = run_cycle(office, sandbox, secrets_of(office.config), now, progress=marks)
        marks.stage("end")
    assert not report.away and not report.refused, report
    spans = [(name, end - start, cpu_end - cpu) for (name, start, cpu), (_, end, cpu_end) in pairwise(marks.stages)]
    return {
        "new": report.fetched,
        "sent": len(report.posted.sent),
        "stages": marks.stages,
        "work": sum(wall for name, wall, _ in spans if name != WORKBOOK),
        "cpu_work": sum(cpu for name, _, cpu in spans if name != WORKBOOK),
    }


def main(config: Path, now: datetime, what: str) -> None:
    """Run it and print what was measured."""
    settings = load_config(config)
    with alone(settings), opened(settings, now, working=True) as office:
        wall, cpu = time.perf_counter(), time.process_time()
        found = {"fetch": fetch_only, "cycle": one_cycle}[what](office, now)
        found |= {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3])
