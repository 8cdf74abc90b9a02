"""The archive package of one notice: materials, raw mails, register, statistics, album, closing report, manifest, zip.

Imports openpyxl and python-docx: import it inside the command that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from intake import letterwords
from intake.export.archive import ZIP, write_zip
from intake.export.contents import contents
from intake.export.documents import LIST, Document, documents
from intake.export.folder import Counts, Package, claim
from intake.export.manifest import JSON, SUMS, Entry, Manifest, digest_of_value, json_bytes
from intake.export.sheets import write_list
from intake.export.verify import zip_is_sound
from intake.office import Campaign, Office
from intake.sandbox import Limits, Sandbox
from intake.view import Board

MADE_BY = 3
"""Raised when documents look otherwise than before, so that they are made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What came of one run."""

    path: Path
    notice: str
    files: int
    """Files of the package, without the manifests and the zip."""
    counts: Counts
    zip: str
    """Name of the zip, "" when none was wanted."""


def export_package(
    office: Office,
    campaign: Campaign,
    board: Board,
    folder: Path,
    *,
    zipped: bool = True,
    progress: Callable[[int], None] = lambda done: None,
) -> Exported:
    """Bring the package in `folder` up to date. Refused when the folder holds something else.

    OSError when the disk is full or away; what was put in stays, and the next run goes on from there.
    """
    package = claim(folder, board.notice.id)
    entries: list[Entry] = []
    for number, entry in enumerate(contents(board, alone=len(office.campaigns) == 1), 1):
        placed = package.keep(entry, office.blobs) if entry.path else entry
        entries += [placed] if placed is not None else []
        progress(number)
    with Sandbox(workers=1, spool=package.scratch("spool"), limits=Limits()) as sandbox:
        for document in documents(office, campaign, board, entries, sandbox, package.scratch("spool")):
            entries.append(_placed(package, document))
    entries += package.retire([*entries, _named(LIST)])
    name = letterwords.title(board.notice)
    listed = Document(path=LIST, source=[name, entries], build=lambda path: write_list(path, name, entries))
    entries.append(_placed(package, listed))
    _finish(package, board, tuple(entries))
    if not zip_is_sound(folder):
        (folder / ZIP).unlink(missing_ok=True)  # an old one says what is not so any more, and takes the room of the new
        if zipped:
            _zip(package, entries, board)
    package.close()
    files = sum(bool(entry.path) for entry in entries)
    return Exported(path=folder, notice=board.notice.id, files=files, counts=package.counts, zip=ZIP if zipped else "")


def _placed(package: Package, document: Document) -> Entry:
    source = digest_of_value([MADE_BY, document.source])
    return package.document(msgspec.structs.replace(_named(document.path), source=source), document.build)


def _named(path: str) -> Entry:
    return Entry(path=path, sha256="", size=0, kind="document", name=path)


def _finish(package: Package, board: Board, entries: tuple[Entry, ...]) -> None:
    """The manifests; the time in them is that of the last change."""
    manifest = Manifest(
        notice=board.notice.id,
        title=board.notice.title,
        office=board.office,
        as_of=board.as_of.astimezone(board.tz).isoformat(timespec="seconds"),
        files=entries,
    )
    if package.before is not None and package.before.files == entries:
        manifest = msgspec.structs.replace(manifest, as_of=package.before.as_of)
    package.finish(json_bytes(manifest), {entry.path: entry.sha256 for entry in entries if entry.path})


def _zip(package: Package, entries: Iterable[Entry], board: Board) -> None:
    aside = package.scratch("zip.tmp")
    names = [SUMS, JSON, *sorted(entry.path for entry in entries if entry.path)]
    write_zip(package.root, names, aside, board.as_of.astimezone(board.tz))
    package.replace_zip(ZIP, aside)
