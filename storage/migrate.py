"""Bringing the tables of an earlier version up to this one, by the files in `storage/migrations/versions`.

The version of a data folder is its fact `schema`; revision `0002` makes schema 2. All of it is one transaction of
the caller, so a broken upgrade changes nothing.
"""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def upgrade(connection: Connection, version: int) -> None:
    """Make the tables of schema `version` those of the newest migration."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    script = ScriptDirectory.from_config(config)

    def steps(revision: object, context: MigrationContext) -> list[RevisionStep]:
        return list(script._upgrade_revs("head", f"{version:04}"))

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection)
        environment.get_context().stamp(script, f"{version:04}")
        environment.run_migrations()
