from collections.abc import Sequence

import numpy as np
import pytest

from scheduling.event_loop import OFF, RETURN, START, run
from tests.oracles.contact_centre import Change, Contact, Person, PlainCentre

NEVER = 1e9


def answered(
    contacts: Sequence[tuple[float, int, float, float]],
    changes: Sequence[tuple[float, int, int]],
    serves: Sequence[Sequence[bool]],
    *,
    member: Sequence[int] | None = None,
    units: Sequence[int] = (1, 1),
    capacity: int = 1,
    priority: Sequence[int] = (0, 0),
) -> list[float]:
    """Contacts are (arrival, queue, deadline, service), changes (time, agent, kind), one skill set an agent."""
    columns = np.array(contacts, dtype=float).reshape(-1, 4)
    order = sorted(changes, key=lambda change: (change[0], change[2] != OFF))
    moments = np.array(order, dtype=float).reshape(-1, 3)
    table = np.array(serves, dtype=bool)
    return run(
        columns[:, 0].copy(),
        columns[:, 1].astype(np.int64),
        columns[:, 2].copy(),
        columns[:, 3].copy(),
        moments[:, 0].copy(),
        moments[:, 1].astype(np.int64),
        moments[:, 2].astype(np.int64),
        np.arange(len(table)) if member is None else np.array(member),
        table,
        np.array(units),
        capacity,
        np.array(priority),
    ).tolist()


def test_contacts_are_served_in_order_of_arrival() -> None:
    found = answered(
        [(1, 0, NEVER, 10), (2, 0, NEVER, 10), (3, 0, NEVER, 10)],
        [(0, 0, START), (99, 0, OFF)],
        [[True, False]],
    )
    assert found == [1, 11, 21]


def test_who_is_out_of_patience_is_never_answered() -> None:
    found = answered(
        [(1, 0, NEVER, 10), (2, 0, 10.9, 10), (3, 0, 11.1, 10)],
        [(0, 0, START), (99, 0, OFF)],
        [[True, False]],
    )
    assert found == pytest.approx([1, np.nan, 11], nan_ok=True)


def test_a_contact_goes_to_the_agent_who_has_been_free_longest() -> None:
    # Agent 0 is free since 0, agent 1 since 5. The contact at 10 keeps agent 0 busy, who leaves at 12: the
    # contact at 15 finds agent 1 free only if the first one went to agent 0.
    changes = [(0, 0, START), (5, 1, START), (12, 0, OFF), (99, 1, OFF)]
    found = answered([(10, 0, NEVER, 50), (15, 0, NEVER, 5)], changes, [[True, False]] * 2)
    assert found == [10, 15]


def test_an_agent_takes_only_contacts_of_its_skills() -> None:
    found = answered([(1, 1, NEVER, 10), (2, 0, NEVER, 10)], [(0, 0, START), (99, 0, OFF)], [[True, False]])
    assert found == pytest.approx([np.nan, 2], nan_ok=True)


def test_a_freed_agent_takes_the_higher_priority_first_and_then_the_longest_waiting() -> None:
    contacts = [(1, 0, NEVER, 10), (2, 0, NEVER, 10), (3, 1, NEVER, 10), (4, 1, NEVER, 10)]
    changes = [(0, 0, START), (99, 0, OFF)]
    assert answered(contacts, changes, [[True, True]], priority=(0, 1)) == [1, 31, 11, 21]
    assert answered(contacts, changes, [[True, True]], priority=(1, 0)) == [1, 11, 21, 31]
    assert answered(contacts, changes, [[True, True]], priority=(0, 0)) == [1, 11, 21, 31]


def test_a_contact_in_hand_is_finished_after_the_shift_and_no_other_is_taken() -> None:
    found = answered(
        [(8, 0, NEVER, 10), (9, 0, NEVER, 10)],
        [(0, 0, START), (10, 0, OFF), (50, 0, START), (99, 0, OFF)],
        [[True, False]],
    )
    assert found == [8, 50]


def test_a_break_that_begins_late_ends_late() -> None:
    changes = [(0, 0, START), (10, 0, OFF), (30, 0, RETURN), (99, 0, OFF)]
    found = answered([(8, 0, NEVER, 7), (20, 0, NEVER, 1)], changes, [[True, False]])
    assert found == [8, 35]


def test_a_break_outlasted_by_a_contact_is_taken_afterwards() -> None:
    changes = [(0, 0, START), (10, 0, OFF), (30, 0, RETURN), (99, 0, OFF)]
    found = answered([(8, 0, NEVER, 32), (20, 0, NEVER, 1)], changes, [[True, False]])
    assert found == [8, 60]


def test_a_shift_that_ended_late_does_not_delay_the_next_one() -> None:
    changes = [(0, 0, START), (10, 0, OFF), (30, 0, START), (99, 0, OFF)]
    assert answered([(8, 0, NEVER, 7), (20, 0, NEVER, 1)], changes, [[True, False]]) == [8, 30]


def test_a_late_return_is_called_off_when_the_next_break_begins_first() -> None:
    changes = [(0, 0, START), (10, 0, OFF), (30, 0, RETURN), (33, 0, OFF), (40, 0, RETURN), (99, 0, OFF)]
    found = answered([(8, 0, NEVER, 7), (20, 0, NEVER, 1)], changes, [[True, False]])
    assert found == [8, 40]


def test_nobody_takes_a_contact_at_the_instant_the_shift_ends() -> None:
    changes = [(0, 0, START), (10, 0, OFF)]
    assert np.isnan(answered([(10, 0, NEVER, 5)], changes, [[True, False]])[0])
    assert answered([(0, 0, NEVER, 5)], changes, [[True, False]]) == [0]


def test_a_chat_agent_handles_several_at_once_and_a_call_needs_all_of_it() -> None:
    # Three units: a chat (queue 0) takes one, a call (queue 1) all three.
    contacts = [(1, 0, NEVER, 10), (2, 0, NEVER, 20), (3, 1, NEVER, 5), (4, 0, NEVER, 30), (5, 0, NEVER, 1)]
    found = answered(
        contacts, [(0, 0, START), (99, 0, OFF)], [[True, True]], units=(1, 3), capacity=3, priority=(0, 1)
    )
    assert found == [1, 2, 34, 4, 11]


def test_the_least_loaded_chat_agent_gets_the_next_chat() -> None:
    # The second chat must go to agent 1, or agent 0 alone would keep it from leaving free at 6.
    contacts = [(1, 0, NEVER, 50), (2, 0, NEVER, 3), (6, 1, NEVER, 1)]
    changes = [(0, 0, START), (0, 1, START), (99, 0, OFF), (99, 1, OFF)]
    found = answered(contacts, changes, [[True, False], [True, True]], units=(1, 2), capacity=2)
    assert found == [1, 2, 6]


def test_without_agents_nobody_is_answered() -> None:
    assert np.isnan(answered([(1, 0, NEVER, 1)], [], np.zeros((0, 2), dtype=bool))).all()


@pytest.mark.parametrize("seed", range(60))
def test_any_small_centre_runs_as_the_plain_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    queues, agents, capacity = int(rng.integers(1, 4)), int(rng.integers(1, 7)), int(rng.choice([1, 1, 2, 6]))
    units = [
        int(rng.choice([u for u in (1, 2, 3, 6) if capacity % u == 0 and u <= capacity]))
        for _ in range(queues)
    ]
    priority = rng.integers(0, 3, queues).tolist()
    serves = rng.random((agents, queues)) < 0.6
    serves[0] = True
    # Contacts and agents come at whole instants, many of them together; no two of a kind at the same one, for
    # which of two equals goes first is nobody's business.
    times = np.sort(rng.choice(300, 120, replace=False))
    contacts = [
        (
            float(t),
            int(rng.integers(queues)),
            float(t) + 0.5 + float(rng.integers(0, 60)),
            float(rng.uniform(1, 40)),
        )
        for t in times
    ]
    changes = []
    moments = rng.permutation(330)[: 8 * agents].reshape(agents, 8)
    for agent in range(agents):
        on = START
        for a, b in np.sort(moments[agent]).reshape(-1, 2).tolist():
            changes += [(float(a), agent, on), (float(b), agent, OFF)]
            on = RETURN if rng.random() < 0.8 else START
    plain = PlainCentre(
        [Person(frozenset(np.flatnonzero(row).tolist())) for row in serves],
        units,
        capacity,
        priority,
        [Contact(*contact) for contact in contacts],
    ).run([Change(*change) for change in sorted(changes, key=lambda change: (change[0], change[2] != OFF))])
    found = answered(contacts, changes, serves, units=units, capacity=capacity, priority=priority)
    assert found == pytest.approx(plain, nan_ok=True)
    assert np.isfinite(plain).any()
