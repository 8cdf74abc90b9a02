"""A filled-in table against the office's blank form. Everything about the form is read off the blank one.

A form has a heading row; below it, rows whose labels are printed and whose number cells are empty. A
row called 合计 is the sum of the rows above it, back to the last such row or the head of its group. A
form without printed rows is a list: what is filled in below the headings are its rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from rules.facts import Cell, Sheet, TableFacts

_SEQUENCE = re.compile(r"^(序号|编号|行次|项次|序)$")
_MEASURE = re.compile(r"^(计量单位|单位)$")
_REMARK = re.compile(r"备注|说明|附注")
_WORDS = re.compile(r"名称|姓名|内容|主题|题目|地点|日期|时间|联系|电话|单位|部门|职务|方式|类别|形式")
_FIGURES = re.compile(r"数|量|额|合计|总计|小计|次|率|[（(](?:个|人|家|场|份|件|条|元|万元|%)[)）]")
_TOTAL = re.compile(r"^(合计|总计|小计|总数)")
_FOOT = re.compile(r"^(注|备注|填表说明|说明|填报说明|填表人|审核人|单位负责人)[:：]?")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A printed row of the form."""

    label: str
    """As people read it; with its group before it where the label alone stands twice."""
    index: int
    total_of: tuple[int, ...] = ()
    """For a sum: the positions, among the form's rows, that it adds up."""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What a blank form asks for."""

    heading_index: int
    headings: Mapping[int, str]
    """Column index to heading, in order."""
    label_columns: tuple[int, ...]
    number_columns: tuple[int, ...]
    word_columns: tuple[int, ...]
    rows: tuple[Row, ...]
    """Empty for a list."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One number cell of the filled table."""

    row: str
    column: str
    value: Cell
    total_of: tuple[int, ...] = ()
    """For a sum: positions of the fields it adds up, within the alignment."""


class Alignment(msgspec.Struct, frozen=True, kw_only=True):
    """A filled table laid over the blank form."""

    found: bool
    """False when no heading row like the form's was found."""
    fields: tuple[Field, ...] = ()
    missing_headings: tuple[str, ...] = ()
    missing_rows: tuple[str, ...] = ()
    extra_rows: tuple[str, ...] = ()


def fold(cell: Cell) -> str:
    """A label as it is compared: NFKC, no spaces, no trailing colon.

    >>> fold("发放宣传资料 （份）：") == fold("发放宣传资料(份)")
    True
    """
    text = "" if cell is None else str(cell)
    return "".join(unicodedata.normalize("NFKC", text).split()).rstrip(":：")


def layout(form: TableFacts) -> Layout | None:
    """What the first sheet of a blank form asks for; None when it holds no table."""
    return _layout(form.sheets[0].rows) if form.sheets else None


def _layout(rows: Sequence[Sequence[Cell]]) -> Layout | None:
    heading = _heading_row(rows)
    if heading is None:
        return None
    headings = {column: str(cell).strip() for column, cell in enumerate(rows[heading]) if fold(cell)}
    body = list(_body(rows, heading))
    printed = {c: sum(bool(fold(_at(row, c))) for _, row in body) for c in headings}
    skip = {c for c, text in headings.items() if _SEQUENCE.match(fold(text))}
    measure = {c for c, text in headings.items() if _MEASURE.match(fold(text)) and printed[c]}
    labels = tuple(c for c in headings if printed[c] and c not in skip | measure)
    free = [c for c in headings if not printed[c] and c not in skip]
    numbers = tuple(c for c in free if _is_number_column(headings[c], has_labels=bool(labels)))
    words = tuple(c for c in free if c not in numbers)
    return Layout(
        heading_index=heading,
        headings=headings,
        label_columns=labels,
        number_columns=numbers,
        word_columns=words,
        rows=tuple(_rows(body, labels)) if labels else (),
    )


def _heading_row(rows: Sequence[Sequence[Cell]]) -> int | None:
    """The first row that has the most headings: texts, none of them a label that asks for a word (填报单位：)."""
    best, most = None, 2
    for index, row in enumerate(rows):
        texts = [str(cell).strip() for cell in row if isinstance(cell, str) and cell.strip()]
        if len(texts) > most and not any(text.endswith((":", "：")) for text in texts):
            best, most = index, len(texts)
    return best


def _body(rows: Sequence[Sequence[Cell]], heading: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    for index in range(heading + 1, len(rows)):
        row = rows[index]
        first = next((fold(cell) for cell in row if fold(cell)), "")
        if _FOOT.match(first) and not _TOTAL.match(first):
            return
        yield index, row


def _is_number_column(heading: str, *, has_labels: bool) -> bool:
    text = fold(heading)
    if _REMARK.search(text):
        return False
    if _FIGURES.search(text):
        return True
    return has_labels and not _WORDS.search(text)


def _rows(body: Sequence[tuple[int, Sequence[Cell]]], labels: tuple[int, ...]) -> Iterator[Row]:
    named = [(index, *_name(row, labels)) for index, row in body]
    group, grouped = "", []
    for index, outer, inner in named:
        group = outer or group
        if inner:
            grouped.append((index, group if outer or len(labels) > 1 else "", inner))
    inners = [inner for _, _, inner in grouped]
    start = 0
    for position, (index, outer, inner) in enumerate(grouped):
        if position and outer != grouped[position - 1][1]:
            start = position
        total_of: tuple[int, ...] = ()
        if _TOTAL.match(fold(inner)):
            total_of, start = tuple(range(start, position)), position + 1
        label = f"{outer}·{inner}" if inners.count(inner) > 1 and outer else inner
        yield Row(label=label, index=index, total_of=total_of)


def _name(row: Sequence[Cell], labels: tuple[int, ...]) -> tuple[str, str]:
    """(group, label): the last printed label names the row, what stands before it is its group."""
    texts = [str(cell).strip() if (cell := _at(row, column)) is not None else "" for column in labels]
    if len(texts) == 1:
        return "", texts[0]
    inner = texts[-1] or next((text for text in reversed(texts) if text), "")
    outer = next((text for text in texts[:-1] if text and text != inner), "")
    return outer, inner


def _at(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else None


def align(form: TableFacts, filled: TableFacts) -> Alignment:
    """Lay the best matching sheet of `filled` over the form. Shifted, padded or re-typed tables are found too."""
    wanted = layout(form)
    if wanted is None:
        return Alignment(found=False)
    attempts = [_align(wanted, sheet) for sheet in filled.sheets]
    found = [attempt for attempt in attempts if attempt.found]
    if not found:
        return Alignment(found=False, missing_headings=tuple(wanted.headings.values()))
    return min(found, key=lambda one: len(one.missing_headings) + len(one.missing_rows))


def _align(wanted: Layout, sheet: Sheet) -> Alignment:
    heading, columns = _match_headings(wanted, sheet.rows)
    if heading is None:
        return Alignment(found=False)
    missing = tuple(text for column, text in wanted.headings.items() if column not in columns)
    if not wanted.rows:
        return Alignment(
            found=True, fields=tuple(_list_fields(wanted, columns, sheet, heading)), missing_headings=missing
        )
    labels = tuple(columns[c] for c in wanted.label_columns if c in columns)
    there = list(_rows(list(_body(sheet.rows, heading)), labels)) if labels else []
    by_label: dict[str, Row] = {}
    for row in there:
        by_label.setdefault(fold(row.label), row)
    numbers = [c for c in wanted.number_columns if c in columns]
    fields: list[Field] = []
    lost: list[str] = []
    for row in wanted.rows:
        mine = by_label.pop(fold(row.label), None)
        if mine is None:
            lost.append(row.label)
        for place, c in enumerate(numbers):
            fields.append(
                Field(
                    row=row.label,
                    column=wanted.headings[c],
                    value=_at(sheet.rows[mine.index], columns[c]) if mine is not None else None,
                    total_of=tuple(part * len(numbers) + place for part in row.total_of),
                )
            )
    extra = tuple(row.label for row in by_label.values())
    return Alignment(
        found=True, fields=tuple(fields), missing_headings=missing, missing_rows=tuple(lost), extra_rows=extra
    )


def _match_headings(wanted: Layout, rows: Sequence[Sequence[Cell]]) -> tuple[int | None, dict[int, int]]:
    """The row that shares most headings with the form (at least half), and the form's columns in it."""
    best: tuple[int | None, dict[int, int]] = (None, {})
    names = {fold(text): column for column, text in wanted.headings.items()}
    for index, row in enumerate(rows):
        found: dict[int, int] = {}
        for column, cell in enumerate(row):
            name = fold(cell)
            if name in names and names[name] not in found:
                found[names[name]] = column
        if len(found) * 2 >= len(names) and len(found) > len(best[1]):
            best = index, found
    return best


def _list_fields(wanted: Layout, columns: Mapping[int, int], sheet: Sheet, heading: int) -> Iterator[Field]:
    number = 0
    ours = [c for c in (*wanted.word_columns, *wanted.number_columns) if c in columns]
    for _, row in _body(sheet.rows, heading):
        values = {c: _at(row, columns[c]) for c in ours}
        if any(fold(value) for value in values.values()):
            number += 1
            for c in ours:
                if c in wanted.number_columns:
                    yield Field(row=f"第{number}行", column=wanted.headings[c], value=values[c])


def extract(form: TableFacts, filled: TableFacts) -> dict[tuple[str, str], Cell]:
    """The number cells of a filled table by (row label, column heading), in the order of the form."""
    return {(field.row, field.column): field.value for field in align(form, filled).fields}
