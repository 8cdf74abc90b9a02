"""What stands in one cell of a roster: names, codes, phone numbers, addresses, as people and Excel leave them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from intake.written import is_address

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_INNER_SPACE = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_FULL_WIDTH = {
    wide: wide - 0xFEE0 for block in ("０９", "ＡＺ", "ａｚ") for wide in range(ord(block[0]), ord(block[1]) + 1)
}
_FULL_WIDTH[0x3000] = 0x20
_NAME_SEPARATOR = re.compile(r"[;；,，、/\n|]")
_ADDRESS_SEPARATOR = re.compile(r"[;；,，、/|\s]+")
_ANGLED = re.compile(r"<([^<>]*)>")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_PLAIN_ZERO = re.compile(r"([0-9]+)\.0+")


def tidy(cell: object) -> str:
    """A cell as one line of text: whole numbers without `.0`, full-width letters and digits made plain.

    Chinese punctuation stays, it belongs to names; spaces between Chinese characters (张　三) go.

    >>> tidy(3.0), tidy(" 张\u3000三 "), tidy("青岚区（本级）"), tidy("Ａ０１"), tidy(None)
    ('3', '张三', '青岚区（本级）', 'A01', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    text = _INVISIBLE.sub("", str(cell)).translate(_FULL_WIDTH)
    return _INNER_SPACE.sub("", " ".join(text.split()))


def code(cell: object) -> str:
    """The code of a unit, folded to plain characters.

    >>> code(1.0), code("００７"), code(" Q-12 "), code("12.0")
    ('1', '007', 'Q-12', '12')
    """
    text = unicodedata.normalize("NFKC", tidy(cell)).replace(" ", "")
    match = _PLAIN_ZERO.fullmatch(text)
    return match[1] if match else text


def names(cell: object) -> list[str]:
    """Several names in one cell.

    >>> names("青岚区市场监管局、青岚市监局；青岚局")
    ['青岚区市场监管局', '青岚市监局', '青岚局']
    """
    text = cell if isinstance(cell, str) else tidy(cell)
    return [word for part in _NAME_SEPARATOR.split(text) if (word := tidy(part))]


def phone(cell: object) -> tuple[str, bool]:
    """A phone number as text, and False when Excel has destroyed it (1.38E+10).

    >>> phone(13800002001.0), phone("０８７１－５５５０１００１"), phone("1.38E+10")
    (('13800002001', True), ('0871-55501001', True), ('1.38E+10', False))
    """
    text = unicodedata.normalize("NFKC", tidy(cell))
    match = _PLAIN_ZERO.fullmatch(text)
    text = match[1] if match else text
    return text, _SCIENTIFIC.fullmatch(text) is None


def addresses(cell: object) -> tuple[list[str], list[str]]:
    """The mail addresses of a cell, lower case, and the words in it that are none.

    >>> addresses("Zhang@QingLan.example；li＠qinglan.example 王<wang@qinglan.example>、无")
    (['zhang@qinglan.example', 'li@qinglan.example', 'wang@qinglan.example'], [])
    >>> addresses("zhang@qinglan、mailto:li@qinglan.example")
    (['li@qinglan.example'], ['zhang@qinglan'])
    """
    text = cell if isinstance(cell, str) else tidy(cell)
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).replace("。", ".")
    good, bad = [], []
    angled = _ANGLED.findall(text)
    # around an address in brackets stands the name of its owner
    words = [*_ADDRESS_SEPARATOR.split(_ANGLED.sub(" ", text)), *angled]
    for word in words:
        word = word.strip(".:()[]\"'").removeprefix("mailto:").lower()
        if is_address(word):
            good.append(word)
        elif "@" in word or (word and not angled and word not in ("无", "-", "--", "暂无", "没有")):
            bad.append(word)
    return good, bad
