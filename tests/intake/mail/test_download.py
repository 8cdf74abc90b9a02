"""Bodies one piece ahead: the answers never get mixed up, nothing comes twice, and the line is free afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from imapclient import IMAPClient

from intake.demo.server import MailServer
from intake.mail.download import CHUNK, Download, Gone, Stopped

AT = datetime(2022, 10, 8, 1, 2, 3, tzinfo=UTC)
SIZES = (300, CHUNK + 5, 2 * CHUNK + 5, 40)


@pytest.fixture
def mails(mail_server: MailServer) -> dict[int, bytes]:
    """Mails of the folder by UID."""
    bodies = [b"Subject: %d\r\n\r\n" % size + b"%d" % n * (size - 20) for n, size in enumerate(SIZES)]
    return {mail_server.deliver(body, AT): body for body in bodies}


@pytest.fixture
def client(mail_server: MailServer, mails: dict[int, bytes]) -> Iterator[IMAPClient]:
    with IMAPClient("127.0.0.1", mail_server.imap_port, ssl=False, timeout=30) as client:
        client.login(mail_server.address, "secret")
        client.select_folder("INBOX", readonly=True)
        yield client


@pytest.fixture
def asked(client: IMAPClient) -> list[str]:
    """What the server is asked for from now on."""
    found: list[str] = []
    original = client._imap._command

    def listening(*words: Any) -> Any:
        found.append(" ".join(map(str, words)))
        return original(*words)

    client._imap._command = listening
    return found


def never() -> bool:
    return False


def test_each_mail_comes_whole_and_each_piece_once(
    client: IMAPClient, mails: dict[int, bytes], asked: list[str]
) -> None:
    download, uids = Download(client, never), list(mails)
    for uid, then in zip(uids, [*uids[1:], None], strict=True):
        assert b"".join(download.body(uid, len(mails[uid]), then)) == mails[uid]
    assert len(asked) == len(set(asked)) == 1 + 2 + 3 + 1


def test_the_next_piece_is_asked_for_before_this_one_is_written(
    client: IMAPClient, mails: dict[int, bytes], asked: list[str]
) -> None:
    first, second, *_ = mails
    pieces = Download(client, never).body(second, len(mails[second]), first)
    next(pieces)
    assert [words.split("<")[1] for words in asked] == [f"0.{CHUNK}>)", f"{CHUNK}.{CHUNK}>)"]
    next(pieces)
    assert asked[2].startswith(f"UID FETCH {first} ")


def test_what_was_asked_for_in_vain_leaves_the_line_free(
    client: IMAPClient, mails: dict[int, bytes], asked: list[str]
) -> None:
    first, second, third, last = mails
    download = Download(client, never)
    assert b"".join(download.body(first, 300, second)) == mails[first]
    assert b"".join(download.body(last, 40, third)) == mails[last]  # another one than was told
    download.rest()
    download.rest()
    assert not client._imap.tagged_commands  # nothing is on its way, or was forgotten
    assert "FETCH" not in client._imap.untagged_responses
    assert client.search(["ALL"]) == list(mails)
    assert client.fetch([second], ["RFC822.SIZE"])[second][b"RFC822.SIZE"] == len(mails[second])


def test_one_that_was_removed_is_told_and_the_next_comes(client: IMAPClient, mails: dict[int, bytes]) -> None:
    download, nowhere = Download(client, never), max(mails) + 1
    first, *_, last = mails
    assert b"".join(download.body(first, 300, nowhere)) == mails[first]
    with pytest.raises(Gone):
        list(download.body(nowhere, 300, last))
    assert b"".join(download.body(last, 40, nowhere)) == mails[last]
    download.rest()
    assert client.search(["ALL"]) == list(mails)


def test_a_stop_in_the_middle_of_a_mail_is_obeyed(client: IMAPClient, mails: dict[int, bytes]) -> None:
    download, (_, second, *_) = Download(client, lambda: True), mails
    pieces = download.body(second, len(mails[second]), None)
    assert next(pieces) == mails[second][:CHUNK]
    with pytest.raises(Stopped):
        next(pieces)
    download.rest()
    assert client.search(["ALL"]) == list(mails)
