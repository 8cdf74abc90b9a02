"""A requirement that nothing answers: what is said of it, and when a person must look before anybody is blamed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from rules.facts import TableFacts
from rules.finding import Finding
from rules.item import Item, Text
from rules.notice import Requirement
from rules.placing.place import Placement
from rules.placing.written import is_written
from rules.sayings import (
    maybe_finding,
    missing_finding,
    only_unit_can_open,
    typed_finding,
    written_finding,
)
from rules.tables.typed import is_typed_in
from rules.verdict import RequirementState, Standing


def unanswered(
    requirement: Requirement,
    maybe: Sequence[tuple[Item, Placement]],
    form: TableFacts | None,
    texts: Sequence[Text],
    sent: Sequence[Item],
    taken: Sequence[Finding] = (),
) -> Standing:
    """Nothing came for it, or something that might be it: then a person looks before anybody is blamed.

    `taken`: what there was and the unit took back.
    """
    name = requirement.name
    if taken:
        findings = [*taken, *(maybe_finding(item, name) for item, _ in maybe)]
        state: RequirementState = "unsure" if requirement.required or maybe else "missing"
    elif maybe:
        locked = requirement.required and all(only_unit_can_open(item) for item, _ in maybe)
        findings = [maybe_finding(item, name, locked=locked) for item, _ in maybe]
        state = "problem" if locked else "unsure"
    elif is_typed_in(form, texts):
        findings = [typed_finding(requirement)]
        state = "unsure"
    elif (written := is_written(requirement, texts, sent)) != "no":
        findings = [written_finding(requirement, clear=written == "clear")]
        state = "problem" if written == "clear" and requirement.required else "unsure"
    else:
        findings = [missing_finding(requirement)]
        state = "missing"
    return Standing(
        id=requirement.id,
        name=name,
        category=requirement.category,
        required=requirement.required,
        state=state,
        findings=tuple(with_clause(f, requirement) for f in findings),
    )


def with_clause(finding: Finding, requirement: Requirement) -> Finding:
    """The finding with the clause of the notice that asks for it."""
    return finding if finding.clause else msgspec.structs.replace(finding, clause=requirement.clause)
