"""peakshift whatif, price."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from data.errors import InputError, UnknownNameError
from data.store import Workspace
from scheduling.what_if import MEASURES
from ui.cli.changes import (
    COST,
    EVERY,
    Aht,
    AnswerRate,
    Containment,
    Cost,
    Floor,
    Patience,
    RemainderAht,
    Said,
    ShrinkageTo,
    Volume,
    by_name,
    read_changes,
)
from ui.cli.forecasts import ParquetOut
from ui.cli.output import Fitting, records, table
from ui.cli.session import Days, FirstDay, Queues, Seed, Session, session
from ui.exports.to_parquet import refuse_place, write_frame
from ui.plan import Report
from ui.plan.failures import named
from ui.plan.scenario_files import read_scenario, scenario_document
from ui.plan.staffing import demand
from ui.plan.what_if import Planned, compared, planned, priced

OPTIONS_NAME = "options"
"""Name of the scenario that the options make."""
TOTAL = "all"
FORMS = {
    "offered": ",.0f",
    "aht_s": ".0f",
    "answer_rate": ".1%",
    "agent_h": ",.1f",
    "staff_h": ",.1f",
    "cost": ",.0f",
}


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.command("whatif")(whatif)
    application.command("price")(price)


def whatif(
    context: typer.Context,
    first: FirstDay,
    days: Days,
    queue: Queues = None,
    volume: Volume = None,
    aht: Aht = None,
    containment: Containment = None,
    remainder_aht: RemainderAht = None,
    shrinkage: ShrinkageTo = None,
    answer_rate: AnswerRate = None,
    interval_floor: Floor = None,
    patience: Patience = None,
    scenario: Annotated[
        list[Path] | None,
        typer.Option(
            "--scenario",
            metavar="FILE.json",
            help="A scenario; may be given more than once, and beside options.",
        ),
    ] = None,
    cost_per_h: Cost = None,
    out: ParquetOut = None,
    seed: Seed = 0,
) -> None:
    """Requirement, hours and money with other contacts, handle times, shrinkage or targets, beside the plan's."""
    run = session(context)
    workspace = run.open()
    if out is not None:
        refuse_place(out)
    said = read_changes(
        OPTIONS_NAME,
        volume_factor=volume,
        aht_factor=aht,
        containment=containment,
        remainder_aht_factor=remainder_aht,
        shrinkage=shrinkage,
        answer_rate=answer_rate,
        interval_floor=interval_floor,
        patience_s=patience,
    )
    scenarios = [*([said] if said else []), *(read_scenario(path) for path in scenario or ())]
    if not scenarios:
        raise InputError(
            "nothing is other than planned. Say what is, such as --volume +10% or --scenario FILE.json."
        )
    known = [each.id for each in workspace.queues()]
    for name in (name for each in scenarios for name in each.queues):
        if name not in known:
            raise UnknownNameError("queue", name, known)
    with run.output.progress() as report:
        plan = _plan(workspace, first, days, queue, cost_per_h, seed, report)
        report("Scenarios", None)
        found = compared(plan, scenarios)
    if out is not None:
        write_frame(found.intervals, out)
    document = {
        **_basis(plan),
        "scenarios": [scenario_document(each) for each in scenarios],
        "queues": records(found.queues),
        "totals": records(found.totals),
        "out": out,
    }
    whole = pd.concat([found.queues, found.totals.assign(queue=TOTAL)], ignore_index=True)
    text = [
        _side_by_side(whole.loc[whole["scenario"] == each.name], f"{each.name}: {first} for {days} days")
        for each in scenarios
    ]
    run.output.result(document, *text)
    _end_with(run, plan)


def price(
    context: typer.Context,
    first: FirstDay,
    days: Days,
    queue: Queues = None,
    cost_per_h: Cost = None,
    out: ParquetOut = None,
    seed: Seed = 0,
) -> None:
    """Hours and money for each further point of answer rate, from 85 % to 99 %."""
    run = session(context)
    workspace = run.open()
    if out is not None:
        refuse_place(out)
    with run.output.progress() as report:
        plan = _plan(workspace, first, days, queue, cost_per_h, seed, report)
        report("Price of a point", None)
        prices, total = priced(plan)
    if out is not None:
        write_frame(prices, out)
    document = {**_basis(plan), "points": records(prices), "totals": records(total), "out": out}
    parts = [(name, rows) for name, rows in prices.groupby("queue", sort=False)]
    if len(parts) > 1:
        parts.append((TOTAL, total))
    formats = dict.fromkeys(total.columns, ",.1f") | {
        "answer_rate": ".0%",
        "cost": ",.0f",
        "extra_cost": ",.0f",
    }
    shown = [name for name in total.columns if name != "whole_agent_h"]
    text = [
        table(
            rows[shown], title=f"{name}: each point of answer rate, {first} for {days} days", formats=formats
        )
        for name, rows in parts
    ]
    run.output.result(document, *text)
    _end_with(run, plan)


def _plan(
    workspace: Workspace,
    first: date,
    days: int,
    queues: list[str] | None,
    cost_per_h: Said,
    seed: int,
    report: Report,
) -> Planned:
    costs = by_name(COST, cost_per_h)
    known = [each.id for each in workspace.queues()]
    for name, cost in costs.items():
        if name and name not in known:
            raise UnknownNameError("queue", name, known)
        if not 0 <= cost < math.inf:
            whose = f"queue {name!r}" if name else "every queue"
            raise InputError(f"{whose}: --cost-per-h must not be negative or endless, not {cost:g}.")
    every = dict.fromkeys(known, costs[EVERY]) if EVERY in costs else {}
    wanted = demand(
        workspace, first=first, days=days, queues=queues, seed=seed, keep_going=True, report=report
    )
    if not wanted.queues:
        raise InputError("\n".join(named(wanted.failures)))
    report("Requirement", None)
    return planned(workspace, wanted, first=first, days=days, costs=every | costs)


def _basis(plan: Planned) -> dict[str, Any]:
    return {
        "forecasts": {record.queue: record.id for record in plan.demand.records},
        "cost_per_h": {queue.id: plan.cost_per_h[queue.id] for queue in plan.demand.queues},
        "failures": plan.demand.failures,
    }


def _side_by_side(rows: pd.DataFrame, title: str) -> Fitting:
    """A line for each queue and measure: before, after and what differs."""
    lines = [
        {
            "queue": row["queue"] if measure == MEASURES[0] else "",
            "measure": measure,
            "before": _shown(row[f"{measure}_before"], FORMS[measure]),
            "after": _shown(row[f"{measure}_after"], FORMS[measure]),
            "difference": _differing(measure, row[f"{measure}_difference"]),
        }
        for row in rows.to_dict("records")
        for measure in MEASURES
    ]
    frame = pd.DataFrame(lines)
    for side in ("before", "after", "difference"):
        frame[side] = frame[side].str.rjust(frame[side].str.len().max())
    return table(frame, title=title)


def _differing(measure: str, value: float) -> str:
    if measure == "answer_rate":
        # Per cent of a rate would be another figure.
        return f"{_shown(100 * value, '+.1f')} points"
    return _shown(value, "+" + FORMS[measure])


def _shown(value: float, form: str) -> str:
    # Rounded to nothing, a difference has no sign.
    text = "–" if math.isnan(value) else format(value, form)
    return text if any(digit in "123456789" for digit in text) else text.removeprefix("+").removeprefix("-")


def _end_with(run: Session, plan: Planned) -> None:
    """Say which queues have no forecast, and exit with 4."""
    for message in named(plan.demand.failures):
        run.output.error(message)
    if plan.demand.failures:
        raise typer.Exit(4)
