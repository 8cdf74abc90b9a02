"""Where a unit stands: everything it has sent so far, placed, weighed, chosen, checked; computed anew each time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from rules.captions import Captions, find_captions
from rules.case import Case
from rules.checks import Check, Settings, registry
from rules.choose import Choice, Weighed, choose, limits_of
from rules.decision import Decision, decide, latest_decisions
from rules.facts import ArchiveFacts, ImageFacts, LinkFacts, TableFacts, Unreadable
from rules.finding import Finding
from rules.item import Item, Text
from rules.notice import Notice, Requirement
from rules.place import Placement, place
from rules.sayings import late_finding, link_finding, maybe_finding, missing_finding, sender_findings, spared
from rules.unit import Unit
from rules.verdict import File, RequirementState, Standing, Unplaced, Verdict

_ALWAYS_FIRST = "readable"
"""What this check faults is not measured any further."""
_DEPENDS_ON_READING = frozenset({"too-few"})
"""What cannot be known of a requirement while one of its pieces cannot be opened."""


def judge(
    notice: Notice,
    unit: Unit,
    items: Sequence[Item],
    texts: Sequence[Text] = (),
    *,
    forms: Mapping[str, TableFacts] | None = None,
    decisions: Sequence[Decision] = (),
    deadline: datetime | None = None,
    mails: Sequence[str] | None = None,
) -> Verdict:
    """The verdict on everything `unit` has sent for `notice`.

    `items` and `texts` of all its mails in any order of mails; `forms`: blank forms by requirement id;
    `deadline`: the unit's own one when it was extended; `mails`: Message-IDs of
    all its mails, oldest first, when some carried no file. Cost grows linearly with items.
    """
    due = deadline or notice.deadline
    standings, unplaced = _judged(notice, items, texts, forms or {}, decisions, due)
    if any(item.received_at > due for item in items):
        early_items = [item for item in items if item.received_at <= due]
        early_texts = [text for text in texts if text.received_at <= due]
        early, _ = _judged(notice, early_items, early_texts, forms or {}, decisions, due)
        standings = [_with_late(now, then, due) for now, then in zip(standings, early, strict=True)]
    return Verdict(
        notice=notice.id,
        unit=unit.code,
        standings=tuple(standings),
        unplaced=tuple(unplaced),
        mails=tuple(mails) if mails is not None else _mails(items),
    )


def _judged(
    notice: Notice,
    items: Sequence[Item],
    texts: Sequence[Text],
    forms: Mapping[str, TableFacts],
    decisions: Sequence[Decision],
    due: datetime,
) -> tuple[list[Standing], list[Unplaced]]:
    """Standings in the order of the notice, and what answers none of them."""
    pieces = _distinct(items)
    placements = place(notice.requirements, pieces, forms=forms)
    answers: dict[str, list[tuple[Item, Placement]]] = {r.id: [] for r in notice.requirements}
    loose: list[tuple[Item, Placement]] = []
    for item, placement in zip(pieces, placements, strict=True):
        for id in placement.requirements:
            answers[id].append((item, placement))
        if not placement.requirements and not _is_opened_archive(item):
            loose.append((item, placement))
    decided = latest_decisions(decisions)
    standings = []
    for requirement in notice.requirements:
        bench = _Bench(requirement, items, pieces, texts, forms.get(requirement.id), due)
        standing = bench.standing(answers[requirement.id], loose)
        standings.append(decide(standing, decided.get(requirement.id), requirement))
    unplaced = [Unplaced(name=i.name, sha256=i.digest, key=i.key, why=p.why, candidates=p.candidates) for i, p in loose]
    return standings, unplaced


def _distinct(items: Sequence[Item]) -> list[Item]:
    """In order of arrival, the same file from the same kind of sender once."""
    ordered = sorted(items, key=lambda item: (item.received_at, item.mail))
    first: dict[tuple[str, str, str], Item] = {}
    for item in ordered:
        first.setdefault((item.path, item.digest, item.trust), item)
    return list(first.values())


def _is_opened_archive(item: Item) -> bool:
    return isinstance(item.facts, ArchiveFacts) and (bool(item.facts.members) or not item.facts.skipped)


def _is_encrypted(item: Item) -> bool:
    return isinstance(item.facts, Unreadable) and item.facts.reason == "encrypted"


def _mails(items: Iterable[Item]) -> tuple[str, ...]:
    """Message-IDs, oldest first; the digest stands in where a mail has none."""
    ordered = sorted(items, key=lambda item: (item.received_at, item.mail))
    return tuple(dict.fromkeys(item.message_id or item.mail for item in ordered))


class _Bench:
    """One requirement under judgement: its checks, and what they may look at."""

    def __init__(
        self,
        requirement: Requirement,
        sent: Sequence[Item],
        pieces: Sequence[Item],
        texts: Sequence[Text],
        form: TableFacts | None,
        due: datetime,
    ) -> None:
        self._requirement = requirement
        self._sent = sent
        self._pieces = pieces
        self._texts = tuple(texts)
        self._form = form
        self._due = due
        self._checks = _checks_of(requirement)

    def standing(self, answers: Sequence[tuple[Item, Placement]], loose: Sequence[tuple[Item, Placement]]) -> Standing:
        """Weigh each piece alone, choose, then check the chosen together."""
        requirement = self._requirement
        if not answers:
            return self._unanswered([(i, p) for i, p in loose if requirement.id in p.candidates])
        mine = {item.key for item, _ in answers}
        others = tuple(item for item in self._pieces if item.key not in mine)
        captions = self._captions([item for item, _ in answers], others)
        weighed = [Weighed(item=item, findings=tuple(self._weigh(item, others, captions))) for item, _ in answers]
        choice = choose(weighed, limits_of(requirement))
        findings = [f for piece in choice.current for f in piece.findings]
        findings += self._together(choice, others, captions)
        findings += sender_findings([piece.item for piece in choice.current])
        findings += choice.notes
        whys = {item.key: placement.why for item, placement in answers}
        return Standing(
            id=requirement.id,
            name=requirement.name,
            category=requirement.category,
            required=requirement.required,
            state=_state(findings),
            files=tuple(_file(p.item, captions, whys[p.item.key]) for p in choice.current),
            findings=tuple(_with_clause(f, requirement) for f in findings),
        )

    def _captions(self, photos: Sequence[Item], others: Sequence[Item]) -> Captions:
        """Only where a caption is asked; a document with pictures may hold its own words and those of others."""
        if self._requirement.category != "photo" and "caption" not in self._requirement.checks:
            return Captions()
        digests = {item.digest for item in photos if isinstance(item.facts, ImageFacts)}
        documents = [*others, *(item for item in photos if item.digest not in digests)]
        # a photo sent again with its caption is the same photo: every copy may lend it words
        copies = [item for item in self._sent if item.digest in digests]
        return find_captions(copies, documents, self._texts)

    def _case(self, items: tuple[Item, ...], others: tuple[Item, ...], captions: Captions) -> Case:
        return Case(
            requirement=self._requirement,
            items=items,
            others=others,
            texts=self._texts,
            captions=captions.found,
            form=self._form,
            deadline=self._due,
        )

    def _weigh(self, item: Item, others: tuple[Item, ...], captions: Captions) -> list[Finding]:
        """What the checks of single pieces say; nothing more about a piece that could not be read."""
        if isinstance(item.facts, LinkFacts):
            return [link_finding(item, item.facts, self._requirement)]
        case = self._case((item,), others, captions)
        findings: list[Finding] = []
        for check, settings in self._checks:
            if not check.per_item:
                continue
            said = list(check.run(settings, case))
            findings += said
            if check.kind == _ALWAYS_FIRST and (isinstance(item.facts, Unreadable) or _failed(said)):
                return findings
        return [spared(f) if item.key in captions.ambiguous else f for f in findings]

    def _together(self, choice: Choice, others: tuple[Item, ...], captions: Captions) -> list[Finding]:
        """What the checks of the whole requirement say about the chosen pieces that could be read."""
        current = tuple(piece.item for piece in choice.current)
        read = tuple(item for item in current if not isinstance(item.facts, Unreadable))
        case = self._case(read, others, captions)
        silent = _DEPENDS_ON_READING if len(read) < len(current) else frozenset()
        return [
            finding
            for check, settings in self._checks
            if not check.per_item
            for finding in check.run(settings, case)
            if finding.code not in silent
        ]

    def _unanswered(self, maybe: Sequence[tuple[Item, Placement]]) -> Standing:
        """Nothing came for it, or something that might be it: then a person looks before anybody is blamed."""
        requirement = self._requirement
        name = requirement.name
        if maybe:
            locked = requirement.required and all(_is_encrypted(item) for item, _ in maybe)
            findings = [maybe_finding(item, name, locked=locked) for item, _ in maybe]
            state: RequirementState = "problem" if locked else "unsure"
        else:
            findings = [missing_finding(requirement)]
            state = "missing"
        return Standing(
            id=requirement.id,
            name=name,
            category=requirement.category,
            required=requirement.required,
            state=state,
            findings=tuple(_with_clause(f, requirement) for f in findings),
        )


def _checks_of(requirement: Requirement) -> list[tuple[Check, Settings]]:
    """The checks of a requirement with their settings: reading first, then those of the notice in name order."""
    known = registry()
    unknown = sorted(set(requirement.checks) - set(known))
    if unknown:
        raise ValueError(f"requirement {requirement.id!r} names unknown checks: {', '.join(unknown)}")
    kinds = [kind for kind in known if known[kind].always or kind in requirement.checks]
    kinds.sort(key=lambda kind: (kind != _ALWAYS_FIRST, not known[kind].always, kind))
    return [(known[kind], known[kind].settings.model_validate(requirement.checks.get(kind, {}))) for kind in kinds]


def _failed(findings: Iterable[Finding]) -> bool:
    return any(finding.outcome == "fail" for finding in findings)


def _state(findings: Iterable[Finding]) -> RequirementState:
    """A fault beats a doubt, a doubt beats silence."""
    outcomes = {finding.outcome for finding in findings}
    return "problem" if "fail" in outcomes else "unsure" if "unsure" in outcomes else "ok"


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


def _with_clause(finding: Finding, requirement: Requirement) -> Finding:
    return finding if finding.clause else msgspec.structs.replace(finding, clause=requirement.clause)


def _file(item: Item, captions: Captions, why: str) -> File:
    caption = captions.found.get(item.key)
    return File(
        name=item.name,
        sha256=item.digest,
        size=item.size,
        message_id=item.message_id,
        caption=caption.text if caption else None,
        key=item.key,
        path=item.path,
        thumbnail=item.thumbnail,
        received_at=item.received_at,
        why=why,
    )
