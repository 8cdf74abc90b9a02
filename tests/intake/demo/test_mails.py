"""The demo's story: about thirty sound mails in two rounds, in order, and a real server gives each back unharmed."""

from __future__ import annotations

import email
from itertools import pairwise

import pytest
from imapclient import IMAPClient

from intake.demo.mails import FIRST_NOW, SECOND_NOW, DemoMail, demo_mails
from intake.demo.server import MailServer
from intake.demo.units import units


@pytest.fixture(scope="module")
def story() -> tuple[DemoMail, ...]:
    return demo_mails(units(12))


def test_about_thirty_mails_come_in_order_before_each_cycle(story: tuple[DemoMail, ...]) -> None:
    assert 28 <= len(story) <= 34
    assert all(first.received_at <= second.received_at for first, second in pairwise(story))
    assert {mail.round for mail in story if mail.received_at < FIRST_NOW} == {1}
    assert {mail.round for mail in story if FIRST_NOW < mail.received_at < SECOND_NOW} == {2}
    assert story[-1].received_at < SECOND_NOW
    assert len({mail.about for mail in story}) >= 25


def test_every_mail_is_sound_and_has_its_own_id(story: tuple[DemoMail, ...]) -> None:
    messages = [email.message_from_bytes(mail.raw) for mail in story]
    assert [message.defects for message in messages] == [[]] * len(story)
    assert len({message["Message-ID"] for message in messages}) == len(story)
    assert {len(message.get_all("From", [])) for message in messages} == {1}
    # a report of a machine has an empty envelope sender, a person's mail never
    for message in messages:
        assert (message["Return-Path"] == "<>") == (message.get_content_type() == "multipart/report")


def test_the_story_is_the_same_each_time_and_needs_twelve_units(story: tuple[DemoMail, ...]) -> None:
    assert demo_mails(units(12)) == story
    with pytest.raises(ValueError, match="twelve"):
        demo_mails(units(11))


def test_the_embedded_server_gives_every_mail_back(story: tuple[DemoMail, ...], mail_server: MailServer) -> None:
    uids = [mail_server.deliver(mail.raw, mail.received_at) for mail in story]
    with IMAPClient(mail_server.host, port=mail_server.imap_port, ssl=False) as imap:
        imap.login(mail_server.user, "secret")
        imap.normalise_times = False
        imap.select_folder("INBOX", readonly=True)
        for uid, mail in zip(uids, story, strict=True):
            answer = imap.fetch([uid], ["BODY.PEEK[]", "INTERNALDATE", "RFC822.SIZE"])[uid]
            assert answer[b"BODY[]"] == mail.raw
            assert answer[b"RFC822.SIZE"] == len(mail.raw)
            assert answer[b"INTERNALDATE"] == mail.received_at.replace(microsecond=0)
