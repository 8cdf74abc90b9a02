"""What changed in a roster since the last run, kept in the history: who may speak for a unit is a decision too."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec

from intake.decisions import note_deed
from intake.office import Office
from rules.unit import Unit
from storage import board

NAMED = 10
"""Units that are named one by one."""


def note_rosters(office: Office, now: datetime) -> None:
    """Take down each roster that is another than before."""
    for id, campaign in office.campaigns.items():
        prints = {code: _print(unit) for code, unit in campaign.units.items()}
        whole = hashlib.sha256(msgspec.json.encode(prints)).hexdigest()
        with office.database.reading() as session:
            if board.known_fact(session, f"roster:{id}") == whole:
                continue
            before = board.known_fact(session, f"roster-units:{id}")
        with office.database.writing() as session:
            board.set_fact(session, f"roster:{id}", whole)
            board.set_fact(session, f"roster-units:{id}", msgspec.json.encode(prints).decode())
            if before:
                told = _changes(msgspec.json.decode(before, type=dict[str, str]), prints, campaign.units)
                note_deed(session, id, "roster", now, "配置", note=told)


def _print(unit: Unit) -> str:
    return hashlib.sha256(msgspec.json.encode(msgspec.to_builtins(unit))).hexdigest()[:12]


def _changes(before: Mapping[str, str], after: Mapping[str, str], units: Mapping[str, Unit]) -> str:
    """In words, units by name where they are still there."""
    groups = {
        "新增": [code for code in after if code not in before],
        "删去": [code for code in before if code not in after],
        "改动": [code for code in after if code in before and before[code] != after[code]],
    }
    return "；".join(
        f"{word} {len(codes)} 家："
        + "、".join(units[code].name if code in units else code for code in codes[:NAMED])
        + ("等" if len(codes) > NAMED else "")
        for word, codes in groups.items()
        if codes
    )
