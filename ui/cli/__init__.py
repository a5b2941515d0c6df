"""The command line: `peakshift`, also `python -m ui.cli`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ui.cli.app import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 done · 2 wrong usage or input · 3 no feasible roster · 4 part of the work failed.
    """
    return run(list(sys.argv[1:] if arguments is None else arguments))
