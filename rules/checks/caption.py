"""`caption`: the words that belong to each photo, and how long they are.

A bare "50字" in a notice means about 50: a length a little off is worth a word, not a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._say import about, between, in_order, quoted
from rules.facts import ImageFacts
from rules.finding import Finding
from rules.item import Caption, Item

_LENIENT = {"note_min": 0.4, "note_max": 2.0, "max": 1.6}
"""What `about` means when the notice says no more: about 50 is 20 to 100, and over 80 a fault."""


class CaptionSettings(Settings):
    """Characters without white space, all bounds included. Bounds left out follow from `about`."""

    about: int | None = Field(default=None, ge=1)
    min: int | None = Field(default=None, ge=1)
    """Shorter is a fault. Never follows from `about`."""
    max: int | None = Field(default=None, ge=1)
    """Longer is a fault."""
    note_min: int | None = Field(default=None, ge=0)
    """Shorter is worth a word."""
    note_max: int | None = Field(default=None, ge=1)
    """Longer is worth a word, where it is no fault."""
    required: bool = True

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        in_order(self, "min", "max")
        in_order(self, "note_min", "note_max")
        in_order(self, "min", "about")
        in_order(self, "about", "max")
        return self

    def bound(self, name: str) -> int | None:
        """The bound as written, else as it follows from `about`, else None."""
        written: int | None = getattr(self, name)
        if written is not None or self.about is None:
            return written
        return round(self.about * _LENIENT[name])


@check("caption", CaptionSettings, codes=("caption-missing", "caption-too-short", "caption-too-long"))
def judge_caption(settings: CaptionSettings, case: Case) -> Iterable[Finding]:
    """Weighs pictures only; which words belong to which was found before."""
    for item in case.items:
        if isinstance(item.facts, ImageFacts):
            caption = case.captions.get(item.key)
            if caption is not None and caption.characters:
                yield from _length(item, caption, settings)
            elif settings.required:
                yield _missing(item, settings)


def _wanted(settings: CaptionSettings) -> str:
    if settings.about is not None:
        return f"{settings.about}字左右"
    return between(settings.min, settings.max, "字") or "文字说明"


def _missing(item: Item, settings: CaptionSettings) -> Finding:
    wanted = _wanted(settings)
    length = f"（{wanted}）" if wanted != "文字说明" else ""
    return about(
        item,
        "caption-missing",
        "fail",
        f"{quoted(item)}没有文字说明。",
        f"请在回信正文中补上这张图片的说明{length}，并写明图片文件名；图片不必重发。",
        expected=f"每张附说明{length}",
        measured="没有说明",
    )


def _length(item: Item, caption: Caption, settings: CaptionSettings) -> Iterator[Finding]:
    count, wanted = caption.characters, _wanted(settings)
    fault_max, note_min, note_max = (settings.bound(name) for name in ("max", "note_min", "note_max"))
    measured = f"{count}字"
    start = f"{quoted(item)}的说明为{count}字，"
    if fault_max is not None and count > fault_max:
        expected = f"{wanted}，不超过{fault_max}字" if settings.about is not None else wanted
        fix = (
            f"请压缩到{wanted if settings.about is not None else f'{fault_max}字以内'}，回信发来即可，图片不必重发。"
        )
        yield about(
            item, "caption-too-long", "fail", f"{start}要求{expected}。", fix, expected=expected, measured=measured
        )
    elif settings.min is not None and count < settings.min:
        expected = f"不少于{settings.min}字"
        fix = "请补充时间、地点、内容等，回信发来即可，图片不必重发。"
        yield about(
            item, "caption-too-short", "fail", f"{start}要求{expected}。", fix, expected=expected, measured=measured
        )
    elif note_min is not None and count < note_min:
        fix = "不必重发；如方便，请补充时间、地点、内容等。"
        yield about(
            item,
            "caption-too-short",
            "note",
            f"{start}偏短（要求{wanted}）。",
            fix,
            expected=wanted,
            measured=measured,
        )
    elif note_max is not None and count > note_max:
        yield about(
            item,
            "caption-too-long",
            "note",
            f"{start}偏长（要求{wanted}）。",
            "不必重发，使用时可能会删减。",
            expected=wanted,
            measured=measured,
        )
