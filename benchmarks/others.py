"""Mails of the campaign that are no unit's submission: machines, newsletters, strangers. And its calendar."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial

from intake.demo import machines, samples
from intake.demo import materials as m
from intake.demo.clients import Attached, compose
from intake.demo.units import OFFICE_ADDRESS
from intake.mail.message import MailClass
from rules.unit import Unit

CHINA = timezone(timedelta(hours=8), "CST")
OPENS = datetime(2022, 9, 20, 8, 30, tzinfo=CHINA)
LAST_AFTERNOON = datetime(2022, 10, 12, 13, 0, tzinfo=CHINA)
DEADLINE = datetime(2022, 10, 12, 23, 59, 59, tzinfo=CHINA)
AFTER = datetime(2022, 10, 13, 8, 10, tzinfo=CHINA)
AS_OF = datetime(2022, 10, 13, 17, 30, tzinfo=CHINA)

_ORIGINAL = "<20220825.zlb.0007@yunling.example>"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTruth:
    """What must become of one mail."""

    klass: MailClass
    states: frozenset[str]
    unit: str | None = None
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignMail:
    """One mail, not yet made. `make` gives the same bytes each time."""

    message_id: str
    received_at: datetime
    make: Callable[[], bytes]
    truth: MailTruth


def a_moment(dice: random.Random) -> datetime:
    """Some moment of the campaign; about half of them fall on the last afternoon, as in life."""
    if dice.random() < 0.47:
        return LAST_AFTERNOON + timedelta(seconds=dice.randrange(10 * 3600 + 1800))
    day = OPENS + timedelta(days=dice.randrange(22))
    return day + timedelta(seconds=dice.randrange(9 * 3600))


def domain(address: str) -> str:
    """What stands behind the @."""
    return address.rpartition("@")[2]


_Maker = Callable[[datetime, str], bytes]


def other_mails(count: int, roster: Sequence[Unit], seed: int, dice: random.Random) -> list[CampaignMail]:
    """Bounces, automatic answers, newsletters, receipts, strangers: in turn, so that all kinds occur."""
    mails = []
    for number in range(count):
        unit = dice.choice(roster)
        other = dice.choice([one for one in roster if one is not unit])
        klass, states, about, maker = _other(number, unit, other)
        moment = a_moment(dice)
        message_id = f"<x{number}.{seed}.{moment:%Y%m%d%H%M%S}@mx{number % 7}.elsewhere.example>"
        truth = MailTruth(klass=klass, states=states, about=about)
        mails.append(
            CampaignMail(
                message_id=message_id, received_at=moment, make=partial(maker, moment, message_id), truth=truth
            )
        )
    return mails


def _other(number: int, unit: Unit, other: Unit) -> tuple[MailClass, frozenset[str], str, _Maker]:
    nobody = frozenset({"ignored", "processed"})
    held = frozenset({"held"})
    sender = (unit.contact, unit.addresses[0])
    to = OFFICE_ADDRESS
    match number % 10:
        case 0 | 1:
            failed = f"old{number}@{domain(unit.addresses[0])}"
            return (
                "bounce",
                nobody,
                "bounce of an old address",
                lambda date, id_: machines.bounce(
                    to=to, failed=failed, original_id=_ORIGINAL, date=date, message_id=id_
                ),
            )
        case 2 | 5:
            return (
                "auto-reply",
                nobody,
                "automatic answer, marked",
                lambda date, id_: machines.auto_reply(from_=sender, to=to, date=date, message_id=id_),
            )
        case 3:
            return (
                "auto-reply",
                nobody,
                "automatic answer, by subject",
                lambda date, id_: machines.auto_reply(from_=sender, to=to, date=date, message_id=id_, marked=False),
            )
        case 4 | 8:
            return (
                "list",
                nobody,
                "newsletter",
                lambda date, id_: machines.newsletter(to=to, date=date, message_id=id_, issue=number),
            )
        case 6:
            return (
                "receipt",
                nobody,
                "read receipt",
                lambda date, id_: machines.read_receipt(
                    from_=sender[1], to=to, original_id=_ORIGINAL, date=date, message_id=id_
                ),
            )
        case 7:
            return "person", held, "stranger who names nobody", partial(_stranger, number, "材料发您了，请查收。")
        case _:
            both = f"这是{unit.name}和{other.name}两家单位一起活动的照片。"
            return "person", held, "stranger who names two units", partial(_stranger, number, both)


def _stranger(number: int, text: str, date: datetime, message_id: str) -> bytes:
    photo = samples.photo(1024, 768, seed=900_000 + number, noise=60)
    return compose(
        "iphone",
        from_=("小雨", f"rain{number}@mailbox.example"),
        to=OFFICE_ADDRESS,
        subject="照片",
        text=text,
        files=[Attached("", photo, m.JPEG)],
        date=date,
        message_id=message_id,
    )
