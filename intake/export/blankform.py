"""The office's blank form as a workbook to be filled: opened whole, its rows copied with all their looks.

A form that is no .xlsx (Word, .xls, .ods) is set as a plain sheet with the same cells.
"""

from __future__ import annotations

import re
import zipfile
from copy import copy
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment as Placed
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.pagebreak import Break

from intake.copies import AUTHOR
from intake.tracker import cells
from intake.tracker.style import FONT, LINE, TONES, Styles, lines
from intake.tracker.table import Entry
from rules.facts import TableFacts
from rules.tables.alignment import Alignment

_A4: Final = (595.0, 842.0)
"""Points."""
_SIGN: Final = 7.6
"""Points of one unit of a column's width, in the widest of the usual fonts."""
_UNIT: Final = re.compile(r"^(?:填报|填表|报送|上报)单位\s*(?:[（(](?:盖章|公章|签章)[）)])?\s*[:：][\s_＿]*$")
_A1: Final = re.compile(r"([A-Z]+)(\d+)")
_WORDED: Final = re.compile(r"第(\d+)行第(\d+)列")


def open_form(path: Path, form: TableFacts, own: Alignment) -> tuple[Workbook, Any]:
    """The workbook of the blank form and the sheet that asks; `own`: the form laid over itself."""
    at = next((number for number, sheet in enumerate(form.sheets) if sheet.rows is own.rows), 0)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        try:
            workbook = load_workbook(path)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError):
            return _plain(form, at)
        if form.sheets[at].name in workbook.sheetnames:
            return workbook, workbook[form.sheets[at].name]
    return _plain(form, at)


def _plain(form: TableFacts, at: int) -> tuple[Workbook, Any]:
    workbook = Workbook()
    ws = workbook.active
    ws.title = "汇总表"
    styles = Styles(workbook)
    rows = form.sheets[at].rows
    for index, row in enumerate(rows, 1):
        filled = sum(cell is not None for cell in row)
        for column, value in enumerate(row, 1):
            styles.apply(ws.cell(index, column), "", align="center", border=filled > 1)
            cells.put(ws.cell(index, column), value)
    for column in range(1, max(map(len, rows), default=1) + 1):
        ws.column_dimensions[get_column_letter(column)].width = 18
    styles.close()
    return workbook, ws


def spot(place: str) -> tuple[int, int] | None:
    """Row and column, from 1, of a cell as alignments name it.

    >>> spot("C5"), spot("第5行第3列"), spot("")
    ((5, 3), (5, 3), None)
    """
    if found := _A1.fullmatch(place):
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        return int(found[2]), column
    told = _WORDED.fullmatch(place)
    return (int(told[1]), int(told[2])) if told else None


def copy_frame(source: Any, target: Any) -> None:
    """Widths of columns, paper and margins."""
    for letter, dimension in source.column_dimensions.items():
        target.column_dimensions[letter] = copy(dimension)
        target.column_dimensions[letter].worksheet = target
    target.sheet_format = copy(source.sheet_format)
    target.page_margins = copy(source.page_margins)
    target.page_setup.orientation = source.page_setup.orientation
    target.page_setup.paperSize = source.page_setup.paperSize or 9  # A4 in ECMA-376, 18.3.1.63
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr = copy(source.sheet_properties.pageSetUpPr)
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.print_options.horizontalCentered = True
    target.oddFooter.center.text = "第 &P 页，共 &N 页"


def on_one_page(ws: Any) -> None:
    """Set the office's own sheet as wide as a page of A4, where it says nothing else, its rows high enough."""
    for row in range(1, ws.max_row + 1):
        heighten(ws, row, ws, row)
    ws.page_setup.paperSize = ws.page_setup.paperSize or 9  # A4 in ECMA-376, 18.3.1.63
    if not ws.page_setup.scale and not ws.sheet_properties.pageSetUpPr.fitToPage:
        ws.sheet_properties.pageSetUpPr.fitToPage, ws.page_setup.fitToHeight = True, 0


class Pages:
    """Breaks before a block that would not end on its page. Set before anything is written below the headings.

    Programs that fit a sheet to the width of a page ignore breaks, so the scale is reckoned here.
    """

    def __init__(self, ws: Any, width: int, above: int, head: int) -> None:
        """`above`: rows above the headings, which stand on the first page only; `head`: the last row of headings."""
        self._ws = ws
        landscape = ws.page_setup.orientation == "landscape"
        paper = _A4[::-1] if landscape else _A4
        margins = ws.page_margins
        margins.left = margins.right = margins.top = margins.bottom = 0.6
        margins.footer = 0.3
        wide = sum(ws.column_dimensions[get_column_letter(n)].width or 9 for n in range(1, width + 1)) * _SIGN
        scale = min(1.0, (paper[0] - 72 * (margins.left + margins.right)) / wide)
        ws.sheet_properties.pageSetUpPr.fitToPage = False
        ws.page_setup.scale = max(10, int(100 * scale))
        self._head = sum(self._height(row) for row in range(above + 1, head + 1))
        self._room = (paper[1] - 72 * (margins.top + margins.bottom)) / scale * 0.96
        self._used = self._head + sum(self._height(row) for row in range(1, above + 1))
        self._filled = False

    def block(self, first: int, last: int) -> None:
        """Rows `first` to `last` belong together."""
        tall = sum(self._height(row) for row in range(first, last + 1))
        if self._filled and self._used + tall > self._room:
            self._ws.row_breaks.append(Break(id=first - 1))
            self._used = self._head
        self._used += tall
        self._filled = True

    def _height(self, row: int) -> float:
        return float(self._ws.row_dimensions[row].height or 15)


def copy_rows(source: Any, target: Any, first: int, last: int, at: int) -> None:
    """Rows `first` to `last` of the form with values, looks, heights and merged areas, so that they begin at `at`."""
    shift = at - first
    for row in range(first, last + 1):
        for column in range(1, source.max_column + 1):
            cell = source.cell(row, column)
            if isinstance(cell, MergedCell) and not cell.has_style:
                continue
            new = target.cell(row + shift, column)
            new._style = copy(cell._style)
            if cell.value is not None:
                if isinstance(cell.value, str):
                    cells.put(new, cell.value)
                else:
                    new.value = cell.value
        target.row_dimensions[row + shift].height = source.row_dimensions[row].height
    for area in source.merged_cells.ranges:
        if first <= area.min_row and area.max_row <= last:
            moved = CellRange(area.coord)
            moved.shift(row_shift=shift)
            target.merged_cells.ranges.add(moved)
    for row in range(first, last + 1):
        heighten(target, row + shift, source, row)


def heighten(target: Any, at: int, source: Any, row: int) -> None:
    """Make row `at` high enough for what stands in it; it was copied from `row` of the form, whose areas are merged.

    Programs fit a row to its text when somebody types, not always when a file is opened.
    """
    areas = {area.min_col: area for area in source.merged_cells.ranges if area.min_row == row}
    need = float(target.row_dimensions[at].height or 15)
    for column in range(1, source.max_column + 1):
        cell, area = target.cell(at, column), areas.get(column)
        if cell.value is None or (area is not None and area.max_row > row):
            continue
        size, text = float(cell.font.sz or 11), str(cell.value)
        columns = range(column, (area.max_col if area is not None else column) + 1)
        wide = sum(target.column_dimensions[get_column_letter(one)].width or 9 for one in columns)
        wraps = cell.alignment.wrap_text and cell.data_type != "f"
        count = lines(text, wide * 10 / size) if wraps else 1 + text.count("\n")
        need = max(need, size * 1.4 * count + 3)
    target.row_dimensions[at].height = need


def fill(cell: Any, entry: Entry, said: str = "") -> None:
    """Write what a unit said into a cell of the form, which keeps its looks; a deviation is marked and explained."""
    if isinstance(cell, MergedCell):
        return
    cell.value = None
    cells.put(cell, entry.value if not said else f"{said}{entry.value if entry.value is not None else ''}")
    mark(cell, entry.tone, entry.comment)


def mark(cell: Any, tone: str, comment: str) -> None:
    """Colour a cell and hang a comment on it, in the tones of the tracker."""
    if tone and TONES[tone].fill:
        cell.fill = PatternFill("solid", fgColor=TONES[tone].fill)
    if comment:
        note = Comment(cells.clean(comment), AUTHOR)
        note.width, note.height = 360, min(40 + 20 * (1 + len(comment) // 24), 400)
        cell.comment = note


def banner(ws: Any, row: int, width: int, text: str, tone: str = "sum", size: float = 11) -> None:
    """One line over the whole width of the form: a unit's name, a remark."""
    fill, ink, bold = TONES[tone]
    cell = ws.cell(row, 1)
    cells.put(cell, text)
    for column in range(1, width + 1):
        ws.cell(row, column).fill = PatternFill("solid", fgColor=fill) if fill else PatternFill()
    cell.font = Font(name=FONT, size=size, bold=bold, color=ink)
    cell.alignment = Placed(horizontal="left", vertical="center", wrap_text=True, indent=1)
    if width > 1:
        ws.merged_cells.ranges.add(CellRange(min_row=row, max_row=row, min_col=1, max_col=width))
    room = sum(ws.column_dimensions[get_column_letter(column)].width or 9 for column in range(1, width + 1))
    ws.row_dimensions[row].height = LINE * lines(text, room * 10 / size) + 6


def name_office(ws: Any, last: int, office: str) -> None:
    """Write the office where the rows above the headings ask for the unit that reports."""
    for row in range(1, last + 1):
        for column in range(1, ws.max_column + 1):
            cell = ws.cell(row, column)
            if not isinstance(cell.value, str) or not _UNIT.match(cell.value):
                continue
            area = next((a for a in ws.merged_cells.ranges if cell.coordinate in a), None)
            beside = ws.cell(row, (area.max_col if area is not None else column) + 1)
            if isinstance(beside, MergedCell) or beside.value is not None or beside.column > ws.max_column:
                cells.put(cell, f"{cell.value.rstrip(' _＿')}{office}（汇总）")
            else:
                cells.put(beside, f"{office}（汇总）")
            return


def width_of(ws: Any) -> int:
    """The last column in which anything stands."""
    filled = [cell.column for row in ws.iter_rows() for cell in row if cell.value is not None]
    merged = [area.max_col for area in ws.merged_cells.ranges]
    return max([*filled, *merged], default=1)
