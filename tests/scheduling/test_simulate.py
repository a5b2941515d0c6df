import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from data.domain import Agent, OpeningSpan, Queue, Roster, Target
from data.errors import CancelledError, InputError, UnknownNameError
from scheduling.absence import Absence
from scheduling.contact_laws import Service
from scheduling.erlang import erlang_a
from scheduling.evaluate import evaluate
from scheduling.simulate import simulate
from scheduling.simulation_summary import wilson
from tests.scheduling.small_forecasts import day_shape, flat_forecast
from tests.scheduling.small_rosters import agents, roster, shift

HOURS = (OpeningSpan(open_min=480, close_min=960),)
CARDS = Queue(id="cards", hours=HOURS, patience_s=120.0)
VIP = Queue(id="vip", hours=HOURS, patience_s=120.0, priority=1)
STEADY = [
    (traffic, max(1, round(traffic / load)), patience_s)
    for traffic in (1.0, 4.0, 15.0, 60.0)
    for load in (0.85, 1.0, 1.2)
    for patience_s in (60.0, 300.0)
]


def crew(count: int, *skills: str) -> list[Agent]:
    return agents(**{f"p{i}": skills for i in range(count)})


def everybody(people: list[Agent], span: str, *breaks: str) -> Roster:
    return roster(*(shift(person.id, span, *breaks) for person in people))


def round_the_clock(
    traffic: float, servers: int, patience_s: float, *, days: int, seed: int, concurrency: int = 1
) -> pd.DataFrame:
    """Days of one queue with constant demand and staffing, the first one left out as it begins empty."""
    queue = Queue(id="cards", interval_min=60, patience_s=patience_s, concurrency=concurrency)
    forecast = flat_forecast(queue, traffic * 3600.0 / 240.0, days=days)
    people = crew(servers, "cards")
    plan = roster(
        *(shift(one.id, "00:00-00:00", day=day) for one in people for day in range(days)), days=days
    )
    arrivals = np.random.default_rng(seed).poisson(forecast["mean"], (1, len(forecast)))
    found = simulate(plan, people, [queue], forecast, arrivals, seed=seed, service=Service.EXPONENTIAL)
    return found.days.iloc[1:]


def inside(expected: float, parts: pd.Series, wholes: pd.Series, confidence: float = 0.99) -> bool:
    """Whether a ratio of sums over days agrees with its expectation within its confidence interval."""
    ratio = parts.sum() / wholes.sum()
    spread = (parts - ratio * wholes).std() / wholes.mean() / np.sqrt(len(parts))
    return abs(ratio - expected) <= student.ppf((1 + confidence) / 2, len(parts) - 1) * spread


@pytest.mark.parametrize(("traffic", "servers", "patience_s"), STEADY)
def test_the_steady_state_is_erlang_a(traffic: float, servers: int, patience_s: float) -> None:
    days = round_the_clock(traffic, servers, patience_s, days=25, seed=7)
    expected = erlang_a(traffic, servers, 240.0, patience_s, threshold_s=20.0)
    assert inside(float(expected.answer_rate), days["answered"], days["offered"])
    assert inside(float(expected.mean_wait_s), days["wait_s"], days["offered"])
    assert inside(float(expected.answered_in_time), days["in_threshold"], days["offered"])


def test_the_check_against_erlang_a_can_fail() -> None:
    days = round_the_clock(15.0, 15, 60.0, days=25, seed=7)
    near = erlang_a(15.0, 15.5, 240.0, 60.0)
    assert not inside(float(near.answer_rate), days["answered"], days["offered"])


def test_three_chats_at_once_are_three_servers() -> None:
    days = round_the_clock(12.0, 4, 120.0, days=25, seed=3, concurrency=3)
    expected = erlang_a(12.0, 12, 240.0, 120.0)
    assert inside(float(expected.answer_rate), days["answered"], days["offered"])


def two_queues(
    paths: int = 4, seed: int = 5
) -> tuple[Roster, list[Agent], list[Queue], pd.DataFrame, np.ndarray]:
    forecast = pd.concat([flat_forecast(CARDS, 40.0), flat_forecast(VIP, 10.0)], ignore_index=True)
    people = crew(7, "cards", "vip")
    plan = everybody(people, "08:00-15:00", "12:00-12:30")
    arrivals = np.random.default_rng(seed).poisson(forecast["mean"], (paths, len(forecast)))
    return plan, people, [CARDS, VIP], forecast, arrivals


def test_every_contact_is_answered_or_abandoned_or_still_waits() -> None:
    *setting, forecast, arrivals = two_queues()
    days = simulate(*setting, forecast, arrivals, seed=1).days
    assert (days["offered"] == days["answered"] + days["abandoned"] + days["waiting"]).all()
    assert days[["answered", "abandoned", "waiting"]].sum().min() > 0
    expected = [
        arrivals[path][(forecast["queue"] == queue).to_numpy()].sum()
        for path, queue in zip(days["path"], days["queue"], strict=True)
    ]
    assert days["offered"].tolist() == expected
    assert (days["in_threshold"] <= days["answered"]).all()
    assert (days["wait_s"] >= 0).all()


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    setting = two_queues()
    first, again, other = (simulate(*setting, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first.days, again.days)
    pd.testing.assert_frame_equal(first.summary, again.summary)
    assert not first.days.equals(other.days)


def test_one_path_does_not_depend_on_how_many_there_are() -> None:
    *setting, arrivals = two_queues()
    whole = simulate(*setting, arrivals, seed=1).days
    part = simulate(*setting, arrivals[:2], seed=1).days
    pd.testing.assert_frame_equal(part, whole.loc[whole["path"] < 2])


def test_one_more_person_meets_the_same_contacts_and_answers_more() -> None:
    plan, people, queues, forecast, arrivals = two_queues()
    more = [*people, *agents(extra=["cards", "vip"])]
    larger = roster(*plan.assignments, shift("extra", "08:00-15:00"))
    before = simulate(plan, people, queues, forecast, arrivals, seed=1).days
    after = simulate(larger, more, queues, forecast, arrivals, seed=1).days
    assert after["offered"].equals(before["offered"])
    assert after["answered"].sum() > before["answered"].sum()


def test_the_queue_of_higher_priority_fares_better() -> None:
    summary = simulate(*two_queues(), seed=1).summary
    means = summary.loc[summary["date"].isna()].set_index("queue")["mean"]
    assert means["vip"] > means["cards"] + 0.05


def answered_at(rows: dict[int, int], *breaks: str, span: str = "08:00-16:00", aht_s: float = 1.0) -> int:
    """Contacts answered of those that arrive in the given half-hours, by people without any patience to meet."""
    queue = Queue(id="cards", hours=HOURS, patience_s=0.01)
    forecast = flat_forecast(queue, 5.0, aht_s=aht_s)
    arrivals = np.zeros((1, len(forecast)), dtype=np.int64)
    arrivals[0, list(rows)] = list(rows.values())
    people = crew(3, "cards")
    found = simulate(everybody(people, span, *breaks), people, [queue], forecast, arrivals, seed=1, cv=0.0)
    return int(found.days["answered"].sum())


def test_contacts_that_come_in_a_break_find_nobody() -> None:
    # The half-hour from 10:00 is row 4.
    assert answered_at({4: 6}) == 6
    assert answered_at({4: 6}, "10:00-10:30") == 0
    assert answered_at({3: 6, 5: 6}, "10:00-10:30") == 12


def test_contacts_that_come_after_the_shift_find_nobody() -> None:
    assert answered_at({7: 6}, span="08:00-12:00") == 6
    assert answered_at({8: 6}, span="08:00-12:00") == 0


def test_who_waits_when_everything_ends_is_told_apart() -> None:
    queue = Queue(id="cards", hours=HOURS, patience_s=1e9)
    forecast = flat_forecast(queue, 5.0)
    arrivals = np.full((1, len(forecast)), 5)
    people = crew(1, "cards")
    days = simulate(everybody(people, "08:00-09:00"), people, [queue], forecast, arrivals, seed=1).days
    assert days["abandoned"].iloc[0] == 0
    assert days["waiting"].iloc[0] == days["offered"].iloc[0] - days["answered"].iloc[0] > 50
    # From arrival to 16:00, the end of everything: four hours on average.
    assert days["wait_s"].iloc[0] / days["waiting"].iloc[0] == pytest.approx(4 * 3600, rel=0.1)


def test_who_waits_at_midnight_is_answered_the_next_day() -> None:
    queue = Queue(id="cards", patience_s=1e9)
    forecast = flat_forecast(queue, 0.0, days=2)
    forecast["aht_s"] = 60.0
    arrivals = np.zeros((1, len(forecast)), dtype=np.int64)
    arrivals[0, 47] = 4
    people = crew(1, "cards")
    plan = roster(shift("p0", "09:00-10:00", day=1), days=2)
    days = simulate(plan, people, [queue], forecast, arrivals, seed=1).days
    assert days["answered"].tolist() == [4, 0]
    assert days["in_threshold"].tolist() == [0, 0]


def test_handle_times_have_the_forecasts_mean_whatever_their_law() -> None:
    # With ample patience and too few people, what is answered is the working time over the mean handle time.
    queue = Queue(id="cards", patience_s=1e9)
    forecast = flat_forecast(queue, 60.0, days=10)
    people = crew(2, "cards")
    plan = roster(*(shift(one.id, "00:00-00:00", day=day) for one in people for day in range(10)), days=10)
    arrivals = np.full((1, len(forecast)), 60)
    expected = 2 * 10 * 86400 / 240
    for options in ({"cv": 0.0}, {"cv": 0.5}, {"cv": 1.3}, {"service": Service.EXPONENTIAL}):
        days = simulate(plan, people, [queue], forecast, arrivals, seed=2, **options).days
        assert days["answered"].sum() == pytest.approx(expected, rel=0.05), options


@pytest.mark.parametrize("absence", list(Absence))
def test_shrinkage_takes_its_share_of_the_working_time(absence: Absence) -> None:
    queue = Queue(id="cards", patience_s=1e9, shrinkage=0.3)
    forecast = flat_forecast(queue, 60.0, days=10, aht_s=30.0)
    people = crew(6, "cards")
    plan = roster(*(shift(one.id, "00:00-00:00", day=day) for one in people for day in range(10)), days=10)
    arrivals = np.full((1, len(forecast)), 400)
    found = simulate(plan, people, [queue], forecast, arrivals, seed=2, cv=0.5, absence=absence)
    assert found.days["answered"].sum() == pytest.approx(0.7 * 6 * 10 * 86400 / 30, rel=0.03)


def test_absences_that_scatter_cost_answered_contacts() -> None:
    queue = Queue(id="cards", hours=HOURS, patience_s=60.0, shrinkage=0.3)
    forecast = flat_forecast(queue, 100.0)
    people = crew(20, "cards")
    arrivals = np.random.default_rng(1).poisson(forecast["mean"], (60, len(forecast)))
    means = [
        simulate(
            everybody(people, "08:00-16:00"), people, [queue], forecast, arrivals, seed=2, absence=absence
        )
        .days["answered"]
        .sum()
        for absence in (Absence.EVEN, Absence.INDEPENDENT)
    ]
    assert means[0] > 1.003 * means[1]


def test_answer_rates_agree_with_the_curves_where_nothing_is_shared() -> None:
    queue = Queue(id="cards", interval_min=30, hours=HOURS, patience_s=150.0)
    forecast = flat_forecast(queue, day_shape(60.0, 16), over=0.1)
    people = crew(12, "cards")
    plan = roster(
        *(shift(one.id, "08:00-15:00", "12:00-12:30") for one in people[:6]),
        *(shift(one.id, "09:00-16:00", "13:00-13:30") for one in people[6:]),
    )
    random = np.random.default_rng(3)
    rate = np.maximum(0.0, 1 + 0.1 * random.standard_normal((400, len(forecast))))
    arrivals = random.poisson(rate * forecast["mean"].to_numpy())
    simulated = simulate(plan, people, [queue], forecast, arrivals, seed=4).summary["mean"].iloc[0]
    expected = evaluate(plan, people, [queue], forecast).days["answer_rate"].iloc[0]
    assert 0.9 < expected < 0.99
    assert simulated == pytest.approx(expected, abs=0.01)


def test_the_summary_is_the_distribution_over_the_paths() -> None:
    queue = Queue(id="cards", hours=HOURS, patience_s=120.0, target=Target(answer_rate=0.86))
    forecast = flat_forecast(queue, 40.0, days=2)
    people = crew(6, "cards")
    plan = roster(*(shift(one.id, "08:00-16:00", day=day) for one in people for day in range(2)), days=2)
    arrivals = np.random.default_rng(1).poisson(forecast["mean"], (50, len(forecast)))
    found = simulate(plan, people, [queue], forecast, arrivals, seed=2)
    assert found.summary["queue"].tolist() == ["cards"] * 3
    assert found.summary["date"].isna().tolist() == [False, False, True]
    whole = found.days.groupby("path")[["offered", "answered"]].sum()
    for row, rates in [
        (0, (found.days["answered"] / found.days["offered"])[found.days["date"] == found.days["date"].min()]),
        (2, whole["answered"] / whole["offered"]),
    ]:
        summary = found.summary.iloc[row]
        assert summary["mean"] == pytest.approx(rates.mean())
        assert summary[["q05", "q50", "q95"]].tolist() == pytest.approx(np.quantile(rates, (0.05, 0.5, 0.95)))
        assert summary["p_met"] == (rates >= 0.86).mean()
        assert summary["p_met_low"] < summary["p_met"] < summary["p_met_high"]


def test_a_day_without_contacts_counts_as_all_answered() -> None:
    forecast = flat_forecast(CARDS, 0.0)
    found = simulate(roster(), [], [CARDS], forecast, np.zeros((3, len(forecast)), dtype=np.int64), seed=1)
    assert found.summary[["mean", "p_met"]].to_numpy().tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_wilsons_interval_is_the_printed_one() -> None:
    # Newcombe (1998), Statistics in Medicine 17:857, table I, method 3: 81 of 263, 15 of 148, 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_progress_rises_to_one_and_a_stop_ends_the_work() -> None:
    heard: list[float] = []
    simulate(*two_queues(), seed=1, progress=heard.append)
    assert heard == [0.25, 0.5, 0.75, 1.0]
    with pytest.raises(CancelledError, match="the simulation was stopped"):
        simulate(*two_queues(), seed=1, stop=lambda: True)


def refused(error: type[Exception], message: str, **changed: object) -> None:
    plan, people, queues, forecast, arrivals = two_queues()
    values = {
        "roster": plan,
        "agents": people,
        "queues": queues,
        "forecast": forecast,
        "arrivals": arrivals,
        "seed": 1,
    } | changed
    with pytest.raises(error, match=message):
        simulate(**values)


def test_what_does_not_fit_is_refused_with_its_name() -> None:
    *_, forecast, arrivals = two_queues()
    refused(InputError, r"arrivals have shape \(4, 31\)", arrivals=arrivals[:, :-1])
    refused(InputError, "arrivals must be whole numbers", arrivals=arrivals * 1.0)
    refused(InputError, "arrivals must be whole numbers", arrivals=arrivals - 1000)
    refused(InputError, "cv must be finite and at least 0, not -1", cv=-1)
    refused(UnknownNameError, "unknown queue 'vip'", queues=[CARDS])
    refused(UnknownNameError, "unknown agent 'p6'", agents=crew(6, "cards"))
    refused(InputError, "queue 'cards': aht_s at 2026-03-02 08:00", forecast=forecast.assign(aht_s=0.0))
