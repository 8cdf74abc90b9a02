"""What is wrong with the shape of a roster, as its keeper reads it."""

from __future__ import annotations

from collections.abc import Sequence

from intake.units.roster_cells import tidy
from intake.units.roster_columns import HEADING_ROWS, Columns
from intake.units.roster_sheets import Sheet
from rules.faults import Fault


def no_headings(sheets: Sequence[Sheet]) -> Fault:
    """No sheet has a row of headings."""
    first = next((row for sheet in sheets for row in sheet.rows if any(tidy(c) for c in row)), ())
    shown = "、".join(tidy(cell) for cell in first if tidy(cell))[:60]
    return Fault(
        path="表头",
        found=f"前 {HEADING_ROWS} 行里没有表头（第一行是：{shown}）" if shown else "空表",
        expected="一行表头，至少有“单位”和“邮箱”两列",
        remedy="请加上表头：代码、单位、简称、类别、联系人、电话、邮箱，次序不限。",
    )


def cut(sheet: Sheet) -> Fault:
    """The sheet was too large to be read whole."""
    return Fault(
        path=f"工作表 {sheet.name}",
        found="范围过大（可能在很远的格子里有字），只读了前面的行",
        expected="只有名册的表",
        remedy="请核对单位数；如有缺少，请把名册复制到新表后另存。",
    )


def no_address_column(sheet: Sheet, columns: Columns) -> Fault:
    """There are headings, but none for mail addresses."""
    shown = "、".join(text for cell in sheet.rows[columns.row] if (text := tidy(cell)))
    return Fault(
        path=f"第 {columns.row + 1} 行 表头",
        found=shown[:80],
        expected="有一列“邮箱”（或 电子邮箱、E-mail）",
        remedy="请加上邮箱一列；一个单位有多个邮箱时写在同一格，用分号隔开。",
    )
