"""Availability planted in calls that are simulated one by one, and what history cannot tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from data.domain import Channel, OpeningSpan, Queue
from data.errors import InputError
from data.shrinkage import MOST_AVAILABLE
from data.synthetic import make_centre
from scheduling.calibration import Calibration, calibrate, predict_days
from scheduling.calibration_days import accuracy, reconcile
from scheduling.calibration_fit import fit
from scheduling.calibration_handle_time import handle_time_s, usual_handle_time
from scheduling.calibration_likelihood import FACTORS, LOGS, answer_rates, at_factor, log_likelihood
from scheduling.calibration_observed import observe
from scheduling.calibration_parts import WEEKEND, WORKING, opening_blocks
from scheduling.erlang import answer_rate
from tests.oracles.staffed_days import AHT_S, PATIENCE_S, staffed_days

QUEUE = Queue(id="q", patience_s=PATIENCE_S)
ALWAYS = np.full(48, 0.85)
LUNCH = np.where((np.arange(48) >= 24) & (np.arange(48) < 28), 0.65, 0.85)
Frames = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def busy() -> Frames:
    return staffed_days(per_h=100, agents=8.5, availability=LUNCH, days=56, seed=1)


@pytest.fixture(scope="module")
def found(busy: Frames) -> Calibration:
    return calibrate([QUEUE], *busy, patience_s=PATIENCE_S)


def factor_at(fitted: Calibration, hour: float) -> float:
    (part,) = [
        part for part in fitted.fitted.parts if part.block.open_min <= 60 * hour < part.block.close_min
    ]
    return part.factor


# --- what is planted comes out ------------------------------------------------------------------------


def test_the_planted_availability_of_each_part_of_the_day_is_found(found: Calibration) -> None:
    assert factor_at(found, 13) == pytest.approx(0.65, abs=0.03)
    assert factor_at(found, 10) == pytest.approx(0.85, abs=0.03)
    assert factor_at(found, 17) == pytest.approx(0.85, abs=0.03)
    for part in found.fitted.parts:
        assert part.low < part.factor < part.high


def test_a_small_queue_gets_no_higher_a_factor_for_the_chance_in_its_counts() -> None:
    frames = staffed_days(per_h=20, agents=2.6, availability=ALWAYS, days=84, seed=2)
    made = calibrate([QUEUE], *frames, patience_s=PATIENCE_S)
    assert made.fitted.factor == pytest.approx(0.85, abs=0.04)


def test_hours_that_are_alike_share_one_factor() -> None:
    frames = staffed_days(per_h=60, agents=5.5, availability=ALWAYS, days=28, seed=3)
    assert len(calibrate([QUEUE], *frames, patience_s=PATIENCE_S).fitted.parts) <= 3


def test_days_that_were_held_out_are_predicted_better_than_without(found: Calibration) -> None:
    assert found.held_out is not None
    assert found.held_out_without is not None
    assert found.held_out.days == 28  # one block of 28 days: what comes before a second would be too little
    assert found.held_out.mae < 0.012 < found.held_out_without.mae
    assert abs(found.held_out.bias) < 0.008
    assert found.warnings == found.lacks == ()


def test_a_held_out_day_is_told_as_predicted_from_the_days_before_it_alone(busy: Frames) -> None:
    history, presence = busy
    first = calibrate([QUEUE], history, presence, patience_s=PATIENCE_S, hold_out_days=7)
    later = history["start"] >= history["start"].max() - pd.Timedelta(days=7)
    more = (history["offered"] / history["answered"].clip(lower=1)).where(later, 1.0)
    spoiled = history.assign(**{name: history[name] * more for name in ("answered", "handle_time_s")})
    second = calibrate([QUEUE], spoiled, presence, patience_s=PATIENCE_S, hold_out_days=7)
    last = first.days["held_out"].to_numpy() & (first.days["date"] >= first.days["date"].iloc[-7]).to_numpy()
    assert last.sum() == 7
    moved = first.days.loc[last, "predicted"] - second.days.loc[last, "predicted"]
    assert moved.abs().max() < 0.01  # the days themselves moved by fifteen times that


def test_the_synthetic_centre_gives_back_the_availability_it_was_made_with() -> None:
    centre = make_centre(days=84, people=160)
    queue = centre.queues[0]
    made = calibrate(
        [queue],
        centre.history[centre.history["queue"] == queue.id],
        centre.presence[centre.presence["queues"] == queue.id],
        patience_s=queue.patience_s,
    )
    assert factor_at(made, 10) == pytest.approx(0.90, abs=0.04)
    assert factor_at(made, 13) == pytest.approx(0.78, abs=0.05)


def test_queues_that_share_agents_are_calibrated_together(busy: Frames, found: Calibration) -> None:
    history, presence = busy
    figures = ["offered", "answered", "abandoned", "handle_time_s"]
    halves = [
        history.assign(queue=name, **{column: history[column] / 2 for column in figures}) for name in "ab"
    ]
    queues = [Queue(id=name) for name in "ab"]
    made = calibrate(queues, pd.concat(halves), presence.assign(queues="a;b"), patience_s=PATIENCE_S)
    assert [part.factor for part in made.fitted.parts] == pytest.approx(
        [part.factor for part in found.fitted.parts]
    )
    assert made.fitted.queues == tuple(queues)


def test_the_factors_cover_every_open_hour_once(found: Calibration) -> None:
    held = sum(part.minutes().astype(int) for part in found.fitted.availability())
    assert (np.asarray(held) == 1).all()


def test_weekends_are_told_from_working_days_where_they_differ() -> None:
    hours = (
        OpeningSpan(weekdays=WORKING, open_min=480, close_min=1080),
        OpeningSpan(weekdays=frozenset({5}), open_min=480, close_min=720),
    )
    kinds = opening_blocks([replace(QUEUE, hours=hours)])
    assert [kind[0].weekdays for kind in kinds] == [WORKING, frozenset({5})]
    assert [(block.open_min, block.close_min) for block in kinds[1]] == [(480, 600), (600, 720)]
    assert [kind[0].weekdays for kind in opening_blocks([QUEUE])] == [WORKING, WEEKEND]


# --- its parts ----------------------------------------------------------------------------------------


def a_frame(offered: list[float], agents: list[float]) -> pd.DataFrame:
    n = len(offered)
    return pd.DataFrame(
        {
            "start": pd.date_range("2026-01-05", periods=n, freq="D", tz="UTC"),  # none follows another
            "date": pd.Timestamp("2026-01-05"),
            "minute": 30 * np.arange(n),
            "offered": offered,
            "answered": np.floor(np.array(offered) * 0.8),
            "handled": np.floor(np.array(offered) * 0.8),
            "handle_time_s": np.floor(np.array(offered) * 0.8) * AHT_S,
            "agents": agents,
        }
    )


@given(st.floats(2, 60), st.floats(0.5, 12))
@settings(max_examples=10, deadline=None)
def test_rates_of_counts_have_the_mean_of_the_rate_of_arrivals(rate: float, agents: float) -> None:
    counts = np.arange(int(rate + 9 * np.sqrt(rate)) + 10)
    frame = a_frame(counts.astype(float).tolist(), [agents] * len(counts))
    rates = answer_rates(frame, np.full(len(counts), AHT_S), PATIENCE_S, step_min=30, concurrency=1)
    one = int(np.argmin(np.abs(LOGS)))
    chance = np.exp(counts * np.log(rate) - rate - np.r_[0.0, np.cumsum(np.log(np.maximum(counts, 1)[1:]))])
    true = rate * answer_rate(rate * AHT_S / 1800, agents * FACTORS[one], AHT_S, PATIENCE_S)
    plain = counts * answer_rate(counts * AHT_S / 1800, agents * FACTORS[one], AHT_S, PATIENCE_S)
    off = abs(chance @ (counts * rates[:, one]) - true)
    assert off <= max(abs(chance @ plain - true), 0.01 * rate)


def test_mean_counts_below_one_contact_have_rates_between_none_and_all() -> None:
    frame = a_frame([0.3, 0.9, 0.0], [0.1, 0.2, 1])
    rates = answer_rates(frame, np.full(3, AHT_S), PATIENCE_S, step_min=30, concurrency=1)
    assert (rates[:2, 0] > 0).all()
    assert (rates[:2, 0] < rates[:2, -1]).all()
    assert (rates[2] == 1).all()


def test_the_likelihood_is_the_binomial_one_up_to_what_no_factor_changes() -> None:
    frame = a_frame([12, 40, 3], [1.5, 5, 0])
    rates = answer_rates(frame, np.full(3, AHT_S), PATIENCE_S, step_min=30, concurrency=1)
    found = log_likelihood(frame, rates)
    for row in (0, 1):
        plain = binom.logpmf(frame["answered"][row], frame["offered"][row], np.clip(rates[row], 0.02, 0.98))
        np.testing.assert_allclose(np.diff(found[row]), np.diff(plain), atol=1e-9)
    assert (found[2] == 0).all()  # answered though nobody was there


def test_contacts_in_progress_are_carried_into_the_next_interval() -> None:
    apart = a_frame([60, 20], [5, 5])
    joined = apart.assign(start=pd.date_range("2026-01-05", periods=2, freq="30min", tz="UTC"))
    rates = [
        answer_rates(frame, np.full(2, AHT_S), PATIENCE_S, step_min=30, concurrency=1)[:, 30]
        for frame in (apart, joined)
    ]
    assert rates[1][0] == rates[0][0]
    assert rates[1][1] < rates[0][1]


def test_rates_between_the_factors_of_the_grid_are_interpolated() -> None:
    rates = np.tile(FACTORS, (3, 1))
    between = at_factor(rates, np.array([LOGS[4], (LOGS[4] + LOGS[5]) / 2, 9.0]))
    np.testing.assert_allclose(between, [FACTORS[4], (FACTORS[4] + FACTORS[5]) / 2, FACTORS[-1]])


def test_handle_times_of_few_contacts_are_drawn_to_the_day_and_those_of_many_are_kept() -> None:
    frame = a_frame([1000, 1000, 2], [1, 1, 1])
    usual = usual_handle_time(frame)
    few = frame.assign(handle_time_s=[800 * AHT_S, 800 * AHT_S, 1 * 3000.0])
    taken = handle_time_s(few, usual)
    assert taken[0] == pytest.approx(AHT_S, rel=0.03)
    assert AHT_S < taken[2] < 400


def test_days_are_reconciled_by_their_contacts_and_each_counts_alike_in_the_error() -> None:
    frame = a_frame([10, 30, 20], [1, 1, 1])
    frame["date"] = pd.to_datetime(["2026-01-05", "2026-01-05", "2026-01-06"])
    days = reconcile(frame, np.array([1.0, 0.8, 0.5]), np.ones(3))
    assert days["predicted"].tolist() == [pytest.approx(0.85), pytest.approx(0.5)]
    assert days["answer_rate"].tolist() == [pytest.approx(32 / 40), pytest.approx(16 / 20)]
    seen = accuracy(days)
    assert (seen.days, seen.mae, seen.bias) == (2, pytest.approx(0.175), pytest.approx(-0.125))
    assert seen.correlation is None


def test_days_can_be_predicted_without_their_own_handle_times(busy: Frames) -> None:
    observed = observe([QUEUE], *busy)
    fitted = fit(observed.frame, observed.queues, patience_s=PATIENCE_S)
    slow = replace(observed, frame=observed.frame.assign(handle_time_s=observed.frame["handle_time_s"] * 2))
    usual = predict_days(fitted, observed, own_handle_times=False)
    pd.testing.assert_frame_equal(usual, predict_days(fitted, slow, own_handle_times=False))
    assert (predict_days(fitted, slow)["predicted"] < usual["predicted"]).all()


# --- what cannot be told ------------------------------------------------------------------------------


def few_abandon(history: pd.DataFrame) -> pd.DataFrame:
    return history.assign(answered=history["offered"], abandoned=0.0)


def test_where_nearly_all_are_answered_no_factor_is_supported(busy: Frames) -> None:
    history, presence = busy
    lacks = calibrate([QUEUE], few_abandon(history), presence, patience_s=PATIENCE_S).lacks
    assert any("only 0 contacts abandoned" in each for each in lacks)
    assert any("100.0% were answered" in each for each in lacks)


def test_agents_who_never_change_look_like_a_plan(busy: Frames) -> None:
    history, presence = busy
    warnings = calibrate([QUEUE], history, presence.assign(agents=8.0), patience_s=PATIENCE_S).warnings
    assert any("never change from 8.0" in each for each in warnings)


def test_a_factor_beyond_all_proportion_is_told_and_can_still_be_held(busy: Frames) -> None:
    history, presence = busy
    made = calibrate([QUEUE], history, presence.assign(agents=presence["agents"] / 3), patience_s=PATIENCE_S)
    assert any("agents or contacts are miscounted" in each for each in made.warnings)
    assert 1.45 < max(part.factor for part in made.fitted.availability()) <= MOST_AVAILABLE


def test_a_day_of_outage_is_left_out_and_told(busy: Frames, found: Calibration) -> None:
    history, presence = busy
    out = history["start"].dt.date == history["start"].dt.date[10 * 48]
    spoiled = history.assign(answered=history["answered"].where(~out, 1.0))
    made = calibrate([QUEUE], spoiled, presence, patience_s=PATIENCE_S)
    assert made.fitted.odd_days == (history["start"].dt.date[10 * 48],)
    assert any(
        "days that no factor explains were left out: 1, the first of them 2026-01-15" in each
        for each in made.warnings
    )
    assert made.fitted.factor == pytest.approx(found.fitted.factor, rel=0.02)


def test_a_guess_of_patience_is_told_with_what_it_does_to_the_factor(busy: Frames) -> None:
    made = calibrate([QUEUE], *busy, patience_s=PATIENCE_S, patience_trusted=False)
    assert any("patience of 150 s is not measured" in each for each in made.warnings)


def test_contacts_answered_by_nobody_and_days_without_agents_are_told(busy: Frames) -> None:
    history, presence = busy
    gone = presence[presence["start"].dt.day != 6].reset_index(drop=True)
    gone.loc[20, "agents"] = 0.0
    warnings = calibrate([QUEUE], history, gone, patience_s=PATIENCE_S).warnings
    assert any("though nobody is said to have been there: 1" in each for each in warnings)
    days = history["start"].dt.date[history["start"].dt.day == 6].nunique()
    assert all("days have none" not in each for each in warnings) or any(
        f"{days} days have none at all" in each for each in warnings
    )


def test_a_week_supports_no_factor_and_holds_nothing_out(busy: Frames) -> None:
    history, presence = busy
    made = calibrate([QUEUE], history.head(7 * 48), presence, patience_s=PATIENCE_S)
    assert made.held_out is None
    assert any("only 7 days" in each for each in made.lacks)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"handle_time_s": 0.0}, "queue 'q': every handle time of the history is 0"),
        ({"handle_time_s": np.nan}, "queue 'q': the history has no handle times"),
        ({"answered": np.nan, "abandoned": np.nan}, "queue 'q': the history does not tell how many"),
    ],
)
def test_a_history_that_does_not_tell_is_refused(
    busy: Frames, change: dict[str, float], message: str
) -> None:
    history, presence = busy
    with pytest.raises(InputError, match=message):
        calibrate([QUEUE], history.assign(**change), presence, patience_s=PATIENCE_S)


def test_agents_of_other_days_are_refused(busy: Frames) -> None:
    history, presence = busy
    later = presence.assign(start=presence["start"] + pd.Timedelta(days=900))
    with pytest.raises(InputError, match="queue 'q': no interval of the history has agents present"):
        calibrate([QUEUE], history, later, patience_s=PATIENCE_S)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["offered", "answered", "handle_time_s"], "queue 'q': no contact was offered in the intervals"),
        (["handle_time_s"], "queue 'q': no contact has a handle time in the intervals"),
    ],
)
def test_agents_of_hours_that_tell_nothing_are_refused(
    busy: Frames, columns: list[str], message: str
) -> None:
    history, presence = busy
    told = history["start"] >= history["start"].iloc[14 * 48]
    silent = history.assign(
        **{name: history[name].where(told, np.nan if name == "handle_time_s" else 0.0) for name in columns}
    )
    early = presence[presence["start"] < history["start"].iloc[14 * 48]]
    with pytest.raises(InputError, match=message):
        calibrate([QUEUE], silent, early, patience_s=PATIENCE_S)


def test_nobody_present_at_all_is_refused(busy: Frames) -> None:
    history, presence = busy
    with pytest.raises(InputError, match="nobody was present in any interval"):
        calibrate([QUEUE], history, presence.assign(agents=0.0), patience_s=PATIENCE_S)


def test_queues_that_cannot_be_added_up_are_refused(busy: Frames) -> None:
    history, presence = busy
    with pytest.raises(InputError, match=r"queue 'other;q': .* the same interval_min"):
        calibrate([QUEUE, Queue(id="other", interval_min=15)], history, presence, patience_s=PATIENCE_S)
    mail = Queue(id="mail", channel=Channel.DEFERRED)
    with pytest.raises(InputError, match="queue 'mail': work that can wait tells nothing"):
        calibrate([mail], history, presence, patience_s=PATIENCE_S)
    with_mail = calibrate([QUEUE, mail], history, presence, patience_s=PATIENCE_S)
    assert any("work that can wait (mail)" in each for each in with_mail.warnings)
