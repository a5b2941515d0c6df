"""The history of the synthetic centre: conserved, over-dispersed, closed when closed, and the same every time."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from data.domain import PeakKind
from data.errors import InputError
from data.intervals import clock, grid
from data.schema import HISTORY, check
from data.synthetic import Centre, make_centre
from data.synthetic import centre as centre_module
from data.synthetic.traits import TRAITS

QUEUES = ("card_hotline", "securities_hotline", "wealth_funds", "vip")


@pytest.fixture(scope="module")
def centre() -> Centre:
    return make_centre()


@pytest.fixture(scope="module")
def merged(centre: Centre) -> pd.DataFrame:
    frame = centre.history.merge(centre.expected, on=["queue", "start"])
    return pd.concat([frame, clock(pd.DatetimeIndex(frame["start"]), "Asia/Shanghai")], axis=1)


def test_the_history_keeps_its_schema_and_has_every_figure(centre: Centre) -> None:
    assert check(centre.history, HISTORY) == []
    assert not centre.history.isna().any(axis=None)
    assert tuple(centre.history["queue"].unique()) == QUEUES


def test_offered_are_the_answered_and_the_abandoned(centre: Centre) -> None:
    history = centre.history
    assert (history["offered"] == history["answered"] + history["abandoned"]).all()
    assert (history["answered_in_threshold"] <= history["answered"]).all()
    assert (history["wait_s"] >= 20 * (history["answered"] - history["answered_in_threshold"])).all()
    assert (history.loc[history["answered"] == 0, "handle_time_s"] == 0).all()
    counts = history[["offered", "answered", "abandoned", "answered_in_threshold"]]
    assert (counts == counts.round()).all(axis=None)


def test_every_open_interval_is_there_and_no_closed_one(centre: Centre) -> None:
    for queue in centre.queues:
        starts = centre.history.loc[centre.history["queue"] == queue.id, "start"]
        assert starts.tolist() == grid(queue, centre.first, centre.days)["start"].tolist()
    assert (centre.history["start"] < pd.Timestamp("2026-11-09", tz="Asia/Shanghai")).all()


def test_the_same_seed_gives_the_same_centre() -> None:
    one, two = make_centre(seed=3, days=60, people=40), make_centre(seed=3, days=60, people=40)
    for name in ("history", "truth", "occurrences", "expected"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))
    assert one.peaks == two.peaks
    assert one.agents == two.agents


def test_another_seed_gives_other_calls_around_the_same_calendar() -> None:
    one, two = make_centre(seed=3, days=60), make_centre(seed=4, days=60)
    assert (one.history["offered"] != two.history["offered"]).mean() > 0.5
    rules = [{peak.id for peak in made.peaks if peak.recurrence is not None} for made in (one, two)]
    assert rules[0] == rules[1]


def test_leaving_a_queue_out_changes_no_other_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = make_centre(days=30).history
    monkeypatch.setattr(centre_module, "TRAITS", {name: TRAITS[name] for name in QUEUES[2:]})
    part = make_centre(days=30).history
    kept = whole.loc[whole["queue"].isin(QUEUES[2:])].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, kept)


def test_arrivals_vary_more_than_poisson_and_days_most_of_all(merged: pd.DataFrame) -> None:
    days = merged.groupby(["queue", "date"])[["offered", "mean"]].sum()
    for queue in QUEUES:
        rows = merged.loc[merged["queue"] == queue]
        pearson = (rows["offered"] - rows["mean"]) ** 2 / rows["mean"]
        by_day = (days.loc[queue, "offered"] - days.loc[queue, "mean"]) ** 2 / days.loc[queue, "mean"]
        # The standard error of a Poisson sample's index is about √(2 / n) = 0.01.
        assert pearson.mean() > 1.03
        assert by_day.mean() > 1 + 10 * (pearson.mean() - 1)


def test_a_busy_interval_makes_the_next_one_busy(merged: pd.DataFrame) -> None:
    rows = merged.loc[merged["queue"] == "card_hotline"]
    residual = (rows["offered"] - rows["mean"]) / np.sqrt(rows["mean"])
    same_day = rows["date"].eq(rows["date"].shift())
    assert residual[same_day].corr(residual.shift()[same_day]) > 0.1


def test_past_answer_rates_lie_where_such_centres_stand(centre: Centre) -> None:
    sums = centre.history.groupby("queue")[["offered", "answered"]].sum()
    rates = sums["answered"] / sums["offered"]
    assert rates.between(0.925, 0.965).all(), rates.to_dict()


def test_fewer_are_answered_on_statement_days_than_on_others(centre: Centre, merged: pd.DataFrame) -> None:
    rows = merged.loc[merged["queue"] == "card_hotline"]
    touched = centre.occurrences.query("queue == 'card_hotline' and kind == 'billing' and day == 0")["on"]
    sums = rows.groupby(rows["date"].isin(touched))[["offered", "answered"]].sum()
    rates = sums["answered"] / sums["offered"]
    assert rates[True] < rates[False] - 0.01


def test_handle_time_follows_the_hour(merged: pd.DataFrame) -> None:
    card = merged.loc[merged["queue"] == "card_hotline"]
    hours = card.assign(hour=card["minute"] // 60, true_s=card["aht_s"] * card["answered"]).groupby("hour")
    sums = hours[["handle_time_s", "answered", "true_s"]].sum()
    np.testing.assert_allclose(sums["handle_time_s"] / sums["true_s"], 1.0, atol=0.01)
    aht_s = sums["handle_time_s"] / sums["answered"]
    assert aht_s[20] > 1.08 * aht_s[10]


def test_patience_can_be_estimated_from_waits_and_abandons(centre: Centre) -> None:
    # Total wait over abandons is the maximum-likelihood mean of an exponential patience seen censored.
    sums = centre.history.groupby("queue")[["wait_s", "abandoned"]].sum()
    for queue in centre.queues:
        estimate_s = sums.loc[queue.id, "wait_s"] / sums.loc[queue.id, "abandoned"]
        assert estimate_s == pytest.approx(queue.patience_s, rel=0.04)


def test_an_outage_leaves_calls_unanswered_and_brings_them_back(centre: Centre, merged: pd.DataFrame) -> None:
    outage = next(peak for peak in centre.peaks if peak.kind is PeakKind.OUTAGE)
    (day,) = outage.dates
    rows = merged.query("queue == 'card_hotline'")
    rows = rows.loc[rows["date"] == pd.Timestamp(day)].set_index("minute")
    out = rows.loc[(rows.index >= 10 * 60) & (rows.index < 12 * 60 + 30)]
    burst = rows.loc[(rows.index >= 12 * 60 + 30) & (rows.index < 13 * 60 + 30)]
    assert len(out) == 10
    assert out["offered"].sum() > 300
    assert out["answered"].sum() < 0.05 * out["offered"].sum()
    assert burst["offered"].sum() > 1.8 * burst["base"].sum()
    before = rows.loc[rows.index < 10 * 60]
    assert before["answered"].sum() > 0.8 * before["offered"].sum()
    assert day.weekday() == 1


def test_the_outage_touches_only_its_queues(centre: Centre, merged: pd.DataFrame) -> None:
    (day,) = next(peak for peak in centre.peaks if peak.kind is PeakKind.OUTAGE).dates
    rows = merged.loc[(merged["date"] == pd.Timestamp(day)) & (merged["queue"] == "wealth_funds")]
    assert rows["answered"].sum() > 0.8 * rows["offered"].sum()


def test_volumes_and_sizes_grow_with_the_people() -> None:
    small, large = make_centre(days=30, people=160), make_centre(days=30, people=1600)
    ratio = large.expected.groupby("queue")["mean"].sum() / small.expected.groupby("queue")["mean"].sum()
    # Large pools answer more per head, the smallest queue gains most.
    assert ratio.between(10, 16).all()
    merged = small.occurrences.merge(large.occurrences, on=["queue", "peak", "on"], suffixes=("", "_large"))
    assert len(merged) == len(small.occurrences)
    np.testing.assert_allclose(merged["uplift"], merged["uplift_large"], rtol=1e-3)


def test_a_short_history_anywhere_in_the_calendar_can_be_made() -> None:
    made = make_centre(first=date(2023, 1, 2), days=14, people=20)
    assert made.end == date(2023, 1, 16)
    assert made.history["start"].max() < pd.Timestamp(made.end + timedelta(days=1), tz="UTC")


@pytest.mark.parametrize(("people", "days"), [(19, 30), (160, 6)])
def test_too_few_people_or_days_are_refused(people: int, days: int) -> None:
    with pytest.raises(InputError, match="at least 20 people and 7 days"):
        make_centre(people=people, days=days)


def test_progress_is_told_from_begin_to_end() -> None:
    told: list[tuple[str, float]] = []
    make_centre(days=7, progress=lambda step, share: told.append((step, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[0] == ("peaks", 0.0)
    assert told[-1] == ("done", 1.0)
    assert {step for step, _ in told} >= set(QUEUES)
