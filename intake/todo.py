"""What waits for the coordinator (待办): one list, from every place where a person is needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec

from intake import speech
from intake.approval_mail import UNUSED
from intake.office import Campaign
from intake.units.identify import SEVERAL
from intake.view import Todo
from rules.verdict import Verdict
from storage.tables import LetterRow, MailRow

_EVIDENCE = 4
"""Pieces of evidence that are shown."""


def todo(
    campaign: Campaign,
    titles: Mapping[str, str],
    standing: Sequence[Verdict],
    mails: Sequence[MailRow],
    letters: Sequence[LetterRow],
    dead: Mapping[str, str],
    errors: Mapping[str, str],
    done: Collection[str],
    now: datetime,
) -> Iterator[Todo]:
    """Mails first, then doubts about material, then letters and addresses; what she called done is left out.

    `titles`: of all notices that run, by id. A mail that may answer several is asked about once, see `home_of`.
    """
    for one in _all(campaign, titles, standing, mails, letters, dead, errors, now):
        if one.key not in done:
            yield one


def home_of(mail: MailRow, titles: Mapping[str, str]) -> str:
    """The notice whose 待办 asks about a mail: its own, else the likeliest of those it may answer, else the first."""
    likely = [mail.notice or "", *msgspec.json.decode(mail.may_answer, type=list[str])]
    return next((id for id in likely if id in titles), next(iter(titles), ""))


def several_key(mail: MailRow) -> str:
    """Key of the question whether a mail brings material of further units."""
    return f"others:{mail.sha256}"


def _all(
    campaign: Campaign,
    titles: Mapping[str, str],
    standing: Sequence[Verdict],
    mails: Sequence[MailRow],
    letters: Sequence[LetterRow],
    dead: Mapping[str, str],
    errors: Mapping[str, str],
    now: datetime,
) -> Iterator[Todo]:
    waiting, id = _waiting(standing), campaign.notice.id
    for mail in mails:
        if mail.notice == id or (mail.state in ("held", "stuck", "ignored") and home_of(mail, titles) == id):
            yield from _mail(campaign, titles, mail, waiting.get(mail.sha256, ()))
    for verdict in standing:
        yield from _doubts(campaign, verdict, now)
    for code, error in errors.items():
        if code in campaign.units:
            text = f"程序在核对该单位材料时出错（{error}），材料已保存，请交维护人员处理。"
            yield Todo(key=f"error:{code}", kind="stuck", since=now, unit=campaign.units[code].name, text=text)
    for letter in letters:
        if letter.notice == campaign.notice.id:
            yield from _letter(campaign, letter)
    for unit in campaign.units.values():
        for address in unit.addresses:
            if address in dead:
                other = next((one for one in unit.addresses if one not in dead), "")
                then = f"此后改寄 {other}；请核实，" if other else "该单位没有别的邮箱，"
                text = f"{address} 收不到邮件（{dead[address]}），{then}请电话联系 {unit.contact} {unit.phone}。"
                yield Todo(key=f"dead:{address}", kind="undeliverable", since=now, unit=unit.name, text=text)


def _waiting(standing: Sequence[Verdict]) -> dict[str, list[str]]:
    """By the digest of a mail, what its files that wait for confirmation would change, a phrase for each."""
    found: dict[str, list[str]] = {}
    for verdict in standing:
        for one in verdict.standings:
            used = "、".join(f"“{file.name}”" for file in one.files)
            for version in one.history:
                if version.state == "pending":
                    phrase = f"{one.name}“{version.name}”待核实、未计入，现用{used}"
                    found.setdefault(version.key.partition(":")[0], []).append(phrase)
    return found


def _mail(campaign: Campaign, titles: Mapping[str, str], mail: MailRow, waiting: Sequence[str]) -> Iterator[Todo]:
    who = f"{mail.from_name} <{mail.from_address}>" if mail.from_name else mail.from_address
    head = f"{who}《{mail.subject or '（无主题）'}》"
    name = _name(campaign, mail.unit)
    codes = msgspec.json.decode(mail.candidates, type=list[str])
    names = tuple(campaign.units[code].name for code in codes if code in campaign.units)
    row = partial(Todo, since=mail.received_at, unit=name, mail=mail.sha256, candidates=names)
    why = _evidence(mail, name)
    then = f"{'；'.join(waiting)}。确认后按最新的合格件采用。" if waiting else ""
    if mail.state in ("held", "stuck"):
        kind = "stuck" if mail.state == "stuck" else "held"
        what = "“归属单位”中选定单位"
        if len(titles) > 1 and mail.notice not in titles:
            why, what = _routing(mail), "“归属通知”中选定通知；单位写得不清的，一并选定“归属单位”"
        text = f"{head}：{mail.reason}{why}。请在{what}。"
        yield row(key=f"mail:{mail.sha256}", kind=kind, text=text)
    elif mail.state == "processed" and mail.identified_by == SEVERAL:
        text = (
            f"{head}：{mail.reason}{why}。不是用本单位登记邮箱报送的材料，请核实。{then}"
            "如全部属于一个单位，请在“归属单位”中选定。"
        )
        yield row(key=several_key(mail), kind="several-units", text=text)
    elif mail.state == "processed" and mail.trust == "unproven":
        if waiting:
            text = (
                f"{head}：发件邮箱是{name}登记的邮箱，但这封信没有通过核验（{mail.proof_by}），该单位此前的来信通过了。"
                f"{then}请向该单位核实；无误请在“归属单位”中选定{name}，不是其所发请选“忽略”。"
            )
            yield row(key=f"sender:{mail.sha256}", kind="unknown-sender", text=text)
    elif mail.state == "processed" and mail.trust != "registered":
        sender = "发件邮箱未通过核验" if mail.trust == "unverified" else "发件邮箱不是该单位登记的邮箱"
        text = (
            f"{head}：{sender}，按{mail.identified_by}计入{name}{why}。{then}请核实；无误请在“归属单位”中选定{name}"
            f"{'' if mail.lent else '，此后该邮箱的来信视为登记邮箱的来信'}，有误请改选。"
        )
        yield row(key=f"sender:{mail.sha256}", kind="unknown-sender", text=text)
    elif mail.state == "processed" and names:
        text = (
            f"{head}：已全部计入{name}，但信中还写有{'、'.join(names)}，可能一并报送了其材料{why}。"
            "请核实；如有，请该单位另行报送。核实之前不向其催报。"
        )
        yield row(key=several_key(mail), kind="several-units", text=text)
    if mail.state == "ignored" and mail.identified_by == UNUSED:
        text = f"{head}：{mail.reason}。知悉后请选“已处理”。"
        yield row(key=f"answer:{mail.sha256}", kind="approval", text=text)
    if mail.asks_person and mail.state == "processed":
        what = speech.STRAY if mail.reply_why == speech.STRAY else "来信有咨询或需要处理的情况，请人工答复"
        text = f"{head}：{what}。内容：{' '.join(mail.text.split())[:200]}"
        yield Todo(
            key=f"ask:{mail.sha256}", kind="question", since=mail.received_at, unit=name, text=text, mail=mail.sha256
        )


def _evidence(mail: MailRow, unit: str) -> str:
    """The evidence in brackets, "" when there is none: only the places, where all of it names the unit itself."""
    told = msgspec.json.decode(mail.evidence, type=list[str])
    if unit and all(one.endswith((f"：{unit}", f"（{unit}）")) for one in told):
        told = list(dict.fromkeys(one.partition("：")[0] for one in told))
        return f"（依据：{'、'.join(told)}）" if told else ""
    more = f"等{len(told)}处" if len(told) > _EVIDENCE else ""
    return f"（依据：{'；'.join(told[:_EVIDENCE])}{more}）" if told else ""


def _routing(mail: MailRow) -> str:
    """What named which notice, in brackets."""
    told = msgspec.json.decode(mail.routing, type=list[str])
    more = f"等{len(told)}处" if len(told) > _EVIDENCE else ""
    return f"（依据：{'；'.join(told[:_EVIDENCE])}{more}）" if told else ""


def _name(campaign: Campaign, code: str | None) -> str:
    return campaign.units[code].name if code is not None and code in campaign.units else ""


def _doubts(campaign: Campaign, verdict: Verdict, now: datetime) -> Iterator[Todo]:
    name = campaign.units[verdict.unit].name
    for one in verdict.standings:
        if any(finding.code == "rejected" for finding in one.findings):
            continue  # she has looked, and sent it back
        for finding in one.findings:
            if finding.outcome != "unsure" or one.state in ("waived", "ok"):
                continue
            since = max((file.received_at for file in one.files), default=now)
            text = f"{one.name}：{finding.says}{finding.fix}{finding.office}"
            key = f"doubt:{verdict.unit}:{one.id}:{finding.code}:{finding.about}"
            yield Todo(key=key, kind="unsure", since=since, unit=name, text=text)
    for piece in verdict.unplaced:
        if not piece.candidates:
            continue  # cover letters, caption sheets and the like: nothing to decide
        text = f"文件“{piece.name}”没有归入任何一项：{piece.why}"
        yield Todo(key=f"unplaced:{verdict.unit}:{piece.key}", kind="unsure", since=now, unit=name, text=text)


def _letter(campaign: Campaign, letter: LetterRow) -> Iterator[Todo]:
    name = _name(campaign, letter.unit)
    if letter.state == "approval":
        text = f"致 {letter.to} 的《{letter.subject}》等待同意（编号 {letter.id}）：{letter.last_error}。"
        text += "请在“处理”中选“同意”或“不发”；要改，就改“信件正文”并选“修改”。"
        yield Todo(key=f"letter:{letter.id}", kind="approval", since=letter.created_at, unit=name, text=text)
    elif letter.state == "failed":
        text = f"致 {letter.to} 的《{letter.subject}》没有发出：{letter.last_error}。请电话联系，或改正邮箱后重发。"
        yield Todo(key=f"letter:{letter.id}", kind="failed-letter", since=letter.created_at, unit=name, text=text)
