"""The files beside a tracker: copies of days, those written while it was open elsewhere; who saved each, and when."""

from __future__ import annotations

import glob
import html
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import BadZipFile, ZipFile

AUTHOR: Final = "收齐"
"""Who made what we write, in workbooks and comments; anybody else is a person."""
DAY: Final = r"\d{4}-\d{2}-\d{2}"
"""How the name of a copy of a day ends."""
MINUTE: Final = r"\d{4}(-\d{1,2})?"
"""How the name of a workbook ends that was written beside the one that was open."""


def stamp(path: Path) -> str:
    """Changes whenever somebody saves the file; "" when there is none."""
    if not path.is_file():
        return ""
    found = path.stat()
    return f"{found.st_mtime_ns}:{found.st_size}"


def named(path: Path, end: str) -> list[Path]:
    """Workbooks beside this one whose names go on with `end`."""
    pattern = re.compile(rf"{re.escape(path.stem)}-{end}{re.escape(path.suffix)}")
    beside = path.parent.glob(f"{glob.escape(path.stem)}-*{path.suffix}")
    return sorted(one for one in beside if pattern.fullmatch(one.name))


class Origin(NamedTuple):
    """What a workbook says of itself (ECMA-376 part 2, 11: core properties)."""

    by: str = ""
    """Who saved it last; ours is `AUTHOR`."""
    created: datetime | None = None
    """`as_of` of the board that we wrote into it: programs keep it when they save."""
    modified: datetime | None = None


def origin(path: Path) -> Origin:
    """Who saved the workbook last, and from when what it tells is; empty when it does not say."""
    try:
        with ZipFile(path) as archive:
            core = archive.read("docProps/core.xml").decode("utf-8", "replace")
    except (OSError, KeyError, BadZipFile):
        return Origin()
    by = re.search(r"<cp:lastModifiedBy>([^<]{0,200})<", core)
    return Origin(html.unescape(by[1]).strip() if by else "", _time(core, "created"), _time(core, "modified"))


def _time(core: str, name: str) -> datetime | None:
    found = re.search(rf"<dcterms:{name}[^>]*>([^<]{{0,40}})<", core)
    try:
        moment = datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def untouched(path: Path) -> bool:
    """True when nobody but us has saved the workbook: then it holds nothing of hers that ours lack."""
    found = origin(path)
    return found.by == AUTHOR and found.created is not None and found.created == found.modified


class Copy(NamedTuple):
    """A copy of a day."""

    path: Path
    written: datetime
    """From when what it tells is."""


def newest_copy(path: Path, now: datetime) -> Copy | None:
    """The newest copy of a day that is not from after `now`, which a rehearsal may have left; None without one."""
    for old in reversed(named(path, DAY)):
        written = origin(old).created
        if written is not None and written <= now:
            return Copy(old, written)
    return None


def stale(path: Path, written: datetime | None, now: datetime) -> Path | None:
    """The copy that is newer than the workbook in its place, which somebody put back then; None where all is well.

    While the workbook is open elsewhere the copies run ahead of it, and a workbook beside it tells so.
    """
    copy = newest_copy(path, now)
    if written is None or copy is None or written >= copy.written:
        return None
    ahead = (origin(one).created for one in named(path, MINUTE))
    return None if any(one is not None and one >= copy.written for one in ahead) else copy.path


def edited(path: Path) -> list[Path]:
    """Copies of days, and workbooks beside the taken one, that she saved herself."""
    return [one for one in (*named(path, DAY), *named(path, MINUTE)) if not untouched(one)]
