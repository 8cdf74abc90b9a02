"""`duration`: how long a film lasts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._say import about, in_order, quoted
from rules.facts import VideoFacts
from rules.finding import Finding

_GRACE = 1.0
"""Seconds; players round, and a film of 3 minutes often lasts a few frames more."""


class DurationSettings(Settings):
    """Seconds, both bounds included."""

    min_seconds: float | None = Field(default=None, gt=0)
    max_seconds: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        in_order(self, "min_seconds", "max_seconds")
        return self


@check("duration", DurationSettings, codes=("duration",))
def judge_duration(settings: DurationSettings, case: Case) -> Iterable[Finding]:
    """Films only; where the header does not tell, a person looks."""
    least, most = settings.min_seconds, settings.max_seconds
    for item in case.items:
        if not isinstance(item.facts, VideoFacts) or (least is None and most is None):
            continue
        expected, seconds = _wanted(least, most), item.facts.seconds
        if seconds is None:
            says = f"{quoted(item)}的时长未能读出，由经办人核对。"
            yield about(item, "duration", "unsure", says, expected=expected, measured="时长不明")
        elif (least is not None and seconds < least - _GRACE) or (most is not None and seconds > most + _GRACE):
            long = most is not None and seconds > most
            says = f"{quoted(item)}时长{clock(seconds)}，要求{expected}。"
            fix = "请剪辑后重新发送。" if long else "请补充内容后重新发送。"
            yield about(item, "duration", "fail", says, fix, expected=expected, measured=clock(seconds))


def clock(seconds: float) -> str:
    """A length of time in words.

    >>> clock(45), clock(180), clock(200.4)
    ('45秒', '3分钟', '3分20秒')
    """
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest}秒"
    return f"{minutes}分{rest}秒" if rest else f"{minutes}分钟"


def _wanted(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f"{clock(least)}至{clock(most)}"
    return f"不超过{clock(most)}" if most is not None else f"不少于{clock(least or 0)}"
