"""Workbooks: values as values, places kept, bombs refused or clipped."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile

import openpyxl
import pytest

from intake.formats.grid import MAX_COLUMNS, MAX_PLACES
from rules.facts import TableFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples

ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def xlsx(**cells: object) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "统计表"
    for place, value in cells.items():
        sheet[place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: str, manifest: str = "") -> bytes:
    spaces = "".join(f' xmlns:{name}="{ODF}{name}:1.0"' for name in ("office", "table", "text"))
    body = f'<office:body><office:spreadsheet><table:table table:name="表">{rows}</table:table>'
    content = f"<office:document-content{spaces}>{body}</office:spreadsheet></office:body></office:document-content>"
    listed = f'<manifest:manifest xmlns:manifest="{ODF}manifest:1.0">{manifest}</manifest:manifest>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", listed)
        package.writestr("content.xml", content)
    return out.getvalue()


def only_sheet(measure: Measure, data: bytes, name: str) -> tuple[tuple[object, ...], ...]:
    facts = measure(data, name)[1].facts
    assert isinstance(facts, TableFacts), facts
    return facts.sheets[0].rows


def test_values_and_places(measure: Measure) -> None:
    moment = dt.datetime(2022, 10, 12, 8, 30)  # noqa: DTZ001 - a cell has no time zone
    data = xlsx(B2="单位", C2=" 滨江区 ", B3=3.0, C3=2.5, B4=moment, C4=moment.date())
    assert only_sheet(measure, data, "a.xlsx") == (
        (None, None, None),
        (None, "单位", "滨江区"),
        (None, 3, 2.5),
        (None, "2022-10-12 08:30:00", "2022-10-12"),
    )


def test_merged_cells_hold_their_value_once(measure: Measure) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(A1="合并", D2="末")))
    book.worksheets[0].merge_cells("A1:C2")
    out = io.BytesIO()
    book.save(out)
    assert only_sheet(measure, out.getvalue(), "a.xlsx") == (("合并", None, None, None), (None, None, None, "末"))


def test_xls_and_et(measure: Measure) -> None:
    data = Samples.ole(Workbook=Samples.biff((0, 0, "单位"), (2, 1, 3.0)))
    for name, kind in (("a.xls", "xls"), ("a.et", "et"), ("a.jpg", "xls")):
        found, reading = measure(data, name)
        assert found == kind and isinstance(reading.facts, TableFacts)
        assert reading.facts.format == kind
        assert reading.facts.sheets[0].name == "统计表"
        assert reading.facts.sheets[0].rows == (("单位", None), (None, None), (None, 3))


def test_ods(measure: Measure) -> None:
    empty = '<table:table-cell table:number-columns-repeated="16000"/>'
    cell = '<table:table-cell office:value-type="string"><text:p>单位</text:p></table:table-cell>'
    rows = f"<table:table-row>{cell}{empty}</table:table-row>"
    rows += f'<table:table-row table:number-rows-repeated="1000000">{empty}</table:table-row>'
    kind, reading = measure(ods(rows), "a.ods")
    assert kind == "ods" and isinstance(reading.facts, TableFacts)
    assert reading.facts.sheets[0].rows == (("单位",),)


def test_far_cell_is_clipped_not_unfolded(measure: Measure) -> None:
    facts = measure(xlsx(A1="单位", XFD1048576="远"), "a.xlsx")[1].facts
    assert isinstance(facts, TableFacts) and facts.truncated and facts.sheets[0].truncated
    assert facts.sheets[0].rows == (("单位",),)


def test_long_and_wide(measure: Measure) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("长")
    for row in range(MAX_PLACES // MAX_COLUMNS + 10):
        sheet.append([row, *["x"] * (MAX_COLUMNS + 5 if row == 0 else 0)])
    out = io.BytesIO()
    book.save(out)
    facts = measure(out.getvalue(), "a.xlsx")[1].facts
    assert isinstance(facts, TableFacts) and facts.truncated
    assert (len(facts.sheets[0].rows), len(facts.sheets[0].rows[0])) == (MAX_PLACES // MAX_COLUMNS, MAX_COLUMNS)


def test_a_roster_of_20_000_units_is_whole(measure: Measure) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    for row in range(20_000):
        sheet.append([f"{row:05}", "单位", "电话", "邮箱"])
    out = io.BytesIO()
    book.save(out)
    facts = measure(out.getvalue(), "a.xlsx")[1].facts
    assert isinstance(facts, TableFacts) and not facts.truncated
    assert len(facts.sheets[0].rows) == 20_000


def bomb() -> bytes:
    return Samples.zip(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b" " * (60 << 20)))


def entities() -> bytes:
    """A billion laughs in place of the sheet of an honest workbook."""
    source, out = zipfile.ZipFile(io.BytesIO(ods("<table:table-row/>"))), io.BytesIO()
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>'
    with zipfile.ZipFile(out, "w") as package:
        for name in source.namelist():
            package.writestr(name, laughs if name == "content.xml" else source.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (bomb(), "a.xlsx", "too-large"),
        (xlsx(A1=1)[:2000], "a.xlsx", "damaged"),
        (Samples.zip(("[Content_Types].xml", b""), ("xl/workbook.xml", b"<broken")), "a.xlsx", "damaged"),
        (Samples.ole(Workbook=Samples.biff((0, 0, "x"), password=True)), "a.xls", "encrypted"),
        (Samples.ole(Workbook=Samples.biff((0, 0, "x"), (65535, 255, 1.0))), "a.xls", "too-large"),
        (Samples.ole(Workbook=Samples.biff((0, 0, "x")))[:1500], "a.xls", "damaged"),
        (ods("", "<manifest:encryption-data/>"), "a.ods", "encrypted"),
        (
            ods(
                '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
                'table:number-columns-repeated="16384" office:value-type="string"/></table:table-row>'
            ),
            "a.ods",
            "too-large",
        ),
        (entities(), "a.ods", "damaged"),
    ],
)
def test_refused(measure: Measure, data: bytes, name: str, reason: str) -> None:
    facts = measure(data, name)[1].facts
    assert isinstance(facts, Unreadable), facts
    assert facts.reason == reason


def test_formulas_without_results_and_percentages(measure: Measure) -> None:
    """openpyxl saves no results; a cell shown as 85% holds 0.85."""
    data = xlsx(B1=3, B2=4, B3="=SUM(B1:B2)", B4="=VLOOKUP(A1,A1:B2,2)", B5=0.855)
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["统计表"]["B5"].number_format = "0.0%"
    out = io.BytesIO()
    book.save(out)
    rows = only_sheet(measure, out.getvalue(), "a.xlsx")
    assert [row[1] for row in rows] == [3, 4, 7, "=VLOOKUP(A1,A1:B2,2)", "85.5%"]


PHOTO = Samples.picture((400, 300))


def illustrated() -> bytes:
    from openpyxl.drawing.image import Image

    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "活动图片"
    book.active.add_image(Image(io.BytesIO(PHOTO)), "B2")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_pictures_in_an_xlsx(measure: Measure) -> None:
    facts = measure(illustrated(), "活动图片.xlsx")[1].facts
    assert isinstance(facts, TableFacts) and facts.sheets[0].rows == (("活动图片",),)
    (picture,) = facts.pictures
    assert (picture.format, picture.width, picture.height, picture.size) == ("JPEG", 400, 300, len(PHOTO))


def test_broken_drawings_leave_the_cells(measure: Measure) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(illustrated())) as sound, zipfile.ZipFile(out, "w") as broken:
        for name in sound.namelist():
            broken.writestr(name, b"<broken" if name.startswith("xl/drawings/drawing") else sound.read(name))
    facts = measure(out.getvalue(), "活动图片.xlsx")[1].facts
    assert isinstance(facts, TableFacts) and facts.sheets[0].rows == (("活动图片",),) and not facts.pictures


def test_pictures_in_an_xls(measure: Measure) -> None:
    """The drawing group is cut into records of at most 8 KB."""
    blip = struct.pack("<HHI", 0x46A0, 0xF01D, 17 + len(PHOTO)) + bytes(17) + PHOTO
    store = (
        struct.pack("<HHI", 0x0052, 0xF007, 36 + len(blip))
        + bytes(20)
        + struct.pack("<IIIBBBB", len(blip), 1, 0, 0, 0, 0, 0)
    )
    group = store + blip
    group = struct.pack("<HHI", 0xF, 0xF001, len(group)) + group
    group = struct.pack("<HHI", 0xF, 0xF000, len(group)) + group
    parts = [group[at : at + 8000] for at in range(0, len(group), 8000)]
    records = b"".join(
        struct.pack("<HH", 0x3C if number else 0xEB, len(part)) + part for number, part in enumerate(parts)
    )
    assert len(parts) > 1
    plain = Samples.biff((0, 0, "活动图片"))
    place = plain.index(b"\x85\0")  # before the list of sheets, whose place in the stream moves on
    stream = bytearray(plain[:place] + records + plain[place:])
    (sheet,) = struct.unpack_from("<I", stream, place + len(records) + 4)
    struct.pack_into("<I", stream, place + len(records) + 4, sheet + len(records))
    facts = measure(Samples.ole(Workbook=bytes(stream)), "活动图片.xls")[1].facts
    assert isinstance(facts, TableFacts) and facts.sheets[0].rows == (("活动图片",),), facts
    (picture,) = facts.pictures
    assert (picture.name, picture.format, picture.width, picture.height) == ("图片1", "JPEG", 400, 300)
