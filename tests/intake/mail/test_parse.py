"""The whole mail: sender, thread, bodies, odd parts; limits that hold; and what no mail may do."""

from __future__ import annotations

import base64
import binascii
import os
import random
import time
import tracemalloc
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.mail.classify import Own, classify
from intake.mail.message import Message, Unparsed
from intake.mail.parse import Parsed, parse
from tests.intake.mail.raw_mail import HEAD, attached, content, message, mixed, nested, page, part, read, text


def with_from(line: bytes) -> bytes:
    """A small mail with another From."""
    return HEAD.replace(b"From: zhang@example.com", line) + b"\r\nx"


@pytest.mark.parametrize(
    ("line", "address", "doubtful"),
    [
        (b"From: zhang@example.com", "zhang@example.com", False),
        (b"From: Zhang <ZHANG@example.com>", "zhang@example.com", False),
        (b'From: "Li, Si" <li@example.com>', "li@example.com", False),
        ("From: 张三,办公室 <li@example.com>".encode(), "li@example.com", False),
        (b"From: li@example.com <li@example.com>", "li@example.com", False),
        (b"From: li@example.com (Li Si)", "li@example.com", False),
        (b"From: a@example.gov.cn <b@evil.example>", "b@evil.example", True),
        (b"From: a@example.com, b@example.com", "a@example.com", True),
        (b"From: a@example.com\r\nFrom: b@example.com", "a@example.com", True),
        (b"From: " + b"(" * 1000 + b"a@example.com", "", True),
        (b"From: nobody at all", "", True),
        (b"X-From: nothing", "", True),
    ],
)
def test_the_sender_and_whether_he_is_beyond_doubt(line: bytes, address: str, doubtful: bool, tmp_path: Path) -> None:
    found = message(with_from(line), tmp_path)
    assert (found.author.address, found.from_doubtful) == (address, doubtful)


def test_the_thread_and_the_headers(tmp_path: Path) -> None:
    long = b"<" + b"r" * 200 + b"@example.com>"
    head = HEAD + b"In-Reply-To: " + long + b"\r\nReferences: <a@x>\r\n <b@x> " + long + b"\r\n"
    head += b"Auto-Submitted: no\r\nList-Id: <l.example>\r\nX-Secret: 1\r\n"
    head += b"Reply-To: w@example.com\r\nCc: c@example.com\r\n"
    found = message(head + b"\r\nx", tmp_path)
    assert found.message_id == "<1@example.com>"
    assert found.in_reply_to == long.decode()
    assert found.references == ("<a@x>", "<b@x>", long.decode())
    assert found.header("auto-submitted") == ("no",) and found.header("list-id") == ("<l.example>",)
    assert not found.header("x-secret")
    assert [box.address for box in (*found.to, *found.cc, *found.reply_to)] == [
        "zlb@example.gov.cn",
        "c@example.com",
        "w@example.com",
    ]


def test_a_blank_before_the_colon_of_a_header(tmp_path: Path) -> None:
    """RFC 5322 section 4.5.3 has readers accept it; nothing below it may be lost."""
    raw = mixed(text("您好"), attached(b'filename="a.bin"', b"x")).replace(b"To:", b"To :", 1)
    found = read(raw, tmp_path)
    assert (found.message.to[0].address, found.message.text) == ("zlb@example.gov.cn", "您好")
    assert [leaf.name for leaf in found.leaves] == ["a.bin"]
    quoted = read(HEAD + b"\r\nNote : x\r\n", tmp_path)
    assert quoted.message.text == "Note : x"


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n", b"\xef\xbb\xbf\n\n"])
def test_what_editors_put_before_the_first_header(before: bytes, tmp_path: Path) -> None:
    """A mail saved by an editor keeps its headers, and its files their bytes."""
    body = random.Random(1).randbytes(100_000)
    found = read(before + mixed(text("您好"), attached(b'filename="a.bin"', body)), tmp_path)
    assert (found.message.message_id, found.message.text) == ("<1@example.com>", "您好")
    assert [content(leaf, tmp_path) for leaf in found.leaves] == [body]


def test_an_own_loop_header_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(HEAD + b"X-Our-Loop: 1\r\n\r\nx")
    found = parse(tmp_path / "a.eml", tmp_path / "spool", Own(loop_header="X-Our-Loop"))
    assert isinstance(found, Parsed) and found.message.header("x-our-loop") == ("1",)


def test_plain_text_is_preferred_and_an_empty_one_passed_over(tmp_path: Path) -> None:
    both = nested(text("纯文本"), page("<p>网页</p>"), kind="alternative", boundary="alt")
    empty = nested(
        text(" \r\n"), page("<style>p{}</style><p>网页</p><script>x</script>"), kind="alternative", boundary="alt"
    )
    assert message(mixed(both), tmp_path).text == "纯文本"
    assert message(mixed(empty), tmp_path).text == "网页"


def test_history_and_signature_are_cut_off(tmp_path: Path) -> None:
    body = "新的话\r\n-- \r\n张三 某某局\r\n\r\n------------------ 原始邮件 ------------------\r\n发件人: b\r\n旧的话"
    found = message(mixed(text(body)), tmp_path)
    assert (found.text, found.signature) == ("新的话", "张三 某某局")
    assert "旧的话" in found.quoted


def test_texts_between_files_are_joined(tmp_path: Path) -> None:
    raw = mixed(text("图一说明"), attached(b"filename=1.jpg", b"\xff\xd8\xff1"), text("图二说明"))
    assert message(raw, tmp_path).text == "图一说明\n\n图二说明"


def test_a_text_file_is_a_file(tmp_path: Path) -> None:
    parsed = read(
        mixed(text("正文"), attached('filename="说明.txt"'.encode(), "说明".encode("gbk"), b"text/plain")), tmp_path
    )
    assert parsed.message.text == "正文"
    assert content(parsed.leaves[0], tmp_path) == "说明".encode("gbk")


def test_signatures_of_programs_are_no_files(tmp_path: Path) -> None:
    raw = mixed(text("x"), part([b'Content-Type: application/pkcs7-signature; name="smime.p7s"'], b"sig"))
    assert read(raw, tmp_path).leaves == ()


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "~$活动总结.docx"])
def test_what_systems_leave_in_folders_is_no_file(name: str, tmp_path: Path) -> None:
    raw = mixed(text("x"), attached(b'filename="' + name.encode() + b'"', b"\x00" * 200))
    assert read(raw, tmp_path).leaves == ()


def test_a_mail_that_is_nothing_but_a_file(tmp_path: Path) -> None:
    raw = HEAD + part([b'Content-Type: application/pdf; name="a.pdf"'], b"%PDF-1.4")
    parsed = read(raw, tmp_path)
    assert [leaf.name for leaf in parsed.leaves] == ["a.pdf"] and parsed.message.text == ""


def test_uuencoded_text(tmp_path: Path) -> None:
    body = bytes(range(256)) * 9
    rows = b"".join(binascii.b2a_uu(body[start : start + 45]) for start in range(0, len(body), 45))
    words = "请收\r\nbegin 644 总结.doc\r\n".encode("gbk") + rows.replace(b"\n", b"\r\n") + b"`\r\nend\r\nbye\r\n"
    parsed = read(mixed(part([b"Content-Type: text/plain; charset=gbk"], words, "8bit")), tmp_path)
    assert parsed.leaves[0].name == "总结.doc" and not parsed.leaves[0].damaged
    assert content(parsed.leaves[0], tmp_path) == body
    assert parsed.message.text.split() == ["请收", "bye"]


def test_base64_without_its_header(tmp_path: Path) -> None:
    body = b"%PDF-1.4 " + bytes(range(256))
    raw = mixed(part([b'Content-Type: application/pdf; name="a.pdf"'], base64.encodebytes(body), ""))
    assert content(read(raw, tmp_path).leaves[0], tmp_path) == body


def bounce(status: bytes) -> bytes:
    """A delivery status report."""
    head = HEAD.replace(b"zhang@", b"mailer-daemon@") + b"Subject: Undelivered\r\nReturn-Path: <>\r\n"
    return mixed(
        text("could not"),
        part([b"Content-Type: message/delivery-status"], status, ""),
        part([b"Content-Type: message/rfc822"], HEAD + b"X-Shouqi-Loop: 1\r\n\r\nold", ""),
        head=head,
        kind="report; report-type=delivery-status",
    )


def test_the_recipients_of_a_bounce(tmp_path: Path) -> None:
    status = (
        b"Reporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; Li@Example.com\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\nDiagnostic-Code: smtp; 550\r\n user unknown\r\n\r\n"
        b"Final-Recipient: rfc822;<w@example.com>\r\nAction: delayed\r\n"
    )
    found = message(bounce(status), tmp_path)
    assert found.final_recipients == (("li@example.com", "5.1.1"), ("w@example.com", "4.0.0"))
    assert "multipart/report; report-type=delivery-status" in found.content_types
    assert not found.header("x-shouqi-loop")
    assert classify(found, Own()).klass == "bounce"


def test_a_flood_of_blank_lines_in_a_delivery_status_costs_nothing(tmp_path: Path) -> None:
    raw = bounce(b"\r\n" * 300_000 + b"Final-Recipient: rfc822; late@example.com\r\n")
    start = time.process_time()
    assert message(raw, tmp_path).final_recipients == ()
    assert time.process_time() - start < 5


HOSTILE = {
    "parts": mixed(*[b"\r\n"] * 100_000),
    "levels": b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)),
    "lines": HEAD + b"\r\n" + b" \n" * 1_200_000,
    "blank lines": HEAD + b"\r\n" + b"\n" * 3_000_000,
    "recipients": HEAD + b"To: " + b"a@example.com, " * 64_000 + b"\r\n\r\nx",
    "parameters": HEAD + b"Content-Type: text/plain" + b"; a=b" * 100_000 + b"\r\n\r\nx",
    "segments": mixed(
        b"Content-Disposition: attachment" + b"".join(b"; filename*%d*=x" % n for n in range(100_000)) + b"\r\n\r\nx"
    ),
    "words": HEAD + b"Subject: " + b"=?utf-8?B?YQ==?= " * 20_000 + b"\r\n\r\nx",
    "unended words": HEAD + b"Subject: " + b"=?u?b?" * 16_000 + b"\r\n\r\nx",
    "headers": HEAD + b"".join(b"X-%d: 1\r\n" % n for n in range(100_000)) + b"\r\nx",
    "boundary": HEAD + b"Content-Type: multipart/mixed; boundary=" + b"b" * 90_000 + b"\r\n\r\nx",
    "boundary lines": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(29)
    )
    + b"--28\r\n" * 100_000,
    "no boundary": HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + (b"--" + b" " * 490 + b"x\r\n") * 40_000,
    "lines of headers": HEAD + b"x\r\n" + b"Content-Type\r\n" * 300_000 + b"Content-Type: a/b\r\n\r\n",
    "comments": HEAD.replace(b"From: ", b"From: " + b"(" * 50_000) + b"\r\nx",
    "html": HEAD + b"Content-Type: text/html\r\n\r\n" + b'<a "' * 200_000,
    "html comments": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--<div>" * 200_000,
    "html depth": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div><p x=''>" * 100_000,
    "mails": b"Content-Type: message/rfc822\r\n\r\n" * 5000,
    "quoting": HEAD + b"\r\n" + b"On 1 <a@b> x\r\n" * 50_000,
    "quoted-printable": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 1_000_000,
    "uuencode": HEAD + b"\r\n" + b"begin 644 a\r\nMM\r\n" * 50_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_mails_end_quickly(kind: str, tmp_path: Path) -> None:
    (tmp_path / "raw.eml").write_bytes(HOSTILE[kind])
    start = time.process_time()
    found = parse(tmp_path / "raw.eml", tmp_path / "spool")
    assert time.process_time() - start < 8
    assert isinstance(found, Unparsed) == (kind in ("parts", "levels", "lines")), found
    if isinstance(found, Parsed):
        assert len(found.message.to) <= 200 and len(found.message.headers) <= 1000


def test_what_is_not_taken_apart_says_what_it_is(tmp_path: Path) -> None:
    raw = mixed(*[b"\r\nx"] * 600, head=HEAD + "Subject: 报送材料\r\n".encode())
    (tmp_path / "raw.eml").write_bytes(raw)
    found = parse(tmp_path / "raw.eml", tmp_path / "spool")
    assert isinstance(found, Unparsed)
    assert found.reason == "邮件分段超过500段，未拆开（主题「报送材料」，发件人 zhang@example.com）"


def test_an_empty_file_is_unparsed_and_a_missing_one_is_the_disk(tmp_path: Path) -> None:
    (tmp_path / "raw.eml").touch()
    assert parse(tmp_path / "raw.eml", tmp_path / "spool") == Unparsed(reason="邮件内容为空")
    with pytest.raises(OSError, match=r"none\.eml"):
        parse(tmp_path / "none.eml", tmp_path / "spool")


def test_large_attachments_do_not_cost_memory(tmp_path: Path) -> None:
    body = os.urandom(12_000_000)
    inner = mixed(attached(b"filename=b.bin", body), boundary="inner")
    raw = mixed(text("x"), attached(b"filename=a.bin", body), part([b"Content-Type: message/rfc822"], inner, ""))
    (tmp_path / "raw.eml").write_bytes(raw)
    del raw, inner
    tracemalloc.start()
    found = parse(tmp_path / "raw.eml", tmp_path / "spool")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(found, Parsed)
    assert all(content(leaf, tmp_path) == body for leaf in found.leaves) and len(found.leaves) == 2
    assert peak < 6_000_000


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_pure_base64_lines_come_back_under_every_encoding(end: bytes, encoding: str, tmp_path: Path) -> None:
    """The parser is not shown long runs of base64 lines; where they are the content itself they must return."""
    body = base64.encodebytes(bytes(30_000)).replace(b"\n", end)
    raw = mixed(part([b'Content-Type: application/x; name="a"'], body, encoding), attached(b"filename=b", body))
    parsed = read(raw, tmp_path)
    assert [content(leaf, tmp_path) for leaf in parsed.leaves] == [body, body]


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_the_line_end_before_a_boundary_is_not_content(end: bytes, tmp_path: Path) -> None:
    """The cut reaches right up to the boundary when that begins a block of the file."""
    body = base64.encodebytes(bytes(30_000)).strip().replace(b"=", b"A").replace(b"\n", end)

    def padded(size: int) -> bytes:
        head = b"X-Pad: " + b"x" * size + b"\r\n" + HEAD
        return mixed(part([b'Content-Type: application/x; name="a"'], body, "8bit"), head=head).replace(b"\r\n", end)

    raw = padded(-padded(0).index(b"--=_b--") % 4096)
    assert raw.index(b"--=_b--") % 4096 == 0
    assert content(read(raw, tmp_path).leaves[0], tmp_path) == body


def test_a_mail_that_holds_our_markers_is_not_led_astray(tmp_path: Path) -> None:
    body = bytes(60_000)

    def lying(size: int) -> bytes:
        words = f"!cut{size:06x}-0.4096.8192!\r\n".replace("cut0", "cut") * 2
        return mixed(part([b"Content-Type: text/plain"], words.encode(), ""), attached(b"filename=a", body))

    raw = lying(len(lying(0x10000)))
    assert f"!cut{len(raw):x}-0.".encode() in raw
    parsed = read(raw, tmp_path)
    assert content(parsed.leaves[0], tmp_path) == body
    assert parsed.message.text.startswith(f"!cut{len(raw):x}-0.4096.8192!")


@given(
    bodies=st.lists(st.binary(max_size=9000) | st.integers(0, 60_000).map(bytes), min_size=1, max_size=4),
    unix=st.booleans(),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_come_back_identical(bodies: list[bytes], unix: bool, tmp_path: Path) -> None:
    """Law: whatever the content and the line ends, decoded files equal what was sent."""
    parts = [attached(b"filename=f", body) for body in bodies]
    raw = mixed(text("x"), *parts)
    parsed = read(raw.replace(b"\r\n", b"\n") if unix else raw, tmp_path)
    assert [content(leaf, tmp_path) for leaf in parsed.leaves] == bodies
    assert not any(leaf.damaged for leaf in parsed.leaves)


@given(raw=st.binary(max_size=3000))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_understood_or_refused(raw: bytes, tmp_path: Path) -> None:
    """Law: nothing raises, and every outcome can be stored as JSON."""
    survives(raw, tmp_path)


def test_words_below_a_pasted_photo_go_with_it(tmp_path: Path) -> None:
    words = "九月六日，工作人员在广场讲解家电安全。"
    photo = part([b"Content-Type: image/jpeg; name=image001.jpg", b"Content-ID: <a@x>"], b"\xff\xd8" + b"x" * 90_000)
    raw = mixed(page(f"<p>您好</p><img src='cid:a@x'><p>{words}</p>"), photo, kind="related")
    assert [leaf.beside for leaf in read(raw, tmp_path).leaves] == [words]


SEED = mixed(
    nested(text("正文"), page("<p>正文<img src='cid:a@x'></p>"), kind="alternative", boundary="alt"),
    attached(b"filename*=UTF-8''%E6%80%BB.docx; x=\"y\"", bytes(range(256)) * 20),
    part(
        [b"Content-Type: message/rfc822"], mixed(text("里"), attached(b"filename=b.doc", b"x" * 99), boundary="i"), ""
    ),
    part([b"Content-Type: message/delivery-status"], b"Final-Recipient: rfc822; a@b.example\r\nStatus: 5.0.0\r\n", ""),
    head=HEAD + b"Subject: =?gb2312?B?uaTX99fcveE=?=\r\n",
)
TRICKS = [
    b"",
    b"\x00",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b"--=_b",
    b"--=_b--",
    b"=?utf-8?q?",
    b'"',
    b"\xff\xfe",
    b"(",
    b"boundary=",
    b"\xb9",
]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_mutation_is_understood_or_refused(seed: int, tmp_path: Path) -> None:
    """Law: a valid mail with random damage never raises."""
    dice = random.Random(seed)
    raw = bytearray(SEED)
    for _ in range(dice.randint(1, 12)):
        place = dice.randrange(len(raw))
        match dice.randrange(4):
            case 0:
                raw[place] = dice.randrange(256)
            case 1:
                raw[place:place] = dice.choice(TRICKS)
            case 2:
                del raw[place : place + dice.randint(1, 60)]
            case _:
                raw[place:place] = raw[place : place + dice.randint(1, 200)]
    survives(bytes(raw), tmp_path)


def survives(raw: bytes, folder: Path) -> None:
    """The mail is understood or refused, can be stored and classed, and its files are where the leaves say."""
    (folder / "raw.eml").write_bytes(raw)
    found = parse(folder / "raw.eml", folder / "spool")
    if isinstance(found, Unparsed):
        assert not found.reason.startswith("解析出错"), found
        return
    again = msgspec.json.decode(msgspec.json.encode(found.message), type=Message)
    assert again == found.message
    assert classify(found.message, Own()).why
    assert len({leaf.path for leaf in found.leaves}) == len(found.leaves)
    for leaf in found.leaves:
        assert (folder / "spool" / leaf.spool).stat().st_size == leaf.size
        assert leaf.name and "/" not in leaf.name
