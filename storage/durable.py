"""Writing files so that they survive a crash: flush, fsync, rename, fsync of the folder."""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` durable. Windows has no such call: NTFS journals them."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make the content of an existing file durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def make_folder(folder: Path) -> None:
    """Create `folder` and its parents, readable by the owner alone, each one durable."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)
