"""One row of 待办: what the coordinator chose in 归属单位 and 处理 is carried out, or it is said why not."""

from __future__ import annotations

import msgspec
from sqlmodel import Session

from intake import halt
from intake.approval import WORDS, decide_letter
from intake.decisions import assign_mail, ignore_mail, mark_done, note_deed, route_mail
from intake.hand_units import Sitting, rule_unit
from intake.office import Campaign, Office
from intake.rulings import is_ruling
from rules.unit import Unit
from storage import inbox
from storage.errors import Refused
from storage.tables import LetterRow, MailRow

OF_MAILS = ("mail", "sender", "others", "ask")
"""Kinds of rows that are about a mail, by the first part of their key."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Her cells in one row."""

    unit: str
    word: str
    notice: str = ""
    text: str = ""
    """What she made of the letter in the row, "" where she left it as it was."""


def obey(session: Session, office: Office, campaign: Campaign, key: str, choice: Choice, sitting: Sitting) -> None:
    """Carry out one row. Refused, with the reason, when that cannot be."""
    kind, _, rest = key.partition(":")
    named, word = choice.unit, choice.word
    if kind == "letter":
        _letter(session, office, rest, named, word, choice.text, sitting)
        return
    if kind == "alarm":
        _alarm(session, office, rest, word, sitting)
        return
    mail = inbox.find_mail(session, rest) if kind in OF_MAILS else None
    target = _target(office, campaign, mail, choice, kind)
    unit = _chosen(office, target, named)
    if unit is not None:
        _assign(session, target, kind, mail, unit, word, sitting)
    elif choice.notice and mail is not None:
        route_mail(session, target, mail, sitting.now, by=sitting.by)
    if word and not ((unit is not None or choice.notice) and word == "已处理"):
        _handle(session, target, key, mail, unit, word, sitting)


def _target(office: Office, campaign: Campaign, mail: MailRow | None, choice: Choice, kind: str) -> Campaign:
    """The notice she chose, else that of the tracker she wrote in, unless nobody knows yet which the mail answers."""
    if choice.notice:
        if mail is None:
            raise Refused("这一行不是邮件，不能指定归属通知")
        if choice.word == "忽略":
            raise Refused("“归属通知”与“忽略”互相矛盾，请只填一项")
        return office.campaign(choice.notice)
    asked = mail is not None and kind == "mail" and mail.notice not in office.campaigns
    if choice.unit and asked and len(office.campaigns) > 1:
        raise Refused("还不知道这封邮件属于哪个通知，请同时选定“归属通知”")
    return campaign


def _chosen(office: Office, target: Campaign, wanted: str) -> Unit | None:
    """The unit she chose; the drop-down offers those of the other notices too."""
    if wanted and not any(wanted in _names(unit) for unit in target.units.values()):
        for other in office.campaigns.values():
            if any(wanted == unit.name for unit in other.units.values()):
                raise Refused(
                    f"“{wanted}”不在《{target.notice.title}》的名册里，在《{other.notice.title}》的名册里。"
                    "邮件属于那个通知的，请同时选定“归属通知”"
                )
    return find_unit(target, wanted)


def _names(unit: Unit) -> tuple[str, ...]:
    return (unit.name, unit.code, unit.short, *unit.aliases)


def _alarm(session: Session, office: Office, alarm: str, word: str, sitting: Sitting) -> None:
    if alarm != halt.ALARM:
        raise Refused("这条警报在问题消除后自动撤下，不用在这里处理")
    if word != "同意":
        raise Refused("要恢复发信请选“同意”")
    found = halt.resume(office, session, sitting.now)
    if found is None:
        raise Refused("发信没有停，不用恢复")
    note_deed(session, None, "resume", sitting.now, sitting.by, note=f"{found.what}：{found.detail}")


def find_unit(campaign: Campaign, wanted: str) -> Unit | None:
    """The unit of that name, short name or code; None when nothing is wanted, Refused when there is not just one."""
    if not wanted:
        return None
    found = [u for u in campaign.units.values() if wanted in _names(u)]
    if len(found) != 1:
        raise Refused(f"名册里{'有多个' if found else '没有'}“{wanted}”，请从下拉列表中选择")
    return found[0]


def _assign(
    session: Session, campaign: Campaign, kind: str, mail: MailRow | None, unit: Unit, word: str, sitting: Sitting
) -> None:
    if mail is None:
        raise Refused("这一行不是邮件，不能指定归属单位")
    if word == "忽略":
        raise Refused("“归属单位”与“忽略”互相矛盾，请只填一项")
    if (mail.notice, mail.unit) != (campaign.notice.id, unit.code) or mail.trust != "registered" or kind == "others":
        assign_mail(session, campaign, unit, mail, sitting.now, by=sitting.by)


def _handle(
    session: Session,
    campaign: Campaign,
    key: str,
    mail: MailRow | None,
    unit: Unit | None,
    word: str,
    sitting: Sitting,
) -> None:
    kind, _, rest = key.partition(":")
    if mail is not None and kind == "mail" and word == "忽略":
        ignore_mail(session, mail, sitting.now, by=sitting.by)
    elif word in ("忽略", "已处理"):
        mark_done(session, campaign, key, word, sitting.now, by=sitting.by)
    elif is_ruling(word):
        about = unit or _unit_of(campaign, kind, rest, mail)
        if about is None:
            raise Refused("还不知道是哪个单位，不能这样处理。请先选定归属单位")
        rule_unit(session, campaign, about, word, sitting, about=_requirement_of(kind, rest))
    else:
        raise Refused(f"这一行不能选“{word[:20]}”。可选：{'、'.join(choices(kind))}")


def choices(kind: str) -> tuple[str, ...]:
    """The words that 处理 takes in a row whose key begins with `kind`."""
    if kind == "letter":
        return tuple(WORDS)
    if kind == "doubt":
        return ("通过", "退回", "免报", "延期至 日期", "忽略", "已处理")
    return ("忽略", "已处理")


def _letter(session: Session, office: Office, number: str, named: str, word: str, text: str, sitting: Sitting) -> None:
    if named:
        raise Refused("这一行不是邮件，不能指定归属单位")
    if word not in WORDS:
        raise Refused(f"信件不能选“{word[:20]}”。可选：{'、'.join(choices('letter'))}")
    letter = session.get(LetterRow, int(number))
    if letter is None:
        raise Refused(f"信件 {number} 不存在")
    decide_letter(office, session, letter, WORDS[word], sitting.now, by=sitting.by, text=text)


def _unit_of(campaign: Campaign, kind: str, rest: str, mail: MailRow | None) -> Unit | None:
    code = mail.unit if mail is not None else rest.partition(":")[0]
    return campaign.units.get(code or "")


def _requirement_of(kind: str, rest: str) -> str:
    """Id of the requirement that a row is about; "" where it is about none."""
    return rest.split(":")[1] if kind == "doubt" else ""
