"""Bounces that say who failed, in a report or in nothing but words; for good or for the time being."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.mail.bounces import meaning, told
from intake.mail.classify import Own, classify
from tests.intake.mail.raw_mail import HEAD, message, mixed, page, part, text

OWN = Own(addresses=frozenset({"zlb@example.gov.cn"}))
QQ = """抱歉，您的邮件被退回来了……
原邮件信息：
时间　2022-10-10 09:00:00
主题　关于报送材料的通知
收件人　wang@qinghe.example
退信原因：收件人邮件地址（wang@qinghe.example）不存在，邮件无法送达。
host mx.qinghe.example[192.0.2.7] said: 550 Mailbox not found (in reply to RCPT TO command)
解决方案：请联系您的收件人，重新核实邮箱地址，或发送到其他收信邮箱。"""
NETEASE = """尊敬的用户：
您好！您于2022-10-10发送的邮件被退回。
发件人: zlb@example.gov.cn
收件人: li.si@binhe.example
退信原因: 对方邮箱空间已满。SMTP error, RCPT TO: Host binhe.example said 552 Quota exceeded"""
COREMAIL = """无法发送到 zhao@nanshan.example.gov.cn
退信代码 MI:SPB，对方服务器 mail.nanshan.example.gov.cn 拒收：554 5.7.1 Message rejected by policy
如有疑问请联系 postmaster@example.gov.cn"""
EXCHANGE = """未能将邮件传递给以下收件人或通讯组：

孙七 (sunqi@beishan.example)<mailto:sunqi@beishan.example>
找不到你输入的电子邮件地址。请检查收件人的电子邮件地址并尝试重新发送邮件。

管理员诊断信息:
生成服务器: ex01.beishan.example
Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'"""
DELAYED = """您的邮件尚未送达以下收件人，系统将继续尝试投递：
zhou@xihe.example
451 4.4.1 connection timed out"""
BROKEN = "--- 以下是您的邮件 ---"


def prose(sender: str, subject: str, words: str, *, html: bool = False) -> bytes:
    """A bounce of prose alone."""
    head = HEAD.replace(b"From: zhang@example.com", f"From: {sender}".encode())
    body = page(f"<div>{words}</div>".replace("\n", "<br>")) if html else text(words)
    return mixed(body, head=head + f"Subject: {subject}\r\n".encode())


@pytest.mark.parametrize("html", [False, True])
@pytest.mark.parametrize(
    ("sender", "subject", "words", "failed"),
    [
        ("QQ邮箱管理员 <10000@qq.example>", "来自qq.example的退信", QQ, ("wang@qinghe.example", "5.1.1")),
        ("PostMaster@qq.example", "系统退信/Systems bounce", QQ, ("wang@qinghe.example", "5.1.1")),
        ("Postmaster@163.example", "系统退信", NETEASE, ("li.si@binhe.example", "5.2.2")),
        ("postmaster@example.gov.cn", "系统退信", COREMAIL, ("zhao@nanshan.example.gov.cn", "5.7.1")),
        (
            "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@beishan.example>",
            "无法传递: 关于报送材料的通知",
            EXCHANGE,
            ("sunqi@beishan.example", "5.1.10"),
        ),
        ("postmaster@example.gov.cn", "未送达：通知", EXCHANGE, ("sunqi@beishan.example", "5.1.10")),
        ("postmaster@example.gov.cn", "邮件投递状态", DELAYED, ("zhou@xihe.example", "4.4.1")),
        ("Mail Delivery System <MAILER-DAEMON@x.example>", "", QQ, ("wang@qinghe.example", "5.1.1")),
    ],
)
def test_prose_alone(
    sender: str, subject: str, words: str, failed: tuple[str, str], html: bool, tmp_path: Path
) -> None:
    found = message(prose(sender, subject, words, html=html), tmp_path)
    assert classify(found, OWN).klass == "bounce"
    assert found.final_recipients == (failed,)


def test_what_came_back_below_is_not_read(tmp_path: Path) -> None:
    words = f"很遗憾，您的邮件无法送达 wang@qinghe.example。\n\n{BROKEN}\n收件人：other@qinghe.example 无法"
    found = message(prose("postmaster@x.example", "系统退信", words), tmp_path)
    assert found.final_recipients == (("wang@qinghe.example", "5.0.0"),)


def test_no_guess_among_several_addresses() -> None:
    assert told("a@x.example\n\n\n\nb@x.example", ()) == ()
    assert told("联系人 a@x.example\n\n\n\n无法送达 b@x.example", ()) == (("b@x.example", "5.0.0"),)
    assert told("a@x.example", ()) == (("a@x.example", "5.0.0"),)
    assert told("无法送达 zlb@example.gov.cn", {"zlb@example.gov.cn"}) == ()
    assert told("无法送达，请联系 postmaster@x.example", ()) == ()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("无法送达 a@x.example：该用户不存在", "5.1.1"),
        ("无法送达 a@x.example：对方邮箱已满", "5.2.2"),
        ("a@x.example 拒收您的邮件", "5.7.1"),
        ("a@x.example 的域名不存在", "5.4.4"),
        ("<a@x.example>: 450 try again later", "4.0.0"),
        ("a@x.example 暂时无法送达，稍后将重试", "4.0.0"),
        ("a@x.example Postfix 2.0.13 failed", "5.0.0"),
        ("a@x.example said 5.2.1 disabled", "5.2.1"),
        ("Mail to a@x.example is postponed since the inbox has a full mailbox.", "4.2.2"),
    ],
)
def test_the_status(words: str, status: str) -> None:
    assert told(words, ()) == (("a@x.example", status),)


def test_the_address_that_was_written_to_counts_too(tmp_path: Path) -> None:
    """A box that forwards: its own address is in our register, the one that failed is not."""
    status = (
        b"Reporting-MTA: dns; x\r\n\r\nOriginal-Recipient: rfc822;wang@qinghe.example\r\n"
        b"Final-Recipient: rfc822; hidden@other.example\r\nAction: failed\r\nStatus: 5.2.2\r\n"
    )
    head = HEAD.replace(b"zhang@", b"mailer-daemon@")
    parts = text("x"), part([b"Content-Type: message/delivery-status"], status, "")
    found = message(mixed(*parts, head=head, kind="report; report-type=delivery-status"), tmp_path)
    assert found.final_recipients == (("hidden@other.example", "5.2.2"), ("wang@qinghe.example", "5.2.2"))


@pytest.mark.parametrize(
    ("subject", "words", "klass"),
    [
        ("退信", QQ, "machine"),  # nobody knows this sender, but a server speaks
        ("转发：退信", QQ, "person"),
        ("邮件被退回的说明", "上次发的材料被退回了，请再给一个邮箱地址。", "person"),
        ("报送材料", "上次无法送达，现重新发送。550", "person"),
    ],
)
def test_a_person_who_writes_about_a_bounce_is_a_person(subject: str, words: str, klass: str, tmp_path: Path) -> None:
    found = message(prose("zhang@example.com", subject, words), tmp_path)
    assert classify(found, OWN).klass == klass
    assert not found.final_recipients


def test_every_status_has_words() -> None:
    assert meaning("5.2.2") == "对方邮箱已满（5.2.2）"
    assert meaning("5.7.1") == "被对方服务器拒收（5.7.1）"
    assert meaning("5.9.9") == "无法送达（5.9.9）"
