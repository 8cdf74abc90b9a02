"""Fixtures that several tests share: real mail servers, nothing imitated."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS
from tests.dovecot import Dovecot, why_not

# laws are about results, never about time
settings.register_profile("untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def umask_of_the_test() -> Iterator[None]:
    """A command that runs in this process sets its umask to 077; a Dovecot of the next test could then read nothing."""
    before = os.umask(0)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """IMAP and SMTP in this process: an empty INBOX of the office, password `secret`."""
    with MailServer(address=OFFICE_ADDRESS, password="secret") as server:
        yield server


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A real Dovecot with an empty INBOX of the office, password `secret`; left out where not installed."""
    reason = why_not()
    if reason is not None:
        print(f"left out: {reason}")  # noqa: T201 - the reason is to be seen with -s and in the report
        pytest.skip(reason)
    with Dovecot(user=OFFICE_ADDRESS, password="secret") as server:
        yield server
