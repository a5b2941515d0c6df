"""peakshift forecast, backtest, staff."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import RenderableType

from data.errors import InputError
from data.records import ForecastRecord
from data.store import Workspace
from ui.cli.output import records, table
from ui.cli.session import AsOf, Days, FirstDay, Queues, Seed, Session, parse_instant, session
from ui.exports.to_parquet import refuse_place, write_frame
from ui.plan.borrowed import forecast_borrowed
from ui.plan.failures import named
from ui.plan.forecasts import (
    ForecastRun,
    backtest_handle_times,
    backtest_queue,
    close_of_today,
    day_totals,
    forecast_queues,
)
from ui.plan.lost_hours import lost_hours, told
from ui.plan.staffing import demand, required_days, requirements
from ui.tables.forecasts import score, shares

ParquetOut = Annotated[
    Path | None, typer.Option("--out", metavar="FILE.parquet", help="Write the frame here too.")
]
QueueName = Annotated[str, typer.Option("--queue", metavar="Q", help="Queue to test.")]

SCORES = {
    "wape": ".1%",
    "bias": "+.1%",
    "hit_rate": ".1%",
    "cover80": ".1%",
    "cover90": ".1%",
    "seconds": ".2f",
}


HANDLE_TIME_SCORES = {
    "wape": ".1%",
    "bias": "+.1%",
    "day_wape": ".1%",
    "mae_s": ".0f",
    "contacts": ",.0f",
}


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.command("forecast")(forecast)
    application.command("backtest")(backtest)
    application.command("staff")(staff)


def forecast(
    context: typer.Context,
    first: FirstDay,
    days: Days,
    queue: Queues = None,
    as_of: AsOf = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like", metavar="QUEUE", help="Borrow from this queue, or auto, for one with little history."
        ),
    ] = None,
    level: Annotated[
        float | None, typer.Option("--level", metavar="N", help="With --like: contacts of an ordinary week.")
    ] = None,
    out: ParquetOut = None,
    days_out: Annotated[
        Path | None,
        typer.Option(
            "--days-out", metavar="FILE.parquet", help="Write the totals of days with quantiles here."
        ),
    ] = None,
    seed: Seed = 0,
) -> None:
    """Forecast contacts offered per interval, with quantiles and AHT."""
    run = session(context)
    workspace = run.open()
    cutoff = parse_instant(as_of, workspace.timezone)
    for place in (out, days_out):
        if place is not None:
            refuse_place(place)
    with run.output.progress() as report:
        if like is None and level is None:
            made = forecast_queues(
                workspace, first=first, days=days, queues=queue, as_of=cutoff, seed=seed, report=report
            )
        else:
            young = _young(queue, like)
            report(f"Forecast: {young}", None)
            record = forecast_borrowed(
                workspace,
                young,
                like=like or "",
                level=level,
                first=first,
                days=days,
                as_of=cutoff,
                seed=seed,
            )
            made = ForecastRun((record,), {})
    if out is not None and made.records:
        write_frame(pd.concat([workspace.forecast_frame(r.id) for r in made.records], ignore_index=True), out)
    if days_out is not None and made.records:
        write_frame(day_totals(workspace, made.records), days_out)
    rows = [_forecast_row(workspace, record) for record in made.records]
    document: dict[str, Any] = {
        "forecasts": rows,
        "failures": made.failures,
        "out": out if made.records else None,
        "days_out": days_out if made.records else None,
    }
    columns = ["queue", "offered", "aht_s", "wape", "id"]
    shown = pd.DataFrame([{name: row[name] for name in columns} for row in rows], columns=columns)
    shown["methods"] = [
        ", ".join(f"{name} {share:.0%}" for name, share in shares(record).items()) for record in made.records
    ]
    formats = {"offered": ",.0f", "aht_s": ".0f", "wape": ".1%"}
    title = f"Forecast {first} for {days} days"
    text = [table(shown, title=title, formats=formats)] if made.records else []
    run.output.result(document, *text)
    for record, row in zip(made.records, rows, strict=True):
        for note in record.notes:
            run.output.note(f"{record.queue}: {note}")
        if row["today"] is not None:
            run.output.note(f"{record.queue}: {_close_in_words(row['today'])}")
    _end_with(run, made.failures, some_done=bool(made.records))


def _close_in_words(today: Mapping[str, Any]) -> str:
    return (
        f"{today['so_far']:,.0f} so far on {today['date']:%Y-%m-%d} and {today['to_come']:,.0f} to come: "
        f"{today['mean']:,.0f} at the close, 90 % between {today['q05']:,.0f} and {today['q95']:,.0f}."
    )


def _young(queues: list[str] | None, like: str | None) -> str:
    if like is None:
        raise InputError("--level says how many contacts a borrowed forecast has. Give --like too.")
    if queues is None or len(queues) != 1:
        raise InputError("--like is for one queue. Name it with --queue.")
    return queues[0]


def backtest(
    context: typer.Context,
    queue: QueueName,
    horizon_days: Annotated[int, typer.Option(min=1, max=371, help="Days forecast from each origin.")] = 7,
    origins: Annotated[int, typer.Option(min=1, max=104, help="How many past origins.")] = 8,
    step_days: Annotated[int, typer.Option(min=1, max=371, help="Days between origins.")] = 7,
    out: ParquetOut = None,
) -> None:
    """Score every method on past origins, none of which sees anything later."""
    run = session(context)
    workspace = run.open()
    if out is not None:
        refuse_place(out)
    with run.output.progress() as report:
        tested = backtest_queue(
            workspace,
            queue,
            horizon_days=horizon_days,
            origins=origins,
            step_days=step_days,
            report=report,
        )
        report("Handle times", None)
        handle_time, why_not = _handle_time_scores(
            workspace, queue, horizon_days=horizon_days, origins=origins, step_days=step_days
        )
    if out is not None:
        write_frame(tested.frame, out)
    places = sorted(set(tested.frame["origin"]))
    document = {
        "queue": queue,
        "horizon_days": horizon_days,
        "step_days": step_days,
        "origins": places,
        "scores": records(tested.scores),
        "handle_time": records(handle_time),
        "out": out,
    }
    if len(places) < origins:
        run.output.warn(f"The history has room for {len(places)} of the {origins} origins.")
    title = f"{queue}: {horizon_days} days ahead from {len(places)} origins, best method first"
    text = [table(tested.scores, title=title, formats=SCORES)]
    if why_not is None:
        text.append(
            table(handle_time, title="Handle times from the same origins", formats=HANDLE_TIME_SCORES)
        )
    run.output.result(document, *text)
    if why_not is not None:
        run.output.note(f"Handle times were not tested: {why_not}")


def _handle_time_scores(
    workspace: Workspace, queue: str, *, horizon_days: int, origins: int, step_days: int
) -> tuple[pd.DataFrame, str | None]:
    """Scores of expected handle times, and why there are none."""
    try:
        found = backtest_handle_times(
            workspace, queue, horizon_days=horizon_days, origins=origins, step_days=step_days
        )
    except InputError as error:
        return pd.DataFrame(), str(error)
    return found.scores, None


def staff(
    context: typer.Context,
    first: FirstDay,
    days: Days,
    queue: Queues = None,
    out: ParquetOut = None,
    seed: Seed = 0,
) -> None:
    """Agents and staff needed per interval for each queue's target, from the newest forecast."""
    run = session(context)
    workspace = run.open()
    if out is not None:
        refuse_place(out)
    with run.output.progress() as report:
        wanted = demand(
            workspace, first=first, days=days, queues=queue, seed=seed, keep_going=True, report=report
        )
        report("Requirement", None)
        required = requirements(wanted)
    written = out if wanted.queues else None
    if written is not None:
        write_frame(required, written)
    per_day = required_days(wanted, required)
    lost = lost_hours(wanted.queues, required)
    document = {
        "forecasts": {record.queue: record.id for record in wanted.records},
        "days": records(per_day),
        "agent_h": per_day["agent_h"].sum(),
        "staff_h": per_day["staff_h"].sum(),
        "lost": records(lost),
        "failures": wanted.failures,
        "out": written,
    }
    formats = {
        "offered": ",.0f",
        "agent_h": ",.1f",
        "staff_h": ",.1f",
        # Work that waits may take a share of one agent's time.
        "peak_agents": ".0f" if (per_day["peak_agents"] % 1 == 0).all() else ".1f",
        "answer_rate": ".1%",
    }
    title = f"Requirement {first} for {days} days"
    text: list[RenderableType] = (
        [table(per_day, title=title, formats=formats), *told(lost)] if wanted.queues else []
    )
    run.output.result(document, *text)
    _end_with(run, wanted.failures, some_done=bool(wanted.queues))


def _end_with(run: Session, failures: Mapping[str, str], *, some_done: bool) -> None:
    """Say which queues failed, and exit: 4 where others are done, 2 where none is."""
    for message in named(failures):
        run.output.error(message)
    if failures:
        raise typer.Exit(4 if some_done else 2)


def _forecast_row(workspace: Workspace, record: ForecastRecord) -> dict[str, Any]:
    frame = workspace.forecast_frame(record.id)
    offered = float(frame["mean"].sum())
    close = close_of_today(workspace, record)
    return {
        "queue": record.queue,
        "id": record.id,
        "first": record.first,
        "days": record.days,
        "intervals": len(frame),
        "offered": offered,
        "aht_s": float((frame["aht_s"] * frame["mean"]).sum() / offered) if offered > 0 else None,
        "model": record.model,
        "wape": score(record, "wape"),
        "scores": list(record.scores),
        "cutoff": record.cutoff,
        "seed": record.seed,
        "weights": record.weights,
        "notes": list(record.notes),
        "data_hash": record.data_hash,
        "today": None if close is None else close.drop(columns="queue").to_dict("records")[0],
    }
