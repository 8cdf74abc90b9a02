"""Writes a small database of the schema as it is now, with a row in each table: `python -m tests.storage.schemas.make`.

Run it in the commit that raises SCHEMA_VERSION; the files of earlier schemas stay as they are.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, create_engine

from storage import tables as t

FOLDER = Path(__file__).parent
AT = datetime(2022, 9, 26, 2, 0, tzinfo=UTC)


def rows() -> list[SQLModel]:
    """One of each."""
    late: dict[str, Any] = {"received_at": AT, "kept_at": AT}
    return [
        t.MetaRow(key="schema", value=str(t.SCHEMA_VERSION)),
        t.MetaRow(key="instance", value="0123456789abcdef"),
        t.MailboxRow(id=1, account="zlb@office.example", folder="INBOX", uidvalidity=7, next_uid=3, on_server=1),
        t.LetterRow(
            id=1, key="reply:1", kind="reply", message_id="<1@office.example>", notice="n", unit="A01",
            to="a@unit.example", subject="自动回复：材料", raw="b" * 64, state="sent",
            created_at=AT, due=AT, tried_at=AT, sent_at=AT,
        ),
        t.MailRow(
            id=1, sha256="a" * 64, size=10, message_id="<1@unit.example>", state="processed", subject="材料",
            notice="n", unit="A01", letter_id=1, proof="pass", proof_by="DKIM", **late,
        ),
        t.LocationRow(id=1, mailbox_id=1, uid=2, mail_id=1),
        t.PieceRow(id=1, mail_id=1, seq=0, path="总结.docx", name="总结.docx", size=1, digest="c" * 64, facts="{}"),
        t.AlsoRow(mail_id=1, notice="m", unit="A01", reply_allowed=True, letter_id=1),
        t.BoardRow(notice="n", unit="A01", dirty=False),
        t.OutlineRow(notice="n", unit="A01"),
        t.DecisionRow(id=1, at=AT, kind="accept", notice="n", unit="A01", requirement="summary", note="同意"),
        t.ContactRow(address="b@unit.example", undeliverable="550", since=AT),
    ]  # fmt: skip


def make(path: Path) -> None:
    """Write the file, in small pages so that it stays small."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA page_size=512")
        raw.execute("VACUUM")
    engine = create_engine(f"sqlite:///{path}")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        for row in rows():
            session.add(row)
            session.flush()
    engine.dispose()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / f"{t.SCHEMA_VERSION}.db"
    make(target)
    print(target, target.stat().st_size)  # noqa: T201  # says what it made
