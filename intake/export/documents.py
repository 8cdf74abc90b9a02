"""The documents that are made for an archive package, each with a print of all that its words depend on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from intake import letterwords
from intake.export.album import pictures, volumes, write_album
from intake.export.circular import circular_source, write_circular
from intake.export.manifest import Entry
from intake.export.sheets import write_register
from intake.export.statistics import merged_tables
from intake.office import Campaign, Office
from intake.sandbox import Sandbox
from intake.view import Board

LIST: Final = "清单.xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document of the package."""

    path: str
    source: object
    """Everything its words depend on, without the time of writing: the same source needs no new document."""
    build: Callable[[Path], None]


def documents(
    office: Office, campaign: Campaign, board: Board, entries: Sequence[Entry], sandbox: Sandbox, scratch: Path
) -> Iterator[Document]:
    """Register, statistics in the forms of the office, album, closing report. `entries`: materials and mails."""
    name = letterwords.title(board.notice)
    received = tuple(entries)
    yield Document(path="登记表.xlsx", source=[name, received], build=lambda path: write_register(path, name, received))
    for file, merged, write in merged_tables(board, campaign.file.parent):
        yield Document(path=file, source=merged.source, build=write)
    scratch.mkdir(exist_ok=True)
    for file, first, part in volumes(tuple(pictures(board))):
        yield Document(
            path=file,
            source=[board.notice.title, board.office, first, part],
            build=partial(write_album, board, first, part, office.blobs, sandbox, scratch),
        )
    yield Document(
        path="报送情况通报.docx",
        source=circular_source(board),
        build=lambda path: write_circular(office, board, path),
    )
