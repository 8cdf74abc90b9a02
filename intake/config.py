"""The settings of one office: `config.toml`, read and checked as a whole.

Attribute names are the keys of the file; docs/settings.md explains each. Secrets are never in here, only
references to them (`intake.secrets.reveal`).
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from intake.config_keys import absolute, anchor_authorities, complete, data_folder_faults, hide_secrets, take_unknown
from intake.config_servers import ImapConfig, Section, SmtpConfig
from intake.files_in import ConfigFaults, read_toml
from intake.written import (
    Count,
    Day,
    Duration,
    Flag,
    Hours,
    Interval,
    MailAddress,
    MailAddressOrNone,
    RungName,
    Template,
    TimeOfDay,
    Zone,
    refused,
)
from rules.faults import faults_of

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


class CoordinatorConfig(Section):
    """Whom the program itself writes to: reports and alarms."""

    address: MailAddressOrNone = ""
    """Where they go; "" is nowhere."""
    name: str = ""
    """How she is addressed; "" is 经办人."""
    report_at: TimeOfDay = time(8, 30)
    """When the morning mail leaves on working days; the closing report follows the same hour."""
    attachment_mb: Annotated[Count, Field(ge=0, le=50)] = 5
    """The tracker goes with the morning mail up to that size; 0 is never."""
    unreachable: Interval = timedelta(hours=1)
    """How long the mailbox may be away before she is alarmed."""
    disk_free_mb: Annotated[Count, Field(ge=0)] = 1000
    """Less free room on the disk of the data folder alarms her."""
    held: Interval = timedelta(days=2)
    """How long a mail may wait for her before she is alarmed."""
    alarms_per_day: Annotated[Count, Field(ge=1)] = 10
    """Letters about something that begins to be wrong, in 24 hours."""


class SuperiorConfig(Section):
    """Who gets an open copy (抄送) of reminders to units that were reminded in vain."""

    after: Annotated[Count, Field(ge=0, le=20)] = 0
    """After so many reminders the next ones are copied; 0 is never."""
    address: MailAddressOrNone = ""
    """For all units; the roster's own column and `by_class` go first."""
    by_class: dict[str, MailAddress] = Field(default_factory=dict)
    """By 类别 of the roster."""


class RepliesConfig(Section):
    """Whether and how much we answer."""

    mode: Literal["send", "approve", "off"] = "send"
    approve_first: Annotated[Count, Field(ge=0)] = 0
    """So many replies of each notice wait for a person before the others leave by themselves."""
    approve_below: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Replies whose confidence (`intake.confidence`) is below this wait for a person."""
    hours: Hours = None
    """From when to when, on working days, answers leave; None is round the clock."""
    unregistered: Literal["hold", "reply"] = "hold"
    per_sender_per_day: Annotated[Count, Field(ge=1)] = 4
    per_unit_per_day: Annotated[Count, Field(ge=1)] = 3
    """Answers a day of one notice for each of its units on average; more stops sending."""
    per_hour: Annotated[Count, Field(ge=1)] = 60
    not_older_than: Interval = timedelta(days=7)
    acknowledge_questions: Flag = False
    """A unit that asks something is told that a person will answer."""
    full_mailbox: Annotated[Count, Field(ge=0)] = 20
    """As many mails older than that, and more than half of all: at first start a person looks before letters leave.
    0 = never."""

    @property
    def chooses(self) -> bool:
        """True when not every letter waits in approve mode, but some replies."""
        return bool(self.approve_first or self.approve_below)


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

    @property
    def tz(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    def resolve(self, path: str) -> Path:
        """A path of the settings as an absolute one."""
        return absolute(self.base, path)

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
