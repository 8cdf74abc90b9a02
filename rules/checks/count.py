"""`count`: how many pieces answer the requirement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._say import between, in_order, measure_word
from rules.facts import ArchiveFacts, LinkFacts, TextFacts
from rules.finding import Finding
from rules.item import Item

_PASTED_SIDE = 400
"""Pixels; smaller pictures in a document are ornaments."""
_SEVERAL_IN_ONE = frozenset({"case", "article"})
"""Kinds of which one document may hold several."""


class CountSettings(Settings):
    """Pieces, both bounds included."""

    min: int | None = Field(default=None, ge=0)
    max: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        in_order(self, "min", "max")
        return self


@check("count", CountSettings, codes=("too-few", "too-many"), per_item=False)
def judge_count(settings: CountSettings, case: Case) -> Iterable[Finding]:
    """Says nothing where nothing came: that is `missing`."""
    requirement = case.requirement
    photos = requirement.category == "photo"
    came = sum(_pieces(item, photos) for item in case.items)
    word = measure_word(requirement.category)
    expected, measured = between(settings.min, settings.max, word), f"{came}{word}"
    if came and settings.min is not None and came < settings.min:
        unclear = _may_hold_more(case.items, requirement.category)
        yield Finding(
            code="too-few",
            outcome="unsure" if unclear else "fail",
            says=f"“{requirement.name}”要求{expected}，"
            + (f"收到{came}个文件，其中是否合写了几{word}由经办人核对。" if unclear else f"收到{measured}。"),
            fix="" if unclear else f"请补报{settings.min - came}{word}；已收到的不必重发。",
            expected=expected,
            measured=measured,
        )
    elif settings.max is not None and came > settings.max:
        yield Finding(
            code="too-many",
            outcome="fail",
            says=f"“{requirement.name}”要求{expected}，收到{measured}。",
            fix=f"请从中选定{between(None, settings.max, word)}重新报送，或回信写明选用的文件名。",
            expected=expected,
            measured=measured,
        )


def _pieces(item: Item, photos: bool) -> int:
    """A document with pasted photos stands for as many photos as it holds."""
    if photos and isinstance(item.facts, TextFacts):
        large = [p for p in item.facts.pictures if max(p.width, p.height) >= _PASTED_SIDE]
        return max(1, len(large))
    return 1


def _may_hold_more(items: Sequence[Item], category: str) -> bool:
    holders = TextFacts if category in _SEVERAL_IN_ONE else ()
    return any(isinstance(item.facts, (ArchiveFacts, LinkFacts)) or isinstance(item.facts, holders) for item in items)
