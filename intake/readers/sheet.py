"""Workbooks: xlsx, xlsm, xls, et, ods, by calamine.

Calamine lays a sheet out as one full rectangle between its first and its last cell, so a single cell
at XFD1048576 would ask for 549 GB and abort the process. Therefore the extent of every sheet is read
first; sheets that are too wide or long are read by openpyxl up to the limits instead.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from intake.formats import sheetpictures
from intake.formats.grid import MAX_COLUMNS, MAX_ROWS, tidy, trimmed
from intake.formats.package import document, parse_xml, slices
from intake.formats.unsaved import MAX_AREA as SHOWN_AREA
from intake.formats.unsaved import laid_over, shown_otherwise
from intake.readers import Given, Reading, Refused, odf, reads
from intake.readers.ole import refuse_if_ole, streams
from rules.facts import Cell, Picture, Sheet, TableFacts
from rules.tables.formulas import reckoned

MAX_AREA = 1_000_000
"""Cells of the rectangle around a sheet (32 bytes each in calamine)."""
MAX_SHEETS = 100
MAX_CELLS = 300_000
"""Cells of all sheets that are kept."""
_REFERENCE = re.compile(rb"""<(?:\w+:)?c\s[^>]{0,200}?\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_BIFF_CELLS = frozenset((0x0006, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00D6, 0x0002, 0x0003, 0x0004))


@reads("xlsx", "xlsm", "ods")
def read_package(path: Path, given: Given) -> Reading:
    """Workbooks in a zip, after the gates against bombs."""
    refuse_if_ole(path)
    with document(path) as package:
        if given.kind == "ods":
            odf.refuse_if_encrypted(package)
            area = _ods_area(package)
        else:
            area = max((_xlsx_area(package, part) for part in package.namelist() if _is_sheet(part)), default=0)
        pictures = sheetpictures.in_package(package, given.kind)
        shown = shown_otherwise(path, package) if given.kind != "ods" and area <= SHOWN_AREA else {}
    if area > MAX_AREA and given.kind == "ods":
        raise Refused("too-large", "a sheet spans too many cells")
    sheets = _by_openpyxl(path) if area > MAX_AREA else laid_over(_by_calamine(path), shown)
    return _reading(given.kind, sheets, pictures)


@reads("xls", "et", largest=30 << 20)
def read_biff(path: Path, given: Given) -> Reading:
    """Workbooks in an OLE container ([MS-XLS]); WPS writes the same under .et."""
    found = streams(path, ("Workbook", "Book"))
    workbook = found.get("Workbook") or found.get("Book", b"")
    if _biff_area(workbook) > MAX_AREA:
        raise Refused("too-large", "a sheet spans too many cells")
    return _reading(given.kind, _by_calamine(path), sheetpictures.in_biff(workbook))


def _reading(
    kind: str, sheets: Iterable[tuple[str, Iterable[Iterable[object]], bool]], pictures: tuple[Picture, ...]
) -> Reading:
    """Trim what a library gives; stop at the limit of cells."""
    kept: list[Sheet] = []
    left, truncated = MAX_CELLS, False
    for name, rows, cut in sheets:
        cells: list[list[Cell]] = []
        for row in rows:
            cells.append([tidy(value) for value in row][:MAX_COLUMNS])
            while cells[-1] and cells[-1][-1] is None:
                cells[-1].pop()
            left -= len(cells[-1])
            if left < 0 or len(cells) >= MAX_ROWS:
                cut = cut or left < 0
                break
        table = trimmed(reckoned(trimmed(cells)))
        cut = cut or any(any(cell is not None for cell in row) for row in cells[len(table) :])
        kept.append(Sheet(name=name, rows=table, truncated=cut))
        truncated |= cut
        if left < 0 or len(kept) >= MAX_SHEETS:
            truncated = True
            break
    return Reading(facts=TableFacts(format=kind, sheets=tuple(kept), truncated=truncated, pictures=pictures))


def _by_calamine(path: Path) -> Iterator[tuple[str, Iterable[Iterable[object]], bool]]:
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_path(path)
    except PasswordError as error:
        raise Refused("encrypted", str(error)) from error
    with workbook:
        for meta in workbook.sheets_metadata:
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible:
                sheet = workbook.get_sheet_by_name(meta.name)
                rows = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS)
                cut = sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS
                yield meta.name, rows, cut


def _by_openpyxl(path: Path) -> Iterator[tuple[str, Iterable[Iterable[object]], bool]]:
    """Slower, but stops at a row and a column that we name."""
    import openpyxl

    with path.open("rb") as file:  # by its name openpyxl would refuse our spool files
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for sheet in workbook.worksheets:
            if sheet.sheet_state == "visible":
                rows = sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
                yield sheet.title, rows, True
        workbook.close()


def _is_sheet(part: str) -> bool:
    return part.startswith("xl/worksheets/") and part.endswith(".xml")


def _xlsx_area(package: zipfile.ZipFile, part: str) -> int:
    """Cells between A1 and the last cell a worksheet names."""
    width = height = 0
    rest = b""
    for piece in slices(package, part):
        text = rest + piece  # a reference may be cut in two by the slices
        for letters, digits in _REFERENCE.findall(text):
            height = max(height, int(digits))
            width = max(width, _column(letters))
        rest = text[-256:]
    return width * height


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _ods_area(package: zipfile.ZipFile) -> int:
    """Cells between A1 and the last cell with a value, of the largest table, repetitions unfolded."""
    largest = height = width = row_repeat = column = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal largest, height, width, row_repeat, column
        name = tag.rpartition(" ")[2]
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "table":
            height = width = 0
        elif name == "table-row":
            row_repeat, column = _number(values.get("number-rows-repeated")), 0
            height += row_repeat
        elif name in ("table-cell", "covered-table-cell"):
            column += _number(values.get("number-columns-repeated"))
            if "value-type" in values:
                width = max(width, column)
                largest = max(largest, height * width)

    parse_xml(slices(package, "content.xml"), start)
    return largest


def _number(text: str | None) -> int:
    return min(1 << 20, int(text)) if text and text.isdecimal() and len(text) < 8 else 1


def _biff_area(data: bytes) -> int:
    """Cells between A1 and the last cell of the largest sheet, from the record headers ([MS-XLS] 2.1.4)."""
    widest = height = width = 0
    at = 0
    while at + 4 <= len(data):
        record, length = struct.unpack_from("<HH", data, at)
        if record == 0x002F:  # FILEPASS
            raise Refused("encrypted", "password protected workbook")
        if record == 0x0809:  # BOF: another sheet
            height = width = 0
        elif record in _BIFF_CELLS and length >= 4 and at + 8 <= len(data):
            row, column = struct.unpack_from("<HH", data, at + 4)
            height, width = max(height, row + 1), max(width, column + 1)
            widest = max(widest, height * width)
        at += 4 + length
    return widest
