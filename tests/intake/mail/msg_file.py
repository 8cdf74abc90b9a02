"""Writes Outlook .msg files: a plain OLE container ([MS-CFB], version 3) with the properties of [MS-OXMSG].

No library writes them; the bytes here follow the two papers and are read back by olefile in the tests.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

FREE, END, FAT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
SECTOR, MINI, CUTOFF = 512, 64, 4096

Tree = Mapping[str, "bytes | Tree"]


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    child: int = NONE
    right: int = NONE


@dataclass
class _Sectors:
    """Sectors with the chain that leads through them."""

    size: int
    data: bytes = b""
    chain: list[int] = field(default_factory=list)

    def add(self, data: bytes) -> int:
        """The first sector of the data; END when there is none."""
        if not data:
            return END
        first, count = len(self.chain), -(-len(data) // self.size)
        self.data += data + bytes(count * self.size - len(data))
        self.chain += [*range(first + 1, first + count), END]
        return first


def container(tree: Tree) -> bytes:
    """An OLE file that holds these streams (bytes) and storages (mappings)."""
    entries = [_Entry("Root Entry", 5)]
    _grow(entries, 0, tree)
    big, small = _Sectors(SECTOR), _Sectors(MINI)
    starts = [0] * len(entries)
    for number, entry in enumerate(entries):
        if entry.kind == 2:
            starts[number] = (small if len(entry.data) < CUTOFF else big).add(entry.data)
    starts[0] = big.add(small.data)
    entries[0].data = small.data
    mini_chain = b"".join(struct.pack("<I", link) for link in small.chain)
    mini_start = big.add(mini_chain + b"\xff" * (-len(mini_chain) % SECTOR))
    directory = b"".join(_directory(entry, start) for entry, start in zip(entries, starts, strict=True))
    directory_start = big.add(directory + bytes(-len(directory) % SECTOR))
    fats = 1
    while fats * 128 < len(big.chain) + fats:
        fats += 1
    first_fat = len(big.chain)
    chain = [*big.chain, *[FAT] * fats]
    chain += [FREE] * (fats * 128 - len(chain))
    table = b"".join(struct.pack("<I", link) for link in chain)
    places = [*range(first_fat, first_fat + fats), *[FREE] * (109 - fats)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<III", 0, fats, directory_start)
    head += struct.pack("<IIIIII", 0, CUTOFF, mini_start, -(-len(mini_chain) // SECTOR), END, 0)
    return head + b"".join(struct.pack("<I", place) for place in places) + big.data + table


def _grow(entries: list[_Entry], parent: int, tree: Tree) -> None:
    last = NONE
    for name, content in tree.items():
        number = len(entries)
        is_stream = isinstance(content, bytes)
        entries.append(_Entry(name, 2 if is_stream else 1, content if isinstance(content, bytes) else b""))
        if last == NONE:
            entries[parent].child = number
        else:
            entries[last].right = number
        last = number
        if not isinstance(content, bytes):
            _grow(entries, number, content)


def _directory(entry: _Entry, start: int) -> bytes:
    name = entry.name.encode("utf-16-le")
    out = name + bytes(64 - len(name)) + struct.pack("<HBB", len(name) + 2, entry.kind, 1)
    out += struct.pack("<III", NONE, entry.right, entry.child) + bytes(36)
    return out + struct.pack("<IQ", start if entry.kind != 1 else 0, len(entry.data))


def properties(header: int, numbers: Mapping[int, int]) -> bytes:
    """The stream of the fixed properties; `header` is 32 in a message, 24 in one within, 8 in an attachment."""
    return bytes(header) + b"".join(struct.pack("<IIQ", prop << 16 | 3, 6, value) for prop, value in numbers.items())


def streams(texts: Mapping[int, str | bytes], codec: str = "") -> dict[str, bytes]:
    """Text properties as streams: UTF-16, or bytes of the code page `codec`; bytes are stored as they are."""
    found = {}
    for prop, text in texts.items():
        kind = "0102" if isinstance(text, bytes) else "001E" if codec else "001F"
        data = text if isinstance(text, bytes) else text.encode(codec or "utf-16-le")
        found[f"__substg1.0_{prop:04X}{kind}"] = data
    return found


def attached(name: str, data: bytes, *, codec: str = "", cid: str = "", kind: str = "") -> dict[str, bytes | Tree]:
    """The storage of one attachment."""
    texts = {prop: text for prop, text in ((0x3707, name), (0x3712, cid), (0x370E, kind)) if text}
    return {
        "__properties_version1.0": properties(8, {0x3705: 1}),
        "__substg1.0_37010102": data,
        **streams(texts, codec),
    }


def enclosed(name: str, message: Tree) -> dict[str, bytes | Tree]:
    """The storage of an attachment that is a message."""
    return {
        "__properties_version1.0": properties(8, {0x3705: 5}),
        "__substg1.0_3701000D": message,
        **streams({0x3001: name}),
    }


def message(
    texts: Mapping[int, str | bytes], *files: Mapping[str, bytes | Tree], codec: str = "", inner: bool = False
) -> dict[str, bytes | Tree]:
    """The properties of one message: `texts` by property number."""
    numbers = {0x3FFD: {"gbk": 936, "big5": 950}.get(codec, 1200), 0x3FDE: 65001}
    out: dict[str, bytes | Tree] = {"__properties_version1.0": properties(24 if inner else 32, numbers)}
    out |= streams(texts, codec)
    return out | {f"__attach_version1.0_#{number:08X}": file for number, file in enumerate(files)}
