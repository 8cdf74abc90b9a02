"""Writing the workbook: laid out from one `Board`, with what she wrote in the old one kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from openpyxl import Workbook

from intake.copies import stamp
from intake.tracker import Written, aside, place, prints
from intake.tracker.attic import Arrangement, notice_range, ranges, write_attic, write_helper
from intake.tracker.deeds import deeds_table
from intake.tracker.details import details_table
from intake.tracker.foreign import doubles
from intake.tracker.keep import ATTIC, HELPER, LISTS, OVERVIEW, Recall
from intake.tracker.layout import lay
from intake.tracker.links import Links
from intake.tracker.locks import opened_by
from intake.tracker.mails import mails_table
from intake.tracker.order import merged
from intake.tracker.overview import write_overview
from intake.tracker.photos import photos_table
from intake.tracker.problems import problems_table
from intake.tracker.references import Move, carry
from intake.tracker.sources import recalled
from intake.tracker.spool import Rows
from intake.tracker.statistic import statistics_tables
from intake.tracker.style import Styles
from intake.tracker.table import Table
from intake.tracker.todo import todo_table
from intake.view import Board

KEEP: Final = timedelta(days=90)
"""How long the copies of the days are kept where nothing else is said."""
_KEPT: Final = {"unreadable": "无法读取", "foreign": "非台账", "stale": "较新"}
"""What a workbook is called that is kept beside the new one because of such a trouble."""
_DOUBLED: Final = "工作表“{name}”由程序的表复制或改名而来，其中填写的结论和处理不会执行，请填在程序原名的表中。"
_TRIES: Final = 3
"""How often we begin anew when she saves while we write."""


def write_tracker(board: Board, path: Path, *, day_copy: bool = True, keep: timedelta = KEEP) -> Written:
    """Write the workbook at `path`, keeping what the coordinator wrote in the one that is there.

    When it is open elsewhere, `台账-HHMM.xlsx` is written beside it and hers stays as it is; it remains the
    source of her cells. When the old one cannot be read, or holds something that the new one cannot, it is kept
    under another name. With `day_copy`, a copy with the day in its name is laid beside it, and copies older than
    `keep` go. OSError when the folder itself cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    now = board.as_of.astimezone(board.tz)
    for _ in range(_TRIES):
        before = stamp(path)
        made = _make(board, path)
        temporary = aside.save(made.workbook, path, board.as_of, made.sums, made.rows)
        clock = temporary.stat().st_mtime
        lock = opened_by(path, clock)
        if not lock and made.trouble != "locked" and stamp(path) != before:
            temporary.unlink()  # she saved while we wrote: begin anew from what she saved
            continue
        break
    notes: list[str] = []
    taken = bool(lock) or made.trouble == "locked" or stamp(path) != before
    kept_as = None
    if not taken and (made.trouble in _KEPT or made.losses):
        source = made.source if made.trouble == "stale" else None
        move = made.trouble in ("unreadable", "foreign")
        kept_as = place.kept(path, _KEPT.get(made.trouble, "原件"), now, move=move, source=source)
        taken = kept_as is None
        if kept_as is not None:
            notes.append(_told_kept(path, kept_as, made))
    elif made.trouble == "missing":
        notes.append(f"“{path.name}”不在原处，{_restored(made)}。")
    goal = path
    if taken or not aside.settle(temporary, path):
        goal = place.beside(path, now, temporary, clock)
        notes.append(_told_taken(path, goal, lock, made))
    if made.news:
        notes.append(f"您在程序填写的栏目中改动了 {made.news} 处，改动的内容已移至“{ATTIC}”表。")
    notes += place.tidy(path, goal, clock)
    if day_copy:
        notes += place.day_copy(goal, path, now, clock, keep)
    lost = "、".join(made.losses)
    lost = lost if kept_as else ""
    return Written(path=goal, note="".join(notes), kept=made.kept, read=before, kept_as=kept_as, lost=lost)


@dataclass(slots=True)
class _Made:
    """A workbook ready to be saved."""

    workbook: Any
    trouble: str = ""
    source: Path | None = None
    """The copy that her cells were taken from, where the workbook in the place was not enough."""
    losses: list[str] = field(default_factory=list)
    """What the old one holds and this one does not."""
    kept: int = 0
    news: int = 0
    """Texts of hers that ours took the place of and that 保留的备注 now holds."""
    sums: dict[str, dict[str, float]] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)


def _make(board: Board, path: Path) -> _Made:
    links = Links(board.data_dir, path)
    units, decisions, rulings = ranges(board)
    tables: list[Table] = [
        details_table(board, links, rulings),
        problems_table(board, links),
        photos_table(board, links),
        *statistics_tables(board, links),
        mails_table(board),
        todo_table(board, units, decisions, notice_range(board)),
        *([deeds_table(board)] if board.history else []),
    ]
    recall = recalled(path, {table.name: tuple(c.header for c in table.columns) for table in tables}, board.as_of)
    workbook = recall.workbook
    if workbook is None:
        workbook = Workbook()
        workbook.remove(workbook.active)
    hers = list(workbook._sheets)
    made = _Made(workbook=workbook, trouble=recall.trouble, source=recall.source, losses=recall.losses)
    styles = Styles(workbook)
    first = workbook.create_sheet(OVERVIEW)
    doubled = tuple(_DOUBLED.format(name=name) for name in doubles(hers))
    write_overview(first, msgspec.structs.replace(board, warnings=(*board.warnings, *doubled)), styles)
    made.sums[OVERVIEW] = {}
    written: dict[str, list[tuple[str, float]]] = {}
    moves: dict[str, Move] = {}
    orders = {OVERVIEW: Arrangement(drawn=len(first._charts))}
    for table in tables:
        laid = lay(workbook.create_sheet(table.name), table, styles, recall, f"{table.name}　{board.notice.title}")
        written[table.name], made.rows[table.name] = laid.headers, laid.rows
        moves[table.name] = laid.move
        orders[table.name] = Arrangement(order=laid.order, drawn=len(workbook[table.name]._images))
        made.kept += laid.kept
        if laid.sums:
            made.sums[table.name] = laid.sums
    carry(hers, moves)
    signs = {prints.sign(cell.value) for cell in first._cells.values()}
    write_helper(workbook.create_sheet(HELPER), board, written, signs, orders)
    for where, told in board.told.items():
        sheet, _, key = where.partition("|")
        if sheet == "待办" and not told.answer:
            recall.carried_out(sheet, key, dict(zip(LISTS[sheet].hers, told.said, strict=False)))
    lost = recall.rest(board.as_of.astimezone(board.tz).replace(tzinfo=None, microsecond=0))
    if lost:
        write_attic(workbook.create_sheet(ATTIC), lost, styles)
        made.kept += len(lost)
        made.news = recall.news
    styles.close()
    _order(workbook, [OVERVIEW, *(table.name for table in tables)], [sheet.title for sheet in hers], recall)
    return made


def _order(workbook: Any, ours: Sequence[str], hers: Sequence[str], recall: Recall) -> None:
    """The sheets as she had them, at first ours and then hers; what was put by comes last."""
    behind = [name for name in (ATTIC, HELPER) if name in workbook.sheetnames]
    names = [*ours, *hers]
    if recall.order:
        there = set(names)
        names = merged(names, [name for name in recall.order if name in there])
    workbook._sheets = [workbook[name] for name in (*names, *behind)]
    workbook.active = names.index(OVERVIEW)
    for sheet in workbook._sheets:
        if sheet.title in recall.hidden and sheet.title != OVERVIEW:
            sheet.sheet_state = "hidden"
        # two selected sheets are a group in Excel: what she types into one would go into both
        for view in sheet.views.sheetView:
            view.tabSelected = sheet is workbook.active
    workbook.calculation.fullCalcOnLoad = True


def _told_kept(path: Path, kept_as: Path, made: _Made) -> str:
    if made.trouble == "stale":
        merged = "其中的填写内容已并入，两份不一致之处见“保留的备注”"
        return f"存盘的“{path.name}”是旧版本，较新的一份已另存为“{kept_as.name}”，{merged}，请核对。"
    if made.trouble == "foreign":
        return f"“{path.name}”处放的不是台账，已移为“{kept_as.name}”，{_restored(made)}。"
    if made.trouble == "unreadable":
        rescued = "其中能识别的备注已并入新台账，" if made.kept else ""
        rescued = f"{_restored(made)}，" if made.source is not None else rescued
        return f"原“{path.name}”无法读取，已另存为“{kept_as.name}”，{rescued}请核对其中的手工内容。"
    return f"{'、'.join(made.losses)}不能带入新台账，原台账已另存为“{kept_as.name}”。"


def _restored(made: _Made) -> str:
    return f"您填写的内容已从副本“{made.source.name}”恢复" if made.source is not None else ""


def _told_taken(path: Path, goal: Path, lock: str, made: _Made) -> str:
    unread = "因原文件无法打开，其中手工填写的内容未带入此文件，" if made.trouble == "locked" else ""
    left = f"（如无人打开，请删除“{lock}”）" if lock else ""
    return (
        f"“{path.name}”正被打开{left}，最新台账暂存为“{goal.name}”，{unread}"
        f"请仍在“{path.name}”中填写，关闭后下次更新即恢复。"
    )
