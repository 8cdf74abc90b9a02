"""The ledger: one mail one row, its places, its pieces, and the counts against the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from storage import board, inbox
from storage.arrivals import locate
from storage.database import Database, open_database
from storage.pieces import all_pieces, facts_of, facts_within, pieces_of, set_pieces
from storage.tables import MailRow, PieceRow

NOW = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)


@pytest.fixture
def base(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path / 'x.db'}")


def mail(session: Session, sign: str, *, at: datetime = NOW, state: str = "received") -> MailRow:
    row = inbox.own(session, sha256=sign * 64, size=1, received_at=at, kept_at=NOW)
    row.state = state
    session.add(row)
    session.flush()
    return row


def test_the_same_bytes_are_owned_once(base: Database) -> None:
    with base.writing() as session:
        assert mail(session, "a").id == mail(session, "a").id
        assert len(inbox.all_mails(session)) == 1


def test_a_new_uidvalidity_starts_a_new_mailbox_and_only_that_one_is_counted(base: Database) -> None:
    with base.writing() as session:
        old = inbox.open_mailbox(session, "a", "INBOX", 1)
        locate(session, old, {5: mail(session, "a").id or 0})
        new = inbox.open_mailbox(session, "a", "INBOX", 2)
        assert new.id != old.id
        assert new.next_uid == 1
        new.on_server = 3
        locate(session, new, {9: mail(session, "a").id or 0})
    with base.reading() as session:
        assert inbox.counts(session) == [("a/INBOX", 3, 1, 2)]
        assert inbox.places(session) == {1: ("a/INBOX", 9, 2)}


def test_waiting_mails_are_paged_in_order_of_arrival(base: Database) -> None:
    with base.writing() as session:
        for number, sign in enumerate("cab"):
            mail(session, sign, at=NOW + timedelta(minutes=number))
        mail(session, "d", state="processed")
        first = inbox.waiting_mails(session, 2)
        assert [row.sha256[0] for row in first] == ["c", "a"]
        assert first[-1].id is not None
        rest = inbox.waiting_mails(session, 2, (first[-1].received_at, first[-1].id))
        assert [row.sha256[0] for row in rest] == ["b"]
        assert inbox.waiting_count(session) == 3


def test_reading_a_mail_again_replaces_its_pieces(base: Database) -> None:
    with base.writing() as session:
        row = mail(session, "a")
        assert row.id is not None
        for names in (("1.jpg", "2.jpg"), ("1.jpg",)):
            set_pieces(
                session,
                row.id,
                [
                    PieceRow(mail_id=row.id, seq=n, path=name, name=name, size=1, digest="d", facts="{}")
                    for n, name in enumerate(names)
                ],
            )
        session.flush()
        assert [piece.name for piece in pieces_of(session, [row])[row.id]] == ["1.jpg"]
        (piece,) = all_pieces(session)[row.id]
        assert piece.id is not None
        assert facts_of(session, [piece.id]) == {piece.id: "{}"}


def test_facts_come_while_there_is_room_the_shorter_first(base: Database) -> None:
    with base.writing() as session:
        rows = [mail(session, "a"), mail(session, "b")]
        ids = [row.id for row in rows if row.id is not None]
        made = [
            PieceRow(mail_id=ids[n % 2], seq=n, path=str(n), name="x", size=1, digest="d", facts="x" * length)
            for n, length in enumerate((5, 30, 7, 100))
        ]
        session.add_all(made)
        session.flush()
        lengths = {row.id: len(row.facts) for row in made}
        for room, wanted in ((0, []), (11, [5]), (12, [5, 7]), (141, [5, 7, 30]), (142, [5, 7, 30, 100])):
            found = facts_within(session, ids, room)
            assert sorted(lengths[id] for id in found) == wanted
            assert all(len(facts) == lengths[id] for id, facts in found.items())
        assert facts_within(session, [], 9) == {}


def test_a_removed_mail_is_counted_no_more_but_stays(base: Database) -> None:
    with base.writing() as session:
        box = inbox.open_mailbox(session, "a", "INBOX", 1)
        assert box.id is not None
        for uid, sign in ((1, "a"), (2, "b")):
            locate(session, box, {uid: mail(session, sign).id or 0})
        inbox.mark_present(session, box.id, {2})
        session.flush()
        assert inbox.present_count(session, box.id) == 1
        assert inbox.known_uids(session, box.id) == {1, 2}
        assert len(inbox.all_mails(session)) == 2


def test_a_unit_that_failed_to_be_judged_stays_dirty_and_says_why(base: Database) -> None:
    with base.writing() as session:
        board.touch(session, "n", "u")
        board.mark_failed(session, "n", "u", "ZeroDivisionError")
    with base.reading() as session:
        assert board.dirty_units(session) == [("n", "u")]
        assert board.boards(session, "n")["u"].error == "ZeroDivisionError"
