"""The letter by which a unit learns once what a changed notice means for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from intake.amending import what_changed
from intake.approval import why_wait
from intake.confidence import weigh
from intake.mail.answer import moment_gates
from intake.mail.compose import compose_reply
from intake.mail.occasion import Occasion
from intake.mailing import answered, deliverable, enqueue
from intake.marks import Marks
from intake.office import Campaign, Office
from rules.shift import shifts
from rules.unit import Unit
from rules.verdict import Verdict
from storage import outbox
from storage.tables import BoardRow, MailRow

_AGAIN = "此前的核对有更正，请以本信为准。"


def tell_change(
    office: Office,
    session: Session,
    campaign: Campaign,
    unit: Unit,
    last: BoardRow,
    before: Verdict | None,
    verdict: Verdict,
    mails: Sequence[MailRow],
    deadline: datetime,
    digest: str,
    now: datetime,
    again: bool = False,
) -> None:
    """Write the letter when the notice is another than at the unit's last verdict and that changes what it was told.

    `last`: its board before the new verdict; `before`: the verdict there; `digest`: of the new one. The letter answers
    the mails that wait for an answer, too; a unit that was never answered gets none, only an answer by the new notice
    in the place of one that has not left.
    """
    lines = what_changed(session, campaign, before, verdict, office)
    if again and not lines and before is not None and shifts(before, verdict):
        lines = (_AGAIN,)
    if not lines:
        return
    pending = outbox.pending_reply(session, verdict.notice, unit.code)
    if pending is not None:
        outbox.withdraw(session, pending, outbox.AMENDED)  # its mails are open again
    marks = Marks(session, verdict, mails)
    own = [mail for mail in marks.mails if marks.of(mail).reply_allowed]
    if not own or not outbox.was_told(session, verdict.notice, unit.code):
        return
    occasion = Occasion(
        mode=office.config.replies.mode,
        received_at=now,
        now=now,
        not_older_than=office.config.replies.not_older_than,
        same_as_last=False,
    )
    to = own[-1].from_address if own[-1].from_address in unit.addresses else deliverable(session, unit)
    if not moment_gates(occasion).yes or not to:
        return
    fresh = [mail for mail in own if marks.of(mail).reply_open]
    crossing = (verdict.basis, last.judged_at.isoformat() if last.judged_at else "")
    letter = compose_reply(
        key=":".join((office.instance, "amended", verdict.notice, unit.code, *crossing)),
        office=office.letterhead,
        notice=campaign.notice,
        unit=unit,
        to=to,
        verdict=verdict,
        answered=[answered(mail) for mail in fresh or own[-1:]],
        now=now,
        tz=office.tz,
        loop_token=office.instance,
        deadline=deadline,
        changes=lines,
    )
    row = enqueue(
        office,
        session,
        letter,
        due=now,
        now=now,
        notice=verdict.notice,
        unit=unit.code,
        verdict_digest=digest,
        ask=why_wait(office, session, verdict.notice, weigh(verdict, fresh)),
    )
    for mail in fresh:
        mark = marks.of(mail)
        mark.reply_open, mark.letter_id = False, row.id if row is not None else None
        session.add(mark)
