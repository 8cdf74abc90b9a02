"""7z archives, by libarchive where it is installed.

libarchive streams: a member is written out piece by piece, and the caps of one mail hold while it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from intake.formats.extract import MAX_ENTRIES, SLICE, Extraction, Skipped
from intake.mail.charset import decode
from intake.readers import Given, Reading, Refused, reads
from intake.tools import importable

UNPACKED = 2 << 30
"""Bytes of all members together beyond which an archive is not read on."""


@reads("7z", largest=500 << 20)
def read_7z(path: Path, given: Given) -> Reading:
    """Extract what fits into the room that is left; the rest is named in `skipped` with its reason."""
    if not importable("libarchive"):
        raise Refused("unsupported", "libarchive is not installed", missing="libarchive")
    extraction = Extraction(path, given)
    try:
        for raw, size, pieces in members(path):
            if name := extraction.wanted(raw):
                extraction.take(name, size, pieces)
    except Skipped as skipped:
        if skipped.reason == "encrypted":
            raise Refused("encrypted", "the list of members is encrypted") from skipped
        extraction.skip("", skipped.reason)
    return extraction.reading()


def members(path: Path) -> Iterator[tuple[str, int, Iterator[bytes]]]:
    """Name, declared size and content of every file in the archive, in its order.

    The content can be taken only until the next member is asked for. Raises `Skipped` when the archive cannot be
    read on.
    """
    import libarchive

    total = 0
    try:
        with libarchive.file_reader(str(path), header_codec="gb18030") as archive:
            for number, entry in enumerate(archive):
                if number >= MAX_ENTRIES:
                    raise Refused("too-large", f"more than {MAX_ENTRIES} entries")
                if entry.isdir:
                    continue
                total += entry.size or 0
                if total > UNPACKED:  # what is left out must be unpacked all the same
                    raise Skipped("too large")
                name = entry.pathname
                text = name if isinstance(name, str) else decode(name or b"").text
                yield text, entry.size or 0, _pieces(entry)
    except libarchive.ArchiveError as error:
        raise _skipped(error) from error


def _pieces(entry: Any) -> Iterator[bytes]:
    import libarchive

    if not entry.isfile or entry.islnk:
        raise Skipped("link")
    try:
        yield from entry.get_blocks(SLICE)
    except libarchive.ArchiveError as error:
        raise _skipped(error) from error


def _skipped(error: Exception) -> Skipped:
    """libarchive tells its reasons in English sentences only."""
    text = str(error).lower()
    if "encrypt" in text or "passphrase" in text:
        return Skipped("encrypted")
    if "allocate" in text or "memory" in text:
        return Skipped("too large")
    if "unsupported" in text or "not supported" in text:
        return Skipped("unsupported compression")
    return Skipped("damaged (libarchive)")
