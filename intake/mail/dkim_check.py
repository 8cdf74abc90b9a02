"""DKIM (RFC 6376): is this mail still as the author's domain signed it? Runs in a child process.

Keys come in as values, nothing here asks the network. A signature that cannot be judged is as none
(RFC 6376, 6.1), never a fail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from intake.mail.message import Signed
from intake.mail.signed import SIGNATURES, UNSIGNED, key_name

LARGEST = 64 << 20
"""Bytes of a mail that is checked: the library holds it several times."""
_ALGORITHMS = (b"rsa-sha256", b"ed25519-sha256")
"""rsa-sha1 proves nothing any more (RFC 8301, 3.1)."""


def check_file(path: Path, author: str, keys: Mapping[str, str | None], at: datetime) -> Signed:
    """`check` for the raw mail in a file."""
    if path.stat().st_size > LARGEST:
        return Signed(result="none", why="邮件过大，签名没有核对")
    return check(path.read_bytes(), author, keys, at)


def check(raw: bytes, author: str, keys: Mapping[str, str | None], at: datetime) -> Signed:
    """What the signatures of `author` (a domain) are worth. `at`: when the mail came, aware, for those that expire.

    `keys`: records by `keys_wanted`, "" where DNS has none, None where DNS could not be asked.
    """
    try:
        mail = _At(raw)
    except (dkim.DKIMException, IndexError) as error:  # the library's answer to a mail that begins with a blank
        return Signed(result="none", why=f"邮件头不合规，签名无法核对（{type(error).__name__}）")
    found: list[Signed] = []
    values = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    for number, value in enumerate(values):
        if len(found) >= SIGNATURES:
            break
        one = _one(mail, number, value, author, keys, at)
        if one is not None:
            found.append(one)
    order = ("pass", "unknown", "fail", "none")
    return min(found, key=lambda one: order.index(one.result), default=UNSIGNED)


class _At(dkim.DKIM):  # type: ignore[misc]  # the library has no types
    """The library's check without its own clock: `_one` compares the times with when the mail came."""

    def verify_headerprep(self, idx: int = 0) -> tuple[dict[bytes, bytes], list[bytes], list[tuple[bytes, bytes]]]:
        signatures = [(name, value) for name, value in self.headers if name.lower() == b"dkim-signature"]
        tags = parse_tag_value(signatures[idx][1])
        return tags, [name.lower() for name in re.split(rb"\s*:\s*", tags[b"h"])], signatures


def _one(
    mail: _At, number: int, value: bytes, author: str, keys: Mapping[str, str | None], at: datetime
) -> Signed | None:
    """One signature; None when it is not the author's."""
    try:
        tags = parse_tag_value(value)
    except InvalidTagValueList:
        return None
    domain = tags.get(b"d", b"").decode("ascii", "replace").lower()
    name = key_name(tags.get(b"s", b"").decode("ascii", "replace").lower(), domain, author)
    if not name:
        return None
    useless = _useless(tags, at)
    if useless:
        return Signed(result="none", domain=domain, why=useless)
    record = keys.get(name, "")
    if record is None:
        return Signed(result="unknown", domain=domain, why="没有查到公钥：域名服务器没有应答")
    try:
        dkim.evaluate_pk(name, record)
        good = mail.verify(number, dnsfunc=lambda name, timeout: record.encode("ascii", "replace"))
    except dkim.ValidationError:  # the fields were found sound before: the body is another one
        good = False
    except (dkim.DKIMException, ValueError) as error:  # binascii.Error is a ValueError
        return Signed(result="none", domain=domain, why=f"签名或公钥无法使用（{type(error).__name__}）")
    if good:
        return Signed(result="pass", domain=domain)
    return Signed(result="fail", domain=domain, why="签名与内容不符")


def _useless(tags: dict[bytes, bytes], at: datetime) -> str:
    """Why this signature would prove nothing even if it were right, Chinese; "" when it would."""
    try:
        dkim.validate_signature_fields({tag: value for tag, value in tags.items() if tag not in (b"t", b"x")})
    except dkim.ValidationError:
        return "签名格式不合规"
    if tags[b"a"] not in _ALGORITHMS:
        return "签名算法已不安全"
    if b"l" in tags:  # what is added below is unsigned: RFC 6376, 8.2
        return "签名只覆盖正文的一部分"
    if b"from" not in re.split(rb"\s*:\s*", tags[b"h"].lower()):
        return "签名没有覆盖发件人"
    expires = tags.get(b"x", b"")
    if expires and not (expires.isdigit() and int(expires) >= at.timestamp()):
        return "签名已过期"
    return ""
