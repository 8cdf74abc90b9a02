"""Settling one unit: judge everything it has sent so far, and write the verdict and the reply it calls for together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
import structlog
from sqlmodel import Session

from intake.amended_letter import tell_change
from intake.amending import in_time_until
from intake.office import Campaign, Office
from intake.replying import digest_of, reply_if_due
from intake.verdicts import store_verdict
from intake.view import link_key
from rules.decision import RULINGS, Decision
from rules.facts import Facts, Unreadable
from rules.item import Item, Text
from rules.judge import judge
from rules.unit import Unit
from rules.verdict import Verdict
from storage import also, board, inbox
from storage.errors import DISK_AWAY, Refused, Temporary
from storage.pieces import facts_within, pieces_of
from storage.tables import BoardRow, DecisionRow, MailRow, PieceRow

log = structlog.get_logger()

ROOM = 4 << 20
"""Characters of facts that are judged together for one unit, the largest files left to a person: in memory they are
thirty times as much."""


def settle(office: Office, campaign: Campaign, code: str, now: datetime, *, again: bool = False) -> Verdict:
    """Judge a unit anew and, when it may and should be told, put the letter into the outbox: one transaction.

    `again`: tell a unit that was answered also what only our judging anew changed, after a rule was corrected.
    """
    notice, unit = campaign.notice, campaign.units[code]
    with office.database.writing() as session:
        mails = inbox.mails_of_unit(session, notice.id, code)
        decisions = board.decisions(session, notice.id, code)
        verdict = verdict_of(session, campaign, unit, mails, decisions, now)
        deadline = extended_to(decisions) or notice.deadline
        row = session.get(BoardRow, (notice.id, code)) or BoardRow(notice=notice.id, unit=code)
        before = msgspec.json.decode(row.verdict, type=Verdict) if row.verdict else None
        digest = digest_of(verdict)
        tell_change(office, session, campaign, unit, row, before, verdict, mails, deadline, digest, now, again)
        decided = row.judged_at is not None and any(one.at >= row.judged_at for one in decisions)
        row.dirty, row.judged_at, row.error = False, now, ""
        row.verdict_digest = digest
        store_verdict(session, row, verdict)
        decided_on = before if decided else None
        reply_if_due(office, session, campaign, unit, verdict, mails, deadline, now, decided_on=decided_on)
    return verdict


def settle_safely(office: Office, campaign: Campaign, code: str, now: datetime) -> None:
    """`settle`, with our own mistakes caught once per unit: it is shown in 待办, the other units go on."""
    try:
        settle(office, campaign, code, now)
    except (Temporary, Refused):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK_AWAY:
            raise Temporary("磁盘已满或只读，结论暂未保存，稍后会自动继续。请清理磁盘。") from error
        log.exception("unit cannot be judged", unit=code)
        with office.database.writing() as session:
            board.mark_failed(session, campaign.notice.id, code, f"{type(error).__name__}: {error}"[:300])


def verdict_of(
    session: Session,
    campaign: Campaign,
    unit: Unit,
    mails: Sequence[MailRow],
    decided: Sequence[DecisionRow],
    now: datetime | None = None,
) -> Verdict:
    """The verdict over these mails and what was `decided` about the unit, computed anew; nothing is written."""
    pieces = pieces_of(session, mails)
    facts = facts_within(session, pieces, ROOM)
    place = _Place(campaign.notice.id, unit.code, frozenset(also.also_for(session, campaign.notice.id, unit.code)))
    linked = any(piece.kind == "link" for found in pieces.values() for piece in found)
    done = {r.value for r in board.all_decisions(session, campaign.notice.id) if r.kind == "done"} if linked else set()
    return judge(
        campaign.notice,
        unit,
        [item for mail in mails for item in _items(mail, pieces.get(mail.id or 0, []), facts, place, done)],
        [_text(mail, place) for mail in mails],
        forms=campaign.forms,
        decisions=[_decision(row) for row in decided if row.kind in RULINGS],
        deadline=extended_to(decided),
        in_time=in_time_until(session, campaign.notice, extended_to(decided), now or datetime.now(UTC)),
        mails=[m.message_id for m in mails],
        now=now,
        basis=campaign.basis,
    )


def extended_to(decided: Sequence[DecisionRow]) -> datetime | None:
    """The unit's own deadline after an extension, None when it was granted none."""
    extended = [datetime.fromisoformat(row.value) for row in decided if row.kind == "extend"]
    return extended[-1] if extended else None


class _Place(NamedTuple):
    """Where pieces count."""

    notice: str
    unit: str
    also: frozenset[int]
    """Mails of other notices that are this unit's here."""

    def holds(self, mail: MailRow, piece: PieceRow) -> bool:
        """A mail may bring the pieces of several units, and of several notices."""
        return (piece.unit or mail.unit) == self.unit and (piece.notice or mail.notice) == self.notice


def _items(
    mail: MailRow, pieces: Sequence[PieceRow], facts: Mapping[int, str], place: _Place, done: Collection[str]
) -> list[Item]:
    """The pieces of a mail that count in this place. `facts` by piece; `done`: settled `Todo.key`s."""
    return [
        Item(
            name=piece.name,
            path=piece.path,
            size=piece.size,
            digest=piece.digest,
            facts=msgspec.json.decode(facts[piece.id or 0], type=Facts) if piece.id in facts else _too_much(piece),
            mail=mail.sha256,
            message_id=mail.message_id,
            received_at=mail.received_at,
            trust=piece.trust or mail.trust,  # type: ignore[arg-type]  # a Trust, stored as text
            subject=mail.subject,
            thumbnail=piece.thumbnail,
            damaged=piece.damaged,
            fetched=piece.kind == "link" and link_key(place.unit, piece.digest) in done,
            beside=piece.beside,
        )
        for piece in pieces
        if place.holds(mail, piece)
    ]


def _too_much(piece: PieceRow) -> Unreadable:
    return Unreadable(reason="too-large", detail="the files of this unit hold too much together", format=piece.kind)


def _text(mail: MailRow, place: _Place) -> Text:
    """The words of a mail; what another unit writes takes nothing back that this unit sent."""
    return Text(
        mail=mail.sha256,
        received_at=mail.received_at,
        subject=mail.subject,
        text=mail.text,
        handed_on=mail.handed_on,
        trust=mail.trust if mail.unit == place.unit or mail.id in place.also else "unknown",  # type: ignore[arg-type]  # a Trust, stored as text
    )


def _decision(row: DecisionRow) -> Decision:
    return Decision(kind=row.kind, requirement=row.requirement, note=row.note, at=row.at, seen=row.seen)  # type: ignore[arg-type]  # stored as text
