"""Links from the workbook to the saved files: relative, made by us alone, never from words of a mail."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from intake.tracker.cells import link_target
from intake.view import UnitRow
from rules.verdict import File


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
