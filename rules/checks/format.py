"""Is the file of a format the notice allows, by its content and not by its name?"""

from __future__ import annotations

from collections.abc import Iterator

from rules.captioning.caption_sources import words_beside
from rules.case import Case
from rules.checks import Settings, check
from rules.facts import ArchiveFacts, ImageFacts, TableFacts, TextFacts, Unreadable
from rules.finding import Finding
from rules.item import Item
from rules.kinds import alike, convert, kind_of, told_suffix, words_of_formats
from rules.words import count


class FormatSettings(Settings):
    """No settings of its own: the formats stand in the requirement."""


@check("format", FormatSettings, codes=("wrong-format", "fake-extension", "only-in-document"), always=True)
def format_(settings: FormatSettings, case: Case) -> Iterator[Finding]:
    """fail on other content than asked for; a note when only the suffix is off."""
    formats = case.requirement.formats
    for item in case.items:
        kind = kind_of(item.facts)
        if not kind or isinstance(item.facts, ArchiveFacts | Unreadable):
            continue
        if _is_pasted(item, kind, case):
            yield _pasted(item, words_of_formats(formats))
        elif formats and not any(alike(kind, one) for one in formats) and not _opens_all_the_same(item, kind, case):
            yield _wrong(item, kind, case)
        elif told_suffix(item.suffix) and not alike(kind, item.suffix):
            yield Finding(
                code="fake-extension",
                outcome="note",
                says=f"文件“{item.name}”的内容是 {kind.upper()} 格式，扩展名与内容不一致，已按内容核对。",
                fix="不必重报，今后请使用正确的扩展名。",
                file=item.path,
                expected=f".{kind}",
                measured=f".{item.suffix}",
                about=item.key,
            )


def _opens_all_the_same(item: Item, kind: str, case: Case) -> bool:
    """Rich text under the name of a Word document, as office systems export it: Word opens it without a word."""
    wanted = any(alike(item.suffix, one) for one in case.requirement.formats)
    return kind == "rtf" and item.suffix in ("doc", "wps") and wanted


def _is_pasted(item: Item, kind: str, case: Case) -> bool:
    """Photos were asked for, and came in a document of a format that is not asked for by name."""
    pasted = isinstance(item.facts, TextFacts | TableFacts) and bool(item.facts.pictures)
    return pasted and case.requirement.category == "photo" and not any(alike(kind, f) for f in case.requirement.formats)


def _wrong(item: Item, kind: str, case: Case) -> Finding:
    formats = case.requirement.formats
    wanted = words_of_formats(formats)
    if item.suffix and any(alike(item.suffix, one) for one in formats):
        return Finding(
            code="fake-extension",
            outcome="fail",
            says=f"文件“{item.name}”的扩展名是 .{item.suffix}，实际内容却是 {kind.upper()} 格式。",
            fix=convert(kind, wanted)
            if kind == "heic"
            else f"请用看图或办公软件“另存为”{wanted} 格式（不能只改文件名），重新发送。",
            file=item.path,
            expected=wanted,
            measured=kind.upper(),
            about=item.key,
        )
    return Finding(
        code="wrong-format",
        outcome="fail",
        says=f"文件“{item.name}”是 {kind.upper()} 格式{_size(item, kind)}，通知要求 {wanted} 格式。",
        # a table typed into a document cannot be saved as a workbook
        fix=f"请在通知所附的空表上填写，以 {wanted} 格式发送。"
        if case.requirement.form and isinstance(item.facts, TextFacts)
        else convert(kind, wanted),
        file=item.path,
        expected=wanted,
        measured=kind.upper(),
        about=item.key,
    )


def _size(item: Item, kind: str) -> str:
    """Few can see how large a HEIC photo is; whether its conversion will be large enough is worth knowing."""
    facts = item.facts
    return f"（{facts.width}×{facts.height} 像素）" if kind == "heic" and isinstance(facts, ImageFacts) else ""


def _pasted(item: Item, wanted: str) -> Finding:
    pictures = item.facts.pictures if isinstance(item.facts, TextFacts | TableFacts) else ()
    sizes = "、".join(f"{p.width}×{p.height}" for p in pictures[:4] if p.width and p.height)
    found = f"{len(pictures)} 张图片" + (f"（{sizes}）" if sizes else "")
    lengths = [f"{count(words)} 字" for p in pictures[:4] if (words := words_beside(p))]
    said = f"，附有说明 {len(lengths)} 段（{'、'.join(lengths)}）" if lengths else ""
    return Finding(
        code="only-in-document",
        outcome="fail",
        says=f"图片是插在“{item.name}”里的（共 {found}{said}），没有单独的图片文件。",
        fix=f"请把原图{f'以 {wanted} 格式' if wanted else ''}作为附件单独发送（不要从文档中截图或另存）"
        f"{'，说明不必重写' if lengths and len(lengths) == len(pictures) else ''}。",
        file=item.path,
        expected=f"{wanted} 图片文件".strip(),
        measured=f"{kind_of(item.facts).upper()} 内嵌 {found}{said}",
        about=item.key,
    )
