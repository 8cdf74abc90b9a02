"""The invented notices are understood as their labels say: date, mailbox, contact, items and every limit."""

from __future__ import annotations

import pytest

from rules.compile.assemble import compile_notice
from rules.compile.schema import draft_json
from tests.rules.compile.labelled import NAMES, faults, label_of, pair, plain, text_of


def test_there_are_enough_of_them() -> None:
    assert len(NAMES) >= 25


@pytest.mark.parametrize("name", NAMES)
def test_date_mailbox_contact(name: str) -> None:
    label, found = label_of(name), draft_json(compile_notice(text_of(name)))
    assert found["deadline"] == label.get("deadline")
    assert found["mailbox"] == label.get("mailbox")
    contact = label.get("contact", {})
    assert found["contact"]["phone"] == contact.get("phone")
    assert plain(found["contact"]["name"]) == plain(contact.get("name"))
    assert plain(found["subject_rule"]) == plain(label.get("subject_rule"))
    assert [plain(one) for one in found["addressees"]] == [plain(one) for one in label.get("addressees", [])]


@pytest.mark.parametrize("name", NAMES)
def test_items_and_limits(name: str) -> None:
    label, found = label_of(name), draft_json(compile_notice(text_of(name)))
    pairs = pair(label["items"], found["items"])
    told = [f"{wanted['name']}: not found" for wanted, one in pairs if one is None]
    told += [fault for wanted, one in pairs if one is not None for fault in faults(wanted, one)]
    known = [one for _, one in pairs if one is not None]
    told += [f"{one['name']}: not asked for" for one in found["items"] if not any(one is other for other in known)]
    assert not told


@pytest.mark.parametrize("name", NAMES)
def test_every_quotation_is_verbatim(name: str) -> None:
    text, draft = text_of(name), compile_notice(text_of(name))
    for item in draft.items:
        assert item.clause and item.clause in text
        assert all(rule.clause in text for rule in item.rules.values())
    assert draft.deadline_clause in text
