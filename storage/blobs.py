"""Bytes under their digest: raw mails, attachments, thumbnails, composed letters.

A blob is written once, aside, synced and renamed into place; so a path that exists holds the whole content.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import uuid
from pathlib import Path

from storage.durable import make_folder, sync_file, sync_folder
from storage.errors import on_disk


class Blobs:
    """A folder of blobs: `root/ab/abcdef…`, named by SHA-256 in hex."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lasting: set[Path] = set()
        """Folders whose names this process knows to be durable."""

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
        with on_disk(self.root):
            return self._keep(source, self.path(digest))

    def _keep(self, source: Path, target: Path) -> Path:
        if target.is_file():
            source.unlink()
            self._settle(target.parent)
            return target
        self._make(target.parent)
        sync_file(source)
        try:
            source.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # the spool lies on another file system: copy beside the target, then rename
            aside = target.parent / f".{uuid.uuid4().hex}"
            shutil.copyfile(source, aside)
            sync_file(aside)
            aside.replace(target)
            source.unlink()
        sync_folder(target.parent)
        return target

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
                self._keep(aside, self.path(digest))
        return digest

    def read(self, digest: str) -> bytes:
        """The whole content; only for what is known to be small (letters, thumbnails)."""
        return self.path(digest).read_bytes()

    def _settle(self, folder: Path) -> None:
        """Make durable what lies in `folder` already: whoever put it there may have been killed before doing so."""
        self._make(folder)
        sync_folder(folder)

    def _make(self, folder: Path) -> None:
        """Make a folder of the store, durably; one that is there is not trusted to be so, see `_settle`."""
        for one in (self.root, folder):
            if one not in self._lasting:
                if one.is_dir():
                    sync_folder(one.parent)
                else:
                    make_folder(one)
                self._lasting.add(one)
