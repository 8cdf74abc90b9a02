"""Photos in question are shown in the letter: small, sent along, bounded; the words are the same without them."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from benchmarks import sample_letters as sample
from intake.demo import materials as m
from intake.letterview import pictured
from intake.mail.compose import compose_reply
from intake.mail.letter import Letter
from intake.mail.thumbnails import BYTES, MOST
from rules.finding import Finding
from rules.verdict import Verdict
from tests.desk import Desk, captioned, everything
from tests.intake.mail.test_compose import dense, parsed, seen


def jpeg(seed: int, padding: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (240, 180), (seed % 256, 90, 60)).save(out, "JPEG", comment=b"x" * padding)
    return out.getvalue()


def photos(number: int, padding: int = 0) -> tuple[Verdict, dict[str, bytes]]:
    """A verdict on so many photos, all too small, and their thumbnails by digest."""
    pictures = {hashlib.sha256(data).hexdigest(): data for data in (jpeg(n, padding) for n in range(number))}
    files = [
        msgspec.structs.replace(sample.piece(f"图{n}.jpg", 9_000), thumbnail=digest, key=f"k{n}")
        for n, digest in enumerate(pictures)
    ]
    found = tuple(
        Finding(code="too-small", outcome="fail", says=f"“{file.name}”太小。", fix="请发原图。", about=file.key)
        for file in files
    )
    return sample.verdict(sample.SUMMARY, sample.standing("photos", "problem", *files, findings=found)), pictures


def letter(verdict: Verdict, pictures: dict[str, bytes]) -> Letter:
    return compose_reply(
        key="k",
        office=sample.OFFICE,
        notice=sample.NOTICE,
        unit=sample.UNIT,
        to=sample.UNIT.addresses[0],
        verdict=verdict,
        answered=(sample.mail(),),
        now=sample.NOW,
        tz=sample.TZ,
        loop_token="sample",  # not a password: the name of an instance
        pictures=pictures,
    )


def shown(message: EmailMessage) -> list[str]:
    """The Content-IDs that the HTML names, each of them sent along, and nothing else."""
    (_, related) = message.iter_parts()
    assert isinstance(related, EmailMessage)
    assert related.get_content_type() == "multipart/related"
    markup, *pictures = related.iter_parts()
    sent = {str(one["Content-ID"]): one for one in pictures}
    named = re.findall(r'<img src="cid:([^"]+)"', str(markup.get_content()))
    assert {f"<{cid}>" for cid in named} == set(sent)
    assert all(one.get_content_type() == "image/jpeg" for one in sent.values())
    return named


def test_they_travel_with_the_html_and_the_words_stay_the_same() -> None:
    verdict, pictures = photos(2)
    made = letter(verdict, pictures)
    assert pictured(verdict) == tuple(pictures)
    assert len(shown(parsed(made))) == 2
    text, markup = sample.parts(made)
    assert dense(seen(markup)) == dense(text)
    assert made == letter(verdict, pictures)
    assert text == sample.parts(letter(verdict, {}))[0]


@pytest.mark.parametrize(("number", "padding"), [(20, 0), (6, 40_000), (3, 65_000)])
def test_a_letter_stays_light(number: int, padding: int) -> None:
    verdict, pictures = photos(number, padding)
    made = letter(verdict, pictures)
    assert 1 <= len(shown(parsed(made))) <= MOST
    assert len(made.raw) < 150 * 1024
    assert BYTES * 4 / 3 < 100 * 1024


def test_what_is_no_jpeg_is_left_out() -> None:
    verdict, pictures = photos(1)
    made = letter(verdict, dict.fromkeys(pictures, b"<svg onload=alert(1)>"))
    assert b"multipart/related" not in made.raw
    assert "<img" not in sample.parts(made)[1]


def test_a_photo_without_fault_is_not_shown() -> None:
    verdict, pictures = photos(2)
    (digest, _) = pictures
    quiet = tuple(
        msgspec.structs.replace(one, findings=one.findings[:1]) if one.id == "photos" else one
        for one in verdict.standings
    )
    assert pictured(msgspec.structs.replace(verdict, standings=quiet)) == (digest,)


def test_a_real_photo_is_shown_and_a_broken_one_is_not(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        first, second = desk.units[:2]
        summary, case, _, table = everything(first)
        desk.mail(
            first, [summary, case, m.photo(first, 1, name="图1.jpg", width=800, height=600), table], captioned(first)
        )
        whole = m.photo(second, 1, name="图1.jpg")
        cut = whole._replace(data=whole.data[: len(whole.data) // 3])
        desk.mail(second, [cut], captioned(second))
        desk.cycle(wait=timedelta(minutes=10))
        by_unit = {str(one["To"]): one for one in desk.letters}
        assert len(shown(by_unit[first.addresses[0]])) == 1
        assert "multipart/related" not in by_unit[second.addresses[0]].as_string()
