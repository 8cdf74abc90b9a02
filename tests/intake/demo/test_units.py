"""Invented units are distinct, and their roster reads back from both formats."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from intake.demo.units import HEADINGS, units, write_roster


def test_units_are_distinct_and_the_same_each_time() -> None:
    many = units(114)
    assert many == units(114)
    assert len({unit.name for unit in many}) == len({unit.short for unit in many}) == 114
    addresses = [address for unit in many for address in unit.addresses]
    assert len(set(addresses)) == len(addresses) == 114 + 38
    assert all(address.endswith(".example") for address in addresses)
    assert units(12) == many[:12]
    with pytest.raises(ValueError, match="114"):
        units(115)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_roster_as_csv(tmp_path: Path, encoding: str) -> None:
    write_roster(tmp_path / "roster.csv", units(3), encoding=encoding)
    rows = list(csv.reader(io.StringIO((tmp_path / "roster.csv").read_bytes().decode(encoding))))
    assert rows[0] == list(HEADINGS)
    assert rows[3][1] == units(3)[2].name
    assert rows[3][6] == "；".join(units(3)[2].addresses)


def test_roster_as_xlsx_keeps_codes_as_text(tmp_path: Path) -> None:
    write_roster(tmp_path / "roster.xlsx", units(3))
    sheet = load_workbook(tmp_path / "roster.xlsx").worksheets[0]
    assert [cell.value for cell in sheet["A"]] == ["代码", "001", "002", "003"]


def test_other_roster_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.doc"):
        write_roster(tmp_path / "roster.doc", units(1))
