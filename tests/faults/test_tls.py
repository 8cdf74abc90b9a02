"""The password is said to the right server, under encryption, or not at all: IMAP and SMTP, TLS and STARTTLS."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
import trustme

from benchmarks.ready import PASSWORD
from intake.config_servers import ImapConfig, SmtpConfig
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS
from intake.mail import imap
from intake.mail.send import Deferred, Sent, Smtp
from storage.errors import Refused, Temporary
from tests.desk import Desk, captioned, everything
from tests.faults.tls_front import IMAP, SMTP, TlsFront

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PATIENCE = 30.0
Kind = Literal["imap", "smtp"]


@dataclass
class Authority:
    """An office's own certificate authority, in a file, and what it and a stranger issued."""

    file: Path
    contexts: dict[str, ssl.SSLContext]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    own, stranger = trustme.CA(), trustme.CA()
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    own.cert_pem.write_to_path(file)
    made = {
        "good": own.issue_cert("127.0.0.1"),
        "stranger": stranger.issue_cert("127.0.0.1"),
        "other name": own.issue_cert("mail.elsewhere.example"),
        "expired": own.issue_cert("127.0.0.1", not_before=LONG_AGO, not_after=LONG_AGO + timedelta(days=90)),
        "not yet": own.issue_cert("127.0.0.1", not_before=datetime.now(UTC) + timedelta(days=9)),
    }
    contexts = {name: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for name in made}
    for name, certificate in made.items():
        certificate.configure_cert(contexts[name])
    return Authority(file, contexts)


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with MailServer(address=OFFICE_ADDRESS, password=PASSWORD) as running:
        yield running


def front(server: MailServer, kind: Kind, context: ssl.SSLContext, mode: Any, **more: Any) -> TlsFront:
    port = server.imap_port if kind == "imap" else server.smtp_port
    return TlsFront(port, context, IMAP if kind == "imap" else SMTP, mode, **more)


def talk(kind: Kind, port: int, security: str, ca_file: Path | None) -> Any:
    """Log in, and for SMTP send a letter: the capabilities, or what became of the letter."""
    common: dict[str, Any] = {
        "host": "127.0.0.1", "port": port, "security": security, "username": OFFICE_ADDRESS, "password": "env:X",
        "ca_file": str(ca_file or ""), "timeout_seconds": PATIENCE,
    }  # fmt: skip
    if kind == "imap":
        with imap.connected(ImapConfig(**common), PASSWORD) as client:
            return client.capabilities()
    with Smtp(SmtpConfig(**common), PASSWORD) as smtp:
        return smtp.send(b"Subject: x\r\n\r\nx\r\n", OFFICE_ADDRESS, ("a@unit.example",))


def heard_no_secret(between: TlsFront, *, inside: bool = False) -> None:
    said = bytes(between.clear).upper() + (b"" if inside else bytes(between.inside).upper())
    assert b"LOGIN" not in said and b"AUTH" not in said and PASSWORD.upper().encode() not in said


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("kind", ["imap", "smtp"])
def test_a_certificate_of_the_office_s_own_authority_holds_by_ca_file(
    server: MailServer, authority: Authority, kind: Kind, security: str
) -> None:
    with front(server, kind, authority.contexts["good"], security) as between:
        outcome = talk(kind, between.port, security, authority.file)
        assert outcome == Sent() if kind == "smtp" else b"IMAP4REV1" in outcome
        heard_no_secret(between, inside=True)
        assert between.inside


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("kind", ["imap", "smtp"])
@pytest.mark.parametrize(
    ("name", "trusted", "why"),
    [("good", False, "不是受信任的机构"), ("stranger", True, "不是受信任的机构"), ("other name", True, "不是发给"),
     ("expired", True, "已过期"), ("not yet", True, "还未生效")],
)  # fmt: skip
def test_a_certificate_that_does_not_hold_hears_nothing(
    server: MailServer, authority: Authority, kind: Kind, security: str, name: str, trusted: bool, why: str
) -> None:
    with front(server, kind, authority.contexts[name], security) as between:
        with pytest.raises(Refused, match=f"证书未通过校验（{why}"):
            talk(kind, between.port, security, authority.file if trusted else None)
        heard_no_secret(between)


@pytest.mark.parametrize("kind", ["imap", "smtp"])
@pytest.mark.parametrize("mode", ["stripped", "refused"])
def test_without_starttls_not_a_byte_of_the_login(
    server: MailServer, authority: Authority, kind: Kind, mode: str
) -> None:
    with front(server, kind, authority.contexts["good"], mode) as between:
        with pytest.raises((Refused, Temporary)) as told:
            talk(kind, between.port, "starttls", authority.file)
        assert kind == "imap" or "STARTTLS" in str(told.value)
        heard_no_secret(between)


def test_a_preauthenticated_greeting_does_not_spare_the_encryption(server: MailServer, authority: Authority) -> None:
    with front(server, "imap", authority.contexts["good"], "starttls", greeting=b"* PREAUTH hi\r\n") as between:
        with pytest.raises((Refused, Temporary)):
            talk("imap", between.port, "starttls", authority.file)
        heard_no_secret(between)


@pytest.mark.parametrize(
    ("kind", "injected"),
    [("imap", b"* CAPABILITY IMAP4rev1 INJECTED\r\n"), ("imap", b"* 9 EXISTS\r\n* BYE x\r\n"),
     ("smtp", b"250 AUTH PLAIN\r\n235 welcome\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n")],
)  # fmt: skip
def test_what_was_said_before_the_encryption_is_forgotten(
    server: MailServer, authority: Authority, kind: Kind, injected: bytes
) -> None:
    before = len(server.sent)
    with front(server, kind, authority.contexts["good"], "starttls", injected=injected) as between:
        outcome = talk(kind, between.port, "starttls", authority.file)
    if kind == "imap":
        assert b"INJECTED" not in outcome
    else:
        assert (outcome, len(server.sent)) == (Sent(), before + 1)


@pytest.mark.parametrize("kind", ["imap", "smtp"])
def test_a_plain_server_on_a_tls_port_is_told(server: MailServer, authority: Authority, kind: Kind) -> None:
    port = server.imap_port if kind == "imap" else server.smtp_port
    if kind == "imap":
        with pytest.raises(Temporary, match=r"加密连接.*security"):
            talk(kind, port, "tls", authority.file)
    else:
        outcome = talk(kind, port, "tls", authority.file)
        assert isinstance(outcome, Deferred)
        assert "加密连接" in outcome.text and "security" in outcome.text


def test_from_outside_a_bad_certificate_is_a_line_and_no_letter(tmp_path: Path, authority: Authority) -> None:
    with Desk(tmp_path) as desk:
        desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        with front(desk.server, "imap", authority.contexts["expired"], "tls") as between:
            head, _, tail = desk.config.read_text("utf-8").partition("[imap]")
            tail = tail.replace(
                f"port = {desk.server.imap_port}", f"port = {between.port}\nca_file = '{authority.file}'"
            )
            tail = tail.replace('security = "none"', 'security = "tls"', 1)
            desk.config.write_text(f"{head}[imap]{tail}", "utf-8")
            told = desk.command("run", "--once")
            assert told["fetched"] == 0
            assert len(told["refused"]) == 1 and "已过期" in told["refused"][0]
            between.context = authority.contexts["good"]
            assert desk.command("run", "--once")["fetched"] == 1
            heard_no_secret(between, inside=True)
