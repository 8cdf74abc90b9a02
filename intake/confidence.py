"""How sure we are of a reply before it leaves: by whom the mails came and what a person should still look at.

The least sure thing about a letter is its confidence: 1 means that a registered sender sent material of which
nothing is unclear. `replies.approve_below` is compared with it; docs/letters.md lists the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from intake.units.identify import SEVERAL
from rules.verdict import Verdict
from storage.tables import MailRow


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason not to be sure, and what is left of 1 when it holds."""

    confidence: float
    why: str
    holds: Callable[[Verdict, Sequence[MailRow]], bool]


class Confidence(msgspec.Struct, frozen=True, kw_only=True):
    """How sure, from 0 to 1, and why not wholly."""

    value: float = 1.0
    why: tuple[str, ...] = ()


def _unverified(_: Verdict, mails: Sequence[MailRow]) -> bool:
    return any(mail.trust == "unverified" for mail in mails)


def _unknown(_: Verdict, mails: Sequence[MailRow]) -> bool:
    return any(mail.trust == "unknown" for mail in mails)


def _others(_: Verdict, mails: Sequence[MailRow]) -> bool:
    return any(mail.identified_by == SEVERAL or mail.candidates != "[]" for mail in mails)


def _unplaced(verdict: Verdict, _: Sequence[MailRow]) -> bool:
    return any(piece.candidates for piece in verdict.unplaced)


def _unsure(verdict: Verdict, _: Sequence[MailRow]) -> bool:
    open_ones = (one for one in verdict.standings if one.state not in ("ok", "waived"))
    return any(finding.outcome == "unsure" for one in open_ones for finding in one.findings)


def _asks(_: Verdict, mails: Sequence[MailRow]) -> bool:
    return any(mail.asks_person for mail in mails)


DOUBTS = (
    Doubt(0.3, "发件邮箱未通过核验", _unverified),
    Doubt(0.5, "发件邮箱不是登记邮箱", _unknown),
    Doubt(0.6, "来信可能还有其他单位的材料", _others),
    Doubt(0.7, "有文件不能确定对应哪一项", _unplaced),
    Doubt(0.8, "有材料需要人工核对", _unsure),
    Doubt(0.9, "信中另有咨询", _asks),
)
"""Least sure first."""


def weigh(verdict: Verdict, mails: Sequence[MailRow]) -> Confidence:
    """The confidence of a reply to `mails` that tells `verdict`."""
    found = [doubt for doubt in DOUBTS if doubt.holds(verdict, mails)]
    return Confidence(value=found[0].confidence if found else 1.0, why=tuple(doubt.why for doubt in found))
