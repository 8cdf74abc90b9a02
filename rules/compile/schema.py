"""The draft as the JSON that `notice compile --json` prints: fields null or empty where the notice says nothing."""

from __future__ import annotations

from typing import Any

from rules.compile.draft import Draft, DraftItem

NUMBERS = (
    "count_min", "count_max", "min_width", "min_height", "max_width", "max_height", "min_long_side", "min_side_px", "min_megapixels", "min_dpi", "min_mb", "max_mb",
    "caption_chars_min", "caption_chars_max", "caption_chars_exact", "words_min", "words_max", "words_approx", "duration_s_min", "duration_s_max",
)  # fmt: skip
"""Fields of an item that hold a number."""
SWITCHES = ("stamp", "scan", "signature")
"""Fields of an item that are true or absent."""


def draft_json(draft: Draft) -> dict[str, Any]:
    """One JSON object; `confidence` 0 to 1 beside the fields, `clauses` the words behind each field of an item."""
    contact = draft.contact
    return {
        "title": draft.title or None,
        "number": draft.number or None,
        "issuer": draft.issuer or None,
        "addressees": list(draft.addressees),
        "deadline": draft.deadline or None,
        "deadlines": list(draft.deadlines),
        "deadline_clause": draft.deadline_clause or None,
        "mailbox": draft.mailbox or None,
        "mailboxes": list(draft.mailboxes),
        "channel": draft.channel,
        "contact": {
            "name": contact.name or None,
            "phone": contact.phone or None,
            "fax": contact.fax or None,
            "org": contact.org or None,
        },
        "subject_rule": draft.subject_rule or None,
        "items": [_item(item, draft.deadline) for item in draft.items],
        "questions": [
            {"path": q.path, "asks": q.asks, "proposed": q.proposed, "clause": q.clause or None}
            for q in draft.questions
        ],
        "confidence": dict(draft.confidence),
    }


def _item(item: DraftItem, deadline: str) -> dict[str, Any]:
    """`required` is false, too, for what is due at another time than the notice as a whole."""
    formats = item.value("formats")
    return {
        "name": item.name,
        "category": item.category,
        "required": item.required and item.deadline in (None, deadline),
        "formats": list(formats) if formats else [],
        "formats_all_required": item.both_formats,
        **{field: item.value(field) for field in NUMBERS},
        **{field: True if item.value(field) else None for field in SWITCHES},
        "deadline": item.deadline,
        "only_for": list(item.only_for),
        "naming": item.value("naming"),
        "clause": item.clause or None,
        "clauses": {field: rule.clause for field, rule in item.rules.items()},
        "soft": sorted(field for field, rule in item.rules.items() if rule.soft),
        "confidence": {"item": item.confidence, **{field: rule.confidence for field, rule in item.rules.items()}},
    }
