"""Mails that something broke on the way: everything that can still be known is known, and the damage is told."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mailmaker import wire
from tests.mailmaker.case import Case, Put

TEXT = "请查收附件。"
DATA = wire.content("damage.docx", 900)
DOC = wire.attached(b"filename=a.docx", DATA)
SOUND = wire.multi("mixed", wire.text(TEXT), DOC, boundary="=_b")
WHOLE = Put("a.docx", DATA)


def _mail(
    key: str, raw: bytes, *files: Put, defects: tuple[str, ...] = (), subject: str = "", text: str = TEXT
) -> Case:
    return Case(name=f"damage-{key}", raw=raw, subject=subject, text=text, files=files, defects=defects)


def cases() -> Iterator[Case]:
    """Boundaries and line ends, then headers, then transfer encodings."""
    head = wire.head(id="damage")
    whole = head + SOUND
    no_mark = "start boundary not found", "no boundary in multipart"
    yield _mail("wrong-boundary", whole.replace(b'"=_b"', b'"=_other"'), WHOLE, defects=no_mark[:1])
    yield _mail("blank-in-boundary", whole.replace(b'"=_b"', b'" =_b"'), WHOLE, defects=no_mark[:1])
    yield _mail("no-boundary", whole.replace(b';\r\n\tboundary="=_b"', b""), WHOLE, defects=no_mark[1:])
    yield _mail("no-content-type", whole.replace(b'Content-Type: multipart/mixed;\r\n\tboundary="=_b"\r\n', b""), WHOLE)
    cut = whole.replace(b"--=_b--\r\n", b"")
    yield _mail("no-closing-boundary", cut, Put("a.docx", DATA, damaged=True), defects=("close boundary not found",))
    yield _mail("cut-in-the-file", cut[:-300], Put("a.docx", DATA, damaged=True, exact=False))
    yield _mail("lf-only", whole.replace(b"\r\n", b"\n"), WHOLE)
    yield _mail("cr-only", whole.replace(b"\r\n", b"\r"), WHOLE)
    yield _mail("cr-cr-lf", whole.replace(b"\r\n", b"\r\r\n"), WHOLE)
    yield _mail("bom", b"\xef\xbb\xbf" + whole, WHOLE)
    yield _mail("blank-lines-first", b"\r\n\r\n" + whole, WHOLE)
    yield _mail("from-line", b"From liufang@qinghe.example Mon Oct 10 09:12:33 2022\r\n" + whole, WHOLE)
    yield _mail("quoted-from-line", b">From liufang@qinghe.example Mon Oct 10 09:12:33 2022\r\n" + whole, WHOLE)
    yield _mail("blank-before-colon", whole.replace(b"To:", b"To :"), WHOLE)
    yield _mail("boundary-with-blanks", whole.replace(b"--=_b\r\n", b"--=_b \t\r\n"), WHOLE)
    yield _mail("epilogue", whole + b"\r\nThis mail was scanned.\r\n", WHOLE)
    yield from _headers()
    yield from _encodings(head)


def _headers() -> Iterator[Case]:
    two = wire.word("报送材料".encode(), "utf-8", 6, gap=b"\r\n")
    yield _mail("folded-without-blank", wire.head(id="fold", subject=two) + SOUND, WHOLE, subject="报送材料")
    name = wire.word("总结.docx".encode(), "utf-8", 6, gap=b"\r\n")
    part = wire.attached(b'filename="' + name + b'"', DATA)
    inner = wire.multi("mixed", wire.text(TEXT), part, boundary="=_b")
    yield _mail("name-folded-without-blank", wire.head(id="fold2") + inner, Put("总结.docx", DATA))
    head = wire.head(id="nul", subject=b"a\x00b \x1b[31m c")
    yield _mail("controls-in-subject", head + SOUND, WHOLE, subject="a b  [31m c")
    words = wire.word(b"a\r\nBcc: x@y.example", "utf-8", form="Q")
    yield _mail(
        "line-break-in-a-word", wire.head(id="crlf", subject=words) + SOUND, WHOLE, subject="a Bcc: x@y.example"
    )
    many = b"".join(b"X-Spam-%d: " % n + b"x" * 200 + b"\r\n" for n in range(1200))
    crowded = SOUND.replace(b"\r\n\r\n", b"\r\n" + many + b"\r\n", 1)
    yield _mail("too-many-headers", wire.head(id="many") + crowded, WHOLE, defects=("oversized headers cut",))
    two_from = wire.head(b"From: <other@qinghe.example>", id="two-from") + SOUND
    yield Case(name="damage-two-from", raw=two_from, text=TEXT, files=(WHOLE,), may_reply=False)
    liar = wire.head(id="liar", sender=b"boss@yunling.example <liufang@qinghe.example>") + SOUND
    yield Case(
        name="damage-address-as-name", raw=liar, from_name="boss@yunling.example", text=TEXT, files=(WHOLE,),
        may_reply=False,
    )  # fmt: skip
    yield Case(name="damage-no-headers", raw=TEXT.encode("gbk"), from_address="", text=TEXT, may_reply=False)


def _encodings(head: bytes) -> Iterator[Case]:
    typed = b'Content-Type: application/msword; name="a.docx"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    lines = wire.lines64(DATA)
    footer = "\r\n----------\r\n本邮件已通过安全网关检测。".encode("gbk")
    dirty = {
        "stray-footer": lines + footer,
        "foreign-bytes": lines[:200] + b"!\x00*" + lines[200:],
        "padding-missing-and-more": lines.rstrip(b"=\r\n") + b"\r\n!",
    }
    for key, payload in dirty.items():
        inner = wire.multi("mixed", wire.text(TEXT), typed + payload, boundary="=_b")
        yield _mail(f"base64-{key}", head + inner, Put("a.docx", DATA, damaged=True))
    pdf = wire.lines64(b"%PDF-1.4" + DATA)
    clean = {
        "without-its-header": (typed.replace(b"Content-Transfer-Encoding: base64\r\n", b""), pdf),
        "odd-header": (typed.replace(b": base64", b": BASE64;"), pdf),
        "indented": (typed, b"".join(b"  " + line + b"\r\n" for line in pdf.split())),
    }
    for key, (start, payload) in clean.items():
        inner = wire.multi("mixed", wire.text(TEXT), start + payload, boundary="=_b")
        yield _mail(f"base64-{key}", head + inner, Put("a.docx", b"%PDF-1.4" + DATA))
    unknown = wire.part([b'Content-Type: a/b; name="a.bin"', b"Content-Transfer-Encoding: x-nobody"], b"abc", "")
    inner = wire.multi("mixed", wire.text(TEXT), unknown, boundary="=_b")
    yield _mail("unknown-encoding", head + inner, Put("a.bin", b"abc"))
