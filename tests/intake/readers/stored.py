"""Sample files that code cannot make here, kept as bytes in `files/`; their texts are invented."""

from __future__ import annotations

from pathlib import Path

FILES = Path(__file__).parent / "files"


def stored(name: str) -> bytes:
    """The bytes of one sample."""
    return (FILES / name).read_bytes()
