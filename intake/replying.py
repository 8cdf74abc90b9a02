"""The reply to a unit: whether one is due, to whom it goes, when it may leave, and whether a person sees it first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlmodel import Session

from intake import speech
from intake.approval import why_wait
from intake.calendar import within_hours
from intake.confidence import weigh
from intake.letterview import pictured
from intake.mail.answer import moment_gates
from intake.mail.compose import compose_reply
from intake.mail.occasion import Occasion
from intake.mailing import answered, deliverable, enqueue
from intake.marks import Marks
from intake.office import Campaign, Office
from rules.unit import Unit
from rules.verdict import Verdict
from storage import outbox
from storage.pieces import with_files
from storage.tables import LetterRow, MailRow

URGENT = timedelta(hours=24)
"""This near to a deadline a unit is answered at once."""
SOON = timedelta(minutes=30)
"""Files that came so shortly before a mail, or after it, are those that it speaks of."""
ABSENT = ":absent"
"""End of the digest of a reply that told that files were spoken of and none came."""


def digest_of(verdict: Verdict) -> str:
    """Two verdicts with the same digest tell the unit the same."""
    told = []
    for one in verdict.standings:
        said = [(f.code, f.outcome, f.file, f.measured) for f in one.findings]
        told.append((one.id, one.state, sorted(file.sha256 for file in one.files), said))
    unplaced = sorted(piece.sha256 for piece in verdict.unplaced)
    return hashlib.sha256(msgspec.json.encode((told, unplaced))).hexdigest()


def reply_if_due(
    office: Office,
    session: Session,
    campaign: Campaign,
    unit: Unit,
    verdict: Verdict,
    mails: Sequence[MailRow],
    deadline: datetime,
    now: datetime,
    *,
    decided_on: Verdict | None = None,
) -> None:
    """Write the reply to all mails of this unit that wait for one, replacing a reply that has not left yet.

    A reply that has not left is also replaced when the verdict became another one without a new mail. `decided_on`:
    the last verdict, when a person decided since. Where the unit was told that one and it is overtaken, it hears again.
    """
    marks = Marks(session, verdict, mails)
    mails = marks.mails
    digest = digest_of(verdict)
    unheard = bool(marks.open)
    overtaken = decided_on is not None and _overtake(session, decided_on, verdict, marks)
    pending = outbox.pending_reply(session, verdict.notice, unit.code)
    said = pending.verdict_digest.removesuffix(ABSENT) if pending is not None else digest
    if said == digest and not marks.open:
        return
    asked = pending is not None and pending.state == "approval"
    if pending is not None:
        outbox.withdraw(session, pending)  # its mails are open again
    fresh = _about_ours(session, verdict, marks)
    if not fresh:
        return
    newest = max(mail.received_at for mail in fresh)
    absent = None if overtaken else _without_files(session, mails, fresh)  # she has seen what there is
    last = outbox.last_told(session, verdict.notice, unit.code)
    permission = moment_gates(
        Occasion(
            mode=office.config.replies.mode,
            received_at=now if overtaken else newest,
            now=now,
            not_older_than=office.config.replies.not_older_than,
            same_as_last=last == digest + ABSENT or (last == digest and absent is None),
        )
    )
    to = _recipient(session, unit, fresh)
    why = permission.why if not permission.yes else "" if to else "该单位没有可用的登记邮箱"
    letter = (
        None
        if why
        else _letter(
            office,
            session,
            campaign,
            unit,
            verdict,
            fresh,
            to,
            deadline,
            now,
            asked=asked,
            absent=absent,
            decided=overtaken and not unheard,
        )
    )
    for mail in fresh:
        if letter is None and absent is not None and absent.id == mail.id:
            mail.asks_person = True  # told before, and again without files: somebody should ring up
        mark = marks.of(mail)
        mark.reply_open = False
        mark.reply_why = why or mark.reply_why
        mark.letter_id = letter.id if letter is not None else None
        session.add_all([mail, mark])


def _without_files(session: Session, mails: Sequence[MailRow], fresh: Sequence[MailRow]) -> MailRow | None:
    """The newest of these mails that says it brings files and brings none, unless they came in another mail then."""
    spoken = [mail for mail in fresh if speech.promises(mail.text)]
    if not spoken:
        return None
    bringing = with_files(session, mails)
    last = max((mail.received_at for mail in mails if mail.id in bringing), default=None)
    newest = spoken[-1]
    return newest if last is None or last < newest.received_at - SOON else None


def _overtake(session: Session, before: Verdict, verdict: Verdict, marks: Marks) -> bool:
    """Open the newest answered mail again where a decision changed what its answer said; True when one was opened."""
    last = outbox.last_told(session, verdict.notice, verdict.unit).removesuffix(ABSENT)
    if last != digest_of(before) or _stands(before) == _stands(verdict):
        return False
    found = [marks.of(mail) for mail in marks.mails]
    answered_mails = [mark for mark in found if mark.reply_allowed and mark.letter_id is not None]
    for mark in answered_mails[-1:]:
        mark.reply_open = True
        session.add(mark)
    return bool(answered_mails)


def _stands(verdict: Verdict) -> list[tuple[str, str, list[str]]]:
    """State and files of every requirement: what a decision must change for the unit to hear of it."""
    return [(one.id, one.state, sorted(file.sha256 for file in one.files)) for one in verdict.standings]


def _about_ours(session: Session, verdict: Verdict, marks: Marks) -> list[MailRow]:
    """The mails that a verdict answers; when all have another matter, a person answers them."""
    fresh = marks.open
    if not fresh or any(mail.sha256 not in verdict.strays for mail in fresh):
        return fresh
    for mail in fresh:
        mark = marks.of(mail)
        mail.asks_person = True
        mark.reply_open, mark.reply_allowed, mark.reply_why = False, False, speech.STRAY
        session.add_all([mail, mark])
    return []


def _letter(
    office: Office,
    session: Session,
    campaign: Campaign,
    unit: Unit,
    verdict: Verdict,
    fresh: Sequence[MailRow],
    to: str,
    deadline: datetime,
    now: datetime,
    *,
    asked: bool,
    absent: MailRow | None,
    decided: bool,
) -> LetterRow | None:
    digest = digest_of(verdict) + (ABSENT if absent is not None else "")
    mails = hashlib.sha256("".join(mail.sha256 for mail in fresh).encode()).hexdigest()
    letter = compose_reply(
        key=":".join((office.instance, "reply", verdict.notice, unit.code, digest, verdict.basis, mails)),
        office=office.letterhead,
        notice=campaign.notice,
        unit=unit,
        to=to,
        verdict=verdict,
        answered=[answered(mail) for mail in fresh],
        now=now,
        tz=office.tz,
        loop_token=office.instance,
        deadline=deadline,
        pictures=_pictures(office, verdict),
        absent=absent.received_at if absent is not None else None,
        mistaken=_mistaken_for(office, session, verdict.notice, fresh),
        decided=decided,
    )
    due = _due(office, verdict, max(mail.received_at for mail in fresh), deadline, now)
    return enqueue(
        office,
        session,
        letter,
        due=due if absent is None else within_hours(office.config, now, exempt=(deadline,)),
        now=now,
        notice=verdict.notice,
        unit=unit.code,
        verdict_digest=digest,
        ask=why_wait(office, session, verdict.notice, weigh(verdict, fresh), replaces_asked=asked),
    )


def _mistaken_for(office: Office, session: Session, notice: str, fresh: Sequence[MailRow]) -> str:
    """Title of the notice about which one of these mails was answered before a person moved it here; "" for none."""
    for mail in fresh:
        letter = session.get(LetterRow, mail.letter_id) if mail.letter_id is not None else None
        told = letter is not None and letter.kind == "reply" and letter.state in ("sent", "sending")
        if letter is not None and told and mail.notice == notice and letter.notice not in (None, notice):
            return office.titles.get(letter.notice or "", "另一个通知")
    return ""


def _due(office: Office, verdict: Verdict, newest: datetime, deadline: datetime, now: datetime) -> datetime:
    """When the letter may leave: after the quiet period and in working hours, at once near a deadline."""
    deadlines = (deadline, *(one.due or deadline for one in verdict.owed))
    if any(now <= last <= now + URGENT for last in deadlines):
        return now
    quiet = max(min(newest, now) + office.config.schedule.quiet_period, now)
    return within_hours(office.config, quiet, exempt=deadlines)


def _pictures(office: Office, verdict: Verdict) -> Mapping[str, bytes]:
    """Small pictures of the photos that the letter speaks of, by digest; made when the mail was read, in a child."""
    return {digest: office.blobs.read(digest) for digest in pictured(verdict) if office.blobs.has(digest)}


def _recipient(session: Session, unit: Unit, fresh: Sequence[MailRow]) -> str:
    """The registered address the newest of these mails came from, else the first one that is deliverable."""
    for mail in reversed(fresh):
        if mail.from_address in unit.addresses:
            return mail.from_address
    return deliverable(session, unit)
