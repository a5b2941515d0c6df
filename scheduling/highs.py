"""HiGHS in processes of its own, which are killed where they do not end in time.

A process that has ended its task waits for the next one, for starting one takes a fifth of a second.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from queue import Empty, SimpleQueue

from scheduling.highs_messages import Better, Bound, Ended, Found, FromHighs, Halt, Refused, Task

GRACE_S = 1.0
"""Wall time HiGHS has to end by itself after its time is up or it was asked to."""
ASKED_EVERY_S = 0.02
"""Wall time between two questions whether to stop."""
COMMAND = (sys.executable, "-m", "scheduling.highs_process")

Stop = Callable[[], bool]
Heard = Callable[[Better], bool]
"""Called with each better solution; true ends the task with it."""


class Highs:
    """A process that solves one task at a time.

    Parameters
    ----------
    command
        What is run.
    grace_s
        Wall time it has to end by itself.
    """

    def __init__(self, command: Sequence[str] = COMMAND, grace_s: float = GRACE_S) -> None:
        # A session of its own: Ctrl-C in a terminal is for the process that asks to stop, not for this one.
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
            start_new_session=True,
        )
        self._grace_s = grace_s
        self._tasks = 0
        self._messages: SimpleQueue[FromHighs | None] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can take a task."""
        return self._process.poll() is None

    def solve(
        self, task: Task, *, time_s: float, stop: Stop | None = None, heard: Heard | None = None
    ) -> tuple[Found, bool]:
        """Solve a task; returns what was found, and whether `stop` ended it.

        Where HiGHS does not end in time its process is killed, and what it told until then is what was found.
        """
        told, stopped, enough = Found(ended=Ended.EARLY), False, False
        self._tasks += 1
        self._tell(replace(task, number=self._tasks))
        until_s = time.monotonic() + time_s + self._grace_s
        while (left_s := until_s - time.monotonic()) > 0:
            if not stopped and not enough and stop is not None and stop():
                stopped = True
                until_s = min(until_s, self._halt())
            message = self._next(left_s if stop is None else min(left_s, ASKED_EVERY_S))
            if isinstance(message, Found):
                # What was enough is the end, or the machine's pace would decide what comes after it.
                return (told if enough else message), stopped
            if enough or message is None:
                continue
            told = _with(told, message)
            if isinstance(message, Better) and heard is not None and heard(message):
                enough = True
                until_s = min(until_s, self._halt())
        self.kill()
        return told, stopped

    def kill(self) -> None:
        """End it in the midst of anything."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def forget(self) -> None:
        """Close this side's end, in a copy of the process that started it: it is not the copy's to use or to end."""
        if self._process.stdin is not None:
            os.close(self._process.stdin.fileno())

    def _halt(self) -> float:
        """Ask it to end; returns until when it may take."""
        self._tell(Halt(self._tasks))
        return time.monotonic() + self._grace_s

    def _tell(self, message: Task | Halt) -> None:
        if self._process.stdin is not None:
            pickle.dump(message, self._process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()

    def _next(self, wait_s: float) -> Better | Bound | Found | None:
        """Next message; None where none came in that time."""
        try:
            message = self._messages.get(timeout=min(wait_s, threading.TIMEOUT_MAX))
        except Empty:
            return None
        if message is None:
            code = self._process.wait()
            self.kill()
            raise RuntimeError(f"the process with HiGHS ended by itself, with code {code}.")
        if isinstance(message, Refused):
            raise ValueError(message.reason)  # noqa: TRY004 - not the type is wrong but the programme
        return message

    def _listen(self) -> None:
        try:
            while self._process.stdout is not None:
                self._messages.put(pickle.load(self._process.stdout))  # noqa: S301 - our own process
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            self._messages.put(None)


def _with(told: Found, message: Better | Bound) -> Found:
    if isinstance(message, Bound):
        return replace(told, bound=max(told.bound, message.bound))
    bound = max(told.bound, message.bound)
    return Found(ended=Ended.EARLY, values=message.values, objective=message.objective, bound=bound)


class _Waiting:
    """Processes that wait for a task."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Highs] = []

    def take(self) -> Highs:
        with self._lock:
            while self._idle:
                highs = self._idle.pop()
                if highs.alive:
                    return highs
        return Highs()

    def give_back(self, highs: Highs) -> None:
        with self._lock:
            self._idle.append(highs)

    def end(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop().kill()

    def forget(self) -> None:
        self._lock = threading.Lock()
        while self._idle:
            self._idle.pop().forget()


_waiting = _Waiting()
atexit.register(_waiting.end)
os.register_at_fork(after_in_child=_waiting.forget)


@contextmanager
def highs() -> Iterator[Highs]:
    """A process for the block; it waits for the next one afterwards, or is killed where the block ends by an error."""
    taken = _waiting.take()
    try:
        yield taken
    except BaseException:
        taken.kill()
        raise
    if taken.alive:
        _waiting.give_back(taken)


def end_processes() -> None:
    """End the processes that wait; the next task starts a new one."""
    _waiting.end()
