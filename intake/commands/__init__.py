"""What the commands do: running the line, showing where things stand, taking down decisions."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from intake.config import Config, load_config
from intake.logs import start_logging
from intake.office import Office, alone, opened
from intake.secrets import reveal
from storage.errors import Refused


@dataclass(frozen=True, slots=True)
class Setting:
    """The options that every command knows."""

    config: Path
    now: str | None
    json: bool

    def clock(self, config: Config, *, runs: bool = False) -> Callable[[], datetime]:
        """The real clock, or a rehearsal clock: it stands at `--now`, so that two commands given the same moment
        agree on what is due; for the service it runs on from there."""
        if self.now is None:
            return lambda: datetime.now(config.tz)
        try:
            start = datetime.fromisoformat(self.now)
        except ValueError as error:
            raise Refused(f"--now 写作 {self.now!r}，应为 ISO 8601 时间，如 2022-10-10T09:00+08:00。") from error
        if start.tzinfo is None:
            start = start.replace(tzinfo=config.tz)
        if not runs:
            return lambda: start
        began = time.monotonic()
        return lambda: start + timedelta(seconds=time.monotonic() - began)


@contextmanager
def office_of(
    setting: Setting, *, working: bool, runs: bool = False
) -> Iterator[tuple[Office, Callable[[], datetime]]]:
    """Open everything a command needs; `working` commands hold the data folder for themselves.

    `runs`: the command goes on for long, and so does its clock.
    """
    config = load_config(setting.config)
    clock = setting.clock(config, runs=runs)
    start_logging(config.data_path / "logs")
    if working:
        with alone(config), opened(config, clock()) as office:
            yield office, clock
    else:
        with opened(config, clock(), working=False) as office:
            yield office, clock


def secrets_of(config: Config) -> Callable[[str], str]:
    """Passwords by the name of their section, revealed at the moment they are needed."""

    def secret(section: str) -> str:
        settings = config.imap if section == "imap" else config.smtp
        if not settings.username or not settings.password:
            return ""
        return reveal(settings.password, config.base, settings.username)

    return secret


def show(document: Any) -> None:
    """One JSON document on stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def say(text: str = "") -> None:
    """One line for people on stdout."""
    sys.stdout.write(text + "\n")
