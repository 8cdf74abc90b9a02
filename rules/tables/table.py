"""A filled-in table laid over the office's blank form: which cell is which, what is missing, what was added.

Shifted, padded, turned and re-typed tables are found too: headings and labels decide, not places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest

import msgspec

from rules.facts import Cell, Sheet, TableFacts
from rules.tables.alignment import Alignment, Field
from rules.tables.asked import answers, asked
from rules.tables.blank import asks_figures, layout, unit_of
from rules.tables.form import Column, Layout, Rows, at, body, fold
from rules.tables.formulas import place
from rules.tables.labels import same, taken_apart
from rules.tables.listing import list_columns, list_fields
from rules.tables.matching import Headings, RowMatches, label_columns, match_headings, match_rows, rows_below

__all__ = ["Alignment", "Field", "align", "doubted", "extract", "fold", "layout"]

_SPREADSHEETS = frozenset({"xlsx", "xlsm", "xls", "et", "ods", "csv"})
_TURNED_SIDE = 200
"""Rows and columns of the largest table that is also tried with rows and columns exchanged."""


def align(form: TableFacts, filled: TableFacts) -> Alignment:
    """Lay the best matching sheet of `filled` over the form; of equals the one with more figures, then the first."""
    spreadsheet = filled.format in _SPREADSHEETS
    asks = asked(form, certain=True)
    wanted = layout(form) if not asks else None
    if wanted is None:
        asks = asks or asked(form, certain=False)
        laid = [answers(asks, sheet.rows, _naming(spreadsheet, turned=False)) for sheet in filled.sheets if asks]
        return min((one for one in laid if one.found), key=_lacks, default=Alignment(found=False))
    singles = [_attempt(wanted, sheet.rows, spreadsheet) for sheet in filled.sheets]
    joined = [] if spreadsheet else [_attempt(wanted, rows, spreadsheet) for rows in _joined(wanted, filled.sheets)]
    found = [attempt for attempt in (*singles, *joined) if attempt.found]
    if not found:
        return Alignment(found=False, missing_headings=tuple(c.heading for c in wanted.columns))
    printed = frozenset(fold(cell) for sheet in form.sheets for row in sheet.rows for cell in row)

    def badness(one: Alignment) -> tuple[bool, int, int]:
        """A blank form beside the filled one comes last; else what lacks least, then what has most."""
        written = any(fold(cell) not in printed for row in one.rows[len(one.above) :] for cell in row)
        return not written, _lacks(one), -_filled(one)

    best = min(found, key=badness)
    answer = [field.value for field in best.fields]
    rivals = [
        one
        for one in singles
        if one is not best and best in singles and one.found and badness(one)[:2] <= badness(best)[:2]
        if _filled(one) and [field.value for field in one.fields] != answer
    ]
    best = msgspec.structs.replace(best, rivals=len(rivals))
    return doubted(best, "有几张填好的表，数字不同") if rivals else best


def doubted(laid: Alignment, why: str) -> Alignment:
    """The same with every field in doubt: the whole table may be another one."""
    fields = tuple(msgspec.structs.replace(field, doubt=field.doubt or why) for field in laid.fields)
    return msgspec.structs.replace(laid, fields=fields)


def extract(form: TableFacts, filled: TableFacts) -> dict[tuple[str, str], Cell]:
    """The number cells of a filled table by (row label, column heading), in the order of the form."""
    return {(field.row, field.column): field.value for field in align(form, filled).fields if not field.words}


def _lacks(one: Alignment) -> int:
    return len(one.missing_headings) + len(one.missing_rows) + len(one.renamed)


def _filled(one: Alignment) -> int:
    return sum(bool(fold(field.value)) and field.value != field.printed for field in one.fields)


def _joined(wanted: Layout, sheets: Sequence[Sheet]) -> Iterator[Rows]:
    """A table of a document and those behind it that have as many columns and no headings: one over several pages."""
    run: list[Sheet] = []
    for sheet in (*(sheet for sheet in sheets if sheet.rows), None):
        goes_on = sheet is not None and run and len(sheet.rows[0]) == len(run[-1].rows[0])
        if sheet is not None and goes_on and match_headings(wanted, sheet.rows) is None:
            run.append(sheet)
            continue
        if len(run) > 1:
            yield tuple(row for one in run for row in one.rows)
        run = [sheet] if sheet is not None else []


def _attempt(wanted: Layout, rows: Rows, spreadsheet: bool) -> Alignment:
    """One sheet as it stands, or turned when that fits better."""
    plain = _align(wanted, rows, spreadsheet, turned=False)
    if plain.found and not plain.missing_headings and not plain.missing_rows:
        return plain
    if not rows or len(rows) > _TURNED_SIDE or max(map(len, rows)) > _TURNED_SIDE:
        return plain
    turned = _align(wanted, tuple(zip_longest(*rows)), spreadsheet, turned=True)
    if not turned.found or (plain.found and _lacks(plain) <= _lacks(turned)):
        return plain
    return turned


def _align(wanted: Layout, rows: Rows, spreadsheet: bool, *, turned: bool) -> Alignment:
    headings = match_headings(wanted, rows)
    if headings is None:
        return Alignment(found=False)
    labels, told = label_columns(wanted, headings, rows) if wanted.rows else ((), {})
    columns = {**headings.columns, **told}
    head = _heading_report(wanted, headings, columns, rows)
    head = msgspec.structs.replace(head, turned=turned, above=rows[: headings.index], rows=rows)
    where = _naming(spreadsheet, turned=turned)
    if not wanted.rows:
        doubts = {c.heading: why for c in wanted.columns if (why := _column_doubt(wanted, columns, c.heading))}
        fields = tuple(
            msgspec.structs.replace(field, doubt=doubts[field.column]) if field.column in doubts else field
            for field in list_fields(wanted, headings, rows, where)
        )
        return msgspec.structs.replace(head, kind="list", fields=fields, columns=list_columns(wanted))
    there = rows_below(wanted, headings, rows, labels)
    matches = match_rows(wanted.rows, there)
    if turned and not matches.rows:
        return Alignment(found=False)
    taken = {row.index for row in matches.rows.values()}
    numbers = [columns[n].index for n, c in enumerate(wanted.columns) if c.role == "number" and n in columns]
    twice = {fold(wanted.rows[n].label) for n in matches.doubled}
    extra = [r for r in there if r.index not in taken and fold(r.label) not in twice]
    extra = [r for r in extra if any(fold(at(rows[r.index], c)) for c in numbers)]
    return msgspec.structs.replace(
        head,
        fields=tuple(_fields(wanted, columns, matches, rows, where)),
        missing_rows=tuple(wanted.name(n) for n in range(len(wanted.rows)) if n not in matches.rows),
        extra_rows=tuple(row.label for row in extra),
        renamed=tuple((wanted.name(n), label) for n, label in matches.renamed),
        doubled=tuple(wanted.name(n) for n in matches.doubled),
    )


def _naming(spreadsheet: bool, *, turned: bool) -> Callable[[int, int], str]:
    """How a cell is called: C5, or by row and column where there are no letters."""

    def where(row: int, column: int) -> str:
        row, column = (column, row) if turned else (row, column)
        return place(row, column) if spreadsheet else f"第{row + 1}行第{column + 1}列"

    return where


def _heading_report(wanted: Layout, headings: Headings, columns: Mapping[int, Column], rows: Rows) -> Alignment:
    """What became of the form's headings."""
    missing = [c for n, c in enumerate(wanted.columns) if n not in columns]
    kept = [(c, columns[n]) for n, c in enumerate(wanted.columns) if n in columns]
    below = [row for _, row in body(rows, headings.index + headings.depth)]
    taken = {i for _, column in kept for i in column.span}
    extra = [c.heading for c in headings.extra if not taken & set(c.span) and any(fold(at(r, c.index)) for r in below)]
    return Alignment(
        found=True,
        missing_headings=tuple(c.heading for c in missing if not c.aside),
        missing_asides=tuple(c.heading for c in missing if c.aside),
        extra_headings=tuple(extra),
        reworded=tuple((c.heading, there.heading) for c, there in kept if _reworded(c, there)),
        rescaled=tuple((c.heading, there.heading) for c, there in kept if _rescaled(c, there)),
    )


def _reworded(mine: Column, there: Column) -> bool:
    if same(mine.heading, there.heading) in (0, 1):
        return False
    return fold(mine.heading).replace("·", "") != fold(there.heading).replace("·", "") and bool(there.heading)


def _rescaled(mine: Column, there: Column) -> bool:
    """Another measure in brackets: 万元 and 元; none at all is no other."""
    ours, theirs = taken_apart(mine.heading).unit, taken_apart(there.heading).unit
    return bool(ours and theirs and ours != theirs)


def _column_doubt(wanted: Layout, columns: Mapping[int, Column], heading: str) -> str:
    """Why a whole column may mean something else."""
    number = next(n for n, column in enumerate(wanted.columns) if column.heading == heading)
    there = columns.get(number)
    return f"栏目写作“{there.heading}”" if there and _rescaled(wanted.columns[number], there) else ""


def _fields(
    wanted: Layout,
    columns: Mapping[int, Column],
    matches: RowMatches,
    cells: Rows,
    where: Callable[[int, int], str],
) -> Iterator[Field]:
    for slot in wanted.slots:
        row, column = matches.rows.get(slot.row), columns.get(slot.column)
        mine = wanted.columns[slot.column]
        unit = unit_of(wanted.rows[slot.row], mine)
        field = Field(
            row=wanted.name(slot.row),
            column=mine.heading,
            value=None,
            unit=unit,
            figures=bool(unit) or asks_figures(mine.heading),
            total_of=slot.parts,
            printed=slot.printed,
            lost=row is None or column is None,
        )
        if row is not None and column is not None:
            doubt = _column_doubt(wanted, columns, mine.heading) or matches.doubts.get(slot.row, "")
            value, spot = at(cells[row.index], column.index), where(row.index, column.index)
            field = msgspec.structs.replace(field, value=value, place=spot, doubt=doubt)
        yield field
