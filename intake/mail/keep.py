"""Where raw mails are kept: written aside while they come in, then durably under their digest."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

from storage.blobs import Blobs
from storage.database import Database
from storage.durable import make_folder
from storage.errors import on_disk


@dataclass(frozen=True, slots=True)
class Store:
    """Where mails are put."""

    database: Database
    blobs: Blobs
    spool: Path


def keep_stream(pieces: Iterable[bytes], store: Store) -> tuple[str, int]:
    """Write raw bytes aside while hashing, then durably under their digest. Returns (digest, size).

    Temporary when the disk does not take them. What goes wrong with `pieces` themselves goes through.
    """
    aside = store.spool / f"{uuid.uuid4().hex}.eml"
    digest, size = hashlib.sha256(), 0
    with on_disk(store.spool):
        make_folder(store.spool)
        file = aside.open("xb", buffering=0)
    try:
        with file:
            for piece in pieces:
                with on_disk(store.spool):
                    _write_all(file, piece)
                digest.update(piece)
                size += len(piece)
        with on_disk(store.blobs.root):
            store.blobs.keep(aside, digest.hexdigest())
    finally:
        aside.unlink(missing_ok=True)
    return digest.hexdigest(), size


def _write_all(file: RawIOBase, piece: bytes) -> None:
    """Unbuffered, so that a full disk is told here and not when the file is closed."""
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) or 0 :]
