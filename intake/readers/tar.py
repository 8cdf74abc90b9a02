"""Unix archives: tar, and what gzip, bzip2 or xz packed, be it a tar (tgz) or one single file."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path
from typing import IO, Any

from intake.formats.extract import MAX_ENTRIES, SLICE, Extraction, Skipped
from intake.mail.charset import decode
from intake.readers import Given, Reading, Refused, reads

RATIO = 200
"""Unpacked to packed size; deflate cannot exceed 1032, a sound text reaches 20."""
_OPENERS: dict[str, Callable[[Path], Any]] = {
    "tar": FileIO,
    "gz": gzip.GzipFile,
    "bz2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}
_BROKEN = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
_SUFFIXES = (".gz", ".bz2", ".xz")


@reads("tar", "gz", "bz2", "xz", largest=500 << 20)
def read_tar(path: Path, given: Given) -> Reading:
    """Extract what fits into the room that is left; the rest is named in `skipped` with its reason."""
    extraction = Extraction(path, given)
    with _OPENERS[given.kind](path) as stream:
        packed = _Counted(stream, path.stat().st_size)
        head = packed.read(512)
        packed.again = head
        if given.kind == "tar" or head[257:262] == b"ustar":
            _members(packed, extraction)
        else:
            name = _told(path) if given.kind == "gz" else ""
            extraction.take(extraction.wanted(name or _name(given.name)) or "文件", 0, _pieces(packed))
    return extraction.reading()


class _Counted:
    """The unpacked stream, stopped where it grows beyond all measure."""

    def __init__(self, stream: IO[bytes], packed: int) -> None:
        self._stream, self._left = stream, max(packed * RATIO, 1 << 20)
        self.again = b""
        """Bytes that are given once more first."""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; raises `Refused` beyond the ratio."""
        piece, self.again = self.again[:size], self.again[size:]
        if len(piece) < size:
            more = self._stream.read(size - len(piece))
            self._left -= len(more)
            piece += more
        if self._left < 0:
            raise Refused("too-large", f"unpacks to more than {RATIO} times its size")
        return piece


def _members(stream: _Counted, extraction: Extraction) -> None:
    """Read as a stream: no seeking, so that nothing is unpacked twice."""
    try:
        # surrogateescape keeps the bytes of names that are not UTF-8
        with tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape") as archive:  # type: ignore[call-overload]  # any object with read will do
            for number, entry in enumerate(archive):
                if number >= MAX_ENTRIES:
                    raise Refused("too-large", f"more than {MAX_ENTRIES} entries")
                name = extraction.wanted(_decoded(entry.name).replace("\\", "/"))
                if entry.isdir() or not name:
                    continue
                if not entry.isreg():
                    extraction.skip(name, "link")
                    continue
                source = archive.extractfile(entry)
                if source is not None:
                    extraction.take(name, entry.size, _pieces(source))
    except _BROKEN as error:
        extraction.skip("", f"damaged ({type(error).__name__})")


def _pieces(source: IO[bytes] | _Counted) -> Iterator[bytes]:
    try:
        while piece := source.read(SLICE):
            yield piece
    except _BROKEN as error:
        raise Skipped(f"damaged ({type(error).__name__})") from error


def _decoded(name: str) -> str:
    """GBK where Chinese archivers wrote it, else UTF-8."""
    return decode(name.encode("utf-8", "surrogateescape"), "gb18030").text


def _told(path: Path) -> str:
    """The name that gzip keeps of the one file it packed (RFC 1952 2.3.1), "" without one."""
    with path.open("rb") as file:
        head = file.read(1024)
    at = 10 + (2 + int.from_bytes(head[10:12], "little") if head[3] & 4 else 0)
    raw, end, _ = head[at:].partition(b"\0")
    return decode(raw, "gb18030").text.rpartition("/")[2] if head[3] & 8 and end else ""


def _name(name: str) -> str:
    """Name of the one file that was packed.

    >>> _name("总结.docx.gz"), _name("附件.dat")
    ('总结.docx', '附件.dat')
    """
    return next((name[: -len(end)] for end in _SUFFIXES if name.lower().endswith(end)), name)
