"""Compiled heart of the simulation: contacts, agents and queues from event to event, no randomness, no objects.

Everything random is drawn beforehand, contact by contact. Two rosters simulated with one seed therefore meet
the same contacts with the same patience and handle times.
"""

from __future__ import annotations

import numpy as np

from scheduling.compiled import compiled

NOBODY = -1

OFF, START, RETURN = 0, 1, 2
"""What a change of duty is: off duty, the start of a shift, the return from a break or absence within it."""


@compiled
def _enter(agent: int, line: int, ahead: np.ndarray, behind: np.ndarray, ends: np.ndarray) -> None:
    """Put an agent at the end of a line of free agents: lines stay in order of how long they have been free."""
    last = ends[line, 1]
    ahead[agent], behind[agent] = last, NOBODY
    if last == NOBODY:
        ends[line, 0] = agent
    else:
        behind[last] = agent
    ends[line, 1] = agent


@compiled
def _leave(agent: int, line: int, ahead: np.ndarray, behind: np.ndarray, ends: np.ndarray) -> None:
    """Take an agent out of its line, wherever it stands."""
    before, after = ahead[agent], behind[agent]
    if before == NOBODY:
        ends[line, 0] = after
    else:
        behind[before] = after
    if after == NOBODY:
        ends[line, 1] = before
    else:
        ahead[after] = before


@compiled
def _push(size: int, heap: np.ndarray, owner: np.ndarray, at: float, contact: int, agent: int) -> None:  # noqa: PLR0917 - compiled code takes arguments by position
    """Add an end of service, or a late return (contact −1), to a binary heap ordered by time."""
    child = size
    while child > 0:
        parent = (child - 1) // 2
        if heap[parent] <= at:
            break
        heap[child], owner[child] = heap[parent], owner[parent]
        child = parent
    heap[child] = at
    owner[child, 0], owner[child, 1] = contact, agent


@compiled
def _pop(size: int, heap: np.ndarray, owner: np.ndarray) -> None:
    """Remove the earliest event; `size` counts it still."""
    last = size - 1
    at, contact, agent = heap[last], owner[last, 0], owner[last, 1]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= last:
            break
        if child + 1 < last and heap[child + 1] < heap[child]:
            child += 1
        if at <= heap[child]:
            break
        heap[parent], owner[parent] = heap[child], owner[child]
        parent = child
    heap[parent] = at
    owner[parent, 0], owner[parent, 1] = contact, agent


@compiled
def _free_agent(queue: int, room: int, serves: np.ndarray, ends: np.ndarray, since: np.ndarray) -> int:
    """Agent for an arriving contact: the least loaded with room for it, of those the one free for longest."""
    sets = serves.shape[0]
    levels = ends.shape[0] // max(1, sets)
    for load in range(room + 1):
        chosen = NOBODY
        for g in range(sets):
            first = ends[g * levels + load, 0]
            if serves[g, queue] and first != NOBODY and (chosen == NOBODY or since[first] < since[chosen]):
                chosen = first
        if chosen != NOBODY:
            return chosen
    return NOBODY


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
    units: np.ndarray,
    capacity: int,
    priority: np.ndarray,
) -> np.ndarray:
    """When each contact is answered.

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
    units
        Units of an agent's capacity a contact of each queue takes, shape (queues,).
    capacity
        Units an agent has.
    priority
        Of each queue, higher first.

    Returns
    -------
    ndarray
        Instant answered, NaN for contacts that never are, shape (contacts,).
    """
    contacts, agents, queues = arrival.size, member.size, units.size
    answered = np.full(contacts, np.nan)
    follower = np.full(contacts, NOBODY)
    waiting = np.full((queues, 2), NOBODY)
    load = np.zeros(agents, dtype=np.int64)
    duty = np.zeros(agents, dtype=np.bool_)
    since = np.zeros(agents)
    ahead, behind = np.full(agents, NOBODY), np.full(agents, NOBODY)
    ends = np.full((serves.shape[0] * capacity, 2), NOBODY)
    left_at, free_at = np.zeros(agents), np.zeros(agents)
    # What an agent who is still busy when the return is due has left to take, and when a late return is due.
    owed, due = np.zeros(agents), np.full(agents, np.nan)
    # A late return called off stays in the heap until its time: at most one for each change of duty.
    heap = np.empty(agents * capacity + change.size + 1)
    owner = np.empty((heap.size, 2), dtype=np.int64)
    busy, i, j = 0, 0, 0
    while i < contacts or j < change.size:
        at_change = change[j] if j < change.size else np.inf
        at_end = heap[0] if busy > 0 else np.inf
        at_arrival = arrival[i] if i < contacts else np.inf
        if at_arrival < at_change and at_arrival < at_end:
            now = at_arrival
            q = queue[i]
            agent = _free_agent(q, capacity - units[q], serves, ends, since)
            if agent == NOBODY:
                if waiting[q, 1] == NOBODY:
                    waiting[q, 0] = i
                else:
                    follower[waiting[q, 1]] = i
                waiting[q, 1] = i
            else:
                _leave(agent, member[agent] * capacity + load[agent], ahead, behind, ends)
                answered[i] = now
                load[agent] += units[q]
                _push(busy, heap, owner, now + service[i], i, agent)
                busy += 1
                if load[agent] < capacity:
                    since[agent] = now
                    _enter(agent, member[agent] * capacity + load[agent], ahead, behind, ends)
            i += 1
            continue
        off = at_change <= at_end and kind[j] == OFF
        if off or at_change < at_end:
            now, agent, returns = at_change, changing[j], kind[j] == RETURN
            j += 1
            if off:
                if duty[agent] and load[agent] < capacity:
                    _leave(agent, member[agent] * capacity + load[agent], ahead, behind, ends)
                duty[agent] = False
                left_at[agent] = free_at[agent] = now
                owed[agent], due[agent] = 0.0, np.nan
            elif returns and load[agent] > 0:
                owed[agent] = now - left_at[agent]
            elif returns and free_at[agent] > left_at[agent]:
                due[agent] = now + free_at[agent] - left_at[agent]
                _push(busy, heap, owner, due[agent], NOBODY, agent)
                busy += 1
            else:
                duty[agent] = True
                owed[agent], due[agent] = 0.0, np.nan
        else:
            now, ended, agent = at_end, owner[0, 0], owner[0, 1]
            _pop(busy, heap, owner)
            busy -= 1
            if ended == NOBODY:
                if due[agent] != now:
                    continue
                duty[agent], due[agent] = True, np.nan
            else:
                if duty[agent] and load[agent] < capacity:
                    _leave(agent, member[agent] * capacity + load[agent], ahead, behind, ends)
                load[agent] -= units[queue[ended]]
                if not duty[agent] and load[agent] == 0:
                    free_at[agent] = now
                    if owed[agent] > 0.0:
                        due[agent], owed[agent] = now + owed[agent], 0.0
                        _push(busy, heap, owner, due[agent], NOBODY, agent)
                        busy += 1
        if not duty[agent]:
            continue
        able = serves[member[agent]]
        while load[agent] < capacity:
            contact = _next_contact(
                now, capacity - load[agent], able, units, priority, waiting, follower, deadline
            )
            if contact == NOBODY:
                break
            answered[contact] = now
            load[agent] += units[queue[contact]]
            _push(busy, heap, owner, now + service[contact], contact, agent)
            busy += 1
        if load[agent] < capacity:
            since[agent] = now
            _enter(agent, member[agent] * capacity + load[agent], ahead, behind, ends)
    return answered
