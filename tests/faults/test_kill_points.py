"""Killed on entry to any call that writes, renames or sends, the next run ends like one that was not disturbed.

Twenty mails over real IMAP and SMTP. A point is killed in a data folder of its own and followed by one clean run;
then the standing of every unit, every mail, the outbox, what the mail server received, the saved files and the tracker
must be those of an undisturbed run, and the doctor must have nothing to say against the data.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.office import Office, State, differences
from tests.faults.program import Point, told, why_not

MAILS = 20
POINTS = int(os.environ.get("SHOUQI_POINTS", "2"))
"""How many points in all; `make faults` takes more than a thousand."""
FROM_NEW = 0.3
"""Share of the points of a run that begins without a data folder; the others lie between taking mails and tracker."""
SHARES = int(os.environ.get("SHOUQI_SHARES", "1"))
"""Into how many tests they are divided, for as many processors."""

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def chosen(points: Sequence[Point], number: int, share: int) -> list[Point]:
    """So many of the points, the rare kinds of calls first, spread evenly over the run."""
    kinds: dict[str, list[Point]] = {}
    for point in points:
        kinds.setdefault(point.call, []).append(point)
    found: list[Point] = []
    ordered = sorted(kinds.values(), key=len)
    for n, kind in enumerate(ordered):
        wanted = min(len(kind), -(-(number - len(found)) // (len(ordered) - n)))
        found += [kind[(2 * i + 1) * len(kind) // (2 * wanted)] for i in range(wanted)]
    random.Random(len(found)).shuffle(found)
    return found[share::SHARES]


def killed(office: Office, start: str, points: Sequence[Point], wanted: State) -> list[str]:
    """Kill at each of these points of a run that begins at the moment `start`; what went wrong, each as one line."""
    wrong = []
    for point in points:
        office.put_back(start)
        ran = office.program.killed_at(point, *office.run)
        clean = office.program.run(*office.run)
        found = differences(office.come_to(), wanted) if clean.status == 0 else [clean.said]
        name = f"{start or 'new'} {point.call} {point.k}"
        told(f"F1 {name}: {'killed' if ran.status == -9 else f'ended with {ran.status}'} {found or 'whole'}")
        if ran.status != -9:
            found.append(f"ended with {ran.status} before the point was reached")
        wrong += [f"{name}: {one}" for one in found]
    return wrong


@pytest.mark.parametrize("share", range(SHARES))
def test_a_kill_at_any_call_leaves_nothing_lost_or_doubled(office: Office, share: int) -> None:
    with office:
        office.small_mails(MAILS)
        office.now = office.now.replace(hour=12)
        assert office.program.run(*office.run).status == 0
        wanted = office.come_to()
        assert len(wanted["mails"]) == MAILS
        assert len(wanted["sent"]) == len(office.units)
        assert wanted["doctor"] == []
        office.put_back("")
        office.take(MAILS)
        office.keep("taken")
        wrong = []
        for start, number in (("", round(POINTS * FROM_NEW)), ("taken", round(POINTS * (1 - FROM_NEW)))):
            office.put_back(start)
            points = office.program.points(office.folder / "trace", *office.run)
            wrong += killed(office, start, chosen(points, number, share), wanted)
        assert wrong == []
