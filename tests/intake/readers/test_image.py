"""Pictures: sound ones measured upright, cut ones found, bombs refused."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image

from intake.readers.image import difference_hash
from intake.readers.image import measure as measure_header
from rules.facts import ImageFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples

FORMATS = [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("BMP", "bmp"), ("GIF", "gif"), ("TIFF", "tif")]


@pytest.mark.parametrize(("format", "kind"), FORMATS)
def test_sound(measure: Measure, format: str, kind: str) -> None:
    found, reading = measure(Samples.picture(format=format), f"照片.{kind}")
    assert found == kind
    assert isinstance(reading.facts, ImageFacts)
    assert (reading.facts.format, reading.facts.width, reading.facts.height) == (format, 400, 300)
    assert len(reading.facts.dhash) == 16
    assert reading.thumbnail is not None
    with Image.open(reading.thumbnail) as small:
        assert small.format == "JPEG" and max(small.size) == 240


@pytest.mark.parametrize(("format", "kind"), FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_truncated(measure: Measure, format: str, kind: str, share: float) -> None:
    data = Samples.picture(format=format)
    facts = measure(data[: int(len(data) * share)], f"照片.{kind}")[1].facts
    assert isinstance(facts, Unreadable) and facts.reason == "damaged" and facts.format == kind


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright(measure: Measure, orientation: int) -> None:
    """The first pixel column of the upright picture is dark, however the camera was held."""
    upright = Image.new("RGB", (400, 300), "white")
    upright.paste("black", (0, 0, 200, 300))
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(turn[orientation]) if orientation in turn else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    stored.save(out, "JPEG", exif=exif)
    reading = measure(out.getvalue(), "a.jpg")[1]
    assert isinstance(reading.facts, ImageFacts) and reading.thumbnail is not None
    assert (reading.facts.width, reading.facts.height) == (400, 300)
    with Image.open(reading.thumbnail) as small:
        left, right = small.convert("L").getpixel((5, 90)), small.convert("L").getpixel((235, 90))
    assert isinstance(left, int) and isinstance(right, int) and left < 40 and right > 215


@pytest.mark.parametrize(
    ("data", "mode"),
    [
        (Samples.picture(mode="CMYK"), "CMYK"),
        (Samples.picture(mode="L", progressive=True), "L"),
        (Samples.picture(progressive=True), "RGB"),
        (Samples.picture(format="PNG", mode="RGBA"), "RGBA"),
        (Samples.picture(format="PNG", mode="P"), "P"),
        (Samples.picture(format="PNG", mode="1"), "1"),
        (Samples.picture(format="PNG", mode="I;16"), "I;16"),
        (Samples.picture(format="TIFF", mode="F"), "F"),
    ],
)
def test_modes(measure: Measure, data: bytes, mode: str) -> None:
    reading = measure(data, "a.jpg")[1]
    assert isinstance(reading.facts, ImageFacts) and reading.facts.mode == mode
    assert reading.thumbnail is not None


def test_stereo_photo_counts_as_jpeg(measure: Measure) -> None:
    first = Image.open(io.BytesIO(Samples.picture()))
    out = io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[first])
    facts = measure(out.getvalue(), "a.jpg")[1].facts
    assert isinstance(facts, ImageFacts) and (facts.format, facts.frames) == ("JPEG", 1)


def test_frames(measure: Measure) -> None:
    pictures = [Image.new("L", (50, 50), shade) for shade in (0, 100, 200)]
    out = io.BytesIO()
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:])
    facts = measure(out.getvalue(), "a.gif")[1].facts
    assert isinstance(facts, ImageFacts) and facts.frames == 3


def test_wrong_suffix_is_told_by_kind(measure: Measure) -> None:
    kind, reading = measure(Samples.picture(format="PNG"), "照片.jpg")
    assert kind == "png" and isinstance(reading.facts, ImageFacts) and reading.facts.format == "PNG"


def test_bomb(measure: Measure) -> None:
    """A PNG of 100 million pixels in 100 kB, as its header declares."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    size = (10_000).to_bytes(4, "big")
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size + size + b"\x08\0\0\0\0") + chunk(b"IDAT", b"")
    facts = measure(data + chunk(b"IEND", b""), "a.png")[1].facts
    assert isinstance(facts, Unreadable) and facts.reason == "too-large"


def test_hash_ignores_size_and_compression_but_not_content() -> None:
    photo = Image.open(io.BytesIO(Samples.picture((800, 600))))
    same = Image.open(io.BytesIO(Samples.picture((400, 300), quality=40)))
    mirrored = photo.transpose(Image.Transpose.ROTATE_90)

    def distance(one: Image.Image, other: Image.Image) -> int:
        return (int(difference_hash(one), 16) ^ int(difference_hash(other), 16)).bit_count()

    assert distance(photo, photo.resize((200, 150))) <= 6
    assert distance(photo, mirrored) > 12
    assert difference_hash(same) != ""
    assert difference_hash(Image.new("RGB", (100, 100), "white")) == ""


def test_header_of_a_picture_within_a_document() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert measure_header(io.BytesIO(Samples.picture(exif=exif))) == ("JPEG", 300, 400)
    assert measure_header(io.BytesIO(b"\xff\xd8\xff\xe0 and nothing more")) is None
    assert measure_header(io.BytesIO(b"\xd7\xcd\xc6\x9a" + bytes(40))) is None


def test_thumbnail_lies_in_the_spool(measure: Measure, tmp_path: Path) -> None:
    thumbnail = measure(Samples.picture(), "../../../a.jpg")[1].thumbnail
    assert thumbnail is not None and thumbnail.parent == tmp_path
