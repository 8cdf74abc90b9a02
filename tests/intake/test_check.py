"""`check FILE.eml` says of one mail what the service would make of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from intake.check import check_file
from intake.config import load_config
from tests.intake.mail.raw_mail import attached, mixed, text

NOW = datetime(2022, 10, 9, 4, 0, tzinfo=UTC)
CONFIG = """
data_dir = "data"
[[notice]]
file = "builtin:quality-month"
roster = "roster.csv"
{more}
[office]
name = "质量办"
address = "zlb@example.gov.cn"
[imap]
host = "127.0.0.1"
security = "none"
username = "zlb"
password = "env:NONE"
[smtp]
host = "127.0.0.1"
security = "none"
"""
CAPTION = "图片1.jpg：青禾县质量月启动仪式在县文化广场举行，县领导为首批首席质量官代表颁发聘书，三十余家企业参加。"


def head(subject: str, sender: str = "qinghe@qhx.example") -> bytes:
    return (
        f"Return-Path: <{sender}>\r\n"
        "Received: from a by b; Sun, 9 Oct 2022 10:20:30 +0800 (CST)\r\n"
        f"From: {sender}\r\nTo: zlb@example.gov.cn\r\nSubject: {subject}\r\nMessage-ID: <1@qhx.example>\r\n"
    ).encode()


def checked(folder: Path, raw: bytes, more: str = "") -> dict[str, Any]:
    (folder / "roster.csv").write_text("代码,单位,邮箱\n01,青禾县市场监督管理局,qinghe@qhx.example\n", encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG.format(more=more), encoding="utf-8")
    (folder / "a.eml").write_bytes(raw)
    return check_file(load_config(folder / "config.toml"), folder / "a.eml", NOW)


def codes(document: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in document["findings"]}


def photo(folder: Path) -> bytes:
    from PIL import Image

    Image.effect_noise((1600, 1200), 80).convert("RGB").save(folder / "p.jpg", quality=50)
    return attached("filename=图片1.jpg".encode(), (folder / "p.jpg").read_bytes(), b"image/jpeg")


def test_captions_in_a_mail_that_is_handed_on_count(tmp_path: Path) -> None:
    history = f"请收\r\n\r\n---------- Forwarded message ----------\r\n发件人：王\r\n主题：照片\r\n\r\n{CAPTION}\r\n"
    raw = mixed(text(history), photo(tmp_path), head=head("转发：质量月照片"))
    assert "caption-missing" not in codes(checked(tmp_path, raw))
    answered = mixed(text(history), photo(tmp_path), head=head("质量月照片"))
    assert "caption-missing" in codes(checked(tmp_path, answered))


@pytest.mark.parametrize(
    ("words", "yes", "why"),
    [
        ("收到，谢谢！", False, "来信没有新内容，不必答复"),
        ("请问图片可以多报几张吗？", False, "来信是咨询，由人工答复"),
        ("补充情况说明：活动共三场。", True, "可以自动答复"),
    ],
)
def test_mails_of_words_only(words: str, yes: bool, why: str, tmp_path: Path) -> None:
    assert checked(tmp_path, head("质量月") + text(words))["may_reply"] == {"yes": yes, "why": why}


def test_a_stranger_is_answered_where_the_office_wants_that(tmp_path: Path) -> None:
    raw = mixed(text("材料"), attached(b"filename=a.bin", b"x"), head=head("材料", "x@mail.example"))
    assert not checked(tmp_path, raw)["may_reply"]["yes"]
    raw_config = '\n[replies]\nunregistered = "reply"\n'
    assert checked(tmp_path, raw, raw_config)["may_reply"]["yes"]


def test_files_are_told_even_when_no_notice_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(
        'id = "other"\ntitle = "另一通知"\ndeadline = 2022-12-01\nsubject_keywords = ["另一"]\n'
        '[[requirement]]\nid = "r"\nname = "材料"\ncategory = "other"\nclause = "请报材料"\n',
        encoding="utf-8",
    )
    more = '[[notice]]\nfile = "other.toml"\nroster = "roster.csv"\n'
    raw = mixed(text("x"), attached(b"filename=a.bin", b"x"), head=head("x", "x@mail.example"))
    document = checked(tmp_path, raw, more)
    assert [(row["name"], row["size"], row["requirement"]) for row in document["attachments"]] == [("a.bin", 1, None)]
    assert document["findings"] == []


def test_a_bounce_owes_nothing(tmp_path: Path) -> None:
    document = checked(tmp_path, head("=?utf-8?B?57O757uf6YCA5L+h?=", "postmaster@qhx.example") + text("退回"))
    assert (document["class"], document["findings"], document["may_reply"]["yes"]) == ("bounce", [], False)
