"""Which pieces count for a requirement now, out of everything a unit sent over many mails.

The law, in the order it is applied:

1. Mails are taken in order of arrival; mails of the same moment in order of their digests. Byte-identical
   copies are one piece: of the most trusted sender's the best (a new name may mend it), of equals the first.
2. A later mail's file of the same name (version marks such as 修改版 aside) replaces the earlier one, unless it
   is worse: a sound piece is better than one we are unsure of, and that is better than a faulty one.
3. Pieces from less trusted senders count only where the more trusted ones brought too few, faulty ones included:
   the registered address verified, the same not verified, unknown senders, those that failed verification. So they
   add, but never displace; what is left of them waits until the coordinator has confirmed it.
4. Sound pieces alone count when they are enough; else doubtful ones too; else the faulty as well, so that the
   unit hears what to mend. A faulty piece that came in one mail with all the sound ones, where the notice has
   room for it, was meant to count: it is told too, until a later mail brings another sound one.
5. More than the notice allows: one mail that alone brings too many is told so, unless other mails have enough;
   otherwise the newest mails count first.
6. A piece that the unit's own word puts in the place of others (以此件为准) counts besides, faulty or not, as far as
   the notice has room. What such words take out never comes here (`rules.ledger.retire`).

So a repeated file changes nothing, a worse file never spoils what was in order, and a sound one never harms.
A piece that was replaced is not spoken of; one that came last and was not taken is a note.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rules.item import TIERS
from rules.ledger.choice_notes import beaten_notes, outsider_notes, surplus_notes
from rules.ledger.weighed import Choice, Limits, Weighed
from rules.words import version_name


def choose(pieces: Iterable[Weighed], limits: Limits, insisted: Collection[str] = ()) -> Choice:
    """The pieces that count now, by the law of this module. `pieces` in any order of mails.

    `insisted`: keys of pieces that count by the unit's own word (以此件为准), as far as the notice has room.
    """
    ordered = sorted(pieces, key=_arrival)
    pool: list[Weighed] = []
    waiting: list[Weighed] = []
    beaten: list[Weighed] = []
    distinct = _distinct(ordered)
    for trust in TIERS:
        tier = [piece for piece in distinct if piece.item.trust == trust]
        if len(pool) >= limits.least:
            waiting += tier
        else:
            kept, lost = _newest_versions(tier)
            pool += kept
            beaten += lost
    enough = _enough(pool, limits.least)
    enough += _companions(pool, enough, limits)
    beaten += [piece for piece in pool if piece not in enough]
    current, surplus = _fit(enough, limits)
    for piece in pool:
        if piece.item.key in insisted and piece not in current and (limits.most is None or len(current) < limits.most):
            current.append(piece)
    beaten = [piece for piece in beaten if piece not in current]
    current.sort(key=_arrival)
    notes = [*outsider_notes(waiting), *beaten_notes(beaten, current), *surplus_notes(surplus, current, limits)]
    return Choice(current=tuple(current), notes=tuple(notes), waiting=tuple(waiting))


def _arrival(piece: Weighed) -> tuple[float, str]:
    return piece.item.received_at.timestamp(), piece.item.mail


def _worth(piece: Weighed) -> tuple[int, int]:
    return TIERS[piece.item.trust], -piece.rank


def _distinct(ordered: Sequence[Weighed]) -> list[Weighed]:
    """One piece for each content, at its place in the order."""
    best: dict[str, Weighed] = {}
    for piece in ordered:
        known = best.get(piece.item.digest)
        if known is None or _worth(piece) < _worth(known):
            best[piece.item.digest] = piece
    return sorted(best.values(), key=_arrival)


def _newest_versions(ordered: Sequence[Weighed]) -> tuple[list[Weighed], list[Weighed]]:
    """Of files of one name the best, of equals the newest mail's; and the newer ones that were worse."""
    groups: dict[str, list[Weighed]] = {}
    kept: list[Weighed] = []
    lost: list[Weighed] = []
    for piece in ordered:
        name = version_name(piece.item.name)
        if name:
            groups.setdefault(name, []).append(piece)
        else:
            kept.append(piece)
    for versions in groups.values():
        if len({piece.item.mail for piece in versions}) < len(versions):
            # one mail has two files of this name (in two folders): then the name does not tell versions
            kept += versions
            continue
        best = max(piece.rank for piece in versions)
        newest = [piece for piece in versions if piece.rank == best][-1]
        kept.append(newest)
        lost += [piece for piece in versions if _arrival(piece) > _arrival(newest)]
    return sorted(kept, key=_arrival), lost


def _enough(pool: Sequence[Weighed], least: int) -> list[Weighed]:
    """The sound pieces if they are enough, else those not faulty, else all."""
    for rank in (2, 1):
        good = [piece for piece in pool if piece.rank >= rank]
        if len(good) >= least:
            return good
    return list(pool)


def _companions(pool: Sequence[Weighed], enough: Sequence[Weighed], limits: Limits) -> list[Weighed]:
    """Faulty pieces of the one mail that brought all that is in order, as far as the notice has room for them."""
    mails = {piece.item.mail for piece in enough}
    if limits.most == 1 or len(mails) != 1:
        return []
    room = len(pool) if limits.most is None else max(0, limits.most - len(enough))
    faulty = [piece for piece in pool if piece.rank == 0 and piece.item.mail in mails and piece not in enough]
    return faulty[:room] if len(faulty) <= room else []


def _fit(pieces: list[Weighed], limits: Limits) -> tuple[list[Weighed], list[Weighed]]:
    """At most as many as allowed, and the rest; whole when one mail alone brings too many."""
    if limits.most is None or len(pieces) <= limits.most:
        return pieces, []
    usable = [piece for piece in pieces if piece.rank > 0]
    if len(usable) >= limits.least:
        groups = _by_mail(usable)
        small = [group for group in groups if len(group) <= limits.most]
        if sum(map(len, small)) < limits.least or not limits.strict:
            chosen = groups[0]
        else:
            chosen = [piece for group in small for piece in group][: limits.most]
    else:
        chosen = usable
        for group in _by_mail([piece for piece in pieces if piece.rank == 0]):
            if len(chosen) >= limits.most:
                break
            chosen = chosen + group
    keys = {piece.item.key for piece in chosen}
    return [p for p in pieces if p.item.key in keys], [p for p in pieces if p.item.key not in keys]


def _by_mail(pieces: Sequence[Weighed]) -> list[list[Weighed]]:
    """Mail by mail, the most trusted senders first, among them the newest first."""
    groups: dict[str, list[Weighed]] = {}
    for piece in pieces:
        groups.setdefault(piece.item.mail, []).append(piece)
    newest_first = sorted(groups.values(), key=lambda group: _arrival(group[0]), reverse=True)
    return sorted(newest_first, key=lambda group: TIERS[group[0].item.trust])
