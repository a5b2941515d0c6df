"""peakshift roster explain, and what `roster solve` says about targets it misses."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from scheduling.conflicts.report import Report
from ui.cli import roster_words as words
from ui.cli.session import session
from ui.cli.stopping import STOPPED
from ui.plan.explained import explain_roster
from ui.tables.conflicts import relaxation_words, report_lines, rule_words

MISSES = 3
"""Exit code where something is missed."""
USUAL_S = 60.0
"""Wall time an explanation may take where nothing is said."""
STOPPING = "Stopping within seconds; what was found by then is told."
ExplainTime = Annotated[
    float | None,
    typer.Option(
        "--explain-time",
        min=0,
        metavar="S",
        help="Seconds to find out, where targets are missed, which rules and requests stand against them and what is "
        "cheapest to give way in; 0 for not at all, as long as the time limit but at most a minute where not given.",
    ),
]


def register(commands: typer.Typer) -> None:
    """Add the command to those of rosters."""
    commands.command("explain")(explain)


def explain(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a roster.")],
    time_limit: Annotated[
        float, typer.Option(min=1, metavar="S", help="Seconds it may take; what was found by then is told.")
    ] = USUAL_S,
) -> None:
    """Say why a roster misses targets: which rules and requests conflict, and what is cheapest to give way in.

    Exits with 3 where something is missed, with 0 where nothing is.
    """
    run = session(context)
    workspace = run.open()
    with (
        run.output.progress() as report,
        run.stopping.patiently(lambda: run.output.note(STOPPING)) as stop,
    ):
        found = explain_roster(
            workspace,
            name,
            time_s=time_limit,
            progress=lambda state: report(words.phase(state), min(state.elapsed_s / time_limit, 1.0)),
            stop=stop,
        )
    missed = [
        {
            "queue": short.queue,
            "start": short.start,
            "span": short.span,
            "rate": short.rate,
            "wanted": short.wanted,
        }
        for short in found.missed
    ]
    lines = report_lines(found.why) if missed else [f"Roster {name} reaches every target and floor."]
    run.output.result({"name": name, "missed": missed, "why": why_document(found.why)}, *lines)
    if run.stopping.asked:
        raise typer.Exit(STOPPED)
    if missed:
        raise typer.Exit(MISSES)


def explain_s(asked_s: float | None, limit_s: float) -> float:
    """Wall time for an explanation."""
    return min(limit_s, USUAL_S) if asked_s is None else asked_s


def why_document(why: Report | None) -> dict[str, Any] | None:
    """The report with each rule and way out also in words; None where nobody asked."""
    if why is None:
        return None
    document = asdict(why)
    for conflict, made in zip(why.conflicts, document["conflicts"], strict=True):
        for part in ("aims", "rules", "also"):
            for rule, row in zip(getattr(conflict, part), made[part], strict=True):
                row["text"] = rule_words(rule)
        for way, row in zip(conflict.relaxations, made["relaxations"], strict=True):
            row["text"] = relaxation_words(way)
            row["and_also"] = [
                {**asdict(rule), "after": after, "text": rule_words(rule)} for rule, after in way.and_also
            ]
    for part in ("unexplained", "not_looked_at"):
        for rule, row in zip(getattr(why, part), document[part], strict=True):
            row["text"] = rule_words(rule)
    return document
