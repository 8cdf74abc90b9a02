"""What the words of a mail are for: a question, a remark, mere courtesy, somebody else's words handed on. Pure."""

from __future__ import annotations

import re

from intake.mail.message import Message

QUESTION = "来信是咨询，由人工答复"
REMARK = "来信说明情况，由人工处理"
ALSO_ASKS = "信中另有咨询，由人工答复"
STRAY = "来信谈的似是别的事项，与本通知无关，由人工处理"
NOTHING_NEW = "来信没有新内容，不必答复"

_ENCLOSES = re.compile(
    r"(?:见|在)附件|附上|随[信函附]|附件[:：，,。为是]|附件\s*$"
    r"|现将?[^。？?\n]{0,30}(?:报上|报送|上报|发送|呈报|报来)",
    re.MULTILINE,
)
"""The mail says that it brings files: without any, the unit is told."""
_BROUGHT = re.compile(r"查收|查阅|审阅|已[^。？?\n]{0,12}(?:报送|上报|发送|发您|发给)")
"""It may say so, or speak of files that came before: beside a question it is no more than that."""
_FORWARDED = re.compile(r"\s*(?:转发|轉發|fwd?|fw)\s*[:：]|\s*转\s*[:：]", re.IGNORECASE)
_ASKS = re.compile(
    r"[?？]|请问|想问|请教|盼复|吗[。！]?$"
    r"|咨询(?:一下|您|贵|如下|以下|几个|个问题)|(?:想|特|来电|来信|向您|向贵办)咨询"
    # 讲解如何辨别真伪 is what a photo shows, no question
    r"|^(?:(?!讲解|介绍|宣传|指导|演示|传授|解答|科普|学习)[^\n])*(?:能否|可否|是否|怎么|如何)",
    re.MULTILINE,
)
_ASKS_PLAINLY = re.compile(r"请问|想问|请教(?=一下|您|[:：，,])|(?:能否|可否|是否)[^。；;\n]{1,40}[?？]|吗[?？]")
_TELLS = re.compile(
    r"延期|延迟|推迟|宽限|谅解|见谅|变更为|更换为|(?:没有|未曾?|不再)(?:开展|组织|举办)|(?:无法|不能|难以)(?:按时|按期|如期)|来不及"
    r"|(?:联系人|联络员|邮箱|电话|手机)[^。；;\n]{0,8}(?:变更|更换|改为|换成|调整)"
    r"|(?:下周|明天|明日|后天|节后|过几天|稍后|稍晚|过后)[^。；;\n]{0,12}[报补发送交]"
)
"""What an office must know and no letter of ours answers: it comes later, another person is in charge."""
_CAPTIONED = re.compile(r"(?:图|(?<!按)照)[^。；;\n]{0,14}[:：]|(?<!情况)说明\s*[:：]")
_COURTESY = re.compile(r"(收到|好的|谢谢|感谢|知悉|明白|已阅|辛苦|您好|你好|[,，。.!！~\s])*+")


def brings_nothing(message: Message) -> bool:
    """True when the mail has neither files nor links."""
    return not message.attachments and not message.links


def promises_files(message: Message) -> bool:
    """True when the mail says that it brings files and brings none: the unit believes that they came."""
    return brings_nothing(message) and promises(message.text)


def promises(text: str) -> bool:
    """True for words that say that files are in the mail.

    >>> promises("材料见附件，请查收。"), promises("材料已于9日报送，请问收到了吗？"), promises("收到，谢谢")
    (True, False, False)
    """
    if _ENCLOSES.search(text):
        return True
    return _BROUGHT.search(text) is not None and not _ASKS_PLAINLY.search(text)


def asks_person(message: Message) -> bool:
    """True for words that a person must answer or act on. Beside files only a plain question counts.

    What stands in captions and summaries is no question, so a mail with either must say 请问 or the like.
    """
    if not brings_nothing(message) or _CAPTIONED.search(message.text):
        return _ASKS_PLAINLY.search(message.text) is not None
    return _ASKS.search(message.text) is not None or _TELLS.search(message.text) is not None


def left_to_person(message: Message) -> str:
    """Why a mail of words alone is not answered by us but by a person; "" when we may answer.

    A mail that says it brings files and has none is answered: the unit believes that they came.
    """
    if not brings_nothing(message) or promises(message.text):
        return ""
    if asks_person(message) and _ASKS.search(message.text):
        return QUESTION
    if _CAPTIONED.search(message.text):
        return ""
    return REMARK if _TELLS.search(message.text) else ""


def is_courtesy(message: Message) -> bool:
    """True when the mail says no more than thanks: 收到，谢谢！"""
    return brings_nothing(message) and _COURTESY.fullmatch(message.text) is not None


def hands_on(message: Message) -> bool:
    """True when the mail hands on another one with its files: enclosed, or below 转发：."""
    if any(".eml/" in attachment.path.lower() for attachment in message.attachments):
        return True
    return not brings_nothing(message) and is_forward(message.subject)


def is_forward(subject: str) -> bool:
    """True for a subject that begins with 转发：, Fw: and the like.

    >>> is_forward("转发：质量月材料"), is_forward("回复：质量月材料")
    (True, False)
    """
    return _FORWARDED.match(subject) is not None


def handed_on(message: Message) -> str:
    """The words of the mail that it hands on, "" when it hands on none: the captions of its photos stand there."""
    return message.quoted if hands_on(message) else ""
