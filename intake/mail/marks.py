"""How a mail shows that no person wrote it: words, shapes of addresses, subjects and bodies. Pure.

Each question here is as narrow as it can be: a person called 回复, a case study about an automatic answering
system and a colleague named in Reply-To are people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.utils import getaddresses

from intake.mail.message import Message

BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
LIST_HEADERS = frozenset({"mailing-list", "x-mailing-list", "feedback-id"})
_STAMPED = re.compile(r"bizesmtp\w*:", re.IGNORECASE)
"""腾讯企业邮 stamps every mail of its customers with `Feedback-ID: bizesmtp:DOMAIN:…`, those of people too."""
ROBOT_HEADERS = frozenset(
    {
        "x-loop",
        "x-autoreply",
        "x-autoreply-from",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-generated",
        "x-auto-reply",
        "x-auto-response",
        "x-fc-machinegenerated",
        "x-ms-exchange-inbox-rules-loop",
    }
)

_REPORTS = ("multipart/report", "message/delivery-status", "message/disposition-notification")
_REPORTS_TOO = (
    "message/feedback-report",
    "message/global-delivery-status",
    "message/global-disposition-notification",
)
_CALENDAR = ("text/calendar", "application/ics")

_COMMENT = re.compile(r"\([^()]*\)")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9_-]+(?:[.][A-Za-z0-9_-]+)*")
_ROBOT_LOCAL = re.compile(
    r"""
    (mailer-?daemon|postmaster|listserv|majordomo|root|nobody|auto-?re(ply|sponder))([+].*)?
    | .*noreply.* | (.*[^a-z])?no[._-]reply.* | (.*[^a-z])?do[._-]?not[._-]?reply.*
    | bounces?([._+=0-9-].*)?       # bounce, bounces+id=host, bounce-123; not bouncer
    | owner-.+ | .+-request
    """,
    re.VERBOSE,
)

_CAPTION = re.compile(
    r"(?:图片?|照片|视频)\s*[0-9一二三四五六七八九十]{1,3}[^\n:：]{0,40}[:：]\s*\S{10}"
    r"|\.(?:jpe?g|png|mp4|docx?|xlsx?|pdf)[”\"》)）]?\s*[:：]\s*\S{10}"
    r"|(?:图片|照片|文字)说明[^\n:：]{0,20}[:：]\s*\S{10}",
    re.IGNORECASE,
)

RECEIPT_WANTED = ("disposition-notification-to", "return-receipt-to", "x-confirm-reading-to")
_ANSWER = re.compile(r"\s*(?:re|fwd?|回复|答复|转发|回覆|轉寄)\s*[:：]", re.IGNORECASE)


def is_null_path(value: str) -> bool:
    """True for the Return-Path of a mail to which nothing may be sent back (RFC 5321, 4.5.5).

    >>> is_null_path(" <>"), is_null_path("<> (null sender)"), is_null_path("<liu@qinghe.example>")
    (True, True, False)
    """
    return "".join(_COMMENT.sub(" ", value).split()) in ("<>", "")


def is_answer(subject: str) -> bool:
    """True for a subject that begins with Re:, 回复, 转发 and the like."""
    return _ANSWER.match(subject) is not None


def first_token(value: str) -> str:
    """The first word, lower case, comments left out: `No ; x` and `(by hand) NO` are `no` (RFC 3834, 5)."""
    return re.split(r"[;,\s]", _COMMENT.sub(" ", value).strip().lower(), maxsplit=1)[0]


def tokens(value: str) -> set[str]:
    """All words, lower case."""
    return set(re.split(r"[;,\s]+", value.lower()))


def addresses(value: str) -> set[str]:
    """Addresses of one header, lower case; a header too long to be honest has none."""
    return {address.lower() for _, address in getaddresses([value[:10_000]]) if address}


def is_list_header(name: str, value: str) -> bool:
    """True for a header that only mass mail bears.

    >>> is_list_header("feedback-id", "1:2:3:esp"), is_list_header("feedback-id", "bizesmtp:qinghe.example:q:q6")
    (True, False)
    """
    if name.startswith(("list-", "x-list-")):
        return True
    return name in LIST_HEADERS and not (name == "feedback-id" and _STAMPED.match(value.strip()))


def is_address(address: str) -> bool:
    """True for one plain ASCII mailbox that can stand in an envelope (RFC 5321, 4.1.2, without quoting)."""
    return len(address) <= 254 and _ADDRESS.fullmatch(address) is not None and "=?" not in address


def is_robot_address(address: str) -> bool:
    """True when the local part says that nobody reads what is sent there (RFC 2142 and custom)."""
    return _ROBOT_LOCAL.fullmatch(address.lower().rpartition("@")[0]) is not None


def is_junk_folder(folder: str) -> bool:
    """True for the folder into which a provider puts what it takes for spam.

    >>> is_junk_folder("Junk"), is_junk_folder("INBOX"), is_junk_folder("垃圾邮件")
    (True, False, True)
    """
    name = re.split(r"[./]", folder.lower())[-1].strip()
    return name in ("junk", "junk e-mail", "spam", "bulk mail", "垃圾邮件", "垃圾箱")


def is_own_id(message_id: str, domain: str) -> bool:
    """True for a Message-ID as `compose` makes them: 32 hex digits at our domain.

    >>> is_own_id("<0123456789abcdef0123456789abcdef@zlb.example>", "zlb.example")
    True
    >>> is_own_id("<20221009.liu@zlb.example>", "zlb.example")
    False
    """
    if not domain:
        return False
    return re.fullmatch(rf"<[0-9a-f]{{32}}@{re.escape(domain)}>", message_id.strip(), re.IGNORECASE) is not None


def brings_captions(text: str) -> bool:
    """True when the words themselves are material: a picture or file is named, and at least ten characters told of it.

    >>> brings_captions("补充图片说明如下：\\n图片1.jpg：质量月启动仪式在区政务大厅举行，各企业代表参加。")
    True
    >>> brings_captions("您好，您的邮件已收到。我近期外出培训，急事请致电：0900-5550100")
    False
    """
    return _CAPTION.search(text) is not None


def outer_types(content_types: Sequence[str]) -> Iterator[str]:
    """The content types of the mail itself, without those of a mail that it hands on as an attachment."""
    for content_type in content_types:
        kind = content_type.partition(";")[0].strip()
        if kind == "message/rfc822":
            return
        yield content_type


def is_report(content_types: Sequence[str]) -> bool:
    """True when the mail itself is a report; one that is forwarded as an attachment does not count."""
    kinds = [content_type.partition(";")[0].strip() for content_type in outer_types(content_types)]
    return any(kind in _REPORTS or kind in _REPORTS_TOO for kind in kinds)


def is_invitation(message: Message) -> bool:
    """True for a calendar item; a mail that merely has one among its other files is not."""
    if any(value.lower().endswith("calendarmessage") for value in message.header("content-class")):
        return True
    if not any(one.startswith(_CALENDAR) for one in message.content_types):
        return False
    return all(attachment.content_type.startswith(_CALENDAR) for attachment in message.attachments)
