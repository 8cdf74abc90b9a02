"""Finding the form's headings and rows in a returned table, whatever was moved, respelt, inserted or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from rules.tables.form import (
    DEEPEST,
    Column,
    Layout,
    Row,
    Rows,
    at,
    body,
    fold,
    heading_names,
    headings_at,
    is_heading_again,
    label_rows,
    said,
)
from rules.tables.labels import alike, pairs, same, spellings, taken_apart

_ROWS_SEARCHED = 300
"""A table does not start further down."""
_CHANGES_MEANING = ("上年", "去年", "计划", "预计", "估计", "拟", "目标")


class Headings(msgspec.Struct, frozen=True, kw_only=True):
    """The heading row of a returned table."""

    index: int
    depth: int
    columns: Mapping[int, Column]
    """By position in the form."""
    extra: tuple[Column, ...] = ()
    """Columns that the form does not have."""

    def names(self, wanted: Layout) -> dict[int, frozenset[str]]:
        """The words that head each column, by index in the sheet."""
        return heading_names(*((there, wanted.columns[n]) for n, there in self.columns.items()))


class RowMatches(msgspec.Struct, frozen=True, kw_only=True):
    """The form's rows in a returned table, by position in the form."""

    rows: Mapping[int, Row]
    doubts: Mapping[int, str] = {}
    """Why a row may not be the one, Chinese."""
    renamed: tuple[tuple[int, str], ...] = ()
    """Rows whose label was reworded, with the new label."""
    doubled: tuple[int, ...] = ()
    """Rows that stand there several times."""


def match_headings(wanted: Layout, rows: Rows) -> Headings | None:
    """The row that shares most headings with the form, at least half of them and one that says what it is about."""
    best: tuple[tuple[int, int, int, int, int], Headings] | None = None
    known = frozenset().union(*(spellings(column.heading) for column in wanted.columns))
    for index in range(min(len(rows), _ROWS_SEARCHED)):
        if not any(taken_apart(said(cell)).core in known for cell in rows[index] if isinstance(cell, str | int)):
            continue
        for depth in sorted(range(1, DEEPEST + 1), key=lambda one: one != wanted.depth):
            there = headings_at(rows, index, depth)
            found = _paired(wanted.columns, there)
            if len(found) * 2 < len(wanted.columns) or not any(_telling(wanted.columns[n]) for n in found):
                continue
            ranks = [same(wanted.columns[n].heading, there[m].heading) for n, m in found.items()]
            whole, exact = len(ranks) - ranks.count(None), ranks.count(0)
            # of rows alike the first: headings are repeated on later pages
            score = (len(found), whole, -index, exact, -abs(depth - wanted.depth))
            if best is None or score > best[0]:
                columns = {n: there[m] for n, m in found.items()}
                extra = tuple(c for m, c in enumerate(there) if m not in found.values())
                best = score, Headings(index=index, depth=depth, columns=columns, extra=extra)
    return best[1] if best is not None else None


def _telling(column: Column) -> bool:
    """Not 序号, 备注 or 单位, which any table may have."""
    return column.role in ("label", "number") or taken_apart(column.heading).core not in (
        "序号",
        "编号",
        "备注",
        "单位",
    )


def _paired(wanted: Sequence[Column], there: Sequence[Column]) -> dict[int, int]:
    """By the whole heading, then by its last part where a divided heading was joined or cut."""
    found = pairs([column.heading for column in wanted], [column.heading for column in there])
    for depth in range(DEEPEST - 1, 0, -1):
        mine = [n for n in range(len(wanted)) if n not in found]
        theirs = [m for m in range(len(there)) if m not in found.values()]
        if mine and theirs and any(one.parent for one in (*wanted, *there)):
            leaves = [_leaf(wanted[n], depth) for n in mine]
            near = pairs(leaves, [_leaf(there[m], depth) for m in theirs])
            found |= {
                mine[n]: theirs[m]
                for n, m in near.items()
                if leaves.count(leaves[n]) == 1 and _agree(wanted[mine[n]], there[theirs[m]], depth)
            }
    return found


def _leaf(column: Column, depth: int) -> str:
    return "·".join(column.heading.split("·")[-depth:])


def _agree(wanted: Column, there: Column, depth: int) -> bool:
    """男 below 参加人数 and 男 below 获奖人数 are two headings."""
    above, other = wanted.heading.split("·")[:-depth], there.heading.split("·")[:-depth]
    return not above or not other or alike(above[-1], other[-1])


def label_columns(wanted: Layout, headings: Headings, rows: Rows) -> tuple[tuple[int, ...], dict[int, Column]]:
    """Where the labels stand, and the columns whose heading was reworded but whose labels tell what they are."""
    found: list[int] = []
    told: dict[int, Column] = {}
    names = {fold(text) for row in wanted.rows for text in (row.label, row.group) if text}
    for number, column in enumerate(wanted.columns):
        if column.role != "label":
            continue
        if number in headings.columns:
            found += headings.columns[number].span
            continue
        candidate = _holding(names, headings, rows, [*found])
        if candidate is not None:
            told[number] = candidate
            found += candidate.span
    return tuple(sorted(found)), told


def _holding(names: set[str], headings: Headings, rows: Rows, taken: Sequence[int]) -> Column | None:
    """The column of no known heading that holds most of the form's labels, at least two or the only one."""
    mine = {i for column in headings.columns.values() for i in column.span} | set(taken)
    below = [row for _, row in body(rows, headings.index + headings.depth)]
    width = max(map(len, below), default=0)
    counts = {i: sum(fold(at(row, i)) in names for row in below) for i in range(width) if i not in mine}
    best = max(counts, key=lambda i: counts[i], default=None)
    if best is None or counts[best] < min(2, len(names)):
        return None
    extra = next((column for column in headings.extra if best in column.span), None)
    return extra or Column(index=best, heading="", span=(best,))


def rows_below(wanted: Layout, headings: Headings, rows: Rows, labels: Sequence[int]) -> list[Row]:
    """The labelled rows of a returned table; headings repeated on a new page are none."""
    names = headings.names(wanted)
    below = [
        (index, row) for index, row in body(rows, headings.index + headings.depth) if not is_heading_again(row, names)
    ]
    return list(label_rows(below, labels))


def match_rows(wanted: Sequence[Row], there: Sequence[Row]) -> RowMatches:
    """By group and label; by label; with something added behind; last, and with doubt, reworded in the same place."""
    found: dict[int, Row] = {}
    doubts: dict[int, str] = {}
    free = list(there)

    def bind(mine: Sequence[int], theirs: Sequence[Row]) -> None:
        for number, row in zip(mine, theirs, strict=False):
            found[number] = row
            free.remove(row)

    doubled: list[int] = []
    for key in dict.fromkeys((fold(row.group), fold(row.label)) for row in wanted):
        mine = [n for n, row in enumerate(wanted) if (fold(row.group), fold(row.label)) == key]
        theirs = [row for row in free if (fold(row.group), fold(row.label)) == key]
        if len(theirs) > len(mine):
            doubled += mine
        bind(mine, theirs)
    left = [n for n in range(len(wanted)) if n not in found]
    rest = list(free)
    for n, m in pairs([wanted[n].label for n in left], [row.label for row in rest]).items():
        bind([left[n]], [rest[m]])
    for number in (n for n in range(len(wanted)) if n not in found):
        near = [row for row in free if same(wanted[number].label, row.label) is not None]
        if len(near) > 1 and [same(one.label, near[0].label) is not None for one in wanted].count(True) == 1:
            bind([number], near)
            doubled.append(number)
    for number, row in _added_to(wanted, found, free):
        bind([number], [row])
        added = taken_apart(row.label).remark
        if any(word in added for word in _CHANGES_MEANING):
            doubts[number] = f"行名写作“{row.label}”"
    renamed = list(_reworded(wanted, found, free))
    for number, row in renamed:
        bind([number], [row])
        doubts[number] = f"行名写作“{row.label}”"
    doubts |= dict.fromkeys(doubled, "同名的行不止一行")
    return RowMatches(
        rows=found, doubts=doubts, renamed=tuple((n, row.label) for n, row in renamed), doubled=tuple(doubled)
    )


def _added_to(wanted: Sequence[Row], found: Mapping[int, Row], free: Sequence[Row]) -> list[tuple[int, Row]]:
    """展览（含线上） for 展览: one row that begins so, and no longer label of the form does."""
    matches: list[tuple[int, Row]] = []
    left = [n for n in range(len(wanted)) if n not in found and len(taken_apart(wanted[n].label).core) > 1]
    for row in free:
        text = fold(row.label)
        near = [n for n in left if text.startswith(fold(wanted[n].label))]
        if len(near) == 1 and not any(n == near[0] for n, _ in matches):
            begun = [one for one in free if fold(one.label).startswith(fold(wanted[near[0]].label))]
            if len(begun) == 1:
                matches.append((near[0], row))
    return matches


def _reworded(wanted: Sequence[Row], found: Mapping[int, Row], free: Sequence[Row]) -> list[tuple[int, Row]]:
    """Rows that are alike, stand between the same neighbours, and are the only ones that could be meant."""
    matches: list[tuple[int, Row]] = []
    for number in (n for n in range(len(wanted)) if n not in found):
        above = max((found[n].index for n in found if n < number), default=-1)
        under = min((found[n].index for n in found if n > number), default=1 << 30)
        near = [row for row in free if above < row.index < under and alike(wanted[number].label, row.label)]
        if len(near) == 1 and not any(row is near[0] for _, row in matches):
            matches.append((number, near[0]))
    return matches
