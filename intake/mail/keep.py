"""Where raw mails are kept: written aside while they come in, then durably under their digest, several at a time.

What a disk takes longest for is to promise that something is there; it promises for many files in about the time it
takes for one.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class Arrived:
    """One mail whose bytes are here, but not durable yet."""

    file: Path
    digest: str
    size: int


def arrive(pieces: Iterable[bytes], store: Store) -> Arrived:
    """Write raw bytes aside while hashing; the disk begins to make them durable.

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
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    store.blobs.sync_early(aside)
    return Arrived(aside, digest.hexdigest(), size)


def keep(arrived: Sequence[Arrived], store: Store) -> None:
    """Put mails under their digests, durably. Temporary when the disk does not take them."""
    try:
        with on_disk(store.blobs.root):
            store.blobs.keep_all([(mail.file, mail.digest) for mail in arrived])
    finally:
        for mail in arrived:
            mail.file.unlink(missing_ok=True)


def keep_stream(pieces: Iterable[bytes], store: Store) -> tuple[str, int]:
    """Keep one mail; returns (digest, size)."""
    one = arrive(pieces, store)
    keep([one], store)
    return one.digest, one.size


def _write_all(file: RawIOBase, piece: bytes) -> None:
    """Unbuffered, so that a full disk is told here and not when the file is closed."""
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) or 0 :]
