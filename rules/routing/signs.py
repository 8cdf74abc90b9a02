"""By what a notice is told from others that run beside it: number, title, names of its campaign, blank forms, year.

Notices that share a name are a series (质量月 of 2025 and of 2026); within it only the year tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from rules.facts import TableFacts, TextFacts
from rules.item import Item
from rules.notice import Notice
from rules.placing.looks import labels_of
from rules.placing.topic import Topic
from rules.words import bare, fold

Kind = Literal["number", "title", "name", "part"]
STRENGTH: Mapping[Kind, int] = {"number": 3, "title": 3, "name": 2, "part": 1}
"""A title holds the name, so whatever is stronger in one text silences the weaker; `part` is asked for last."""

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_HEAD = re.compile(r"^.*?关于(?:进一步|认真|切实|组织|开展|举办|做好|报送|征集|收集|印发|上报|加强)*(?:20\d\d年?度?)?")
_TAIL = re.compile(r"(?:有关|相关)?(?:工作|活动|材料|情况|事项|报送)*的?(?:补充|紧急)?通知.*$")
_SPARE = re.compile(r"(?:系列|主题|宣传|教育)*活动$")
"""质量月活动 is called 质量月."""
_BRACKETS = str.maketrans("", "", "〔〕﹝﹞{}")
_SHORTEST, _LONGEST = 4, 14
"""Characters of what is left of a title that may serve as a name: 消防安全大检查."""
_ALIKE, _APART = 0.5, 0.2
"""Share of a blank form's labels that a table filled in from it has at least, and more than from any other form."""


class Hits(msgspec.Struct, frozen=True, kw_only=True):
    """What one text names."""

    notices: frozenset[str] = frozenset()
    """Ids; several of one series where nothing tells the year."""
    words: str = ""
    """The words, as they are compared."""
    strength: int = 0


class Signs:
    """The signs of all notices that run, ready for looking up."""

    def __init__(self, notices: Sequence[Notice], forms: Mapping[str, Mapping[str, TableFacts]]) -> None:
        """`forms`: the blank forms of each notice, by notice id and requirement id."""
        self.years = {notice.id: year_of(notice) for notice in notices}
        self.topics = {notice.id: Topic.of(notice) for notice in notices}
        found: dict[tuple[Kind, str], set[str]] = {}
        for notice in notices:
            for kind, word in _signs_of(notice, self.topics[notice.id]):
                found.setdefault((kind, word), set()).add(notice.id)
        ordered = sorted(found.items(), key=lambda one: (-STRENGTH[one[0][0]], -len(one[0][1])))
        self._signs = [(kind, word, frozenset(ids)) for (kind, word), ids in ordered]
        self._forms = {id: [labels_of(form.sheets) for form in of.values()] for id, of in forms.items()}

    def read(self, *texts: str) -> Hits:
        """The notices that these words name, the strongest signs only, the longest word first."""
        text = "\n".join(_plain(one) for one in texts)
        ids: set[str] = set()
        words: list[str] = []
        best = 0
        for kind, word, of in self._signs:
            if STRENGTH[kind] < 2 or word not in text:
                continue
            text = text.replace(word, "_")  # 安全月 within 食品安全月 is no name of its own
            best = max(best, STRENGTH[kind])
            if not ids & of:
                ids |= self.of_year(of, *texts)
                words.append(word)
        return Hits(notices=frozenset(ids), words="、".join(words), strength=best)

    def part_of(self, *texts: str) -> Hits:
        """The notice of which these words name a part at least: 节水 of 节水宣传周; none when it is of several."""
        ids = {id for id, topic in self.topics.items() if topic.hinted_in(*texts)}
        roots = [root for id in sorted(ids) for root in self.topics[id].roots if any(root in fold(t) for t in texts)]
        return Hits(notices=self.of_year(frozenset(ids), *texts), words="、".join(dict.fromkeys(roots)), strength=1)

    def of_year(self, ids: frozenset[str], *texts: str) -> frozenset[str]:
        """Of several notices those of a year that is named; all when none is, or none of theirs."""
        years = {year for text in texts for year in _YEAR.findall(text)}
        return frozenset(id for id in ids if self.years[id] in years) or ids

    def alike(self, one: str, other: str) -> bool:
        """True when neither name nor year tells these two notices apart."""
        names = [(word, ids) for kind, word, ids in self._signs if kind == "name"]
        mine, theirs = ({word for word, ids in names if id in ids} for id in (one, other))
        return self.years[one] == self.years[other] and bool(mine) and mine == theirs

    def filled_form(self, item: Item) -> frozenset[str]:
        """The notices whose blank form this table was filled in from."""
        facts = item.facts
        sheets = facts.sheets if isinstance(facts, TableFacts) else facts.tables if isinstance(facts, TextFacts) else ()
        if not sheets:
            return frozenset()
        labels = labels_of(sheets)
        shares = {
            id: max((len(form & labels) / len(form) for form in of if form), default=0.0)
            for id, of in self._forms.items()
        }
        best = max(shares.values(), default=0.0)
        return frozenset(id for id, share in shares.items() if best >= _ALIKE and share > best - _APART)


def year_of(notice: Notice) -> str:
    """The year that the title tells, else that of the deadline."""
    told = _YEAR.search(fold(notice.title)) or _YEAR.search(fold(notice.number))
    return told[1] if told else str(notice.deadline.year)


def _plain(text: str) -> str:
    """As words are compared: the year of a document number stands in many kinds of brackets, or in none."""
    return bare(text).translate(_BRACKETS)


def _signs_of(notice: Notice, topic: Topic) -> Iterator[tuple[Kind, str]]:
    number = _plain(notice.number)
    if len(number) >= _SHORTEST:
        yield "number", number
    yield "title", _plain(notice.title)
    names = [_SPARE.sub("", word) for word in map(_plain, topic.words)]
    core = _plain(_TAIL.sub("", _HEAD.sub("", fold(notice.title))))
    if not names and _SHORTEST <= len(core) <= _LONGEST:
        names = [core]
    yield from (("name", name) for name in dict.fromkeys(names) if len(name) >= 2)
