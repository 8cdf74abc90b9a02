"""Working days in China: public holidays and make-up workdays (调休), as the value that `rules.remind` reckons with.

The table comes from the chinesecalendar package, which knows the years that the State Council has announced.
A year it does not know is treated as Monday to Friday, and that is said aloud.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from functools import cache

from intake.config import Config
from rules.remind import Workdays

LONGEST = timedelta(days=60)
"""No office is closed for so long."""


def workdays(
    holidays: Iterable[date], workdays: Iterable[date], first: date, last: date
) -> tuple[Workdays, tuple[str, ...]]:
    """The calendar from `first` to `last` (both included), and what must be said about it (Chinese).

    `holidays` and `workdays` are the office's own days; they win over the built-in table.
    """
    off, on = _announced(first, last)
    extra_off, extra_on = frozenset(holidays), frozenset(workdays)
    calendar = Workdays(holidays=(off - extra_on) | extra_off, extra_workdays=(on - extra_off) | extra_on)
    return calendar, tuple(_warnings(first, last, extra_off | extra_on))


def within_hours(config: Config, moment: datetime, *, exempt: Iterable[datetime] = ()) -> datetime:
    """The first moment from `moment` on at which answers leave (`replies.hours`, on working days).

    On the day of a deadline (`exempt`) they leave at any hour.
    """
    hours, tz = config.replies.hours, config.tz
    local = moment.astimezone(tz)
    if hours is None or local.date() in {last_day(deadline, tz) for deadline in exempt}:
        return moment
    last = local.date() + LONGEST
    days, _ = workdays(config.schedule.holidays, config.schedule.workdays, local.date(), last)
    opens = datetime.combine(local.date(), hours[0], tz)
    if days.is_workday(local.date()) and local.time() < hours[1]:
        return max(moment, opens)
    ahead = (local.date() + timedelta(days=number) for number in range(1, LONGEST.days))
    return next((datetime.combine(day, hours[0], tz) for day in ahead if days.is_workday(day)), moment)


def last_day(deadline: datetime, tz: tzinfo) -> date:
    """The day that a deadline belongs to: midnight is the end of the day before."""
    return (deadline - timedelta(microseconds=1)).astimezone(tz).date()


@cache
def known_years() -> frozenset[int]:
    """The years whose holidays are known."""
    from chinese_calendar.constants import holidays

    return frozenset(day.year for day in holidays)


NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
}


def day_name(day: date) -> str:
    """What a day is in the built-in table, for people: 国庆节放假, 国庆节调休上班, 周末.

    >>> [day_name(date(2026, *day)) for day in ((2, 17), (2, 14), (3, 14), (3, 16))]
    ['春节放假', '春节调休上班', '周末', '工作日']
    """
    from chinese_calendar import get_holiday_detail

    off, name = get_holiday_detail(day) if day.year in known_years() else (day.weekday() >= 5, None)
    if not name:
        return "周末" if off else "工作日"
    return NAMES.get(name, "节日") + ("放假" if off else "调休上班")


def around(config: Config, day: date) -> Workdays:
    """The office's calendar some months around a day."""
    span = timedelta(days=120)
    return workdays(config.schedule.holidays, config.schedule.workdays, day - span, day + span)[0]


def _announced(first: date, last: date) -> tuple[frozenset[date], frozenset[date]]:
    from chinese_calendar import is_workday

    off, on = set(), set()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day.year not in known_years():
            continue
        if is_workday(day):
            if day.weekday() >= 5:
                on.add(day)
        elif day.weekday() < 5:
            off.add(day)
    return frozenset(off), frozenset(on)


def _warnings(first: date, last: date, own: frozenset[date]) -> Iterable[str]:
    for year in range(first.year, last.year + 1):
        if year not in known_years() and not any(day.year == year for day in own):
            yield (
                f"{year} 年的放假安排尚未内置，该年暂按周一至周五为工作日计算。"
                "请升级 chinesecalendar，或在配置的 schedule.holidays 和 schedule.workdays 中补充。"
            )
