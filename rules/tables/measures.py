"""What things are counted in: 场, 人次, 万元, %; which measures may stand for one another."""

from __future__ import annotations

import re

from rules.words import fold

_KINDS = (
    ("人次", "人", "名", "位"),
    ("场次", "场", "期", "批次", "批", "起"),
    ("家次", "家", "户次", "户"),
    ("份", "册", "本", "张", "页", "套", "篇", "幅", "块", "条", "台", "辆", "支", "处", "只", "部"),
    ("小时", "分钟", "天"),
    ("亿元", "万元", "千元", "元"),
    ("%",),
)
_ANY = ("个", "项", "件", "次")
"""Words for anything that can be counted."""
_UNCOUNTED = frozenset({"小时", "分钟", "天", "亿元", "万元", "千元", "元", "%"})
_SCALES = {"千": 1_000, "万": 10_000, "亿": 100_000_000}
_WORDS = sorted((word for kind in (*_KINDS, _ANY) for word in kind), key=len, reverse=True)
# 万元 is read as 万 and 元: the number takes the 万
MEASURE = "|".join(word for word in _WORDS if word[0] not in _SCALES)
"""All measures, as a regular expression."""
_UNIT = re.compile(rf"(?:单位:)?([千万亿]?(?:{MEASURE}))")
_BRACKETS = re.compile(r"\(([^()]*)\)")


def kind_of(measure: str) -> int:
    """Which kind of thing it counts; -1 for anything countable, -2 when not known."""
    word = measure.lstrip("千万亿") or measure
    if word in _ANY:
        return -1
    return next((n for n, kind in enumerate(_KINDS) if word in kind), -2)


def alike(one: str, other: str) -> bool:
    """True when a number in the one may stand where the other is asked for; unknown measures do.

    >>> alike("家", "个"), alike("场次", "场"), alike("家", "场"), alike("%", "家")
    (True, True, False, False)
    """
    kinds = {kind_of(one), kind_of(other)}
    if -2 in kinds or len(kinds) == 1:
        return True
    return -1 in kinds and not {one, other} & _UNCOUNTED


def countable(unit: str) -> bool:
    """True for what comes in whole pieces."""
    return kind_of(unit) >= -1 and unit not in _UNCOUNTED and scale_of(unit) == 1


def scale_of(unit: str) -> int:
    """10000 for 万元, 万人次; 1 for plain measures."""
    return _SCALES.get(unit[:1], 1) if len(unit) > 1 else 1


def is_measure(text: str) -> bool:
    """True for 个, 万元, 单位：家."""
    return _UNIT.fullmatch(fold(text)) is not None


def unit_in(label: str) -> str:
    """The measure that a label names in brackets, % for a rate; "" when none.

    >>> unit_in("金额（万元）"), unit_in("宣传册 (份)"), unit_in("办结率"), unit_in("数量")
    ('万元', '份', '%', '')
    """
    text = fold(label)
    for inside in _BRACKETS.findall(text):
        found = _UNIT.fullmatch(inside)
        if found:
            return found[1]
    return "%" if re.search(r"(?<!效)率(?:\(|$)", text) else ""
