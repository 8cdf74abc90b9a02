"""Whether a reminder is copied (抄送) to the superior of a unit that was reminded in vain."""

from __future__ import annotations

from sqlmodel import Session

from intake.config import Config
from intake.office import Office
from rules.unit import Unit
from storage import board, outbox


def superior_of(config: Config, unit: Unit) -> str:
    """The address: of the roster, else of the unit's class, else the one for all; "" when there is none."""
    settings = config.superior
    return unit.superior or settings.by_class.get(unit.category, "") or settings.address


def copied_to(office: Office, session: Session, notice: str, unit: Unit, to: str) -> str:
    """The superior's address for the next reminder to this unit, "" when it goes to the unit alone."""
    after = office.config.superior.after
    address = superior_of(office.config, unit)
    if not after or not address or address in (to, office.config.office.address, *unit.addresses):
        return ""
    if address in board.undeliverable(session):
        return ""
    return address if outbox.reminders_sent(session, notice, unit.code) >= after else ""
