"""`python -m tests.mailmaker`: writes the corpus of mails into tests/mails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.mailmaker import (
    cases_charsets,
    cases_damage,
    cases_links,
    cases_machines,
    cases_names,
    cases_programs,
    cases_structure,
)
from tests.mailmaker.case import Case, pairs

FOLDER = Path(__file__).resolve().parent.parent / "mails"


def cases() -> Iterator[Case]:
    """The whole corpus."""
    for module in (
        cases_programs, cases_names, cases_charsets, cases_structure, cases_damage, cases_machines, cases_links,
    ):  # fmt: skip
        yield from module.cases()


def write() -> int:
    """Write all pairs, remove what is no longer made; the number of mails."""
    wanted = pairs(cases())
    for path in FOLDER.glob("*.*"):
        if path.name not in wanted:
            path.unlink()
    for name, data in wanted.items():
        (FOLDER / name).write_bytes(data)
    return len(wanted) // 2


if __name__ == "__main__":
    print(write(), "mails")  # noqa: T201  # a tool for people
