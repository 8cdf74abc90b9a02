"""The history of decisions as people read it: who decided what, when, about what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from intake.office import Campaign
from intake.view import Deed
from storage.tables import DecisionRow, LetterRow, MailRow


def deeds(
    campaign: Campaign, rows: Sequence[DecisionRow], mails: Sequence[MailRow], letters: Sequence[LetterRow]
) -> Iterator[Deed]:
    """The decisions of one notice, oldest first."""
    by_digest = {mail.sha256: mail for mail in mails}
    by_id = {letter.message_id: letter for letter in letters}
    numbered = {str(letter.id): letter for letter in letters}
    for row in rows:
        letter = by_id.get(row.value) if row.kind.startswith("letter-") else None
        about, unit, requirement = _mail(by_digest.get(row.mail)), row.unit, row.requirement
        if letter is not None:
            about = _letter(letter)
        elif row.kind == "done":
            about, unit, requirement = _thing(campaign, row.value, by_digest, numbered)
        yield Deed(
            at=row.at,
            by=row.by,
            kind=row.kind,
            unit=unit,
            requirement=requirement,
            about=about,
            note=_note(row),
            until=datetime.fromisoformat(row.value) if row.kind == "extend" else None,
        )


def _note(row: DecisionRow) -> str:
    return f"此后 {row.value} 的来信视为该单位的来信" if row.kind == "assign" and row.value else row.note


def _mail(mail: MailRow | None) -> str:
    return f"{mail.from_name or mail.from_address}《{mail.subject or '（无主题）'}》" if mail is not None else ""


def _letter(letter: LetterRow) -> str:
    return f"致 {letter.to}《{letter.subject}》"


def _thing(
    campaign: Campaign, key: str, mails: Mapping[str, MailRow], letters: Mapping[str, LetterRow]
) -> tuple[str, str, str]:
    """What a row of 待办 was about: words, code of the unit, id of the requirement; from its `Todo.key`."""
    kind, _, rest = key.partition(":")
    parts = rest.split(":")
    if rest in mails:
        return _mail(mails[rest]), mails[rest].unit or "", ""
    if kind == "letter" and rest in letters:
        return _letter(letters[rest]), letters[rest].unit or "", ""
    unit = parts[0] if parts[0] in campaign.units else ""
    if kind == "doubt" and len(parts) > 1:
        return "待核的材料", unit, parts[1]
    words = {"link": "将到期的链接", "unplaced": "未归类的文件", "error": "核对出错的材料"}
    return words.get(kind, rest if not unit else ""), unit, ""
