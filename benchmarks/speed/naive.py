"""The naive stack: the packages as they come, one mail after the other, in one process.

    python -m benchmarks.speed.naive PORT FOLDER

imapclient with the debugging it ships with, mail-parser on the whole mail, python-docx, openpyxl and Pillow on every
attachment, one sqlmodel row and one commit a mail, openpyxl for the list. No rules, no letters, nothing durable but
the commits.
"""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path

import docx
import mailparser
import openpyxl
from imapclient import IMAPClient
from PIL import Image
from sqlmodel import Field, Session, SQLModel, create_engine

from benchmarks.ready import PASSWORD
from intake.demo.units import OFFICE_ADDRESS


class Row(SQLModel, table=True):
    """What it keeps of a file."""

    __tablename__ = "naive_row"

    id: int | None = Field(default=None, primary_key=True)
    mail: str
    name: str
    told: str


def look(name: str, data: bytes, folder: Path) -> str:
    """What can be told of one file."""
    if name.endswith(".docx"):
        return str(sum(len(paragraph.text) for paragraph in docx.Document(io.BytesIO(data)).paragraphs))
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(data))
        return str([[cell.value for cell in row] for row in book.worksheets[0].rows])
    if name.endswith((".jpg", ".jpeg", ".png")):
        with Image.open(io.BytesIO(data)) as image:
            size = image.size
            image.load()
            image.thumbnail((240, 240))
            image.convert("RGB").save(folder / f"{name[:40]}.jpg")
            return str(size)
    return ""


def main(port: int, folder: Path) -> None:
    """Fetch, read, store, list."""
    engine = create_engine(f"sqlite:///{folder / 'naive.db'}")
    SQLModel.metadata.create_all(engine, tables=[Row.__table__])  # type: ignore[attr-defined]  # sqlmodel adds it
    client = IMAPClient("127.0.0.1", port, ssl=False)
    client.login(OFFICE_ADDRESS, PASSWORD)
    client.select_folder("INBOX", readonly=True)
    book = openpyxl.Workbook()
    for uid in client.search(["ALL"]):
        raw = client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]
        (folder / f"{uid}.eml").write_bytes(raw)
        mail = mailparser.parse_from_bytes(raw)
        with Session(engine) as session:
            for file in mail.attachments:
                name, payload = file["filename"], file["payload"]
                data = base64.b64decode(payload) if file["binary"] else payload.encode("utf-8", "replace")
                (folder / f"{uid}-{len(name)}").write_bytes(data)
                try:
                    told = look(name.lower(), data, folder)
                except Exception as error:  # noqa: BLE001 - a broken attachment of the campaign
                    told = type(error).__name__
                session.add(Row(mail=mail.message_id, name=name, told=told))
            session.commit()
        book.worksheets[0].append([mail.subject, str(mail.from_), len(mail.attachments)])
    book.save(folder / "list.xlsx")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
