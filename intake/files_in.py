"""Reading the files that people write for us (settings, notices, rosters): bytes first, then a clear word in Chinese.

A program that opens such a file as UTF-8 and lets the error through tells its user
"'utf-8' codec can't decode byte 0xb5". Here every way in which a file can be unusable is told with its remedy.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import structs

from rules.faults import Fault
from storage.errors import said

LARGEST = 20 << 20
"""Bytes; no settings file, notice or roster is larger."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
_FULL_WIDTH = frozenset("“”‘’＂＇＝＃［］，：｛｝")
_SAVE_AS = "请用记事本打开该文件，选“另存为”，编码选“UTF-8”，保存后再试。"
# what tomllib says, and what a person can do about it; the first match counts
_TOML_REASONS: Sequence[tuple[str, str, str]] = (
    (
        "Unescaped '\\'",
        "双引号内的反斜杠 \\ 有特殊含义",
        "路径请写成 'D:\\收齐\\data'（单引号）或 \"D:/收齐/data\"。",
    ),
    ("Expected '=' after a key", "键名之后缺少等号", "请写成 键名 = 值，例如 port = 993；以 # 开头的是注释。"),
    ("Cannot overwrite a value", "同一个键写了两次", "请只保留一处。"),
    ("Cannot declare", "同一个节写了两次", "请把两处合并为一处。"),
    (
        "Invalid value",
        "等号后面的值写法不对",
        '文字请加英文双引号，例如 host = "imap.example.com"；是否请写 true 或 false。',
    ),
    ("Unterminated string", "文字缺少结束的引号", "请补上英文双引号。"),
    ("Illegal character", "文字缺少结束的引号，或含有不可见字符", "请补上英文双引号，或删去该行重新输入。"),
    ("Unclosed array", "列表缺少结束的方括号 ]", "请补上。"),
    (
        "Expected newline or end of document",
        "一行里写了多余的内容",
        '文字和时长请整个放进英文双引号，例如 poll = "2m"；每行只写一个键，说明文字前加 #。',
    ),
    ("Invalid statement", "这一行看不懂", "每行请写成 键名 = 值、[节名] 或 # 注释；键名、引号、等号均为英文半角。"),
)


class ConfigFaults(Exception):
    """Everything that is wrong with one file that a person wrote, told at once.

    The text is Chinese, for people: key path, what was found, what was expected, what to do.
    """

    def __init__(self, faults: Sequence[Fault], file: Path | None) -> None:
        self.faults = tuple(faults)
        self.file = file
        super().__init__(self.faults, file)

    def __str__(self) -> str:
        head = f"{self.file}：" if self.file is not None else ""
        texts = [str(fault) for fault in self.faults]
        if len(texts) == 1:
            return f"{head}{texts[0]}"
        lines = [f"{head}共 {len(texts)} 处问题："]
        lines += [f"  {number}. {text}" for number, text in enumerate(texts, start=1)]
        return "\n".join(lines)


def together(wrong: Sequence[ConfigFaults]) -> ConfigFaults:
    """The faults of several files as one error, each with the name of its file; of the same file only once."""
    if len(wrong) == 1:
        return wrong[0]
    named = [
        fault if error.file is None else _of_file(fault, error.file.name)
        for error in {(one.file, one.faults): one for one in wrong}.values()
        for fault in error.faults
    ]
    return ConfigFaults(named, None)


def _of_file(fault: Fault, name: str) -> Fault:
    if fault.path:
        return structs.replace(fault, path=f"{name} {fault.path}")
    return structs.replace(fault, path=name, expected="")


class Written(NamedTuple):
    """The text of a file, and how it was stored."""

    text: str
    encoding: str
    """`utf-8` or `gb18030`."""
    bom: bool
    """True when it began with the UTF-8 byte order mark."""


def read_bytes(path: Path, what: str, missing: str = "请核对文件名和所在的文件夹。") -> bytes:
    """All bytes of a file; `what` names it for people, `missing` says what to do when it is not there.

    ConfigFaults when it is missing, a folder, locked, too large or empty.
    """
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise _refusal(path, f"{what}是一个文件夹", "一个文件", "请写出文件夹里的文件名。")
        if size > LARGEST:
            raise _refusal(path, f"{what}有 {size >> 20} MB", f"不超过 {LARGEST >> 20} MB", "请确认文件没有选错。")
        data = path.read_bytes()
    except FileNotFoundError as error:
        beside = _similar(path)
        hint = f"同一文件夹里有 {beside}，是否写错了名称？" if beside else missing
        raise _refusal(path, f"找不到{what}", "一个存在的文件", hint) from error
    except PermissionError as error:
        raise _refusal(
            path,
            f"没有权限读取{what}，或它正被其他程序占用",
            "可以读取的文件",
            "请关闭正在打开它的程序，或检查文件权限。",
        ) from error
    except OSError as error:
        raise _refusal(path, f"读取{what}时出错（{said(error)}）", "可以读取的文件", "请检查磁盘和路径。") from error
    if not data.strip():
        raise _refusal(path, f"{what}是空的", "有内容的文件", "请确认保存过，或参照样例重新填写。")
    return data


def decode(data: bytes, path: Path, what: str, *, gbk: bool) -> Written:
    """Bytes as text. UTF-8 with or without BOM always; GBK (read as GB18030) only where `gbk`, else ConfigFaults."""
    if data.startswith(_UTF16) or b"\x00" in data[:200]:
        raise _refusal(path, f"{what}的编码是 UTF-16（记事本里叫“Unicode”）或不是文本", "UTF-8 编码的文本", _SAVE_AS)
    bom = data.startswith(codecs.BOM_UTF8)
    try:
        return Written(data.decode("utf-8-sig"), "utf-8", bom)
    except UnicodeDecodeError as error:
        wrong = error
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise _refusal(path, f"{what}的编码无法识别", "UTF-8 编码的文本", _SAVE_AS) from wrong
    if not gbk:
        raise _refusal(path, f"{what}的编码是 GBK（记事本里叫“ANSI”）", "UTF-8 编码的文本", _SAVE_AS) from wrong
    return Written(text, "gb18030", bom)


def read_toml(path: Path, what: str, missing: str = "请核对文件名和所在的文件夹。") -> dict[str, Any]:
    """The data of a TOML file. ConfigFaults for everything that keeps it from being read, with line and column."""
    text = decode(read_bytes(path, what, missing), path, what, gbk=False).text
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError itself: a number of more than 4300 digits
        raise ConfigFaults([_syntax_fault(text, str(error))], path) from error


def _syntax_fault(text: str, message: str) -> Fault:
    match = _POSITION.search(message)
    line = int(match[1]) if match and match[1] else text.count("\n") + 1
    column = f"第 {match[2]} 列" if match and match[2] else "末尾"
    lines = text.split("\n")
    source = lines[line - 1] if line <= len(lines) else ""
    # only the key: the value may be a password
    key = source.partition("=")[0].strip()[:40] if "=" in source else ""
    found, remedy = _reason(message, source)
    return Fault(
        path=f"第 {line} 行{column}" + (f"（{key} = …）" if key else ""),
        found=found,
        expected="",
        remedy=remedy,
    )


def _reason(message: str, source: str) -> tuple[str, str]:
    code = re.sub(r'"[^"]*"|\'[^\']*\'|#.*', "", source)
    wide = sorted(_FULL_WIDTH.intersection(code))
    if wide:
        return f"用了中文全角符号 {' '.join(wide)}", '引号、等号、逗号、方括号请改用英文半角符号，例如 name = "……"。'
    for start, found, remedy in _TOML_REASONS:
        if message.startswith(start):
            return found, remedy
    return f"写法有误（{_POSITION.sub('', message).strip()}）", "请对照 config.example.toml 检查这一行。"


def _refusal(path: Path, found: str, expected: str, remedy: str) -> ConfigFaults:
    return ConfigFaults([Fault(path="", found=found, expected=expected, remedy=remedy)], path)


def _similar(path: Path) -> str:
    """A file in the same folder whose name differs only in case, white space or a doubled suffix (`x.toml.txt`)."""
    try:
        names = sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
    except OSError:
        return ""
    wanted = path.name.lower()
    for name in names:
        plain = name.lower().replace(" ", "")
        if name != path.name and (plain == wanted.replace(" ", "") or plain == f"{wanted}.txt"):
            return name
    return ""
