"""Is the file large enough and not too large? 1 MB = 1024 × 1024 bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._bounds import ordered
from rules.facts import LinkFacts
from rules.finding import Finding

MEGABYTE = 1024 * 1024


class FileSizeSettings(Settings):
    """Limits in MB per file; None is no limit."""

    min_mb: float | None = Field(default=None, gt=0)
    max_mb: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        ordered(self, "min_mb", "max_mb")
        return self


@check("file-size", FileSizeSettings, codes=("file-too-small", "file-too-large"))
def file_size(settings: FileSizeSettings, case: Case) -> Iterator[Finding]:
    """fail below `min_mb` or above `max_mb`."""
    for item in case.items:
        if isinstance(item.facts, LinkFacts):
            continue
        measured = words_of_size(item.size)
        if settings.min_mb is not None and item.size < settings.min_mb * MEGABYTE:
            wanted = f"{settings.min_mb:g} MB"
            yield Finding(
                code="file-too-small",
                outcome="fail",
                says=f"文件“{item.name}”为 {measured}，小于要求的 {wanted}。",
                fix=f"请换用未压缩的原文件，不小于 {wanted}。",
                file=item.path,
                expected=f"不小于 {wanted}",
                measured=measured,
                about=item.key,
            )
        if settings.max_mb is not None and item.size > settings.max_mb * MEGABYTE:
            wanted = f"{settings.max_mb:g} MB"
            yield Finding(
                code="file-too-large",
                outcome="fail",
                says=f"文件“{item.name}”为 {measured}，超过要求的 {wanted}。",
                fix=f"请压缩到 {wanted} 以内后重新发送。",
                file=item.path,
                expected=f"不超过 {wanted}",
                measured=measured,
                about=item.key,
            )


def words_of_size(size: int) -> str:
    """A size for people.

    >>> words_of_size(2048), words_of_size(3 * 1024 * 1024)
    ('2 KB', '3.0 MB')
    """
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{max(1, round(size / 1024))} KB"
