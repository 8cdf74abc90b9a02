"""What kind of mail it is: one table, the first row that holds decides. Two questions, two answers.

`classify` says what wrote the mail, hence whether a letter may go back at all; `takes_files` says whether its
attachments count. A mark of mass mail forbids the letter, it never makes material disappear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from intake.mail.marks import first_token, is_answer, is_null_path, outer_types
from intake.mail.message import MailClass, Message
from intake.mail.robotwords import reports_failure, speaks_as_server


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """By what we recognise ourselves."""

    addresses: frozenset[str] = frozenset()
    """All addresses of the office mailbox, lower case."""
    domains_of_message_ids: frozenset[str] = frozenset()
    """Right-hand sides of the Message-IDs that we give out, lower case; must be ours alone."""
    loop_header: str = "x-shouqi-loop"
    instance: str = ""
    """What our loop header begins with; another instance of this program is a loop too, told apart in words."""


class Classed(msgspec.Struct, frozen=True, kw_only=True):
    """The class, and the reason in the words of the coordinator."""

    klass: MailClass
    why: str


def takes_files(klass: MailClass) -> bool:
    """Whether attachments of such a mail count as material (for `list` and `machine`: through a person)."""
    return klass in ("person", "auto-reply", "machine", "list")


_DAEMON = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|postmaster|post_master|mail-?delivery|mailsystem|bounces?|autobounce"
    r"|system_?admin(?:istrator)?)(?:[-+=_.0-9\\].*)?|microsoftexchange[0-9a-f]{8,}"
    r"|10000",  # QQ's own account sends its bounces
    re.IGNORECASE,
)
_DAEMON_NAME = re.compile(
    r"mail(?:er)?[- ]?daemon|mail delivery (?:sub)?system|postmaster|系统退信|退信通知|邮件系统|邮件投递系统"
    r"|邮箱管理员|邮箱系统",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"(?:.*[-_.+])?(?:no|not|do[-_.]?not|dont)[-_.]?reply(?:[-_.+0-9].*)?|donotreply|noreply.*|.*noreply|(?:.*[-_.+])?notif(?:y|ications?|ier)s?"
    r"(?:[-_.+].*)?|robots?(?:[-_.+].*)?|alerts?|auto(?:matic|mated)?[-_.]?(?:mail(?:er)?|reply|responder|answer)"
    r"|listserv|majordomo|owner-.+|.+-request|nobody|cron|daemon",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"退信|投递失败|投递失敗|发送失败|传输失败|传送失败|无法送达|无法投递|无法传递|未送达|未能送达|投递状态|邮件退回|退回的邮件"
    r"|送达失败|(?:邮件|信件|来信).{0,4}被(?:退回|拒收)"
    r"|undeliver|returned mail|return(?:ed)? to sender|failure notice|mail system error|mail delivery"
    r"|delivery (?:status notification|failure|has failed|report|problem|error)"
    r"|(?:delivery|mail|message|sending).{0,30}fail|fail(?:ed|ure).{0,30}(?:deliver|mail|notice|notification)"
    r"|could not be delivered|not delivered|non[- ]?delivery",
    re.IGNORECASE,
)
_ANSWERS = (
    r"[\s\[【(（<《]*(?:(?:系统|外出|休假|假期|节假日|节日|请假|离开|出差)?自动(?:回复|答复|应答)|automatic reply"
    r"|out of (?:the )?office(?: auto-?reply)?|auto(?:matic|mated)?[- ]?(?:reply|response|responder)"
    r"|auto(?=\s*[:：]))"  # Notes: "AUTO: 张三 is out of the office"
)
# Only at the very start: a person who answers our letter writes "回复：自动回复：…". And with material in the mail
# only as a robot writes it: "自动回复系统建设典型案例" is a title.
_AUTO_SUBJECT = re.compile(_ANSWERS + r"\s*(?:[\]】)）>》:：]|$)", re.IGNORECASE)
_AUTO_SUBJECT_BARE = re.compile(_ANSWERS, re.IGNORECASE)
_RECEIPT_SUBJECT = re.compile(
    r"\s*(?:已读|已读回执|阅读回执|回执|read receipt|read|not read|未读|已收到回执)\s*[:：]", re.IGNORECASE
)
_REFUSED_SUBJECT = re.compile(r"reject|refus|拒收|拒绝|退回", re.IGNORECASE)
_READ = re.compile(r"\s*(?:邮件)?(?:已读|已读回执|阅读回执|邮件收条|read receipt|read)\s*[:：]", re.IGNORECASE)
_READ_BODY = re.compile(r"阅读|已读|收条|\bread\b|displayed", re.IGNORECASE)
_SHORT = 400
"""Characters: a receipt says no more."""
_AUTO_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-autoreply-from",
    "x-auto-reply",
    "x-auto-response",
    "x-ms-exchange-inbox-rules-loop",
)
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "list-help", "list-subscribe", "list-owner")

Test = Callable[[Message, Own], str]
"""Why the row holds, in Chinese; "" when it does not."""


def _types(mail: Message) -> Iterator[str]:
    return outer_types(mail.content_types)


def _part(kind: str, says: str) -> Test:
    return lambda mail, own: says if any(declared.startswith(kind) for declared in _types(mail)) else ""


def _report(kind: str, says: str) -> Test:
    return lambda mail, own: says if any(f"report-type={kind}" in declared for declared in _types(mail)) else ""


def _has(names: tuple[str, ...], says: str) -> Test:
    return lambda mail, own: next((f"{says}（{name}）" for name in names if _said(mail, name)), "")


def _said(mail: Message, name: str) -> bool:
    """True when the header is there and does not deny itself (X-Autoreply: no)."""
    return any(first_token(value) not in ("no", "false", "0") for value in mail.header(name))


def _words(mail: Message, *names: str) -> Iterator[str]:
    """The first token of each value of these headers, lower case, comments left out (RFC 3834 section 5)."""
    return (first_token(value) for name in names for value in mail.header(name))


def _null_return_path(mail: Message) -> bool:
    return any(is_null_path(value) for value in mail.header("return-path")[:1])


def _daemon_sender(mail: Message) -> bool:
    author = mail.author
    return bool(_DAEMON.fullmatch(author.address.partition("@")[0]) or _DAEMON_NAME.search(author.name))


def _bounce(mail: Message, own: Own) -> str:
    daemon, subject = _daemon_sender(mail), bool(_BOUNCE_SUBJECT.search(mail.subject))
    if daemon and subject:
        return "发件人是邮件系统，主题是退信"
    if _null_return_path(mail) and (daemon or subject):
        return "退回路径为空，发件人或主题是退信"
    return ""


def _refused_by_filter(mail: Message, own: Own) -> str:
    """A filter of the recipient sends its refusal in the form of a receipt (RFC 5429 section 2.1.2)."""
    by_report = any("disposition-notification" in declared for declared in _types(mail))
    return "收件人的过滤规则拒收" if by_report and _REFUSED_SUBJECT.search(mail.subject) else ""


def _bounce_in_words(mail: Message, own: Own) -> str:
    told = _daemon_sender(mail) and not mail.attachments and reports_failure(mail.text)
    return "发件人是邮件系统，正文是退信" if told else ""


def _report_by_stranger(mail: Message, own: Own) -> str:
    """Subject and words of a bounce, but a sender that could be anyone: no answer, and it is no submission."""
    if mail.attachments or mail.links or not _BOUNCE_SUBJECT.search(mail.subject) or is_answer(mail.subject):
        return ""
    machine = not mail.from_ or speaks_as_server(mail.text)
    return "内容像退信" if machine and reports_failure(mail.text) else ""


def _loop(mail: Message, own: Own) -> str:
    marks = mail.header(own.loop_header.lower())
    if marks:
        foreign = own.instance and not any(own.instance in mark for mark in marks)
        return "由另一套同类系统自动发出" if foreign else "带有本系统的防循环标记"
    if any(box.address in own.addresses for box in mail.from_):
        return "发件人是本单位邮箱自己"
    domain = mail.message_id.rstrip(">").rpartition("@")[2].lower()
    if domain and domain in own.domains_of_message_ids:
        return "邮件编号由本系统生成"
    return ""


def _auto_submitted(mail: Message, own: Own) -> str:
    if any(word and word != "no" for word in _words(mail, "auto-submitted")):
        return "标明为自动发送（auto-submitted）"
    if any(word in ("auto_reply", "auto-reply", "autoreply") for word in _words(mail, "precedence", "x-precedence")):
        return "标明为自动回复（precedence）"
    return ""


def _auto_subject(mail: Message, own: Own) -> str:
    pattern = _AUTO_SUBJECT if mail.attachments or mail.links else _AUTO_SUBJECT_BARE
    return "主题是自动回复" if pattern.match(mail.subject) else ""


def _receipt(mail: Message, own: Own) -> str:
    by_report = any(kind.startswith("multipart/report") for kind in _types(mail))
    if by_report and _RECEIPT_SUBJECT.match(mail.subject):
        return "主题是已读回执"
    # QQ and some clients send a plain mail; a person's 回执：… with material or words of his own is none
    bare = not mail.attachments and not mail.links and len(mail.text) <= _SHORT
    plain = bare and _READ.match(mail.subject) and (_READ_BODY.search(mail.text) or not mail.text)
    return "主题和内容是已读回执" if plain else ""


def _machine(mail: Message, own: Own) -> str:
    if _daemon_sender(mail):
        return "发件人是邮件系统"
    if _null_return_path(mail):
        return "退回路径为空"
    return "发件人是不收信的自动账号" if _ROBOT.fullmatch(mail.author.address.partition("@")[0]) else ""


def _list(mail: Message, own: Own) -> str:
    if any(word in ("bulk", "list", "junk") for word in _words(mail, "precedence", "x-precedence")):
        return "标明为群发邮件（precedence）"
    return ""


TABLE: tuple[tuple[MailClass, Test], ...] = (
    ("complaint", _part("message/feedback-report", "含有投诉报告")),
    ("complaint", _report("feedback-report", "是投诉报告")),
    ("complaint", _has(("x-feedback-type",), "是投诉报告")),
    ("bounce", _refused_by_filter),
    ("receipt", _part("message/disposition-notification", "含有已读回执")),
    ("receipt", _report("disposition-notification", "是已读回执")),
    ("receipt", _receipt),
    ("bounce", _part("message/delivery-status", "含有投递状态报告")),
    ("bounce", _part("message/global-delivery-status", "含有投递状态报告")),
    ("bounce", _report("delivery-status", "是投递状态报告")),
    ("bounce", _has(("x-failed-recipients", "x-ms-exchange-message-is-ndr"), "标明为退信")),
    ("bounce", _bounce),
    ("bounce", _bounce_in_words),
    # Our own marks stand before those of automatic mail: our letters carry these too, and what comes back is a loop.
    ("loop", _loop),
    ("auto-reply", _auto_submitted),
    ("auto-reply", _has(_AUTO_HEADERS, "标明为自动回复")),
    ("auto-reply", _auto_subject),
    ("machine", _machine),
    ("machine", _report_by_stranger),
    ("list", _has(_LIST_HEADERS, "来自邮件列表")),
    ("list", _list),
)
"""Rows in order: what it is, and the test. Everything else is a person."""


def classify(message: Message, own: Own) -> Classed:
    """The class of a mail and why: the first row of `TABLE` that holds, else `person`. Never raises."""
    for klass, test in TABLE:
        why = test(message, own)
        if why:
            return Classed(klass=klass, why=why)
    return Classed(klass="person", why="没有自动邮件的标记")
