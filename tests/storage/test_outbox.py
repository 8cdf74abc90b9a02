"""The outbox: one key one letter; what a newer reply replaces is withdrawn, and its mails wait again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from storage import inbox, outbox
from storage.database import Database, open_database
from storage.tables import LetterRow, MailRow

NOW = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)


def opened(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'x.db'}")


def letter(key: str, *, state: str = "waiting", kind: str = "reply", digest: str = "d", rung: str = "") -> LetterRow:
    return LetterRow(
        key=key,
        kind=kind,
        message_id=f"<{key}@office.example>",
        notice="n",
        unit="u",
        rung=rung,
        to="u@unit.example",
        subject="s",
        raw="0" * 64,
        verdict_digest=digest,
        state=state,
        created_at=NOW,
        due=NOW,
        tried_at=NOW if state in ("sent", "sending") else None,
        sent_at=NOW if state == "sent" else None,
    )


def mail(session: Session, digest: str) -> MailRow:
    row = inbox.own(session, sha256=digest * 64, size=1, received_at=NOW, kept_at=NOW)
    row.notice, row.unit, row.state = "n", "u", "processed"
    return row


def test_the_same_key_is_written_once(tmp_path: Path) -> None:
    with opened(tmp_path).writing() as session:
        assert outbox.enqueue(session, letter("k")) is not None
        assert outbox.enqueue(session, letter("k")) is None
        assert len(outbox.all_letters(session)) == 1


def test_withdrawing_opens_the_mails_again(tmp_path: Path) -> None:
    base = opened(tmp_path)
    with base.writing() as session:
        first = outbox.enqueue(session, letter("k"))
        assert first is not None
        row = mail(session, "a")
        row.letter_id = first.id
        session.add(row)
        session.flush()
        pending = outbox.pending_reply(session, "n", "u")
        assert pending is first
        outbox.withdraw(session, first)
        session.flush()
        assert (row.reply_open, row.letter_id) == (True, None)
        assert outbox.pending_reply(session, "n", "u") is None


def test_a_reply_that_was_tried_in_vain_is_replaced_and_one_that_may_be_on_its_way_is_not(tmp_path: Path) -> None:
    with opened(tmp_path).writing() as session:
        tried = letter("k")
        tried.attempts = 1
        outbox.enqueue(session, tried)
        assert outbox.pending_reply(session, "n", "u") is tried
        tried.state = "sending"
        session.add(tried)
        session.flush()
        assert outbox.pending_reply(session, "n", "u") is None


def test_last_told_is_the_newest_reply_that_was_not_dropped(tmp_path: Path) -> None:
    with opened(tmp_path).writing() as session:
        assert outbox.last_told(session, "n", "u") == ""
        outbox.enqueue(session, letter("1", state="sent", digest="one"))
        outbox.enqueue(session, letter("2", state="dropped", digest="two"))
        outbox.enqueue(session, letter("3", state="sent", kind="reminder", digest="three"))
        assert outbox.last_told(session, "n", "u") == "one"


def test_told_since_counts_what_waits_and_what_left_since(tmp_path: Path) -> None:
    with opened(tmp_path).writing() as session:
        assert not outbox.told_since(session, "n", "u", NOW)
        outbox.enqueue(session, letter("1", state="sent"))
        assert outbox.told_since(session, "n", "u", NOW)
        assert not outbox.told_since(session, "n", "u", NOW + timedelta(seconds=1))
        outbox.enqueue(session, letter("2"))
        assert outbox.told_since(session, "n", "u", NOW + timedelta(days=9))


def test_sent_since_counts_by_recipient_and_kind(tmp_path: Path) -> None:
    with opened(tmp_path).writing() as session:
        outbox.enqueue(session, letter("1", state="sent"))
        outbox.enqueue(session, letter("2", state="sending"))
        outbox.enqueue(session, letter("3", state="sent", kind="reminder"))
        outbox.enqueue(session, letter("4"))
        assert outbox.sent_since(session, NOW, kinds=("reply",)) == 2
        assert outbox.sent_since(session, NOW, kinds=("reply",), to="other@unit.example") == 0


def test_a_reminder_is_remembered_by_unit_and_rung(tmp_path: Path) -> None:
    with opened(tmp_path).writing() as session:
        outbox.enqueue(session, letter("1", kind="reminder", rung="3d"))
        assert outbox.reminded(session, "n") == {("u", "3d")}
