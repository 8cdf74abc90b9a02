"""Invented units, files and mails, and a mail server in this process: what the demo, tests and benchmarks share."""
