"""A job's folder: its files read and written whole, and the lock that tells whether its worker lives."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ui.jobs.record import Job, Progress, State


@dataclass(frozen=True, slots=True)
class JobFolder:
    """Where one job's files are."""

    path: Path

    @property
    def files(self) -> Path:
        """Uploads the job works on."""
        return self.path / "files"

    @property
    def log(self) -> Path:
        """What the worker wrote."""
        return self.path / "log.txt"

    def request(
        self, kind: str, arguments: Mapping[str, Any], created_at: datetime, uploads: Sequence[str] = ()
    ) -> None:
        """Write down what is to be done, and with which files in which order."""
        document = {
            "kind": kind,
            "arguments": dict(arguments),
            "created_at": created_at.isoformat(),
            "uploads": list(uploads),
        }
        self._write("request.json", document)

    def advance(self, progress: Progress) -> None:
        """Write down how far it is."""
        self._write("progress.json", asdict(progress))

    def end(
        self, state: State, ended_at: datetime, *, message: str = "", result: dict[str, Any] | None = None
    ) -> None:
        """Write down how it ended and take the uploads away."""
        document = {
            "state": state.value,
            "message": message,
            "ended_at": ended_at.isoformat(),
            "result": result or {},
        }
        self._write("result.json", document)
        shutil.rmtree(self.files, ignore_errors=True)

    def ask_to_stop(self) -> None:
        """Ask the worker to stop."""
        (self.path / "cancel").touch()

    def asked_to_stop(self) -> bool:
        """Whether somebody asked the worker to stop."""
        return (self.path / "cancel").exists()

    def lock(self) -> int:
        """Take the lock and return its descriptor; whoever inherits the descriptor holds the lock too."""
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return descriptor

    def is_locked(self) -> bool:
        """Whether a worker lives."""
        try:
            descriptor = self.lock()
        except BlockingIOError:
            return True
        os.close(descriptor)
        return False

    def read(self) -> Job:
        """Everything that is known about the job."""
        asked = self._read("request.json")
        # In this order: a worker that ends between two looks has left its result by the second.
        ended = self._read("result.json")
        locked = not ended and self.is_locked()
        ended = ended or ({} if locked else self._read("result.json"))
        state = State(ended["state"]) if ended else State.RUNNING if locked else State.LOST
        return Job(
            id=self.path.name,
            kind=asked["kind"],
            arguments=asked["arguments"],
            uploads=tuple(asked["uploads"]),
            created_at=datetime.fromisoformat(asked["created_at"]),
            state=state,
            progress=Progress(**self._read("progress.json")),
            cancelling=self.asked_to_stop(),
            message=ended.get("message", ""),
            ended_at=datetime.fromisoformat(ended["ended_at"]) if ended else None,
            result=ended.get("result", {}),
        )

    def _read(self, name: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.path / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return found

    def _write(self, name: str, document: dict[str, Any]) -> None:
        """Write a file under another name and rename it: whoever reads sees all of it or the one before."""
        draft = self.path / f".{name}.new"
        draft.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        draft.replace(self.path / name)
