"""Where a unit stands: everything it has sent so far, placed, weighed, chosen, checked; computed anew each time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from rules.bench import Bench
from rules.classes import asked_of
from rules.decision import Decision, confirmed, decide, latest_decisions
from rules.facts import ArchiveFacts, TableFacts
from rules.item import Item, Text, distinct
from rules.ledger.retire import retire
from rules.ledger.spoken import Retirements
from rules.notice import Notice, Requirement
from rules.placing.place import Placement, place
from rules.placing.topic import Topic, is_stray
from rules.sayings import class_finding, late_finding
from rules.unit import Unit
from rules.verdict import Standing, Unplaced, Verdict


def judge(
    notice: Notice,
    unit: Unit,
    items: Sequence[Item],
    texts: Sequence[Text] = (),
    *,
    forms: Mapping[str, TableFacts] | None = None,
    decisions: Sequence[Decision] = (),
    deadline: datetime | None = None,
    in_time: Mapping[str, datetime] | None = None,
    mails: Sequence[str] | None = None,
    now: datetime | None = None,
    basis: str = "",
) -> Verdict:
    """The verdict on everything `unit` has sent for `notice`.

    `items` and `texts` of all its mails in any order of mails; `forms`: blank forms by requirement id;
    `deadline`: the unit's own one when it was extended, else None; `in_time`:
    until when a requirement was met in time by an earlier notice, by its id; `mails`: Message-IDs of
    all its mails, oldest first, when some carried no file; `now`: links that have ended by then answer nothing for
    certain, None = none has. Cost grows linearly with items.
    """
    due = deadline or notice.deadline
    own = [due_of(requirement, notice, deadline) for requirement in notice.requirements]
    standings, unplaced, stray = _judged(notice, unit, items, texts, forms or {}, decisions, due, now)
    standings = [msgspec.structs.replace(one, due=last) for one, last in zip(standings, own, strict=True)]
    own = [max(last, (in_time or {}).get(r.id, last)) for r, last in zip(notice.requirements, own, strict=True)]
    for moment in sorted({one for one in own if any(item.received_at > one for item in items)}):
        early_items = [item for item in items if item.received_at <= moment]
        early_texts = [text for text in texts if text.received_at <= moment]
        early, _, _ = _judged(notice, unit, early_items, early_texts, forms or {}, decisions, moment, now)
        standings = [
            _with_late(full, then, moment) if last == moment else full
            for full, then, last in zip(standings, early, own, strict=True)
        ]
    return Verdict(
        notice=notice.id,
        unit=unit.code,
        standings=tuple(standings),
        unplaced=tuple(unplaced),
        mails=tuple(mails) if mails is not None else _mails(items),
        basis=basis,
        strays=stray,
    )


def _for(asked: bool | None, requirement: Requirement) -> Requirement:
    """The requirement as a unit must meet it: no duty where it is asked of other classes of units only."""
    return requirement if asked is not False else requirement.model_copy(update={"required": False})


def _of_class(
    standing: Standing, asked: bool | None, requirement: Requirement, unit: Unit, *, decided: bool
) -> Standing:
    """A unit of which nobody can tell whether it is asked is never blamed: a person says."""
    if asked is False:
        return msgspec.structs.replace(standing, asked=False)
    if asked is None and not decided and standing.required and standing.state in ("missing", "problem"):
        finding = class_finding(requirement, unit.category)
        spared = tuple(
            msgspec.structs.replace(f, outcome="unsure") if f.outcome == "fail" else f
            for f in standing.findings
            if f.code != "missing"
        )
        return msgspec.structs.replace(standing, state="unsure", findings=(finding, *spared))
    return standing


def due_of(requirement: Requirement, notice: Notice, extended: datetime | None) -> datetime:
    """The last moment of one requirement: its own where the notice gives one, never before an extension."""
    if requirement.deadline is None:
        return extended or notice.deadline
    return max(requirement.deadline, extended) if extended else requirement.deadline


def _judged(
    notice: Notice,
    unit: Unit,
    items: Sequence[Item],
    texts: Sequence[Text],
    forms: Mapping[str, TableFacts],
    decisions: Sequence[Decision],
    due: datetime,
    now: datetime | None,
) -> tuple[list[Standing], list[Unplaced], tuple[str, ...]]:
    """Standings in the order of the notice, what answers none of them, and mails about something else."""
    pieces = distinct(items)
    topic = Topic.of(notice)
    placements = place(notice.requirements, pieces, forms=forms, topic=topic, texts=texts)
    placed = _with_copies(items, pieces, placements)
    stray = _strays(topic, placed, texts)
    said = retire(notice.requirements, placed, texts, due.tzinfo or UTC)
    answers: dict[str, list[tuple[Item, Placement]]] = {r.id: [] for r in notice.requirements}
    for item, placement in placed:
        for id in placement.requirements:
            answers[id].append((item, placement))
    loose = [
        (item, _unless_retired(item, _unless_stray(item, placement, stray), said))
        for item, placement in zip(pieces, placements, strict=True)
        if not placement.requirements and not _is_opened_archive(item)
    ]
    shown = {r.id for r in notice.requirements if r.category == "photo" or "caption" in r.checks}
    worded = frozenset(i.digest for i, p in placed if shown.intersection(p.requirements))
    decided = latest_decisions(decisions)
    standings = []
    for requirement in notice.requirements:
        asked = asked_of(requirement.only_for, unit.category)
        requirement = _for(asked, requirement)
        bench = Bench(requirement, items, pieces, texts, forms.get(requirement.id), due, unit, worded, now)
        decision = decided.get(requirement.id)
        standing = bench.standing([(confirmed(i, decision), p) for i, p in answers[requirement.id]], loose, said)
        standing = decide(standing, decision, requirement)
        standings.append(_of_class(standing, asked, requirement, unit, decided=decision is not None))
    unplaced = [Unplaced(name=i.name, sha256=i.digest, key=i.key, why=p.why, candidates=p.candidates) for i, p in loose]
    return standings, unplaced, stray


def _strays(topic: Topic, placed: Sequence[tuple[Item, Placement]], texts: Sequence[Text]) -> tuple[str, ...]:
    """Digests of mails that brought nothing of ours and plainly have another matter."""
    mails: dict[str, list[tuple[Item, Placement]]] = {}
    for item, placement in placed:
        mails.setdefault(item.mail, []).append((item, placement))
    brought = {text.mail: mails.get(text.mail, []) for text in texts}
    return tuple(
        text.mail
        for text in texts
        if not any(p.requirements for _, p in brought[text.mail])
        and is_stray(topic, text, [i for i, _ in brought[text.mail]])
    )


def _unless_stray(item: Item, placement: Placement, stray: Sequence[str]) -> Placement:
    """A table that came with another matter and has nothing of the blank form is nobody's candidate."""
    if item.mail not in stray or not isinstance(item.facts, TableFacts):
        return placement
    return msgspec.structs.replace(placement, candidates=(), why="来信谈的是别的事项，表格与空白表不同")


def _with_copies(
    items: Sequence[Item], pieces: Sequence[Item], placements: Sequence[Placement]
) -> list[tuple[Item, Placement]]:
    """Every copy of every piece, in order of arrival, with the placement of the first one."""
    of = {(i.path, i.digest, i.trust): p for i, p in zip(pieces, placements, strict=True)}
    ordered = sorted(items, key=lambda item: (item.received_at, item.mail))
    return [(item, of[item.path, item.digest, item.trust]) for item in ordered]


def _unless_retired(item: Item, placement: Placement, said: Retirements) -> Placement:
    """A piece that the unit took back is nobody's candidate any more."""
    word = said.retired.get(("", item.key))
    if word is None:
        return placement
    return msgspec.structs.replace(placement, candidates=(), why=f"来信“{word.words}”，不再计入")


def _is_opened_archive(item: Item) -> bool:
    return isinstance(item.facts, ArchiveFacts) and bool(item.facts.members)


def _mails(items: Iterable[Item]) -> tuple[str, ...]:
    """Message-IDs, oldest first; the digest stands in where a mail has none."""
    ordered = sorted(items, key=lambda item: (item.received_at, item.mail))
    return tuple(dict.fromkeys(item.message_id or item.mail for item in ordered))


def _with_late(now: Standing, then: Standing, due: datetime) -> Standing:
    """Met, or first answered, only by what came after the deadline; a doubt we had then is not held against it."""
    first_answered = bool(now.files) and not then.files and then.state != "unsure"
    met = now.state == "ok" and then.state in ("missing", "problem")
    if now.state == "waived" or not (first_answered or met):
        return now
    finding = late_finding(now, due, met=met)
    clause = next((f.clause for f in now.findings if f.clause), "")
    finding = msgspec.structs.replace(finding, clause=clause)
    return msgspec.structs.replace(now, late=True, findings=(*now.findings, finding))
