"""Letters over real sockets: every stage at which a mail server can refuse, hang up or fall silent."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from intake.mail.send import AuthRefused, Deferred, Rejected, Sent, Smtp
from storage.errors import Refused

LETTER = b"From: zlb@yunling.example\r\nSubject: x\r\n\r\nfirst\r\n.second starts with a dot\r\n"
OFFICE = "zlb@yunling.example"
UNIT = "zhijian@qinghe.example"
PASSWORD = "canary-7f3a"
PATIENCE = 30.0
"""Seconds for a server that answers: it does so at once, but the machine may have other work."""
TIMEOUT = 1.0
"""Seconds for one that never answers."""
STAGES = ("CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "BODY")


@dataclass
class Settings:
    """The part of the configuration that sending needs."""

    port: int
    host: str = "127.0.0.1"
    security: str = "none"
    username: str = ""
    ca_file: str = ""
    timeout_seconds: float = PATIENCE


@dataclass
class Plan:
    """How the server misbehaves: stage → an answer, `drop` or `stall`. What it saw is written down."""

    faults: dict[str, str] = field(default_factory=dict)
    once: dict[str, str] = field(default_factory=dict)
    """Like `faults`, but only the first time."""
    refused: Mapping[str, str] = field(default_factory=dict)
    letters: list[Envelope] = field(default_factory=list)
    connections: int = 0
    logins: list[bytes] = field(default_factory=list)
    quits: int = 0
    port: int = 0

    def settings(self, **changes: Any) -> Settings:
        return Settings(port=self.port, **changes)


class Server(SMTP):
    """aiosmtpd with faults."""

    def __init__(self, plan: Plan, **options: Any) -> None:
        super().__init__(Handler(plan), hostname="mx.yunling.example", authenticator=self._login, **options)
        self.plan = plan
        self.greeted = False

    async def fault(self, stage: str) -> bool:
        action = self.plan.once.pop(stage, None) or self.plan.faults.get(stage)
        if action is None:
            return False
        if action == "drop":
            assert isinstance(self.transport, asyncio.WriteTransport)
            self.transport.abort()
        elif action == "stall":
            await asyncio.sleep(600)  # until the client has gone
        else:
            await super().push(action.encode())
        return True

    async def push(self, status: Any) -> None:
        if not self.greeted:
            self.greeted = True
            self.plan.connections += 1
            if await self.fault("CONNECT"):
                return
        await super().push(status.encode() if isinstance(status, str) else status)

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self.fault("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        if not await self.fault("EHLO"):
            await super().smtp_HELO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self.fault("STARTTLS"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self.fault("AUTH"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self.fault("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self.fault("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if not await self.fault("DATA"):
            await super().smtp_DATA(arg)

    async def smtp_QUIT(self, arg: str) -> None:
        self.plan.quits += 1
        if not await self.fault("QUIT"):
            await super().smtp_QUIT(arg)

    def _login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.plan.logins.append(data.password)
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


class Handler:
    """Keeps the letters; refuses single recipients."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    async def handle_RCPT(
        self, server: Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.plan.refused:
            return self.plan.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        action = self.plan.faults.get("BODY")
        if action is None or action == "drop":  # the worst case: it has the letter and hangs up
            self.plan.letters.append(envelope)
        if action in ("drop", "stall"):
            await server.fault("BODY")
        return "250 OK" if action in (None, "drop", "stall") else action


@contextlib.contextmanager
def serving(plan: Plan, *, tls: ssl.SSLContext | None = None, login: bool = False, **options: Any) -> Iterator[Plan]:
    """A server on a free loopback port in a thread of its own; with `login` it offers AUTH without TLS."""
    options["auth_require_tls"] = not login
    loop = asyncio.new_event_loop()

    sessions: list[Server] = []

    def session() -> Server:
        sessions.append(Server(plan, loop=loop, **options))
        return sessions[-1]

    async def start() -> asyncio.Server:
        return await loop.create_server(session, "127.0.0.1", 0, ssl=tls)

    async def stop(server: asyncio.Server) -> None:
        server.close()
        for one in sessions:
            if isinstance(one.transport, asyncio.WriteTransport):
                one.transport.abort()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # lets the transports close their sockets

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(start(), loop).result(5)
    plan.port = server.sockets[0].getsockname()[1]
    try:
        yield plan
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def send(plan: Plan, *rcpt: str, **changes: Any) -> Sent | Deferred | Rejected:
    with Smtp(plan.settings(**changes), PASSWORD) as smtp:
        return smtp.send(LETTER, OFFICE, rcpt or (UNIT, OFFICE))


def test_a_letter_arrives_as_it_was_composed_and_the_line_is_closed_properly() -> None:
    with serving(Plan(), login=True) as plan:
        assert send(plan, username="zlb") == Sent()
    assert [(one.mail_from, one.rcpt_tos) for one in plan.letters] == [(OFFICE, [UNIT, OFFICE])]
    assert plan.letters[0].original_content == LETTER
    assert plan.quits == 1
    assert plan.logins == [PASSWORD.encode()]


def test_many_letters_take_one_connection() -> None:
    with serving(Plan()) as plan, Smtp(plan.settings(), PASSWORD) as smtp:
        assert [smtp.send(LETTER, OFFICE, (UNIT,)) for _ in range(5)] == [Sent()] * 5
    assert plan.connections == 1


@pytest.mark.parametrize("stage", STAGES)
def test_4yz_means_later(stage: str) -> None:
    with serving(Plan({stage: "451 4.3.0 later"}), login=True) as plan:
        outcome = send(plan, username="zlb")
    assert isinstance(outcome, Deferred)
    assert (outcome.code, outcome.stage, outcome.uncertain) == (451, stage, False)
    assert "later" in outcome.text
    assert not plan.letters


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "AUTH"])
def test_5yz_means_never(stage: str) -> None:
    with serving(Plan({stage: "554 5.7.1 退信：never"}), login=True) as plan:
        outcome = send(plan, username="zlb")
    assert outcome == Rejected(554, "5.7.1 退信：never", stage)
    assert not plan.letters


@pytest.mark.parametrize("stage", STAGES)
def test_a_dropped_line_means_later_and_only_a_whole_letter_is_uncertain(stage: str) -> None:
    with serving(Plan({stage: "drop"}), login=True) as plan:
        outcome = send(plan, username="zlb")
    assert isinstance(outcome, Deferred)
    assert (outcome.code, outcome.uncertain) == (0, stage == "BODY")
    assert len(plan.letters) == (stage == "BODY")


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL", "BODY"])
def test_silence_ends_with_the_timeout(stage: str) -> None:
    with serving(Plan({stage: "stall"})) as plan:
        began = time.monotonic()
        outcome = send(plan, timeout_seconds=TIMEOUT)
        assert time.monotonic() - began < PATIENCE
    assert isinstance(outcome, Deferred)
    assert outcome.uncertain == (stage == "BODY")


@pytest.mark.parametrize("stage", ["CONNECT", "MAIL", "RCPT", "DATA", "BODY"])
def test_421_closes_and_the_next_letter_takes_a_new_line(stage: str) -> None:
    with serving(Plan({stage: "421 4.3.2 closing"})) as plan, Smtp(plan.settings(), PASSWORD) as smtp:
        first = smtp.send(LETTER, OFFICE, (UNIT,))
        plan.faults.clear()
        assert smtp.send(LETTER, OFFICE, (UNIT,)) == Sent()
    assert isinstance(first, Deferred)
    assert first.code == 421
    assert (len(plan.letters), plan.connections) == (1, 2)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "BODY"])
def test_a_refused_letter_does_not_spoil_the_next_one(stage: str) -> None:
    with serving(Plan({stage: "550 no"})) as plan, Smtp(plan.settings(), PASSWORD) as smtp:
        assert smtp.send(LETTER, OFFICE, (UNIT,)) == Rejected(550, "no", stage)
        plan.faults.clear()
        assert smtp.send(LETTER, OFFICE, (UNIT,)) == Sent()
    assert plan.connections == 1


@pytest.mark.parametrize("farewell", ["421 4.4.2 idle too long", "drop"])
def test_a_server_that_hung_up_between_two_letters_is_called_again(farewell: str) -> None:
    with serving(Plan()) as plan, Smtp(plan.settings(), PASSWORD) as smtp:
        assert smtp.send(LETTER, OFFICE, (UNIT,)) == Sent()
        plan.once["MAIL"] = farewell
        assert smtp.send(LETTER, OFFICE, (UNIT,)) == Sent()
    assert (plan.connections, len(plan.letters)) == (2, 2)


def test_a_refused_unit_gets_no_letter_and_neither_do_we() -> None:
    with serving(Plan(refused={UNIT: "550 5.1.1 no such user"})) as plan:
        assert send(plan) == Rejected(550, "5.1.1 no such user", "RCPT")
    assert not plan.letters


def test_a_unit_that_must_wait_gets_no_letter_and_neither_do_we() -> None:
    with serving(Plan(refused={UNIT: "450 4.2.0 greylisted"})) as plan:
        assert send(plan) == Deferred(450, "4.2.0 greylisted", stage="RCPT")
    assert not plan.letters


def test_a_refused_copy_does_not_stop_the_letter() -> None:
    with serving(Plan(refused={OFFICE: "552 5.2.2 full"})) as plan:
        assert send(plan) == Sent((f"{OFFICE} 552 5.2.2 full",))
    assert [one.rcpt_tos for one in plan.letters] == [[UNIT]]


def test_a_null_sender_can_be_used() -> None:
    with serving(Plan()) as plan, Smtp(plan.settings(), PASSWORD) as smtp:
        assert smtp.send(LETTER, "", (UNIT,)) == Sent()
    assert plan.letters[0].mail_from in ("", "<>", None)


@pytest.mark.parametrize("address", ["a@b.example>\r\nRCPT TO:<x@y.example", "a b@c.example", "质量@b.example", "a"])
def test_what_is_no_address_never_reaches_the_server(address: str) -> None:
    with serving(Plan()) as plan:
        outcome = send(plan, address)
    assert isinstance(outcome, Rejected)
    assert plan.connections == 0


def test_line_ends_cannot_smuggle_a_second_letter() -> None:
    raw = b"Subject: x\n\nhello\n.\nMAIL FROM:<evil@x.example>\r.\rend"
    with serving(Plan()) as plan, Smtp(plan.settings(), PASSWORD) as smtp:
        assert smtp.send(raw, OFFICE, (UNIT,)) == Sent()
    assert len(plan.letters) == 1
    content = plan.letters[0].original_content
    assert content is not None
    assert content == b"Subject: x\r\n\r\nhello\r\n.\r\nMAIL FROM:<evil@x.example>\r\n.\r\nend\r\n"


def test_nobody_listens() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        outcome = send(Plan(port=reserved.getsockname()[1]))
    assert isinstance(outcome, Deferred)
    assert outcome.stage == "CONNECT"


def test_a_wrong_password_is_tried_once() -> None:
    with serving(Plan(), login=True) as plan, Smtp(plan.settings(username="zlb"), "wrong-canary") as smtp:
        for _ in range(3):
            with pytest.raises(AuthRefused) as refusal:
                smtp.send(LETTER, OFFICE, (UNIT,))
            assert "授权码" in str(refusal.value)
            assert "wrong-canary" not in f"{refusal.value!r} {refusal.value.__cause__!r} {smtp!r}"
    assert plan.logins == [b"wrong-canary"]
    assert not plan.letters


def test_a_server_that_repeats_the_password_does_not_get_it_into_our_books() -> None:
    with serving(Plan({"MAIL": f"451 you said {PASSWORD}"})) as plan:
        outcome = send(plan)
    assert isinstance(outcome, Deferred)
    assert outcome.text == "you said ***"


def test_a_mechanism_that_is_only_advertised_is_passed_over() -> None:
    with serving(Plan(), auth_exclude_mechanism=["PLAIN"], login=True) as plan:
        assert send(plan, username="zlb") == Sent()
    assert plan.logins == [PASSWORD.encode()]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_that_wants_a_login_is_about_the_configuration_not_about_the_letter() -> None:
    with serving(Plan(), auth_required=True, login=True) as plan, pytest.raises(AuthRefused):
        send(plan)
    assert not plan.letters


def test_no_user_name_no_login() -> None:
    with serving(Plan(), login=True) as plan:
        assert send(plan) == Sent()
    assert plan.logins == []


def test_plain_text_leaves_this_machine_never() -> None:
    with pytest.raises(Refused, match="不能不加密"):
        send(Plan(port=25), host="mail.yunling.example")


def test_a_missing_starttls_stops_everything() -> None:
    with serving(Plan(), login=True) as plan, pytest.raises(Refused, match="STARTTLS"):
        send(plan, security="starttls", username="zlb")
    assert plan.logins == []
    assert not plan.letters


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`good.pem` for 127.0.0.1 and `other.pem` for another name, each its own authority."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed, so no certificates can be made")
    folder = tmp_path_factory.mktemp("certificates")
    for name, alternative in (("good", "IP:127.0.0.1"), ("other", "DNS:mail.yunling.example")):
        subprocess.run(
            [
                *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"),
                *("-addext", f"subjectAltName={alternative}"),
                *("-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")),
            ],
            check=True,
            capture_output=True,
        )
    return folder


def context(folder: Path, name: str) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return tls


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("name", "authority", "sent"), [("good", "good", True), ("good", "", False), ("other", "other", False)]
)
def test_certificates_are_checked(certificates: Path, security: str, name: str, authority: str, sent: bool) -> None:
    tls = context(certificates, name)
    served: dict[str, Any] = {"tls": tls} if security == "tls" else {"tls_context": tls}
    ca_file = str(certificates / f"{authority}.pem") if authority else ""
    with serving(Plan(), login=security == "tls", **served) as plan:
        if sent:
            assert send(plan, security=security, username="zlb", ca_file=ca_file, timeout_seconds=5) == Sent()
            assert plan.logins == [PASSWORD.encode()]
        else:
            with pytest.raises(Refused, match="证书"):
                send(plan, security=security, username="zlb", ca_file=ca_file, timeout_seconds=5)
            assert (plan.logins, plan.letters) == ([], [])
