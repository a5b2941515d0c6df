"""Ctrl-C and SIGTERM: a command stops in order and says so in one line; a second one ends it at once.

Loads nothing beside the standard library, so that it listens while everything else is being loaded.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

STOPPED = 130
"""Exit code of a stopped command: 128 + the number of SIGINT, as shells have it."""
SIGNALS = (signal.SIGINT, signal.SIGTERM)
SAME_S = 0.3
"""Signals that come this close together are one wish: a terminal and a runner between may both pass it on."""
SHOW_CURSOR = "\x1b[?25h"
MESSAGE = "Stopped before the end. What had been saved by then is kept."
AT_ONCE = "Stopped at once. What had been saved by then is kept."


class Stopping:
    """Whether a person asked the command to stop.

    Parameters
    ----------
    as_json
        Whether the end is told in a JSON document, too.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.asked = False
        self._as_json = as_json
        self._patient: Callable[[], None] | None = None
        self._first_s: float | None = None

    @contextmanager
    def patiently(self, said: Callable[[], None]) -> Iterator[Callable[[], bool]]:
        """Inside the block nothing is torn away: the work asks the function it is given whether to end in order.

        Parameters
        ----------
        said
            Called in another thread as soon as a person asked.
        """
        self._patient = said
        try:
            yield lambda: self.asked
        finally:
            self._patient = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM while the block runs; elsewhere than in the main thread nothing is taken."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        # Python's own handlers wait for the solver's compiled loops; the bytes of this pipe do not.
        wakeup = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        handlers = {number: signal.signal(number, self._handle) for number in SIGNALS}
        unraisable, sys.unraisablehook = sys.unraisablehook, _quiet(sys.unraisablehook)
        watcher = threading.Thread(target=self._watch, args=(reader,), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            sys.unraisablehook = unraisable
            for number, handler in handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(wakeup)
            os.close(writer)
            watcher.join()
            os.close(reader)

    def tell(self, message: str = MESSAGE) -> int:
        """Say that the command was stopped; returns the exit code."""
        # An interrupt inside a string of code that a library ran (dataclasses do) is remembered until the next
        # one is run, and would have Python end by the signal instead of the exit code.
        exec("")  # noqa: S102
        sys.stderr.write(f"{message}\n")
        if self._as_json:
            sys.stdout.write(document(message))
        sys.stdout.flush()
        return STOPPED

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        again, self.asked = self.asked, True
        if self._patient is None and not again:
            raise KeyboardInterrupt

    def _watch(self, reader: int) -> None:
        while got := os.read(reader, 64):
            if not any(number in SIGNALS for number in got):
                continue
            now = time.monotonic()
            if self._first_s is None:
                self._first_s = now
                if self._patient is not None:
                    self._patient()
            elif now - self._first_s > SAME_S:
                self._end_at_once()

    def _end_at_once(self) -> None:
        for child in _children():
            child.kill()
        cursor = SHOW_CURSOR if os.isatty(2) else ""
        os.write(2, f"{cursor}{AT_ONCE}\n".encode())
        if self._as_json:
            os.write(1, document(AT_ONCE).encode())
        os._exit(STOPPED)


def document(message: str) -> str:
    """Return the line of JSON a stopped command prints."""
    error = {"exit_code": STOPPED, "message": message}
    return json.dumps({"error": error}, ensure_ascii=False) + "\n"


def _quiet(shown: Callable[[Any], object]) -> Callable[[Any], None]:
    """Hook that passes everything on but an interrupt that came where none can be raised."""

    def hook(unraisable: Any) -> None:
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            shown(unraisable)

    return hook


def _children() -> list[Any]:
    """Processes of a pool, where there is one."""
    pools = sys.modules.get("multiprocessing")
    return [] if pools is None else list(pools.active_children())
