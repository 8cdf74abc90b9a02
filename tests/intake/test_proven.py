"""A unit whose mails can be verified: one that cannot waits and displaces nothing. All others are treated as ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.check import check_file
from intake.commands import Setting
from intake.commands.deciding import assign
from intake.config import load_config
from intake.demo import materials as m
from intake.keys import DnsAway, KeyRing
from intake.mail.message import Address, Message
from tests.desk import Desk
from tests.intake.mail.test_signed import FIELDS, pair, signed
from tests.intake.test_hand import write

QUIET = timedelta(minutes=10)
SERVER = "mx.office.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, roster=2) as running:
        running.lookup = lambda name: pair(2048)[1] if name.startswith("s1.") else ""
        yield running


def by_domain(desk: Desk) -> Callable[[bytes], bytes]:
    """What the mail server of the unit does."""
    domain = desk.units[0].addresses[0].rpartition("@")[2].encode()
    return lambda raw: signed(raw, domain=domain, fields=[one for one in FIELDS if one != b"date"])


def send(desk: Desk, seed: int, how: Callable[[bytes], bytes] = lambda raw: raw, **headers: str) -> str:
    unit = desk.units[0]
    files = [m.summary(unit, seed, f"活动总结{seed}.docx")]
    id = desk.mail(unit, files, headers={n.replace("_", "-"): v for n, v in headers.items()}, through=how)
    desk.cycle(wait=QUIET)
    return id


def standing(desk: Desk) -> dict[str, str]:
    """State of every version of the summary."""
    unit = desk.status()[desk.units[0].code]
    one: dict[str, Any] = next(r for r in unit["requirements"] if r["category"] == "summary")
    return {version["name"]: version["state"] for version in one["history"]}


def proof(desk: Desk, id: str) -> tuple[str, str]:
    row = desk.mails()[id]
    return row["verification"]["result"], row["trust"]


def test_an_unsigned_mail_never_displaces_a_signed_one(desk: Desk) -> None:
    first = send(desk, 1, by_domain(desk))
    assert proof(desk, first) == ("pass", "registered")
    forged = send(desk, 2)
    assert proof(desk, forged) == ("none", "unproven")
    assert standing(desk) == {"活动总结1.docx": "current", "活动总结2.docx": "pending"}
    ((kind, text),) = desk.todo()
    assert kind == "unknown-sender" and "没有通过核验" in text and "“活动总结2.docx”待核实、未计入" in text
    send(desk, 3, by_domain(desk))
    assert standing(desk)["活动总结3.docx"] == "current"


def test_a_changed_mail_neither(desk: Desk) -> None:
    send(desk, 1, by_domain(desk))
    changed = send(desk, 2, lambda raw: by_domain(desk)(raw).replace(b"Subject: ", b"Subject: x", 1))
    assert proof(desk, changed) == ("fail", "unproven")
    assert standing(desk) == {"活动总结1.docx": "current", "活动总结2.docx": "pending"}


def test_he_is_taken_when_she_says_so(desk: Desk) -> None:
    send(desk, 1, by_domain(desk))
    id = send(desk, 2)
    assign(Setting(desk.config, desk.now.isoformat(), True), mail=id, unit=desk.units[0].code, once=True)
    assert standing(desk) == {"活动总结1.docx": "superseded", "活动总结2.docx": "current"}
    assert desk.todo() == []


def test_what_she_calls_settled_is_not_asked_again(desk: Desk) -> None:
    send(desk, 1, by_domain(desk))
    send(desk, 2)
    write(desk, desk.units[0].addresses[0], "处理", "忽略")
    desk.cycle(wait=QUIET)
    assert desk.todo() == [] and standing(desk)["活动总结1.docx"] == "current"


def test_it_adds_what_is_missing(desk: Desk) -> None:
    """A mail that is only not signed is no reason for a doubt where nothing is displaced."""
    send(desk, 1, by_domain(desk))
    unit = desk.units[0]
    desk.mail(unit, [m.case(unit, 1)])
    desk.cycle(wait=QUIET)
    (case,) = [r for r in desk.status()[unit.code]["requirements"] if r["category"] == "case"]
    assert case["state"] == "ok" and desk.todo() == []


def test_a_unit_that_never_signed_is_treated_as_ever(desk: Desk) -> None:
    first, second = send(desk, 1), send(desk, 2)
    assert proof(desk, first) == proof(desk, second) == ("none", "registered")
    assert standing(desk) == {"活动总结1.docx": "superseded", "活动总结2.docx": "current"}
    assert desk.todo() == []


def test_a_gateway_that_breaks_every_signature_does_no_harm(desk: Desk) -> None:
    for seed in (1, 2):
        id = send(desk, seed, lambda raw: by_domain(desk)(raw).replace(b"Subject: ", b"Subject: x", 1))
        assert proof(desk, id) == ("fail", "registered")
    assert standing(desk) == {"活动总结1.docx": "superseded", "活动总结2.docx": "current"}
    assert desk.todo() == []


def test_without_dns_nobody_fails(desk: Desk) -> None:
    def away(name: str) -> str:
        raise DnsAway

    desk.lookup = away
    for seed in (1, 2):
        assert proof(desk, send(desk, seed, by_domain(desk))) == ("unknown", "registered")
    assert standing(desk) == {"活动总结1.docx": "superseded", "活动总结2.docx": "current"}


def test_switched_off(desk: Desk) -> None:
    desk.configure("[imap]\n", "[imap]\ndkim = false\n")
    assert proof(desk, send(desk, 1, by_domain(desk))) == ("", "registered")


@pytest.mark.parametrize(
    "second", ["dkim=none; spf=none", "spf=pass smtp.mailfrom=robot@evil.example", "dkim=pass header.d=evil.example"]
)
def test_the_servers_word_goes_before_ours(desk: Desk, second: str) -> None:
    desk.configure("[imap]\n", f'[imap]\nauthserv_id = "{SERVER}"\n')
    domain = desk.units[0].addresses[0].rpartition("@")[2]
    first = send(
        desk, 1, Authentication_Results=f"{SERVER}; spf=pass smtp.mailfrom=x@{domain}; dkim=pass header.d={domain}"
    )
    assert proof(desk, first) == ("pass", "registered")
    # the forger's own line stands below the server's
    head = f"Authentication-Results: {SERVER}; dmarc=pass header.from={domain}\r\n".encode()
    top = f"Authentication-Results: {SERVER}; {second}\r\n".encode()
    id = send(desk, 2, lambda raw: top + head + by_domain(desk)(raw))
    assert proof(desk, id) == ("none", "unproven")
    assert standing(desk) == {"活动总结1.docx": "current", "活动总结2.docx": "pending"}


def test_check_shows_it(desk: Desk, tmp_path: Path) -> None:
    def keep(raw: bytes) -> bytes:
        (tmp_path / "a.eml").write_bytes(by_domain(desk)(raw))
        return raw

    send(desk, 1, keep)
    told = check_file(load_config(desk.config), tmp_path / "a.eml", desk.now, desk.lookup)
    assert told["verification"] == {
        "result": "pass",
        "by": "DKIM 签名（" + desk.units[0].addresses[0].rpartition("@")[2] + "）",
    }


def test_dns_is_left_alone_for_a_while_when_it_is_away() -> None:
    asked: list[str] = []
    seconds = 0.0

    def lookup(name: str) -> str:
        asked.append(name)
        if seconds < 1000:
            raise DnsAway
        return "v=DKIM1; p=x"

    ring = KeyRing(lookup, clock=lambda: seconds)

    def of(domain: str) -> Any:
        headers = (("dkim-signature", f"d={domain}; s=s1"),)
        return ring.of(Message(message_id="", subject="", from_=(Address(address=f"a@{domain}"),), headers=headers))

    assert [list(of(f"{n}.example").values()) for n in range(10)] == [[None]] * 10
    assert len(asked) == 3  # then it rests
    seconds = 2000.0
    assert of("a.example") == of("a.example") == {"s1._domainkey.a.example": "v=DKIM1; p=x"}
    assert len(asked) == 4  # and an answer is remembered
    assert ring.of(Message(message_id="", subject="", from_=(Address(address="a@a.example"),))) == {}
