"""Laws that hold for every mail: nothing raises, no byte of a file changes, no letter of a header is lost."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from intake import readers
from intake.mail.charset import codec
from intake.mail.classify import Own, classify
from intake.mail.encoded import decode_header
from intake.mail.message import Message, Unparsed
from intake.mail.parse import parse
from intake.understand import understand
from tests.intake.mail.raw_mail import content, read
from tests.mailmaker import wire
from tests.mailmaker.__main__ import FOLDER

QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CORPUS = [path.read_bytes() for path in sorted(FOLDER.glob("*.eml"))]
PIECES = (
    b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\x00", b"\xff", b"--=_b", b"--=_b--\r\n", b"=?gb2312?B?", b"?=",
    b'"', b"(", b"<", b"@", b"; ", b"boundary=", b'Content-Type: multipart/mixed; boundary="=_b"\r\n',
    b"Content-Type: message/rfc822\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Disposition: attachment; filename*0*=", b"From: a@b.example\r\n", b"Subject: ", b"begin 644 a\r\n",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x78\x9f\x3e\x22", b"PK\x03\x04", b"\xd6\xd0", b"\xe4\xb8",
)  # fmt: skip


def holds(raw: bytes, folder: Path) -> None:
    """The mail is understood or refused with a reason; as a value it can be stored, classed and read again."""
    (folder / "raw.eml").write_bytes(raw)
    found = understand(folder / "raw.eml", folder / "spool")
    if isinstance(found, Unparsed):
        assert found.reason and not found.reason.startswith("解析出错"), found
        return
    again = msgspec.json.decode(msgspec.json.encode(found), type=Message)
    assert again == found
    assert classify(found, Own()).why
    for words in (found.subject, found.text, found.author.name, *(file.path for file in found.attachments)):
        words.encode()
    assert "\n" not in found.subject and len({file.path for file in found.attachments}) == len(found.attachments)
    for file in found.attachments:
        assert file.name and (folder / "spool" / file.spool).stat().st_size == file.size


@given(st.binary(max_size=2000))
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
@QUIET
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    """Law: whatever bytes arrive as a mail, parse, classify and read do not raise."""
    holds(data, tmp_path)


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=12)), max_size=40))
@QUIET
def test_any_pile_of_what_mails_are_made_of(tmp_path: Path, pieces: list[bytes]) -> None:
    """Law: the same for headers, boundaries and signatures in any order."""
    holds(b"".join(pieces), tmp_path)


@given(st.integers(0, 2**32))
@QUIET
def test_any_damage_to_a_mail_of_the_corpus(tmp_path: Path, seed: int) -> None:
    """Law: bytes flipped, pieces put in, cut out or repeated, mails cut short: a well-formed message or a refusal."""
    dice = random.Random(seed)
    raw = bytearray(dice.choice(CORPUS))
    for _ in range(dice.randint(1, 10)):
        place = dice.randrange(len(raw) + 1)
        match dice.randrange(5):
            case 0:
                raw[place : place + 1] = bytes([dice.randrange(256)])
            case 1:
                raw[place:place] = dice.choice(PIECES)
            case 2:
                del raw[place : place + dice.randint(1, 300)]
            case 3:
                raw[place:place] = raw[place : place + dice.randint(1, 300)]
            case _:
                del raw[max(1, len(raw) - dice.randint(1, 400)) :]
    holds(bytes(raw), tmp_path)


@given(
    st.binary(max_size=400),
    st.sampled_from(["a.docx", "图1.jpg", "x.zip", "y.pdf", "z.xlsx", "w.txt", "v.mp4", "u.doc"]),
)
@QUIET
def test_any_bytes_as_a_file(tmp_path: Path, data: bytes, name: str) -> None:
    """Law: whatever bytes lie under whatever name, reading gives facts and does not raise."""
    (tmp_path / "file").write_bytes(data)
    kind, reading = readers.read(tmp_path / "file", name, tmp_path, room=10_000, places=3)
    assert isinstance(kind, str) and reading.facts is not None


SHOWN = st.characters(
    exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp"), exclude_characters="\\/\"%?='~"
)
names = st.text(SHOWN, min_size=1, max_size=40).map(lambda stem: f"{stem}.docx")


@given(
    st.one_of(st.binary(max_size=3000), st.binary(min_size=1, max_size=40).map(lambda seed: seed * 3000)),
    st.sampled_from(["base64", "quoted-printable", "binary"]),
    st.sampled_from([4, 60, 76, 1000]),
    names,
)
@QUIET
def test_no_byte_of_a_file_changes(tmp_path: Path, data: bytes, encoding: str, width: int, name: str) -> None:
    """Law: a file comes back byte for byte, whatever its transfer encoding, line length and name."""
    if encoding == "binary" and b"\n--=_" in b"\n" + data:
        return  # such bytes would end the part
    payload = quoted(data) if encoding == "quoted-printable" else wire.coded(data, encoding, width)
    named = b"Content-Disposition: attachment; filename*=UTF-8''" + wire.percent(name.encode())
    coding = b"Content-Transfer-Encoding: " + encoding.encode()
    part = b"Content-Type: application/x\r\n" + named + b"\r\n" + coding + b"\r\n\r\n" + payload
    found = read(wire.head() + wire.multi("mixed", wire.text("正文"), part, boundary="=_law"), tmp_path)
    (leaf,) = found.leaves
    assert content(leaf, tmp_path) == data
    assert not leaf.damaged


def quoted(data: bytes) -> bytes:
    """Quoted-printable as binary data is sent: every line end is an escape, lines are cut at 72."""
    text = b"".join(bytes([b]) if 33 <= b <= 126 and b != 61 else b"=%02X" % b for b in data)
    out, position = b"", 0
    while position < len(text):
        end = position + 72
        end -= next((back for back in (1, 2) if text[end - back : end - back + 1] == b"=" and end < len(text)), 0)
        out += text[position:end] + (b"=\r\n" if end < len(text) else b"")
        position = end
    return out


HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
ALPHABETS = {
    "utf-8 utf8 UTF-16 utf-7 gb18030 GBK gb2312 x-gbk cp936 euc-cn gb_2312-80 GB2312_CHARSET big5 hz-gb-2312": HAN,
    "iso-2022-jp euc-jp shift_jis": st.characters(min_codepoint=0x3041, max_codepoint=0x3093),
    "euc-kr ks_c_5601-1987 cp949": st.characters(min_codepoint=0xAC00, max_codepoint=0xB000),
    "koi8-r windows-1251 iso-8859-5": st.characters(min_codepoint=0x430, max_codepoint=0x44F),
}
labelled = st.one_of(
    *(
        st.tuples(st.sampled_from(labels.split()), st.text(alphabet, min_size=1, max_size=30))
        for labels, alphabet in ALPHABETS.items()
    )
)


@given(labelled, st.integers(1, 60), st.sampled_from("BQ"), st.sampled_from([b"\r\n ", b" ", b"\r\n\t", b""]))
@settings(deadline=None)
def test_a_header_comes_back(word: tuple[str, str], size: int, form: str, gap: bytes) -> None:
    """Law: text that a known charset can encode comes back from encoded words, wherever they are cut."""
    label, text = word
    name = codec(label)
    assert name is not None
    try:
        data = text.encode("gb2312" if label == "gb2312" else name)
    except UnicodeEncodeError:
        return
    assert decode_header(wire.word(data, label, size, form, gap)) == text


def test_the_laws_have_a_corpus() -> None:
    """The mutations start from real mails, and their parser is the one that is used."""
    assert len(CORPUS) >= 150
    assert parse.__module__ == "intake.mail.parse"
