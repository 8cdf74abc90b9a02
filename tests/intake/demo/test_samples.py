"""Sample files are what they claim to be, and the same arguments give the same bytes."""

from __future__ import annotations

import io
import zipfile

import docx
import pypdfium2
import pytest
from PIL import Image, ImageOps
from tnefparse import TNEF

from intake.demo import samples


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF"])
def test_photo_has_the_format_and_size_asked_for(format: str) -> None:
    data = samples.photo(320, 240, seed=1, format=format)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == (format, (320, 240))
        image.load()
    assert data == samples.photo(320, 240, seed=1, format=format)
    assert data != samples.photo(320, 240, seed=2, format=format)


def test_photo_with_orientation_stands_upright_when_shown() -> None:
    with Image.open(io.BytesIO(samples.photo(320, 240, seed=1, exif_orientation=6))) as image:
        assert image.size == (320, 240)
        assert ImageOps.exif_transpose(image).size == (240, 320)


def test_noise_makes_a_photo_heavier() -> None:
    assert len(samples.photo(1280, 960, seed=1, noise=60)) > 2 * len(samples.photo(1280, 960, seed=1, noise=10))


def test_docx_holds_title_words_pictures_with_captions_and_tables() -> None:
    picture = samples.photo(64, 48, seed=1)
    data = samples.docx("总结", ["第一段"], pictures=[(picture, "图为现场")], tables=[[["甲", "乙"], ["1", "2"]]])
    document = docx.Document(io.BytesIO(data))
    assert [p.text for p in document.paragraphs if p.text] == ["总结", "第一段", "图为现场"]
    assert document.tables[0].cell(1, 1).text == "2"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.read("word/media/image1.jpg") == picture
        assert b"2022-09-28" in package.read("docProps/core.xml")


def test_gbk_zip_says_nothing_about_its_names_and_utf8_zip_does() -> None:
    files = [("材料/总结.docx", b"one"), ("朱镕基.txt", b"two")]
    gbk, utf8 = samples.zip_gbk(files), samples.zip_utf8(files)
    with zipfile.ZipFile(io.BytesIO(gbk), metadata_encoding="gbk") as archive:
        assert [info.flag_bits & 0x800 for info in archive.infolist()] == [0, 0]
        assert [(name, archive.read(name)) for name in archive.namelist()] == files
        assert archive.testzip() is None
    with zipfile.ZipFile(io.BytesIO(utf8)) as archive:
        assert archive.namelist() == [name for name, _ in files]


def test_pdf_text_can_be_copied_out() -> None:
    document = pypdfium2.PdfDocument(samples.pdf("质量月活动总结\n共12场，参加300人次。"))
    assert document[0].get_textpage().get_text_bounded().split() == ["质量月活动总结", "共12场，参加300人次。"]
    document.close()


def test_winmail_holds_its_files_with_titles_in_the_code_page() -> None:
    opened = TNEF(samples.winmail([("统计表.xlsx", b"one"), ("总结.docx", b"two" * 500)]), do_checksum=True)
    assert opened.codepage == "cp936"
    titles = [attachment._name.rstrip(b"\0").decode("gbk") for attachment in opened.attachments]
    assert titles == ["统计表.xlsx", "总结.docx"]
    assert [attachment.data for attachment in opened.attachments] == [b"one", b"two" * 500]


def test_mp4_boxes_nest_and_tell_duration_and_size() -> None:
    data = samples.mp4(95.5, 1280, 720, padding=1000)
    names, offset = [], 0
    while offset < len(data):
        size = int.from_bytes(data[offset : offset + 4], "big")
        names.append(data[offset + 4 : offset + 8])
        offset += size
    assert (names, offset) == ([b"ftyp", b"moov", b"mdat"], len(data))
    movie = data.index(b"mvhd") + 4
    assert int.from_bytes(data[movie + 12 : movie + 16], "big") == 1000
    assert int.from_bytes(data[movie + 16 : movie + 20], "big") == 95_500
    track = data.index(b"tkhd") + 4
    width, height = (int.from_bytes(data[track + 76 + at : track + 78 + at], "big") for at in (0, 4))
    assert (width, height) == (1280, 720)
