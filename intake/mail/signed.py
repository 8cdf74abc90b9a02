"""Which DKIM signatures of a mail are its author's, and where their keys stand (RFC 6376). Pure.

Only signatures of the author's own domain count (RFC 7489, 3.1.1, relaxed): whoever signs for another one proves
nothing about the sender. Whether they are right is the question of `intake.mail.dkim_check`.
"""

from __future__ import annotations

import re

from intake.mail.message import Message, Signed

SIGNATURES = 5
"""Signatures of one mail that are looked at."""
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,200}[a-z0-9])?")
_TAG = re.compile(r"(?:^|;)\s*([ds])\s*=\s*([^;\s]+)")
UNSIGNED = Signed(result="none", why="没有发件域名的签名")


def aligned(domain: str, author: str) -> bool:
    """Whether a domain speaks for the author's: the same one, one above it (of two labels at least), or one below it.

    >>> aligned("unit.example", "mail.unit.example"), aligned("example", "unit.example"), aligned("a.cn", "b.cn")
    (True, False, False)
    """
    if not domain or not author:
        return False
    above = author.endswith(f".{domain}") and "." in domain
    return domain == author or above or domain.endswith(f".{author}")


def domain_of(address: str) -> str:
    """The domain of an address, lower case."""
    return address.rpartition("@")[2].lower()


def keys_wanted(message: Message) -> list[str]:
    """Names in DNS of the keys of the signatures that count, each once (RFC 6376, 3.6.2.1)."""
    if message.from_doubtful:
        return []
    author = domain_of(message.author.address)
    names: dict[str, None] = {}
    for value in message.header("dkim-signature"):
        tags = {match[1]: match[2].lower() for match in _TAG.finditer(value)}
        name = key_name(tags.get("s", ""), tags.get("d", ""), author)
        if name:
            names[name] = None
    return list(names)[:SIGNATURES]


def key_name(selector: str, domain: str, author: str) -> str:
    """Where the key stands in DNS; "" when the signature is not the author's, or names no possible place."""
    sound = _NAME.fullmatch(selector) and _NAME.fullmatch(domain) and aligned(domain, author)
    name = f"{selector}._domainkey.{domain}"
    return name if sound and len(name) <= 250 else ""
