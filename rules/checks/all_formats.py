"""Where the notice wants the same thing in several formats (Word 版和 PDF 版): is every one of them there?"""

from __future__ import annotations

from collections.abc import Iterator

from rules.case import Case
from rules.checks import Settings, check
from rules.facts import ArchiveFacts, LinkFacts, Unreadable
from rules.finding import Finding
from rules.kinds import kind_of, words_of_formats

_FAMILIES = tuple(
    frozenset(one.split()) for one in ("doc docx wps", "xls xlsx et", "mpg mpeg", "ppt pptx", "jpg jpeg", "tif tiff")
)
"""Formats of which one is enough."""


class AllFormatsSettings(Settings):
    """No settings of its own: the formats stand in the requirement."""


@check("all-formats", AllFormatsSettings, codes=("format-missing",), per_item=False)
def all_formats(settings: AllFormatsSettings, case: Case) -> Iterator[Finding]:
    """fail for each format that no piece has; unsure while a piece could not be opened. Nothing about nothing."""
    if not case.items:
        return
    there = {kind_of(item.facts) for item in case.items}
    closed = any(isinstance(item.facts, Unreadable | ArchiveFacts | LinkFacts) for item in case.items)
    for family in _wanted(case.requirement.formats):
        if there & family:
            continue
        wanted = words_of_formats(tuple(sorted(family & set(case.requirement.formats))))
        yield Finding(
            code="format-missing",
            outcome="unsure" if closed else "fail",
            says=f"“{case.requirement.name}”还缺 {wanted} 格式的一份。",
            fix=f"请补发 {wanted} 格式的文件，已收到的不必重发。",
            expected=words_of_formats(case.requirement.formats).replace(" 或 ", " 和 "),
            measured=words_of_formats(tuple(sorted(there - {""}))) or "不明",
        )


def _wanted(formats: tuple[str, ...]) -> list[frozenset[str]]:
    """Groups of formats of which one each must be there."""
    groups: list[frozenset[str]] = []
    for one in formats:
        family = next((f for f in _FAMILIES if one in f), frozenset({one}))
        if family not in groups:
            groups.append(family)
    return groups
