"""The mailbox changes under our feet: renumbered, set back, refilled, sorted by hand. Nothing twice, nothing lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from intake.config_servers import ImapConfig
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS
from intake.mail import fetch, imap
from intake.mail.keep import Store
from storage import inbox
from storage.blobs import Blobs
from storage.database import open_database
from storage.errors import Refused, Temporary
from tests.desk import Desk, captioned, everything
from tests.faults.imap_script import Unmannerly
from tests.faults.test_imap_line import MOMENT, PATIENCE, mail

MAILS = int(os.environ.get("SHOUQI_BOX", "30"))


class Box:
    """Our side of a mailbox, polled wherever it lies now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def poll(self, port: int, progress: object = None) -> fetch.Polled:
        settings = ImapConfig(
            host="127.0.0.1", port=port, security="none", username=OFFICE_ADDRESS, password="env:X",
            timeout_seconds=PATIENCE,
        )  # fmt: skip
        with closing(open_database(f"sqlite:///{self.folder / 'shouqi.db'}")) as database:
            store = Store(database, Blobs(self.folder / "blobs"), self.folder / "spool")
            more = {"progress": progress} if callable(progress) else {}
            with imap.connected(settings, "secret") as client:
                return fetch.poll(client, OFFICE_ADDRESS, "INBOX", store, lambda: MOMENT, **more)

    def ours(self) -> set[bytes]:
        with closing(open_database(f"sqlite:///{self.folder / 'shouqi.db'}")) as database:
            blobs = Blobs(self.folder / "blobs")
            with database.reading() as session:
                rows = inbox.all_mails(session)
            assert len({row.sha256 for row in rows}) == len(rows)
            return {blobs.read(row.sha256) for row in rows}

    def counts(self) -> tuple[int, int, int]:
        """On the server, in the ledger, missing."""
        with (
            closing(open_database(f"sqlite:///{self.folder / 'shouqi.db'}")) as database,
            database.reading() as session,
        ):
            ((_, *numbers),) = inbox.counts(session)
            return numbers[0], numbers[1], numbers[2]


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(address=OFFICE_ADDRESS, password="secret") as running:
        yield running


def test_a_renumbered_mailbox_is_entered_once_also_when_it_is_cut_in_the_middle(box: Box, server: MailServer) -> None:
    mails = [mail(number) for number in range(1, MAILS + 1)]
    for one in mails:
        server.deliver(one, MOMENT)
    assert box.poll(server.imap_port).new == MAILS
    with MailServer(address=OFFICE_ADDRESS, password="secret") as moved, Unmannerly(moved.imap_port) as between:
        for one in reversed(mails):  # other UIDs for all of them
            moved.deliver(one, MOMENT)
        moved.deliver(mail(MAILS + 1), MOMENT)
        between.faults["BODY"] = b"* BYE closing"
        with pytest.raises(Temporary, match="中断"):
            box.poll(between.port)
        between.faults.clear()
        assert box.poll(between.port).new == 1
        assert box.ours() == {*mails, mail(MAILS + 1)}
        assert box.counts() == (MAILS + 1, MAILS + 1, 0)


def test_a_box_emptied_and_refilled_with_other_mails_at_the_same_uids(box: Box, server: MailServer) -> None:
    """The server was set back: same UIDVALIDITY, and UIDs that it gave out before, for other mails."""
    with Unmannerly(server.imap_port) as between:
        validity = None

        def same_validity(answer: bytes) -> bytes:
            nonlocal validity
            start = answer.index(b"[UIDVALIDITY ") + 13
            end = answer.index(b"]", start)
            validity = validity or answer[start:end]
            return answer[:start] + validity + answer[end:]

        between.faults["EXAMINE"] = same_validity
        for number in (1, 2, 3, 4):
            server.deliver(mail(number), MOMENT)
        box.poll(between.port)
        with MailServer(address=OFFICE_ADDRESS, password="secret") as restored:
            between.target = restored.imap_port
            for number in (1, 7):
                restored.deliver(mail(number), MOMENT)
            assert box.poll(between.port).new == 1
            assert box.ours() == {mail(number) for number in (1, 2, 3, 4, 7)}
            assert box.counts() == (2, 2, 0)
            restored.deliver(mail(8), MOMENT)
            assert box.poll(between.port).new == 1
            assert box.poll(between.port).new == 0


def test_mails_moved_away_and_read_by_a_person_between_search_and_fetch(box: Box, server: MailServer) -> None:
    uids = [server.deliver(mail(number), MOMENT) for number in range(1, 9)]
    with IMAPClient("127.0.0.1", server.imap_port, ssl=False) as person:
        person.login(OFFICE_ADDRESS, "secret")
        person.create_folder("Done")
        person.select_folder("INBOX")
        person.add_flags(uids[4:6], [rb"\Seen"])

        def sorts(done: int, total: int) -> None:
            if done == 2:
                person.move([uids[0], uids[3], uids[5]], "Done")
                person.add_flags(uids[6:7], [rb"\Seen", rb"\Flagged"])

        box.poll(server.imap_port, sorts)
        box.poll(server.imap_port)
    # the fourth is just being asked for: it comes or not, as the server likes
    assert box.ours() | {mail(4)} == {mail(number) for number in (1, 2, 3, 4, 5, 7, 8)}
    assert box.counts() == (5, 5, 0)


def test_after_a_renumbering_nobody_is_answered_again(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        ids = {desk.mail(unit, everything(unit), captioned(unit)) for unit in desk.units}
        desk.cycle(wait=timedelta(minutes=10))
        desk.cycle()
        told = len(desk.letters)
        assert told == len(ids)
        with MailServer(address=OFFICE_ADDRESS, password=desk.server.password) as moved:
            with IMAPClient("127.0.0.1", desk.server.imap_port, ssl=False) as person:
                person.login(OFFICE_ADDRESS, desk.server.password)
                person.select_folder("INBOX", readonly=True)
                for _, data in sorted(
                    person.fetch(person.search(), ["BODY.PEEK[]", "INTERNALDATE"]).items(), reverse=True
                ):
                    moved.deliver(data[b"BODY[]"], data[b"INTERNALDATE"].astimezone(UTC))
            desk.configure(f"port = {desk.server.imap_port}", f"port = {moved.imap_port}")
            for _ in range(2):
                desk.cycle(wait=timedelta(hours=1))
        assert (len(desk.letters), set(desk.mails())) == (told, ids)


def test_a_folder_that_was_renamed_is_told_and_read_again_when_it_is_back(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        with IMAPClient("127.0.0.1", desk.server.imap_port, ssl=False) as person:
            person.login(OFFICE_ADDRESS, desk.server.password)
            person.create_folder("报送")
            desk.configure('folder = "INBOX"', 'folder = "报送"')
            assert desk.cycle().refused == []
            person.rename_folder("报送", "报送（旧）")
            report = desk.cycle()
            assert len(report.refused) == 1 and "报送（旧）" in report.refused[0] and report.posted.failed == []
            person.rename_folder("报送（旧）", "报送")
        desk.mail(desk.units[0])
        assert desk.cycle().refused == []


def test_the_refusal_of_a_folder_is_no_refusal_of_the_login(server: MailServer, tmp_path: Path) -> None:
    settings = ImapConfig(
        host="127.0.0.1", port=server.imap_port, security="none", username=OFFICE_ADDRESS, password="env:X"
    )
    with pytest.raises(Refused) as told, imap.connected(settings, "secret") as client:
        imap.examine(client, "没有")
    assert not isinstance(told.value, imap.AuthRefused)
