"""What every command shares: the workspace's folder, where words go, and how options are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from data.errors import InputError
from data.store import Workspace
from ui.cli.output import Output
from ui.cli.stopping import Stopping


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the command line.

    Parameters
    ----------
    folder
        The workspace's folder, whether or not it exists yet.
    output
        Where words go.
    stopping
        Whether a person asked it to stop.
    """

    folder: Path
    output: Output
    stopping: Stopping

    def open(self) -> Workspace:
        """Open the workspace; WorkspaceError where there is none."""
        return Workspace.open(self.folder)

    @staticmethod
    def now() -> datetime:
        """The clock, read here and handed down as an argument."""
        return datetime.now(UTC)


def session(context: typer.Context) -> Session:
    """Return the session that the global options made."""
    found = context.find_object(Session)
    if found is None:
        raise RuntimeError("the global options make the session before any command runs")
    return found


def parse_day(text: str) -> date:
    """Read a day such as 2026-11-23."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day. Give it as 2026-11-23.") from error


def parse_instant(text: str | None, timezone: str) -> pd.Timestamp | None:
    """Read an instant such as 2026-11-23T12:00+08:00; without an offset it is in the workspace's zone.

    Raises
    ------
    InputError
        It is not a timestamp, or names a local time that does not exist or exists twice.
    """
    if text is None:
        return None
    repair = "Give it as 2026-11-23T12:00+08:00."
    try:
        moment = pd.Timestamp(text)
        if moment.tzinfo is None:
            moment = moment.tz_localize(timezone)
    except ValueError as error:
        raise InputError(f"--as-of {text!r} is not an instant ({error}). {repair}") from error
    if pd.isna(moment):
        raise InputError(f"--as-of {text!r} is not an instant. {repair}")
    return moment.tz_convert("UTC").as_unit("us")


FirstDay = Annotated[date, typer.Option("--from", parser=parse_day, metavar="DATE", help="First local day.")]
Days = Annotated[int, typer.Option("--days", min=1, max=731, metavar="N", help="How many local days.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIMESTAMP", help="Use nothing later than this instant."),
]
Queues = Annotated[
    list[str] | None,
    typer.Option("--queue", metavar="Q", help="Only this queue; may be given more than once."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="K", help="Same seed, same result.")]
