"""peakshift ui."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.session import Session, session

APP = Path(__file__).parents[1] / "app.py"
HOST = "127.0.0.1"


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.command("ui")(ui)


def ui(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8501,
) -> None:
    """Open the screen on 127.0.0.1; stop it with Ctrl-C."""
    run = session(context)
    raise typer.Exit(serve(run, port))


def serve(run: Session, port: int) -> int:
    """Run the screen's server until it is stopped; returns its exit code."""
    run.output.note(f"Peakshift: http://{HOST}:{port}  (Ctrl-C stops it)")
    options = {
        "server.address": HOST,
        "server.port": str(port),
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "runner.postScriptGC": "false",  # a third of a rerun's time on a rich page
    }
    command = [sys.executable, "-m", "streamlit", "run", str(APP)]
    command += [f"--{name}={value}" for name, value in options.items()]
    environment = {**os.environ, "PEAKSHIFT_WORKSPACE": str(run.folder.resolve())}
    try:
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own command
    except KeyboardInterrupt:
        return 0
