"""Measure and tell: `python -m benchmarks.speed [--full] [--only P1,P7] [--write] [--keep FOLDER]`.

The quick form takes about five minutes and shows where things stand; the goals are set for the full form, which takes
about twenty and should have the machine to itself.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.campaign_runs import p1, p2, p3, run_rounds
from benchmarks.speed.goal import Found
from benchmarks.speed.growth import p8
from benchmarks.speed.large import p4
from benchmarks.speed.machine import missing
from benchmarks.speed.polls import p5, p6
from benchmarks.speed.report import conditions, markdown, write
from benchmarks.speed.workbook import p7


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured."""

    mails: int
    fewer: int
    """For memory: the mailbox beside which it must not have grown."""
    rounds: int
    naive: int
    """Rounds in which the naive stack runs too."""
    mailbox: int
    """Mails of the empty poll."""
    polls: int
    ledgers: tuple[int, ...]
    units: int
    """Of the workbook."""
    thumbnails: int


QUICK = Sizes(
    mails=60, fewer=30, rounds=3, naive=1, mailbox=20_000, polls=8, ledgers=(1000, 10_000), units=500, thumbnails=50
)
FULL = Sizes(
    mails=1000, fewer=250, rounds=3, naive=1, mailbox=100_000, polls=20, ledgers=(1000, 10_000, 100_000),
    units=2000, thumbnails=200,
)  # fmt: skip
HUGE = 100 * 10**6
"""Bytes of the one large mail."""


def _rounds(folder: Path, sizes: Sizes, wanted: frozenset[str]) -> Iterator[Found]:
    rounds = run_rounds(folder, sizes.mails, sizes.rounds, naive=sizes.naive)
    print(f"disk probe before each round: {rounds.probes}", file=sys.stderr)
    yield from p1(rounds)
    yield from p2(rounds)
    if "P3" in wanted:
        yield from p3(rounds, run_rounds(folder, sizes.fewer, 1, naive=0))


def measures(sizes: Sizes, wanted: frozenset[str]) -> Iterator[tuple[str, Callable[[Path], Iterator[Found]]]]:
    """What is to be run, by name."""
    if wanted & {"P1", "P2", "P3"}:
        yield "P1 P2 P3", lambda folder: _rounds(folder, sizes, wanted)
    if "P4" in wanted:
        yield "P4", lambda folder: p4(folder, HUGE)
    if "P5" in wanted:
        yield "P5", lambda folder: p5(folder, sizes.mailbox)
    if "P6" in wanted:
        yield "P6", lambda folder: p6(folder, 40, sizes.polls)
    if "P7" in wanted:
        yield "P7", lambda folder: p7(folder, sizes.units, sizes.thumbnails, sizes.rounds)
    if "P8" in wanted:
        yield "P8", lambda folder: p8(folder, sizes.ledgers)


def main() -> int:
    """Exit status 1 when something that is needed is missing, 3 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="1,000 mails of 1.3 MB, a mailbox of 100,000")
    parser.add_argument("--only", default="P1,P2,P3,P4,P5,P6,P7,P8", help="goals to measure")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--keep", type=Path, help="folder to leave data and logs in")
    options = parser.parse_args()
    absent = missing()
    if absent:
        print("not installed: " + "; ".join(absent), file=sys.stderr)
        return 1
    sizes, wanted = FULL if options.full else QUICK, frozenset(options.only.split(","))
    found: list[Found] = []
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shouqi-speed-")))
        folder.mkdir(parents=True, exist_ok=True)
        told = conditions(folder, full=options.full)
        for name, run in measures(sizes, wanted):
            began = time.monotonic()
            place = folder.resolve() / name.partition(" ")[0]
            place.mkdir()
            found += run(place)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    table = markdown(found)
    print(f"{told}\n\n{table}")
    if options.write:
        write(told, table)
    return 3 if any(one.met is False for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
