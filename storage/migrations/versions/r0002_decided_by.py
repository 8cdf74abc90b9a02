"""Who decided and what was seen by then, open copies of letters. Some folders of schema 1 have them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns that are missing."""
    wanted = (
        ("letter", sa.Column("cc", sa.String(), nullable=False, server_default="")),
        ("decision", sa.Column("by", sa.String(), nullable=False, server_default="")),
        ("decision", sa.Column("seen", sa.DateTime(), nullable=True)),
    )
    for table, column in wanted:
        if column.name not in {known["name"] for known in sa.inspect(op.get_bind()).get_columns(table)}:
            op.add_column(table, column)
