"""The grid on which 总览 is set: twelve equal columns, blocks one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from intake.tracker import cells
from intake.tracker.cells import Value
from intake.tracker.style import LINE, Styles, lines

COLUMNS: Final = 12
_WIDTH: Final = 11.5


class Page:
    """Writes blocks one below the other on a grid of equal columns."""

    def __init__(self, ws: Any, styles: Styles) -> None:
        self.ws = ws
        self.styles = styles
        self.row = 1
        for number in range(1, COLUMNS + 1):
            ws.column_dimensions[get_column_letter(number)].width = _WIDTH

    def line(
        self,
        parts: Sequence[tuple[Value, int, str]],
        *,
        size: float = 10,
        border: bool = True,
        align: Sequence[str] = (),
        height: float = 0.0,
    ) -> None:
        """One row of (value, columns it spans, tone)."""
        column, tallest = 1, 1
        for index, (value, span, tone) in enumerate(parts):
            side = align[index] if index < len(align) else "center"
            for offset in range(span):
                self.styles.apply(self.ws.cell(self.row, column + offset), tone, align=side, border=border, size=size)
            cells.put(self.ws.cell(self.row, column), value)
            if span > 1:
                # straight into the set: `merge_cells` compares with every range there is
                self.ws.merged_cells.ranges.add(
                    CellRange(min_col=column, max_col=column + span - 1, min_row=self.row, max_row=self.row)
                )
            if isinstance(value, str):
                tallest = max(tallest, lines(value, _WIDTH * span * 10 / size + 1))
            column += span
        self.ws.row_dimensions[self.row].height = height or LINE * min(tallest, 6) + 4
        self.row += 1

    def room(self, rows: int) -> None:
        """Rows that stay free for a chart."""
        for number in range(self.row, self.row + rows):
            self.ws.row_dimensions[number].height = 15
        self.row += rows

    def section(self, title: str) -> None:
        """A heading with a little room above."""
        self.ws.row_dimensions[self.row].height = 9
        self.row += 1
        self.line([(title, COLUMNS, "section")], size=12, border=False, align=["left"], height=20)
