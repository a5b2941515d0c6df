from __future__ import annotations

import numpy as np
import pytest

from forecasting.models.smooth_curves import open_runs, smooth_curve

DAY = np.sin(np.linspace(0.2, 3.0, 34))
WHOLE = [slice(0, 34)]


def test_a_noisy_curve_comes_nearer_to_the_true_one() -> None:
    generator = np.random.default_rng(3)
    before, after = 0.0, 0.0
    for _ in range(20):
        noisy = DAY + 0.1 * generator.standard_normal(34)
        before += float(((noisy - DAY) ** 2).sum())
        after += float(((smooth_curve(noisy, 0.01, WHOLE) - DAY) ** 2).sum())
    assert after < 0.6 * before


def test_a_curve_known_well_keeps_its_bends() -> None:
    bent = DAY + 0.3 * (np.arange(34) % 7 == 0)
    np.testing.assert_allclose(smooth_curve(bent, 1e-6, WHOLE), bent, atol=1e-3)


def test_the_smooth_curve_minimises_misses_and_bends_together() -> None:
    generator = np.random.default_rng(4)
    noisy, noise = DAY + 0.1 * generator.standard_normal(34), 0.01
    square = float((np.diff(noisy, 2) ** 2).mean())
    stiffness = noise / max(square - 6 * noise, 1.5 * noise)
    second = np.diff(np.eye(34), 2, axis=0)
    exact = np.linalg.solve(np.eye(34) + stiffness * second.T @ second, noisy)
    np.testing.assert_allclose(smooth_curve(noisy, noise, WHOLE), exact)


def test_a_straight_line_stays_as_it_is() -> None:
    line = np.linspace(1.0, 2.0, 34)
    np.testing.assert_allclose(smooth_curve(line, 1.0, WHOLE), line)


def test_nothing_is_smoothed_over_a_change_of_hours() -> None:
    opened = np.zeros((2, 40), dtype=bool)
    opened[0, 4:36], opened[1, 12:24] = True, True
    runs = open_runs(opened)
    assert runs == [slice(4, 12), slice(12, 24), slice(24, 36)]
    step = np.where(np.arange(40) < 12, 1.0, 3.0)
    np.testing.assert_allclose(smooth_curve(step, 1.0, runs), step)


@pytest.mark.parametrize("slots", [1, 4])
def test_a_run_too_short_to_be_judged_stays_as_it_is(slots: int) -> None:
    curve = np.arange(slots) % 2 * 1.0
    np.testing.assert_array_equal(smooth_curve(curve, 1.0, [slice(0, slots)]), curve)
