"""pyworkforce's scheduling in an interpreter of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.roster_peer.case import Case, Goal, shift_types

OWN_PEERS = Path(__file__).parents[2] / ".venv-peers" / "bin" / "python"

KINDS = {Goal.HOURS: "MinRequiredResources", Goal.DIFFERENCE: "MinAbsDifference"}

PEER = """
import json, sys, time
from pyworkforce import scheduling

given = json.load(sys.stdin)
kind = getattr(scheduling, given.pop("kind"))
begin, begin_cpu = time.monotonic(), time.process_time()
scheduler = kind(**given)
found = scheduler.solve()
json.dump(
    {
        "seconds": time.monotonic() - begin,
        "cpu_seconds": time.process_time() - begin_cpu,
        "status": found["status"],
        "bound": scheduler.solver.BestObjectiveBound(),
        "chosen": [(row["day"], row["shift"], row["resources"]) for row in found["resources_shifts"]],
    },
    sys.stdout,
)
"""


@dataclass(frozen=True, slots=True)
class PeerFound:
    """What the peer handed back.

    Parameters
    ----------
    status
        As it says: OPTIMAL, FEASIBLE or another.
    bound_h
        Proven bound on what is to be least.
    chosen
        People by day and shift.
    seconds, cpu_seconds
        Building and solving, without starting Python.
    """

    status: str
    bound_h: float
    chosen: Mapping[tuple[int, str], int]
    seconds: float
    cpu_seconds: float

    @property
    def found(self) -> bool:
        """Whether there is a solution."""
        return self.status in {"OPTIMAL", "FEASIBLE"}


def peer_python(named: Path | None) -> Path | None:
    """The interpreter named, or the first one known, that has pyworkforce; None where there is none."""
    known = (Path(sys.executable), OWN_PEERS) if named is None else (named,)
    for python in known:
        if python.exists():
            probe = subprocess.run([python, "-c", "import pyworkforce"], capture_output=True, check=False)  # noqa: S603
            if not probe.returncode:
                return python
    return None


def solve_with_peer(
    python: Path, case: Case, goal: Goal = Goal.HOURS, *, time_s: float, threads: int
) -> PeerFound:
    """Least hours, by MinRequiredResources with each shift's hours as its cost, or least MinAbsDifference."""
    types = shift_types(case)
    days, periods = case.required.shape
    given: dict[str, object] = {
        "num_days": days,
        "periods": periods,
        "shifts_coverage": {name: works.tolist() for name, works in types.items()},
        "required_resources": case.required.tolist(),
        "max_period_concurrency": case.people,
        "max_shift_concurrency": case.people,
        "max_search_time": time_s,
        "num_search_workers": threads,
        "kind": KINDS[goal],
    }
    if goal is Goal.HOURS:
        given["cost_dict"] = {name: int(works.sum()) for name, works in types.items()}
    done = subprocess.run(  # noqa: S603 - an interpreter the caller names, our own script
        [python, "-c", PEER], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    chosen = {(day, name): people for day, name, people in found["chosen"] if people > 0}
    return PeerFound(
        found["status"],
        found["bound"] * case.step_min / 60,
        chosen,
        found["seconds"],
        found["cpu_seconds"],
    )
