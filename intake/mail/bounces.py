"""Whom a bounce is about and whether it is for good: from its delivery status, its headers, or its words alone.

Relays in China (QQ, 163, Coremail, many Exchange servers) often send a page of prose and no RFC 3464 part: the
address that failed stands only in the body, beside the code of the server that refused it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from intake.mail import transfer
from intake.mail.addresses import mailboxes
from intake.mail.charset import decode
from intake.mail.source import Source
from intake.mail.tree import Part

MAX_REPORT = 64 * 1024
"""Bytes of a delivery status that are read."""
MAX_PROSE = 8000
"""Characters of a body in which an address is looked for; below stands the letter that came back."""
MOST = 200
"""Addresses of one bounce."""

Failed = tuple[tuple[str, str], ...]
"""(address, lower case; status of RFC 3463, such as 5.1.1; 4.x.x is passing, 5.x.x is for good; "" unknown)."""

_FIELD = re.compile(r"^([A-Za-z-]{1,60})[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45])[0-5]\d(?=[\s:#-])(?![\d.])")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}", re.ASCII)
_ROBOT = re.compile(r"(?:postmaster|mailer-?daemon|abuse|helpdesk|support|no-?reply)@")
_FAILING = re.compile(
    r"无法|未能|不能|失败|退回|退信|不存在|收件人|被拒|拒收|已满|停用|recipient|fail|undeliver|not deliver"
    r"|could ?n[o']t|cannot|unknown|not found|does ?n[o']t exist|rejected|said|unavailable|full|quota",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"-{3,}.{0,30}(?:original|copy of (?:the |your )?message|原始?(?:邮件|信件)).{0,30}|below this line is a copy"
    r"|附件中的内容是原信|(?:以下|下面)(?:是|为)(?:原|您).{0,6}(?:邮件|信)",
    re.IGNORECASE,
)
_MEANINGS = (
    ("5.2.2", re.compile(
        r"(?:邮箱|信箱|空间|容量).{0,8}(?:已满|不足|超限)|mailbox (?:is )?full|full mailbox|quota", re.I
    )),
    ("5.1.1", re.compile(
        r"(?:用户|邮箱|地址|收件人|账号|帐号|账户).{0,30}(?:不存在|无效|错误|未找到|停用|注销|禁用|冻结)"
        r"|user (?:unknown|not found)|unknown user|no such (?:user|mailbox|recipient)|does ?n[o']t exist"
        r"|(?:mailbox|recipient|address|user) (?:not found|unavailable|unknown|rejected)"
        r"|invalid (?:mailbox|user|recipient)",
        re.I,
    )),
    ("5.7.1", re.compile(r"拒收|拒绝|垃圾邮件|黑名单|spam|blocked|denied|policy|blacklist", re.I)),
    ("5.4.4", re.compile(r"(?:域名|主机|服务器).{0,10}(?:不存在|无法解析|未找到)|host (?:unknown|not found)", re.I)),
)  # fmt: skip
_PASSING = re.compile(
    r"延迟|暂时|稍后(?:会|将)?.{0,4}重试|继续(?:尝试|投递)|尚未(?:送达|投递)|delayed|delay|will be (?:retried|made)"
    r"|still trying|not yet been|temporar|postponed|continue to try|keep trying",
    re.IGNORECASE,
)
_WORDS = {
    "5.1.": "收件地址不存在",
    "5.2.2": "对方邮箱已满",
    "4.2.2": "对方邮箱已满",
    "5.2.": "对方邮箱停用",
    "5.3.4": "信件太大",
    "5.4.": "对方域名或服务器有误",
    "5.7.": "被对方服务器拒收",
    "4.": "暂时没有送达",
    "5.": "无法送达",
}


def reported(source: Source, reports: list[Part]) -> Failed:
    """Recipients in the delivery status parts (RFC 3464 section 2.3); also the address that was written to first."""
    found: dict[str, str] = {}
    for part in reports[:5]:
        text = decode(transfer.head(source, part, MAX_REPORT)).text.replace("\r\n", "\n")
        for block in re.split(r"\n[ \t]*\n", text)[:500]:
            fields: dict[str, str] = {}
            for match in _FIELD.finditer(block):
                fields.setdefault(match[1].lower(), match[2])
            status = _STATUS.search(fields.get("status", "")) or _STATUS.search(fields.get("diagnostic-code", ""))
            code = status[1] if status else _by_action(fields.get("action", ""))
            for name in ("final-recipient", "original-recipient"):
                box = next(iter(mailboxes(fields.get(name, "").rpartition(";")[2].encode())), None)
                if box is not None and len(found) < MOST:
                    found.setdefault(box.address, code)
    return tuple(found.items())


def _by_action(action: str) -> str:
    """Status class that an Action alone implies (RFC 3464 section 2.3.3)."""
    word = action.strip().lower()[:20]
    return {"failed": "5.0.0", "delayed": "4.0.0", "delivered": "2.0.0"}.get(word, "")


def headed(root: Part) -> Failed:
    """Recipients in X-Failed-Recipients, which Exim and Gmail write."""
    boxes = [box for value in root.raw_all("x-failed-recipients") for box in mailboxes(value)]
    return tuple({box.address: "5.0.0" for box in boxes[:MOST]}.items())


def told(text: str, known: Iterable[str]) -> Failed:
    """Recipients that the words of a bounce name as failed; `known` are addresses that cannot be meant: ours, the
    sender's.

    An address counts when a word of failure stands near it; or when it is the only one.
    """
    text = text[:MAX_PROSE]
    original = _ORIGINAL.search(text)
    lines = (text[: original.start()] if original and original.start() > 20 else text).split("\n")
    out = {address.lower() for address in known}
    named = [(number, address) for number, address in _named(lines) if address not in out and not _ROBOT.match(address)]
    near = [(number, address) for number, address in named if _FAILING.search(_around(lines, number))]
    chosen = near or (named if len({address for _, address in named}) == 1 else [])
    found: dict[str, str] = {}
    for number, address in chosen[:MOST]:
        found.setdefault(address, _status("\n".join(lines[number : number + 4]), text))
    return tuple(found.items())


def _named(lines: list[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines):
        if not re.match(r"\s*(?:发件人|寄件者|From|Message-ID|Reply-To)\s*[:：]", line, re.IGNORECASE):
            yield from ((number, match[0].lower().strip(".-")) for match in _ADDRESS.finditer(line[:2000]))


def _around(lines: list[str], number: int) -> str:
    return "\n".join(line[:500] for line in lines[max(0, number - 2) : number + 3])


def _status(near: str, text: str) -> str:
    """The code beside the address, else the one in the mail, else what the words mean."""
    for place in (near, text):
        code = next((code for code in _STATUS.findall(place) if code[0] != "2"), "")  # 2.0.13 is a program's version
        if code:
            return code
    reply = _REPLY_CODE.search(near) or _REPLY_CODE.search(text)
    passing = reply[1] == "4" if reply else bool(_PASSING.search(text))
    meaning = next((status for status, pattern in _MEANINGS if pattern.search(text)), "5.0.0")
    return f"4{meaning[1:]}" if passing else meaning


def status_of(answer: str) -> str:
    """What a server's refusal means, as a status.

    >>> status_of("550 5.1.1 User unknown"), status_of("550 User not found"), status_of("550 sending too fast")
    ('5.1.1', '5.1.1', '5.0.0')
    """
    return _status(answer, answer)


def meaning(status: str) -> str:
    """A status in the words of the coordinator.

    >>> meaning("5.1.1"), meaning("4.4.7"), meaning("")
    ('收件地址不存在（5.1.1）', '暂时没有送达（4.4.7）', '没有送达')
    """
    words = next((words for start, words in _WORDS.items() if status.startswith(start)), "没有送达")
    return f"{words}（{status}）" if status else words
