"""When contacts that can wait are given to people."""

import numpy as np

from scheduling.release import release

HOURS_S = 3600.0 * np.arange(4)


def test_a_contact_is_given_out_when_the_plan_has_come_to_it() -> None:
    plan = release(HOURS_S, 3600.0, np.array([10.0, 0, 10, 0]), np.array([0.0, 10, 0, 10]))
    np.testing.assert_allclose(plan.of(np.array([0.0, 1800, 3599, 9000])), [3600, 5400, 7199, 12600])


def test_no_contact_is_given_out_before_it_comes() -> None:
    plan = release(HOURS_S, 3600.0, np.array([4.0, 8, 8, 0]), np.array([4.0, 8, 8, 0]))
    came = np.random.default_rng(1).uniform(0, 3 * 3600, 50)
    np.testing.assert_allclose(plan.of(came), came)


def test_what_the_evening_before_left_goes_first_and_what_the_last_one_leaves_is_not_given_out() -> None:
    # Half of what is planned in the second hour was found waiting; as much comes after the last hour worked.
    plan = release(HOURS_S, 3600.0, np.array([0.0, 0, 6, 6]), np.array([0.0, 6, 6, 0]))
    given = plan.of(np.array([7200.0, 9000, 10799, 10801, 14000]))
    np.testing.assert_allclose(given[:3], [7200, 9000, 10799])
    assert np.isinf(given[3:]).all()


def test_without_a_plan_nothing_is_given_out() -> None:
    assert np.isinf(release(HOURS_S, 3600.0, np.zeros(4), np.zeros(4)).of(np.array([5.0]))).all()
