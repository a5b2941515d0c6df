"""A centre of one hourly queue, small enough to be rostered in a second or two."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from data.ingest import ingest_history
from data.reference import import_reference
from data.store import Workspace

ZONE = "Asia/Shanghai"
MONDAY = date(2026, 11, 23)
HISTORY_DAYS = 21
START = datetime.combine(MONDAY, time(), ZoneInfo(ZONE)) - timedelta(days=HISTORY_DAYS)

Rows = Sequence[Sequence[object]]


def table(path: Path, header: str, rows: Rows) -> Path:
    """Write a CSV file; the header as one would type it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header.split(","), *rows])
    return path


def small_centre(
    folder: Path,
    *,
    queue: str,
    patterns: Rows,
    people: int,
    open_h: Sequence[int],
    offered: float = 6.0,
) -> Workspace:
    """Make a workspace with three weeks of history before `MONDAY`.

    Parameters
    ----------
    folder
        Where files and workspace go.
    queue
        Its row: queue,answer_rate,period,interval_floor,open,close.
    patterns
        Rows: pattern, start_earliest, start_latest, start_step_min, length_min.
    people
        Everybody may work every pattern.
    open_h
        Local hours with contacts.
    offered
        Contacts an hour, on average.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name, *target = queue.split(",")
    header = "queue,answer_rate,period,interval_floor,open,close,timezone,interval_min,patience_s"
    queues = table(folder / "queues.csv", header, [[name, *target, ZONE, 60, 240]])
    shifts = "pattern,start_earliest,start_latest,start_step_min,length_min"
    agents = table(
        folder / "agents.csv",
        "agent_id,skills,contract",
        [[f"A{n:02d}", name, "all"] for n in range(people)],
    )
    contract = table(
        folder / "contracts.csv", "contract,patterns", [["all", ";".join(str(row[0]) for row in patterns)]]
    )
    workspace = Workspace.create(folder / "workspace", timezone=ZONE)
    import_reference(workspace, "queues", [queues])
    import_reference(workspace, "patterns", [table(folder / "patterns.csv", shifts, patterns)])
    import_reference(workspace, "contracts", [contract])
    import_reference(workspace, "agents", [agents])
    draw = np.random.default_rng(3)
    rows = []
    for day in range(HISTORY_DAYS):
        for hour in open_h:
            moment = START + timedelta(days=day, hours=hour)
            count = int(draw.binomial(12, offered / 12))
            rows.append([name, moment.isoformat(), count, count, 180 * count])
    history = table(folder / "history.csv", "queue,start,offered,answered,handle_time_s", rows)
    ingest_history(workspace, [history])
    return workspace
