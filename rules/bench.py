"""One requirement under judgement: weigh each piece alone, choose, then check the chosen together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from rules.captioning.captions import Captions, find_captions
from rules.case import Case
from rules.checks import Check, Settings, registry
from rules.facts import ImageFacts, LinkFacts, TableFacts, Unreadable
from rules.finding import Finding
from rules.item import Item, Text, distinct
from rules.ledger.choose import choose
from rules.ledger.history import Told, history
from rules.ledger.spoken import NOTHING_SAID, Retirements, still_live
from rules.ledger.weighed import Choice, Weighed, limits_of
from rules.notice import Requirement
from rules.placing.place import Placement
from rules.sayings import (
    by_word_finding,
    link_finding,
    sender_findings,
    spared,
    taken_back_finding,
    unclear_finding,
)
from rules.unanswered import unanswered, with_clause
from rules.unit import Unit
from rules.verdict import File, RequirementState, Standing

_ALWAYS_FIRST = "readable"
"""What this check faults is not measured any further."""
_DEPENDS_ON_READING = frozenset({"too-few"})
"""What cannot be known of a requirement while one of its pieces cannot be opened."""


class Bench:
    """One requirement under judgement: its checks, and what they may look at."""

    def __init__(
        self,
        requirement: Requirement,
        sent: Sequence[Item],
        pieces: Sequence[Item],
        texts: Sequence[Text],
        form: TableFacts | None,
        due: datetime,
        unit: Unit,
        worded: frozenset[str] = frozenset(),
        now: datetime | None = None,
    ) -> None:
        self._requirement = requirement
        self._sent = sent
        self._pieces = pieces
        self._texts = tuple(texts)
        self._form = form
        self._due = due
        self._now = now
        self._worded = worded
        """Digests of what answers any requirement with captions: one list of captions may be for all photos."""
        self._names = tuple(name for name in (unit.name, unit.short, *unit.aliases) if name)
        self._checks = _checks_of(requirement)

    def standing(
        self,
        answers: Sequence[tuple[Item, Placement]],
        loose: Sequence[tuple[Item, Placement]],
        said: Retirements = NOTHING_SAID,
    ) -> Standing:
        """Weigh each piece alone, choose, then check the chosen together.

        `answers`: every copy of every piece that was placed here; `loose`: pieces that were placed nowhere;
        `said`: what the unit's own words change.
        """
        requirement = self._requirement
        maybe = [(i, p) for i, p in loose if requirement.id in p.candidates]
        if not answers:
            return unanswered(requirement, maybe, self._form, self._texts, self._sent)
        sent = [item for item, _ in answers]
        retired, preferred = said.of(requirement.id)
        live = still_live(sent, retired, preferred)
        mine = {item.key for item in sent}
        others = tuple(item for item in self._pieces if item.key not in mine)
        captions = self._captions(sent, others)
        weighed = {
            item.key: Weighed(item=item, findings=tuple(self._weigh(item, others, captions))) for item in distinct(live)
        }
        choice = choose(weighed.values(), limits_of(requirement), preferred)
        told = Told(choice=choice, weighed=weighed, retired=retired, preferred=preferred)
        versions = history(sent, told, self._due)
        if not live:
            taken = [taken_back_finding(retired[sent[-1].key].words, sent[-1], required=requirement.required)]
            return msgspec.structs.replace(
                unanswered(requirement, maybe, self._form, self._texts, self._sent, taken), history=versions
            )
        findings = [f for piece in choice.current for f in piece.findings]
        findings += self._together(choice, others, captions)
        findings += sender_findings([piece.item for piece in choice.current])
        findings += choice.notes
        findings += self._spoken(choice, said, [i for i in sent if i.key in retired], others, captions)
        whys = {item.key: placement.why for item, placement in answers}
        return Standing(
            id=requirement.id,
            name=requirement.name,
            category=requirement.category,
            required=requirement.required,
            state=_state(findings),
            files=tuple(_file(p.item, captions, whys[p.item.key]) for p in choice.current),
            findings=tuple(with_clause(f, requirement) for f in findings),
            history=versions,
        )

    def _spoken(
        self,
        choice: Choice,
        said: Retirements,
        retired: Sequence[Item],
        others: tuple[Item, ...],
        captions: Captions,
    ) -> list[Finding]:
        """What the unit's words about its files leave to be told: doubts, and a sound file that they took out."""
        current = [piece.item for piece in choice.current]
        unclear = {
            doubt.words
            for doubt in said.doubts.get(self._requirement.id, ())
            if any(i.received_at <= doubt.at for i in current)
        }
        findings = [unclear_finding(words, self._requirement.name) for words in sorted(unclear)]
        _, preferred = said.of(self._requirement.id)
        faulty = [p.item for p in choice.current if p.rank == 0 and p.item.key in preferred]
        sound = [i for i in distinct(retired) if not _failed(self._weigh(i, others, captions))] if faulty else []
        if sound:
            findings.append(by_word_finding(preferred[faulty[-1].key].words, faulty[-1], sound[-1]))
        return findings

    def _captions(self, photos: Sequence[Item], others: Sequence[Item]) -> Captions:
        """Only where a caption is asked; a document with pictures may hold its own words and those of others."""
        if self._requirement.category != "photo" and "caption" not in self._requirement.checks:
            return Captions()
        digests = self._worded | {item.digest for item in photos}
        # a document that answers the photos of another requirement has words for those only
        documents = [item for item in others if item.digest not in digests]
        documents += [item for item in photos if not isinstance(item.facts, ImageFacts)]
        # a photo sent again with its caption is the same photo: every copy may lend it words
        copies = [item for item in self._sent if item.digest in digests and isinstance(item.facts, ImageFacts)]
        return find_captions(copies, documents, self._texts)

    def _case(self, items: tuple[Item, ...], others: tuple[Item, ...], captions: Captions) -> Case:
        return Case(
            requirement=self._requirement,
            items=items,
            others=others,
            texts=self._texts,
            captions=captions.found,
            form=self._form,
            unit_names=self._names,
            deadline=self._due,
        )

    def _weigh(self, item: Item, others: tuple[Item, ...], captions: Captions) -> list[Finding]:
        """What the checks of single pieces say; nothing more about a piece that could not be read."""
        if isinstance(item.facts, LinkFacts):
            return [link_finding(item, item.facts, self._requirement, self._now)]
        case = self._case((item,), others, captions)
        findings: list[Finding] = []
        for check, settings in self._checks:
            if not check.per_item:
                continue
            said = [_cited(finding, self._requirement, check) for finding in check.run(settings, case)]
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
            _cited(finding, self._requirement, check)
            for check, settings in self._checks
            if not check.per_item
            for finding in check.run(settings, case)
            if finding.code not in silent
        ]


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


def _cited(finding: Finding, requirement: Requirement, check: Check) -> Finding:
    """With the words behind this very check, where they stand elsewhere than the requirement's clause."""
    clause = requirement.clauses.get(check.kind)
    return msgspec.structs.replace(finding, clause=clause) if clause and not finding.clause else finding


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
