"""What the new workbook cannot hold is never dropped in silence: the old one is kept, and it is said."""

from __future__ import annotations

import shutil
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import PieChart, Reference
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.worksheet.table import Table
from PIL import Image as Picture

from intake.tracker.book import write_tracker
from intake.tracker.reopen import read_hand
from intake.view import Board
from tests.sheets import saved_by_libreoffice


@pytest.fixture
def board(sample: ModuleType, tmp_path: Path) -> Board:
    made: Board = sample.board(tmp_path, units=8, thumbnails=4)
    return made


@pytest.fixture
def path(board: Board, tmp_path: Path) -> Path:
    return write_tracker(board, tmp_path / "台账.xlsx", day_copy=False).path


def picture() -> Image:
    data = BytesIO()
    Picture.new("RGB", (30, 20), "red").save(data, "PNG")
    return Image(data)


def chart(ws: Any) -> PieChart:
    made = PieChart()
    made.add_data(Reference(ws, min_col=1, min_row=1, max_row=3))
    return made


def test_nothing_of_hers_nothing_kept(board: Board, path: Path, tmp_path: Path) -> None:
    written = write_tracker(board, path, day_copy=False)
    assert (written.kept_as, written.note) == (None, "")


def values(path: Path) -> dict[tuple[str, str], Any]:
    return {
        (ws.title, cell.coordinate): cell.value
        for ws in load_workbook(path, data_only=True)
        for row in ws.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_what_we_wrote_and_our_drawings_stay_ours(sample: ModuleType, tmp_path: Path) -> None:
    """Bombs are text there too, sums come to the same, and nothing of ours is taken for hers afterwards."""
    board = sample.board(tmp_path, units=14, thumbnails=4, bombs=True)
    path = write_tracker(board, tmp_path / "台账.xlsx", day_copy=False).path
    before = values(path)
    saved_by_libreoffice(path, tmp_path)
    assert values(path) == before
    assert not [cell for ws in load_workbook(path) for row in ws.iter_rows() for cell in row if cell.data_type == "f"
                and not str(cell.value).startswith("=SUM(")]  # fmt: skip
    written = write_tracker(board, path, day_copy=False)
    assert (written.kept_as, written.note, written.kept) == (None, "", 0)
    assert values(path) == before


def test_her_chart_picture_and_colours_on_our_lists(board: Board, path: Path) -> None:
    workbook = load_workbook(path)
    ws = workbook["明细"]
    ws.add_chart(chart(ws), "R2")
    workbook["图片"].add_image(picture(), "M2")
    ws.conditional_formatting.add("C2:C9", CellIsRule(operator="equal", formula=['"未报"']))
    workbook["邮件"].add_table(Table(displayName="mails", ref="A1:D5"))
    own = workbook.create_sheet("领导汇报")
    own["A1"], own["A2"], own["A3"] = 1, 2, 3
    own.add_chart(chart(own), "C1")
    own.add_image(picture(), "C20")
    own.conditional_formatting.add("A1:A3", CellIsRule(operator="equal", formula=["2"]))
    workbook.save(path)
    before = path.read_bytes()
    written = write_tracker(board, path, day_copy=False)
    assert written.kept_as == path.with_name("台账.原件-20221010-083000.xlsx")
    assert written.kept_as.read_bytes() == before
    assert written.lost == "“明细”表中的图表1个、“明细”表中的条件格式1个、“图片”表中的图片1个、“邮件”表中的表格样式1个"
    assert written.lost in written.note
    own = load_workbook(path)["领导汇报"]  # carried over whole
    assert (len(own._charts), len(own._images), len(own.conditional_formatting)) == (1, 1, 1)
    assert write_tracker(board, path, day_copy=False).kept_as is None


def test_a_text_box_on_her_own_sheet_and_pictures_in_cells(board: Board, path: Path) -> None:
    """openpyxl knows neither; WPS keeps pictures in cells in a part of its own."""
    workbook = load_workbook(path)
    own = workbook.create_sheet("领导汇报")
    own.add_image(picture(), "A1")
    workbook.save(path)
    torn = path.with_name("torn.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(torn, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/drawings/drawing") and b"red" not in data:
                shape = (
                    data[data.index(b"<oneCellAnchor") : data.index(b"</oneCellAnchor>") + 16]
                    if (b"<oneCellAnchor" in data)
                    else b""
                )
                start, end = shape.find(b"<pic>"), shape.find(b"</pic>") + 6
                box = shape[:start] + b"<sp><nvSpPr/><spPr/></sp>" + shape[end:] if shape else b""
                data = data.replace(b"</wsDr>", box + b"</wsDr>")
            new.writestr(name, data)
        new.writestr("xl/cellimages.xml", "<etc:cellImages/>")
    torn.replace(path)
    written = write_tracker(board, path, day_copy=False)
    assert written.lost == "“领导汇报”表中的图形1个、嵌在单元格里的图片"


def test_old_copies_of_days_go_and_those_she_changed_stay(board: Board, path: Path) -> None:
    for day in range(4):
        then = msgspec.structs.replace(board, as_of=board.as_of + timedelta(days=day))
        write_tracker(then, path)
    changed = path.with_name("台账-2022-10-10.xlsx")
    workbook = load_workbook(changed)
    workbook.properties.lastModifiedBy = "何主任"
    workbook.save(changed)
    then = msgspec.structs.replace(board, as_of=board.as_of + timedelta(days=4))
    write_tracker(then, path, keep=timedelta(days=2))
    days = sorted(one.stem[-2:] for one in path.parent.glob("台账-*.xlsx"))
    assert days == ["10", "12", "13", "14"]


def test_words_that_are_formatted_within_a_cell_stay_so(board: Board, path: Path) -> None:
    """On her own sheets, in her cells, and beside: our own cells and her decisions are read as text."""
    red = InlineFont(color="FFFF0000", b=True)
    workbook = load_workbook(path)
    ws = workbook["明细"]
    heads = [cell.value for cell in ws[1]]
    for header in ("备注", "人工结论"):
        ws.cell(2, heads.index(header) + 1).value = CellRichText("免", TextBlock(red, "报"))
    ws.cell(3, heads.index("单位") + 1).value = CellRichText(TextBlock(red, board.units[1].unit.name))
    workbook.create_sheet("领导汇报")["A1"] = CellRichText("请 ", TextBlock(red, "尽快"), " 报送")
    workbook.save(path)
    assert read_hand(path).units["001"]["人工结论"] == "免报"
    for _ in range(2):
        assert write_tracker(board, path, day_copy=False).note == ""
        kept = load_workbook(path, rich_text=True)
        cell = kept["明细"].cell(2, heads.index("备注") + 1)
        assert [str(piece) for piece in cell.value] == ["免", "报"]
        own = kept["领导汇报"]["A1"].value
        assert [str(piece) for piece in own] == ["请 ", "尽快", " 报送"]
        assert own[1].font.color.rgb == "FFFF0000"


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ('<x14:dataValidation type="list"/>', "引用其他表的下拉列表1个"),
        (
            "<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm='m'/></x14:conditionalFormattings>",
            "扩展的条件格式1个",
        ),
    ],
)
def test_what_newer_programs_add_to_her_sheet_is_told(board: Board, path: Path, mark: str, said: str) -> None:
    workbook = load_workbook(path)
    workbook.create_sheet("领导汇报")["A1"] = 1
    workbook.save(path)
    space = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    more = f'<extLst><ext xmlns:x14="{space}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}">{mark}</ext></extLst>'
    other = path.with_name("more.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        last = f"xl/worksheets/sheet{len(workbook.sheetnames)}.xml"
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"</worksheet>", f"{more}</worksheet>".encode()) if name == last else data)
    other.replace(path)
    written = write_tracker(board, path, day_copy=False)
    assert f"“领导汇报”表中的{said}" in written.note
    assert written.kept_as is not None
    assert write_tracker(board, path, day_copy=False).note == ""
