"""One paper that holds two: a summary in which the case stands under a plain line, 二、典型案例 or 典型案例：…

Only where nothing else came for it: most summaries have a chapter so called, and then send the paper itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from rules.facts import TextFacts
from rules.item import Item
from rules.placing.desk import Desk
from rules.placing.found import Found, merged
from rules.words import count

_LEAST = 80
"""Characters below the line; less is a mention."""
_LINE = 60
_CHAPTER = re.compile(r"^第?[一二三四五六七八九十]{1,3}(?:部分)?[、.．:： ]")


def with_sections(desk: Desk, items: Sequence[Item], found: Sequence[Found]) -> list[Found]:
    """The placements, with papers added to what nothing else answers and they have a section for."""
    answered = {target for f in found for target in (*f.ids, *f.candidates)}
    kept: list[Found] = []
    for item, f in zip(items, found, strict=True):
        sections = _sections(desk, item.facts) if f.ids and isinstance(item.facts, TextFacts) else {}
        more = tuple(target for target in sections if target not in answered)
        if more:
            why = f"{f.why}；文中另有“{sections[more[0]]}”一部分"
            f = msgspec.structs.replace(f, ids=merged(f.ids, more), why=why, confidence=min(f.confidence, 0.7))
        kept.append(f)
    return kept


def _sections(desk: Desk, facts: TextFacts) -> dict[str, str]:
    """Requirement ids of written papers with a section of their own in this one, and the line that says so."""
    lines = [line.strip() for line in facts.text.split("\n") if line.strip()]
    found: dict[str, str] = {}
    for at, line in enumerate(lines):
        head, colon, _ = line.replace(":", "：").partition("：")
        head = head if colon and len(head) <= 12 else line
        if at == 0 or len(head) > _LINE:
            continue
        said = desk.lexicon.read_section(head)
        if not said.targets and head != line and count(line[len(head) :]) <= _LINE:
            said = desk.lexicon.read(head)  # 典型经验：… is a title, where a chapter 二、典型经验 is none
        below = _below(lines[at + 1 :], chapter=_CHAPTER.match(line) is not None) + count(line[len(head) :])
        for target in said.targets if said.certain else ():
            if desk.by_id[target].category in ("case", "summary", "article") and below >= _LEAST:
                found.setdefault(target, head[:20])
    return found


def _below(lines: Sequence[str], *, chapter: bool) -> int:
    """Characters below a line, up to the next chapter where it heads a chapter; no more than matter."""
    total = 0
    for line in lines:
        if total >= _LEAST or (chapter and _CHAPTER.match(line)):
            break
        total += count(line)
    return total
