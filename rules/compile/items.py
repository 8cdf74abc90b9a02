"""From mentions to items: the works, the papers that go with them, the forms among the annexes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rules.compile import nouns
from rules.compile.annexes import Annex
from rules.compile.annexforms import add_annex_forms
from rules.compile.heads import Head
from rules.compile.mentions import Mention
from rules.compile.outline import Sentence
from rules.compile.page import Page
from rules.compile.papers import find_papers
from rules.compile.thing import WANTED, Thing
from rules.compile.works import find_works


def things(
    page: Page, lines: Sequence[Sentence], found: Sequence[Mention], head: Head, listed: Sequence[Annex]
) -> list[Thing]:
    """The items of the notice, in order of the text."""
    contest = is_contest(head, lines)
    works = find_works(page, lines, found, head) if contest else []
    papers = find_papers(lines, found, works, contest, listed)
    every = [*works, *papers]
    add_annex_forms(page, lines, every, listed, found)
    points = {w.paragraph for w in works if w.alternative}
    for thing in papers:
        thing.alternative = bool(thing.mentions) and all(points.intersection(m.points) for m in thing.mentions)
    for first, second in pairwise([m for m in found if not (m.whole or m.barred)]):
        tied = [t for t in papers if first in t.mentions or second in t.mentions]
        if len(tied) == 2 and _is_choice(page, first, second):
            for thing in tied:
                thing.alternative = True
    for thing in every:
        thing.required = _required(thing, contest)
    return sorted(every, key=_place)


def _is_choice(page: Page, first: Mention, second: Mention) -> bool:
    """《甲推荐表》或《乙推荐表》: one of the two is enough."""
    return (
        first.sentence == second.sentence
        and min(first.weight, second.weight) >= WANTED
        and bool(re.match(r"[》”]?(?:\([^()]*\))?[、,]?或者?", page.text[first.end : second.start]))
    )


def is_contest(head: Head, lines: Sequence[Sentence]) -> bool:
    """Does the notice collect works?"""
    lead = head.title + "".join(s.text for s in lines[:7])
    count = len(re.findall(nouns.CONTEST, lead))
    everywhere = sum(len(re.findall(r"参赛|投稿|应征|来稿|征稿|作品", s.text)) for s in lines)
    return (
        any(re.search(nouns.CALLS, s.text) for s in lines[:8])
        or bool(re.search(rf"征集|大赛|征文|征稿|比赛|摄影展|书画展|作品展|竞赛|{nouns.JUDGED}", head.title))
        or (count >= 2 and everywhere >= 2)
        or everywhere >= 4
    )


def _place(thing: Thing) -> int:
    starts = [mention.start for mention in thing.mentions if mention.weight >= WANTED or thing.work] or [
        m.start for m in thing.mentions
    ]
    return min(starts, default=thing.from_annex.start if thing.from_annex else 0)


def _required(thing: Thing, contest: bool) -> bool:
    if thing.alternative:
        return False
    if thing.work and contest:
        return True
    listed = thing.from_annex
    strong = [m for m in thing.mentions if m.weight >= WANTED and not (listed and listed.start <= m.start < listed.end)]
    own = [m for m in strong if thing.paragraph in m.points]
    return not ((strong and strong[0].optional) or any(m.optional for m in own))
