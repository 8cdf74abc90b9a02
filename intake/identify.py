"""Which unit sent this mail: its registered address first, then the names it uses, with the evidence kept.

A wrong unit is worse than none: what is not clear is left to the coordinator, with the candidates named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from rapidfuzz import fuzz, process

from intake.mail.message import Attachment, Message
from intake.unit_names import Mention, Names
from rules.facts import Sheet, TableFacts, TextFacts
from rules.item import Trust
from rules.unit import Unit
from rules.words import fold, stem

Place = Literal["subject", "file", "heading", "cell", "signature", "body", "display"]

_SAID: Mapping[Place, str] = {
    "subject": "主题中的单位名称",
    "file": "附件名称中的单位名称",
    "heading": "材料标题中的单位名称",
    "cell": "表格填报单位",
    "signature": "落款",
    "body": "正文提到",
    "display": "发件人名称",
}
_STRONG: frozenset[Place] = frozenset({"subject", "file", "heading", "cell", "signature"})
"""Places where a unit names itself. Elsewhere it may name anybody."""
_FILLED_BY = re.compile(r"(?:填报|报送|填表|上报|申报)?单位(?:名称)?(?:[（(]?盖章[）)]?)?\s*[:：]?\s*")
_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{2,24}?(?:管理局|监管局|委员会|办公室|管委会|集团|公司|中心|医院|学校|大学|局|委|厅|院|所)"
)
_ABOUT = re.compile(
    r"(?:和|与|及|同|跟|向|给|请|转|致|在|到|去|抄送|主送|收件人?|尊敬的|联系|感谢|谢谢|学习|参考|参照|按照)[:,]?$"
)
"""Before a name: the line speaks of that unit, it is not signed by it."""
_BODY_LIMIT = 20_000
"""Characters of the body that are searched."""
_SIGNATURE_LINES = 8
_BESIDE = 14
"""Characters that a signature may hold beside the name: a person, a telephone."""
_SUGGESTIONS = 3


class Identification(msgspec.Struct, frozen=True, kw_only=True):
    """Who sent a mail, as far as can be told."""

    unit: str | None
    """Code of the unit; None when a person must say."""
    confidence: float = 0.0
    by: str = ""
    """How it was told, Chinese, for the coordinator."""
    trust: Trust = "unknown"
    evidence: tuple[str, ...] = ()
    """Every place where a unit was named, Chinese."""
    candidates: tuple[str, ...] = ()
    """Codes of the units it may be, best first, when `unit` is None."""
    others: tuple[str, ...] = ()
    """Codes of further units that a mail of a registered sender names as plainly as units name themselves."""
    registered: bool = False
    """The sender's address is one of the unit's registered ones, and was not doubtful."""


class Index:
    """The roster, ready for looking up. Built once; immutable; answers do not depend on the roster's size."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units: Mapping[str, Unit] = {unit.code: unit for unit in units}
        by_address: dict[str, list[str]] = {}
        for unit in units:
            for address in unit.addresses:
                codes = by_address.setdefault(address.strip().lower(), [])
                if unit.code not in codes:
                    codes.append(unit.code)
        self._by_address = {address: tuple(codes) for address, codes in by_address.items()}
        self.names = Names(units)
        self._full = [(unit.code, fold(unit.name)) for unit in units]

    @classmethod
    def of(cls, units: Sequence[Unit]) -> Index:
        """The index of a roster."""
        return cls(units)

    def at(self, address: str) -> tuple[str, ...]:
        """Codes of the units that registered this address."""
        return self._by_address.get(address.strip().lower(), ())

    def knows(self, address: str) -> bool:
        """True when a unit registered this address."""
        return address.strip().lower() in self._by_address

    def alike(self, words: Iterable[str]) -> tuple[str, ...]:
        """Units whose names resemble what was written: suggestions for a person, never an answer."""
        choices = [name for _, name in self._full]
        scores: dict[str, float] = {}
        for word in words:
            for _, score, at in process.extract(word, choices, scorer=fuzz.ratio, limit=_SUGGESTIONS, score_cutoff=60):
                code = self._full[at][0]
                scores[code] = max(scores.get(code, 0.0), score)
        return tuple(sorted(scores, key=lambda code: -scores[code])[:_SUGGESTIONS])


def identify(message: Message, index: Index) -> Identification:
    """The unit a mail comes from. Quoted history counts for nothing; a doubtful From is never looked up."""
    named = _named(message, index)
    evidence = tuple(_evidence(named, index))
    owners = () if message.from_doubtful else index.at(message.author.address)
    verified = not message.from_doubtful and not _failed_verification(message)
    if owners:
        return _from_registered(owners, verified, named, evidence)
    return _from_stranger(message, index, named, evidence, "unknown" if verified else "unverified")


Named = Mapping[str, Mapping[Place, str]]
"""Places and the words found there, by unit code."""


def _from_registered(
    owners: tuple[str, ...], verified: bool, named: Named, evidence: tuple[str, ...]
) -> Identification:
    """A registered address decides, unless the mail speaks of another unit only."""
    trust: Trust = "registered" if verified else "unverified"
    others = [code for code in _by_weight(named) if code not in owners and len(_strong(named, code)) >= 2]
    if len(owners) > 1:
        mine = [code for code in owners if _strong(named, code)] or [code for code in owners if code in named]
        if len(mine) != 1:
            candidates = (*owners, *others)
            return Identification(
                unit=None, by="邮箱登记于多个单位", trust=trust, evidence=evidence, candidates=candidates
            )
        return Identification(
            unit=mine[0], confidence=0.9, by="登记邮箱及单位名称", trust=trust, evidence=evidence, registered=verified
        )
    owner = owners[0]
    if others and owner not in named:
        by = "登记邮箱与所写单位不一致"
        return Identification(unit=None, by=by, trust=trust, evidence=evidence, candidates=(*others, owner))
    confidence = 1.0 if not others else 0.9
    return Identification(
        unit=owner,
        confidence=confidence,
        by="登记邮箱",
        trust=trust,
        evidence=evidence,
        others=tuple(others),
        registered=verified,
    )


def _from_stranger(
    message: Message, index: Index, named: Named, evidence: tuple[str, ...], trust: Trust
) -> Identification:
    """Without a registered address exactly one unit must be named where units name themselves."""
    strong = [code for code in _by_weight(named) if _strong(named, code)]
    winner = strong[0] if len(strong) == 1 else _clear_winner(named, strong)
    if winner is not None:
        places = _strong(named, winner)
        by = next(_SAID[place] for place in _SAID if place in places)
        confidence = min(0.95, 0.6 + 0.1 * len(places)) - (0.0 if len(strong) == 1 else 0.15)
        return Identification(unit=winner, confidence=confidence, by=by, trust=trust, evidence=evidence)
    if strong:
        return Identification(
            unit=None, by="写有多个单位名称", trust=trust, evidence=evidence, candidates=tuple(strong)
        )
    weak = tuple(_by_weight(named))
    candidates = weak or index.alike(_offices(message))
    by = "单位名称只在正文或发件人名称中出现" if weak else "发件邮箱未登记，也没有写明单位名称"
    return Identification(unit=None, by=by, trust=trust, evidence=evidence, candidates=candidates)


def _clear_winner(named: Named, strong: Sequence[str]) -> str | None:
    """Of several units the one that is named wherever another is, and in two more kinds of places."""
    first, rest = (strong[0], strong[1:]) if strong else (None, [])
    if first is None:
        return None
    mine = _strong(named, first)
    clear = all(_strong(named, code) <= mine and len(mine) - len(_strong(named, code)) >= 2 for code in rest)
    return first if clear else None


def _strong(named: Named, code: str) -> frozenset[Place]:
    return _STRONG.intersection(named.get(code, {}))


def _by_weight(named: Named) -> list[str]:
    """Units named, those with the most strong places first."""
    return sorted(named, key=lambda code: (-len(_strong(named, code)), -len(named[code]), code))


def _named(message: Message, index: Index) -> dict[str, dict[Place, str]]:
    """Every unit named in the new part of the mail and its files, with the words that named it."""
    found: dict[str, dict[Place, str]] = {}

    def note(place: Place, text: str) -> None:
        for one in index.names.find(text):
            found.setdefault(one.code, {}).setdefault(place if one.plain else "body", one.words)

    note("subject", message.subject)
    note("display", message.author.name)
    lines = [line.strip() for line in message.text[:_BODY_LIMIT].split("\n") if line.strip()]
    for line in lines[-_SIGNATURE_LINES:]:
        for one in index.names.find(line):
            if _signs(one):
                found.setdefault(one.code, {}).setdefault("signature", one.words)
    note("body", "\n".join(lines))
    for attachment in message.attachments:
        note("file", "\n".join(stem(part) for part in attachment.path.split("/")))
        note("file", stem(attachment.name))
        note("heading", _title(attachment))
        for cell in _filled_by(attachment):
            note("cell", cell)
    for link in message.links:
        note("file", stem(link.name))
    return found


def _signs(mention: Mention) -> bool:
    """A signature is a line that is hardly more than the name, and no sentence about it."""
    before, after = mention.before, mention.after
    whole = mention.plain and not re.search(r"[。!?;]", before + after.rstrip("。;"))
    return whole and len(before) + len(after) <= _BESIDE and not _ABOUT.search(before)


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


def _evidence(named: Named, index: Index) -> Iterable[str]:
    for code in _by_weight(named):
        unit = index.units[code]
        for place, words in named[code].items():
            yield f"{_SAID[place]}：{words}（{unit.name}）"


def _offices(message: Message) -> list[str]:
    """What looks like the name of an office, in the places where one would stand."""
    lines = [line for line in message.text[:_BODY_LIMIT].split("\n") if line.strip()][-_SIGNATURE_LINES:]
    texts = [message.subject, message.author.name, *(stem(a.name) for a in message.attachments[:20]), *lines]
    return list(dict.fromkeys(match[0] for text in texts for match in _OFFICE.finditer(fold(text))))[:8]


def _failed_verification(message: Message) -> bool:
    """The receiving server says that the sender is forged (RFC 8601); only its own, topmost header counts."""
    results = message.header("authentication-results")[:1]
    return any(re.search(r"\bdmarc\s*=\s*fail\b", value, re.IGNORECASE) for value in results)
