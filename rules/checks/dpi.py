"""Does the picture say of itself that it has the wanted dots per inch?

The figure is only a label in the file: what can be printed depends on the pixels. So nobody is asked to send again on
it alone; a person looks where the pixels, too, are few.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from rules.case import Case
from rules.checks import Settings, check
from rules.facts import ImageFacts
from rules.finding import Finding

_LONG_SIDE_OF_A4 = 11.7
"""Inches."""


class DpiSettings(Settings):
    """Dots per inch."""

    min: float = Field(gt=0)


@check("dpi", DpiSettings, codes=("dpi",))
def dpi(settings: DpiSettings, case: Case) -> Iterator[Finding]:
    """Below `min`: note when the pixels are enough for A4, else unsure. Nothing when the file does not tell."""
    for item in case.items:
        if not isinstance(item.facts, ImageFacts) or item.facts.dpi is None or item.facts.dpi >= settings.min * 0.99:
            continue
        long = max(item.facts.width, item.facts.height)
        enough = long >= _LONG_SIDE_OF_A4 * settings.min
        told = f"图片“{item.name}”标注的分辨率为 {item.facts.dpi:g} dpi，低于要求的 {settings.min:g} dpi"
        yield Finding(
            code="dpi",
            outcome="note" if enough else "unsure",
            says=f"{told}；像素足够，不影响印制。" if enough else f"{told}，已留待人工查看。",
            fix="不必重报。" if enough else "如有更清晰的原图，请一并发来。",
            file=item.path,
            expected=f"不低于 {settings.min:g} dpi",
            measured=f"{item.facts.dpi:g} dpi",
            about=item.key,
        )
