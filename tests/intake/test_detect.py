"""Kinds by content: the name decides only where the content leaves it open."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.detect import detect
from tests.intake.readers.samples import Samples

MAIL = b"Received: from a.example\r\nFrom: a@b.example\r\nMIME-Version: 1.0\r\nSubject: x\r\n\r\nbody"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (Samples.picture(), "说明.txt", "jpg"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "IMG_0001.jpg", "heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "IMG_0001.HEIC", "heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0avifmif1", "a.jpg", "avif"),
        (b"\0\0\0\x14ftypM4V \0\0\0\0", "a.mp4", "m4v"),
        (b"\0\0\0\x14ftyp3gp4\0\0\0\0", "a.mp4", "3gp"),
        (Samples.zip(("word/document.xml", b""), ("[Content_Types].xml", b"")), "a.doc", "docx"),
        (Samples.zip(("xl/workbook.xml", b""), ("[Content_Types].xml", b"")), "a.xls", "xlsx"),
        (Samples.zip(("ppt/presentation.xml", b""), ("[Content_Types].xml", b"")), "a.zip", "pptx"),
        (Samples.zip(("xl/workbook.bin", b""), ("[Content_Types].xml", b"")), "a.xlsx", "xlsb"),
        (Samples.zip(("mimetype", b"application/vnd.oasis.opendocument.text")), "a.odt", "odt"),
        (Samples.zip(("META-INF/MANIFEST.MF", b""), ("A.class", b"")), "照片.zip", "jar"),
        (Samples.zip(("word/照片.jpg", b"")), "a.zip", "zip"),
        (Samples.zip(("a", b"x"))[:-10], "a.zip", "zip"),
        (b"Rar!\x1a\x07\x01\x00rest", "材料.zip", "rar"),
        (b"7z\xbc\xaf\x27\x1crest", "材料.7z", "7z"),
        (b"MZ\x90\0\x03\0\0\0", "照片.jpg", "exe"),
        (b"\x7fELF\x02", "a", "elf"),
        (b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F", "a.txt", "lnk"),
        (b"%PDF-1.7\n", "a.doc", "pdf"),
        (b"\n\n%PDF-1.7\n", "a.pdf", "pdf"),
        (b"{\\rtf1 x}", "a.doc", "rtf"),
        ("质量月".encode("gbk"), "a.jpg", "txt"),
        ("质量月".encode(), "说明", "txt"),
        ("质量月".encode("utf-16"), "a.txt", "txt"),
        (b"MZ is how this note begins", "a.txt", "txt"),
        (b"a,b\n1,2\n", "a.csv", "csv"),
        (b"@echo off\n", "a.bat", "bat"),
        (b"#!/bin/sh\n", "a", "sh"),
        (b"<!DOCTYPE html><html>", "a.doc", "html"),
        (MAIL, "转发.eml", "eml"),
        (MAIL, "无名", "eml"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n", "总结.doc", "mht"),
        (bytes(range(256)), "a.dat", ""),
        (b"", "a.txt", "txt"),
    ],
)
def test_table(tmp_path: Path, data: bytes, name: str, kind: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert detect(path, name) == kind
