"""notice compile, lint, show: every way in which an office has its notice, and what comes out."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import docx
import pytest

from intake.commands import Setting
from intake.commands.notices import compile, lint, show_notice
from storage.errors import Refused

TEXT = """关于报送质量提升行动总结的通知
各县（区）市场监督管理局：
请于2023年11月30日前将质量提升行动总结（2000字以内）、活动照片3张（JPG格式，像素不低于1920×1080）发送至邮箱zlts@lanqiao.example。
联系人：水清 0571-88001122
澜桥市市场监督管理局
2023年11月1日
"""


def setting(*, json: bool = True) -> Setting:
    """No config in the working folder is needed."""
    return Setting(config=Path("no-config.toml"), now=None, json=json)


def compiled(file: str, capsys: pytest.CaptureFixture[str], out: Path | None = None) -> dict[str, object]:
    """What `notice compile --json` prints."""
    capsys.readouterr()
    assert compile(setting(), file, out) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def understood(found: dict[str, object]) -> bool:
    """The sample's date, mailbox and limits."""
    items = found["items"]
    assert isinstance(items, list)
    return (
        found["deadline"] == "2023-11-30"
        and found["mailbox"] == "zlts@lanqiao.example"
        and [(i["category"], i["words_max"], i["count_min"], i["min_width"]) for i in items]
        == [("summary", 2000, None, None), ("photo", None, 3, 1920)]
    )


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_of_any_charset(tmp_path: Path, capsys: pytest.CaptureFixture[str], charset: str) -> None:
    path = tmp_path / "通知.txt"
    path.write_bytes(TEXT.encode(charset))
    assert understood(compiled(str(path), capsys))


def test_a_word_document_with_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = docx.Document()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "序号", "单位名称"
    document.save(str(tmp_path / "通知.docx"))
    assert understood(compiled(str(tmp_path / "通知.docx"), capsys))


def test_pasted_on_stdin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert understood(compiled("-", capsys))


def test_what_is_no_notice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="找不到"):
        compile(setting(), str(tmp_path / "无.txt"), None)
    (tmp_path / "图.jpg").write_bytes(b"\xff\xd8\xff\xe0broken")
    with pytest.raises(Refused, match="docx"):
        compile(setting(), str(tmp_path / "图.jpg"), None)


def test_what_is_written_passes_lint_and_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "通知.txt", tmp_path / "notice.toml"
    source.write_text(TEXT, encoding="utf-8")
    compiled(str(source), capsys, out)
    assert lint(setting(), out) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(out), "ok": True, "faults": []}
    assert show_notice(setting(json=False), str(out)) == 0
    shown = capsys.readouterr().out
    for words in ("2023-11-30", "不超过 2000 字", "宽不低于 1920 像素", "至少 3 件", "质量提升行动总结"):
        assert words in shown


def test_lint_tells_every_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "notice.toml"
    path.write_text(
        'id = "x"\ntitle = "t"\n[[requirement]]\nid = "a"\nname = "n"\nchecks.cuont = {}\n', encoding="utf-8"
    )
    assert lint(setting(), path) == 2
    told = json.loads(capsys.readouterr().out)
    assert {fault["path"] for fault in told["faults"]} >= {"deadline", "requirement[1].checks.cuont"}


def test_people_read_the_draft_and_its_doubts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "通知.txt"
    path.write_text("请于10月12日前把照片2张发到邮箱，每张配50字说明。", encoding="utf-8")
    assert compile(setting(json=False), str(path), None) == 0
    shown = capsys.readouterr().out
    for words in ("没有写年份", "没有找到收件邮箱", "50字：约50字？以内？"):
        assert words in shown
