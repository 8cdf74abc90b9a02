"""May this mail be answered automatically? The one place that decides it, as a table of declared gates.

A letter that should not have been written costs more than one that was not: so every doubt is a no, and
the coordinator sees why. Sources: RFC 3834 (automatic responses), RFC 5230 (vacation), RFC 2369 and 2919
(lists), RFC 3464 and 8098 (reports), RFC 8601 (authentication results).

Gates on the mail alone are asked when it is taken (`mail_gates`), gates on the moment when a letter is
about to be written (`moment_gates`); `may_answer` asks both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from intake import speech
from intake.mail import marks, robotwords, verification
from intake.mail.message import MailClass, Message
from intake.mail.occasion import Occasion


@dataclass(frozen=True, slots=True)
class Permission:
    """The answer. `gate` is the number of the gate that refused, 0 when none did."""

    yes: bool
    why: str
    gate: int


@dataclass(frozen=True, slots=True)
class Gate:
    """One reason not to answer; `why` is the sentence the coordinator reads."""

    number: int
    why: str
    refuses: Callable[[Message, Occasion], bool]


@dataclass(frozen=True, slots=True)
class MomentGate:
    """One reason not to answer that lies in the moment, not in the mail."""

    number: int
    why: str
    refuses: Callable[[Occasion], bool]


TO_A_PERSON = (9, 19)
"""Numbers of the gates that stop words which only look as if nobody had to read them: a person does."""
OFF = 20
"""Number of the office's own switch, which is none of the nineteen conditions."""
GRANTED = Permission(True, "可以自动答复", 0)

MOST_RECEIVED = 50
"""Postfix's hop limit; a mail that went through more servers is going round in circles."""


def may_answer(message: Message, occasion: Occasion) -> Permission:
    """Ask every gate, those on the mail first. The first one that refuses is told."""
    permission = mail_gates(message, occasion)
    return moment_gates(occasion) if permission.yes else permission


def mail_gates(message: Message, occasion: Occasion) -> Permission:
    """Gates that need nothing but the mail and whose it is."""
    for gate in (*MAIL_GATES, *CLASS_GATES):
        if gate.refuses(message, occasion):
            return Permission(False, gate.why, gate.number)
    return GRANTED


def moment_gates(occasion: Occasion) -> Permission:
    """Gates that must be asked again whenever a letter is about to be written or sent."""
    for gate in MOMENT_GATES:
        if gate.refuses(occasion):
            return Permission(False, gate.why, gate.number)
    return GRANTED


def _no_envelope(message: Message, occasion: Occasion) -> bool:
    paths = message.header("return-path")
    if any(marks.is_null_path(path) for path in paths):
        return True
    return occasion.server_writes_return_path and not paths


def _automatic(message: Message, _: Occasion) -> bool:
    return any(marks.first_token(value) != "no" for value in message.header("auto-submitted"))


def _suppressed(message: Message, _: Occasion) -> bool:
    return any(
        marks.tokens(value) & {"all", "oof", "autoreply"} for value in message.header("x-auto-response-suppress")
    )


def _bulk(message: Message, _: Occasion) -> bool:
    values = (*message.header("precedence"), *message.header("x-precedence"))
    return any(marks.first_token(value) in marks.BULK for value in values)


def _list(message: Message, _: Occasion) -> bool:
    return any(marks.is_list_header(name, value) for name, value in message.headers)


def _robot_header(message: Message, _: Occasion) -> bool:
    if any(marks.first_token(value) == "no" for value in message.header("x-ack")):
        return True
    if any("autoresponder" in value.lower() for value in message.header("delivered-to")):
        return True
    return any(
        name in marks.ROBOT_HEADERS and marks.first_token(value) not in ("no", "false", "0")
        for name, value in message.headers
    )


def _report(message: Message, _: Occasion) -> bool:
    return marks.is_report(message.content_types)


def _mailers(message: Message) -> Iterable[str]:
    """Every address that says who is writing."""
    yield from (address.address for address in message.from_)
    yield from (address.address for address in message.reply_to)
    if message.sender is not None:
        yield message.sender.address


def _robot_address(message: Message, _: Occasion) -> bool:
    return any(marks.is_robot_address(address) for address in _mailers(message))


def _ourselves(message: Message, occasion: Occasion) -> bool:
    if any(address.lower() in occasion.own_addresses for address in _mailers(message)):
        return True
    if marks.is_own_id(message.message_id, occasion.own_message_id_domain):
        return True
    chain = (message.in_reply_to, *message.references)
    ours = any(marks.is_own_id(one, occasion.own_message_id_domain) for one in chain)
    material = occasion.has_new_files or marks.brings_captions(message.text)
    return ours and not material and not speech.promises_files(message)


def _looping(message: Message, occasion: Occasion) -> bool:
    return bool(message.header("x-shouqi-loop")) or len(message.header("received")) > MOST_RECEIVED


def _not_addressed(message: Message, occasion: Occasion) -> bool:
    """Blind copies and redirections: only registered units are answered."""
    if occasion.registered and occasion.sender_known:
        return False
    named = {address.address.lower() for address in (*message.to, *message.cc)}
    named |= {one for name in ("resent-to", "resent-cc") for v in message.header(name) for one in marks.addresses(v)}
    return not named & occasion.own_addresses


def _doubtful(message: Message, _: Occasion) -> bool:
    return message.from_doubtful or len(message.from_) != 1 or not marks.is_address(message.author.address)


def _spam(message: Message, occasion: Occasion) -> bool:
    flags = (*message.header("x-spam-flag"), *message.header("x-spam-status"), *message.header("x-spam"))
    if occasion.junk_folder or any(marks.first_token(value) == "yes" for value in flags):
        return True
    return verification.forged(message.header("authentication-results"), occasion.authserv_id, occasion.own_addresses)


def _stranger(_: Message, occasion: Occasion) -> bool:
    return not occasion.registered and occasion.unregistered == "hold"


def _courtesy(message: Message, occasion: Occasion) -> bool:
    """Invitations, recalls, and mails that ask for a read receipt and hold nothing else."""
    if marks.is_invitation(message):
        return True
    if occasion.has_new_files:
        return False
    if (
        robotwords.RECALL.match(message.subject)
        or robotwords.CALENDAR_ANSWER.match(message.subject)
        or robotwords.RECALLS.search(message.text)
    ):
        return True
    return any(message.header(name) for name in marks.RECEIPT_WANTED) and not message.text.strip()


def _robot_words(message: Message, occasion: Occasion) -> bool:
    if robotwords.is_robot_subject(message.subject, with_files=occasion.has_new_files):
        return True
    return not occasion.has_new_files and robotwords.calls_itself_robot(message.text)


def _too_old(occasion: Occasion) -> bool:
    if occasion.first_start is not None and occasion.received_at < occasion.first_start:
        return True
    return occasion.not_older_than is not None and occasion.now - occasion.received_at > occasion.not_older_than


MAIL_GATES: tuple[Gate, ...] = (
    Gate(1, "没有退信地址（Return-Path 为空），是系统邮件", _no_envelope),
    Gate(2, "邮件标明是自动发出的（Auto-Submitted）", _automatic),
    Gate(3, "发件方要求不自动答复（X-Auto-Response-Suppress）", _suppressed),
    Gate(4, "群发邮件（Precedence）", _bulk),
    Gate(5, "邮件列表或订阅邮件", _list),
    Gate(6, "邮件带有自动答复程序的标记", _robot_header),
    Gate(7, "退信、回执或投诉报告", _report),
    Gate(8, "发件地址是系统地址，无人阅读", _robot_address),
    Gate(9, "本办公室自己的邮件，或只是对我方来信的应答", _ourselves),
    Gate(10, "邮件在自动答复程序之间循环", _looping),
    Gate(11, "邮件没有写明发给本邮箱（密送或转发），且发件人未登记", _not_addressed),
    Gate(12, "发件人不明确", _doubtful),
    Gate(13, "被判为垃圾邮件，或发件人未通过验证", _spam),
    Gate(14, "发件人未登记，等待人工处理", _stranger),
    Gate(15, "日程邀请、撤回通知或单纯的回执请求", _courtesy),
    Gate(19, "标题或正文是自动答复、系统通知的样式", _robot_words),
)


def _is(*classes: MailClass) -> Callable[[Message, Occasion], bool]:
    return lambda _, occasion: occasion.klass in classes


CLASS_GATES: tuple[Gate, ...] = (
    Gate(2, "来信看来是自动回复", _is("auto-reply")),
    Gate(5, "来信看来是群发邮件", _is("list")),
    Gate(7, "来信看来是退信、回执或投诉", _is("bounce", "receipt", "complaint")),
    Gate(8, "来信看来是系统所发", _is("machine")),
    Gate(10, "来信是本系统或同类系统自己的信", _is("loop")),
)
"""The same conditions, where `intake.mail.classify` found them by other signs; asked last, so that the plain sign is
the reason that is told."""

MOMENT_GATES: tuple[MomentGate, ...] = (
    MomentGate(OFF, "设置为不自动答复", lambda occasion: occasion.mode == "off"),
    MomentGate(16, "与上一封答复相比没有变化", lambda occasion: occasion.same_as_last),
    MomentGate(17, "今天已给该地址发过足够多的信", lambda occasion: occasion.sent_today >= occasion.per_sender_per_day),
    MomentGate(17, "本小时发信已达上限", lambda occasion: occasion.sent_this_hour >= occasion.per_hour),
    MomentGate(18, "来信时间过早，不再自动答复", _too_old),
)


def condition_of(why: str) -> int:
    """The number of the gate that gives this reason, 0 when none does."""
    gates: tuple[Gate | MomentGate, ...] = (*MAIL_GATES, *CLASS_GATES, *MOMENT_GATES)
    return next((gate.number for gate in gates if gate.why == why), 0)
