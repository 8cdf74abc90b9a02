"""One step or some cycles of ours in a process of its own: `python -m benchmarks.speed.steps CONFIG NOW fetch|cycle|…`.

`cycles` runs one cycle for each line on stdin, in one process, as the service does. Prints one JSON document a step or
cycle: seconds and processor seconds of the step alone, without the start of the program, and when
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
from intake.sandbox import Sandbox
from intake.turns import alone

FETCHING, MAILS, WORKBOOK = "收取邮件", "处理邮件", "写台账"
"""Stages of a cycle."""


class Marks(Progress):
    """When each stage began: name, `time.monotonic()`, processor seconds of this process."""

    def __init__(self, *, book: bool = True) -> None:
        self.stages: list[tuple[str, float, float]] = []
        self.waiting = 0
        """Mails that were to be processed."""
        self._book = book

    def stage(self, name: str, total: int | None = None) -> None:
        """A new stage begins."""
        self.stages.append((name, time.monotonic(), time.process_time()))
        self.waiting = total if name == MAILS and total is not None else self.waiting
        if name == WORKBOOK and not self._book:
            raise _Enough


class _Enough(Exception):
    """The workbook is not wanted."""


def fetch_only(office: Office, now: datetime) -> dict[str, Any]:
    """Everything in the mailbox made ours, durably; nothing is read."""
    settings = office.config.imap
    with imap.connected(settings, secrets_of(office.config)("imap")) as client:
        polled = fetch.poll(client, settings.username, settings.folder, office.store, lambda: now)
    return {"new": polled.new}


def one_cycle(office: Office, now: datetime) -> dict[str, Any]:
    """A whole cycle."""
    with fresh_sandbox(office) as sandbox:
        return _cycle(office, sandbox, now, Marks())


def cycles(office: Office, now: datetime) -> dict[str, Any]:
    """A cycle for each line on stdin, without its workbook; the first answer says that the program is ready."""
    with fresh_sandbox(office) as sandbox:
        print("{}", flush=True)
        for _ in sys.stdin:
            print(json.dumps(_cycle(office, sandbox, now, Marks(book=False))), flush=True)
    return {}


def _cycle(office: Office, sandbox: Sandbox, now: datetime, marks: Marks) -> dict[str, Any]:
    """`work` and `cpu_work` are the seconds of all but the workbook in this process."""
    marks.stage("begin")
    try:
        report = run_cycle(office, sandbox, secrets_of(office.config), now, progress=marks)
        assert not report.away and not report.refused, report
    except _Enough:
        marks.stages.pop()
    marks.stage("end")
    spans = [(name, end - start, cpu_end - cpu) for (name, start, cpu), (_, end, cpu_end) in pairwise(marks.stages)]
    return {
        "new": marks.waiting,
        "stages": marks.stages,
        "fetching": sum(wall for name, wall, _ in spans if name == FETCHING),
        "work": sum(wall for name, wall, _ in spans if name != WORKBOOK),
        "cpu_work": sum(cpu for name, _, cpu in spans if name != WORKBOOK),
    }


def main(config: Path, now: datetime, what: str) -> None:
    """Run it and print what was measured."""
    settings = load_config(config)
    with alone(settings), opened(settings, now, working=True) as office:
        wall, cpu = time.perf_counter(), time.process_time()
        found = {"fetch": fetch_only, "cycle": one_cycle, "cycles": cycles}[what](office, now)
        found |= {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3])
