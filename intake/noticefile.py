"""A notice out of whatever an office has: a notice file, or the text of a notice that is compiled first."""

from __future__ import annotations

import tomllib
from datetime import tzinfo
from pathlib import Path

from intake.files_in import ConfigFaults
from intake.notices import BUILTIN, LoadedNotice, load_notice
from intake.noticetext import notice_text
from rules.compile.amend import amended, compile_amendment, is_supplement
from rules.compile.assemble import compile_notice
from rules.compile.written import draft_toml
from rules.lint import parse_notice
from storage.errors import Refused


def is_notice_file(file: str) -> bool:
    """True for a notice file, False for a text to compile."""
    return file.startswith(BUILTIN) or Path(file).suffix.lower() == ".toml"


def any_notice(file: str, tz: tzinfo, old: LoadedNotice | None = None) -> LoadedNotice:
    """The notice in `file`. A text is compiled; with `old`, as what amends that notice.

    ConfigFaults and Refused say what hinders: a text without a date, without any material.
    """
    if is_notice_file(file):
        return load_notice(file, tz, Path.cwd())
    text = notice_text(file)
    if old is not None:
        return amended_by(old, text, tz)
    draft = compile_notice(text)
    if not draft.items:
        raise Refused(f"{file} 里没有看出要求报送哪些材料，请先补写成通知文件。")
    notice, faults = parse_notice(tomllib.loads(draft_toml(draft)), tz)
    if notice is None:
        raise ConfigFaults(list(faults), Path(file))
    return LoadedNotice(notice=notice, forms={}, folder=Path(file).parent)


def amended_by(old: LoadedNotice, text: str, tz: tzinfo) -> LoadedNotice:
    """The old notice as the words of a later one change it, with the blank forms it had."""
    notice, faults = amended(old.notice, compile_amendment(text), tz, whole=not is_supplement(text))
    if notice is None:
        raise ConfigFaults(list(faults), None)
    kept = {requirement.id for requirement in notice.requirements}
    forms = {id: form for id, form in old.forms.items() if id in kept}
    return LoadedNotice(notice=notice, forms=forms, folder=old.folder)
