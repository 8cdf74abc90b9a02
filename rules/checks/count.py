"""How many files did the unit send for this requirement?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._bounds import ordered
from rules.facts import TextFacts
from rules.finding import Finding

_SEVERAL_IN_ONE = frozenset({"case", "article"})
"""Kinds of which one document may hold several."""
_MEASURE = {"photo": "张", "case": "个", "article": "篇", "summary": "份", "stat_table": "份"}


class CountSettings(Settings):
    """Least and most files; None is no limit."""

    min: int | None = Field(default=None, ge=0)
    max: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        ordered(self, "min", "max")
        return self


@check("count", CountSettings, codes=("too-few", "too-many"), per_item=False)
def count(settings: CountSettings, case: Case) -> Iterator[Finding]:
    """fail below `min` or above `max`; unsure where a document may hold several. Nothing about nothing."""
    if case.requirement.category == "photo" and any(isinstance(item.facts, TextFacts) for item in case.items):
        return  # pictures in a document are told of as such; how many files will come nobody knows
    number, name = len(case.items), case.requirement.name
    word = _MEASURE.get(case.requirement.category, "个")
    expected = _expected(settings, word)
    if settings.min is not None and 0 < number < settings.min:
        unclear = _may_hold_more(case)
        says = f"“{name}”要求{expected}，收到 {number} 个文件，是否合写由经办人核对。"
        yield Finding(
            code="too-few",
            outcome="unsure" if unclear else "fail",
            says=says if unclear else f"“{name}”收到 {number} {word}，要求{expected}。",
            fix="" if unclear else f"请再补报 {settings.min - number} {word}。",
            expected=expected,
            measured=f"{number} {word}",
        )
    if settings.max is not None and number > settings.max:
        yield Finding(
            code="too-many",
            outcome="fail",
            says=f"“{name}”收到 {number} {word}，要求{expected}。",
            fix=f"请精选不超过 {settings.max} {word}，回复说明选用哪几{word}，或只发选定的。",
            expected=expected,
            measured=f"{number} {word}",
        )


def _may_hold_more(case: Case) -> bool:
    return case.requirement.category in _SEVERAL_IN_ONE and any(isinstance(i.facts, TextFacts) for i in case.items)


def _expected(settings: CountSettings, word: str) -> str:
    low, high = settings.min, settings.max
    if low is not None and high is not None:
        return f" {low} {word}" if low == high else f" {low} 至 {high} {word}"
    return f"至少 {low} {word}" if low is not None else f"至多 {high} {word}"
