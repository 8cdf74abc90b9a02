"""init: a folder made of the sample notice and a roster judges the demo's mails as the shipped notice does."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from intake.commands import Setting
from intake.commands.setting_up import init
from intake.config import load_config
from intake.demo import binaries
from intake.demo.mails import demo_mails
from intake.demo.units import units, write_roster
from intake.notices import load_notice
from intake.setup import open_questions, proposed
from intake.wording import wording_of
from rules.compile.assemble import compile_notice
from storage.errors import Refused

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "rules" / "notices" / "quality-month.txt"
SERVERS = {"imap": "imap.yunling.example", "smtp": "smtp.yunling.example"}
NOW = "2022-10-12T10:00+08:00"


def made(folder: Path, **more: Any) -> Path:
    """A folder made from the sample notice."""
    write_roster(folder / "list.xlsx", units(12))
    options: dict[str, Any] = {"notice": SAMPLE, "roster": folder / "list.xlsx", "forms": [], "given": SERVERS} | more
    assert init(Setting(config=Path("config.toml"), now=None, json=True), folder / "new", **options) == 0
    return folder / "new"


def test_the_folder_is_complete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = made(tmp_path)
    config = load_config(folder / "config.toml")
    loaded = load_notice(config.notice[0].file, config.tz, config.base)
    assert [r.id for r in loaded.notice.requirements] == ["summary", "cases", "photos", "video", "statistics"]
    assert list(loaded.forms) == ["statistics"]
    assert config.letters_folder is not None and (config.letters_folder / "reply.j2").is_file()
    assert not wording_of(config.letters_folder).faults
    assert config.office.address == "zlb@yunling.example"
    assert json.loads(capsys.readouterr().out)["requirements"]


def shouqi(folder: Path, *arguments: str) -> Any:
    """Run a command in a folder; its JSON document."""
    command = [sys.executable, "-m", "intake", *arguments, "--now", NOW, "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=300, check=False,
                         env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.long
def test_the_same_verdicts_as_the_shipped_notice(tmp_path: Path) -> None:
    ours = made(tmp_path)
    mails = tmp_path / "mails"
    mails.mkdir()
    for number, mail in enumerate(demo_mails(units(12))):
        (mails / f"{number:02}.eml").write_bytes(mail.raw)
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    text = (ours / "config.toml").read_text(encoding="utf-8").replace('"notice.toml"', '"builtin:quality-month"')
    (shipped / "config.toml").write_text(text, encoding="utf-8")
    (shipped / "roster.xlsx").write_bytes((ours / "roster.xlsx").read_bytes())
    states = []
    for folder in (ours, shipped):
        shouqi(folder, "import", str(mails))
        (notice,) = shouqi(folder, "status")["notices"]
        states.append({u["unit"]: [(r["id"], r["state"]) for r in u["requirements"]] for u in notice["units"]})
    assert states[0] == states[1]
    assert {state for unit in states[0].values() for _, state in unit} >= {"ok", "problem", "missing"}


def test_only_what_the_notice_does_not_tell_is_asked() -> None:
    answers = proposed(compile_notice(SAMPLE.read_text(encoding="utf-8")))
    assert [question.path for question in open_questions(answers)] == ["imap", "smtp"]
    known = proposed(compile_notice("请于2022年10月12日前将总结发送至zlb@163.com。"))
    assert [question.path for question in open_questions(known)] == ["office"]


def test_nobody_to_ask_names_the_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(Refused, match="--imap"):
        made(tmp_path, given={})


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    folder = made(tmp_path)
    with pytest.raises(Refused, match=r"已有 config\.toml"):
        init(
            Setting(config=Path("config.toml"), now=None, json=True), folder,
            notice=SAMPLE, roster=None, forms=[], given=SERVERS,
        )  # fmt: skip


def test_a_date_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="截止日期"):
        made(tmp_path, given=SERVERS | {"deadline": "下周五"})


CLASSED = """关于报送质量月材料的通知
各县区、各高校：
请于2022年10月12日前将材料发至zlb@yunling.example。各高校报送典型案例；各县区报送统计表；各企业报送活动照片。
云岭市质量办
2022年9月1日
"""
ROSTER = "代码,单位,类别,邮箱\n1,云岭学院,高等院校,a@u.example\n2,清河区,区县,b@u.example\n3,某局,,c@u.example\n"


def classed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *classes: str
) -> tuple[list[tuple[str, ...]], list[str]]:
    """`only_for` of each requirement, and what is still to be settled."""
    (tmp_path / "notice.txt").write_text(CLASSED, encoding="utf-8")
    (tmp_path / "list.csv").write_text(ROSTER, encoding="utf-8")
    capsys.readouterr()
    init(
        Setting(config=Path("config.toml"), now=None, json=True), tmp_path / "new",
        notice=tmp_path / "notice.txt", roster=tmp_path / "list.csv", forms=[],
        given={**SERVERS, "office": "质量办"}, classes=classes,
    )  # fmt: skip
    config = load_config(tmp_path / "new" / "config.toml")
    ready = load_notice(config.notice[0].file, config.tz, config.base).notice
    left = json.loads(capsys.readouterr().out)["questions"]
    return [one.only_for for one in ready.requirements], [one["asks"] for one in left if one["path"] == "roster"]


def test_classes_of_the_notice_meet_those_of_the_roster(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, told = classed(tmp_path, capsys)
    assert sorted(found) == [("企业",), ("区县",), ("高等院校",)]
    assert "“活动照片”只要求“企业”报送，名册的类别里没有（现有：高等院校、区县）。" in told
    assert any("某局看不出属于哪一类" in one for one in told)


def test_a_class_can_be_told_by_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, told = classed(tmp_path, capsys, "企业=区县")
    assert sorted(found) == [("区县",), ("区县",), ("高等院校",)]
    assert not any("企业" in one for one in told)


def test_a_class_that_the_roster_does_not_have_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Refused, match="高等院校、区县"):
        classed(tmp_path, capsys, "企业=公司")


def as_docx(text: str) -> bytes:
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_pdf(text: str) -> bytes:
    """A page on which lines end where the paper ends, with the number of a page among them."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line, width = "", 0
        for sign in paragraph:
            wide = 2 if unicodedata.east_asian_width(sign) in "WFA" else 1
            if width + wide > 68:
                lines.append(line)
                line, width = "", 0
            line, width = line + sign, width + wide
        lines.append(line)
    return binaries.pdf("\n".join([*lines[:18], "— 1 —", *lines[18:]]))


WAYS: dict[str, Callable[[str], bytes]] = {
    "gbk.txt": lambda text: text.encode("gbk"),
    "utf16.txt": lambda text: text.encode("utf-16"),
    "notice.docx": as_docx,
    "notice.pdf": as_pdf,
    "-": lambda text: text.encode("gbk"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_gives_the_same_notice(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so the same verdicts: the folder differs in nothing from that of the plain text."""
    data = WAYS[way](SAMPLE.read_text(encoding="utf-8"))
    (tmp_path / "other").mkdir()
    (tmp_path / "annex-3.xlsx").write_bytes(SAMPLE.with_name("annex-3.xlsx").read_bytes())
    plain = made(tmp_path)
    monkeypatch.chdir(tmp_path)  # what comes by stdin has its forms in the working folder
    if way == "-":
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    else:
        Path(way).write_bytes(data)
    other = made(tmp_path / "other", notice=Path(way))
    for name in ("notice.toml", "config.toml"):
        assert (other / name).read_text(encoding="utf-8") == (plain / name).read_text(encoding="utf-8")
    assert sorted(path.name for path in other.iterdir()) == sorted(path.name for path in plain.iterdir())


def test_a_word_file_with_a_table_and_a_list_of_annexes(tmp_path: Path) -> None:
    document = docx.Document()
    for line in (
        "关于报送“质量月”材料的通知",
        "各县区：",
        "请于2022年10月12日前将下列材料发送至邮箱zlb@yunling.example。",
    ):
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=2)
    for what, how in (("材料", "要求"), ("活动照片", "报送活动照片3张，JPG格式，长边不低于2000像素")):
        row = table.add_row().cells
        row[0].text, row[1].text = what, how
    for line in (
        "请填写附件1并报送。",
        "附件：1.“质量月”活动情况统计表",
        "云岭市质量强市工作领导小组办公室",
        "2022年8月26日",
    ):
        document.add_paragraph(line)
    document.save(str(tmp_path / "notice.docx"))
    folder = made(tmp_path, notice=tmp_path / "notice.docx")
    notice = load_notice(str(folder / "notice.toml"), load_config(folder / "config.toml").tz, folder).notice
    found = {one.category: one for one in notice.requirements}
    assert found["photo"].checks["image-size"] == {"min_long_side": 2000}
    assert found["photo"].formats == ("jpg",)
    assert "统计表" in found["stat_table"].name
