"""What became of a path's contacts, counted by interval, and what the people were doing meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduling.arguments import Floats, Integers

TALLIED = (
    "offered",
    "answered",
    "abandoned",
    "waiting",
    "pending",
    "in_threshold",
    "abandoned_in_threshold",
    "answered_wait_s",
    "wait_s",
    "busy_s",
    "staffed_s",
)
"""What is counted, see `simulate.Simulation`; all but the last two of contacts, by the interval they came in."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts of a path in order of arrival, shape (contacts,).

    Parameters
    ----------
    row
        Row of the forecast each came in.
    arrival_s, leaves_s, answered_s, due_s
        Instants it came, would hang up, was answered (NaN if never), and until which that was in time.
    """

    row: Integers
    arrival_s: Floats
    leaves_s: Floats
    answered_s: Floats
    due_s: Floats


def tally(contacts: Contacts, rows: int, can_wait: np.ndarray, end_s: float) -> Floats:
    """Count contacts by row of the forecast, shape (9, rows).

    Parameters
    ----------
    can_wait
        Whether each contact's queue is one whose contacts wait for a deadline, shape (contacts,).
    end_s
        When everything has ended.
    """
    answered = ~np.isnan(contacts.answered_s)
    abandoned = ~answered & (contacts.leaves_s <= end_s)
    waiting = ~(answered | abandoned)
    gone = np.where(answered, contacts.answered_s, np.minimum(contacts.leaves_s, end_s))
    wait = gone - contacts.arrival_s
    in_time = gone <= contacts.due_s
    columns = (
        np.ones(wait.size),
        answered,
        abandoned,
        waiting,
        waiting & in_time & can_wait,
        answered & in_time,
        abandoned & in_time,
        np.where(answered, wait, 0.0),
        wait,
    )
    return np.stack([np.bincount(contacts.row, column, rows) for column in columns])


def backlog(
    contacts: Contacts, row_key: Integers, key_queue: Integers, key_end_s: Floats, end_s: float
) -> Floats:
    """Contacts that wait at the end of each queue's local day, shape (keys,).

    Parameters
    ----------
    row_key
        Queue and day of each row of the forecast.
    key_queue, key_end_s
        Queue of each of them and when the day ends, ascending for each queue, shape (keys,).
    end_s
        When everything has ended; who still waits then waits at the end of a day that ends later, too.
    """
    key = row_key[contacts.row]
    came = np.bincount(key, minlength=key_queue.size)
    gone = np.where(np.isnan(contacts.answered_s), contacts.leaves_s, contacts.answered_s)
    gone[np.isnan(contacts.answered_s) & (contacts.leaves_s > end_s)] = np.inf
    left = np.zeros(key_queue.size)
    queue = key_queue[key]
    for q in np.unique(key_queue):
        own = np.flatnonzero(key_queue == q)
        place = np.searchsorted(key_end_s[own], gone[queue == q])
        left[own] = np.bincount(place, minlength=own.size + 1)[: own.size]
    change = came - left
    waits = np.cumsum(change)
    # The sum starts anew with each queue: keys lie in order of queue and day.
    first = np.flatnonzero(np.diff(key_queue, prepend=-1))
    return np.asarray(waits - (waits - change)[first][np.cumsum(np.diff(key_queue, prepend=-1) != 0) - 1])


def by_row(
    seconds: Floats, serves: np.ndarray, row_queue: Integers, row_first: Integers, row_last: Integers
) -> Floats:
    """Seconds of the people who serve a row's queue, within the row's slots, shape (rows,).

    Parameters
    ----------
    seconds
        Of each skill set in each slot, shape (sets, slots).
    serves
        Which queues a set serves, shape (sets, queues).
    row_queue, row_first, row_last
        Queue of each row of the forecast, its first slot and the first one after it.
    """
    upto = np.zeros((serves.shape[1], seconds.shape[1] + 1))
    np.cumsum(serves.T.astype(float) @ seconds, axis=1, out=upto[:, 1:])
    return np.asarray(upto[row_queue, row_last] - upto[row_queue, row_first])
