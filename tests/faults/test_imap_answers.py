"""Whatever an IMAP server says, or does not say, at any stage: told as what it is, and the next poll has everything."""

from __future__ import annotations

import contextlib
import queue
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from imapclient import IMAPClient

from intake.config_servers import ImapConfig
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS
from intake.mail import fetch, imap
from intake.mail.copies import carried
from intake.mail.download import CHUNK
from intake.mail.imap import AuthRefused
from intake.mail.keep import Store
from intake.worker import _listen
from storage import inbox
from storage.blobs import Blobs
from storage.database import open_database
from storage.errors import Refused, Temporary
from tests.faults.imap_script import DROP, GREETING, RESET, STALL, Unmannerly
from tests.faults.test_imap_line import EVERY, MOMENT, PATIENCE, TIMEOUT, mail

POLLED = (GREETING, "LOGIN", "EXAMINE", "SEARCH", "HEADERS", "BODY", "LOGOUT")
"""The stages of every poll of this server."""
NONSENSE = (
    b"\xff\xfe\x00", b"* ", b"TAG OK", b"{99999999999}", b"* X {99999999999999999999}", b"* X {99999999999}",
    b"* BYE x",
    b"TAG BAD x", b"x" * 1_100_000, b"* OK [UIDVALIDITY x] x\r\nTAG OK x", b"* SEARCH x\r\nTAG OK x", b"TAG OK x",
    b"TAG NO [UNAVAILABLE] x", b'* 1 FETCH (UID 101 RFC822.SIZE x INTERNALDATE "99-Foo")\r\nTAG OK x',
    b"* 1 FETCH (UID 101 BODY[]<0> 5)\r\nTAG OK x", b"* 1 FETCH (UID 101 (((\r\nTAG OK x", "TAG NO 繁忙".encode(),
)  # fmt: skip
NO_LOGIN = "[AUTHENTICATIONFAILED] no", "LOGIN Login error or password error", "登录失败：密码错误"
BUSY = "[UNAVAILABLE] later", "[INUSE] other", "[LIMIT] enough", "[SERVERBUG] oops", "Too many simultaneous connections"


@pytest.fixture
def server() -> Iterator[tuple[MailServer, Unmannerly]]:
    """A mailbox with three mails."""
    with MailServer(address=OFFICE_ADDRESS, password="secret") as real, Unmannerly(real.imap_port) as between:
        for number in (1, 2, 3):
            real.deliver(mail(number), MOMENT)
        yield real, between


def settings(server: Unmannerly, timeout: float) -> ImapConfig:
    return ImapConfig(
        host="127.0.0.1", port=server.port, security="none", username=OFFICE_ADDRESS, password="env:X",
        timeout_seconds=timeout,
    )  # fmt: skip


def poll(server: Unmannerly, folder: Path, timeout: float = PATIENCE) -> tuple[fetch.Polled, list[bytes]]:
    """Poll into the data of `folder`: what it says, and all the mails that are ours then."""
    folder.mkdir(exist_ok=True)
    with closing(open_database(f"sqlite:///{folder / 'shouqi.db'}")) as database:
        store = Store(database, Blobs(folder / "blobs"), folder / "spool")
        with imap.connected(settings(server, timeout), "secret") as client:
            polled = fetch.poll(client, OFFICE_ADDRESS, "INBOX", store, lambda: MOMENT)
        with database.reading() as session:
            return polled, sorted(store.blobs.read(row.sha256) for row in inbox.all_mails(session))


WHOLE = sorted(mail(number) for number in (1, 2, 3))


@pytest.mark.parametrize("stage", POLLED)
def test_nonsense_costs_no_mail(server: tuple[MailServer, Unmannerly], stage: str, tmp_path: Path) -> None:
    step = 1 if EVERY else 4  # each of the others has its turn at another stage
    for number, words in enumerate((*NONSENSE[POLLED.index(stage) % step :: step], DROP, RESET)):
        server[1].faults = {stage: words}
        folder = tmp_path / str(number)
        try:
            _, ours = poll(server[1], folder, PATIENCE if words in (DROP, RESET) else TIMEOUT)
            assert set(ours) <= set(WHOLE), words[:40]
        except Temporary as error:
            assert str(error).isprintable()
        server[1].faults.clear()
        assert poll(server[1], folder)[1] == WHOLE, words[:40]


@pytest.mark.parametrize("stage", POLLED)
def test_silence_ends_with_the_timeout(server: tuple[MailServer, Unmannerly], stage: str, tmp_path: Path) -> None:
    server[1].faults[stage] = STALL
    began = time.monotonic()
    if stage == "LOGOUT":
        assert poll(server[1], tmp_path, TIMEOUT)[1] == WHOLE
    else:
        with pytest.raises(Temporary, match="没有按时应答"):
            poll(server[1], tmp_path, TIMEOUT)
    assert time.monotonic() - began < PATIENCE
    server[1].faults.clear()
    assert poll(server[1], tmp_path)[1] == WHOLE


@pytest.mark.parametrize("words", [*NO_LOGIN, *BUSY])
def test_only_a_no_to_the_login_is_a_wrong_password(
    server: tuple[MailServer, Unmannerly], words: str, tmp_path: Path
) -> None:
    server[1].faults["LOGIN"] = f"TAG NO {words}".encode()
    with pytest.raises(AuthRefused if words in NO_LOGIN else Temporary):
        poll(server[1], tmp_path)


def test_a_preauthenticated_greeting_gets_no_password(server: tuple[MailServer, Unmannerly], tmp_path: Path) -> None:
    server[1].faults[GREETING] = b"* PREAUTH [CAPABILITY IMAP4rev1] welcome"
    with pytest.raises(Temporary):
        poll(server[1], tmp_path, TIMEOUT)
    assert not any(b"secret" in line for line in server[1].heard)


@pytest.mark.parametrize("words", [b"TAG NO can't fetch that data", b"* 1 FETCH (UID 101 BODY[]<0> NIL)\r\nTAG OK x",
                                   b'* 1 FETCH (UID 101 BODY[]<0> "")\r\nTAG OK x', b"TAG BAD internal"])  # fmt: skip
def test_a_mail_that_is_not_handed_out_holds_no_other_up(
    server: tuple[MailServer, Unmannerly], words: bytes, tmp_path: Path
) -> None:
    between = server[1]
    asked = 0

    def first_only(answer: bytes) -> bytes:
        nonlocal asked
        asked += 1
        tag = answer.splitlines()[-1].partition(b" ")[0]
        return words.replace(b"TAG", tag) + b"\r\n" if asked == 1 else answer

    between.faults["BODY"] = first_only
    polled, ours = poll(between, tmp_path)
    assert (polled.new, polled.withheld, polled.complete) == (2, 1, True)
    assert ours == [one for one in WHOLE if one != mail(1)]
    between.faults.clear()
    assert poll(between, tmp_path)[1] == WHOLE


def test_one_that_was_withheld_comes_also_when_a_removed_one_makes_up_for_it(
    server: tuple[MailServer, Unmannerly], tmp_path: Path
) -> None:
    real, between = server
    asked = iter((True,))
    between.faults["BODY"] = lambda answer: (
        b"%b NO later\r\n" % answer.splitlines()[-1].partition(b" ")[0] if next(asked, False) else answer
    )
    assert poll(between, tmp_path)[0].withheld == 1
    with IMAPClient("127.0.0.1", real.imap_port, ssl=False, timeout=30) as person:
        person.login(OFFICE_ADDRESS, "secret")
        person.select_folder("INBOX")
        person.delete_messages([max(person.search(["ALL"]))])
        person.expunge()
    between.faults.clear()
    assert poll(between, tmp_path)[1] == WHOLE


def test_a_later_piece_that_is_withheld_does_not_cut_the_mail(
    server: tuple[MailServer, Unmannerly], tmp_path: Path
) -> None:
    real, between = server
    large = mail(4) + b"x" * CHUNK
    real.deliver(large, MOMENT)
    later = re.compile(rb"(?s)(BODY\[\]<[1-9]\d*> ){\d+}\r\n.*( UID \d+\)\r\n)")
    between.faults["BODY"] = lambda answer: later.sub(rb"\1NIL\2", answer)
    polled, ours = poll(between, tmp_path)
    assert (polled.withheld, ours) == (1, WHOLE)
    between.faults.clear()
    assert poll(between, tmp_path)[1] == sorted([*WHOLE, large])


def test_a_server_that_hands_out_nothing_is_told_as_such(server: tuple[MailServer, Unmannerly], tmp_path: Path) -> None:
    real, between = server
    for number in range(4, 4 + fetch.MOST_WITHHELD):
        real.deliver(mail(number), MOMENT)
    between.faults["BODY"] = b"TAG NO [SERVERBUG] oops"
    with pytest.raises(Temporary, match="不交出邮件"):
        poll(between, tmp_path)


def test_pieces_that_are_short_too_early_are_followed_up(server: tuple[MailServer, Unmannerly], tmp_path: Path) -> None:
    def halved(answer: bytes) -> bytes:
        head, _, rest = answer.partition(b"}\r\n")
        start, _, size = head.rpartition(b"{")
        half = max(int(size) // 2, 1)
        body, tail = rest[: int(size)], rest[int(size) :]
        return start + b"{%d}\r\n" % half + body[:half] + tail if int(size) > 50 else answer

    server[1].faults["BODY"] = halved
    assert poll(server[1], tmp_path)[1] == WHOLE


@pytest.mark.parametrize("shift", [-7, 7, 4000])
def test_a_literal_of_a_wrong_length_is_no_mail(
    server: tuple[MailServer, Unmannerly], shift: int, tmp_path: Path
) -> None:
    def lie(answer: bytes) -> bytes:
        head, _, rest = answer.partition(b"}\r\n")
        start, _, size = head.rpartition(b"{")
        return start + b"{%d}\r\n" % (int(size) + shift) + rest

    server[1].faults["BODY"] = lie
    with contextlib.suppress(Temporary):
        assert set(poll(server[1], tmp_path, TIMEOUT)[1]) <= set(WHOLE)
    server[1].faults.clear()
    assert poll(server[1], tmp_path)[1] == WHOLE


@pytest.mark.parametrize("words", [*BUSY, "try again later", "no reason given"])
def test_a_folder_that_is_there_and_does_not_open_is_temporary(
    server: tuple[MailServer, Unmannerly], words: str, tmp_path: Path
) -> None:
    server[1].faults["EXAMINE"] = f"TAG NO {words}".encode()
    with pytest.raises(Temporary, match="暂时打不开"):
        poll(server[1], tmp_path)


def test_unsafe_login_is_answered_with_who_we_are_and_then_told(
    server: tuple[MailServer, Unmannerly], tmp_path: Path
) -> None:
    server[1].faults["EXAMINE"] = b"TAG NO EXAMINE Unsafe Login. Please contact kefu@163.example for help"
    with pytest.raises(Refused, match="授权码"):
        poll(server[1], tmp_path)
    assert any(b'"shouqi"' in line for line in server[1].heard)


def test_a_server_that_cares_nothing_for_our_name_is_used(
    server: tuple[MailServer, Unmannerly], tmp_path: Path
) -> None:
    server[1].faults["CAPABILITY"] = b"* CAPABILITY IMAP4rev1 ID\r\nTAG OK x"
    server[1].faults["ID"] = b"TAG BAD what?"
    assert poll(server[1], tmp_path)[1] == WHOLE


@pytest.mark.parametrize("found", [b"* SEARCH 101 102 103", b"* SEARCH", b"* SEARCH 102"])
def test_a_copy_is_read_and_not_only_searched(server: tuple[MailServer, Unmannerly], found: bytes) -> None:
    server[1].faults["LOOK-UP"] = found + b"\r\nTAG OK done"
    with imap.connected(settings(server[1], PATIENCE), "secret") as client:
        assert carried(client, "INBOX", "<2@x.example>") == (b"102" in found)
        assert not carried(client, "INBOX", "<9@x.example>")
        server[1].faults["LOOK-UP"] = b"TAG NO cannot search headers"
        assert carried(client, "INBOX", "<2@x.example>")
        assert not carried(client, "INBOX", "<9@x.example>")


@pytest.mark.parametrize("fault", [STALL, DROP, RESET, b"TAG NO not now", b"TAG BAD what?"])
def test_an_idle_line_that_breaks_is_temporary(server: tuple[MailServer, Unmannerly], fault: bytes) -> None:
    server[1].faults["IDLE"] = fault
    with (
        pytest.raises(Temporary),
        imap.connected(settings(server[1], TIMEOUT if fault == STALL else PATIENCE), "secret") as client,
    ):
        imap.examine(client, "INBOX")
        _listen(client, queue.SimpleQueue(), threading.Event())
