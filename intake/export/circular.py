"""报送情况通报.docx: the closing report as a document that can be laid before a superior."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from intake.export.paper import HEI, KAI, SONG, Paper
from intake.office import Office
from intake.reports.closing import closing_facts, closing_json, closing_sections
from intake.reports.letter import page
from intake.reports.page import Section
from intake.view import Board

_NUMERALS: Final = "一二三四五六七八九十"
_NOTE: Final = (
    "注：报送率＝已报（含部分）÷应报，按时率＝按时÷应报；有必报材料在截止后才报送的计为逾期，免报单位不计入应报。"
)
_SHARES: Final[dict[int, tuple[float, ...]]] = {3: (35, 31, 34), 10: (20, 9, 9, 9, 9, 9, 9, 9, 13, 13)}
"""Widths of the columns: of lists of units, of the figures by class."""


def circular_source(board: Board) -> object:
    """All that the report tells, without the time of writing."""
    return [closing_json(board), board.office, board.notice.number, str(closing_facts(board)["over"])]


def write_circular(office: Office, board: Board, path: Path) -> None:
    """Title, the figures in one paragraph, the tables under numbered headings, office and date."""
    sections = closing_sections(board, most=len(board.units))
    told = page(office, "closing", closing_facts(board), "wait", sections, board.as_of)
    paper = Paper(title="报送情况通报", author=board.office, at=board.as_of)
    paper.line("材料报送情况通报", font=SONG, size=22, align="center", bold=True, before=6, spacing=36)
    paper.line(told.verdict, font=KAI, size=15, align="center", after=18)
    paper.line(told.opening, indent=True)
    for numeral, section in zip(_NUMERALS, sections, strict=False):
        _section(paper, numeral, section)
    paper.line(_NOTE, size=12, spacing=20, before=14, grey=True)
    paper.line(told.office, align="right", before=28, together=True)
    paper.line(told.date, align="right")
    paper.save(path)


def _section(paper: Paper, numeral: str, section: Section) -> None:
    paper.line(f"{numeral}、{section.title}", font=HEI, indent=True, before=10, after=4, together=True)
    if section.rows:
        paper.table(section.head, section.rows, _SHARES.get(len(section.head), (1,) * len(section.head)))
    for line in section.lines:
        paper.line(line, indent=True)
