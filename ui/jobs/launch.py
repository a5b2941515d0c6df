"""Start jobs, find them again and ask them to stop."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from data.errors import InputError
from ui.jobs.folder import JobFolder
from ui.jobs.record import Job

FOLDER = "jobs"
KEPT = 20
"""Ended jobs of one kind that stay to be looked at."""
ROOT = Path(__file__).parents[2]


def start(
    workspace: Path,
    kind: str,
    arguments: Mapping[str, Any],
    *,
    now: datetime,
    files: Sequence[tuple[str, bytes]] = (),
) -> Job:
    """Start a job in a process that outlives this one.

    Parameters
    ----------
    workspace
        The workspace's folder.
    kind
        A module of `ui.jobs.kinds`.
    arguments
        What JSON can hold.
    now
        Clock reading kept as the time of creation.
    files
        Uploads, name and content; two may bear one name.

    Raises
    ------
    InputError
        The worker did not start.
    """
    _forget_old(workspace, kind)
    name = f"{now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{kind}-{uuid4().hex[:6]}"
    draft = JobFolder(workspace / FOLDER / f".{name}")
    draft.files.mkdir(parents=True)
    uploads = [_placed(draft.files, number, *upload) for number, upload in enumerate(files)]
    draft.request(kind, arguments, now, uploads)
    descriptor = draft.lock()
    folder = JobFolder(draft.path.rename(draft.path.with_name(name)))
    try:
        _spawn(folder, workspace, descriptor)
    finally:
        os.close(descriptor)
    return folder.read()


def job(workspace: Path, name: str) -> Job | None:
    """Return one job; None where it is not known any more."""
    folder = JobFolder(workspace / FOLDER / Path(name).name)
    return _read(folder) if (folder.path / "request.json").exists() else None


def jobs(workspace: Path, kind: str) -> list[Job]:
    """Every job of a kind that is still known, oldest first."""
    return [found for folder in _folders(workspace, kind) if (found := _read(folder)) is not None]


def latest(workspace: Path, kind: str) -> Job | None:
    """Return the newest job of a kind."""
    return next((found for folder in reversed(_folders(workspace, kind)) if (found := _read(folder))), None)


def cancel(workspace: Path, name: str) -> None:
    """Ask a job to stop; it does so within seconds and keeps nothing."""
    JobFolder(workspace / FOLDER / Path(name).name).ask_to_stop()


def asked_to_stop(workspace: Path, name: str) -> bool:
    """Whether somebody asked a job to stop."""
    return JobFolder(workspace / FOLDER / Path(name).name).asked_to_stop()


def _placed(folder: Path, number: int, name: str, content: bytes) -> str:
    """Write an upload under its own name, in a folder of its own where another bears the name already."""
    plain = Path(name).name or f"upload_{number}"
    place = folder if not (folder / plain).exists() else folder / f"file_{number}"
    place.mkdir(exist_ok=True)
    (place / plain).write_bytes(content)
    return str((place / plain).relative_to(folder))


def _spawn(folder: JobFolder, workspace: Path, descriptor: int) -> None:
    """Start the worker, which leaves this process at once and keeps the lock's descriptor."""
    command = [sys.executable, "-m", "ui.jobs.worker", str(folder.path.resolve()), str(workspace.resolve())]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with folder.log.open("wb") as log:
        begun = subprocess.run(  # noqa: S603 - our own command
            command,
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(descriptor,),
            check=False,
        )
    if begun.returncode:
        raise InputError(f"the work could not be started. What was said about it is in {folder.log}.")


def _read(folder: JobFolder) -> Job | None:
    """Read a job; one that another version wrote otherwise, or that is damaged, is not known any more."""
    try:
        return folder.read()
    except (KeyError, TypeError, ValueError):
        return None


def _folders(workspace: Path, kind: str) -> list[JobFolder]:
    found = (workspace / FOLDER).glob(f"[!.]*-{kind}-*")
    return [JobFolder(path) for path in sorted(found)]


def _forget_old(workspace: Path, kind: str) -> None:
    for folder in _folders(workspace, kind)[:-KEPT]:
        if not folder.is_locked():
            shutil.rmtree(folder.path, ignore_errors=True)
