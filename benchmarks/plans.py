"""What each unit of the campaign sends, and how it then stands in the eyes of a careful person.

A plan says nothing of times and mails; `benchmarks.campaign` spreads it over letters. Files are made only
when asked for.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from intake.demo import machines, samples
from intake.demo import materials as m
from intake.demo.clients import Attached
from intake.demo.forms import Fault, statistics
from rules.notice import Category
from rules.unit import Unit
from rules.verdict import RequirementState

Files = Callable[[], list[Attached]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How one requirement must come out."""

    state: RequirementState = "ok"
    codes: frozenset[str] = frozenset()
    """Finding codes of outcome fail or unsure that must be told, and no others but those in `may`."""
    may: frozenset[str] = frozenset()
    """Codes of outcome fail or unsure that a person could say as well, without being wrong."""
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What goes into one letter together: files, and words for the body."""

    what: str
    """How the unit would call it in a subject."""
    files: Files = list
    words: str = ""
    html: Callable[[str], str] | None = None
    stranger: bool = False
    """Sent from an address that nobody registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything one unit does during the campaign."""

    name: str
    unit: Unit
    first: tuple[Piece, ...] = ()
    """Sent together or over several letters."""
    later: tuple[Piece, ...] = ()
    """Each a letter of its own, after all of `first`, in this order."""
    expected: Mapping[Category, Expected] = field(default_factory=dict)
    zipped: bool = False
    late: Literal["", "all", "later"] = ""
    """Which letters come after the deadline."""


def plans(units: tuple[Unit, ...], seed: int) -> Iterator[Plan]:
    """One plan for every unit; each kind occurs before any occurs much oftener than its share."""
    dice = random.Random(f"plans/{seed}")
    for number, unit in enumerate(units):
        yield _KINDS[number % len(_KINDS)](unit, dice.randrange(1, 9))


OK = Expected()
MISSING = Expected(state="missing", codes=frozenset({"missing"}))


def _problem(code: str, *may: str) -> Expected:
    return Expected(state="problem", codes=frozenset({code}), may=frozenset(may))


# -- pieces ---------------------------------------------------------------------------------------------


def _summary(u: Unit, s: int) -> Piece:
    return Piece(what="活动总结", files=lambda: [m.summary(u, s)])


def _case(u: Unit, s: int) -> Piece:
    return Piece(what="典型案例", files=lambda: [m.case(u, s)])


def _form(u: Unit, s: int, fault: Fault = "") -> Piece:
    return Piece(what="活动情况统计表", files=lambda: [statistics(u, s, fault=fault)])


def _shot(u: Unit, s: int, number: int, *, name: str = "", width: int = 1280, height: int = 960) -> Attached:
    return m.photo(u, 10 * s + number, name=name, width=width, height=height, noise=60)


def _photos(u: Unit, s: int, captions: Literal["body", "docx", "names", "txt", "none", "long"] = "body") -> Piece:
    """Two photos (one, when the captions are wrong), their captions in the given place."""
    texts = [m.caption(u, s), m.caption(u, s + 20)]
    match captions:
        case "body":
            return Piece(
                what="活动图片",
                files=lambda: [_shot(u, s, 1), _shot(u, s, 2)],
                words=m.captions_text(texts),
            )
        case "docx":
            lines = [f"照片{number}：{text}" for number, text in enumerate(texts, 1)]
            note = samples.docx
            return Piece(
                what="活动图片",
                files=lambda: [
                    _shot(u, s, 1), _shot(u, s, 2), Attached("图片说明.docx", note("图片说明", lines), m.DOCX),
                ],
            )  # fmt: skip
        case "txt":
            return Piece(
                what="活动图片",
                files=lambda: [
                    _shot(u, s, 1), _shot(u, s, 2), Attached("图片说明.txt", m.captions_text(texts).encode("gbk"), m.TXT),
                ],
            )  # fmt: skip
        case "names":
            return Piece(
                what="活动图片", files=lambda: [_shot(u, s, n, name=f"{texts[n - 1]}.jpg") for n in (1, 2)]
            )
        case "none":
            return Piece(what="活动图片", files=lambda: [_shot(u, s, 1)])
        case "long":
            return Piece(
                what="活动图片",
                files=lambda: [_shot(u, s, 1)],
                words=m.captions_text([m.long_caption(u, s)]),
            )


def _one_photo(u: Unit, s: int, files: Files) -> Piece:
    """One photo, however it was made, with a good caption in the body."""
    return Piece(what="活动图片", files=files, words=m.captions_text([m.caption(u, s)]))


def _good_photo(u: Unit, s: int) -> Piece:
    return _one_photo(u, s, lambda: [_shot(u, s, 1)])


def _small_photo(u: Unit, s: int) -> Piece:
    return _one_photo(u, s, lambda: [_shot(u, s, 1, width=800, height=600)])


def _fake_photo(u: Unit, s: int) -> Piece:
    def files() -> list[Attached]:
        return [m.photo(u, 10 * s + 1, format="PNG", width=1024, height=768)._replace(type=m.JPEG)]

    return _one_photo(u, s, files)


def _pasted_photo(u: Unit, s: int) -> Piece:
    def files() -> list[Attached]:
        document = samples.docx("活动图片", [], pictures=[(_shot(u, s, 1).data, m.caption(u, s))])
        return [Attached("活动图片.docx", document, m.DOCX)]

    return Piece(what="活动图片", files=files)


def _link(u: Unit, s: int) -> Piece:
    key = f"{s}{u.code}ab37" * 5

    def html(text: str) -> str:
        make = machines.qq_big_attachment if s % 2 else machines.netease_big_attachment
        return make(text, name="质量月宣传片.mp4", size="128.03M", expires="2022年11月10日 09:00", key=key)

    return Piece(what="宣传视频", html=html)


def _film(u: Unit, s: int) -> Piece:
    film = samples.mp4
    return Piece(
        what="宣传视频",
        files=lambda: [Attached("质量月宣传片.mp4", film(90, 1280, 720, padding=700_000, seed=int(u.code)), "video/mp4")],
    )


def _package(u: Unit, s: int, photos: Piece | None = None, form: Piece | None = None) -> tuple[Piece, ...]:
    return (_summary(u, s), _case(u, s), photos or _photos(u, s), form or _form(u, s))


# -- kinds ----------------------------------------------------------------------------------------------


def _plain(u: Unit, s: int) -> Plan:
    return Plan(name="complete, captions in the body", unit=u, first=_package(u, s))


def _zip(u: Unit, s: int) -> Plan:
    return Plan(name="complete, zip with GBK names", unit=u, first=_package(u, s), zipped=True)


def _zip_captions(u: Unit, s: int) -> Plan:
    return replace(_in_word(u, s), name="complete, zip, captions in a Word file", zipped=True)


def _in_word(u: Unit, s: int) -> Plan:
    return Plan(name="complete, captions in a Word file", unit=u, first=_package(u, s, _photos(u, s, "docx")))


def _in_names(u: Unit, s: int) -> Plan:
    return Plan(name="complete, captions in file names", unit=u, first=_package(u, s, _photos(u, s, "names")))


def _in_text_file(u: Unit, s: int) -> Plan:
    return Plan(name="complete, captions in a text file", unit=u, first=_package(u, s, _photos(u, s, "txt")))


def _with_link(u: Unit, s: int) -> Plan:
    plan = Plan(name="complete, film by link", unit=u, first=(*_package(u, s), _link(u, s)))
    return replace(plan, expected={"video": Expected(may=frozenset({"by-link"}))})


def _with_film(u: Unit, s: int) -> Plan:
    return Plan(
        name="complete, film attached", unit=u, first=(*_package(u, s), _film(u, s)), expected={"video": OK}
    )


def _upright(u: Unit, s: int) -> Plan:
    def files() -> list[Attached]:
        return [m.photo(u, 10 * s + 1, width=1280, height=960, noise=60, exif_orientation=6)]

    return Plan(name="complete, portrait photo", unit=u, first=_package(u, s, _one_photo(u, s, files)))


def _resent(u: Unit, s: int) -> Plan:
    package = _package(u, s)
    again = replace(package[3], what="活动情况统计表（重发）")
    return Plan(name="complete, table sent again unchanged", unit=u, first=package, later=(again, again))


def _worse_later(u: Unit, s: int) -> Plan:
    def shrunk() -> list[Attached]:
        return [_shot(u, s, 1, width=640, height=480)]

    return Plan(
        name="complete, a smaller copy of the photo later",
        unit=u,
        first=_package(u, s, _good_photo(u, s)),
        later=(_one_photo(u, s, shrunk),),
    )


def _stranger(u: Unit, s: int) -> Plan:
    first = tuple(replace(piece, stranger=True) for piece in _package(u, s))
    return Plan(name="complete, all from an unknown address that names the unit", unit=u, first=first)


def _stranger_later(u: Unit, s: int) -> Plan:
    *first, form = _package(u, s)
    return Plan(
        name="table from an unknown address", unit=u, first=tuple(first), later=(replace(form, stranger=True),)
    )


def _mended(name: str, first: Callable[[Unit, int], tuple[Piece, ...]], later: Callable[[Unit, int], Piece]) -> Kind:
    return lambda u, s: Plan(name=f"mended later: {name}", unit=u, first=first(u, s), later=(later(u, s),))


def _open(
    name: str, first: Callable[[Unit, int], tuple[Piece, ...]], category: Category, expected: Expected
) -> Kind:
    return lambda u, s: Plan(name=f"open: {name}", unit=u, first=first(u, s), expected={category: expected})


def _damaged(u: Unit, s: int) -> tuple[Piece, ...]:
    def files() -> list[Attached]:
        whole = _shot(u, s, 1)
        return [whole._replace(data=whole.data[: len(whole.data) // 3])]

    return _package(u, s, _one_photo(u, s, files))


def _honest_png(u: Unit, s: int) -> tuple[Piece, ...]:
    def files() -> list[Attached]:
        return [m.photo(u, 10 * s + 1, name="活动照片1.png", format="PNG", width=1024, height=768)]

    return _package(u, s, _one_photo(u, s, files))


def _late(u: Unit, s: int) -> Plan:
    expected: dict[Category, Expected] = {
        category: Expected(late=True, may=frozenset({"late"})) for category in REQUIRED
    }
    return Plan(name="complete, all late", unit=u, first=_package(u, s), expected=expected, late="all")


def _late_supplement(u: Unit, s: int) -> Plan:
    *first, form = _package(u, s)
    return Plan(
        name="complete, table late",
        unit=u,
        first=tuple(first),
        later=(form,),
        expected={"stat_table": Expected(late=True, may=frozenset({"late"}))},
        late="later",
    )


def _nothing(u: Unit, s: int) -> Plan:
    return Plan(name="nothing came", unit=u, expected=dict.fromkeys(REQUIRED, MISSING))


Kind = Callable[[Unit, int], Plan]
REQUIRED: tuple[Category, ...] = ("summary", "case", "photo", "stat_table")
_KINDS: tuple[Kind, ...] = (
    _plain,
    _zip,
    _open("photo too small", lambda u, s: _package(u, s, _small_photo(u, s)), "photo", _problem("too-small")),
    _in_word,
    _mended("photo too small", lambda u, s: _package(u, s, _small_photo(u, s)), _good_photo),
    _in_names,
    _open("table missing", lambda u, s: _package(u, s)[:3], "stat_table", MISSING),
    _with_link,
    _mended("table missing", lambda u, s: _package(u, s)[:3], _form),
    _stranger,
    _open("PNG called jpg", lambda u, s: _package(u, s, _fake_photo(u, s)), "photo",
          _problem("fake-extension", "wrong-format")),
    _resent,
    _nothing,
    _in_text_file,
    _mended("words in a number cell", lambda u, s: _package(u, s, form=_form(u, s, "text")), _form),
    _open("no caption", lambda u, s: _package(u, s, _photos(u, s, "none")), "photo", _problem("caption-missing")),
    _zip_captions,
    _worse_later,
    _open("words in a number cell", lambda u, s: _package(u, s, form=_form(u, s, "text")), "stat_table",
          _problem("table-not-a-number", "table-total-wrong")),
    _mended("PNG called jpg", lambda u, s: _package(u, s, _fake_photo(u, s)), _good_photo),
    _late,
    _upright,
    _open("photo pasted into Word", lambda u, s: _package(u, s, _pasted_photo(u, s)), "photo",
          _problem("only-in-document", "missing", "too-few")),
    _with_film,
    _mended("photo pasted into Word", lambda u, s: _package(u, s, _pasted_photo(u, s)), _good_photo),
    _open("total wrong", lambda u, s: _package(u, s, form=_form(u, s, "total")), "stat_table",
          _problem("table-total-wrong")),
    _stranger_later,
    _open("caption too long", lambda u, s: _package(u, s, _photos(u, s, "long")), "photo",
          _problem("caption-too-long")),
    _late_supplement,
    _open("form altered", lambda u, s: _package(u, s, form=_form(u, s, "header")), "stat_table",
          _problem("table-altered")),
    _mended("no caption", lambda u, s: _package(u, s, _photos(u, s, "none")),
            lambda u, s: Piece(what="图片说明", words=m.captions_text([m.caption(u, s)]))),
    _open("form blank", lambda u, s: _package(u, s, form=_form(u, s, "blank")), "stat_table",
          _problem("table-empty")),
    _open("photo damaged", _damaged, "photo", _problem("unreadable")),
    _open("PNG", _honest_png, "photo", _problem("wrong-format")),
    _nothing,
)  # fmt: skip
