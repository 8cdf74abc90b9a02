"""Which requirement does each file answer: by name, type and content, with the reason kept.

Nothing is guessed at a unit's cost: what could answer several requirements is left to a person, with the
candidates named, and what is no answer at all (a covering letter, a visiting card) is left aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from rules.facts import ImageFacts, TableFacts, TextFacts
from rules.item import Item, Text
from rules.kinds import alike, kind_of
from rules.notice import Requirement
from rules.placing.desk import Desk
from rules.placing.found import Found, set_aside
from rules.placing.looks import look
from rules.placing.pasted import with_pictures
from rules.placing.rivals import told_apart
from rules.placing.sections import with_sections
from rules.placing.topic import Topic, foreign
from rules.words import bare, stem

_LONGEST_CAPTION = 300
"""Characters of a text that may be the caption of one photo."""


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """Where one file belongs. Neither requirements nor candidates: it answers nothing."""

    item_key: str
    requirements: tuple[str, ...] = ()
    why: str
    """The reason, for the coordinator."""
    confidence: float = 1.0
    """0 to 1; below 0.5 nothing is placed."""
    candidates: tuple[str, ...] = ()
    """Requirement ids between which nobody can tell."""


def place(
    requirements: Sequence[Requirement],
    items: Sequence[Item],
    *,
    forms: Mapping[str, TableFacts] | None = None,
    topic: Topic | None = None,
    texts: Sequence[Text] = (),
) -> tuple[Placement, ...]:
    """One placement for each item, in the order of the items.

    `forms`: blank forms by requirement id; `topic`: of the notice, to tell what is about something else;
    `texts`: the words of the mails.
    """
    desk = Desk(requirements, forms or {})
    # the same file is read once, however often it was sent
    seen: dict[tuple[str, str, str], Found] = {}
    found: list[Found] = []
    for item in items:
        key = (item.path, item.digest, item.subject)
        if key not in seen:
            seen[key] = told_apart(desk.rivals, item, desk.find(item))
        found.append(seen[key])
    found = _without_spares(desk, items, found)
    found = _without_captions(items, found)
    pictured = {target for f, item in zip(found, items, strict=True) if look(item) == "picture" for target in f.ids}
    found = [with_pictures(desk, item, f, pictured) for item, f in zip(items, found, strict=True)]
    if topic is not None:
        found = _about_ours(topic, desk, items, found, texts)
    found = with_sections(desk, items, found)
    answered = {target for f in found for target in f.ids}
    lonely = _lonely_mails(items, found)
    final = [desk.settle(item, f, answered, item.mail in lonely) for item, f in zip(items, found, strict=True)]
    return tuple(
        Placement(item_key=i.key, requirements=f.ids, why=f.why, confidence=f.confidence, candidates=f.candidates)
        for i, f in zip(items, final, strict=True)
    )


def _without_spares(desk: Desk, items: Sequence[Item], found: Sequence[Found]) -> list[Found]:
    """Posters and screenshots count only where no photo came, and then only for what is wrong with their format."""
    real = {target for f in found if not f.spare for target in f.ids}
    kept = []
    for item, f in zip(items, found, strict=True):
        wrong = all(
            desk.by_id[id].formats and not any(alike(kind_of(item.facts), one) for one in desk.by_id[id].formats)
            for id in f.ids
        )
        keep = not f.spare or (wrong and not real & set(f.ids))
        kept.append(f if keep else Found(candidates=f.ids or f.candidates, why=f.why))
    return kept


def _without_captions(items: Sequence[Item], found: Sequence[Found]) -> list[Found]:
    """A short text beside a photo of the same name (图1.jpg, 图1.txt) is what the photo shows."""
    photos = {(item.mail, bare(stem(item.name))) for item in items if isinstance(item.facts, ImageFacts)}
    kept = []
    for item, f in zip(items, found, strict=True):
        facts = item.facts
        short = isinstance(facts, TextFacts) and not facts.pictures and facts.characters < _LONGEST_CAPTION
        said = short and not f.ids and (item.mail, bare(stem(item.name))) in photos
        kept.append(set_aside("captions") if said else f)
    return kept


def _about_ours(
    topic: Topic, desk: Desk, items: Sequence[Item], found: Sequence[Found], texts: Sequence[Text]
) -> list[Found]:
    """What is plainly about something else is nobody's answer, but a candidate."""
    around: dict[str, list[str]] = {text.mail: [text.text, text.handed_on] for text in texts}
    for item in items:
        around.setdefault(item.mail, []).extend((item.subject, item.path, *_opening(item)))
    kept: list[Found] = []
    for item, f in zip(items, found, strict=True):
        category = desk.by_id[f.ids[0]].category if f.ids else "other"
        other = foreign(topic, item, category, around[item.mail]) if f.ids and not f.settled else ""
        why = f"名称或标题写的是“{other}”，看不出与本通知有关"
        kept.append(Found(candidates=f.ids, why=why, confidence=0.3) if other else f)
    return kept


def _opening(item: Item) -> tuple[str, ...]:
    return (item.facts.text[:2000],) if isinstance(item.facts, TextFacts) else ()


def _lonely_mails(items: Sequence[Item], found: Sequence[Found]) -> set[str]:
    """Mails with exactly one undecided file: only there the subject can be about that file."""
    count: dict[str, int] = {}
    for item, f in zip(items, found, strict=True):
        if f.undecided:
            count[item.mail] = count.get(item.mail, 0) + 1
    return {mail for mail, n in count.items() if n == 1}
