"""DKIM with really signed mails: what is signed by the author's domain and untouched passes, nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.dkim_check import check
from intake.mail.message import Address, Message
from intake.mail.signed import keys_wanted

NOW = datetime.now(UTC)
AUTHOR = "unit.example"
MAIL = (
    b"From: =?utf-8?B?5p2O5pWP?= <limin@unit.example>\r\nTo: zlb@office.example\r\nSubject: =?utf-8?B?5p2Q5paZ?=\r\n"
    b"Date: Mon, 26 Sep 2022 10:00:00 +0800\r\nMessage-ID: <1@unit.example>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xe8\xaf\xb7\xe6\x9f\xa5\xe6\x94\xb6\r\n"
)
FIELDS = [b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type"]


KEYS = Path(__file__).parent / "keys"
"""Made for these tests (openssl genrsa), good for nothing else."""


def pair(bits: int) -> tuple[bytes, str]:
    """A private key (PEM, PKCS#1) and its record for DNS."""
    return (KEYS / f"{bits}.pem").read_bytes(), (KEYS / f"{bits}.txt").read_text("ascii").strip()


def signed(raw: bytes = MAIL, *, domain: bytes = b"unit.example", selector: bytes = b"s1", **how: Any) -> bytes:
    """The mail with a signature on top."""
    fields = how.pop("fields", FIELDS)
    bits = how.pop("bits", 2048)
    signature: bytes = dkim.DKIM(raw).sign(
        selector, domain, pair(bits)[0], include_headers=fields, canonicalize=(b"relaxed", b"relaxed"), **how
    )
    return signature + raw


def with_tag(raw: bytes, tag: bytes) -> bytes:
    """Signed anew with a further tag in the signature: dkimpy itself writes none of these."""

    class Tagged(dkim.DKIM):  # type: ignore[misc]  # the library has no types
        def gen_header(self, fields: Any, *rest: Any, **more: Any) -> bytes:
            made: bytes = super().gen_header([*fields[:-1], tuple(tag.split(b"=")), fields[-1]], *rest, **more)
            return made

    signature: bytes = Tagged(raw).sign(b"s1", b"unit.example", pair(2048)[0], include_headers=FIELDS)
    return signature + raw


def result(raw: bytes, keys: dict[str, str | None] | None = None, *, at: datetime = NOW, author: str = AUTHOR) -> str:
    known = {
        f"{s}._domainkey.{d}": pair(2048)[1] for s in ("s1", "s2") for d in (AUTHOR, "mail.unit.example", "other.cn")
    }
    return check(raw, author, known if keys is None else keys, at).result


def test_good() -> None:
    assert result(signed()) == "pass"
    assert result(signed().replace(b"\r\n", b"\n")) == "pass"
    assert result(signed(domain=b"mail.unit.example")) == "pass"
    assert result(signed(), {"s1._domainkey.unit.example": pair(2048)[1]}, author="mail.unit.example") == "pass"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\xe8\xaf\xb7", b"\xe8\xaf\xb8"),  # in the body
        (b"5p2Q5paZ", b"5p2Q5paa"),  # the subject
        (b"limin@", b"wang@"),
        (b"\r\n\r\n\xe8", b"\r\n\r\nmore\r\n\xe8"),
    ],
)
def test_changed(old: bytes, new: bytes) -> None:
    raw = signed()
    assert old in raw
    assert result(raw.replace(old, new)) == "fail"


def test_who_signs_for_another_domain_proves_nothing() -> None:
    assert result(signed(domain=b"other.cn")) == "none"
    assert result(signed(domain=b"example")) == "none"  # above all of them
    assert result(MAIL) == "none"


def test_two_signatures_one_of_them_the_authors() -> None:
    assert result(signed(signed(domain=b"other.cn"))) == "pass"
    assert result(signed(signed(), domain=b"other.cn")) == "pass"
    broken = signed().replace(b"bh=", b"bh=AAAA", 1)
    assert result(broken) == "fail"
    assert result(signed(broken, selector=b"s2")) == "pass"  # an old one that a forwarder left is no harm


def test_oversigned_headers_keep_others_from_being_added() -> None:
    raw = signed(fields=[*FIELDS, b"from", b"subject", b"cc"])
    assert result(raw) == "pass"
    assert result(b"Cc: x@other.cn\r\n" + raw) == "fail"
    assert result(b"Subject: other\r\n" + raw) == "fail"


def test_a_second_from_never_passes() -> None:
    assert result(b"From: boss@unit.example\r\n" + signed()) == "fail"
    assert result(signed().replace(b"\r\nTo:", b"\r\nFrom: boss@unit.example\r\nTo:", 1)) == "fail"


def test_expired() -> None:
    soon = NOW + timedelta(days=1)
    raw = with_tag(MAIL, b"x=%d" % soon.timestamp())
    assert result(raw) == "pass"
    assert result(raw, at=soon + timedelta(seconds=2)) == "none"
    # the service was down meanwhile: what counts is when the mail came
    past = NOW - timedelta(days=30)
    assert result(with_tag(MAIL, b"x=%d" % past.timestamp()), at=past - timedelta(hours=1)) == "pass"


def test_a_signature_of_part_of_the_body_proves_nothing() -> None:
    raw = signed(length=True)
    assert result(raw) == "none"
    assert result(raw + b"an attachment of somebody else\r\n") == "none"


def test_sha1_and_short_keys_prove_nothing() -> None:
    assert result(signed(signature_algorithm=b"rsa-sha1")) == "none"
    assert result(signed(bits=512), {"s1._domainkey.unit.example": pair(512)[1]}) == "none"


@pytest.mark.parametrize(
    "record",
    ["", "v=DKIM1; k=rsa; p=", "v=DKIM1; p=%%%", "v=spf1 -all", "v=DKIM1; k=dsa; p=AAAA", "好", "p=" + "A" * 99],
)
def test_a_broken_key_record_is_no_fail(record: str) -> None:
    assert result(signed(), {"s1._domainkey.unit.example": record}) == "none"


def test_dns_away_is_unknown() -> None:
    assert result(signed(), {"s1._domainkey.unit.example": None}) == "unknown"


def test_folded_and_spaced_like_the_webmail_of_chinese_providers() -> None:
    """Tags in another order, each on a line of its own, tabs, and a final semicolon."""
    raw = signed()
    assert result(raw.replace(b"b=", b"b=\r\n\t", 1)) in ("pass", "fail", "none")  # whatever it is, no exception
    folded = raw.replace(b"; ", b";\r\n\t", 3)
    assert folded.count(b"\r\n\t") >= 3
    assert result(folded) == "pass"


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b" x\r\n\r\n", b"\xff\xfe: a\r\n\r\n", b"DKIM-Signature: ;;=\r\n\r\nx", b"x" * 99]
)
def test_rubbish_is_none(raw: bytes) -> None:
    assert result(raw) == "none"


@settings(max_examples=60)
@given(st.integers(0, 5000), st.binary(max_size=8))
def test_any_change_of_a_signed_mail_gives_an_answer(at: int, bytes_: bytes) -> None:
    """Law: whatever stands in a mail, the check ends with a result and raises nothing."""
    raw = signed()
    at %= len(raw)
    assert result(raw[:at] + bytes_ + raw[at + len(bytes_) :]) in ("pass", "fail", "none")


def message(*values: str, doubtful: bool = False) -> Message:
    headers = tuple(("dkim-signature", value) for value in values)
    address = (Address(address=f"limin@{AUTHOR}"),)
    return Message(message_id="", subject="", from_=address, from_doubtful=doubtful, headers=headers)


def test_which_keys_are_looked_up() -> None:
    assert keys_wanted(
        message("v=1; a=rsa-sha256; d=Unit.example; s=S1; b=x", "d=unit.example;s=s1", "d=evil.cn;s=a")
    ) == ["s1._domainkey.unit.example"]
    assert keys_wanted(message(*(f"d=unit.example; s=k{n}" for n in range(50)))) == [
        f"k{n}._domainkey.unit.example" for n in range(5)
    ]
    for odd in (
        "d=unit.example; s=",
        "d=unit.example; s=a/b",
        "s=x",
        "d=unit.example; s=" + "a" * 300,
        "d=../unit.example; s=a",
    ):
        assert keys_wanted(message(odd)) == []
    assert keys_wanted(message("d=unit.example; s=s1", doubtful=True)) == []
