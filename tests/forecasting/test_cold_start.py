from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.corrections import Decision, Verdict
from data.domain import OpeningSpan, Peak, PeakKind, Queue
from data.errors import InputError
from data.schema import FORECAST, QUANTILE_COLUMNS, require
from data.synthetic import make_centre
from forecasting.accuracy import coverage, wape
from forecasting.cold_start import forecast_like
from forecasting.forecast import Forecast, forecast
from forecasting.settings import Settings
from tests.forecasting.hotline import QUEUE, after, make_history, midnight

YOUNG = replace(QUEUE, id="young", skill="")
BIG = make_history(level=80.0)
PLAIN = Settings(models=("weekday_mean",))
EMPTY = BIG.iloc[:0]
FIRST = after(84)


def young_history(queue: Queue = YOUNG, *, days: int = 7, level: float = 20.0, seed: int = 9) -> pd.DataFrame:
    rows = make_history(queue, first=after(84 - days), days=days, level=level, seed=seed)
    return rows.assign(queue=queue.id)


def borrowed(
    history: pd.DataFrame = EMPTY,
    peaks: tuple[Peak, ...] = (),
    *,
    queue: Queue = YOUNG,
    like: Queue = QUEUE,
    like_history: pd.DataFrame = BIG,
    level: float | None = None,
    days: int = 7,
) -> Forecast:
    return forecast_like(
        queue,
        history,
        peaks,
        like=like,
        like_history=like_history,
        level=level,
        first=FIRST,
        days=days,
        cutoff=midnight(FIRST),
        settings=PLAIN,
    )


def expected_week(level: float = 20.0) -> np.ndarray:
    rows = make_history(first=FIRST, days=7, level=level, noise=False)
    return rows["offered"].to_numpy()


def test_without_history_a_planners_level_takes_the_other_queues_week() -> None:
    found = borrowed(level=5000.0)
    frame = require(found.frame, FORECAST)
    assert (frame["queue"] == "young").all()
    assert frame["mean"].sum() == pytest.approx(5000.0, rel=0.01)
    truth = expected_week()
    np.testing.assert_allclose(frame["mean"] / 5000.0, truth / truth.sum(), rtol=0.2)
    assert "a planner's 5000 contacts a week" in found.notes[0]
    assert "'hotline'" in found.notes[0]


def test_a_week_of_history_gives_the_level() -> None:
    found = borrowed(young_history())
    assert found.frame["mean"].sum() == pytest.approx(expected_week().sum(), rel=0.05)
    assert "7 days of its own history" in found.notes[0]
    assert found.scores.empty


def test_a_week_of_history_corrects_a_planner_who_was_wrong() -> None:
    truth = expected_week().sum()
    for guess in (0.3 * truth, 3 * truth):
        assert borrowed(young_history(), level=guess).frame["mean"].sum() == pytest.approx(truth, rel=0.2)


def test_what_the_young_queue_has_of_its_own_takes_over_the_longer_it_is_known() -> None:
    own = young_history(days=28)
    late = own.index % 20 >= 10
    own["offered"] = own["offered"].where(late, 0.0)
    shares = []
    for days in (7, 28):
        rows = own.loc[own["start"] >= midnight(after(84 - days))]
        frame = borrowed(rows).frame
        shares.append(frame["mean"][frame.index % 20 >= 12].sum() / frame["mean"].sum())
    assert 0.40 < shares[0] <= shares[1] + 0.02
    assert shares[1] == pytest.approx(0.75, abs=0.1)


def test_the_spread_is_wider_without_history_than_with_some_and_than_the_other_queues() -> None:
    def width(found: Forecast) -> float:
        return float(((found.frame["q90"] - found.frame["q10"]) / found.frame["mean"]).mean())

    level = float(expected_week(80.0).sum())
    blind = borrowed(level=level)
    week = borrowed(young_history(level=80.0))
    own = forecast(QUEUE, BIG, (), first=FIRST, days=7, cutoff=midnight(FIRST), settings=PLAIN)
    assert width(blind) > 1.5 * width(week) > 1.5 * width(own)


def test_a_shared_peak_is_borrowed_and_one_of_the_other_queue_alone_is_not() -> None:
    paydays = {after(day): None for day in (10, 24, 38, 52, 66, 80, 87)}
    lifted = make_history(level=80.0, lift={day: 2.0 for day in paydays if day < FIRST})
    shares = {}
    for queues in (frozenset({"hotline", "young"}), frozenset({"hotline"})):
        peak = Peak(id="payday", kind=PeakKind.PAYDAY, dates=paydays, queues=queues)
        frame = forecast_like(
            YOUNG,
            EMPTY,
            (peak,),
            like=QUEUE,
            like_history=lifted,
            level=5000.0,
            first=FIRST,
            days=7,
            cutoff=midnight(FIRST),
            settings=Settings(models=("mixed_effects",)),
        ).frame
        day = frame["start"].dt.tz_convert("Asia/Shanghai").dt.date
        shares[len(queues)] = frame.loc[day == after(87), "mean"].sum()
    assert shares[2] > 1.5 * shares[1]


def test_a_peak_the_other_queue_does_not_know_is_named_in_the_notes() -> None:
    peak = Peak(id="launch", kind=PeakKind.CAMPAIGN, dates={after(86): None}, queues=frozenset({"young"}))
    assert any("launch" in note for note in borrowed(level=100.0, peaks=(peak,)).notes)


@pytest.mark.parametrize("interval_min", [15, 60])
@pytest.mark.parametrize("timezone", ["Asia/Shanghai", "Europe/Berlin"])
def test_a_queue_of_another_interval_zone_and_opening_hours_is_served_by_the_wall_clock(
    interval_min: int, timezone: str
) -> None:
    hours = (OpeningSpan(open_min=7 * 60, close_min=20 * 60),)
    queue = Queue(id="young", timezone=timezone, interval_min=interval_min, hours=hours)
    found = forecast_like(
        queue,
        EMPTY,
        (),
        like=QUEUE,
        like_history=BIG,
        level=5000.0,
        first=FIRST,
        days=7,
        cutoff=midnight(FIRST),
        settings=PLAIN,
    )
    frame = require(found.frame, FORECAST)
    assert frame["mean"].sum() == pytest.approx(5000.0, rel=0.05)
    assert (frame["mean"] > 0).all()
    assert len(frame) == 7 * 13 * 60 // interval_min


def test_handle_times_come_from_the_queue_once_it_has_enough_and_from_the_other_before() -> None:
    theirs = BIG.assign(answered=BIG["offered"], handle_time_s=300.0 * BIG["offered"])
    own = young_history()
    told = own.assign(answered=own["offered"], handle_time_s=200.0 * own["offered"])
    for rows, expected in ((own, 300.0), (told, 200.0), (told.iloc[:3], 300.0)):
        found = borrowed(rows, like_history=theirs, level=1000.0)
        np.testing.assert_allclose(found.frame["aht_s"], expected)
    assert (borrowed(own).frame["aht_s"] == PLAIN.default_aht_s).all()


def test_nothing_after_the_cutoff_changes_the_forecast() -> None:
    later = make_history(first=FIRST, days=7, level=500.0)
    known = borrowed(young_history())
    spoilt = borrowed(
        pd.concat([young_history(), later.assign(queue="young")], ignore_index=True),
        like_history=pd.concat([BIG, later], ignore_index=True),
    )
    pd.testing.assert_frame_equal(known.frame, spoilt.frame)


def test_a_decision_about_the_young_queue_is_heard_and_hashed() -> None:
    drop = Decision(
        queue="young",
        start=midnight(after(77)),
        end=midnight(after(80)),
        verdict=Verdict.DROP,
        name="Li",
        reason="a test of the lines",
    )
    rows = young_history()
    rows["offered"] *= np.where(rows["start"] < midnight(after(80)), 3.0, 1.0)
    given = {"like": QUEUE, "like_history": BIG, "first": FIRST, "days": 7, "cutoff": midnight(FIRST)}
    found = [
        forecast_like(YOUNG, rows, (), decisions=said, settings=PLAIN, **given)  # type: ignore[arg-type]
        for said in ((), (drop,))
    ]
    assert found[1].frame["mean"].sum() == pytest.approx(expected_week().sum(), rel=0.1)
    assert found[0].frame["mean"].sum() > 1.3 * found[1].frame["mean"].sum()
    assert found[0].data_hash != found[1].data_hash


def test_the_hash_tells_levels_and_histories_apart() -> None:
    hashes = {borrowed(level=100.0).data_hash, borrowed(level=101.0).data_hash}
    hashes |= {borrowed(young_history()).data_hash, borrowed(young_history(seed=3)).data_hash}
    assert len(hashes) == 4
    assert borrowed(level=100.0).data_hash in hashes


REFUSED = {
    "neither history nor level": ({}, "queue 'young'.*Give the contacts of an ordinary week"),
    "zeros only": ({"history": young_history(level=0.0)}, "queue 'young'.*its level cannot be told"),
    "no level": ({"level": 0.0}, "queue 'young'.*above 0"),
    "infinite level": ({"level": np.inf}, "queue 'young'.*above 0"),
    "itself": ({"like": YOUNG, "level": 1.0}, "queue 'young'.*cannot borrow from itself"),
    "nothing to borrow": ({"like_history": EMPTY, "level": 1.0}, "queue 'hotline'.*nothing up to"),
    "silence to borrow": ({"like_history": BIG.assign(offered=0.0), "level": 1.0}, "no contacts to borrow"),
    "two days to borrow": ({"like_history": BIG.iloc[-40:], "level": 1.0}, "queue 'hotline'.*one week"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_borrowed_is_one_error(case: str) -> None:
    given, says = REFUSED[case]
    with pytest.raises(InputError, match=says):
        borrowed(**given)  # type: ignore[arg-type] - a table of different arguments


def test_a_week_old_queue_of_the_synthetic_centre_gains_from_borrowing() -> None:
    centre = make_centre(days=182)
    queues = {queue.id: queue for queue in centre.queues}
    naive_settings = Settings(models=("seasonal_naive",))
    ratios, inside = [], []
    for young, like in (("wealth_funds", "card_hotline"), ("vip", "card_hotline")):
        queue = queues[young]
        for first in (date(2025, 3, 31), date(2025, 4, 14)):
            cutoff = midnight(first, queue)
            since = cutoff - pd.Timedelta(weeks=1)
            mine = centre.history.loc[centre.history["queue"].eq(young)]
            own = mine.loc[mine["start"] >= since]
            where = {"first": first, "days": 7, "cutoff": cutoff}
            like_it = forecast_like(
                queue,
                own,
                centre.peaks,
                like=queues[like],
                like_history=centre.history,
                settings=Settings(models=("mixed_effects",)),
                **where,  # type: ignore[arg-type] - dates and an instant
            )
            naive = forecast(queue, own, centre.peaks, settings=naive_settings, **where)  # type: ignore[arg-type]
            both = like_it.frame.merge(mine[["start", "offered"]], on="start")
            actual = both["offered"].to_numpy()
            ratios.append(
                wape(actual, both["mean"].to_numpy()) / wape(actual, naive.frame["mean"].to_numpy())
            )
            inside.append(coverage(actual, both["q10"], both["q90"]))
    assert np.mean(ratios) < 0.9
    assert np.mean(inside) > 0.7


def test_quantiles_rise_and_hold_nothing_that_is_not_a_number() -> None:
    for found in (borrowed(level=1.0), borrowed(young_history(level=0.05)), borrowed(level=1e6, days=90)):
        values = found.frame[[*QUANTILE_COLUMNS, "mean"]].to_numpy()
        assert np.isfinite(values).all()
        assert (values >= 0).all()
        assert (np.diff(found.frame[list(QUANTILE_COLUMNS)].to_numpy(), axis=1) >= 0).all()
