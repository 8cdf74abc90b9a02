"""Zip archives: listed with names as their writer meant them, members extracted under our own names."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from intake.formats.extract import MAX_ENTRIES, SLICE, Extraction, Skipped
from intake.formats.package import directory, is_regular, legacy_charset, name_of
from intake.readers import Given, Reading, reads

_AES = 99
"""The method by which WinZip and 7-Zip mark AES."""


@reads("zip", largest=500 << 20)
def read_zip(path: Path, given: Given) -> Reading:
    """Extract what fits into the room that is left; the rest is named in `skipped` with its reason."""
    extraction = Extraction(path, given)
    with directory(path, entries=MAX_ENTRIES) as archive:
        charset = legacy_charset(archive.infolist())
        for entry in archive.infolist():
            name = extraction.wanted(name_of(entry, charset))
            if entry.is_dir() or not name:
                continue
            if entry.flag_bits & 1 or entry.compress_type == _AES:
                extraction.skip(name, "encrypted")
            elif not is_regular(entry):
                extraction.skip(name, "link")
            else:
                extraction.take(name, entry.file_size, _pieces(archive, entry))
    return extraction.reading()


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(entry) as source:
            while piece := source.read(SLICE):
                yield piece
    except NotImplementedError as error:
        raise Skipped("unsupported compression") from error
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, RuntimeError) as error:
        raise Skipped(f"damaged ({type(error).__name__})") from error
