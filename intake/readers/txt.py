"""Plain text and csv, in whatever charset they came."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

from intake.formats.grid import MAX_COLUMNS, MAX_ROWS, tidy, trimmed
from intake.formats.prose import clean, text_facts
from intake.mail.charset import decode
from intake.readers import Given, Reading, reads
from rules.facts import Cell, Sheet, TableFacts

MAX_BYTES = 4 << 20
"""Read of one file; the rest is left out and the facts say `truncated`."""
_DELIMITERS = (",", "\t", ";", "|")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")


@reads("txt")
def read_txt(path: Path, given: Given) -> Reading:
    """Lines as paragraphs, blank ones left out."""
    text, cut = _text(path)
    lines = [line.strip() for line in text.split("\n")]
    return Reading(facts=text_facts("txt", [line for line in lines if line], truncated=cut))


@reads("csv")
def read_csv(path: Path, given: Given) -> Reading:
    """One sheet; the delimiter is the one that splits the first lines most evenly."""
    text, cut = _text(path)
    rows: list[list[Cell]] = []
    csv.field_size_limit(MAX_BYTES)
    for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text[:10_000].split("\n")[:20])):
        if len(rows) >= MAX_ROWS:
            cut = True
            break
        cut = cut or len(row) > MAX_COLUMNS
        rows.append([_cell(value) for value in row[:MAX_COLUMNS]])
    sheet = Sheet(name="csv", rows=trimmed(rows), truncated=cut)
    return Reading(facts=TableFacts(format="csv", sheets=(sheet,), truncated=cut))


def _text(path: Path) -> tuple[str, bool]:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    cut = len(data) > MAX_BYTES
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data[: len(data) & ~1]  # half a character at the end of a cut file must not spoil the others
    return clean(decode(data[:MAX_BYTES]).text).removeprefix("\ufeff"), cut


def _delimiter(lines: list[str]) -> str:
    filled = [line for line in lines if line.strip()]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in filled]
        return (min(counts), sum(counts)) if counts else (0, 0)

    return max(_DELIMITERS, key=evenness)


def _cell(value: str) -> Cell:
    """Numbers as numbers, but codes like 007 and long ones like identity numbers stay text."""
    plain = value.strip()
    if _NUMBER.fullmatch(plain):
        return tidy(float(plain)) if "." in plain else int(plain)
    return tidy(plain)
