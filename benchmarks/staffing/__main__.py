"""Measure every part, or the one that is named: `python -m benchmarks.staffing`.

Seconds are of one core and without compilation.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks._runner import emit
from benchmarks.staffing.calibration import FIT, TEST, calibration_error
from benchmarks.staffing.carry_over import error_of_carry_over
from benchmarks.staffing.curves import time_curves
from benchmarks.staffing.queueing import time_minimal_agents
from benchmarks.staffing.simulator import count_steady_states, time_simulator

PARTS: Mapping[str, Callable[[argparse.Namespace], object]] = {
    "minimal_agents": lambda given: time_minimal_agents(given.intervals, given.peer_python),
    "curves": lambda _: time_curves() | {"carry_over": error_of_carry_over()},
    "simulator": lambda given: time_simulator(given.days),
    "calibration": lambda given: calibration_error(
        given.calls, fitted_on=given.fit, tested_on=given.test, mapping=given.mapping
    ),
    "steady_state": lambda given: count_steady_states(given.cases),
}
"""Each gives its part of the JSON object, in this order."""


def main() -> None:
    """Measure, tell as it goes, and end with one JSON object."""
    parser = argparse.ArgumentParser(description="Speed and accuracy of staffing.")
    parser.add_argument("--only", choices=list(PARTS), metavar="NAME", help=f"one of {', '.join(PARTS)}")
    parser.add_argument("--intervals", type=int, default=100_000, help="intervals for minimal agents")
    parser.add_argument(
        "--peer-python", type=Path, help="an interpreter that has pyworkforce; see `make peers`"
    )
    parser.add_argument("--days", type=int, default=20, help="sampled days of 20,000 contacts")
    parser.add_argument("--cases", type=int, default=200, help="steady states compared with Erlang A")
    parser.add_argument("--fit", default=FIT, metavar="FIRST:LAST", help="days availability is fitted on")
    parser.add_argument("--test", default=TEST, metavar="FIRST:LAST", help="days that are predicted")
    parser.add_argument(
        "--calls", nargs="+", type=Path, metavar="FILE", help="rows per call that name the server"
    )
    parser.add_argument("--mapping", default="anonymous_bank", help="column mapping of those files")
    given = parser.parse_args()
    emit({name: part(given) for name, part in PARTS.items() if given.only in {None, name}})


if __name__ == "__main__":
    main()
