"""Returned tables: laid over the office's blank form, read cell by cell, every deviation told."""
