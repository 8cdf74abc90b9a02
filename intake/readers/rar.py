"""RAR archives, versions 4 and 5: listed by rarfile, unpacked by libarchive, by unar where that cannot.

rarfile reads the headers itself, so names and passwords are known without any program, and members that were only
stored come out without one too. libarchive unpacks most of the others; some it cannot (filters of old versions),
and then The Unarchiver's command, or unrar, is asked for each member.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from intake.formats.extract import MAX_ENTRIES, SLICE, Extraction, Skipped
from intake.mail.charset import decode
from intake.readers import Given, Reading, Refused, reads
from intake.readers.sevenzip import members
from intake.tools import importable, present

_STORED = 0x30
"""The method that only stores."""
_ACCEPTED = frozenset(("link", "too large", "too many members"))
"""Reasons for which another program would leave a member out too."""


@reads("rar", largest=500 << 20)
def read_rar(path: Path, given: Given) -> Reading:
    """Extract what fits into the room that is left; the rest is named in `skipped` with its reason."""
    if not importable("rarfile"):
        raise Refused("unsupported", "rarfile is not installed", missing="libarchive")
    import rarfile

    extraction = Extraction(path, given)
    with rarfile.RarFile(str(path), part_only=True) as archive:
        entries = archive.infolist()
        if archive.needs_password() and not entries:
            raise Refused("encrypted", "the list of members is encrypted")
        if len(entries) > MAX_ENTRIES:
            raise Refused("too-large", f"{len(entries)} entries")
        if not entries:
            raise Refused("damaged", "no members")
        _extract(archive, entries, extraction, path)
    return extraction.reading()


def _extract(archive: Any, entries: Sequence[Any], extraction: Extraction, path: Path) -> None:
    plain = all(entry.compress_type == _STORED or entry.is_dir() for entry in entries)
    locked = any(entry.needs_password() for entry in entries)
    # one pass through the whole archive by libarchive; what is encrypted stops it, and stored members need it not
    if not plain and not locked and importable("libarchive") and _by_libarchive(entries, extraction, path):
        return
    extraction.discard()
    size = path.stat().st_size
    for entry in entries:
        name = extraction.wanted(_name(entry))
        if entry.is_dir() or not name:
            continue
        if entry.needs_password():
            extraction.skip(name, "encrypted")
        elif _is_link(entry):
            extraction.skip(name, "link")
        elif entry.data_offset + entry.compress_size > size:
            extraction.skip(name, "damaged (cut)")
        else:
            extraction.take(name, entry.file_size, _pieces(archive, entry))


def _by_libarchive(entries: Sequence[Any], extraction: Extraction, path: Path) -> bool:
    """True when every member came out whole; libarchive gives them in the order of the archive, like rarfile."""
    files = [entry for entry in entries if not entry.is_dir()]
    number = 0
    try:
        for number, (_, size, pieces) in enumerate(members(path), 1):
            if number > len(files) or size != files[number - 1].file_size:
                return False
            name = extraction.wanted(_name(files[number - 1]))
            if _is_link(files[number - 1]):
                extraction.skip(name, "link")
            elif name:
                extraction.take(name, size, pieces)
    except Skipped:
        return False
    return number == len(files) and all(reason in _ACCEPTED for reason in extraction.reasons)


def _name(entry: Any) -> str:
    """Old versions without the flag for Unicode (0x200) wrote the charset of their system."""
    if type(entry).__name__ == "Rar3Info" and not entry.flags & 0x200:
        return decode(entry.orig_filename, "gb18030").text.replace("\\", "/")
    return str(entry.filename)


def _is_link(entry: Any) -> bool:
    """RAR 4 marks links in the mode, RAR 5 in a record of their own."""
    return bool(entry.is_symlink()) or getattr(entry, "file_redir", None) is not None


def _pieces(archive: Any, entry: Any) -> Iterator[bytes]:
    import rarfile

    try:
        with archive.open(entry) as source:
            while piece := source.read(SLICE):
                yield piece
    except rarfile.RarCannotExec as error:
        missing = "unar" if present("libarchive") else "libarchive"
        raise Refused("unsupported", "no program that unpacks this archive", missing=missing) from error
    except (rarfile.Error, EOFError, ValueError, OSError) as error:
        raise Skipped(f"damaged ({type(error).__name__})") from error
