"""What the commands do: running the line, showing where things stand, taking down decisions."""

from __future__ import annotations

import getpass
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from intake.config import Config, load_config
from intake.logs import start_logging
from intake.office import Campaign, Office, opened
from intake.secrets import reveal
from intake.turns import alone, bell, turn
from storage import board
from storage.errors import Refused


@dataclass(frozen=True, slots=True)
class Setting:
    """The options that every command knows."""

    config: Path
    now: str | None
    json: bool
    notice: str | None = None
    """Id, title or number of the one notice that is meant; None = all."""

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


def chosen(setting: Setting, office: Office) -> list[Campaign]:
    """The notices that a command is about. Refused when `--notice` names none."""
    return list(office.campaigns.values()) if setting.notice is None else [office.campaign(setting.notice)]


def chosen_id(setting: Setting, office: Office) -> str | None:
    """The id behind `--notice`, also of one that is no longer in the settings; None when all are meant."""
    if setting.notice is None:
        return None
    with office.database.reading() as session:
        former = board.notices(session)
    return setting.notice if setting.notice in former else office.campaign(setting.notice).notice.id


class Hold(Enum):
    """What of the data folder a command holds while it runs."""

    LOOK = "nothing: it only reads, beside whatever runs"
    TURN = "its turn between two cycles: a decision beside the running service"
    ALONE = "the whole folder, for one run"
    SERVICE = "the whole folder for as long as it runs, and each cycle its turn"


@contextmanager
def office_of(setting: Setting, hold: Hold) -> Iterator[tuple[Office, Callable[[], datetime]]]:
    """Open everything a command needs, and hold of the data folder what it must."""
    config = load_config(setting.config)
    clock = setting.clock(config, runs=hold is Hold.SERVICE)
    start_logging(config.logs_folder)
    with ExitStack() as stack:
        if hold in (Hold.ALONE, Hold.SERVICE):
            stack.enter_context(alone(config))
        if hold in (Hold.ALONE, Hold.TURN):
            stack.enter_context(turn(config))
        yield stack.enter_context(opened(config, clock(), working=hold is not Hold.LOOK)), clock
    if hold is Hold.TURN:
        bell(config).touch()


def not_among_ours(config: Config, target: Path, what: str) -> None:
    """Refused when `what` (导出, 备份) would be written among the folders that the program keeps itself: there it
    would be taken for an original, packed into the next backup, emptied at the next start, or lost with the data."""
    ours = {"数据目录": config.data_path, "原件目录": config.blobs_dir, "信件模板目录": config.letters_folder}
    place = target.expanduser().resolve()
    for name, folder in ours.items():
        if folder is not None and place.is_relative_to(folder.resolve()):
            raise Refused(f"不能{what}到{name} {folder} 里面（{target}）：那里由程序自己管理。请另选一个文件夹。")


def secrets_of(config: Config) -> Callable[[str], str]:
    """Passwords by the name of their section, revealed at the moment they are needed."""

    def secret(section: str) -> str:
        settings = config.imap if section == "imap" else config.smtp
        if not settings.username or not settings.password:
            return ""
        return reveal(settings.password, config.base, settings.username)

    return secret


def person() -> str:
    """Who gives the command, for the history."""
    try:
        return f"命令（{getpass.getuser()}）"
    except (OSError, KeyError, ImportError):  # no such user, or a system that knows none
        return "命令"


def show(document: Any) -> None:
    """One JSON document on stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def say(text: str = "") -> None:
    """One line for people on stdout."""
    sys.stdout.write(text + "\n")
