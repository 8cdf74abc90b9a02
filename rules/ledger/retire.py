"""Which pieces no longer count, or are doubted, because the unit said so in a later mail.

Statements are taken in the order of the mails. One speaks only of what came before it, and a stranger's word only
of what strangers sent. What a clause names is found by file name, by the number of a picture, by the words of the
requirements, by the mail (上一封, 9月28日). A statement whose object cannot be found changes nothing; a withdrawal
that may mean several things becomes a doubt, for a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

import msgspec

from rules.captioning.photo_names import photo_number
from rules.facts import ArchiveFacts
from rules.item import TIERS, Item, Text
from rules.ledger.meant import is_meant, is_named, of_last_mail
from rules.ledger.phrases import GENERIC, Act
from rules.ledger.spoken import Doubt, Retired, Retirements, Slot
from rules.ledger.statements import Statement, statements
from rules.ledger.weighed import limits_of
from rules.notice import Requirement
from rules.placing.lexicon import Lexicon
from rules.placing.place import Placement
from rules.placing.rivals import Rivals
from rules.placing.vocabulary import TABLE_CATEGORIES
from rules.words import bare, version_name

_KINDS: Sequence[tuple[re.Pattern[str], frozenset[str]]] = (
    (re.compile(r"表(?!扬|彰|示|现)"), TABLE_CATEGORIES),
    (re.compile(r"图|照|相片"), frozenset({"photo"})),
    (re.compile(r"视频|影片|短片|录像"), frozenset({"video"})),
)
"""Short words for kinds of material: 原表, 旧图."""
_IN_NAME: Sequence[tuple[re.Pattern[str], Act]] = (
    (re.compile(r"以此[件稿版份表]?为准|以本[件稿版份]为准"), "prefer"),
    (re.compile(r"更正|订正|勘误|更换"), "replace"),
)
"""What a file says of itself in its name."""


Placed = Sequence[tuple[Item, Placement]]


def retire(requirements: Sequence[Requirement], placed: Placed, texts: Sequence[Text], zone: tzinfo) -> Retirements:
    """What the unit's own words change. `placed`: every piece of every mail with its placement; `zone`: for dates."""
    said = _said(placed, texts, tuple(requirement.name for requirement in requirements))
    if not said:
        return Retirements()
    desk = _Retiring(requirements, placed, zone)
    for mail, at, trust_tier, one in said:
        desk.hear(one, mail, at, trust_tier)
    return desk.result()


def _said(placed: Placed, texts: Sequence[Text], names: tuple[str, ...]) -> list[tuple[str, datetime, int, Statement]]:
    """All statements in the order of the mails."""
    said = [
        (text.mail, text.received_at, TIERS[text.trust], one)
        for text in texts
        for one in statements(text.subject, text.text, names)
    ]
    for item, _ in placed:
        for pattern, act in _IN_NAME:
            match = pattern.search(item.name)
            if match:
                one = Statement(act=act, object=item.name, files=(item.name,), words=match[0])
                said.append((item.mail, item.received_at, TIERS[item.trust], one))
                break
    return sorted(said, key=lambda entry: (entry[1], entry[0]))


class _Retiring:
    """The pieces of one unit while its statements are heard."""

    def __init__(self, requirements: Sequence[Requirement], placed: Placed, zone: tzinfo) -> None:
        self._lexicon = Lexicon(requirements)
        self._rivals = Rivals(requirements)
        self._by_id = {requirement.id: requirement for requirement in requirements}
        self._zone = zone
        self._retired: dict[Slot, Retired] = {}
        self._preferred: dict[Slot, Retired] = {}
        self._doubts: dict[str, list[Doubt]] = {}
        ordered = sorted(placed, key=lambda one: (one[0].received_at, one[0].mail))
        self._slots: list[tuple[str, Item]] = [
            (id, item)
            for item, placement in ordered
            if not isinstance(item.facts, ArchiveFacts)
            for id in (placement.requirements or ("",))
        ]

    def result(self) -> Retirements:
        """What was said, resolved."""
        doubts = {id: tuple(found) for id, found in self._doubts.items()}
        return Retirements(retired=self._retired, preferred=self._preferred, doubts=doubts)

    def hear(self, one: Statement, mail: str, at: datetime, tier: int) -> None:
        """Apply one statement of one mail."""
        earlier = [
            (id, item)
            for id, item in self._slots
            if (item.received_at, item.mail) < (at, mail)
            and TIERS[item.trust] >= tier
            and (id, item.key) not in self._retired
        ]
        own = [(id, item) for id, item in self._slots if item.mail == mail]
        word = Retired(
            state="withdrawn" if one.act == "withdraw" else "superseded", act=one.act, words=one.words, mail=mail, at=at
        )
        if one.act in ("prefer", "replace"):
            self._replace(one, word, own, earlier)
        elif one.act == "keep":
            self._keep(one, word, earlier)
        else:
            self._take_back(one, word, own, earlier)

    # --- these files take the place of earlier ones ---

    def _replace(
        self, one: Statement, word: Retired, own: list[tuple[str, Item]], earlier: list[tuple[str, Item]]
    ) -> None:
        if one.act == "prefer" and one.pictures and self._pick_pictures(one, word, own, earlier):
            return
        if not own and one.act == "prefer" and earlier:
            # words alone, after the files: 以最后一次报送的为准
            own = of_last_mail(earlier)
            earlier = [slot for slot in earlier if slot[1].mail != own[0][1].mail]
        named = [slot for slot in own if is_named(slot[1], one.files)]
        brought = {id for id, _ in own}
        if one.files and not named and not any(is_named(item, one.files) for _, item in earlier):
            return
        targets = {id for id, _ in named} if named else self._targets(one, brought) or brought
        for target in sorted(targets - {""}):
            new = [item for id, item in (named or own) if id == target]
            old = [item for id, item in earlier if id == target]
            if new and old:
                for item in self._replaced(one, target, new, old):
                    self._retired[(target, item.key)] = word
                self._preferred.update({(target, item.key): word for item in new})

    def _pick_pictures(
        self, one: Statement, word: Retired, own: list[tuple[str, Item]], earlier: list[tuple[str, Item]]
    ) -> bool:
        """选用图1和图2: the other photos that came before no longer count. False when not all of these came before."""
        photos = [(id, i) for id, i in earlier if id in self._by_id and self._by_id[id].category == "photo"]
        there = {photo_number(item.name) for _, item in photos}
        if any(photo_number(item.name) in one.pictures for _, item in own) or not there.issuperset(one.pictures):
            return False
        for id, item in photos:
            slots = self._preferred if photo_number(item.name) in one.pictures else self._retired
            slots[(id, item.key)] = word
        return True

    def _replaced(self, one: Statement, target: str, new: Sequence[Item], old: Sequence[Item]) -> Sequence[Item]:
        """Of the earlier pieces of one requirement those that the new ones replace."""
        requirement = self._by_id[target]
        if one.pictures and requirement.category == "photo":
            return [item for item in old if photo_number(item.name) in one.pictures]
        if limits_of(requirement).most == 1:
            return old
        names = {version_name(item.name) for item in new} - {""}
        numbers = {photo_number(item.name) for item in new} - {None}
        same = [i for i in old if version_name(i.name) in names or photo_number(i.name) in numbers]
        if same and len({version_name(i.name) for i in same}) >= len({i.digest for i in new}):
            return same
        # 更换照片 with fewer new ones than there were: which of them go is left to the rules of choice
        whole = one.act != "replace" or len({i.digest for i in new}) >= len({i.digest for i in old})
        return old if whole else same

    def _keep(self, one: Statement, word: Retired, earlier: list[tuple[str, Item]]) -> None:
        targets = self._targets(one, set()) or {id for id, _ in earlier}
        for target in targets - {""}:
            if len({item.digest for id, item in earlier if id == target}) > 1:
                self._doubt(target, word)

    # --- earlier files no longer count ---

    def _take_back(
        self, one: Statement, word: Retired, own: list[tuple[str, Item]], earlier: list[tuple[str, Item]]
    ) -> None:
        brought = {id for id, _ in own} - {""}
        targets = self._targets(one, brought)
        for group in self._rivals.groups(sorted(targets)):
            if not self._rivals.pick(group, one.object) and not brought & set(group):
                for id in group:
                    self._doubt(id, word)  # one of them, and nobody can tell which
                return
        if one.act == "faulty" and brought and not targets and not one.files:
            targets = brought  # 上一封发错了: what comes instead tells what was wrong
        reach = self._reach(one, earlier)
        meant = [
            (id, item)
            for id, item in (earlier if reach is None else reach)
            if is_meant(one, id, item, targets)
            or (reach is not None and not targets and not one.files and not one.pictures)
        ]
        if not meant and (one.files or one.pictures):
            meant = [(id, item) for id, item in own if is_meant(one, id, item, targets)]
        for id, item in meant:
            state = "superseded" if id in brought and one.act != "withdraw" else "withdrawn"
            self._retired[(id, item.key)] = msgspec.structs.replace(word, state=state)
        if one.act != "withdraw" and meant:
            self._preferred.update({(id, item.key): word for id, item in own if id in {i for i, _ in meant}})
        if one.act == "withdraw" and not meant and not targets and (not one.object or GENERIC.search(one.object)):
            for id in {id for id, _ in earlier} - {""}:
                self._doubt(id, word)

    def _reach(self, one: Statement, earlier: list[tuple[str, Item]]) -> list[tuple[str, Item]] | None:
        """The pieces of the mails a statement speaks of; None when it names no mail."""
        if one.subject:
            wanted = bare(one.subject)
            return [slot for slot in earlier if wanted and bare(slot[1].subject) == wanted]
        if one.previous:
            return of_last_mail(earlier)
        if one.day is not None:
            there = [slot for slot in earlier if self._day(slot[1]) == one.day]
            return there or None
        if one.everything or (one.earlier and GENERIC.search(one.object)):
            return earlier
        return None

    def _day(self, item: Item) -> tuple[int, int]:
        local = item.received_at.astimezone(self._zone)
        return local.month, local.day

    def _targets(self, one: Statement, brought: set[str]) -> set[str]:
        """Requirements that the object names; `brought`: those that the mail itself answers."""
        if one.files or not one.object:
            return set()
        reading = self._lexicon.read(one.object)
        found = set(reading.targets or reading.mentioned)
        for pattern, kinds in _KINDS:
            if not found and pattern.search(one.object):
                found = {id for id, requirement in self._by_id.items() if requirement.category in kinds}
        for group in self._rivals.groups(sorted(found)):
            # 原表 where two tables are asked: the one that comes instead, if one does
            found -= set(group)
            found |= set(self._rivals.pick(group, one.object)) or (set(group) & brought) or set(group)
        return found

    def _doubt(self, id: str, word: Retired) -> None:
        self._doubts.setdefault(id, []).append(Doubt(words=word.words, at=word.at))
