"""Captions: where they stand, and which photo each belongs to."""
