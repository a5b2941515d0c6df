"""One sampled course of contacts through the centre: drawn, run and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduling.absence import Absence, changes
from scheduling.arguments import Floats, Integers
from scheduling.contact_laws import QueueLaws
from scheduling.event_loop import run
from scheduling.simulation_setting import Setting
from scheduling.simulation_tally import Contacts, backlog, by_row, tally

ARRIVALS, PATIENCE, HANDLE_TIMES, ABSENCES = range(4)
"""What each stream of random numbers is for, so that one does not depend on how much another one used."""


@dataclass(frozen=True, slots=True)
class Path:
    """What one path gives.

    Parameters
    ----------
    sums
        Columns of `simulation_tally.TALLIED` by row of the forecast, shape (columns, rows).
    backlog
        Contacts that wait at the end of each queue's local day, shape (keys,).
    """

    sums: Floats
    backlog: Floats


def run_path(
    shared: Setting,
    counts: Integers,
    laws: QueueLaws,
    *,
    turn: Integers,
    absence: Absence,
    seed: Sequence[int],
) -> Path:
    """Draw the contacts of one path, run them through the centre and count what became of them."""
    random = [np.random.default_rng((*seed, purpose)) for purpose in range(4)]
    row, arrival, patience, handle = draw(shared, counts, laws, random)
    queue = shared.row_queue[row]
    time, who, kind = changes(shared.shifts, shared.share, shared.member, absence, random[ABSENCES])
    ready = _ready_s(shared, queue, arrival)
    order = np.argsort(ready, kind="stable")
    answered = np.empty(ready.size)
    answered[order], _, staffed, busy = run(
        ready[order],
        queue[order],
        (arrival + patience)[order],
        handle[order],
        time,
        who,
        kind,
        shared.member,
        shared.serves,
        turn,
        shared.units,
        shared.capacity,
        shared.rank,
        shared.step_s,
        shared.slots,
    )
    contacts = Contacts(row, arrival, arrival + patience, answered, _due_s(shared, queue, arrival))
    grid = (shared.serves, shared.row_queue, shared.row_first, shared.row_last)
    sums = np.vstack(
        [
            tally(contacts, shared.row_queue.size, shared.can_wait[queue], shared.end_s),
            by_row(busy, *grid),
            by_row(staffed, *grid),
        ]
    )
    return Path(sums, backlog(contacts, shared.row_key, shared.key_queue, shared.key_end_s, shared.end_s))


def draw(
    shared: Setting, counts: Integers, laws: QueueLaws, random: Sequence[np.random.Generator]
) -> tuple[Integers, Floats, Floats, Floats]:
    """Row, arrival, patience and handle time of each contact in order of arrival, times in s, shape (contacts,).

    They are drawn in the order of rows: they belong to the contact, whenever it comes.
    """
    row = np.repeat(np.arange(counts.size), counts)
    queue = shared.row_queue[row]
    arrival = shared.row_start_s[row] + random[ARRIVALS].random(row.size) * shared.row_length_s[row]
    patience = laws.patiences(random[PATIENCE], queue, shared.patience_s)
    handle = shared.row_aht_s[row] * laws.handle_factors(random[HANDLE_TIMES], queue)
    order = np.argsort(arrival, kind="stable")
    return row[order], arrival[order], patience[order], handle[order]


def _ready_s(shared: Setting, queue: Integers, arrival: Floats) -> Floats:
    """From when on each contact may be begun: its arrival or, where it waits for a planned hour, its release."""
    ready: Floats = arrival.copy()
    for number, plan in shared.releases.items():
        own = queue == number
        # What the plan never comes to is there when everybody has gone.
        ready[own] = np.minimum(plan.of(arrival[own]), shared.end_s)
    return ready


def _due_s(shared: Setting, queue: Integers, arrival: Floats) -> Floats:
    """Until when each contact is in time: its queue's threshold or, where it can wait, its deadline."""
    until: Floats = arrival + shared.threshold_s[queue]
    for number, deadline in shared.deadlines.items():
        own = queue == number
        until[own] = deadline.of(arrival[own])
    return until
