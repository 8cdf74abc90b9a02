"""Asking the coordinator by mail about a letter that waits, and doing what she answers.

Her answer is known by what nobody else can know: the Message-ID of our question, or the token in its subject. Both
follow from a secret of this data folder. Only her configured address counts, and only her own words, never what is
quoted below them; anything but a plain word leaves the letter where it is, and 待办 says so.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from intake.approval import WORDS, decide_letter, draft
from intake.mail.classify import Classed
from intake.mail.message import Message
from intake.mail.verification import proof_of
from intake.office import Office
from intake.reports.letter import tell
from intake.reports.page import Section
from storage import board, outbox
from storage.errors import Refused
from storage.tables import DecisionRow, LetterRow, MailRow

RUNG: Final = "approve:"
"""Beginning of the `rung` of our questions: `approve:{number of the letter}-{token}`."""
UNUSED: Final = "待审信件的答复（未采纳）"
"""`identified_by` of an answer that nothing was done with; 待办 shows it."""
USED: Final = "待审信件的答复"
END: Final = "（完）"
_TOKEN: Final = re.compile(r"〔(\d{1,9}-[0-9a-f]{16})〕")
_PLAIN: Final = re.compile(r"(同意|不发)(?:发出|发送)?[。.！!～~]?")
_CHANGED: Final = re.compile(r"修改(?:如下|为)?[:：。]?")
_SIGNATURE: Final = re.compile(r"[^。，；？！,;?!但改删请]{0,200}")
"""What may stand below a plain word after an empty line: names and numbers, no sentence."""
HOW: Final = (
    "同意发出：第一行只写“同意”。",
    "不发：第一行只写“不发”。",
    f"要改：第一行只写“修改”，从第二行起写改好的全文，最后另起一行写“{END}”。信将照您写的发出。",
)


def ask_coordinator(office: Office, now: datetime) -> int:
    """Write a question about each letter whose time has come and that waits for her; returns how many."""
    if not office.config.coordinator.address:
        return 0
    asked = 0
    with office.database.writing() as session:
        waiting = select(LetterRow).where(LetterRow.state == "approval", LetterRow.due <= now)
        for letter in session.exec(waiting.order_by(col(LetterRow.id))).all():
            asked += _ask(office, session, letter, now)
    return asked


def _ask(office: Office, session: Session, letter: LetterRow, now: datetime) -> bool:
    campaign = office.campaigns.get(letter.notice or "")
    unit = campaign.units.get(letter.unit or "") if campaign else None
    token, number = _token(session, letter), letter.id
    facts = {
        "unit": unit.name if unit else "未识别的单位",
        "to": letter.to,
        "why": letter.last_error,
        "number": number,
        "token": token,
        "replaces": _forerunner(session, letter),
    }
    sections = (
        Section(title="怎样答复", lines=HOW),
        Section(title="信件正文", plain=tuple(draft(office, letter).rstrip().split("\n"))),
    )
    key = f"{RUNG}{number}-{token}"
    return tell(office, session, "approval", facts, key=key, now=now, sections=sections) is not None


def _token(session: Session, letter: LetterRow) -> str:
    """What only the reader of our question knows: 64 bits that follow from a secret and from this draft."""
    secret = board.fact(session, "approval-secret", secrets.token_hex(32))
    about = f"{letter.message_id}:{letter.created_at.isoformat()}"
    return hmac.new(bytes.fromhex(secret), about.encode(), hashlib.sha256).hexdigest()[:16]


def _forerunner(session: Session, letter: LetterRow) -> int | None:
    """The newest draft for this unit that this one took the place of, if she was asked about it."""
    query = select(LetterRow).where(
        LetterRow.unit == letter.unit, LetterRow.notice == letter.notice, col(LetterRow.id) < (letter.id or 0)
    )
    before = session.exec(query.order_by(col(LetterRow.id).desc())).first()
    if before is None or not outbox.is_superseded(before) or letter.unit is None:
        return None
    asked = select(LetterRow.id).where(col(LetterRow.rung).startswith(f"{RUNG}{before.id}-"))
    return before.id if session.exec(asked).first() is not None else None


def question_of(session: Session, message: Message) -> LetterRow | None:
    """Our question that a mail answers: by the thread, else by the token in the subject."""
    thread = outbox.find_by_message_id(session, [message.in_reply_to, *message.references])
    if thread is not None and thread.rung.startswith(RUNG):
        return thread
    told = _TOKEN.search(message.subject)
    if told is None:
        return None
    return session.exec(select(LetterRow).where(LetterRow.rung == f"{RUNG}{told[1]}")).first()


def take_answer(
    office: Office, mail: MailRow, message: Message, classed: Classed, now: datetime
) -> tuple[str, str] | None:
    """State and reason of a mail that answers a question of ours, after doing what it says; None when it does not."""
    ourselves = office.config.coordinator.address.lower() in office.own.addresses
    if classed.klass != "person" and not (
        classed.klass == "loop" and ourselves and not message.header("x-shouqi-loop")
    ):
        return None
    with office.database.reading() as session:
        question = question_of(session, message)
    if question is None:
        return None
    with office.database.writing() as session:
        number = int(question.rung.removeprefix(RUNG).partition("-")[0])
        letter = session.get_one(LetterRow, number)
        mail.klass, mail.notice, mail.unit, mail.identified_by = "person", letter.notice, None, UNUSED
        if not _is_hers(office, message):
            return "ignored", f"回复了待审信件 {number}，但不是经办人的邮箱发来的，没有采纳"
        if session.exec(select(DecisionRow.id).where(DecisionRow.mail == mail.sha256)).first() is not None:
            mail.identified_by = USED  # it was carried out, and we were interrupted
            return "processed", f"经办人对待审信件 {number} 的答复，已照办"
        if not question.rung.endswith(f"-{_token(session, letter)}"):
            return "ignored", f"经办人回复的是待审信件 {number} 的旧稿，没有采纳，请看新稿"
        return _do(office, session, mail, letter, message, now)


def _do(
    office: Office, session: Session, mail: MailRow, letter: LetterRow, message: Message, now: datetime
) -> tuple[str, str]:
    said = _reads(message.text)
    if said is None:
        return "ignored", f"经办人对待审信件 {letter.id} 的答复看不懂，信仍等候：第一行请只写“同意”“不发”或“修改”"
    word, text = said
    by = f"邮件（{mail.from_address}）"
    try:
        in_force = decide_letter(office, session, letter, WORDS[word], now, by=by, text=text, mail=mail.sha256)
    except Refused as error:
        return "ignored", f"经办人对待审信件 {letter.id} 答复“{word}”，没有采纳：{error}"
    mail.identified_by = USED
    if not in_force:
        return "processed", f"经办人对待审信件 {letter.id} 答复“{word}”，但旧稿已作废，没有发出"
    return "processed", f"经办人对待审信件 {letter.id} 答复“{word}”，已照办"


def _is_hers(office: Office, message: Message) -> bool:
    coordinator, server = office.config.coordinator.address.lower(), office.config.imap.authserv_id
    sure = not message.from_doubtful and len(message.from_) == 1
    hers = bool(coordinator) and message.author.address.lower() == coordinator
    return sure and hers and not proof_of(message, server).forged


def _reads(text: str) -> tuple[str, str] | None:
    """Her word and, for 修改, her text; None for anything else.

    >>> _reads("同意。"), _reads("同意，但第二段请改"), _reads("修改\\n已齐\\n（完）\\n何敏")
    (('同意', ''), None, ('修改', '已齐'))
    """
    first, _, rest = text.strip("\n").partition("\n")
    first = first.strip()
    if _CHANGED.fullmatch(first):
        lines = rest.split("\n")
        ends = next((n for n, line in enumerate(lines) if line.strip() == END), len(lines))
        return "修改", "\n".join(lines[:ends]).strip("\n")
    plain = _PLAIN.fullmatch(first)
    below, body = rest[:1], rest.strip()
    if plain is None or (body and (below.strip() or not _SIGNATURE.fullmatch(body))):
        return None
    return plain[1], ""
