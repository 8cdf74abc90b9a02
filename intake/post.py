"""Sending what the outbox holds: each letter exactly once, however often we are interrupted.

A letter is marked `sending` before the server hears of it; `interrupted` finds out what became of one that stays so.

A server that hangs up or falls silent ends the round: with a hundred letters due it would cost a hundred timeouts.
Letters that were never tried go first, so that one that always breaks the line holds no other up.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from intake import caps
from intake.bounced import take_refusal
from intake.halt import REFUSED_ALARM, halted, server_refuses
from intake.logins import guarded
from intake.mail.send import Deferred, Rejected, Sent, Smtp
from intake.office import Office
from intake.reports.alarms import over
from intake.reports.letter import REPORT
from storage import outbox
from storage.errors import Refused, Temporary
from storage.tables import LetterRow

log = structlog.get_logger()

BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
TAKEN = ("RCPT", "DATA", "BODY")
"""Stages at which the server has taken us for the sender of a letter."""
TRANSACTION = ("SIZE", "MAIL", *TAKEN)
"""Stages at which a letter is before the server, or was kept from it as too large."""
TOO_LARGE = ("5.3.4", "5.2.3")
"""The 5yz to MAIL that are about the letter, by its SIZE (RFC 3463, 3.4 and 3.3); all others are about us, who send
every letter (RFC 5321, 3.3 and 4.3.2). 552 alone is no sign: it also tells of our own quota."""
TRIES = 30
"""After that many tries a letter fails and is shown to the coordinator: more than four days (RFC 5321, 4.5.4.1)."""


@dataclass(slots=True)
class Posted:
    """What one round of sending did."""

    sent: list[str] = field(default_factory=list)
    """Message-IDs."""
    failed: list[str] = field(default_factory=list)
    waits: Counter[caps.Cap] = field(default_factory=Counter)
    """How many letters each cap keeps back; under "" until sending goes on, or the mailbox was read through."""
    halted: str = ""
    """Why sending is stopped until a person lets it go on, "" when it is not."""
    away: str = ""
    """Why the mail server could not be used, "" when it could."""
    accepted: bool = False
    """The server took us for the sender of a letter, and has not refused us since."""

    @property
    def held_back(self) -> int:
        """All of them."""
        return self.waits.total()


def post(
    office: Office,
    password: str,
    now: datetime,
    *,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    reports_only: bool = False,
    jitter: Callable[[float, float], float] = random.uniform,
) -> Posted:
    """Send every letter that is due and within the caps; with `reports_only` those to the coordinator alone.

    `jitter(low, high)` spreads what is tried again.
    """
    posted, seen, ended = Posted(), set[int | None](), False
    if office.config.replies.mode == "off":
        return posted
    if not _not_seen(office, now, seen):
        over(office, caps.HOUR_ALARM, now)
        return posted
    try:
        with guarded(office, "smtp", password, now) as worked, Smtp(office.config.smtp, password) as smtp:
            # what was kept back may have called for a letter itself
            while not ended and (letters := _not_seen(office, now, seen)):
                for letter in letters:
                    if ended := stop():
                        break
                    seen.add(letter.id)
                    cap = _kept_back(office, letter, now, posted, reports_only=reports_only)
                    if cap is None:
                        ended = not _send(office, smtp, letter, now, posted, jitter)
                        worked()
                        if ended:
                            break
                    else:
                        posted.waits[cap] += 1
                    progress(len(seen), len(letters))
    except Temporary as error:
        posted.away = str(error)
    if not ended and not posted.waits["hour"]:
        over(office, caps.HOUR_ALARM, now)
    if posted.accepted:
        over(office, REFUSED_ALARM, now)
    return posted


def envelope_sender(office: Office) -> str:
    """MAIL FROM of our letters, "" for the null sender."""
    written = office.config.smtp.mail_from
    return "" if written == "<>" else written or office.config.office.address


def _not_seen(office: Office, now: datetime, seen: Collection[int | None]) -> list[LetterRow]:
    with office.database.reading() as session:
        return [letter for letter in outbox.due_letters(session, now) if letter.id not in seen]


def _kept_back(
    office: Office, letter: LetterRow, now: datetime, posted: Posted, *, reports_only: bool
) -> caps.Cap | None:
    """The cap that keeps the letter back, "" while sending is stopped altogether; None when it may leave."""
    if letter.kind == REPORT:
        return None
    with office.database.reading() as session:
        halt = halted(session)
        posted.halted = halt.what if halt is not None else ""
        cap = "" if halt is not None or reports_only else caps.reached(office, session, letter, now)
    if cap:
        with office.database.writing() as session:
            session.get_one(LetterRow, letter.id).last_error = caps.WAITS[cap]
            caps.keep_back(office, session, letter, cap, now)
    return cap if cap or posted.halted or reports_only else None


def _send(
    office: Office,
    smtp: Smtp,
    letter: LetterRow,
    now: datetime,
    posted: Posted,
    jitter: Callable[[float, float], float],
) -> bool:
    """Try one letter and write down what became of it; False when the server is of no more use in this round."""
    record(office, letter, state="sending", now=now, tried=True)
    settings = office.config.smtp
    copies = [letter.cc] if letter.cc else []
    copies += (
        [office.config.office.address] if settings.copy_to_self and letter.to != office.config.office.address else []
    )
    try:
        outcome = smtp.send(office.blobs.read(letter.raw), envelope_sender(office), [letter.to, *copies])
    except Refused as error:
        _untried(office, letter, str(error))
        raise
    log.info("letter", message_id=letter.message_id, outcome=type(outcome).__name__)
    # a 5yz to RCPT may be meant for the sender
    posted.accepted |= isinstance(outcome, Sent) or (isinstance(outcome, Deferred) and outcome.stage in TAKEN)
    match outcome:
        case Sent(refused=refused):
            record(office, letter, state="sent", now=now, error="；".join(_uncopied(letter, one) for one in refused))
            posted.sent.append(letter.message_id)
            return True
        case Deferred(stage=stage) if stage not in TRANSACTION:
            told = f"发件服务器 {settings.host} 暂时不能使用（{_answer(outcome)}）。稍后会自动重试。"
            _untried(office, letter, told)
            raise Temporary(told)
        case Rejected(stage=stage) if not _refuses_us(outcome):
            record(office, letter, state="failed", now=now, error=_answer(outcome))
            if stage == "RCPT":
                with office.database.writing() as session:
                    take_refusal(office, session, session.get_one(LetterRow, letter.id), _answer(outcome), now)
            posted.failed.append(letter.message_id)
            return True
        case Rejected():  # no other letter needs to hear that in this round
            posted.away = f"发件服务器 {settings.host} 拒绝服务（{_answer(outcome)}）。稍后会自动重试。"
            waited = server_refuses(office, now, posted.away)
            wait = min(max(waited, BACKOFF[0]), BACKOFF[-1]) * jitter(0.8, 1.2)
            if posted.accepted:  # it took others just now
                record(office, letter, state="waiting", now=now, error=_answer(outcome), wait=wait)
            else:
                _untried(office, letter, _answer(outcome), due=now + wait)
            posted.accepted = False
            return False
    uncertain = outcome.uncertain
    wait = BACKOFF[min(letter.attempts, len(BACKOFF) - 1)] * jitter(0.8, 1.2)
    record(office, letter, state="sending" if uncertain else "waiting", now=now, error=_answer(outcome), wait=wait)
    state = "是否发出尚待核实" if uncertain else "暂未发出"
    posted.away = f"发给 {letter.to} 的信{state}（{_answer(outcome)}）。稍后会自动重试。"
    return outcome.code not in (0, 421)


def _refuses_us(outcome: Rejected) -> bool:
    """True for a 5yz that would meet every letter of ours: no recipient is to blame, and no letter has failed."""
    if outcome.stage == "MAIL":
        return outcome.text.partition(" ")[0] not in TOO_LARGE
    return outcome.stage not in TRANSACTION


def _answer(outcome: Deferred | Rejected) -> str:
    return f"{outcome.code or ''} {outcome.text}".strip()


def _uncopied(letter: LetterRow, refused: str) -> str:
    """What to say of a copy that was refused, as `ADDRESS CODE TEXT`; the letter itself left."""
    if letter.cc and refused.startswith(f"{letter.cc} "):
        return f"抄送未被接收（{refused}）"
    return f"本邮箱的密送未被接收（{refused}），发送中断时将无从核对"


def _untried(office: Office, letter: LetterRow, why: str, due: datetime | None = None) -> None:
    """The server was not ready for any letter: that was no try of this one's. `due`: when next, None = as it was."""
    with office.database.writing() as session:
        row = session.get_one(LetterRow, letter.id)
        row.state, row.attempts, row.last_error, row.due = "waiting", letter.attempts, why, due or letter.due
        session.add(row)


def record(
    office: Office,
    letter: LetterRow,
    *,
    state: str,
    now: datetime,
    error: str = "",
    tried: bool = False,
    wait: timedelta = timedelta(),
) -> None:
    """One transaction a step, so that a crash at any point leaves a state we can reason about."""
    with office.database.writing() as session:
        row = session.get_one(LetterRow, letter.id)
        row.state, row.last_error = state, error
        if tried:
            row.attempts += 1
            row.tried_at = now
        if state == "sent":
            row.sent_at = now
        if state in ("waiting", "sending") and error:
            row.due = now + wait
        if state == "waiting" and row.attempts >= TRIES:
            row.state = "failed"
        session.add(row)
