"""Bodies that Outlook kept as compressed rich text only: in .msg files and in winmail.dat."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from intake.mail.lzfu import LARGEST, unpacked
from intake.mail.parse import Parsed, parse
from intake.mail.richtext import words_of
from tests.intake.mail import msg_file as msg
from tests.intake.mail.raw_mail import mixed, read
from tests.intake.mail.test_tnef import attribute, file, prop, props, tnef_part, winmail

HEAD = rb"{\rtf1\ansi\ansicpg936\fromhtml1 \deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fswiss Arial;}}"
LINK = "https://mail.163.com/large-attachment-download/index.html?p=a&file=b"
# compressed by another program, to hold the words that both ends know at the start
FOREIGN = bytes.fromhex(
    "49000000790000004c5a46756560786703000a00726370673933366700f401f702a927630c300ff065a30fe100e0"
    "27653502807d0aff7b01d00fd16200500ff00b310ac1610b132d0aa37d1480"
)


def stored(rtf: bytes) -> bytes:
    """Rich text in the envelope of compressed rich text, but as it is."""
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


def packed(rtf: bytes, dice: random.Random) -> bytes:
    """Compressed: each token a byte, or the longest of some earlier places, which may run into itself."""
    window = unpacked_start()
    out, tokens, flags = bytearray(), bytearray(), []
    text, at = window + rtf, len(window)
    while at <= len(text):
        if at == len(text):
            length, place = 2, at  # the end points at itself
        else:
            tries = [dice.randrange(max(0, at - 4000), at) for _ in range(40)]
            length, place = max((_run(text, place, at), place) for place in tries)
        if length >= 2:
            tokens += struct.pack(">H", (place % 4096) << 4 | length - 2)
            flags.append(1)
            at = at + length if at < len(text) else at + 1
        else:
            tokens.append(text[at])
            flags.append(0)
            at += 1
        if len(flags) == 8 or at > len(text):
            out.append(sum(flag << bit for bit, flag in enumerate(flags)))
            out += tokens
            tokens, flags = bytearray(), []
    return struct.pack("<II4sI", len(out) + 12, len(rtf), b"LZFu", 0) + bytes(out)


def unpacked_start() -> bytes:
    """The words that both ends know, asked of the code in four tokens at a time."""
    out = b""
    for place in range(0, 207, 17):
        token = struct.pack(">H", place << 4 | 15)
        out += unpacked(struct.pack("<II4sI", 0, 17, b"LZFu", 0) + b"\x01" + token)
    return out[:207]


def _run(text: bytes, place: int, at: int) -> int:
    length = 0
    while length < 17 and at + length < len(text) and text[place + length] == text[at + length]:
        length += 1
    return length


def gbk(text: str) -> bytes:
    return "".join(f"\\'{octet:02x}" for octet in text.encode("gbk")).encode()


def tag(markup: str) -> bytes:
    return rb"{\*\htmltag64 " + markup.encode() + b"}"


PAGE = (
    HEAD
    + tag("<html>")
    + tag("<p>")
    + rb"\htmlrtf {\f0 \htmlrtf0 "
    + gbk("质量月材料")
    + rb"{\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0 \u24066?\htmlrtf }\htmlrtf0"
    + tag(f'<a href="{LINK}">')
    + rb"\htmlrtf {\field{\*\fldinst HYPERLINK x}{\fldrslt\htmlrtf0 "
    + gbk("视频")
    + rb".mp4\htmlrtf }}\htmlrtf0 "
    + tag("</a></p>")
    + rb"\htmlrtf\par\htmlrtf0 "
    + tag("</html>")
    + b"}"
)


def test_another_programs_compression() -> None:
    plain = unpacked(FOREIGN)
    assert plain.startswith(rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil")
    assert plain.endswith(rb"\f0\fs20 \'b1\'cd\par aaaaaaaaaaaaaaaa\par }") and len(plain) == 121
    assert words_of(FOREIGN).plain == "蓖\naaaaaaaaaaaaaaaa"


@pytest.mark.parametrize("seed", range(8))
def test_what_was_compressed_comes_back(seed: int) -> None:
    """Law, beyond the window of 4096 bytes and with runs that overlap what they make."""
    dice = random.Random(seed)
    rtf = rb"{\rtf1 " + bytes(dice.choice(rb"ab\par") for _ in range(dice.randrange(9000))) + b"}"
    assert unpacked(packed(rtf, dice)) == rtf


def test_damage_never_raises() -> None:
    sound = packed(PAGE, random.Random(1))
    assert words_of(sound[:200]).html or words_of(sound[:400]).html
    for seed in range(200):
        dice = random.Random(seed)
        data = bytearray(sound)
        for _ in range(5):
            data[dice.randrange(16, len(data))] = dice.randrange(256)
        words_of(bytes(data[: dice.randrange(len(data))]))
    deep = stored(HEAD + b"{" * 5000)
    assert (words_of(deep).html, words_of(b"").plain, words_of(stored(b"no rich text")).plain) == ("", "", "")


def test_a_size_that_lies_is_no_limit() -> None:
    bomb = struct.pack("<II4sI", 0, 0xFFFFFFFF, b"LZFu", 0) + b"\0aaaaaaaa" * (LARGEST // 8 + 9)
    assert len(unpacked(bomb)) == LARGEST


def test_the_page_is_unwrapped() -> None:
    assert words_of(stored(PAGE)).html == (f'<html><p>质量月材料&lt;市<a href="{LINK}">视频.mp4</a></p></html>')


def test_half_a_character_that_is_a_letter() -> None:
    """Word escapes only the half of a character that is no letter."""
    assert words_of(stored(HEAD + tag("<p>") + rb"\f0 \'e9F\'d6\'ca")).html == "<p>镕质"
    assert words_of(stored(HEAD.replace(rb"\fromhtml1", b"") + rb"\f0 \'e9F\'d6\'ca}")).plain == "镕质"


def opened(data: bytes, folder: Path) -> Parsed:
    """A .msg file as a mail of its own."""
    (folder / "a.msg").write_bytes(data)
    found = parse(folder / "a.msg", folder / "spool")
    assert isinstance(found, Parsed)
    return found


def test_msg_without_another_body(tmp_path: Path) -> None:
    found = opened(msg.container(msg.message({0x0037: "材料", 0x1009: stored(PAGE)})), tmp_path)
    assert found.message.text == "质量月材料<市视频.mp4"
    assert [link.facts.url for link in found.message.links] == [LINK]


def test_msg_with_text_and_the_link_in_the_page_alone(tmp_path: Path) -> None:
    body: dict[int, str | bytes] = {0x1000: "质量月材料<市视频.mp4", 0x1009: packed(PAGE, random.Random(2))}
    found = opened(msg.container(msg.message(body)), tmp_path)
    assert found.message.text == "质量月材料<市视频.mp4"
    assert [link.facts.url for link in found.message.links] == [LINK]


def test_msg_of_plain_rich_text(tmp_path: Path) -> None:
    rtf = HEAD.replace(rb"\fromhtml1", b"") + rb"\f0 " + gbk("您好") + rb"\par " + gbk("请查收。") + rb"\par}"
    assert opened(msg.container(msg.message({0x1009: stored(rtf)})), tmp_path).message.text == "您好\n请查收。"


def test_winmail_without_another_body(tmp_path: Path) -> None:
    data = winmail(attribute(1, 0x9003, 6, props(prop(0x102, 0x1009, stored(PAGE)))), file(b"a.doc", b"x" * 9))
    found = read(mixed(tnef_part(data)), tmp_path)
    assert found.message.text == "质量月材料<市视频.mp4"
    assert [link.facts.url for link in found.message.links] == [LINK]
    assert [leaf.name for leaf in found.leaves] == ["a.doc"]
