"""Another notice in the place of the old one (补充通知, a deadline that is moved): every unit is judged again, and
those for whom something changed are told once what changed.

The database remembers each version of a notice that was in force and since when; a verdict knows which one it was
judged by (`Verdict.basis`). So an interrupted change-over goes on where it was, and each unit crosses it in the
transaction of its new verdict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session

from rules.changes import Change, changes
from rules.facts import TableFacts
from rules.judge import due_of
from rules.notice import Notice
from rules.shift import Shift, shifts
from rules.unit import Unit
from rules.verdict import Verdict
from rules.words import bare
from storage import board, outbox
from storage.tables import DecisionRow

if TYPE_CHECKING:
    from intake.office import Campaign, Office


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One notice file that was in force."""

    basis: str
    """`basis_of` it."""
    since: datetime
    notice: str
    """The notice as JSON."""
    forms: Mapping[str, str] = {}
    """Digests of the blank forms by requirement id."""


def basis_of(notice: Notice, forms: Mapping[str, TableFacts], units: Mapping[str, Unit]) -> str:
    """What verdicts rest on beside the mails: the notice, its forms and, where it makes a difference, the classes."""
    classes = (
        [(code, unit.category) for code, unit in units.items()] if any(r.only_for for r in notice.requirements) else []
    )
    told = (notice.model_dump_json(by_alias=True), sorted(_digests(forms).items()), classes)
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:32]


def _digests(forms: Mapping[str, TableFacts]) -> dict[str, str]:
    return {id: hashlib.sha256(msgspec.json.encode(form)).hexdigest() for id, form in forms.items()}


def versions(session: Session, notice: str) -> tuple[Version, ...]:
    """The versions of a notice that were in force, oldest first."""
    return _decoded(board.known_fact(session, f"versions:{notice}") or "[]")


@lru_cache(maxsize=8)
def _decoded(text: str) -> tuple[Version, ...]:
    return msgspec.json.decode(text, type=tuple[Version, ...])


@lru_cache(maxsize=32)
def _notice(text: str) -> Notice:
    return Notice.model_validate_json(text)


def strangers_in_force(session: Session, office: Office) -> list[str]:
    """What to say when material was kept under another id of what seems the same notice: nothing of it counts now."""
    lost = [id for id in board.notices(session) if id not in office.campaigns]
    found = []
    for id in lost:
        old = versions(session, id)
        if not old:
            continue
        before = _notice(old[-1].notice)
        for campaign in office.campaigns.values():
            now = campaign.notice
            if now.title == before.title or {r.name for r in now.requirements} == {r.name for r in before.requirements}:
                found.append(
                    f"已收材料记在通知代号“{id}”之下，现行通知文件的代号是“{now.id}”，两者似为同一通知，已收材料没有计入。"
                    f"请把通知文件的 id 改回“{id}”。"
                )
    return found


def former_notices(session: Session, campaigns: Mapping[str, Campaign]) -> list[Notice]:
    """Notices that are no longer in the settings, as they were last; not one that only got another id."""
    titles = {bare(campaign.notice.title) for campaign in campaigns.values()}
    stored = board.facts(session, "versions:")
    last = [_decoded(text)[-1] for key, text in sorted(stored.items()) if key[len("versions:") :] not in campaigns]
    return [notice for notice in (_notice(one.notice) for one in last) if bare(notice.title) not in titles]


def note_versions(office: Office, now: datetime) -> list[str]:
    """Take down what is in force now, so that all units of what is another than before are judged anew; the ids.

    A reminder that has not left yet speaks of the old notice and is dropped; the rung is written anew where it is due.
    """
    changed = []
    for campaign in office.campaigns.values():
        id = campaign.notice.id
        with office.database.reading() as session:
            known = versions(session, id)
        if known and known[-1].basis == campaign.basis:
            continue
        version = Version(
            basis=campaign.basis,
            since=now,
            notice=campaign.notice.model_dump_json(by_alias=True),
            forms=_digests(campaign.forms),
        )
        with office.database.writing() as session:
            board.set_fact(session, f"versions:{id}", msgspec.json.encode((*known, version)).decode())
            for code in board.boards(session, id):
                board.touch(session, id, code)
            if known:
                told = "通知或空白表与上次运行时不同，有来信的单位全部重新核对"
                session.add(DecisionRow(at=now, by="配置", kind="notice", notice=id, note=told))
                outbox.drop_reminders(
                    session, outbox.reminders_waiting(session, id), "通知已调整，由按新通知写的催报取代"
                )
                changed.append(id)
    return changed


def in_time_until(session: Session, notice: Notice, extended: datetime | None, now: datetime) -> dict[str, datetime]:
    """By requirement id, until when mails were in time by an earlier version, where a deadline was put forward.

    What came before the change-over is not late by a date that nobody could know.
    """
    known = versions(session, notice.id)
    ends = [*(version.since for version in known[1:]), now]
    spared: dict[str, datetime] = {}
    for version, end in zip(known, ends, strict=False):
        for requirement in _notice(version.notice).requirements:
            last = min(due_of(requirement, _notice(version.notice), extended), end)
            spared[requirement.id] = max(spared.get(requirement.id, last), last)
    return spared


def what_changed(
    session: Session, campaign: Campaign, before: Verdict | None, after: Verdict, office: Office
) -> tuple[str, ...]:
    """Sentences for a unit about what the change-over means for it; none when nothing does."""
    if before is None or not before.basis or before.basis == after.basis:
        return ()
    old = next((one for one in reversed(versions(session, campaign.notice.id)) if one.basis == before.basis), None)
    moved = shifts(before, after)
    if old is None or not moved:
        return ()
    forms = {id for id, digest in _digests(campaign.forms).items() if old.forms.get(id, digest) != digest}
    found = changes(_notice(old.notice), campaign.notice, office.tz, forms)
    return tuple(dict.fromkeys(_about(found, moved)))


_UNTOLD = ("id", "title", "number", "issuer", "addressees", "topic", "renamed", "clause", "category", "contact")
"""Changes that a unit need not be told: they show in the letter, or concern the office alone."""


def _about(found: Sequence[Change], moved: Sequence[Shift]) -> Iterator[str]:
    """The changes behind these shifts, and with them what changed for all (mailbox, subject)."""
    ids = {shift.requirement for shift in moved}
    dated = any(shift.due[0] != shift.due[1] or shift.late[0] != shift.late[1] for shift in moved)
    told = [one for one in found if one.kind not in _UNTOLD]
    special = [
        one for one in told if one.requirement in ids or (one.kind == "deadline" and not one.requirement and dated)
    ]
    if special:
        yield from (one.says for one in told if one in special or one.kind in ("mailbox", "subject"))
