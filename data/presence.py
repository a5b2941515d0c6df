"""Who was there: agents present per interval, counted for the queues they serve together.

Agents with several skills cannot be said to be present for one queue, so presence belongs to the queues the same
people serve, which are named together. No queue is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable

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
