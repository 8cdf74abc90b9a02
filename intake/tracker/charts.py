"""The two charts of 总览: mails of units a day before and after the deadline, and how many units stand where."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

from openpyxl.chart import BarChart, DoughnutChart, Reference
from openpyxl.chart.series import DataPoint
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor

from intake import words
from intake.tracker import cells
from intake.tracker.style import Styles
from intake.view import Board

MOST_DAYS: Final = 45
_FIRST_COLUMN: Final = 15
"""Figures stand to the right of the printed page."""
ROWS: Final = 9
"""Rows that a chart takes."""
_STATES: Final = (("complete", "70AD47"), ("incomplete", "FFE08A"), ("missing", "A61C00"))
"""Colours that differ in brightness too: the sheet is printed in black and white."""


def states(ws: Any, board: Board, row: int, first: int, last: int, styles: Styles) -> None:
    """Draw the ring of states at `row`, from column `first` to `last`, counted from 0."""
    counts = Counter[str](unit.verdict.state for unit in board.units)
    at = _FIRST_COLUMN + 4
    for number, header in enumerate(("状态", "单位数"), at):
        styles.apply(ws.cell(row, number), "quiet", align="center")
        cells.put(ws.cell(row, number), header)
    for line, (state, _) in enumerate(_STATES, row + 1):
        styles.apply(ws.cell(line, at), "quiet", align="center")
        cells.put(ws.cell(line, at), f"{words.UNIT[state][0]} {counts[state]}")
        styles.apply(ws.cell(line, at + 1), "quiet", align="center")
        cells.put(ws.cell(line, at + 1), counts[state])
    chart = DoughnutChart(holeSize=55)
    chart.add_data(Reference(ws, min_col=at + 1, min_row=row, max_row=row + len(_STATES)), titles_from_data=True)
    chart.set_categories(Reference(ws, min_col=at, min_row=row + 1, max_row=row + len(_STATES)))
    for number, (_, color) in enumerate(_STATES):
        point = DataPoint(idx=number)
        point.graphicalProperties = GraphicalProperties(solidFill=color)
        chart.series[0].dPt.append(point)
    chart.title = None
    chart.legend.position = "r"
    _lay(ws, chart, row, first, last)


def _lay(ws: Any, chart: Any, row: int, first: int, last: int) -> None:
    chart.anchor = TwoCellAnchor(
        _from=AnchorMarker(col=first, row=row - 1), to=AnchorMarker(col=last, row=row - 1 + ROWS)
    )
    ws.add_chart(chart)


def arrivals(ws: Any, board: Board, row: int, columns: int, styles: Styles) -> None:
    """Draw the chart at `row`, `columns` wide."""
    days = by_day(board)
    headers = ("日期", "截止前来件", "截止后来件")
    deadline = board.notice.deadline.astimezone(board.tz).date()
    for number, header in enumerate(headers, _FIRST_COLUMN):
        styles.apply(ws.cell(row, number), "quiet", align="center")
        cells.put(ws.cell(row, number), header)
    for line, (day, before, after) in enumerate(days, row + 1):
        label = f"{day.month}/{day.day}{'截止' if day == deadline else ''}"
        for number, value in enumerate((label, before or None, after or None), _FIRST_COLUMN):
            styles.apply(ws.cell(line, number), "quiet", align="center")
            cells.put(ws.cell(line, number), value)
    last = row + len(days)
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 40
    for number, color in ((_FIRST_COLUMN + 1, "2E75B6"), (_FIRST_COLUMN + 2, "C00000")):
        chart.add_data(Reference(ws, min_col=number, min_row=row, max_row=last), titles_from_data=True)
        chart.series[-1].graphicalProperties = GraphicalProperties(solidFill=color)
    chart.set_categories(Reference(ws, min_col=_FIRST_COLUMN, min_row=row + 1, max_row=last))
    chart.y_axis.majorUnit = _step(max(b + a for _, b, a in days))
    chart.y_axis.number_format = "0"
    # openpyxl leaves these unset, and newer programs then hide the axes
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"
    _lay(ws, chart, row, 0, columns)


def _step(most: int) -> int:
    """What lies between two lines of the grid, so that there are five at most.

    >>> [_step(most) for most in (0, 4, 12, 242)]
    [1, 1, 5, 50]
    """
    powers = (ten * one for ten in (1, 10, 100, 1000, 10_000) for one in (1, 2, 5))
    return next((step for step in powers if step * 5 >= most), 100_000)


def by_day(board: Board) -> list[tuple[date, int, int]]:
    """Mails of units for each day from the first one to the later of today and the last: in time, and late."""
    before: Counter[date] = Counter()
    after: Counter[date] = Counter()
    for mail in board.mails:
        if mail.unit and mail.klass == "person" and board.notice.id in mail.notices:
            day = mail.received_at.astimezone(board.tz).date()
            (before if mail.received_at <= board.notice.deadline else after)[day] += 1
    seen = before.keys() | after.keys() or {board.as_of.astimezone(board.tz).date()}
    deadline = board.notice.deadline.astimezone(board.tz).date()
    last = max(*seen, deadline) if (deadline - max(seen)).days <= 14 else max(seen)
    first = max(min(seen), last - timedelta(days=MOST_DAYS - 1))
    return [
        (day, before[day], after[day]) for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]
