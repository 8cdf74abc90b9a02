"""Has each photo words of its own, where the notice asks for a caption? One caption for two photos is found out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from rules.case import Case
from rules.checks import Settings, check
from rules.facts import ImageFacts
from rules.finding import Finding
from rules.item import Item
from rules.words import bare


class CaptionSharedSettings(Settings):
    """What to do about photos that share one caption."""

    outcome: Literal["fail", "note", "pass"] = "fail"


@check("caption-shared", CaptionSharedSettings, codes=("caption-missing",), always=True, per_item=False)
def caption_shared(settings: CaptionSharedSettings, case: Case) -> Iterator[Finding]:
    """Only where `caption` is asked and required; the first photo keeps the words, the others lack theirs."""
    asked = case.requirement.checks.get("caption")
    if asked is None or not asked.get("required", True) or settings.outcome == "pass":
        return
    first: dict[str, Item] = {}
    for item in case.items:
        words = case.captions.get(item.key)
        if not isinstance(item.facts, ImageFacts) or words is None:
            continue
        other = first.setdefault(bare(words.text), item)
        if other is item:
            continue
        yield Finding(
            code="caption-missing",
            outcome=settings.outcome,
            says=f"图片“{item.name}”与“{other.name}”共用一段文字说明，没有自己的说明。",
            fix=f"请回复本邮件，写明“{item.name}：”并另附说明。" if settings.outcome == "fail" else "不必重报。",
            file=item.path,
            expected="每张各有说明",
            measured="共用一段说明",
            about=item.key,
        )
