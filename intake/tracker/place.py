"""The files around the workbook: one beside it while it is open, what is kept of an old one, copies of the days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from intake.copies import DAY, MINUTE, named, untouched
from intake.tracker import aside
from intake.tracker.locks import opened_by


def beside(path: Path, now: datetime, temporary: Path, clock: float) -> Path:
    """Put the new workbook beside the one that is taken, under a name with the time. PermissionError when none can."""
    for number in range(1, 100):
        more = f"-{number}" if number > 1 else ""
        goal = path.with_name(f"{path.stem}-{now:%H%M}{more}{path.suffix}")
        hers = goal.exists() and not untouched(goal)
        if not hers and not opened_by(goal, clock) and aside.settle(temporary, goal):
            return goal
    temporary.unlink(missing_ok=True)
    raise PermissionError(f"no workbook can be written beside {path}")


def tidy(path: Path, goal: Path, clock: float) -> list[str]:
    """Remove earlier workbooks beside the taken one, except those in which she wrote; what to say about these."""
    notes = []
    for old in named(path, MINUTE):
        if old == goal:
            continue
        if not untouched(old):
            notes.append(f"“{old.name}”中有您保存的修改，未并入台账，请核对后移入“{path.name}”。")
        elif not opened_by(old, clock):
            aside.remove(old)
    return notes


def kept(path: Path, why: str, now: datetime, *, move: bool, source: Path | None = None) -> Path | None:
    """Keep the old workbook, or `source`, as `台账.WHY-TIME.xlsx`, moved or copied; None when it cannot be."""
    for number in range(1, 100):
        more = f"-{number}" if number > 1 else ""
        goal = path.with_name(f"{path.stem}.{why}-{now:%Y%m%d-%H%M%S}{more}{path.suffix}")
        if not goal.exists():
            old = source or path
            return goal if aside.settle(old if move else aside.copy_aside(old, goal), goal) else None
    return None


def day_copy(source: Path, path: Path, now: datetime, clock: float, keep: timedelta) -> list[str]:
    """Lay the copy of the day beside the workbook and remove copies older than `keep`; what to say.

    A copy that she saved herself stays as it is: `edited` tells of it.
    """
    for old in named(path, DAY):
        if _day(old) < now.date() - keep and untouched(old) and not opened_by(old, clock):
            aside.remove(old)
    copy = path.with_name(f"{path.stem}-{now:%Y-%m-%d}{path.suffix}")
    if opened_by(copy, clock):
        return [f"“{copy.name}”正被打开，今日副本未更新。"]
    if copy.exists() and not untouched(copy):
        return []
    temporary = aside.copy_aside(source, copy)
    if aside.settle(temporary, copy):
        return []
    temporary.unlink(missing_ok=True)
    return [f"“{copy.name}”正被打开，今日副本未更新。"]


def _day(path: Path) -> date:
    try:
        return date.fromisoformat(path.stem[-10:])
    except ValueError:  # 2022-02-31: not a copy of ours
        return date.max
