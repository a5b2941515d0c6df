"""Who was there: agents present per interval, counted for the queues they serve together.

Agents with several skills cannot be said to be present for one queue, so presence belongs to the queues the same
people serve, which are named together. No queue is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from data.errors import InputError
from data.schema import START, Column, Schema

SEPARATOR = ";"
"""No name of a queue can hold it."""

PRESENCE = Schema(
    "presence",
    (
        Column("queues", "text", "", "Queues the same agents serve, in alphabetical order, joined by ;"),
        START,
        Column(
            "agents",
            "number",
            "agents",
            "Mean number of agents logged in for these queues, after breaks and absences",
            lower=0,
        ),
    ),
    ("queues", "start"),
)


def pool_name(queues: Iterable[str]) -> str:
    """Write queues that the same agents serve as one text, each once and in alphabetical order."""
    return SEPARATOR.join(sorted(dict.fromkeys(queues)))


def pool_queues(name: str) -> tuple[str, ...]:
    """Queues of a text that `pool_name` wrote."""
    return tuple(name.split(SEPARATOR))


def superseded(frame: pd.DataFrame) -> np.ndarray:
    """Which rows no longer count, since a later version tells of another set of queues that shares one with theirs.

    Parameters
    ----------
    frame
        Columns queues, start, version; each set of queues once per interval.

    Returns
    -------
    ndarray
        Of booleans, shape (rows,). A row whose only rivals are superseded themselves counts.
    """
    gone = np.zeros(len(frame), dtype=bool)
    names = {name: pool_queues(name) for name in frame["queues"].unique()}
    single = pd.DataFrame({"queue": frame["queues"].map(names), "start": frame["start"]})
    single = single.assign(row=np.arange(len(frame))).explode("queue")
    doubtful = single.loc[single.duplicated(["queue", "start"], keep=False), "row"].unique()
    version, pool = frame["version"].to_numpy(), frame["queues"].to_numpy()
    starts = frame["start"].to_numpy()
    taken: dict[tuple[np.datetime64, str], int] = {}
    for row in sorted(doubtful.tolist(), key=lambda row: -version[row]):
        keys = [(starts[row], queue) for queue in names[pool[row]]]
        gone[row] = any(taken.get(key, version[row]) > version[row] for key in keys)
        if not gone[row]:
            taken |= dict.fromkeys(keys, version[row])
    return gone


def require_apart(names: Iterable[str]) -> None:
    """See that no queue is counted with two sets of agents.

    Raises
    ------
    InputError
        One is; the message names it and both sets.
    """
    held: dict[str, str] = {}
    for name in dict.fromkeys(names):
        for queue in pool_queues(name):
            other = held.setdefault(queue, name)
            if other != name:
                raise InputError(
                    f"queue {queue!r}: its agents are counted with {other!r} and with {name!r}. "
                    "Choose days that know one of them, or import presence for one set of queues the same agents serve."
                )
