"""Invented notices beside their labels: NAME.txt and NAME.toml. What the tests compare, and how.

A label gives the fields of the notice schema that the notice states; `loose` lists fields of an item about which two
careful readers may differ. `clause` is a part of what must be quoted, or of the sentence it stands in.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from rules.compile.schema import NUMBERS, SWITCHES

FOLDER = Path(__file__).resolve().parent / "notices"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
_SAME = {"docx": "doc", "xlsx": "xls", "pptx": "ppt", "mpg": "mpeg"}


def text_of(name: str) -> str:
    """The notice."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def label_of(name: str) -> dict[str, Any]:
    """Its label."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def plain(text: str | None) -> str:
    """Without spaces and punctuation, for comparing words."""
    folded = (text or "").lower().translate(str.maketrans("，：；（）—–～", ",:;()---"))
    return re.sub(r"[\s《》“”\"、。,.:;()+_|-]+", "", folded)


def pair(
    wanted: list[dict[str, Any]], found: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Each labelled item with the one that was found for it, best match first."""
    left = list(found)
    pairs: list[tuple[dict[str, Any], dict[str, Any] | None]] = []
    for item in wanted:
        best = max(left, key=lambda one: _likeness(item, one), default=None)
        if best is not None and _likeness(item, best) >= 2:
            left.remove(best)
            pairs.append((item, best))
        else:
            pairs.append((item, None))
    return pairs


def _likeness(wanted: dict[str, Any], found: dict[str, Any]) -> float:
    a, b = plain(wanted["name"]), plain(found["name"])
    named = 3.0 if a == b else 2.0 if a in b or b in a else len(set(a) & set(b)) / max(len(a), 1)
    kind = 1.5 if wanted["category"] == found["category"] or "category" in wanted.get("loose", ()) else 0.0
    return named + kind


def faults(wanted: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Limits that are missing, wrong or invented in one item."""
    loose = set(wanted.get("loose", ()))
    told = []
    for field in (*NUMBERS, *SWITCHES):
        a, b = wanted.get(field), found.get(field)
        if field not in loose and (a or None) != (b or None):
            told.append(f"{wanted['name']}.{field}: wanted {a}, found {b}")
    if "naming" not in loose and plain(wanted.get("naming")) != plain(found.get("naming")):
        told.append(f"{wanted['name']}.naming: wanted {wanted.get('naming')}, found {found.get('naming')}")
    a, b = _kinds(wanted.get("formats")), _kinds(found.get("formats"))
    if "formats" not in loose and a != b:
        told.append(f"{wanted['name']}.formats: wanted {sorted(a)}, found {sorted(b)}")
    if "required" not in loose and wanted.get("required", True) != found["required"]:
        told.append(f"{wanted['name']}.required: found {found['required']}")
    return told


def _kinds(formats: list[str] | None) -> set[str]:
    return {_SAME.get(one, one) for one in formats or ()}
