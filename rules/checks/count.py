"""How many files did the unit send for this requirement?"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from rules.case import Case
from rules.checks import Settings, check
from rules.finding import Finding

_MEASURE = {"photo": "张", "case": "个", "article": "篇", "summary": "份", "stat_table": "份"}


class CountSettings(Settings):
    """Least and most files; None is no limit."""

    min: int | None = Field(default=None, ge=0)
    max: int | None = Field(default=None, ge=1)


@check("count", CountSettings, codes=("too-few", "too-many"), per_item=False)
def count(settings: CountSettings, case: Case) -> Iterator[Finding]:
    """fail below `min` or above `max`. That nothing came at all is said elsewhere."""
    number, name = len(case.items), case.requirement.name
    word = _MEASURE.get(case.requirement.category, "个")
    expected = _expected(settings, word)
    if settings.min is not None and 0 < number < settings.min:
        yield Finding(
            code="too-few",
            outcome="fail",
            says=f"“{name}”收到 {number} {word}，要求{expected}。",
            fix=f"请再补报 {settings.min - number} {word}。",
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


def _expected(settings: CountSettings, word: str) -> str:
    low, high = settings.min, settings.max
    if low is not None and high is not None:
        return f" {low} {word}" if low == high else f" {low} 至 {high} {word}"
    return f"至少 {low} {word}" if low is not None else f"至多 {high} {word}"
