"""A ledger made large in a moment: what a few units really sent and were told, copied for as many others as wanted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from rules.unit import Unit
from storage.seal import Seal

Values = dict[str, Any]
_FORMER = 99
"""The mailbox before it moved to another server, where the copied mails lay: a large mailbox is what P5 measures."""


class Ledger:
    """The rows of a real, small ledger as patterns, and the database into which the copies go."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(sqlite3.connect(path)) as base:
            base.row_factory = sqlite3.Row
            rows = {table: [dict(row) for row in base.execute(f"SELECT * FROM {table}")] for table in _TABLES}  # noqa: S608 - names of ours
        self._outlines = {row["unit"]: row["outline"] for row in rows["outline"]}
        self._boards = [row for row in rows["board"] if row["verdict"]]
        self._mails: dict[str, list[Values]] = {}
        for mail in rows["mail"]:
            self._mails.setdefault(mail["unit"] if mail["state"] == "processed" else "", []).append(mail)
        self._pieces: dict[int, list[Values]] = {}
        for piece in rows["piece"]:
            self._pieces.setdefault(piece["mail_id"], []).append(piece)
        self._letters = {row["unit"]: row for row in rows["letter"] if row["kind"] == "reply"}
        self._number = 1000 + max(row["id"] for table in ("mail", "piece", "letter") for row in rows[table])
        self._uid = 1
        self._made: dict[str, list[Values]] = {table: [] for table in _TABLES}
        self.mails = len(rows["mail"])
        """Mails in the ledger, copies included."""

    def grow(self, units: Sequence[Unit], mails: int) -> None:
        """Give each of these units, new to the ledger, what one of the known ones has; then fill up with mails that
        are nobody's until there are so many."""
        patterns = [board for board in self._boards if self._mails.get(board["unit"])]
        for number, unit in enumerate(units):
            self._copy_unit(patterns[number % len(patterns)], unit)
        others = self._mails[""]
        for number in range(max(0, mails - self.mails)):
            self._copy_mail(others[number % len(others)], {})
        self._write()

    def _copy_unit(self, board: Values, unit: Unit) -> None:
        changed = {f'"{board["unit"]}"': f'"{unit.code}"'}
        letter = self._letters.get(board["unit"])
        answered = None
        if letter is not None:
            answered = self._next()
            more = {"id": answered, "unit": unit.code, "to": unit.addresses[0]}
            more |= {"key": f"copy:{answered}", "message_id": f"<letter.{answered}@copy.example>"}
            self._made["letter"].append(letter | more | _days_ago(letter))
        for mail in self._mails[board["unit"]]:
            own = {"unit": unit.code, "from_address": unit.addresses[0], "letter_id": answered}
            changed |= self._copy_mail(mail, own)
        verdict, outline = board["verdict"], self._outlines[board["unit"]]
        for old, new in changed.items():
            verdict, outline = verdict.replace(old, new), outline.replace(old, new)
        beside = {"notice": board["notice"], "unit": unit.code, "outline": outline}
        self._made["outline"].append(beside)
        self._made["board"].append(board | {"unit": unit.code, "verdict": verdict, "saved": board["saved"]})

    def _copy_mail(self, mail: Values, own: Values) -> dict[str, str]:
        """One mail with its files and its place; what was replaced by what."""
        id = self._next()
        digest, message_id = sha256(f"copy {id}".encode()).hexdigest(), f"<mail.{id}@copy.example>"
        self._made["mail"].append(mail | {"id": id, "sha256": digest, "message_id": message_id, **own})
        for piece in self._pieces.get(mail["id"], ()):
            self._made["piece"].append(piece | {"id": self._next(), "mail_id": id})
        self._made["location"].append(
            {"id": id, "mailbox_id": _FORMER, "uid": self._uid, "mail_id": id, "present": True}
        )
        self._uid, self.mails = self._uid + 1, self.mails + 1
        return {mail["sha256"]: digest, mail["message_id"]: message_id}

    def _next(self) -> int:
        self._number += 1
        return int(self._number)

    def _write(self) -> None:
        Seal(self._path).break_open()
        with closing(sqlite3.connect(self._path)) as base, base:
            for table, rows in self._made.items():
                for names, values in _alike(rows):
                    places = ", ".join("?" for _ in names)
                    columns = ", ".join(f'"{name}"' for name in names)
                    base.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 - same
                rows.clear()
            base.execute(
                "INSERT INTO mailbox (id, account, folder, uidvalidity, next_uid, on_server, current)"
                " SELECT ?, account, folder, 1, ?, ?, 0 FROM mailbox WHERE current",
                (_FORMER, self._uid, self.mails),
            )


_TABLES = ("letter", "mail", "piece", "location", "board", "outline")


def _days_ago(letter: Values) -> Values:
    """When a copied letter left: two days before the pattern, as no day has 20,000 letters."""
    moments = {name: datetime.fromisoformat(letter[name]) for name in ("tried_at", "sent_at") if letter[name]}
    return {name: str(moment - timedelta(days=2)) for name, moment in moments.items()}


def _alike(rows: Sequence[Values]) -> Iterator[tuple[list[str], Iterator[tuple[Any, ...]]]]:
    """The rows with their column names, when there are any; all rows of a table have the same."""
    if rows:
        yield list(rows[0]), (tuple(row.values()) for row in rows)
