"""Writes the rows of a sheet as text: the same XML that openpyxl writes, without an element object for each cell.

Only plain values take the short way: text, numbers, moments. Whatever else stands in a cell (formulas, rich text,
durations) is written by openpyxl's own function.
"""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, tostring
from xml.sax.saxutils import escape, quoteattr

from openpyxl.cell._writer import etree_write_cell
from openpyxl.comments.comment_sheet import CommentRecord
from openpyxl.compat import safe_string
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

_EMPTY: Final = (b"<sheetData></sheetData>", b"<sheetData />", b"<sheetData/>")


class BookWriter(ExcelWriter):  # type: ignore[misc]  # openpyxl is untyped
    """Writes a workbook with `SheetWriter`."""

    def write_worksheet(self, ws: Any) -> None:
        """Write one sheet, as openpyxl does it."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        ws._drawing.images = ws._images
        writer = SheetWriter(ws)
        writer.write()
        ws._rels = writer._rels
        self._archive.write(writer.out, ws.path[1:])
        self.manifest.append(ws)
        writer.cleanup()


class SheetWriter(WorksheetWriter):  # type: ignore[misc]  # openpyxl is untyped
    """Writes one sheet: everything around the rows through openpyxl, then puts the rows into their place."""

    def write_rows(self) -> None:
        """Make the rows, and leave an empty place for them."""
        self._styles: dict[int, str] = {}
        self._letters: dict[int, str] = {}
        self._made = "".join(self._row(number, cells) for number, cells in self.rows())
        xf = self.xf.send(True)
        with xf.element("sheetData"):
            pass
        self.xf.send(None)  # control goes back to the generator

    def rows(self) -> list[tuple[int, list[Any]]]:
        """Cells by row, in order; rows that only have a height too."""
        rows: dict[int, list[Any]] = {row: [] for row in self.ws.row_dimensions}
        for (row, _), cell in self.ws._cells.items():
            rows.setdefault(row, []).append(cell)
        for cells in rows.values():
            cells.sort(key=_column)  # nearly always in order already
        return sorted(rows.items())

    def write(self) -> None:
        """Write the whole part."""
        super().write()
        out = Path(self.out)
        xml = out.read_bytes()
        place = next(mark for mark in _EMPTY if mark in xml)
        head, _, tail = xml.partition(place)
        with out.open("wb") as file:
            file.write(head)
            file.write(f"<sheetData>{self._made}</sheetData>".encode())
            file.write(tail)

    def _row(self, number: int, cells: list[Any]) -> str:
        dimensions = self.ws.row_dimensions
        attributes = {"r": f"{number}", **dict(dimensions.get(number, {}))}
        told = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
        return f"<row {told}>{''.join([self._cell(cell, number) for cell in cells])}</row>"

    def _cell(self, cell: Any, row: int) -> str:
        value, kind = cell._value, cell.data_type
        if cell._comment is not None:
            self.ws._comments.append(CommentRecord.from_cell(cell))
        elif value is None and not cell.has_style:
            return ""
        if kind == "d" and type(value) is datetime:
            value, kind = to_excel(value, self.ws.parent.epoch), "n"
        plain = type(value)
        if not ((kind == "s" and plain is str) or (kind == "n" and (plain in (int, float) or value is None))):
            collected = _Collected()
            etree_write_cell(collected, self.ws, cell, cell.has_style)
            return collected.text
        if cell._hyperlink is not None:
            self.ws._hyperlinks.append(cell._hyperlink)
        column = cell.column
        letter = self._letters.get(column) or self._letters.setdefault(column, get_column_letter(column))
        head = f'<c r="{letter}{row}"{self._style(cell)} t="'
        if kind == "s" and value:
            space = ' xml:space="preserve"' if value != value.strip() else ""
            return f'{head}inlineStr"><is><t{space}>{_escaped(value)}</t></is></c>'
        if value is None or value == "":
            return f'{head}{"inlineStr" if kind == "s" else kind}"/>'
        return f'{head}n"><v>{safe_string(value)}</v></c>'

    def _style(self, cell: Any) -> str:
        # cells dressed alike share one array, so its identity is enough
        array = cell._style
        known = self._styles.get(id(array))
        if known is None:
            known = self._styles[id(array)] = f' s="{cell.style_id}"' if cell.has_style else ""
        return known


_column: Final = attrgetter("column")


class _Collected:
    """Takes the element that openpyxl's function writes."""

    text = ""

    def write(self, element: Element) -> None:
        """Keep it as text."""
        self.text = tostring(element, "unicode")


def _escaped(text: str) -> str:
    if "&" in text or "<" in text or ">" in text or "\r" in text:
        return escape(text, {"\r": "&#13;"})
    return text
