"""Small files in formats that no library at hand writes: PDF, MP4, winmail.dat, byte by byte."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Sequence


def pdf(text: str) -> bytes:
    """A one-page PDF whose text can be copied out; Chinese by the standard font every reader has (STSong)."""
    lines = text.splitlines() or [""]
    shown = b"".join(b"<%s> Tj T*\n" % line.encode("utf-16-be", "replace").hex().encode("ascii") for line in lines)
    content = b"BT /F1 12 Tf 72 770 Td 18 TL\n" + shown + b"ET"
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Same def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
    )
    return _pdf_objects(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>",
            _pdf_stream(content),
            b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            b" /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 8 0 R >>",
            _pdf_stream(to_unicode),
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
            b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        ]
    )


def winmail(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A winmail.dat as Outlook in rich-text mode sends it (MS-OXTNEF 2.1), titles in code page 936."""
    stream = struct.pack("<IH", 0x223E9F78, 1)
    stream += _tnef(1, 0x00089006, struct.pack("<I", 0x00010000)) + _tnef(1, 0x00069007, struct.pack("<II", 936, 0))
    for name, data in files:
        stream += _tnef(2, 0x00069002, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0))
        stream += _tnef(2, 0x00018010, name.encode("gbk") + b"\0") + _tnef(2, 0x0006800F, data)
    return stream


def mp4(seconds: float, width: int, height: int, *, padding: int = 4096, seed: int = 0) -> bytes:
    """An MP4 whose header (ISO 14496-12: ftyp, moov, one video track) is sound; the film itself is grain."""
    timescale = 1000
    duration = round(seconds * timescale)
    track = _box(
        b"trak",
        _full(
            b"tkhd",
            struct.pack(">IIIIIQHHHH", 0, 0, 1, 0, duration, 0, 0, 0, 0, 0)
            + _MATRIX
            + struct.pack(">II", width << 16, height << 16),
            flags=7,
        ),
        _box(
            b"mdia",
            _full(b"mdhd", struct.pack(">IIIIHH", 0, 0, timescale, duration, 0x55C4, 0)),
            _full(b"hdlr", struct.pack(">I4s12x", 0, b"vide") + b"VideoHandler\0"),
            _box(
                b"minf",
                _full(b"vmhd", bytes(8), flags=1),
                _box(b"dinf", _full(b"dref", struct.pack(">I", 1) + _full(b"url ", b"", flags=1))),
                _box(b"stbl", _sample_entry(width, height), *_empty_sample_tables()),
            ),
        ),
    )
    movie = _box(
        b"moov",
        _full(
            b"mvhd",
            struct.pack(">IIIIIH10x", 0, 0, timescale, duration, 0x10000, 0x100)
            + _MATRIX
            + bytes(24)
            + struct.pack(">I", 2),
        ),
        track,
    )
    film = random.Random(seed).randbytes(padding)
    return _box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41") + movie + _box(b"mdat", film)


def _pdf_stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _pdf_objects(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe4\xe5\xe6\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _tnef(level: int, attribute: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, attribute, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def _full(kind: bytes, body: bytes, *, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", flags), body)


def _sample_entry(width: int, height: int) -> bytes:
    visual = struct.pack(
        ">6xH16xHHIII H32sHh".replace(" ", ""),
        1, width, height, 0x480000, 0x480000, 0, 1, b"", 24, -1,
    )  # fmt: skip
    configuration = _box(b"avcC", b"\x01\x42\xc0\x1e\xff\xe0\x00")
    return _full(b"stsd", struct.pack(">I", 1) + _box(b"avc1", visual, configuration))


def _empty_sample_tables() -> tuple[bytes, ...]:
    return (
        _full(b"stts", bytes(4)),
        _full(b"stsc", bytes(4)),
        _full(b"stsz", bytes(8)),
        _full(b"stco", bytes(4)),
    )
