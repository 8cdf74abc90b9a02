"""Bytes under their digest: raw mails, attachments, thumbnails, composed letters.

A blob is written once, aside, synced and renamed into place; so a path that exists holds the whole content.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import uuid
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from storage.durable import make_folder, sync_file, sync_folder
from storage.errors import on_disk

_AT_ONCE = 8
"""Files that are being synced at one time."""


class Blobs:
    """A folder of blobs: `root/ab/abcdef…`, named by SHA-256 in hex."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lasting: set[Path] = set()
        """Folders whose names this process knows to be durable."""
        self._syncing = ThreadPoolExecutor(_AT_ONCE, "sync")
        self._early: dict[Path, Future[None]] = {}
        """Files that are being synced before they are kept."""

    def path(self, digest: str) -> Path:
        """Where the blob of that digest is, or would be."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ValueError(f"not a SHA-256 digest: {digest!r}")
        return self.root / digest[:2] / digest

    def has(self, digest: str) -> bool:
        """True when the blob is here."""
        return self.path(digest).is_file()

    def agrees(self, digest: str) -> bool:
        """True when the blob still holds what its name says."""
        with self.path(digest).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest

    def all(self) -> list[Path]:
        """Every blob there is."""
        return [path for path in self.root.glob("??/*") if len(path.name) == 64]

    def keep(self, source: Path, digest: str) -> Path:
        """Move the file `source`, whose digest the caller has computed, into the store, durably.

        Temporary when the disk does not take it.
        """
        self.keep_all([(source, digest)])
        return self.path(digest)

    def sync_early(self, source: Path) -> None:
        """Begin to sync a whole file that `keep_all` will be given: meanwhile the next one can be written."""
        self._early[source] = self._syncing.submit(sync_file, source)

    def keep_all(self, files: Iterable[tuple[Path, str]]) -> None:
        """The same for several, each with its digest; the disk syncs them at once, in about the time of one."""
        with on_disk(self.root):
            files = list(files)
            early = {source: self._early.pop(source) for source, _ in files if source in self._early}
            wait(early.values())  # nothing is moved or removed while it is open: Windows would not do so
            for synced in early.values():
                synced.result()
            sources: dict[str, Path] = {}
            for source, digest in files:
                if digest in sources or self.path(digest).is_file():
                    source.unlink()
                else:
                    sources[digest] = source
            folders = list(dict.fromkeys(self.path(digest).parent for _, digest in files))
            self._make(folders)
            self._each(sync_file, [source for source in sources.values() if source not in early])
            for digest, source in sources.items():
                _place(source, self.path(digest))
            self._each(sync_folder, folders)

    def _each(self, sync: Callable[[Path], None], paths: Collection[Path]) -> None:
        if len(paths) < 2:
            for path in paths:
                sync(path)
        else:
            for _ in self._syncing.map(sync, paths):
                continue  # asked for its error

    def write(self, content: bytes, spool: Path) -> str:
        """Store a small content that is already in memory; returns its digest. Temporary when there is no room."""
        digest = hashlib.sha256(content).hexdigest()
        with on_disk(self.root):
            if self.has(digest):
                self._settle(self.path(digest).parent)
            else:
                make_folder(spool)
                aside = spool / f"{uuid.uuid4().hex}.tmp"
                aside.write_bytes(content)
                self.keep_all([(aside, digest)])
        return digest

    def read(self, digest: str) -> bytes:
        """The whole content; only for what is known to be small (letters, thumbnails)."""
        return self.path(digest).read_bytes()

    def _settle(self, folder: Path) -> None:
        """Make durable what lies in `folder` already: whoever put it there may have been killed before doing so."""
        self._make([folder])
        sync_folder(folder)

    def _make(self, folders: Iterable[Path]) -> None:
        """Make folders of the store, durably; one that is there is not trusted to be so, see `_settle`."""
        if self.root not in self._lasting:
            make_folder(self.root)
            sync_folder(self.root.parent)
            self._lasting.add(self.root)
        fresh = [folder for folder in folders if folder not in self._lasting]
        for folder in fresh:
            folder.mkdir(mode=0o700, exist_ok=True)
        if fresh:
            sync_folder(self.root)
            self._lasting.update(fresh)


def _place(source: Path, target: Path) -> None:
    """Rename a synced file to its place, also from another file system."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        aside = target.parent / f".{uuid.uuid4().hex}"
        shutil.copyfile(source, aside)
        sync_file(aside)
        aside.replace(target)
        source.unlink()
