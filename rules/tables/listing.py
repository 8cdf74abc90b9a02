"""A list: a form without printed rows, in which the unit writes as many as it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from rules.facts import Cell
from rules.tables.alignment import Field
from rules.tables.blank import unit_of
from rules.tables.form import TOTAL, Column, Layout, Rows, at, body, fold, is_heading_again
from rules.tables.matching import Headings

Where = Callable[[int, int], str]


def list_columns(wanted: Layout) -> tuple[Field, ...]:
    """What each row of the list is asked for, serial numbers aside."""
    return tuple(
        Field(
            row="",
            column=column.heading,
            value=None,
            unit=unit_of(None, column),
            words=column.role != "number",
            optional=column.aside,
        )
        for column in wanted.columns
        if not _is_serial(column)
    )


def list_fields(wanted: Layout, headings: Headings, rows: Rows, where: Where) -> tuple[Field, ...]:
    """The cells of each row in which anything was filled in, serial numbers aside.

    A 合计 below is no row of the list: it is weighed against the others.
    """
    numbers = [n for n, column in enumerate(wanted.columns) if not _is_serial(column)]
    asked = [(f, headings.columns.get(n)) for n, f in zip(numbers, list_columns(wanted), strict=True)]
    fields: list[Field] = []
    total: tuple[int, Sequence[Cell]] | None = None
    count = 0
    for index, row in _written(wanted, headings, rows):
        if _is_total(row):
            total = total or (index, row)
            continue
        count += 1
        fields += _record(asked, f"第{count}行", index, row, where)
    if total is not None and count > 1:
        fields += _sums(wanted, headings, fields, *total, where)
    return tuple(fields)


def _is_serial(column: Column) -> bool:
    return column.aside and fold(column.heading)[:1] in ("序", "编", "行", "项")


def _written(wanted: Layout, headings: Headings, rows: Rows) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows with anything in a column that asks for something; the headings once more on a new page are none."""
    asked = [c.index for n, c in headings.columns.items() if not _is_serial(wanted.columns[n])]
    names = headings.names(wanted)
    for index, row in body(rows, headings.index + headings.depth):
        texts = [fold(at(row, column)) for column in asked]
        again = is_heading_again(row, names)
        if any(texts) and not again and not (_is_total(row) and not any(texts[1:])):
            yield index, row


def _is_total(row: Sequence[Cell]) -> bool:
    first = next((fold(cell) for cell in row if fold(cell)), "")
    return TOTAL.fullmatch(first) is not None


def _record(
    asked: Sequence[tuple[Field, Column | None]], name: str, index: int, row: Sequence[Cell], where: Where
) -> Iterator[Field]:
    for field, there in asked:
        if there is None:
            yield msgspec.structs.replace(field, row=name, lost=True)
        else:
            value, spot = at(row, there.index), where(index, there.index)
            yield msgspec.structs.replace(field, row=name, value=value, place=spot)


def _sums(
    wanted: Layout, headings: Headings, fields: Sequence[Field], index: int, row: Sequence[Cell], where: Where
) -> Iterator[Field]:
    for number, column in enumerate(wanted.columns):
        there = headings.columns.get(number)
        if column.role != "number" or there is None or not fold(at(row, there.index)):
            continue
        yield Field(
            row="合计",
            column=column.heading,
            value=at(row, there.index),
            place=where(index, there.index),
            unit=unit_of(None, column),
            total_of=tuple(n for n, f in enumerate(fields) if f.column == column.heading and not f.words),
        )
