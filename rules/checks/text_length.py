"""`text-length`: characters of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._say import about, between, in_order, quoted
from rules.facts import TextFacts
from rules.finding import Finding, Outcome
from rules.item import Item

_NEAR = (0.5, 1.5)
"""Share of `about` that still is about as much."""


class TextLengthSettings(Settings):
    """Characters without white space, bounds included. `about` alone never makes a fault, only a note."""

    min: int | None = Field(default=None, ge=1)
    max: int | None = Field(default=None, ge=1)
    about: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        in_order(self, "min", "max")
        in_order(self, "min", "about")
        in_order(self, "about", "max")
        return self


@check("text-length", TextLengthSettings, codes=("text-too-short", "text-too-long"))
def judge_text_length(settings: TextLengthSettings, case: Case) -> Iterable[Finding]:
    """Documents only. Of a scan nothing is known, of a text that was cut off only that it is not shorter."""
    for item in case.items:
        facts = item.facts
        if not isinstance(facts, TextFacts):
            continue
        if facts.scanned:
            yield _scan(item, settings)
        else:
            yield from _weigh(item, facts, settings)


def _wanted(settings: TextLengthSettings) -> str:
    return between(settings.min, settings.max, "字") or (f"{settings.about}字左右" if settings.about else "")


def _weigh(item: Item, facts: TextFacts, settings: TextLengthSettings) -> Iterator[Finding]:
    count = facts.characters
    low = round(settings.about * _NEAR[0]) if settings.about is not None else None
    high = round(settings.about * _NEAR[1]) if settings.about is not None else None
    if settings.max is not None and count > settings.max:
        yield _long(item, count, settings, "fail")
    elif settings.min is not None and count < settings.min:
        yield _short(item, count, settings, "unsure" if facts.truncated else "fail", facts.truncated)
    elif high is not None and count > high:
        yield _long(item, count, settings, "note")
    elif low is not None and count < low:
        yield _short(item, count, settings, "unsure" if facts.truncated else "note", facts.truncated)
    elif facts.truncated and (settings.max is not None or high is not None):
        says = f"{quoted(item)}过长，只读了前面一部分（{count}字），全文字数由经办人核对。"
        yield about(item, "text-too-long", "unsure", says, expected=_wanted(settings), measured=f"至少{count}字")


def _long(item: Item, count: int, settings: TextLengthSettings, outcome: Outcome) -> Finding:
    wanted = _wanted(settings)
    return about(
        item,
        "text-too-long",
        outcome,
        f"{quoted(item)}约{count}字，要求{wanted}。",
        "请精简后重新发送。" if outcome == "fail" else "不必重发；如方便，请精简。",
        expected=wanted,
        measured=f"{count}字",
    )


def _short(item: Item, count: int, settings: TextLengthSettings, outcome: Outcome, cut: bool) -> Finding:
    wanted = _wanted(settings)
    if cut:
        says, fix = f"{quoted(item)}只读出一部分（{count}字），全文字数由经办人核对。", ""
    else:
        says = f"{quoted(item)}约{count}字，要求{wanted}。"
        fix = "请补充内容后重新发送。" if outcome == "fail" else "不必重发；如方便，请补充。"
    measured = f"至少{count}字" if cut else f"{count}字"
    return about(item, "text-too-short", outcome, says, fix, expected=wanted, measured=measured)


def _scan(item: Item, settings: TextLengthSettings) -> Finding:
    return about(
        item,
        "text-too-short",
        "unsure",
        f"{quoted(item)}是扫描件，读不出文字，字数由经办人核对。",
        "如方便，请另发一份可编辑的文档。",
        expected=_wanted(settings),
        measured="扫描件，字数不明",
    )
