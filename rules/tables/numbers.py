"""Numbers as people write them into tables: 2000余, 近1400, 1.5万, 10000余人次, ２０, 三千五百余."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import msgspec

from rules.facts import Cell
from rules.tables.amounts import amount
from rules.tables.measures import MEASURE, alike, countable, scale_of

_NONE = frozenset(
    [
        "无",
        "没有",
        "暂无",
        "未开展",
        "未发生",
        "不涉及",
        "不适用",
        "无此项",
        "-",
        "--",
        "—",
        "——",
        "―",
        "–",
        "/",
        "//",
        "\\",
        "零",
    ]
)
"""What people write for 0: nothing to report."""
_ABOUT_BEFORE = re.compile(
    r"^(?:大约|大概|约|近|将近|接近|超过|超|逾|突破|共计|共|累计|总计|合计|达到|达|不少于|至少|估计|[>≥])+"
)
_ABOUT_AFTER = re.compile(r"(?:余|多|以上|左右|上下|\+)+$")
_MEASURE = re.compile(rf"(?:{MEASURE})$")
_REMARK = re.compile(r"\((?:含|其中|包括|约|估|共|线上|线下)[^()]*\)$")
_BRACKETED = re.compile(rf"\(([千万亿]?(?:{MEASURE}))\)$")
_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?:[, ]\d{3})+(?!\d)")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_DAY_ZERO = dt.date(1899, 12, 30)
_LAST_YEAR_OF_COUNTS = 1920
"""Small numbers in cells dressed as dates show as days of these years."""


_LARGEST = 1e12


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """A number found in a cell."""

    value: float
    """In the unit that was asked for."""
    exact: bool
    """False for 余, 约 and the like, and for anything but plain digits."""
    doubt: str = ""
    """Why a person should look before it is used, Chinese; "" when there is no doubt."""


def to_number(cell: Cell, unit: str = "") -> Number | None:
    """The number a cell holds, or None when it holds none or more than one.

    `unit` is what the form counts in: in a row counted in 万元, 1.5万元 is 1.5.

    >>> to_number("2000余").value, to_number("１.5万人次").value, to_number("一百二").value
    (2000.0, 15000.0, 120.0)
    >>> to_number("1,200").exact, to_number("若干"), to_number("4+12+33")
    (True, None, None)
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return _weighed(float(cell), unit, exact=True)
    text = _plain(cell)
    if re.search(r"\d \d", text):
        return None  # two figures in one cell
    text = text.replace(" ", "")
    if text in _NONE:
        return Number(value=0.0, exact=False)
    if _PLAIN.fullmatch(text):
        return _weighed(float(text), unit, exact=True)
    day = _DATE.fullmatch(text)
    if day:
        return _from_date(*map(int, day.groups()))
    return _written(text, unit)


def _plain(cell: str) -> str:
    """NFKC, one space between words, digits not grouped, no quotes around and no stop behind."""
    # signs that NFKC would turn into digits (①, ²) are no figures
    text = "".join(unicodedata.normalize("NFKC", sign) if unicodedata.category(sign) != "No" else sign for sign in cell)
    text = " ".join(text.split()).strip("“”\"'‘’「」:").rstrip("。.,、;").strip()
    return _GROUPED.sub(lambda found: re.sub(r"[, ]", "", found[0]), text)


def _from_date(year: int, month: int, day: int) -> Number | None:
    if year > _LAST_YEAR_OF_COUNTS:
        return None
    try:
        days = (dt.date(year, month, day) - _DAY_ZERO).days
    except ValueError:
        return None
    # Lotus counted a 29 February 1900 that never was, and all spreadsheets follow
    return Number(value=float(days if days > 60 else days - 1), exact=False)


def _written(text: str, unit: str) -> Number | None:
    """A number among words: about it, its measure, a remark in brackets."""
    if text.startswith("百分之"):
        text = text.removeprefix("百分之") + "%"
    core = _ABOUT_BEFORE.sub("", _BRACKETED.sub(r"\1", _REMARK.sub("", text)))
    core = _ABOUT_AFTER.sub("", core)
    measure = ""
    if unit and len(unit) > 1 and core.endswith(unit):
        value = amount(_ABOUT_AFTER.sub("", core.removesuffix(unit)))
        if value is not None:
            return _weighed(float(value), unit, exact=False)
    found = _MEASURE.search(core)
    if found:
        measure, core = found[0], core[: found.start()]
    value = amount(core)
    if value is None:
        return None
    scale = scale_of(unit)
    if measure == unit == "%" and _PLAIN.fullmatch(core):
        return Number(value=float(value), exact=True)  # a rate written as one
    if scale == 1:
        return _weighed(float(value), unit, exact=False, measure=measure)
    if measure and measure == unit[1:]:
        return _weighed(float(value / scale), unit, exact=False)
    if re.search(r"[万亿]", core):
        return Number(value=float(value), exact=False, doubt=f"表中以{unit}计，无法确定所填的数是否已经折算")
    return _weighed(float(value), unit, exact=False, measure=measure)


def _weighed(value: float, unit: str, *, exact: bool, measure: str = "") -> Number:
    """The number with what speaks against taking it as it stands."""
    doubt = ""
    if measure and unit and not alike(measure, unit):
        doubt = f"表中以{unit}计，所填单位是{measure}"
    elif unit == "%" and 0 < value <= 1 and measure != "%":
        doubt = "无法确定是小数还是百分数"
    elif value < 0:
        doubt = "是负数"
    elif value >= _LARGEST:
        doubt = "大得不像统计数"
    elif countable(unit) and not value.is_integer():
        doubt = "不是整数"
    return Number(value=value, exact=exact, doubt=doubt)
