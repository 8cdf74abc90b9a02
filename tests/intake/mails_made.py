"""Mails with files in them, and files that are poison to those who read them."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import openpyxl
from PIL import Image


def write_mail(folder: Path, name: str, files: dict[str, bytes]) -> Path:
    """A raw mail with attachments; `name` becomes its Message-ID and file name."""
    mail = EmailMessage()
    mail["From"] = "滨江区 <binjiang@unit.example>"
    mail["To"] = "zlb@office.example"
    mail["Subject"] = "报送质量月材料"
    mail["Message-ID"] = f"<{name}@unit.example>"
    mail.set_content("附件请查收。")
    for file, data in files.items():
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=file)
    path = folder / f"{name}.eml"
    path.write_bytes(bytes(mail))
    return path


def slow_jpeg(scans: int) -> bytes:
    """A small progressive JPEG whose last scan comes many times: 10 ms of decoding each, for 31 bytes."""
    out = io.BytesIO()
    Image.new("L", (4000, 4000), 90).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    at = data.rfind(b"\xff\xda")
    return data[:at] + data[at:-2] * scans + b"\xff\xd9"


def hungry_xlsx() -> bytes:
    """A workbook whose far cell is written so that our look ahead misses it; calamine asks for 549 GB and aborts."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = 1, 2
    plain, out = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, source.read(part).replace(b'r="XFD', b'x="' + b" " * 300 + b'" r="XFD'))
    return out.getvalue()
