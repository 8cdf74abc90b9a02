"""Finding the headings of a roster: in any order, anywhere in the first rows, under the names that offices use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intake.units.roster_cells import tidy
from rules.words import fold

HEADING_ROWS = 10
"""Above the headings stand at most a title, a date and the like."""

_REMARK = re.compile(r"[(（\[【].*?[)）\]】]|[*:：]")
_WORDS = {
    "code": ("代码", "单位代码", "编号", "单位编号", "编码", "单位编码", "机构代码", "统一社会信用代码", "code"),
    "name": ("单位", "单位名称", "名称", "单位全称", "全称", "报送单位", "机构名称", "企业名称", "部门", "name"),
    "short": ("简称", "单位简称", "short"),
    "aliases": ("别名", "曾用名", "又名", "其他名称", "aliases"),
    "category": ("类别", "类型", "单位类别", "单位类型", "单位性质", "性质", "分类", "层级", "单位层级", "category"),
    "contact": ("联系人", "姓名", "联系人姓名", "联络员", "经办人", "contact"),
    "phone": ("电话", "联系电话", "手机", "手机号", "手机号码", "办公电话", "联系方式", "电话号码", "phone"),
    "superior": ("抄送", "抄送邮箱", "上级邮箱", "主管邮箱", "superior"),
    "addresses": ("邮箱", "电子邮箱", "邮箱地址", "电子邮件", "e-mail", "email", "mail", "电邮", "邮件地址"),
}
_SUPERIOR = re.compile(r"(?:抄送|上级|主管|领导).*(?:邮|mail)|抄送")
"""Whose mail address a column holds: not the unit's own."""
# for longer headings, like 联系人手机号码 or 单位联系邮箱: the first that fits, so the narrower words come first
_PARTS = (
    ("addresses", ("邮箱", "邮件", "电邮", "mail")),
    ("phone", ("电话", "手机", "座机")),
    ("short", ("简称",)),
    ("aliases", ("别名", "曾用名")),
    ("code", ("代码", "编码")),
    ("category", ("类别", "类型", "性质", "层级")),
    ("contact", ("联系人", "联络员", "经办人", "负责人")),
    ("name", ("单位名称", "单位全称", "机构名称", "企业名称")),
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where everything stands. Indices of rows and columns count from 0."""

    row: int
    """The (last) row of headings."""
    code: tuple[int, ...] = ()
    name: tuple[int, ...] = ()
    short: tuple[int, ...] = ()
    aliases: tuple[int, ...] = ()
    category: tuple[int, ...] = ()
    contact: tuple[int, ...] = ()
    phone: tuple[int, ...] = ()
    addresses: tuple[int, ...] = ()
    superior: tuple[int, ...] = ()

    @staticmethod
    def at(cells: Sequence[object], column: int) -> object:
        """The cell of that column; None where the row is shorter."""
        return cells[column] if column < len(cells) else None

    def first(self, cells: Sequence[object], columns: tuple[int, ...]) -> object:
        """The first of these columns that is filled in."""
        return next((cell for column in columns if tidy(cell := self.at(cells, column))), None)


def find_columns(rows: Sequence[Sequence[object]]) -> Columns | None:
    """The headings among the first rows: the unit's name and something else; None when there are none.

    Headings on two rows (联系方式 above 电话 and 邮箱) are read as one.
    """
    for index, row in enumerate(rows[:HEADING_ROWS]):
        columns = _columns(index, row)
        if not columns.name or _kinds(columns) < 2:
            continue
        below = rows[index + 1] if index + 1 < len(rows) else ()
        if not columns.addresses and _columns(index + 1, below).addresses:
            both = [_lower(row, below, column) for column in range(max(len(row), len(below)))]
            return _columns(index + 1, both)
        return columns
    return None


def kind_of(heading: str) -> str:
    """What a column holds, by its heading; "" when it is none of ours.

    >>> kind_of("联系人手机号码（必填）"), kind_of("E-mail"), kind_of("序号"), kind_of("单位 名称*")
    ('phone', 'addresses', '', 'name')
    """
    text = fold(_REMARK.sub("", heading))
    for kind, words in _WORDS.items():
        if text in words or text.rstrip("0123456789一二三") in words:
            return kind
    if _SUPERIOR.search(text):
        return "superior"
    if len(text) <= 12:
        for kind, parts in _PARTS:
            if any(part in text for part in parts):
                return kind
    return ""


def _columns(row: int, cells: Sequence[object]) -> Columns:
    found: dict[str, tuple[int, ...]] = {}
    for number, cell in enumerate(cells):
        kind = kind_of(tidy(cell))
        if kind:
            found[kind] = (*found.get(kind, ()), number)
    return Columns(row=row, **found)


def _kinds(columns: Columns) -> int:
    return sum(bool(getattr(columns, kind)) for kind in _WORDS)


def _lower(upper: Sequence[object], below: Sequence[object], column: int) -> object:
    under = Columns.at(below, column)
    return under if kind_of(tidy(under)) else Columns.at(upper, column)
