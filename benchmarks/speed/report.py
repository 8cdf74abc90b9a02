"""What was found, as the table in docs/performance.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.speed.goal import Found
from benchmarks.speed.machine import disk_probe, kind, load
from benchmarks.speed.watching import ROOT

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def conditions(folder: Path, *, full: bool) -> str:
    """When and on what it was measured."""
    form = "full form" if full else "quick form"
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {form}. {kind(folder)}. "
        f"1 MB written and synced in {disk_probe(folder):.1f} ms (median); load before it began: {load():.1f}."
    )


def markdown(found: Sequence[Found]) -> str:
    """The table."""
    lines = ["| | what | goal | figure | rounds | reached |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {one.goal} | {one.what} | {one.limit} | {one.figure} | {one.rounds} | {one.verdict} |" for one in found
    ]
    return "\n".join(lines)


def write(told: str, table: str) -> None:
    """Put both between the marks of the page."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{told}\n\n{table}\n{END}{after}", "utf-8")
