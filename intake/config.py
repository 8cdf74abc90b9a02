"""The settings of one office: `config.toml`, read and checked as a whole.

Attribute names are the keys of the file; docs/settings.md explains each. Secrets are never in here, only
references to them (`intake.secrets.reveal`).
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from intake.config_keys import absolute, anchor_authorities, complete, data_folder_faults, hide_secrets, take_unknown
from intake.config_letters import CoordinatorConfig, RepliesConfig, SuperiorConfig
from intake.config_servers import ImapConfig, Section, SmtpConfig
from intake.files_in import ConfigFaults, read_toml
from intake.written import (
    Count,
    Day,
    Duration,
    Flag,
    Interval,
    MailAddress,
    RungName,
    Template,
    TimeOfDay,
    Zone,
    refused,
)
from rules.faults import faults_of
from rules.remind import working_days

__all__ = ["Config", "ConfigFaults", "ImapConfig", "NoticeRef", "SmtpConfig", "load_config"]

FilePath = Annotated[str, Field(min_length=1)]


class NoticeRef(Section):
    """One campaign: which notice, and who must answer it."""

    file: FilePath
    """Path of the notice file, relative to the settings file; or `builtin:quality-month`."""
    roster: FilePath


class OfficeConfig(Section):
    """Who writes the letters."""

    name: Annotated[str, Field(min_length=1)]
    address: MailAddress
    aliases: tuple[MailAddress, ...] = ()
    """Further addresses whose mail lands in the same mailbox."""
    phone: str = ""


class StorageConfig(Section):
    """Where data lie. `{data_dir}` stands for the data folder."""

    database: Template = "sqlite:///{data_dir}/shouqi.db"
    blobs: Template = "{data_dir}/blobs"

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not re.match(r"sqlite:///.|postgresql\+psycopg://.", value):
            raise refused("sqlite:///文件路径 或 postgresql+psycopg://主机/数据库")
        return value

    @field_validator("blobs")
    @classmethod
    def _known_blobs(cls, value: str) -> str:
        if "://" in value or not value.strip():
            raise refused('一个文件夹，例如 "{data_dir}/blobs"；本版本尚不支持对象存储')
        return value


class ScheduleConfig(Section):
    """When things happen, in the office's time zone."""

    poll: Interval = timedelta(minutes=2)
    idle: Flag = True
    quiet_period: Duration = timedelta(minutes=10)
    reminders: tuple[RungName, ...] = ("7d", "3d", "1d", "0d")
    """Working days before the deadline day, or after it (`+1d`)."""
    remind_at: TimeOfDay = time(9, 0)
    tracker_at: tuple[TimeOfDay, ...] = (time(8, 30),)
    holidays: tuple[Day, ...] = ()
    """Days off beside those of the built-in calendar."""
    workdays: tuple[Day, ...] = ()
    """Working days beside those of the built-in calendar (调休)."""

    @field_validator("reminders")
    @classmethod
    def _each_step_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        days = [working_days(name) for name in value]
        twice = next((name for name, day in zip(value, days, strict=True) if days.count(day) > 1), None)
        if twice is not None:
            raise refused(f"每一档只写一次（{twice} 写了多次，或与另一档是同一天）")
        return value

    @field_validator("workdays")
    @classmethod
    def _one_or_the_other(cls, value: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        both = sorted(set(value).intersection(info.data.get("holidays", ())))
        if both:
            raise refused(f"与 holidays 不重复的日期（{both[0]} 两处都有）")
        return value


class TrackerConfig(Section):
    """The workbook of the coordinator (台账)."""

    keep_days: Annotated[Count, Field(ge=1)] = 90
    """How many days the copy of a day is kept."""


class LinksConfig(Section):
    """Files that units only sent by a link (超大附件)."""

    alarm: Duration = timedelta(days=3)
    """How long before a link ends the coordinator and the unit are told."""


class LogsConfig(Section):
    """The program's own records for the maintainer."""

    keep_days: Annotated[Count, Field(ge=0)] = 0
    """How many days after its end a month's file is kept; 0 is for ever."""


class LettersConfig(Section):
    """The office's own wording."""

    folder: str = ""
    """Where its templates lie, relative to the settings file; "" for the built-in ones."""


def _some_and_once(value: tuple[NoticeRef, ...]) -> tuple[NoticeRef, ...]:
    files = [reference.file for reference in value]
    if not files:
        raise refused("至少一个 [[notice]]")
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice is not None:
        raise refused(f"每个通知只列一次（{twice} 出现了多次）")
    return value


class Config(Section):
    """All settings, checked. `base` is the folder of the file; relative paths start there."""

    base: Path = Field(exclude=True)
    timezone: Zone = "Asia/Shanghai"
    data_dir: FilePath = "data"
    notice: Annotated[tuple[NoticeRef, ...], AfterValidator(_some_and_once)]
    office: OfficeConfig
    coordinator: CoordinatorConfig = CoordinatorConfig()
    superior: SuperiorConfig = SuperiorConfig()
    imap: ImapConfig
    smtp: SmtpConfig
    storage: StorageConfig = StorageConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    replies: RepliesConfig = RepliesConfig()
    links: LinksConfig = LinksConfig()
    tracker: TrackerConfig = TrackerConfig()
    letters: LettersConfig = LettersConfig()
    logs: LogsConfig = LogsConfig()

    @property
    def tz(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    def resolve(self, path: str) -> Path:
        """A path of the settings as an absolute one."""
        return absolute(self.base, path)

    @property
    def letters_folder(self) -> Path | None:
        """The folder of the office's own templates of letters."""
        return self.resolve(self.letters.folder) if self.letters.folder else None

    @property
    def data_path(self) -> Path:
        """The data folder, absolute."""
        return self.resolve(self.data_dir)

    @property
    def database_url(self) -> str:
        """The address of the database, with an absolute path for SQLite."""
        url = self._filled(self.storage.database)
        if url.startswith("sqlite:///"):
            return f"sqlite:///{self.resolve(url.removeprefix('sqlite:///')).as_posix()}"
        return url

    @property
    def logs_folder(self) -> Path:
        """Where the program's own records are."""
        return self.data_path / "logs"

    @property
    def journal_file(self) -> Path:
        """The journal of the database: what raw mails cannot tell."""
        return self.data_path / "journal.jsonl"

    @property
    def blobs_dir(self) -> Path:
        """The folder of the kept bytes, absolute."""
        return self.resolve(self._filled(self.storage.blobs))

    def _filled(self, template: str) -> str:
        return template.replace("{data_dir}", self.data_path.as_posix())


def load_config(path: Path) -> Config:
    """Read and check a settings file. ConfigFaults tells everything that is wrong with it, at once."""
    path = path.expanduser().absolute()
    data = read_toml(path, "配置文件", "请把 config.example.toml 复制为 config.toml 再修改，或用 --config 指明。")
    faults = [*take_unknown(data, Config, leave_out={"base"}), *hide_secrets(data)]
    complete(data)
    faults += anchor_authorities(data, path.parent)
    try:
        config = Config.model_validate({**data, "base": path.parent})
    except ValidationError as error:
        raise ConfigFaults([*faults, *faults_of(error)], path) from None
    faults += data_folder_faults(config.data_path, config.data_dir)
    if faults:
        raise ConfigFaults(faults, path)
    return config
