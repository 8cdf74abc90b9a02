"""Whom to remind, when: working days, make-up workdays, each rung once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.notice import Notice, Requirement
from rules.remind import Rung, Workdays, due, rungs
from rules.verdict import RequirementState, Standing, Verdict

TZ = ZoneInfo("Asia/Shanghai")
NINE = time(9, 0)
# a week off from 1 to 7 October, made up for on the weekend after
CALENDAR = Workdays(
    holidays=frozenset(date(2022, 10, day) for day in range(1, 8)),
    extra_workdays=frozenset({date(2022, 10, 8), date(2022, 10, 9)}),
)
DEADLINE = datetime(2022, 10, 12, 23, 59, 59, tzinfo=TZ)
LADDER = ("7d", "3d", "1d", "0d")


def notice(deadline: datetime = DEADLINE) -> Notice:
    requirement = Requirement(id="summary", name="总结", category="summary")
    return Notice(id="n", title="通知", deadline=deadline, requirement=(requirement,))


def verdict(unit: str, state: RequirementState = "missing", *, required: bool = True) -> Verdict:
    standing = Standing(id="summary", name="总结", category="summary", required=required, state=state)
    return Verdict(notice="n", unit=unit, standings=(standing,))


def days(found: tuple[Rung, ...]) -> dict[str, str]:
    return {rung.name: f"{rung.fires_at:%m-%d %H:%M}" for rung in found}


def test_make_up_workdays_count() -> None:
    """Back from Wednesday 12: 11, 10, 9, 8 (both made up), then 30, 29, 28 September."""
    found = rungs(DEADLINE, LADDER, CALENDAR, NINE, TZ)
    assert days(found) == {"7d": "09-28 09:00", "3d": "10-09 09:00", "1d": "10-11 09:00", "0d": "10-12 09:00"}


def test_deadline_on_a_day_off() -> None:
    """The last working day before a Sunday is both the last day (0d) and one day before (1d): one letter."""
    sunday = datetime(2022, 9, 25, 23, 59, 59, tzinfo=TZ)
    assert days(rungs(sunday, ("1d", "0d"), CALENDAR, NINE, TZ)) == {"0d": "09-23 09:00"}


@pytest.mark.parametrize("hour", [0, 8])
def test_nothing_after_an_early_deadline(hour: int) -> None:
    early = datetime(2022, 10, 12, hour, 0, tzinfo=TZ)
    assert all(rung.fires_at <= early for rung in rungs(early, LADDER, CALENDAR, NINE, TZ))
    assert "0d" in days(rungs(early, ("0d",), CALENDAR, NINE, TZ)) or hour == 8


def test_overdue_rungs_count_from_the_deadline_day() -> None:
    """After Friday 30 September comes the week off: the first working day is Saturday 8, made up."""
    friday = datetime(2022, 9, 30, 23, 59, 59, tzinfo=TZ)
    found = rungs(friday, ("0d", "+1d", "+3d"), CALENDAR, NINE, TZ)
    assert days(found) == {"0d": "09-30 09:00", "+1d": "10-08 09:00", "+3d": "10-10 09:00"}
    assert [rung.overdue for rung in found] == [False, True, True]
    assert found[1].until == datetime.combine(date(2022, 10, 13), time.max, TZ)


@pytest.mark.parametrize(
    ("now", "rung"),
    [
        (datetime(2022, 10, 12, 23, 0, tzinfo=TZ), "0d"),
        (datetime(2022, 10, 13, 8, 0, tzinfo=TZ), None),  # before the hour
        (datetime(2022, 10, 13, 9, 0, tzinfo=TZ), "+1d"),
        (datetime(2022, 10, 15, 9, 0, tzinfo=TZ), None),  # a Saturday
        (datetime(2022, 10, 17, 9, 0, tzinfo=TZ), "+3d"),
        (datetime(2022, 10, 24, 9, 0, tzinfo=TZ), "+3d"),  # missed, still made up for
        (datetime(2022, 10, 25, 9, 0, tzinfo=TZ), None),  # too long ago
    ],
)
def test_overdue_rungs_follow_the_deadline_and_lapse(now: datetime, rung: str | None) -> None:
    ladder = {DEADLINE: rungs(DEADLINE, ("0d", "+1d", "+3d"), CALENDAR, NINE, TZ)}
    found = due(notice(), [verdict("A"), verdict("B", "ok")], set(), now, ladder, CALENDAR, TZ)
    assert [(one.unit, one.rung.name) for one in found] == ([("A", rung)] if rung else [])


@pytest.mark.parametrize("name", ["+0d", "7 days", "-1d", "+d", "d"])
def test_other_names_are_no_rungs(name: str) -> None:
    with pytest.raises(ValueError, match="like 7d"):
        rungs(DEADLINE, (name,), CALENDAR, NINE, TZ)


def test_midnight_belongs_to_the_day_that_ends() -> None:
    midnight = datetime(2022, 10, 13, 0, 0, tzinfo=TZ)
    assert days(rungs(midnight, ("0d",), CALENDAR, NINE, TZ)) == {"0d": "10-12 09:00"}


def test_a_calendar_without_working_days_is_told() -> None:
    idle = Workdays(holidays=frozenset(date(2022, 1, 1) + timedelta(days=n) for n in range(365)))
    with pytest.raises(ValueError, match="no working day"):
        rungs(DEADLINE, LADDER, idle, NINE, TZ)


def ask(now: datetime, *verdicts: Verdict, sent: set[tuple[str, str]] | None = None) -> list[tuple[str, str]]:
    ladder = rungs(DEADLINE, LADDER, CALENDAR, NINE, TZ)
    keyed = {(unit, f"{rung}@2022-10-12") for unit, rung in sent or ()}
    return [(r.unit, r.rung.name) for r in due(notice(), verdicts, keyed, now, {DEADLINE: ladder}, CALENDAR, TZ)]


def test_only_those_who_owe() -> None:
    now = datetime(2022, 10, 11, 9, 30, tzinfo=TZ)
    units = [
        verdict("A"),
        verdict("B", "ok"),
        verdict("C", "problem"),
        verdict("D", "unsure"),
        verdict("E", "waived"),
        verdict("F", required=False),
    ]
    assert ask(now, *units) == [("A", "1d"), ("C", "1d")]
    ladder = rungs(DEADLINE, LADDER, CALENDAR, NINE, TZ)
    reminders = due(notice(), units, set(), now, {DEADLINE: ladder}, CALENDAR, TZ)
    assert reminders[0].owed == ("summary",)


@pytest.mark.parametrize(
    ("now", "rung"),
    [
        (datetime(2022, 9, 28, 8, 59, tzinfo=TZ), None),
        (datetime(2022, 9, 28, 9, 0, tzinfo=TZ), "7d"),
        (datetime(2022, 9, 30, 9, 0, tzinfo=TZ), "7d"),
        (datetime(2022, 10, 3, 10, 0, tzinfo=TZ), None),  # a holiday
        (datetime(2022, 10, 8, 10, 0, tzinfo=TZ), "7d"),  # a Saturday made up for
        (datetime(2022, 10, 9, 8, 0, tzinfo=TZ), None),  # before office hours
        (datetime(2022, 10, 11, 9, 0, tzinfo=TZ), "1d"),
        (datetime(2022, 10, 12, 20, 0, tzinfo=TZ), "0d"),
        (datetime(2022, 10, 13, 9, 0, tzinfo=TZ), None),
    ],
)
def test_only_the_latest_rung_on_working_days_before_the_deadline(now: datetime, rung: str | None) -> None:
    assert ask(now, verdict("A")) == ([("A", rung)] if rung else [])


def test_other_notices_and_units_named_twice() -> None:
    now = datetime(2022, 10, 11, 9, 0, tzinfo=TZ)
    foreign = Verdict(notice="other", unit="A", standings=verdict("A").standings)
    assert ask(now, foreign) == []
    assert ask(now, verdict("A"), verdict("A")) == [("A", "1d")]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 30 * 24 * 60), min_size=1, max_size=40))
def test_each_rung_at_most_once_and_in_order(minutes: list[int]) -> None:
    """Law: whenever the program happens to run, a unit gets each rung at most once, never an earlier one later."""
    sent: list[tuple[str, str]] = []
    for minute in sorted(minutes):
        now = datetime(2022, 9, 20, tzinfo=TZ) + timedelta(minutes=minute)
        found = ask(now, verdict("A"), sent=set(sent))
        assert len(found) <= 1
        assert not found or (CALENDAR.is_workday(now.date()) and now <= DEADLINE)
        sent += found
    assert [LADDER.index(rung) for _, rung in sent] == sorted({LADDER.index(rung) for _, rung in sent})


@settings(max_examples=60)
@given(st.dates(date(2022, 8, 1), date(2022, 12, 1)), st.lists(st.integers(0, 12), max_size=5))
def test_rungs_are_distinct_working_days_before_the_deadline(day: date, counts: list[int]) -> None:
    """Law: rungs fire on different working days, none after the deadline, farther ones earlier."""
    deadline = datetime.combine(day, time(23, 59, 59), TZ)
    found = rungs(deadline, [f"{n}d" for n in counts], CALENDAR, NINE, TZ)
    fired = [rung.fires_at.date() for rung in found]
    assert fired == sorted(set(fired))
    assert all(CALENDAR.is_workday(on) and on <= day for on in fired)
    names = [int(rung.name[:-1]) for rung in found]
    assert names == sorted(names, reverse=True)


LATER = datetime(2022, 10, 14, 17, 0, tzinfo=TZ)


def both(summary: RequirementState = "missing", film: RequirementState = "missing") -> Verdict:
    """A summary by the notice's deadline, a film two days later."""
    asked = (("summary", summary, DEADLINE), ("film", film, LATER))
    return Verdict(
        notice="n",
        unit="A",
        standings=tuple(
            Standing(id=id, name=id, category="other", required=True, state=state, due=last)
            for id, state, last in asked
        ),
    )


def two(now: datetime, verdict: Verdict, names: tuple[str, ...] = LADDER) -> list[tuple[str, str, tuple[str, ...]]]:
    ladders = {last: rungs(last, names, CALENDAR, NINE, TZ) for last in (DEADLINE, LATER)}
    return [(r.unit, r.rung.key, r.owed) for r in due(notice(), [verdict], set(), now, ladders, CALENDAR, TZ)]


def at(day: int) -> datetime:
    return datetime(2022, 10, day, 9, 30, tzinfo=TZ)


def test_a_requirement_goes_by_the_ladder_of_its_own_deadline() -> None:
    assert two(at(10), both(), ("3d", "1d")) == [("A", "3d@2022-10-12", ("summary",))], "the film's has not begun"
    assert two(at(13), both(), ("3d", "1d")) == [("A", "1d@2022-10-14", ("film",))], "the summary's has ended"
    assert two(at(13), both(film="ok"), ("3d", "1d")) == []
    assert two(datetime(2022, 10, 14, 17, 1, tzinfo=TZ), both()) == []


def test_rungs_that_coincide_are_one_letter_of_the_nearer_deadline() -> None:
    assert two(at(11), both(), ("3d", "1d")) == [("A", "1d@2022-10-12", ("summary", "film"))]
    assert two(at(11), both(summary="ok"), ("3d", "1d")) == [("A", "3d@2022-10-14", ("film",))]


def test_a_deadline_that_is_moved_begins_a_ladder_of_its_own() -> None:
    moved = DEADLINE + timedelta(days=7)
    (before,) = rungs(DEADLINE, ("0d",), CALENDAR, NINE, TZ)
    (after,) = rungs(moved, ("0d",), CALENDAR, NINE, TZ)
    assert (before.key, after.key) == ("0d@2022-10-12", "0d@2022-10-19")
    waiting = Verdict(notice="n", unit="A", standings=verdict("A").standings)
    later = notice(moved)
    found = due(later, [waiting], {("A", before.key)}, moved, {moved: (after,)}, CALENDAR, TZ)
    assert [one.rung.key for one in found] == ["0d@2022-10-19"]
