"""Opens the old workbook and finds everything of hers in it; where that is not possible, says why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from intake.copies import AUTHOR, origin, stale
from intake.tracker import DRAFT, prints
from intake.tracker.foreign import losses
from intake.tracker.harvest import harvest, on_overview
from intake.tracker.keep import ATTIC, HELPER, LISTS, MAX_COLUMNS, OVERVIEW, Recall, SheetHand, Spec, spec_of
from intake.tracker.oldbook import OldBook, weigh
from intake.tracker.oldsheet import OldSheet
from intake.tracker.recorded import Grid, attic, noted, overview_prints, written_at, written_record
from intake.tracker.rescue import bare_values, into_new


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """What the coordinator decided in cells, as text, for the next cycle."""

    units: Mapping[str, Mapping[str, str]] = {}
    """By code of the unit: 备注, 人工结论 and every column she added to 明细; empty cells left out."""
    todo: Mapping[str, Mapping[str, str]] = {}
    """By key of the thing to do: 归属单位, 处理 and every column she added to 待办; empty cells left out."""
    saved_by: str = ""
    """Who saved the workbook last, as the office program calls him; "" when it does not say."""
    written: datetime | None = None
    """From when what the workbook tells is."""
    stale: bool = False
    """True when a newer one was there: somebody put an old workbook back."""
    note: str = ""
    """Why the workbook could not be read; "" when it was, or when there is none yet."""


def read_hand(path: Path, now: datetime | None = None) -> Hand:
    """Read the coordinator's cells from the workbook at `path`; never raises for what stands in the file.

    `now`: copies from after that moment do not make it an old one.
    """
    if not path.exists():
        return Hand()
    wanted = (HELPER, "明细", "待办")
    cells = _Decided()
    try:
        weigh(path)
        with path.open("rb") as file:
            OldBook(file, wanted.__contains__, cells.take, first=HELPER, columns=MAX_COLUMNS).read_lists()
    except Exception:  # noqa: BLE001 - openpyxl meets a damaged file with any exception it likes
        cells = _Decided()
        try:
            for name, sheet in _bare(path):
                cells.take(name, sheet)
        except Exception as error:  # noqa: BLE001 - whatever the parser says about a damaged file, it is told
            return Hand(note=f"{path.name} 暂时无法读取：{type(error).__name__}: {error}")
    by = origin(path).by
    return Hand(
        units=cells.words.get("明细", {}),
        todo=cells.words.get("待办", {}),
        saved_by="" if by == AUTHOR else by,
        written=cells.written,
        stale=stale(path, cells.written, now or datetime.max.replace(tzinfo=UTC)) is not None,
    )


class _Decided:
    """What she decided, gathered sheet by sheet, the hidden one first."""

    def __init__(self) -> None:
        self.words: dict[str, dict[str, dict[str, str]]] = {}
        """By list, key and heading."""
        self.written: datetime | None = None
        self._record: Mapping[str, Mapping[str, float]] = {}

    def take(self, name: str, sheet: OldSheet) -> bool:
        """Look at one sheet."""
        if name == HELPER:
            self._record, self.written = written_record(sheet.grid), written_at(sheet.grid)
        elif name in ("明细", "待办"):
            self.words[name] = _words(name, sheet.grid, self._record.get(name, {}))
        return False


def _words(name: str, grid: Grid, written: Mapping[str, float]) -> dict[str, dict[str, str]]:
    spec = LISTS[name]
    hand = harvest(name, spec, grid, written or None, printed=_printed(spec, written))
    found = {}
    for key, marks in hand.cells.items() if hand is not None else ():
        texts = {header: str(mark.value).strip() for header, mark in marks.items() if mark.filled}
        typed = hand.own[key].typed if hand is not None and key in hand.own else {}
        texts |= {header: str(value) for header, value in typed.items() if header == DRAFT}
        if texts:
            found[key.lstrip("#")] = texts
    return found


def reopen(path: Path, headers: Mapping[str, tuple[str, ...]]) -> Recall:
    """Open the workbook at `path` and find everything of hers.

    `headers` are the headings that we are about to write, by sheet: the second choice for telling ours from
    hers, when the workbook carries no record of what we wrote last.
    """
    if not path.exists():
        return Recall()
    finder = _Finder(headers)
    try:
        weigh(path)
        with path.open("rb") as file:
            book = OldBook(file, _is_ours, finder.take, first=HELPER, columns=MAX_COLUMNS)
            book.read()
        finder.recall.losses = losses(path, book.parts, finder.lists, finder.drawn)
    except PermissionError as error:
        return Recall(trouble="locked", detail=str(error))
    except Exception as error:  # noqa: BLE001 - openpyxl meets a damaged file with any exception it likes
        recall = _rescued(path, headers)
        recall.trouble, recall.detail = "unreadable", f"{type(error).__name__}: {error}"
        return recall
    recall = finder.recall
    recall.workbook, recall.order, recall.hidden = book.wb, list(book.wb.sheetnames), book.hidden
    for ws in list(book.wb.worksheets):
        if ws.title in finder.lists:
            book.wb.remove(ws)
        elif _is_ours(ws.title):  # she changed it past recognition: then it is hers now
            ws.title = _free_name(book.wb, f"{ws.title}（原）")
    return recall


def _bare(path: Path) -> list[tuple[str, OldSheet]]:
    """The sheets of a workbook that openpyxl cannot read, without formats; the hidden one first."""
    sheets = [(name, OldSheet(grid=grid)) for name, grid in bare_values(path, MAX_COLUMNS).items()]
    return sorted(sheets, key=lambda one: one[0] != HELPER)


def _rescued(path: Path, headers: Mapping[str, tuple[str, ...]]) -> Recall:
    finder = _Finder(headers)
    try:
        sheets = _bare(path)
    except Exception as error:  # noqa: BLE001 - whatever the parser says about a damaged file, it is "unreadable"
        return Recall(detail=f"{type(error).__name__}: {error}")
    for name, sheet in sheets:
        finder.take(name, sheet)
    grids = {name: sheet.grid for name, sheet in sheets}
    finder.recall.workbook = into_new(grids, [name for name in grids if not _is_ours(name)])
    return finder.recall


class _Finder:
    """Finds what is hers, sheet by sheet, the hidden one first."""

    def __init__(self, headers: Mapping[str, tuple[str, ...]]) -> None:
        self.recall = Recall()
        self.lists: set[str] = set()
        """Names of the sheets that are still ours."""
        self.drawn: dict[str, int] = {}
        """How many charts and pictures of ours each sheet has."""
        self._headers = headers
        self._record: Mapping[str, Mapping[str, float]] = {}
        self._orders: dict[str, str] = {}
        self._prints: set[bytes] = set()

    def take(self, name: str, sheet: OldSheet) -> bool:
        """Look at one sheet; true when it is ours."""
        grid, spec = sheet.grid, spec_of(name)
        if name == HELPER:
            known = noted(grid)
            self._record, self._prints = written_record(grid), overview_prints(grid)
            self.recall.written = written_at(grid)
            self._orders = {one: order for one, (order, _) in known.items()}
            self.drawn = {one: drawn for one, (_, drawn) in known.items()}
        elif name == ATTIC:
            self.recall.attic = attic(grid)
        elif name == OVERVIEW:
            self.recall.replaced += on_overview(grid, self._prints)
        elif spec is not None:
            written = self._record.get(name, {})
            hand = harvest(name, spec, grid, written or self._headers.get(name), printed=_printed(spec, written))
            if hand is None:
                return False
            self.recall.sheets[name] = hand
            hand.order, hand.written = self._orders.get(name, ""), list(written)
            _look(sheet, hand, written)
        else:
            return False
        self.lists.add(name)
        return True


def _printed(spec: Spec, written: Collection[str]) -> list[str]:
    """Our columns whose cells have prints, in their order."""
    return [header for header in written if header not in (*spec.hers, "编号", prints.HEADER)]


def _free_name(workbook: Any, stem: str) -> str:
    name, count = stem, 1
    while name in workbook.sheetnames:
        count += 1
        name = f"{stem}{count}"
    return name


def _is_ours(name: str) -> bool:
    return name in (OVERVIEW, ATTIC, HELPER) or spec_of(name) is not None


def _look(sheet: OldSheet, hand: SheetHand, written: Mapping[str, float]) -> None:
    """The widths and filters that she set: those that differ from what we wrote."""
    grid = sheet.grid
    top = min((n for n, row in grid.items() if any(_same(c.value, hand) for c in row.values())), default=1)
    names = {column: str(cell.value) for column, cell in grid.get(top, {}).items() if cell.value is not None}
    for first, last, width, hidden in sheet.widths:
        for column in range(first, last + 1):
            header = names.get(column, "")
            if hidden and header:
                hand.hidden.add(header)
            # programs store widths with a little more than was asked for
            if width and header and abs(width - written.get(header, 0.0)) > 1:
                hand.widths[header] = width
    for column, allowed in sheet.filters.items():
        header = names.get(column + 1, "")
        if header:
            hand.filters[header] = allowed


def _same(value: Any, hand: SheetHand) -> bool:
    return value in ("代码", "编号") or value in hand.columns
