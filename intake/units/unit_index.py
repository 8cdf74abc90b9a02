"""The roster ready for looking up: by registered address, by names in a text, by likeness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from intake.units.unit_names import Names
from rules.unit import Unit
from rules.words import fold

_SUGGESTIONS = 3


class Index:
    """The roster, ready for looking up. Built once; immutable; answers do not depend on the roster's size."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units: Mapping[str, Unit] = {unit.code: unit for unit in units}
        by_address: dict[str, list[str]] = {}
        for unit in units:
            for address in unit.addresses:
                codes = by_address.setdefault(address.strip().lower(), [])
                if unit.code not in codes:
                    codes.append(unit.code)
        self._by_address = {address: tuple(codes) for address, codes in by_address.items()}
        self.names = Names(units)
        self._full = [(unit.code, fold(unit.name)) for unit in units]

    @classmethod
    def of(cls, units: Sequence[Unit]) -> Index:
        """The index of a roster."""
        return cls(units)

    def at(self, address: str) -> tuple[str, ...]:
        """Codes of the units that registered this address."""
        return self._by_address.get(address.strip().lower(), ())

    def knows(self, address: str) -> bool:
        """True when a unit registered this address."""
        return address.strip().lower() in self._by_address

    def alike(self, words: Iterable[str]) -> tuple[str, ...]:
        """Units whose names resemble what was written: suggestions for a person, never an answer."""
        choices = [name for _, name in self._full]
        scores: dict[str, float] = {}
        for word in words:
            for _, score, at in process.extract(word, choices, scorer=fuzz.ratio, limit=_SUGGESTIONS, score_cutoff=60):
                code = self._full[at][0]
                scores[code] = max(scores.get(code, 0.0), score)
        return tuple(sorted(scores, key=lambda code: -scores[code])[:_SUGGESTIONS])
