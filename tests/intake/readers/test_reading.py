"""What holds for every reader: gates before it, and no file that makes it raise."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.readers import Reading, read, reads, registry
from rules.facts import Facts, TextFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples
from tests.intake.readers.stored import stored
from tests.intake.readers.test_docx import report
from tests.intake.readers.test_odf import TEXT
from tests.intake.readers.test_ppt import REPORT as PPT
from tests.intake.readers.test_pptx import REPORT as PPTX
from tests.intake.readers.test_sheet import ods, xlsx
from tests.intake.readers.test_tar import tar
from tests.intake.readers.test_video import avi

SEEDS = {
    "jpg": Samples.picture((40, 30)),
    "png": Samples.picture((40, 30), "PNG"),
    "webp": Samples.picture((40, 30), "WEBP"),
    "gif": Samples.picture((40, 30), "GIF"),
    "bmp": Samples.picture((40, 30), "BMP"),
    "tif": Samples.picture((40, 30), "TIFF"),
    "docx": report(),
    "xlsx": xlsx(A1="单位", B2=3),
    "xls": Samples.ole(Workbook=Samples.biff((0, 0, "单位"), (1, 1, 3.0))),
    "ods": ods("<table:table-row/>"),
    "pdf": Samples.pdf([b"BT /F 14 Tf 60 780 Td (x) Tj ET /I Do"], Samples.picture((40, 30))),
    "doc": stored("report.doc"),
    "rtf": rb"{\rtf1\ansicpg936{\fonttbl{\f0\fcharset134 x;}}\f0 \'d6\'ca\u37327?{\pict\pngblip 8950}\par a\cell\row}",
    "ppt": PPT,
    "pptx": PPTX,
    "odt": TEXT,
    "rar": stored("plain.rar"),
    "7z": stored("plain.7z"),
    "heic": stored("turned.heic"),
    "tgz": gzip.compress(tar()),
    "zip": Samples.zip(("图片1.jpg".encode("gbk"), b"x"), ("a/b.txt", b"y")),
    "mp4": Samples.film(),
    "avi": avi(),
    "html": b"<html><h1>x</h1><table><tr><td colspan=2>y<td>z</table>",
    "mov": stored("film.mov"),
    "mkv": stored("film.mkv"),
    "wmv": stored("film.wmv"),
    "flv": stored("film.flv"),
    "mpg": stored("film.mpg"),
    "csv": "单位,人数\n滨江区,12\n".encode("gbk"),
    "txt": "质量月活动总结".encode("gbk"),
}
QUIET = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def goes_through_json(reading: Reading) -> bool:
    back: Facts = msgspec.json.decode(msgspec.json.encode(reading.facts), type=Facts)
    return back == reading.facts


def read_bytes(data: bytes, name: str) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data)
        reading = read(path, name, Path(folder))[1]
        for file in (reading.thumbnail, *(member.spool for member in reading.members)):
            assert file is None or (file.is_file() and file.parent == Path(folder))
        return reading


@pytest.mark.parametrize("kind", SEEDS)
def test_seeds_are_sound(kind: str) -> None:
    facts = read_bytes(SEEDS[kind], f"a.{kind}").facts
    assert not isinstance(facts, Unreadable) or facts.reason == "unsupported", facts


@QUIET
@given(data=st.binary(max_size=2000), suffix=st.sampled_from(sorted(SEEDS)))
def test_random_bytes_never_raise(data: bytes, suffix: str) -> None:
    """Whatever the bytes and the name, the answer is a value that goes through JSON and comes back equal."""
    assert goes_through_json(read_bytes(data, f"a.{suffix}"))


@QUIET
@given(data=st.data(), kind=st.sampled_from(sorted(SEEDS)))
def test_mutations_never_raise(data: st.DataObject, kind: str) -> None:
    """A sound file with some bytes changed and its end cut off still gives a value."""
    changed = bytearray(SEEDS[kind])
    for _ in range(data.draw(st.integers(0, 12))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(changed)))
    assert goes_through_json(read_bytes(bytes(changed[: max(1, cut)]), f"a.{kind}"))


@QUIET
@given(name=st.text(max_size=300))
def test_names_never_raise(name: str) -> None:
    """The name is data: it never becomes a path."""
    assert isinstance(read_bytes(SEEDS["txt"], name).facts, TextFacts | Unreadable)


@pytest.mark.parametrize(
    "name", ["工具.exe", "照片.jpg.scr", "a.js", "a.VBS ", "a.pdf.lnk", "a.hta", "a.jar", "a.ps1", "a.bat."]
)
def test_dangerous_names(measure: Measure, name: str) -> None:
    facts = measure(Samples.picture(), name)[1].facts
    assert isinstance(facts, Unreadable) and facts.reason == "dangerous"


def test_dangerous_contents(measure: Measure) -> None:
    for data in (
        b"MZ\x90\0" + bytes(60),
        b"\x7fELF\x02",
        Samples.zip(("META-INF/MANIFEST.MF", b""), ("A.class", b"")),
    ):
        facts = measure(data, "照片.jpg")[1].facts
        assert isinstance(facts, Unreadable) and facts.reason == "dangerous"


@pytest.mark.parametrize(
    ("data", "name", "kind", "reason"),
    [
        (b"", "照片.jpg", "", "empty"),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "a.jpg", "avif", "unsupported"),
        (bytes(range(256)), "a.dat", "", "unsupported"),
    ],
)
def test_gates(measure: Measure, data: bytes, name: str, kind: str, reason: str) -> None:
    found, reading = measure(data, name)
    assert isinstance(reading.facts, Unreadable)
    assert (found, reading.facts.reason, reading.facts.format) == (kind, reason, kind)


def test_too_large_before_the_reader_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as file:
        file.write(SEEDS["jpg"])
        file.truncate(registry()["jpg"].largest + 1)
    facts = read(path, "a.jpg", tmp_path)[1].facts
    assert isinstance(facts, Unreadable) and facts.reason == "too-large"


def test_two_readers_for_one_kind_are_a_mistake() -> None:
    registry()
    with pytest.raises(ValueError, match="two readers"):
        reads("jpg")(lambda path, given: Reading(facts=Unreadable(reason="empty")))
