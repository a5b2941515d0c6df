"""History → forecast → answer curves → roster → simulation: the one place where the parts are wired together.

The command line and the pages both call these functions; none of them knows a terminal or a browser.
"""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[str, float | None], None]
"""Called with what is being done and, where it is known, the share done so far, 0–1."""


def silent(_phase: str, _share: float | None) -> None:
    """Report nothing."""
