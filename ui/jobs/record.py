"""What is known about a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a job stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is.

    Parameters
    ----------
    phase
        What is being done.
    share
        Part of it done, 0–1; None where that is not known.
    incumbent, bound, gap
        What an optimisation has found and proven so far; None where it has not.
    """

    phase: str = "Starting"
    share: float | None = None
    incumbent: float | None = None
    bound: float | None = None
    gap: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of long work.

    Parameters
    ----------
    id
        Its folder's name; later jobs have later names.
    kind
        What is done, a module of `ui.jobs.kinds`.
    arguments
        What it was asked to do.
    uploads
        Files it was given, as paths in its folder of files.
    created_at, ended_at
        Instants; no end while it runs.
    state
        Where it stands. Lost: its worker died without a word.
    progress
        How far it is.
    cancelling
        Somebody asked it to stop.
    message
        Why it failed, in a planner's words.
    result
        What came of it.
    """

    id: str
    kind: str
    arguments: Mapping[str, Any]
    created_at: datetime
    state: State
    progress: Progress = field(default_factory=Progress)
    cancelling: bool = False
    message: str = ""
    ended_at: datetime | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    uploads: tuple[str, ...] = ()

    @property
    def running(self) -> bool:
        """Whether its worker is at it."""
        return self.state is State.RUNNING
