"""An invented campaign: some 90 units, 300 mails, and what a careful person would find at the end.

    made = campaign()
    for mail in made.mails:              # in order of arrival; bytes are made one mail at a time
        server.deliver(mail.make(), mail.received_at)
    ... run the program once, with its clock at `made.as_of` ...
    made.truth.units["007"].state        # against `status --json`
    made.truth.mails["<id>"].klass       # against `mails --json`

**Units** (`UnitTruth`, by code): `state` and `late` as in `status`; `requirements` by requirement id, each an
`Expected`: its `state`, the `codes` that must be among its findings of outcome fail or unsure, those that `may`
stand beside them (nothing else may), and whether it came `late`. `answerable` is when the newest letter came
that deserves an answer, None when there is none: then no letter may go to this unit. `letter_to` are the
addresses of which exactly one gets it.

**Mails** (`MailTruth`, by Message-ID): `klass`, the `states` of which it must be in one (a mail that needs
nobody may be called processed or ignored), and the `unit` it must be counted for (None: for nobody).
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import rules
from benchmarks.expected import MISSING, OK, REQUIRED, Expected, Plan
from benchmarks.others import (
    AFTER,
    AS_OF,
    DEADLINE,
    LAST_AFTERNOON,
    CampaignMail,
    MailTruth,
    a_moment,
    domain,
    other_mails,
)
from benchmarks.pieces import Piece
from benchmarks.plans import plans
from intake.demo import materials as m
from intake.demo import samples
from intake.demo.clients import STYLES, Attached, Style, compose
from intake.demo.units import OFFICE_ADDRESS, units
from rules.notice import Category
from rules.unit import Unit
from rules.verdict import UnitState

NOTICE = Path(rules.__file__).with_name("notices") / "quality-month.toml"
_UNITS_PER_MAIL = 0.3
_OTHER_MAILS = 0.16
_LAZY: tuple[Style, ...] = ("iphone", "qq")
"""Whose users leave the unit's name out of the subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTruth:
    """Where one unit must stand."""

    state: UnitState
    late: bool
    requirements: Mapping[str, Expected]
    answerable: datetime | None
    letter_to: frozenset[str]
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a careful person would find."""

    units: Mapping[str, UnitTruth]
    mails: Mapping[str, MailTruth]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Units, mails in order of arrival, and the truth about both."""

    units: tuple[Unit, ...]
    mails: tuple[CampaignMail, ...]
    truth: Truth
    as_of: datetime = AS_OF


def campaign(n_mails: int = 300, seed: int = 1, roster: tuple[Unit, ...] = ()) -> Campaign:
    """The campaign of about `n_mails` (exactly, from 20 on), the same for the same arguments.

    The more units a given `roster` has, the fewer mails each sends, and the larger they are: three units for four
    mails make them 1.3 MB on average, three for ten 0.4 MB.
    """
    if n_mails < 20:
        raise ValueError("a campaign has at least 20 mails")
    roster = roster or units(max(6, round(n_mails * _UNITS_PER_MAIL)), seed=seed)
    made = tuple(plans(roster, seed))
    dice = random.Random(f"campaign/{seed}")
    others = round(n_mails * _OTHER_MAILS)
    groups = _spread(made, n_mails - others, dice)
    mails = [mail for plan in made for mail in _letters(plan, groups[plan.unit.code], seed, dice)]
    mails += other_mails(n_mails - len(mails), roster, seed, dice)
    mails.sort(key=lambda mail: (mail.received_at, mail.message_id))
    ids = requirement_ids()
    truth = Truth(
        units={plan.unit.code: _unit_truth(plan, mails, ids) for plan in made},
        mails={mail.message_id: mail.truth for mail in mails},
    )
    return Campaign(units=roster, mails=tuple(mails), truth=truth)


def requirement_ids() -> Mapping[Category, str]:
    """The requirement ids of the notice, by category."""
    notice = tomllib.loads(NOTICE.read_text("utf-8"))
    return {entry["category"]: entry["id"] for entry in notice["requirement"]}


def _unit_truth(plan: Plan, mails: Sequence[CampaignMail], ids: Mapping[Category, str]) -> UnitTruth:
    own = [mail.received_at for mail in mails if mail.truth.unit == plan.unit.code]
    video = plan.expected.get("video", Expected(state="missing"))
    expected: dict[Category, Expected] = {category: plan.expected.get(category, OK) for category in REQUIRED}
    required = tuple(expected.values())
    state: UnitState = "complete" if all(one.state == "ok" for one in required) else "incomplete"
    return UnitTruth(
        state=state if own else "missing",
        late=any(one.late for one in required),
        requirements={ids[category]: one for category, one in {**expected, "video": video}.items()},
        answerable=max(own, default=None),
        letter_to=frozenset(plan.unit.addresses),
        about=plan.name,
    )


# -- letters of units -----------------------------------------------------------------------------------


def _spread(made: Sequence[Plan], wanted: int, dice: random.Random) -> dict[str, int]:
    """Over how many letters each unit spreads what it first sends, so that there are `wanted` letters in all."""
    groups = {plan.unit.code: min(1, len(plan.first)) for plan in made}
    total = sum(groups.values()) + sum(len(plan.later) for plan in made)
    # whoever packs everything together sends it at once
    room = [plan for plan in made if not plan.wrapped for _ in plan.first[1:]]
    dice.shuffle(room)
    for plan in room[: max(0, wanted - total)]:
        groups[plan.unit.code] += 1
    return groups


def _letters(plan: Plan, groups: int, seed: int, dice: random.Random) -> list[CampaignMail]:
    """The unit's mails, in their order, in one client's style."""
    style = STYLES[dice.randrange(len(STYLES))] if plan.wrapped != "winmail" else "outlook"
    bundles: list[list[Piece]] = [[] for _ in range(groups)]
    for number, piece in enumerate(plan.first):
        bundles[number * groups // len(plan.first)].append(piece)
    bundles += [[piece] for piece in plan.later]
    times = _times(len(bundles), len(plan.later), plan.late, dice)
    mails = []
    for number, (pieces, moment) in enumerate(zip(bundles, times, strict=True)):
        message_id = f"<u{plan.unit.code}.{number}.{seed}.{moment:%Y%m%d%H%M%S}@{domain(plan.unit.addresses[0])}>"
        address = plan.unit.addresses[number % len(plan.unit.addresses) if plan.alternating else 0]
        make = partial(_unit_mail, style, plan.unit, pieces, plan.wrapped, address, moment, message_id)
        truth = MailTruth(klass="person", states=frozenset({"processed"}), unit=plan.unit.code, about=plan.name)
        mails.append(CampaignMail(message_id=message_id, received_at=moment, make=make, truth=truth))
    return mails


def _times(count: int, later: int, late: str, dice: random.Random) -> list[datetime]:
    """Ascending moments: half of them on the last afternoon, as in life."""
    moments = sorted(a_moment(dice) for _ in range(count))
    tardy = {"": 0, "all": count, "later": later}[late]
    for number in range(count - tardy, count):
        moments[number] = AFTER + timedelta(minutes=90 * number + dice.randrange(60), seconds=dice.randrange(60))
    return moments


def _unit_mail(
    style: Style, unit: Unit, pieces: Sequence[Piece], wrapped: str, address: str, moment: datetime, message_id: str
) -> bytes:
    what = "和".join(piece.what for piece in pieces)
    words = "\n".join(piece.words for piece in pieces if piece.words)
    text = m.letter(unit, words, what=f"质量月{what}")
    html = next((piece.html(text) for piece in pieces if piece.html), None)
    files = [file for piece in pieces for file in piece.files()]
    files = _wrapped(unit, files, wrapped, moment, message_id)
    from_ = (unit.contact, address)
    stranger = any(piece.stranger for piece in pieces)
    if stranger:
        from_ = (unit.contact, f"19{unit.code}88{unit.code}@qqmail.example")
    return compose(
        style,
        from_=from_,
        to=OFFICE_ADDRESS,
        subject=f"{unit.name}报送质量月{what}" if stranger or style not in _LAZY else f"质量月{what}",
        text=text,
        html=html,
        files=files,
        date=moment,
        message_id=message_id,
    )


def _wrapped(unit: Unit, files: list[Attached], wrapped: str, moment: datetime, message_id: str) -> list[Attached]:
    """The files as they are attached: as they are, or all in one container."""
    name = f"{unit.short}质量月材料"
    if wrapped == "winmail":
        return [Attached("winmail.dat", samples.winmail(file[:2] for file in files), m.TNEF)]
    if wrapped == "zip":
        return [Attached(f"{name}.zip", samples.zip_gbk((f"{name}/{f.name}", f.data) for f in files), m.ZIP)]
    if wrapped == "zip in zip":
        inner = samples.zip_gbk((file.name, file.data) for file in files[1:])
        outer = [(f"{name}/{files[0].name}", files[0].data), (f"{name}/其他材料.zip", inner)]
        return [Attached(f"{name}.zip", samples.zip_gbk(outer), m.ZIP)]
    if wrapped == "forwarded":
        raw = compose(
            "163",
            from_=("同事", f"colleague@{domain(unit.addresses[0])}"),
            to=unit.addresses[0],
            subject=name,
            text="材料做好了，请转报。",
            files=files,
            date=moment - timedelta(hours=2),
            message_id=message_id.replace("<u", "<inner"),
        )
        return [Attached(f"{name}.eml", raw, "message/rfc822")]
    return files


__all__ = [
    "AS_OF", "DEADLINE", "LAST_AFTERNOON",
    "MISSING", "OK", "Campaign", "CampaignMail", "Expected", "MailTruth", "Truth", "UnitTruth", "campaign",
]  # fmt: skip
