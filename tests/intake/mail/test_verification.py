"""Whose word about a sender is believed: the configured server's, else only the topmost header's doubt."""

from __future__ import annotations

import pytest

from intake.mail.message import Address, Message, Signed
from intake.mail.verification import doubted, forged, proof_of

OURS = "mx.yunling.example"


@pytest.mark.parametrize(
    ("results", "named", "unnamed"),
    [
        ([], False, False),
        ([f"{OURS}; dmarc=fail (p=none) header.from=x"], True, True),
        ([f"{OURS} 1; DMARC=Fail"], True, True),
        ([f"{OURS}; dmarc=pass", f"{OURS}; dmarc=fail"], False, False),
        (["mx.qinghe.example; dmarc=fail"], False, True),
        (["mx.qinghe.example; dmarc=fail", f"{OURS}; dmarc=pass"], False, True),
        # a forger writes a good one below the server's, and one above does not outweigh it where the name is known
        ([f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass", "x; dmarc=pass"], True, True),
        (["mx.qinghe.example; dmarc=pass", f"{OURS}; dmarc=fail"], True, False),
        ([f"{OURS}; spf=pass; dkim=fail"], True, False),
        ([f"{OURS}; spf=fail; dkim=fail"], True, True),
        ([f"{OURS}; spf=fail; dkim=fail; dkim=pass"], False, False),
        ([f"{OURS}; spf=fail"], False, False),
        ([f"{OURS}; dmarc=none"], False, False),
        ([f"{OURS}; none (dmarc=fail)"], False, False),
        ([f"{OURS}; x-dmarc=fail"], False, False),
        (["dmarc=fail"], False, False),
        ([""], False, False),
    ],
)
def test_doubts(results: list[str], named: bool, unnamed: bool) -> None:
    assert forged(results, OURS) is named
    assert doubted(results, OURS) is named
    assert doubted(results, OURS.upper()) is named
    assert doubted(results, "") is unnamed
    assert forged(results, "") is False


def test_without_a_name_only_servers_of_our_own_domain_refuse() -> None:
    ours = ["zlb@yunling.example"]
    assert forged([f"{OURS}; dmarc=fail"], "", ours) and forged(["yunling.example 1; dmarc=fail"], "", ours)
    assert not forged(["notyunling.example; dmarc=fail"], "", ours)
    assert not forged([f"{OURS}; dmarc=pass", f"{OURS}; dmarc=fail"], "", ours)
    assert not forged([f"{OURS}; dmarc=fail"], "mx.elsewhere.example", ours)


@pytest.mark.parametrize(
    ("said", "proven"),
    [
        ("dmarc=pass header.from=unit.example", "pass"),
        ("dkim=pass header.d=unit.example", "pass"),
        ("dkim=pass header.i=@mail.unit.example", "pass"),
        ("spf=pass smtp.mailfrom=limin@unit.example", "pass"),
        ("dkim=pass header.d=evil.example", "none"),
        ("dkim=pass", "none"),  # of whom?
        ("spf=softfail smtp.mailfrom=unit.example; dkim=none", "none"),
        ("none", "none"),
        ("dkim=temperror", "unknown"),
        ("dkim=fail header.d=unit.example", "fail"),
        # what the sender calls himself is written by him
        ('spf=pass smtp.mailfrom="x; dkim=pass header.d=unit.example"@evil.example', "none"),
        ('spf=fail (of "(x) dkim=pass header.d=unit.example"@evil.example)', "none"),
        ("spf=fail (of x) dkim=pass header.d=unit.example)", "none"),
    ],
)
def test_the_servers_word_about_this_author(said: str, proven: str) -> None:
    message = Message(
        message_id="",
        subject="",
        from_=(Address(address="limin@unit.example"),),
        headers=(("authentication-results", f"{OURS}; {said}"), ("authentication-results", f"{OURS}; dmarc=pass")),
        signed=Signed(result="unknown"),
    )
    assert proof_of(message, OURS).result == proven
    assert proof_of(message, OURS).forged is (proven == "fail")
    assert proof_of(message, "").result == "unknown"  # without a name nobody's word is a proof
    assert proof_of(message, "mx.elsewhere.example").result == "unknown"


def test_without_any_check_nothing_is_said() -> None:
    message = Message(message_id="", subject="", from_=(Address(address="limin@unit.example"),))
    assert proof_of(message, "").result == ""
    assert proof_of(message, OURS).result == "none"
