"""Importing: every form in which mails are handed over, once each, and nothing that is no mail."""

from __future__ import annotations

import mailbox
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.config import load_config
from intake.importing import Imported, import_paths
from intake.office import opened
from storage import inbox
from storage.errors import Refused
from tests.desk import Desk
from tests.intake.mail import msg_file

NOW = datetime(2022, 9, 26, 4, 0, tzinfo=UTC)


def raw(number: int) -> bytes:
    return (
        f"Received: from a by b; Mon, 26 Sep 2022 10:0{number}:00 +0800\n"
        f"From: a@x.example\nMessage-ID: <{number}@x.example>\n\nhere: {number}\n"
    ).encode()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "office").mkdir()
    with Desk(tmp_path / "office") as made:
        return made  # no server is needed afterwards


def imported(desk: Desk, *paths: Path, reply: bool = False) -> Imported:
    with opened(load_config(desk.config), NOW) as office:
        return import_paths(office, paths, NOW, reply=reply)


def counts(desk: Desk, *paths: Path) -> tuple[int, int, list[str]]:
    found = imported(desk, *paths)
    return found.new, found.known, [path.name for path in found.skipped]


def test_files_folders_mbox_and_maildir_each_mail_once(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "mail without suffix").write_bytes(raw(1))
    (folder / "deep" / "2.eml").write_bytes(b"\xef\xbb\xbf" + raw(2))
    (folder / ".DS_Store").write_bytes(b"From: no")
    (folder / "notes.docx").write_bytes(b"PK\x03\x04")
    (folder / "empty.eml").write_bytes(b"")
    assert counts(desk, folder) == (2, 0, ["empty.eml", "notes.docx"])
    assert counts(desk, folder / "mail without suffix", folder) == (0, 3, ["empty.eml", "notes.docx"])
    box = mailbox.mbox(tmp_path / "box")
    for number in (1, 3, 4):
        box.add(raw(number))
    box.close()
    assert counts(desk, tmp_path / "box") == (2, 1, [])
    maildir = mailbox.Maildir(tmp_path / "maildir")
    maildir.add(raw(5))
    maildir.add_folder("Sub").add(raw(6))
    (tmp_path / "maildir" / "dovecot-uidlist").write_text("3 V1664150400 N7\n1 :a\n")
    (tmp_path / "maildir" / "dovecot-keywords").write_text("a: b\n")
    (tmp_path / "maildir" / "tmp" / "half").write_bytes(raw(7))
    assert counts(desk, tmp_path / "maildir") == (2, 0, [])


def test_time_of_arrival_is_the_servers_and_import_is_not_answered(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(raw(1))
    (tmp_path / "b").write_bytes(b"Subject: no date at all\n\nb\n")
    os.utime(tmp_path / "b", (NOW.timestamp(), NOW.timestamp()))
    imported(desk, tmp_path / "a", tmp_path / "b")
    (tmp_path / "c").write_bytes(raw(3))
    imported(desk, tmp_path / "c", reply=True)
    with opened(load_config(desk.config), NOW) as office, office.database.reading() as session:
        rows = [(row.received_at, row.imported) for row in inbox.all_mails(session)]
    assert rows == [
        (datetime(2022, 9, 26, 2, 1, tzinfo=UTC), True),
        (datetime(2022, 9, 26, 2, 3, tzinfo=UTC), False),
        (NOW, True),
    ]


def test_a_path_that_is_no_mail_is_refused_before_anything_is_kept(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(raw(1))
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7\n")
    wrong = [tmp_path / "b.pdf"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        wrong.append(tmp_path / "pipe")
    for path in wrong:
        with pytest.raises(Refused, match="不是邮件"):
            imported(desk, tmp_path / "a", path)
    assert counts(desk, tmp_path / "a") == (1, 0, [])


def test_a_message_saved_from_outlook(desk: Desk, tmp_path: Path) -> None:
    headers = (
        "Received: by mx; Wed, 12 Oct 2022 17:58:03 +0800\r\nFrom: a@x.example\r\nMessage-ID: <9@x.example>\r\n\r\n"
    )
    (tmp_path / "a.msg").write_bytes(msg_file.container(msg_file.message({0x007D: headers, 0x1000: "材料"})))
    (tmp_path / "b.msg").write_bytes(b"no message")
    assert counts(desk, tmp_path / "a.msg") == (1, 0, [])
    with opened(load_config(desk.config), NOW) as office, office.database.reading() as session:
        assert [mail.received_at for mail in inbox.waiting_mails(session, 9)] == [
            datetime(2022, 10, 12, 9, 58, 3, tzinfo=UTC)
        ]
    with pytest.raises(Refused):
        imported(desk, tmp_path / "b.msg")
