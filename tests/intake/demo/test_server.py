"""The embedded server speaks real IMAP and SMTP, keeps bytes and times, and stops quickly."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from intake.demo.server import MailServer
from tests.dovecot import Dovecot

RAW = b"Message-ID: <1@b.example>\r\nSubject: =?gb2312?B?xOO6ww==?=\r\n\r\n" + b"\xc4\xe3\xba\xc3 8-bit\r\n" * 3000
WHEN = datetime(2022, 10, 12, 23, 59, 58, tzinfo=timezone(timedelta(hours=8)))


def client(server: MailServer | Dovecot) -> IMAPClient:
    found = IMAPClient(server.host, port=server.imap_port, ssl=False, timeout=10)
    found.login(server.user, "secret")
    found.normalise_times = False
    return found


def read_in_pieces(imap: IMAPClient, uid: int, step: int) -> bytes:
    whole = b""
    while True:
        answer = imap.fetch([uid], [f"BODY.PEEK[]<{len(whole)}.{step}>"])[uid]
        piece: bytes = answer[f"BODY[]<{len(whole)}>".encode()]
        whole += piece
        if len(piece) < step:
            return whole


def test_embedded_imap_gives_back_bytes_times_and_sizes_and_changes_no_flag(mail_server: MailServer) -> None:
    uid = mail_server.deliver(RAW, WHEN)
    with client(mail_server) as imap:
        assert imap.select_folder("INBOX", readonly=True)[b"EXISTS"] == 1
        facts = imap.fetch([uid], ["INTERNALDATE", "RFC822.SIZE"])[uid]
        assert facts[b"INTERNALDATE"] == WHEN
        assert facts[b"RFC822.SIZE"] == len(RAW)
        assert read_in_pieces(imap, uid, 4096) == RAW
        assert imap.search(["HEADER", "Message-ID", "<1@b.example>"]) == [uid]
    assert mail_server.flags == {uid: frozenset()}


def test_embedded_imap_refuses_a_wrong_password(mail_server: MailServer) -> None:
    with IMAPClient(mail_server.host, port=mail_server.imap_port, ssl=False) as imap, pytest.raises(LoginError):
        imap.login(mail_server.user, "wrong")


def test_smtp_keeps_what_was_sent_and_delivers_the_copy_to_oneself(mail_server: MailServer) -> None:
    with smtplib.SMTP(mail_server.host, mail_server.smtp_port) as smtp:
        smtp.login(mail_server.user, "secret")
        smtp.sendmail(mail_server.address, ["unit@b.example", mail_server.address], RAW)
        smtp.sendmail(mail_server.address, ["unit@b.example"], RAW)
    assert [mail.rcpt_to for mail in mail_server.sent] == [
        ("unit@b.example", mail_server.address),
        ("unit@b.example",),
    ]
    assert mail_server.sent[0].raw == RAW
    with client(mail_server) as imap:
        imap.select_folder("INBOX", readonly=True)
        (uid,) = imap.search()
        copy = imap.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]
    assert copy == f"Return-Path: <{mail_server.address}>\r\n".encode() + RAW


def test_smtp_refuses_whom_it_was_told_to(mail_server: MailServer) -> None:
    mail_server.refusals["gone@b.example"] = "550 5.1.1 no such user"
    with smtplib.SMTP(mail_server.host, mail_server.smtp_port) as smtp:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            smtp.sendmail(mail_server.address, ["gone@b.example"], RAW)
        assert refused.value.recipients["gone@b.example"][0] == 550
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login(mail_server.user, "wrong")
    assert mail_server.sent == []


def test_idle_wakes_when_a_mail_comes_and_the_server_still_stops_quickly() -> None:
    with MailServer(address="a@b.example", password="secret") as server, client(server) as imap:
        imap.select_folder("INBOX", readonly=True)
        imap.idle()
        server.deliver(RAW, WHEN)
        assert (1, b"EXISTS") in imap.idle_check(timeout=60)
        imap.idle_done()
        server.__exit__(None, None, None)  # raises when that takes more than a few seconds
        with pytest.raises(RuntimeError):
            server.deliver(RAW, WHEN)
        imap.shutdown()


def test_a_removed_mail_is_gone(mail_server: MailServer) -> None:
    first, second = mail_server.deliver(RAW, WHEN), mail_server.deliver(RAW, WHEN)
    mail_server.remove(first)
    assert list(mail_server.flags) == [second]


def test_time_without_zone_is_refused(mail_server: MailServer) -> None:
    with pytest.raises(ValueError, match="aware"):
        mail_server.deliver(RAW, WHEN.replace(tzinfo=None))


def test_dovecot_gives_back_bytes_and_times(dovecot: Dovecot) -> None:
    first = WHEN.astimezone(UTC) - timedelta(days=3)
    dovecot.deliver(RAW, WHEN)
    dovecot.deliver(RAW, first)
    with client(dovecot) as imap:
        imap.select_folder("INBOX", readonly=True)
        uids = imap.search()
        answers = imap.fetch(uids, ["INTERNALDATE", "RFC822.SIZE"])
        assert [answers[uid][b"INTERNALDATE"] for uid in uids] == [WHEN, first]
        assert answers[uids[0]][b"RFC822.SIZE"] == len(RAW)
        assert read_in_pieces(imap, uids[0], 4096) == RAW
