"""Pictures that were pasted into a document instead of being sent as files."""

from __future__ import annotations

from rules.facts import TableFacts, TextFacts
from rules.item import Item
from rules.placing.desk import Desk
from rules.placing.found import Found, merged, set_aside
from rules.placing.rivals import told_apart
from rules.words import stem

_PASTED_SIDE = 400
"""Pixels; a picture in a document of at least this long side was meant to be looked at."""


def with_pictures(desk: Desk, item: Item, found: Found, pictured: set[str]) -> Found:
    """A document with pasted pictures is the unit's answer to the photos when it sent no picture file."""
    facts = item.facts
    if not isinstance(facts, TextFacts | TableFacts) or not facts.pictures or not desk.picture:
        return found
    named = bool(set(desk.lexicon.read(stem(item.name)).targets) & set(desk.picture))
    if isinstance(facts, TextFacts) and facts.scanned and not named:
        return found  # its pictures are its pages
    about_pictures = (
        found.aside == "captions"
        or (found.undecided and isinstance(facts, TextFacts) and facts.characters < 200 * len(facts.pictures))
        or named
    )
    # a picture in a workbook is a letterhead, unless the name of the workbook speaks of photos
    if found.ids and not about_pictures and (isinstance(facts, TableFacts) or not _meant_as_photos(desk, facts)):
        return found
    if not found.ids and not about_pictures:
        return found
    meant = told_apart(desk.rivals, item, Found(ids=desk.picture, why="图片贴在文档里，没有另发图片文件"))
    if set(meant.ids or meant.candidates) <= pictured:
        return found if found.ids else set_aside("captions")
    ids = tuple(id for id in meant.ids if id not in pictured)
    if not ids:
        return found if found.ids else meant
    why = f"{found.why}；{meant.why}" if found.ids else meant.why
    return Found(ids=merged(found.ids, ids), why=why, confidence=0.8, settled=True)


def _meant_as_photos(desk: Desk, facts: TextFacts) -> bool:
    """Whether pictures in another paper are worth a word: only where the notice wants picture files."""
    wants_files = all(desk.by_id[id].formats for id in desk.picture)
    return wants_files and any(max(p.width, p.height) >= _PASTED_SIDE for p in facts.pictures)
