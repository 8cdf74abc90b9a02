"""Which piece a statement means: by file name, by the number of a picture, among the requirements that it names."""

from __future__ import annotations

from collections.abc import Iterable

from rules.captioning.photo_names import photo_number
from rules.item import Item
from rules.ledger.statements import Statement
from rules.placing.rivals import last_number
from rules.words import bare, stem


def is_meant(one: Statement, id: str, item: Item, targets: set[str]) -> bool:
    """True when the statement means this piece of this requirement; `targets`: requirements that it names."""
    if one.files:
        return is_named(item, one.files)
    if one.pictures:
        return photo_number(item.name) in one.pictures
    numbered = one.number is None or id not in targets or last_number(item.name) == one.number
    return id in targets and numbered


def is_named(item: Item, names: Iterable[str]) -> bool:
    """True when the piece bears one of the names, suffixes aside."""
    return bare(stem(item.name)) in {bare(stem(name)) for name in names}


def of_last_mail(slots: list[tuple[str, Item]]) -> list[tuple[str, Item]]:
    """The pieces of the newest mail among these, which are in order of arrival."""
    return [slot for slot in slots if slot[1].mail == slots[-1][1].mail]
