"""A smallest conflict is one of which nothing can be left out, whatever was asked on the way."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from scheduling.conflicts.smallest import smallest, smallest_by

THINGS = tuple("abcdefghij")
CORES = st.lists(st.frozensets(st.sampled_from(THINGS), min_size=1, max_size=5), min_size=1, max_size=4)


def holds_a(cores: Iterable[frozenset[str]], things: Iterable[str]) -> bool:
    return any(core <= set(things) for core in cores)


@given(CORES)
def test_what_is_left_is_a_conflict_and_without_any_one_of_it_there_is_none(
    cores: list[frozenset[str]],
) -> None:
    found = smallest(THINGS, lambda some: holds_a(cores, some))
    assert found.proven
    assert holds_a(cores, found.things)
    for thing in found.things:
        assert not holds_a(cores, set(found.things) - {thing})


@given(CORES, st.sets(st.integers(0, 40)))
def test_without_answers_it_is_a_conflict_all_the_same_and_says_that_it_may_be_too_large(
    cores: list[frozenset[str]], silent: set[int]
) -> None:
    asked: list[int] = []

    def answer(some: tuple[str, ...]) -> bool | None:
        asked.append(len(some))
        return None if len(asked) in silent else holds_a(cores, some)

    found = smallest(THINGS, answer)
    assert holds_a(cores, found.things)
    assert found.proven == (not silent & set(range(1, len(asked) + 1)))


@given(CORES)
def test_in_groups_first_it_is_a_smallest_conflict_all_the_same(cores: list[frozenset[str]]) -> None:
    found = smallest_by(
        THINGS, (lambda thing: thing in "abcde", str.upper), lambda some: holds_a(cores, some)
    )
    assert found.proven
    assert holds_a(cores, found.things)
    assert all(not holds_a(cores, set(found.things) - {thing}) for thing in found.things)


def test_earlier_things_are_preferred() -> None:
    cores = [frozenset("ab"), frozenset("ij")]
    assert smallest(THINGS, lambda some: holds_a(cores, some)).things == ("a", "b")


def test_a_conflict_without_any_of_the_things_is_empty() -> None:
    assert smallest(THINGS, lambda _: True).things == ()


def test_few_of_many_take_few_questions() -> None:
    things, asked = tuple(range(500)), []

    def answer(some: tuple[int, ...]) -> bool:
        asked.append(some)
        return {7, 401} <= set(some)

    assert smallest(things, answer).things == (7, 401)
    assert len(asked) < 45
