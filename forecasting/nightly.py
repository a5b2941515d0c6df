"""The batch: the same work for every queue, each on its own, on any executor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from traceback import format_exception
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one queue has no result.

    Parameters
    ----------
    message
        What the error says.
    traceback
        Where it came from, for the log.
    kind
        Name of the error's class.
    """

    message: str
    traceback: str
    kind: str

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """Write an error down, so that it can leave its process: not every error survives being pickled."""
        kind = type(error).__name__
        return cls(str(error) or kind, "".join(format_exception(error)), kind)


@dataclass(frozen=True, slots=True)
class Batch(Generic[Result]):
    """What became of each queue, both in the order of the tasks.

    Parameters
    ----------
    results
        By queue.
    failures
        By queue.
    """

    results: dict[str, Result]
    failures: dict[str, Failure]


def run_queues(
    tasks: Mapping[str, Task],
    *,
    work: Callable[[Task], Result],
    executor: Executor,
    progress: Callable[[float], None] | None = None,
) -> Batch[Result]:
    """Do the work for every queue; one that fails stops no other.

    Parameters
    ----------
    tasks
        What to do, by queue.
    work
        Called with one task; a function a process can import when the executor starts processes.
    executor
        Any `concurrent.futures` executor: threads, processes, or that of a cluster.
    progress
        Called with the share of queues done, 0–1.

    Raises
    ------
    BaseException
        An interrupt inside the work is not a failure of one queue and is passed on.
    """
    futures = {executor.submit(_isolated, work, task): queue for queue, task in tasks.items()}
    results: dict[str, Result] = {}
    failures: dict[str, Failure] = {}
    for done, future in enumerate(as_completed(futures), start=1):
        queue = futures[future]
        error = future.exception()
        if error is None:
            outcome = future.result()
            if isinstance(outcome, Failure):
                failures[queue] = outcome
            else:
                results[queue] = outcome
        elif isinstance(error, Exception):
            # The work never came to an end of its own: its process was killed, or its result cannot be sent.
            failures[queue] = Failure.of(error)
        else:
            raise error
        if progress is not None:
            progress(done / len(futures))
    return Batch(
        {queue: results[queue] for queue in tasks if queue in results},
        {queue: failures[queue] for queue in tasks if queue in failures},
    )


def _isolated(work: Callable[[Task], Result], task: Task) -> Result | Failure:
    try:
        return work(task)
    except Exception as error:  # noqa: BLE001 - whatever one queue does, it is written down and stops no other
        return Failure.of(error)
