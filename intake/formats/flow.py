"""Words and pictures of a document in the order in which its reader meets them: who stands beside whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

BESIDE = 1000
"""Characters of the words beside a picture that are kept."""

T = TypeVar("T")


class Flow(Generic[T]):
    """Filled from top to bottom; `T` is whatever tells one picture from another.

    >>> flow = Flow[str]()
    >>> flow.say("现场"); flow.show("image1"); flow.say("图1 宣传活动"); list(flow.pictures())
    [('image1', '现场', '图1 宣传活动')]
    """

    def __init__(self) -> None:
        self._flow: list[tuple[str, None] | tuple[None, T]] = []
        self.shown = 0
        """Pictures so far."""

    def say(self, words: str) -> None:
        """Words; blank ones do not count."""
        if words.strip():
            self._flow.append((words.strip()[:BESIDE], None))

    def show(self, picture: T) -> None:
        """A picture."""
        self.shown += 1
        self._flow.append((None, picture))

    def pictures(self) -> Iterator[tuple[T, str, str]]:
        """Every picture in order, with the last words before it and the first words after it."""
        before = ""
        waiting: list[tuple[T, str]] = []
        for words, picture in self._flow:
            if words is None:
                waiting.append((picture, before))  # type: ignore[arg-type]  # where there are no words is a picture
                continue
            yield from ((shown, above, words) for shown, above in waiting)
            waiting, before = [], words
        yield from ((shown, above, "") for shown, above in waiting)
