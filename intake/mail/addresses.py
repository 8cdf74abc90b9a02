"""Mailboxes of RFC 5322 address headers, and whether the parsers of the world agree on the sender.

A header that one program reads as `a@gov.cn` and another as `b@evil.example` must never decide to whom
material belongs: it is called doubtful and left to a person.
"""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterator

from intake.mail.charset import one_line
from intake.mail.encoded import decode_header
from intake.mail.message import Address

MAX_ADDRESSES = 200
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]]{1,100}@[^\s@<>\"(),:;\\]{1,255}")
_WIDE = str.maketrans("＜＞＠", "<>@")
_ENCODED_ALL = re.compile(rb"=\?[^?]+\?[bBqQ]\?[^?]*\?=")
_TOKEN = re.compile(
    r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]{0,4000}\?="  # an encoded word may hold a colon
    r'|"(?:[^"\\]|\\.)*+"?|\\.|[(),;:<>]|[^"\\(),;:<>=]+|=',
    re.DOTALL,
)


def mailboxes(value: bytes) -> tuple[Address, ...]:
    """Mailboxes of one header in order, at most `MAX_ADDRESSES`; groups are flattened, names decoded.

    >>> mailboxes(b'"=?gb2312?B?1cXI/Q==?=" <Zhang@Example.com>')
    (Address(name='张三', address='zhang@example.com'),)
    """
    found: list[Address] = []
    pending = ""
    text = value.decode("utf-8", "surrogateescape")
    for name, comment, angle in _split(text if "<" in text else text.translate(_WIDE)):
        box = _mailbox(pending + name if angle else name, comment, angle)
        pending = f"{name.strip()}," if box is None and name.strip() and not angle else ""  # 张三,办公室 <…>
        if box is not None:
            found.append(box)
            if len(found) >= MAX_ADDRESSES:
                break
    if not found and _ENCODED_ALL.search(value):  # some programs encode name and address together
        inner = decode_header(value).encode()
        return mailboxes(inner) if not _ENCODED_ALL.search(inner) else ()
    return tuple(found)


def _split(value: str) -> Iterator[tuple[str, str, str]]:
    """(phrase, comment, angle address) of each mailbox, by a flat scan that no nesting can slow down."""
    phrase, comment, angle = "", "", ""
    nested, within = 0, False
    for match in _TOKEN.finditer(value):
        sign = match[0]
        if nested:
            nested += {"(": 1, ")": -1}.get(sign, 0)
            comment += sign if nested else ""
        elif sign == "(":
            nested = 1
        elif within:
            within = sign != ">"
            angle += sign if within else ""
        elif sign == "<":
            within, angle = True, ""
        elif sign in ",;":
            yield phrase, comment, angle
            phrase, comment, angle = "", "", ""
        elif sign == ":":
            phrase = ""  # the name of a group (RFC 5322 section 3.4)
        else:
            phrase += sign
    yield phrase, comment, angle


def _mailbox(phrase: str, comment: str, angle: str) -> Address | None:
    found = _ADDRESS.search(angle.rpartition(":")[2])  # obsolete routes: <@relay:user@host>
    if found is None:
        found = _ADDRESS.search(phrase) if not angle else None
        phrase = "" if found else phrase
    if found is None:
        return None
    name = phrase.strip()
    if name.startswith('"'):
        name = re.sub(r"\\(.)", r"\1", name.strip('"'), flags=re.DOTALL)
    text = decode_header(name or comment)
    address = one_line(found[0].encode("utf-8", "surrogateescape").decode("utf-8", "replace")).lower()
    return Address(name=text[:200], address=address.strip(".'"))


def other_readings(values: list[bytes]) -> Iterator[set[str]]:
    """The address sets that the standard library reads in the same headers; where it gives up, {""}."""
    texts = [value.decode("utf-8", "surrogateescape") for value in values]
    try:
        yield _addresses(email.utils.getaddresses(texts))
        yield _addresses([email.utils.parseaddr(text) for text in texts])
    except (RecursionError, ValueError, IndexError, TypeError):
        yield {""}


def _addresses(pairs: list[tuple[str, str]]) -> set[str]:
    return {address.lower() for _, address in pairs if "@" in address}


def doubtful(boxes: tuple[Address, ...], headers: list[bytes], others: list[set[str]]) -> bool:
    """True when there is not exactly one author, or any other reading names another address.

    A reading that finds no address at all (a comma in an unquoted name) says nothing.
    """
    if len(boxes) != 1 or len(headers) != 1:
        return True
    return any(reading and reading != {boxes[0].address} for reading in others)
