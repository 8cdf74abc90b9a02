"""Whoever reads the workbook reads the same: openpyxl, python-calamine, and LibreOffice, which calculates anew."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from intake.tracker.book import write_tracker
from tests.sheets import saved_by_libreoffice

Cells = dict[tuple[str, int, int], object]
"""By sheet, row and column from 1."""


def by_openpyxl(path: Path) -> Cells:
    return {
        (ws.title, cell.row, cell.column): _value(cell.value)
        for ws in load_workbook(path, data_only=True).worksheets
        for line in ws.iter_rows()
        for cell in line
        if cell.value is not None
    }


def by_calamine(path: Path) -> Cells:
    book = CalamineWorkbook.from_path(str(path))
    return {
        (name, row, column): _value(value)
        for name in book.sheet_names
        for row, line in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1)
        for column, value in enumerate(line, 1)
        if value != ""
    }


def _value(value: object) -> object:
    """calamine knows no whole numbers."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _without_results(book: Path, goal: Path) -> None:
    """The workbook without what its formulas come to: LibreOffice would take our word for it."""
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(goal, "w") as target:
        for name in source.namelist():
            target.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", source.read(name)))


@pytest.fixture
def book(sample: ModuleType, tmp_path: Path) -> Path:
    path: Path = write_tracker(sample.board(tmp_path), tmp_path / "台账.xlsx", day_copy=False).path
    return path


def test_two_readers_read_the_same(book: Path) -> None:
    found = by_openpyxl(book)
    assert found == by_calamine(book)
    (row,) = {row for (sheet, row, _), value in found.items() if sheet == "统计汇总" and value == "合计"}
    sums = [value for (sheet, at, _), value in found.items() if sheet == "统计汇总" and at == row and value != "合计"]
    assert len(sums) == 9  # readers that do not calculate see the sums too
    assert all(isinstance(value, float) for value in sums)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same(book: Path, tmp_path: Path) -> None:
    before = by_openpyxl(book)
    bare = tmp_path / "bare.xlsx"
    _without_results(book, bare)
    saved_by_libreoffice(bare, tmp_path / "scratch")
    after = by_openpyxl(bare)
    assert {at: (before.get(at), after.get(at)) for at in before | after if before.get(at) != after.get(at)} == {}
