"""Loading a notice (通知): the TOML file, checked as a whole, with the office's blank forms that lie beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path

import msgspec

import rules
from intake.files_in import ConfigFaults, read_toml
from intake.readers import read
from rules.facts import Facts, TableFacts, TextFacts, Unreadable
from rules.faults import Fault
from rules.lint import parse_notice
from rules.notice import Notice

BUILTIN = "builtin:"
"""`builtin:NAME` is a notice that comes with the program."""


_MISSING = f"请核对文件名和所在的文件夹；随程序附带的样例写作 {BUILTIN}quality-month。"


class LoadedNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that is ready for use."""

    notice: Notice
    forms: Mapping[str, TableFacts]
    """Blank forms by requirement id."""
    folder: Path
    """Where the notice file and its forms lie."""


def notice_path(file: str, base: Path) -> Path:
    """The path of a notice as the settings name it."""
    if file.startswith(BUILTIN):
        return _shipped() / f"{file.removeprefix(BUILTIN)}.toml"
    return Path(base, Path(file).expanduser()).absolute()


def builtins() -> tuple[str, ...]:
    """The notices that come with the program."""
    return tuple(sorted(path.stem for path in _shipped().glob("*.toml")))


def load_notice(file: str, tz: tzinfo, base: Path) -> LoadedNotice:
    """Read a notice and its forms. ConfigFaults tells everything that is wrong with them, at once.

    `tz` is the office's time zone: a bare date as deadline means to the end of that day there.
    """
    path = notice_path(file, base)
    if file.startswith(BUILTIN) and not path.is_file():
        fault = Fault(path="notice.file", found=file, expected=_choice(), remedy="请改正名称，或写出通知文件的路径。")
        raise ConfigFaults([fault], None)
    notice, wrong = parse_notice(read_toml(path, "通知文件", _MISSING), tz)
    if notice is None:
        raise ConfigFaults(list(wrong), path)
    forms: dict[str, TableFacts] = {}
    faults: list[Fault] = []
    for number, requirement in enumerate(notice.requirements, start=1):
        if requirement.form:
            facts = _form(path.parent / requirement.form)
            if isinstance(facts, TableFacts):
                forms[requirement.id] = facts
            else:
                faults.append(_form_fault(f"requirement[{number}].form", requirement.form, facts))
    if faults:
        raise ConfigFaults(faults, path)
    return LoadedNotice(notice=notice, forms=forms, folder=path.parent)


def _form(path: Path) -> Facts | None:
    if not path.is_file():
        return None
    with tempfile.TemporaryDirectory() as spool:
        _, reading = read(path, path.name, Path(spool))
    facts = reading.facts
    if isinstance(facts, TextFacts) and facts.tables:
        return TableFacts(format=facts.format, sheets=facts.tables, truncated=facts.truncated)
    return facts


def _form_fault(path: str, name: str, facts: Facts | None) -> Fault:
    if facts is None:
        found, remedy = f"通知文件旁没有 {name}", "请把空白表放在通知文件所在的文件夹，并核对文件名。"
    elif isinstance(facts, Unreadable):
        found, remedy = f"{name} 读不出来", "请确认文件能打开且没有密码，另存为 .xlsx。"
    else:
        found, remedy = f"{name} 里没有表格", "请把空白表另存为 .xlsx，或放在 Word 文档的表格里。"
    return Fault(path=path, found=found, expected="一个 .xlsx 或 .docx 空白表", remedy=remedy)


def _choice() -> str:
    return "、".join(f"{BUILTIN}{name}" for name in builtins()) + " 之一"


def _shipped() -> Path:
    return Path(rules.__file__ or "").parent / "notices"
