"""peakshift init."""

from __future__ import annotations

from typing import Annotated

import typer

from data.store import Workspace
from ui.cli.session import session


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.command("init")(init)


def init(
    context: typer.Context,
    timezone: Annotated[
        str,
        typer.Option(
            metavar="ZONE", help="Zone of rosters and of times without offset, such as Asia/Shanghai."
        ),
    ] = "UTC",
) -> None:
    """Make an empty workspace."""
    run = session(context)
    made = Workspace.create(run.folder, timezone=timezone)
    run.output.result(
        {"workspace": made.path, "timezone": made.timezone},
        f"Made workspace {made.path} ({made.timezone}).",
        "Next: peakshift import queues|history|calls|agents FILE …, or peakshift demo.",
    )
