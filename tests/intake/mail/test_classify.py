"""The table of classes, row by row, and the mails that must not be mistaken."""

from __future__ import annotations

import pytest

from intake.mail.classify import TABLE, Own, classify, takes_files
from intake.mail.message import Address, Attachment, Message
from rules.facts import Unreadable

OWN = Own(
    addresses=frozenset({"zlb@example.gov.cn"}),
    domains_of_message_ids=frozenset({"shouqi.example.gov.cn"}),
    instance="i1",
)


def mail(
    subject: str = "报送材料",
    address: str = "zhang@example.com",
    *headers: tuple[str, str],
    types: tuple[str, ...] = ("text/plain",),
    message_id: str = "<1@example.com>",
    name: str = "",
    in_reply_to: str = "",
    text: str = "",
) -> Message:
    """A message with what matters for classing."""
    return Message(
        message_id=message_id,
        subject=subject,
        from_=(Address(name=name, address=address),),
        headers=headers,
        content_types=types,
        in_reply_to=in_reply_to,
        text=text,
    )


D = "mailer-daemon@example.com"
CASES = [
    ("complaint", mail(types=("multipart/report; report-type=feedback-report", "message/feedback-report"))),
    ("complaint", mail("x", "a@b.example", ("x-feedback-type", "abuse"))),
    ("receipt", mail("已读: 通知", types=("multipart/report; report-type=disposition-notification", "text/plain"))),
    ("receipt", mail("已读：通知", types=("multipart/report", "text/plain"))),
    ("complaint", mail(types=("multipart/report; report-type=feedback-report",))),
    ("bounce", mail(types=("message/global-delivery-status",))),
    ("receipt", mail("x", "a@b.example", types=("message/disposition-notification",))),
    ("bounce", mail("Automatically refused mail", types=("multipart/report", "message/disposition-notification"))),
    ("bounce", mail("邮件被拒收", types=("multipart/report; report-type=disposition-notification",))),
    ("bounce", mail("Mail delivery notice", "Postmaster\\@example.com@host.example.com")),
    ("bounce", mail("Notice", D, text="This is what the server said: no such user here. Nobody of that name.")),
    ("bounce", mail("Notice", D, text="Your message has not yet been delivered, we keep trying.")),
    ("bounce", mail("Error", D, text="The following mail has been returned since it could not be processed.")),
    ("bounce", mail("x", "a@b.example", types=("multipart/mixed", "message/delivery-status"))),
    ("bounce", mail("x", "a@b.example", types=("multipart/report; report-type=delivery-status",))),
    ("bounce", mail("x", "a@b.example", ("x-failed-recipients", "c@d.example"))),
    ("bounce", mail("x", "a@b.example", ("x-ms-exchange-message-is-ndr", ""))),
    ("bounce", mail("系统退信", "postmaster@example.com")),
    ("bounce", mail("Undelivered Mail Returned to Sender", D)),
    ("bounce", mail("Delivery Status Notification (Failure)", "a@b.example", ("return-path", "<>"))),
    ("bounce", mail("hello", D, ("return-path", "<>"))),
    ("bounce", mail("邮件投递失败", "x@b.example", name="Mail Delivery System")),
    ("bounce", mail("邮件通知", "postmaster@example.com", text="您的邮件无法送达 a@b.example")),
    ("bounce", mail("邮件传输失败！", "MAILER-DAEMON@example.com")),
    ("machine", mail("邮件投递失败", "gateway@example.com", text="无法送达 a@b.example：550 5.1.1 user unknown")),
    ("person", mail("邮件投递失败", "zhang@example.com", text="上次的邮件无法送达，改用这个邮箱。")),
    ("person", mail("回复：投递失败", "zhang@example.com", text="无法送达 a@b.example：550 5.1.1 user unknown")),
    ("auto-reply", mail("x", "a@b.example", ("auto-submitted", "auto-replied"))),
    ("auto-reply", mail("x", "a@b.example", ("auto-submitted", "Auto-Generated; x"))),
    ("auto-reply", mail("x", "a@b.example", ("auto-submitted", "no"), ("auto-submitted", "auto-replied"))),
    ("auto-reply", mail("x", "a@b.example", ("x-autoreply", "yes"))),
    ("auto-reply", mail("x", "a@b.example", ("x-autorespond", "x"))),
    ("auto-reply", mail("x", "a@b.example", ("x-ms-exchange-inbox-rules-loop", "a@b"))),
    ("auto-reply", mail("x", "a@b.example", ("precedence", "Auto_Reply"))),
    ("auto-reply", mail("自动回复：出差中")),
    ("auto-reply", mail("自动回复")),
    ("auto-reply", mail("假期自动回复：质量月催报")),
    ("bounce", mail("来自qq.com的退信", "10000@qq.example")),
    ("bounce", mail("来自qq.com的退信", "a@qq.example", name="QQ邮箱管理员")),
    ("receipt", mail("已读回执: 质量月催报", text="这是邮件收条。您发送给 李文 的邮件已被阅读。")),
    ("receipt", mail("已读：质量月催报")),
    ("person", mail("已读：质量月催报", text="我们马上补报，先发一张照片的说明。")),
    ("person", mail("回执：参会人员名单", text="参会 3 人，阅读材料 3 份")),
    ("auto-reply", mail("[自动答复] 收到")),
    ("auto-reply", mail("Automatic reply: x")),
    ("auto-reply", mail("Out of office until Monday")),
    ("auto-reply", mail("AUTO: Zhang San is away (returning 10/09/2022)")),
    ("person", mail("Auto show: photos")),
    ("machine", mail("定时通知", "postmaster@example.com")),
    ("machine", mail("x", "no-reply@example.com")),
    ("machine", mail("x", "noreply123@example.com")),
    ("machine", mail("x", "system.donotreply@example.com")),
    ("machine", mail("x", "notification@example.com")),
    ("machine", mail("x", "oa_notify@example.com")),
    ("machine", mail("x", "robot@example.com")),
    ("receipt", mail("Read: notice", text="Your message was read on Monday.")),
    ("person", mail("Read: chapter two", text="请看第二章。")),
    ("machine", mail("x", "a@b.example", ("return-path", "<>"))),
    ("list", mail("x", "a@b.example", ("list-id", "<l.example>"))),
    ("list", mail("x", "a@b.example", ("list-unsubscribe", "<mailto:x>"))),
    ("list", mail("x", "a@b.example", ("precedence", "BULK"))),
    ("list", mail("x", "a@b.example", ("x-precedence", "junk"))),
    ("loop", mail("x", "zlb@example.gov.cn")),
    ("loop", mail("x", "a@b.example", ("x-shouqi-loop", "i1; 1"))),
    ("loop", mail("自动回复：x", "zlb@example.gov.cn", ("auto-submitted", "auto-replied"), ("x-shouqi-loop", "i1"))),
    ("loop", mail("x", "a@b.example", message_id="<abc@shouqi.example.gov.cn>")),
    ("person", mail()),
    ("person", mail("Re: 自动回复：报送材料", in_reply_to="<abc@shouqi.example.gov.cn>")),
    ("person", mail("回复：自动回复：报送材料")),
    ("person", mail("x", "a@b.example", ("auto-submitted", "No"), ("x-autoreply", "no"), ("precedence", "normal"))),
    ("person", mail("x", "a@b.example", ("auto-submitted", "(by hand) no"))),
    ("person", mail("x", "a@b.example", ("return-path", "<a@b.example>"))),
    ("person", mail("关于无法送达快递的说明")),
    ("person", mail("转发：退信", types=("multipart/mixed", "text/plain", "message/rfc822"))),
    ("person", mail("x", "bouncer@example.com")),
    ("person", mail("x", "robotics.lab@example.com")),
    ("person", mail("x", "12345678@example.com", ("x-mailer", "Foxmail 7"))),
]


@pytest.mark.parametrize(("klass", "message"), CASES)
def test_the_table(klass: str, message: Message) -> None:
    found = classify(message, OWN)
    assert found.klass == klass, found.why
    assert found.why


def test_every_row_decides_some_case() -> None:
    decided = set()
    for _, message in CASES:
        decided.add(next((number for number, (_, test) in enumerate(TABLE) if test(message, OWN)), None))
    assert set(range(len(TABLE))) <= decided


def test_a_title_that_begins_like_a_robot_is_a_person_when_it_brings_files() -> None:
    file = Attachment(
        name="a.docx",
        path="a.docx",
        size=1,
        digest="0",
        content_type="application/msword",
        kind="docx",
        facts=Unreadable(reason="empty"),
        spool="1",
    )
    letter = mail("自动回复系统建设典型案例")
    assert classify(letter, OWN).klass == "auto-reply"
    with_file = Message(message_id="", subject=letter.subject, from_=letter.from_, attachments=(file,))
    assert classify(with_file, OWN).klass == "person"


def test_another_instance_is_a_loop_too_and_told_apart() -> None:
    found = classify(mail("x", "a@b.example", ("x-shouqi-loop", "i2; 1")), OWN)
    assert (found.klass, found.why) == ("loop", "由另一套同类系统自动发出")


def test_two_decisions_not_one() -> None:
    assert [klass for klass in ("person", "auto-reply", "machine", "list") if takes_files(klass)] == [
        "person",
        "auto-reply",
        "machine",
        "list",
    ]
    assert not any(takes_files(klass) for klass in ("bounce", "receipt", "complaint", "loop"))
