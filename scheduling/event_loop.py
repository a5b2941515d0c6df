"""Compiled heart of the simulation: contacts, agents and queues from event to event, no randomness, no objects.

Everything random is drawn beforehand, contact by contact. Two rosters simulated with one seed therefore meet
the same contacts with the same patience and handle times.
"""

from __future__ import annotations

import numpy as np

from scheduling.compiled import compiled
from scheduling.event_lines import NOBODY, enter, leave, pop, push

OFF, START, RETURN = 0, 1, 2
"""What a change of duty is: off duty, the start of a shift, the return from a break or absence within it."""


@compiled
def _free_agent(  # noqa: PLR0917 - compiled code takes arguments by position
    queue: int,
    room: int,
    serves: np.ndarray,
    turn: np.ndarray,
    ends: np.ndarray,
    since: np.ndarray,
) -> int:
    """Agent for an arriving contact: of those with room the set whose turn it is, the least loaded, the longest free."""
    sets = serves.shape[0]
    levels = ends.shape[0] // max(1, sets)
    chosen, best, least = NOBODY, 0, 0
    for g in range(sets):
        own = turn[g]
        if not serves[g, queue] or (chosen != NOBODY and own > best):
            continue
        for load in range(room + 1):
            first = ends[g * levels + load, 0]
            if first == NOBODY:
                continue
            if (
                chosen == NOBODY
                or own < best
                or load < least
                or (load == least and since[first] < since[chosen])
            ):
                chosen, best, least = first, own, load
            break
    return chosen


@compiled
def _next_contact(  # noqa: PLR0917 - compiled code takes arguments by position
    now: float,
    room: int,
    able: np.ndarray,
    units: np.ndarray,
    priority: np.ndarray,
    waiting: np.ndarray,
    follower: np.ndarray,
    deadline: np.ndarray,
) -> int:
    """Contact for an agent that has room: of its queues the highest priority, then who has waited longest.

    Who has hung up meanwhile is dropped on the way. The contact is taken out of its queue.
    """
    best = -1
    for q in range(units.size):
        if not able[q] or units[q] > room:
            continue
        while waiting[q, 0] != NOBODY and deadline[waiting[q, 0]] < now:
            waiting[q, 0] = follower[waiting[q, 0]]
        if waiting[q, 0] == NOBODY:
            waiting[q, 1] = NOBODY
            continue
        if (
            best < 0
            or priority[q] > priority[best]
            or (priority[q] == priority[best] and waiting[q, 0] < waiting[best, 0])
        ):
            best = q
    if best < 0:
        return NOBODY
    contact = int(waiting[best, 0])
    waiting[best, 0] = follower[contact]
    if waiting[best, 0] == NOBODY:
        waiting[best, 1] = NOBODY
    return contact


@compiled
def _spread(time: np.ndarray, begin: float, end: float, weight: float, step: float) -> None:
    """Add weight · seconds of [begin, end) to the slots it runs through; what lies outside the slots is left out."""
    at, end = max(begin, 0.0), min(end, step * time.size)
    slot = int(at / step)
    while at < end and slot < time.size:
        upto = min(end, (slot + 1) * step)
        time[slot] += weight * (upto - at)
        at = upto
        slot += 1


@compiled
def run(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one event loop reads best in one piece; compiled code takes arguments by position
    arrival: np.ndarray,
    queue: np.ndarray,
    deadline: np.ndarray,
    service: np.ndarray,
    change: np.ndarray,
    changing: np.ndarray,
    kind: np.ndarray,
    member: np.ndarray,
    serves: np.ndarray,
    turn: np.ndarray,
    units: np.ndarray,
    capacity: int,
    priority: np.ndarray,
    step: float,
    slots: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """When and by whom each contact is answered, and how long agents are there and busy.

    At one instant agents go off duty first, then services end, then agents come on duty, then contacts arrive.
    An agent who goes off duty finishes the contacts in hand, and comes back later by as much: breaks and absences
    keep their length.

    Parameters
    ----------
    arrival, queue, deadline, service
        Contacts in order of arrival: instant, queue, instant at which it hangs up if still waiting, handle time;
        shape (contacts,).
    change, changing, kind
        When which agent goes off duty (0), starts a shift (1) or returns (2), in order of time, off before on;
        shape (changes,).
    member
        Skill set of each agent, shape (agents,).
    serves
        Which queues a skill set serves, shape (sets, queues).
    turn
        Of each skill set, when its free agents are asked for an arriving contact, lower first, shape (sets,).
    units
        Units of an agent's capacity a contact of each queue takes, shape (queues,).
    capacity
        Units an agent has.
    priority
        Of each queue, higher first.
    step, slots
        Length of a slot, the first beginning at 0, and how many there are.

    Returns
    -------
    answered, agent
        Instant answered, NaN, and by whom, −1, for contacts that never are, shape (contacts,).
    staffed, busy
        Seconds agents of each skill set are on duty or finishing a contact, and seconds of them in units of their
        capacity spent on contacts, by slot, shape (sets, slots).
    """
    contacts, agents, queues = arrival.size, member.size, units.size
    answered = np.full(contacts, np.nan)
    by = np.full(contacts, NOBODY)
    staffed, busy = np.zeros((serves.shape[0], slots)), np.zeros((serves.shape[0], slots))
    follower = np.full(contacts, NOBODY)
    waiting = np.full((queues, 2), NOBODY)
    load = np.zeros(agents, dtype=np.int64)
    duty = np.zeros(agents, dtype=np.bool_)
    since, there_since = np.zeros(agents), np.zeros(agents)
    ahead, behind = np.full(agents, NOBODY), np.full(agents, NOBODY)
    ends = np.full((serves.shape[0] * capacity, 2), NOBODY)
    left_at, free_at = np.zeros(agents), np.zeros(agents)
    # What an agent who is still busy when the return is due has left to take, and when a late return is due.
    owed, due = np.zeros(agents), np.full(agents, np.nan)
    # A late return called off stays in the heap until its time: at most one for each change of duty.
    heap = np.empty(agents * capacity + change.size + 1)
    owner = np.empty((heap.size, 2), dtype=np.int64)
    coming, i, j = 0, 0, 0
    while i < contacts or j < change.size or coming > 0:
        at_change = change[j] if j < change.size else np.inf
        at_end = heap[0] if coming > 0 else np.inf
        at_arrival = arrival[i] if i < contacts else np.inf
        agent, contact = NOBODY, NOBODY
        if at_arrival < at_change and at_arrival < at_end:
            now, q, contact = at_arrival, queue[i], i
            i += 1
            agent = _free_agent(q, capacity - units[q], serves, turn, ends, since)
            if agent == NOBODY:
                if waiting[q, 1] == NOBODY:
                    waiting[q, 0] = contact
                else:
                    follower[waiting[q, 1]] = contact
                waiting[q, 1] = contact
                continue
            leave(agent, member[agent] * capacity + load[agent], ahead, behind, ends)
        elif at_change <= at_end and kind[j] == OFF:
            now, agent = at_change, changing[j]
            j += 1
            if duty[agent] and load[agent] < capacity:
                leave(agent, member[agent] * capacity + load[agent], ahead, behind, ends)
            if duty[agent] and load[agent] == 0:
                _spread(staffed[member[agent]], there_since[agent], now, 1.0, step)
            duty[agent] = False
            left_at[agent] = free_at[agent] = now
            owed[agent], due[agent] = 0.0, np.nan
            continue
        elif at_change < at_end:
            now, agent = at_change, changing[j]
            returns = kind[j] == RETURN
            j += 1
            if returns and load[agent] > 0:
                owed[agent] = now - left_at[agent]
                continue
            if returns and free_at[agent] > left_at[agent]:
                due[agent] = now + free_at[agent] - left_at[agent]
                push(coming, heap, owner, due[agent], NOBODY, agent)
                coming += 1
                continue
            duty[agent] = True
            owed[agent], due[agent] = 0.0, np.nan
            if load[agent] == 0:
                there_since[agent] = now
        else:
            now, ended, agent = at_end, owner[0, 0], owner[0, 1]
            pop(coming, heap, owner)
            coming -= 1
            if ended == NOBODY:
                if due[agent] != now:
                    continue
                duty[agent], due[agent], there_since[agent] = True, np.nan, now
            else:
                if duty[agent] and load[agent] < capacity:
                    leave(agent, member[agent] * capacity + load[agent], ahead, behind, ends)
                load[agent] -= units[queue[ended]]
                if not duty[agent]:
                    if load[agent] > 0:
                        continue
                    _spread(staffed[member[agent]], there_since[agent], now, 1.0, step)
                    free_at[agent] = now
                    if owed[agent] > 0.0:
                        due[agent], owed[agent] = now + owed[agent], 0.0
                        push(coming, heap, owner, due[agent], NOBODY, agent)
                        coming += 1
                    continue
        # Here the agent is on duty and in no line: it takes the contact that arrived, or those that wait.
        group = member[agent]
        while load[agent] < capacity:
            arrived = contact != NOBODY
            if not arrived:
                contact = _next_contact(
                    now, capacity - load[agent], serves[group], units, priority, waiting, follower, deadline
                )
                if contact == NOBODY:
                    break
            share = units[queue[contact]]
            answered[contact], by[contact] = now, agent
            load[agent] += share
            until = now + service[contact]
            _spread(busy[group], now, until, share / capacity, step)
            push(coming, heap, owner, until, contact, agent)
            coming += 1
            contact = NOBODY
            if arrived:
                break
        if load[agent] < capacity:
            since[agent] = now
            enter(agent, group * capacity + load[agent], ahead, behind, ends)
    return answered, by, staffed, busy
