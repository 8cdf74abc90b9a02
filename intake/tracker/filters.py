"""Filters that she set: values, days, and conditions (contains, greater than); ECMA-376 part 1, 18.3.2.

Rows that a filter leaves out must be hidden by whoever writes the file: programs do not filter again when they open it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from openpyxl.worksheet.filters import CustomFilter, CustomFilters, DateGroupItem, FilterColumn, Filters

_PARTS: Final = ("year", "month", "day", "hour", "minute", "second")


class Allowed(NamedTuple):
    """What stays in sight of one column."""

    values: tuple[str, ...] = ()
    blank: bool = False
    days: tuple[tuple[int, ...], ...] = ()
    """Year, month, day … as far as they are given: (2022, 10) is all of October."""
    conditions: tuple[tuple[str, str], ...] = ()
    """Operator and what is compared with; * and ? stand for any signs."""
    both: bool = False
    """All conditions must hold; else one is enough."""


def day_group(attributes: Mapping[str, str]) -> tuple[int, ...]:
    """A `dateGroupItem` as the parts of time that it gives."""
    grouping = attributes.get("dateTimeGrouping", "day")
    return tuple(int(attributes[part]) for part in _PARTS[: _PARTS.index(grouping) + 1] if part in attributes)


def column(index: int, allowed: Allowed) -> FilterColumn:
    """The filter for the file; `index` counts from 0 within the filtered range."""
    if allowed.conditions:
        conditions = [CustomFilter(operator=operator, val=value) for operator, value in allowed.conditions]
        return FilterColumn(colId=index, customFilters=CustomFilters(_and=allowed.both, customFilter=conditions))
    days = [
        DateGroupItem(**dict(zip(_PARTS, parts, strict=False)), dateTimeGrouping=_PARTS[len(parts) - 1])
        for parts in allowed.days
    ]
    return FilterColumn(
        colId=index, filters=Filters(blank=allowed.blank, filter=list(allowed.values), dateGroupItem=days)
    )


def passes(value: Any, allowed: Allowed) -> bool:
    """True when a cell with this value stays in sight."""
    if allowed.conditions:
        met = [_meets(value, operator, wanted) for operator, wanted in allowed.conditions]
        return all(met) if allowed.both else any(met)
    if value is None:
        return allowed.blank
    if isinstance(value, date) and allowed.days:
        parts = value.timetuple()[:6] if isinstance(value, datetime) else (value.year, value.month, value.day)
        return any(parts[: len(group)] == group for group in allowed.days)
    return _text(value) in allowed.values


def _meets(value: Any, operator: str, wanted: str) -> bool:
    if not wanted.strip():  # "not empty" is written as "differs from a space"
        return (value is None) == (operator == "equal")
    if operator in ("equal", "notEqual"):
        return _like(_text(value), wanted) == (operator == "equal")
    if value is None:
        return False
    try:
        one, other = float(_text(value)), float(wanted)
    except ValueError:
        return _compare((_text(value) > wanted) - (_text(value) < wanted), operator)
    return _compare((one > other) - (one < other), operator)


def _compare(sign: int, operator: str) -> bool:
    return {
        "greaterThan": sign > 0,
        "greaterThanOrEqual": sign >= 0,
        "lessThan": sign < 0,
        "lessThanOrEqual": sign <= 0,
    }.get(operator, True)


def _like(text: str, pattern: str) -> bool:
    parts: Sequence[str] = re.split(r"([*?])", pattern)
    rule = "".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in parts)
    return re.fullmatch(rule, text, re.DOTALL | re.IGNORECASE) is not None


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value)
