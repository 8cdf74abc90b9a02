"""What a bounce calls for: the address is marked, and the letter goes once more, to the unit's other address.

A permanent failure (RFC 3463, 5.x.x) is believed at once. A passing one (4.x.x) waits for a second within
`SOFT_SPAN`: servers tell of a delay first and give up days later, often with the same code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime

from sqlmodel import Session

from intake.mail.bounces import meaning, status_of
from intake.mail.letter import message_id_of
from intake.mail.message import Message
from intake.office import Office
from storage import board, outbox
from storage.tables import LetterRow, MailRow

SOFT = "soft-bounce:"
"""Beginning of the fact that an address failed for the time being, and when."""
SOFT_SPAN = timedelta(days=7)
LETTER_SPAN = timedelta(days=7)
"""Servers give up after five days at the latest (RFC 5321, 4.5.4.1)."""
AGAIN = ":again"
"""End of the key of a letter that goes to another address."""


def take_bounce(office: Office, session: Session, mail: MailRow, message: Message, now: datetime) -> str:
    """Note what a bounce says of each address, send the letter elsewhere; a phrase for each, for the ledger."""
    told = []
    for address, status in message.final_recipients:
        phrase = f"{address} {meaning(status)}"
        letter = _letter(session, message, address, mail.received_at)
        if letter is None and now - mail.received_at > office.config.replies.not_older_than:
            continue  # from before our time: the address may have been mended since
        if status.startswith("5") or (status.startswith("4") and _second(session, address, mail)):
            board.mark_undeliverable(session, address, f"退信，{meaning(status)}", mail.received_at)
            other = _elsewhere(office, session, letter, now) if letter is not None else ""
            phrase += f"，已改寄 {other}" if other else ""
        told.append(phrase)
    return "，".join(told[:5])


def take_refusal(office: Office, session: Session, letter: LetterRow, answer: str, now: datetime) -> None:
    """Our own server refused the recipient of a letter for good: where it says that the address is the reason, the
    address is marked, and the letter goes elsewhere. A server that finds us too fast says nothing of the address."""
    status = status_of(answer)
    if not status.startswith(("5.1.", "5.2.")):
        return
    board.mark_undeliverable(session, letter.to, f"发送被拒，{meaning(status)}", now)
    other = _elsewhere(office, session, letter, now)
    if other:
        letter.state, letter.last_error = "dropped", f"{answer}，已改寄 {other}"


def _letter(session: Session, message: Message, address: str, before: datetime) -> LetterRow | None:
    """The letter that came back: the one that the bounce names, else the newest to that address."""
    ids = [message.in_reply_to, *message.references, *message.header("original-message-id")]
    named = outbox.find_by_message_id(session, [one for one in ids if one])
    if named is not None and named.to.lower() == address:
        return named
    return outbox.newest_to(session, address, before - LETTER_SPAN, before + timedelta(minutes=5))


def _second(session: Session, address: str, mail: MailRow) -> bool:
    """True when the address failed for the time being before, by another bounce."""
    known = board.known_fact(session, SOFT + address)
    digest, _, at = (known or "").partition(" ")
    if known and digest != mail.sha256 and abs(mail.received_at - datetime.fromisoformat(at)) <= SOFT_SPAN:
        return True
    board.set_fact(session, SOFT + address, f"{mail.sha256} {mail.received_at.isoformat()}")
    return False


def _elsewhere(office: Office, session: Session, letter: LetterRow, now: datetime) -> str:
    """Send the same letter once to the unit's next address, in the same thread; the address, "" when there is none."""
    campaign = office.campaigns.get(letter.notice or "")
    unit = campaign.units.get(letter.unit or "") if campaign is not None else None
    if unit is None or letter.key.endswith(AGAIN):
        return ""
    dead = board.undeliverable(session)
    to = next((one for one in unit.addresses if one not in dead and one != letter.to), "")
    if not to:
        return ""
    key = letter.key + AGAIN
    raw = readdressed(office.blobs.read(letter.raw), to, message_id_of(key, office.domain), now)
    row = LetterRow(
        key=key,
        kind=letter.kind,
        message_id=message_id_of(key, office.domain),
        notice=letter.notice,
        unit=letter.unit,
        rung=letter.rung,
        to=to,
        subject=letter.subject,
        raw=office.blobs.write(raw, office.spool),
        verdict_digest=letter.verdict_digest,
        created_at=now,
        due=now,
    )
    return to if outbox.enqueue(session, row) is not None else ""


def readdressed(raw: bytes, to: str, message_id: str, date: datetime) -> bytes:
    """A letter of ours with another recipient, a Message-ID and a date of its own; nothing else is touched."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    new = {"to": to, "message-id": message_id, "date": format_datetime(date)}
    return b"\r\n".join(_changed(head, new)) + blank + body


def _changed(head: bytes, new: dict[str, str]) -> Iterator[bytes]:
    for field in re.split(rb"\r\n(?![ \t])", head):
        name = field.partition(b":")[0]
        value = new.get(name.decode("ascii").lower())
        yield field if value is None else name + b": " + value.encode("ascii")
