"""What a cycle looks at, within reach: outlines of verdicts, letters by when they left, mails still on the server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """A verdict holds all that its outline does, so it stands in for it until the unit is judged again."""
    op.create_table(
        "outline",
        sa.Column("notice", sa.String(), primary_key=True),
        sa.Column("unit", sa.String(), primary_key=True),
        sa.Column("outline", sa.String(), nullable=False),
    )
    op.execute("INSERT INTO outline (notice, unit, outline) SELECT notice, unit, verdict FROM board")
    op.drop_index("ix_letter_state", "letter")
    op.create_index("ix_letter_state_tried_at", "letter", ["state", "tried_at"])
    op.create_index("ix_letter_to", "letter", ["to"])
    op.create_index("ix_location_present", "location", ["mailbox_id", "present"])
