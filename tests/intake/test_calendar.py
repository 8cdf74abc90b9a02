"""Working days: the official calendar, the office's own days, and years that nobody has announced yet."""

from __future__ import annotations

from datetime import date, timedelta

from intake.calendar import known_years, workdays

FIRST, LAST = date(2022, 9, 1), date(2022, 10, 31)


def test_the_national_day_of_2022_with_its_make_up_days() -> None:
    days, warnings = workdays((), (), FIRST, LAST)
    october = {day for day in range(1, 13) if days.is_workday(date(2022, 10, day))}
    # 1 to 7 October off; Saturday 8 and Sunday 9 worked
    assert october == {8, 9, 10, 11, 12}
    assert days.before(date(2022, 10, 12), 7) == date(2022, 9, 28)
    assert warnings == ()


def test_own_days_win_over_the_table() -> None:
    days, _ = workdays([date(2022, 10, 8), date(2022, 10, 11)], [date(2022, 10, 7)], FIRST, LAST)
    assert not days.is_workday(date(2022, 10, 8))
    assert not days.is_workday(date(2022, 10, 11))
    assert days.is_workday(date(2022, 10, 7))


def test_an_unknown_year_is_monday_to_friday_and_said_aloud() -> None:
    year = max(known_years()) + 1
    first, last = date(year, 1, 1), date(year, 1, 31)
    days, (warning,) = workdays((), (), first, last)
    assert str(year) in warning and "schedule.holidays" in warning
    for number in range(31):
        day = first + timedelta(days=number)
        assert days.is_workday(day) == (day.weekday() < 5)
    _, silent = workdays([date(year, 2, 15)], (), first, last)
    assert silent == ()


def test_a_span_over_new_year_warns_of_the_unknown_year_only() -> None:
    year = max(known_years())
    days, warnings = workdays((), (), date(year, 12, 1), date(year + 1, 1, 31))
    assert len(warnings) == 1 and str(year + 1) in warnings[0]
    assert days.is_workday(date(year, 12, 1)) == (date(year, 12, 1).weekday() < 5)
