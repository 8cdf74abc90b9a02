"""问题: a row a finding, with what was asked, what was measured, how to mend it and the words of the notice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from intake import words
from intake.tracker.links import Links, named
from intake.tracker.table import Column, Entry, Row, Table
from intake.view import Board, UnitRow

_NAME: Final = 22.0
"""Width of the column of names."""


def problems_table(board: Board, links: Links) -> Table:
    """The sheet as a table. What passed is left out."""
    return Table(
        name="问题",
        key="编号",
        freeze=3,
        columns=(
            Column(header="编号", hidden=True),
            Column(header="代码", widest=16),
            Column(header="单位", widest=28, narrowest=16),
            Column(header="报送内容", widest=16, narrowest=12),
            Column(header="文件", widest=_NAME, narrowest=14),
            Column(header="结论", align="center", narrowest=9),
            Column(header="要求", widest=16, narrowest=10),
            Column(header="实测", widest=16, narrowest=10),
            Column(header="说明", widest=36, narrowest=20),
            Column(header="办法", widest=32, narrowest=20),
            Column(header="依据", widest=32, narrowest=20),
        ),
        rows=numbered(row for unit in board.units for row in _rows(unit, links)),
    )


def _rows(row: UnitRow, links: Links) -> Iterator[Row]:
    unit = row.unit
    for standing in row.verdict.standings:
        for finding in standing.findings:
            if finding.outcome == "pass" or (finding.code == "missing" and finding.outcome == "note"):
                continue
            word, tone = words.outcome(finding)
            yield Row(
                "|".join((unit.code, standing.id, finding.code, finding.about or finding.file)),
                [
                    Entry(unit.code),
                    Entry(unit.name),
                    Entry(standing.name),
                    named(finding.file, links.to(row.saved.get(finding.about, "")), _NAME),
                    Entry(word, tone),
                    Entry(finding.expected),
                    Entry(finding.measured),
                    Entry(finding.says),
                    Entry(finding.fix),
                    Entry(finding.clause),
                ],
            )
    names = {standing.id: standing.name for standing in row.verdict.standings}
    for piece in row.verdict.unplaced:
        maybe = "、".join(names.get(id, id) for id in piece.candidates)
        yield Row(
            "|".join((unit.code, "", "unplaced", piece.key)),
            [
                Entry(unit.code),
                Entry(unit.name),
                Entry("（未归类）", "plain-quiet"),
                named(piece.name, links.to(row.saved.get(piece.key, "")), _NAME),
                Entry("待核", "unsure") if maybe else Entry("提示", "waived"),
                Entry(""),
                Entry(""),
                Entry(piece.why),
                Entry(f"可能属于：{maybe}，请核对。" if maybe else ""),
                Entry(""),
            ],
        )


def numbered(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows with keys that are unique and stand in the hidden first column."""
    seen: dict[str, int] = {}
    for row in rows:
        count = seen[row.key] = seen.get(row.key, 0) + 1
        key = row.key if count == 1 else f"{row.key}#{count}"
        yield row._replace(key=key, entries=[Entry(key), *row.entries])
