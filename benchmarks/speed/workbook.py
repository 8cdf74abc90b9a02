"""P7: writing the workbook beside XlsxWriter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.speed.goal import Found, each, middle
from benchmarks.tracker_cost import run_step

STEPS = ("first", "rewrite", "bare", "dressed")


def p7(folder: Path, units: int, thumbnails: int, rounds: int) -> Iterator[Found]:
    """Our first write and our rewrite, in turns with XlsxWriter on the same cells."""
    cpu: dict[str, list[float]] = {name: [] for name in STEPS}
    for number in range(rounds):
        place = folder / str(number)
        place.mkdir(parents=True)
        for name in STEPS:
            cpu[name].append(run_step(name, place, units, thumbnails, units * 5)["cpu"] or 0)
    what = f"workbook of {units:,} units and {5 * units:,} mails with {thumbnails} thumbnails"
    for ours, theirs, beside, limit in (
        (
            "first",
            "dressed",
            "XlsxWriter writing the same cells, formats, links, notes, choices and pictures",
            "≤ 1.5×",
        ),
        ("first", "bare", "XlsxWriter writing the bare cells and pictures", ""),
        ("rewrite", "dressed", "a rewrite that reads her cells back first, beside XlsxWriter as in the first line", ""),
    ):
        ratios = [mine / other for mine, other in zip(cpu[ours], cpu[theirs], strict=True)]
        yield Found(
            goal="P7", what=f"{what}; beside {beside}" if limit else beside, limit=limit, rounds=each(ratios),
            figure=f"{middle(ratios):.2f}× ({middle(cpu[ours]):.2f} against {middle(cpu[theirs]):.2f} CPU s)",
            met=middle(ratios) <= 1.5 if limit else None,
        )  # fmt: skip
