"""A list: a form without printed rows, in which the unit writes as many as it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from rules.alignment import Field
from rules.blank import unit_of
from rules.facts import Cell
from rules.form import TOTAL, Column, Layout, Rows, at, body, fold, is_heading_again
from rules.matching import Headings

Where = Callable[[int, int], str]


def list_records(
    wanted: Layout, headings: Headings, rows: Rows, where: Where
) -> tuple[tuple[Field, ...], tuple[tuple[Cell, ...], ...]]:
    """The cells of each row in which anything was filled in, serial numbers aside; and the rows as a whole.

    A 合计 below is no row of the list: it is weighed against the others.
    """
    columns = headings.columns
    fields: list[Field] = []
    records: list[tuple[Cell, ...]] = []
    total: tuple[int, Sequence[Cell]] | None = None
    for index, row in _written(wanted, headings, rows):
        if _is_total(row):
            total = total or (index, row)
            continue
        records.append(tuple(at(row, columns[n].index) if n in columns else None for n in range(len(wanted.columns))))
        fields += _record(wanted, headings, f"第{len(records)}行", index, row, where)
    if total is not None and len(records) > 1:
        fields += _sums(wanted, headings, fields, *total, where)
    return tuple(fields), tuple(records)


def _written(wanted: Layout, headings: Headings, rows: Rows) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows with anything in a column that asks for something; the headings once more on a new page are none."""
    asked = [c.index for n, c in headings.columns.items() if not fold(wanted.columns[n].heading).startswith("序")]
    for index, row in body(rows, headings.index + headings.depth):
        texts = [fold(at(row, column)) for column in asked]
        again = is_heading_again(row, headings.columns.values())
        if any(texts) and not again and not (_is_total(row) and not any(texts[1:])):
            yield index, row


def _is_total(row: Sequence[Cell]) -> bool:
    first = next((fold(cell) for cell in row if fold(cell)), "")
    return TOTAL.fullmatch(first) is not None


def _record(
    wanted: Layout, headings: Headings, name: str, index: int, row: Sequence[Cell], where: Where
) -> Iterator[Field]:
    for number, column in enumerate(wanted.columns):
        there = headings.columns.get(number)
        if column.aside or there is None:
            continue
        yield _field(column, name, index, there.index, row, where)


def _field(column: Column, name: str, index: int, place: int, row: Sequence[Cell], where: Where) -> Field:
    return Field(
        row=name,
        column=column.heading,
        value=at(row, place),
        place=where(index, place),
        unit=unit_of(None, column),
        words=column.role != "number",
    )


def _sums(
    wanted: Layout, headings: Headings, fields: Sequence[Field], index: int, row: Sequence[Cell], where: Where
) -> Iterator[Field]:
    for number, column in enumerate(wanted.columns):
        there = headings.columns.get(number)
        if column.role != "number" or there is None or not fold(at(row, there.index)):
            continue
        parts = tuple(n for n, f in enumerate(fields) if f.column == column.heading and not f.words)
        field = _field(column, "合计", index, there.index, row, where)
        yield msgspec.structs.replace(field, total_of=parts)
