"""peakshift peaks, explain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from ui.cli.output import records, table
from ui.cli.session import AsOf, Queues, parse_day, parse_instant, session
from ui.exports.to_parquet import write_frame
from ui.plan.explain import forecast_parts, parts_by_day, peak_evidence

SHOWN = ["queue", "peak", "kind", "day", "occurrences", "last", "uplift", "lower", "upper", "source", "next"]
PARTS = ["base", "weekday", "season", "growth"]


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.command("peaks")(peaks)
    application.command("explain")(explain)


def peaks(context: typer.Context, queue: Queues = None, as_of: AsOf = None) -> None:
    """What each peak does to each queue: uplift with its 90 % band, occurrences seen, what it rests on, next day."""
    run = session(context)
    workspace = run.open()
    at = parse_instant(as_of, workspace.timezone) or pd.Timestamp(run.now()).as_unit("us")
    with run.output.progress() as report:
        found = peak_evidence(workspace, queue, at=at, report=report)
    shown = found.loc[(found["occurrences"] > 0) | found["next"].notna(), SHOWN]
    formats = dict.fromkeys(("uplift", "lower", "upper"), "+.0%") | {"day": "+d"}
    run.output.result(
        {"as_of": at, "evidence": records(found)},
        table(shown, title="Peaks: uplift of a day at the typical size, 90 % band", formats=formats),
    )


def explain(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FORECAST", help="Id of the forecast.")],
    day: Annotated[
        str | None, typer.Option("--day", metavar="DATE", help="One local day, interval by interval.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.parquet", help="Write every part here too.")
    ] = None,
) -> None:
    """Split a forecast into base, weekday, season, growth, each peak and each override; the parts sum to it."""
    run = session(context)
    workspace = run.open()
    chosen = None if day is None else parse_day(day)
    parts = forecast_parts(workspace, name, at=run.now(), first=chosen, last=chosen)
    if out is not None:
        write_frame(parts, out)
    shown = parts if chosen is not None else parts_by_day(workspace, parts)
    document = {"forecast": name, "parts": records(shown), "out": out}
    queue = workspace.queue(workspace.forecast_record(name).queue)
    wide = _wide(shown, queue.timezone)
    formats = dict.fromkeys(wide.columns[1:], "+,.1f") | {"base": ",.1f", "forecast": ",.1f"}
    run.output.result(document, table(wide, title=name, formats=formats))


def _wide(parts: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """One row a day or interval, one column a part."""
    key = "start" if "start" in parts else "date"
    label = parts["name"].where(parts["name"] != "", parts["part"])
    wide = parts.assign(label=label).pivot_table(index=key, columns="label", values="contacts", aggfunc="sum")
    order = [*PARTS, *(name for name in dict.fromkeys(label) if name not in PARTS)]
    wide = wide.reindex(columns=order).fillna(0.0)
    wide["forecast"] = wide.sum(axis=1)
    moments = pd.DatetimeIndex(wide.index)
    shown = moments.strftime("%a %d %b") if key == "date" else moments.tz_convert(timezone).strftime("%H:%M")
    wide.insert(0, "day" if key == "date" else "start", shown)
    return wide.reset_index(drop=True)
