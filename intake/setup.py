"""A folder ready to run: config.toml, notice.toml compiled from the notice, the roster, the blank forms.

Only what the notice does not tell must be answered: `questions_of` lists it, `write_folder` takes the answers.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

from intake.wording import FOLDER, write_out
from rules.classes import in_roster_words
from rules.compile.draft import Draft, Question
from rules.compile.written import draft_toml, item_ids
from rules.unit import Unit

PROVIDERS: Mapping[str, tuple[str, str]] = {
    "163.com": ("imap.163.com", "smtp.163.com"),
    "126.com": ("imap.126.com", "smtp.126.com"),
    "yeah.net": ("imap.yeah.net", "smtp.yeah.net"),
    "qq.com": ("imap.qq.com", "smtp.qq.com"),
    "foxmail.com": ("imap.qq.com", "smtp.qq.com"),
    "sina.com": ("imap.sina.com", "smtp.sina.com"),
    "139.com": ("imap.139.com", "smtp.139.com"),
    "189.cn": ("imap.189.cn", "smtp.189.cn"),
}
"""Servers of providers whose names are known; an office's own domain is asked for."""
FORM_SUFFIXES = (".xlsx", ".xls", ".et", ".ods")
ROSTER_HEAD = "代码,单位,简称,类别,联系人,电话,邮箱\n"


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What a person settles; "" where nobody was asked."""

    deadline: str = ""
    mailbox: str = ""
    office: str = ""
    imap: str = ""
    smtp: str = ""
    password: str = "env:SHOUQI_IMAP_PASSWORD"  # noqa: S105  # where it lies, not the password


def proposed(draft: Draft) -> Answers:
    """The answers that the notice itself gives, and the servers of a known provider."""
    domain = draft.mailbox.rpartition("@")[2].lower()
    imap, smtp = PROVIDERS.get(domain, ("", ""))
    deadline = "" if draft.deadline.startswith("--") else draft.deadline
    return Answers(deadline=deadline, mailbox=draft.mailbox, office=draft.issuer, imap=imap, smtp=smtp)


def open_questions(answers: Answers) -> tuple[Question, ...]:
    """What is still to be answered, with what is proposed where the domain of the mailbox suggests it."""
    domain = answers.mailbox.rpartition("@")[2]
    guess = f".{domain}" if domain else ""
    wanted = (
        ("deadline", answers.deadline, "报送截止日期（如 2022-10-12）", ""),
        ("mailbox", answers.mailbox, "收材料的邮箱", ""),
        ("office", answers.office, "本单位名称（信件落款）", ""),
        ("imap", answers.imap, "收信服务器", f"imap{guess}" if guess else ""),
        ("smtp", answers.smtp, "发信服务器", f"smtp{guess}" if guess else ""),
    )
    return tuple(Question(path=path, asks=asks, proposed=guess) for path, value, asks, guess in wanted if not value)


def settled(draft: Draft, answers: Answers, forms: Collection[int] = ()) -> Draft:
    """The draft with what a person answered in the place of what was read, and without the questions that are closed.

    `forms`: places of the items whose blank form is there.
    """
    closed = {f"items[{place + 1}].form" for place in forms}
    if answers.deadline != draft.deadline:
        closed.add("deadline")
    if answers.mailbox != draft.mailbox:
        closed.add("mailbox")
    return msgspec.structs.replace(
        draft,
        deadline=answers.deadline,
        mailbox=answers.mailbox,
        questions=tuple(question for question in draft.questions if question.path not in closed),
    )


def with_roster_classes(draft: Draft, units: Sequence[Unit], told: Mapping[str, str]) -> Draft:
    """The draft with its classes of units in the words of the roster; `told`: 高校=高等院校, as a person said."""
    categories = [unit.category for unit in units]
    items = [
        msgspec.structs.replace(item, only_for=in_roster_words(item.only_for, categories, told)) for item in draft.items
    ]
    return msgspec.structs.replace(draft, items=tuple(items))


def forms_beside(draft: Draft, folder: Path) -> dict[int, Path]:
    """Blank forms that lie beside the notice: named after the annex, or annex-3 and 附件3 by its number."""
    found: dict[int, Path] = {}
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in FORM_SUFFIXES) if folder.is_dir() else []
    for place, item in enumerate(draft.items):
        for path in files:
            number = re.match(r"(?:annex|附件|附表|attachment)[-_ ]?(\d{1,2})(?!\d)", path.stem, re.IGNORECASE)
            named = bool(item.annex) and _bare(item.annex) in _bare(path.stem)
            if named or (number is not None and item.annex_number and int(number[1]) == item.annex_number):
                found.setdefault(place, path)
    return found


def _bare(name: str) -> str:
    return re.sub(r"[\s“”\"《》（）()]", "", name)


def write_folder(folder: Path, draft: Draft, answers: Answers, roster: Path | None, forms: Mapping[int, Path]) -> Path:
    """Write everything into `folder` (made when it is not there); returns the path of config.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    names: dict[int, str] = {}
    for place, path in forms.items():
        names[place] = f"{item_ids(draft)[place]}{path.suffix.lower()}"
        shutil.copyfile(path, folder / names[place])
    _write(folder / "notice.toml", draft_toml(settled(draft, answers, forms), forms=names))
    if roster is not None:
        target = folder / f"roster{roster.suffix.lower()}"
        shutil.copyfile(roster, target)
    else:
        target = folder / "roster.csv"
        target.write_text(ROSTER_HEAD, encoding="utf-8-sig", newline="")
    write_out(folder / FOLDER)
    config = folder / "config.toml"
    _write(config, _config(answers, target.name))
    return config


def _config(answers: Answers, roster: str) -> str:
    """The settings that have no default; docs/settings.md explains all the others."""
    text = {key: json.dumps(value, ensure_ascii=False) for key, value in msgspec.structs.asdict(answers).items()}
    return f"""# 由 shouqi init 写成；其余设置见 docs/settings.md。改好后执行 shouqi doctor 检查。
timezone = "Asia/Shanghai"
data_dir = "data"

[[notice]]
file = "notice.toml"
roster = {json.dumps(roster, ensure_ascii=False)}

[office]
name = {text["office"]}
address = {text["mailbox"]}

[imap]
host = {text["imap"]}
username = {text["mailbox"]}
password = {text["password"]}

[smtp]
host = {text["smtp"]}

[letters]
folder = "{FOLDER}"                    # 信件的文字，可以改；不改的可以删去，删去的用内置的

[replies]
mode = "approve"                      # 先逐封批准；放心后改为 "send"
"""


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
