"""How words and files are put together: alternatives, pictures in the text, mails within mails, packages, leftovers."""

from __future__ import annotations

from collections.abc import Iterator

from tests.intake.mail import msg_file
from tests.intake.mail.test_tnef import LONG, file, winmail
from tests.mailmaker import wire
from tests.mailmaker.case import Case, Put

TEXT = "图片1.jpg：启动仪式现场，各企业代表参加。\n图片2.jpg：质量知识进校园活动现场。"
PHOTO, SECOND = wire.content("one.jpg", 21_000), wire.content("two.jpg", 21_500)
DOC, TABLE = wire.content("structure.docx", 600), wire.content("structure.xlsx", 500)
ROWS = "".join(f"<p>{line}</p>" for line in TEXT.split("\n"))
EMAIL_HEAD = wire.head(id="inner", subject=wire.word("里面的主题".encode(), "utf-8"), sender=b"inner@qinghe.example")


def _mail(key: str, inner: bytes, *files: Put, text: str = TEXT, quoted: tuple[str, ...] = (), **more: str) -> Case:
    defects = tuple(more.values())
    raw = wire.head(id=f"structure-{key}") + inner
    return Case(name=f"structure-{key}", raw=raw, text=text, files=files, quoted=quoted, defects=defects)


def _picture(data: bytes, name: bytes = b"", cid: bytes = b"", way: bytes = b"", kind: bytes = b"image/jpeg") -> bytes:
    lines = [b"Content-Type: " + kind + (b'; name="' + name + b'"' if name else b"")]
    lines += [b"Content-ID: <" + cid + b">"] if cid else []
    lines += [b"Content-Disposition: " + way + (b'; filename="' + name + b'"' if name else b"")] if way else []
    return wire.part(lines, data)


def _page(html: str) -> bytes:
    return wire.text(html, kind="html")


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _words()
    yield from _pictures()
    yield from _enclosed()
    yield from _packages()
    yield from _others()


def _words() -> Iterator[Case]:
    both = wire.multi("alternative", wire.text(TEXT), _page(f"<html>{ROWS}</html>"), boundary="=_alt")
    yield _mail("alternative", both)
    stub = wire.text("您的邮件客户端不支持HTML格式，请使用网页查看。")
    yield _mail("captions-in-html-only", wire.multi("alternative", stub, _page(ROWS), boundary="=_alt"))
    empty = wire.multi("alternative", wire.text(" \n"), _page(ROWS), boundary="=_alt")
    yield _mail("plain-empty", empty)
    cells = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in (line.split("：") for line in TEXT.split("\n")))
    table = wire.multi(
        "alternative", wire.text("说明如下："), _page(f"说明如下：<table>{cells}</table>"), boundary="=_alt"
    )
    yield _mail("captions-in-a-table", table, text="说明如下：\n" + TEXT.replace("：", "\t"))
    history = f"{TEXT}\n\n-- \n刘芳\n\n-----原始邮件-----\n发件人: 质量办\n请报送材料"
    yield _mail("signature-and-history", wire.text(history), quoted=("请报送材料",))


def _pictures() -> Iterator[Case]:
    logo, pixel = wire.content("logo.png", 3000), wire.content("pixel.gif", 60)
    shown = _page(f'{ROWS}<img src="cid:one@x"><img src="cid:two@x"><img src="cid:logo@x">')
    unnamed = _picture(PHOTO, cid=b"one@x"), _picture(SECOND, cid=b"two@x")
    signed = _picture(logo, b"logo.png", b"logo@x", b"inline", b"image/png")
    tracked = _picture(pixel, kind=b"image/gif")
    related = wire.multi("related", shown, *unnamed, signed, tracked, boundary="=_rel")
    yield _mail("inline-unnamed", related, Put("图片1.jpg", PHOTO), Put("图片2.jpg", SECOND))
    named = _picture(PHOTO, b"1.jpg", b"one@x", b"inline"), _picture(SECOND, "启动仪式.jpg".encode("gbk"), b"two@x")
    related = wire.multi("related", shown, *named, boundary="=_rel")
    yield _mail("inline-named", related, Put("1.jpg", PHOTO), Put("启动仪式.jpg", SECOND))
    small = wire.content("small.jpg", 900)
    related = wire.multi("related", shown, _picture(small, "现场照片.jpg".encode(), b"one@x"), boundary="=_rel")
    yield _mail("inline-small-named-by-a-person", related, Put("现场照片.jpg", small))
    lines = TEXT.split("\n")
    apple = wire.multi(
        "mixed", wire.text(lines[0]), _picture(PHOTO, b"IMG_0001.JPG", b"", b"inline"), wire.text(lines[1]),
        _picture(SECOND, b"IMG_0002.JPG", b"", b"inline"), wire.text("发自我的 iPhone"), boundary="Apple-Mail-1",
    )  # fmt: skip
    yield _mail(
        "apple-interleaved", apple, Put("IMG_0001.JPG", PHOTO), Put("IMG_0002.JPG", SECOND), text="\n\n".join(lines)
    )
    within = wire.multi("mixed", _page(ROWS), _picture(PHOTO, b"IMG_0001.JPG", b"", b"inline"), boundary="Apple-2")
    yield _mail(
        "apple-photos-in-the-alternative",
        wire.multi("alternative", wire.text(TEXT), within, boundary="Apple-1"),
        Put("IMG_0001.JPG", PHOTO),
    )
    unnamed_files = wire.multi(
        "mixed", wire.text(TEXT), _picture(PHOTO), wire.part([b"Content-Type: application/pdf"], b"%PDF-1.4" + DOC),
        wire.part([b"Content-Type: application/octet-stream"], b"Rar!" + DOC), _picture(SECOND), boundary="=_b",
    )  # fmt: skip
    yield _mail(
        "nothing-named", unnamed_files, Put("图片1.jpg", PHOTO), Put("附件1.pdf", b"%PDF-1.4" + DOC),
        Put("附件2.rar", b"Rar!" + DOC), Put("图片2.jpg", SECOND),
    )  # fmt: skip


def _inner(name: str = "案例.docx") -> bytes:
    file_ = wire.attached(b'filename="' + wire.word(name.encode("gbk"), "gb2312", 900) + b'"', DOC)
    return EMAIL_HEAD + wire.multi("mixed", wire.text("里面的话"), file_, boundary="=_in")


def _enclosed() -> Iterator[Case]:
    outer = wire.attached(b"filename=outer.xlsx", TABLE)
    said = ("里面的主题", "里面的话")
    for encoding in ("", "base64", "quoted-printable"):
        message = wire.part([b"Content-Type: message/rfc822"], _inner(), encoding)
        inner = wire.multi("mixed", wire.text(TEXT), message, outer, boundary="=_b")
        puts = Put("案例.docx", DOC, "转发邮件.eml/案例.docx"), Put("outer.xlsx", TABLE)
        yield _mail(f"forwarded-{encoding or 'plain'}", inner, *puts, quoted=said)
    for key, kind in (("octet-stream", "application/octet-stream"), ("eml-type", "application/eml")):
        message = wire.attached('filename="旧邮件.eml"'.encode("gbk"), b"\xef\xbb\xbf" + _inner(), kind)
        inner = wire.multi("mixed", wire.text(TEXT), message, boundary="=_b")
        yield _mail(f"forwarded-{key}", inner, Put("案例.docx", DOC, "旧邮件.eml/案例.docx"), quoted=said)
    middle = wire.head(id="middle") + wire.multi(
        "mixed", wire.text("中间的话"), wire.part([b"Content-Type: message/rfc822"], _inner(), ""), boundary="=_mid"
    )
    twice = wire.multi(
        "mixed", wire.text(TEXT), wire.part([b"Content-Type: message/rfc822"], middle, ""), boundary="=_b"
    )
    path = "转发邮件.eml/转发邮件.eml/案例.docx"
    yield _mail("forwarded-twice", twice, Put("案例.docx", DOC, path), quoted=("中间的话", *said))
    two = [wire.part([b"Content-Type: message/rfc822"], _inner(name), "") for name in ("甲.docx", "乙.docx")]
    yield _mail(
        "two-forwarded", wire.multi("mixed", wire.text(TEXT), *two, boundary="=_b"),
        Put("甲.docx", DOC, "转发邮件.eml/甲.docx"), Put("乙.docx", DOC, "转发邮件 (2).eml/乙.docx"), quoted=said,
    )  # fmt: skip


def _packages() -> Iterator[Case]:
    tnef = winmail(file("总结.doc".encode("gbk"), DOC), file(b"ZLYHD~1.DOC", TABLE, LONG))
    puts = (
        Put("总结.doc", DOC, "winmail.dat/总结.doc"),
        Put("质量月活动工作总结（长文件名）.docx", TABLE, "winmail.dat/质量月活动工作总结（长文件名）.docx"),
    )
    part = wire.part([b'Content-Type: application/ms-tnef; name="winmail.dat"'], tnef)
    yield _mail("winmail", wire.multi("mixed", wire.text(TEXT), part, boundary="=_b"), *puts)
    words = {0x0037: "里面的主题", 0x1000: "里面的话"}
    for codec in ("", "gbk"):
        data = msg_file.container(
            msg_file.message(words, msg_file.attached("案例.docx", DOC, codec=codec), codec=codec)
        )
        part = wire.attached(b'filename="' + wire.word("旧信.msg".encode(), "utf-8") + b'"', data)
        yield _mail(
            f"outlook-msg{'-gbk' if codec else ''}",
            wire.multi("mixed", wire.text(TEXT), part, boundary="=_b"),
            Put("案例.docx", DOC, "旧信.msg/案例.docx"),
            quoted=("里面的主题", "里面的话"),
        )
    uu = TEXT.replace("\n", "\r\n").encode("gbk") + b"\r\n" + wire.uuencoded("统计表.xls".encode("gbk"), TABLE)
    yield _mail(
        "uuencoded", wire.part([b"Content-Type: text/plain; charset=gbk"], uu, "8bit"), Put("统计表.xls", TABLE)
    )


def _others() -> Iterator[Case]:
    calendar = wire.part([b"Content-Type: text/calendar; charset=utf-8"], b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    attached = wire.part([b'Content-Type: text/calendar; name="a.ics"'], b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    doc = wire.attached(b"filename=a.docx", DOC)
    inner = wire.multi("mixed", wire.text(TEXT), attached, doc, boundary="=_b")
    ics = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    yield _mail("calendar-among-files", inner, Put("a.ics", ics), Put("a.docx", DOC))
    raw = wire.head(id="invitation", subject=b"meeting") + wire.multi(
        "alternative", wire.text("开会"), calendar, boundary="=_alt"
    )
    yield Case(name="structure-invitation", raw=raw, subject="meeting", text="开会", may_reply=False)
    body = wire.multi("mixed", wire.text(TEXT), doc, boundary="=_in")
    signature = wire.part([b'Content-Type: application/pkcs7-signature; name="smime.p7s"'], b"0\x82signature")
    signed = wire.multi("signed", body, signature, boundary="=_sig", extra=b'; protocol="application/pkcs7-signature"')
    yield _mail("signed", signed, Put("a.docx", DOC))
    sealed = wire.part([b'Content-Type: application/pkcs7-mime; name="smime.p7m"'], b"0\x82sealed")
    yield _mail(
        "sealed", sealed, Put("smime.p7m", b"0\x82sealed"), text="",
        told="signed or encrypted as a whole (S/MIME), not opened",
    )  # fmt: skip
    note = "说明：照片由本单位拍摄。".encode("gbk")
    txt = wire.attached('filename="说明.txt"'.encode("gbk"), note, "text/plain; charset=gb2312")
    inline = wire.part([b'Content-Type: text/plain; charset=gbk; name="2.txt"', b"Content-Disposition: inline"], note)
    inner = wire.multi("mixed", wire.text(TEXT), txt, inline, boundary="=_b")
    yield _mail("text-files", inner, Put("说明.txt", note), Put("2.txt", note))
    yield _mail("nothing-but-a-file", wire.attached(b"filename=a.docx", DOC), Put("a.docx", DOC), text="")
    plain = wire.attached(b"filename=0.docx", DOC)
    wide = wire.part([b'Content-Type: a/b; name="3.docx"'], DOC, "base64", 1000)
    narrow = wire.part([b'Content-Type: a/b; name="4.docx"'], DOC, "base64", 4)
    binary = wire.part([b'Content-Type: a/b; name="5.bin"'], b"\x00\r\n\r\n\xfe--x\r\n", "binary")
    inner = wire.multi("mixed", plain, wide, narrow, binary, boundary="=_b")
    yield _mail(
        "encodings-and-widths", inner, Put("0.docx", DOC), Put("3.docx", DOC), Put("4.docx", DOC),
        Put("5.bin", b"\x00\r\n\r\n\xfe--x\r\n"), text="",
    )  # fmt: skip
