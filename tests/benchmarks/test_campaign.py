"""The campaign is exactly as large as asked, the same each time, and its truth covers every unit and mail."""

from __future__ import annotations

import email
from collections import Counter

import pytest

from benchmarks.campaign import AS_OF, DEADLINE, LAST_AFTERNOON, Campaign, campaign, requirement_ids
from benchmarks.speed.watching import memory, tree, watch


@pytest.fixture(scope="module")
def made() -> Campaign:
    return campaign()


def test_three_hundred_mails_of_ninety_units_in_order_half_of_them_at_the_last_moment(made: Campaign) -> None:
    assert (len(made.mails), len(made.units)) == (300, 90)
    times = [mail.received_at for mail in made.mails]
    assert times == sorted(times)
    assert max(times) < AS_OF
    last = sum(LAST_AFTERNOON <= moment <= DEADLINE for moment in times)
    assert 0.4 < last / len(times) < 0.6
    assert sum(moment > DEADLINE for moment in times) >= 3


def test_truth_knows_every_unit_mail_and_requirement(made: Campaign) -> None:
    assert set(made.truth.units) == {unit.code for unit in made.units}
    assert set(made.truth.mails) == {mail.message_id for mail in made.mails}
    assert len(made.truth.mails) == len(made.mails)
    for truth in made.truth.units.values():
        assert set(truth.requirements) == set(requirement_ids().values())
        assert (truth.state == "missing") == (truth.answerable is None)
    states = Counter(truth.state for truth in made.truth.units.values())
    assert states["complete"] > 30 and states["incomplete"] > 20 and states["missing"] > 2
    classes = Counter(mail.truth.klass for mail in made.mails)
    assert set(classes) == {"person", "bounce", "auto-reply", "list", "receipt"}
    assert sum(mail.truth.states == {"held"} for mail in made.mails) >= 5


def test_late_units_have_a_letter_after_the_deadline_and_others_none(made: Campaign) -> None:
    for code, truth in made.truth.units.items():
        tardy = [m for m in made.mails if m.truth.unit == code and m.received_at > DEADLINE]
        assert bool(tardy) == truth.late


@pytest.mark.parametrize("n_mails", [20, 47, 120])
def test_any_size_is_met_exactly(n_mails: int) -> None:
    assert len(campaign(n_mails).mails) == n_mails


def test_mails_are_sound_repeatable_and_come_from_whom_the_truth_says() -> None:
    made = campaign(60, seed=4)
    known = {address: unit.code for unit in made.units for address in unit.addresses}
    for mail in made.mails:
        raw = mail.make()
        assert raw == mail.make()
        message = email.message_from_bytes(raw)
        assert message["Message-ID"] == mail.message_id
        assert message.defects == []
        sender = str(message["From"]).rpartition("<")[2].rstrip(">")
        if mail.truth.unit is not None:
            assert known.get(sender, mail.truth.unit) == mail.truth.unit
        elif mail.truth.states == {"held"}:
            assert sender not in known


def test_a_watched_command_is_timed_and_its_children_count(tmp_path_factory: pytest.TempPathFactory) -> None:
    import subprocess
    import sys

    log = tmp_path_factory.mktemp("watch") / "log"
    child = "import time; x = bytearray(30_000_000); time.sleep(0.6)"
    parent = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {child!r}]))"
    ran = watch([sys.executable, "-c", parent], log)
    assert ran.status == 0
    assert 0.6 < ran.seconds < 20
    if sys.platform == "linux":
        assert ran.processes == 2
        assert ran.peak_mb is not None and ran.peak_mb > 30
        process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        assert list(tree(process.pid)) == [process.pid]
        process.communicate(b"\n")
        assert memory(process.pid) == 0
