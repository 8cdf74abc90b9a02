"""Where the workbooks lie, and which old ones were kept beside them for the coordinator to look at."""

from __future__ import annotations

import glob
import re
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from intake.copies import edited
from intake.office import Campaign, Office
from intake.view import Todo
from storage import board

_BOOK = "book-of:"


def tracker_path(office: Office, campaign: Campaign) -> Path:
    """Where the tracker of this notice lies: 台账.xlsx for the first one, 台账-ID.xlsx where several run.

    A notice keeps its workbook, with what she wrote in it, when others are added or taken out.
    """
    id, folder = campaign.notice.id, office.data_dir / "tracker"
    with office.database.reading() as session:
        names = board.facts(session, _BOOK)
        written = board.known_fact(session, f"tracker:{id}") is not None
    if _BOOK + id in names:
        return folder / names[_BOOK + id]
    own, plain = folder / f"台账-{id}.xlsx", folder / "台账.xlsx"
    free = plain.name not in names.values()
    before = written and plain.is_file() and not own.is_file()
    return plain if free and (len(office.campaigns) == 1 or before) else own


def keep_path(office: Office, campaign: Campaign) -> None:
    """Remember where the tracker of this notice lies."""
    name = tracker_path(office, campaign).name
    with office.database.writing() as session:
        board.fact(session, _BOOK + campaign.notice.id, name)


def note_kept(office: Office, name: str, lost: str) -> None:
    """Remember why an old workbook was kept, for 待办."""
    with office.database.writing() as session:
        board.set_fact(session, f"book:{name}", lost)


_KEPT = {
    "原件": ("台账里的{lost}不能带入新台账，已另存为“{name}”", "请把需要的图表、图片等复制到您自己加的工作表中"),
    "无法读取": ("原台账无法读取，已另存为“{name}”", "请核对其中的手工内容"),
    "较新": (
        "存盘的台账是旧版本，较新的一份已另存为“{name}”",
        "其中的填写内容已并入台账，请核对；您自己加的工作表如有缺少，请从中复制",
    ),
    "非台账": ("放在“{book}”处的另一份文件已移为“{name}”", "台账已按副本恢复，请核对"),
}
"""What to say of a workbook that is kept beside the tracker, and what she can do, by the reason in its name."""


def kept_books(session: Session, office: Office, campaign: Campaign, done: Collection[str]) -> Iterator[Todo]:
    """A row for each workbook beside the tracker that holds what it may not, until she is done with it."""
    path = tracker_path(office, campaign)
    pattern = re.compile(
        rf"{re.escape(path.stem)}\.({'|'.join(_KEPT)})-(\d{{8}}-\d{{6}})(-\d+)?{re.escape(path.suffix)}"
    )
    for old in sorted(path.parent.glob(f"{glob.escape(path.stem)}.*{path.suffix}")):
        found = pattern.fullmatch(old.name)
        if found is None or f"book:{old.name}" in done:
            continue
        lost = board.known_fact(session, f"book:{old.name}") or "部分内容"
        what, remedy = _KEPT[found[1]]
        yield Todo(
            key=f"book:{old.name}",
            kind="kept-book",
            since=_since(found[2], office),
            unit="",
            text=f"{what.format(lost=lost, name=old.name, book=path.name)}（在台账旁边）。{remedy}，办完选“已处理”。",
        )
    for old in edited(path):
        saved = int(old.stat().st_mtime)
        if f"book:{old.name}@{saved}" not in done:
            yield Todo(
                key=f"book:{old.name}@{saved}",
                kind="kept-book",
                since=datetime.fromtimestamp(saved, office.tz),
                unit="",
                text=f"“{old.name}”只是副本，您在其中保存的修改没有并入台账。"
                f"请把需要的内容填入“{path.name}”，办完选“已处理”。",
            )


def _since(stamp: str, office: Office) -> datetime:
    try:
        return datetime.strptime(stamp, "%Y%m%d-%H%M%S").replace(tzinfo=office.tz)
    except ValueError:  # a name that only looks like one of ours
        return datetime.fromtimestamp(0, office.tz)
