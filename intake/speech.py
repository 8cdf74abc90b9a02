"""What the words of a mail are for: a question, mere courtesy, or somebody else's words handed on. Pure."""

from __future__ import annotations

import re

from intake.mail.message import Message

QUESTION = "来信是咨询，由人工答复"
NOTHING_NEW = "来信没有新内容，不必答复"

_CLAIMS_FILES = re.compile(r"附件|附上|见附|随信|随函|报送|请查收|上报|发送给|材料")
_FORWARDED = re.compile(r"\s*(?:转发|轉發|fwd?|fw)\s*[:：]|\s*转\s*[:：]", re.IGNORECASE)
_ASKS = re.compile(
    r"[?？]|请问|想问|请教|盼复|吗[。！]?$"
    r"|咨询(?:一下|您|贵|如下|以下|几个|个问题)|(?:想|特|来电|来信|向您|向贵办)咨询"
    # 讲解如何辨别真伪 is what a photo shows, no question
    r"|^(?:(?!讲解|介绍|宣传|指导|演示|传授|解答|科普|学习)[^\n])*(?:能否|可否|是否|怎么|如何)",
    re.MULTILINE,
)
_COURTESY = re.compile(r"(收到|好的|谢谢|感谢|知悉|明白|已阅|辛苦|您好|你好|[,，。.!！~\s])*+")


def brings_nothing(message: Message) -> bool:
    """True when the mail has neither files nor links."""
    return not message.attachments and not message.links


def asks_person(message: Message) -> bool:
    """True for a question that only a person can answer; a mail that says it brings files asks for them."""
    wordy = brings_nothing(message)
    return wordy and _ASKS.search(message.text) is not None and not _CLAIMS_FILES.search(message.text)


def is_courtesy(message: Message) -> bool:
    """True when the mail says no more than thanks: 收到，谢谢！"""
    return brings_nothing(message) and _COURTESY.fullmatch(message.text) is not None


def handed_on(message: Message) -> str:
    """The words of the mail that it hands on, "" when it hands on none: the captions of its photos stand there."""
    enclosed = any(".eml/" in attachment.path.lower() for attachment in message.attachments)
    if not message.quoted or not (enclosed or (message.attachments and _FORWARDED.match(message.subject))):
        return ""
    return message.quoted
