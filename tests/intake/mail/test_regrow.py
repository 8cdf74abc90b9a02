"""Mails whose parts a gateway or a careless program broke: read a second time, and nothing lost."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from intake.mail.parse import Parsed, parse
from tests.intake.mail.raw_mail import HEAD, attached, content, message, mixed, nested, page, part, read, text

BODY = random.Random(7).randbytes(40_000)
SOUND = mixed(text("请查收"), attached(b'filename="a.docx"', BODY))


def kept(raw: bytes, folder: Path) -> list[tuple[str, bytes]]:
    """Names and bytes of the files; the text must have been told apart from them."""
    found = read(raw, folder)
    assert found.message.text == "请查收"
    return [(leaf.name, content(leaf, folder)) for leaf in found.leaves]


@pytest.mark.parametrize(
    ("declared", "broken"),
    [
        (b'boundary="=_b"', b'boundary="=_another"'),
        (b'boundary="=_b"', b'boundary=" =_b"'),
        (b'; boundary="=_b"', b""),
        (b'; boundary="=_b"', b"; charset=gb2312"),
        (b'Content-Type: multipart/mixed; boundary="=_b"\r\n', b""),
    ],
)
def test_the_boundary_in_the_body_counts(declared: bytes, broken: bytes, tmp_path: Path) -> None:
    assert declared in SOUND
    assert kept(SOUND.replace(declared, broken, 1), tmp_path) == [("a.docx", BODY)]


def test_a_wrong_boundary_within(tmp_path: Path) -> None:
    inner = nested(text("请查收"), page("<p>请查收</p>"), kind="alternative", boundary="alt")
    raw = mixed(inner.replace(b'boundary="alt"', b'boundary="alter"'), attached(b'filename="a.docx"', BODY))
    assert kept(raw, tmp_path) == [("a.docx", BODY)]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\r\n"])
def test_line_ends_of_every_kind(end: bytes, tmp_path: Path) -> None:
    assert kept(SOUND.replace(b"\r\n", end), tmp_path) == [("a.docx", BODY)]


@pytest.mark.parametrize("first", [b"From zhang@example.com Wed Oct 12 17:58:03 2022", b">From - Wed Oct 12 2022"])
def test_the_line_of_an_mbox_is_no_header(first: bytes, tmp_path: Path) -> None:
    assert kept(first + b"\r\n" + SOUND, tmp_path) == [("a.docx", BODY)]


def test_a_header_folded_without_a_blank(tmp_path: Path) -> None:
    """The lines below it are headers all the same, in the mail and in a part."""
    head = HEAD.replace(b"Message-ID", b"Subject: =?utf-8?B?5oql6YCB?=\r\n=?utf-8?B?5p2Q5paZ?=\r\nMessage-ID")
    file = attached(b'filename="=?utf-8?B?5oC757uT?=\r\n=?utf-8?B?LmRvY3g=?="', BODY)
    raw = mixed(text("请查收"), file, head=head)
    assert kept(raw, tmp_path) == [("总结.docx", BODY)]
    found = message(raw, tmp_path)
    assert (found.subject, found.message_id) == ("报送材料", "<1@example.com>")


def test_words_that_look_like_a_boundary_stay_words(tmp_path: Path) -> None:
    words = "源码如下\n--abc\nContent-Type: text/plain\n\nx"
    assert message(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + words.encode(), tmp_path).text == words
    listed = HEAD + "\r\n事项\r\nDate: 十月\r\n".encode()
    assert message(listed, tmp_path).text == "事项\nDate: 十月"


def test_a_nest_of_broken_parts_ends_quickly(tmp_path: Path) -> None:
    raw = HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=x%d\r\n\r\n--y%d\r\nContent-Type: a/b\r\n\r\nz\r\n--y%d\r\n"
        % (n, n, n)
        for n in range(5000)
    )
    (tmp_path / "raw.eml").write_bytes(raw + b"\r\n" * 100_000)
    start = time.process_time()
    assert parse(tmp_path / "raw.eml", tmp_path / "spool")
    assert time.process_time() - start < 5


def test_signed_mails(tmp_path: Path) -> None:
    """The signature beside a mail is no file; a mail sealed as a whole is kept and told."""
    beside = mixed(
        nested(text("请查收"), attached(b'filename="a.docx"', BODY), kind="mixed", boundary="in"),
        attached(b'filename="smime.p7s"', b"signature"),
        kind="signed",
    )
    assert kept(beside, tmp_path) == [("a.docx", BODY)]
    sealed = part([b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"'], b"0\x82")
    found = read(HEAD + sealed, tmp_path)
    assert [leaf.name for leaf in found.leaves] == ["smime.p7m"]
    assert "signed or encrypted as a whole (S/MIME), not opened" in found.message.defects


def test_an_eml_saved_by_an_editor_is_opened(tmp_path: Path) -> None:
    saved = b"\xef\xbb\xbf" + mixed(text("内"), attached(b'filename="b.docx"', BODY), boundary="in")
    (leaf,) = read(mixed(text("请查收"), attached(b'filename="A.EML"', saved)), tmp_path).leaves
    assert (leaf.path, leaf.depth) == ("A.EML/b.docx", 1)
    assert isinstance(parse(tmp_path / "raw.eml", tmp_path / "spool"), Parsed)
