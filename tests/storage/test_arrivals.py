"""Mails that arrive together: one row each, one place each, and the journal knows of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from storage import inbox
from storage.arrivals import Arrival, own_all
from storage.changes import all_rows
from storage.database import Database, open_database
from storage.journal import Journal
from storage.tables import MailRow

NOW = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)
LATER = datetime(2022, 10, 9, 1, 0, tzinfo=UTC)


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    """A database that in the end says what its journal says."""
    base = open_database(f"sqlite:///{tmp_path / 'x.db'}", NOW, tmp_path / "journal.jsonl")
    yield base
    with base.reading() as session:
        rows = {row: columns for one in all_rows(session) for row, columns in one.items()}
    assert Journal(tmp_path / "journal.jsonl").read() == rows
    base.close()


def came(uid: int, sign: str, at: datetime = NOW) -> Arrival:
    return Arrival(uid, sign * 64, 7, at)


def enter(base: Database, *arrivals: Arrival) -> int:
    with base.writing() as session:
        return own_all(session, inbox.open_mailbox(session, "a", "INBOX", 1), arrivals, LATER)


def lying(base: Database) -> dict[int, str]:
    """The sign of the mail at each UID."""
    with base.reading() as session:
        signs = {row.id: row.sha256[0] for row in session.exec(select(MailRow))}
        return {place[1]: signs[mail_id] for mail_id, place in inbox.places(session).items()}


def test_new_mails_are_as_one_that_was_entered_alone(base: Database) -> None:
    assert enter(base, came(3, "a"), came(4, "b")) == 2
    with base.writing() as session:
        alone = inbox.own(session, sha256="c" * 64, size=7, received_at=NOW, kept_at=LATER)
        rows = [row.model_dump(exclude={"id", "sha256"}) for row in session.exec(select(MailRow))]
        assert alone.id == 3
    assert rows[0] == rows[1] == rows[2]
    assert lying(base) == {3: "a", 4: "b"}
    with base.reading() as session:
        box = inbox.known_mailbox(session, "a", "INBOX", 1)
        assert box is not None
        assert box.next_uid == 5


def test_the_same_bytes_are_one_mail_within_a_batch_and_over_time(base: Database) -> None:
    assert enter(base, came(1, "a"), came(2, "a", LATER), came(3, "b")) == 2
    assert enter(base, came(4, "b"), came(5, "c")) == 1
    with base.reading() as session:
        assert [(row.sha256[0], row.received_at) for row in inbox.all_mails(session)] == [
            ("a", NOW), ("b", NOW), ("c", NOW),
        ]  # fmt: skip
        assert inbox.counts(session) == [("a/INBOX", 0, 5, 0)]


def test_a_uid_that_was_known_means_this_mail_now(base: Database) -> None:
    enter(base, came(1, "a"), came(2, "b"))
    with base.writing() as session:
        inbox.mark_present(session, 1, {2})
    assert enter(base, came(1, "c"), came(3, "d")) == 2
    assert lying(base) == {1: "c", 2: "b", 3: "d"}
    with base.reading() as session:
        assert inbox.counts(session) == [("a/INBOX", 0, 3, 0)]


def test_what_is_taken_back_is_not_in_the_journal_either(base: Database) -> None:
    with base.together():
        with pytest.raises(ZeroDivisionError), base.writing() as session:
            own_all(session, inbox.open_mailbox(session, "a", "INBOX", 1), [came(1, "a"), came(3, "c")], NOW)
            _ = 1 / 0
        enter(base, came(2, "b"))
    assert lying(base) == {2: "b"}
