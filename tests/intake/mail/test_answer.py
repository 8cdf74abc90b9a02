"""Every condition refuses at least one mail, and what merely looks like one of them is answered."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.mail.answer import GRANTED, MAIL_GATES, MOMENT_GATES, OFF, mail_gates, may_answer, moment_gates
from intake.mail.message import Address, Attachment, Message
from intake.mail.occasion import Occasion
from rules.facts import TextFacts

OWN = "zlb@yunling.example"
NOW = datetime(2022, 10, 9, 2, 0, tzinfo=UTC)
OWN_ID = "<0123456789abcdef0123456789abcdef@yunling.example>"
OUR_COLLEAGUE_ID = "<20221009.liu@yunling.example>"


def occasion(**changes: Any) -> Occasion:
    """The usual moment: a registered unit sends material, nothing speaks against an answer."""
    usual: dict[str, Any] = {
        "received_at": NOW - timedelta(hours=1),
        "now": NOW,
        "own_addresses": frozenset({OWN}),
        "own_message_id_domain": "yunling.example",
        "registered": True,
        "has_new_files": True,
        "not_older_than": timedelta(days=7),
        "authserv_id": "mx.yunling.example",
    }
    return Occasion(**(usual | changes))


def attachment(name: str = "总结.docx", content_type: str = "application/msword") -> Attachment:
    return Attachment(
        name=name,
        path=name,
        size=9,
        digest="0" * 64,
        content_type=content_type,
        kind="docx",
        facts=TextFacts(format="docx", text="总结", characters=2),
        spool="1",
    )


def mail(*headers: tuple[str, str], **changes: Any) -> Message:
    """A sound mail of a unit's clerk, with one file."""
    sound: dict[str, Any] = {
        "message_id": "<abc@mail.qinghe.example>",
        "subject": "报送质量月活动材料",
        "from_": (Address(name="刘芳", address="liufang@qinghe.example"),),
        "to": (Address(address=OWN),),
        "headers": (("return-path", "<liufang@qinghe.example>"), *headers),
        "content_types": ("multipart/mixed", "text/plain", "application/msword"),
        "text": "材料见附件，请查收。",
        "attachments": (attachment(),),
    }
    return Message(**(sound | changes))


def at(address: str) -> tuple[Address, ...]:
    return (Address(address=address),)


REFUSED: list[tuple[int, Message, dict[str, Any]]] = [
    (1, mail(headers=(("return-path", "<>"),)), {}),
    (1, mail(headers=(("return-path", " <> "),)), {}),
    (1, mail(headers=()), {"server_writes_return_path": True}),
    (2, mail(("auto-submitted", "auto-replied")), {}),
    (2, mail(("auto-submitted", "Auto-Generated; owner-email=x")), {}),
    (2, mail(("auto-submitted", "no"), ("auto-submitted", "auto-notified")), {}),
    (2, mail(), {"klass": "auto-reply"}),
    (3, mail(("x-auto-response-suppress", "All")), {}),
    (3, mail(("x-auto-response-suppress", "DR, RN, OOF")), {}),
    (3, mail(("x-auto-response-suppress", "rn,autoreply")), {}),
    (4, mail(("precedence", "BULK")), {}),
    (4, mail(("precedence", "auto_reply")), {}),
    (4, mail(("precedence", "junk")), {}),
    (5, mail(("list-id", "<news.example>")), {}),
    (5, mail(("list-unsubscribe", "<mailto:x@y.example>")), {}),
    (5, mail(("mailing-list", "contact x")), {}),
    (5, mail(("feedback-id", "1:2:3:esp")), {}),
    (5, mail(), {"klass": "list"}),
    (6, mail(("x-loop", "liufang@qinghe.example")), {}),
    (6, mail(("x-autoreply", "yes")), {}),
    (6, mail(("x-autorespond", "外出")), {}),
    (6, mail(("x-fc-machinegenerated", "true")), {}),
    (6, mail(("x-ack", "No")), {}),
    (6, mail(("delivered-to", "Autoresponder")), {}),
    (7, mail(content_types=("multipart/report; report-type=delivery-status", "text/plain")), {}),
    (7, mail(content_types=("multipart/mixed", "text/plain", "message/disposition-notification")), {}),
    (7, mail(content_types=("message/feedback-report",)), {}),
    (7, mail(), {"klass": "bounce"}),
    (8, mail(from_=at("MAILER-DAEMON@qinghe.example")), {}),
    (8, mail(from_=at("postmaster@qinghe.example")), {}),
    (8, mail(from_=at("system-noreply@qinghe.example")), {}),
    (8, mail(from_=at("do-not-reply@qinghe.example")), {}),
    (8, mail(from_=at("no_reply.1@qinghe.example")), {}),
    (8, mail(from_=at("bounces+liu=qinghe@esp.example")), {}),
    (8, mail(from_=at("bounce@esp.example")), {}),
    (8, mail(from_=at("owner-quality@esp.example")), {}),
    (8, mail(from_=at("quality-request@esp.example")), {}),
    (8, mail(from_=at("root@web.qinghe.example")), {}),
    (8, mail(reply_to=at("noreply@qinghe.example")), {}),
    (8, mail(sender=Address(address="nobody@web.example")), {}),
    (9, mail(from_=at(OWN)), {}),
    (9, mail(reply_to=at(OWN)), {}),
    (9, mail(sender=Address(address=OWN)), {}),
    (9, mail(in_reply_to=OWN_ID, attachments=(), text="收到，谢谢"), {"has_new_files": False}),
    (9, mail(references=("<a@b.example>", OWN_ID), attachments=(), text="一切照旧。"), {"has_new_files": False}),
    (10, mail(("x-shouqi-loop", "another office")), {}),
    (10, mail(*[("received", "from hop.example")] * 51), {}),
    (10, mail(), {"klass": "loop"}),
    (11, mail(to=at("other@yunling.example")), {"registered": False, "unregistered": "reply"}),
    (11, mail(to=()), {"registered": False, "unregistered": "reply"}),
    (12, mail(from_=()), {}),
    (12, mail(from_=(*at("a@qinghe.example"), *at("b@qinghe.example"))), {}),
    (12, mail(from_doubtful=True), {}),
    (12, mail(from_=at("liu fang@qinghe.example")), {}),
    (12, mail(from_=at("a@b.example\r\nRCPT TO:<x@y.example>")), {}),
    (13, mail(("x-spam-flag", "YES")), {}),
    (13, mail(), {"junk_folder": True}),
    (13, mail(("authentication-results", "mx.yunling.example; spf=pass; dmarc=fail (p=none) header.from=x")), {}),
    (13, mail(("authentication-results", "mx.yunling.example 1; dkim=fail header.d=qinghe.example")), {}),
    (14, mail(), {"registered": False}),
    (15, mail(content_types=("multipart/alternative", "text/plain", "text/calendar"), attachments=()), {}),
    (15, mail(("content-class", "urn:content-classes:calendarmessage")), {}),
    (15, mail(subject="撤回：报送材料", attachments=()), {"has_new_files": False}),
    (15, mail(("disposition-notification-to", "<l@q.example>"), text="", attachments=()), {"has_new_files": False}),
    (16, mail(), {"same_as_last": True}),
    (17, mail(), {"sent_today": 4}),
    (17, mail(), {"sent_this_hour": 60}),
    (18, mail(), {"received_at": NOW - timedelta(days=8)}),
    (18, mail(), {"first_start": NOW}),
    (19, mail(subject="自动回复：您的来信已收到"), {}),
    (19, mail(subject="自动回复: 通知"), {}),
    (19, mail(subject="假期自动回复：质量月催报"), {}),
    (19, mail(subject="【自动答复】本人出差"), {}),
    (19, mail(subject="系统退信"), {}),
    (19, mail(subject="系统退信/Systems bounce"), {}),
    (19, mail(subject="已读回执：质量月通知"), {}),
    (19, mail(subject="外出：10月17日返回"), {}),
    (19, mail(subject="Out of Office: meeting"), {}),
    (19, mail(subject="Automatic reply: 材料"), {}),
    (19, mail(subject="自动回复 本人在外地出差", attachments=()), {"has_new_files": False}),
    (OFF, mail(), {"mode": "off"}),
]

ANSWERED: list[tuple[str, Message, dict[str, Any]]] = [
    ("a sound mail", mail(), {}),
    ("RFC 3834: no means no", mail(("auto-submitted", "no")), {}),
    ("with a comment", mail(("auto-submitted", "No (sent by hand)")), {}),
    ("by 腾讯企业邮", mail(("feedback-id", "bizesmtp:qinghe.example:qybglogicsvr:qybglogicsvr5")), {}),
    (
        "by 腾讯企业邮 of today",
        mail(("feedback-id", "bizesmtpsz:qinghe.example:qybglogicsvrsz:qybglogicsvrsz4a-0")),
        {},
    ),
    ("first class", mail(("precedence", "first-class")), {}),
    ("urgent", mail(("precedence", "special-delivery"), ("x-priority", "1")), {}),
    ("delivery reports only", mail(("x-auto-response-suppress", "DR, RN, NRN")), {}),
    ("nothing suppressed", mail(("x-auto-response-suppress", "None")), {}),
    ("explicitly no robot", mail(("x-autoreply", "no")), {}),
    ("a person called 回复", mail(from_=(Address(name="回复", address="huifu@qinghe.example"),)), {}),
    ("about automation", mail(subject="Re: 自动化车间质量月总结"), {}),
    ("a case study", mail(subject="自动回复系统建设典型案例"), {}),
    ("without files too", mail(subject="自动回复系统建设典型案例", attachments=()), {"has_new_files": False}),
    ("answer to our letter", mail(subject="回复：自动回复：关于报送材料的通知", in_reply_to=OWN_ID), {}),
    (
        "captions in words, as our letter asked",
        mail(
            subject="回复：自动回复：材料",
            in_reply_to=OWN_ID,
            attachments=(),
            text="图片1.jpg：质量月启动仪式在区政务大厅举行，各企业代表参加。",
        ),
        {"has_new_files": False},
    ),
    (
        "a file promised in our thread",
        mail(in_reply_to=OWN_ID, attachments=(), text="材料见附件，请查收。"),
        {"has_new_files": False},
    ),
    ("our letter forwarded", mail(subject="转发：自动回复：关于报送材料的通知"), {}),
    ("business trip training", mail(subject="外出培训质量月活动总结"), {}),
    ("reading notes", mail(subject="已读书目质量月读书活动"), {}),
    ("bouncer", mail(from_=at("bouncer-liu@qinghe.example")), {}),
    ("rooter", mail(from_=at("rootliu@qinghe.example")), {}),
    ("a list-like name", mail(from_=at("liu-requests@qinghe.example")), {}),
    ("piano", mail(from_=at("piano-reply@qinghe.example")), {}),
    ("Reply-To a colleague", mail(reply_to=at("wangwei@qinghe.example")), {}),
    ("a secretary sends", mail(sender=Address(address="bangongshi@qinghe.example")), {}),
    ("in copy", mail(to=at("x@y.example"), cc=at(OWN)), {"registered": False, "unregistered": "reply"}),
    (
        "redirected by hand",
        mail(("resent-to", f"office <{OWN.upper()}>"), to=()),
        {"registered": False, "unregistered": "reply"},
    ),
    ("blind copy of a registered unit", mail(to=()), {}),
    ("a colleague of our domain", mail(message_id=OUR_COLLEAGUE_ID, from_=at("liu@yunling.example")), {}),
    ("not spam", mail(("x-spam-flag", "NO"), ("x-spam-status", "No, score=-1")), {}),
    ("foreign results are not believed", mail(("authentication-results", "mx.qinghe.example; dmarc=fail")), {}),
    (
        "only the topmost of ours is believed",
        mail(
            ("authentication-results", "mx.yunling.example; dmarc=pass"),
            ("authentication-results", "mx.yunling.example; dmarc=fail"),
        ),
        {},
    ),
    (
        "a list broke one signature",
        mail(("authentication-results", "mx.yunling.example; dkim=fail; dkim=pass; dmarc=pass")),
        {},
    ),
    ("asks for a receipt", mail(("disposition-notification-to", "<l@q.example>")), {}),
    (
        "a bounce forwarded",
        mail(content_types=("multipart/mixed", "text/plain", "message/rfc822", "multipart/report")),
        {},
    ),
    ("a date among the files", mail(content_types=("multipart/mixed", "text/plain", "text/calendar")), {}),
    ("a recall with the new version", mail(subject="撤回：上次材料作废，以此为准"), {}),
    ("fifty hops", mail(*[("received", "from hop.example")] * 50), {}),
    ("seven days old", mail(), {"received_at": NOW - timedelta(days=7)}),
    ("the last of the day", mail(), {"sent_today": 3, "sent_this_hour": 59}),
    ("waits for approval", mail(), {"mode": "approve"}),
    ("a stranger, when strangers are answered", mail(), {"registered": False, "unregistered": "reply"}),
]


@pytest.mark.parametrize(
    ("gate", "message", "changes"), REFUSED, ids=[f"{gate}-{n}" for n, (gate, *_) in enumerate(REFUSED)]
)
def test_refused(gate: int, message: Message, changes: dict[str, Any]) -> None:
    permission = may_answer(message, occasion(**changes))
    assert (permission.yes, permission.gate) == (False, gate)
    assert permission.why


@pytest.mark.parametrize(("message", "changes"), [case[1:] for case in ANSWERED], ids=[case[0] for case in ANSWERED])
def test_answered(message: Message, changes: dict[str, Any]) -> None:
    assert may_answer(message, occasion(**changes)) == GRANTED


def test_every_condition_is_declared_once_and_tried() -> None:
    numbers = [gate.number for gate in MAIL_GATES] + [gate.number for gate in MOMENT_GATES]
    assert set(numbers) == set(range(1, 20)) | {OFF}
    assert numbers[: len(MAIL_GATES)] == sorted(set(numbers[: len(MAIL_GATES)]))
    assert {gate for gate, *_ in REFUSED} == set(numbers)


def test_the_two_halves_are_the_whole() -> None:
    fine = occasion()
    assert mail_gates(mail(), occasion(same_as_last=True)).yes
    assert moment_gates(fine).yes
    assert not moment_gates(occasion(same_as_last=True)).yes


@pytest.mark.parametrize(
    ("gate", "hostile"),
    [
        (2, mail(("auto-submitted", "(" * 100_000))),
        (8, mail(from_=at("no-" * 30_000 + "noreply@x.example"))),
        (12, mail(from_=at("no-" * 30_000 + "@x.example"))),
        (12, mail(("resent-to", "a@b.example," * 50_000), to=(), from_doubtful=True)),
        (19, mail(subject="自动回复 " * 50_000, attachments=())),
    ],
)
def test_no_pattern_grows_faster_than_what_it_reads(gate: int, hostile: Message) -> None:
    began = time.process_time()
    assert may_answer(hostile, occasion(has_new_files=False)).gate == gate
    assert time.process_time() - began < 5  # what grows with the square takes minutes
