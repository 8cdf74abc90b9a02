"""Judges a simulation by what could be seen from outside. Its calendar and its caps are its own.

Every law is one function from the record to the lines that break it; its docstring says the law.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from benchmarks.simulation import days
from benchmarks.simulation.letters import Letter
from benchmarks.simulation.office import PER_DAY, PER_HOUR, REMIND_AT, RUNGS
from benchmarks.simulation.record import Look, Record
from intake.demo.units import OFFICE_ADDRESS

Law = Callable[[Record], Iterator[str]]
NO_MORE_TODAY = "来信均已收存"
"""What the one letter says that comes when the cap of a day is reached."""
_STATES = {"complete": "已齐", "incomplete": "部分", "missing": "未报"}


def judged(record: Record) -> Mapping[str, Sequence[str]]:
    """What breaks each law, by its first sentence."""
    return {(law.__doc__ or "").partition(".")[0]: tuple(law(record)) for law in LAWS}


def complete(record: Record) -> Iterator[str]:
    """Every reachable unit is complete."""
    for code, unit in record.end.units.items():
        habit = record.habits[code]
        if habit.reachable and unit["state"] != "complete":
            owed = [f"{one['name']} {one['state']}" for one in unit["requirements"] if one["state"] != "ok"]
            yield f"{code} ({habit.name}) is {unit['state']}: {owed}"


def told_so(record: Record) -> Iterator[str]:
    """Every complete unit that was last told something else has been told so."""
    for code, unit in record.end.units.items():
        letters = record.arrived(code)
        if unit["state"] == "complete" and letters and not any(letter.done for letter in letters):
            yield f"{code} ({record.habits[code].name}) was last told: {letters[-1].verdict}"


def understood(record: Record) -> Iterator[str]:
    """No unit had to ring up because a letter did not say what to mend."""
    for call in record.calls:
        if call.topic == "puzzled":
            yield f"{call.unit} ({record.habits[call.unit].name}) {call.at:%m-%d %H:%M}: {call.about}"


def caps(record: Record) -> Iterator[str]:
    """No unit is answered more than its cap in a day, nor all units more than theirs in an hour."""
    replies = sorted((letter for letter in record.letters if letter.is_reply), key=lambda letter: letter.at)
    full = [letter for letter in replies if letter.verdict.startswith(NO_MORE_TODAY)]
    for address in {letter.to for letter in replies}:
        moments = [letter.at for letter in replies if letter.to == address and letter not in full]
        yield from _crowded(address, moments, PER_DAY, timedelta(days=1))
    for (to, day), number in Counter((letter.to, letter.at.date()) for letter in full).items():
        if number > 1:
            yield f"{to} was told {number} times on {day} that it has had its answers"
    yield from _crowded("all units", [letter.at for letter in replies], PER_HOUR, timedelta(hours=1))


def _crowded(who: str, moments: Sequence[datetime], most: int, span: timedelta) -> Iterator[str]:
    for first, last in zip(moments, moments[most:], strict=False):
        if last - first < span:
            yield f"{who}: more than {most} letters between {first:%m-%d %H:%M} and {last:%m-%d %H:%M}"


def once_a_rung(record: Record) -> Iterator[str]:
    """No unit is reminded twice on a day."""
    seen = Counter((letter.to, letter.at.date()) for letter in _reminders(record))
    yield from (f"{to}: {number} reminders on {day}" for (to, day), number in seen.items() if number > 1)


def holidays(record: Record) -> Iterator[str]:
    """No reminder leaves on a day off or before its hour."""
    for letter in _reminders(record):
        if not days.works(letter.at.date()) or letter.at.hour < REMIND_AT:
            yield f"{letter.to}: {letter.at:%Y-%m-%d %H:%M}"


def only_who_owes(record: Record) -> Iterator[str]:
    """No complete unit is reminded."""
    for letter in _reminders(record):
        look = next((look for look in record.looks if look.at == letter.at), None)
        code = _unit_of(record, letter)
        if look is None or code is None:
            yield f"{letter.to}: nobody knows how it stood at {letter.at:%m-%d %H:%M}"
        elif not _owes(look, code):
            yield f"{letter.to} ({record.habits[code].name}) at {letter.at:%m-%d %H:%M}"


def none_missed(record: Record) -> Iterator[str]:
    """No reminder is missed: who owes at the hour of a rung has a letter that says so by the end of that day."""
    for code in record.units:
        for day in _rung_days(record, code):
            due = days.at(day, REMIND_AT)
            look = next((look for look in record.looks if look.at.date() == day and look.at >= due), None)
            if look is None or not _owes(look, code) or not record.habits[code].reachable or _held(record, code, due):
                continue
            if not any(due <= one.at < due + timedelta(hours=15) for one in record.arrived(code)):
                yield f"{code} ({record.habits[code].name}) on {day}"


def threads(record: Record) -> Iterator[str]:
    """Every letter is threaded in its conversation."""
    for code in record.units:
        known: list[str] = []
        mails = [(one.at, one.message_id) for one in record.delivered if one.unit == code]
        for letter in record.arrived(code):  # what came to nobody is no part of anybody's conversation
            before = {id for at, id in mails if at <= letter.at} | set(known)
            parents = set(letter.in_reply_to)
            if before and not parents:
                yield f"{letter.to} {letter.at:%m-%d %H:%M} {letter.verdict}: no In-Reply-To, though there is a thread"
            elif parents - before:
                yield f"{letter.to} {letter.at:%m-%d %H:%M}: answers {parents - before}, which is not of this unit"
            elif parents and not parents <= set(letter.references):
                yield f"{letter.to} {letter.at:%m-%d %H:%M}: References lack {parents}"
            known.append(letter.message_id)


def answered_once(record: Record) -> Iterator[str]:
    """Nobody is answered twice: no letter leaves twice, no mail gets the same verdict again."""
    for id, number in Counter(letter.message_id for letter in record.letters).items():
        if number > 1:
            yield f"letter {id} left {number} times"
    told: dict[str, dict[tuple[str, str], set[str]]] = {}
    for letter in record.letters:
        for id in letter.in_reply_to if letter.is_reply else ():
            told.setdefault(id, {}).setdefault((letter.to, letter.verdict), set()).add(letter.message_id)
    for id, verdicts in told.items():
        for (to, verdict), letters in verdicts.items():
            if len(letters) > 1:
                yield f"{to} is told {verdict} {len(letters)} times about mail {id}"


def silent(record: Record) -> Iterator[str]:
    """Machines, thanks and questions get no answer."""
    mute = {one.message_id: one for one in record.delivered if one.kind != "material"}
    for letter in record.letters:
        for id in letter.in_reply_to:
            if letter.is_reply and id in mute:
                yield f"{id} ({mute[id].kind} of {mute[id].unit}) was answered"


def recipients(record: Record) -> Iterator[str]:
    """A letter has one reader, a registered one, and a copy in our own mailbox."""
    known = {address for unit in record.units.values() for address in unit.addresses} | {OFFICE_ADDRESS}
    for letter in record.letters:
        if letter.to not in known or set(letter.rcpt_to) - {letter.to, OFFICE_ADDRESS}:
            yield f"{letter.message_id} to {letter.to}, envelope {letter.rcpt_to}"


def ledger(record: Record) -> Iterator[str]:
    """The ledger is what is on the server, by its own count every morning and by ours at the end."""
    for look in record.looks:
        for box in look.status["mailboxes"]:
            if box["missing"]:
                yield f"{look.at:%m-%d %H:%M}: {box}"
    listed = Counter(mail["message_id"] for mail in record.mails)
    there = Counter(record.on_server)
    yield from (f"{id} is on the server {there[id]} times, listed {listed[id]} times" for id in listed.keys() | there
                if listed[id] != there[id])  # fmt: skip


def none_lost(record: Record) -> Iterator[str]:
    """No mail is lost: each is in the ledger, in a final state, and what a unit sent counts for that unit."""
    by_id = {mail["message_id"]: mail for mail in record.mails}
    for one in record.delivered:
        mail = by_id.get(one.message_id)
        if mail is None:
            yield f"{one.message_id} ({one.kind} of {one.unit}) is not listed"
        elif mail["state"] not in ("processed", "ignored"):
            yield f"{one.message_id} is {mail['state']}: {mail['reason']}"
        elif one.kind == "material" and (mail["unit"], mail["state"]) != (one.unit, "processed"):
            yield f"{one.message_id} of {one.unit} counts for {mail['unit']}: {mail['reason']}"


def tracker(record: Record) -> Iterator[str]:
    """The tracker can be read every morning and says what `status` says."""
    mornings = {sheet.look.at.date() for sheet in record.sheets}
    for day in days.days(record.first.date(), record.last.date()):
        if day not in mornings:
            yield f"{day}: nobody looked"
    for sheet in record.sheets:
        told = {code: _STATES[unit["state"]] for code, unit in sheet.look.units.items()}
        if sheet.fault or sheet.states != told:
            wrong = {code: (state, sheet.states.get(code)) for code, state in told.items()
                     if sheet.states.get(code) != state}  # fmt: skip
            yield f"{sheet.look.at:%m-%d}: {sheet.fault or wrong}"


def commands(record: Record) -> Iterator[str]:
    """Every command and every round ended well."""
    yield from record.complaints


LAWS: tuple[Law, ...] = (
    complete, told_so, understood, caps, once_a_rung, holidays, only_who_owes, none_missed, threads, answered_once,
    silent, recipients, ledger, none_lost, tracker, commands,
)  # fmt: skip


def _reminders(record: Record) -> Iterator[Letter]:
    """Letters to units that nobody asked for."""
    units = {address for unit in record.units.values() for address in unit.addresses}
    return (letter for letter in record.letters if not letter.is_reply and letter.to in units)


def _unit_of(record: Record, letter: Letter) -> str | None:
    return next((code for code, unit in record.units.items() if letter.to in unit.addresses), None)


def _owes(look: Look, code: str) -> bool:
    """Something demanded is missing or must be mended: what a person still looks at is nobody's debt."""
    asked = look.units[code]["requirements"]
    return any(one["required"] and one["state"] in ("missing", "problem") for one in asked)


def _rung_days(record: Record, code: str) -> Iterator[date]:
    """The days on which this unit is to be reminded, by the deadline it has at that moment."""
    granted = next((call for call in record.calls if call.unit == code and call.topic == "extend"), None)
    for own, start, end in (
        (record.deadline.date(), record.first, granted.at if granted else record.last),
        *([(date.fromisoformat(granted.about), granted.at, record.last)] if granted else []),
    ):
        for rung in RUNGS:
            day = days.rung_day(own, rung)
            if start <= days.at(day, REMIND_AT) <= end:
                yield day


def _held(record: Record, code: str, moment: datetime) -> bool:
    """A mail of the unit's waits for a person at that moment: it may hold what is owed."""
    if not record.habits[code].stranger and not record.habits[code].asks:
        return False
    return any(one.unit == code and one.at <= moment < one.at + timedelta(days=1) for one in record.delivered)


def figures(record: Record) -> Iterator[tuple[str, str]]:
    """What is worth knowing besides the laws."""
    replies = [letter for letter in record.letters if letter.is_reply]
    reminders = list(_reminders(record))
    others = len(record.letters) - len(replies) - len(reminders)
    per_unit = sorted(len(record.letters_to(code)) for code in record.units)
    states = Counter(unit["state"] for unit in record.end.units.values())
    kinds = Counter(one.kind for one in record.delivered)
    late = sum(unit["late"] for unit in record.end.units.values())
    by_day = Counter(f"{letter.at:%m-%d}" for letter in reminders)
    yield "units", f"{len(record.units)}, of them {states['complete']} complete, {late} late"
    yield "days", f"{record.first:%Y-%m-%d} to {record.last:%Y-%m-%d}, deadline {record.deadline:%Y-%m-%d}"
    yield "mails to the office", f"{len(record.delivered)} ({', '.join(f'{n} {kind}' for kind, n in kinds.items())})"
    yield (
        "letters",
        f"{len(record.letters)}: {len(replies)} replies, {len(reminders)} reminders, {others} reports",
    )
    yield "letters a unit", f"{per_unit[0]} to {per_unit[-1]}, median {per_unit[len(per_unit) // 2]}"
    yield "reminders by day", ", ".join(f"{day} {number}" for day, number in sorted(by_day.items()))
    yield "calls", str(len(record.calls))
    yield "outages, restarts, kills", f"{record.outages} outages, {record.restarts} restarts"
    yield "cycles", str(record.cycles)
    yield "machine time", f"{record.seconds:.0f} s"
