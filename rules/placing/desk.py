"""The rules by which `place` sorts one file: name, type and content weighed against each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from rules.facts import ArchiveFacts, TableFacts, TextFacts
from rules.item import Item
from rules.notice import Requirement
from rules.placing.found import Found, merged, placed, set_aside
from rules.placing.lexicon import Lexicon, Reading
from rules.placing.looks import Kind, labels_of, look
from rules.placing.pictures import find_picture
from rules.placing.rivals import Rivals
from rules.placing.tables_placed import find_table, like_form
from rules.placing.vocabulary import (
    ASIDE_SUFFIXES,
    BY_ANNEX,
    FILM_SUFFIXES,
    OFFICE_SUFFIXES,
    PICTURE_SUFFIXES,
    TABLE_CATEGORIES,
    TEXT_CATEGORIES,
    annexes_in,
    annexes_of,
)
from rules.words import fold, folders, stem

_COVER = re.compile(r"^关于(?:报送|上报|提交|呈报|呈送|报请).{2,40}(?:报告|函|说明|情况)$")
_SHORT_LETTER = 400
"""Characters below which 关于报送…总结的报告 is the letter that goes with the summary, not the summary."""


class Desk:
    """The requirements of one notice, sorted by what can answer them."""

    def __init__(self, requirements: Sequence[Requirement], forms: Mapping[str, TableFacts]) -> None:
        self.lexicon = Lexicon(requirements)
        self.rivals = Rivals(requirements)
        self.by_id = {requirement.id: requirement for requirement in requirements}
        self.annexes = {requirement.id: annexes_of(requirement) for requirement in requirements}
        self.forms = {id: labels_of(facts.sheets) for id, facts in forms.items() if id in self.by_id}
        self.picture = self._taking("photo", PICTURE_SUFFIXES)
        self.film = self._taking("video", FILM_SUFFIXES)
        self.table = tuple(r.id for r in requirements if r.category in TABLE_CATEGORIES)
        self.text = tuple(
            r.id for r in requirements if r.category in TEXT_CATEGORIES and r.id not in self.picture + self.film
        )

    def _taking(self, category: str, suffixes: frozenset[str]) -> tuple[str, ...]:
        return tuple(
            r.id
            for r in self.by_id.values()
            if r.category == category or (r.category == "other" and suffixes.intersection(r.formats))
        )

    def find(self, item: Item) -> Found:
        """What name, type and content of one file tell."""
        kind = look(item)
        if isinstance(item.facts, ArchiveFacts) and item.facts.members:
            return Found(why="压缩包，内含文件已逐一核对")
        if item.suffix in ASIDE_SUFFIXES and kind in ("unknown", "text"):
            return Found(why="邮件附带的文件，不是报送材料")
        reading = self._read_name(item)
        found = self._weighed(item, kind, reading)
        return msgspec.structs.replace(found, settled=True) if reading.word == BY_ANNEX else found

    def _weighed(self, item: Item, kind: Kind, reading: Reading) -> Found:
        if kind == "picture":
            return find_picture(self, item, reading)
        if kind == "film":
            return self.by_type(self.film, reading, "视频文件")
        if isinstance(item.facts, TableFacts):
            return find_table(self, item.facts, reading)
        if isinstance(item.facts, TextFacts):
            return self._find_text(item.facts, reading)
        return self._find_by_name(item, kind, reading)

    def _read_name(self, item: Item) -> Reading:
        """The name, else the folders and archives around it, else an annex number of the notice."""
        reading = self.lexicon.read(stem(item.name))
        if reading.targets or reading.aside:
            return reading
        for folder in folders(item.path):
            around = self.lexicon.read(folder)
            if around.targets:
                return msgspec.structs.replace(around, certain=around.certain and len(around.targets) == 1, strength=1)
        numbers = annexes_in(item.name)
        targets = tuple(id for id, annexes in self.annexes.items() if annexes & numbers)
        if targets and len(targets) <= len(numbers):
            return Reading(targets=targets, strength=1, word=BY_ANNEX)
        return reading

    # --- films ---

    def by_type(self, takers: tuple[str, ...], reading: Reading, what: str) -> Found:
        """A file whose type tells which requirements can take it."""
        named = tuple(t for t in reading.targets if t in takers)
        if len(named) == 1:
            return placed(named, f"{what}，名称含“{reading.word}”", 1.0)
        if len(takers) == 1:
            return placed(takers, f"{what}，只有“{self.by_id[takers[0]].name}”一项要求此类文件", 0.9)
        if takers:
            return Found(candidates=named or takers, why=f"{what}，可能属于几项要求")
        if reading.targets and reading.certain:
            return placed(reading.targets, f"名称含“{reading.word}”", 0.7)
        return Found(why=f"{what}，没有要求此类材料")

    # --- tables and documents ---

    def _find_text(self, facts: TextFacts, reading: Reading) -> Found:
        title, sections = self._read_content(facts)
        if _covers(facts):
            asked = tuple(t for t in merged(reading.targets, title.targets) if t in self.text)
            return Found(candidates=asked, why="像是报送材料用的函件", aside="letter")
        named = tuple(t for t in reading.targets if not self._needs_picture(t, facts))
        alike = like_form(self, facts.tables)
        if alike and alike not in named and set(named) <= {alike}:
            # everything in one paper: a summary with the table in it
            also = title.targets if title.certain else ()
            ids = merged(also, (alike,), sections.targets if also else ())
            return Found(ids=ids, why="文档内的表格与空白表一致", confidence=0.95, settled=True)
        inner = merged(named, sections.targets, (alike,) if alike else ())
        if named and reading.certain:
            return self._named_text(reading, named, title, inner)
        if title.targets and title.certain and (not named or set(title.targets) <= set(named)):
            return placed(merged(title.targets, inner if not named else sections.targets), _titled(title), 0.9)
        if named:
            both = tuple(t for t in named if t in sections.targets or t in title.mentioned)
            if set(both) == set(named):
                return placed(both, "名称和文中标题都写明", 0.9)
            return Found(candidates=named, why="名称可作几种理解")
        if "notice" in (reading.aside, title.aside if not reading.aside else None):
            return set_aside("notice")
        if reading.aside and not inner:
            return set_aside(reading.aside)
        if inner and sections.certain:
            return placed(inner, f"文中有标题“{sections.word}”" if sections.word else "文档内的表格与空白表一致", 0.8)
        if title.targets or inner:
            return Found(candidates=merged(title.targets, inner), why="文中标题可作几种理解")
        if title.aside and facts.characters < 600:
            return set_aside(title.aside)
        if reading.targets:
            return Found(why="名称像是图片说明，文中没有图片", aside="captions")
        return Found(why="名称和内容都没有写明是哪项材料", undecided=True)

    def _named_text(self, reading: Reading, named: tuple[str, ...], title: Reading, inner: tuple[str, ...]) -> Found:
        """The name is plain; the title may confirm, add to or contradict it."""
        stated = f"名称含“{reading.word}”"
        if not title.targets or set(title.targets) & set(named) or title.strength < reading.strength:
            agreed = title.targets if title.certain and set(title.targets) >= set(named) else ()
            return placed(merged(named, inner, agreed), stated, 1.0 if agreed else 0.9)
        if set(title.targets) <= set(inner):
            return placed(inner, f"{stated}，文中另有标题“{title.word}”", 0.8)
        return Found(candidates=merged(named, title.targets), why=f"{stated}，但文中标题是“{title.word}”")

    def _read_content(self, facts: TextFacts) -> tuple[Reading, Reading]:
        """What the title says, and what further headings announce."""
        opening = [line.strip() for line in facts.text[:2000].split("\n") if line.strip()][:4]
        lines = list(dict.fromkeys([*facts.headings[:3], *(line for line in opening if len(line) <= 40)]))
        said = [self.lexicon.read(line) for line in lines[:5]]
        at = next((n for n, reading in enumerate(said) if reading.targets or reading.aside), len(said) - 1)
        title = said[at] if said else Reading()
        papers = [line for line in map(str.strip, facts.text.split("\n")) if self.lexicon.names_a_paper(line)]
        papers = [line for line in papers if line not in lines]
        rest = [line for line in (*lines[at + 1 :], *facts.headings[3:], *papers) if len(line) <= 60]
        readings = [self.lexicon.read_section(line) for line in rest]
        readings = [said for said in readings if said.targets]
        targets = tuple(t for t in merged(*(said.targets for said in readings)) if not self._needs_picture(t, facts))
        # a heading about the table is worth something only with a table below it
        targets = tuple(t for t in targets if t not in self.table or t in self.text or facts.tables)
        return self._without_pictures(title, facts), Reading(
            targets=targets, certain=all(said.certain for said in readings), word=readings[0].word if readings else ""
        )

    def _needs_picture(self, target: str, facts: TextFacts) -> bool:
        """Photos and films cannot be in a document; pictures pasted there are looked at in `rules.placing.pasted`."""
        return target in self.picture + self.film and target not in self.text

    def _without_pictures(self, title: Reading, facts: TextFacts) -> Reading:
        targets = tuple(t for t in title.targets if not self._needs_picture(t, facts))
        return msgspec.structs.replace(title, targets=targets)

    # --- what could not be opened, links ---

    def _find_by_name(self, item: Item, kind: Kind, reading: Reading) -> Found:
        if reading.aside:
            return set_aside(reading.aside)
        if reading.targets and reading.certain:
            return placed(reading.targets, f"名称含“{reading.word}”", 0.8)
        if reading.targets:
            return Found(candidates=reading.targets, why="名称可作几种理解")
        if kind == "danger":
            return Found(why="可执行一类的文件，未打开，不计为报送材料")
        if kind == "link":
            if item.suffix in FILM_SUFFIXES and len(self.film) == 1:
                return placed(self.film, "链接指向视频文件", 0.8)
            if item.suffix in PICTURE_SUFFIXES and self.picture:
                return Found(why="链接指向图片，文件不在邮件中", candidates=self.picture)
            # a net disk may hold all of it: whatever is still open waits for a person
            return Found(why="链接的名称没有写明是哪项材料", undecided=True)
        return Found(why="文件没有打开，名称也没有写明是哪项材料", undecided=True)

    def settle(self, item: Item, found: Found, answered: set[str], lonely: bool) -> Found:
        """The last evidence for an undecided file: the mail's subject, then what is still missing."""
        if not found.undecided:
            return found
        kind = look(item)
        facts = item.facts
        typed = isinstance(facts, TextFacts) and not (facts.tables or facts.scanned)
        likely = (
            self.text
            if typed and self.text
            else self.text + self.table
            if kind == "text" or item.suffix in OFFICE_SUFFIXES
            else tuple(self.by_id)
        )
        if lonely:
            said = self.lexicon.read(item.subject)
            if said.certain and len(said.targets) == 1 and said.targets[0] in likely and kind != "archive":
                return placed(said.targets, f"邮件主题含“{said.word}”，信中只有这一份待定文件", 0.6)
        open_ones = tuple(dict.fromkeys(t for t in likely if t not in answered))
        return Found(candidates=open_ones, why=found.why, confidence=0.3)


def _titled(title: Reading) -> str:
    return f"文中标题含“{title.word}”"


def _covers(facts: TextFacts) -> bool:
    """True for a short paper 关于报送…的报告."""
    short = facts.characters < _SHORT_LETTER and not facts.scanned
    return short and any(_COVER.search(fold(line)) for line in facts.headings[:3])
