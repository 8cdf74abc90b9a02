"""How many answers may leave: to one address, for one notice, in all. Counted in the database, over restarts.

Anchors: FreeScout 10 in 180 minutes, Zammad 10 in 10 minutes and so on upwards, Mailman 10 a day and then one notice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from sqlmodel import Session

from intake import letterwords as words
from intake.halt import Halt, resumed_at, stop_sending
from intake.mail.compose import about
from intake.mail.short import compose_short
from intake.mailing import answered, enqueue
from intake.office import Office
from intake.reports.alarms import ring
from storage import inbox, outbox
from storage.tables import LetterRow

ANSWERS: Final = ("reply", "hold-notice", "question-notice", "limit-notice")
"""Kinds of letters that the caps are for; a reminder goes once per unit and rung anyway."""
HOUR_ALARM: Final = "hour"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Cap = Literal["", "gap", "day", "notice", "hour"]
"""Which cap is reached: time between two letters to one address, their number a day, those of a notice, of the hour."""

WAITS: Final[dict[Cap, str]] = {
    "gap": "刚给该邮箱发过信，稍后一并答复",
    "day": "今天给该邮箱的答复已达上限，次日再发",
    "notice": "本通知今天的答复已达上限，发信已停止",
    "hour": "本小时发信已达上限，稍后再发",
}
"""Why a letter waits, as the outbox shows it."""


def reached(office: Office, session: Session, letter: LetterRow, now: datetime) -> Cap:
    """The cap that keeps this letter back now, "" when it may leave."""
    if letter.kind not in ANSWERS:
        return ""
    replies = office.config.replies
    resumed = resumed_at(session)
    if outbox.sent_since(session, _since(resumed, now, HOUR), kinds=ANSWERS) >= replies.per_hour:
        return "hour"
    if letter.notice and _notice_is_over(office, session, letter.notice, _since(resumed, now, DAY)):
        return "notice"
    if letter.kind == "limit-notice":
        return ""
    counted = [kind for kind in ANSWERS if kind != "limit-notice"]
    if outbox.sent_since(session, now - DAY, kinds=counted, to=letter.to) >= replies.per_sender_per_day:
        return "day"
    last = outbox.last_tried(session, letter.to, counted)
    # a letter that left in the future left before the clock was set back
    return "gap" if last is not None and DAY * 0 <= now - last < office.config.schedule.quiet_period else ""


def _since(resumed: datetime | None, now: datetime, span: timedelta) -> datetime:
    """The beginning of the span that counts: not before a person let sending go on."""
    return max(now - span, resumed or now - span)


def _notice_is_over(office: Office, session: Session, notice: str, since: datetime) -> bool:
    return outbox.sent_since(session, since, kinds=ANSWERS, notice=notice) >= _most(office, notice)


def _most(office: Office, notice: str) -> int:
    """Answers a day of a notice; one unit may always use up its own."""
    replies, campaign = office.config.replies, office.campaigns.get(notice)
    units = len(campaign.units) if campaign is not None else 1
    return max(replies.per_unit_per_day * units, replies.per_sender_per_day)


def keep_back(office: Office, session: Session, letter: LetterRow, cap: Cap, now: datetime) -> None:
    """What a reached cap asks for beside waiting: the unit is told, or the coordinator."""
    if cap == "day":
        _no_more_today(office, session, letter, now)
    elif cap == "hour":
        most = office.config.replies.per_hour
        ring(
            office,
            session,
            HOUR_ALARM,
            now,
            what="本小时发信已达上限",
            detail=f"一小时内已发出 {most} 封答复（replies.per_hour），其余的信等候，来信照常登记。",
            remedy="一小时内会自动继续。如属正常，可执行 shouqi resume 立即继续；如不正常，请查看“邮件”表。",
        )
    elif cap == "notice" and letter.notice:
        title = office.campaigns[letter.notice].notice.title if letter.notice in office.campaigns else letter.notice
        most = _most(office, letter.notice)
        detail = f"《{title}》一天内已发出 {most} 封答复，超出常情，可能有邮箱在自动往来，已停止发信。来信照常登记。"
        stop_sending(office, session, Halt(cause="breaker", since=now, what="答复过多，发信已停止", detail=detail))


def _no_more_today(office: Office, session: Session, letter: LetterRow, now: datetime) -> None:
    """One letter a day tells an address that wrote so often why no further answer comes."""
    campaign = office.campaigns.get(letter.notice or "")
    unit = campaign.units.get(letter.unit or "") if campaign is not None else None
    if campaign is None or unit is None or letter.kind != "reply":
        return
    mail = inbox.newest_answered_by(session, letter.id or 0)
    told = compose_short(
        "limit",
        {"subject": about([answered(mail)] if mail is not None else []) or words.clean(campaign.notice.title)},
        key=f"{office.instance}:limit-notice:{letter.to}:{now.astimezone(office.tz).date()}",
        kind="limit-notice",
        office=office.letterhead,
        to=letter.to,
        whom=unit.name,
        now=now,
        tz=office.tz,
        loop_token=office.instance,
        notice=campaign.notice,
        thread=answered(mail) if mail is not None else None,
    )
    enqueue(office, session, told, due=now, now=now, notice=campaign.notice.id, unit=unit.code)
