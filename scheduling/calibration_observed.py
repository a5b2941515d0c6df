"""What happened and who was there, interval by interval, for queues that share their agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import Channel, Queue
from data.errors import InputError
from data.intervals import clock
from data.presence import pool_name

ABANDONING = frozenset({Channel.VOICE, Channel.CHAT})
"""Channels whose contacts wait for an agent and leave; the others say nothing of how many were there."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Contacts and agents of queues that the same people serve.

    Parameters
    ----------
    queues
        Those whose contacts wait for an agent.
    frame
        One row an interval, in order of time: start, date, weekday, minute (on the queues' clock), offered,
        answered, handled (answered contacts whose handle time is known), handle_time_s, agents.
    absent
        Share of the contacts in intervals of which it is not known who was there.
    absent_days
        Local days with contacts of which that is not known at all.
    deferring
        Queues of these agents whose contacts can wait, by name.
    """

    queues: tuple[Queue, ...]
    frame: pd.DataFrame
    absent: float
    absent_days: int
    deferring: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The queues as messages name them."""
        return _named(self.queues)


def observe(queues: Sequence[Queue], history: pd.DataFrame, presence: pd.DataFrame) -> Observed:
    """Put contacts and agents present side by side.

    Parameters
    ----------
    queues
        Every queue the same agents serve.
    history
        HISTORY rows of these queues; intervals whose answered contacts are not known are passed over.
    presence
        PRESENCE rows of the agents who serve these queues, and of no others.

    Raises
    ------
    InputError
        The queues differ in interval, time zone or concurrency; the history does not tell what was answered or
        how long it took, or handle times are 0; or the two have no interval in common, or none with contacts.
    """
    mine = tuple(queue for queue in queues if queue.channel in ABANDONING)
    deferring = tuple(queue.id for queue in queues if queue.channel not in ABANDONING)
    name = _named(mine or tuple(queues))
    if not mine:
        raise InputError(
            f"{name}: work that can wait tells nothing of the agents who were there. Leave it out."
        )
    for field in ("interval_min", "timezone", "concurrency"):
        if len({getattr(queue, field) for queue in mine}) > 1:
            raise InputError(
                f"{name}: queues that share their agents need the same {field} to be calibrated together. "
                "Give them the same, or import presence for each."
            )
    contacts = _contacts(history[history["queue"].isin([queue.id for queue in mine])], name)
    known = presence.loc[:, ["start", "agents"]]
    whole = contacts.merge(known, on="start", how="left").sort_values("start", ignore_index=True)
    there = whole["agents"].notna()
    if not there.any():
        raise InputError(
            f"{name}: no interval of the history has agents present beside it. "
            "Import presence for the same days and the same interval length."
        )
    seen = whole[there]
    for column, what in (("offered", "no contact was offered"), ("handled", "no contact has a handle time")):
        if not seen[column].sum() > 0:
            raise InputError(
                f"{name}: {what} in the intervals that have agents present beside them. "
                "Import presence for the hours in which contacts come."
            )
    local = clock(pd.DatetimeIndex(whole["start"]), mine[0].timezone)
    whole = pd.concat([whole["start"], local, whole.drop(columns="start")], axis=1)
    days = whole[whole["offered"] > 0].groupby("date")["agents"].count()
    offered = whole["offered"].sum()
    return Observed(
        mine,
        whole[there].reset_index(drop=True),
        float(whole.loc[~there, "offered"].sum() / offered) if offered else 0.0,
        int((days == 0).sum()),
        deferring,
    )


def _contacts(history: pd.DataFrame, name: str) -> pd.DataFrame:
    """Contacts of all queues by interval: start, offered, answered, handled, handle_time_s."""
    answered = history["answered"].fillna(history["offered"] - history["abandoned"])
    told = history["handle_time_s"].notna()
    frame = pd.DataFrame(
        {
            "start": history["start"],
            "offered": history["offered"],
            "answered": answered,
            "handled": answered.where(told, 0.0),
            "handle_time_s": history["handle_time_s"].fillna(0.0),
        }
    )[answered.notna()]
    if frame.empty or not frame["offered"].sum() > 0:
        raise InputError(
            f"{name}: the history does not tell how many contacts were answered. Import answered or abandoned."
        )
    if not frame["handled"].sum() > 0:
        raise InputError(f"{name}: the history has no handle times. Import handle_time_s or aht_s.")
    if not frame["handle_time_s"].sum() > 0:
        raise InputError(f"{name}: every handle time of the history is 0. Correct handle_time_s or aht_s.")
    return frame.groupby("start", as_index=False).sum()


def _named(queues: Sequence[Queue]) -> str:
    return f"queue {pool_name(queue.id for queue in queues)!r}"


def daily(frame: pd.DataFrame, column: np.ndarray) -> pd.Series:
    """Sum of a figure by local day."""
    return pd.Series(column, index=frame["date"]).groupby(level=0).sum()
