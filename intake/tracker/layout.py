"""One way to lay out every list: heading row, rows with links and comments, her columns to the right.

A sheet's module says *what* stands there as a `Table`; this module writes it, so all sheets look alike and
the coordinator's cells are kept in one place for all of them.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment

from intake.tracker import cells, prints
from intake.tracker.cells import Value
from intake.tracker.filters import Allowed, passes
from intake.tracker.frame import add_choices, add_sums, set_filters, set_view, set_widths
from intake.tracker.keep import BELOW, Recall
from intake.tracker.marks import Mark, Own
from intake.tracker.order import Arranged, Places
from intake.tracker.pictures import BOX_POINTS, place
from intake.tracker.references import Move
from intake.tracker.spool import Rows
from intake.tracker.style import LINE, SHORT_TIME, Styles, lines, room, width
from intake.tracker.table import TALLEST, Column, Entry, Row, Table

_PRINTS: Final = Column(header=prints.HEADER, hidden=True)


@dataclass(slots=True, kw_only=True)
class Laid:
    """What came of laying one sheet."""

    headers: list[tuple[str, float]] = field(default_factory=list)
    """Our headings with the widths that we gave."""
    kept: int = 0
    """Cells and comments of hers carried over."""
    order: str = ""
    """Print of the order in which we would have written the rows."""
    sums: dict[str, float] = field(default_factory=dict)
    """Value of each sum by coordinate, so that readers that do not calculate show it too."""
    rows: Rows
    """The rows below the headings, to be saved with the sheet."""
    move: Move = field(default_factory=Move)
    """Where columns and rows stand now, for formulas on her own sheets."""


def lay(ws: Any, table: Table, styles: Styles, recall: Recall, title: str) -> Laid:
    """Write the table into the empty sheet; takes her cells out of `recall` as their rows appear."""
    table = replace(table, columns=(*table.columns, _PRINTS))
    hand = recall.sheet(table.name)
    rows = Arranged(table.rows, list(hand.cells), hand.order)
    places = Places(table.columns, hand)
    writer = _Writer(ws, replace(table, rows=rows), styles, recall, places)
    last = writer.write()
    laid = writer.laid
    laid.order = rows.print
    laid.move = Move(places.moved, writer.moved, (max(hand.rows.values(), default=last), last))
    laid.headers = set_widths(ws, table, writer.widths, hand, places)
    if last > 1:
        add_choices(ws, table, places, last)
        if any(column.summed for column in table.columns):
            laid.sums = add_sums(ws, table, places, styles, last, writer.totals)
    set_view(ws, table, places, last, title if last > 1 else f"{title}（暂无）")
    return laid


class _Writer:
    """Writes the headings and the rows of one list."""

    def __init__(self, ws: Any, table: Table, styles: Styles, recall: Recall, places: Places) -> None:
        self.ws = ws
        self.table = table
        self.styles = styles
        self.recall = recall
        self.hand = recall.sheet(table.name)
        self.laid = Laid(rows=Rows(ws))
        self.widths = [max(c.narrowest, min(width(c.header) + 4, 14)) for c in table.columns]
        """What the columns need so far."""
        self.totals = [0.0] * len(table.columns)
        self.places = places
        self.moved: dict[int, int] = {}
        """Number of each row that stands elsewhere now, by its number before."""
        self._allowed: list[tuple[int, Allowed]] = []
        self._given = [self.hand.widths.get(c.header, c.widest) for c in table.columns]
        self._room = [room(given) for given in self._given]
        self._measured: dict[str, float] = {}
        self._picture_at = next((i for i, c in enumerate(table.columns) if c.header == "缩略图"), -1)

    def write(self) -> int:
        """Write all; returns the number of the last row."""
        self._headings()
        self._allowed = set_filters(self.ws, self.places.headers, self.hand)
        last = 1
        for last, row in enumerate(self.table.rows, 2):
            self._row(last, row)
        return last

    def _headings(self) -> None:
        own = self.recall.own(self.table.name, "")
        for index, column in enumerate(self.table.columns):
            cell = self.ws.cell(1, self.places.ours[index])
            self.styles.apply(cell, "hers-head" if column.hers else "head", align="center")
            cells.put(cell, column.header)
            self._remark(cell, column.header, column.hint, own)
        ours = {column.header for column in self.table.columns}
        for header, number in self.places.hers.items():
            cell = self.ws.cell(1, number)
            mark = self.hand.heads.get(header)
            if mark is not None and mark.style is not None:
                cell._style = copy(mark.style)
            else:
                self.styles.apply(cell, "hers-head", align="center")
            # a column of ours may have got the same name meanwhile: hers stays, told apart
            cells.put(cell, f"{header}（自加）" if header in ours else header)
            if mark is not None and mark.comment is not None:
                cell.comment = mark.comment

    def _row(self, number: int, row: Row) -> None:
        table, ws = self.table, self.ws
        marks = self.recall.take(table.name, row.key, restore=table.restores)
        if (before := self.hand.row_of(row.key)) not in (None, number):
            self.moved[before] = number
        own = self.recall.own(table.name, row.key)
        line: list[Any] = [None] * len(self.places.headers)
        entries = iter(row.entries)
        signs, told, tallest = [prints.sign(row.key)], list[bytes](), 1
        for index, column in enumerate(table.columns):
            at = self.places.ours[index]
            line[at - 1] = cell = Cell(ws, number, at)
            if column.hers:
                self.laid.kept += self._hers(cell, marks.get(column.header), "hers")
                if isinstance(cell.value, str):
                    tallest = max(tallest, lines(cell.value, self.hand.widths.get(column.header, self.widths[index])))
                continue
            if column is _PRINTS:
                cells.put(cell, prints.join(signs + told))
                continue
            entry = next(entries)
            ours = self._entry(cell, index, entry, own, row)
            if ours:
                told.append(prints.sign(ours))
            if column.hidden:
                continue
            if index == self._picture_at and row.picture is not None and not place(ws, number, at, row.picture):
                cells.put(cell, "无缩略图")
                row = row._replace(picture=None)
            said = entry.value if column.keeps else cell.value  # what is told from hers next time
            signs.append(prints.sign(said))
            tallest = max(tallest, min(self._measure(index, column, entry.value), column.lines))
        for header, at in self.places.hers.items():
            line[at - 1] = cell = Cell(ws, number, at)
            if header in marks:
                self.laid.kept += self._hers(cell, marks[header], "")
        height = LINE * (1 if row.brief else min(tallest, TALLEST)) + 3
        self.laid.rows.add(
            number,
            line,
            height=height if row.picture is None else max(height, BOX_POINTS),
            hidden=not all(passes(line[index].value, allowed) for index, allowed in self._allowed),
        )

    def _entry(self, cell: Any, index: int, entry: Entry, own: Own, row: Row) -> str:
        """One cell of ours; returns our comment on it."""
        column, value = self.table.columns[index], entry.value
        form = SHORT_TIME if isinstance(value, datetime) else column.form
        # LibreOffice loses the indent of numbers that may wrap
        wrap = not row.brief and not isinstance(value, int | float)
        self.styles.apply(cell, entry.tone, align=column.align, form=form, wrap=wrap, linked=bool(entry.link))
        cells.put(cell, value)
        if entry.link:
            cells.link(cell, entry.link)
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.totals[index] += value
        if column.header in own.typed and column.keeps:
            cells.put(cell, str(own.typed[column.header]))
            self.laid.kept += 1
        elif column.header in own.typed:
            typed = own.typed[column.header]
            if prints.sign(typed) != prints.sign(cell.value):
                self.recall.replace(self.table.name, row.key, column.header, typed)
        if not entry.comment and not own.notes and not own.edited:
            return ""
        return self._remark(cell, column.header, entry.comment, own)

    def _remark(self, cell: Any, header: str, text: str, own: Own) -> str:
        """Our comment with hers below it; returns ours."""
        ours = cells.clean(text.replace(BELOW, "")).strip() if text else ""
        note = own.notes.get(header)
        # she may have written into our comment: lines that we do not write now stay as hers
        new = {line.strip() for line in ours.split("\n")}
        left = f"{own.edited.get(header, '')}\n{note.text if note is not None else ''}".strip()
        hers = [line for line in left.split("\n") if line.strip() not in new] if left else []
        if not hers:
            cells.remark(cell, ours)
            return ours
        self.laid.kept += 1
        if ours or note is None:
            cells.remark(cell, "\n".join((*([ours] if ours else []), BELOW, *hers)))
        else:
            cell.comment = Comment("\n".join(hers), note.author)
        return ours

    def _measure(self, index: int, column: Column, value: Value) -> int:
        """Widen the column for the value where it may; returns the lines that it takes."""
        shown = _shown(value)
        if not shown:
            return 1
        wide = self._measured.get(shown)
        if wide is None:
            wide = self._measured[shown] = width(shown)
        if self.widths[index] < column.widest:
            self.widths[index] = min(max(self.widths[index], wide + 3), column.widest)
        if wide <= self._room[index] and "\n" not in shown:
            return 1
        return lines(shown, self._given[index])

    def _hers(self, cell: Any, mark: Mark | None, tone: str) -> int:
        if mark is not None and mark.style is not None:
            cell._style = copy(mark.style)
        elif tone:
            self.styles.apply(cell, tone)
        if mark is None:
            return 0
        cells.restore(cell, mark.value, mark.origin, self.places.moved)
        if mark.comment is not None:
            cell.comment = mark.comment
        if mark.link:
            cell.hyperlink = mark.link
        return int(mark.filled)


def _shown(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return "10-12 09:30"
    if isinstance(value, date):
        return "2022-10-12"
    return "" if value is None else str(value)
