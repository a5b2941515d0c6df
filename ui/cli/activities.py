"""peakshift activities."""

from __future__ import annotations

import typer

from data.activity_documents import activity_document
from ui.cli.output import table
from ui.cli.session import session
from ui.tables.activities import activities as in_words


def register(application: typer.Typer) -> None:
    """Add the command to the application."""
    application.command("activities")(activities)


def activities(context: typer.Context) -> None:
    """Trainings, meetings and coaching that rosters place inside shifts."""
    run = session(context)
    found = run.open().activities()
    document = {"activities": [activity_document(activity) for activity in found]}
    if found:
        run.output.result(document, table(in_words(found), title="Activities inside shifts"))
    else:
        run.output.result(
            document, "There are no activities. Bring some in: peakshift import activities FILE"
        )
