"""Taking one mail: what it is, which notice and unit it belongs to, whether it may be answered, which files it brought.

Ends in one transaction: the mail's state and reason, its pieces, and that its unit wants a new verdict.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from intake import speech
from intake.acknowledge import acknowledge
from intake.amending import former_notices
from intake.approval_mail import take_answer
from intake.bounced import take_bounce
from intake.further import Further, further, note_further, shares_of, whose
from intake.hold import ask_which_unit
from intake.mail import answer
from intake.mail.answer import mail_gates, may_answer
from intake.mail.classify import classify, takes_files
from intake.mail.message import Message, Understood, Unparsed
from intake.mail.verification import proof_of
from intake.occasions import occasion_of
from intake.office import Campaign, Office
from intake.pieces import write_pieces
from intake.reports.letter import REPORT, fate_of_her_answer
from intake.route import letter_answered, route_mail
from intake.units.identify import Identification, Share
from rules.routing.decide import Route
from storage import board
from storage.errors import DISK_AWAY, Temporary
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
    proof = proof_of(message, office.config.imap.authserv_id)
    mail.proof, mail.proof_by = proof.result, proof.by
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
        thread = letter_answered(session, message)
        routed = route_mail(office, session, message, thread, mail)
    if thread is not None and thread.kind == REPORT:
        return _conclude(office, mail, *fate_of_her_answer(message), message)
    if thread is None:
        mail.handed_on = speech.handed_on(message)
    mail.notice, mail.routed_by = routed.notice, routed.by
    mail.routing, mail.may_answer = _json(routed.evidence), _json(routed.candidates)
    campaign = office.campaigns.get(routed.notice or "")
    if campaign is None:
        return _without_notice(office, mail, message, routed, now)
    found = whose(office, campaign, message)
    unit = found.unit
    mail.identified_by, mail.trust, mail.lent = found.by, found.trust, found.lent
    mail.evidence, mail.candidates = _json(found.evidence), _json(found.candidates or found.others)
    if unit is None and not found.candidates and thread is not None and thread.unit in campaign.units:
        unit, mail.trust, mail.identified_by = thread.unit, "unknown", "回复了我们发给该单位的邮件"
    if unit is None:
        return _hold(office, campaign, mail, message, _why_held(office, campaign, mail, found), now)
    if classed.klass in ("machine", "list") and not found.registered:
        _may_reply(office, mail, message, now)
        mail.reply_open = False  # until a person has said whose it is
        return _conclude(office, mail, "held", f"{classed.why}，但带有附件，请人工查看", message)
    also = further(office, routed, found, message)
    if also is None:
        mail.may_answer = _json(dict.fromkeys([campaign.notice.id, *routed.shares.values()]))
        return _hold(office, campaign, mail, message, "信中有几个通知的材料，有的分不清属于哪个单位", now)
    mail.unit = unit
    _may_reply(office, mail, message, now)
    units = dict.fromkeys([unit, *(share.unit for share in found.shares)])
    reason = f"计入{'、'.join(campaign.units[code].name for code in units)}（{mail.identified_by}）"
    for one in also:
        reason += f"；另有材料计入《{office.campaigns[one.notice].notice.title}》"
    if mail.asks_person:
        reason += f"；{speech.left_to_person(message) or speech.ALSO_ASKS}"
    permitted, why = mail_gates(message, occasion_of(office, mail, message, now, registered=True)), mail.reply_why
    if why == speech.QUESTION and permitted.yes and not mail.imported:
        with office.database.writing() as session:
            acknowledge(office, session, campaign, campaign.units[unit], mail, now)
    return _conclude(office, mail, "processed", reason, message, (*found.shares, *shares_of(routed, also)), also)


def _without_notice(office: Office, mail: MailRow, message: Message, routed: Route, now: datetime) -> Taken:
    """A mail for a notice that nobody can tell, or that is no longer in the settings."""
    if speech.is_courtesy(message):
        return _ignore(office, mail, message, speech.NOTHING_NEW, now)
    _may_reply(office, mail, message, now)
    mail.reply_open = False  # until a person has said which
    why = routed.by
    if routed.notice is not None:
        with office.database.reading() as session:
            titles = {one.id: one.title for one in former_notices(session, office.campaigns)}
        why = f"属于已移出配置的通知《{titles.get(routed.notice, routed.notice)}》（{routed.by}），不再自动处理"
    return _conclude(office, mail, "held", why, message)


def _json(values: Iterable[str]) -> str:
    return msgspec.json.encode(list(values)).decode()


def _hold(office: Office, campaign: Campaign, mail: MailRow, message: Message, why: str, now: datetime) -> Taken:
    """A person must say whose it is; the sender is asked too where the office wants that."""
    _may_reply(office, mail, message, now)
    mail.reply_open = False  # until a person has said whose it is
    replies = office.config.replies
    permission = may_answer(message, occasion_of(office, mail, message, now, registered=False))
    if not permission.yes:
        mail.reply_why = permission.why
    taken = _conclude(office, mail, "held", why, message)
    if replies.unregistered == "reply" and permission.yes and not mail.imported:
        with office.database.writing() as session:
            row = session.get_one(MailRow, mail.id)
            ask_which_unit(office, session, campaign, row, now)
            session.add(row)
    return taken


def take_safely(office: Office, mail: MailRow, understood: Understood, spool: Path, now: datetime) -> Taken:
    """`take`, with our own mistakes caught once per mail: the mail is stuck and listed, the next one goes on."""
    try:
        return take(office, mail, understood, spool, now)
    except Temporary:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK_AWAY:
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
    mail.unit, mail.candidates, mail.evidence = None, "[]", "[]"
    mail.reply_open = mail.asks_person = False


def _why_held(office: Office, campaign: Campaign, mail: MailRow, found: Identification) -> str:
    names = "、".join(campaign.units[code].name for code in found.candidates if code in campaign.units)
    owners = [
        (one, unit)
        for one in office.campaigns.values()
        for unit in one.units.values()
        if mail.from_address.lower() in unit.addresses
    ]
    if owners and all(one is not campaign for one, _ in owners):
        other, unit = owners[0]
        told = f"发件邮箱是{unit.name}登记的，本通知的名册中没有该单位（《{other.notice.title}》的名册中有）"
        return f"{told}；也可能是：{names}" if names else told
    if names:
        return f"不能确定是哪个单位，可能是：{names}"
    return "发件人未登记，邮件中也没有写明单位"


def _may_reply(office: Office, mail: MailRow, message: Message, now: datetime) -> None:
    """May this mail be answered at all? The gates of the moment are asked again when the letter is written."""
    mail.asks_person = speech.asks_person(message)
    # the letter goes to the unit's registered address, whoever wrote
    permission = mail_gates(message, occasion_of(office, mail, message, now, registered=True))
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
    found: dict[Path, str] = {}
    for attachment in message.attachments:
        found[spool / attachment.spool] = attachment.digest
        if attachment.thumbnail and attachment.thumbnail_digest:
            found[spool / attachment.thumbnail] = attachment.thumbnail_digest
    office.blobs.keep_all([(file, digest) for file, digest in found.items() if file.is_file()])


def _ignore(office: Office, mail: MailRow, message: Message, why: str, now: datetime) -> Taken:
    permission = mail_gates(message, occasion_of(office, mail, message, now, registered=True))
    mail.reply_allowed, mail.reply_why = False, why if permission.yes else permission.why
    if mail.klass == "bounce" and message.final_recipients:
        with office.database.writing() as session:
            told = take_bounce(office, session, mail, message, now)
        why += f"：{told}" if told else ""
    return _conclude(office, mail, "ignored", why, None)


def _conclude(
    office: Office,
    mail: MailRow,
    state: str,
    reason: str,
    message: Message | None,
    shares: Sequence[Share] = (),
    also: Sequence[Further] = (),
) -> Taken:
    """Commit what became of the mail: its row, its pieces, and that its units want a new verdict."""
    mail.state, mail.reason = state, reason
    with office.database.writing() as session:
        session.merge(mail)
        if message is not None:
            write_pieces(session, mail, message, shares)
            note_further(session, mail, also)
        if mail.klass == "person":
            board.clear_undeliverable(session, mail.from_address, mail.received_at)
        if state == "processed" and mail.notice and mail.unit:
            for code in {mail.unit, *(share.unit for share in shares if share.notice is None)}:
                board.touch(session, mail.notice, code)
    return Taken(mail.sha256, state, mail.unit, reason)
