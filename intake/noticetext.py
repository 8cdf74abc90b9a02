"""The text of a notice as an office has it: .txt in any charset, .docx, .pdf with text, or pasted on stdin."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from intake.formats.prose import clean
from intake.mail.charset import decode
from intake.readers import read
from intake.unwrapping import unwrapped
from rules.facts import Facts, Sheet, TextFacts, Unreadable
from storage.errors import Refused

STDIN = "-"
LARGEST = 20 << 20
"""Bytes; no notice is larger."""


def notice_text(file: str) -> str:
    """The words of a notice, tables included; `-` reads stdin. Refused says why a file gives no text."""
    if file == STDIN:
        return clean(decode(sys.stdin.buffer.read(LARGEST)).text)
    path = Path(file)
    if not path.is_file():
        raise Refused(f"找不到文件 {file}。请核对路径；粘贴通知原文请用“-”并从标准输入给出。")
    if path.stat().st_size > LARGEST:
        raise Refused(f"{file} 太大，不像是通知。请只给出通知正文。")
    if path.suffix.lower() in ("", ".txt", ".md"):
        return clean(decode(path.read_bytes()).text)
    with tempfile.TemporaryDirectory() as spool:
        kind, reading = read(path, path.name, Path(spool))
    return _words(file, kind, reading.facts)


def _words(file: str, kind: str, facts: Facts) -> str:
    if isinstance(facts, TextFacts) and facts.text.strip():
        if facts.format == "pdf":
            return unwrapped(facts.text)
        return "\n".join([facts.text, *(row for table in facts.tables for row in _missing(table, facts.text))])
    if isinstance(facts, TextFacts):
        raise Refused(f"{file} 里没有文字，像是扫描件。请提供 Word 或文字版 PDF，或把原文粘贴成 .txt。")
    if isinstance(facts, Unreadable) and facts.reason == "encrypted":
        raise Refused(f"{file} 有密码。请去掉密码后再试。")
    raise Refused(f"{file} 读不出通知的文字（{kind or '格式不明'}）。请另存为 .docx，或把原文粘贴成 .txt。")


def _missing(table: Sheet, text: str) -> list[str]:
    """Rows of a table whose cells are not in the text already."""
    rows = []
    for row in table.rows:
        cells = [str(cell).strip() for cell in row if cell not in (None, "")]
        if cells and not all(cell in text for cell in cells):
            rows.append("　".join(cells))
    return rows
