"""Small real files of many kinds, made here byte by byte or by the libraries that write them."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from typing import Any

from PIL import Image

from intake.readers import Reading

Measure = Callable[..., tuple[str, Reading]]

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


class Samples:
    """Makers of sample files."""

    @staticmethod
    def picture(size: tuple[int, int] = (400, 300), format: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
        """A gradient with noise in it."""
        noise = Image.frombytes("L", size, random.Random(7).randbytes(size[0] * size[1]))
        image = Image.blend(Image.linear_gradient("L").resize(size), noise, 0.3).convert(mode)
        out = io.BytesIO()
        image.save(out, format, **options)
        return out.getvalue()

    @staticmethod
    def zip(*members: tuple[str | bytes, bytes], flag: int = 0) -> bytes:
        """A zip; names given as bytes are stored as they are, without the UTF-8 flag."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                entry = RawName(name) if isinstance(name, bytes) else zipfile.ZipInfo(name)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
        packed = bytearray(out.getvalue())
        if flag:
            for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
                at = packed.find(signature)
                while at >= 0:
                    packed[at + offset] |= flag
                    at = packed.find(signature, at + 4)
        return bytes(packed)

    @staticmethod
    def ole(**streams: bytes) -> bytes:
        """A compound file ([MS-CFB]) with top-level streams; `__` in a name stands for a blank."""
        names = [name.replace("__", " ") for name in streams]
        bodies = [data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0") for data in streams.values()]
        directory_sectors = -(-(len(names) + 1) // 4)
        fat = [_FAT, *range(2, directory_sectors + 1), _END][: directory_sectors + 1]
        fat[directory_sectors] = _END
        starts = []
        for body in bodies:
            starts.append(len(fat))
            count = len(body) // 512
            fat += [*range(len(fat) + 1, len(fat) + count), _END]
        assert len(fat) <= 128
        fat += [_FREE] * (128 - len(fat))
        header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
        header += struct.pack("<109I", 0, *[_FREE] * 108)
        entries = [_entry("Root Entry", 5, child=1 if names else _FREE, start=_END, size=0)]
        for index, (name, body) in enumerate(zip(names, bodies, strict=True)):
            right = index + 2 if index + 1 < len(names) else _FREE
            entries.append(_entry(name, 2, right=right, start=starts[index], size=len(body)))
        directory = b"".join(entries).ljust(directory_sectors * 512, b"\0")
        return header + struct.pack("<128I", *fat) + directory + b"".join(bodies)

    @staticmethod
    def biff(*cells: tuple[int, int, str | float], password: bool = False) -> bytes:
        """The Workbook stream of an xls with one sheet ([MS-XLS])."""
        bof = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
        lock = struct.pack("<HHHHH", 0x002F, 6, 0, 1, 2) if password else b""
        name = "统计表".encode("utf-16-le")
        end = struct.pack("<HH", 0x000A, 0)
        place = len(bof) + len(lock) + 4 + 8 + len(name) + len(end)
        bound = struct.pack("<HHIBBBB", 0x0085, 8 + len(name), place, 0, 0, len(name) // 2, 1) + name
        sheet = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)
        for row, column, value in cells:
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                sheet += struct.pack("<HHHHHHB", 0x0204, 9 + len(text), row, column, 0, len(value), 1) + text
            else:
                sheet += struct.pack("<HHHHHd", 0x0203, 14, row, column, 0, value)
        return bof + lock + bound + end + sheet + end

    @staticmethod
    def pdf(pages: list[bytes], image: bytes = b"", encrypt: bytes = b"") -> bytes:
        """A PDF whose pages show the given content streams; `/I Do` shows the JPEG."""
        objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
        objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
        width, height = Image.open(io.BytesIO(image)).size if image else (1, 1)
        head = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB" % (width, height)
        objects.append(
            head + b"/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n%s\nendstream" % (len(image), image)
        )
        kids = []
        for content in pages:
            objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
            kids.append(b"%d 0 R" % (len(objects) + 1))
            page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R" % len(objects)
            objects.append(page + b"/Resources<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>>>")
        objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
        out, places = b"%PDF-1.4\n", []
        for number, body in enumerate(objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        table += b"".join(b"%010d 00000 n \n" % place for place in places)
        trailer = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, encrypt, len(out))
        return out + table + trailer

    @staticmethod
    def film(
        seconds: float = 12.5, size: tuple[int, int] = (1280, 720), turned: bool = False, moov_first: bool = False
    ) -> bytes:
        """An MP4 with one H.264 track and nothing to show."""
        movie = _box(b"mvhd", bytes(12) + struct.pack(">II", 1000, int(seconds * 1000)) + bytes(80))
        matrix = (
            (0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
            if turned
            else (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
        )
        head = _box(b"tkhd", bytes(40) + struct.pack(">9iII", *matrix, size[0] << 16, size[1] << 16))
        handler = _box(b"hdlr", bytes(8) + b"vide" + bytes(13))
        codec = _box(b"stsd", bytes(4) + struct.pack(">I", 1) + _box(b"avc1", bytes(78)))
        media = _box(b"mdia", handler + _box(b"minf", _box(b"stbl", codec)))
        moov = _box(b"moov", movie + _box(b"trak", head + media))
        start, data = _box(b"ftyp", b"isom\0\0\2\0isommp42"), _box(b"mdat", bytes(5000))
        return start + (moov + data if moov_first else data + moov)


class RawName(zipfile.ZipInfo):
    """A zip entry whose name is written as the given bytes, as Chinese archivers do."""

    def __init__(self, name: bytes) -> None:
        super().__init__(name.decode("latin-1"))
        self.raw = name

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.raw, self.flag_bits


def _entry(name: str, kind: int, *, right: int = _FREE, child: int = _FREE, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, _FREE, right, child)
    return head + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body
