"""The commands put together, the global options, and what each error's exit code is."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from data.errors import (
    FaultyFileError,
    NoRosterError,
    PartlyFailedError,
    PeakshiftError,
)
from data.version import __version__
from ui.cli.output import Output
from ui.cli.session import Session

DONE, WRONG_INPUT, NO_ROSTER, PARTLY_FAILED, STOPPED = 0, 2, 3, 4, 130

MODULES = {
    "init": "workspace",
    "demo": "demo",
    "ui": "screen",
    "import": "imports",
    "override": "overrides",
    "publish": "accuracy",
    "accuracy": "accuracy",
    "forecast": "forecasts",
    "backtest": "forecasts",
    "staff": "forecasts",
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
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print one JSON document on stdout, everything else on stderr."),
    ] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Forecast contacts around their peaks, staff for the answer rate, roster people."""
    context.obj = Session(workspace, Output(as_json))


def exit_code(error: PeakshiftError) -> int:
    """Exit code of an error a command ended with."""
    if isinstance(error, NoRosterError):
        return NO_ROSTER
    if isinstance(error, PartlyFailedError):
        return PARTLY_FAILED
    return WRONG_INPUT


def split_globals(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Part --json and --workspace DIR, which may stand anywhere before a lone `--`, from the command and its own."""
    moved, kept = [], []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            kept += [argument, *rest]
        elif argument == "--json" or argument.startswith("--workspace="):
            moved.append(argument)
        elif argument == "--workspace":
            moved += [argument, *([value] if (value := next(rest, None)) is not None else [])]
        else:
            kept.append(argument)
    return moved, kept


def run(arguments: list[str]) -> int:
    """Run one command; errors a person can cause become one message and an exit code."""
    moved, kept = split_globals(arguments)
    output = Output("--json" in moved)
    try:
        application(kept[0] if kept else None)(moved + kept)
    except SystemExit as ended:  # typer's own way out: done, help, wrong usage, a command's own code
        return ended.code if isinstance(ended.code, int) else DONE
    except KeyboardInterrupt:
        output.error("Stopped.")
        return STOPPED
    except PeakshiftError as error:
        code = exit_code(error)
        output.error(str(error))
        if output.as_json:
            output.result({"error": _document(error, code)})
        return code
    return DONE


def _document(error: PeakshiftError, code: int) -> dict[str, object]:
    document: dict[str, object] = {"exit_code": code, "message": str(error)}
    if isinstance(error, FaultyFileError):
        document["faults"] = [
            {name: getattr(fault, name) for name in ("source", "line", "column", "value", "reason", "repair")}
            for fault in error.faults
        ]
    if isinstance(error, PartlyFailedError):
        document["failures"] = error.failures
    return document
