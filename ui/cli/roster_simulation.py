"""peakshift roster simulate."""

from __future__ import annotations

from typing import Annotated

import typer

from scheduling.absence import Absence
from scheduling.contact_laws import Service
from scheduling.routing import Routing
from ui.cli import roster_words as words
from ui.cli.output import records, table
from ui.cli.session import Seed, session
from ui.plan.simulation import simulate_roster
from ui.tables.rosters import not_counted_lines
from ui.tables.simulation import other_measures, other_targets


def register(commands: typer.Typer) -> None:
    """Add the command to those of rosters."""
    commands.command("simulate")(simulate)


def simulate(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a roster.")],
    days: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="K", help="Sampled days for each day of the roster.")
    ] = 200,
    seed: Seed = 0,
    routing: Annotated[
        Routing,
        typer.Option(
            help="Whom a contact goes to: whoever has been free longest, or those first who serve the fewest queues."
        ),
    ] = Routing.LONGEST_IDLE,
    service: Annotated[Service, typer.Option(help="Law of handle times.")] = Service.LOGNORMAL,
    cv: Annotated[
        float,
        typer.Option(
            min=0,
            max=10,
            metavar="C",
            help="Coefficient of variation of lognormal handle times; 0 for constant.",
        ),
    ] = 1.0,
    absence: Annotated[
        Absence,
        typer.Option(help="How shrinkage falls on people: on each by chance, or evenly on all."),
    ] = Absence.INDEPENDENT,
    intervals: Annotated[
        bool, typer.Option("--intervals", help="With --json: the distribution in every interval, too.")
    ] = False,
) -> None:
    """Play the roster against sampled days: distribution of the answer rate, probability of reaching the target."""
    run = session(context)
    workspace = run.open()
    with run.output.progress() as report:
        played = simulate_roster(
            workspace,
            name,
            paths=days,
            seed=seed,
            service=service,
            cv=cv,
            routing=routing,
            absence=absence,
            report=report,
        )
    timezone = workspace.roster_record(name).timezone
    for line in not_counted_lines(workspace.roster_part(name, "not_counted"), timezone):
        run.output.warn(line)
    document = {
        "name": name,
        "sampled_days": days,
        "seed": seed,
        "routing": routing.value,
        "service": service.value,
        "cv": cv,
        "absence": absence.value,
        "summary": records(played.summary),
        "measures": records(played.measures),
    }
    if intervals:
        document |= {"interval_paths": played.interval_paths, "intervals": records(played.intervals)}
    others = other_targets(played.measures)
    title = f"{name}: answered / offered over {days} sampled days; P(target met) with its 95 % interval"
    run.output.result(
        document,
        words.chances_table(played.summary, title),
        table(
            other_measures(played.measures),
            title="Mean over the sampled days, and what nine of ten of them lie between",
        ),
        *([table(others, title="The other targets")] if len(others) else []),
    )
