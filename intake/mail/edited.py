"""The words of a letter of ours, read from its bytes and put back changed: what she writes is sent as she wrote it."""

from __future__ import annotations

import email
import email.policy
import unicodedata
from email.message import EmailMessage

from intake.mail.build import Head, build
from intake.wording import plain_page


def text_of(raw: bytes) -> str:
    """The text part of a letter that `build` made."""
    body = _parsed(raw).get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


def with_text(raw: bytes, text: str, *, from_name: str, subject: str) -> bytes:
    """The same letter, to the same recipient in the same thread, with other words: text, and HTML made of it.

    `from_name` and `subject` as they were built: the library reads long ones with blanks between their words.
    """
    old = _parsed(raw)
    words = harmless(text)
    (sender,) = old["From"].addresses
    (to,) = old["To"].addresses
    head = Head(
        from_name=from_name,
        from_address=sender.addr_spec,
        to=to.addr_spec,
        subject=subject,
        date=old["Date"].datetime,
        message_id=str(old["Message-ID"]),
        thread={name: str(old[name]) for name in ("In-Reply-To", "References") if old[name]},
        auto_submitted="auto-generated" if old["Auto-Submitted"] == "auto-generated" else "auto-replied",
        loop_token=str(old["X-Shouqi-Loop"]),
    )
    return build(head, text=words, html=plain_page(words), boundary=f"{old.get_boundary()}_e")


def harmless(text: str) -> str:
    """Her text with plain line ends and without control characters; a spreadsheet writes some of them as _x000D_."""
    plain = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in plain if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip("\n") + "\n"


def _parsed(raw: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)  # noqa: S101 - what this policy makes
    return parsed
