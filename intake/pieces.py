"""The files and links of a mail as rows: what a taken mail brings for the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import msgspec
from sqlmodel import Session

from intake.mail.message import Message
from intake.units.evidence import link_path
from intake.units.identify import Share
from storage.pieces import set_pieces
from storage.tables import MailRow, PieceRow


def write_pieces(session: Session, mail: MailRow, message: Message, shares: Sequence[Share]) -> None:
    """Replace the pieces of a mail by those of `message`; `shares` are those that count elsewhere."""
    assert mail.id is not None  # noqa: S101  # a stored row has its key
    others = {share.path: share for share in shares}
    pieces = list(pieces_in(mail.id, message))
    for piece in pieces:
        share = others.get(piece.path)
        if share is not None:
            piece.unit, piece.trust, piece.notice = share.unit, share.trust, share.notice
    set_pieces(session, mail.id, pieces)


def pieces_in(mail_id: int, message: Message) -> Iterator[PieceRow]:
    """Files first, then cloud links: a link is a piece too, whose content is elsewhere."""
    for number, piece in enumerate(message.attachments):
        yield PieceRow(
            mail_id=mail_id,
            seq=number,
            path=piece.path,
            name=piece.name,
            size=piece.size,
            digest=piece.digest,
            content_type=piece.content_type,
            kind=piece.kind,
            facts=msgspec.json.encode(piece.facts).decode(),
            thumbnail=piece.thumbnail_digest,
            damaged=piece.damaged,
            beside=piece.beside,
        )
    for number, link in enumerate(message.links, start=len(message.attachments)):
        yield PieceRow(
            mail_id=mail_id,
            seq=number,
            path=link_path(number, link.name),
            name=link.name,
            size=link.facts.size,
            digest=hashlib.sha256(link.facts.url.encode()).hexdigest(),
            kind="link",
            facts=msgspec.json.encode(link.facts).decode(),
        )
