"""Compressed rich text, as Outlook keeps the body of a mail ([MS-OXRTFCP]): "LZFu", or "MELA" when stored as it is."""

from __future__ import annotations

import struct

LARGEST = 4_000_000
"""Bytes of rich text that are unpacked."""
_COMPRESSED, _STORED = b"LZFu", b"MELA"
_HEADER = struct.Struct("<II4sI")
_WINDOW = 4096
# What the window holds at the start: both ends must know it ([MS-OXRTFCP] section 2.1.2.1).
_KNOWN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
) + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"  # fmt: skip


def unpacked(data: bytes) -> bytes:
    """The rich text in `data`; of a cut or damaged one as much as there is, b"" when it is none at all.

    >>> unpacked(b"\\x12\\0\\0\\0\\x06\\0\\0\\0MELA\\0\\0\\0\\0" + b"{\\\\rtf}")
    b'{\\\\rtf}'
    """
    if len(data) < _HEADER.size:
        return b""
    _, size, kind, _ = _HEADER.unpack_from(data)  # the checksum is not asked: half a letter is better than none
    size = min(size, LARGEST)
    if kind == _STORED:
        return data[_HEADER.size : _HEADER.size + size]
    return _decompressed(data, size) if kind == _COMPRESSED else b""


def _decompressed(data: bytes, size: int) -> bytes:
    """Eight tokens follow each control byte: a byte as it is, or two that point into the last 4096 bytes."""
    out = bytearray(_KNOWN)
    position, end = _HEADER.size, len(_KNOWN) + size
    while position < len(data) and len(out) < end:
        control = data[position]
        position += 1
        for bit in range(8):
            if control >> bit & 1:
                if position + 1 >= len(data):
                    return bytes(out[len(_KNOWN) : end])
                token = data[position] << 8 | data[position + 1]
                position += 2
                back = (len(out) - (token >> 4)) % _WINDOW
                if back == 0:  # it points where the next byte will stand: the end
                    return bytes(out[len(_KNOWN) : end])
                for _ in range((token & 15) + 2):
                    # a place that nothing was written to yet holds a zero
                    out.append(out[-back] if back <= len(out) else 0)
            elif position < len(data):
                out.append(data[position])
                position += 1
    return bytes(out[len(_KNOWN) : end])
