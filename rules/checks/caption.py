"""Has each photo its words, and about as many as the notice asks for?

A bare "50字" means about 50: nobody counts to exactly 50. So the unit is asked to mend it only when the
caption is absent or beyond the hard limits; outside the wide range around the figure there is a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._bounds import ordered
from rules.facts import ImageFacts
from rules.finding import Finding
from rules.item import Caption, Item
from rules.words import Latin, count

Outcome = Literal["note", "fail"]


class CaptionSettings(Settings):
    """字数, as `rules.words.count` counts. `min` and `max` are hard, `note_min` and `note_max` only worth a word."""

    about: int | None = Field(default=None, ge=1)
    min: int | None = Field(default=None, ge=1)
    max: int | None = Field(default=None, ge=1)
    note_min: int = Field(default=20, ge=0)
    note_max: int = Field(default=100, ge=1)
    required: bool = True
    latin: Latin = "word"

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        ordered(self, "min", "max")
        ordered(self, "note_min", "note_max")
        ordered(self, "min", "about")
        ordered(self, "about", "max")
        return self


@check("caption", CaptionSettings, codes=("caption-missing", "caption-too-short", "caption-too-long"))
def caption(settings: CaptionSettings, case: Case) -> Iterator[Finding]:
    """fail when absent (and required) or beyond `min`/`max`; note outside `note_min`–`note_max`."""
    for item in case.items:
        if not isinstance(item.facts, ImageFacts):
            continue
        words = case.captions.get(item.key)
        if words is None or not words.text.strip():
            if settings.required:
                yield _missing(item, settings)
        else:
            yield from _length(item, words, settings)


def _missing(item: Item, settings: CaptionSettings) -> Finding:
    wanted = f"约 {settings.about} 字的" if settings.about else ""
    return Finding(
        code="caption-missing",
        outcome="fail",
        says=f"图片“{item.name}”没有找到文字说明。",
        fix=f"请回复本邮件，写明“{item.name}：”并附上{wanted}说明。",
        file=item.path,
        expected=_expected(settings),
        measured="无说明",
        about=item.key,
    )


def _length(item: Item, words: Caption, settings: CaptionSettings) -> Iterator[Finding]:
    number = count(words.text, settings.latin)
    if settings.max is not None and number > settings.max:
        yield _finding("caption-too-long", "fail", item, number, settings)
    elif settings.min is not None and number < settings.min:
        yield _finding("caption-too-short", "fail", item, number, settings)
    elif number > settings.note_max:
        yield _finding("caption-too-long", "note", item, number, settings)
    elif number < settings.note_min:
        yield _finding("caption-too-short", "note", item, number, settings)


def _finding(code: str, outcome: Outcome, item: Item, number: int, settings: CaptionSettings) -> Finding:
    long = code == "caption-too-long"
    aim = f"{settings.about} 字左右" if settings.about else "要求的字数"
    fix = f"请{'压缩' if long else '补充'}到{aim}，回复本邮件即可。"
    return Finding(
        code=code,
        outcome=outcome,
        says=f"图片“{item.name}”的说明有 {number} 字，偏{'长' if long else '短'}（要求{_expected(settings)}）。",
        fix=fix if outcome == "fail" else "不必重报。",
        file=item.path,
        expected=_expected(settings),
        measured=f"{number} 字",
        about=item.key,
    )


def _expected(settings: CaptionSettings) -> str:
    parts = []
    if settings.about is not None:
        parts.append(f"约 {settings.about} 字")
    if settings.min is not None:
        parts.append(f"不少于 {settings.min} 字")
    if settings.max is not None:
        parts.append(f"不超过 {settings.max} 字")
    return "，".join(parts) or "有说明"
