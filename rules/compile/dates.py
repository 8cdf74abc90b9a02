"""Dates and times as offices write them, read into values; whether one is a deadline is asked in `deadlines`.

`SHAPES`, `PARTS_OF_DAY` and `VAGUE` are the data: one line a way of writing.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator

import msgspec

_CN = "零一二三四五六七八九"
_YEAR = r"(?:(?P<y>(?:19|20)\d{2})|(?P<cy>[二一][〇零0oO一二三四五六七八九]{3})|(?P<now>今|本|当|明|次))年?度?"
_MONTH = r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?P<d>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"

SHAPES: tuple[tuple[str, str], ...] = (
    (rf"{_YEAR}{_MONTH}月份?{_DAY}(?:[日号]|(?![\d万条张个篇幅件名%]))", "2022年10月12日"),
    (rf"(?P<y>(?:19|20)\d{{2}})(?P<sep>[-./]){_MONTH}(?P=sep){_DAY}(?!\d)", "2022-10-12"),
    (r"(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?![\d号])", "20221012"),
    (rf"{_YEAR}{_MONTH}月(?P<end>底|末|最后一天)", "2022年10月底"),
    (rf"{_YEAR}(?P<yearend>底|末)", "2022年底"),
    (rf"{_MONTH}月份?{_DAY}[日号]", "10月12日"),
    (rf"(?<![\d.]){_MONTH}月(?P<end>底|末)", "10月底"),
    (rf"(?<![\d.:/-]){_MONTH}[./]{_DAY}(?=[日号]?(?:\([^)]{{0,4}}\))?(?:以?前|之前|止|截止|截稿|下班))", "10.12前"),
    (r"(?:本|当)月(?P<alone>3[01]|[12]\d|0?[1-9])[日号]|(?<![\d月年.\-至到每])(?P<alone2>3[01]|[12]\d|0?[1-9])[日号](?=(?:\([^)]{0,4}\))?(?:(?:上午|下午|晚)?\d{1,2}(?:[时点]|:\d\d))?(?:以?前|之前|下班))", "25日前"),
    (r"(?P<lost>20\d{2}(?:[1-9][12]\d|[1-9]3[01]|1[0-2][1-9]|1[0-2][0-3]\d|[1-9][1-9]))[日号]", "2016528日"),
    (r"(?<![\d月年.\-至到每第近满])(?P<lostmonth>[1-9][0-3]?\d{2})[日号](?=(?:上午|下午)?(?:\d{1,2}[时点])?(?:以?前|之前))", "615日前"),
)  # fmt: skip
"""Ways of writing a date, the most telling first. The last two have lost 年 and 月 on a web page;
25日前 is a day of the month the notice was signed in."""

TAILS: tuple[tuple[str, str], ...] = (
    (rf"{_YEAR}{_MONTH}月份?{_DAY}[日号]?", "至2022年10月12日"),
    (rf"(?P<y>(?:19|20)\d{{2}})[-./]{_MONTH}[-./]{_DAY}(?!\d)", "-2022.10.12"),
    (rf"{_MONTH}月份?{_DAY}[日号]?", "至10月12日"),
    (rf"{_MONTH}月(?P<end>底|末)", "至10月底"),
    (rf"{_MONTH}[./-]{_DAY}(?!\d)", "-10.12"),
    (rf"{_DAY}[日号]", "至12日"),
    (r"(?P<lost>20\d{2}(?:[1-9][12]\d|[1-9]3[01]|1[0-2][1-9]|1[0-2][0-3]\d|[1-9][1-9]))[日号]", "-2016528日"),
)
"""What may stand behind 至 or - as the end of a range; missing parts are those of its beginning."""

PARTS_OF_DAY: dict[str, int] = {
    "上午": 0, "早上": 0, "早": 0, "凌晨": 0, "中午": 12, "下午": 12, "晚上": 12, "晚": 12, "当晚": 12, "午夜": 12,
}  # fmt: skip
"""Hours to add to a clock of twelve hours."""

_CLOCK = re.compile(
    r"(?:\((?:周|星期|礼拜)[一二三四五六日天]\)|[,、]?(?:周|星期)[一二三四五六日天])?[,、的]?"
    r"(?P<part>" + "|".join(PARTS_OF_DAY) + r")?[ ]?"
    r"(?:(?P<h>[01]?\d|2[0-4])(?::(?P<min>[0-5]\d)(?::[0-5]\d)?|[时点](?:整|(?P<half>半)|(?P<mm>[0-5]?\d)分?)?)"
    r"|(?P<ch>二十[一二三四]?|十[一二三四五六七八九]?|[一二三四五六七八九])[时点](?P<chalf>半)?|(?P<noon>中午)(?=前|之前|止))"
)
_WORKDAY = re.compile(r"[\s(（]*(?:(?:周|星期)[一二三四五六日天]\))?,?(?:工作日)?下班(?:前|时|之前|以前)")
_JOIN = re.compile(
    r"(?:\((?:周|星期)[一二三四五六日天]\))?(?:上午|下午)?(?:\d{1,2}:\d{2}|\d{1,2}[时点])?(?:起|开始)?[,、]?(?:至|到|-+|—+|截至|截止至?|止于|直至)(?:于|当日)?"
)

VAGUE: tuple[tuple[str, str], ...] = (
    (r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?[上中下]旬", "12月中旬"),
    (r"每(?:年|季度?|月|周|日|天)[^,。;]{0,14}(?:前|日|号|底|内)", "每月10日前"),
    (r"(?:收到|接到|发布|公示|印发)[^,。;]{0,10}(?:起|后)?\d{1,2}(?:个工作)?(?:日|天|小时)内", "收到通知后5个工作日内"),
    (r"(?:[本下这]|下下)(?:周|星期|礼拜)[一二三四五六日天末]", "下周五前"),
    (r"(?:国庆|春节|元旦|五一|中秋|清明|端午)(?:节|假期|长假)?(?:之?前|后)", "国庆节前"),
    (r"(?:长期|常年)(?:有效|征集|征稿|受理|开放)", "长期征稿"),
)
"""Times no machine may turn into a day: a person is asked."""

_SHAPES = tuple(re.compile(pattern) for pattern, _ in SHAPES)
_TAILS = tuple(re.compile(pattern) for pattern, _ in TAILS)


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A date in the text. In a range it is the end; `first` tells that there was a beginning."""

    start: int
    """Places in the page's tidy text, the beginning of a range and the time of day included."""
    end: int
    year: int | None
    month: int
    """0 when only the day of the month is written."""
    day: int
    time: str | None = None
    """HH:MM, 24:00 for the end of the day."""
    ranged: bool = False
    workday_end: bool = False
    """下班前: before the office closes, whenever that is."""
    inferred: tuple[str, ...] = ()
    """What was not written but reckoned: year, day, lost."""

    def iso(self) -> str:
        """`2022-10-12T17:00`; `--10-12` without a year."""
        date = f"{self.year:04}-{self.month:02}-{self.day:02}" if self.year else f"--{self.month:02}-{self.day:02}"
        return f"{date}T{self.time}" if self.time else date


def days(text: str, start: int = 0, end: int | None = None) -> Iterator[Day]:
    """Every date in the text between two places, in order; years that are not written stay None.

    >>> [d.iso() for d in days("请于2022年10月12日(周三)下午5点前报送")]
    ['2022-10-12T17:00']
    >>> [d.iso() for d in days("2023年4月1日-4月14日，二〇二二年十月底")]
    ['2023-04-14', '2022-10-31']
    """
    stop = len(text) if end is None else end
    place = start
    ahead = [shape.search(text, start, stop) for shape in _SHAPES]  # the next match of each shape, looked for once
    while place < stop:
        for number, known in enumerate(ahead):
            if known is not None and known.start() < place:
                ahead[number] = _SHAPES[number].search(text, place, stop)
        found = [(match.start(), number, match) for number, match in enumerate(ahead) if match is not None]
        if not found:
            return
        first, _, match = min(found, key=lambda one: one[:2])
        parts = _read(match, None)
        place = match.end()
        if parts is None:
            continue
        year, month, day, inferred = parts
        ranged = False
        tail = _tail(text, place, stop, (year, month, day))
        if tail:
            place, (year, month, day, inferred) = tail
            ranged = True
        time, place_after = _time(text, place, stop)
        workday = _WORKDAY.match(text, place_after, stop)
        yield Day(
            start=first,
            end=place_after,
            year=year,
            month=month,
            day=day,
            time=time,
            ranged=ranged,
            workday_end=bool(workday),
            inferred=inferred,
        )
        place = max(place, place_after)


def vague(text: str) -> str | None:
    """Words that give a time but no day."""
    for pattern, _ in VAGUE:
        found = re.search(pattern, text)
        if found:
            return found[0]
    return None


_Parts = tuple[int | None, int, int, tuple[str, ...]]


def _tail(text: str, place: int, stop: int, begun: tuple[int | None, int, int]) -> tuple[int, _Parts] | None:
    join = _JOIN.match(text, place, stop)
    if not join or not join[0]:
        return None
    for shape in _TAILS:
        found = shape.match(text, join.end(), stop)
        if found:
            parts = _read(found, begun)
            if parts:
                return found.end(), parts
    return None


def _read(match: re.Match[str], begun: tuple[int | None, int, int] | None) -> _Parts | None:
    """Year, month, day and what was reckoned; None when there is no such day."""
    got = match.groupdict()
    if got.get("lost") or got.get("lostmonth"):
        return _lost(got.get("lost") or "", got.get("lostmonth") or "")
    if got.get("alone") or got.get("alone2"):
        return None, 0, int(got.get("alone") or got["alone2"] or 0), ("month",)
    inferred: list[str] = []
    year = int(got["y"]) if got.get("y") else _cn_year(got.get("cy"))
    month = small(got["m"]) if got.get("m") else (begun[1] if begun else 12 if got.get("yearend") else None)
    if month is None:
        return None
    if year is None and begun is not None:
        year = begun[0]
        if year is not None and month < begun[1]:
            year += 1
    if got.get("d"):
        day = small(got["d"])
    else:
        day = calendar.monthrange(year or 2000, month)[1]
        if month == 2 and year is None:
            day = 28
        inferred.append("day")
    if day is None or not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year or 2000, month)[1]:
        return None
    return year, month, day, tuple(inferred)


def _lost(text: str, rest: str) -> _Parts | None:
    """2016528 is the 28th of May, 615 the 15th of June; None when it could be several days."""
    year, rest = int(text[:4] or 2000), text[4:] or rest
    ways = [(int(rest[:n]), int(rest[n:])) for n in (1, 2) if rest[n:] and rest[n] != "0"]
    right = [(m, d) for m, d in ways if 1 <= m <= 12 and 1 <= d <= calendar.monthrange(year, m)[1]]
    if len(right) != 1:
        return None
    return year if text else None, *right[0], ("lost",)


def _time(text: str, place: int, stop: int) -> tuple[str | None, int]:
    found = _CLOCK.match(text, place, stop)
    if not found:
        return None, place
    if found["noon"]:
        return "12:00", found.end()
    hour = int(found["h"]) if found["h"] else small(found["ch"] or "")
    if hour is None:
        return None, place
    minute = int(found["min"] or found["mm"] or 0) if not (found["half"] or found["chalf"]) else 30
    more = PARTS_OF_DAY.get(found["part"] or "", 0)
    if more and hour < 12 and not (found["part"] == "中午" and hour >= 10):
        hour += more
    if hour > 24 or (hour == 24 and minute):
        return None, place
    return f"{hour:02}:{minute:02}", found.end()


def _cn_year(text: str | None) -> int | None:
    if not text:
        return None
    return int("".join(str(_CN.index(c)) if c in _CN else c if c.isdigit() else "0" for c in text))


def small(text: str) -> int | None:
    """A number up to 99, in figures or words; None when it is none.

    >>> small("十二"), small("廿三"), small("07"), small("两")
    (12, 23, 7, 2)
    """
    if text.isascii() and text.isdigit():
        return int(text)
    text = text.replace("两", "二").replace("廿", "二十")
    if not text or any(c not in _CN and c != "十" for c in text):
        return None
    tens, ten, ones = text.rpartition("十")
    if len(ones) > 1 or len(tens) > 1:
        return None
    if not ten:
        return _CN.index(ones)
    return (_CN.index(tens) if tens else 1) * 10 + (_CN.index(ones) if ones else 0)
