"""Can the file be opened at all? Runs first; what it faults is not measured any further."""

from __future__ import annotations

from collections.abc import Iterator

from rules.case import Case
from rules.checks import Settings, check
from rules.facts import Unreadable
from rules.finding import Finding
from rules.item import Item
from rules.kinds import alike, words_of_formats

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
    elif facts.reason == "unsupported" and formats and facts.format:
        if not any(alike(facts.format, one) for one in formats):
            code, outcome = "wrong-format", "fail"
            expected, measured = words_of_formats(formats), facts.format.upper()
            says = f"文件“{{name}}”是 {measured} 格式，通知要求 {expected} 格式。"
            fix = f"请另存为 {expected} 格式后重新发送。"
    elif facts.reason == "unsupported" and not formats:
        fix = ""
    return Finding(
        code=code,
        outcome=outcome,  # type: ignore[arg-type]  # one of the three literals above
        says=says.replace("{name}", item.name),
        fix=fix,
        file=item.path,
        expected=expected,
        measured=measured,
        about=item.key,
    )


_MEASURED = {
    "damaged": "打不开",
    "empty": "0 字节",
    "too-large": "过大",
    "timeout": "没有读完",
    "unsupported": "系统不能读取",
    "encrypted": "设有密码",
    "dangerous": "程序或脚本",
}
