"""Requirements of one kind told apart: 启动仪式照片 and 现场检查照片, two tables, 典型案例一 and 二.

What tells them apart are the words that only one of them has in its name, or the number it ends with. They are
looked for in the file's name, in the folders around it, in its title, in the mail's subject: the first that tells
decides. Where nothing tells, the file is nobody's for certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rules.facts import TableFacts, TextFacts
from rules.item import Item
from rules.notice import Requirement
from rules.placing.found import Found
from rules.placing.looks import first_cells
from rules.words import NUMERAL, bare, fold, folders, numeral, stem

_GENERIC = frozenset(
    {"活动", "工作", "情况", "质量", "年度", "报送", "材料", "单位", "现场", "资料", "文件", "一个", "表格"}
)
"""Words that tell nothing apart even where only one name has them."""
_LISTS = re.compile(r"^[^,。:]{0,4}[及和与、&+/][^,。:]{0,4}$")
_LAST_NUMBER = re.compile(rf"(?:第|[(（])?({NUMERAL})[)）]?(?:个|篇|份)?$")


class Rivals:
    """The words by which requirements of one kind are told apart. Immutable after construction."""

    def __init__(self, requirements: Sequence[Requirement]) -> None:
        self._kind = {requirement.id: requirement.category for requirement in requirements}
        self._own: dict[str, frozenset[str]] = {}
        self._number: dict[str, int | None] = {}
        for requirement in requirements:
            rivals = [r for r in requirements if r.category == requirement.category and r.id != requirement.id]
            theirs = " ".join(bare(name) for rival in rivals for name in (rival.name, *rival.keywords))
            parts = {part for name in (requirement.name, *requirement.keywords) for part in _parts(bare(name))}
            self._own[requirement.id] = frozenset(p for p in parts if p not in theirs and p not in _GENERIC)
            self._number[requirement.id] = last_number(requirement.name)

    def groups(self, ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Those of `ids` that are of one kind, two or more."""
        for kind in dict.fromkeys(self._kind[id] for id in ids):
            group = tuple(id for id in ids if self._kind[id] == kind)
            if len(group) > 1:
                yield group

    def pick(self, group: Sequence[str], text: str) -> tuple[str, ...]:
        """Those a text names: one, or several that it lists; none when it does not tell."""
        plain = bare(text)
        score = {id: max((len(p) for p in self._own[id] if p in plain), default=0) for id in group}
        named = tuple(id for id in group if score[id])
        if len(named) > 1 and self._listed(named, fold(text)):
            return named
        best = [id for id in named if score[id] == max(score.values())]
        if len(best) == 1:
            return tuple(best)
        number = last_number(text)
        numbered = {self._number[id] for id in group}
        if named or number is None or None in numbered or len(numbered) < len(group):
            return ()
        return tuple(id for id in group if self._number[id] == number)

    def _listed(self, named: Sequence[str], text: str) -> bool:
        """True when the words of all of these stand in one list: 启动仪式及现场检查照片."""
        spans = sorted(
            max(((text.find(p), text.find(p) + len(p)) for p in self._own[id] if p in text), key=lambda s: s[1] - s[0])
            for id in named
            if any(p in text for p in self._own[id])
        )
        pairs = pairwise(spans)
        return len(spans) == len(named) and all(_LISTS.match(text[a[1] : b[0]]) for a, b in pairs)


def told_apart(rivals: Rivals, item: Item, found: Found) -> Found:
    """The placement with rivals told apart; where they cannot be, they become candidates."""
    if found.settled:
        return found
    for group in rivals.groups(found.ids or found.candidates):
        others = tuple(id for id in (found.ids or found.candidates) if id not in group)
        picked, where = _picked(rivals, group, item)
        why = f"{found.why}；{where}" if where else found.why
        if picked and (found.ids or not others):
            found = Found(ids=(*others, *picked), why=why, confidence=min(found.confidence, 0.8), aside=found.aside)
        elif picked:
            found = Found(candidates=(*others, *picked), why=why, undecided=found.undecided)
        elif found.ids:
            found = Found(ids=others, why=found.why) if others else Found(candidates=group, why="可能属于几项同类要求")
    return found


def _picked(rivals: Rivals, group: Sequence[str], item: Item) -> tuple[tuple[str, ...], str]:
    for text, where in _evidence(item):
        picked = rivals.pick(group, text)
        if picked:
            return picked, f"{where}写明是哪一项"
    return (), ""


def _evidence(item: Item) -> Iterator[tuple[str, str]]:
    yield stem(item.name), "名称"
    yield from ((folder, "文件夹") for folder in folders(item.path))
    facts = item.facts
    if isinstance(facts, TextFacts):
        yield from ((line, "文中标题") for line in facts.headings[:3])
        yield from ((line, "文中标题") for line in facts.text[:200].split("\n")[:3])
    elif isinstance(facts, TableFacts):
        yield from ((line, "表内标题") for line in first_cells(facts.sheets))
    yield item.subject, "邮件主题"


def _parts(name: str) -> Iterator[str]:
    """All stretches of two or more characters."""
    for start in range(len(name) - 1):
        for end in range(start + 2, min(len(name), start + 16) + 1):
            yield name[start:end]


def last_number(text: str) -> int | None:
    """The number with which a name ends: 典型案例（二）.docx."""
    match = _LAST_NUMBER.search(fold(stem(text)))
    return numeral(match[1]) if match else None
