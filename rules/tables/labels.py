"""When two labels of a table mean the same: spaces, widths, numbering, measures in brackets, everyday synonyms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

import msgspec

from rules.tables.form import fold
from rules.tables.measures import is_measure, unit_in

_SAME = (
    (
        "项目",
        "指标",
        "指标名称",
        "项目名称",
        "统计项目",
        "统计指标",
        "活动项目",
        "活动内容",
        "内容",
        "事项",
        "统计内容",
    ),
    ("数量", "数", "个数", "数目", "数值", "填报数", "填报数据", "数据", "统计数", "统计数量"),
    ("备注", "说明", "附注", "备注说明", "备注栏"),
    ("单位", "计量单位", "数量单位"),
    ("序号", "编号", "行次", "序", "no", "项次"),
    ("类别", "分类", "类型", "活动类别", "活动类型"),
    ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "联系手机", "办公电话"),
    ("姓名", "名字", "联系人", "联系人姓名"),
    ("场次", "场数", "活动场次", "举办场次"),
    ("参加人数", "参与人数", "参加人员数"),
    ("参加人次", "参与人次"),
    ("单位名称", "填报单位", "报送单位", "填表单位", "单位"),
    ("合计", "总计", "共计"),
    ("职务", "职务职称", "职称职务"),
    ("时间", "日期", "活动时间", "活动日期"),
    ("地点", "活动地点"),
)
_NUMBERING = re.compile(r"^[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[)）、:]|\.(?!\d))+(?=.)")
_SIGNS = re.compile(r"[·:,，、。;；*★☆\"“”'‘’《》<>\-—_.…]+")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_HARMLESS = re.compile(
    r"(?:必填|选填|可填|可不填|如有|没有填0|无则?填0|填数字|填写数字|填阿拉伯数字|阿拉伯数字|整数|填写整数|单位)"
)
_LEAST_ALIKE = 0.6


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """A label taken apart."""

    core: str
    """Without numbering, signs and brackets."""
    unit: str
    """The measure it names in brackets."""
    remark: str
    """What else stands in brackets, which may change the meaning: 估计, 上年."""


@lru_cache(maxsize=4096)
def taken_apart(text: str) -> Label:
    """A label taken apart.

    >>> taken_apart("1. 数 量（家）").core, taken_apart("数量（估计）").remark
    ('数量', '估计')
    """
    folded = _NUMBERING.sub("", fold(text).lower())
    inside = [one for one in _BRACKETS.findall(folded) if not is_measure(one) and not _HARMLESS.fullmatch(one)]
    bare = _BRACKETS.sub("", folded)
    return Label(core=_SIGNS.sub("", bare) or bare, unit=unit_in(text), remark="".join(inside))


def spellings(heading: str) -> frozenset[str]:
    """The cores by which a heading, or a part of a divided one, may be met."""
    parts = {taken_apart(part).core for part in (heading, *heading.split("·"))}
    return frozenset(parts.union(*(words for words in _SAME if parts.intersection(words))))


@lru_cache(maxsize=8192)
def same(wanted: str, there: str) -> int | None:
    """How near a label of a filled table is to the form's: 0 the same, 1 spelt otherwise, 2 a synonym; else None.

    What is added in brackets counts, unless it is a measure: 数量（估计） is not 数量.

    >>> same("数量（家）", "数 量(家)"), same("数量", "1、数量（个）"), same("项目", "指标名称")
    (0, 1, 2)
    >>> same("数量", "数量（上年）") is None
    True
    """
    if fold(wanted) == fold(there):
        return 0
    parts, others = wanted.split("·"), there.split("·")
    if len(parts) == len(others) > 1:  # a divided heading, part by part
        ranks = [same(part, one) for part, one in zip(parts, others, strict=True)]
        return None if None in ranks else max(rank for rank in ranks if rank is not None)
    mine, other = taken_apart(wanted), taken_apart(there)
    if not mine.core or not other.core or (other.remark and other.remark not in mine.remark):
        return None
    if mine.core == other.core:
        return 1
    if any(mine.core in words and other.core in words for words in _SAME):
        return 2
    return None


def alike(wanted: str, there: str) -> bool:
    """True for labels that are near enough to be one reworded: 发放宣传资料 and 发放宣传材料.

    >>> alike("发放宣传资料", "发放宣传材料"), alike("参加企业", "参加人员")
    (True, False)
    """
    mine, other = taken_apart(wanted).core, taken_apart(there).core
    if min(len(mine), len(other)) < 2:
        return False
    if min(len(mine), len(other)) >= 3 and (mine in other or other in mine):
        return True
    return SequenceMatcher(None, mine, other, autojunk=False).ratio() > _LEAST_ALIKE


def pairs(wanted: Sequence[str], there: Sequence[str]) -> dict[int, int]:
    """Which label of the filled table is which of the form: nearest first, each once, never one of several.

    Both by position. A label that stands twice on either side is paired in order, when both have it equally often.
    """
    return dict(_paired(tuple(wanted), tuple(there)))


@lru_cache(maxsize=512)  # nearly all tables filled from one form have the same labels
def _paired(wanted: tuple[str, ...], there: tuple[str, ...]) -> dict[int, int]:
    found: dict[int, int] = {}
    taken: set[int] = set()
    for rank in range(3):
        groups: dict[tuple[int, ...], list[int]] = {}
        for number, label in enumerate(wanted):
            if number in found:
                continue
            near = tuple(n for n, other in enumerate(there) if n not in taken and _at_most(same(label, other), rank))
            if near:
                groups.setdefault(near, []).append(number)
        for near, mine in groups.items():
            rivals = any(set(near) & set(other) for other in groups if other != near)
            if len(near) == len(mine) and not rivals:
                found.update(zip(mine, near, strict=True))
                taken.update(near)
            elif rank == 0 and len(near) >= len(mine) and not rivals:
                # the first of several is as the form has it only when the rest was added behind
                found.update(zip(mine, near[: len(mine)], strict=True))
                taken.update(near[: len(mine)])
    return found


def _at_most(rank: int | None, most: int) -> bool:
    return rank is not None and rank <= most
