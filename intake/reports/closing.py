"""The closing report (报送情况通报) of one notice, in the form in which offices give it to their superiors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from intake import letterwords as words
from intake.reports.figures import Figures, by_class, excused, figures, figures_json, owing, silent
from intake.reports.lists import MOST, owed_words, phones
from intake.reports.page import Section
from intake.view import Board, UnitRow

_HEAD = ("类别", "应报", "已报", "报齐", "按时", "逾期", "未报", "免报", "报送率", "按时率")


def closing_facts(board: Board) -> dict[str, object]:
    """What `closing.j2` may speak of."""
    return {
        "title": words.title(board.notice),
        "subject": words.clean(board.notice.title),
        "until": words.until(board.notice.deadline, board.as_of, board.tz),
        "day": words.day(board.notice.deadline, board.tz),
        "as_of": words.minute(board.as_of, board.tz),
        "over": board.as_of > board.notice.deadline,
        "figures": figures(board.units),
        "partial": len(_partial(board)),
    }


def closing_sections(board: Board, most: int = MOST) -> tuple[Section, ...]:
    """The tables: by class, the silent ones with their phones, those in part, the late and excused ones.

    `most`: units that a list of phones has at most.
    """
    classes = by_class(board)
    return tuple(section for section in _sections(board, classes, most) if section.rows or section.lines)


def _sections(board: Board, classes: dict[str, Figures], most: int) -> Iterator[Section]:
    if classes:
        rows = [*classes.items(), ("合计", figures(board.units))]
        yield Section(title="分类情况", head=_HEAD, rows=tuple(_row(name, one) for name, one in rows))
    more_time = _more_time(board)
    yield phones("未报单位名单", silent(board), more_time, most=most)
    yield phones("未报齐单位名单", _partial(board), more_time, most=most)
    yield _names("逾期报送单位", [row for row in board.units if row.verdict.late])
    yield _names("免报单位", [row for row in board.units if excused(row)])


def _row(name: str, one: Figures) -> tuple[str, ...]:
    counts = (one.asked, one.reported, one.complete, one.in_time, one.late, one.missing, one.excused)
    return (words.clean(name), *map(str, counts), one.rate, one.rate_in_time)


def _names(title: str, rows: Sequence[UnitRow]) -> Section:
    listed = "、".join(words.clean(row.unit.name) for row in rows)
    return Section(title=f"{title}（{len(rows)} 家）", lines=(listed,) if rows else ())


def _open_until(row: UnitRow, board: Board) -> datetime | None:
    """When the time of a unit that was given more of it ends, for what it still owes; None when it is over."""
    open_ = [one.due for one in row.verdict.owed if one.due is not None and one.due > board.as_of]
    return max(open_, default=None) if board.as_of > board.notice.deadline else None


def _more_time(board: Board) -> dict[str, str]:
    """By code, what is said of a unit whose own time is not over: it is named, and not blamed."""
    ends = {row.unit.code: _open_until(row, board) for row in board.units}
    return {code: f"时限延至{words.day(end, board.tz)}" for code, end in ends.items() if end is not None}


def _partial(board: Board) -> list[UnitRow]:
    return [row for row in owing(board) if row.verdict.state == "incomplete"]


def closing_json(board: Board) -> dict[str, Any]:
    """`report closing --json`, for one notice."""
    return {
        "id": board.notice.id,
        "title": board.notice.title,
        "number": board.notice.number,
        "deadline": board.notice.deadline.astimezone(board.tz).isoformat(timespec="seconds"),
        "over": board.as_of > board.notice.deadline,
        "figures": figures_json(figures(board.units)),
        "classes": {name: figures_json(one) for name, one in by_class(board).items()},
        "missing": [_contact(row, board) for row in silent(board)],
        "incomplete": [_contact(row, board) for row in _partial(board)],
        "late": [row.unit.code for row in board.units if row.verdict.late],
        "excused": [row.unit.code for row in board.units if excused(row)],
    }


def _contact(row: UnitRow, board: Board) -> dict[str, Any]:
    unit, until = row.unit, _open_until(row, board)
    return {
        "code": unit.code,
        "unit": unit.name,
        "class": unit.category,
        "contact": unit.contact,
        "phone": unit.phone,
        "owed": [one.id for one in row.verdict.owed],
        "owed_words": owed_words(row),
        "open_until": until.astimezone(board.tz).isoformat(timespec="seconds") if until is not None else None,
    }
