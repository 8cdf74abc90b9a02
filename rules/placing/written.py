"""A summary or a case that was written into the words of a mail instead of being attached."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rules.facts import ImageFacts
from rules.item import Item, Text
from rules.ledger.phrases import CAPTION_LINE
from rules.notice import Requirement
from rules.placing.lexicon import Lexicon
from rules.words import fold

Written = Literal["no", "maybe", "clear"]

_LEAST = 200
"""Chinese characters; a covering letter has fewer."""
_PARAGRAPH = 30
_TITLE = 40
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LETTER = re.compile(r"查收|审阅|附件|见附|报上|报来|联系人|联系电话|已按.{0,12}要求")
_FOLLOWS = re.compile(r"(?:如下|报告如下|汇报如下)[:：.。]?$")
_KINDS = frozenset({"summary", "case", "article"})


def is_written(requirement: Requirement, texts: Sequence[Text], items: Sequence[Item]) -> Written:
    """clear: a line in a mail says that it follows, and it does. maybe: long prose, no picture it may belong to."""
    if requirement.category not in _KINDS:
        return "no"
    lexicon = Lexicon([requirement])
    found: Written = "no"
    for text in texts:
        if text.trust not in ("registered", "unproven"):
            continue
        lines = [line.strip() for line in text.text.split("\n") if line.strip()]
        at = next((n for n, line in enumerate(lines) if _announces(lexicon, line)), None)
        if at is not None and _prose(lines[at:]) >= _LEAST:
            return "clear"
        pictured = any(isinstance(item.facts, ImageFacts) for item in items if item.mail == text.mail)
        named = bool(lexicon.read(text.subject).targets)
        if _prose(lines) >= _LEAST and not pictured and (named or requirement.category == "summary"):
            found = "maybe"
    return found


def _announces(lexicon: Lexicon, line: str) -> bool:
    """A title of the paper, or 现将活动情况总结如下：."""
    if len(line) > _TITLE * 2 or CAPTION_LINE.match(fold(line)):
        return False
    follows = _FOLLOWS.search(line) is not None
    if not follows and (len(line) > _TITLE or re.search(r"[。；，]|附件|查收", line)):
        return False
    head, colon, _ = line.replace(":", "：").partition("：")
    said = lexicon.read(head if colon and not follows else line)
    return bool(said.targets) and (follows or said.at_end)


def _prose(lines: Sequence[str]) -> int:
    """Chinese characters in paragraphs that are neither captions nor the words of a covering letter."""
    paragraphs = [line for line in lines if len(line) >= _PARAGRAPH and not CAPTION_LINE.match(fold(line))]
    return sum(len(_HAN.findall(line)) for line in paragraphs if not _LETTER.search(line))
