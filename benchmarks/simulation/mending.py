"""What a unit sends: rightly, or with the usual flaws; and which flaws the words of a letter tell it to mend."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from benchmarks import pieces
from benchmarks.pieces import Piece
from intake.demo import machines, samples
from intake.demo import materials as m
from intake.demo.clients import Attached
from intake.demo.forms import Fault
from rules.notice import Category
from rules.unit import Unit

MATERIALS: Mapping[Category, str] = {
    "summary": "活动总结",
    "case": "典型案例",
    "photo": "特色活动图片",
    "stat_table": "活动情况统计表",
}
"""What the notice demands, under the names it has there: the units have read it."""

TOLD: Mapping[str, str] = {
    "small": r"像素",
    "png": r"格式",
    "bare": r"文字说明|附上.{0,12}说明",
    "pasted": r"插在|单独发送",
    "text": r"不是数字|应填数字|若干",
    "total": r"合计|不等于|相等",
    "header": r"表头|改动|列名|栏目|空表",
    "short": r"未填|没有填|空白|漏填|尚空",
    "blank": r"未填|没有填|空表|空白",
    "retyped": r"格式|空表",
    "txt": r"格式",
    "link": r"附件",
}
"""By flaw, what a letter must say for the unit to understand it."""


def understood(flaws: Collection[str], words: str) -> frozenset[str]:
    """The flaws that somebody finds who reads these words."""
    return frozenset(flaw for flaw in flaws if re.search(TOLD[flaw], words))


def material(category: Category, unit: Unit, seed: int, flaws: Collection[str] = ()) -> Piece:
    """One material, with these flaws."""
    match category:
        case "photo":
            return _photo(unit, seed, flaws)
        case "stat_table":
            return _table(unit, seed, flaws)
        case "case" if "link" in flaws:
            return _case_by_link(unit, seed)
        case "case":
            return pieces.case(unit, seed)
        case _:
            return _as_text(unit, seed) if "txt" in flaws else pieces.summary(unit, seed)


def caption_only(unit: Unit, seed: int) -> Piece:
    """The words that were missing below the photo."""
    return Piece(what="图片说明", words=f"活动照片1.jpg：{m.caption(unit, seed)}")


def _photo(unit: Unit, seed: int, flaws: Collection[str]) -> Piece:
    def files() -> list[Attached]:
        photo = m.photo(unit, 10 * seed + 1, width=1200, height=900, name="活动照片1.jpg")
        if "png" in flaws:
            photo = m.recoded(photo, width=800 if "small" in flaws else 1100, format="PNG", name="活动照片1.png")
        elif "small" in flaws:
            photo = m.recoded(photo, width=800)
        if "pasted" in flaws:
            words = "" if "bare" in flaws else m.caption(unit, seed)
            return [Attached("活动图片.docx", samples.docx("活动图片", [], pictures=[(photo.data, words)]), m.DOCX)]
        return [photo]

    one = pieces.one_photo(unit, seed, files)
    return replace(one, words="") if {"bare", "pasted"} & set(flaws) else one


def _table(unit: Unit, seed: int, flaws: Collection[str]) -> Piece:
    if "retyped" in flaws:
        rows = [["项目", "数量"], ["开展活动（场）", "12"], ["参与人数（人）", "860"], ["合计", "872"]]
        document = samples.docx("活动情况统计表", [], tables=[rows])
        return Piece(what="活动情况统计表", files=lambda: [Attached("活动情况统计表.docx", document, m.DOCX)])
    faults: tuple[Fault, ...] = ("text", "total", "header", "short", "blank")
    return pieces.table_form(unit, seed, next((fault for fault in faults if fault in flaws), ""))


def _as_text(unit: Unit, seed: int) -> Piece:
    words = f"{unit.name}2022年“质量月”活动总结\n{unit.short}高度重视，开展活动{seed + 3}场，取得良好效果。\n" * 4
    return Piece(what="活动总结", files=lambda: [Attached("质量月活动总结.txt", words.encode("gbk"), m.TXT)])


def _case_by_link(unit: Unit, seed: int) -> Piece:
    def html(text: str) -> str:
        key = f"{seed}{unit.code}c7" * 6
        return machines.qq_big_attachment(
            text, name="典型案例.docx", size="46.2M", expires="2022年12月10日 09:00", key=key
        )

    return Piece(what="典型案例", html=html)
