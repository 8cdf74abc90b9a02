"""Old presentations, built here record by record ([MS-PPT])."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import pytest

from rules.facts import TextFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples

PHOTO = Samples.picture((400, 300))


def record(kind: int, body: bytes, *, container: bool = False, instance: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4 | (0xF if container else 0), kind, len(body)) + body


def line(text: str, title: bool = False) -> bytes:
    body = text.encode("utf-16-le")
    return record(0x0F9F, struct.pack("<I", 0 if title else 1)) + record(0x0FA0, body)


def blip(photo: bytes) -> bytes:
    return record(0xF01D, bytes(17) + photo, instance=0x46A)


def slide(outline: int, *boxes: bytes, picture: bool = False) -> bytes:
    shapes = b"".join(record(0xF00D, record(0x0F9E, struct.pack("<I", n)), container=True) for n in range(outline))
    if picture:
        shapes += record(0xF00B, struct.pack("<HI", 0x4104, 1), instance=1)
    shapes += b"".join(record(0xF00D, box, container=True) for box in boxes)
    return record(0x03EE, record(0x040C, shapes, container=True), container=True)


def ppt(slides: Sequence[bytes], outlines: Sequence[bytes], *, token: int = 0xE391C05F, old: bytes = b"") -> bytes:
    """`old` stands in the file, but the directory of the last edit does not name it."""
    listed = b"".join(
        record(0x03F3, struct.pack("<IIIII", number + 2, 0, 0, 256 + number, 0)) + outline
        for number, outline in enumerate(outlines)
    )
    store = record(0xF007, bytes(20) + struct.pack("<IIIBBBB", 100, 1, 0, 0, 0, 0, 0), instance=5)
    masters = record(0x0FF0, line("母版上的话"), container=True, instance=1)
    body = record(0x040B, store, container=True) + masters + record(0x0FF0, listed, container=True)
    stream, places = old, []
    for part in (record(0x03E8, body, container=True), *slides):
        places.append(len(stream))
        stream += part
    directory = len(stream)
    stream += record(0x1772, struct.pack("<I", 1 | len(places) << 20) + struct.pack(f"<{len(places)}I", *places))
    edit = len(stream)
    stream += record(0x0FF5, struct.pack("<IIIIIII", 0, 0, 0, directory, 1, 0, 0))
    user = record(0x0FF6, struct.pack("<III", 20, token, edit))
    streams = {"PowerPoint__Document": stream, "Current__User": user, "Pictures": blip(PHOTO)}
    return Samples.ole(**streams)


REPORT = ppt(
    [slide(2), slide(1, line("图1 现场宣传\x0b第二行"), picture=True)],
    [line("活动汇报", True) + line("组织领导\r明确分工"), line("活动现场", True)],
    old=slide(0, line("从前的话")),
)


def facts(measure: Measure, data: bytes, name: str = "汇报.ppt") -> TextFacts:
    found = measure(data, name)[1].facts
    assert isinstance(found, TextFacts), found
    return found


@pytest.mark.parametrize(("name", "kind"), [("汇报.ppt", "ppt"), ("汇报.dps", "dps")])
def test_slides_in_order(measure: Measure, name: str, kind: str) -> None:
    found = facts(measure, REPORT, name)
    assert (found.format, found.pages) == (kind, 2)
    assert found.text == "活动汇报\n组织领导\n明确分工\n活动现场\n图1 现场宣传\n第二行"
    assert "活动汇报" in found.headings and "活动现场" in found.headings


def test_pictures_of_slides(measure: Measure) -> None:
    (picture,) = facts(measure, REPORT).pictures
    assert (picture.format, picture.width, picture.height, picture.size) == ("JPEG", 400, 300, len(PHOTO))
    assert picture.before == "活动现场" and picture.after.startswith("图1 现场宣传")


def test_without_a_directory_all_slides_count(measure: Measure) -> None:
    data = Samples.ole(PowerPoint__Document=slide(0, line("第一页")) + slide(0, line("第二页")))
    assert facts(measure, data).text == "第一页\n第二页"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (ppt([slide(1)], [line("x")], token=0xF3D1C4DF), "encrypted"),
        (Samples.ole(PowerPoint__Document=b"x", EncryptedSummary=b"y"), "encrypted"),
        (Samples.ole(PowerPoint__Document=b"x"), "damaged"),
        (REPORT[:3000], "damaged"),
    ],
)
def test_refused(measure: Measure, data: bytes, reason: str) -> None:
    found = measure(data, "汇报.ppt")[1].facts
    assert isinstance(found, Unreadable) and (found.reason, found.format) == (reason, "ppt")
