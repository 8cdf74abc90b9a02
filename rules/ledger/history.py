"""Every version a unit sent for one requirement, in order of arrival: which one counts, what became of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from rules.item import Item
from rules.ledger.spoken import Retired
from rules.ledger.weighed import Choice, Weighed
from rules.sayings import moment
from rules.verdict import Version, VersionState
from rules.words import version_name

MOST_COPIES = 100
"""Byte-identical copies that are listed for one requirement, the first ones; a loop may send thousands."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the pieces of one requirement when its history is written."""

    choice: Choice
    weighed: Mapping[str, Weighed]
    """By `Item.key`, the pieces that took part in the choice."""
    retired: Mapping[str, Retired]
    """By `Item.key`, the pieces that the unit's words took out."""
    preferred: Mapping[str, Retired]
    """By `Item.key`, the pieces that the unit's words put in."""


def history(sent: Sequence[Item], told: Told, zone: datetime) -> tuple[Version, ...]:
    """One version for each of `sent`, oldest first. `zone`: a time in the zone in which times are written."""
    current = {piece.item.key: piece for piece in told.choice.current}
    waiting = {piece.item.key for piece in told.choice.waiting}
    first: dict[str, Item] = {}
    found: list[Version] = []
    copies = 0
    for item in sorted(sent, key=lambda one: (one.received_at, one.mail)):
        twin = first.setdefault(item.digest, item)
        if item.key in told.retired:
            word = told.retired[item.key]
            found.append(_version(item, word.state, _said(word)))
        elif item.key in current:
            found.append(_version(item, "current", _chosen(current[item.key], told)))
        elif twin is not item or any(item.digest == piece.item.digest for piece in current.values()):
            copies += 1
            same = twin if twin is not item else next(p.item for p in current.values() if p.item.digest == item.digest)
            if copies <= MOST_COPIES:
                found.append(_version(item, "duplicate", f"与{moment(same.received_at, zone)}的“{same.name}”内容相同"))
        elif item.key in waiting:
            found.append(_version(item, "pending", "来自未登记或未经核验的邮箱，待核实，未计入"))
        else:
            found.append(_version(item, "superseded", _passed_over(item, told)))
    return tuple(found)


def _version(item: Item, state: VersionState, why: str) -> Version:
    return Version(
        name=item.name,
        sha256=item.digest,
        size=item.size,
        key=item.key,
        path=item.path,
        message_id=item.message_id,
        received_at=item.received_at,
        state=state,
        why=why,
    )


def _said(word: Retired) -> str:
    if word.state == "withdrawn":
        return f"来信“{word.words}”，不再计入"
    return f"来信“{word.words}”，由后来的文件取代"


def _chosen(piece: Weighed, told: Told) -> str:
    """Why it counts."""
    word = told.preferred.get(piece.item.key)
    if word is not None:
        kind = "更正后的文件" if word.act in ("replace", "faulty") else "按来信采用"
        return f"{kind}（来信“{word.words}”）"
    rivals = [one for one in told.weighed.values() if one.item.digest != piece.item.digest]
    if not rivals:
        return "只收到这一件"
    if piece.rank < 2:
        return "没有合格件，取最新一件" if piece.rank == 0 else "没有可确认合格的，取最新一件，待核"
    left = [one for one in rivals if all(one.item.key != p.item.key for p in told.choice.current)]
    if not left:
        return "合格"
    later = any(one.item.received_at > piece.item.received_at for one in left)
    return "最新的合格件（其后来件未采用）" if later else "最新的合格件"


def _passed_over(item: Item, told: Told) -> str:
    """Why it does not count."""
    mine = told.weighed.get(item.key)
    current = told.choice.current
    if not current:
        return "未采用"
    trouble = mine.trouble if mine is not None else None
    if trouble is not None and mine is not None and mine.rank < min(piece.rank for piece in current):
        return f"未采用：{trouble.says}"
    name = version_name(item.name)
    heir = next((p.item for p in current if name and version_name(p.item.name) == name), current[-1].item)
    if heir.received_at > item.received_at:
        return f"由后来的“{heir.name}”取代"
    return f"未采用，仍以“{heir.name}”为准"
