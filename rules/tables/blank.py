"""What a blank form asks for, read off the blank form itself: headings, printed rows, cells to fill in, sums.

A form has one heading row (or two, when headings are divided); below it, rows whose labels are printed and whose
number cells are empty. A form without printed rows is a list: what is filled in below the headings are its rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import msgspec

from rules.facts import Cell, TableFacts
from rules.tables.form import (
    DEEPEST,
    TOTAL,
    Column,
    Layout,
    Role,
    Row,
    Rows,
    Slot,
    at,
    body,
    fold,
    heading_names,
    headings_at,
    is_heading_again,
    label_rows,
)
from rules.tables.labels import taken_apart
from rules.tables.measures import unit_in

_SEQUENCE = re.compile(r"^(序号|编号|行次|项次|序)$")
_MEASURE = re.compile(r"^(计量单位|单位)$")
_REMARK = re.compile(r"备注|说明|附注")
_WORDS = re.compile(
    r"名称|姓名|内容|主题|题目|地点|日期|时间|联系|电话|单位|部门|职务|方式|类别|形式|情况|做法|成效|措施|进展|结果|问题|建议"
    r"|经验|效果|简介|概况|概述|原因|评价|意见|负责|牵头|责任|级别|状态|是否|依据|来源|要求|类型|描述|地址|邮箱|网址|链接"
)
_WORDS_END = re.compile(rf"(?:{_WORDS.pattern})$")
_FIGURES_END = re.compile(r"(?:数|(?<!质)量|额|次|率|值|合计|总计|小计|共计)$")
_FIGURES = re.compile(r"数量|金额|人数|人次|场次|次数|个数|件数|份数|户数|家数|总数|经费|(?:合|总|小|共)计")
_ASKS = re.compile(
    r"[:：][\s_＿]*$|^(单位|计量单位|填\S{0,6}|报送\S{0,4}|制表\S{0,2}|日期|时间|联系\S{0,2}|\S{0,4}电话)[:：]"
)
_ASKED = re.compile(r"^(填报|填表|报送|制表)\S{1,4}$|^(联系人|联系电话|电话|手机|日期|负责人|审核人|单位名称|单位)$")
_PART = re.compile(r"^其中")
_LIST_COLUMNS = 3
"""A list of words only (姓名, 单位, 职务 …) has at least so many; two texts side by side are no table yet."""
_NOT_ASKED = re.compile(r"[-—―－/／×*]+")


@lru_cache(maxsize=32)
def layout(form: TableFacts) -> Layout | None:
    """What the first sheet with a table asks for; None when there is none."""
    return next((found for sheet in form.sheets if (found := _layout(sheet.rows)) is not None), None)


def _layout(rows: Rows) -> Layout | None:
    heading = _heading_row(rows)
    if heading is None:
        return None
    depth = _depth(rows, heading)
    columns = headings_at(rows, heading, depth)
    names = heading_names(*((column, column) for column in columns))
    below = [(i, row) for i, row in body(rows, heading + depth) if not is_heading_again(row, names)]
    columns = _with_roles(columns, [row for _, row in below])
    roles = {column.role for column in columns}
    if "number" not in roles and not (roles == {"other"} and len(columns) >= _LIST_COLUMNS):
        return None
    labels = tuple(at for column in columns if column.role == "label" for at in column.span)
    units = tuple(column.index for column in columns if column.role == "unit")
    named = tuple(label_rows(below, labels, units))
    return Layout(
        heading=heading,
        depth=depth,
        columns=columns,
        above=rows[:heading],
        rows=named,
        slots=tuple(_with_parts(_slots(rows, named, columns), named, columns)),
    )


def _texts(row: Sequence[Cell]) -> list[str]:
    return [cell.strip() for cell in row if isinstance(cell, str) and cell.strip()]


def _heading_row(rows: Rows) -> int | None:
    """The first row that has at least half as many texts as any other, rows that ask for words (填报单位：) aside."""
    counts = {i: len(_texts(row)) for i, row in enumerate(rows) if not _asks_for_words(row)}
    most = max(counts.values(), default=0)
    return next((i for i, count in counts.items() if count >= 2 and count * 2 >= most), None)


def _asks_for_words(row: Sequence[Cell]) -> bool:
    """填报单位：___, also written without colon, with a gap for the answer beside each."""
    texts = _texts(row)
    if any(_ASKS.search(text) for text in texts):
        return True
    places = [i for i, cell in enumerate(row) if isinstance(cell, str) and cell.strip()]
    apart = all(right - left > 1 for left, right in pairwise(places))
    return bool(texts) and apart and all(_ASKED.match(text) for text in texts)


def _depth(rows: Rows, heading: int) -> int:
    """How many rows the headings take."""
    depth = 1
    while depth < DEEPEST and _is_divided(rows, heading, depth):
        depth += 1
    return depth


def _is_divided(rows: Rows, heading: int, depth: int) -> bool:
    """True when the next row divides headings: words only, below headings that stand over several columns."""
    if heading + depth >= len(rows):
        return False
    upper, lower = rows[heading + depth - 1], rows[heading + depth]
    first = next(i for i, cell in enumerate(rows[heading]) if fold(cell))
    texts = [i for i, cell in enumerate(lower) if fold(cell)]
    if not texts or fold(at(lower, first)) not in ("", fold(at(rows[heading], first))):
        return False
    if not all(isinstance(at(lower, i), str) for i in texts):
        return False
    wide = {i for column in headings_at(rows, heading, depth) if len(column.span) > 1 for i in column.span}
    new = [i for i in texts if fold(at(lower, i)) != fold(at(upper, i))]
    return len(new) > 1 and all(i in wide for i in new)


def _with_roles(columns: Sequence[Column], below: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    printed = {c.index: any(_is_printed(at(row, i)) for row in below for i in c.span) for c in columns}
    labelled = any(printed[c.index] and not _is_aside(c.heading) for c in columns)
    return tuple(
        msgspec.structs.replace(c, role=_role(c.heading, printed=printed[c.index], labelled=labelled)) for c in columns
    )


def _is_printed(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(fold(cell)) and not _NOT_ASKED.fullmatch(fold(cell))


def _is_aside(heading: str) -> bool:
    text = fold(heading)
    return bool(_SEQUENCE.match(text) or _REMARK.search(text) or _MEASURE.match(text))


def _role(heading: str, *, printed: bool, labelled: bool) -> Role:
    text = fold(heading)
    if _SEQUENCE.match(text) or _REMARK.search(text):
        return "other"
    if printed:
        return "unit" if _MEASURE.match(text) else "label"
    if asks_figures(heading):
        return "number"
    return "number" if labelled and not _WORDS.search(text) else "other"


def asks_figures(heading: str) -> bool:
    """True for a heading that plainly asks for numbers: 参加人数, 金额（万元）; 质量情况 does not."""
    core = taken_apart(heading).core
    if unit_in(heading) or _FIGURES_END.search(core):
        return True
    return not _WORDS_END.search(core) and _FIGURES.search(core) is not None


def _slots(rows: Rows, named: Sequence[Row], columns: Sequence[Column]) -> list[Slot]:
    """Number cells that the form leaves empty; a printed 0 or sum is to be overwritten, a dash says not asked."""
    return [
        Slot(row=r, column=c, printed=None if isinstance(cell, str) else cell, unit=unit_of(row, column))
        for r, row in enumerate(named)
        for c, column in enumerate(columns)
        if column.role == "number"
        and (not isinstance(cell := at(rows[row.index], column.index), str) or cell.startswith("="))
    ]


def unit_of(row: Row | None, column: Column) -> str:
    """What a cell is counted in: by the column of units, else by the heading, else by the row's label."""
    printed = fold(row.unit) if row is not None else ""
    return printed or unit_in(column.heading) or (unit_in(row.label) if row is not None else "")


def _with_parts(slots: Sequence[Slot], rows: Sequence[Row], columns: Sequence[Column]) -> Iterator[Slot]:
    place = {(slot.row, slot.column): number for number, slot in enumerate(slots)}
    for slot in slots:
        parts: Sequence[tuple[int, int]] = ()
        if rows[slot.row].total:
            parts = [(row, slot.column) for row in _summed(slot.row, rows)]
        elif TOTAL.match(fold(columns[slot.column].heading.rpartition("·")[2])):
            parts = [(slot.row, column) for column in _summed_columns(slot.column, columns)]
        yield msgspec.structs.replace(slot, parts=tuple(place[key] for key in parts if key in place))


def _summed(total: int, rows: Sequence[Row]) -> list[int]:
    """The rows that a 合计 adds up: of its group, else back to the last sum; above sub-totals, all of them.

    Rows of another unit (份 among 场) and 其中 are no part of it. A 合计 at the head of its block sums what follows.
    """
    own = rows[total]
    plain = [r for r, row in enumerate(rows) if not row.total and not _PART.match(fold(row.label))]
    plain = [r for r in plain if not own.unit or not rows[r].unit or fold(rows[r].unit) == fold(own.unit)]
    sums = [r for r, row in enumerate(rows) if row.total and r < total]
    if own.group:
        within = [r for r in plain if rows[r].group == own.group]
        above = [
            r for r in within if r < total and r > max((s for s in sums if rows[s].group == own.group), default=-1)
        ]
        return above or [r for r in within if r > total]
    above = [r for r in plain if max(sums, default=-1) < r < total]
    if above:
        return above
    if any(r < total for r in plain):
        return [r for r in plain if r < total]
    following = next((r for r, row in enumerate(rows) if row.total and r > total), len(rows))
    return [r for r in plain if total < r < following]


def _summed_columns(total: int, columns: Sequence[Column]) -> list[int]:
    """The number columns that a column 合计 adds up: those under the same divided heading; else none is certain."""
    parent = columns[total].parent
    if not parent:
        return []
    alike = [c for c, column in enumerate(columns) if column.parent == parent and column.role == "number"]
    return [c for c in alike if not TOTAL.match(fold(columns[c].heading.rpartition("·")[2]))]
