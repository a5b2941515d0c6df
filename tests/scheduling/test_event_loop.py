from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.event_loop import OFF, RETURN, START, run
from tests.oracles.contact_centre import Change, Contact, Person, PlainCentre

NEVER = 1e9


@dataclass(frozen=True)
class Played:
    answered: list[float]
    by: list[int]
    staffed: np.ndarray
    busy: np.ndarray


def play(
    contacts: Sequence[tuple[float, int, float, float]],
    changes: Sequence[tuple[float, int, int]],
    serves: Sequence[Sequence[bool]],
    *,
    turn: Sequence[int] | None = None,
    units: Sequence[int] = (1, 1),
    capacity: int = 1,
    priority: Sequence[int] = (0, 0),
    step: float = 10.0,
    slots: int = 10,
) -> Played:
    """Contacts are (arrival, queue, deadline, service), changes (time, agent, kind), one skill set an agent."""
    columns = np.array(contacts, dtype=float).reshape(-1, 4)
    order = sorted(changes, key=lambda change: (change[0], change[2] != OFF))
    moments = np.array(order, dtype=float).reshape(-1, 3)
    table = np.array(serves, dtype=bool)
    found = run(
        columns[:, 0].copy(),
        columns[:, 1].astype(np.int64),
        columns[:, 2].copy(),
        columns[:, 3].copy(),
        moments[:, 0].copy(),
        moments[:, 1].astype(np.int64),
        moments[:, 2].astype(np.int64),
        np.arange(len(table)),
        table,
        np.zeros(len(table), dtype=np.int64) if turn is None else np.array(turn),
        np.array(units),
        capacity,
        np.array(priority),
        step,
        slots,
    )
    return Played(found[0].tolist(), found[1].tolist(), *found[2:])


def answered(*setting: object, **options: object) -> list[float]:
    return play(*setting, **options).answered


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


def test_free_agents_are_asked_in_the_turn_of_their_skill_set() -> None:
    # Agent 0 is free for longer, but may be needed by the other queue: agent 1 has the first turn.
    changes = [(0, 0, START), (5, 1, START), (99, 0, OFF), (99, 1, OFF)]
    contacts = [(10, 0, NEVER, 50), (15, 1, 20, 5)]
    skills = [[True, True], [True, False]]
    assert play(contacts, changes, skills).by == [0, -1]
    assert play(contacts, changes, skills, turn=(2, 1)).by == [1, 0]


def test_people_are_there_until_the_last_contact_is_finished_and_busy_meanwhile() -> None:
    found = play([(8, 0, NEVER, 7), (9, 0, 9.5, 1)], [(5, 0, START), (12, 0, OFF)], [[True, False]])
    assert found.staffed[0, :3].tolist() == [5, 5, 0]
    assert found.busy[0, :3].tolist() == [2, 5, 0]


def test_a_chat_keeps_its_share_of_a_person_busy() -> None:
    found = play(
        [(10, 0, NEVER, 10), (10, 0, NEVER, 5)], [(0, 0, START), (30, 0, OFF)], [[True, False]], capacity=2
    )
    assert found.staffed[0, :4].tolist() == [10, 10, 10, 0]
    assert found.busy[0, :4].tolist() == [0, 7.5, 0, 0]


@dataclass(frozen=True)
class SmallCentre:
    contacts: list[Contact]
    changes: list[Change]
    serves: list[list[bool]]
    turn: list[int]
    units: list[int]
    capacity: int
    priority: list[int]


@st.composite
def small_centres(draw: st.DrawFn) -> SmallCentre:
    """Contacts and agents come at whole instants, many of them together.

    No two of a kind come at the same one, for which of two equals goes first is nobody's business.
    """
    queues, agents = draw(st.integers(1, 3)), draw(st.integers(1, 6))
    capacity = draw(st.sampled_from([1, 1, 2, 6]))
    fitting = [unit for unit in (1, 2, 3, 6) if capacity % unit == 0]
    # Instants and lengths in bulk: drawn one by one they would take most of the time.
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    contacts = [
        Contact(
            float(at),
            int(random.integers(queues)),
            float(at) + (0.5 + float(random.integers(0, 60)) if random.random() < 0.9 else NEVER),
            float(random.uniform(1, 40)),
        )
        for at in np.sort(random.choice(300, draw(st.integers(0, 120)), replace=False))
    ]
    moments = random.permutation(330)[: 8 * agents].reshape(agents, 8)
    changes = []
    for agent in range(agents):
        on = START
        for begin, end in np.sort(moments[agent]).reshape(-1, 2).tolist():
            changes += [Change(float(begin), agent, on), Change(float(end), agent, OFF)]
            on = RETURN if random.random() < 0.8 else START
    return SmallCentre(
        contacts,
        sorted(changes, key=lambda change: (change.time, change.kind != OFF)),
        draw(
            st.lists(
                st.lists(st.booleans(), min_size=queues, max_size=queues), min_size=agents, max_size=agents
            )
        ),
        draw(st.lists(st.integers(0, 2), min_size=agents, max_size=agents)),
        draw(st.lists(st.sampled_from(fitting), min_size=queues, max_size=queues)),
        capacity,
        draw(st.lists(st.integers(-1, 2), min_size=queues, max_size=queues)),
    )


def played(centre: SmallCentre, *, step: float, slots: int) -> Played:
    return play(
        [(one.arrival, one.queue, one.deadline, one.service) for one in centre.contacts],
        [(one.time, one.agent, one.kind) for one in centre.changes],
        centre.serves,
        turn=centre.turn,
        units=centre.units,
        capacity=centre.capacity,
        priority=centre.priority,
        step=step,
        slots=slots,
    )


@given(centre=small_centres())
@settings(max_examples=150, deadline=None)
def test_any_small_centre_runs_exactly_as_the_plain_one(centre: SmallCentre) -> None:
    plain = PlainCentre(
        [
            Person(frozenset(np.flatnonzero(row).tolist()), turn)
            for row, turn in zip(centre.serves, centre.turn, strict=True)
        ],
        centre.units,
        centre.capacity,
        centre.priority,
        centre.contacts,
    )
    plain.run(centre.changes)
    found = played(centre, step=7.0, slots=60)
    assert np.array_equal(found.answered, plain.answered, equal_nan=True)
    assert found.by == plain.by
    for agent, person in enumerate(plain.people):
        served = [
            (begin, begin + contact.service, centre.units[contact.queue] / centre.capacity)
            for contact, begin, by in zip(centre.contacts, plain.answered, plain.by, strict=True)
            if by == agent
        ]
        assert found.busy[agent] == pytest.approx(by_slot(served, 7.0, 60))
        assert found.staffed[agent] == pytest.approx(
            by_slot([(*span, 1.0) for span in person.there], 7.0, 60)
        )


def by_slot(spans: Sequence[tuple[float, float, float]], step: float, slots: int) -> list[float]:
    return [
        sum(
            weight * max(0.0, min(end, (slot + 1) * step) - max(begin, slot * step))
            for begin, end, weight in spans
        )
        for slot in range(slots)
    ]


@given(centre=small_centres())
@settings(max_examples=60, deadline=None)
def test_nobody_works_without_the_skill_beyond_its_capacity_or_outside_the_shift(centre: SmallCentre) -> None:
    found = played(centre, step=7.0, slots=60)
    for agent, able in enumerate(centre.serves):
        own = [
            (begin, contact)
            for contact, begin, by in zip(centre.contacts, found.answered, found.by, strict=True)
            if by == agent
        ]
        shifts = [change for change in centre.changes if change.agent == agent]
        on = [(a.time, b.time) for a, b in zip(shifts[::2], shifts[1::2], strict=True)]
        for begin, contact in own:
            assert able[contact.queue]
            assert contact.arrival <= begin <= contact.deadline
            assert any(start <= begin < end for start, end in on)
            in_hand = sum(centre.units[other.queue] for at, other in own if at <= begin < at + other.service)
            assert in_hand <= centre.capacity
