"""Composing a letter: from a verdict to the bytes that are sent. The same letter twice gives equal bytes.

Headers follow RFC 5322 (threads: 3.6.4), RFC 3834 (automatic answers) and RFC 2047 (words); nothing that
came from outside reaches a header unfiltered, and every letter has exactly one recipient.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from intake import letterview as lv
from intake import letterwords as words
from intake.letterparts import View
from intake.mail.letter import _SUBJECT, Answered, Letter, Office, made_letter
from intake.mail.thumbnails import cid_of, those_that_fit
from rules.notice import Contact, Notice
from rules.unit import Unit
from rules.verdict import Verdict

_PREFIXES = re.compile(
    r"(?:\s*(?:re|fw|fwd|aw|回复|答复|回覆|转发|转寄|自动回复|要求有调整|核对结果有更新)\s*(?:\[\d+\])?\s*[:：])+\s*",
    re.IGNORECASE,
)


def compose_reply(
    *,
    key: str,
    office: Office,
    notice: Notice,
    unit: Unit,
    to: str,
    verdict: Verdict,
    answered: Sequence[Answered],
    now: datetime,
    tz: tzinfo,
    loop_token: str,
    deadline: datetime | None = None,
    changes: Sequence[str] = (),
    pictures: Mapping[str, bytes] | None = None,
    absent: datetime | None = None,
    mistaken: str = "",
    decided: bool = False,
) -> Letter:
    """The answer to the mails `answered` (newest last). `deadline`: the unit's own one when it was extended;
    `changes`: what changed in the notice since the unit was last answered; `pictures`: thumbnails (JPEG) of photos
    in question by digest, of which as many go along as fit; `absent`: when a mail came that speaks of files and
    has none; `mistaken`: title of the notice about which one of the mails was answered before by mistake;
    `decided`: the mails were answered before, and a person has decided since."""
    main = deadline or notice.deadline
    due, apart = lv.nearest(verdict.owed, main, now), lv.apart(verdict.owed, main)
    facts = _situation(notice, verdict, due, now, tz) | {
        "subject": about(answered) or _plain_title(notice),
        "apart": apart,
        "changed": bool(changes),
        "decided": decided,
        "absent": words.minute(absent, tz) if absent is not None else "",
        "mistaken": words.clean(mistaken),
        "when": _when(answered, tz),
        "mails": f" {len(answered)} 封邮件" if len(answered) > 1 else "邮件",
        "some_fine": any(s.state == "ok" for s in verdict.standings),
        "strangers": bool(lv.strangers(verdict)),
    }
    tone = lv.tone_of(verdict)
    shown = those_that_fit(pictures or {})
    cids = {digest: cid_of(digest) for digest in shown}
    entries = lv.entries(verdict, notice, by=lv.clock(None if apart else due, now, tz), pictures=cids)
    view = replace(
        _view("reply", facts, office, notice, now, tz),
        tone=tone,
        verdict=lv.verdict_line(verdict),
        unit=words.clean(unit.name),
        entries=entries,
        fine="" if tone == "done" else lv.fine(verdict),
        excused=lv.excused(verdict),
        optional=lv.optional(verdict),
        tips=lv.tips(verdict),
        strangers=lv.strangers(verdict),
        unplaced=lv.unplaced(verdict, entries),
        changes=tuple(words.clean(one) for one in changes),
        others=lv.others(verdict),
        receipt=lv.receipt(verdict, tz) if tone == "done" else (),
        deadline=words.deadline_words(due, now, tz, done=tone == "done"),
    )
    subject = office.wording.line("reply", "subject", facts)
    return made_letter(
        key,
        "reply",
        office,
        to,
        _short(subject),
        view,
        now,
        loop_token,
        answered,
        pictures={cid_of(digest): data for digest, data in shown.items()},
    )


def compose_reminder(
    *,
    key: str,
    office: Office,
    notice: Notice,
    unit: Unit,
    to: str,
    verdict: Verdict,
    rung: str,
    now: datetime,
    tz: tzinfo,
    loop_token: str,
    thread: Answered | None = None,
    asked: Collection[str] | None = None,
    last: bool = False,
    copy: str = "",
) -> Letter:
    """What a unit still owes, the firmer the nearer the deadline. ValueError when it owes nothing.

    `asked`: ids of the requirements that the letter speaks of, all that are owed when None; `last`: no other
    reminder comes before the deadline; `copy`: the address of the superior who gets an open copy.
    """
    owed = [one for one in verdict.owed if asked is None or one.id in asked]
    if not owed:
        raise ValueError(f"unit {unit.code} owes nothing and is not reminded")
    due = lv.nearest(owed, notice.deadline, now)
    apart = lv.apart(owed, due)
    facts = _situation(notice, verdict, due, now, tz) | {"owed": len(owed), "apart": apart}
    facts |= {"subject": _plain_title(notice), "part": len(owed) < len(verdict.owed) or apart}
    # a question or a word of thanks is no material
    left = words.days_left(due, now, tz)
    facts |= {"tier": _tier(rung, overdue=now > due, left=left, last=last), "came": verdict.came, "copied": bool(copy)}
    view = replace(
        _view("reminder", facts, office, notice, now, tz),
        tone="owe",
        verdict=lv.owed_line(len(owed)),
        unit=words.clean(unit.name),
        entries=lv.entries(verdict, notice, only=owed, by=lv.clock(None if apart else due, now, tz)),
        deadline=words.deadline_words(due, now, tz),
    )
    around = len(office.wording.line("reminder", "subject", facts)) - len(_plain_title(notice))
    title = words.clean(_plain_title(notice), max(_SUBJECT - around, 12))
    subject = office.wording.line("reminder", "subject", facts | {"subject": title})
    threads = (thread,) if thread else ()
    return made_letter(key, "reminder", office, to, _short(subject), view, now, loop_token, threads, cc=copy)


def compose_hold_notice(
    *,
    key: str,
    office: Office,
    notice: Notice | None,
    to: str,
    answered: Sequence[Answered],
    now: datetime,
    tz: tzinfo,
    loop_token: str,
) -> Letter:
    """To a sender whose unit we cannot tell: his mail is kept, and which unit is it?"""
    facts = {
        "subject": about(answered) or "来信收悉",
        "when": _when(answered, tz),
        "mails": f" {len(answered)} 封邮件" if len(answered) > 1 else "邮件",
    }
    view = replace(
        _view("hold", facts, office, notice, now, tz), tone="wait", verdict="已收到，待确认单位", unit="来信单位"
    )
    subject = office.wording.line("hold", "subject", facts)
    return made_letter(key, "hold-notice", office, to, _short(subject), view, now, loop_token, answered)


def _situation(notice: Notice, verdict: Verdict, due: datetime, now: datetime, tz: tzinfo) -> dict[str, object]:
    """What every wording may speak of; listed in docs/letters.md."""
    return {
        "title": words.title(notice),
        "tone": lv.tone_of(verdict),
        "counted": lv.counted(verdict),
        "owed": len(verdict.owed),
        "left": words.days_left(due, now, tz),
        "overdue": now > due,
        "until": words.until(due, now, tz),
    }


def _view(
    kind: str, facts: Mapping[str, object], office: Office, notice: Notice | None, now: datetime, tz: tzinfo
) -> View:
    local = now.astimezone(tz)
    return View(
        tone="wait",
        verdict="",
        unit="",
        opening=office.wording.line(kind, "opening", facts),
        summary=office.wording.line(kind, "summary", facts),
        closing=office.wording.line(kind, "closing", facts),
        contact=words.contact_words(notice.contact if notice else Contact(), office.phone),
        office=words.clean(office.name),
        date=f"{local.year}年{local.month}月{local.day}日",
    )


def _when(answered: Sequence[Answered], tz: tzinfo) -> str:
    """The days on which the mails came, the minute when it is one mail."""
    if len(answered) == 1:
        return words.minute(answered[0].received_at, tz)
    days = [mail.received_at.astimezone(tz) for mail in answered]
    if not days:
        return ""
    first, last = (f"{one.month}月{one.day}日" for one in (min(days), max(days)))
    return first if first == last else f"{first}至{last}"


def _tier(rung: str, *, overdue: bool, left: int, last: bool) -> str:
    """How firm the wording is: by the rung, but never softer than the calendar, and firm where it is the last one."""
    if overdue:
        return "overdue"
    if last:
        return "firm"
    match = re.fullmatch(r"(\d+)d", rung)
    distance = min(int(match[1]) if match else left, left)
    return "firm" if distance <= 1 else "plain" if distance <= 4 else "soft"


def about(answered: Sequence[Answered]) -> str:
    """The subject of the newest mail without Re:, 回复：and our own prefix, however often they were put before it."""
    return _PREFIXES.sub("", words.clean(answered[-1].subject, 200), count=1) if answered else ""


def _plain_title(notice: Notice) -> str:
    return words.clean(notice.title)


def _short(subject: str) -> str:
    return subject if len(subject) <= _SUBJECT else f"{subject[: _SUBJECT - 1]}…"
