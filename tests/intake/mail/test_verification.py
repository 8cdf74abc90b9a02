"""Whose word about a sender is believed: the configured server's, else only the topmost header's doubt."""

from __future__ import annotations

import pytest

from intake.mail.verification import doubted, forged

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
