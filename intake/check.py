"""`check FILE.eml`: what would be found in this one mail. Stores nothing, sends nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from intake import speech
from intake.config import Config
from intake.keys import KeyRing, Lookup, ask_dns
from intake.mail.answer import Permission, mail_gates
from intake.mail.classify import Classed, Own, classify, takes_files
from intake.mail.message import Message, Unparsed
from intake.mail.occasion import Occasion
from intake.mail.verification import proof_of
from intake.office import Campaign, load_campaigns, own_addresses
from intake.output import finding_json, moment
from intake.route import route
from intake.sandbox import Job, Limits, Sandbox
from intake.units.evidence import link_path
from intake.units.identify import Identification, identify
from rules.item import Item, Text
from rules.judge import judge
from rules.placing.place import Placement, place
from rules.routing.decide import Route
from rules.verdict import Verdict


def check_file(config: Config, path: Path, now: datetime, lookup: Lookup = ask_dns) -> dict[str, Any]:
    """Understand one raw mail as the service would, on its own, against the notice and roster of the config.

    `lookup`: how the keys of signatures are found.
    """
    with tempfile.TemporaryDirectory(prefix="shouqi-check-") as folder:
        spool = Path(folder)
        keys = KeyRing(lookup, config.imap.authserv_id) if config.imap.dkim else None
        with Sandbox(workers=1, spool=spool, limits=Limits(), keys=keys) as sandbox:
            job = Job(key="check", raw=path.resolve(), spool=spool / "check", at=now)
            _, understood = next(iter(sandbox.understand_many([job])))
    if isinstance(understood, Unparsed):
        return _unparsed(understood)
    return _describe(config, understood, now)


def _unparsed(understood: Unparsed) -> dict[str, Any]:
    """The document of a mail that could not be taken apart: the same keys, and why."""
    return {
        "message_id": "",
        "received_at": None,
        "from": {"name": "", "address": ""},
        "subject": "",
        "text": "",
        "class": "",
        "may_reply": {"yes": False, "why": "邮件无法解析"},
        "notice": None,
        "routed_by": "",
        "routing": [],
        "notice_candidates": [],
        "unit": None,
        "identified_by": "",
        "evidence": [],
        "candidates": [],
        "attachments": [],
        "links": [],
        "findings": [],
        "verification": {"result": "", "by": ""},
        "defects": [understood.reason],
    }


def _describe(config: Config, message: Message, now: datetime) -> dict[str, Any]:
    campaigns = load_campaigns(config)
    own = Own(addresses=own_addresses(config))
    classed = classify(message, own)
    received = message.received or now
    routed = route(campaigns, message, None, received)
    campaign = campaigns.get(routed.notice or "")
    found = identify(message, campaign.index, authserv_id=config.imap.authserv_id) if campaign else None
    items = as_items(message, received, found)
    proof = proof_of(message, config.imap.authserv_id)
    permission = _permission(config, message, classed, received, now, bool(found and found.unit))
    document: dict[str, Any] = {
        "message_id": message.message_id,
        "received_at": moment(message.received, config.tz),
        "from": {"name": message.author.name, "address": message.author.address},
        "subject": message.subject,
        "text": message.text,
        "class": classed.klass,
        "may_reply": {"yes": permission.yes, "why": permission.why},
        "notice": routed.notice,
        "routed_by": routed.by,
        "routing": list(routed.evidence),
        "notice_candidates": list(routed.candidates),
        "unit": found.unit if found else None,
        "identified_by": found.by if found else routed.by,
        "evidence": list(found.evidence) if found else [],
        "candidates": list(found.candidates) if found else [],
        "attachments": [],
        "links": [
            {
                "provider": link.facts.provider,
                "name": link.name,
                "size": link.facts.size,
                "expires": link.facts.expires,
                "url": link.facts.url,
            }
            for link in message.links
        ],
        "findings": [],
        "verification": {"result": proof.result, "by": proof.by},
        "defects": list(message.defects),
    }
    document["attachments"] = [
        row | {"notice": routed.shares.get(row["path"], routed.notice)}
        for row in _attachments(campaigns, routed, message, items)
    ]
    ignored = not takes_files(classed.klass) or (classed.klass != "person" and speech.brings_nothing(message))
    if campaign is not None and campaign.units and not ignored:
        for id in dict.fromkeys([campaign.notice.id, *routed.shares.values()]):
            mine = [item for item in items if routed.shares.get(item.path, routed.notice) == id]
            there = found if id == routed.notice else identify(message, campaigns[id].index)
            verdict = _verdict(campaigns[id], there, mine, message, received)
            document["findings"] += [
                {"notice": id, "requirement": one.id, **finding_json(finding)}
                for one in verdict.standings
                for finding in one.findings
            ]
    return document


def _permission(
    config: Config, message: Message, classed: Classed, received: datetime, now: datetime, known: bool
) -> Permission:
    permission = mail_gates(
        message,
        Occasion(
            own_addresses=own_addresses(config),
            server_writes_return_path=config.imap.writes_return_path,
            klass=classed.klass,
            received_at=received,
            now=now,
            registered=known,
            unregistered=config.replies.unregistered,
            has_new_files=not speech.is_courtesy(message),  # words may be captions
            authserv_id=config.imap.authserv_id,
        ),
    )
    if permission.yes and (why := speech.left_to_person(message)):
        return Permission(False, why, 0)
    if permission.yes and speech.is_courtesy(message):
        return Permission(False, speech.NOTHING_NEW, 0)
    return permission


def as_items(message: Message, received: datetime, found: Identification | None) -> list[Item]:
    """The pieces of one parsed mail as `judge` takes them."""
    return [
        Item(
            name=piece.name,
            path=piece.path,
            size=piece.size,
            digest=piece.digest,
            facts=piece.facts,
            mail="check",
            message_id=message.message_id,
            received_at=received,
            trust=found.trust if found else "unknown",
            subject=message.subject,
            damaged=piece.damaged,
            beside=piece.beside,
        )
        for piece in message.attachments
    ] + [
        Item(
            name=link.name,
            path=link_path(number, link.name),
            size=link.facts.size,
            digest="",
            facts=link.facts,
            mail="check",
            message_id=message.message_id,
            received_at=received,
            trust=found.trust if found else "unknown",
            subject=message.subject,
        )
        for number, link in enumerate(message.links, start=len(message.attachments))
    ]


def _attachments(
    campaigns: Mapping[str, Campaign], routed: Route, message: Message, items: list[Item]
) -> list[dict[str, Any]]:
    """Every file with what it is; without a notice nothing is placed."""
    placed: dict[str, Placement] = {}
    for id in {routed.notice, *routed.shares.values()} & set(campaigns):
        mine = [item for item in items if routed.shares.get(item.path, routed.notice) == id]
        campaign = campaigns[id or ""]
        found = place(campaign.notice.requirements, mine, forms=campaign.forms)
        placed |= {placement.item_key: placement for placement in found}
    by_path = {item.path: placed.get(item.key) for item in items}
    rows = []
    for piece in message.attachments:
        placement = by_path.get(piece.path)
        facts = msgspec.to_builtins(piece.facts)
        rows.append(
            {
                "name": piece.name,
                "sha256": piece.digest,
                "size": piece.size,
                "path": piece.path,
                "kind": piece.kind,
                "facts": facts,
                "requirement": placement.requirements[0] if placement and placement.requirements else None,
                "requirements": list(placement.requirements) if placement else [],
                "why": placement.why if placement else "",
            }
        )
    return rows


def _verdict(
    campaign: Campaign, found: Identification | None, items: list[Item], message: Message, received: datetime
) -> Verdict:
    code = found.unit if found and found.unit else next(iter(campaign.units))
    text = Text(
        mail="check",
        received_at=received.astimezone(UTC),
        subject=message.subject,
        text=message.text,
        handed_on=speech.handed_on(message),
    )
    return judge(campaign.notice, campaign.units[code], items, [text], forms=campaign.forms)
