"""The process a job runs in: ``python -m ui.jobs.worker JOB_FOLDER WORKSPACE``.

It lets go of the server at once (a second fork under a session of its own), so that neither a stopped server takes
it along nor its end leaves anything for the server to collect.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from data.errors import CancelledError, PeakshiftError
from ui.jobs.folder import JobFolder
from ui.jobs.record import Progress, State

SAY_EVERY_S = 0.25
NICE = 5
"""How far long work steps back behind the server: the screen stays quick while something is solved."""
LONG = frozenset({"backtest", "roster", "simulation"})


class Watch:
    """What the work tells about itself, and whether it is to stop.

    Parameters
    ----------
    folder
        Of the job.
    """

    def __init__(self, folder: JobFolder) -> None:
        self._folder = folder
        self._said = Progress()
        self._said_at = 0.0

    def report(self, phase: str, share: float | None) -> None:
        """Take in what is being done and how far it is; CancelledError where somebody asked to stop."""
        self._say(Progress(phase=phase, share=share))
        if self.stop():
            raise CancelledError("stopped. Nothing was kept.")

    def solving(
        self, phase: str, incumbent: float | None, bound: float | None, gap: float | None, share: float | None
    ) -> None:
        """Take in what the solver found and proved so far."""
        self._say(Progress(phase=phase, share=share, incumbent=incumbent, bound=bound, gap=gap))

    def stop(self) -> bool:
        """Whether somebody asked to stop."""
        return self._folder.asked_to_stop()

    def _say(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.phase != self._said.phase or now - self._said_at >= SAY_EVERY_S:
            self._folder.advance(progress)
            self._said, self._said_at = progress, now


def work(folder: JobFolder, workspace: Path) -> None:
    """Do what the job asks for and write down how it ended."""
    asked = folder.read()
    if asked.kind in LONG:
        os.nice(NICE)
    watch = Watch(folder)
    try:
        run = import_module(f"ui.jobs.kinds.{asked.kind}").run
        result = run(workspace, asked, watch, folder.files)
    except PeakshiftError as error:
        stopped = isinstance(error, CancelledError) or watch.stop()
        folder.end(State.CANCELLED if stopped else State.FAILED, _now(), message=str(error))
    except BaseException:
        traceback.print_exc()
        folder.end(State.FAILED, _now(), message=f"this should not have happened. See {folder.log}.")
        raise
    else:
        folder.end(State.DONE, _now(), result=result)


def main() -> None:
    """Leave the server, then work."""
    folder, workspace = JobFolder(Path(sys.argv[1])), Path(sys.argv[2])
    if os.fork():
        os._exit(0)
    os.setsid()
    work(folder, workspace)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
