"""Where her cells are taken from: the workbook in its place, or the newest copy of a day where that one fails us.

A workbook that is gone, cannot be read or is another one altogether holds nothing of hers; the copy does. An old
workbook that somebody put over a newer one holds less than the copy: what it lacks is taken from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from intake.copies import newest_copy, stale
from intake.tracker.keep import Recall, SheetHand
from intake.tracker.marks import Lost
from intake.tracker.order import print_of
from intake.tracker.reopen import reopen


def recalled(path: Path, headers: Mapping[str, tuple[str, ...]], now: datetime) -> Recall:
    """Everything of hers; `trouble` says why the workbook at `path` was not enough, `source` which copy helped."""
    recall = reopen(path, headers)
    if recall.trouble == "locked":
        return recall
    if not recall.sheets:
        copy = newest_copy(path, now)
        found = reopen(copy.path, headers) if copy is not None else Recall()
        if copy is None or not found.sheets:
            return recall
        found.trouble = recall.trouble or ("foreign" if path.exists() else "missing")
        found.detail, found.source = recall.detail, copy.path
        return found
    newer = stale(path, recall.written, now)
    found = reopen(newer, headers) if newer is not None else Recall()
    if found.sheets:
        for name, hand in found.sheets.items():
            _complete(name, recall.sheet(name), hand)
        recall.attic += [lost for lost in found.attic if lost not in recall.attic]
        recall.trouble, recall.source = "stale", newer
    return recall


def _complete(name: str, hand: SheetHand, newer: SheetHand) -> None:
    """What the newer one has and this one lacks; where both say something, that of the newer one is put by."""
    hand.columns += [header for header in newer.columns if header not in hand.columns]
    sorted_by_her = print_of(hand.cells) != hand.order
    before = len(hand.cells)
    for key, marks in newer.cells.items():
        label, mine = newer.labels.get(key, ""), hand.cells.setdefault(key, {})
        hand.labels.setdefault(key, label)
        for header, mark in marks.items():
            there = mine.get(header)
            if mark.filled and (there is None or not there.filled):
                mark.style = None  # a number that means something in the other workbook only
                mine[header] = mark
            elif mark.filled and there is not None and there.written != mark.written:
                hand.loose.append(Lost(name, key.lstrip("#"), label, header, mark.written, None))
    if len(hand.cells) > before and not sorted_by_her:
        hand.order = ""
    for key, own in newer.own.items():
        known = hand.own.setdefault(key, own)
        known.notes = {**own.notes, **known.notes}
    hand.loose += newer.loose
