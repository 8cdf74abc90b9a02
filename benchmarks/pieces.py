"""The pieces of which the campaign's letters are made: files, made only when asked for, and words for the body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from intake.demo import machines, samples
from intake.demo import materials as m
from intake.demo.clients import Attached
from intake.demo.forms import Fault, statistics
from rules.unit import Unit

Files = Callable[[], list[Attached]]


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


def summary(u: Unit, s: int) -> Piece:
    """The activity summary."""
    return Piece(what="活动总结", files=lambda: [m.summary(u, s)])


def case(u: Unit, s: int) -> Piece:
    """A typical case."""
    return Piece(what="典型案例", files=lambda: [m.case(u, s)])


def table_form(u: Unit, s: int, fault: Fault = "") -> Piece:
    """The statistics table, with a mistake when asked for."""
    return Piece(what="活动情况统计表", files=lambda: [statistics(u, s, fault=fault)])


def shot(u: Unit, s: int, number: int, name: str = "") -> Attached:
    """One photo of about 0.6 MB."""
    return m.photo(u, 10 * s + number, name=name, noise=32)


def photos(u: Unit, s: int, captions: Literal["body", "docx", "names", "txt", "none", "long"] = "body") -> Piece:
    """Two photos (one, when the captions are wrong), their captions in the given place."""
    texts = [m.caption(u, s), m.caption(u, s + 20)]
    match captions:
        case "body":
            return Piece(
                what="活动图片",
                files=lambda: [shot(u, s, 1), shot(u, s, 2)],
                words=m.captions_text(texts),
            )
        case "docx":
            lines = [f"照片{number}：{text}" for number, text in enumerate(texts, 1)]
            note = samples.docx
            return Piece(
                what="活动图片",
                files=lambda: [
                    shot(u, s, 1), shot(u, s, 2), Attached("图片说明.docx", note("图片说明", lines), m.DOCX),
                ],
            )  # fmt: skip
        case "txt":
            return Piece(
                what="活动图片",
                files=lambda: [
                    shot(u, s, 1), shot(u, s, 2),
                    Attached("图片说明.txt", m.captions_text(texts).encode("gbk"), m.TXT),
                ],
            )  # fmt: skip
        case "names":
            return Piece(what="活动图片", files=lambda: [shot(u, s, n, name=f"{texts[n - 1]}.jpg") for n in (1, 2)])
        case "none":
            return Piece(what="活动图片", files=lambda: [shot(u, s, 1)])
        case "long":
            return Piece(
                what="活动图片",
                files=lambda: [shot(u, s, 1)],
                words=m.captions_text([m.long_caption(u, s)]),
            )


def one_photo(u: Unit, s: int, files: Files) -> Piece:
    """One photo, however it was made, with a good caption in the body."""
    return Piece(what="活动图片", files=files, words=m.captions_text([m.caption(u, s)]))


def good_photo(u: Unit, s: int) -> Piece:
    """One photo with nothing wrong."""
    return one_photo(u, s, lambda: [shot(u, s, 1)])


def small_photo(u: Unit, s: int) -> Piece:
    """The same one, too small."""
    return one_photo(u, s, lambda: [m.recoded(shot(u, s, 1), width=800)])


def fake_photo(u: Unit, s: int) -> Piece:
    """The same one as a PNG that is called .jpg."""

    def files() -> list[Attached]:
        return [m.recoded(shot(u, s, 1), width=1024, format="PNG")._replace(type=m.JPEG)]

    return one_photo(u, s, files)


def pasted_photo(u: Unit, s: int) -> Piece:
    """The same one, only inside a Word file, its caption below."""

    def files() -> list[Attached]:
        document = samples.docx("活动图片", [], pictures=[(shot(u, s, 1).data, m.caption(u, s))])
        return [Attached("活动图片.docx", document, m.DOCX)]

    return Piece(what="活动图片", files=files)


def beside_photo(u: Unit, s: int) -> Piece:
    """The photo as a file, and again in a Word file with its caption below."""

    def files() -> list[Attached]:
        photo = shot(u, s, 1)
        document = samples.docx("活动图片及说明", [], pictures=[(photo.data, m.caption(u, s))])
        return [photo, Attached("活动图片及说明.docx", document, m.DOCX)]

    return Piece(what="活动图片", files=files)


def camera_photos(u: Unit, s: int) -> Piece:
    """Two photos named by a camera and by a chat program, with their captions in the same order."""

    def files() -> list[Attached]:
        return [shot(u, s, 1, name="IMG_20220916_093127.jpg"), shot(u, s, 2, name="微信图片_20220917101500.jpg")]

    return Piece(what="活动图片", files=files, words=m.captions_text([m.caption(u, s), m.caption(u, s + 20)]))


def many_photos(u: Unit, s: int) -> Piece:
    """Four good photos with captions, where two are the most."""
    captions = [m.caption(u, s + 20 * number) for number in range(4)]
    return Piece(
        what="活动图片",
        files=lambda: [shot(u, s, number) for number in range(1, 5)],
        words=m.captions_text(captions),
    )


def plainly_named(u: Unit, s: int) -> tuple[Piece, ...]:
    """Summary and case under the names Word gives new documents."""
    return (
        Piece(what="活动总结", files=lambda: [m.summary(u, s, name="新建 Microsoft Word 文档.docx")]),
        Piece(what="典型案例", files=lambda: [m.case(u, s, name="新建 Microsoft Word 文档 (2).docx")]),
    )


def film_link(u: Unit, s: int) -> Piece:
    """A film that stays with the provider."""
    key = f"{s}{u.code}ab37" * 5

    def html(text: str) -> str:
        make = machines.qq_big_attachment if s % 2 else machines.netease_big_attachment
        return make(text, name="质量月宣传片.mp4", size="128.03M", expires="2022年11月10日 09:00", key=key)

    return Piece(what="宣传视频", html=html)


def film_file(u: Unit, s: int) -> Piece:
    """A film of 0.7 MB."""
    film = samples.mp4
    return Piece(
        what="宣传视频",
        files=lambda: [
            Attached("质量月宣传片.mp4", film(90, 1280, 720, padding=700_000, seed=int(u.code)), "video/mp4")
        ],
    )


def package(u: Unit, s: int, shots: Piece | None = None, form: Piece | None = None) -> tuple[Piece, ...]:
    """Everything that is required, once."""
    return (summary(u, s), case(u, s), shots or photos(u, s), form or table_form(u, s))
