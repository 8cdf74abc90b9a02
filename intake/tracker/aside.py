"""Safe writing: aside in the same folder, made durable, renamed; never a half-written workbook.

The same content gives the same bytes: times inside the file are those of the board, not of the clock.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from intake.copies import AUTHOR
from intake.tracker.spool import BookWriter, Rows

_MERGE: Final = re.compile(rb"(<mergeCells[^>]*>)(.*?)(</mergeCells>)", re.DOTALL)


class _Archive(ZipFile):
    """A zip whose entries carry one given time, and whose sums carry their values.

    openpyxl writes formulas without a value; programs that only read (previews on a phone, calamine)
    would show nothing.
    """

    def __init__(self, file: IO[bytes], moment: datetime, sums: Mapping[str, Mapping[str, float]]) -> None:
        super().__init__(file, "w", ZIP_DEFLATED, allowZip64=True)
        self._date_time = (max(moment.year, 1980), *moment.timetuple()[1:6])
        self._sums = sums
        self._inserts: dict[str, tuple[bytes, Iterable[bytes]]] = {}

    def _info(self, name: str) -> ZipInfo:
        info = ZipInfo(name, self._date_time)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info

    def insert(self, name: str, mark: bytes, pieces: Iterable[bytes]) -> None:
        """Put `pieces` behind the first `mark` of the part that will be written under that name."""
        self._inserts[name] = mark, pieces

    def stream(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a part piece by piece."""
        with self.open(self._info(name), "w") as goal:
            for piece in pieces:
                goal.write(piece)

    def writestr(self, zinfo_or_arcname: Any, data: Any, *args: Any, **options: Any) -> None:
        name = str(zinfo_or_arcname)
        mark, pieces = self._inserts.pop(name, (b"", ()))
        if mark:
            head, mark, tail = data.partition(mark)
            self.stream(name, chain((head, mark), pieces, (tail,)))
            return
        super().writestr(self._info(name), data)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **options: Any) -> None:
        name = str(arcname or filename).lstrip("/")
        sums = self._sums.get(name)
        if sums is not None or name in self._inserts:
            self.writestr(name, _polished(Path(filename).read_bytes(), sums or {}))
            return
        info = self._info(name)
        info.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as source, self.open(info, "w") as goal:
            shutil.copyfileobj(source, goal, 1 << 20)


def _polished(xml: bytes, sums: Mapping[str, float]) -> bytes:
    for coordinate, value in sums.items():
        pattern = rb'(<c r="%s"[^>]*><f>[^<]*</f>)<v\s*(?:/>|></v>)' % coordinate.encode()
        xml = re.sub(pattern, rb"\g<1><v>%s</v>" % repr(value).encode(), xml, count=1)
    return _MERGE.sub(_sorted_merges, xml)


def _sorted_merges(found: re.Match[bytes]) -> bytes:
    # openpyxl keeps merged ranges in a set, whose order differs from run to run
    return found[1] + b"".join(sorted(re.findall(rb"<mergeCell [^>]*>", found[2]))) + found[3]


def save(
    workbook: Any,
    path: Path,
    moment: datetime,
    sums: Mapping[str, Mapping[str, float]],
    rows: Mapping[str, Rows],
) -> Path:
    """Write the workbook beside `path` under a passing name, durable; returns that name. Raises OSError.

    The name is always the same, so that what a power cut left behind is overwritten.

    `sums` gives the value of each sum by sheet and coordinate, `rows` the rows of our lists by sheet; these are
    closed.
    """
    naive = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    workbook.properties.created = workbook.properties.modified = naive
    workbook.properties.creator = workbook.properties.lastModifiedBy = AUTHOR
    parts = {
        f"xl/worksheets/sheet{number}.xml": sums[sheet.title]
        for number, sheet in enumerate(workbook.worksheets, 1)
        if sheet.title in sums
    }
    temporary = path.with_name(f".{path.stem}.tmp")
    try:
        with temporary.open("wb") as file:
            archive = _Archive(file, naive, parts)
            try:
                BookWriter(workbook, archive, rows).save()
            except BaseException:
                archive.fp = None  # half written: nothing more goes into the file when it is collected
                raise
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        for one in rows.values():
            one.close()
    return temporary


def copy_aside(source: Path, path: Path) -> Path:
    """A durable copy of `source` beside `path` under a passing name. Raises OSError, and leaves nothing then."""
    temporary = path.with_name(f".{path.stem}.tmp")
    try:
        with source.open("rb") as old, temporary.open("wb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
            new.flush()
            os.fsync(new.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def settle(temporary: Path, path: Path) -> bool:
    """Rename into place. False when the place is taken by a program that has it open, or by a folder."""
    try:
        temporary.replace(path)
    except (PermissionError, IsADirectoryError):
        return False
    _sync_folder(path.parent)
    return True


def remove(path: Path) -> None:
    """Delete a workbook of ours; one that is open stays for the next time."""
    with contextlib.suppress(PermissionError, FileNotFoundError):
        path.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there, and the file system orders renames itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
