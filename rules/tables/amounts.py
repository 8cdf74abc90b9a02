"""Amounts in figures and Chinese numerals, mixed as people mix them: 1.5万, 三千五, 1万2千, 壹佰."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")}
_DIGITS |= {sign: n for n, sign in enumerate("零壹贰叁肆伍陆柒捌玖")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_BIG = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}
_TOKEN = re.compile(rf"[+-]?\d+(?:\.\d+)?|[{''.join(_DIGITS)}]|[{''.join(_SMALL)}]|[{''.join(_BIG)}]")
_ABOUT = re.compile(r"(?<=.)[余多]")


def amount(text: str) -> Decimal | None:
    """The one amount that the text is, without white space; None when it is none, as 三五 or 几十.

    >>> amount("1.5万"), amount("三千五"), amount("1万2千"), amount("10余万"), amount("三五")
    (Decimal('15000.0'), Decimal('3500'), Decimal('12000'), Decimal('100000'), None)
    """
    text = _ABOUT.sub("", text)
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != text:
        return None
    reading = _Reading()
    for token in tokens:
        if not reading.take(token):
            return None
    return reading.end()


class _Reading:
    """Reads the tokens of one amount from left to right."""

    def __init__(self) -> None:
        self._total = self._section = Decimal(0)
        self._digit: Decimal | None = None
        self._last = 0
        """The unit (十, 万 …) read last."""
        self._small = 0
        self._zero = self._short = self._begun = False

    def take(self, token: str) -> bool:
        """Take one token; False when no amount goes on with it."""
        if token in _SMALL:
            good = self._take_small(_SMALL[token])
        elif token in _BIG:
            good = self._take_big(_BIG[token])
        else:
            good = self._take_digit(token)
        self._begun = True
        return good

    def _take_digit(self, token: str) -> bool:
        if self._digit is not None:
            return False
        if _DIGITS.get(token) == 0:
            self._zero = True
            return True
        chinese = token in _DIGITS
        self._digit = Decimal(_DIGITS[token] if chinese else token)
        self._short = chinese or (len(token) == 1)
        return not (self._begun and token[0] in "+-")

    def _take_small(self, unit: int) -> bool:
        if self._digit is None:
            if self._begun and unit != 10:
                return False
            self._digit = Decimal(1)
        if self._small and unit >= self._small:
            return False
        self._section += self._digit * unit
        self._digit, self._last, self._small, self._zero = None, unit, unit, False
        return True

    def _take_big(self, unit: int) -> bool:
        value = self._section + (self._digit or 0)
        if not value:
            if self._begun:
                return False
            value = Decimal(1)
        self._total = (self._total + value) * unit if unit > self._last_big() else self._total + value * unit
        self._section, self._digit, self._small = Decimal(0), None, 0
        self._last, self._zero = unit, False
        return True

    def _last_big(self) -> int:
        return next((unit for unit in _BIG.values() if self._total and self._total >= unit), 0)

    def end(self) -> Decimal | None:
        """The amount; a single digit behind 百, 千, 万 counts tenths of it: 一百二 is 120."""
        rest = self._digit or Decimal(0)
        if self._digit is not None and self._last > 10 and not self._zero:
            if self._short:
                rest = self._digit * self._last / 10
            elif self._digit >= self._last:
                return None
        return self._total + self._section + rest
