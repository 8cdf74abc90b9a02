"""One way to lay out every list: heading row, frozen panes, filter, widths, print set-up, her columns to the right.

A sheet's module says *what* stands there as a `Table`; this module writes it, so all sheets look alike and
the coordinator's cells are kept in one place for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from intake.tracker import cells
from intake.tracker.cells import Value
from intake.tracker.keep import Mark, Recall, SheetHand
from intake.tracker.pictures import BOX_POINTS, place
from intake.tracker.style import LINE, NARROWEST, SHORT_TIME, WIDEST, Styles, lines, width

WIDEST_PAGE: Final = 235.0
"""Widths of columns that one page across can take and still be read on paper."""
TALLEST: Final = 8
"""Lines a row grows to; longer text is there, but does not push the next unit off the page."""


class Entry(NamedTuple):
    """One cell of ours."""

    value: Value = None
    tone: str = ""
    link: str = ""
    """Target as `links` made it; "" none."""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of ours."""

    header: str
    align: str = "left"
    form: str = "General"
    widest: float = WIDEST
    narrowest: float = NARROWEST
    hers: bool = False
    """The coordinator writes here; we only carry it over."""
    hidden: bool = False
    choices: str = ""
    """Range with the words of a drop-down, in the sheet of choices."""
    hint: str = ""
    """Comment on the heading."""
    summed: bool = False


class Row(NamedTuple):
    """One row: its key, which finds her cells again, and one entry for each column that is not hers."""

    key: str
    entries: Sequence[Entry]
    picture: bytes | None = None
    """A small JPEG for the column called 缩略图."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    key: str
    """Heading of the column that holds the keys."""
    freeze: int = 1
    """Columns that stay in sight."""
    restores: bool = True
    """Put her cells back when a row that had gone comes back. Not for decisions: an old one must not act twice."""
    splits: bool = False
    """May be printed on several pages side by side when it is too wide for one."""


@dataclass(slots=True)
class Laid:
    """What came of laying one sheet."""

    headers: list[tuple[str, float]] = field(default_factory=list)
    """Our headings with the widths that we gave."""
    kept: int = 0
    """Cells of hers carried over."""
    sums: dict[str, float] = field(default_factory=dict)
    """Value of each sum by coordinate, so that readers that do not calculate show it too."""


def lay(ws: Any, table: Table, styles: Styles, recall: Recall, title: str) -> Laid:
    """Write the table into the empty sheet; takes her cells out of `recall` as their rows appear."""
    hand = recall.sheet(table.name)
    laid = Laid()
    widths = [max(column.narrowest, min(width(column.header) + 4, 14)) for column in table.columns]
    extra = _headings(ws, table, styles, hand)
    last, totals = 1, [0.0] * len(table.columns)
    numbers = [False] * len(table.columns)
    for last, row in enumerate(table.rows, 2):
        marks = recall.take(table.name, row.key, restore=table.restores)
        _row(ws, last, table, row, marks, extra, styles, laid, widths, hand)
        for index, entry in enumerate(row.entries):
            if isinstance(entry.value, int | float) and not isinstance(entry.value, bool):
                totals[index] += entry.value
                numbers[index] = True
    _widths(ws, table, widths, hand, extra, laid)
    if last > 1:
        _choices(ws, table, last)
        if any(column.summed for column in table.columns):
            _sums(ws, table, styles, last, totals, laid)
    _view(ws, table, last, len(table.columns) + len(extra), title)
    _filters(ws, table, hand, extra, last)
    return laid


def _headings(ws: Any, table: Table, styles: Styles, hand: SheetHand) -> list[str]:
    for number, column in enumerate(table.columns, 1):
        cell = ws.cell(1, number)
        styles.apply(cell, "hers-head" if column.hers else "head", align="center")
        cells.put(cell, column.header)
        cells.remark(cell, column.hint)
    ours = {column.header for column in table.columns}
    extra: list[str] = []
    for header in hand.columns:
        if header in ours and any(c.header == header and c.hers for c in table.columns):
            continue
        extra.append(header)
        cell = ws.cell(1, len(table.columns) + len(extra))
        mark = hand.heads.get(header)
        if mark is not None and mark.style is not None:
            cell._style = mark.style
        else:
            styles.apply(cell, "hers-head", align="center")
        # a column of ours may have got the same name meanwhile: hers stays, told apart
        cells.put(cell, f"{header}（自加）" if header in ours else header)
    return extra


def _row(
    ws: Any,
    number: int,
    table: Table,
    row: Row,
    marks: dict[str, Mark],
    extra: list[str],
    styles: Styles,
    laid: Laid,
    widths: list[float],
    hand: SheetHand,
) -> None:
    entries = iter(row.entries)
    tallest = 1
    for index, column in enumerate(table.columns):
        cell = ws.cell(number, index + 1)
        if column.hers:
            laid.kept += _hers(cell, marks.get(column.header), styles, "hers")
            if isinstance(cell.value, str):
                tallest = max(tallest, lines(cell.value, hand.widths.get(column.header, widths[index])))
            continue
        entry = next(entries)
        value = entry.value
        form = column.form
        if isinstance(value, datetime):
            form = SHORT_TIME
        styles.apply(cell, entry.tone, align=column.align, form=form)
        cells.put(cell, value)
        if entry.link:
            cells.link(cell, entry.link)
            cell.font = styles.linked(entry.tone)
        if entry.comment:
            cells.remark(cell, entry.comment)
        shown = _shown(value)
        if not column.hidden and shown:
            if widths[index] < column.widest:
                widths[index] = min(max(widths[index], width(shown) + 3), column.widest)
            tallest = max(tallest, lines(shown, hand.widths.get(column.header, column.widest)))
    for offset, header in enumerate(extra, len(table.columns) + 1):
        laid.kept += _hers(ws.cell(number, offset), marks.get(header), styles, "")
    if row.picture is not None:
        index = next(i for i, column in enumerate(table.columns) if column.header == "缩略图")
        if place(ws, number, index + 1, row.picture):
            ws.row_dimensions[number].height = max(LINE * min(tallest, TALLEST) + 3, BOX_POINTS)
            return

        cells.put(ws.cell(number, index + 1), "无缩略图")
    ws.row_dimensions[number].height = LINE * min(tallest, TALLEST) + 3


def _hers(cell: Any, mark: Mark | None, styles: Styles, tone: str) -> int:
    if mark is None:
        if tone:
            styles.apply(cell, tone)
        return 0
    if mark.style is not None:
        cell._style = mark.style
    elif tone:
        styles.apply(cell, tone)
    cells.restore(cell, mark.value, mark.origin)
    if mark.comment is not None:
        cell.comment = mark.comment
    if mark.link:
        cell.hyperlink = mark.link
    return int(mark.filled)


def _shown(value: Value) -> str:
    if isinstance(value, datetime):
        return "10-12 09:30"
    if isinstance(value, date):
        return "2022-10-12"
    return "" if value is None else str(value)


def _widths(ws: Any, table: Table, widths: list[float], hand: SheetHand, extra: list[str], laid: Laid) -> None:
    for index, column in enumerate(table.columns):
        dimension = ws.column_dimensions[get_column_letter(index + 1)]
        dimension.width = hand.widths.get(column.header, widths[index])
        dimension.hidden = column.hidden
        laid.headers.append((column.header, widths[index]))
    for offset, header in enumerate(extra, len(table.columns) + 1):
        ws.column_dimensions[get_column_letter(offset)].width = hand.widths.get(header, 16.0)
    # a filter button covers the end of the last line
    heads = [lines(column.header, widths[index] - 3) for index, column in enumerate(table.columns)]
    ws.row_dimensions[1].height = LINE * min(max(2, *heads), TALLEST) + 4


def _choices(ws: Any, table: Table, last: int) -> None:
    for number, column in enumerate(table.columns, 1):
        if column.choices:
            rule = DataValidation(
                type="list", formula1=column.choices, allow_blank=True, showErrorMessage=True, errorStyle="warning"
            )
            rule.errorTitle = column.header
            rule.error = "请尽量从下拉列表中选择；确需填写其他内容，请点“是”。"
            letter = get_column_letter(number)
            rule.add(f"{letter}2:{letter}{last}")
            ws.add_data_validation(rule)


def _sums(ws: Any, table: Table, styles: Styles, last: int, totals: list[float], laid: Laid) -> None:
    row = last + 1
    for number, column in enumerate(table.columns, 1):
        cell = ws.cell(row, number)
        styles.apply(cell, "sum", align=column.align, form=column.form, wrap=False)
        if column.summed:
            cells.total(cell, get_column_letter(number), 2, last)
            laid.sums[cell.coordinate] = totals[number - 1]
        elif number == table.freeze:
            cells.put(cell, "合计")
    ws.row_dimensions[row].height = LINE + 6


def _view(ws: Any, table: Table, last: int, columns: int, title: str) -> None:
    ws.freeze_panes = ws.cell(2, table.freeze + 1).coordinate
    ws.auto_filter.ref = f"A1:{get_column_letter(columns)}{max(last, 2)}"
    ws.sheet_view.zoomScale = 100
    printable(ws, title)
    ws.print_title_rows = "1:1"
    total = sum(d.width for d in ws.column_dimensions.values() if not d.hidden)
    if (
        table.splits and total > WIDEST_PAGE
    ):  # too small to read on one page: more pages side by side, each with the unit's name
        ws.page_setup.fitToWidth = -int(-total // WIDEST_PAGE)
        ws.print_title_cols = f"A:{get_column_letter(table.freeze)}"


def printable(ws: Any, title: str) -> None:
    """A4 landscape, as wide as one page, page numbers below, the sheet's and the notice's name above."""
    ws.page_setup.orientation = "landscape"
    ws.page_setup.paperSize = 9  # A4 in ECMA-376, 18.3.1.63
    ws.page_setup.fitToWidth = 1
    ws.page_setup.fitToHeight = 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.page_margins.left = ws.page_margins.right = 0.4
    ws.page_margins.top, ws.page_margins.bottom = 0.75, 0.6
    ws.print_options.horizontalCentered = True
    name = cells.clean(title).replace("\n", " ").replace("&", "&&")[:120]
    ws.page_margins.header = ws.page_margins.footer = 0.3
    if name:
        ws.oddHeader.center.text = name
        ws.oddHeader.center.size = 12
    ws.oddFooter.center.text = "第 &P 页，共 &N 页"


def _filters(ws: Any, table: Table, hand: SheetHand, extra: list[str], last: int) -> None:
    """Set her filters again (choices of values), and hide the rows that they leave out."""
    headers = [column.header for column in table.columns] + extra
    for header, allowed in hand.filters.items():
        if header not in headers:
            continue
        column = headers.index(header)
        ws.auto_filter.add_filter_column(column, list(allowed.values), blank=allowed.blank)
        for number in range(2, last + 1):
            value = ws.cell(number, column + 1).value
            seen = allowed.blank if value is None else str(value) in allowed.values
            if not seen:
                ws.row_dimensions[number].hidden = True
