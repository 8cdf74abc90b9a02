"""Films in other containers: `files/film.*` were made by FFmpeg, three seconds of grey."""

from __future__ import annotations

import pytest

from rules.facts import Unreadable, VideoFacts
from tests.intake.readers.samples import Measure
from tests.intake.readers.stored import stored


@pytest.mark.parametrize(
    ("suffix", "seconds", "size", "codec"),
    [
        ("mkv", 3.0, (160, 120), "avc1"),
        ("webm", 3.0, (320, 240), "vp9"),
        ("wmv", 3.0, (160, 120), "mp43"),
        ("flv", 3.0, (160, 120), "h263"),
        ("mpg", 1.5, (160, 120), "mpeg"),
        ("mov", 3.0, (160, 120), "avc1"),
    ],
)
@pytest.mark.parametrize("called", ["视频.{}", "视频.mp4"])
def test_sound(measure: Measure, suffix: str, seconds: float, size: tuple[int, int], codec: str, called: str) -> None:
    kind, reading = measure(stored(f"film.{suffix}"), called.format(suffix))
    facts = reading.facts
    assert kind == suffix and isinstance(facts, VideoFacts), facts
    assert facts.seconds == pytest.approx(seconds, abs=0.5)
    assert ((facts.width, facts.height), facts.codec) == (size, codec)


@pytest.mark.parametrize("suffix", ["mkv", "webm", "wmv", "mov"])
def test_cut(measure: Measure, suffix: str) -> None:
    """Containers that declare their length."""
    data = stored(f"film.{suffix}")
    facts = measure(data[: len(data) * 2 // 3], f"a.{suffix}")[1].facts
    assert isinstance(facts, Unreadable) and facts.reason == "damaged"


@pytest.mark.parametrize("suffix", ["mkv", "webm", "wmv", "flv", "mpg"])
def test_headers_cut_anywhere(measure: Measure, suffix: str) -> None:
    data = stored(f"film.{suffix}")
    for end in range(20, 600, 13):
        facts = measure(data[:end], f"a.{suffix}")[1].facts
        assert isinstance(facts, VideoFacts | Unreadable)


def test_real_media_and_transport_streams(measure: Measure) -> None:
    real = b".RMF\0\0\0\x12\0\0" + bytes(8) + b"PROP\0\0\0\x32\0\0" + bytes(20) + (95_000).to_bytes(4, "big")
    real += bytes(16) + b"VIDORV40" + (640).to_bytes(2, "big") + (480).to_bytes(2, "big") + bytes(20)
    facts = measure(real, "a.rmvb")[1].facts
    assert facts == VideoFacts(format="rmvb", seconds=95.0, width=640, height=480, codec="rv40")
    for head, name in ((b"", "a.ts"), (bytes(4), "a.mts")):
        packets = (head + b"G" + bytes(187)) * 8
        assert measure(packets, name)[1].facts == VideoFacts(format="ts")
