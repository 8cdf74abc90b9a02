"""The JSON documents of docs/settings.md: one place that knows their names. Times carry the office's offset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from intake.mail.answer import condition_of
from intake.view import Board, LetterRow, MailRow, UnitRow
from rules.finding import Finding
from rules.verdict import Standing
from storage.tables import DecisionRow
from storage.tables import LetterRow as StoredLetter


def moment(value: datetime | None, tz: tzinfo) -> str | None:
    """ISO 8601 to the second, in the office's time zone."""
    return None if value is None else value.astimezone(tz).isoformat(timespec="seconds")


def finding_json(finding: Finding) -> dict[str, Any]:
    """A FINDING of the contract; the internal key stays inside."""
    return {name: getattr(finding, name) for name in finding.__struct_fields__ if name != "about"}


def status_json(boards: Sequence[Board], as_of: datetime) -> dict[str, Any]:
    """`status --json`."""
    mailboxes = boards[0].mailboxes if boards else ()
    tz = boards[0].tz if boards else as_of.tzinfo
    assert tz is not None  # noqa: S101  # every time in this program is aware
    alarms = [one for one in (boards[0].todo if boards else ()) if one.kind == "alarm"]
    return {
        "as_of": moment(as_of, tz),
        "alarms": [
            {"key": one.key.partition(":")[2], "since": moment(one.since, tz), "text": one.text} for one in alarms
        ],
        "mailboxes": [msgspec.to_builtins(count) for count in mailboxes],
        "notices": [_notice(board) for board in boards],
    }


def counts(units: Sequence[UnitRow]) -> dict[str, int]:
    """How many units there are, and how many in each state."""
    states = [row.verdict.state for row in units]
    return {
        "units": len(units),
        "complete": states.count("complete"),
        "incomplete": states.count("incomplete"),
        "missing": states.count("missing"),
        "late": sum(row.verdict.late for row in units),
    }


def _notice(board: Board) -> dict[str, Any]:
    return {
        "id": board.notice.id,
        "title": board.notice.title,
        "deadline": moment(board.notice.deadline, board.tz),
        "counts": counts(board.units),
        "warnings": list(board.warnings),
        "units": [_unit(row, board.tz) for row in board.units],
    }


def _unit(row: UnitRow, tz: tzinfo) -> dict[str, Any]:
    return {
        "code": row.unit.code,
        "unit": row.unit.name,
        "state": row.verdict.state,
        "late": row.verdict.late,
        "requirements": [_standing(one, tz) for one in row.verdict.standings],
        "unplaced": [
            {"name": piece.name, "sha256": piece.sha256, "why": piece.why, "candidates": list(piece.candidates)}
            for piece in row.verdict.unplaced
        ],
        "mails": list(row.verdict.mails),
        "replies": row.replies,
        "reminders": [moment(at, tz) for at in row.reminders],
        "undeliverable": row.undeliverable,
        "confirmed_addresses": list(row.confirmed),
    }


def _standing(one: Standing, tz: tzinfo) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "category": one.category,
        "required": one.required,
        "asked": one.asked,
        "state": one.state,
        "late": one.late,
        "deadline": moment(one.due, tz),
        "files": [
            {
                "name": file.name,
                "sha256": file.sha256,
                "size": file.size,
                "message_id": file.message_id,
                "caption": file.caption,
            }
            for file in one.files
        ],
        "findings": [finding_json(finding) for finding in one.findings],
        "history": [
            {
                "name": version.name,
                "path": version.path,
                "sha256": version.sha256,
                "size": version.size,
                "message_id": version.message_id,
                "received_at": moment(version.received_at, tz),
                "state": version.state,
                "why": version.why,
            }
            for version in one.history
        ],
    }


def mails_json(mails: Sequence[MailRow], tz: tzinfo) -> list[dict[str, Any]]:
    """`mails --json`."""
    return [
        {
            "message_id": mail.message_id,
            "sha256": mail.sha256,
            "mailbox": mail.mailbox,
            "uid": mail.uid,
            "uidvalidity": mail.uidvalidity,
            "received_at": moment(mail.received_at, tz),
            "from": {"name": mail.from_name, "address": mail.from_address},
            "subject": mail.subject,
            "class": mail.klass,
            "state": mail.state,
            "reason": mail.reason,
            "notice": mail.notices[0] if mail.notices else None,
            "notices": list(mail.notices),
            "routed_by": mail.routed_by,
            "routing": list(mail.routing),
            "notice_candidates": list(mail.may_answer),
            "waits_in": mail.waits_in or None,
            "unit": mail.unit,
            "identified_by": mail.identified_by,
            "trust": mail.trust,
            "verification": {"result": mail.proof, "by": mail.proof_by},
            "evidence": list(mail.evidence),
            "attachments": [msgspec.to_builtins(piece) for piece in mail.attachments],
            "letters": list(mail.letters),
            "no_reply": {"condition": condition_of(mail.no_reply), "why": mail.no_reply} if mail.no_reply else None,
        }
        for mail in mails
    ]


def outbox_json(letters: Sequence[LetterRow], tz: tzinfo) -> list[dict[str, Any]]:
    """`outbox --json`."""
    return [
        {
            "id": letter.id,
            "kind": letter.kind,
            "message_id": letter.message_id,
            "to": letter.to,
            "cc": letter.cc,
            "notice": letter.notice,
            "unit": letter.unit,
            "subject": letter.subject,
            "state": letter.state,
            "attempts": letter.attempts,
            "due": moment(letter.due, tz),
            "sent_at": moment(letter.sent_at, tz),
            "last_error": letter.last_error,
        }
        for letter in letters
    ]


def letter_json(letter: StoredLetter, text: str, taken: Sequence[DecisionRow], tz: tzinfo) -> dict[str, Any]:
    """`outbox show --json`."""
    return {
        "id": letter.id,
        "kind": letter.kind,
        "message_id": letter.message_id,
        "to": letter.to,
        "unit": letter.unit,
        "subject": letter.subject,
        "state": letter.state,
        "text": text,
        "decisions": [{"at": moment(row.at, tz), "by": row.by, "kind": row.kind, "note": row.note} for row in taken],
    }
