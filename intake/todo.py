"""What waits for the coordinator (待办): one list, from every place where a person is needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from intake.office import Campaign
from intake.view import Todo
from rules.verdict import Verdict
from storage.tables import LetterRow, MailRow


def todo(
    campaign: Campaign,
    standing: Sequence[Verdict],
    mails: Sequence[MailRow],
    letters: Sequence[LetterRow],
    dead: Mapping[str, str],
    errors: Mapping[str, str],
    done: Collection[str],
    now: datetime,
) -> Iterator[Todo]:
    """Mails first, then doubts about material, then letters and addresses; what she called done is left out."""
    for one in _all(campaign, standing, mails, letters, dead, errors, now):
        if one.key not in done:
            yield one


def _all(
    campaign: Campaign,
    standing: Sequence[Verdict],
    mails: Sequence[MailRow],
    letters: Sequence[LetterRow],
    dead: Mapping[str, str],
    errors: Mapping[str, str],
    now: datetime,
) -> Iterator[Todo]:
    mine = [mail for mail in mails if mail.notice in (None, campaign.notice.id)]
    for mail in mine:
        yield from _mail(campaign, mail)
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
                text = f"{address} 收不到邮件（{dead[address]}），请电话联系 {unit.contact} {unit.phone}。"
                yield Todo(key=f"dead:{address}", kind="undeliverable", since=now, unit=unit.name, text=text)


def _mail(campaign: Campaign, mail: MailRow) -> Iterator[Todo]:
    who = f"{mail.from_name} <{mail.from_address}>" if mail.from_name else mail.from_address
    head = f"{who}《{mail.subject or '（无主题）'}》"
    name = _name(campaign, mail.unit)
    codes = msgspec.json.decode(mail.candidates, type=list[str])
    names = tuple(campaign.units[code].name for code in codes if code in campaign.units)
    if mail.state in ("held", "stuck"):
        text = f"{head}：{mail.reason}。请在“归属单位”中选定单位。"
        kind = "stuck" if mail.state == "stuck" else "held"
        yield Todo(
            key=f"mail:{mail.sha256}",
            kind=kind,
            since=mail.received_at,
            unit=name,
            text=text,
            mail=mail.sha256,
            candidates=names,
        )
    elif mail.state == "processed" and mail.trust != "registered":
        text = f"{head}：发件邮箱未登记，按{mail.identified_by}计入{name}。请核实；不对请在“归属单位”中改正。"
        yield Todo(
            key=f"sender:{mail.sha256}",
            kind="unknown-sender",
            since=mail.received_at,
            unit=name,
            text=text,
            mail=mail.sha256,
            candidates=names,
        )
    elif mail.state == "processed" and names:
        others = "、".join(names)
        text = f"{head}：已全部计入{name}，但信中还写有{others}，可能一并报送了其材料。请核实；如有，请该单位另行报送。"
        yield Todo(
            key=f"others:{mail.sha256}",
            kind="several-units",
            since=mail.received_at,
            unit=name,
            text=text,
            mail=mail.sha256,
            candidates=names,
        )
    if mail.asks_person and mail.state == "processed":
        text = f"{head}：来信有咨询或需要处理的情况，请人工答复。内容：{mail.text[:200]}"
        yield Todo(
            key=f"ask:{mail.sha256}", kind="question", since=mail.received_at, unit=name, text=text, mail=mail.sha256
        )


def _name(campaign: Campaign, code: str | None) -> str:
    return campaign.units[code].name if code is not None and code in campaign.units else ""


def _doubts(campaign: Campaign, verdict: Verdict, now: datetime) -> Iterator[Todo]:
    name = campaign.units[verdict.unit].name
    for one in verdict.standings:
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
        text = f"致 {letter.to} 的《{letter.subject}》等待同意（编号 {letter.id}）。"
        yield Todo(key=f"letter:{letter.id}", kind="approval", since=letter.created_at, unit=name, text=text)
    elif letter.state == "failed":
        text = f"致 {letter.to} 的《{letter.subject}》没有发出：{letter.last_error}。请电话联系，或改正邮箱后重发。"
        yield Todo(key=f"letter:{letter.id}", kind="failed-letter", since=letter.created_at, unit=name, text=text)
