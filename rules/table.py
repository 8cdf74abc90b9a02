"""A filled-in table laid over the office's blank form: which cell is which, what is missing, what was added.

Shifted, padded and re-typed tables are found too: headings and labels decide, not places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from rules.blank import layout
from rules.facts import Cell, Sheet, TableFacts
from rules.form import Column, Layout, Row, Rows, at, body, fold, headings_at, label_rows

__all__ = ["Alignment", "Field", "align", "extract", "fold", "layout"]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One number cell of the filled table."""

    row: str
    column: str
    value: Cell
    unit: str = ""
    """The row's unit, as the form prints it."""
    total_of: tuple[int, ...] = ()
    """For a sum: positions of the fields it adds up, within the alignment."""
    words: bool = False
    """True in a list that asks for no numbers: `value` is the first thing written in that row."""
    lost: bool = False
    """True when its row or column was not found: then `value` says nothing."""


class Alignment(msgspec.Struct, frozen=True, kw_only=True):
    """A filled table laid over the blank form."""

    found: bool
    """False when no heading row like the form's was found."""
    fields: tuple[Field, ...] = ()
    missing_headings: tuple[str, ...] = ()
    """Empty with `found` False: the blank form itself is of no use."""
    missing_rows: tuple[str, ...] = ()
    extra_rows: tuple[str, ...] = ()
    """Rows with figures that the form does not have."""


def align(form: TableFacts, filled: TableFacts) -> Alignment:
    """Lay the best matching sheet of `filled` over the form; of equals the one with more figures, then the first."""
    wanted = layout(form)
    if wanted is None:
        return Alignment(found=False)
    attempts = [_align(wanted, sheet) for sheet in filled.sheets]
    found = [attempt for attempt in attempts if attempt.found]
    if not found:
        return Alignment(found=False, missing_headings=tuple(c.heading for c in wanted.columns))
    return min(found, key=lambda one: (len(one.missing_headings) + len(one.missing_rows), -_filled(one)))


def extract(form: TableFacts, filled: TableFacts) -> dict[tuple[str, str], Cell]:
    """The number cells of a filled table by (row label, column heading), in the order of the form."""
    return {(field.row, field.column): field.value for field in align(form, filled).fields if not field.words}


def _filled(alignment: Alignment) -> int:
    return sum(bool(fold(field.value)) for field in alignment.fields)


def _align(wanted: Layout, sheet: Sheet) -> Alignment:
    heading, columns = _match_headings(wanted, sheet.rows)
    if heading is None:
        return Alignment(found=False)
    missing = tuple(c.heading for number, c in enumerate(wanted.columns) if number not in columns)
    below = list(body(sheet.rows, heading + wanted.depth))
    if not wanted.rows:
        fields = tuple(_list_fields(wanted, columns, below))
        return Alignment(found=True, fields=fields, missing_headings=missing)
    there = list(label_rows(below, _label_columns(wanted, columns)))
    rows = _match_rows(wanted.rows, there)
    taken = {row.index for row in rows.values()}
    numbers = [columns[n].index for n, c in enumerate(wanted.columns) if c.role == "number" and n in columns]
    extra = tuple(
        row.label
        for row in there
        if row.index not in taken and any(fold(at(sheet.rows[row.index], column)) for column in numbers)
    )
    return Alignment(
        found=True,
        fields=tuple(_fields(wanted, columns, rows, sheet.rows)),
        missing_headings=missing,
        missing_rows=tuple(wanted.name(n) for n in range(len(wanted.rows)) if n not in rows),
        extra_rows=extra,
    )


def _match_headings(wanted: Layout, rows: Rows) -> tuple[int | None, dict[int, Column]]:
    """The row that shares most headings with the form (at least half), and the form's columns found in it."""
    best: tuple[int | None, dict[int, Column]] = (None, {})
    for index in range(len(rows)):
        found: dict[int, Column] = {}
        for column in headings_at(rows, index, wanted.depth):
            name = fold(column.heading)
            free = (n for n, c in enumerate(wanted.columns) if n not in found and fold(c.heading) == name)
            number = next(free, None)
            if number is not None:
                found[number] = column
        if len(found) * 2 >= len(wanted.columns) and len(found) > len(best[1]):
            best = index, found
    return best


def _label_columns(wanted: Layout, columns: Mapping[int, Column]) -> tuple[int, ...]:
    """Where the labels stand in the filled table; where their heading was reworded, the place tells."""
    shift = next(columns[n].index - c.index for n, c in enumerate(wanted.columns) if n in columns)
    found: list[int] = []
    for number, column in enumerate(wanted.columns):
        if column.role == "label":
            found += columns[number].span if number in columns else [i + shift for i in column.span if i + shift >= 0]
    return tuple(sorted(found))


def _match_rows(wanted: Sequence[Row], there: Sequence[Row]) -> dict[int, Row]:
    """The form's rows found in the table: by label and group, by label, then by a label with something added."""
    found: dict[int, Row] = {}
    taken: set[int] = set()

    def alike(mine: Row, other: Row, how: int) -> bool:
        ours, theirs = fold(mine.label), fold(other.label)
        if how == 0:
            return ours == theirs and fold(mine.group) == fold(other.group)
        return ours == theirs if how == 1 else len(ours) > 1 and theirs.startswith(ours)

    for how in range(3):
        for number, mine in enumerate(wanted):
            if number in found:
                continue
            match = next((row for row in there if row.index not in taken and alike(mine, row, how)), None)
            if match is not None:
                found[number] = match
                taken.add(match.index)
    return found


def _fields(wanted: Layout, columns: Mapping[int, Column], rows: Mapping[int, Row], cells: Rows) -> Iterator[Field]:
    for slot in wanted.slots:
        row, column = rows.get(slot.row), columns.get(slot.column)
        there = row is not None and column is not None
        yield Field(
            row=wanted.name(slot.row),
            column=wanted.columns[slot.column].heading,
            value=at(cells[row.index], column.index) if row is not None and column is not None else None,
            unit=wanted.rows[slot.row].unit,
            total_of=slot.parts,
            lost=not there,
        )


def _list_fields(
    wanted: Layout, columns: Mapping[int, Column], below: Sequence[tuple[int, Sequence[Cell]]]
) -> Iterator[Field]:
    """A list: each row in which anything was filled in, serial numbers aside."""
    numbers = [n for n, c in enumerate(wanted.columns) if c.role == "number" and n in columns]
    serial = {
        columns[n].index for n, c in enumerate(wanted.columns) if fold(c.heading).startswith("序") and n in columns
    }
    count = 0
    for _, row in below:
        written = [(index, cell) for index, cell in enumerate(row) if index not in serial and fold(cell)]
        if written:
            count += 1
            if not any(column.role == "number" for column in wanted.columns):
                yield Field(row=f"第{count}行", column="", value=written[0][1], words=True)
            for number in numbers:
                heading = wanted.columns[number].heading
                yield Field(row=f"第{count}行", column=heading, value=at(row, columns[number].index))
