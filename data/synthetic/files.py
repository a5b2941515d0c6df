"""The synthetic centre as the files a planner would import: the demo and the documentation read them like any other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from data.reference import agent_rows, contract_rows, pattern_rows, peak_rows, queue_rows
from data.synthetic.centre import Centre
from data.synthetic.traits import TIMEZONE

ENCODING = "utf-8-sig"
"""With the mark at its start Excel reads the names' characters as they are."""


def write_files(centre: Centre, folder: Path | str) -> Mapping[str, Path]:
    """Write queues.csv, patterns.csv, contracts.csv, agents.csv, peaks.csv and history.csv.

    Parameters
    ----------
    centre
        A centre that `make_centre` made; its truth is not written.
    folder
        Made when absent; files of these names are replaced.

    Returns
    -------
    dict
        Path by kind, in the order in which they can be imported.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    tables = {
        "queues": queue_rows(centre.queues),
        "patterns": pattern_rows(centre.patterns),
        "contracts": contract_rows(centre.contracts),
        "agents": agent_rows(centre.agents),
        "peaks": peak_rows(centre.peaks),
        "history": _history_rows(centre.history),
    }
    paths = {kind: place / f"{kind}.csv" for kind in tables}
    for kind, table in tables.items():
        table.to_csv(paths[kind], index=False, encoding=ENCODING, lineterminator="\n")
    return paths


def _history_rows(history: pd.DataFrame) -> pd.DataFrame:
    """The history as a switch exports it: local time with its offset, whole numbers."""
    figures = [name for name in history.columns if name not in ("queue", "start")]
    local = history["start"].dt.tz_convert(TIMEZONE)
    offset = local.iloc[0].isoformat()[-6:]  # China keeps one offset all year
    return history.assign(
        start=local.dt.tz_localize(None).astype("datetime64[s]").astype("str").str.replace(" ", "T") + offset,
        **{name: history[name].astype("int64") for name in figures},
    )
