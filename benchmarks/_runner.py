"""The convention of every benchmark: progress on stderr, one JSON object as the last line of stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping


def progress(message: str) -> None:
    """Show a line to whoever waits."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def emit(result: Mapping[str, object]) -> None:
    """Print the result; nothing may be written to stdout after it."""
    sys.stdout.write(json.dumps(result, allow_nan=False) + "\n")
    sys.stdout.flush()
