"""peakshift publish, accuracy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType

from ui.cli.output import records, table
from ui.cli.session import Queues, parse_day, session
from ui.exports.to_parquet import write_frame
from ui.plan.accuracy import publish as publish_forecasts
from ui.plan.accuracy import published_accuracy

SHARES = dict.fromkeys(
    ("wape", "hit_rate", "cover80", "cover90", "cover95", "model_wape", "hand_wape"), ".1%"
)
FORMATS = {**SHARES, "bias": "+.1%", "offered": ",.0f", "saved": "+,.0f"}


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.command("publish")(publish)
    application.command("accuracy")(accuracy)


def publish(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="FORECAST...", help="Forecasts to freeze.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who publishes them.")],
) -> None:
    """Freeze forecasts with the overrides they have now, to be scored against what comes."""
    run = session(context)
    found = publish_forecasts(run.open(), names, by=by)
    document = {
        "published": [
            {
                "id": each.id,
                "queue": each.queue,
                "published_at": each.published_at,
                "published_by": each.published_by,
            }
            for each in found
        ]
    }
    run.output.result(document, *(f"{each.id} ({each.queue}) is published." for each in found))


def accuracy(
    context: typer.Context,
    queue: Queues = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First local day to judge.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last local day to judge.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.parquet", help="Write every interval here too.")
    ] = None,
) -> None:
    """Score published forecasts per interval, day and week by how far ahead they looked, and the planners' hand."""
    run = session(context)
    with run.output.progress() as report:
        found = published_accuracy(
            run.open(),
            at=run.now(),
            queues=queue,
            first=None if first is None else parse_day(first),
            last=None if last is None else parse_day(last),
            report=report,
        )
    if out is not None:
        write_frame(found.pairs, out)
    document = {
        "forecasts": [record.id for record in found.forecasts],
        "scores": records(found.scores),
        "hand": records(found.hand),
        "out": out,
    }
    text: list[RenderableType] = [
        table(found.scores, title=f"{len(found.forecasts)} published forecasts", formats=FORMATS)
    ]
    if found.hand.empty:
        text.append("No override changed an interval that has an actual.")
    else:
        text.append(table(found.hand, title="Did the hand help? Contacts of error saved", formats=FORMATS))
    run.output.result(document, *text)
