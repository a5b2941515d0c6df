from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.domain import Channel
from data.errors import InputError
from data.synthetic import make_centre
from forecasting.patience import estimate_patience, patience_of_calls
from tests.forecasting.hotline import QUEUE, after, make_history, midnight


def calls(mean_s: float, contacts: int = 20_000, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Waits and abandonments of contacts that are offered an exponential wait of a minute."""
    generator = np.random.default_rng(seed)
    patience, offered_wait = generator.exponential(mean_s, contacts), generator.exponential(60.0, contacts)
    return np.minimum(patience, offered_wait), patience < offered_wait


def history(mean_s: float = 120.0, days: int = 28) -> pd.DataFrame:
    rows = make_history(days=days)
    generator = np.random.default_rng(4)
    abandoned = generator.binomial(rows["offered"].astype(int), 0.1)
    waits = generator.standard_gamma(np.maximum(abandoned, 1e-9)) * mean_s
    return rows.assign(abandoned=abandoned.astype(float), wait_s=waits)


def test_the_mean_is_total_wait_over_abandonments() -> None:
    rows = history()
    found = estimate_patience(QUEUE, rows)
    assert found.mean_s == pytest.approx(rows["wait_s"].sum() / rows["abandoned"].sum())
    assert found.abandoned == rows["abandoned"].sum()
    assert found.days == 28
    assert found.trusted


def test_the_synthetic_centres_patience_is_found_back_within_its_band() -> None:
    centre = make_centre(days=84)
    for queue in centre.queues:
        found = estimate_patience(queue, centre.history)
        assert found.mean_s == pytest.approx(queue.patience_s, rel=0.06), queue.id
        assert found.low_s < queue.patience_s < found.high_s, queue.id


def test_the_band_holds_the_truth_nine_times_in_ten() -> None:
    inside, rows = 0, make_history(days=7)
    for seed in range(150):
        generator = np.random.default_rng(seed)
        abandoned = generator.binomial(rows["offered"].astype(int), 0.03)
        waits = generator.standard_gamma(np.maximum(abandoned, 1e-9)) * 120.0
        found = estimate_patience(QUEUE, rows.assign(abandoned=abandoned.astype(float), wait_s=waits))
        inside += found.low_s < 120.0 < found.high_s
    assert 0.85 <= inside / 150 <= 0.97


def test_few_abandonments_give_a_wide_band_that_is_not_trusted() -> None:
    rows = history(days=7).assign(abandoned=0.0)
    rows.loc[:9, "abandoned"] = 1.0
    found = estimate_patience(QUEUE, rows)
    assert not found.trusted
    assert found.high_s > 1.5 * found.low_s


def test_nothing_after_the_cutoff_is_looked_at() -> None:
    rows = history()
    cutoff = midnight(after(14))
    spoilt = rows.assign(wait_s=rows["wait_s"].where(rows["start"] < cutoff, 1e6))
    assert estimate_patience(QUEUE, spoilt, cutoff=cutoff) == estimate_patience(QUEUE, rows, cutoff=cutoff)


def test_intervals_without_waits_or_abandonments_are_passed_over() -> None:
    rows = history()
    told = rows.assign(wait_s=rows["wait_s"].where(rows.index % 3 > 0), abandoned=rows["abandoned"])
    found = estimate_patience(QUEUE, told)
    kept = rows.loc[rows.index % 3 > 0]
    assert found.mean_s == pytest.approx(kept["wait_s"].sum() / kept["abandoned"].sum())


REFUSED: dict[str, tuple[Callable[[], pd.DataFrame], str]] = {
    "no columns": (make_history, "abandoned and wait_s"),
    "nobody abandoned": (lambda: history().assign(abandoned=0.0), "nobody who waited abandoned"),
    "nobody waited": (lambda: history().assign(wait_s=0.0), "nobody who waited abandoned"),
    "nothing known": (lambda: history().assign(wait_s=np.nan), "nobody who waited abandoned"),
    "no history": (lambda: history().iloc[:0], "nothing up to"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_estimated_is_one_error_that_names_the_queue(case: str) -> None:
    rows, says = REFUSED[case]
    with pytest.raises(InputError, match=f"queue 'hotline'.*{says}"):
        estimate_patience(QUEUE, rows(), cutoff=midnight(after(84)))


@pytest.mark.parametrize("channel", [Channel.DEFERRED, Channel.CALLBACK])
def test_contacts_that_can_wait_have_no_patience(channel: Channel) -> None:
    with pytest.raises(InputError, match=f"{channel} contacts do not abandon"):
        estimate_patience(replace(QUEUE, channel=channel), history())


@pytest.mark.parametrize("mean_s", [45.0, 388.0])
def test_the_patience_of_single_calls_is_found_back_by_both_ways(mean_s: float) -> None:
    waits, left = calls(mean_s)
    found = patience_of_calls(waits, left)
    assert found.mean_s == pytest.approx(mean_s, abs=3.5 * found.standard_error_s)
    assert found.staying_mean_s == pytest.approx(mean_s, abs=3.5 * found.staying_standard_error_s)
    expected = np.exp(-found.curve["wait_s"] / mean_s)
    early = found.curve["at_risk"] > 500
    np.testing.assert_allclose(found.curve.loc[early, "staying"], expected[early], atol=0.03)


def test_those_who_leave_at_once_are_told_apart() -> None:
    waits, left = calls(200.0)
    balkers = np.random.default_rng(8).random(len(waits)) < 0.15
    waits, left = np.where(balkers, 2.0, waits), left | balkers
    found = patience_of_calls(waits, left)
    assert found.balking == pytest.approx(0.17, abs=0.03)
    assert found.staying_mean_s == pytest.approx(200.0, rel=0.06)
    assert found.mean_s < 0.7 * found.staying_mean_s


def test_the_product_limit_curve_is_the_one_counted_by_hand() -> None:
    found = patience_of_calls(np.array([6.0, 10.0, 10.0, 20.0, 30.0]), np.array([1, 1, 0, 0, 1], dtype=bool))
    assert found.curve["wait_s"].tolist() == [6.0, 10.0, 30.0]
    assert found.curve["at_risk"].tolist() == [5, 4, 1]
    assert found.curve["staying"].tolist() == pytest.approx([0.8, 0.6, 0.0])
    assert found.median_s == 30.0
    assert found.abandoned == 3


@pytest.mark.parametrize(
    ("waits", "says"), [([-1.0], "from 0 on"), ([np.nan], "from 0 on"), ([2.0], "nobody")]
)
def test_calls_that_cannot_be_read_are_refused(waits: list[float], says: str) -> None:
    with pytest.raises(InputError, match=says):
        patience_of_calls(np.array(waits), np.array([True]))
