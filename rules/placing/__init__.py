"""Placing: which requirement each file answers, by name, type and content."""
