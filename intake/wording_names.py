"""Which names a wording file of a letter to a unit may use, with a value of each for trying a changed file out.

docs/letters.md tells what each is; a test compares that page, these tables, and what the letters are really given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from intake.letterparts import Accepted, Entry, Thumbnail, View
from intake.letterpoints import Point

_SITUATION: Mapping[str, object] = {
    "title": "《关于报送材料的通知》（云质办〔2022〕18号）",
    "tone": "owe",
    "counted": "应报 4 项：已合格 2 项，未收到 2 项",
    "owed": 2,
    "left": 3,
    "overdue": False,
    "until": "10月12日前（含当日）",
    "apart": False,
    "subject": "关于报送材料的通知",
}
NAMES: Mapping[str, Mapping[str, object]] = {
    "reply": {
        **_SITUATION,
        "changed": False,
        "decided": False,
        "absent": "",
        "mistaken": "",
        "when": "10月8日09:30",
        "mails": "邮件",
        "some_fine": True,
        "strangers": False,
    },
    "reminder": {**_SITUATION, "tier": "plain", "came": True, "part": False, "copied": False},
    "link": {"title": "《通知》", "listed": "“短片.mp4”10月8日10:00到期", "subject": "通知"},
    "hold": {"when": "10月8日09:30", "mails": "邮件", "subject": "材料"},
    "limit": {"subject": "材料"},
    "question": {"when": "10月8日09:30", "subject": "材料"},
}
"""By the name of the file without `.j2`."""
_SHORT = ("link", "limit", "question")
"""Letters that tell no verdict on material: the wording has their first line."""
BLOCKS: Mapping[str, tuple[str, ...]] = {
    kind: ("subject", *(("verdict",) if kind in _SHORT else ()), "opening", "summary", "closing") for kind in NAMES
}
LAYOUTS = ("letter.txt.j2", "letter.html.j2")
"""The two that lay out the same `view`; the office changes both or none."""


def files() -> tuple[str, ...]:
    """The templates that an office may change."""
    return (*(f"{kind}.j2" for kind in NAMES), *LAYOUTS)


def views() -> tuple[View, ...]:
    """Letters in which everything is there, and in which nothing is, for trying a layout out."""
    point = Point(label="问题", says="太小。", rule="实际：800；要求：1024。", cure="办法", fix="请发原图。")
    full = {one.name: "文字" for one in fields(View)}
    entry = Entry(
        **{one.name: "文字" for one in fields(Entry)}  # type: ignore[arg-type]  # the others follow
        | {"tone": "owe", "points": (point,), "pictures": (Thumbnail(cid="a@b", name="图"),)}
    )
    line = Accepted(**{one.name: "文字" for one in fields(Accepted)})
    lists = {
        "entries": (entry,),
        "receipt": (line,),
        **dict.fromkeys(("changes", "tips", "strangers", "contact"), ("文字",)),
    }
    whole = View(**full | {"tone": "owe"} | lists)  # type: ignore[arg-type]  # each of its own type
    return whole, View(tone="done", verdict="", unit="", opening="", summary="")
