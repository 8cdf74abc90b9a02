"""Is the text as long as the notice asks? Counted as an office's word processor counts (`rules.words.count`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._bounds import ordered
from rules.facts import TextFacts
from rules.finding import Finding
from rules.item import Item
from rules.words import Latin, count


class TextLengthSettings(Settings):
    """Hard limits `min` and `max`; `about` only gives a note when the text is less than half or more than double."""

    min: int | None = Field(default=None, ge=1)
    max: int | None = Field(default=None, ge=1)
    about: int | None = Field(default=None, ge=1)
    latin: Latin = "word"

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        ordered(self, "min", "max")
        ordered(self, "min", "about")
        ordered(self, "about", "max")
        return self


@check("text-length", TextLengthSettings, codes=("text-too-short", "text-too-long"))
def text_length(settings: TextLengthSettings, case: Case) -> Iterator[Finding]:
    """fail beyond a hard limit; unsure for a scan or a text read in part, whose words cannot be counted."""
    for item in case.items:
        if not isinstance(item.facts, TextFacts):
            continue
        number = _length(item.facts, settings.latin)
        if item.facts.scanned:
            yield Finding(
                code="text-too-short",
                outcome="unsure",
                says=f"“{item.name}”是扫描件，系统不能数字数，已留待人工查看。",
                file=item.path,
                expected=_expected(settings),
                measured="扫描件",
                about=item.key,
            )
        elif item.facts.truncated and not (settings.max is not None and number > settings.max):
            yield _cut(item, number, settings)
        elif settings.min is not None and number < settings.min:
            yield _finding("text-too-short", item, number, settings, hard=True)
        elif settings.max is not None and number > settings.max:
            yield _finding("text-too-long", item, number, settings, hard=True)
        elif settings.about is not None and number * 2 < settings.about:
            yield _finding("text-too-short", item, number, settings, hard=False)
        elif settings.about is not None and number > settings.about * 2:
            yield _finding("text-too-long", item, number, settings, hard=False)


def _length(facts: TextFacts, latin: Latin) -> int:
    """字数 of the whole text; what is kept of it tells how much the Latin runs save."""
    return facts.characters - (count(facts.text, "character") - count(facts.text, latin))


def _cut(item: Item, number: int, settings: TextLengthSettings) -> Finding:
    """Only a part was read: how long the whole is, a person must see."""
    return Finding(
        code="text-too-long",
        outcome="unsure",
        says=f"“{item.name}”很长，系统只读了前 {number} 字，字数已留待人工查看。",
        file=item.path,
        expected=_expected(settings),
        measured=f"至少 {number} 字",
        about=item.key,
    )


def _finding(code: str, item: Item, number: int, settings: TextLengthSettings, *, hard: bool) -> Finding:
    short = code == "text-too-short"
    return Finding(
        code=code,
        outcome="fail" if hard else "note",
        says=f"“{item.name}”约 {number} 字，{'少于' if short else '多于'}要求（{_expected(settings)}）。",
        fix=f"请{'补充' if short else '精简'}后重新发送。" if hard else "不必重报。",
        file=item.path,
        expected=_expected(settings),
        measured=f"{number} 字",
        about=item.key,
    )


def _expected(settings: TextLengthSettings) -> str:
    parts = []
    if settings.min is not None:
        parts.append(f"不少于 {settings.min} 字")
    if settings.max is not None:
        parts.append(f"不超过 {settings.max} 字")
    if settings.about is not None:
        parts.append(f"约 {settings.about} 字")
    return "，".join(parts) or "字数不限"
