"""Taking one mail: what it is, which notice and unit it belongs to, whether it may be answered, which files it brought.

Ends in one transaction: the mail's state and reason, its pieces, and that its unit wants a new verdict.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from intake import speech
from intake.acknowledge import acknowledge
from intake.approval_mail import take_answer
from intake.bounced import take_bounce
from intake.decisions import confirmed_unit
from intake.hold import ask_which_unit
from intake.mail import answer, marks
from intake.mail.answer import mail_gates, may_answer
from intake.mail.classify import classify, takes_files
from intake.mail.message import Message, Understood, Unparsed
from intake.mail.occasion import Occasion
from intake.office import Campaign, Office
from intake.pieces import write_pieces
from intake.reports.letter import REPORT, fate_of_her_answer
from intake.route import route
from intake.units.identify import Identification, Share, identify
from storage import board, outbox
from storage.errors import DISK_FULL, Temporary
from storage.tables import MailRow

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one mail."""

    sha256: str
    state: str
    unit: str | None
    reason: str


def take(office: Office, mail: MailRow, understood: Understood, spool: Path, now: datetime) -> Taken:
    """Decide what one mail is and whose it is, and commit that with its pieces in one transaction."""
    if isinstance(understood, Unparsed):
        return _conclude(office, mail, "stuck", f"邮件无法解析：{understood.reason}", None)
    message = understood
    _describe(mail, message)
    classed = classify(message, office.own)
    mail.klass = classed.klass
    answered = take_answer(office, mail, message, classed, now)
    if answered is not None:
        return _conclude(office, mail, *answered, None)
    if not takes_files(classed.klass):
        return _ignore(office, mail, message, classed.why, now)
    if classed.klass != "person" and not message.attachments and not message.links:
        return _ignore(office, mail, message, classed.why, now)
    keep_files(office, message, spool)
    with office.database.reading() as session:
        thread = outbox.find_by_message_id(session, [message.in_reply_to, *message.references])
    if thread is not None and thread.kind == REPORT:
        return _conclude(office, mail, *fate_of_her_answer(message), message)
    if thread is None:
        mail.handed_on = speech.handed_on(message)
    campaign, why = route(office.campaigns, message, thread.notice if thread else None)
    if campaign is None:
        return _conclude(office, mail, "held", why, message)
    mail.notice = campaign.notice.id
    with office.database.reading() as session:
        confirmed = confirmed_unit(session, office.campaigns, campaign, message.author.address)
    server = office.config.imap.authserv_id
    found = identify(message, campaign.index, confirmed=confirmed, authserv_id=server)
    unit = found.unit
    mail.identified_by, mail.trust, mail.lent = found.by, found.trust, found.lent
    mail.evidence = msgspec.json.encode(found.evidence).decode()
    mail.candidates = msgspec.json.encode(found.candidates or found.others).decode()
    if unit is None and not found.candidates and thread is not None and thread.unit in campaign.units:
        unit, mail.trust, mail.identified_by = thread.unit, "unknown", "回复了我们发给该单位的邮件"
    if unit is None:
        return _hold(office, campaign, mail, message, _why_held(found, campaign), now)
    if classed.klass in ("machine", "list") and not found.registered:
        _may_reply(office, mail, message, now)
        mail.reply_open = False  # until a person has said whose it is
        return _conclude(office, mail, "held", f"{classed.why}，但带有附件，请人工查看", message)
    mail.unit = unit
    _may_reply(office, mail, message, now)
    units = dict.fromkeys([unit, *(share.unit for share in found.shares)])
    reason = f"计入{'、'.join(campaign.units[code].name for code in units)}（{mail.identified_by}）"
    if mail.asks_person:
        reason += f"；{speech.left_to_person(message) or speech.ALSO_ASKS}"
    permitted, why = mail_gates(message, _occasion(office, mail, message, now, registered=True)), mail.reply_why
    if why == speech.QUESTION and permitted.yes and not mail.imported:
        with office.database.writing() as session:
            acknowledge(office, session, campaign, campaign.units[unit], mail, now)
    return _conclude(office, mail, "processed", reason, message, found.shares)


def _hold(office: Office, campaign: Campaign, mail: MailRow, message: Message, why: str, now: datetime) -> Taken:
    """A person must say whose it is; the sender is asked too where the office wants that."""
    _may_reply(office, mail, message, now)
    mail.reply_open = False  # until a person has said whose it is
    replies = office.config.replies
    permission = may_answer(message, _occasion(office, mail, message, now, registered=False))
    if not permission.yes:
        mail.reply_why = permission.why
    taken = _conclude(office, mail, "held", why, message)
    if replies.unregistered == "reply" and permission.yes and not mail.imported:
        with office.database.writing() as session:
            row = session.get_one(MailRow, mail.id)
            ask_which_unit(office, session, campaign, row, now)
            session.add(row)
    return taken


def _occasion(office: Office, mail: MailRow, message: Message, now: datetime, *, registered: bool) -> Occasion:
    replies = office.config.replies
    return Occasion(
        own_addresses=office.own.addresses,
        own_message_id_domain=office.domain,
        klass=mail.klass,  # type: ignore[arg-type]  # a MailClass, stored as text
        received_at=mail.received_at,
        now=now,
        registered=registered,
        sender_known=mail.trust == "registered",
        unregistered=replies.unregistered,
        has_new_files=not speech.brings_nothing(message),
        server_writes_return_path=office.config.imap.writes_return_path,
        junk_folder=marks.is_junk_folder(office.config.imap.folder),
        not_older_than=replies.not_older_than,
        authserv_id=office.config.imap.authserv_id,
        mode=replies.mode,
    )


def take_safely(office: Office, mail: MailRow, understood: Understood, spool: Path, now: datetime) -> Taken:
    """`take`, with our own mistakes caught once per mail: the mail is stuck and listed, the next one goes on."""
    try:
        return take(office, mail, understood, spool, now)
    except Temporary:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            raise Temporary("磁盘已满或只读，邮件原件已保存，稍后会自动继续处理。请清理磁盘。") from error
        log.exception("mail is stuck", mail=mail.sha256)  # our own mistake: recorded, and shown in 待办
        mail.attempts += 1
        return _conclude(office, mail, "stuck", f"程序处理出错：{type(error).__name__}: {error}"[:300], None)
    finally:
        shutil.rmtree(spool, ignore_errors=True)


def _describe(mail: MailRow, message: Message) -> None:
    mail.message_id, mail.subject = message.message_id, message.subject
    mail.from_name, mail.from_address = message.author.name, message.author.address
    mail.text, mail.handed_on = message.text, ""
    mail.refs = msgspec.json.encode([r for r in (*message.references, message.in_reply_to) if r]).decode()
    mail.defects = msgspec.json.encode(message.defects).decode()
    mail.reply_open = mail.asks_person = False


def _why_held(found: Identification, campaign: Campaign) -> str:
    names = "、".join(campaign.units[code].name for code in found.candidates if code in campaign.units)
    if names:
        return f"不能确定是哪个单位，可能是：{names}"
    return "发件人未登记，邮件中也没有写明单位"


def _may_reply(office: Office, mail: MailRow, message: Message, now: datetime) -> None:
    """May this mail be answered at all? The gates of the moment are asked again when the letter is written."""
    mail.asks_person = speech.asks_person(message)
    # the letter goes to the unit's registered address, whoever wrote
    permission = mail_gates(message, _occasion(office, mail, message, now, registered=True))
    mail.reply_allowed, mail.reply_why = permission.yes, permission.why
    if mail.imported:
        mail.reply_allowed, mail.reply_why = False, "导入的邮件不自动答复"
    silent = speech.left_to_person(message) or (speech.NOTHING_NEW if speech.is_courtesy(message) else "")
    if permission.gate in answer.TO_A_PERSON and mail.klass == "person" and not silent:
        mail.asks_person = True
    if silent and permission.yes:
        mail.reply_allowed, mail.reply_why = False, silent
    mail.reply_open = mail.reply_allowed


def keep_files(office: Office, message: Message, spool: Path) -> None:
    """Put the files of a mail and their thumbnails into the store, out of the folder where they were decoded."""
    for attachment in message.attachments:
        source = spool / attachment.spool
        if source.is_file():
            office.blobs.keep(source, attachment.digest)
        if attachment.thumbnail and attachment.thumbnail_digest and (spool / attachment.thumbnail).is_file():
            office.blobs.keep(spool / attachment.thumbnail, attachment.thumbnail_digest)


def _ignore(office: Office, mail: MailRow, message: Message, why: str, now: datetime) -> Taken:
    permission = mail_gates(message, _occasion(office, mail, message, now, registered=True))
    mail.reply_allowed, mail.reply_why = False, why if permission.yes else permission.why
    if mail.klass == "bounce" and message.final_recipients:
        with office.database.writing() as session:
            told = take_bounce(office, session, mail, message, now)
        why += f"：{told}" if told else ""
    return _conclude(office, mail, "ignored", why, None)


def _conclude(
    office: Office, mail: MailRow, state: str, reason: str, message: Message | None, shares: Sequence[Share] = ()
) -> Taken:
    """Commit what became of the mail: its row, its pieces, and that its units want a new verdict."""
    mail.state, mail.reason = state, reason
    with office.database.writing() as session:
        session.merge(mail)
        if message is not None:
            write_pieces(session, mail, message, shares)
        if mail.klass == "person":
            board.clear_undeliverable(session, mail.from_address, mail.received_at)
        if state == "processed" and mail.notice and mail.unit:
            for code in {mail.unit, *(share.unit for share in shares)}:
                board.touch(session, mail.notice, code)
    return Taken(mail.sha256, state, mail.unit, reason)
