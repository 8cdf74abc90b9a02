"""A batch of mails that arrive: all of them ours at its end, whatever ends it, and none that is not durable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.mail import arrival
from intake.mail.arrival import Batch, Listed
from intake.mail.keep import Arrived, Store, arrive
from storage import inbox
from storage.blobs import Blobs
from storage.database import open_database
from storage.errors import Temporary
from storage.tables import MailboxRow

AT = datetime(2022, 10, 8, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}", AT, tmp_path / "journal.jsonl")
    yield Store(database, Blobs(tmp_path / "blobs"), tmp_path / "spool")
    database.close()


def batch(store: Store, told: list[int] | None = None) -> Batch:
    with store.database.writing() as session:
        mailbox = inbox.open_mailbox(session, "a", "INBOX", 1)
    return Batch(store, mailbox, lambda: AT, (told if told is not None else []).append)


def listed(uid: int) -> Listed:
    return Listed(uid=uid, size=3, received_at=AT, message_id="")


def came(store: Store, content: bytes) -> Arrived:
    return arrive([content[:1], content[1:]], store)


def ours(store: Store) -> list[bytes]:
    """The bytes of the mails in the ledger, in the order of their rows."""
    with store.database.reading() as session:
        return [store.blobs.read(row.sha256) for row in inbox.all_mails(session)]


def box(store: Store) -> MailboxRow:
    with store.database.reading() as session:
        found = inbox.known_mailbox(session, "a", "INBOX", 1)
    assert found is not None
    return found


def test_mails_become_ours_at_the_end_of_the_block(store: Store) -> None:
    told: list[int] = []
    with batch(store, told) as mails:
        for uid, content in enumerate((b"one", b"two", b"three"), start=5):
            mails.add(listed(uid), came(store, content))
        assert ours(store) == []  # not one by one
    assert ours(store) == [b"one", b"two", b"three"]
    assert (mails.new, mails.done, told) == (3, 3, [1, 2, 3])
    assert box(store).next_uid == 8
    assert list(store.spool.iterdir()) == []


def test_many_become_ours_before_its_end(store: Store) -> None:
    with batch(store) as mails:
        for uid in range(1, arrival.BATCH + 2):
            mails.add(listed(uid), came(store, b"mail %d" % uid))
        assert len(ours(store)) == arrival.BATCH
    assert len(ours(store)) == arrival.BATCH + 1 == mails.new


def test_an_empty_batch_changes_nothing(store: Store) -> None:
    with batch(store) as mails:
        pass
    assert (mails.new, mails.done, ours(store), box(store).next_uid) == (0, 0, [], 1)


def test_the_same_mail_twice_is_one_mail_at_two_places(store: Store) -> None:
    with batch(store) as mails:
        for uid in (1, 2):
            mails.add(listed(uid), came(store, b"same"))
    assert (mails.new, mails.done, ours(store)) == (1, 2, [b"same"])
    with store.database.reading() as session:
        assert inbox.present_count(session, 1) == 2
    assert list(store.spool.iterdir()) == []


def test_one_whose_line_breaks_leaves_the_others_and_no_file(store: Store) -> None:
    def broken() -> Iterator[bytes]:
        yield b"ha"
        raise ConnectionResetError

    with batch(store) as mails:
        mails.add(listed(1), came(store, b"one"))
        with pytest.raises(ConnectionResetError):
            arrive(broken(), store)
        mails.add(listed(3), came(store, b"three"))
    assert ours(store) == [b"one", b"three"]
    assert list(store.spool.iterdir()) == []


@pytest.mark.parametrize("error", [ConnectionResetError, KeyboardInterrupt, SystemExit])
def test_what_had_arrived_is_ours_when_the_block_is_broken_off(store: Store, error: type[BaseException]) -> None:
    with pytest.raises(error), batch(store) as mails:
        mails.add(listed(1), came(store, b"one"))
        mails.add(listed(2), came(store, b"two"))
        raise error
    assert ours(store) == [b"one", b"two"]
    assert box(store).next_uid == 3


def test_a_disk_that_loses_one_leaves_all_to_the_next_poll(store: Store) -> None:
    with pytest.raises(Temporary), batch(store) as mails:
        mails.add(listed(1), came(store, b"one"))
        lost = came(store, b"two")
        lost.file.unlink()
        mails.add(listed(2), lost)
        mails.add(listed(3), came(store, b"three"))
    assert (ours(store), box(store).next_uid) == ([], 1)
    assert list(store.spool.iterdir()) == []
    with batch(store) as again:
        for uid, content in ((1, b"one"), (2, b"two"), (3, b"three")):
            again.add(listed(uid), came(store, content))
    assert (again.new, ours(store)) == (3, [b"one", b"two", b"three"])


def test_broken_off_between_disk_and_ledger_nothing_is_lost_or_doubled(store: Store, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with pytest.raises(Temporary), batch(store) as mails:
        mails.add(listed(1), came(store, b"one"))
        journal.rename(tmp_path / "away")  # nothing can be committed now
    assert store.blobs.has(hashlib.sha256(b"one").hexdigest())
    assert ours(store) == []
    (tmp_path / "away").rename(journal)
    with batch(store) as again:
        again.add(listed(1), came(store, b"one"))
    assert (again.new, ours(store)) == (1, [b"one"])
    assert len(store.blobs.all()) == 1
