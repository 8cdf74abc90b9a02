"""Is this mail from whom it says? What the receiving server found out (RFC 8601), else our own check of DKIM. Pure.

Anybody can write an Authentication-Results header. The server that we fetch from puts its own on top, under the
name `[imap] authserv_id`. Without that name results count as a reason for doubt only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from intake.mail.message import Message, ProofResult
from intake.mail.signed import aligned, domain_of

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"(?:^|[;\s])(dmarc|dkim|spf)\s*=\s*(\w+)([^;]*)")
_ABOUT = re.compile(r"(?:header\.d|header\.i|smtp\.mailfrom)\s*=\s*([^\s;]+)")
Found = tuple[str, str, str]
"""Method, result, and what stands behind it."""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a mail is its author's."""

    result: ProofResult | Literal[""] = ""
    """none: nothing that could be checked. unknown: it could not be checked now. "": nobody has looked."""
    by: str = ""
    """Who found that, and what, Chinese."""
    forged: bool = False
    """A server said that the sender is not who he says: then his address proves nothing."""

    @property
    def weak(self) -> bool:
        """It was looked at and did not pass."""
        return self.result not in ("pass", "")


def proof_of(message: Message, authserv_id: str) -> Proof:
    """The word of the mailbox's server, else what our own check found.

    A failed check of our own is no forgery: gateways that mark subjects or add lines break every signature.
    """
    results = message.header("authentication-results")
    word = servers_word(results, authserv_id)
    if word is not None:
        return _judged(word, authserv_id, message)
    signed = message.signed
    if signed is not None and signed.result == "pass":
        return Proof(result="pass", by=f"DKIM 签名（{signed.domain}）")
    if not authserv_id and doubted(results, ""):
        return Proof(result="fail", by="信头 Authentication-Results 写明未通过", forged=True)
    if signed is not None:
        return Proof(result=signed.result, by=f"DKIM：{signed.why}")
    return Proof(result="none", by="收信服务器没有写核验结果") if authserv_id else Proof()


def servers_word(results: Sequence[str], authserv_id: str) -> set[Found] | None:
    """What the server of that name found, in its topmost header; None when it said nothing, or has no name."""
    for value in results if authserv_id else ():
        server, found = _read(value)
        if server == authserv_id.lower():
            return found
    return None


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
    domains = {domain_of(address) for address in own_addresses}
    for value in results:
        server, found = _read(value)
        ours = any(f".{server}".endswith(f".{domain}") for domain in domains)
        if server == authserv_id.lower() if authserv_id else ours:
            return _failed(found)
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
        words = {(method, result) for method, result, _ in found}
        return ("dmarc", "fail") in words or ({("dkim", "fail"), ("spf", "fail")} <= words and _failed(found))
    return False


def _judged(found: set[Found], server: str, message: Message) -> Proof:
    """The server's word about the author of this mail."""
    told = "，".join(sorted(f"{method}={result}" for method, result, _ in found)) or "没有结果"
    by = f"收信服务器 {server}：{told}"
    if _failed(found):
        return Proof(result="fail", by=by, forged=True)
    author = domain_of(message.author.address)
    for method, result, rest in found:
        about = [domain_of(match[1]) for match in _ABOUT.finditer(rest)]
        if result == "pass" and (method == "dmarc" or any(aligned(domain, author) for domain in about)):
            return Proof(result="pass", by=by)
    away = any(result == "temperror" for _, result, _ in found)
    return Proof(result="unknown" if away else "none", by=by)


def _read(value: str) -> tuple[str, set[Found]]:
    """The server's name, and each method with its result and properties, lower case; comments left out.

    Servers quote what strangers wrote, such as the envelope's sender. Where quotation marks or brackets are left, what
    looks like a pass may be the stranger's: it is not taken.
    """
    text, left = value.lower(), ""
    while text != left:
        left, text = text, _COMMENT.sub(" ", text)
    server, _, verdicts = text.partition(";")
    found = {(match[1], match[2], match[3]) for match in _RESULT.finditer(verdicts)}
    if any(sign in text for sign in '"()'):
        found = {one for one in found if one[1] != "pass"}
    return (server.split() or [""])[0], found


def _failed(found: set[Found]) -> bool:
    words = {(method, result) for method, result, _ in found}
    passed = bool({("dkim", "pass"), ("dmarc", "pass")} & words)
    return ("dmarc", "fail") in words or (("dkim", "fail") in words and not passed)
