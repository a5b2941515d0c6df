"""One call for every format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

import pandas as pd

from data.domain import Agent, Roster, ShiftPattern
from data.errors import InputError
from ui.exports import to_csv, to_html, to_ics, to_parquet, to_xlsx
from ui.exports.content import Content, content
from ui.exports.files import placed, refuse_folder, refuse_used_folder

Format = Literal["xlsx", "csv", "parquet", "ics", "html"]
FORMATS: tuple[str, ...] = get_args(Format)

Writer = Callable[[Content, Path], None]

FILE_WRITERS: dict[str, Writer] = {
    ".xlsx": to_xlsx.write,
    ".csv": to_csv.write,
    ".parquet": to_parquet.write,
    ".html": to_html.write,
    ".ics": to_ics.write_one,
    ".zip": to_ics.write_zip,
}
ENDINGS: dict[str, tuple[str, ...]] = {name: (f".{name}",) for name in FORMATS} | {"ics": (".ics", ".zip")}


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def export(
    roster: Roster,
    agents: Sequence[Agent],
    *,
    format: Format,  # noqa: A002 - the word on the command line
    out: Path,
    coverage: pd.DataFrame | None = None,
    days: pd.DataFrame | None = None,
    targets: pd.DataFrame | None = None,
    patterns: Sequence[ShiftPattern] = (),
    clock: Callable[[], datetime] = utc_now,
) -> list[Path]:
    """Write a roster as one file, or as a folder of calendars.

    Parameters
    ----------
    roster
        The roster.
    agents
        Everyone who is rostered; people without a shift get an empty row.
    format
        xlsx, csv, parquet, ics or html.
    out
        File to write, with the format's ending; an existing one is replaced in one step. For ics: a name ending
        in .ics is one calendar with everybody, .zip a calendar a person zipped, any other a new folder of them.
    coverage
        COVERAGE frame: a sheet of the workbook.
    days
        Frame queue, date (local day), offered, answered, answer_rate, target (0–1; missing where the target is
        not counted over the day): a sheet of the workbook, the answer rates of the print view.
    targets
        Frame queue, period, start, first, last, offered, answered, answer_rate, target: each target over its own
        spans, a sheet of the workbook and what the print view counts as reached.
    patterns
        Patterns to describe, and to choose from in the workbook; without them, those the roster uses.
    clock
        Gives the instant of the export, which goes into the file.

    Returns
    -------
    list[Path]
        Every file written.

    Raises
    ------
    InputError
        An unknown format, a place that cannot be written to, or people and shifts that do not fit together.
        Nothing is written then.
    """
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r}. Give one of {', '.join(FORMATS)}.")
    ending = out.suffix.lower()
    into_folder = format == "ics" and ending not in FILE_WRITERS
    if into_folder:
        refuse_used_folder(out)
    elif ending not in ENDINGS[format]:
        wanted = " or ".join(ENDINGS[format])
        raise InputError(f"{out}: a roster as {format} needs a name that ends in {wanted}. Give one.")
    else:
        refuse_folder(out)
    checked = content(
        roster,
        agents,
        coverage=coverage,
        days=days,
        targets=targets,
        patterns=patterns,
        stamp=clock(),
    )
    with placed(out) as draft:
        (to_ics.write_folder if into_folder else FILE_WRITERS[ending])(checked, draft)
    return sorted(out.iterdir()) if into_folder else [out]
