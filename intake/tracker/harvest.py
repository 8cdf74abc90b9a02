"""Finds her cells in the grid of an old list: columns of hers, comments on our cells, and what she typed over ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from openpyxl.cell.rich_text import CellRichText
from openpyxl.comments import Comment

from intake.copies import AUTHOR
from intake.tracker import prints
from intake.tracker.cells import Formula
from intake.tracker.keep import BELOW, DECIDING, HEAD_SEARCH, OVERVIEW, SheetHand, Spec
from intake.tracker.marks import Lost, Mark, Note, Own, text_of
from intake.tracker.oldsheet import OldCell

NAMELESS: Final = "（无标题）"


def harvest(
    name: str,
    spec: Spec,
    rows: Mapping[int, Mapping[int, OldCell]],
    ours: Iterable[str] | None,
    *,
    printed: Sequence[str] = (),
) -> SheetHand | None:
    """Find her cells in the grid of one of our lists; None when its headings are not there any more.

    `rows` holds cells (with `value`, `coordinate` and the rest) by row and column number. `ours` are the
    headings that we wrote last time; all others are hers. `printed` are those of them whose cells have prints, in
    the order of the prints; without them nothing can be said about what she typed over ours.
    """
    top = _heading_row(spec, rows)
    if top is None:
        return None
    hand = SheetHand()
    owned = set(ours or ()) - set(spec.hers)
    names = _headings(rows, top)
    key_at = next(column for column, header in names.items() if header == spec.key)
    label_at = next((column for column, header in names.items() if header == spec.label), 0)
    hers = {column: header for column, header in names.items() if header not in owned and column != key_at}
    hand.columns, hand.headings = list(hers.values()), names
    hand.heads = {header: _mark(rows[top][column]) for column, header in hers.items() if column in rows[top]}
    places = {header: column for column, header in names.items() if column not in hers}
    hand.own[""] = _on_headings(rows[top], {header: column for column, header in names.items()})
    for number in sorted(rows):
        if number <= top:
            continue
        row = rows[number]
        key = _key(getattr(row.get(key_at), "value", None))
        label = text_of(getattr(row.get(label_at), "value", None))
        marks = {header: _mark(row[column]) for column, header in hers.items() if column in row}
        if not key:
            hand.loose += _keyless(name, label, marks, row, names, hers)
        elif key in hand.cells:
            hand.loose += _second(name, key, label, marks, hand.cells[key])
        else:
            hand.cells[key] = marks
            hand.labels[key], hand.rows[key] = label, number
            own = _own(row, places, key, printed)
            if own is not None:
                hand.own[key] = own
    return hand


def _second(name: str, key: str, label: str, marks: Mapping[str, Mark], first: dict[str, Mark]) -> Iterator[Lost]:
    """A second row with a key that had one: what the first one does not say.

    Words that decide go into the cell of the first one: alone they act, and two that differ are asked about.
    """
    for header, mark in marks.items():
        there = first.get(header) or Mark()
        if not mark.filled or mark.written == there.written:
            continue
        if header in DECIDING:
            first[header] = Mark(f"{text_of(there.value)}；{text_of(mark.value)}".strip("；"))
        else:
            yield Lost(name, key.lstrip("#"), label, header, mark.written, None)


def _on_headings(row: Mapping[int, OldCell], places: Mapping[str, int]) -> Own:
    own = Own()
    for header, column in places.items():
        _comment(row.get(column), header, own, frozenset())
    return own


def _own(row: Mapping[int, OldCell], places: Mapping[str, int], key: str, printed: Sequence[str]) -> Own | None:
    """What she left on our cells of one row; None when there is nothing."""
    own = Own()
    known = prints.split(_value(row, places.get(prints.HEADER)))
    if len(known) <= len(printed) or known[0] != prints.sign(key.lstrip("#")):
        known = []  # not of this row: nothing can be said
    for header, before in zip(printed, known[1:], strict=False):
        value = _value(row, places.get(header))
        if prints.sign(value) not in (before, prints.EMPTY):
            own.typed[header] = value
    ours = frozenset(known[len(printed) + 1 :])
    for header, column in places.items():
        _comment(row.get(column), header, own, ours)
    return own if own.typed or own.notes or own.edited else None


def _comment(cell: OldCell | None, header: str, own: Own, ours: frozenset[bytes]) -> None:
    """Her part of the comment on a cell of ours. `ours` are the prints of what we wrote in this row.

    The author does not tell enough: LibreOffice drops it, and Excel keeps ours when she writes into our comment.
    """
    if cell is None or cell.comment is None:
        return
    text, author = cell.comment
    if author.startswith("tc="):
        # a conversation of Microsoft 365: older programs see it after a few lines that tell of an upgrade
        text = text.partition("linkid=870924")[2].strip() or text
    above, found, below = (part.strip() for part in text.partition(BELOW))
    mine = prints.sign(above) in ours or (found and not ours)
    if above and not mine:
        if author == AUTHOR:
            own.edited[header] = above
        else:
            below = f"{above}\n{below}".strip()
    if below:
        own.notes[header] = Note(below, author)


def _value(row: Mapping[int, OldCell], column: int | None) -> Any:
    cell = row.get(column) if column is not None else None
    value = cell.value if cell is not None else None
    return str(value) if isinstance(value, CellRichText) else value


def on_overview(rows: Mapping[int, Mapping[int, OldCell]], known: set[bytes]) -> list[Lost]:
    """What she wrote on the sheet that is written anew each time. `known` are the prints of our own words."""
    found = []
    for number in sorted(rows):
        for _, cell in sorted(rows[number].items()):
            mark = _mark(cell)
            if known and mark.value is not None and prints.sign(cell.value) not in known:
                found.append(Lost(OVERVIEW, cell.coordinate, "", "", mark.written, None))
            elif mark.comment is not None:
                found.append(Lost(OVERVIEW, cell.coordinate, "", "", f"（批注：{mark.comment.text}）", None))
    return found


def _keyless(
    name: str,
    label: str,
    marks: Mapping[str, Mark],
    row: Mapping[int, OldCell],
    names: Mapping[int, str],
    hers: Mapping[int, str],
) -> list[Lost]:
    """A row that she wrote below or between ours. Our own row of sums has only what we put there."""
    if label == "合计" and not any(mark.filled for mark in marks.values()):
        return []
    found = []
    for column, cell in sorted(row.items()):
        mark = _mark(cell)
        if mark.filled and not (label == "合计" and column not in hers):
            found.append(Lost(name, "", label, names.get(column, ""), mark.written, None))
    return found


def _heading_row(spec: Spec, rows: Mapping[int, Mapping[int, OldCell]]) -> int | None:
    for number in sorted(rows)[:HEAD_SEARCH]:
        values = {text_of(cell.value) for cell in rows[number].values()}
        if spec.key in values and (spec.label in values or set(spec.hers) & values):
            return number
    return None


def _headings(rows: Mapping[int, Mapping[int, OldCell]], top: int) -> dict[int, str]:
    """Heading of every column that has one or holds something; unique, because they are her keys."""
    used = {column for number, row in rows.items() if number > top for column, cell in row.items() if _filled(cell)}
    used |= {column for column, cell in rows[top].items() if _filled(cell)}
    names: dict[int, str] = {}
    taken: set[str] = set()
    for column in sorted(used):
        cell = rows[top].get(column)
        stem = text_of(cell.value if cell is not None else None) or NAMELESS
        header, count = stem, 1
        while header in taken:
            count += 1
            header = f"{stem}{count}"
        taken.add(header)
        names[column] = header
    return names


def _filled(cell: OldCell) -> bool:
    return cell.value not in (None, "") or cell.comment is not None


def _mark(cell: OldCell) -> Mark:
    value = Formula(cell.value) if cell.data_type == "f" and isinstance(cell.value, str) else cell.value
    # the coordinator's comment on her own cell; ours hang on our own columns and headings only
    hers = cell.comment is not None and cell.comment[1] != AUTHOR
    return Mark(
        value=value,
        origin=cell.coordinate,
        style=cell.style,
        comment=Comment(*cell.comment) if cell.comment is not None and hers else None,
        link=cell.link,
    )


def _key(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"#{int(value)}" if float(value).is_integer() else f"#{value}"
    return text_of(value)
