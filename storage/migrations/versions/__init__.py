"""One file a schema, named by its number."""
