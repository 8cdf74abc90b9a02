"""统计汇总: what is counted, what only stands there, lists row by row, units without a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook

from intake.tracker.book import write_tracker
from rules.facts import Cell, Sheet, TableFacts
from rules.notice import Requirement
from rules.verdict import RequirementState

N = None
LIST = (("抽查企业名单", N, N, N, N), ("序号", "企业名称", "批次", "合格率（%）", "备注"))
FORM = (
    ("2022年统计表", N, N),
    ("填报单位：", N, N),
    ("项目", "单位", "数量"),
    ("讲座", "场", N),
    ("展览", "场", N),
    ("合计", "场", N),
)


def facts(*rows: tuple[Cell, ...]) -> TableFacts:
    return TableFacts(format="xlsx", sheets=(Sheet(name="1", rows=rows),))


def table(*values: Cell, unit: str = "填报单位：") -> TableFacts:
    rows = [(row[0], row[1], value) for row, value in zip(FORM[3:], values, strict=True)]
    return facts(FORM[0], (unit, N, N), FORM[2], *rows)


def statistics(sample: ModuleType, data: Path, tables: Mapping[int, TableFacts], form: TableFacts) -> Any:
    """The sheet 统计汇总 of a campaign in which the units of these numbers sent these tables."""
    board = sample.board(data, units=6)
    asked = Requirement(id="statistics", name="统计表", category="stat_table", form="a.xlsx")
    others = [r for r in board.notice.requirements if r.id != "statistics"]
    notice = board.notice.model_copy(update={"requirements": (*others, asked)})
    units = [
        msgspec.structs.replace(row, tables={"statistics": tables[n]} if n in tables else {})
        for n, row in enumerate(board.units)
    ]
    board = msgspec.structs.replace(board, notice=notice, units=tuple(units), forms={"statistics": form})
    write_tracker(board, data / "台账.xlsx", day_copy=False)
    return load_workbook(data / "台账.xlsx")["统计汇总"], load_workbook(data / "台账.xlsx", data_only=True)["统计汇总"]


def columns(sheet: Any) -> dict[str, list[Any]]:
    return {str(cells[0].value): list(cells[1:]) for cells in sheet.iter_cols() if cells[0].value}


def test_what_is_counted_and_what_only_stands_there(sample: ModuleType, tmp_path: Path) -> None:
    tables = {0: table(3, 4, 7), 1: table("若干", "4余", 9), 2: table("3家", N, 5), 4: table(1, 2, 4)}
    sheet, shown = statistics(sample, tmp_path, tables, facts(*FORM))
    cells, sums = columns(sheet), columns(shown)
    assert [cell.value for cell in cells["讲座"][:6]] == [3, "若干", "3家", N, 1, N]
    assert [cell.value for cell in cells["展览"][:6]] == [4, 4, N, N, 2, N]
    assert sums["讲座"][-1].value == 4
    assert str(cells["讲座"][-1].value).startswith("=SUM(")
    fills = [
        cells[name][n].fill.fgColor.rgb for name, n in (("讲座", 0), ("讲座", 1), ("讲座", 2), ("展览", 1), ("合计", 4))
    ]
    assert len(set(fills)) == 4 and fills[1] == fills[4]  # words and a wrong sum alike
    assert "原文“4余”，按 4 计" in cells["展览"][1].comment.text
    assert "表中以场计，所填单位是家，未计入合计" in cells["数据说明"][2].value
    assert "原文“4”，各项相加为 3，两者不符，按各项之和计" in cells["合计"][4].comment.text
    assert cells["合计"][4].value == 3
    assert sums["合计"][-1].value == 7 + 9 + 5 + 3  # not the 4 that its own parts contradict
    assert cells["单位"][3].value and not cells["数据说明"][3].value  # a unit without a table is listed


@pytest.mark.parametrize(("state", "counted"), [("unsure", N), ("ok", 3)])
def test_another_units_table_counts_when_it_was_accepted(
    sample: ModuleType, tmp_path: Path, state: RequirementState, counted: Cell
) -> None:
    board = sample.board(tmp_path, units=1)
    asked = board.notice.requirement("statistics")
    (row,) = board.units
    standings = [
        msgspec.structs.replace(one, state=state) if one.id == asked.id else one for one in row.verdict.standings
    ]
    verdict = msgspec.structs.replace(row.verdict, standings=tuple(standings))
    foreign = table(3, 4, 7, unit="填报单位：滨城市白杨区财政局")
    row = msgspec.structs.replace(row, verdict=verdict, tables={"statistics": foreign})
    board = msgspec.structs.replace(board, units=(row,), forms={"statistics": facts(*FORM)})
    write_tracker(board, tmp_path / "台账.xlsx", day_copy=False)
    cells = columns(load_workbook(tmp_path / "台账.xlsx")["统计汇总"])
    value = cells["讲座"][0].value
    assert (value if isinstance(value, int) else N) == counted


def test_a_list_has_all_rows_with_the_units_name(sample: ModuleType, tmp_path: Path) -> None:
    tables = {
        0: facts(*LIST, (1, "甲厂", 3, "95%", "含网络"), (2, "乙厂", 2, 100, N), ("合计", N, 5, N, N)),
        2: facts(*LIST, (1, "丙厂", 4, 90, N)),
    }
    sheet, shown = statistics(sample, tmp_path, tables, facts(*LIST))
    cells = columns(sheet)
    assert [cell.value for cell in cells["代码"]][:4] == ["001", "001·2", "002", "003"]
    assert [cell.value for cell in cells["企业名称"]][:4] == ["甲厂", "乙厂", N, "丙厂"]
    assert cells["单位"][0].value == cells["单位"][1].value
    assert [cell.value for cell in cells["合格率（%）"]][:4] == [95, 100, N, 90]
    assert columns(shown)["批次"][-1].value == 9
    assert cells["合格率（%）"][-1].value is None  # rates are not added up
