from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.domain import Channel, Period, Queue, Target
from scheduling.simulation_measures import Bound, Measure, bound
from scheduling.simulation_summary import distribution, quantiles, summarise
from scheduling.simulation_tally import TALLIED

PATHS = 4
WEDNESDAY = pd.Timestamp("2026-03-04")


def cards(period: Period) -> Queue:
    return Queue(id="cards", target=Target(answer_rate=0.9, period=period))


def simulated(*rates: list[float], offered: int = 100) -> pd.DataFrame:
    """Answer rates by path and day from a Wednesday on."""
    rows = [
        {
            "path": path,
            "queue": "cards",
            "date": WEDNESDAY + pd.Timedelta(days=day),
            "offered": offered,
            "answered": round(offered * rate),
            **dict.fromkeys(TALLIED[2:], 0.0),
        }
        for path, days in enumerate(rates)
        for day, rate in enumerate(days)
    ]
    return pd.DataFrame(rows).astype({"queue": "str"})


def answer_rates(days: pd.DataFrame, queue: Queue) -> pd.DataFrame:
    summary = summarise(days, [queue])
    return summary.loc[summary["measure"] == "answer_rate"]


EVEN = [0.95] * 6
LATE_DIP = [0.95] * 5 + [0.5]
EARLY_DIP = [0.5] + [0.95] * 5


def chances(period: Period, *rates: list[float]) -> dict[str, list[float]]:
    summary = answer_rates(simulated(*rates), cards(period))
    return {str(name): rows["p_met"].tolist() for name, rows in summary.groupby("period", sort=False)}


def test_a_target_over_the_day_has_a_chance_on_each_day() -> None:
    found = chances(Period.DAY, EVEN, LATE_DIP)
    assert found["day"] == [1, 1, 1, 1, 1, 0.5]
    assert set(found) == {"day", "horizon"}


def test_a_target_over_the_week_has_a_chance_in_each_week_and_none_on_a_day() -> None:
    found = chances(Period.WEEK, EVEN, LATE_DIP, EARLY_DIP, EVEN)
    # Wednesday to Sunday 86 % after the early dip; Monday by itself 50 % after the late one.
    assert found["week"] == [0.75, 0.75]
    assert all(pd.isna(chance) for chance in found["day"])
    assert found["horizon"] == [0.5]


def test_a_target_over_the_month_forgives_days_that_are_made_up_for() -> None:
    assert chances(Period.MONTH, [0.85, 0.95], [0.85, 0.96])["month"] == [1.0]


def test_a_target_per_interval_has_no_chance_on_days_which_do_not_tell() -> None:
    found = chances(Period.INTERVAL, EVEN)
    assert all(pd.isna(chance) for chance in found["day"])


def test_a_week_bears_the_date_of_its_first_day_in_the_horizon() -> None:
    summary = answer_rates(simulated(EVEN), cards(Period.WEEK))
    weeks = summary.loc[summary["period"] == "week", "date"]
    assert weeks.tolist() == [WEDNESDAY, pd.Timestamp("2026-03-09")]
    assert summary.loc[summary["period"] == "horizon", "date"].isna().all()


def test_rates_over_a_week_are_of_its_contacts_not_of_its_days() -> None:
    days = simulated([1.0, 0.0])
    days.loc[days["date"] > WEDNESDAY, ["offered", "answered"]] = (300, 0)
    summary = answer_rates(days, cards(Period.WEEK))
    assert summary.loc[summary["period"] == "week", "mean"].tolist() == pytest.approx([0.25])


def test_quantiles_are_those_of_the_values_there_are() -> None:
    values = np.random.default_rng(1).random((9, 6))
    values[2:5, 1] = np.nan
    values[:, 3] = np.nan
    values[1:, 4] = np.nan
    levels = (0.0, 0.05, 0.5, 0.81, 1.0)
    for found, level in zip(quantiles(values, levels), levels, strict=True):
        for column in (0, 1, 2, 4, 5):
            own = values[:, column]
            assert found[column] == pytest.approx(np.quantile(own[np.isfinite(own)], level))
        assert np.isnan(found[3])


def test_a_path_in_which_nobody_was_answered_misses_the_asa_and_has_none() -> None:
    found = distribution(np.array([[10.0], [np.nan], [30.0], [50.0]]), Bound(30.0, at_least=False))
    assert found.loc[0, ["mean", "q50", "target", "p_met"]].tolist() == [30.0, 30.0, 30.0, 0.5]


def test_what_is_not_asked_has_no_chance() -> None:
    found = distribution(np.array([[0.9], [0.8]]), None)
    assert found.loc[0, ["target", "p_met", "p_met_low", "p_met_high"]].isna().all()
    assert found["mean"].tolist() == pytest.approx([0.85])


@pytest.mark.parametrize(
    ("measure", "period", "value"),
    [
        (Measure.ANSWER_RATE, Period.WEEK, 0.9),
        (Measure.ANSWER_RATE, Period.DAY, None),
        (Measure.ANSWER_RATE, Period.INTERVAL, 0.7),
        (Measure.SERVICE_LEVEL, Period.WEEK, 0.8),
        (Measure.SERVICE_LEVEL, Period.INTERVAL, 0.8),
        (Measure.SERVICE_LEVEL, Period.DAY, None),
        (Measure.ASA, Period.INTERVAL, 40.0),
        (Measure.OCCUPANCY, Period.WEEK, None),
    ],
)
def test_targets_are_asked_over_their_period_and_every_interval(
    measure: Measure, period: Period, value: float | None
) -> None:
    target = Target(
        answer_rate=0.9,
        period=Period.WEEK,
        interval_floor=0.7,
        service_level=0.8,
        threshold_s=20.0,
        max_asa_s=40.0,
    )
    asked = bound(Queue(id="cards", target=target), measure, period)
    assert (asked.value if asked else None) == value
    mail = Queue(id="mail", channel=Channel.DEFERRED, target=target)
    assert bound(mail, Measure.ANSWER_RATE, Period.INTERVAL) is None
