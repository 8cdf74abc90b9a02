"""Everything that one run of the program works with, opened once: config, notices, rosters, database, blobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.amending import basis_of
from intake.config import Config
from intake.files_in import ConfigFaults, together
from intake.mail.classify import Own
from intake.mail.keep import Store
from intake.mail.letter import Office as Letterhead
from intake.notices import load_notice, notice_path
from intake.units.roster import load_roster
from intake.units.unit_index import Index
from intake.wording import Wording, wording_of
from rules.facts import TableFacts
from rules.faults import Fault
from rules.notice import Notice
from rules.unit import Unit
from storage import board
from storage.blobs import Blobs
from storage.database import Database, open_database, sqlite_file
from storage.durable import make_folder
from storage.errors import Refused
from storage.examine import not_lost


@dataclass(frozen=True, slots=True)
class Campaign:
    """One notice with the units that must answer it."""

    notice: Notice
    forms: Mapping[str, TableFacts]
    units: Mapping[str, Unit]
    """By code, in the order of the roster."""
    index: Index
    file: Path = Path()
    """The notice file."""
    basis: str = ""
    """Which version of the notice this is: `intake.amending.basis_of`."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """The opened data folder of one office."""

    config: Config
    campaigns: Mapping[str, Campaign]
    database: Database
    blobs: Blobs
    instance: str
    """Random name of this data folder, part of our letters."""
    since: datetime
    """When the service first started on this data folder."""

    @property
    def tz(self) -> ZoneInfo:
        """The office's time zone."""
        return self.config.tz

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the notices by id, in the order of the settings."""
        return {id: campaign.notice.title for id, campaign in self.campaigns.items()}

    def campaign(self, wanted: str) -> Campaign:
        """The notice of that id, title or number. Refused when there is not just one."""
        found = [one for id, one in self.campaigns.items() if wanted in (id, one.notice.title, one.notice.number)]
        if len(found) != 1:
            known = "、".join(f"{id}《{title}》" for id, title in self.titles.items())
            raise Refused(f"{'有多个' if found else '没有'}通知“{wanted[:40]}”。现有：{known}。")
        return found[0]

    @property
    def data_dir(self) -> Path:
        """Where everything lies."""
        return self.config.data_path

    @property
    def spool(self) -> Path:
        """Scratch space; emptied at start."""
        return self.data_dir / "spool"

    @property
    def store(self) -> Store:
        """Where fetched mails are put."""
        return Store(self.database, self.blobs, self.spool)

    @property
    def domain(self) -> str:
        """The right-hand side of our Message-IDs: ours alone, since many units share a provider's domain."""
        return message_id_domain(self.config.office.address, self.instance)

    @property
    def own(self) -> Own:
        """By what we know our own letters again."""
        return Own(
            addresses=own_addresses(self.config),
            domains_of_message_ids=frozenset({self.domain}),
            instance=self.instance,
        )

    @property
    def wording(self) -> Wording:
        """The templates of letters, as they are now."""
        return wording_of(self.config.letters_folder)

    @property
    def letterhead(self) -> Letterhead:
        """What stands at the head and foot of our letters."""
        office = self.config.office
        return Letterhead(
            name=office.name, address=office.address, domain=self.domain, phone=office.phone, wording=self.wording
        )


def own_addresses(config: Config) -> frozenset[str]:
    """Every address of the office mailbox, lower case: its own, its aliases, its login."""
    login = [config.imap.username] if "@" in config.imap.username else []
    return frozenset(one.lower() for one in (config.office.address, *config.office.aliases, *login))


def message_id_domain(address: str, instance: str) -> str:
    """The domain of the Message-IDs that this data folder gives out."""
    return f"shouqi-{instance}.{address.rpartition('@')[2]}"


def load_campaigns(config: Config) -> dict[str, Campaign]:
    """Read every notice and roster of the configuration. Raises ConfigFaults with all faults of all these files."""
    campaigns: dict[str, Campaign] = {}
    wrong: list[ConfigFaults] = []
    for number, reference in enumerate(config.notice, start=1):
        try:
            loaded = load_notice(reference.file, config.tz, config.base)
        except ConfigFaults as error:
            wrong.append(error)
            loaded = None
        try:
            roster = load_roster(config.resolve(reference.roster))
        except ConfigFaults as error:
            wrong.append(error)
            continue
        if loaded is None:
            continue
        if loaded.notice.id in campaigns:
            wrong.append(ConfigFaults([_same_notice(number, reference.file, loaded.notice.id)], None))
            continue
        units = {unit.code: unit for unit in roster.units}
        campaigns[loaded.notice.id] = Campaign(
            notice=loaded.notice,
            forms=loaded.forms,
            units=units,
            index=Index.of(roster.units),
            file=notice_path(reference.file, config.base),
            basis=basis_of(loaded.notice, loaded.forms, units),
            warnings=tuple(str(warning) for warning in roster.warnings),
        )
    if wrong:
        raise together(wrong)
    return campaigns


def _same_notice(number: int, file: str, id: str) -> Fault:
    return Fault(
        path=f"notice[{number}].file",
        found=f"通知 {file} 的 id 是“{id}”，与前面的通知相同",
        expected="每个通知各有自己的 id",
        remedy="请改正通知文件里的 id，或删去多余的一节 [[notice]]。",
    )


@contextmanager
def opened(config: Config, now: datetime, *, working: bool = True) -> Iterator[Office]:
    """Open the data folder for as long as the block runs. Only a `working` command counts as the first start."""
    make_folder(config.data_path)
    file = sqlite_file(config.database_url)
    if file is not None:
        not_lost(file, config.blobs_dir)
    database = open_database(config.database_url, now, config.journal_file)
    try:
        yield opened_on(config, database, now, working=working)
    finally:
        database.close()


def opened_on(config: Config, database: Database, now: datetime, *, working: bool = False) -> Office:
    """The office of this configuration on a database that is open."""
    instance, since = _begun(database, now, working=working)
    return Office(
        config=config,
        campaigns=load_campaigns(config),
        database=database,
        blobs=Blobs(config.blobs_dir),
        instance=instance,
        since=since,
    )


def _begun(database: Database, now: datetime, *, working: bool) -> tuple[str, datetime]:
    """Name and first start of the data folder, written down by the first that asks; later ones need no lock."""
    with database.reading() as session:
        instance, known = board.known_fact(session, "instance"), board.known_fact(session, "first-start")
    if instance is None or (working and not known):
        with database.writing() as session:
            instance, known = board.instance(session), board.known_fact(session, "first-start")
            if working and not known:
                board.set_fact(session, "first-start", now.isoformat())
    return instance, datetime.fromisoformat(known) if known else now
