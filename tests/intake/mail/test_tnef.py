"""winmail.dat: files under their Chinese names, text, forwarded messages, damage."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest
from tnefparse import TNEF

from intake.mail.tnef import SIGNATURE, NotTnef, Tnef
from tests.intake.mail.raw_mail import attached, content, mixed, part, read, text

DATA = bytes(range(256)) * 5


def attribute(level: int, name: int, kind: int, data: bytes) -> bytes:
    """One TNEF attribute with its checksum."""
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def prop(kind: int, name: int, data: bytes) -> bytes:
    """One MAPI property of variable length, padded to 4."""
    return struct.pack("<HHII", kind, name, 1, len(data)) + data + bytes(-len(data) % 4)


def props(*found: bytes) -> bytes:
    """A MAPI property list."""
    return struct.pack("<I", len(found)) + b"".join(found)


def file(title: bytes, data: bytes | None, *more: bytes) -> bytes:
    """One attachment; without `data` it is something else, such as a message."""
    out = attribute(2, 0x9002, 6, bytes(14)) + attribute(2, 0x8010, 1, title + b"\0")
    out += attribute(2, 0x800F, 6, data) if data is not None else b""
    return out + (attribute(2, 0x9005, 6, props(*more)) if more else b"")


def winmail(*attributes: bytes, codepage: int = 936) -> bytes:
    """A whole winmail.dat."""
    head = SIGNATURE + b"\x01\x00" + attribute(1, 0x9006, 8, struct.pack("<I", 0x10000))
    return head + attribute(1, 0x9007, 6, struct.pack("<II", codepage, 0)) + b"".join(attributes)


LONG = prop(0x1F, 0x3707, "质量月活动工作总结（长文件名）.docx\0".encode("utf-16-le"))
SUBJECT = attribute(1, 0x8004, 1, b"\xd7\xff\xff\0")  # no text in any code page


def test_our_samples_are_tnef() -> None:
    found = TNEF(winmail(file(b"a.txt", DATA, LONG)))
    assert found.attachments[0].data == DATA


def tnef_part(data: bytes) -> bytes:
    """As Outlook sends it."""
    return part([b'Content-Type: application/ms-tnef; name="winmail.dat"'], data)


def test_files_come_out_under_their_names(tmp_path: Path) -> None:
    data = winmail(SUBJECT, file("总结.doc".encode("gbk"), DATA), file(b"ZL~1.DOC", DATA + b"2", LONG))
    parsed = read(mixed(text("见附件"), tnef_part(data)), tmp_path)
    assert [leaf.path for leaf in parsed.leaves] == [
        "winmail.dat/总结.doc",
        "winmail.dat/质量月活动工作总结（长文件名）.docx",
    ]
    assert [content(leaf, tmp_path) for leaf in parsed.leaves] == [DATA, DATA + b"2"]
    assert [leaf.depth for leaf in parsed.leaves] == [1, 1] and not any(leaf.damaged for leaf in parsed.leaves)


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    parsed = read(mixed(tnef_part(winmail(file(b"a.doc", b""), file(b"b.doc", DATA)))), tmp_path)
    assert [(leaf.name, leaf.size) for leaf in parsed.leaves] == [("a.doc", 0), ("b.doc", len(DATA))]


def test_text_counts_when_the_mail_has_no_other(tmp_path: Path) -> None:
    data = winmail(attribute(1, 0x9003, 6, props(prop(0x1E, 0x1000, "正文在此\0".encode("gbk")))))
    assert read(mixed(tnef_part(data)), tmp_path).message.text == "正文在此"
    assert read(mixed(text("外面"), tnef_part(data)), tmp_path).message.text == "外面"


def test_a_message_within(tmp_path: Path) -> None:
    identity = bytes.fromhex("0703020000000000c000000000000046")
    inner = identity + winmail(file("内.doc".encode("gbk"), DATA))
    outer = file(
        "转发".encode("gbk"), None, struct.pack("<HHII", 0x0D, 0x3701, 1, len(inner)) + inner + bytes(-len(inner) % 4)
    )
    parsed = read(mixed(tnef_part(winmail(outer))), tmp_path)
    assert [(leaf.path, leaf.depth) for leaf in parsed.leaves] == [("winmail.dat/转发/内.doc", 2)]
    assert content(parsed.leaves[0], tmp_path) == DATA


def test_a_picture_called_winmail_dat_is_a_picture(tmp_path: Path) -> None:
    parsed = read(mixed(attached(b"filename=winmail.dat", b"\x89PNG\r\n\x1a\n" + DATA, b"image/png")), tmp_path)
    assert [(leaf.path, leaf.size) for leaf in parsed.leaves] == [("winmail.dat", len(DATA) + 8)]


def test_a_cut_file_is_kept_and_marked(tmp_path: Path) -> None:
    data = winmail(file(b"a.bin", DATA))
    (leaf,) = read(mixed(tnef_part(data[:-200])), tmp_path).leaves
    assert leaf.damaged and DATA.startswith(content(leaf, tmp_path)) and leaf.size > 1000


def test_what_is_no_tnef_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"PK\x03\x04")
    with pytest.raises(NotTnef):
        Tnef(tmp_path / "x")


def test_random_damage_never_raises(tmp_path: Path) -> None:
    """Law: anything that begins with the signature can be read, as far as it makes sense."""
    sound = winmail(SUBJECT, attribute(1, 0x9003, 6, props(LONG)), file(b"a", DATA, LONG, LONG), file(b"b", DATA[:9]))
    path = tmp_path / "winmail.dat"
    for seed in range(300):
        dice = random.Random(seed)
        data = bytearray(sound)
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(4, len(data))] = dice.randrange(256)
        path.write_bytes(bytes(data[: dice.randrange(4, len(data) + 1)]))
        tnef = Tnef(path)
        assert sum(len(piece) for one in tnef.files for piece in tnef.slices(one)) <= len(data) * max(
            1, len(tnef.files)
        )
        tnef.close()
