"""peakshift override add, list, withdraw."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import pandas as pd
import typer

from data.errors import InputError
from data.overrides import Override, OverrideKind
from ui.cli.moments import parse_moment, shown_moment
from ui.cli.output import table
from ui.cli.session import Queues, session
from ui.plan.overrides import add_override, listed

commands = typer.Typer(no_args_is_help=True, help="Planners' changes to forecasts.")
Who = Annotated[str, typer.Option("--by", metavar="NAME", help="Whose change it is.")]
KINDS = {"set_to": OverrideKind.SET, "scale": OverrideKind.SCALE, "add": OverrideKind.ADD}


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.add_typer(commands, name="override")


@commands.command("add")
def add(
    context: typer.Context,
    queue: Annotated[str, typer.Option("--queue", metavar="Q", help="Queue to change.")],
    start: Annotated[str, typer.Option("--from", metavar="WHEN", help="First local day or moment.")],
    end: Annotated[
        str, typer.Option("--to", metavar="WHEN", help="Last local day, or the moment it ends before.")
    ],
    by: Who,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")],
    set_to: Annotated[
        float | None, typer.Option("--set", metavar="N", help="Contacts of the whole span.")
    ] = None,
    scale: Annotated[
        str | None, typer.Option("--scale", metavar="±P%", help="Per cent more or less, such as +10%.")
    ] = None,
    more: Annotated[
        float | None, typer.Option("--add", metavar="±N", help="Contacts more or less in the whole span.")
    ] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="WHEN", help="New plans pass it over from then on.")
    ] = None,
) -> None:
    """Change what is forecast over a span; the model's own figures stay beside it."""
    run = session(context)
    workspace = run.open()
    zone = workspace.queue(queue).timezone
    values = {"set_to": set_to, "scale": None if scale is None else _share(scale), "add": more}
    chosen = [(KINDS[name], value) for name, value in values.items() if value is not None]
    if len(chosen) != 1:
        raise InputError("an override is one of --set, --scale and --add. Give exactly one of them.")
    (kind, value), *_ = chosen
    kept = add_override(
        workspace,
        Override(
            queue=queue,
            start=parse_moment(start, zone, "--from").to_pydatetime(),
            end=parse_moment(end, zone, "--to", whole_day=True).to_pydatetime(),
            kind=kind,
            value=value,
            by=by,
            reason=reason,
            expires_at=None if expires is None else parse_moment(expires, zone, "--expires").to_pydatetime(),
        ),
    )
    run.output.result(_document(kept), f"Kept as {kept.id}. New plans and rosters reckon with it.")


@commands.command("list")
def list_overrides(
    context: typer.Context,
    queue: Queues = None,
    everything: Annotated[bool, typer.Option("--all", help="Withdrawn and expired ones too.")] = False,
) -> None:
    """Overrides that hold now, in the order they were made."""
    run = session(context)
    workspace = run.open()
    zones = {each.id: each.timezone for each in workspace.queues()}
    found = listed(workspace, queue, at=run.now(), withdrawn=everything)
    columns = ["id", "queue", "from", "to", "change", "by", "reason", "withdrawn by"]
    rows = [
        [
            each.id,
            each.queue,
            shown_moment(each.start, zones[each.queue]),
            shown_moment(each.end, zones[each.queue]),
            _change(each),
            each.by,
            each.reason,
            each.withdrawn_by or None,
        ]
        for each in found
    ]
    frame = pd.DataFrame(rows, columns=columns)
    if not everything:
        frame = frame.drop(columns="withdrawn by")
    text = table(frame) if rows else "There is no override."
    run.output.result({"overrides": [_document(each) for each in found]}, text)


@commands.command("withdraw")
def withdraw(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="Override to take back.")],
    by: Who,
) -> None:
    """Take an override back; it stays on record."""
    run = session(context)
    gone = run.open().withdraw_override(name, by=by)
    run.output.result(_document(gone), f"{gone.id} is withdrawn.")


def _share(text: str) -> float:
    """Read "+10%" as 0.1."""
    try:
        return float(text.strip().removesuffix("%")) / 100
    except ValueError as error:
        raise InputError(f"--scale {text!r} is not a share. Give per cent, such as +10% or -5%.") from error


def _change(override: Override) -> str:
    if override.kind is OverrideKind.SCALE:
        return f"{override.value:+.1%}"
    return f"{override.value:+,.0f}" if override.kind is OverrideKind.ADD else f"= {override.value:,.0f}"


def _document(override: Override) -> dict[str, Any]:
    return {**asdict(override), "kind": override.kind.value}
