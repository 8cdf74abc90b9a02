"""Links that end: what a requirement rests on but lies on somebody's cloud. The coordinator sees them, the unit is
told once. Nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlmodel import Session

from intake import letterwords as words
from intake.conversation import latest
from intake.mail.short import compose_short
from intake.mailing import deliverable, enqueue
from intake.office import Campaign, Office
from intake.view import Todo, link_key
from rules.decision import RULINGS
from rules.facts import Facts, LinkFacts
from rules.outline import Owing
from storage import board
from storage.outbox import LINK_RUNG
from storage.pieces import link_facts


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """A link that a requirement rests on, and when it ends."""

    unit: str
    """Code."""
    requirement: str
    """Name."""
    name: str
    provider: str
    digest: str
    """SHA-256 of the URL."""
    mail: str
    """SHA-256 of the mail that brought it."""
    ends: datetime

    @property
    def key(self) -> str:
        """`Todo.key`."""
        return link_key(self.unit, self.digest)

    @property
    def rung(self) -> str:
        """`LetterRow.rung` of the letter about it."""
        return f"{LINK_RUNG}{self.digest[:16]}"


def judge_ended_anew(session: Session, campaign: Campaign, ending: Iterable[Ending], now: datetime) -> None:
    """Ask for a new verdict of each unit whose last one is from before the end of one of its links."""
    for one in ending:
        if one.ends > now:
            continue
        row = board.board_of(session, campaign.notice.id, one.unit)
        if row is not None and row.judged_at is not None and row.judged_at < one.ends:
            board.touch(session, campaign.notice.id, one.unit)


def endings(session: Session, campaign: Campaign, standing: Iterable[Owing]) -> list[Ending]:
    """Every link with a known end that counts now, and about which no person has decided; soonest first."""
    facts = link_facts(session)
    if not facts:
        return []
    rows = board.all_decisions(session, campaign.notice.id)
    last = {(row.unit, row.requirement): row.kind for row in rows if row.kind in RULINGS}
    decided = {about for about, kind in last.items() if kind in ("accept", "waive")}
    done = {row.value for row in rows if row.kind == "done"}
    found = [one for verdict in standing for one in _of(verdict, facts, decided) if one.key not in done]
    return sorted(found, key=lambda one: (one.ends, one.unit, one.digest))


def _of(verdict: Owing, facts: Mapping[str, str], decided: Collection[tuple[str, str]]) -> Iterator[Ending]:
    for standing in verdict.standings:
        if (verdict.unit, standing.id) in decided:
            continue
        for file in standing.files:
            link = msgspec.json.decode(facts[file.sha256], type=Facts) if file.sha256 in facts else None
            if isinstance(link, LinkFacts) and link.expires:
                yield Ending(
                    unit=verdict.unit,
                    requirement=standing.name,
                    name=file.name,
                    provider=link.provider,
                    digest=file.sha256,
                    mail=file.key.partition(":")[0],
                    ends=datetime.fromisoformat(link.expires),
                )


def link_todo(campaign: Campaign, ending: Sequence[Ending], before: timedelta, now: datetime) -> Iterator[Todo]:
    """What ends soon, or has ended."""
    for one in ending:
        if now < one.ends - before:
            continue
        end = f"{one.ends.month}月{one.ends.day}日{one.ends:%H:%M}"
        state = f"将于{end}到期，请在此之前下载" if now < one.ends else f"已于{end}到期，如未下载请通知单位重发"
        text = f"{one.requirement}“{one.name}”只有{one.provider or '网盘'}链接，{state}。办妥后请选“已处理”。"
        name = campaign.units[one.unit].name if one.unit in campaign.units else ""
        yield Todo(key=one.key, kind="link-expiring", since=one.ends - before, unit=name, text=text, mail=one.mail)


def queue_link_alarms(
    office: Office, session: Session, campaign: Campaign, standing: Sequence[Owing], now: datetime
) -> int:
    """Tell each unit once of every link that ends soon, not before the hour of reminders; returns how many letters."""
    local = now.astimezone(office.tz)
    before, number = office.config.links.alarm, 0
    ending = endings(session, campaign, standing)
    judge_ended_anew(session, campaign, ending, now)
    if local.time() < office.config.schedule.remind_at:
        return 0
    for one in ending:
        unit = campaign.units[one.unit]
        to = deliverable(session, unit) if one.ends - before <= now < one.ends else ""
        if not to:
            continue
        listed = f"“{words.clean(one.name)}”{words.minute(one.ends, office.tz)}到期"
        letter = compose_short(
            "link",
            {
                "title": words.title(campaign.notice),
                "subject": words.clean(campaign.notice.title),
                "listed": listed,
            },
            key=f"{office.instance}:link:{campaign.notice.id}:{one.unit}:{one.digest}",
            kind="reminder",
            office=office.letterhead,
            to=to,
            whom=unit.name,
            now=now,
            tz=office.tz,
            loop_token=office.instance,
            notice=campaign.notice,
            thread=latest(office, session, campaign.notice.id, unit, to),
        )
        written = enqueue(
            office, session, letter, due=now, now=now, notice=campaign.notice.id, unit=one.unit, rung=one.rung
        )
        number += written is not None
    return number
