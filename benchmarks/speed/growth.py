"""P8: what a mail costs while the ledger grows from 1,000 to 100,000 mails; one new mail among 20,000 units."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.campaign import campaign
from benchmarks.crowd import crowd
from benchmarks.speed.filling import Ledger
from benchmarks.speed.goal import Found
from benchmarks.speed.office import SEED, ready_folder, servers
from benchmarks.speed.watching import ROOT, checked, python, watch

PATTERN = 60
"""Mails of the real ledger that is copied."""
BATCH = 40
"""New mails whose cost is measured."""


def p8(folder: Path, sizes: tuple[int, ...]) -> Iterator[Found]:
    """Cost per mail at each size of the ledger, what a cycle without mail costs taken off; then one mail."""
    costs: list[tuple[int, int, float, float]] = []
    single = 0.0
    for mails in sizes:
        units = min(20_000, round(mails * 0.3))
        batch, idle, one = _measured(folder / str(mails), mails, units)
        costs.append((mails, units, (batch["cpu_work"] - idle["cpu_work"]) / batch["new"] * 1000, idle["cpu_work"]))
        single = one["work"]
    first, last = costs[0], costs[-1]
    yield Found(
        goal="P8", what=f"a mail of {BATCH} new ones, all but the workbook, by the size of the ledger", limit="flat",
        figure=f"{last[2] / first[2]:.2f}× the CPU of the smallest", met=last[2] <= 1.5 * first[2],
        rounds=", ".join(f"{mails:,} mails {ms:.0f} ms CPU" for mails, _, ms, _ in costs),
    )  # fmt: skip
    yield Found(
        goal="P8", what="what a cycle without mail costs in a running program, taken off above", limit="",
        figure=f"{last[3]:.2f} s CPU", rounds=", ".join(f"{units:,} units {cpu:.2f} s" for _, units, _, cpu in costs),
    )  # fmt: skip
    yield Found(
        goal="P8", what=f"a cycle with one new mail in a running program, without the workbook: {last[1]:,} units, "
        f"{last[0]:,} mails",
        limit="≤ 2 s", figure=f"{single:.2f} s", met=single <= 2,
    )  # fmt: skip


def _measured(folder: Path, mails: int, units: int) -> tuple[dict[str, Any], ...]:
    """Cycles in a program that runs on so large a ledger: with `BATCH` new mails, with none, with a single one."""
    made = campaign(PATTERN + BATCH + 1, SEED, crowd(30))
    known, new, last = made.mails[:PATTERN], made.mails[PATTERN:-1], made.mails[-1]
    with servers(made) as there:
        for mail in known:
            there.deliver(mail.make(), mail.received_at)
        everybody = crowd(max(units, 30))
        config = ready_folder(folder, made, there)
        command = python("benchmarks.speed.steps", config, made.as_of.isoformat(), "cycle")
        for name in ("first", "copies"):  # the second fetches the copies of our own letters
            checked(watch(command, folder / f"{name}.log", memory_too=False))
        Ledger(folder / "data" / "shouqi.db").grow(everybody[30:], mails)
        ready_folder(folder, made, there, everybody=everybody)
        with _running(config, made.as_of) as cycle:
            cycle()  # the program makes its index of the names
            there.deliver(known[-1].make().replace(b"\n", b"\nX-Again: 1\n", 1), known[-1].received_at)
            cycle()
            idle = cycle()
            for mail in new:
                there.deliver(mail.make(), mail.received_at)
            batch = cycle()
            cycle()
            there.deliver(last.make(), last.received_at)
            one = cycle()
    assert batch["new"] == len(new) and one["new"] == 1, (batch, one)
    return batch, idle, one


@contextmanager
def _running(config: Path, now: datetime) -> Iterator[Callable[[], dict[str, Any]]]:
    """The program, ready; call it for a cycle."""
    command = python("benchmarks.speed.steps", config, now.isoformat(), "cycles")
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        (config.parent / "cycles.log").open("w") as log,
        subprocess.Popen(command, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log) as ran,
    ):
        assert ran.stdin is not None and ran.stdout is not None
        asked, told = ran.stdin, ran.stdout
        told.readline()  # it is ready

        def cycle() -> dict[str, Any]:
            asked.write(b"\n")
            asked.flush()
            while not (line := told.readline()).startswith(b"{"):  # what it logs
                assert line, "the program ended: see cycles.log"
            log.write(line.decode())
            found: dict[str, Any] = json.loads(line)
            return found

        yield cycle
        asked.close()
