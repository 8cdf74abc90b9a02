"""What the receiving server found out about a sender (RFC 8601), and how far that is believed. Pure.

Anybody can write an Authentication-Results header. The server that we fetch from puts its own on top, under the
name `[imap] authserv_id`. Results count as a reason for doubt only: nothing here ever proves a sender.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"(?:^|[;\s])(dmarc|dkim|spf)\s*=\s*(\w+)")


def forged(results: Sequence[str], authserv_id: str, own_addresses: Iterable[str] = ()) -> bool:
    """True when the trusted server says that DMARC, or DKIM without a DMARC pass, failed.

    `results`: values of the headers, topmost first. Only the topmost one of that server is believed. Without a
    configured name it is any server under the domain of one of `own_addresses`: who forges such a name to be refused
    gains nothing.

    >>> forged(["mx.office.example; dmarc=fail"], "", ["zlb@office.example"])
    True
    >>> forged(["mx.elsewhere.example; dmarc=fail"], "", ["zlb@office.example"])
    False
    """
    domains = {address.rpartition("@")[2].lower() for address in own_addresses}
    for value in results:
        server, found = _read(value)
        ours = any(f".{server}".endswith(f".{domain}") for domain in domains)
        if server != authserv_id.lower() if authserv_id else not ours:
            continue
        return ("dmarc", "fail") in found or (("dkim", "fail") in found and not _passed(found))
    return False


def doubted(results: Sequence[str], authserv_id: str) -> bool:
    """True when the sender is to be called unverified.

    Without a configured name the topmost header alone counts, and only its plain word: DMARC failed, or both DKIM
    and SPF did.

    >>> doubted(["mx.example; dmarc=fail"], ""), doubted(["mx.example; dmarc=fail"], "mx.office.example")
    (True, False)
    """
    if authserv_id:
        return forged(results, authserv_id)
    for value in results[:1]:
        _, found = _read(value)
        return ("dmarc", "fail") in found or ({("dkim", "fail"), ("spf", "fail")} <= found and not _passed(found))
    return False


def _read(value: str) -> tuple[str, set[tuple[str, str]]]:
    """The server's name, and each method with its result, lower case; comments left out."""
    server, _, verdicts = _COMMENT.sub(" ", value).lower().partition(";")
    return (server.split() or [""])[0], {(match[1], match[2]) for match in _RESULT.finditer(verdicts)}


def _passed(found: set[tuple[str, str]]) -> bool:
    return bool({("dkim", "pass"), ("dmarc", "pass")} & found)
