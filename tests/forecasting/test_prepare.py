from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.corrections import FINDINGS, Decision, Verdict
from data.domain import OpeningSpan, Peak, PeakKind, Queue
from data.errors import InputError
from data.schema import require
from forecasting.prepare import Series, prepare, require_a_week
from forecasting.unusual_days import running_median
from tests.forecasting.hotline import (
    QUEUE,
    SETTINGS,
    after,
    make_history,
    matrix_of,
    midnight,
    series_of,
    terms_of,
)

QUIET = after(44)
LOUD = after(51)


def holiday(day: date, kind: PeakKind = PeakKind.HOLIDAY) -> Peak:
    return Peak(id="known", kind=kind, dates={day: None})


def test_an_ordinary_history_is_used_whole_and_its_totals_are_its_sums() -> None:
    history = make_history()
    series, _ = series_of(history)
    assert series.usable.all()
    assert series.left_out.empty
    day = history["start"].dt.tz_convert("Asia/Shanghai").dt.date
    np.testing.assert_allclose(series.totals, history["offered"].groupby(day).sum().to_numpy())


@pytest.mark.parametrize(
    ("share", "reason"),
    [(0.2, "far below"), (0.0, "not one contact"), (2.5, "far above")],
    ids=["low", "zero", "high"],
)
def test_a_broken_day_no_peak_explains_is_left_out_and_reported(share: float, reason: str) -> None:
    series, _ = series_of(make_history(lift={QUIET: share}))
    assert not series.usable[44]
    assert series.usable.sum() == 83
    assert np.isnan(series.totals[44])
    (row,) = series.left_out.to_dict("records")
    assert row["date"] == pd.Timestamp(QUIET)
    assert reason in row["reason"]
    assert row["found"] < 0.65 * row["usual"] or row["found"] > 1.75 * row["usual"]


@pytest.mark.parametrize("share", [0.8, 1.5], ids=["a little low", "a little high"])
def test_a_day_somewhat_off_its_usual_stays(share: float) -> None:
    series, _ = series_of(make_history(lift={QUIET: share}))
    assert series.usable.all()
    assert series.ordinary.all()


def test_a_low_day_a_known_holiday_explains_is_fitted_but_not_ordinary() -> None:
    series, _ = series_of(make_history(lift={QUIET: 0.3}), [holiday(QUIET)])
    assert series.usable[44]
    assert not series.ordinary[44]
    assert series.left_out.empty


def test_a_high_day_a_known_peak_explains_is_fitted() -> None:
    series, _ = series_of(make_history(lift={LOUD: 2.5}), [holiday(LOUD, PeakKind.BILLING)])
    assert series.usable[51]


def test_a_billing_day_does_not_explain_a_day_far_too_low() -> None:
    series, _ = series_of(make_history(lift={QUIET: 0.3}), [holiday(QUIET, PeakKind.BILLING)])
    assert not series.usable[44]


def test_a_known_outage_is_left_out_however_the_day_looks() -> None:
    series, _ = series_of(make_history(), [holiday(QUIET, PeakKind.OUTAGE)])
    assert not series.usable[44]
    assert series.left_out["reason"].tolist() == ["a known outage"]


def test_a_weekday_without_a_trading_session_may_be_low() -> None:
    sessions = Peak(
        id="session", kind=PeakKind.SESSION, dates={after(day): None for day in range(84) if day != 44}
    )
    series, _ = series_of(make_history(lift={QUIET: 0.3}), [sessions])
    assert series.usable[44]


def test_a_small_queue_keeps_its_quiet_days() -> None:
    series, _ = series_of(make_history(level=0.4, seed=5))
    totals = series.totals
    low = totals < 0.65 * running_median(totals, series.weekdays)
    assert low.sum() > 5
    assert series.usable[low].mean() > 0.9


def test_one_absurd_interval_becomes_a_gap_and_the_day_stays() -> None:
    history = make_history()
    clean, _ = series_of(history)
    history.loc[44 * 20 + 7, "offered"] *= 100
    series, _ = series_of(history)
    assert np.isnan(series.counts[44, 16 + 7])
    assert series.usable[44]
    assert series.totals[44] == pytest.approx(clean.totals[44], rel=0.1)
    assert series.left_out["reason"].tolist() == ["one interval far above its usual, at 11:30"]


def test_a_day_with_gaps_is_scaled_by_what_the_known_slots_usually_carry() -> None:
    history = make_history(noise=False)
    whole, _ = series_of(history)
    gap = history.drop(index=range(44 * 20 + 2, 44 * 20 + 9))
    series, _ = series_of(gap)
    assert series.totals[44] == pytest.approx(whole.totals[44], rel=1e-6)
    np.testing.assert_allclose(series.filled[44], whole.filled[44], rtol=1e-6)


def test_a_day_of_which_less_than_half_is_known_is_left_out() -> None:
    history = make_history()
    series, _ = series_of(history.drop(index=range(44 * 20, 44 * 20 + 12)))
    assert not series.usable[44]
    assert series.left_out["reason"].tolist() == ["less than half of its contacts are known"]


def test_a_missing_day_is_shown_as_one_without_intervals() -> None:
    series, _ = series_of(make_history(without=[QUIET]))
    assert series.left_out["reason"].tolist() == ["no intervals"]
    assert np.isnan(series.filled[44]).all()


def test_preparation_at_an_origin_does_not_know_what_comes_later() -> None:
    history = make_history(lift={after(41): 0.3})
    matrix = matrix_of(history)
    terms = terms_of(matrix)
    early = prepare(matrix.until(43), terms, SETTINGS)
    spoilt = history.assign(offered=history["offered"].where(history.index < 43 * 20, 1e7))
    again = prepare(matrix_of(spoilt).until(43), terms, SETTINGS)
    np.testing.assert_array_equal(early.filled, again.filled)
    np.testing.assert_array_equal(early.usable, again.usable)


def test_the_age_of_a_day_counts_the_ordinary_same_weekdays_after_it() -> None:
    series, _ = series_of(make_history(days=28, without=[after(21)]))
    mondays = series.same_weekday_age()[::7]
    assert mondays.tolist() == [2, 1, 0, 0]
    assert all(early >= late for early, late in pairwise(mondays))


def test_a_week_is_enough_and_a_day_less_is_not() -> None:
    for days, without, enough in ((7, [], True), (7, [after(3)], False), (6, [], False)):
        matrix = matrix_of(make_history(days=days, without=without))
        usable = prepare(matrix, terms_of(matrix), SETTINGS).usable
        if enough:
            assert require_a_week(matrix, usable) == 7
        else:
            with pytest.raises(InputError, match=r"queue 'hotline'.*7 whole days.*2025-01-06"):
                require_a_week(matrix, usable)


def kinds(series: Series) -> list[str]:
    return series.findings["kind"].tolist()


def decide(verdict: Verdict, day: int, *, first_h: int = 0, hours: int = 24) -> Decision:
    start = midnight(after(day)) + pd.Timedelta(hours=first_h)
    end = start + pd.Timedelta(hours=hours)
    return Decision(queue="hotline", start=start, end=end, verdict=verdict, name="Li", reason="I was there")


def decided(history: pd.DataFrame, *decisions: Decision) -> Series:
    matrix = replace(matrix_of(history), decisions=decisions)
    return prepare(matrix, terms_of(matrix), SETTINGS)


def silenced(first: int = 5, end: int = 10, *days: int, level: float = 60.0) -> pd.DataFrame:
    history = make_history(level=level)
    place = np.arange(len(history))
    silent = np.isin(place // 20, days or (44,)) & (place % 20 >= first) & (place % 20 < end)
    return history.assign(offered=history["offered"].where(~silent, 0.0))


def test_findings_keep_their_schema_and_an_ordinary_history_has_none() -> None:
    for history in (make_history(), silenced(), make_history(lift={QUIET: 0.2}, without=[LOUD])):
        require(series_of(history)[0].findings, FINDINGS)
    assert series_of(make_history())[0].findings.empty


def test_an_outage_within_a_day_is_left_out_and_the_rest_of_the_day_stays() -> None:
    clean, _ = series_of(make_history(level=60.0))
    series, _ = series_of(silenced())
    assert np.isnan(series.counts[44, 21:26]).all()
    assert series.usable[44]
    assert series.totals[44] == pytest.approx(clean.totals[44], rel=0.05)
    (row,) = series.findings.to_dict("records")
    assert row["kind"] == "outage"
    assert row["start"] == midnight(after(44)) + pd.Timedelta(hours=10.5)
    assert row["end"] == midnight(after(44)) + pd.Timedelta(hours=13)
    assert (row["found"], row["done"]) == (0.0, "left out")
    assert row["usual"] == pytest.approx(clean.counts[44, 21:26].sum(), rel=0.2)
    assert row["confidence"] > 0.9


def test_silence_is_no_outage_where_it_is_a_habit_or_an_edge_or_one_interval_or_a_quiet_queue() -> None:
    assert kinds(series_of(silenced(5, 10, 44, 51, 58))[0]) == []
    assert kinds(series_of(silenced(0, 2, level=30.0))[0]) == []
    assert kinds(series_of(silenced(2, 4, level=30.0))[0]) == ["outage"]
    assert kinds(series_of(silenced(5, 6))[0]) == []
    history = make_history(level=2.0)
    quiet = (history.index // 20 == 44) & (history.index % 20 >= 5) & (history.index % 20 < 10)
    assert kinds(series_of(history.assign(offered=history["offered"].where(~quiet, 0.0)))[0]) == []


def test_a_burst_of_some_intervals_is_left_out_and_the_rest_of_the_day_stays() -> None:
    history = make_history()
    burst = (history.index // 20 == 44) & (history.index % 20 >= 16)
    history["offered"] = history["offered"].where(~burst, 8 * history["offered"])
    series, _ = series_of(history)
    assert series.usable[44]
    assert kinds(series) == ["spike"]
    assert series.findings["reason"].tolist() == ["4 intervals far above their usual, at 16:00"]


def test_a_day_counted_twice_and_a_day_imported_twice_are_told_apart() -> None:
    assert kinds(series_of(make_history(lift={LOUD: 2.0}, noise=False))[0]) == ["doubled_day"]
    history = make_history()
    copied = history["offered"].to_numpy().copy()
    copied[51 * 20 : 52 * 20] = copied[50 * 20 : 51 * 20]
    series, _ = series_of(history.assign(offered=copied))
    assert kinds(series) == ["copied_day"]
    assert "equals 2025-02-25" in series.findings["reason"].iloc[0]
    assert not series.usable[51]
    assert series.usable[50]


def test_missing_days_in_a_row_are_one_finding_with_what_they_usually_had() -> None:
    series, _ = series_of(make_history(without=[after(day) for day in (40, 41, 42)]))
    (row,) = series.findings.to_dict("records")
    assert row["kind"] == "missing_day"
    assert row["end"] - row["start"] == pd.Timedelta(days=3)
    assert row["usual"] == pytest.approx(1560, rel=0.1)


def test_days_lost_up_to_the_end_are_left_out_for_four_weeks_and_then_believed() -> None:
    for silent, believed in ((20, False), (40, True)):
        history = make_history()
        lost = history.index // 20 >= 84 - silent
        series, _ = series_of(history.assign(offered=history["offered"].where(~lost, 0.0)))
        assert series.usable[-1] == believed


def test_hours_that_were_not_served_yet_are_unknown_and_no_longer_zero() -> None:
    history = make_history()
    early = (history.index // 20 < 60) & (history.index % 20 >= 16)
    series, _ = series_of(history.assign(offered=history["offered"].where(~early, 0.0)))
    assert np.isnan(series.counts[:60, 32:36]).all()
    assert series.filled[:60, 32:36].min() > 0
    (row,) = series.findings.to_dict("records")
    assert row["kind"] == "closed_then"
    assert row["end"] == midnight(after(60))
    assert "16:00–18:00" in row["reason"]


def test_hours_that_are_served_no_more_count_as_closed() -> None:
    history = make_history()
    late = (history.index // 20 >= 60) & (history.index % 20 >= 16)
    series, _ = series_of(history.assign(offered=history["offered"].where(~late, 0.0)))
    assert not series.opened[:, 32:36].any()
    assert kinds(series) == ["closed_since"]


def test_growth_from_next_to_nothing_is_not_taken_for_new_hours() -> None:
    series, _ = series_of(make_history(level=0.5, growth=60.0))
    assert "closed_then" not in kinds(series)


def test_contacts_outside_the_opening_hours_are_shown() -> None:
    longer = replace(QUEUE, hours=(OpeningSpan(open_min=480, close_min=1200),))
    series, _ = series_of(make_history(longer))
    (row,) = series.findings.to_dict("records")
    assert row["kind"] == "outside_hours"
    assert row["found"] > 1000


@pytest.mark.parametrize(("first", "kind"), [(date(2025, 3, 3), "filled"), (date(2025, 10, 6), "kept")])
def test_a_change_of_the_clock_is_shown_where_the_queue_is_open(first: date, kind: str) -> None:
    queue = Queue(id="hotline", timezone="Europe/Berlin", interval_min=60)
    found = series_of(make_history(queue, first=first, days=42), queue=queue)[0].findings
    (row,) = found.to_dict("records")
    assert (row["kind"], row["done"]) == ("clock_change", kind)
    assert row["start"].tz_convert("Europe/Berlin").date() in (date(2025, 3, 30), date(2025, 10, 26))


def test_an_hour_that_comes_twice_is_unknown_when_only_one_of_both_is_there() -> None:
    queue = Queue(id="hotline", timezone="Europe/Berlin", interval_min=60)
    history = make_history(queue, first=date(2025, 10, 6), days=42)
    again = history["start"] == pd.Timestamp("2025-10-26 01:00", tz="UTC")
    series, _ = series_of(history.loc[~again].reset_index(drop=True), queue=queue)
    assert np.isnan(series.counts[20, 2])
    assert "one of two hours is missing" in series.findings["reason"].iloc[0]


def test_a_lasting_step_is_found_on_its_day_and_kept_and_growth_is_no_step() -> None:
    step = {after(day): 1.5 for day in range(42, 84)}
    found = series_of(make_history(lift=step))[0]
    assert found.usable.all()
    (row,) = found.findings.to_dict("records")
    assert (row["kind"], row["done"]) == ("level_shift", "kept")
    assert abs((row["start"] - midnight(after(42))).days) <= 2
    assert row["found"] / row["usual"] == pytest.approx(1.5, rel=0.1)
    assert kinds(series_of(make_history(growth=1.0))[0]) == []


def test_a_doubled_level_of_the_last_weeks_is_a_new_level_and_no_row_of_accidents() -> None:
    series, _ = series_of(make_history(lift={after(day): 2.2 for day in range(72, 84)}))
    assert series.usable[-12:].all()
    assert series.ordinary[-12:].all()
    assert "level_shift" in kinds(series)


def test_a_planner_keeps_what_was_left_out() -> None:
    history = make_history(lift={QUIET: 0.3})
    assert not decided(history).usable[44]
    series = decided(history, decide(Verdict.KEEP, 44))
    assert series.usable[44]
    (row,) = series.findings.to_dict("records")
    assert (row["kind"], row["done"], row["decided_by"]) == ("low_day", "kept", "Li")


def test_a_planner_keeps_an_outage_and_only_a_part_of_the_day() -> None:
    series = decided(silenced(), decide(Verdict.KEEP, 44, first_h=10, hours=4))
    assert (series.counts[44, 21:26] == 0).all()
    (row,) = series.findings.to_dict("records")
    assert (row["kind"], row["done"], row["decided_by"]) == ("outage", "kept", "Li")


def test_a_planner_drops_days_or_hours_and_a_later_decision_takes_it_back() -> None:
    history = make_history()
    series = decided(history, decide(Verdict.DROP, 30, hours=72))
    assert not series.usable[30:33].any()
    assert series.usable.sum() == 81
    (row,) = series.findings.to_dict("records")
    assert (row["kind"], row["done"], row["decided_by"], row["reason"]) == (
        "dropped",
        "left out",
        "Li",
        "I was there",
    )
    part = decided(history, decide(Verdict.DROP, 30, first_h=9, hours=2))
    assert np.isnan(part.counts[30, 18:22]).all()
    assert part.usable[30]
    back = decided(history, decide(Verdict.DROP, 30, hours=72), decide(Verdict.KEEP, 31))
    assert back.usable[30:33].tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"queue": ""}, "needs the queue"),
        ({"name": " "}, "name of who decides"),
        ({"reason": ""}, "and the reason"),
        ({"verdict": "perhaps"}, "keep or drop"),
        ({"end": pd.Timestamp("2025-01-01", tz="UTC")}, "not before its end"),
        ({"start": pd.Timestamp("2025-01-01")}, "need a time zone"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(change: dict[str, Any], says: str) -> None:
    given = decide(Verdict.KEEP, 3)
    with pytest.raises(InputError, match=says):
        replace(given, **change)
