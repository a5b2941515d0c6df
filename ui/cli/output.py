"""What the command line says: one JSON document or a readable text on stdout, everything else on stderr."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TextIO

import numpy as np
import pandas as pd
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from ui.plan import Report

PHASE_MARK = "·"
"""Begins each line that only says what is being done."""


UNBOUND = 1000
"""Letters to a line where nobody looks at a screen: nothing is cut off in a file or a pipe."""


def console(file: TextIO) -> Console:
    """Where text goes; as wide as the terminal, or as COLUMNS says."""
    bound = file.isatty() or "COLUMNS" in os.environ
    return Console(file=file) if bound else Console(file=file, width=UNBOUND)


@dataclass(frozen=True, slots=True)
class Fitting:
    """The first of several forms of a thing that is as narrow as the screen; the last one whatever it is.

    Parameters
    ----------
    forms
        From the widest to the narrowest.
    title
        Stands above it, as wide as the screen.
    """

    forms: Sequence[RenderableType]
    title: str | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Choose the form, as rich asks a renderable to."""
        if self.title is not None:
            yield Text(self.title, style="italic")
        whole = options.update(max_width=UNBOUND)
        fits = (
            form for form in self.forms if Measurement.get(console, whole, form).maximum <= options.max_width
        )
        yield next(fits, self.forms[-1])


@dataclass(slots=True)
class Output:
    """Where a command's words go.

    Parameters
    ----------
    as_json
        Print one JSON document on stdout instead of text.
    """

    as_json: bool
    stdout: Console = field(default_factory=lambda: console(sys.stdout))
    stderr: Console = field(default_factory=lambda: Console(stderr=True))

    def result(self, document: dict[str, Any], *text: RenderableType) -> None:
        """Print the result, as the one JSON document or as text."""
        self.document(document)
        if not self.as_json:
            for part in text:
                # Names are people's: square brackets in them are no markup.
                self.stdout.print(Text(part) if isinstance(part, str) else part)

    def document(self, document: dict[str, Any]) -> None:
        """Print the one JSON document where one is wanted."""
        if self.as_json:
            self.stdout.file.write(dumps(document) + "\n")

    def note(self, message: str) -> None:
        """Say something beside the result."""
        self.stderr.print(message, style="dim", highlight=False, markup=False, soft_wrap=True)

    def warn(self, message: str) -> None:
        """Say something that needs attention."""
        self.stderr.print(message, style="yellow", highlight=False, markup=False, soft_wrap=True)

    def error(self, message: str) -> None:
        """Say what went wrong and how to repair it."""
        self.stderr.print(message, style="bold red", highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def progress(self) -> Iterator[Report]:
        """Show what is being done on stderr while the block runs; yields the function to report with.

        A terminal sees bars that move, a log one line a phase.
        """
        if not self.stderr.is_terminal:
            yield _Lines(self)
            return
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), TimeElapsedColumn())
        with Progress(*columns, console=self.stderr) as bars:
            shown = _Bars(bars)
            yield shown
            shown.finish()


@dataclass(slots=True)
class _Lines:
    """One line for each phase."""

    output: Output
    phase: str | None = None

    def __call__(self, phase: str, _share: float | None) -> None:
        name = phase.split(":", 1)[0]
        if name != self.phase:
            self.phase = name
            self.output.note(f"{PHASE_MARK} {name}")


@dataclass(slots=True)
class _Bars:
    """One bar for each phase; the phase before is finished when the next begins."""

    bars: Progress
    phase: str | None = None
    task: TaskID | None = None

    def __call__(self, phase: str, share: float | None) -> None:
        name = phase.split(":", 1)[0]
        if name != self.phase:
            self.finish()
            self.phase, self.task = name, self.bars.add_task(phase, total=None)
        if self.task is not None:
            total, completed = (None, None) if share is None else (1.0, share)
            self.bars.update(self.task, description=phase, total=total, completed=completed)

    def finish(self) -> None:
        if self.task is not None:
            self.bars.update(self.task, total=1.0, completed=1.0)


def table(frame: pd.DataFrame, *, title: str | None = None, formats: dict[str, str] | None = None) -> Fitting:
    """Render a frame as a text table; `formats` gives a format specification by column."""
    return Fitting([_table(frame, formats or {}, gap) for gap in (2, 1)], title)


def _table(frame: pd.DataFrame, formats: dict[str, str], gap: int) -> Table:
    rendered = Table(header_style="bold", box=None, padding=(0, gap, 0, 0))
    for name in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[name])
        rendered.add_column(Text(str(name)), justify="right" if numeric else "left", overflow="fold")
    for row in frame.itertuples(index=False):
        cells = zip(frame.columns, row, strict=True)
        rendered.add_row(*(Text(_cell(value, formats.get(str(name), ""))) for name, value in cells))
    return rendered


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as JSON-ready dictionaries."""
    return [{str(key): plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def plain(value: Any) -> Any:
    """Turn a value into what JSON knows; a missing or non-finite number becomes null, a time ISO 8601."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, pd.DataFrame):
        return records(value)
    if isinstance(value, list | tuple | set | frozenset | np.ndarray | pd.Series):
        return [plain(item) for item in value]
    return _plain_scalar(value.item() if isinstance(value, np.generic) else value)


def _plain_scalar(value: Any) -> str | bool | float | None:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, pd.Timestamp) and value.tzinfo is None and value == value.normalize():
        return value.date().isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | bool | int) else str(value)


def dumps(document: dict[str, Any]) -> str:
    """Serialise a document; never NaN, never a line break inside."""
    return json.dumps(plain(document), ensure_ascii=False, allow_nan=False)


def _cell(value: Any, specification: str) -> str:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value.tzinfo is None else value.isoformat(timespec="minutes")
    return format(value, specification) if specification else str(value)
