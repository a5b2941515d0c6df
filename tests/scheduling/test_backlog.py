"""Backlog arithmetic against a walk contact by contact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.backlog import handled
from tests.oracles.backlog_walk import walk

COUNTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12)


@given(pairs=COUNTS, deadline=st.integers(0, 14))
def test_contacts_are_handled_as_a_walk_contact_by_contact_says(
    pairs: list[tuple[int, int]], deadline: int
) -> None:
    came, capacity = zip(*pairs, strict=True)
    found = handled(np.array(came, dtype=float), np.array(capacity, dtype=float), deadline)
    for name, expected in walk(came, capacity, deadline).items():
        np.testing.assert_allclose(getattr(found, name), expected, atol=1e-9, err_msg=name)


def test_every_contact_is_in_time_late_or_waiting() -> None:
    random = np.random.default_rng(3)
    came, capacity = random.gamma(2.0, 5.0, 96), random.gamma(2.0, 4.8, 96)
    found = handled(came, capacity, 6)
    np.testing.assert_allclose(found.in_time + found.late + found.waiting, came)
    assert found.done.sum() == pytest.approx(came.sum() - found.waiting.sum())
    assert min(found.in_time.sum(), found.late.sum(), found.waiting.sum()) > 0
