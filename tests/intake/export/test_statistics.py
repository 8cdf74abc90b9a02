"""The merged statistics in the layout of the blank form: what stands where, what is added up, what is marked."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from python_calamine import CalamineWorkbook

from intake.export.blankform import heighten
from intake.export.statistics import merged_tables
from intake.readers import read
from rules.facts import Cell, Sheet, TableFacts
from rules.notice import Requirement
from tests.sheets import saved_by_libreoffice

N = None
BOMB = '=HYPERLINK("http://x.example","点我")'
GRID: list[list[Cell]] = [
    ["2022年统计表", N, N, N], ["填报单位：", N, N, N], ["类别", "项目", "单位", "数量"],
    ["宣传", "讲座", "场", N], [N, "展览", "场", N], [N, "合计", "场", N], ["执法", "合格率", "%", N],
    ["注：如实填写。", N, N, N],
]  # fmt: skip
LIST: list[list[Cell]] = [
    ["抽查企业名单", N, N, N], ["序号", "企业名称", "批次", "合格率（%）"], [N, N, N, N], [N, N, N, N],
    ["填表人：", N, N, N],
]  # fmt: skip
LABELS: list[list[Cell]] = [
    ["先进个人推荐表", N, N, N], ["姓名", N, "性别", N], ["出生年月", N, "职务", N], ["工作单位", N, "联系电话", N],
]  # fmt: skip


@pytest.fixture(scope="module")
def sample() -> ModuleType:
    place = Path(__file__).parents[1] / "tracker" / "sample.py"
    spec = importlib.util.spec_from_file_location("tracker_sample", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def facts(rows: list[list[Cell]]) -> TableFacts:
    return TableFacts(format="xlsx", sheets=(Sheet(name="1", rows=tuple(map(tuple, rows))),))


def filled(form: list[list[Cell]], values: Mapping[tuple[int, int], Cell]) -> TableFacts:
    return facts([[values.get((r, c), cell) for c, cell in enumerate(row)] for r, row in enumerate(form)])


def merged(
    sample: ModuleType, folder: Path, form: list[list[Cell]], tables: Mapping[int, TableFacts], name: str = "附表.xlsx"
) -> Path:
    """The workbook of a campaign of four units in which those of these numbers sent these tables."""
    workbook = Workbook()
    for row in form:
        workbook.active.append(row)
    workbook.active.title = "附件"
    workbook.active.column_dimensions["B"].width = 33
    workbook.active.merge_cells("A1:D1")
    workbook.active["A1"].number_format = "@"
    if form is GRID:
        workbook.active.merge_cells("A4:A6")
    workbook.save(folder / "附表.xlsx")
    _, reading = read(folder / "附表.xlsx", "附表.xlsx", folder)
    blank = reading.facts
    assert isinstance(blank, TableFacts)
    board = sample.board(folder, units=4)
    asked = Requirement(id="statistics", name="统计表", category="stat_table", form=name)
    others = [r for r in board.notice.requirements if r.id != "statistics"]
    notice = board.notice.model_copy(update={"requirements": (*others, asked)})
    units = [
        msgspec.structs.replace(row, tables={"statistics": tables[n]} if n in tables else {})
        for n, row in enumerate(board.units)
    ]
    board = msgspec.structs.replace(board, notice=notice, units=tuple(units), forms={"statistics": blank})
    ((file, _, write),) = merged_tables(board, folder)
    assert file == "统计表（汇总）.xlsx"
    write(folder / file)
    return folder / file


def texts(sheet: Any) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def reckoned(path: Path, scratch: Path) -> list[list[list[Any]]]:
    """The values of all sheets as LibreOffice reckons the formulas."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    saved_by_libreoffice(path, scratch)
    book = CalamineWorkbook.from_path(path)
    return [book.get_sheet_by_index(n).to_python() for n in range(len(book.sheet_names))]


def test_a_form_of_printed_rows(sample: ModuleType, tmp_path: Path) -> None:
    one = filled(GRID, {(3, 3): 3, (4, 3): 4, (5, 3): 7, (6, 3): 95})
    wrong = filled(GRID, {(3, 3): "若干", (4, 3): 5, (5, 3): 5, (6, 3): 90})
    odd = filled(GRID, {(3, 3): 10, (4, 3): 20, (5, 3): 99, (6, 3): BOMB})
    path = merged(sample, tmp_path, GRID, {0: one, 1: wrong, 3: odd})
    form, blocks = load_workbook(path).worksheets
    assert form["A1"].value == "2022年统计表"
    assert form["B2"].value.endswith("（汇总）")
    assert form.column_dimensions["B"].width == blocks.column_dimensions["B"].width == 33
    assert {str(area) for area in form.merged_cells.ranges} >= {"A1:D1", "A4:A6"}
    assert form["D4"].value.startswith("=SUMIF(")
    assert form["D7"].value == "—"  # shares are not added up
    assert "若干" in form["D4"].comment.text
    told = texts(blocks)
    assert [text for text in told if "　（" in text] == sorted(text for text in told if "　（" in text)
    assert BOMB in told
    assert not [c for row in blocks.iter_rows() for c in row if c.data_type == "f" or c.hyperlink]
    values = reckoned(path, tmp_path)[0]
    assert [row[3] for row in values[3:6]] == [13, 29, 7 + 5 + 30]  # 若干 is left out, 99 is none: 10 + 20


def test_a_turned_table_lands_in_the_forms_places(sample: ModuleType, tmp_path: Path) -> None:
    one = filled(GRID, {(3, 3): 3, (4, 3): 4, (5, 3): 7, (6, 3): 95})
    turned = facts([list(column) for column in zip(*one.sheets[0].rows[2:7], strict=True)])
    path = merged(sample, tmp_path, GRID, {0: turned})
    assert [row[3] for row in reckoned(path, tmp_path)[0][3:6]] == [3, 4, 7]


def test_a_list_has_the_rows_of_all_units_between_headings_and_foot(sample: ModuleType, tmp_path: Path) -> None:
    one = filled(LIST, {(2, 1): "甲厂", (2, 2): 3, (2, 3): 99, (3, 1): BOMB, (3, 2): 4, (3, 3): 90})
    two = filled(LIST, {(2, 1): "丙厂", (2, 2): "五批左右", (2, 3): 80})
    path = merged(sample, tmp_path, LIST, {0: one, 2: two})
    (sheet,) = load_workbook(path).worksheets
    assert sheet.title == "附件"
    assert [cell.value for cell in sheet[2]] == LIST[1]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[:2] for row in rows if isinstance(row[0], int)] == [[1, "甲厂"], [2, BOMB], [3, "丙厂"]]
    assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f" and "SUM" not in str(c.value)]
    (total,) = [row for row in rows if row[0] == "合计"]
    assert total[2].startswith("=SUM(C3:") and total[3] is None
    assert rows.index(total) < next(n for n, row in enumerate(rows) if row[0] == "填表人：")
    (added,) = [row for row in reckoned(path, tmp_path)[0] if row[0] == "合计"]
    assert added[2] in (7, 12)  # as 统计汇总 counts "五批左右"


def test_a_form_of_labels_is_filled_once_a_unit(sample: ModuleType, tmp_path: Path) -> None:
    one = filled(LABELS, {(1, 1): "张三", (1, 3): "男", (2, 1): "1990年1月", (2, 3): BOMB, (3, 1): "甲局", (3, 3): "1"})
    path = merged(sample, tmp_path, LABELS, {1: one})
    copies = load_workbook(path).worksheets[0]
    rows = [[cell.value for cell in row] for row in copies.iter_rows()]
    at = next(n for n, row in enumerate(rows) if row[0] == "姓名")
    assert rows[at][:4] == ["姓名", "张三", "性别", "男"]
    assert rows[at + 1][:4] == ["出生年月", "1990年1月", "职务", BOMB]
    assert not [c for row in copies.iter_rows() for c in row if c.data_type == "f"]


def test_a_form_that_is_no_workbook_gives_a_plain_sheet(sample: ModuleType, tmp_path: Path) -> None:
    one = filled(GRID, {(3, 3): 3, (4, 3): 4, (5, 3): 7, (6, 3): 95})
    path = merged(sample, tmp_path, GRID, {0: one}, name="附表.docx")
    form = load_workbook(path).worksheets[0]
    assert form["A1"].value == "2022年统计表"
    assert form["D4"].value.startswith("=SUMIF(")


def test_a_row_is_high_enough_for_what_stands_in_it() -> None:
    ws = Workbook().active
    ws["A1"].value, ws["A1"].alignment = "质量提升项目" * 6, Alignment(wrap_text=True)
    ws["A2"].value, ws["A2"].font = "登记表", Font(size=22)
    ws["A3"].value, ws["A3"].alignment = "=SUM(C5:C6)+SUM(D5:D6)", Alignment(wrap_text=True)
    for row in (1, 2, 3):
        heighten(ws, row, ws, row)
    heights = [ws.row_dimensions[row].height for row in (1, 2, 3)]
    assert heights[0] > 5 * 11 and heights[1] > 30 and heights[2] < 20


def test_no_form_is_wider_than_its_page(sample: ModuleType, tmp_path: Path) -> None:
    for form in (GRID, LABELS):
        for sheet in load_workbook(merged(sample, tmp_path, form, {})).worksheets:
            assert sheet.sheet_properties.pageSetUpPr.fitToPage or sheet.page_setup.scale
            assert sheet.page_setup.paperSize in (9, "9")
