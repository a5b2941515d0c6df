"""The command line: `peakshift`, also `python -m ui.cli`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ui.cli.arguments import split_globals
from ui.cli.stopping import Stopping


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 done · 2 wrong usage or input · 3 no feasible roster · 4 part of the work failed · 130 stopped.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    stopping = Stopping(as_json="--json" in split_globals(given)[0])
    with stopping.listening():
        try:
            from ui.cli.app import run  # noqa: PLC0415 - loading takes seconds, in which Ctrl-C is to work too

            return run(given, stopping)
        except KeyboardInterrupt:
            return stopping.tell()
        except Exception:
            # An interrupt inside a library may come out as any other error.
            if stopping.asked:
                return stopping.tell()
            raise
