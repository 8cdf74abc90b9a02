"""统计汇总: the statistics tables of all units in one, numbers as numbers, sums as formulas, sources linked.

A form of printed rows gives a row a unit and a column a cell of the form; a list gives all rows of all units.
What a unit wrote otherwise than as a plain number stands out, with its own words in the comment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from intake import words
from intake.tracker.links import Links, named
from intake.tracker.table import Column, Entry, Row, Table
from intake.view import Board, UnitRow
from rules.facts import TableFacts
from rules.notice import Requirement
from rules.tables.alignment import Alignment, Field
from rules.tables.table import align, doubted
from rules.tables.table_findings import figure_of, listed, shown, wrong_totals
from rules.tables.titles import strangers
from rules.verdict import Standing

_NAME: Final = 30.0
"""Width of the column of file names."""
_OURS: Final = ("代码", "单位", "状态", "数据说明", "来源")
_RATES: Final = ("%", "小时", "天")
"""What is not added up over units."""
_NOT_SUMMED: Final = ("人均", "平均", "率", "占比", "比例")


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """One statistics table over all units."""

    columns: tuple[Field, ...]
    """The cells that the form asks for, or the columns of a list."""
    tables: Mapping[str, Alignment]
    """By code of the unit."""


def statistics_tables(board: Board, links: Links) -> list[Table]:
    """One sheet for each statistics table of the notice; the first is called 统计汇总, and is always there."""
    asked = [r for r in board.notice.requirements if r.category == "stat_table"]
    if not asked:
        return [_table(board, None, links, 1)]
    return [_table(board, requirement, links, number) for number, requirement in enumerate(asked, 1)]


def _table(board: Board, requirement: Requirement | None, links: Links, number: int) -> Table:
    gathered = gathered_of(board, requirement)
    headers = _headers(gathered.columns)
    columns = [
        Column(
            header=header,
            align="left" if one.words else "right",
            summed=is_summed(one),
            narrowest=11,
            widest=24,
        )
        for header, one in zip(headers, gathered.columns, strict=True)
    ]
    return Table(
        name="统计汇总" if number == 1 else f"统计汇总{number}",
        key="代码",
        freeze=2,
        columns=(
            Column(header="代码", widest=16),
            Column(header="单位", widest=30, narrowest=16),
            Column(header="状态", align="center", narrowest=10),
            *columns,
            Column(header="数据说明", widest=34, narrowest=12),
            Column(header="来源", widest=_NAME, narrowest=16),
        ),
        rows=_rows(board, requirement, gathered, links) if requirement is not None else (),
    )


def gathered_of(board: Board, requirement: Requirement | None) -> Gathered:
    """What the units' tables for this requirement hold, laid over its blank form."""
    form = board.forms.get(requirement.id) if requirement is not None else None
    if requirement is None or form is None:
        return Gathered(columns=(), tables={})
    tables = {
        row.unit.code: laid
        for row in board.units
        if (filled := row.tables.get(requirement.id)) is not None
        and (laid := _laid(form, filled, row, standing_of(row, requirement))).found
    }
    own = align(form, form)
    columns = own.fields
    if own.kind == "list":
        columns = next((one.columns for one in (own, *tables.values()) if one.columns), ())
    return Gathered(columns=columns, tables=tables)


def _laid(form: TableFacts, filled: TableFacts, row: UnitRow, standing: Standing | None) -> Alignment:
    """The unit's table; all of it in doubt while it may be another one and nobody has accepted it."""
    laid = align(form, filled)
    if not laid.found or (standing is not None and standing.state in ("ok", "waived")):
        return laid
    names = [name for name in (row.unit.name, row.unit.short, *row.unit.aliases) if name]
    odd = next(iter(strangers(form, laid, names)), None)
    return doubted(laid, f"{odd.what}写的是“{odd.there}”") if odd is not None else laid


def standing_of(row: UnitRow, requirement: Requirement) -> Standing | None:
    """Where the unit stands with this requirement."""
    return next((one for one in row.verdict.standings if one.id == requirement.id), None)


def _rows(board: Board, requirement: Requirement, gathered: Gathered, links: Links) -> Iterator[Row]:
    for row in board.units:
        standing = standing_of(row, requirement)
        state, tone = words.standing(standing) if standing is not None else ("—", "quiet")
        laid = gathered.tables.get(row.unit.code)
        for number, fields in enumerate(lines_of(laid, len(gathered.columns)), 1):
            # her own cells find their row by the code; the first row of a unit is found by the code alone
            key = row.unit.code if number == 1 else f"{row.unit.code}·{number}"
            ours = [Entry(key), Entry(row.unit.name), Entry(state, tone)]
            entries = entries_of(laid, fields) if laid is not None and fields else [Entry("")] * len(gathered.columns)
            notes = notes_of(fields, entries) if fields else []
            yield Row(key, [*ours, *entries, Entry(listed(notes)), _source(row, standing, links)])


def lines_of(laid: Alignment | None, width: int) -> list[Sequence[Field]]:
    """The rows of one unit: one, or as many as its list has; an empty one where there is no table."""
    if laid is None:
        return [()]
    if laid.kind != "list":
        return [laid.fields]
    lines: dict[str, list[Field]] = {}
    for field in laid.fields:
        if not field.total_of:
            lines.setdefault(field.row, []).append(field)
    return [line for line in lines.values() if len(line) == width] or [()]


def entries_of(laid: Alignment, fields: Sequence[Field]) -> list[Entry]:
    """The cells of these fields of a unit's table, deviations marked."""
    wrong = {(field.row, field.column): (total, rough) for field, total, rough in wrong_totals(laid)}
    return [_entry(field, wrong) for field in fields]


def _entry(field: Field, wrong: Mapping[tuple[str, str], tuple[float, bool]]) -> Entry:
    """A cell: the number that is counted, or the unit's own words where none can be; its words in the comment.

    A sum that its own parts contradict must not spoil the sum of all units: that of the parts stands in its place,
    except where a part is itself only about right.
    """
    figure = figure_of(field)
    if field.lost:
        return Entry(None, "quiet", comment="表中没有这一行或这一栏。")
    if not figure.raw:
        return Entry(None, "" if field.optional else "quiet")
    if field.words:
        return Entry(figure.raw)
    if figure.state == "words":
        return Entry(figure.raw, "bad" if field.figures else "unsure", comment="不是数字，未计入合计。")
    if figure.state == "doubt":
        return Entry(figure.raw, "unsure", comment=f"{figure.why}，未计入合计。")
    if (field.row, field.column) in wrong:
        total, rough = wrong[field.row, field.column]
        said = f"原文“{figure.raw}”，各项相加为 {shown(total)}，两者不符"
        if rough:
            return Entry(figure.counted, "bad", comment=f"{said}。")
        return Entry(int(total) if total.is_integer() else total, "bad", comment=f"{said}，按各项之和计。")
    if figure.state == "read":
        return Entry(figure.counted, "waived", comment=f"原文“{figure.raw}”，按 {shown(figure.number or 0.0)} 计。")
    return Entry(figure.counted)


def notes_of(fields: Sequence[Field], entries: Sequence[Entry]) -> list[str]:
    """What the comments say, for paper: where, and what; the same about many cells once."""
    places: dict[str, list[str]] = {}
    for field, entry in zip(fields, entries, strict=True):
        if entry.comment:
            places.setdefault(entry.comment.rstrip("。"), []).append(field.place or field.row)
    return [
        f"{'、'.join(where[:3])}{f'等 {len(where)} 格' if len(where) > 3 else ''} {what}"
        for what, where in places.items()
    ]


def _source(row: UnitRow, standing: Standing | None, links: Links) -> Entry:
    if standing is None or not standing.files:
        return Entry("")
    return named(standing.files[-1].name, links.to(row.saved.get(standing.files[-1].key, "")), _NAME)


def is_summed(field: Field) -> bool:
    """False for words, and for what has no meaning when it is added up over units."""
    label = f"{field.row}{field.column}"
    return not field.words and field.unit not in _RATES and not any(word in label for word in _NOT_SUMMED)


def _headers(columns: Sequence[Field]) -> list[str]:
    """One heading for each column: the row's name only where there are several rows."""
    rows, names = {one.row for one in columns}, {one.column for one in columns}
    taken = set(_OURS)
    headers: list[str] = []
    for one in columns:
        row = one.row if len(rows) > 1 or not one.column else ""
        column = one.column if len(names) > 1 or len(rows) == 1 else ""
        stem = "\n".join(part.strip() for part in (row, column) if part.strip()) or "（无标题）"
        header, count = stem, 1
        while header in taken:
            count += 1
            header = f"{stem}（{count}）"
        taken.add(header)
        headers.append(header)
    return headers
