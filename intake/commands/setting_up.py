"""`init`: a ready folder out of a notice and a roster; asks only what neither tells."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from intake.commands import Setting, say, show
from intake.config import load_config
from intake.notices import load_notice
from intake.noticetext import notice_text
from intake.setup import Answers, forms_beside, open_questions, proposed, settled, with_roster_classes, write_folder
from intake.units.roster import load_roster
from rules.classes import class_doubts, in_roster_words
from rules.compile.assemble import compile_notice
from rules.compile.draft import Draft, Question
from rules.compile.written import item_ids
from rules.unit import Unit
from storage.errors import Refused


def init(
    setting: Setting,
    folder: Path,
    notice: Path | None,
    roster: Path | None,
    forms: list[str],
    given: dict[str, str],
    classes: Sequence[str] = (),
) -> int:
    """Write the folder and look it over; Refused lists what is still to be answered when nobody can be asked."""
    if (folder / "config.toml").exists():
        raise Refused(
            f"{folder} 里已有 config.toml。请换一个目录；要在其中添一个通知，请在该目录执行 "
            "shouqi notice compile 通知 -o 新通知.toml，再在 config.toml 中添一节 [[notice]]，写上 file 和 roster。"
        )
    if notice is None:
        notice = Path(
            _asked(Question(path="notice", asks="通知原文的文件（.txt、.docx、.pdf）", proposed=""), "--notice")
        )
    draft = compile_notice(notice_text(str(notice)))
    units = load_roster(roster).units if roster is not None else ()  # told before anything is written
    draft = with_roster_classes(draft, units, _classes(draft, units, classes))
    answers = _complete(proposed(draft), given)
    chosen = {**forms_beside(draft, notice.parent), **_forms(draft, forms)}
    left = list(settled(draft, answers, chosen).questions)
    config = write_folder(folder, draft, answers, roster, chosen)
    loaded = load_config(config)
    ready = load_notice(loaded.notice[0].file, loaded.tz, loaded.base)
    doubts = class_doubts(ready.notice.requirements, units) if roster is not None else []
    left += [Question(path="roster", asks=doubt, proposed="") for doubt in doubts]
    if setting.json:
        asked = [{"path": q.path, "asks": q.asks, "proposed": q.proposed} for q in left]
        show({"folder": str(folder), "requirements": [r.id for r in ready.notice.requirements], "questions": asked})
        return 0
    say(
        f"已建好 {folder}：config.toml、notice.toml（{len(ready.notice.requirements)} 项要求）、名册、信件模板"
        + _named(ready.forms)
    )
    for question in left:
        say(f"  待确认：{question.asks}" + (f"（暂按：{question.proposed}）" if question.proposed else ""))
    if roster is None:
        say("  名册还是空的：请在 roster.csv 里填写各单位及其邮箱。")
    say(f"请核对 notice.toml，放好邮箱密码（{answers.password}），再到该目录执行 shouqi doctor。")
    return 0


def _classes(draft: Draft, units: Sequence[Unit], told: Sequence[str]) -> dict[str, str]:
    """`--class 高校=高等院校`, and at the terminal an answer for each class of the notice that the roster lacks."""
    known = list(dict.fromkeys(unit.category for unit in units if unit.category))
    answers: dict[str, str] = {}
    for one in told:
        word, sign, theirs = one.partition("=")
        if not sign or theirs not in known:
            listed = "、".join(known) or "（没有类别一栏）"
            raise Refused(f"--class 写作“{one}”，应为 通知里的类别=名册里的类别，名册里有：{listed}。")
        answers[word] = theirs
    if not known or not sys.stdin.isatty():
        return answers
    for word in dict.fromkeys(word for item in draft.items for word in item.only_for):
        if word not in answers and in_roster_words([word], known, {}) == (word,) and word not in known:
            asks = f"通知要求“{word}”报送，名册的类别有{'、'.join(known)}，对应哪一类"
            said = _asked(Question(path="class", asks=asks, proposed="没有"), "--class")
            answers |= {word: said} if said in known else {}
    return answers


def _named(forms: object) -> str:
    return "、空白表" if forms else ""


def _complete(answers: Answers, given: dict[str, str]) -> Answers:
    """The answers of the options first, then those asked for at the terminal."""
    answers = msgspec.structs.replace(answers, **{key: value for key, value in given.items() if value})
    _date(answers.deadline)
    missing = open_questions(answers)
    while missing:
        first = missing[0]
        if not sys.stdin.isatty():
            listed = "；".join(f"{q.asks}：--{q.path}" for q in missing)
            raise Refused(f"通知里没有找到以下内容，请用选项给出：{listed}。")
        answers = msgspec.structs.replace(answers, **{first.path: _asked(first, f"--{first.path}")})
        _date(answers.deadline)
        missing = open_questions(answers)
    return answers


def _date(text: str) -> None:
    """Refused when the deadline is no date; 24:00 is how notices write the end of a day."""
    try:
        datetime.fromisoformat(text.removesuffix("T24:00") or "2000-01-01")
    except ValueError:
        raise Refused(f"截止日期写作“{text}”，应如 2022-10-12 或 2022-10-12T17:00。") from None


def _asked(question: Question, option: str) -> str:
    """One answer from the terminal; an empty one takes what is proposed."""
    if not sys.stdin.isatty():
        raise Refused(f"请用 {option} 给出{question.asks}。")
    shown = f"［{question.proposed}］" if question.proposed else ""
    while True:
        sys.stdout.write(f"{question.asks}{shown}：")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise Refused(f"请用 {option} 给出{question.asks}。")
        if line.strip() or question.proposed:
            return line.strip() or question.proposed


def _forms(draft: Draft, told: list[str]) -> dict[int, Path]:
    """`--form ID=FILE` or `--form FILE` when only one table is asked for."""
    ids = item_ids(draft)
    tables = [place for place, item in enumerate(draft.items) if item.category in ("stat_table", "form", "roster")]
    found: dict[int, Path] = {}
    for one in told:
        id, sign, file = one.partition("=")
        path = Path(file if sign else one)
        if not path.is_file():
            raise Refused(f"找不到空白表 {path}。")
        if sign and id in ids:
            found[ids.index(id)] = path
        elif not sign and len(tables) == 1:
            found[tables[0]] = path
        else:
            raise Refused(f"--form 请写成 代号=文件，代号是下列之一：{'、'.join(ids)}。")
    return found
