"""The tracker 台账: the workbook she lives in, laid out from one `Board`, with what she wrote in it kept.

Imports openpyxl: import it inside the command that needs it.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from openpyxl import Workbook

from intake.tracker import aside, prints
from intake.tracker.attic import ranges, write_attic, write_helper
from intake.tracker.deeds import deeds_table
from intake.tracker.details import details_table
from intake.tracker.keep import ATTIC, HELPER, LISTS, OVERVIEW
from intake.tracker.layout import lay
from intake.tracker.links import Links
from intake.tracker.locks import opened_by
from intake.tracker.mails import mails_table
from intake.tracker.overview import write_overview
from intake.tracker.photos import photos_table
from intake.tracker.problems import problems_table
from intake.tracker.reopen import Hand, read_hand, reopen
from intake.tracker.statistic import statistics_tables
from intake.tracker.style import Styles
from intake.tracker.table import Table
from intake.tracker.todo import todo_table
from intake.view import Board

__all__ = ["Hand", "Written", "read_hand", "write_tracker"]

_TRIES: Final = 3
"""How often we begin anew when she saves while we write."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one writing."""

    path: Path
    """The workbook that was written: the wanted one, or the one beside it while that is open elsewhere."""
    note: str
    """What the coordinator should know, Chinese; "" when all went as usual."""
    kept: int
    """Cells of hers that were carried over."""


def write_tracker(board: Board, path: Path, *, day_copy: bool = True) -> Written:
    """Write the workbook at `path`, keeping what the coordinator wrote in the one that is there.

    When it is open elsewhere, `台账-HHMM.xlsx` is written beside it and hers stays as it is; it remains the
    source of her cells. When the old one cannot be read, it is kept under another name. With `day_copy`, a
    copy with the day in its name is laid beside it. OSError when the folder itself cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    now = board.as_of.astimezone(board.tz)
    for _ in range(_TRIES):
        before = aside.stamp(path)
        made = _make(board, path)
        temporary = aside.save(made.workbook, path, board.as_of, made.sums)
        clock = temporary.stat().st_mtime
        lock = opened_by(path, clock)
        if not lock and made.trouble != "locked" and aside.stamp(path) != before:
            temporary.unlink()  # she saved while we wrote: begin anew from what she saved
            continue
        break
    notes = []
    taken = bool(lock) or made.trouble == "locked" or aside.stamp(path) != before
    if not taken and made.trouble == "unreadable":
        kept_as = _keep_unreadable(path, now)
        taken = kept_as is None
        if kept_as is not None:
            notes.append(_told_unreadable(path, kept_as, made))
    goal = path
    if taken or not aside.settle(temporary, path):
        goal = _beside(path, now, temporary, clock)
        notes.append(_told_taken(path, goal, lock, made))
    if made.news:
        notes.append(f"您在程序填写的栏目中改动了 {made.news} 处，改动的内容已移至“{ATTIC}”表。")
    notes += _tidy(path, goal, clock)
    if day_copy:
        notes += _day_copy(goal, path, now, clock)
    return Written(path=goal, note="".join(notes), kept=made.kept)


@dataclass(slots=True)
class _Made:
    """A workbook ready to be saved."""

    workbook: Any
    trouble: str = ""
    kept: int = 0
    news: int = 0
    """Texts of hers that ours took the place of and that 保留的备注 now holds."""
    sums: dict[str, dict[str, float]] = field(default_factory=dict)


def _make(board: Board, path: Path) -> _Made:
    links = Links(board.data_dir, path)
    units, decisions, rulings = ranges(board)
    tables: list[Table] = [
        details_table(board, links, rulings),
        problems_table(board, links),
        photos_table(board, links),
        *statistics_tables(board, links),
        mails_table(board),
        todo_table(board, units, decisions),
        *([deeds_table(board)] if board.history else []),
    ]
    recall = reopen(path, {table.name: tuple(c.header for c in table.columns) for table in tables})
    workbook = recall.workbook
    if workbook is None:
        workbook = Workbook()
        workbook.remove(workbook.active)
    hers = list(workbook._sheets)
    made = _Made(workbook=workbook, trouble=recall.trouble)
    styles = Styles(workbook)
    first = workbook.create_sheet(OVERVIEW)
    write_overview(first, board, styles)
    made.sums[OVERVIEW] = {}
    written = {}
    for table in tables:
        laid = lay(workbook.create_sheet(table.name), table, styles, recall, f"{table.name}　{board.notice.title}")
        written[table.name] = laid.headers
        made.kept += laid.kept
        if laid.sums:
            made.sums[table.name] = laid.sums
    signs = {prints.sign(cell.value) for cell in first._cells.values()}
    write_helper(workbook.create_sheet(HELPER), board, written, signs)
    for place, told in board.told.items():
        sheet, _, key = place.partition("|")
        if sheet == "待办" and not told.answer:
            recall.carried_out(sheet, key, dict(zip(LISTS[sheet].hers, told.said, strict=False)))
    lost = recall.rest(board.as_of.astimezone(board.tz).replace(tzinfo=None, microsecond=0))
    if lost:
        write_attic(workbook.create_sheet(ATTIC), lost, styles)
        made.kept += len(lost)
        made.news = recall.news
    styles.close()
    _order(workbook, [OVERVIEW, *(table.name for table in tables)], hers)
    return made


def _order(workbook: Any, ours: Sequence[str], hers: Sequence[Any]) -> None:
    """Our lists first, then her sheets as she had them, then what was put by."""
    behind = [workbook[name] for name in (ATTIC, HELPER) if name in workbook.sheetnames]
    workbook._sheets = [*(workbook[name] for name in ours), *hers, *behind]
    workbook.active = 0
    for sheet in workbook._sheets:
        # two selected sheets are a group in Excel: what she types into one would go into both
        for view in sheet.views.sheetView:
            view.tabSelected = sheet is workbook.active
    workbook.calculation.fullCalcOnLoad = True


def _beside(path: Path, now: datetime, temporary: Path, clock: float) -> Path:
    """Put the new workbook beside the one that is taken, under a name with the time."""
    for number in range(1, 100):
        more = f"-{number}" if number > 1 else ""
        goal = path.with_name(f"{path.stem}-{now:%H%M}{more}{path.suffix}")
        if not opened_by(goal, clock) and aside.settle(temporary, goal):
            return goal
    temporary.unlink(missing_ok=True)
    raise PermissionError(f"no workbook can be written beside {path}")


def _tidy(path: Path, goal: Path, clock: float) -> list[str]:
    """Remove earlier workbooks beside the taken one, except those in which she wrote."""
    notes = []
    pattern = re.compile(rf"{re.escape(path.stem)}-\d{{4}}(-\d{{1,2}})?{re.escape(path.suffix)}")
    for old in sorted(path.parent.glob(f"{glob.escape(path.stem)}-*{path.suffix}")):
        if old == goal or not pattern.fullmatch(old.name):
            continue
        if not aside.untouched(old):
            notes.append(f"“{old.name}”中有您保存的修改，未并入台账，请核对后移入“{path.name}”。")
        elif not opened_by(old, clock):
            aside.remove(old)
    return notes


def _keep_unreadable(path: Path, now: datetime) -> Path | None:
    """Move the workbook that cannot be read out of the way; None when it cannot be moved either."""
    for number in range(1, 100):
        more = f"-{number}" if number > 1 else ""
        goal = path.with_name(f"{path.stem}.无法读取-{now:%Y%m%d-%H%M%S}{more}{path.suffix}")
        if not goal.exists():
            return goal if aside.settle(path, goal) else None
    return None


def _told_unreadable(path: Path, kept_as: Path, made: _Made) -> str:
    rescued = "其中能识别的备注已并入新台账，" if made.kept else ""
    return f"原“{path.name}”无法读取，已另存为“{kept_as.name}”，{rescued}请核对其中的手工内容。"


def _told_taken(path: Path, goal: Path, lock: str, made: _Made) -> str:
    unread = "因原文件无法打开，其中手工填写的内容未带入此文件，" if made.trouble == "locked" else ""
    left = f"（如无人打开，请删除“{lock}”）" if lock else ""
    return (
        f"“{path.name}”正被打开{left}，最新台账暂存为“{goal.name}”，{unread}"
        f"请仍在“{path.name}”中填写，关闭后下次更新即恢复。"
    )


def _day_copy(source: Path, path: Path, now: datetime, clock: float) -> list[str]:
    copy = path.with_name(f"{path.stem}-{now:%Y-%m-%d}{path.suffix}")
    if opened_by(copy, clock):
        return [f"“{copy.name}”正被打开，今日副本未更新。"]
    temporary = aside.copy_aside(source, copy)
    if aside.settle(temporary, copy):
        return []
    temporary.unlink(missing_ok=True)
    return [f"“{copy.name}”正被打开，今日副本未更新。"]
