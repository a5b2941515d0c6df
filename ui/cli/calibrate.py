"""peakshift calibrate."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import pandas as pd
import typer

from data.calibrations import CalibrationRecord
from scheduling.calibration import HOLD_OUT_DAYS, LEAST_LEARNT
from ui.cli.output import Fitting, records, table
from ui.cli.session import Queues, Session, parse_day, session
from ui.plan.calibration import Calibrated, calibrate_queues

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def register(application: typer.Typer) -> None:
    """Add the command to the application."""
    application.command("calibrate")(calibrate)


def calibrate(
    context: typer.Context,
    queue: Queues = None,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=parse_day, metavar="DATE", help="First local day to learn from."),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option("--to", parser=parse_day, metavar="DATE", help="Last local day to learn from."),
    ] = None,
    hold_out_days: Annotated[
        int,
        typer.Option(
            "--hold-out-days",
            min=1,
            max=366,
            metavar="N",
            help="Days of a block that is predicted from what came before it; up to three blocks.",
        ),
    ] = HOLD_OUT_DAYS,
    apply: Annotated[bool, typer.Option("--apply", help="Plan with these factors from now on.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Only list the calibrations so far.")] = False,
) -> None:
    """How many of the agents present are there in effect, from contacts answered; shows how well that predicts days."""
    run = session(context)
    if listed:
        _list(run, queue)
        return
    workspace = run.open()
    with run.output.progress() as report:
        found = calibrate_queues(
            workspace,
            queue,
            first=first,
            last=last,
            hold_out_days=hold_out_days,
            apply=apply,
            now=run.now(),
            report=report,
        )
    for each in found:
        for warning in each.record.warnings:
            run.output.warn(f"{_names(each.record)}: {warning}.")
    text = [part for each in found for part in (_parts(each), _told(each))]
    end = (
        "The factors are on the queues: new forecasts, requirements and rosters reckon with them."
        if apply
        else "Nothing was changed. Add --apply to plan with these factors."
    )
    run.output.result({"applied": apply, "calibrations": [_document(each) for each in found]}, *text, end)


def _list(run: Session, queues: list[str] | None) -> None:
    workspace = run.open()
    if queues is not None:
        queues = [workspace.queue(name).id for name in queues]
    found = [
        each for each in workspace.calibrations() if queues is None or set(queues).intersection(each.queues)
    ]
    rows = [
        {
            "id": each.id,
            "queues": _names(each),
            "from": each.first.isoformat(),
            "to": each.last.isoformat(),
            "factor": each.factor,
            "error": each.error.get("mae"),
            "applied": "yes" if each.applied_at else "",
        }
        for each in found
    ]
    formats = {"factor": ".2f", "error": ".1%"}
    text = table(pd.DataFrame(rows), formats=formats) if rows else "There is no calibration yet."
    run.output.result({"calibrations": [asdict(each) for each in found]}, text)


def _names(record: CalibrationRecord) -> str:
    return ", ".join(record.queues)


def _parts(found: Calibrated) -> Fitting:
    frame = pd.DataFrame(
        {
            "days": [_days(part.block.weekdays) for part in found.calibration.fitted.parts],
            "hours": [
                f"{_clock(part.block.open_min)}–{_clock(part.block.close_min)}"
                for part in found.calibration.fitted.parts
            ],
            "factor": [part.factor for part in found.calibration.fitted.parts],
            "low": [part.low for part in found.calibration.fitted.parts],
            "high": [part.high for part in found.calibration.fitted.parts],
            "offered": [part.offered for part in found.calibration.fitted.parts],
            "abandoned": [part.abandoned for part in found.calibration.fitted.parts],
        }
    )
    title = f"{_names(found.record)}: agents there in effect / agents present, {found.record.first} to {found.record.last}"
    formats = dict.fromkeys(("factor", "low", "high"), ".2f") | dict.fromkeys(
        ("offered", "abandoned"), ",.0f"
    )
    return table(frame, title=title, formats=formats)


def _told(found: Calibrated) -> str:
    seen, without = found.calibration.held_out, found.calibration.held_out_without
    if seen is None or without is None:
        return (
            "Too few days to hold any out: how well it predicts is not known. Hold out fewer (--hold-out-days), "
            f"or import more: {LEAST_LEARNT} with contacts must come before them."
        )
    return (
        f"Daily answer rate on {seen.days} days held out: off by {100 * seen.mae:.1f} points, "
        f"bias {100 * seen.bias:+.1f}; without calibration {100 * without.mae:.1f}, bias {100 * without.bias:+.1f}."
    )


def _document(found: Calibrated) -> dict[str, Any]:
    record = asdict(found.record)
    fitted = found.calibration.fitted
    return {
        **record,
        "supported": not found.calibration.lacks,
        "spread": fitted.spread,
        "dispersion": fitted.dispersion,
        "days": records(found.calibration.days),
    }


def _days(weekdays: frozenset[int]) -> str:
    ordered = sorted(weekdays)
    if len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f"{DAYS[ordered[0]]}–{DAYS[ordered[-1]]}"
    return ", ".join(DAYS[day] for day in ordered)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
