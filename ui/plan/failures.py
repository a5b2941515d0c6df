"""What failed, in words."""

from __future__ import annotations

from collections.abc import Mapping


def named(failures: Mapping[str, str]) -> list[str]:
    """Messages by queue as lines, each of which names its queue once."""
    return [
        message if repr(name) in message else f"queue {name!r}: {message}"
        for name, message in failures.items()
    ]
