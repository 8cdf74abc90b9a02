"""Films by their headers."""

from __future__ import annotations

import struct

import pytest

from rules.facts import Facts, Unreadable, VideoFacts
from tests.intake.readers.samples import Measure, Samples


def avi(frames: int = 250, size: tuple[int, int] = (640, 480), data: int = 3000) -> bytes:
    main = struct.pack("<IIIIIIIIII", 40_000, 0, 0, 0, frames, 0, 1, 0, *size) + bytes(16)
    stream = b"vidsXVID" + bytes(48)
    head = (
        b"hdrlavih"
        + struct.pack("<I", 56)
        + main
        + b"LIST"
        + struct.pack("<I", 68)
        + b"strlstrh"
        + struct.pack("<I", 56)
        + stream
    )
    body = b"AVI LIST" + struct.pack("<I", len(head)) + head + bytes(data)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def film(**wanted: object) -> VideoFacts:
    return VideoFacts(**{"format": "mp4", "seconds": 12.5, "width": 1280, "height": 720, "codec": "avc1"} | wanted)  # type: ignore[arg-type]  # a table of fields


CUT = Unreadable(reason="damaged", format="mp4")


@pytest.mark.parametrize(
    ("data", "name", "facts"),
    [
        (Samples.film(), "a.mp4", film()),
        (Samples.film(moov_first=True, seconds=180), "a.mp4", film(seconds=180.0)),
        (Samples.film(turned=True), "a.mp4", film(width=720, height=1280)),
        (Samples.film().replace(b"isom\0\0\2\0", b"qt  \0\0\2\0"), "a.mp4", film(format="mov")),
        (Samples.film()[24:], "a.mov", film(format="mov")),
        (Samples.film()[:3000], "a.mp4", CUT),
        (Samples.film(moov_first=True)[:3000], "a.mp4", CUT),
        (Samples.film()[:-40], "a.mp4", CUT),
        (avi(), "a.avi", film(format="avi", seconds=10.0, width=640, height=480, codec="xvid")),
        (avi()[:2000], "a.avi", Unreadable(reason="damaged", format="avi")),
    ],
)
def test_table(measure: Measure, data: bytes, name: str, facts: Facts) -> None:
    kind, reading = measure(data, name)
    found = reading.facts
    if isinstance(facts, Unreadable):
        assert isinstance(found, Unreadable) and (found.reason, found.format) == (facts.reason, facts.format)
    else:
        assert found == facts
    assert kind == getattr(facts, "format", "")
