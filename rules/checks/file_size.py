"""`file-size`: megabytes of a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._say import about, in_order, number, quoted
from rules.facts import LinkFacts
from rules.finding import Finding

_SMALL_MB = 1_000_000
_LARGE_MB = 1 << 20
"""Programs show megabytes both ways; each bound is read in the unit's favour."""


class FileSizeSettings(Settings):
    """Megabytes, both bounds included."""

    min_mb: float | None = Field(default=None, gt=0)
    max_mb: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        in_order(self, "min_mb", "max_mb")
        return self


@check("file-size", FileSizeSettings, codes=("file-too-small", "file-too-large"))
def judge_file_size(settings: FileSizeSettings, case: Case) -> Iterable[Finding]:
    """The size of the file itself, not of its coded form in the mail. Links are not weighed."""
    for item in case.items:
        if isinstance(item.facts, LinkFacts):
            continue
        measured = _shown(item.size)
        if settings.min_mb is not None and item.size < settings.min_mb * _SMALL_MB:
            least = f"不小于{number(settings.min_mb)}MB"
            yield about(
                item,
                "file-too-small",
                "fail",
                f"{quoted(item)}大小为{measured}，要求{least}。",
                "请发送未经压缩的原文件。",
                expected=least,
                measured=measured,
            )
        elif settings.max_mb is not None and item.size > settings.max_mb * _LARGE_MB:
            most = f"不超过{number(settings.max_mb)}MB"
            yield about(
                item,
                "file-too-large",
                "fail",
                f"{quoted(item)}大小为{measured}，要求{most}。",
                "请压缩后重新发送。",
                expected=most,
                measured=measured,
            )


def _shown(size: int) -> str:
    return f"{size / _LARGE_MB:.1f}MB" if size >= _LARGE_MB / 10 else f"{max(1, round(size / 1024))}KB"
