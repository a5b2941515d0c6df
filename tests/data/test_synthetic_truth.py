"""The truth of the synthetic centre can be read back, from its means exactly and from its history nearly."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from data.calendars import trading_sessions, work_days
from data.domain import PeakKind
from data.errors import UnknownNameError
from data.intervals import clock
from data.peaks import expand
from data.schema import OCCURRENCES, check
from data.synthetic import Centre, make_centre, true_means, truth_uplift

TIMEZONE = "Asia/Shanghai"


@pytest.fixture(scope="module")
def centre() -> Centre:
    return make_centre()


@pytest.fixture(scope="module")
def days(centre: Centre) -> pd.DataFrame:
    """Day totals by queue and local day: base, mean, offered."""
    return totals(centre.expected.merge(centre.history, on=["queue", "start"]))


def totals(frame: pd.DataFrame) -> pd.DataFrame:
    local = clock(pd.DatetimeIndex(frame["start"]), TIMEZONE)["date"].to_numpy()
    sums = [name for name in ("base", "mean", "offered") if name in frame]
    return frame.assign(on=local).groupby(["queue", "on"])[sums].sum()


def lone(centre: Centre, queue: str, peak: str, day: int) -> pd.DataFrame:
    """Days of a peak that no other peak touches, but for the market's sessions."""
    rows = centre.occurrences.loc[centre.occurrences["queue"].eq(queue)]
    others = rows.loc[~rows["peak"].isin([peak, "trading_session"]), "on"]
    hit = rows["peak"].eq(peak) & rows["day"].eq(day) & ~rows["on"].isin(others)
    return rows.loc[hit]


def test_a_days_mean_is_its_ordinary_mean_times_every_uplift(centre: Centre, days: pd.DataFrame) -> None:
    factors = (1 + centre.occurrences["uplift"]).groupby(
        [centre.occurrences["queue"], centre.occurrences["on"]]
    )
    stated = factors.prod().reindex(days.index, fill_value=1.0)
    np.testing.assert_allclose(days["mean"] / days["base"], stated, rtol=1e-9)


def test_an_occurrence_lifts_in_proportion_to_its_size(centre: Centre) -> None:
    rows = centre.occurrences.merge(
        centre.truth, on=["queue", "peak", "kind", "day"], suffixes=("", "_stated")
    )
    scale = (rows["size"] / rows["size_reference"]).fillna(1.0)
    np.testing.assert_allclose(rows["uplift"], rows["uplift_stated"] * scale)
    assert rows.loc[rows["peak"] == "billing_05", "uplift"].nunique() > 20


def test_a_billing_day_stands_over_the_same_weekday_without_peaks_as_stated(
    centre: Centre, days: pd.DataFrame
) -> None:
    card = days.loc["card_hotline"]
    rows = centre.occurrences.loc[centre.occurrences["queue"] == "card_hotline"]
    week = pd.Timedelta(days=7)
    pairs = [
        (row.on, other, row.uplift)
        for row in lone(centre, "card_hotline", "billing_12", 0).itertuples()
        for other in (row.on - week, row.on + week)
        if other in card.index and other not in set(rows["on"])
    ]
    found = [card.loc[on, "mean"] / card.loc[other, "mean"] - 1 - uplift for on, other, uplift in pairs]
    assert len(found) >= 8
    # A week of growth and season lies between the two days.
    assert np.abs(found).max() < 0.02


@pytest.mark.parametrize(
    ("queue", "peak"),
    [("card_hotline", "billing_12"), ("card_hotline", "repayment_05"), ("wealth_funds", "fund_dividend")],
)
def test_the_sampled_history_shows_the_uplift(
    centre: Centre, days: pd.DataFrame, queue: str, peak: str
) -> None:
    rows = lone(centre, queue, peak, 0)
    seen = days.loc[queue].loc[rows["on"]]
    lift = seen["offered"].sum() / seen["base"].sum() - 1
    stated = seen["mean"].sum() / seen["base"].sum() - 1
    # A day's own effect spreads by up to 7 %, so the mean of n days by 7 % / √n.
    assert lift == pytest.approx(stated, abs=3 * 0.07 * (1 + stated) / np.sqrt(len(rows)))
    assert lift > 0.08


def test_the_history_scatters_around_its_means(days: pd.DataFrame) -> None:
    sums = days.groupby("queue")[["offered", "mean"]].sum()
    np.testing.assert_allclose(sums["offered"] / sums["mean"], 1.0, atol=0.015)


def ratio_by_minute(centre: Centre, queue: str, day: pd.Timestamp) -> pd.Series:
    own = centre.expected.loc[centre.expected["queue"] == queue]
    local = clock(pd.DatetimeIndex(own["start"]), TIMEZONE)
    hit = (local["date"] == day).to_numpy()
    return pd.Series(
        (own["mean"] / own["base"]).to_numpy()[hit],
        index=pd.Index(local["minute"].to_numpy()[hit], name="minute"),
    )


def test_the_market_lifts_its_opening_hours_on_trading_days_and_nothing_else(centre: Centre) -> None:
    session = lone(centre, "securities_hotline", "trading_session", 0)
    ratio = ratio_by_minute(centre, "securities_hotline", session["on"].iloc[100])
    opening = ratio.loc[(ratio.index >= 9 * 60 + 15) & (ratio.index < 10 * 60 + 30)]
    afternoon = ratio.loc[[13 * 60, 13 * 60 + 15]]
    assert (opening > 1.8).all()
    assert (afternoon > 1.5).all()
    np.testing.assert_allclose(ratio.drop(opening.index).drop(afternoon.index), 1.0)


def test_sessions_are_those_of_the_shanghai_exchange(centre: Centre) -> None:
    rows = centre.occurrences.query("queue == 'securities_hotline' and peak == 'trading_session'")
    sessions = trading_sessions("XSHG", centre.first, centre.end - timedelta(days=1))
    assert set(rows["on"]) == set(sessions["date"])
    assert truth_uplift(centre, "securities_hotline", "trading_session", date(2026, 10, 5)) == 0


def test_days_inside_a_holiday_are_cut_and_the_days_after_it_lifted(centre: Centre) -> None:
    def uplift(day: date) -> float:
        return truth_uplift(centre, "card_hotline", "public_holiday", day)

    assert [uplift(date(2026, 10, day)) for day in range(1, 8)] == [-0.30] * 7
    assert uplift(date(2026, 9, 30)) == 0.05
    assert [uplift(date(2026, 10, day)) for day in (8, 9, 10)] == [0.14, 0.06, 0.0]


def test_the_spring_festival_cuts_deeper_than_other_holidays(days: pd.DataFrame) -> None:
    ratio = days["mean"] / days["base"]
    assert (
        ratio["wealth_funds", pd.Timestamp(2026, 2, 18)]
        < 0.8 * ratio["wealth_funds", pd.Timestamp(2026, 10, 6)]
    )


def test_makeup_working_days_lift_the_weekend_they_fall_on(centre: Centre, days: pd.DataFrame) -> None:
    calendar = work_days("CN", centre.first, centre.end - timedelta(days=1))
    makeup = calendar.loc[calendar["makeup"], "date"]
    rows = centre.occurrences.query("queue == 'wealth_funds' and peak == 'makeup_day'")
    assert set(rows["on"]) == set(makeup)
    assert (makeup.dt.day_of_week >= 5).all()
    wealth = days.loc["wealth_funds", "mean"]
    assert wealth[pd.Timestamp(2026, 5, 9)] > 1.3 * wealth[pd.Timestamp(2026, 5, 16)]


def test_repayments_fall_on_working_days_and_statements_on_theirs(centre: Centre) -> None:
    found = expand(centre.peaks, centre.first, centre.end)
    working = work_days("CN", date(2024, 10, 1), date(2026, 12, 31)).query("working")["date"]
    assert found.loc[found["kind"] == PeakKind.REPAYMENT, "date"].isin(working).all()
    billing = found.loc[found["kind"] == PeakKind.BILLING]
    assert (billing["peak"].str[-2:].astype(int) == billing["date"].dt.day).all()


def test_cohorts_grow(centre: Centre) -> None:
    found = expand(centre.peaks, centre.first, centre.end + timedelta(days=90))
    for _, rows in found.loc[found["kind"].isin([PeakKind.BILLING, PeakKind.REPAYMENT])].groupby("peak"):
        assert rows["size"].is_monotonic_increasing
        assert rows["size"].iloc[-1] > 1.2 * rows["size"].iloc[0]


def test_peaks_are_what_the_calendar_reads(centre: Centre) -> None:
    found = expand(centre.peaks, centre.first, centre.end + timedelta(days=90))
    assert check(found, OCCURRENCES) == []
    assert {str(kind) for kind in PeakKind} - set(found["kind"]) == set()
    coming = found.loc[found["date"].between(pd.Timestamp(2026, 11, 9), pd.Timestamp(2026, 11, 15)), "peak"]
    assert {"billing_12", "card_campaign", "payday", "trading_session"} <= set(coming)


def test_dividends_have_holders_and_fall_on_sessions(centre: Centre) -> None:
    dividend = next(peak for peak in centre.peaks if peak.kind is PeakKind.DIVIDEND)
    sessions = trading_sessions("XSHG", min(dividend.dates), max(dividend.dates))["date"]
    assert {pd.Timestamp(day) for day in dividend.dates} <= set(sessions)
    assert all(size is not None and 20_000 <= size <= 250_000 for size in dividend.dates.values())


def test_true_means_repeat_the_history_and_reach_past_it(centre: Centre) -> None:
    again = true_means(centre, date(2026, 11, 2), 14)
    merged = again.merge(centre.expected, on=["queue", "start"], suffixes=("", "_before"))
    assert len(merged) == len(again) / 2
    np.testing.assert_allclose(merged["mean"], merged["mean_before"])
    coming = totals(again.loc[again["queue"] == "card_hotline"]).loc["card_hotline"]
    ratio = coming["mean"] / coming["base"]
    assert ratio[pd.Timestamp(2026, 11, 12)] > 1.25


def test_a_peak_or_queue_nobody_has_is_named(centre: Centre) -> None:
    with pytest.raises(UnknownNameError, match="unknown peak 'carnival'"):
        truth_uplift(centre, "vip", "carnival", date(2026, 1, 5))
    with pytest.raises(UnknownNameError, match="unknown queue 'loans'"):
        truth_uplift(centre, "loans", "payday", date(2026, 1, 5))
