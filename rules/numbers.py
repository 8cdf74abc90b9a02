"""Numbers as people write them into tables: 2000余, 近1400, 1.5万, 10000余人次, ２０, 三千五百余."""

from __future__ import annotations

import re
import unicodedata

import msgspec

from rules.facts import Cell

_ABOUT_BEFORE = re.compile(r"^(?:大约|约|近|超过|超|逾|共计|共|累计|总计|达到|达|不少于|至少)+")
_ABOUT_AFTER = re.compile(r"(?:余|多|以上|左右|\+|几)+")
_UNIT = re.compile(r"^(?:人次|场次|人|场|次|份|条|项|家|个|件|台|篇|幅|张|块|期|名|批次|批|起|户|辆|套|元|%)*$")
_PLAIN = re.compile(r"^([+-]?\d+(?:\.\d+)?)([十百千万亿]*)")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """A number found in a cell."""

    value: float
    exact: bool
    """False for 余, 约 and the like, and for anything but plain digits."""


def to_number(cell: Cell) -> Number | None:
    """The number a cell holds, or None when it holds none or more than one.

    >>> to_number("2000余"), to_number("１.5万人次")
    (Number(value=2000.0, exact=False), Number(value=15000.0, exact=False))
    >>> to_number("1,200"), to_number("十余"), to_number("若干")
    (Number(value=1200.0, exact=True), Number(value=10.0, exact=False), None)
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return Number(value=float(cell), exact=True)
    text = unicodedata.normalize("NFKC", cell)
    text = "".join(text.split()).replace(",", "").replace("，", "")
    bare = _ABOUT_AFTER.sub("", _ABOUT_BEFORE.sub("", text))
    value, rest = _plain(bare) or _chinese(bare) or (None, "")
    if value is None or not _UNIT.match(rest):
        return None
    return Number(value=value, exact=bool(re.fullmatch(r"[+-]?\d+(\.\d+)?", text)))


def _plain(text: str) -> tuple[float, str] | None:
    found = _PLAIN.match(text)
    if found is None:
        return None
    value = float(found[1])
    for sign in found[2]:
        value *= (_TENS | _BIG)[sign]
    return value, text[found.end() :]


def _chinese(text: str) -> tuple[float, str] | None:
    """三千五百, 十二, 两万三千; None when the text does not begin with such a number."""
    total = section = digit = used = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _TENS:
            section += (digit or 1) * _TENS[sign]
            digit = 0
        elif sign in _BIG:
            total = (total + section + digit) * _BIG[sign]
            section = digit = 0
        else:
            break
        used += 1
    return (float(total + section + digit), text[used:]) if used else None
