"""The sheets behind the lists: 保留的备注, and the hidden one with drop-down words and our headings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from intake import words
from intake.tracker import cells, prints
from intake.tracker.frame import printable
from intake.tracker.keep import ATTIC, ATTIC_HEADERS, HELPER
from intake.tracker.marks import Lost
from intake.tracker.style import DATE_TIME, Styles
from intake.view import Board

_HEADERS = (
    *("单位名单", "处理", "工作表", "列名", "列宽", "总览核对码", "结论"),
    *("表", "次序", "图数", "制表时间", "通知"),
)


class Arrangement(NamedTuple):
    """What is noted of one sheet beside its headings."""

    order: str = ""
    """Print of the order in which we would write its rows."""
    drawn: int = 0
    """Charts and pictures of ours on it."""


def ranges(board: Board) -> tuple[str, str, str]:
    """Where the words of the drop-downs stand: names of units and decisions for 待办, conclusions for 明细."""
    return (
        f"'{HELPER}'!$A$2:$A${max(2, len(board.units) + len(board.others) + 1)}",
        f"'{HELPER}'!$B$2:$B${len(words.DECISIONS) + 1}",
        f"'{HELPER}'!$G$2:$G${len(words.RULINGS) + 1}",
    )


def notice_range(board: Board) -> str:
    """Where the titles of the notices stand, "" where only one runs."""
    return f"'{HELPER}'!$L$2:$L${len(board.notices) + 1}" if len(board.notices) > 1 else ""


def write_helper(
    ws: Any,
    board: Board,
    written: Mapping[str, Sequence[tuple[str, float]]],
    overview: Collection[bytes],
    sheets: Mapping[str, Arrangement],
) -> None:
    """Write the hidden sheet: headings and widths by sheet, the prints of all that stands on 总览, orders of rows."""
    for number, header in enumerate(_HEADERS, 1):
        cells.put(ws.cell(1, number), header)
    for row, name in enumerate((*(unit.unit.name for unit in board.units), *board.others), 2):
        cells.put(ws.cell(row, 1), name)
    for row, word in enumerate(words.DECISIONS, 2):
        cells.put(ws.cell(row, 2), word)
    for row, word in enumerate(words.RULINGS, 2):
        cells.put(ws.cell(row, 7), word)
    for row, title in enumerate(board.notices.values(), 2):
        cells.put(ws.cell(row, 12), title)
    for row, (name, noted) in enumerate(sheets.items(), 2):
        cells.put(ws.cell(row, 8), name)
        cells.put(ws.cell(row, 9), noted.order)
        cells.put(ws.cell(row, 10), noted.drawn)
    cells.put(ws.cell(2, 11), board.as_of.isoformat())
    row = 1
    for sheet, headers in written.items():
        for header, wide in headers:
            row += 1
            cells.put(ws.cell(row, 3), sheet)
            cells.put(ws.cell(row, 4), header)
            cells.put(ws.cell(row, 5), wide)
    signs = sorted(overview)
    for row, start in enumerate(range(0, len(signs), 8_000), 2):  # 32,000 characters fit into one cell
        cells.put(ws.cell(row, 6), prints.join(signs[start : start + 8_000]))
    ws.sheet_state = "hidden"


def write_attic(ws: Any, lost: Sequence[Lost], styles: Styles) -> None:
    """Write 保留的备注: her words whose row has gone. Nothing is ever taken off it but by her."""
    for number, (header, wide) in enumerate(zip(ATTIC_HEADERS, (12, 20, 30, 18, 60, 18), strict=True), 1):
        styles.apply(ws.cell(1, number), "head", align="center")
        cells.put(ws.cell(1, number), header)
        ws.column_dimensions[get_column_letter(number)].width = wide
    for row, entry in enumerate(lost, 2):
        for number, value in enumerate(entry, 1):
            cell = ws.cell(row, number)
            styles.apply(cell, form=DATE_TIME if number == 6 else "General")
            cells.restore(cell, value)
    ws.freeze_panes = "A2"
    ws.auto_filter.ref = f"A1:F{len(lost) + 1}"
    printable(ws, ATTIC)
    ws.print_title_rows = "1:1"
