"""Where the work of contacts that wait is planned."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from data.domain import Agent, Channel, OpeningSpan, Queue, Target
from data.errors import InputError
from data.schema import FORECAST, check
from scheduling.backlog import handled
from scheduling.curves import answer_curves
from scheduling.deferred import plan_deferred
from scheduling.demand import LEVEL_COLUMNS
from scheduling.requirement import requirement
from scheduling.shared_people import there_anyway
from tests.scheduling.small_forecasts import day_shape, flat_forecast

DAY = (OpeningSpan(open_min=480, close_min=1200),)
VOICE = Queue(id="voice", hours=DAY, shrinkage=0.2)
MAIL = Queue(id="mail", channel=Channel.DEFERRED, hours=DAY, deadline_h=12, skill="voice", shrinkage=0.2)
BOTH = (Agent(id="A", name="A", skills=frozenset({"voice"}), contract="c"),)


def centre(mail: Queue = MAIL, *, days: int = 3, contacts: float = 12.0, over: float = 0.0) -> pd.DataFrame:
    calls = flat_forecast(VOICE, day_shape(60.0, 24), days=days)
    letters = flat_forecast(mail, contacts, days=days, aht_s=300.0, over=over)
    return pd.concat([calls, letters], ignore_index=True)


def of(frame: pd.DataFrame, queue: Queue) -> pd.DataFrame:
    return frame.loc[frame["queue"] == queue.id].reset_index(drop=True)


@pytest.mark.parametrize("deadline_h", [0.25, 1, 4, 12, 100])
def test_all_that_comes_is_planned_in_time_and_not_before_it_comes(deadline_h: float) -> None:
    mail = replace(MAIL, deadline_h=deadline_h)
    forecast = centre(mail)
    planned = plan_deferred((VOICE, mail), forecast, agents=BOTH)
    assert check(planned, FORECAST) == []
    came, done = of(forecast, mail)["mean"].to_numpy(), of(planned, mail)["mean"].to_numpy()
    told = handled(came, done, int(2 * deadline_h))
    np.testing.assert_allclose(told.done, done, atol=1e-6)
    np.testing.assert_allclose(told.in_time, came, atol=1e-6)


def test_other_queues_keep_their_forecast_and_a_forecast_without_waiting_queues_is_returned_as_it_is() -> (
    None
):
    forecast = centre()
    planned = plan_deferred((VOICE, MAIL), forecast, agents=BOTH)
    pd.testing.assert_frame_equal(of(planned, VOICE), of(forecast, VOICE))
    assert planned[["queue", "start"]].equals(forecast[["queue", "start"]])
    pd.testing.assert_frame_equal(plan_deferred((VOICE,), of(forecast, VOICE)), of(forecast, VOICE))


def test_handle_times_go_with_the_contacts() -> None:
    forecast = centre()
    rows = forecast["queue"] == "mail"
    forecast.loc[rows, "aht_s"] = np.resize([200.0, 500.0, 900.0], rows.sum())
    planned = plan_deferred((VOICE, MAIL), forecast, agents=BOTH)
    before, after = of(forecast, MAIL), of(planned, MAIL)
    assert (after["mean"] * after["aht_s"]).sum() == pytest.approx((before["mean"] * before["aht_s"]).sum())
    assert after["aht_s"].between(200 - 1e-6, 900 + 1e-6).all()


def test_the_quiet_hours_of_the_same_people_come_first() -> None:
    forecast = centre()
    planned = plan_deferred((VOICE, MAIL), forecast, agents=BOTH)
    calls = requirement(VOICE, forecast)["staff"].to_numpy()
    letters = requirement(MAIL, planned)["staff"].to_numpy()
    as_it_comes = requirement(MAIL, forecast)["staff"].to_numpy()
    quiet, busy = calls <= np.quantile(calls, 0.25), calls >= np.quantile(calls, 0.75)
    assert letters[busy].sum() < 0.01 * letters.sum()
    assert letters[quiet].sum() > 0.5 * letters.sum()
    assert (calls + letters).max() == calls.max()
    assert (calls + as_it_comes).max() > 1.2 * calls.max()


def test_people_who_only_answer_calls_are_no_help_with_mail() -> None:
    mail = replace(MAIL, skill="mail")
    callers = tuple(replace(BOTH[0], id=f"A{n}") for n in range(9))
    writer = (Agent(id="B", name="B", skills=frozenset({"mail"}), contract="c"),)
    letters = of(plan_deferred((VOICE, mail), centre(mail), agents=callers + writer), mail)["mean"]
    # Nobody serves both: evenly, as far as what has come allows.
    np.testing.assert_allclose(letters, 12.0, rtol=1e-6)


def test_hours_in_which_only_the_backlog_is_open_come_last() -> None:
    mail = replace(MAIL, hours=(OpeningSpan(),), deadline_h=24)
    planned = of(plan_deferred((VOICE, mail), centre(mail, contacts=6.0), agents=BOTH), mail)
    hour = planned["start"].dt.hour
    by_day = planned.loc[hour.between(8, 19), "mean"].sum()
    assert by_day > 0.9 * planned["mean"].sum()


def test_a_lull_between_peaks_has_idle_people_and_a_night_with_shifts_of_its_own_has_not() -> None:
    needed = np.array([1.0, 1, 1, 1, 8, 8, 2, 2, 8, 8, 1, 1])
    shifts = np.array([[0, 4], [4, 8], [4, 10], [6, 10], [10, 14]])
    np.testing.assert_allclose(there_anyway(needed, shifts), [1, 1, 1, 1, 8, 8, 8, 8, 8, 8, 1, 1])
    assert there_anyway(needed, shifts[1:])[:4].tolist() == [0, 0, 0, 0]
    # Of two shifts of its own the one that needs fewer tells.
    assert there_anyway(np.array([2.0, 0, 4]), np.array([[0, 2], [1, 3]])).tolist() == [2, 2, 4]


def test_mail_fills_the_lulls_of_the_day_before_it_takes_people_to_the_night() -> None:
    hours = np.array([2.0] * 7 + [20, 60, 60, 30, 20, 20, 60, 60, 40, 20, 20, 10, 10, 5] + [2.0] * 3)
    calls = Queue(id="voice", interval_min=60)
    mail = Queue(id="mail", channel=Channel.DEFERRED, interval_min=60, skill="voice")
    forecast = pd.concat(
        [flat_forecast(calls, hours, days=2), flat_forecast(mail, 0.2 * hours, days=2, aht_s=360.0)],
        ignore_index=True,
    )
    day = [(start, start + 9) for start in range(6, 16)]
    first = int(forecast["start"].iloc[0].timestamp())
    shifts = np.array([(24 * d + a, 24 * d + b) for d in range(-1, 3) for a, b in [*day, (21, 30)]])
    even, told = (
        of(plan_deferred((calls, mail), forecast, agents=BOTH, **given), mail)
        for given in ({}, {"shifts": {"mail": first + 3600 * shifts}})
    )
    hour = even["start"].dt.hour
    night = (hour < 6) | (hour >= 21)
    assert even.loc[night, "mean"].sum() > 0.3 * even["mean"].sum()
    assert told.loc[night, "mean"].sum() < 0.15 * told["mean"].sum()
    assert told["mean"].sum() == pytest.approx(even["mean"].sum())


def test_work_is_planned_only_where_somebody_can_be_at_work() -> None:
    mail = replace(MAIL, hours=(OpeningSpan(),), deadline_h=24)
    forecast = centre(mail)
    hour = of(forecast, mail)["start"].dt.hour.to_numpy()
    workable = (hour >= 8) & (hour < 20)
    planned = of(plan_deferred((VOICE, mail), forecast, agents=BOTH, workable={"mail": workable}), mail)
    assert planned.loc[~workable, "mean"].sum() == 0
    # The last night's contacts are handled after the horizon; as many wait when it begins.
    assert planned["mean"].sum() == pytest.approx(of(forecast, mail)["mean"].sum())
    assert planned["mean"].iloc[:32].sum() >= 12.0 * 8


def test_contacts_due_before_anybody_can_work_are_refused_with_queue_day_and_repair() -> None:
    mail = replace(MAIL, hours=(OpeningSpan(),), deadline_h=4)
    forecast = centre(mail)
    hour = of(forecast, mail)["start"].dt.hour.to_numpy()
    with pytest.raises(
        InputError,
        match=r"queue 'mail': 576\.0 contacts on 3 days, the first on 2026-03-02 at 00:00, .* Raise deadline_h",
    ):
        plan_deferred((VOICE, mail), forecast, agents=BOTH, workable={"mail": (hour >= 8) & (hour < 20)})


def test_queues_that_wait_make_room_for_each_other_as_well_as_any_plan_can() -> None:
    complaints = replace(MAIL, id="complaints", deadline_h=2, shrinkage=0.2)
    queues = (VOICE, MAIL, complaints)
    forecast = pd.concat([centre(days=1), flat_forecast(complaints, 8.0, aht_s=600.0)], ignore_index=True)
    planned = plan_deferred(queues, forecast, agents=BOTH)
    calls = requirement(VOICE, forecast)["staff"].to_numpy()
    worked = {q.id: of(planned, q).eval("mean * aht_s").to_numpy() / 1800 / 0.8 for q in (MAIL, complaints)}
    total = calls + worked["mail"] + worked["complaints"]
    # Against a linear programme of both backlogs: the least staff above a level.
    n = calls.size
    cumulative = np.tril(np.ones((n, n)))
    for level in (total.max() * 0.999, np.median(total)):
        rows, bounds = [np.hstack((np.eye(n), np.eye(n), -np.eye(n)))], [level - calls]
        for place, (queue, deadline) in enumerate(((MAIL, 24), (complaints, 4))):
            come = np.cumsum(of(forecast, queue).eval("mean * aht_s").to_numpy() / 1800 / 0.8)
            due = np.concatenate((np.zeros(deadline), come))[:n]
            due[-1] = come[-1]
            block = np.zeros((n, 3 * n))
            block[:, place * n : (place + 1) * n] = cumulative
            rows += [block, -block]
            bounds += [come + 1e-9, -due + 1e-9]
        best = linprog(
            np.repeat([0.0, 0.0, 1.0], n), A_ub=np.vstack(rows), b_ub=np.concatenate(bounds), bounds=(0, None)
        )
        assert np.maximum(0.0, total - level).sum() == pytest.approx(best.fun, abs=0.01 * total.sum() / n)


@pytest.mark.parametrize(("over", "rate"), [(0.0, 0.95), (0.1, 0.99), (0.25, 0.95), (0.25, 0.99)])
def test_the_agents_required_handle_the_targets_share_in_time_however_unsure_the_days_are(
    over: float, rate: float
) -> None:
    mail = replace(MAIL, target=Target(answer_rate=rate), deadline_h=6)
    forecast = centre(mail, days=1, over=over, contacts=20.0)
    needed = requirement(mail, plan_deferred((VOICE, mail), forecast, agents=BOTH))
    capacity = needed["agents"].to_numpy() * 1800 / 300
    random = np.random.default_rng(1)
    expected = of(forecast, mail)["mean"].to_numpy()
    came = in_time = 0.0
    for factor in np.maximum(0.0, random.normal(1.0, over, 400)):
        contacts = random.poisson(expected * factor).astype(float)
        came += contacts.sum()
        in_time += handled(contacts, capacity, 12).in_time.sum()
    # Never less than all expected work is staffed, so that sure days do better than the target.
    assert in_time / came >= rate - 0.01
    assert capacity.sum() >= expected.sum() - 1e-6


def test_more_doubt_takes_more_agents() -> None:
    mail = replace(MAIL, target=Target(answer_rate=0.99))
    hours = []
    for over in (0.0, 0.1, 0.3):
        planned = plan_deferred((VOICE, mail), centre(mail, over=over), agents=BOTH)
        hours.append(requirement(mail, planned)["agents"].sum())
    assert hours[0] < hours[1] < hours[2]


def test_curves_are_straight_and_end_with_all_planned_contacts_in_time() -> None:
    planned = plan_deferred((VOICE, MAIL), centre(), agents=BOTH)
    curves = answer_curves(MAIL, planned, step_min=15)
    needed = requirement(MAIL, planned)
    offered = of(planned, MAIL)["mean"].to_numpy()
    sizes = curves.groupby("start").size().to_numpy().reshape(-1, 2)
    np.testing.assert_array_equal(sizes[:, 0], np.where(offered > 0, 2, 1))
    ends = curves.groupby("start").last().to_numpy()
    np.testing.assert_allclose(
        curves.groupby("start")["answered"].last().to_numpy().reshape(-1, 2).sum(axis=1), offered
    )
    assert len(ends) == 2 * len(offered)
    last = curves.groupby("start")["agents"].last().to_numpy().reshape(-1, 2)[:, 0]
    np.testing.assert_allclose(needed["agents"], 0.95 * last)


def test_service_level_and_mean_wait_of_work_that_waits_are_not_known() -> None:
    needed = requirement(MAIL, plan_deferred((VOICE, MAIL), centre(), agents=BOTH))
    assert needed["service_level"].isna().all()
    assert needed["asa_s"].isna().all()
    some = needed["agents"] > 0
    np.testing.assert_allclose(needed.loc[some, "answer_rate"], 0.95)
    np.testing.assert_allclose(needed.loc[some, "occupancy"], 1.0)


def test_a_target_of_all_contacts_can_be_reached_by_work_that_waits() -> None:
    mail = replace(MAIL, target=Target(answer_rate=1.0))
    planned = plan_deferred((VOICE, mail), centre(mail, over=0.1), agents=BOTH)
    needed = requirement(mail, planned)
    highest = of(planned, mail)[LEVEL_COLUMNS[-1]].to_numpy()
    np.testing.assert_allclose(needed["agents"] * 1800 / 300, highest, rtol=1e-6, atol=1e-9)


def test_work_without_a_target_needs_the_agents_who_do_it_all_the_same() -> None:
    mail = replace(MAIL, target=Target(answer_rate=0.0))
    planned = plan_deferred((VOICE, mail), centre(mail, over=0.1), agents=BOTH)
    np.testing.assert_allclose(
        requirement(mail, planned)["agents"] * 1800 / 300, of(planned, mail)["mean"], rtol=1e-6
    )
