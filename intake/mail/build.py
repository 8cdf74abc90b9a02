"""A letter as bytes: headers by the standards, one recipient, nothing folded that must not be.

RFC 5322 (form, 3.6.4 threads), RFC 3834 (automatic answers), RFC 2047 (words), RFC 2046 (alternatives). Always
built with the library's header classes, which refuse line breaks; the older ones do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any, Literal

from intake.mail import marks

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
"""One Message-ID in printable ASCII; anything else is left out rather than mangled."""
_ENCODED_WORD = "=?"
"""Begins an encoded word (RFC 2047), which the library decodes when a header is set, line breaks included."""
_OLD_REFERENCES = 9
_LINE = 78
"""Characters of a header line that is not folded (RFC 5322, 2.1.1)."""
_TOKEN = re.compile(r"[!-~]{1,200}")


class _LetterPolicy(EmailPolicy):
    """SMTP's policy, but identifiers are never folded inside: at the usual 78 the library mangles long ones."""

    _IDS = frozenset({"message-id", "in-reply-to", "references"})

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as bytes. RFC 5322, 2.1.1 allows lines of 998 characters."""
        line = f"{name}: {value}"
        if len(line) <= _LINE and line.isascii() and "\n" not in line:
            return f"{line}\r\n".encode("ascii")  # nothing to fold or encode, which the library takes long to find out
        policy = _WIDE if name.lower() in self._IDS else SMTP
        return policy.fold_binary(name, value)


_WIDE = SMTP.clone(max_line_length=998)
_POLICY = _LetterPolicy(linesep="\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    content_type: str
    """Like `text/csv`."""
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The headers of a letter. `thread` comes from `thread_headers`."""

    from_name: str
    from_address: str
    to: str
    subject: str
    cc: str = ""
    """Who gets an open copy; "" for nobody."""
    date: datetime
    message_id: str
    thread: Mapping[str, str]
    auto_submitted: Literal["auto-replied", "auto-generated"]
    loop_token: str


def build(
    head: Head,
    *,
    text: str,
    html: str,
    boundary: str,
    attachments: Sequence[Attachment] = (),
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The letter with CRLF line ends; equal arguments give equal bytes.

    `pictures`: JPEGs that the HTML shows, by Content-ID; they travel with it (multipart/related, RFC 2387).

    ValueError for an address that is none, or a header with control characters.
    """
    for address in (head.to, head.from_address, *([head.cc] if head.cc else [])):
        if not marks.is_address(address):
            raise ValueError(f"not a mail address: {address!r}")
    if not _TOKEN.fullmatch(head.loop_token) or _ENCODED_WORD in head.loop_token:
        raise ValueError("a loop token is 1 to 200 printable ASCII characters without blanks")
    for words in (head.from_name, head.subject):
        if _ENCODED_WORD in words or any(unicodedata.category(c) in ("Cc", "Cs") for c in words):
            raise ValueError(f"not to be put into a header: {words!r}")
    for one in (head.message_id, *" ".join(head.thread.values()).split()):
        if not _usable(one):
            raise ValueError(f"not a Message-ID: {one!r}")
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(head.from_name, addr_spec=head.from_address)
    message["To"] = Address(addr_spec=head.to)
    if head.cc:
        message["Cc"] = Address(addr_spec=head.cc)
    message["Subject"] = head.subject
    message["Date"] = head.date
    message["Message-ID"] = head.message_id
    for name, value in head.thread.items():
        message[name] = value
    message["Auto-Submitted"] = head.auto_submitted
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Shouqi-Loop"] = head.loop_token
    message.set_content(text, charset="utf-8", cte="base64")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="base64")
    if pictures:
        _, shown = message.iter_parts()
        assert isinstance(shown, EmailMessage)  # noqa: S101 - the alternative just added
        for cid, data in pictures.items():
            shown.add_related(data, "image", "jpeg", cid=f"<{cid}>", disposition="inline")
        shown.set_boundary(f"{boundary}_r")
    message.set_boundary(boundary)
    for file in attachments:
        maintype, _, subtype = file.content_type.partition("/")
        message.add_attachment(file.data, maintype=maintype, subtype=subtype, filename=file.name)
    if attachments:
        message.set_boundary(f"{boundary}_m")  # the first one is now that of the alternatives inside
    return message.as_bytes()


def thread_headers(answered: Sequence[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """In-Reply-To and References of the newest mail with a usable id; each is (Message-ID, its References).

    RFC 5322, 3.6.4: the parent's References and its id. Long threads keep their first and their last nine.

    >>> thread_headers([("<b@x>", ("<a@x>",)), ("not an id", ())])
    {'In-Reply-To': '<b@x>', 'References': '<a@x> <b@x>'}
    """
    for message_id, references in reversed(answered):
        if _usable(message_id):
            old = [one for one in dict.fromkeys(references) if _usable(one) and one != message_id]
            kept = old if len(old) <= _OLD_REFERENCES + 1 else [old[0], *old[-_OLD_REFERENCES:]]
            return {"In-Reply-To": message_id, "References": " ".join([*kept, message_id])}
    return {}


def _usable(message_id: str) -> bool:
    return _MESSAGE_ID.fullmatch(message_id) is not None and _ENCODED_WORD not in message_id
