"""Her afternoon in an office program and ten cycles after it: everything of hers is there, decisions acted once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import PatternFill
from PIL import Image as Picture

from intake.demo import materials as m
from intake.tracking import track
from tests.desk import Desk, captioned, everything
from tests.sheets import saved_by_libreoffice, sort_rows

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")

HOUR = timedelta(hours=1)
CYCLES = 10


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, roster=5) as running:
        yield running


def book(desk: Desk) -> Path:
    return desk.folder / "data" / "tracker" / "台账.xlsx"


def at(ws: Any, key: str, header: str) -> Any:
    """The cell of a row, found by a value of it, or by a word in one."""
    column = [cell.value for cell in ws[1]].index(header) + 1
    rows = list(ws.iter_rows(min_row=2))
    exact = [row for row in rows if any(key == cell.value for cell in row)]
    (row,) = exact or [row for row in rows if any(key in str(cell.value) for cell in row)]
    return ws.cell(row[0].row, column)


def edit(desk: Desk, path: Path) -> None:
    """Sorted rows, a column, a sheet with a chart and a picture, notes, decisions, widths, a filter."""
    workbook = load_workbook(path)
    ws = workbook["明细"]
    first, second, third, fourth, fifth = (unit.code for unit in desk.units)
    at(ws, first, "备注").value = "已电话联系"
    at(ws, first, "备注").fill = PatternFill("solid", fgColor="FFFF00")
    at(ws, second, "人工结论").value = "免报 特色活动图片"
    at(ws, third, "人工结论").value = "延期至 2022-10-20"
    at(ws, fourth, "人工结论").value = "行了"
    at(ws, fifth, "单位").comment = Comment("要撤并了", "何主任")
    column = ws.max_column + 1
    ws.cell(1, column).value = "经办人"
    at(ws, fifth, "经办人").value = "小李"
    sort_rows(ws, "代码", reverse=True)
    ws.insert_cols(4)
    ws["D1"] = "跟进"
    at(ws, second, "跟进").value = "请尽快"
    at(ws, first, "跟进").value = f"={at(ws, first, '已回复').coordinate}+1"
    ws.column_dimensions["B"].width = 55
    workbook["问题"].auto_filter.add_filter_column(3, ["活动总结"])
    todo = workbook["待办"]
    at(todo, "rain@qqmail.example", "归属单位").value = desk.units[0].name
    own = workbook.create_sheet("领导汇报")
    own["A1"], own["A2"], own["A3"], own["B3"] = "件数", 3, 4, "=SUM(A2:A3)"
    own["B1"] = f'=COUNTIF(明细!{ws.cell(2, 5).coordinate}:{ws.cell(6, 5).coordinate},"合格*")'
    chart = BarChart()
    chart.add_data(Reference(own, min_col=1, min_row=1, max_row=3), titles_from_data=True)
    own.add_chart(chart, "D1")
    data = BytesIO()
    Picture.new("RGB", (30, 20), "red").save(data, "PNG")
    own.add_image(Image(data), "D20")
    workbook.properties.lastModifiedBy = "何主任"
    workbook.save(path)


def check(desk: Desk, path: Path) -> None:
    workbook = load_workbook(path)
    ws = workbook["明细"]
    first, second, third, fourth, fifth = (unit.code for unit in desk.units)
    assert [cell.value for cell in ws[1]][2:5] == ["状态", "跟进", "活动总结"]
    assert at(ws, second, "跟进").value == "请尽快"
    assert at(ws, first, "跟进").value == f"={at(ws, first, '已回复').coordinate}+1"
    assert workbook["领导汇报"]["B1"].value == '=COUNTIF(明细!E2:E6,"合格*")'
    codes = [ws.cell(row, 1).value for row in range(2, 7)]
    assert codes == sorted(codes, reverse=True)
    assert at(ws, first, "备注").value == "已电话联系"
    assert at(ws, first, "备注").fill.fgColor.rgb.endswith("FFFF00")
    assert at(ws, second, "人工结论").value == "免报 特色活动图片"
    assert "免报：特色活动图片" in at(ws, second, "处理结果").value
    assert "延期至 2022-10-20" in at(ws, third, "处理结果").value
    assert at(ws, fourth, "人工结论").value == "行了"
    assert "未生效：未能理解“行了”" in at(ws, fourth, "处理结果").value
    assert at(ws, fifth, "经办人").value == "小李"
    assert "要撤并了" in at(ws, fifth, "单位").comment.text
    assert abs(ws.column_dimensions["B"].width - 55) < 1
    (kept,) = workbook["问题"].auto_filter.filterColumn
    assert kept.filters.filter == ["活动总结"]
    own = workbook["领导汇报"]
    assert [own[a].value for a in ("A1", "A2", "A3", "B3")] == ["件数", 3, 4, "=SUM(A2:A3)"]
    assert (len(own._charts), len(own._images)) == (1, 1)
    assert "保留的备注" not in workbook.sheetnames
    assert len([1 for row in workbook["处理记录"].iter_rows(min_row=2) if row[1].value]) == 3


@pytest.mark.long
def test_ten_cycles_after_libreoffice_saved(desk: Desk, tmp_path: Path) -> None:
    first, second, *_ = desk.units
    desk.mail(first, everything(first), captioned(first))
    desk.mail(second, [m.summary(second, 1)])
    id = desk.mail(first, [m.photo(first, 3)], "材料", subject="材料", from_="rain@qqmail.example")
    desk.cycle(wait=HOUR)
    edit(desk, book(desk))
    saved_by_libreoffice(book(desk), tmp_path / "scratch")
    assert desk.cycle(wait=HOUR).decided == 3
    assert desk.mails()[id]["unit"] == first.code
    assert desk.state(second, "photos") == "waived"
    for _ in range(CYCLES - 1):
        report = desk.cycle(wait=HOUR)
        assert (report.decided, report.answered) == (0, 0)
        with desk.office() as office:  # written though nothing is new
            assert [written.note for written in track(office, desk.now)] == [""]
    check(desk, book(desk))
    saved_by_libreoffice(book(desk), tmp_path / "scratch")  # she saves again without a change: nothing acts anew
    assert desk.cycle(wait=HOUR).decided == 0
    check(desk, book(desk))
