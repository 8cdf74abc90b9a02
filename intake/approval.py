"""Letters that a person sees before they leave: which ones, what she changed in them, and what came of a late decision.

A decision is taken from the command line, from 待办, or from her answer by mail; all end in `decide_letter`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlmodel import Session

from intake import letterwords
from intake.confidence import Confidence
from intake.mail.edited import text_of, with_text
from intake.office import Campaign, Office
from intake.view import Todo
from storage import outbox
from storage.errors import Refused
from storage.tables import DecisionRow, LetterRow

MOVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "approve": (("approval",), "waiting"),
    "edit": (("approval",), "waiting"),
    "drop": (("approval", "waiting", "failed"), "dropped"),
    "retry": (("failed", "dropped"), "waiting"),
}
"""From which states a letter may be moved, and to which."""
WORDS: Mapping[str, str] = {"同意": "approve", "不发": "drop", "修改": "edit", "重发": "retry"}
"""What 处理 in 待办 and an answer by mail may say of a letter."""
LATE = "letter-late"
"""Kind of a decision that came when a newer letter had taken the place of the draft; `note` holds the word."""
_KINDS = ("letter-approve", "letter-edit", LATE)


def why_wait(
    office: Office, session: Session, notice: str, confidence: Confidence, *, replaces_asked: bool = False
) -> str:
    """Why a person should see this reply first, "" when it may leave. `replaces_asked`: its forerunner waited too."""
    replies = office.config.replies
    if confidence.value < replies.approve_below:
        return f"把握不足（{confidence.value:.1f}）：{'；'.join(confidence.why)}"
    if replies.approve_first and outbox.replies_written(session, notice) < replies.approve_first:
        return f"本通知最早的 {replies.approve_first} 封答复之一"
    return "代替一封待审的旧稿" if replaces_asked and (replies.approve_first or replies.approve_below) else ""


def decide_letter(
    office: Office,
    session: Session,
    letter: LetterRow,
    move: str,
    now: datetime,
    *,
    by: str,
    text: str = "",
    mail: str = "",
) -> bool:
    """approve, edit (with her `text`), drop or retry a letter; False when a newer letter had replaced it meanwhile.

    `by`: who decided and on which way, `mail`: the digest of the mail that says it, for the history.
    Refused when the letter's state does not allow the move.
    """
    allowed, state = MOVES[move]
    if outbox.is_superseded(letter) and move in ("approve", "edit", "drop"):
        session.add(_decision(letter, LATE, now, by, _word(move), mail))
        return False
    if letter.state not in allowed:
        raise Refused(f"信件 {letter.id} 的状态是 {letter.state}，不能这样处理。")
    note = ""
    if move == "edit":
        if not text.strip():
            raise Refused("写了“修改”，但信件正文没有改动，没有发出。如同意原文，请写“同意”。")
        letter.raw = office.blobs.write(_edited(office, letter, text), office.spool)
        note = f"改后的信 SHA-256 {letter.raw}"
    letter.state, letter.due, letter.last_error = state, now, ""
    if move == "retry":
        letter.attempts = 0
    session.add(letter)
    session.add(_decision(letter, f"letter-{move}", now, by, note, mail))
    return True


def _edited(office: Office, letter: LetterRow, text: str) -> bytes:
    raw = office.blobs.read(letter.raw)
    return with_text(raw, text, from_name=letterwords.clean(office.letterhead.name), subject=letter.subject)


def _decision(letter: LetterRow, kind: str, now: datetime, by: str, note: str, mail: str) -> DecisionRow:
    return DecisionRow(
        at=now,
        by=by,
        mail=mail,
        kind=kind,
        notice=letter.notice,
        unit=letter.unit or "",
        value=letter.message_id,
        note=note,
    )


def _word(move: str) -> str:
    return next((word for word, one in WORDS.items() if one == move), move)


def draft(office: Office, letter: LetterRow) -> str:
    """The words of a letter as its reader will see them."""
    return text_of(office.blobs.read(letter.raw))


def with_drafts(office: Office, todo: Iterator[Todo], letters: Sequence[LetterRow]) -> Iterator[Todo]:
    """Things to do, with the draft beside each letter that waits for her."""
    waiting = {f"letter:{letter.id}": letter for letter in letters if letter.state == "approval"}
    for one in todo:
        letter = waiting.get(one.key)
        yield one if letter is None else msgspec.structs.replace(one, draft=draft(office, letter))


def late_todo(campaign: Campaign, letters: Sequence[LetterRow], decisions: Sequence[DecisionRow]) -> Iterator[Todo]:
    """Drafts that she had decided on, and that were not sent because the unit had sent more meanwhile."""
    gone = {one.message_id: one for one in letters if outbox.is_superseded(one)}
    done = {row.value for row in decisions if row.kind == "done"}
    last = {row.value: row for row in decisions if row.kind in _KINDS and row.value in gone}
    for message_id, row in last.items():
        letter = gone[message_id]
        key = f"late:{letter.id}:{row.id}"
        if key in done:
            continue
        newer = [one.id for one in letters if one.unit == letter.unit and one.state == "approval" and one is not letter]
        see = f"请看新稿（编号 {newer[-1]}）。" if newer else ""
        kept = f"您改过的文字可用 outbox show {letter.id} 查看。" if row.kind == "letter-edit" else ""
        unit = campaign.units[letter.unit].name if letter.unit and letter.unit in campaign.units else ""
        text = (
            f"您批过的《{letterwords.clean(letter.subject)}》（编号 {letter.id}）没有发出："
            f"该单位此后又有新材料或新结论，旧稿已作废。{see}{kept}知悉后请选“已处理”。"
        )
        yield Todo(key=key, kind="approval", since=row.at, unit=unit, text=text)
