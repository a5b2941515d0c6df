"""The commands put together, the global options, and what each error's exit code is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from data.errors import (
    CancelledError,
    FaultyFileError,
    NoRosterError,
    PartlyFailedError,
    PeakshiftError,
)
from data.version import __version__
from ui.cli.arguments import split_globals
from ui.cli.output import Output, console
from ui.cli.session import Session
from ui.cli.stopping import STOPPED, Stopping
from ui.plan.failures import named

DONE, WRONG_INPUT, NO_ROSTER, PARTLY_FAILED = 0, 2, 3, 4

MODULES = {
    "init": "workspace",
    "demo": "demo",
    "ui": "screen",
    "import": "imports",
    "history": "history",
    "peaks": "explain",
    "explain": "explain",
    "override": "overrides",
    "publish": "accuracy",
    "accuracy": "accuracy",
    "forecast": "forecasts",
    "backtest": "forecasts",
    "staff": "forecasts",
    "calibrate": "calibrate",
    "whatif": "what_if",
    "price": "what_if",
    "activities": "activities",
    "roster": "rosters",
    "nightly": "nightly",
}
"""Module of ui.cli that each command lives in."""


def application(called: str | None = None) -> typer.Typer:
    """Put the commands together; only the called one where it is known, so that none loads the others' parts."""
    made = typer.Typer(
        name="peakshift",
        help="Forecast contacts around their peaks, staff for the answer rate, roster people.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    made.callback()(global_options)
    modules = [MODULES[called]] if called in MODULES else list(dict.fromkeys(MODULES.values()))
    for module in modules:
        import_module(f"ui.cli.{module}").register(made)
    return made


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"peakshift {__version__}")
        raise typer.Exit


def global_options(
    context: typer.Context,
    workspace: Annotated[
        Path,
        typer.Option(
            "--workspace", envvar="PEAKSHIFT_WORKSPACE", metavar="DIR", help="The workspace's folder."
        ),
    ] = Path("workspace"),
    _as_json: Annotated[
        bool,
        typer.Option("--json", help="Print one JSON document on stdout, everything else on stderr."),
    ] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Forecast contacts around their peaks, staff for the answer rate, roster people."""
    context.obj = replace(context.ensure_object(Session), folder=workspace)


def exit_code(error: PeakshiftError) -> int:
    """Exit code of an error a command ended with."""
    if isinstance(error, NoRosterError):
        return NO_ROSTER
    if isinstance(error, PartlyFailedError):
        return PARTLY_FAILED
    return STOPPED if isinstance(error, CancelledError) else WRONG_INPUT


def run(arguments: list[str], stopping: Stopping) -> int:
    """Run one command; errors a person can cause become one message and an exit code."""
    moved, kept = split_globals(arguments)
    output = Output("--json" in moved, stdout=console(sys.stdout))
    told = {"--help", "--version"} & set(kept)
    # The one document is all that may stand on stdout, whatever a library or a help text prints.
    aside = redirect_stdout(sys.stderr) if output.as_json and not told else nullcontext()
    try:
        with aside:
            application(kept[0] if kept else None)(moved + kept, obj=Session(Path(), output, stopping))
    except SystemExit as ended:  # typer's own way out: done, help, wrong usage, a command's own code
        return _ended(ended, output)
    except PeakshiftError as error:
        code = exit_code(error)
        output.error("\n".join(lines(error)))
        output.document({"error": _document(error, code)})
        return code
    return DONE


def _ended(ended: SystemExit, output: Output) -> int:
    """Exit code of a command typer ended, which says what was wrong with the usage on stderr only."""
    reason = ended.__context__
    if reason is not None and isinstance(reason.__cause__, KeyboardInterrupt):
        raise reason.__cause__
    code = ended.code if isinstance(ended.code, int) else DONE
    message: Callable[[], str] | None = getattr(reason, "format_message", None)
    if code and message is not None:
        output.document({"error": {"exit_code": code, "message": message() or "Name a command."}})
    return code


def lines(error: PeakshiftError) -> list[str]:
    """What an error says; where parts failed a line each, which names its queue once."""
    return named(error.failures) if isinstance(error, PartlyFailedError) else [str(error)]


def _document(error: PeakshiftError, code: int) -> dict[str, object]:
    document: dict[str, object] = {"exit_code": code, "message": "\n".join(lines(error))}
    if isinstance(error, FaultyFileError):
        document["faults"] = [
            {name: getattr(fault, name) for name in ("source", "line", "column", "value", "reason", "repair")}
            for fault in error.faults
        ]
    if isinstance(error, PartlyFailedError):
        document["failures"] = error.failures
    return document
