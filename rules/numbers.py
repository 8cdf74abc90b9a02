"""Numbers as people write them into tables: 2000余, 近1400, 1.5万, 10000余人次, ２０, 三千五百余."""

from __future__ import annotations

import re
import unicodedata

import msgspec

from rules.facts import Cell

_NONE = frozenset({"无", "没有", "暂无", "未开展", "未发生", "-", "--", "—", "——", "－", "/", "\\", "零"})
"""What people write for 0."""
_ABOUT_BEFORE = re.compile(r"^(?:大约|约|近|超过|超|逾|共计|共|累计|总计|达到|达|不少于|至少)+")
_ABOUT = r"(?:余|多|以上|左右|\+)*"
_UNIT = (
    r"(?:人次|场次|家次|批次|人|场|次|份|条|项|家|个|件|台|篇|幅|张|块|期|名|批"
    r"|起|户|辆|套|册|本|支|处|小时|天|万元|元|%)?"
)
_FIGURES = re.compile(rf"([+-]?\d+(?:\.\d+)?)({_ABOUT}[十百千万亿]*{_ABOUT}){_UNIT}{_ABOUT}")
_WORDS = re.compile(rf"([零〇一二两三四五六七八九十百千万亿]+?){_ABOUT}(万|亿)?{_ABOUT}{_UNIT}{_ABOUT}")
_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?:[, ]\d{3})+(?!\d)")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """A number found in a cell."""

    value: float
    exact: bool
    """False for 余, 约 and the like, and for anything but plain digits."""


def to_number(cell: Cell, unit: str = "") -> Number | None:
    """The number a cell holds, or None when it holds none or more than one.

    `unit` is the row's unit: in a row counted in 万元, 1.5万元 is 1.5.

    >>> to_number("2000余"), to_number("１.5万人次")
    (Number(value=2000.0, exact=False), Number(value=15000.0, exact=False))
    >>> to_number("1,200"), to_number("若干"), to_number("4+12+33")
    (Number(value=1200.0, exact=True), None, None)
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return Number(value=float(cell), exact=True)
    # signs that NFKC would turn into digits (①, ²) are no figures
    text = "".join(unicodedata.normalize("NFKC", sign) if unicodedata.category(sign) != "No" else sign for sign in cell)
    text = " ".join(text.split())
    text = _GROUPED.sub(lambda found: re.sub(r"[, ]", "", found[0]), text)
    if re.search(r"\d \d", text):
        return None  # two figures in one cell
    text = text.replace(" ", "")
    if text in _NONE:
        return Number(value=0.0, exact=False)
    if _PLAIN.fullmatch(text):
        return Number(value=float(text), exact=True)
    core = _ABOUT_BEFORE.sub("", text)
    if unit and len(unit) > 1 and core.endswith(unit):
        core = core.removesuffix(unit)
    value = _from_figures(core)
    if value is None:
        value = _from_words(core)
    return Number(value=value, exact=False) if value is not None else None


def _from_figures(text: str) -> float | None:
    found = _FIGURES.fullmatch(text)
    if found is None:
        return None
    value = float(found[1])
    for sign in re.sub(r"[^十百千万亿]", "", found[2]):
        value *= (_TENS | _BIG)[sign]
    return value


def _from_words(text: str) -> float | None:
    """三千五百, 十二, 两万三千; None when the text is no such number, as 三五 or 几十."""
    found = _WORDS.fullmatch(text)
    if found is None or re.search(r"[一二两三四五六七八九]{2}", found[1]):
        return None
    total = section = digit = 0
    for sign in found[1] + (found[2] or ""):
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _TENS:
            section += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            total = (total + section + digit) * _BIG[sign]
            section = digit = 0
    return float(total + section + digit)
