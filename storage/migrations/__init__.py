"""How the tables of each version become those of the next; read by alembic through `storage.migrate`."""
