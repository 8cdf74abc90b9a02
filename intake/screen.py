"""Progress on stderr: bars where a person watches, silence where nobody does."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import (
    Progress as Bars,
)

from intake.cycle import Progress


class ScreenProgress(Progress):
    """Draws the stages of a cycle with rich."""

    def __init__(self) -> None:
        self._bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(file=sys.stderr),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._task = self._bars.add_task("准备", total=None)

    def __enter__(self) -> ScreenProgress:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def stage(self, name: str, total: int | None = None) -> None:
        """A new bar replaces the last one."""
        self._bars.reset(self._task, description=name, total=total)

    def step(self, done: int, total: int | None = None) -> None:
        """Move the bar."""
        if total is not None:
            self._bars.update(self._task, total=total)
        self._bars.update(self._task, completed=done)
