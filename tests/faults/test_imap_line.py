"""A line that breaks or stalls at any byte of an IMAP session: told as what it is, and the next poll has everything."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.config_servers import ImapConfig
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS
from intake.mail import fetch, imap
from intake.mail.keep import Store
from storage import inbox
from storage.blobs import Blobs
from storage.database import open_database
from storage.errors import Refused, Temporary
from tests.dovecot import Dovecot, why_not
from tests.faults.line import BadLine

MOMENT = datetime(2022, 9, 26, 2, 0, tzinfo=UTC)
EVERY = os.environ.get("SHOUQI_LINE") == "all"
"""Cut at every byte, once FIN and once RST. The short form has one cut a stage and some at random, half of each."""
POINTS = 16
PATIENCE = 30.0
"""Seconds for a server that answers: it does so at once, but the machine may have other work."""
TIMEOUT = 0.6
"""Seconds for one that has fallen silent."""


def mail(number: int) -> bytes:
    return f"From: a@x.example\r\nMessage-ID: <{number}@x.example>\r\n\r\n{'x' * 300 * number}\r\n".encode()


@pytest.fixture(params=["dovecot", "embedded"])
def line(request: pytest.FixtureRequest) -> Iterator[BadLine]:
    """A mailbox with three mails behind a bad line."""
    if request.param == "embedded":
        with MailServer(address=OFFICE_ADDRESS, password="secret") as server, BadLine(server.imap_port) as bad:
            for number in (1, 2, 3):
                server.deliver(mail(number), MOMENT)
            yield bad
        return
    if reason := why_not():
        pytest.skip(reason)
    with Dovecot(user=OFFICE_ADDRESS, password="secret") as dovecot, BadLine(dovecot.imap_port) as bad:
        for number in (1, 2, 3):
            dovecot.deliver(mail(number), MOMENT)
        yield bad


def poll(
    line: BadLine,
    folder: Path,
    password: str = "secret",  # noqa: S107  # invented
    timeout: float = PATIENCE,
) -> set[tuple[str, int]]:
    """Poll into the data of `folder`; what is ours then, as (digest, UID)."""
    settings = ImapConfig(
        host="127.0.0.1", port=line.port, security="none", username=OFFICE_ADDRESS,
        password="env:X", timeout_seconds=timeout,
    )  # fmt: skip
    folder.mkdir(exist_ok=True)
    with closing(open_database(f"sqlite:///{folder / 'shouqi.db'}")) as database:
        store = Store(database, Blobs(folder / "blobs"), folder / "spool")
        with imap.connected(settings, password) as client:
            fetch.poll(client, OFFICE_ADDRESS, "INBOX", store, lambda: MOMENT)
        with database.reading() as session:
            places = inbox.places(session)
            mails = inbox.all_mails(session)
        assert all(store.blobs.has(row.sha256) for row in mails)
        assert inbox_is_whole(folder)
        return {(row.sha256, places[row.id or 0][1]) for row in mails}


def inbox_is_whole(folder: Path) -> bool:
    """Nothing half-written is left where mails are kept, nor beside it."""
    return not list((folder / "spool").iterdir()) and not list((folder / "blobs").rglob(".*"))


def test_a_line_cut_at_any_byte_is_temporary_and_the_next_poll_has_everything(line: BadLine, tmp_path: Path) -> None:
    whole = poll(line, tmp_path / "clean")
    assert len(whole) == 3
    said = line.said
    before_logout = said.rfind(b"* BYE")
    login, literal = said.find(b" OK", said.find(b"\r\n")), said.find(b"BODY[]<0> {")
    dice = random.Random(1)
    points = {0, 1, 20, *(login + n for n in (-3, 0, 2, 8)), *(literal + n for n in (11, 13, 16, 60))}
    while len(points) < POINTS:
        points.add(dice.randrange(before_logout))
    cuts = [(point, bool(number % 2)) for number, point in enumerate(sorted(points))]
    if EVERY:
        cuts = [(point, rst) for point in range(before_logout) for rst in (False, True)]
    for point, rst in cuts:
        line.limit, line.rst = point, rst
        folder = tmp_path / f"{point}-{rst}"
        with pytest.raises(Temporary):
            poll(line, folder)
        line.limit = None
        assert poll(line, folder) == whole, said[:point][-40:]


def test_a_silent_server_costs_no_more_than_the_timeout(line: BadLine, tmp_path: Path) -> None:
    whole = poll(line, tmp_path / "clean")
    said = line.said
    places = [0, said.find(b"UIDVALIDITY"), said.find(b"INTERNALDATE"), said.find(b"BODY[]<0> {") + 60]
    for place in places:
        line.limit, line.stalls = place, True
        began = time.monotonic()
        with pytest.raises(Temporary, match="没有按时应答"):
            poll(line, tmp_path / str(place), timeout=TIMEOUT)
        assert time.monotonic() - began < PATIENCE
        line.limit, line.stalls = None, False
        assert poll(line, tmp_path / str(place)) == whole


def test_only_the_servers_own_word_is_a_wrong_password(mail_server: MailServer, tmp_path: Path) -> None:
    with BadLine(mail_server.imap_port) as line:  # Dovecot makes a wrong password wait, longer each time
        with pytest.raises(Refused, match="授权码"):
            poll(line, tmp_path, password="wrong")
        refusal = line.said
        assert b" NO " in refusal
        for point in range(refusal.find(b"\r\n") + 2, refusal.rfind(b" NO ") + 3, 5):
            line.limit = point
            with pytest.raises(Temporary):
                poll(line, tmp_path, password="wrong")


def test_mails_removed_while_we_fetch_harm_no_other(mail_server: MailServer, tmp_path: Path) -> None:
    uids = [mail_server.deliver(mail(number), MOMENT) for number in range(1, 8)]
    settings = ImapConfig(
        host="127.0.0.1", port=mail_server.imap_port, security="none", username=OFFICE_ADDRESS,
        password="env:X", timeout_seconds=5,
    )  # fmt: skip
    with closing(open_database(f"sqlite:///{tmp_path / 'shouqi.db'}")) as database:
        store = Store(database, Blobs(tmp_path / "blobs"), tmp_path / "spool")

        def remove(done: int, total: int) -> None:
            if done == 2:
                for uid in (uids[0], uids[4], uids[5]):  # one that is ours, two that were not asked for yet
                    mail_server.remove(uid)

        with imap.connected(settings, "secret") as client:
            polled = fetch.poll(client, OFFICE_ADDRESS, "INBOX", store, lambda: MOMENT, progress=remove)
            assert (polled.new, polled.complete) == (5, True)
            uids.append(mail_server.deliver(mail(9), MOMENT + timedelta(minutes=1)))
        with imap.connected(settings, "secret") as client:
            assert fetch.poll(client, OFFICE_ADDRESS, "INBOX", store, lambda: MOMENT).new == 1
        with database.reading() as session:
            ((_, on_server, in_ledger, missing),) = inbox.counts(session)
            assert (on_server, in_ledger, missing) == (5, 5, 0)
            assert len(inbox.all_mails(session)) == 6  # what was ours before it was removed stays ours
