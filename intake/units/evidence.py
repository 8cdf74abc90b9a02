"""What a mail says about whose it is: every place where a unit is named, and which unit each file names. Pure.

Quoted history counts for nothing, unless the mail hands it on: then the original's sender and subject speak too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from intake import speech
from intake.mail.message import Attachment, Message
from intake.units.unit_names import Mention
from rules.facts import ArchiveFacts, Sheet, TableFacts, TextFacts
from rules.words import stem

Place = Literal["behalf", "subject", "file", "heading", "cell", "original", "signature", "body", "display"]

SAID: Mapping[Place, str] = {
    "behalf": "信中写明代其报送",
    "subject": "主题中的单位名称",
    "file": "附件名称中的单位名称",
    "heading": "材料标题中的单位名称",
    "cell": "表格填报单位",
    "original": "原邮件的主题或落款",
    "signature": "落款",
    "body": "正文提到",
    "display": "发件人名称",
}
STRONG: frozenset[Place] = frozenset({"behalf", "subject", "file", "heading", "cell", "original", "signature"})
"""Places where a unit names itself. Elsewhere it may name anybody."""
MATERIAL: frozenset[Place] = frozenset({"file", "heading", "cell"})
"""Places in the files."""
ORIGINAL: frozenset[Place] = frozenset({"original"})
SUBJECT: frozenset[Place] = frozenset({"subject"})
_FILLED_BY = re.compile(r"(?:填报|报送|填表|上报|申报)?单位(?:名称)?(?:[（(]?盖章[）)]?)?\s*[:：]?\s*")
_ABOUT = re.compile(
    r"(?:和|与|及|同|跟|向|给|请|转|致|在|到|去|抄送|主送|收件人?|尊敬的|联系|感谢|谢谢|学习|参考|参照|按照)[:,]?$"
)
"""Before a name: the line speaks of that unit, it is not signed by it."""
_BEHALF_BEFORE = re.compile(r"(?:(?<![时近古当年])代|代表|代替|替|受)$")
_SENDS = re.compile(r"[^。;]{0,16}(?:报|送|交|发|填)")
_BEHALF_AFTER = re.compile(r"(?:因[^。]{0,20})?(?:之?委托|托我|(?:的)?[^。,]{0,12}由我[^。,]{0,6}(?:代|一并|统一))")
_ORIGINAL_FROM = re.compile(
    r"^[\s>*]*(?:发件人|寄件者|發件人|From)\s*\**\s*[:：]\s*(.{1,200})$", re.MULTILINE | re.IGNORECASE
)
_ORIGINAL_SUBJECT = re.compile(
    r"^[\s>*]*(?:主\s*题|主旨|Subject)\s*\**\s*[:：]\s*(.{1,300})$", re.MULTILINE | re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
BODY_LIMIT = 20_000
"""Characters of the body that are searched."""
SIGNATURE_LINES = 8
_BESIDE = 14
"""Characters that a signature may hold beside the name: a person, a telephone."""

Find = Callable[[str], Sequence[Mention]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a mail says about units, before anything is decided."""

    named: Mapping[str, Mapping[Place, str]]
    """Places and the words found there, by unit code."""
    files: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Codes that each file names itself by (content, name, else the folder around it), by path; links too."""
    handed_on: bool = False
    """The mail hands on another one."""
    authors: tuple[str, ...] = ()
    """Addresses the mail that is handed on came from, lower case."""

    def strong(self, code: str, of: Collection[Place] = STRONG) -> frozenset[Place]:
        """The places where this unit names itself."""
        return frozenset(of).intersection(self.named.get(code, {}))

    def by_weight(self) -> list[str]:
        """Units named, those with the most strong places first."""
        return sorted(self.named, key=lambda code: (-len(self.strong(code)), -len(self.named[code]), code))

    def at(self, place: Place) -> list[str]:
        """Units named in such a place."""
        return [code for code in self.by_weight() if place in self.named[code]]


def link_path(number: int, name: str) -> str:
    """The place of a link among the pieces of a mail; `number` counts on after the attachments."""
    return f"超大附件/{number}/{name}"


def gather(message: Message, find: Find) -> Evidence:
    """Read the new part of the mail and its files; `find` tells the units named in a text."""
    found: dict[str, dict[Place, str]] = {}

    def note(place: Place, text: str) -> None:
        for one in find(text):
            found.setdefault(one.code, {}).setdefault(place if one.plain else "body", one.words)

    note("subject", message.subject)
    note("display", message.author.name)
    lines = [line.strip() for line in message.text[:BODY_LIMIT].split("\n") if line.strip()]
    for code, words in _signed(lines, find):
        found.setdefault(code, {}).setdefault("signature", words)
    for line in (message.subject, *lines):
        for one in find(line):
            if _for_another(one):
                found.setdefault(one.code, {}).setdefault("behalf", one.words)
    note("body", "\n".join(lines))
    for attachment in message.attachments:
        for place, text in _tells(attachment):
            note(place, text)
    for link in message.links:
        note("file", stem(link.name))
    handed_on = speech.hands_on(message)
    if handed_on:
        _read_original(message, find, found)
    return Evidence(
        named=found,
        files=dict(_files(message, find)),
        handed_on=handed_on,
        authors=tuple(_authors(message)) if handed_on else (),
    )


def _signed(lines: Sequence[str], find: Find) -> Iterator[tuple[str, str]]:
    for line in lines[-SIGNATURE_LINES:]:
        for one in find(line):
            if _signs(one):
                yield one.code, one.words


def _signs(mention: Mention) -> bool:
    """A signature is a line that is hardly more than the name, and no sentence about it."""
    before, after = mention.before, mention.after
    whole = mention.plain and not re.search(r"[。!?;]", before + after.rstrip("。;"))
    return whole and len(before) + len(after) <= _BESIDE and not _ABOUT.search(before)


def _for_another(mention: Mention) -> bool:
    """代某局报送, 受某局委托, 某局委托我校报送."""
    if _BEHALF_AFTER.match(mention.after):
        return True
    before = _BEHALF_BEFORE.search(mention.before)
    if before is None:
        return False
    return "委托" in mention.after[:8] if before[0] == "受" else _SENDS.match(mention.after) is not None


def _read_original(message: Message, find: Find, found: dict[str, dict[Place, str]]) -> None:
    """Subject and signature of the mail that is handed on."""
    quoted = message.quoted[:BODY_LIMIT]
    subjects = [match[1] for match in _ORIGINAL_SUBJECT.finditer(quoted)][:1]
    subjects += quoted.split("\n", 1)[:1] if message.enclosed_from else []
    for subject in subjects:
        for one in find(subject):
            if one.plain:
                found.setdefault(one.code, {}).setdefault("original", one.words)
    lines = [line.strip(" \t>") for line in quoted.split("\n") if line.strip(" \t>")]
    for code, words in _signed(lines, find):
        found.setdefault(code, {}).setdefault("original", words)


def _authors(message: Message) -> Iterator[str]:
    for author in message.enclosed_from:
        yield author.address.lower()
    first = _ORIGINAL_FROM.search(message.quoted[:BODY_LIMIT])
    if first is not None:
        yield from (address.lower() for address in _ADDRESS.findall(first[1])[:1])


def _tells(attachment: Attachment) -> Iterator[tuple[Place, str]]:
    """Texts of one file that may name its unit, with the place."""
    yield "file", "\n".join(stem(part) for part in attachment.path.split("/"))
    yield "file", stem(attachment.name)
    yield "heading", _title(attachment)
    for cell in _filled_by(attachment):
        yield "cell", cell


def _files(message: Message, find: Find) -> Iterator[tuple[str, frozenset[str]]]:
    """Path and units of each piece of material; an archive that was opened is none itself."""
    for attachment in message.attachments:
        if isinstance(attachment.facts, ArchiveFacts) and attachment.facts.members:
            continue
        own = [stem(attachment.name), _title(attachment), *_filled_by(attachment)]
        codes = _plain(own, find)
        folders = [stem(part) for part in attachment.path.split("/")[:-1]]
        while not codes and folders:
            codes = _plain([folders.pop()], find)
        yield attachment.path, codes
    for number, link in enumerate(message.links, start=len(message.attachments)):
        yield link_path(number, link.name), _plain([stem(link.name)], find)


def _plain(texts: Iterable[str], find: Find) -> frozenset[str]:
    return frozenset(one.code for text in texts for one in find(text) if one.plain)


def _title(attachment: Attachment) -> str:
    """The document's title: later headings may well speak of other units."""
    facts = attachment.facts
    return "\n".join(facts.headings[:2]) if isinstance(facts, TextFacts) else ""


def _filled_by(attachment: Attachment) -> Iterable[str]:
    """What stands after 填报单位, in the same cell or the next ones."""
    facts = attachment.facts
    sheets: Sequence[Sheet] = facts.sheets if isinstance(facts, TableFacts) else ()
    if isinstance(facts, TextFacts):
        sheets = facts.tables
        for line in facts.text[:2000].split("\n")[:15]:
            match = _FILLED_BY.match(line.strip())
            if match and match.end() > 3 and match[0].rstrip().endswith((":", "：")):
                yield line.strip()[match.end() :]
    for sheet in sheets:
        for row in sheet.rows[:60]:
            cells = [cell.strip() for cell in row if isinstance(cell, str) and cell.strip()]
            for at, cell in enumerate(cells):
                match = _FILLED_BY.match(cell)
                if match:
                    yield cell[match.end() :] or (cells[at + 1] if at + 1 < len(cells) else "")
