"""The headers of a message as values: who, when, which thread, and the marks that classing and answering need."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from intake.mail.addresses import doubtful, mailboxes, other_readings
from intake.mail.charset import decode, one_line
from intake.mail.classify import Own
from intake.mail.encoded import decode_header
from intake.mail.message import Address, Link, Message
from intake.mail.source import Source
from intake.mail.tree import MAX_HEADER_BLOCK, Budget, Part, TooMuch, build

MAX_REFERENCES = 100
MAX_KEPT = 60
"""Values of one header that are kept."""
MAX_VALUE = 2000

_ID = re.compile(r"<[^<>\s]{1,900}>")
_BARE_ID = re.compile(r"[^<>\s]{1,400}@[^<>\s]{1,400}")
_KEPT = frozenset(
    re.findall(
        r"\S+",
        "return-path auto-submitted precedence x-precedence delivered-to x-original-to envelope-to to cc"
        " from sender reply-to resent-to resent-cc resent-from errors-to"
        " authentication-results arc-authentication-results received-spf"
        " dkim-signature x-spam-flag x-spam-status x-spam-level x-spam x-failed-recipients"
        " x-loop x-ack x-autoreply x-autorespond x-autoresponder x-autoreply-from x-auto-reply x-auto-response"
        " x-auto-response-suppress x-auto-generated x-fc-machinegenerated x-ms-exchange-message-is-ndr"
        " x-ms-exchange-inbox-rules-loop x-ms-exchange-generated-message-source x-feedback-type feedback-id"
        " mailing-list x-mailing-list x-mailer x-mailman-version x-campaign x-campaignid disposition-notification-to"
        " return-receipt-to x-confirm-reading-to content-class x-ms-tnef-correlator original-message-id"
        " content-type received x-qq-mailer x-originating-ip x-shouqi-loop",
    )
)
_KEPT_STARTS = ("list-", "x-list-")
_NUMERIC_ZONE = re.compile(r"[+-]\d{4}\b")


def message(
    root: Part,
    own: Own,
    *,
    other_authors: set[str],
    content_types: tuple[str, ...],
    text: str,
    quoted: str,
    signature: str,
    links: tuple[Link, ...],
    enclosed_from: tuple[Address, ...],
    final_recipients: tuple[tuple[str, str], ...],
    defects: tuple[str, ...],
) -> Message:
    """The message from its headers and the parts already understood.

    `other_authors` are the From addresses that mail-parser reads; an empty set says nothing.
    """
    headers_from = root.raw_all("from")
    from_ = _all(headers_from)
    return Message(
        message_id=_id(root.raw("message-id")),
        subject=subject(root),
        from_=from_,
        from_doubtful=doubtful(from_, headers_from, [*other_readings(headers_from), other_authors]),
        sender=next(iter(_all(root.raw_all("sender"))), None),
        reply_to=_all(root.raw_all("reply-to")),
        to=_all(root.raw_all("to")),
        cc=_all(root.raw_all("cc")),
        date=decode_header(root.raw("date"))[:200],
        received=received_at(root.raw("received")),
        in_reply_to=_id(root.raw("in-reply-to")),
        references=_ids(root.raw_all("references")),
        headers=_kept(root, own),
        content_types=content_types,
        text=text,
        quoted=quoted,
        signature=signature,
        links=links,
        enclosed_from=enclosed_from,
        defects=defects,
        final_recipients=final_recipients,
    )


def _all(values: Iterable[bytes]) -> tuple[Address, ...]:
    return tuple(box for value in values for box in mailboxes(value))[:200]


def _id(value: bytes) -> str:
    """The first message id of a header (RFC 5322 section 3.6.4), with angle brackets; "" when unusable."""
    text = one_line(value.decode("utf-8", "replace"))
    found = _ID.search(text)
    if found:
        return found[0]
    bare = _BARE_ID.fullmatch(text)
    return f"<{bare[0]}>" if bare else ""


def _ids(values: Iterable[bytes]) -> tuple[str, ...]:
    found = [each for value in values for each in _ID.findall(one_line(value.decode("utf-8", "replace")))]
    if len(found) > MAX_REFERENCES:  # the first names the thread, the last the mail answered
        found = [found[0], *found[-(MAX_REFERENCES - 1) :]]
    return tuple(found)


def _kept(root: Part, own: Own) -> tuple[tuple[str, str], ...]:
    wanted = _KEPT | {own.loop_header.lower()}
    counts: dict[str, int] = {}
    kept: list[tuple[str, str]] = []
    for key, value in root.raw_items():
        name = key.lower()
        if name in wanted or name.startswith(_KEPT_STARTS):
            counts[name] = counts.get(name, 0) + 1
            if counts[name] <= MAX_KEPT:
                raw = str(value)[: 4 * MAX_VALUE].encode("utf-8", "surrogateescape")
                kept.append((name, decode_header(raw)[:MAX_VALUE]))
    return tuple(kept)


def subject(root: Part) -> str:
    """The subject, decoded, one line."""
    return decode_header(root.raw("subject"))[:1000]


def sent_at(root: Part) -> datetime | None:
    """When the mail was received or, where no server says so, written; for reckoning only, never for a deadline."""
    found = received_at(root.raw("received"))
    if found is not None:
        return found
    try:
        written = email.utils.parsedate_to_datetime(decode_header(root.raw("date")))
    except (TypeError, ValueError, OverflowError):
        return None
    return written if written.tzinfo is not None else written.replace(tzinfo=UTC)


def received_at(value: bytes) -> datetime | None:
    """The time in a Received header (RFC 5321 section 4.4), UTC; None when it cannot be read.

    A bare "CST" is taken as China's: servers here write it so, the standard would make it 14 hours later.
    """
    text = decode(value).text.rpartition(";")[2]
    text = re.sub(r"\([^()]*\)", " ", text) if _NUMERIC_ZONE.search(text) else text.replace("(", " ").replace(")", " ")
    if not _NUMERIC_ZONE.search(text) and re.search(r"\bCST\b", text):
        text = re.sub(r"\bCST\b", "+0800", text)
    try:
        moment = email.utils.parsedate_to_datetime(one_line(text)[:100])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def summary(source: Source) -> str:
    """Subject and sender of a mail that is not taken apart, for the person who looks at it."""
    head = source.read(source.start, source.start + MAX_HEADER_BLOCK)
    end = re.search(rb"\r?\n\r?\n", head)
    block = re.sub(rb"(?im)^content-type:", b"x-content-type:", head[: end.start() if end else len(head)])
    try:
        root = build(iter([block]), Budget())
    except (TooMuch, RecursionError):  # cannot be: without a content type nothing nests
        return "无法读出主题"
    author = next(iter(_all(root.raw_all("from"))), Address())
    return f"主题「{decode_header(root.raw('subject'))[:80]}」，发件人 {author.address or '不明'}"
