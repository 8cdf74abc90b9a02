"""The phone list (电话催报名单): whom the coordinator may ring up on the last working day of a deadline."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from intake import letterwords as words
from intake.calendar import around
from intake.office import Campaign, Office
from intake.reports.lists import phones
from intake.reports.page import Section
from intake.view import Board, Todo, UnitRow
from rules.remind import Workdays
from rules.verdict import Verdict


def ringable(rows: Sequence[UnitRow], board: Board, calendar: Workdays) -> list[UnitRow]:
    """Those who owe something whose last working day is today, and is not over."""
    today = board.as_of.astimezone(board.tz).date()
    return [
        row
        for row in rows
        if any(
            board.as_of <= last and last_workday(last, board, calendar) == today for last in _dues(row.verdict, board)
        )
    ]


def _dues(verdict: Verdict, board: Board) -> set[datetime]:
    return {one.due or board.notice.deadline for one in verdict.owed}


def last_workday(deadline: datetime, board: Board, calendar: Workdays) -> date:
    """The last working day on which something can come in time; midnight belongs to the day that ends."""
    return calendar.before((deadline - timedelta(microseconds=1)).astimezone(board.tz).date(), 0)


def phones_facts(board: Board, rows: Sequence[UnitRow]) -> dict[str, object]:
    """What `phones.j2` may speak of."""
    last = min(due for row in rows for due in _dues(row.verdict, board) if due >= board.as_of)
    return {
        "title": words.title(board.notice),
        "subject": words.clean(board.notice.title),
        "owing": len(rows),
        "day": words.day(last, board.tz),
        "apart": last != board.notice.deadline,
        "today": words.days_left(last, board.as_of, board.tz) == 0,
    }


def phones_sections(rows: Sequence[UnitRow], waits: Mapping[str, str]) -> tuple[Section, ...]:
    """The list; `waits`, by code: something the unit sent waits at our side."""
    return (phones("尚缺材料单位", rows, waits),)


def phone_todo(
    office: Office, campaign: Campaign, standing: Sequence[Verdict], done: Collection[str], now: datetime
) -> Iterator[Todo]:
    """A line of 待办 for each unit that still owes on the last working day or later, until she has rung it up."""
    local = now.astimezone(office.tz)
    calendar = around(office.config, local.date())
    for verdict in standing:
        unit = campaign.units[verdict.unit]
        for last in sorted({one.due or campaign.notice.deadline for one in verdict.owed}):
            end = (last - timedelta(microseconds=1)).astimezone(office.tz).date()
            since = datetime.combine(calendar.before(end, 0), office.config.schedule.remind_at, office.tz)
            key = f"phone:{unit.code}:{end}"
            if now < since or key in done:
                continue
            owed = "、".join(one.name for one in verdict.owed if (one.due or campaign.notice.deadline) == last)
            when = "今天截止" if end == local.date() else f"{end.month}月{end.day}日{'已' if now > last else ''}截止"
            call = " ".join(part for part in (unit.contact, unit.phone) if part) or "名册中没有电话"
            text = f"{when}，尚缺：{owed}。请电话催报：{call}。办妥后请选“已处理”。"
            yield Todo(key=key, kind="phone", since=since, unit=unit.name, text=text)
