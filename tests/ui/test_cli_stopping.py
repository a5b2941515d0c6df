"""Ctrl-C and SIGTERM, sent to real processes as a terminal or a service manager would."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from data.store import Workspace
from tests.tools.console_blocks import CHECKOUT
from tests.ui.conftest import MONDAY
from ui.cli import main

LONGEST_S = 120.0
TORN = f"""
import sys, time
from ui.cli.stopping import Stopping
stopping = Stopping(as_json=True)
with stopping.listening(), stopping.patiently(lambda: print("asked", file=sys.stderr, flush=True)) as stop:
    print("ready", file=sys.stderr, flush=True)
    end = time.monotonic() + {LONGEST_S}
    while time.monotonic() < end:
        time.sleep(0.01)
"""


@dataclass
class Running:
    """A command in a session of its own, its stderr on a terminal."""

    process: subprocess.Popen[str]
    terminal: int
    said: str = ""
    ended: bool = field(default=False)

    def wait_for(self, seen: Callable[[Running], bool]) -> None:
        end = time.monotonic() + LONGEST_S
        while not seen(self):
            assert time.monotonic() < end, self.said
            assert not self.ended, self.said
            self._read()

    def send(self, number: signal.Signals) -> None:
        """To every process of the terminal, as Ctrl-C goes, or to the command alone."""
        if number is signal.SIGINT:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)

    def end(self) -> tuple[int, str]:
        """Its exit code and what it wrote on stdout; nothing of it is left, and it never showed a traceback."""
        while not self.ended:
            self._read()
        out, _ = self.process.communicate(timeout=LONGEST_S)
        assert "Traceback" not in self.said, self.said
        _wait_until_gone(self.process.pid)
        return self.process.returncode, out

    def _read(self) -> None:
        if not select.select([self.terminal], [], [], 0.02)[0]:
            return
        try:
            read = os.read(self.terminal, 65536)
        except OSError:  # Linux: the other end is closed
            read = b""
        self.ended = not read
        self.said += read.decode(errors="replace")


def _wait_until_gone(group: int) -> None:
    end = time.monotonic() + 20
    while left := _members(group):
        assert time.monotonic() < end, left
        time.sleep(0.05)


def _members(group: int) -> list[str]:
    """Living processes of a group, as /proc tells them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            stat = path.read_text(encoding="utf-8")
            state, _, of_group = stat.rpartition(") ")[2].split()[:3]
            if of_group == str(group) and state != "Z":
                found.append(stat)
    return found


Start = Callable[..., Running]


@pytest.fixture
def start() -> Iterator[Start]:
    begun: list[Running] = []

    def begin(*arguments: object, command: Sequence[str] = ("-m", "ui.cli")) -> Running:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, *command, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=theirs,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd=CHECKOUT,
            env={**os.environ, "OMP_NUM_THREADS": "1", "TERM": "xterm", "COLUMNS": "200"},
            start_new_session=True,
        )
        os.close(theirs)
        begun.append(Running(process, ours))
        return begun[-1]

    yield begin
    for one in begun:
        one.process.kill()
        one.process.communicate()
        os.close(one.terminal)


def loading(running: Running) -> bool:
    """Whether it is in the midst of loading its modules."""
    maps = Path(f"/proc/{running.process.pid}/maps").read_text(encoding="utf-8")
    return "numpy" in maps


def saying(words: str) -> Callable[[Running], bool]:
    return lambda running: words in running.said


def error_of(out: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(out)["error"]
    return found


def test_ctrl_c_keeps_the_best_roster_found_until_then(start: Start, own: Workspace) -> None:
    """At a gap of 0 this small problem improves nothing any more and proves nothing within minutes."""
    solve = ("roster", "solve", "--from", MONDAY, "--days", 7, "--gap", 0, "--time-limit", 300)
    running = start("--json", "--workspace", own.path, *solve, "--name", "torn")
    running.wait_for(saying("cost"))
    running.send(signal.SIGINT)
    code, out = running.end()
    assert code == 130
    document = json.loads(out)
    assert (document["status"], document["violations"]) == ("cancelled", [])
    assert "kept as 'torn'" in running.said
    assert main(["--workspace", str(own.path), "roster", "check", "torn"]) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_roster_stopped_before_any_was_found_is_not_saved(
    start: Start, own: Workspace, number: signal.Signals
) -> None:
    solve = ("roster", "solve", "--from", MONDAY, "--days", 7, "--gap", 0, "--time-limit", 300)
    running = start("--json", "--workspace", own.path, *solve, "--name", "torn")
    running.wait_for(saying("Answer curves"))
    running.send(number)
    code, out = running.end()
    assert code == 130
    assert error_of(out)["exit_code"] == 130
    assert "Nothing was saved" in running.said
    assert "torn" not in {record.name for record in own.rosters()}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_while_modules_are_loaded_is_told_in_one_line(
    start: Start, filled: Workspace, number: signal.Signals
) -> None:
    running = start("--json", "--workspace", filled.path, "roster", "list")
    running.wait_for(loading)
    running.send(number)
    code, out = running.end()
    assert code == 130
    assert error_of(out)["message"] == running.said.strip()
    assert len(running.said.strip().splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_import_that_is_stopped_writes_nothing(
    start: Start, own: Workspace, tmp_path: Path, number: signal.Signals
) -> None:
    endless = tmp_path / "history.csv"
    os.mkfifo(endless)
    before = own.versions()
    running = start("--json", "--workspace", own.path, "import", "history", endless)
    running.wait_for(saying("Reading"))
    running.send(number)
    code, out = running.end()
    assert (code, error_of(out)["exit_code"]) == (130, 130)
    assert own.versions() == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_night_that_is_stopped_ends_its_workers_in_silence(
    start: Start, own: Workspace, number: signal.Signals
) -> None:
    before = own.forecasts()
    night = ("nightly", "--as-of", "2026-11-23T03:00+08:00", "--workers", 2)
    running = start("--json", "--workspace", own.path, *night)
    running.wait_for(saying("Forecast"))
    running.send(number)
    code, out = running.end()
    assert (code, error_of(out)["exit_code"]) == (130, 130)
    assert "Stopped before the end" in running.said
    assert own.forecasts() == before


def test_workers_end_with_a_command_that_was_killed(start: Start, own: Workspace) -> None:
    running = start("--workspace", own.path, "nightly", "--as-of", "2026-11-23T03:00+08:00")
    running.wait_for(saying("Forecast"))
    running.wait_for(lambda _: len(_members(running.process.pid)) > 2)
    running.process.kill()
    # A worker that was only just being made says so in Python's own words; what matters is that it goes too.
    assert running.process.wait(LONGEST_S) == -signal.SIGKILL
    _wait_until_gone(running.process.pid)


def test_a_second_ctrl_c_ends_at_once_what_is_still_ending_in_order(start: Start) -> None:
    running = start(command=("-c", TORN))
    running.wait_for(saying("ready"))
    running.send(signal.SIGINT)
    running.wait_for(saying("asked"))
    assert running.process.poll() is None
    time.sleep(0.5)
    running.send(signal.SIGINT)
    code, out = running.end()
    assert code == 130
    assert error_of(out)["message"] in running.said


def test_one_wish_that_comes_twice_at_a_time_is_one_wish(start: Start) -> None:
    running = start(command=("-c", TORN))
    running.wait_for(saying("ready"))
    running.send(signal.SIGINT)
    running.send(signal.SIGTERM)
    running.wait_for(saying("asked"))
    time.sleep(0.5)
    assert running.process.poll() is None
    assert running.said.count("asked") == 1
