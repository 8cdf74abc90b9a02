"""Can the file be opened at all? Runs first; what it faults is not measured any further."""

from __future__ import annotations

from collections.abc import Iterator

from rules.case import Case
from rules.checks import Settings, check
from rules.facts import ArchiveFacts, Unreadable
from rules.finding import Finding
from rules.item import Item
from rules.kinds import alike, canonical, convert, is_archive, words_of_formats

_SAYS = {
    "damaged": "文件“{name}”已损坏或不完整，打不开。",
    "empty": "文件“{name}”是空的（0 字节）。",
    "too-large": "文件“{name}”过大或展开后过大，系统没有打开，已留待人工查看。",
    "timeout": "文件“{name}”过于复杂，系统没有读完，已留待人工查看。",
    "unsupported": "文件“{name}”已收到，系统不能读取这种格式，已留待人工查看。",
}
_FIX = {
    "damaged": "请在本机确认能正常打开后，重新发送。",
    "empty": "请检查原文件后重新发送。",
}


_BETTER = {"doc": "DOCX", "wps": "DOCX", "xls": "XLSX", "et": "XLSX", "ofd": "PDF", "ppt": "PDF", "pptx": "PDF"}
"""What to save a document as that we cannot read."""


class ReadableSettings(Settings):
    """No settings: a file must always open."""


@check(
    "readable",
    ReadableSettings,
    codes=("unreadable", "encrypted", "dangerous-file", "wrong-format"),
    always=True,
)
def readable(settings: ReadableSettings, case: Case) -> Iterator[Finding]:
    """fail when the file is broken, locked or of a kind not asked for; unsure when only we cannot open it."""
    for item in case.items:
        if isinstance(item.facts, Unreadable):
            yield _unreadable(item, item.facts, case)
        elif isinstance(item.facts, ArchiveFacts) and item.facts.skipped:
            yield Finding(
                code="unreadable",
                outcome="unsure",
                says=f"压缩包“{item.name}”中有 {len(item.facts.skipped)} 个文件未能取出，已留待人工查看。",
                fix="如方便，请把这些文件直接作为附件发送。",
                file=item.path,
                expected="可以全部取出",
                measured=f"{len(item.facts.skipped)} 个未取出",
                about=item.key,
            )
        elif item.damaged:
            yield Finding(
                code="unreadable",
                outcome="unsure",
                says=f"文件“{item.name}”在传输中有缺损，内容可能不完整，已留待人工查看。",
                fix="如方便，请重新发送一次。",
                file=item.path,
                expected="传输完整",
                measured="邮件编码有缺损",
                about=item.key,
            )


def _unreadable(item: Item, facts: Unreadable, case: Case) -> Finding:
    code, outcome = "unreadable", "fail" if facts.reason in ("damaged", "empty") else "unsure"
    says, fix = _SAYS.get(facts.reason, _SAYS["unsupported"]), _FIX.get(facts.reason, "")
    formats = case.requirement.formats
    expected, measured = "可以正常打开", _MEASURED[facts.reason]
    if facts.reason == "encrypted":
        code, outcome = "encrypted", "fail"
        says, fix = "文件“{name}”设有密码，打不开。", "请去掉密码后重新发送。"
    elif facts.reason == "dangerous":
        code, outcome = "dangerous-file", "fail"
        says, fix = "文件“{name}”是程序或脚本，按规定不予打开。", "请改为报送材料本身。"
    elif facts.reason == "unsupported" and _is_surely_wrong(facts.format, formats):
        code, outcome = "wrong-format", "fail"
        expected, measured = words_of_formats(formats), facts.format.upper()
        says = f"文件“{{name}}”是 {measured} 格式，通知要求 {expected} 格式。"
        fix = convert(facts.format, expected)
    elif facts.reason == "unsupported":
        better = "ZIP" if is_archive(facts.format) else _BETTER.get(facts.format, "")
        fix = f"如方便，请另存为 {better} 格式再发一份。" if better else "如方便，请换成常用格式再发一份。"
    return Finding(
        code=code,
        outcome=outcome,  # type: ignore[arg-type]  # one of the three literals above
        says=says.replace("{name}", item.name),
        fix=fix,
        file=item.path,
        expected=expected,
        measured=measured,
        about=item.key,
        office=f"本机安装 {facts.missing} 后即可自动读取，安装方法请运行 shouqi doctor。" if facts.missing else "",
    )


def _is_surely_wrong(format: str, formats: tuple[str, ...]) -> bool:
    """A known format that the notice does not take; archives (their members may be right) are never surely wrong."""
    if not formats or format in ("", "ole") or is_archive(canonical(format)):
        return False
    return not any(alike(format, one) for one in formats)


_MEASURED = {
    "damaged": "打不开",
    "empty": "0 字节",
    "too-large": "过大",
    "timeout": "没有读完",
    "unsupported": "系统不能读取",
    "encrypted": "设有密码",
    "dangerous": "程序或脚本",
}
