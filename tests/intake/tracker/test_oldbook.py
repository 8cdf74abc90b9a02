"""The quick reader and the quick writer agree with openpyxl, cell by cell."""

from __future__ import annotations

import gc
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.xml.constants import SHARED_STRINGS

from intake.tracker.filters import Allowed
from intake.tracker.oldbook import OldBook
from intake.tracker.oldsheet import OldSheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(data: bytes) -> dict[str, OldSheet]:
    sheets: dict[str, OldSheet] = {}

    def take(name: str, sheet: OldSheet) -> bool:
        sheets[name] = sheet
        return True

    OldBook(BytesIO(data), lambda _: True, take, first="", columns=256).read_lists()
    return sheets


def made() -> bytes:
    """Every kind of value, saved by openpyxl."""
    workbook = Workbook()
    ws = workbook.active
    ws.title = "明细"
    moments = [datetime(2022, 10, 12, 9, 30), date(2022, 10, 12), time(9, 30), timedelta(hours=30)]  # noqa: DTZ001 - cells know no zones
    for value in ("文字", " 空格 ", "001", 12, 1.5, -1e-7, 1e20, True, None, "=A1&B1", "#N/A", *moments):
        ws.append([value, value])
    ws["C3"] = ArrayFormula("C3:C4", "=A4:A5*2")
    ws["D2"].comment = Comment("甲\n乙", "何主任")
    ws["A1"].hyperlink = "https://example.com/甲"
    ws["B2"].font = ws["B2"].font.copy(bold=True)
    ws.column_dimensions["B"].width = 33
    ws.auto_filter.ref = "A1:B9"
    ws.auto_filter.add_filter_column(1, ["文字"], blank=True)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def replaced(data: bytes, parts: dict[str, str]) -> bytes:
    """The workbook with parts of it in other words."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in {*old.namelist(), *parts}:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return file.getvalue()


def same(data: bytes) -> OldSheet:
    """Both readers find the same values, kinds, comments, links; returns the sheet."""
    sheet, meant = read(data)["明细"], load_workbook(BytesIO(data), rich_text=True)["明细"]
    for row in meant.iter_rows():
        for cell in row:
            found = sheet.grid.get(cell.row, {}).get(cell.column)
            value = found.value if found is not None else None
            if isinstance(cell.value, ArrayFormula):
                assert isinstance(value, ArrayFormula)
                assert (value.ref, value.text) == (cell.value.ref, cell.value.text)
            else:
                assert (value, type(value)) == (cell.value, type(cell.value)), cell.coordinate
            if cell.value is not None:
                assert found is not None
                assert found.data_type == cell.data_type, cell.coordinate
                assert found.coordinate == cell.coordinate
                assert found.link == (cell.hyperlink.target if cell.hyperlink else "")
                assert (list(found.style) if found.style else None) == (list(cell._style) if cell.has_style else None)
            if cell.comment is not None:
                assert found is not None
                assert found.comment == (cell.comment.text, cell.comment.author)
    return sheet


def test_what_openpyxl_saved() -> None:
    sheet = same(made())
    assert (2, 2, 33.0, False) in sheet.widths
    assert sheet.filters == {1: Allowed(("文字",), True)}


def test_what_other_programs_save() -> None:
    """Shared strings with runs and readings, shared formulas, cells without reference, a prefix for the namespace."""
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>一</t></si><si><r><t>二</t></r><r><rPr><b/></rPr>'
        '<t xml:space="preserve"> 三</t></r>'
        "<rPh sb='0' eb='1'><t>er</t></rPh></si></sst>"
    )
    cells = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
        '<x:row r="1"><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c></x:row>'
        '<x:row r="3"><x:c r="B3"><x:f t="shared" ref="B3:B4" si="0">A3*2</x:f><x:v>4</x:v></x:c>'
        '<x:c r="C3" t="b"><x:v>1</x:v></x:c><x:c r="D3" t="str"><x:v>词</x:v></x:c></x:row>'
        '<x:row><x:c r="B4"><x:f t="shared" si="0"/><x:v>6</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    with zipfile.ZipFile(BytesIO(made())) as archive:
        types = archive.read("[Content_Types].xml").decode()
    known = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED_STRINGS}"/></Types>'
    parts = {
        "[Content_Types].xml": types.replace("</Types>", known),
        "xl/sharedStrings.xml": strings,
        "xl/worksheets/sheet1.xml": cells,
    }
    sheet = same(replaced(made(), parts))
    assert str(sheet.grid[1][2].value) == "二 三"
    assert sheet.grid[4][2].value == "=A4*2"


def test_a_document_type_is_refused() -> None:
    bomb = f'<!DOCTYPE a [<!ENTITY b "c">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    with pytest.raises(ValueError, match="DTD"):
        read(replaced(made(), {"xl/worksheets/sheet1.xml": bomb}))


def test_one_list_at_a_time_is_in_memory() -> None:
    workbook = Workbook()
    for name in ("明细", "问题", "收齐选项"):
        workbook.create_sheet(name).append([name])
    data = BytesIO()
    workbook.save(data)
    alive = {}

    def take(name: str, _: OldSheet) -> bool:
        alive[name] = sum(type(one) is OldSheet for one in gc.get_objects() if gc.is_tracked(one))
        return True

    gc.disable()  # what only the collector frees would stay long enough
    try:
        before = sum(type(one) is OldSheet for one in gc.get_objects())
        OldBook(data, lambda name: name != "Sheet", take, first="收齐选项", columns=256).read_lists()
    finally:
        gc.enable()
    assert list(alive) == ["收齐选项", "明细", "问题"]
    assert {name: count - before for name, count in alive.items()} == {"收齐选项": 1, "明细": 1, "问题": 1}
