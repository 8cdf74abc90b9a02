"""What is told of pieces that were not taken: outsiders that wait, worse ones that came later, what is too many."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from rules.finding import Finding
from rules.ledger.weighed import Limits, Weighed
from rules.words import version_name

_WAITS = {
    "unproven": ("unverified-sender", "另收到“{}”，该信发件人尚待核实，暂未计入，仍以先前经核实的来件为准，无需重发。"),
    "unknown": ("unknown-sender", "另收到未登记邮箱发来的“{}”，未计入，仍以登记邮箱的来件为准。"),
    "unverified": ("unverified-sender", "另收到来源未经核实的邮箱发来的“{}”，未计入，仍以登记邮箱的来件为准。"),
}
"""Code and sentence about a piece that waits, by the trust in its sender."""


def outsider_notes(waiting: Sequence[Weighed]) -> list[Finding]:
    """Pieces of less trusted senders that wait."""
    return [
        Finding(
            code=_WAITS[piece.item.trust][0],
            outcome="note",
            says=_WAITS[piece.item.trust][1].format(piece.item.name),
            file=piece.item.path,
            about=piece.item.key,
        )
        for piece in waiting
    ]


def beaten_notes(beaten: Sequence[Weighed], current: Sequence[Weighed]) -> list[Finding]:
    """About pieces that came last and were not taken; older ones were simply mended."""
    if not current:
        return []
    newest = max(piece.item.received_at for piece in current)
    notes = []
    for piece in beaten:
        trouble = piece.trouble
        if piece.item.received_at < newest or trouble is None:
            continue
        kept = next((p for p in current if version_name(p.item.name) == version_name(piece.item.name)), current[-1])
        together = piece.item.mail == kept.item.mail
        says = (
            f"“{piece.item.name}”未计入：{_bare(trouble.says, piece.item.name)}"
            if together
            else f"后收到的“{piece.item.name}”未采用，仍以先前的“{kept.item.name}”为准：{trouble.says}"
        )
        notes.append(
            msgspec.structs.replace(
                trouble,
                outcome="note",
                says=says,
                fix=f"如需采用，{trouble.fix}" if trouble.fix else "",  # nothing is asked of the unit
                file=piece.item.path,
                about=piece.item.key,
            )
        )
    return notes


def _bare(says: str, name: str) -> str:
    """The sentence without the name at its beginning, which stands before it already."""
    return re.sub(rf"^(?:图片|文件|文档|视频)?“{re.escape(name)}”", "", says)


def surplus_notes(surplus: Sequence[Weighed], current: Sequence[Weighed], limits: Limits) -> list[Finding]:
    """Several mails together brought more than allowed: say which pieces are used."""
    if not surplus or not limits.strict or not all(piece.rank > 0 for piece in surplus):
        return []
    used = "、".join(f"“{piece.item.name}”" for piece in current)
    return [
        Finding(
            code="too-many",
            outcome="note",
            says=f"先后共收到{len(surplus) + len(current)}件，要求不超过{limits.most}件，现采用{used}。",
            fix="如需改用其他几件，请回信说明。",
            expected=f"不超过{limits.most}件",
            measured=f"{len(surplus) + len(current)}件",
        )
    ]
