"""The ledger as people see it: every mail with what became of it, every letter with its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session, col, select

from intake.mail.answer import GRANTED
from intake.office import Office
from intake.reports.letter import REPORT
from intake.todo import home_of
from intake.view import AttachmentRow, LetterRow, MailRow
from storage import inbox, outbox
from storage.also import also_of
from storage.pieces import all_pieces
from storage.tables import LetterRow as StoredLetter
from storage.tables import MailRow as StoredMail
from storage.tables import PieceRow


def mail_rows(
    session: Session,
    office: Office,
    mails: Sequence[StoredMail],
    pieces: Mapping[int, Sequence[PieceRow]],
    letters: Sequence[StoredLetter],
) -> Iterator[MailRow]:
    """Every mail with its files, what became of it and which letters answered it."""
    places = inbox.places(session)
    ids = {letter.id: letter.message_id for letter in letters if letter.state != "dropped"}
    further = also_of(session)
    for mail in mails:
        assert mail.id is not None  # noqa: S101  # a stored row has its key
        mailbox, uid, validity = places.get(mail.id, ("导入", None, None))
        also = further.get(mail.id, ())
        answers = [ids[id] for id in (mail.letter_id, *(row.letter_id for row in also)) if id in ids]
        yield MailRow(
            message_id=mail.message_id,
            sha256=mail.sha256,
            mailbox=mailbox,
            uid=uid,
            uidvalidity=validity,
            received_at=mail.received_at,
            from_name=mail.from_name,
            from_address=mail.from_address,
            subject=mail.subject,
            klass=mail.klass,
            state=mail.state,
            reason=mail.reason,
            unit=mail.unit,
            identified_by=mail.identified_by,
            unit_name=_unit_name(office, mail),
            notices=(*([mail.notice] if mail.notice else []), *(row.notice for row in also)),
            routed_by=mail.routed_by,
            routing=inbox.strings(mail.routing),
            may_answer=inbox.strings(mail.may_answer),
            waits_in=home_of(mail, office.titles) if mail.state in ("held", "stuck") else "",
            trust=mail.trust,
            proof=mail.proof,
            proof_by=mail.proof_by,
            evidence=inbox.strings(mail.evidence),
            attachments=tuple(
                AttachmentRow(
                    name=piece.name,
                    sha256=piece.digest,
                    size=piece.size,
                    path=piece.path,
                    unit=piece.unit,
                    notice=piece.notice,
                )
                for piece in pieces.get(mail.id, ())
                if piece.kind != "link"
            ),
            letters=tuple(answers),
            no_reply="" if answers or mail.reply_open or mail.reply_why == GRANTED.why else mail.reply_why,
        )


def _unit_name(office: Office, mail: StoredMail) -> str:
    campaign = office.campaigns.get(mail.notice or "")
    unit = campaign.units.get(mail.unit or "") if campaign is not None else None
    return unit.name if unit is not None else mail.unit or ""


def letter_rows(letters: Sequence[StoredLetter]) -> Iterator[LetterRow]:
    """The outbox as people see it."""
    for row in letters:
        assert row.id is not None  # noqa: S101  # a stored row has its key
        yield LetterRow(
            id=row.id,
            kind=row.kind,
            message_id=row.message_id,
            to=row.to,
            unit=row.unit,
            state=row.state,
            attempts=row.attempts,
            due=row.due,
            sent_at=row.sent_at,
            last_error=row.last_error,
            subject=row.subject,
            cc=row.cc,
            notice=row.notice,
        )


def all_mail_rows(office: Office) -> list[MailRow]:
    """The ledger of all notices, oldest first."""
    with office.database.reading() as session:
        mails = inbox.all_mails(session)
        return list(mail_rows(session, office, mails, all_pieces(session), outbox.all_letters(session)))


def prepared_rows(office: Office) -> Iterator[LetterRow]:
    """The letters that wait to leave."""
    with office.database.reading() as session:
        return letter_rows(outbox.prepared(session, REPORT))


def all_letter_rows(office: Office) -> list[LetterRow]:
    """The outbox of all notices."""
    with office.database.reading() as session:
        return list(letter_rows(session.exec(select(StoredLetter).order_by(col(StoredLetter.id))).all()))
