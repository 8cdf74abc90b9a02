"""Is the film as long as the notice asks?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._bounds import ordered
from rules.facts import VideoFacts
from rules.finding import Finding


class DurationSettings(Settings):
    """Limits in seconds; None is no limit. A second of tolerance is granted."""

    min_seconds: float | None = Field(default=None, gt=0)
    max_seconds: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        ordered(self, "min_seconds", "max_seconds")
        return self


@check("duration", DurationSettings, codes=("duration",))
def duration(settings: DurationSettings, case: Case) -> Iterator[Finding]:
    """fail beyond a limit; unsure when the film does not tell its length."""
    for item in case.items:
        if not isinstance(item.facts, VideoFacts):
            continue
        seconds, expected = item.facts.seconds, _expected(settings)
        if seconds is None:
            yield Finding(
                code="duration",
                outcome="unsure",
                says=f"视频“{item.name}”没有标明时长，已留待人工查看。",
                file=item.path,
                expected=expected,
                measured="未标明",
                about=item.key,
            )
            continue
        short = settings.min_seconds is not None and seconds < settings.min_seconds - 1
        long = settings.max_seconds is not None and seconds > settings.max_seconds + 1
        if short or long:
            yield Finding(
                code="duration",
                outcome="fail",
                says=f"视频“{item.name}”时长 {words_of_seconds(seconds)}，要求{expected}。",
                fix=f"请{'补充' if short else '剪辑'}到{expected}后重新报送。",
                file=item.path,
                expected=expected,
                measured=words_of_seconds(seconds),
                about=item.key,
            )


def words_of_seconds(seconds: float) -> str:
    """A duration for people.

    >>> words_of_seconds(59.6), words_of_seconds(200)
    ('1 分钟', '3 分 20 秒')
    """
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} 秒"
    return f"{minutes} 分 {rest} 秒" if rest else f"{minutes} 分钟"


def _expected(settings: DurationSettings) -> str:
    parts = []
    if settings.min_seconds is not None:
        parts.append(f"不少于 {words_of_seconds(settings.min_seconds)}")
    if settings.max_seconds is not None:
        parts.append(f"不超过 {words_of_seconds(settings.max_seconds)}")
    return "，".join(parts) or "时长不限"
