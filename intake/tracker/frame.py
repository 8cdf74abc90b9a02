"""What stands around the rows of a list: widths, drop-downs, sums, filters, frozen panes, print set-up."""

from __future__ import annotations

from typing import Any, Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from intake.tracker import cells, filters
from intake.tracker.keep import SheetHand
from intake.tracker.order import Places
from intake.tracker.style import LINE, Styles, lines
from intake.tracker.table import TALLEST, Table

WIDEST_PAGE: Final = 220.0
"""Widths of columns that one page across can take and still be read on paper."""


def set_widths(ws: Any, table: Table, widths: list[float], hand: SheetHand, places: Places) -> list[tuple[str, float]]:
    """Set the widths, hers where she changed them; returns our headings with the widths that we gave."""
    headers = []
    for index, column in enumerate(table.columns):
        dimension = ws.column_dimensions[places.letter(index)]
        dimension.width = hand.widths.get(column.header, widths[index])
        dimension.hidden = column.hidden or column.header in hand.hidden
        headers.append((column.header, widths[index]))
    for header, number in places.hers.items():
        dimension = ws.column_dimensions[get_column_letter(number)]
        dimension.width, dimension.hidden = hand.widths.get(header, 16.0), header in hand.hidden
    # a filter button covers the end of the last line
    heads = [lines(column.header, widths[index] - 3) for index, column in enumerate(table.columns)]
    ws.row_dimensions[1].height = LINE * min(max(2, *heads), TALLEST) + 4
    return headers


def add_choices(ws: Any, table: Table, places: Places, last: int) -> None:
    """Add the drop-downs."""
    for index, column in enumerate(table.columns):
        if column.choices:
            rule = DataValidation(
                type="list", formula1=column.choices, allow_blank=True, showErrorMessage=True, errorStyle="warning"
            )
            rule.errorTitle = column.header
            rule.error = "请尽量从下拉列表中选择；确需填写其他内容，请点“是”。"
            letter = places.letter(index)
            rule.add(f"{letter}2:{letter}{last}")
            ws.add_data_validation(rule)


def add_sums(ws: Any, table: Table, places: Places, styles: Styles, last: int, totals: list[float]) -> dict[str, float]:
    """Write the row of sums; returns the value of each by coordinate."""
    row = last + 1
    sums: dict[str, float] = {}
    for index, column in enumerate(table.columns):
        cell = ws.cell(row, places.ours[index])
        styles.apply(cell, "sum", align=column.align, form=column.form, wrap=False)
        if column.summed:
            cells.total(cell, places.letter(index), 2, last)
            sums[cell.coordinate] = totals[index]
        elif index + 1 == table.freeze:
            cells.put(cell, "合计")
    ws.row_dimensions[row].height = LINE + 6
    return sums


def set_view(ws: Any, table: Table, places: Places, last: int, title: str) -> None:
    """Frozen panes, filter buttons and print set-up."""
    frozen = max(places.ours[: table.freeze])
    ws.freeze_panes = f"{get_column_letter(frozen + 1)}2"
    ws.auto_filter.ref = f"A1:{get_column_letter(len(places.headers))}{max(last, 2)}"
    ws.sheet_view.zoomScale = 100
    printable(ws, title)
    ws.print_title_rows = "1:1"
    printed = len(places.headers)
    # columns of her own are printed, and with them what stands before them and is for the screen only
    if not places.hers and not all(column.paper for column in table.columns):
        printed = max(
            n for n, column in zip(places.ours, table.columns, strict=True) if column.paper and not column.hidden
        )
        ws.print_area = f"A1:{get_column_letter(printed)}{last}"
    dimensions = [ws.column_dimensions[get_column_letter(number)] for number in range(1, printed + 1)]
    total = sum(dimension.width for dimension in dimensions if not dimension.hidden)
    if total > WIDEST_PAGE:  # too small to read on one page: more side by side, each with the first columns
        ws.page_setup.fitToWidth = -int(-total // WIDEST_PAGE)
        ws.page_setup.pageOrder = "overThenDown"
        ws.print_title_cols = f"A:{get_column_letter(frozen)}"


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


def set_filters(ws: Any, headers: list[str], hand: SheetHand) -> list[tuple[int, filters.Allowed]]:
    """Set her filters again; returns what they let pass, by index of the column."""
    found = [(headers.index(header), allowed) for header, allowed in hand.filters.items() if header in headers]
    for index, allowed in found:
        ws.auto_filter.filterColumn.append(filters.column(index, allowed))
    return found
