"""Which unit sent this mail: its registered address first, then the names it uses, with the evidence kept.

A wrong unit is worse than none: what is not clear is left to the coordinator, with the candidates named.
docs/units.md tells the rules in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from intake.mail.message import Message
from intake.mail.verification import proof_of
from intake.units.evidence import BODY_LIMIT, MATERIAL, ORIGINAL, SAID, SIGNATURE_LINES, SUBJECT, Evidence, gather
from intake.units.name_parts import canonical
from intake.units.unit_index import Index
from rules.item import Trust
from rules.words import fold, stem

_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{2,24}?(?:管理局|监管局|委员会|办公室|管委会|集团|公司|中心|医院|学校|大学|局|委|厅|院|所)"
)
SEVERAL = "信中有多个单位的材料，按文件分别计入"
"""`Identification.by` of a mail whose files were told apart."""
_INSIDE = MATERIAL | ORIGINAL | SUBJECT
"""Places in a mail that hands on another one which tell whose it was."""


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of a mail that counts for another unit, or another notice, than the mail itself."""

    path: str
    unit: str
    trust: Trust
    notice: str | None = None


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
    shares: tuple[Share, ...] = ()
    """Pieces of the further units, where every piece tells plainly whose it is."""
    lent: bool = False
    """The sender handed it on, or sent it on behalf of another: it tells nothing about his own unit."""
    registered: bool = False
    """The sender's address is one of the unit's registered or confirmed ones, and was not doubtful."""


def identify(message: Message, index: Index, *, confirmed: str | None = None, authserv_id: str = "") -> Identification:
    """The unit a mail comes from. Quoted history counts for nothing; a doubtful From is never looked up.

    `confirmed`: code of the unit to which the coordinator assigned an earlier mail of this address.
    `authserv_id`: whose verification of senders is believed, `intake.mail.verification`.
    """
    evidence = gather(message, index.names.find)
    verified = not message.from_doubtful and not proof_of(message, authserv_id).forged
    owners = () if message.from_doubtful else index.at(message.author.address)
    by = "登记邮箱"
    if not owners and verified and confirmed is not None and confirmed in index.units:
        owners, by = (confirmed,), "经办人确认过的邮箱"
    trust: Trust = "unverified" if not verified else "registered" if owners else "unknown"
    found = (
        _handed_on(evidence, index, owners, trust)
        or _on_behalf(evidence, owners, trust)
        or (_from_registered(evidence, index, owners, by, trust) if owners else None)
        or _from_stranger(message, evidence, index, trust)
    )
    return msgspec.structs.replace(found, evidence=tuple(_told(evidence, index, message)))


def _lent(trust: Trust) -> Trust:
    """Trust in what one unit's address sends for another: never more than in a stranger."""
    return "unknown" if trust == "registered" else trust


def _handed_on(evidence: Evidence, index: Index, owners: tuple[str, ...], trust: Trust) -> Identification | None:
    """A mail handed on by a superior or colleague is the unit's whose it was; None when it names nobody else."""
    senders = {code for address in evidence.authors for code in index.at(address)}
    if not evidence.handed_on or senders & set(owners):
        return None
    inside = sorted(senders)
    told = [c for c in evidence.by_weight() if c not in owners and evidence.strong(c, _INSIDE)]
    units = list(dict.fromkeys([*inside, *told]))
    if not units:
        return None  # a colleague's mail
    mine = [code for code in owners if evidence.strong(code, MATERIAL | ORIGINAL)]
    if len(inside) == 1 and not any(evidence.strong(code, MATERIAL) for code in units[1:]):
        units = inside
    if len(units) == 1 and not mine:
        by = "转来的邮件，原件来自该单位登记邮箱" if inside else "转来的邮件，其中写明单位名称"
        return Identification(unit=units[0], confidence=0.85 if inside else 0.75, by=by, trust=_lent(trust), lent=True)
    candidates = tuple(dict.fromkeys([*units, *owners]))
    return _split(evidence, owners, trust) or Identification(
        unit=None, by="转来的邮件，涉及多个单位", trust=trust, candidates=candidates, lent=True
    )


def _on_behalf(evidence: Evidence, owners: tuple[str, ...], trust: Trust) -> Identification | None:
    """代某局报送: it counts for that unit, as a stranger's would; None when nobody is named so."""
    units = [code for code in evidence.at("behalf") if code not in owners]
    if not units:
        return None
    mixed = len(units) > 1 or any(evidence.strong(code, MATERIAL) for code in evidence.named if code not in units)
    if not mixed:
        return Identification(unit=units[0], confidence=0.8, by="信中写明代该单位报送", trust=_lent(trust), lent=True)
    split = _split(evidence, owners, trust)
    if split is not None:
        return split
    others = [code for code in evidence.by_weight() if evidence.strong(code)]
    return Identification(
        unit=None,
        by="信中写明代其他单位报送，分不清哪些材料属于谁",
        trust=trust,
        candidates=tuple(dict.fromkeys([*units, *owners, *others])),
        lent=True,
    )


def _from_registered(
    evidence: Evidence, index: Index, owners: tuple[str, ...], by: str, trust: Trust
) -> Identification:
    """A registered address decides, unless the mail speaks of another unit only."""
    enough = 2 if by == "登记邮箱" else 1  # a private address may write for several units
    others = [code for code in evidence.by_weight() if code not in owners and len(evidence.strong(code)) >= enough]
    registered = trust == "registered"
    split = _split(evidence, owners, trust)
    if split is not None:
        return split
    if len(owners) > 1:
        mine = [c for c in owners if evidence.strong(c)] or [c for c in owners if c in evidence.named]
        if len(mine) != 1:
            return Identification(unit=None, by="邮箱登记于多个单位", trust=trust, candidates=(*owners, *others))
        return Identification(unit=mine[0], confidence=0.9, by="登记邮箱及单位名称", trust=trust, registered=registered)
    owner = owners[0]
    if others and owner not in evidence.named:
        return Identification(unit=None, by=f"{by}与所写单位不一致", trust=trust, candidates=(*others, owner))
    return Identification(
        unit=owner,
        confidence=1.0 if not others else 0.9,
        by=by,
        trust=trust,
        others=tuple(others),
        registered=registered,
    )


def _from_stranger(message: Message, evidence: Evidence, index: Index, trust: Trust) -> Identification:
    """Without a registered address exactly one unit must be named where units name themselves."""
    strong = [code for code in evidence.by_weight() if evidence.strong(code)]
    split = _split(evidence, (), trust) if len(strong) > 1 else None
    if split is not None:
        return split
    winner = strong[0] if len(strong) == 1 else _clear_winner(evidence, strong)
    if winner is not None:
        places = evidence.strong(winner)
        by = next(SAID[place] for place in SAID if place in places)
        confidence = min(0.95, 0.6 + 0.1 * len(places)) - (0.0 if len(strong) == 1 else 0.15)
        return Identification(unit=winner, confidence=confidence, by=by, trust=trust)
    if strong:
        return Identification(unit=None, by="写有多个单位名称", trust=trust, candidates=tuple(strong))
    weak = tuple(evidence.by_weight())
    candidates = weak or index.alike(_offices(message))
    by = "单位名称只在正文或发件人名称中出现" if weak else "发件邮箱未登记，也没有写明单位名称"
    return Identification(unit=None, by=by, trust=trust, candidates=candidates)


def _split(evidence: Evidence, owners: tuple[str, ...], trust: Trust) -> Identification | None:
    """Each file to its unit, when every file names exactly one and they are several; None otherwise."""
    files = evidence.files
    if not files or any(len(codes) != 1 for codes in files.values()):
        return None
    whose = {path: next(iter(codes)) for path, codes in files.items()}
    units = list(dict.fromkeys(whose.values()))
    if len(units) < 2:
        return None
    first = next((code for code in owners if code in units), units[0])

    def trusted(code: str) -> Trust:
        return trust if code in owners or trust != "registered" else "unknown"

    return Identification(
        unit=first,
        confidence=0.8,
        by=SEVERAL,
        trust=trusted(first),
        others=tuple(code for code in units if code != first),
        shares=tuple(Share(path=path, unit=code, trust=trusted(code)) for path, code in whose.items() if code != first),
        lent=first not in owners,
        registered=trusted(first) == "registered",
    )


def _clear_winner(evidence: Evidence, strong: Sequence[str]) -> str | None:
    """Of several units the one that is named wherever another is, and in two more kinds of places."""
    first, rest = (strong[0], strong[1:]) if strong else (None, [])
    if first is None:
        return None
    mine = evidence.strong(first)
    clear = all(evidence.strong(code) <= mine and len(mine) - len(evidence.strong(code)) >= 2 for code in rest)
    return first if clear else None


def _told(evidence: Evidence, index: Index, message: Message) -> Iterable[str]:
    """The evidence for the coordinator, the sender's address first."""
    owners = index.at(message.author.address)
    for code in owners:
        yield f"登记邮箱：{message.author.address}（{index.units[code].name}）"
    for address in evidence.authors:
        for code in index.at(address):
            yield f"原发件人：{address}（{index.units[code].name}）"
    for code in evidence.by_weight():
        name = index.units[code].name
        for place, words in evidence.named[code].items():
            # words are in the spelling for comparing: a name in full is shown as the roster writes it
            yield f"{SAID[place]}：{name if words == canonical(name).text else f'{words}（{name}）'}"


def _offices(message: Message) -> list[str]:
    """What looks like the name of an office, in the places where one would stand."""
    lines = [line for line in message.text[:BODY_LIMIT].split("\n") if line.strip()][-SIGNATURE_LINES:]
    texts = [message.subject, message.author.name, *(stem(a.name) for a in message.attachments[:20]), *lines]
    return list(dict.fromkeys(match[0] for text in texts for match in _OFFICE.finditer(fold(text))))[:8]
