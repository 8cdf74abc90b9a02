"""Fetching over real IMAP: everything once, nothing changed on the server, constant cost when there is nothing new."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient
from sqlmodel import select

from intake.demo.server import MailServer
from intake.mail import copies, fetch, imap
from intake.mail.download import CHUNK
from intake.mail.keep import Store
from storage import inbox
from storage.blobs import Blobs
from storage.database import open_database
from storage.errors import Refused, Temporary
from storage.tables import MailRow

ADDRESS = "zlb@office.example"
AT = datetime(2022, 10, 8, 1, 2, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Account:
    """The IMAP settings of the embedded server."""

    port: int
    host: str = "127.0.0.1"
    security: str = "none"
    username: str = ADDRESS
    folder: str = "INBOX"
    ca_file: str = ""
    timeout_seconds: float = 5.0


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(address=ADDRESS, password="secret") as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(open_database(f"sqlite:///{tmp_path / 'x.db'}"), Blobs(tmp_path / "blobs"), tmp_path / "spool")


def raw(number: int, size: int = 200) -> bytes:
    head = f"From: a@unit.example\r\nMessage-ID: <{number}@unit.example>\r\nSubject: {number}\r\n\r\n".encode()
    return head + (b"%d " % number) * (size // 2) + b"\r\n"


@contextmanager
def client_of(server: MailServer) -> Iterator[IMAPClient]:
    with imap.connected(Account(server.imap_port), "secret") as client:
        yield client


def poll(server: MailServer, store: Store, **options: Any) -> fetch.Polled:
    with client_of(server) as client:
        return fetch.poll(client, ADDRESS, "INBOX", store, lambda: AT, **options)


def kept(store: Store) -> list[MailRow]:
    with store.database.reading() as session:
        return list(session.exec(select(MailRow)).all())


def test_every_mail_is_kept_byte_for_byte_with_its_internaldate(server: MailServer, store: Store) -> None:
    mails = [raw(number) for number in range(5)]
    for mail in mails:
        server.deliver(mail, AT)
    assert poll(server, store).new == 5
    rows = kept(store)
    assert {row.sha256 for row in rows} == {hashlib.sha256(mail).hexdigest() for mail in mails}
    assert {store.blobs.read(row.sha256) for row in rows} == set(mails)
    assert {row.received_at for row in rows} == {AT}
    assert list(store.spool.iterdir()) == []


@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 7])
def test_a_mail_longer_than_one_chunk_is_whole(server: MailServer, store: Store, size: int) -> None:
    head = b"Subject: big\r\n\r\n"
    mail = head + b"x" * (size - len(head))
    server.deliver(mail, AT)
    poll(server, store)
    assert kept(store)[0].sha256 == hashlib.sha256(mail).hexdigest()
    assert kept(store)[0].size == size


def test_a_second_poll_fetches_nothing_and_no_flag_changes(server: MailServer, store: Store) -> None:
    for number in range(3):
        server.deliver(raw(number), AT)
    before = server.flags
    poll(server, store)
    assert poll(server, store).new == 0
    assert server.flags == before
    assert not any("Seen" in flag for flags in server.flags.values() for flag in flags)


def test_an_empty_poll_costs_the_same_however_full_the_mailbox_is(server: MailServer, store: Store) -> None:
    costs = []
    for count in (2, 60):
        for number in range(count):
            server.deliver(raw(1000 * count + number), AT)
        poll(server, store)
        with client_of(server) as client:
            commands: list[str] = []
            original = client._imap._command

            def counted(name: str, *args: Any, original: Any = original, commands: list[str] = commands) -> Any:
                commands.append(name)
                return original(name, *args)

            client._imap._command = counted
            fetch.poll(client, ADDRESS, "INBOX", store, lambda: AT)
        costs.append(commands)
    assert costs[0] == costs[1]
    assert costs[0] == ["STATUS", "LOGOUT"]  # STATUS tells all


def test_identical_bytes_at_two_places_are_one_mail_with_two_locations(server: MailServer, store: Store) -> None:
    server.deliver(raw(1), AT)
    server.deliver(raw(1), AT)
    assert poll(server, store).new == 1
    with store.database.reading() as session:
        assert inbox.counts(session) == [(f"{ADDRESS}/INBOX", 2, 2, 0)]


def test_a_mail_removed_by_a_person_stays_ours_and_the_counts_agree(server: MailServer, store: Store) -> None:
    uids = [server.deliver(raw(number), AT) for number in range(3)]
    poll(server, store)
    server.remove(uids[1])
    server.deliver(raw(9), AT)
    assert poll(server, store).new == 1
    assert len(kept(store)) == 4
    with store.database.reading() as session:
        assert inbox.counts(session) == [(f"{ADDRESS}/INBOX", 3, 3, 0)]


def test_more_mails_than_are_listed_at_once(server: MailServer, store: Store) -> None:
    mails = {raw(number, 20) for number in range(fetch.LISTED + 3)}
    for mail in mails:
        server.deliver(mail, AT)
    assert poll(server, store).new == len(mails)
    assert {store.blobs.read(row.sha256) for row in kept(store)} == mails


def test_a_stopped_poll_goes_on_where_it_was(server: MailServer, store: Store) -> None:
    for number in range(4):
        server.deliver(raw(number), AT)
    asked = iter([False, False, True])
    first = poll(server, store, stop=lambda: next(asked))
    assert (first.new, first.complete) == (2, False)
    assert poll(server, store).new == 2
    assert len(kept(store)) == 4


def test_after_a_change_of_uidvalidity_nothing_is_entered_twice(server: MailServer, store: Store) -> None:
    for number in range(3):
        server.deliver(raw(number), AT)
    poll(server, store)
    with MailServer(address=ADDRESS, password="secret") as moved:  # the same mails, in a mailbox of another UIDVALIDITY
        for number in (0, 1, 2, 3):
            moved.deliver(raw(number), AT)
        assert poll(moved, store).new == 1
    assert len(kept(store)) == 4
    with store.database.reading() as session:
        assert inbox.counts(session) == [(f"{ADDRESS}/INBOX", 4, 4, 0)]


def test_a_known_mail_in_a_new_mailbox_is_not_downloaded_again(server: MailServer, store: Store) -> None:
    server.deliver(raw(1), AT)
    poll(server, store)
    with store.database.writing() as session:  # what parsing would enter
        row = session.exec(select(MailRow)).one()
        row.message_id = "<1@unit.example>"
        session.add(row)
    with MailServer(address=ADDRESS, password="secret") as moved:
        moved.deliver(raw(2), AT)  # a new one before it
        moved.deliver(raw(1), AT)
        with client_of(moved) as client:
            asked: list[str] = []
            original = client._imap._command

            def listening(*words: Any) -> Any:
                asked.append(str(words))
                return original(*words)

            client._imap._command = listening
            assert fetch.poll(client, ADDRESS, "INBOX", store, lambda: AT).new == 1
        assert len([words for words in asked if "BODY.PEEK[]" in words]) == 1


def test_a_wrong_password_is_refused_with_the_remedy(server: MailServer) -> None:
    with pytest.raises(Refused, match="授权码"), imap.connected(Account(server.imap_port), "wrong"):
        pass


def test_a_missing_folder_is_refused_and_the_folders_are_named(server: MailServer, store: Store) -> None:
    with pytest.raises(Refused, match="INBOX"), client_of(server) as client:
        fetch.poll(client, ADDRESS, "没有", store, lambda: AT)


def test_a_server_that_is_away_is_temporary() -> None:
    with MailServer(address=ADDRESS, password="secret") as gone:
        port = gone.imap_port
    with pytest.raises(Temporary), imap.connected(Account(port), "secret"):
        pass


def test_starttls_is_never_stripped(server: MailServer) -> None:
    with (
        pytest.raises(Refused, match="STARTTLS"),
        imap.connected(Account(server.imap_port, security="starttls"), "secret"),
    ):
        pass


def test_a_copy_is_found_by_its_message_id(server: MailServer) -> None:
    server.deliver(raw(7), AT)
    with client_of(server) as client:
        assert copies.carried(client, "INBOX", "<7@unit.example>")
        assert not copies.carried(client, "INBOX", "<8@unit.example>")
