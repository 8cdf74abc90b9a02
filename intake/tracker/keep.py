"""What the coordinator wrote into the workbook, read back before every rewrite so that nothing of hers is lost.

Hers are 备注 and 人工结论 in 明细, 归属单位 and 处理 in 待办, every column she added to one of our lists, and every
sheet that is not ours. Her cells are found again by the key of their row, never by its place: she may sort
and filter. What belongs to a row that has gone moves to the sheet 保留的备注.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from openpyxl.comments import Comment
from openpyxl.worksheet.formula import ArrayFormula

from intake.tracker.cells import AUTHOR, Formula

HEAD_SEARCH: Final = 10
"""Rows searched for our headings: she may have put a line or two above them."""
MAX_COLUMNS: Final = 256
ATTIC: Final = "保留的备注"
HELPER: Final = "收齐选项"
ATTIC_HEADERS: Final = ("原工作表", "编号", "名称", "列", "内容", "保留时间")
NAMELESS: Final = "（无标题）"


class Spec(NamedTuple):
    """How one of our lists is recognised: headings of its key and of its name, and the columns she writes in."""

    key: str
    label: str
    hers: tuple[str, ...] = ()


OVERVIEW: Final = "总览"
LISTS: Final[Mapping[str, Spec]] = {
    "明细": Spec("代码", "单位", ("备注", "人工结论")),
    "问题": Spec("编号", "单位"),
    "图片": Spec("编号", "单位"),
    "统计汇总": Spec("代码", "单位"),
    "邮件": Spec("编号", "主题"),
    "待办": Spec("编号", "事项", ("归属单位", "处理")),
}


def spec_of(name: str) -> Spec | None:
    """The list that a sheet is, by its name; further statistics sheets are called 统计汇总2, 统计汇总3 …"""
    stem = name.rstrip("0123456789")
    return LISTS.get(name) or (LISTS["统计汇总"] if stem == "统计汇总" else None)


@dataclass(slots=True)
class Mark:
    """One cell of hers."""

    value: Any = None
    origin: str = ""
    """Where it stood, for formulas."""
    style: Any = None
    comment: Any = None
    link: str = ""

    @property
    def filled(self) -> bool:
        """True when losing it would lose something she wrote."""
        return self.value not in (None, "") or self.comment is not None


class Allowed(NamedTuple):
    """A filter she set: the values that stay in sight."""

    values: tuple[str, ...]
    blank: bool


class Lost(NamedTuple):
    """A cell of hers whose row has gone, as 保留的备注 lists it."""

    sheet: str
    key: str
    label: str
    header: str
    value: Any
    since: datetime | None


@dataclass(slots=True)
class SheetHand:
    """Everything of hers on one of our lists."""

    columns: list[str] = field(default_factory=list)
    """Headings of her columns, the contract's ones included, from left to right."""
    heads: dict[str, Mark] = field(default_factory=dict)
    cells: dict[str, dict[str, Mark]] = field(default_factory=dict)
    """By key, then heading."""
    labels: dict[str, str] = field(default_factory=dict)
    loose: list[Lost] = field(default_factory=list)
    """Rows without a key, and second rows with a key that had one."""
    widths: dict[str, float] = field(default_factory=dict)
    filters: dict[str, Allowed] = field(default_factory=dict)


@dataclass(slots=True)
class Recall:
    """The old workbook, opened, with everything of hers found in it."""

    workbook: Any = None
    sheets: dict[str, SheetHand] = field(default_factory=dict)
    attic: list[Lost] = field(default_factory=list)
    trouble: str = ""
    """locked, unreadable or "" ."""
    detail: str = ""

    def sheet(self, name: str) -> SheetHand:
        """Hers on the list of that name; empty when there was none."""
        return self.sheets.setdefault(name, SheetHand())

    def take(self, name: str, key: str, *, restore: bool) -> dict[str, Mark]:
        """Her cells of one row, by heading; each row is taken once. With `restore` also from the attic."""
        hand = self.sheet(name)
        # a code that a spreadsheet program turned into a number has lost its leading zeros
        marks = hand.cells.pop(key, None) or hand.cells.pop(_numbered(key), None) or {}
        if restore and self.attic:
            found = self._attic_of(name).pop(key, [])
            for lost in found:
                if lost.header in hand.columns and not (marks.get(lost.header) or Mark()).filled:
                    marks[lost.header] = Mark(value=lost.value)
                    self.attic.remove(lost)
        return marks

    _by_key: dict[str, dict[str, list[Lost]]] = field(default_factory=dict)

    def _attic_of(self, name: str) -> dict[str, list[Lost]]:
        if name not in self._by_key:
            entries: dict[str, list[Lost]] = {}
            for lost in self.attic:
                if lost.sheet == name:
                    entries.setdefault(lost.key, []).append(lost)
            self._by_key[name] = entries
        return self._by_key[name]

    def rest(self, now: datetime) -> list[Lost]:
        """What 保留的备注 must hold now: what it held, and what no row claimed."""
        rest = list(self.attic)
        known = {(x.sheet, x.key, x.header, str(x.value)) for x in rest}
        for name, hand in self.sheets.items():
            new = list(hand.loose)
            for key, marks in hand.cells.items():
                label = hand.labels.get(key, "")
                for header, mark in marks.items():
                    if mark.filled:
                        new.append(Lost(name, key.lstrip("#"), label, header, _written(mark), None))
            for lost in new:
                identity = (lost.sheet, lost.key, lost.header, str(lost.value))
                if identity not in known:
                    known.add(identity)
                    rest.append(lost._replace(since=now))
        return rest


def harvest(
    name: str, spec: Spec, rows: Mapping[int, Mapping[int, Any]], ours: Iterable[str] | None
) -> SheetHand | None:
    """Find her cells in the grid of one of our lists; None when its headings are not there any more.

    `rows` holds cells (with `value`, `coordinate` and the rest) by row and column number. `ours` are the
    headings that we wrote last time; all others are hers.
    """
    top = _heading_row(spec, rows)
    if top is None:
        return None
    hand = SheetHand()
    owned = set(ours or ()) - set(spec.hers)
    names = _headings(rows, top, owned, hand)
    key_at = next(column for column, header in names.items() if header == spec.key)
    label_at = next((column for column, header in names.items() if header == spec.label), 0)
    hers = {column: header for column, header in names.items() if header not in owned and column != key_at}
    hand.columns = list(hers.values())
    hand.heads = {header: _mark(rows[top][column]) for column, header in hers.items() if column in rows[top]}
    for number in sorted(rows):
        if number <= top:
            continue
        row = rows[number]
        key = _key(getattr(row.get(key_at), "value", None))
        label = _text(getattr(row.get(label_at), "value", None))
        marks = {header: _mark(row[column]) for column, header in hers.items() if column in row}
        if not key:
            hand.loose += _keyless(name, label, marks, row, names, hers)
        elif key in hand.cells:
            hand.loose += [
                Lost(name, key.lstrip("#"), label, header, _written(mark), None)
                for header, mark in marks.items()
                if mark.filled and _written(mark) != _written(hand.cells[key].get(header) or Mark())
            ]
        else:
            hand.cells[key] = marks
            hand.labels[key] = label
    return hand


def _keyless(
    name: str,
    label: str,
    marks: Mapping[str, Mark],
    row: Mapping[int, Any],
    names: Mapping[int, str],
    hers: Mapping[int, str],
) -> list[Lost]:
    """A row that she wrote below or between ours. Our own row of sums has only what we put there."""
    if label == "合计" and not any(mark.filled for mark in marks.values()):
        return []
    found = []
    for column, cell in sorted(row.items()):
        mark = _mark(cell)
        if mark.filled and not (label == "合计" and column not in hers):
            found.append(Lost(name, "", label, names.get(column, ""), _written(mark), None))
    return found


def _heading_row(spec: Spec, rows: Mapping[int, Mapping[int, Any]]) -> int | None:
    for number in sorted(rows)[:HEAD_SEARCH]:
        values = {_text(cell.value) for cell in rows[number].values()}
        if spec.key in values and (spec.label in values or set(spec.hers) & values):
            return number
    return None


def _headings(rows: Mapping[int, Mapping[int, Any]], top: int, owned: set[str], hand: SheetHand) -> dict[int, str]:
    """Heading of every column that has one or holds something; unique, because they are her keys."""
    used = {column for number, row in rows.items() if number > top for column, cell in row.items() if _filled(cell)}
    used |= {column for column, cell in rows[top].items() if _filled(cell)}
    names: dict[int, str] = {}
    taken: set[str] = set()
    for column in sorted(used):
        cell = rows[top].get(column)
        stem = _text(cell.value if cell is not None else None) or NAMELESS
        header, count = stem, 1
        while header in taken:
            count += 1
            header = f"{stem}{count}"
        taken.add(header)
        names[column] = header
    return names


def _filled(cell: Any) -> bool:
    return cell.value not in (None, "") or getattr(cell, "comment", None) is not None


def _mark(cell: Any) -> Mark:
    value = cell.value
    if getattr(cell, "data_type", "") == "f" and isinstance(value, str):
        value = Formula(value)
    comment = getattr(cell, "comment", None)
    if comment is not None:
        # the coordinator's comment on her own cell; ours hang on our own columns and headings only
        kept = Comment(comment.text, comment.author, comment.height, comment.width)
        comment = None if comment.author == AUTHOR else kept
    linked = getattr(cell, "hyperlink", None)
    return Mark(
        value=value,
        origin=getattr(cell, "coordinate", ""),
        style=getattr(cell, "_style", None) if getattr(cell, "has_style", False) else None,
        comment=comment,
        link=(linked.target or "") if linked is not None else "",
    )


def _written(mark: Mark) -> Any:
    """What 保留的备注 shows of a cell: the value; a formula as its text; a comment after it."""
    value = mark.value.text if isinstance(mark.value, ArrayFormula) else mark.value
    if isinstance(value, Formula):
        value = str(value)
    if mark.comment is not None:
        return f"{_text(value)}（批注：{mark.comment.text}）"
    return value


def _key(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"#{int(value)}" if float(value).is_integer() else f"#{value}"
    return _text(value)


def _numbered(key: str) -> str:
    return "#" + (key.lstrip("0") or "0")


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
