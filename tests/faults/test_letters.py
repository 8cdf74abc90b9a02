"""Every letter leaves exactly once, whatever the mail server does in the middle of it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from intake.demo.units import OFFICE_ADDRESS
from tests.desk import Desk, captioned, everything, letter
from tests.faults.imap_script import STALL, Unmannerly

QUIET = timedelta(minutes=10)


class Moody:
    """An SMTP server that takes the letter, refuses it, or takes it and hangs up, as the test says."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.mood = "250 OK"
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw: Any = envelope.original_content
        if self.mood in ("250 OK", "drop after"):
            self.taken.append(raw)
            if OFFICE_ADDRESS in envelope.rcpt_tos:
                self.desk.server.deliver(raw, self.desk.now)
        if self.mood.startswith("drop"):
            transport = server.transport
            assert isinstance(transport, asyncio.WriteTransport)
            transport.abort()
        return self.mood if self.mood[0].isdigit() else "250 OK"


@pytest.fixture
def moody(tmp_path: Path) -> Iterator[tuple[Desk, Moody]]:
    with Desk(tmp_path) as desk:
        mood = Moody(desk)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controller = Controller(mood, hostname="127.0.0.1", port=port, decode_data=False)
        controller.start()
        try:
            text = desk.config.read_text("utf-8")
            text = text.replace(f"port = {desk.server.smtp_port}", f"port = {port}")
            head, _, tail = text.partition("[smtp]")
            tail = tail.replace(f'username = "{OFFICE_ADDRESS}"', 'username = ""', 1)
            tail = tail.replace("copy_to_self = true", "copy_to_self = true\nlookup_after_seconds = 0")
            desk.config.write_text(f"{head}[smtp]{tail}", "utf-8")
            unit = desk.units[0]
            desk.mail(unit, everything(unit), captioned(unit))
            yield desk, mood
        finally:
            controller.stop()


def states(desk: Desk) -> list[str]:
    return [row["state"] for row in desk.outbox()]


def test_taken_but_the_line_broke_before_the_answer(moody: tuple[Desk, Moody]) -> None:
    desk, server = moody
    server.mood = "drop after"
    desk.cycle(wait=QUIET)
    assert states(desk) == ["sending"]
    server.mood = "250 OK"
    for _ in range(3):
        desk.cycle(wait=timedelta(minutes=5))
    assert states(desk) == ["sent"]
    assert len(server.taken) == 1


def test_a_mailbox_that_fails_at_the_look_up_was_read_all_the_same(moody: tuple[Desk, Moody]) -> None:
    desk, server = moody
    server.mood = "drop after"
    desk.cycle(wait=QUIET)
    with Unmannerly(desk.server.imap_port) as between:
        desk.configure(f"port = {desk.server.imap_port}", f"port = {between.port}\ntimeout_seconds = 2.0")
        between.faults["LOOK-UP"] = STALL
        server.mood = "250 OK"
        desk.mail(desk.units[1], everything(desk.units[1]), captioned(desk.units[1]))
        report = desk.cycle(wait=timedelta(minutes=30))
        assert (report.fetched, report.unreachable) == (2, "")  # her mail, and the copy
        assert "尚未核实" in report.away[0]
        assert states(desk) == ["sending", "sent"]
        between.faults.clear()
        desk.cycle(wait=timedelta(minutes=30))
    assert states(desk) == ["sent", "sent"]
    assert len(server.taken) == 2


def test_not_taken_and_the_line_broke(moody: tuple[Desk, Moody]) -> None:
    desk, server = moody
    server.mood = "drop before"
    desk.cycle(wait=QUIET)
    first = desk.outbox()[0]["message_id"]
    server.mood = "250 OK"
    desk.cycle(wait=timedelta(minutes=5))
    assert states(desk) == ["sent"]
    assert [letter(raw)["Message-ID"] for raw in server.taken] == [first]


def test_try_again_later_is_tried_again_later(moody: tuple[Desk, Moody]) -> None:
    desk, server = moody
    server.mood = "451 busy"
    assert desk.cycle(wait=QUIET).away
    assert states(desk) == ["waiting"]
    assert "451" in desk.outbox()[0]["last_error"]
    server.mood = "250 OK"
    assert desk.cycle(wait=timedelta(seconds=5)).posted.sent == []  # not at once
    desk.cycle(wait=timedelta(minutes=5))
    assert states(desk) == ["sent"]
    assert len(server.taken) == 1


def test_never_is_never_and_the_coordinator_hears_of_it(moody: tuple[Desk, Moody]) -> None:
    desk, server = moody
    server.mood = "554 no"
    desk.cycle(wait=QUIET)
    assert states(desk) == ["failed"]
    assert [kind for kind, _ in desk.todo()] == ["failed-letter"]
    server.mood = "250 OK"
    desk.cycle(wait=timedelta(days=1))
    assert server.taken == []


def test_a_server_that_is_away_costs_no_try_and_the_mail_is_taken_all_the_same(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        text = desk.config.read_text("utf-8")
        port = desk.server.smtp_port
        desk.config.write_text(text.replace(f"port = {port}", "port = 9"), "utf-8")  # nothing listens there
        unit = desk.units[0]
        id = desk.mail(unit, everything(unit), captioned(unit))
        report = desk.cycle(wait=QUIET)
        assert report.away
        assert desk.mails()[id]["state"] == "processed"
        assert [(row["state"], row["attempts"]) for row in desk.outbox()] == [("waiting", 0)]
        desk.config.write_text(text, "utf-8")
        assert len(desk.cycle(wait=timedelta(minutes=1)).posted.sent) == 1
