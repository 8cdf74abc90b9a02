"""Composing a letter: from a verdict to the bytes that are sent. The same letter twice gives equal bytes.

Headers follow RFC 5322 (threads: 3.6.4), RFC 3834 (automatic answers) and RFC 2047 (words); nothing that
came from outside reaches a header unfiltered, and every letter has exactly one recipient.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from intake import letterview as lv
from intake.mail import marks
from rules.notice import Contact, Notice
from rules.unit import Unit
from rules.verdict import Verdict

LETTERS = Path(__file__).resolve().parent.parent / "letters"
_SUBJECT = 60
"""Characters of a subject; more is cut off in every list of mails."""
_PREFIXES = re.compile(
    r"(?:\s*(?:re|fw|fwd|aw|回复|答复|回覆|转发|转寄|自动回复)\s*(?:\[\d+\])?\s*[:：])+\s*", re.IGNORECASE
)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
"""One Message-ID in printable ASCII; anything else is left out rather than mangled."""
_OLD_REFERENCES = 9
_TOKEN = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What stands at the head and foot of our letters."""

    name: str
    address: str
    domain: str
    """Right-hand side of our Message-IDs."""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a letter needs to know of a mail it answers."""

    message_id: str
    references: tuple[str, ...]
    subject: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter ready to be sent. `message_id` follows from `key` alone."""

    key: str
    kind: Literal["reply", "reminder", "hold-notice"]
    message_id: str
    to: str
    subject: str
    raw: bytes


class _LetterPolicy(EmailPolicy):
    """SMTP's policy, but identifiers are never folded: at the usual 78 the library mangles long ones."""

    _IDS = frozenset({"message-id", "in-reply-to", "references"})

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as bytes. RFC 5322, 2.1.1 allows lines of 998 characters."""
        policy = _WIDE if name.lower() in self._IDS else SMTP
        return policy.fold_binary(name, value)


_WIDE = SMTP.clone(max_line_length=998)
_POLICY = _LetterPolicy(linesep="\r\n")


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
) -> Letter:
    """The answer to the mails `answered` (newest last). `deadline`: the unit's own one when it was extended."""
    due = deadline or notice.deadline
    words = _situation(notice, verdict, due, now, tz) | {
        "when": _when(answered, tz),
        "mails": f" {len(answered)} 封邮件" if len(answered) > 1 else "邮件",
        "some_fine": any(s.state == "ok" for s in verdict.standings),
        "strangers": bool(lv.strangers(verdict)),
    }
    tone = lv.tone_of(verdict)
    entries = lv.entries(verdict, notice)
    view = replace(
        _view("reply", words, office, notice, now, tz),
        tone=tone,
        verdict=lv.verdict_line(verdict),
        unit=lv.clean(unit.name),
        entries=entries,
        fine="" if tone == "done" else lv.fine(verdict),
        excused=lv.excused(verdict),
        optional=lv.optional(verdict),
        tips=lv.tips(verdict),
        strangers=lv.strangers(verdict),
        unplaced=lv.unplaced(verdict, entries),
        receipt=lv.receipt(verdict, tz) if tone == "done" else (),
        deadline=lv.deadline_words(due, now, tz, done=tone == "done"),
    )
    original = answered[-1].subject if answered else ""
    subject = _line("reply", "subject", {"subject": _bare(original) or _plain_title(notice)})
    return _letter(key, "reply", office, to, _short(subject), view, now, loop_token, answered)


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
    deadline: datetime | None = None,
) -> Letter:
    """What a unit still owes, the firmer the nearer the deadline. ValueError when it owes nothing."""
    if not verdict.owed:
        raise ValueError(f"unit {unit.code} owes nothing and is not reminded")
    due = deadline or notice.deadline
    words = _situation(notice, verdict, due, now, tz)
    words |= {"tier": _tier(rung, overdue=now > due, left=lv.days_left(due, now, tz)), "came": bool(verdict.mails)}
    view = replace(
        _view("reminder", words, office, notice, now, tz),
        tone="owe",
        verdict=lv.verdict_line(verdict),
        unit=lv.clean(unit.name),
        entries=lv.entries(verdict, notice, owed_only=True),
        deadline=lv.deadline_words(due, now, tz),
    )
    whole = _line("reminder", "subject", {"subject": _plain_title(notice), "owed": len(verdict.owed)})
    title = lv.clean(_plain_title(notice), max(_SUBJECT - (len(whole) - len(_plain_title(notice))), 12))
    subject = _line("reminder", "subject", {"subject": title, "owed": len(verdict.owed)})
    return _letter(key, "reminder", office, to, _short(subject), view, now, loop_token, (thread,) if thread else ())


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
    words = {"when": _when(answered, tz), "mails": f" {len(answered)} 封邮件" if len(answered) > 1 else "邮件"}
    view = replace(
        _view("hold", words, office, notice, now, tz), tone="wait", verdict="已收到，待确认单位", unit="来信人"
    )
    original = answered[-1].subject if answered else ""
    subject = _line("hold", "subject", {"subject": _bare(original) or "来信收悉"})
    return _letter(key, "hold-notice", office, to, _short(subject), view, now, loop_token, answered)


def message_id_of(key: str, domain: str) -> str:
    """The Message-ID that a letter with this key always has."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _situation(notice: Notice, verdict: Verdict, due: datetime, now: datetime, tz: tzinfo) -> dict[str, object]:
    """What every wording may speak of; listed in docs/letters.md."""
    end = lv.last_day(due, tz)
    whole_day = (end.hour, end.minute) == (23, 59)
    clock = "前（含当日）" if whole_day else f"{due.astimezone(tz):%H:%M}前"
    return {
        "title": lv.title(notice),
        "tone": lv.tone_of(verdict),
        "counted": lv.counted(verdict),
        "owed": len(verdict.owed),
        "left": lv.days_left(due, now, tz),
        "overdue": now > due,
        "until": f"{end.month}月{end.day}日{clock}",
    }


def _view(
    kind: str, words: Mapping[str, object], office: Office, notice: Notice | None, now: datetime, tz: tzinfo
) -> lv.View:
    local = now.astimezone(tz)
    return lv.View(
        tone="wait",
        verdict="",
        unit="",
        opening=_line(kind, "opening", words),
        summary=_line(kind, "summary", words),
        closing=_line(kind, "closing", words),
        contact=lv.contact_words(notice.contact if notice else Contact(), office.phone),
        office=lv.clean(office.name),
        date=f"{local.year}年{local.month}月{local.day}日",
    )


def _when(answered: Sequence[Answered], tz: tzinfo) -> str:
    """The days on which the mails came, the minute when it is one mail."""
    if len(answered) == 1:
        return lv.minute(answered[0].received_at, tz)
    days = [mail.received_at.astimezone(tz) for mail in answered]
    if not days:
        return ""
    first, last = (f"{one.month}月{one.day}日" for one in (min(days), max(days)))
    return first if first == last else f"{first}至{last}"


def _tier(rung: str, *, overdue: bool, left: int) -> str:
    """How firm the wording is: by the rung, but never softer than the calendar."""
    if overdue:
        return "overdue"
    match = re.fullmatch(r"(\d+)d", rung)
    distance = min(int(match[1]) if match else left, left)
    return "firm" if distance <= 1 else "plain" if distance <= 4 else "soft"


def _bare(subject: str) -> str:
    """The subject without Re:, 回复：and our own prefix, however often they were put before it."""
    return _PREFIXES.sub("", lv.clean(subject, 200), count=1)


def _plain_title(notice: Notice) -> str:
    return lv.clean(notice.title)


def _short(subject: str) -> str:
    return subject if len(subject) <= _SUBJECT else f"{subject[: _SUBJECT - 1]}…"


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(LETTERS),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _line(kind: str, block: str, words: Mapping[str, object]) -> str:
    """One block of a wording file as one line: line breaks of the template are only for its reader."""
    template: Template = _environment().get_template(f"{kind}.j2")
    text = "".join(template.blocks[block](template.new_context(dict(words))))
    return lv.clean("".join(line.strip() for line in text.splitlines()))


def _letter(
    key: str,
    kind: Literal["reply", "reminder", "hold-notice"],
    office: Office,
    to: str,
    subject: str,
    view: lv.View,
    now: datetime,
    loop_token: str,
    thread: Sequence[Answered],
) -> Letter:
    for address in (to, office.address):
        if not marks.is_address(address):
            raise ValueError(f"not a mail address: {address!r}")
    if not _TOKEN.fullmatch(loop_token):
        raise ValueError("a loop token is 1 to 200 printable ASCII characters without blanks")
    subject = lv.clean(subject, _SUBJECT)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(lv.clean(office.name), addr_spec=office.address)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = now
    message["Message-ID"] = message_id_of(key, office.domain)
    for name, value in _thread(thread).items():
        message[name] = value
    message["Auto-Submitted"] = "auto-generated" if kind == "reminder" else "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Shouqi-Loop"] = loop_token
    text = re.sub(r"\n{3,}", "\n\n", _environment().get_template("letter.txt.j2").render(view=view)).strip() + "\n"
    html = _environment().get_template("letter.html.j2").render(view=view).strip() + "\n"
    message.set_content(text, charset="utf-8", cte="base64")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="base64")
    message.set_boundary(f"=_shouqi_{hashlib.sha256(f'boundary:{key}'.encode()).hexdigest()[:32]}")
    return Letter(
        key=key,
        kind=kind,
        message_id=message_id_of(key, office.domain),
        to=to,
        subject=subject,
        raw=message.as_bytes(),
    )


def _thread(answered: Sequence[Answered]) -> dict[str, str]:
    """In-Reply-To and References of the newest mail that has a usable id (RFC 5322, 3.6.4), not too long."""
    for mail in reversed(answered):
        if _MESSAGE_ID.fullmatch(mail.message_id):
            old = [one for one in dict.fromkeys(mail.references) if _MESSAGE_ID.fullmatch(one)]
            old = [one for one in old if one != mail.message_id]
            kept = old if len(old) <= _OLD_REFERENCES + 1 else [old[0], *old[-_OLD_REFERENCES:]]
            return {"In-Reply-To": mail.message_id, "References": " ".join([*kept, mail.message_id])}
    return {}
