"""What each unit of the campaign sends, and how it then stands in the eyes of a careful person.

A plan says nothing of times and mails; `benchmarks.campaign` spreads it over letters. Files are made only
when asked for.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from benchmarks.expected import MISSING, OK, REQUIRED, Expected, Plan, problem
from benchmarks.pieces import (
    Piece,
    beside_photo,
    camera_photos,
    fake_photo,
    film_file,
    film_link,
    good_photo,
    many_photos,
    one_photo,
    package,
    pasted_photo,
    photos,
    plainly_named,
    shot,
    small_photo,
    table_form,
)
from intake.demo import materials as m
from intake.demo.clients import Attached
from rules.notice import Category
from rules.unit import Unit


def plans(units: tuple[Unit, ...], seed: int) -> Iterator[Plan]:
    """One plan for every unit; each kind occurs before any occurs much oftener than its share."""
    dice = random.Random(f"plans/{seed}")
    for number, unit in enumerate(units):
        yield _KINDS[number % len(_KINDS)](unit, dice.randrange(1, 9))


# -- kinds ----------------------------------------------------------------------------------------------


def _plain(u: Unit, s: int) -> Plan:
    return Plan(name="complete, captions in the body", unit=u, first=package(u, s))


def _zip(u: Unit, s: int) -> Plan:
    return Plan(name="complete, zip with GBK names", unit=u, first=package(u, s), wrapped="zip")


def _winmail(u: Unit, s: int) -> Plan:
    return Plan(name="complete, winmail.dat", unit=u, first=package(u, s, good_photo(u, s)), wrapped="winmail")


def _zip_captions(u: Unit, s: int) -> Plan:
    return replace(_in_word(u, s), name="complete, zip, captions in a Word file", wrapped="zip")


def _in_word(u: Unit, s: int) -> Plan:
    return Plan(name="complete, captions in a Word file", unit=u, first=package(u, s, photos(u, s, "docx")))


def _in_names(u: Unit, s: int) -> Plan:
    return Plan(name="complete, captions in file names", unit=u, first=package(u, s, photos(u, s, "names")))


def _in_text_file(u: Unit, s: int) -> Plan:
    return Plan(name="complete, captions in a text file", unit=u, first=package(u, s, photos(u, s, "txt")))


def _with_link(u: Unit, s: int) -> Plan:
    plan = Plan(name="complete, film by link", unit=u, first=(*package(u, s), film_link(u, s)))
    return replace(plan, expected={"video": Expected(may=frozenset({"by-link"}))})


def _with_film(u: Unit, s: int) -> Plan:
    return Plan(name="complete, film attached", unit=u, first=(*package(u, s), film_file(u, s)), expected={"video": OK})


def _upright(u: Unit, s: int) -> Plan:
    def files() -> list[Attached]:
        return [m.photo(u, 10 * s + 1, noise=32, exif_orientation=6)]

    return Plan(name="complete, portrait photo", unit=u, first=package(u, s, one_photo(u, s, files)))


def _resent(u: Unit, s: int) -> Plan:
    first = package(u, s)
    again = replace(first[3], what="活动情况统计表（重发）")
    return Plan(name="complete, table sent again unchanged", unit=u, first=first, later=(again, again))


def _worse_later(u: Unit, s: int) -> Plan:
    def shrunk() -> list[Attached]:
        return [m.recoded(shot(u, s, 1), width=640)]

    return Plan(
        name="complete, a smaller copy of the photo later",
        unit=u,
        first=package(u, s, good_photo(u, s)),
        later=(one_photo(u, s, shrunk),),
    )


def _stranger(u: Unit, s: int) -> Plan:
    first = tuple(replace(piece, stranger=True) for piece in package(u, s))
    return Plan(name="complete, all from an unknown address that names the unit", unit=u, first=first)


def _stranger_later(u: Unit, s: int) -> Plan:
    *first, form = package(u, s)
    return Plan(name="table from an unknown address", unit=u, first=tuple(first), later=(replace(form, stranger=True),))


def _mended(name: str, first: Callable[[Unit, int], tuple[Piece, ...]], later: Callable[[Unit, int], Piece]) -> Kind:
    return lambda u, s: Plan(name=f"mended later: {name}", unit=u, first=first(u, s), later=(later(u, s),))


def _open(name: str, first: Callable[[Unit, int], tuple[Piece, ...]], category: Category, expected: Expected) -> Kind:
    return lambda u, s: Plan(name=f"open: {name}", unit=u, first=first(u, s), expected={category: expected})


def _damaged(u: Unit, s: int) -> tuple[Piece, ...]:
    def files() -> list[Attached]:
        whole = shot(u, s, 1)
        return [whole._replace(data=whole.data[: len(whole.data) // 3])]

    return package(u, s, one_photo(u, s, files))


def _honest_png(u: Unit, s: int) -> tuple[Piece, ...]:
    def files() -> list[Attached]:
        return [m.recoded(shot(u, s, 1), width=1024, format="PNG", name="活动照片1.png")]

    return package(u, s, one_photo(u, s, files))


def _beside(u: Unit, s: int) -> Plan:
    return Plan(
        name="complete, caption below the same photo in a Word file", unit=u, first=package(u, s, beside_photo(u, s))
    )


def _in_zip_in_zip(u: Unit, s: int) -> Plan:
    return replace(_zip(u, s), name="complete, zip within zip", wrapped="zip in zip")


def _forwarded(u: Unit, s: int) -> Plan:
    return Plan(name="complete, a colleague's mail attached", unit=u, first=package(u, s), wrapped="forwarded")


def _says_nothing(u: Unit, s: int) -> Plan:
    """File names that tell nothing: what a file is stands in it."""
    *_, form = package(u, s)
    first = (*plainly_named(u, s), camera_photos(u, s), form)
    return Plan(name="complete, file names of a camera and of Word", unit=u, first=first)


def _two_addresses(u: Unit, s: int) -> Plan:
    return Plan(name="complete, from both registered addresses", unit=u, first=package(u, s), alternating=True)


def _late(u: Unit, s: int) -> Plan:
    expected: dict[Category, Expected] = {
        category: Expected(late=True, may=frozenset({"late"})) for category in REQUIRED
    }
    return Plan(name="complete, all late", unit=u, first=package(u, s), expected=expected, late="all")


def _late_supplement(u: Unit, s: int) -> Plan:
    *first, form = package(u, s)
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
_KINDS: tuple[Kind, ...] = (
    _plain,
    _zip,
    _open("photo too small", lambda u, s: package(u, s, small_photo(u, s)), "photo", problem("too-small")),
    _in_word,
    _mended("photo too small", lambda u, s: package(u, s, small_photo(u, s)), good_photo),
    _in_names,
    _open("table missing", lambda u, s: package(u, s)[:3], "stat_table", MISSING),
    _with_link,
    _mended("table missing", lambda u, s: package(u, s)[:3], table_form),
    _stranger,
    _open("PNG called jpg", lambda u, s: package(u, s, fake_photo(u, s)), "photo",
          problem("fake-extension", "wrong-format")),
    _resent,
    _nothing,
    _in_text_file,
    _mended("words in a number cell", lambda u, s: package(u, s, form=table_form(u, s, "text")), table_form),
    _open("no caption", lambda u, s: package(u, s, photos(u, s, "none")), "photo", problem("caption-missing")),
    _zip_captions,
    _winmail,
    _worse_later,
    _open("words in a number cell", lambda u, s: package(u, s, form=table_form(u, s, "text")), "stat_table",
          problem("table-not-a-number", "table-total-wrong")),
    _mended("PNG called jpg", lambda u, s: package(u, s, fake_photo(u, s)), good_photo),
    _late,
    _upright,
    _open("photo pasted into Word", lambda u, s: package(u, s, pasted_photo(u, s)), "photo",
          problem("only-in-document", "missing", "too-few")),
    _with_film,
    _mended("photo pasted into Word", lambda u, s: package(u, s, pasted_photo(u, s)), good_photo),
    _open("total wrong", lambda u, s: package(u, s, form=table_form(u, s, "total")), "stat_table",
          problem("table-total-wrong")),
    _stranger_later,
    _open("caption too long", lambda u, s: package(u, s, photos(u, s, "long")), "photo",
          problem("caption-too-long")),
    _late_supplement,
    _open("form altered", lambda u, s: package(u, s, form=table_form(u, s, "header")), "stat_table",
          problem("table-altered")),
    _mended("no caption", lambda u, s: package(u, s, photos(u, s, "none")),
            lambda u, s: Piece(what="图片说明", words=m.captions_text([m.caption(u, s)]))),
    _open("form blank", lambda u, s: package(u, s, form=table_form(u, s, "blank")), "stat_table",
          problem("table-empty")),
    _in_zip_in_zip,
    _open("four photos", lambda u, s: package(u, s, many_photos(u, s)), "photo", problem("too-many")),
    _forwarded,
    _says_nothing,
    _two_addresses,
    _beside,
    _open("photo damaged", _damaged, "photo", problem("unreadable")),
    _open("PNG", _honest_png, "photo", problem("wrong-format")),
    _nothing,
)  # fmt: skip
