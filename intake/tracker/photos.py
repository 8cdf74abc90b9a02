"""图片: every picture that answers a requirement, as a thumbnail, with its measures, its caption and the verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from intake import words
from intake.tracker.links import Links, named
from intake.tracker.pictures import thumbnail
from intake.tracker.problems import numbered
from intake.tracker.table import Column, Entry, Row, Table
from intake.view import Board, UnitRow
from rules.verdict import File, Standing
from rules.words import Latin, count

_NAME: Final = 20.0
"""Width of the column of names."""
MOST: Final = 2_000
"""Thumbnails in one workbook: more would make it too heavy to send or open."""


def photos_table(board: Board, links: Links) -> Table:
    """The sheet as a table."""
    return Table(
        name="图片",
        key="编号",
        freeze=3,
        columns=(
            Column(header="编号", hidden=True),
            Column(header="代码", widest=16),
            Column(header="单位", widest=26, narrowest=16),
            Column(header="缩略图", align="center", narrowest=19, widest=19),
            Column(header="文件", widest=_NAME, narrowest=16),
            Column(header="像素", align="center", narrowest=13),
            Column(header="大小", align="center", narrowest=10),
            Column(header="图片说明", widest=38, narrowest=30),
            Column(header="说明字数", align="center", form="0"),
            Column(header="结论", align="center", narrowest=9),
            Column(header="问题", widest=28, narrowest=22),
        ),
        rows=numbered(_limited(board, links)),
    )


def _limited(board: Board, links: Links) -> Iterator[Row]:
    shown = 0
    latin: defaultdict[str, Latin] = defaultdict(lambda: "word")
    latin.update({r.id: r.checks.get("caption", {}).get("latin", "word") for r in board.notice.requirements})
    for unit in board.units:
        for standing in unit.verdict.standings:
            for file in standing.files:
                if standing.category != "photo" and file.key not in unit.images:
                    continue
                picture = thumbnail(board.blob, file.thumbnail) if shown < MOST else None
                shown += picture is not None
                yield _row(unit, standing, file, links, picture, latin=latin[standing.id], full=shown >= MOST)


def _row(
    unit: UnitRow, standing: Standing, file: File, links: Links, picture: bytes | None, *, latin: Latin, full: bool
) -> Row:
    facts = unit.images.get(file.key)
    verdict, tone, why = picture_verdict(standing, file)
    caption = file.caption or ""
    absent = "图片过多，未嵌入" if full else "无缩略图"
    return Row(
        f"{unit.unit.code}|{standing.id}|{file.key}",
        [
            Entry(unit.unit.code),
            Entry(unit.unit.name),
            Entry("" if picture is not None else absent, "plain-quiet"),
            named(file.name, links.to(unit.saved.get(file.key, "")), _NAME),
            Entry(f"{facts.width}×{facts.height}" if facts is not None else "—"),
            Entry(words.size(file.size)),
            Entry(caption) if caption else Entry("（无说明）", "plain-quiet"),
            Entry(count(caption, latin)),
            Entry(verdict, tone),
            Entry(why),
        ],
        picture,
    )


def picture_verdict(standing: Standing, file: File) -> tuple[str, str, str]:
    """The worst that was found about this picture, with all of it as text."""
    if standing.state == "waived":
        return "免报", "waived", ""
    about = [f for f in standing.findings if f.outcome != "pass" and _is_about(f.about, f.file, file)]
    for outcome in ("fail", "unsure", "note"):
        if any(finding.outcome == outcome for finding in about):
            word, tone = words.OUTCOME[outcome]
            return word, tone, "\n".join(finding.says for finding in about)
    return "合格", "good", ""


def _is_about(about: str, name: str, file: File) -> bool:
    return about == file.key if about else bool(name) and name == file.name
