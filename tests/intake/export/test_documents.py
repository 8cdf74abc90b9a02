"""Album, closing report and register: what they say, and that words of a mail stay words."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image

from intake.export import album
from intake.export.circular import circular_source, write_circular
from intake.export.manifest import Entry
from intake.export.sheets import write_list, write_register
from intake.sandbox import Limits, Sandbox
from intake.standing import build_board
from intake.view import Board
from tests.desk import Desk

BOMB = '=HYPERLINK("http://x.example","点我")'


def board_of(desk: Desk) -> Board:
    with desk.office() as office:
        (campaign,) = office.campaigns.values()
        return build_board(office, campaign, desk.now)


def words(path: Path) -> list[str]:
    return [paragraph.text for paragraph in Document(str(path)).paragraphs]


def test_the_album_has_every_picture_with_caption_and_unit_scaled_down(desk: Desk, package: Path) -> None:
    board = board_of(desk)
    told = words(package / "图片册.docx")
    photos = [
        (file.caption, row.unit.name)
        for row in board.units
        for standing in row.verdict.standings
        for file in standing.files
        if file.key in row.images
    ]
    assert len(photos) == 3
    for number, (caption, unit) in enumerate(photos, 1):
        at = next(n for n, line in enumerate(told) if line.startswith(f"图{number}　"))
        assert told[at] == f"图{number}　{caption or '（无图片说明）'}"
        assert told[at + 1].startswith(unit)
    with zipfile.ZipFile(package / "图片册.docx") as file:
        pictures = [name for name in file.namelist() if name.startswith("word/media/")]
        assert len(pictures) == 3
        for name in pictures:
            with Image.open(BytesIO(file.read(name))) as image:
                assert (image.format, max(image.size)) == ("JPEG", album.SIDE)
        assert b"hyperlink" not in file.read("word/document.xml")


def test_a_picture_that_cannot_be_decoded_and_words_that_look_like_markup(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = b"\xff\xd8\xff" + b"no picture" * 30
    with desk.office() as office:
        digest = office.blobs.write(broken, tmp_path / "spool")
        caption = "</w:t><w:p>\u202e" + BOMB + "\x00"
        one = album.Shown(digest=digest, caption=caption, unit="<甲>&局", remark="需修改", thumbnail="")
        shown = (one,) * 3
        monkeypatch.setattr(album, "VOLUME", 2)
        (name, first, part), (second, start, rest) = album.volumes(shown)
        assert (name, first, second, start) == ("图片册（1）.docx", 1, "图片册（2）.docx", 3)
        assert (len(part), len(rest)) == (2, 1)
        with Sandbox(1, tmp_path / "children", Limits()) as sandbox:
            album.write_album(board_of(desk), first, part, office.blobs, sandbox, tmp_path, tmp_path / name)
    told = words(tmp_path / name)
    assert told.count("（图片不能显示）") == 2
    assert any(line.startswith("图1　</w:t><w:p>=HYPERLINK") for line in told)
    assert "<甲>&局（需修改）" in told


def test_the_closing_report_says_what_the_figures_say(desk: Desk, tmp_path: Path) -> None:
    board = board_of(desk)
    with desk.office() as office:
        write_circular(office, board, tmp_path / "通报.docx")
    document = Document(str(tmp_path / "通报.docx"))
    told = "\n".join(words(tmp_path / "通报.docx"))
    assert "应报单位 3 家，已报 2 家" in told
    assert "报送率 66.7%" in told
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    silent = desk.units[2]
    assert {silent.name, f"{silent.contact} {silent.phone}"} <= cells
    later = msgspec.structs.replace(board, as_of=board.as_of.replace(hour=board.as_of.hour + 1))
    assert circular_source(later) == circular_source(board)


def test_text_in_the_lists_stays_text(tmp_path: Path) -> None:
    entry = Entry(
        path="报送材料/甲/总结/a.docx",
        sha256="0" * 64,
        size=5,
        kind="material",
        name=BOMB,
        unit="1",
        unit_name="+1+1",
        requirement_name="@SUM(1)",
        state="current",
        verdict="ok",
        mail="-2",
        sender="\t=1",
        received_at="2022-10-08T09:00:00+08:00",
    )
    mail = msgspec.structs.replace(entry, kind="mail", state="", verdict="processed", why="字" * 40_000)
    write_register(tmp_path / "a.xlsx", BOMB, [entry, mail])
    write_list(tmp_path / "b.xlsx", BOMB, [entry, mail])
    for name in ("a.xlsx", "b.xlsx"):
        for sheet in load_workbook(tmp_path / name):
            found = [cell for row in sheet.iter_rows() for cell in row]
            assert BOMB in {cell.value for cell in found}
            assert not [cell for cell in found if cell.data_type == "f" or cell.hyperlink]
