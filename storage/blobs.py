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


class Blobs:
    """A folder of blobs: `root/ab/abcdef…`, named by SHA-256 in hex."""

    def __init__(self, root: Path) -> None:
        self.root = root

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
        """Move the file `source`, whose digest the caller has computed, into the store, durably."""
        target = self.path(digest)
        if target.is_file():
            source.unlink()
            return target
        make_folder(target.parent)
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
        """Store a small content that is already in memory; returns its digest."""
        digest = hashlib.sha256(content).hexdigest()
        if not self.has(digest):
            make_folder(spool)
            aside = spool / f"{uuid.uuid4().hex}.tmp"
            aside.write_bytes(content)
            self.keep(aside, digest)
        return digest

    def read(self, digest: str) -> bytes:
        """The whole content; only for what is known to be small (letters, thumbnails)."""
        return self.path(digest).read_bytes()
