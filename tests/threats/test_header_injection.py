"""Threat: words from outside add headers or recipients to our letters. Facts 3, 4 and 5."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from intake.demo.units import units
from tests.desk import Desk, letter
from tests.intake.mail.test_compose import HEADERS, HOSTILE


def mail(payload: str, sender: str) -> bytes:
    """A mail with the payload in every place that our answer might repeat, as raw as it can be sent."""
    raw = payload.encode("utf-8", "surrogatepass")
    word = b"=?utf-8?b?" + base64.b64encode(raw) + b"?="
    folded = re.sub(rb"[\r\n\0]+", b"\r\n ", raw)
    name = b"".join(b"%%%02X" % byte for byte in raw)
    return (
        b"From: " + word + b" <" + sender.encode() + b">\r\nTo: zlb@yunling.example\r\nSubject: " + word + b" \r\n "
        + folded + b"\r\nMessage-ID: " + folded[:500] + b"\r\nReferences: " + folded[:500] + b" <a@b.example>\r\n"
        + b"Reply-To: evil@x.example\r\nReturn-Path: <evil@x.example>\r\n"
        + b"Disposition-Notification-To: evil@x.example\r\n"
        + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="=_t"\r\n\r\n--=_t\r\n'
        + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes("现报送材料。".encode() + raw) + b"\r\n--=_t\r\nContent-Type: application/octet-stream\r\n"
        + b"Content-Disposition: attachment; filename*=UTF-8''" + name + b".docx\r\n\r\nx\r\n--=_t--\r\n"
    )  # fmt: skip


def test_40_payloads_add_neither_header_nor_recipient(tmp_path: Path) -> None:
    """One unit for each payload, in subject, names, text and thread; what the SMTP server got is looked at."""
    roster = units(len(HOSTILE))
    with Desk(tmp_path, roster=roster) as desk:
        for payload, unit in zip(HOSTILE, roster, strict=True):
            desk.server.deliver(mail(payload, unit.addresses[0]), desk.now)
        desk.now = desk.now.replace(hour=12)
        desk.cycle()
        rows = desk.mails().values()
        sent = list(desk.server.sent)
        by_address = {unit.addresses[0] for unit in roster}
    assert len(HOSTILE) >= 40
    assert {row["state"] for row in rows} == {"processed"}
    assert len(sent) >= len(HOSTILE) - 4  # what a robot's subject marks is not answered
    for one in sent:
        recipient, copy = one.rcpt_to  # the second is the office's own blind copy
        assert recipient in by_address and copy == desk.address
        head = one.raw.partition(b"\r\n\r\n")[0]
        names = [line.partition(b":")[0].decode().lower() for line in re.split(rb"\r\n(?![ \t])", head)]
        assert set(names) <= HEADERS | {"x-peer", "x-mailfrom", "x-rcptto"} and len(names) == len(set(names))
        assert str(letter(one.raw)["To"]) == recipient
