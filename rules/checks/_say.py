"""Words that several checks share: how a file, a size and a list are written in a letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic_core import PydanticCustomError

from rules.finding import Finding, Outcome
from rules.item import Item

MEASURE_WORDS = {"photo": "张", "video": "段", "case": "篇", "article": "篇"}
"""How pieces of a category are counted; 份 for all others."""


def about(
    item: Item, code: str, outcome: Outcome, says: str, fix: str = "", *, expected: str, measured: str
) -> Finding:
    """A finding about one piece, with the places filled in that always come from the piece."""
    return Finding(
        code=code,
        outcome=outcome,
        says=says,
        fix=fix,
        file=item.path or item.name,
        expected=expected,
        measured=measured,
        about=item.key,
    )


def quoted(item: Item) -> str:
    """The file as a letter names it."""
    return f"“{item.name}”" if item.name else "所附文件"


def measure_word(category: str) -> str:
    """张 for photos, 篇 for cases …"""
    return MEASURE_WORDS.get(category, "份")


def pixels(width: int, height: int) -> str:
    """Width × height as notices write it."""
    return f"{width}×{height}像素"


def number(value: float) -> str:
    """A figure without superfluous zeros.

    >>> number(2.0), number(0.35), number(1500)
    ('2', '0.35', '1500')
    """
    return str(int(value)) if float(value).is_integer() else f"{value:.2f}".rstrip("0").rstrip(".")


def between(least: float | None, most: float | None, unit: str) -> str:
    """A range in words.

    >>> between(1, 2, "张"), between(3, 3, "篇"), between(None, 80, "字"), between(20, None, "字")
    ('1至2张', '3篇', '不超过80字', '不少于20字')
    """
    if least is not None and most is not None:
        return f"{number(least)}{unit}" if least == most else f"{number(least)}至{number(most)}{unit}"
    if most is not None:
        return f"不超过{number(most)}{unit}"
    return f"不少于{number(least)}{unit}" if least is not None else ""


def listed(words: Iterable[str], most: int = 4) -> str:
    """The first few of a list, and how many there are in all when some are left out.

    >>> listed(["甲", "乙"]), listed(["甲", "乙", "丙"], most=2)
    ('甲、乙', '甲、乙等3处')
    """
    found: Sequence[str] = tuple(words)
    shown = "、".join(found[:most])
    return shown if len(found) <= most else f"{shown}等{len(found)}处"


def refused(expected: str) -> PydanticCustomError:
    """The error of settings that contradict each other; `expected` says in Chinese how they should be."""
    return PydanticCustomError("settings", "{expected}", {"expected": expected})


def in_order(settings: object, least: str, most: str) -> None:
    """Refuse settings whose lower bound is above the upper one."""
    low, high = getattr(settings, least), getattr(settings, most)
    if low is not None and high is not None and low > high:
        raise refused(f"{least} 不大于 {most}")
