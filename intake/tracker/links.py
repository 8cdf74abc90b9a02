"""Links from the workbook to the saved files: relative, made by us alone, never from words of a mail."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from intake.tracker.cells import link_target
from intake.tracker.style import width
from intake.tracker.table import Entry
from intake.view import UnitRow
from rules.verdict import File


def named(name: str, target: str, widest: float) -> Entry:
    """A file's name as a link. Links are not wrapped by every program: a long name is cut in the middle, and
    stands whole in the comment.
    """
    if not target or width(name) <= widest - 3:
        return Entry(name, link=target)
    stem, dot, suffix = name.rpartition(".")
    end = f"{dot}{suffix}" if stem and len(suffix) <= 5 else ""
    stem = stem if end else name
    head, tail = stem, stem[-4:]
    while head and width(f"{head}…{tail}{end}") > widest - 3:
        head = head[:-1]
    return Entry(f"{head}…{tail}{end}", link=target, comment=name)


class Links:
    """Makes link targets relative to the folder that the workbook lies in."""

    def __init__(self, data_dir: Path, workbook: Path) -> None:
        try:
            self._up = os.path.relpath(data_dir, workbook.parent).replace(os.sep, "/")
        except ValueError:  # Windows: on another drive there is no relative way
            self._up = ""

    def to(self, relative: str) -> str:
        """Target for a path below the data folder; "" when there is none or it would lead elsewhere."""
        if not relative or not self._up or "\\" in relative or ":" in relative:
            return ""
        parts = [part for part in relative.split("/") if part not in ("", ".")]
        if relative.startswith("/") or ".." in parts:
            return ""
        return link_target("/".join((self._up, *parts)))

    def to_files(self, row: UnitRow, files: tuple[File, ...]) -> str:
        """Target for the files of one requirement: the file, or their common folder when there are several."""
        saved = [row.saved[file.key] for file in files if file.key in row.saved]
        if not saved:
            return ""
        folders = {str(PurePosixPath(path).parent) for path in saved}
        if len(saved) > 1 and len(folders) == 1:
            return self.to(folders.pop())
        return self.to(saved[0])
