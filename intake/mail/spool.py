"""Decoded files on disk, digested as they are written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


class Spool:
    """The folder where decoded files go, under names of our own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._number = 0
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, pieces: Iterable[bytes], suffix: str = "bin") -> tuple[str, int, str, bytes]:
        """Write slices to a new file: its name, size, SHA-256 and first bytes. Raises OSError of the disk."""
        self._number += 1
        name = f"{self._number:04d}.{suffix}"
        digest, size, head = hashlib.sha256(), 0, b""
        with (self.folder / name).open("wb") as file:
            for piece in pieces:
                head += piece[: 64 - len(head)]
                digest.update(piece)
                size += len(piece)
                file.write(piece)
        return name, size, digest.hexdigest(), head

    def remove(self, name: str) -> None:
        """Take back a file that was not material."""
        (self.folder / name).unlink(missing_ok=True)
