"""How long the least agents of many intervals take, beside a peer on the same intervals."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks._runner import progress
from scheduling.arguments import Floats
from scheduling.erlang_c import minimal_agents_patient
from scheduling.minimal_agents import minimal_agents

AHT_S, SERVICE_LEVEL, THRESHOLD_S = 240.0, 0.8, 20.0
SAMPLE = 2_000
"""Intervals given to the peer, which takes half a millisecond for each."""

REPEATS = 20
"""Of the sample, for our own time, which would be too short to measure."""

OWN_PEERS = Path(__file__).parents[2] / ".venv-peers" / "bin" / "python"

PEER = """
import json, sys, time
from pyworkforce.queuing import ErlangC

given = json.load(sys.stdin)
def least(traffic):
    queue = ErlangC(
        transactions=traffic * 60 / given["aht_min"],
        aht=given["aht_min"], asa=given["threshold_min"], interval=60,
    )
    return queue.required_positions(service_level=given["service_level"])["raw_positions"]

least(given["traffic"][0])
begin = time.process_time()
found = [least(traffic) for traffic in given["traffic"]]
json.dump({"seconds": time.process_time() - begin, "agents": found}, sys.stdout)
"""


def time_minimal_agents(intervals: int, peer_python: Path | None = None) -> dict[str, object]:
    """Least agents for 95 % answered, traffic up to 500 erlangs, and the peer's Erlang C on a sample of it."""
    random = np.random.default_rng(1)
    traffic, patience_s = random.uniform(0.01, 500, intervals), random.uniform(60, 300, intervals)
    minimal_agents(traffic[:10], AHT_S, patience_s[:10])
    begin = time.process_time()
    minimal_agents(traffic, AHT_S, patience_s)
    seconds = time.process_time() - begin
    progress(f"minimal agents of {intervals} intervals: {seconds:.2f} s")
    compared = _ratio(traffic[:SAMPLE], peer_python)
    return {"intervals": intervals, "seconds": seconds, **compared}


def _ratio(traffic: Floats, peer_python: Path | None) -> dict[str, object]:
    """How many times the peer's processor time is ours, 80 % within 20 s in M/M/n; null where there is none."""
    peer = _peer_seconds(traffic, peer_python)
    if peer is None:
        progress("pyworkforce: not found, skipped (make peers, or --peer-python PATH)")
        return {"ratio_to_pyworkforce": None}
    theirs_s, theirs = peer
    minimal_agents_patient(traffic[:10], AHT_S, service_level=SERVICE_LEVEL, threshold_s=THRESHOLD_S)
    begin = time.process_time()
    for _ in range(REPEATS):
        ours = minimal_agents_patient(traffic, AHT_S, service_level=SERVICE_LEVEL, threshold_s=THRESHOLD_S)
    ours_s = (time.process_time() - begin) / REPEATS
    same = int((ours == theirs).sum())
    progress(
        f"Erlang C of {traffic.size} intervals: pyworkforce {theirs_s:.3f} s, here {ours_s:.5f} s; "
        f"{same} agree"
    )
    return {
        "ratio_to_pyworkforce": theirs_s / ours_s,
        "peer_intervals": traffic.size,
        "peer_agrees": same,
    }


def _peer_seconds(traffic: Floats, peer_python: Path | None) -> tuple[float, np.ndarray] | None:
    """Processor time and agents of pyworkforce, in the first interpreter that has it."""
    given = {
        "traffic": traffic.tolist(),
        "aht_min": AHT_S / 60,
        "threshold_min": THRESHOLD_S / 60,
        "service_level": SERVICE_LEVEL,
    }
    known = (Path(sys.executable), OWN_PEERS) if peer_python is None else (peer_python,)
    for python in known:
        if not python.exists():
            continue
        probe = subprocess.run([python, "-c", "import pyworkforce"], capture_output=True, check=False)  # noqa: S603
        if probe.returncode:
            continue
        done = subprocess.run(  # noqa: S603 - an interpreter the caller names, our own script
            [python, "-c", PEER], input=json.dumps(given), capture_output=True, text=True, check=True
        )
        found = json.loads(done.stdout)
        return float(found["seconds"]), np.array(found["agents"])
    return None
