"""A consistent copy of everything in one zip, made while the service runs.

The database is copied by SQLite's own backup while nobody may write, and the journal up to that moment with it; blobs
are never changed or deleted, so those that the copy refers to can be added afterwards.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from intake import __version__
from intake.notices import BUILTIN
from intake.office import Office
from intake.turns import backing_up
from storage.copying import copy_file
from storage.database import sqlite_file
from storage.durable import sync_file, sync_folder
from storage.errors import Refused, Temporary, on_disk
from storage.examine import damaged
from storage.tables import SCHEMA_VERSION

MANIFEST = "manifest.json"
PRESSED = (".db", ".jsonl", ".toml", ".csv", ".txt", ".html")
"""Files that become much smaller; mails and attachments are stored as they are, which is quicker."""
SLICE = 1 << 20


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the backup."""

    path: str
    """In the zip, as below the folder of the settings file; `elsewhere/…` for what lies outside of it."""
    origin: str
    """Where it lay, absolute."""
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the backup holds."""

    program: str
    schema: int
    made_at: datetime
    database: bool
    """False when the database is not SQLite: then it is not in here."""
    files: tuple[Member, ...]


def backup(office: Office, settings: Path, target: Path, now: datetime) -> Manifest:
    """Write the backup to `target`, whole or not at all. Refused when something is there already.

    `settings`: the settings file of this office.
    """
    if target.exists():
        raise Refused(f"{target} 已存在。请另取一个文件名，或先移走它。")
    if not target.parent.is_dir():
        raise Refused(f"文件夹 {target.parent} 不存在。请先建立它。")
    with on_disk(target, "再执行一次。"), backing_up(office.config), scratch(office, target.parent) as folder:
        database = _snapshot(office, folder)
        aside = folder / "backup.zip"
        aside.touch(mode=0o600)
        with zipfile.ZipFile(aside, "w", allowZip64=True) as archive:
            members = tuple(_written(archive, office, settings, folder, now))
            made = Manifest(
                program=__version__, schema=SCHEMA_VERSION, made_at=now, database=database, files=members
            )  # fmt: skip
            archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(made)))
        sync_file(aside)
        aside.replace(target)
        sync_folder(target.parent)
    return made


@contextmanager
def scratch(office: Office, beside: Path) -> Iterator[Path]:
    """A hidden folder for what is unfinished. One that is there is of a backup of ours that was killed: only this data
    folder knows the name, not even one restored from its backup, and it makes one backup at a time."""
    place = hashlib.sha256(str(office.data_dir.resolve()).encode()).hexdigest()[:8]
    folder = beside / f".shouqi-backup-{office.instance}-{place}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _snapshot(office: Office, folder: Path) -> bool:
    """Copy database and journal as of one moment into `folder`; False when the database is not SQLite."""
    file, journal = sqlite_file(office.config.database_url), office.config.journal_file
    with office.database.writing():  # nobody writes until both are fixed
        if file is not None:
            copy_file(file, folder / "database")
        size = journal.stat().st_size
    with journal.open("rb") as source_file, (folder / "journal").open("wb") as copied:
        while size:  # what is appended meanwhile belongs to a later moment
            piece = source_file.read(min(size, SLICE))
            copied.write(piece)
            size -= len(piece)
    if file is None:
        return False
    with closing(sqlite3.connect(folder / "database")) as copy:
        answer = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if answer != "ok":
        raise Temporary(damaged(str(answer)))
    return True


def _written(archive: zipfile.ZipFile, office: Office, settings: Path, folder: Path, now: datetime) -> Iterator[Member]:
    """Add every file; yields what was added."""
    config = office.config
    file = sqlite_file(config.database_url)
    sources = {origin: origin for origin in _files(office, settings)}
    if file is not None:
        sources[file] = folder / "database"
    sources[config.journal_file] = folder / "journal"
    for origin, source in sources.items():
        inside = origin.is_relative_to(config.base)
        path = (
            origin.relative_to(config.base).as_posix() if inside else f"elsewhere{origin.as_posix().replace(':', '')}"
        )
        info = zipfile.ZipInfo(path, date_time=max(now.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
        info.compress_type = zipfile.ZIP_DEFLATED if origin.suffix in PRESSED else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with source.open("rb") as content, archive.open(info, "w", force_zip64=True) as member:
            while piece := content.read(SLICE):
                digest.update(piece)
                size += len(piece)
                member.write(piece)
        yield Member(path=path, origin=str(origin), size=size, sha256=digest.hexdigest())


def _files(office: Office, settings: Path) -> Iterator[Path]:
    """What belongs to the office besides database and journal. Passwords are in files of their own and stay out."""
    config = office.config
    yield settings
    for reference, campaign in zip(config.notice, office.campaigns.values(), strict=True):
        if not reference.file.startswith(BUILTIN):
            yield campaign.file
            yield from (campaign.file.parent / one.form for one in campaign.notice.requirements if one.form)
        yield config.resolve(reference.roster)
    yield from (Path(one.ca_file) for one in (config.imap, config.smtp) if one.ca_file)
    folders = [config.blobs_dir, config.data_path / "files", config.data_path / "tracker"]
    if config.letters_folder is not None:
        folders.append(config.letters_folder)
    for folder in folders:
        for one in sorted(folder.rglob("*")):
            if one.is_file() and not one.name.startswith((".", "~$")):
                yield one
