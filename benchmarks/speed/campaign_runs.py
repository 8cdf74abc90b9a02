"""P1: durable download. P2: the whole cycle. P3: its memory. Beside mbsync and the naive stack, in turns."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.campaign import Campaign
from benchmarks.speed.anchors import mbsync
from benchmarks.speed.goal import Found, each, middle
from benchmarks.speed.machine import disk_probe
from benchmarks.speed.office import Servers, big_campaign, fill, ready_folder, servers
from benchmarks.speed.watching import Ran, checked, python, watch


@dataclass(slots=True)
class Rounds:
    """Everything that was run in turns on one mailbox."""

    bytes: int = 0
    probes: list[float] = field(default_factory=list)
    """Milliseconds of the disk probe before each round."""
    anchor: list[Ran] = field(default_factory=list)
    """mbsync with FSync off."""
    shipped: list[Ran] = field(default_factory=list)
    """mbsync as it is shipped."""
    fetch: list[Ran] = field(default_factory=list)
    fetch_alone: list[float] = field(default_factory=list)
    """Seconds of fetching without the start of the program."""
    fetch_cpu: list[float] = field(default_factory=list)
    cycle: list[Ran] = field(default_factory=list)
    naive: list[Ran] = field(default_factory=list)
    letters: int = 0
    later: list[Ran] = field(default_factory=list)
    """The two cycles after the first: copies of our own letters, then nothing."""


def run_rounds(folder: Path, mails: int, number: int, *, naive: int) -> Rounds:
    """`number` rounds, in `naive` of which the naive stack runs too."""
    found, made = Rounds(), big_campaign(mails)
    with servers(made) as there:
        found.bytes = fill(there.maildir, made)
        with _place(folder) as place:  # the server makes its index once
            mbsync(place, there.imap_port, fsync=False)
        for turn in range(number):
            found.probes.append(disk_probe(folder))
            with _place(folder) as place:
                found.anchor.append(mbsync(place, there.imap_port, fsync=False))
            with _place(folder) as place:
                _fetch(place, made, there, found)
            with _place(folder) as place:
                found.shipped.append(mbsync(place, there.imap_port, fsync=True))
            with _place(folder) as place:
                _cycle(place, made, there, found, later=turn == 0)
            if turn < naive:
                with _place(folder) as place:
                    command = python("benchmarks.speed.naive", there.imap_port, place)
                    found.naive.append(checked(watch(command, place / "log")))
            print(f"round {turn + 1} of {number} over {mails} mails is through", file=sys.stderr, flush=True)
    return found


@contextmanager
def _place(folder: Path) -> Iterator[Path]:
    """An empty folder that is gone afterwards."""
    place = folder / "place"
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place)


def _fetch(place: Path, made: Campaign, there: Servers, found: Rounds) -> None:
    config = ready_folder(place, made, there)
    command = python("benchmarks.speed.steps", config, made.as_of.isoformat(), "fetch")
    found.fetch.append(checked(watch(command, place / "log")))
    told = json.loads(found.fetch[-1].output.splitlines()[-1])
    assert told["new"] == len(made.mails), told
    found.fetch_alone.append(told["seconds"])
    found.fetch_cpu.append(told["cpu"])


def _cycle(place: Path, made: Campaign, there: Servers, found: Rounds, *, later: bool) -> None:
    """The command as a user runs it; `later`: twice more, so that the copies of the letters are taken in."""
    config = ready_folder(place, made, there)
    command = python("intake", "run", "--once", "--config", config, "--now", made.as_of.isoformat())
    found.cycle.append(checked(watch(command, place / "log")))
    found.letters = len(there.smtp.sent)
    if later:
        found.later = [checked(watch(command, place / "log")) for _ in range(2)]
        assert len(there.smtp.sent) == found.letters, "a later cycle wrote letters again"
    there.forget_copies()


def p1(rounds: Rounds) -> Iterator[Found]:
    """Durable download beside mbsync."""
    alone = [mine / theirs.seconds for mine, theirs in zip(rounds.fetch_alone, rounds.anchor, strict=True)]
    whole = [mine.seconds / theirs.seconds for mine, theirs in zip(rounds.fetch, rounds.anchor, strict=True)]
    shipped = [mine / theirs.seconds for mine, theirs in zip(rounds.fetch_alone, rounds.shipped, strict=True)]
    cpu = [mine / theirs.cpu for mine, theirs in zip(rounds.fetch_cpu, rounds.anchor, strict=True)]
    what = f"durable download of {len(rounds.fetch)} × {rounds.bytes / 1e6:.0f} MB"
    yield Found(
        goal="P1", what=f"{what}, beside mbsync with FSync off", limit="≤ 1.3×", rounds=each(alone),
        figure=f"{middle(alone):.2f}×", met=middle(alone) <= 1.3,
    )  # fmt: skip
    yield Found(
        goal="P1", what="processor time of our client beside mbsync's", limit="≤ 1×", rounds=each(cpu),
        figure=f"{middle(cpu):.2f}×", met=middle(cpu) <= 1,
    )  # fmt: skip
    yield Found(goal="P1", what="the same beside mbsync as shipped (which syncs too)", limit="", rounds=each(shipped),
                figure=f"{middle(shipped):.2f}×")  # fmt: skip
    yield Found(goal="P1", what="the same with the start of our program, FSync off", limit="", rounds=each(whole),
                figure=f"{middle(whole):.2f}×")  # fmt: skip


def p2(rounds: Rounds) -> Iterator[Found]:
    """The whole cycle beside mbsync and the naive stack."""
    ratios = [mine.seconds / theirs.seconds for mine, theirs in zip(rounds.cycle, rounds.anchor, strict=True)]
    yield Found(
        goal="P2", what=f"the whole of `run --once`, {rounds.letters} letters and the workbook included, beside mbsync "
        "with FSync off", limit="≤ 3×", rounds=each(ratios), figure=f"{middle(ratios):.1f}×", met=middle(ratios) <= 3,
    )  # fmt: skip
    stacks = {
        "ours": rounds.cycle,
        "mbsync, FSync off": rounds.anchor,
        "mbsync as shipped": rounds.shipped,
        "naive stack (no rules, letters, workbook)": rounds.naive,
    }
    for name, ran in stacks.items():
        if ran:
            yield Found(
                goal="P2", what=f"{name}: seconds (CPU seconds)", limit="",
                rounds=each([one.seconds for one in ran]) + f" ({each([one.cpu for one in ran])})",
                figure=f"{middle([one.seconds for one in ran]):.1f} s ({middle([one.cpu for one in ran]):.1f})",
            )  # fmt: skip
    if rounds.later:
        copies, nothing = rounds.later
        yield Found(
            goal="P2", what="then a cycle that finds the copies of our letters, and one that finds nothing", limit="",
            figure=f"{copies.seconds:.1f} s, {nothing.seconds:.1f} s",
        )  # fmt: skip


def p3(rounds: Rounds, fewer: Rounds) -> Iterator[Found]:
    """Memory of all processes, and whether it grows with the mailbox."""
    peaks, small = ([one.peak_mb or 0 for one in kind.cycle] for kind in (rounds, fewer))
    yield Found(
        goal="P3", what=f"most memory of all processes over {rounds.bytes / 1e6:.0f} MB of mail", limit="≤ 250 MB",
        rounds=each(peaks, 0), figure=f"{max(peaks):.0f} MB", met=max(peaks) <= 250,
    )  # fmt: skip
    yield Found(
        goal="P3", what=f"the same over {fewer.bytes / 1e6:.0f} MB: it must not grow with the mailbox", limit="+ 25 MB",
        rounds=each(small, 0), figure=f"{max(small):.0f} MB", met=max(peaks) <= max(small) + 25,
    )  # fmt: skip
