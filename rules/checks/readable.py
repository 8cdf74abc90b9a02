"""`readable`: could the file be opened at all. What this check faults is not measured any further."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._say import about, quoted
from rules.checks.format import asked, canonical, content_kind, is_asked, wrong_format
from rules.facts import ArchiveFacts, TableFacts, TextFacts, Unreadable
from rules.finding import Finding
from rules.item import Item
from rules.notice import Requirement
from rules.vocabulary import ARCHIVE_SUFFIXES

_OPENS = "能正常打开的文件"
_PROOF = frozenset({"docx", "xlsx", "ods"})
"""Formats with check sums inside: what could be read of them is whole."""
_BETTER = {"doc": "DOCX", "wps": "DOCX", "xls": "XLSX", "et": "XLSX", "ofd": "PDF", "ppt": "PDF", "pptx": "PDF"}
_ARCHIVES = frozenset(canonical(suffix) for suffix in ARCHIVE_SUFFIXES)


class ReadableSettings(Settings):
    """None."""


@check(
    "readable",
    ReadableSettings,
    codes=("unreadable", "encrypted", "dangerous-file", "wrong-format", "fake-extension"),
    always=True,
)
def judge_readable(settings: ReadableSettings, case: Case) -> Iterable[Finding]:
    """Damaged, empty, locked and dangerous files are to be sent again; what only we cannot open, a person opens."""
    for item in case.items:
        match item.facts:
            case Unreadable() as facts:
                yield from _unread(item, facts, case.requirement)
            case ArchiveFacts(skipped=skipped) if skipped:
                yield _skipped(item, len(skipped))
            case _ if item.damaged:
                yield _dirty(item)


def _unread(item: Item, facts: Unreadable, requirement: Requirement) -> Iterator[Finding]:
    name = quoted(item)
    match facts.reason:
        case "damaged":
            says = f"{name}已损坏或不完整，无法打开。"
            fix = "请先在本机确认文件能正常打开，再重新发送。"
            yield about(item, "unreadable", "fail", says, fix, expected=_OPENS, measured="文件损坏")
        case "empty":
            fix = "请检查原文件后重新发送。"
            yield about(
                item, "unreadable", "fail", f"{name}是空文件，没有内容。", fix, expected=_OPENS, measured="空文件"
            )
        case "encrypted":
            says = f"{name}设有打开密码，无法查看内容。"
            fix = "请取消密码后重新发送。"
            yield about(item, "encrypted", "fail", says, fix, expected="不设密码的文件", measured="设有密码")
        case "dangerous":
            says = f"{name}属于程序或脚本类文件，为安全起见未打开。"
            fix = f"请发送{asked(requirement)}的文件。" if requirement.formats else "请改为文档、图片等文件发送。"
            yield about(
                item, "dangerous-file", "fail", says, fix, expected="文档、图片等材料文件", measured="程序或脚本"
            )
        case "unsupported":
            yield _unsupported(item, facts, requirement)
        case "too-large":
            says = f"{name}过大，系统没有打开，由经办人查看。"
            fix = "不必立即重发；如方便，请压缩到较小后另发一份。"
            yield about(
                item, "unreadable", "unsure", says, fix, expected=_OPENS, measured=f"{item.size / (1 << 20):.1f}MB"
            )
        case "timeout":
            says = f"{name}在规定时间内未能读完，由经办人查看。"
            yield about(item, "unreadable", "unsure", says, expected=_OPENS, measured="读取超时")


def _unsupported(item: Item, facts: Unreadable, requirement: Requirement) -> Finding:
    """We have no reader. When the format alone is wrong, that is certain; else a person looks."""
    kind = content_kind(item)
    if kind and kind not in _ARCHIVES and kind != "ole" and not is_asked(kind, requirement.formats):
        return wrong_format(item, kind, requirement)
    better = "ZIP" if kind in _ARCHIVES else _BETTER.get(kind, "")
    what = f"（{kind.upper()}格式）" if kind else ""
    return about(
        item,
        "unreadable",
        "unsure",
        f"{quoted(item)}{what}系统暂时无法读取，由经办人人工查看。",
        f"如方便，请另存为{better}格式再发一份。" if better else "如方便，请换成常用格式再发一份。",
        expected="系统能读取的格式",
        measured=f"{kind.upper()}格式" if kind else "格式不明",
    )


def _skipped(item: Item, count: int) -> Finding:
    return about(
        item,
        "unreadable",
        "unsure",
        f"压缩包{quoted(item)}中有{count}个文件未能取出，由经办人人工查看。",
        "如方便，请把这些文件直接作为附件发送。",
        expected="能全部取出的压缩包",
        measured=f"{count}个文件未取出",
    )


def _dirty(item: Item) -> Finding:
    """The mail was cut or altered on its way, and yet the file could be read."""
    whole = isinstance(item.facts, TextFacts | TableFacts) and canonical(item.facts.format) in _PROOF
    tail = "内容已能读出" if whole else "可能不完整，由经办人核对"
    return about(
        item,
        "unreadable",
        "note" if whole else "unsure",
        f"{quoted(item)}在邮件传输中有残缺，{tail}。",
        "" if whole else "如方便，请重新发送一次。",
        expected="完整的附件",
        measured="传输有残缺",
    )
