"""P8: what a mail costs while the ledger grows from 1,000 to 100,000 mails; one new mail among 20,000 units."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.campaign import campaign
from benchmarks.crowd import crowd
from benchmarks.speed.filling import Ledger
from benchmarks.speed.goal import Found
from benchmarks.speed.office import SEED, ready_folder, servers
from benchmarks.speed.polls import add_tiny
from benchmarks.speed.watching import checked, python, watch

PATTERN = 60
"""Mails of the real ledger that is copied."""
BATCH = 40
"""New mails whose cost is measured."""


def p8(folder: Path, sizes: tuple[int, ...]) -> Iterator[Found]:
    """Cost per mail at each size of the ledger; then one mail."""
    costs: list[tuple[int, int, float, float]] = []
    single = 0.0
    for mails in sizes:
        units = min(20_000, round(mails * 0.3))
        place = folder / str(mails)
        batch, one = _measured(place, mails, units)
        costs.append((mails, units, batch["work"] / batch["new"] * 1000, batch["cpu_work"] / batch["new"] * 1000))
        single = one["work"]
    first, last = costs[0], costs[-1]
    told = ", ".join(f"{mails:,} mails {ms:.0f} ms ({cpu:.0f} CPU)" for mails, _, ms, cpu in costs)
    yield Found(
        goal="P8", what=f"a mail of {BATCH} new ones, all but the workbook, by the size of the ledger", limit="flat",
        figure=f"{last[3] / first[3]:.2f}× the CPU of the smallest", rounds=told, met=last[3] <= 1.5 * first[3],
    )  # fmt: skip
    yield Found(
        goal="P8", what=f"a cycle with one new mail, {last[1]:,} units, {last[0]:,} mails, without the workbook",
        limit="≤ 2 s", figure=f"{single:.2f} s", met=single <= 2,
    )  # fmt: skip


def _measured(folder: Path, mails: int, units: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A cycle with `BATCH` new mails, then one with a single one, on a ledger of so many mails."""
    made = campaign(PATTERN + BATCH + 1, SEED, crowd(30))
    known, new, last = made.mails[:PATTERN], made.mails[PATTERN:-1], made.mails[-1]
    with servers(made) as there:
        for mail in known:
            there.deliver(mail.make(), mail.received_at)
        everybody = crowd(max(units, 30))
        config = ready_folder(folder, made, there, everybody=everybody)
        for round in ("first", "copies"):  # the second fetches the copies of our own letters
            _cycle(config, made.as_of, folder / f"{round}.log")
        ledger = Ledger(folder / "data" / "shouqi.db")
        before = ledger.mails
        ledger.grow(everybody[30:], mails)
        add_tiny(there.maildir, ledger.mails - before, made.as_of)
        _cycle(config, made.as_of, folder / "settled.log")
        for mail in new:
            there.deliver(mail.make(), mail.received_at)
        batch = _cycle(config, made.as_of, folder / "batch.log")
        _cycle(config, made.as_of, folder / "copies.log")
        there.deliver(last.make(), last.received_at)
        one = _cycle(config, made.as_of, folder / "one.log")
    assert batch["new"] == len(new) and one["new"] == 1, (batch, one)
    return batch, one


def _cycle(config: Path, now: datetime, log: Path) -> dict[str, Any]:
    ran = checked(watch(python("benchmarks.speed.steps", config, now.isoformat(), "cycle"), log, memory_too=False))
    found: dict[str, Any] = json.loads(ran.output.splitlines()[-1])
    return found
