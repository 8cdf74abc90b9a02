"""New words, signature and history of a body told apart, as Chinese and foreign mail programs mark them.

What is cut off is kept beside (`Body.quoted`, `Body.signature`): nothing of a mail is thrown away here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.mail.markup import Line

_RULE = re.compile(
    r"[\s>]*[-=_—–]{2,}(?:\s|&nbsp;)*(?:原始邮件(?:信息)?|原邮件|回复的原邮件|回复的邮件|转发的?邮件(?:信息)?|被转发(?:的)?邮件.{0,10}"
    r"|邮件原件|Original(?: Message| Mail)?|Forwarded [Mm]essage|Forwarded [Mm]ail|Reply [Mm]essage"
    r"|Replied Message|[^\n]{5,150}(?:写道|wrote)\s*[:：]?)(?:\s|&nbsp;)*[-=_—–]{2,}[\s]*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"(?:Begin forwarded message|开始转发的邮件|以下是转发的邮件|下面是被转发的邮件)\s*[:：]?\s*$", re.IGNORECASE
)
_WROTE = re.compile(r"(?:.*\S)?\s*(?:wrote|写道|寫道)\s*[:：]\s*$", re.IGNORECASE)
_WROTE_START = re.compile(r"(?:On\b|At\b|在|于|於|\d{4}[-/年]|[\"“<]?[^\s@]{0,60}@|.{0,40}<[^>]{3,}>)")
_FROM = re.compile(r"[\s>*]*(?:发件人|寄件者|發件人|From)\s*\**\s*[:：]", re.IGNORECASE)
_FIELDS = re.compile(
    r"(?:发件人|寄件者|發件人|发送时间|发送日期|日\s*期|时\s*间|收件人|主\s*题|抄\s*送|From|Sent|Date|To|Subject|Cc)\s*\**\s*[:：]",
    re.IGNORECASE,
)
_DIVIDER = re.compile(r"[-_=—–\s]{5,}$")
_PHONE = re.compile(
    r"\s*(?:(?:发自我的|Sent from my)\s*\S.{0,40}|从我的.{1,20}发送"
    r"|来自我的\s*(?:iPhone|iPad|手机|华为|小米).{0,20}"
    r"|(?:发自|来自|发送自)\s*(?:网易|QQ|腾讯|新浪|搜狐|阿里|139|189|华为|荣耀|小米|OPPO|vivo|三星|移动端|手机"
    r"|Windows|Mac|iPhone|Outlook|Foxmail|Gmail|Coremail|钉钉|企业微信|微信)[\w. ]{0,20}"
    r"|从\s*(?:Windows|Mac|Outlook|iOS|Android|手机)[\w ]{0,12}(?:邮件|邮箱)?发送"
    r"|(?:获取|下载|Get)\s*Outlook\s*(?:for\s+\w+|[\w ]{0,12})"
    r"|Sent from (?:Mail|Outlook|Yahoo|Samsung|Huawei)\b.{0,30})$",
    re.IGNORECASE,
)
_MARKED = re.compile(r"\s*[>＞] ?")
_MANY_BLANKS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Body:
    """One body, told apart."""

    text: str = ""
    signature: str = ""
    quoted: str = ""
    lines: tuple[Line, ...] = ()
    """Lines in which links of this mail (not of older ones) may stand."""
    handed_on: tuple[Line, ...] = ()
    """Lines of the mail right below, without what that one quotes in turn; its own when this mail forwards it."""


def divide(lines: list[Line]) -> Body:
    """New words, signature and history of one body.

    From a divider such as `-----原始邮件-----` or a block `发件人: … 主题: …` on, all is history; a line
    `… wrote:` is so too unless only `>` lines follow it, below which people answer.
    """
    new: list[str] = []
    signature: list[str] = []
    quoted: list[str] = []
    live: list[Line] = []
    past: list[Line] = []
    history, signed = _History(lines), False
    for position, line in enumerate(lines):
        if line.quoted or line.text.lstrip().startswith((">", "＞")) or history.covers(position):
            quoted.append(line.text)
            past.append(line)
            if history.left_behind(line) and not line.quoted:
                live.append(line)
            continue
        live.append(line)
        if line.text.strip() == "--" or (not signed and _PHONE.fullmatch(line.text)):
            signed = True
            if line.text.strip() == "--":
                continue
        (signature if signed else new).append(line.text)
    return Body(_join(new), _join(signature), _join(quoted), tuple(live), tuple(_below(past)))


def _below(past: list[Line]) -> Sequence[Line]:
    """The new lines of the newest mail in a history: its head is passed over, then it is divided in its turn."""
    start = next((at for at, line in enumerate(past) if not _is_head(line.text)), len(past))
    if start == 0 or start == len(past):
        return past if start == 0 and past and past[0].quoted else ()
    rest = past[start:]
    if rest[0].quoted:  # the whole of it is marked as quotation
        rest = [replace(line, quoted=False) for line in rest]
    if _MARKED.match(rest[0].text):
        rest = [replace(line, text=_MARKED.sub("", line.text, count=1)) for line in rest]
    return divide(rest).lines


def _is_head(text: str) -> bool:
    """A divider, or a field of the head below it."""
    plain = text.strip(" \t>＞")
    marks = (_RULE, _FORWARD, _DIVIDER, _FIELDS, _WROTE)
    return not plain or (len(plain) < 400 and any(mark.match(plain) for mark in marks))


class _History:
    """Where in a body the history starts, found while the lines go by."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._depth: int | None = None
        self._first: Line | None = None
        self._skip = -1
        self._closed = False

    def covers(self, position: int) -> bool:
        """True when the line belongs to the history."""
        if self._depth is not None or position <= self._skip:
            return True
        line = self._lines[position]
        if self._begins(position):
            self._depth, self._first = line.depth, line
            return True
        length = self._attribution(position)
        if length:
            self._skip = position + length - 1
            following = next((other for other in self._lines[position + length :] if other.text.strip()), None)
            if following is not None and not following.quoted and not following.text.lstrip().startswith((">", "＞")):
                self._depth, self._first = line.depth, line
            return True
        return False

    def left_behind(self, line: Line) -> bool:
        """True below a history that stood in a block of its own, now closed: webmail puts its links there."""
        if self._depth is not None and self._depth >= 2 and line is not self._first:
            self._closed = self._closed or line.floor <= self._depth - 2
        return self._closed

    def _begins(self, position: int) -> bool:
        text = self._lines[position].text
        if len(text) > 400:
            return False
        if _RULE.match(text) or _FORWARD.match(text):
            return True
        if _DIVIDER.match(text) and position + 1 < len(self._lines):
            return bool(_FROM.match(self._lines[position + 1].text)) and self._is_block(position + 1)
        return bool(_FROM.match(text)) and self._is_block(position)

    def _is_block(self, position: int) -> bool:
        block = "\n".join(line.text[:300] for line in self._lines[position : position + 7])
        return len({match.lower() for match in _FIELDS.findall(block)}) >= 3

    def _attribution(self, position: int) -> int:
        """Lines of a `… wrote:` that starts here (it may be folded over up to three), 0 when there is none."""
        text = self._lines[position].text.strip()
        if len(text) > 300 or not _WROTE_START.match(text):
            return 0
        for length in (1, 2, 3):
            if _WROTE.fullmatch(text) and len(text) < 400 and re.search(r"\d|@", text):
                return length
            if position + length >= len(self._lines) or not text:
                return 0
            text = f"{text} {self._lines[position + length].text[:300].strip()}"
        return 0


def _join(lines: list[str]) -> str:
    return _MANY_BLANKS.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()
