"""A campaign against what a careful person would find: every difference in words."""

from __future__ import annotations

import email
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from email import policy
from typing import Any

from benchmarks.campaign import Campaign, UnitTruth


def differences(
    made: Campaign,
    status: Mapping[str, Any],
    mails: Sequence[Mapping[str, Any]],
    letters: Sequence[bytes],
    not_older_than: timedelta,
) -> list[str]:
    """What is wrong in the program's answers, one line each; empty when everything agrees."""
    (notice,) = status["notices"]
    found = {unit["code"]: unit for unit in notice["units"]}
    lines = [line for code, truth in made.truth.units.items() for line in _unit(code, truth, found[code])]
    lines += _mails(made, mails)
    lines += _letters(made, letters, not_older_than)
    lines += [f"mailbox: {count}" for count in status["mailboxes"] if count["missing"]]
    return lines


def _unit(code: str, truth: UnitTruth, found: Mapping[str, Any]) -> Iterator[str]:
    where = f"unit {code} ({truth.about})"
    if found["state"] != truth.state:
        yield f"{where}: state {found['state']}, expected {truth.state}"
    if found["late"] != truth.late:
        yield f"{where}: late {found['late']}, expected {truth.late}"
    by_id = {one["id"]: one for one in found["requirements"]}
    for id, expected in truth.requirements.items():
        one = by_id[id]
        codes = {f["code"] for f in one["findings"] if f["outcome"] in ("fail", "unsure")}
        if one["state"] != expected.state:
            said = [f["says"] for f in one["findings"]]
            yield f"{where} {id}: {one['state']}, expected {expected.state}: {said}"
        if expected.codes - codes and one["required"]:
            yield f"{where} {id}: codes {codes} lack {expected.codes - codes}"
        if codes - expected.codes - expected.may:
            yield f"{where} {id}: codes {codes}, unexpected {codes - expected.codes - expected.may}"


def _mails(made: Campaign, mails: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    by_id = {mail["message_id"]: mail for mail in mails if mail["class"] != "loop"}
    if len(by_id) != len(made.truth.mails):
        yield f"{len(by_id)} mails listed, {len(made.truth.mails)} were delivered"
    for id, truth in made.truth.mails.items():
        mail = by_id.get(id)
        if mail is None:
            yield f"mail {id} ({truth.about}) is not listed"
            continue
        where = f"mail {id} ({truth.about}; {mail['reason']})"
        if mail["class"] != truth.klass:
            yield f"{where}: class {mail['class']}, expected {truth.klass}"
        if mail["state"] not in truth.states:
            yield f"{where}: state {mail['state']}, expected {set(truth.states)}"
        counted = mail["unit"] if mail["state"] == "processed" else None
        if (truth.unit is not None and counted != truth.unit) or (truth.unit is None and counted is not None):
            yield f"{where}: unit {counted}, expected {truth.unit}"


def _letters(made: Campaign, letters: Sequence[bytes], not_older_than: timedelta) -> Iterator[str]:
    to = [str(email.message_from_bytes(raw, policy=policy.default)["To"]).lower() for raw in letters]
    oldest: datetime = made.as_of - not_older_than
    allowed = {address for unit in made.truth.units.values() for address in unit.letter_to}
    for stranger in set(to) - allowed:
        yield f"a letter went to {stranger}"
    for code, unit in made.truth.units.items():
        number = sum(to.count(address) for address in unit.letter_to)
        wanted = int(unit.answerable is not None and unit.answerable >= oldest)
        if number != wanted:
            yield f"unit {code} ({unit.about}): {number} letters, expected {wanted}"
