"""统计汇总: the statistics table of all units side by side, numbers as numbers, sums as formulas, sources linked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from intake import words
from intake.tracker.links import Links, named
from intake.tracker.table import Column, Entry, Row, Table
from intake.view import Board, UnitRow
from rules.facts import Cell
from rules.notice import Requirement
from rules.table import extract
from rules.verdict import Standing

Label = tuple[str, str]
"""Heading of the row and of the column of one field of the form."""

_NUMBER: Final = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_NAME: Final = 30.0
"""Width of the column of file names."""
_OURS: Final = ("代码", "单位", "状态", "来源")


def statistics_tables(board: Board, links: Links) -> list[Table]:
    """One sheet for each statistics table of the notice; the first is called 统计汇总, and is always there."""
    asked = [r for r in board.notice.requirements if r.category == "stat_table"]
    if not asked:
        return [_table(board, None, links, 1)]
    return [_table(board, requirement, links, number) for number, requirement in enumerate(asked, 1)]


def _table(board: Board, requirement: Requirement | None, links: Links, number: int) -> Table:
    values: dict[str, Mapping[Label, Cell]] = {}
    labels: dict[Label, bool] = {}
    form = board.forms.get(requirement.id) if requirement is not None else None
    if requirement is not None and form is not None:
        labels = dict.fromkeys(extract(form, form), False)
        for row in board.units:
            filled = row.tables.get(requirement.id)
            if filled is not None:
                values[row.unit.code] = found = extract(form, filled)
                for label, value in found.items():
                    labels[label] = labels.get(label, False) or _is_number(figure(value))
    headers = _headers(list(labels))
    return Table(
        name="统计汇总" if number == 1 else f"统计汇总{number}",
        key="代码",
        freeze=2,
        splits=True,
        columns=(
            Column(header="代码", widest=16),
            Column(header="单位", widest=38, narrowest=16),
            Column(header="状态", align="center", narrowest=10),
            *(
                Column(
                    header=headers[label],
                    align="right" if summed else "left",
                    summed=summed,
                    narrowest=11,
                    widest=24,
                )
                for label, summed in labels.items()
            ),
            Column(header="来源", widest=_NAME, narrowest=16),
        ),
        rows=_rows(board, requirement, list(labels), labels, values, links),
    )


def _rows(
    board: Board,
    requirement: Requirement | None,
    order: list[Label],
    summed: Mapping[Label, bool],
    values: Mapping[str, Mapping[Label, Cell]],
    links: Links,
) -> Iterator[Row]:
    for row in board.units if requirement is not None else ():
        standing = next((s for s in row.verdict.standings if s.id == requirement.id), None) if requirement else None
        state, tone = words.standing(standing) if standing is not None else ("—", "quiet")
        found = values.get(row.unit.code, {})
        yield Row(
            row.unit.code,
            [
                Entry(row.unit.code),
                Entry(row.unit.name),
                Entry(state, tone),
                *(_entry(found.get(label), summed[label]) for label in order),
                _source(row, standing, links),
            ],
        )


def _entry(value: Cell, summed: bool) -> Entry:
    number = figure(value)
    # a word in a column of numbers is left as the unit wrote it, and stands out: it is not in the sum
    deviates = summed and isinstance(number, str) and bool(number.strip())
    return Entry(number, "unsure" if deviates else "", comment="不是数字，未计入合计。" if deviates else "")


def _source(row: UnitRow, standing: Standing | None, links: Links) -> Entry:
    if standing is None or not standing.files:
        return Entry("")
    return named(standing.files[-1].name, links.to(row.saved.get(standing.files[-1].key, "")), _NAME)


def figure(value: Cell) -> Cell:
    """A number where the cell plainly holds one, also when typed as text; otherwise what stands there.

    >>> figure("1,200"), figure("３５"), figure("12.50"), figure("约30"), figure(" ")
    (1200, 35, 12.5, '约30', None)
    """
    if not isinstance(value, str):
        return value
    plain = unicodedata.normalize("NFKC", value).strip()
    if not plain:
        return None
    if len(plain) <= 15 and _NUMBER.fullmatch(plain):
        plain = plain.replace(",", "")
        return float(plain) if "." in plain else int(plain)
    return value


def _is_number(value: Cell) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _headers(labels: list[Label]) -> dict[Label, str]:
    """One heading for each field: the row's name only where there are several rows."""
    rows = {row for row, _ in labels}
    columns = {column for _, column in labels}
    taken = set(_OURS)
    headers: dict[Label, str] = {}
    for label in labels:
        row, column = (part.strip() for part in label)
        parts = [row if len(rows) > 1 or not column else "", column if len(columns) > 1 or len(rows) == 1 else ""]
        stem = "\n".join(part for part in parts if part) or "（无标题）"
        header, count = stem, 1
        while header in taken:
            count += 1
            header = f"{stem}（{count}）"
        taken.add(header)
        headers[label] = header
    return headers
