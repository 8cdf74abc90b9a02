"""What the measurements rest on: rosters of any size, a proxy that counts bodies, a table in the page."""

from __future__ import annotations

import socket
import threading

import pytest

from benchmarks.campaign import campaign
from benchmarks.crowd import crowd
from benchmarks.speed.goal import Found
from benchmarks.speed.large import huge_mail
from benchmarks.speed.report import BEGIN, END, PAGE, markdown
from benchmarks.speed.wire import Wire
from intake.demo.units import units


def test_a_crowd_has_no_two_of_a_name_or_address_and_begins_with_the_city() -> None:
    many = crowd(20_000)
    assert len(many) == len({unit.code for unit in many}) == len({unit.name for unit in many}) == 20_000
    addresses = [address for unit in many for address in unit.addresses]
    assert len(set(addresses)) == len(addresses)
    assert crowd(114) == units(114) == crowd(150)[:114]
    with pytest.raises(ValueError, match="at most"):
        crowd(30_000)


def test_the_more_units_the_larger_their_mails() -> None:
    made = campaign(40, 1, crowd(30))
    assert (len(made.mails), len(made.units)) == (40, 30)
    sizes = [len(mail.make()) for mail in made.mails[::4]]
    assert sum(sizes) / len(sizes) > 800_000


def test_the_huge_mail_is_about_as_large_as_asked() -> None:
    assert 900_000 < len(huge_mail(1_700_000)) <= 1_700_000


def test_the_wire_counts_bytes_and_bodies_also_when_an_answer_comes_in_pieces() -> None:
    said = [
        b"* 1 FETCH (BODY[]<0> {5}\r\nab",
        b"cde)\r\n* 2 FETCH (BO",
        b"DY[] {3}\r\nxyz BODY[HEADER.FIELDS (A)] {2}\r\nhi)\r\n",
    ]
    with socket.create_server(("127.0.0.1", 0)) as server, Wire(server.getsockname()[1]) as wire:
        answer = threading.Thread(target=_answer, args=(server, said))
        answer.start()
        with socket.create_connection(("127.0.0.1", wire.port)) as client:
            client.sendall(b"A1 FETCH 1:2 BODY[]\r\n")
            received = b""
            while data := client.recv(1000):
                received += data
        answer.join()
        assert received == b"".join(said)
        assert (wire.bodies, wire.body_bytes) == (2, 8)
        assert (wire.sent, wire.received) == (21, len(received))
        wire.forget()
        assert wire.total == 0


def _answer(server: socket.socket, pieces: list[bytes]) -> None:
    line, _ = server.accept()
    with line:
        line.recv(100)
        for piece in pieces:
            line.sendall(piece)


def test_the_table_has_a_line_for_each_figure_and_the_page_a_place_for_it() -> None:
    lines = markdown(
        [
            Found(goal="P1", what="a", limit="≤ 1", figure="2", rounds="1 · 2", met=False),
            Found(goal="P2", what="b", limit="", figure="3"),
        ]
    ).splitlines()
    assert lines[2:] == ["| P1 | a | ≤ 1 | 2 | 1 · 2 | **no** |", "| P2 | b |  | 3 |  |  |"]
    assert PAGE.read_text("utf-8").index(BEGIN) < PAGE.read_text("utf-8").index(END)
