"""Which notice does a mail answer? One place for the question, for one notice or several at once.

What a mail says is gathered here; `rules.routing.decide` weighs it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from sqlmodel import Session

from intake.amending import former_notices
from intake.mail.message import Attachment, Message
from intake.office import Campaign, Office
from intake.units.evidence import link_path
from intake.units.identify import identify
from rules.facts import ArchiveFacts
from rules.item import Item
from rules.notice import Notice
from rules.placing.looks import is_ornament
from rules.placing.topic import titles_of
from rules.routing.decide import RULES, Contender, Route, Words, decide
from rules.routing.signs import Signs
from rules.verdict import Verdict
from rules.words import stem
from storage import also, board, outbox
from storage.tables import LetterRow, MailRow


def route_mail(office: Office, session: Session, message: Message, letter: LetterRow | None, mail: MailRow) -> Route:
    """The route of a mail of the service. `letter`: that of ours it replies to."""
    chosen = board.routed(session, mail.sha256)
    if chosen in office.campaigns:
        return Route(notice=chosen, by=RULES["person"])
    thread = letter.notice if letter is not None else also.notice_of(session, _answered(message))
    former = former_notices(session, office.campaigns)
    if len(office.campaigns) == 1 and not former:
        return only(office.campaigns)
    owed = {id: _owes(session, campaign, message) for id, campaign in office.campaigns.items()}
    return route(office.campaigns, message, thread, mail.received_at, former=former, owed=owed)


def only(campaigns: Mapping[str, Campaign]) -> Route:
    """The route where one notice runs."""
    return Route(notice=next(iter(campaigns)), by=RULES["only"])


def route(
    campaigns: Mapping[str, Campaign],
    message: Message,
    thread: str | None,
    received_at: datetime,
    *,
    former: Sequence[Notice] = (),
    owed: Mapping[str, bool] | None = None,
) -> Route:
    """The route from what stands in the mail. `former`: notices that ran before; `owed`: whether the sender owes."""
    if len(campaigns) == 1 and not former:
        return only(campaigns)
    notices = [*(one.notice for one in campaigns.values()), *former]
    signs = Signs(notices, {id: one.forms for id, one in campaigns.items()})
    return decide(
        signs, _contenders(campaigns, message, former, owed or {}), _words(message, signs), thread, received_at
    )


def letter_answered(session: Session, message: Message) -> LetterRow | None:
    """The letter of ours that a mail replies to: the one it names itself, before those of the whole conversation."""
    return outbox.find_by_message_id(session, [message.in_reply_to]) or outbox.find_by_message_id(
        session, message.references
    )


def _answered(message: Message) -> list[str]:
    return [id for id in (message.in_reply_to, *reversed(message.references)) if id]


def _contenders(
    campaigns: Mapping[str, Campaign], message: Message, former: Sequence[Notice], owed: Mapping[str, bool]
) -> list[Contender]:
    address = message.author.address
    known = {id for id, one in campaigns.items() if not message.from_doubtful and one.index.knows(address)}
    known = known or {id for id, one in campaigns.items() if identify(message, one.index).unit is not None}
    running = [
        Contender(
            id=id,
            title=one.notice.title,
            closes=_closes(one.notice),
            knows=id in known,
            owes=owed.get(id, True),
        )
        for id, one in campaigns.items()
    ]
    return running + [Contender(id=one.id, title=one.title, closes=_closes(one), runs=False) for one in former]


def _closes(notice: Notice) -> datetime:
    return max((notice.deadline, *(r.deadline for r in notice.requirements if r.deadline is not None)))


def _owes(session: Session, campaign: Campaign, message: Message) -> bool:
    """True unless everything came that the registered sender's unit was asked for."""
    codes = campaign.index.at(message.author.address)
    row = board.board_of(session, campaign.notice.id, codes[0]) if len(codes) == 1 else None
    if row is None or not row.verdict:
        return True
    return bool(msgspec.json.decode(row.verdict, type=Verdict).state != "complete")


def _words(message: Message, signs: Signs) -> Words:
    files: dict[str, tuple[str, ...]] = {}
    forms: dict[str, frozenset[str]] = {}
    for attachment in _material(message):
        item = _item(attachment)
        files[attachment.path] = (*_parts(attachment.path), stem(attachment.name), *titles_of(item))
        forms[attachment.path] = signs.filled_form(item)
    for number, link in enumerate(message.links, start=len(message.attachments)):
        files[link_path(number, link.name)] = (stem(link.name),)
    return Words(subject=message.subject, body=message.text, history=message.quoted[:3000], files=files, forms=forms)


def _material(message: Message) -> Iterator[Attachment]:
    """Files that say something of themselves: an archive that was opened is told by what it holds."""
    for attachment in message.attachments:
        opened = isinstance(attachment.facts, ArchiveFacts) and attachment.facts.members
        if not opened and not is_ornament(_item(attachment)):
            yield attachment


def _parts(path: str) -> Collection[str]:
    return [stem(part) for part in path.split("/")]


def _item(attachment: Attachment) -> Item:
    return Item(
        name=attachment.name,
        path=attachment.path,
        size=attachment.size,
        digest=attachment.digest,
        facts=attachment.facts,
        mail="",
        message_id="",
        received_at=datetime.min.replace(tzinfo=UTC),
    )
