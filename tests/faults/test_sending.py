"""What SMTP servers refuse: logins, sizes, copies. A wrong password is tried a few times and then hardly ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.demo.units import OFFICE_ADDRESS
from intake.logins import MOST_TRIES, PAUSE
from tests.desk import Desk, captioned, everything
from tests.intake.mail.test_send import PASSWORD, Plan, serving

QUIET = timedelta(minutes=10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Desk, Plan]]:
    """An office whose SMTP server wants a password that is not in the settings."""
    with Desk(tmp_path) as desk, serving(Plan(), login=True) as plan:
        (tmp_path / "smtp.txt").write_text("wrong-canary", "ascii")
        head, _, tail = desk.config.read_text("utf-8").partition("[smtp]")
        tail = tail.replace(f"port = {desk.server.smtp_port}", f"port = {plan.port}")
        tail = tail.replace('password = "file:password.txt"', 'password = "file:smtp.txt"')
        desk.config.write_text(f"{head}[smtp]{tail}", "utf-8")
        desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        desk.now += QUIET
        yield desk, plan


def test_few_tries_then_an_alarm_and_a_long_pause(desk: tuple[Desk, Plan]) -> None:
    office, plan = desk
    for _ in range(2 * MOST_TRIES):
        report = office.cycle(wait=timedelta(minutes=2))
        assert report.refused and "wrong-canary" not in str(report.refused)
    assert len(plan.logins) == MOST_TRIES
    assert "之前不再尝试" in report.refused[0]
    assert [kind for kind, _ in office.todo()] == ["alarm"]
    assert [(row["state"], row["attempts"]) for row in office.outbox()] == [("waiting", 0)]
    office.cycle(wait=PAUSE)
    assert len(plan.logins) == MOST_TRIES + 1
    for file in (office.folder / "data").rglob("*"):
        assert not file.is_file() or b"wrong-canary" not in file.read_bytes()


def test_a_password_that_was_put_right_is_tried_at_once(desk: tuple[Desk, Plan], tmp_path: Path) -> None:
    office, plan = desk
    for _ in range(MOST_TRIES + 1):
        office.cycle()
    (tmp_path / "smtp.txt").write_text(PASSWORD, "ascii")
    assert office.cycle().posted.sent
    assert office.todo() == []
    assert [envelope.rcpt_tos[0] for envelope in plan.letters] == [office.units[0].addresses[0]]


def test_a_person_may_have_it_tried_again(desk: tuple[Desk, Plan]) -> None:
    office, plan = desk
    for _ in range(MOST_TRIES + 1):
        office.cycle()
    office.command("resume")
    office.cycle()
    assert len(plan.logins) == MOST_TRIES + 1


def test_the_mailbox_is_guarded_too_and_so_is_a_server_that_is_only_away(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        (tmp_path / "password.txt").write_text("wrong", "ascii")
        told = [desk.cycle(wait=timedelta(minutes=2)).refused for _ in range(MOST_TRIES + 1)]
        assert ["之前不再尝试" in lines[0] for lines in told] == [False] * MOST_TRIES + [True]
        desk.configure(f"port = {desk.server.imap_port}", "port = 9")  # another server: another matter
        assert desk.cycle().away


def test_a_letter_that_the_server_says_is_too_large_is_not_offered_to_it(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk, serving(Plan(), data_size_limit=2000) as plan:
        head, _, tail = desk.config.read_text("utf-8").partition("[smtp]")
        tail = tail.replace(f"port = {desk.server.smtp_port}", f"port = {plan.port}")
        desk.config.write_text(f"{head}[smtp]{tail}", "utf-8")
        desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        desk.cycle(wait=QUIET)
        ((state, error),) = [(row["state"], row["last_error"]) for row in desk.outbox()]
        assert state == "failed" and "超过发件服务器的上限" in error
        assert [kind for kind, _ in desk.todo()] == ["failed-letter"]


@pytest.mark.parametrize(("written", "sender"), [("<>", ""), ("", OFFICE_ADDRESS), ("tui@yunling.example",) * 2])
def test_the_envelope_sender_is_the_office_s_choice(tmp_path: Path, written: str, sender: str) -> None:
    with Desk(tmp_path) as desk:
        desk.configure("copy_to_self = true", f'copy_to_self = true\nmail_from = "{written}"')
        desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        desk.cycle(wait=QUIET)
        assert [sent.mail_from.strip("<>") for sent in desk.server.sent] == [sender]
        assert len(desk.cycle(wait=QUIET).posted.sent) == 0


def test_a_refused_copy_is_told_and_the_letter_leaves_all_the_same(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        desk.server.refusals[OFFICE_ADDRESS] = "552 5.2.2 mailbox full"
        desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        assert desk.cycle(wait=QUIET).posted.sent
        ((state, error),) = [(row["state"], row["last_error"]) for row in desk.outbox()]
        assert state == "sent" and "密送未被接收" in error and "552" in error


def test_while_the_server_refuses_us_no_recipient_is_said_to_be_out_of_reach(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk, serving(Plan(faults={"MAIL": "553 5.1.8 frozen"})) as plan:
        head, _, tail = desk.config.read_text("utf-8").partition("[smtp]")
        tail = tail.replace(f"port = {desk.server.smtp_port}", f"port = {plan.port}")
        desk.config.write_text(f"{head}[smtp]{tail}", "utf-8")
        desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        desk.cycle(wait=QUIET)
        for _ in range(3):
            desk.cycle(wait=timedelta(hours=3))
        ((kind, text),) = desk.todo()
        assert kind == "alarm" and "拒绝本邮箱发信" in text
