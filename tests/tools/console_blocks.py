"""Run the console blocks of a document, and write what they print back into it.

`python -m tests.tools.console_blocks docs/walkthrough.md` runs every `$ command` of the document in order, in an
empty folder beside which `shared` lies, and replaces what stands below each one by what it printed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ui.cli.output import PHASE_MARK

CHECKOUT = Path(__file__).parents[2]
BLOCK = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ran:
    """One command, its exit code and everything it printed."""

    command: str
    code: int
    printed: str


def commands_of(block: str) -> list[str]:
    """Commands of a block, continuation lines joined to theirs."""
    found: list[str] = []
    lines = iter(block.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command += "\n" + next(lines)
            found.append(command)
    return found


def stage(folder: Path, shared: Path) -> Path:
    """Lay out a folder like a checkout: the examples inside, `shared` beside it."""
    checkout = folder / "peakshift"
    (checkout / "docs").mkdir(parents=True)
    (checkout / "docs" / "examples").symlink_to(CHECKOUT / "docs" / "examples")
    (folder / "shared").symlink_to(shared)
    return checkout


def run(command: str, folder: Path, *, timeout_s: float = 600) -> Ran:
    """Run one command as a shell would, in a terminal of 110 columns without colours."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(CHECKOUT),
        "COLUMNS": "110",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }
    environment.pop("PEAKSHIFT_WORKSPACE", None)
    shell = ["bash", "-c", command]
    done = subprocess.run(
        shell, cwd=folder, env=environment, capture_output=True, text=True, timeout=timeout_s, check=False
    )
    printed = done.stdout + _without_progress(done.stderr)
    return Ran(
        command, done.returncode, "\n".join(line.rstrip() for line in printed.splitlines()).strip("\n")
    )


def rewrite(document: str, execute: Callable[[str], Ran]) -> str:
    """Return the document with every block's output renewed; stops at the first command that fails."""

    def renew(match: re.Match[str]) -> str:
        parts = []
        for command in commands_of(match.group()):
            ran = execute(command)
            if ran.code != 0:
                raise SystemExit(f"$ {command}\n{ran.printed}\nexit code {ran.code}")
            parts.append(f"$ {command}\n{ran.printed}".rstrip("\n"))
        return "\n".join(parts) + "\n"

    return BLOCK.sub(renew, document)


def _without_progress(stderr: str) -> str:
    return "\n".join(line for line in stderr.splitlines() if not line.startswith(PHASE_MARK))


def _main(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        checkout = stage(Path(folder), CHECKOUT.parent / "shared")
        renewed = rewrite(path.read_text(encoding="utf-8"), lambda command: run(command, checkout))
    path.write_text(renewed, encoding="utf-8")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
