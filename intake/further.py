"""A mail for several notices: whose it is in the roster of each, and which of its files count where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from sqlmodel import Session

from intake.decisions import confirmed_unit
from intake.mail.message import Message
from intake.mail.verification import proof_of
from intake.office import Campaign, Office
from intake.units.identify import Identification, Share, identify
from rules.item import Trust
from rules.routing.decide import Route
from storage import also, board, inbox
from storage.tables import AlsoRow, MailRow


class Further(msgspec.Struct, frozen=True, kw_only=True):
    """A further notice that some files of a mail answer."""

    notice: str
    unit: str
    trust: Trust


def whose(office: Office, campaign: Campaign, message: Message) -> Identification:
    """The unit of a mail by the roster of one notice, with what the coordinator confirmed.

    Most senders cannot be verified, and nothing is made of that. Where the unit's mails could be, one that cannot is
    trusted less: it adds to them and never displaces them.
    """
    address, server = message.author.address, office.config.imap.authserv_id
    with office.database.reading() as session:
        confirmed = confirmed_unit(session, office.campaigns, campaign, address)
        found = identify(message, campaign.index, confirmed=confirmed, authserv_id=server)
        doubt = found.trust == "registered" and found.unit is not None and proof_of(message, server).weak
        if not doubt or not inbox.was_proven(session, campaign.notice.id, found.unit or "", address):
            return found
    shares = tuple(
        msgspec.structs.replace(share, trust="unproven") if share.trust == "registered" else share
        for share in found.shares
    )
    return msgspec.structs.replace(found, trust="unproven", shares=shares)


def further(office: Office, routed: Route, found: Identification, message: Message) -> list[Further] | None:
    """The further notices of a mail; None when a unit is not clear in one of them, so that a person must say.

    `found`: whose the mail is in its first notice.
    """
    others = list(dict.fromkeys(routed.shares.values()))
    if others and found.shares:
        return None
    rows = []
    for id in others:
        there = whose(office, office.campaigns[id], message) if id in office.campaigns else None
        if there is None or there.unit is None or there.shares:
            return None
        rows.append(Further(notice=id, unit=there.unit, trust=there.trust))
    return rows


def shares_of(routed: Route, rows: Sequence[Further]) -> Iterator[Share]:
    """The files that count for the further notices."""
    by_notice = {row.notice: row for row in rows}
    for path, id in routed.shares.items():
        yield Share(path=path, unit=by_notice[id].unit, trust=by_notice[id].trust, notice=id)


def note_further(session: Session, mail: MailRow, rows: Sequence[Further]) -> None:
    """Take down the further notices: their units want a new verdict, and an answer where the mail may be answered."""
    assert mail.id is not None  # noqa: S101  # a stored row has its key
    new = [
        AlsoRow(
            mail_id=mail.id,
            notice=row.notice,
            unit=row.unit,
            reply_allowed=mail.reply_allowed,
            reply_why=mail.reply_why,
            reply_open=mail.reply_open,
        )
        for row in rows
    ]
    also.set_also(session, mail.id, new)
    for row in rows:
        board.touch(session, row.notice, row.unit)
