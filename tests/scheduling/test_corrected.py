"""Plans that are corrected by what their simulation says; the optimiser is the least crew that reaches the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from data.domain import OpeningSpan, Queue, Roster, Status, Target
from data.errors import CancelledError
from scheduling.corrected import Corrected, solve_corrected
from scheduling.correction import correctable, corrected_curves, no_correction, promised
from scheduling.curves import answer_curves
from scheduling.evaluate import Evaluation, evaluate
from scheduling.requirement import requirement
from scheduling.rosters.found import RosterOutcome
from scheduling.rosters.recount import Shortfall
from scheduling.simulate import Simulation, simulate
from tests.scheduling.small_forecasts import MONDAY, flat_forecast
from tests.scheduling.small_rosters import agents, at, roster, shift

HOURS = (OpeningSpan(open_min=480, close_min=600),)
CARDS = Queue(id="cards", hours=HOURS, interval_min=60, patience_s=120.0)
FUNDS = replace(CARDS, id="funds", skill="funds")
PATHS = 40
CONFIDENCE = 0.99


@dataclass
class Centre:
    """People who all have the skills of all queues; a roster is how many of them work."""

    queues: tuple[Queue, ...]
    most: int = 10
    skills: tuple[str, ...] = ("cards", "funds")

    def __post_init__(self) -> None:
        self.people = agents(**{f"p{i}": self.skills for i in range(self.most)})
        self.forecast = pd.concat(
            [
                flat_forecast(queue, 47.0 - 6 * n, aht_s=240.0, over=0.1)
                for n, queue in enumerate(self.queues)
            ],
            ignore_index=True,
        )
        self.curves = pd.concat([answer_curves(queue, self.forecast) for queue in self.queues])
        self.needed = pd.concat([requirement(queue, self.forecast) for queue in self.queues])
        self.arrivals = np.random.default_rng(5).poisson(self.forecast["mean"], (PATHS, len(self.forecast)))
        self.solved = 0

    def crew(self, size: int) -> Roster:
        return roster(*(shift(person.id, "08:00-10:00") for person in self.people[:size]))

    def judge(self, plan: Roster, curves: pd.DataFrame) -> Evaluation:
        return evaluate(plan, self.people, self.queues, self.forecast, curves, self.needed)

    def play(self, plan: Roster) -> Simulation:
        return simulate(plan, self.people, self.queues, self.forecast, self.arrivals, seed=1)

    def solve(self, curves: pd.DataFrame) -> RosterOutcome:
        """The least crew that reaches every target, everybody where none does."""
        self.solved += 1
        least = None
        for size in range(self.most, 0, -1):
            planned = self.judge(self.crew(size), curves)
            if not (planned.missed.empty and planned.floors.empty):
                break
            least = size
        short = (Shortfall(self.queues[0].id, at("08:00"), "day", 0.9, 0.95),)
        size = least or self.most
        return RosterOutcome(
            status=Status.FEASIBLE if least else Status.NO_SOLUTION,
            objective=2.0 * size,
            bound=None,
            runtime_s=0.0,
            value=self.crew(size),
            missed=() if least else short,
        )

    def corrected(self, rounds: int = 3, *, stop: Callable[[], bool] | None = None) -> Corrected:
        return solve_corrected(
            self.queues,
            self.people,
            self.curves,
            solve=self.solve,
            judge=self.judge,
            simulate=self.play,
            rounds=rounds,
            stop=stop,
        )


@pytest.fixture(scope="module")
def centre() -> Centre:
    return Centre((CARDS, FUNDS))


@pytest.fixture(scope="module")
def found(centre: Centre) -> Corrected:
    return centre.corrected()


def test_people_who_help_each_other_out_are_paid_for_fewer_hours(centre: Centre, found: Corrected) -> None:
    first, best = found.rounds[0], min(found.rounds, key=lambda one: one.rank)
    assert first.met
    assert (first.rates["simulated"] - first.rates["planned"]).min() > 0.01
    assert best.paid_h < first.paid_h
    assert found.outcome.value is not None
    assert found.outcome.value == best.outcome.value
    played = centre.play(found.outcome.value).summary
    assert played.loc[played["period"] == "day", "mean"].min() >= 0.95 - 0.0001


def test_the_kept_correction_lets_the_plan_reach_what_the_simulation_reaches(
    centre: Centre, found: Corrected
) -> None:
    assert found.outcome.value is not None
    planned = centre.judge(
        found.outcome.value, corrected_curves(centre.curves, centre.queues, found.correction)
    )
    assert planned.missed.empty
    assert not centre.judge(found.outcome.value, centre.curves).missed.empty


def test_a_crew_the_plan_calls_too_small_is_good_enough_where_the_simulation_says_so(
    found: Corrected,
) -> None:
    enough = found.outcome.value
    assert enough is not None
    few = Centre((CARDS, FUNDS), most=len(enough.assignments)).corrected(rounds=1)
    assert few.rounds[0].outcome.status is Status.NO_SOLUTION
    assert (few.outcome.status, few.outcome.missed) == (Status.FEASIBLE, ())


def test_a_target_with_a_confidence_is_met_on_that_share_of_days() -> None:
    target = Target(confidence=CONFIDENCE)
    centre = Centre((replace(CARDS, target=target),), most=9, skills=("cards",))
    found = centre.corrected()
    chances = [one.rates["p_met"].min() for one in found.rounds]
    assert chances[0] < CONFIDENCE
    assert found.outcome.value is not None
    played = centre.play(found.outcome.value).summary
    assert played.loc[played["period"] == "day", "p_met"].item() >= CONFIDENCE
    assert found.outcome.status is Status.FEASIBLE


def test_a_confidence_nobody_can_keep_is_missed_and_said_so() -> None:
    centre = Centre((replace(CARDS, target=Target(confidence=0.9)),), most=4, skills=("cards",))
    found = centre.corrected(rounds=2)
    assert found.outcome.status is Status.NO_SOLUTION
    assert [short.queue for short in found.outcome.missed if short.span == "day"] == ["cards"]


def test_without_sharing_and_confidence_one_round_changes_nothing() -> None:
    centre = Centre((CARDS,), most=7, skills=("cards",))
    found = centre.corrected()
    assert (centre.solved, len(found.rounds), len(found.correction)) == (1, 1, 0)
    assert found.outcome == found.rounds[0].outcome


def test_stopped_between_rounds_the_best_until_then_is_kept() -> None:
    centre = Centre((CARDS, FUNDS))
    found = centre.corrected(stop=lambda: True)
    assert (centre.solved, len(found.rounds), found.outcome.status) == (1, 1, Status.CANCELLED)
    assert found.outcome.value is not None


def test_stopped_in_the_first_simulation_its_roster_is_kept() -> None:
    centre = Centre((CARDS, FUNDS))

    def stopped(_plan: Roster) -> Simulation:
        raise CancelledError("stopped")

    found = solve_corrected(
        centre.queues, centre.people, centre.curves, solve=centre.solve, judge=centre.judge, simulate=stopped
    )
    assert (found.rounds, found.outcome.status) == ((), Status.CANCELLED)
    assert found.outcome.value is not None


def test_a_worth_of_a_quarter_more_stretches_the_curves_of_its_day_alone() -> None:
    forecast = flat_forecast(CARDS, 45.0, days=2)
    curves = answer_curves(CARDS, forecast)
    correction = pd.DataFrame({"queue": ["cards"], "date": [pd.Timestamp(MONDAY)], "factor": [1.25]})
    corrected = corrected_curves(curves, [CARDS], correction)
    monday = (curves["start"] < pd.Timestamp(MONDAY, tz="UTC") + pd.Timedelta(days=1)).to_numpy()
    assert corrected.loc[monday, "agents"].to_numpy() == pytest.approx(curves.loc[monday, "agents"] / 1.25)
    pd.testing.assert_frame_equal(corrected.loc[~monday], curves.loc[~monday])
    assert corrected_curves(curves, [CARDS], no_correction()) is curves


def test_what_is_promised_with_a_confidence_is_reached_by_just_that_share_of_paths() -> None:
    centre = Centre((CARDS,), most=7, skills=("cards",))
    days = centre.play(centre.crew(5)).days
    rates = (days["answered"] / days["offered"]).to_numpy()
    for confidence in (0.0, 0.5, 0.9, 1.0):
        queue = replace(CARDS, target=Target(confidence=confidence))
        held = promised(days, queue)["promised"].item()
        assert (rates >= held).mean() >= confidence
        assert confidence == 0.0 or (rates > held).mean() < confidence
    assert promised(days, CARDS)["promised"].item() == pytest.approx(rates.mean())


def test_only_queues_that_share_people_or_ask_for_a_confidence_are_corrected() -> None:
    alone = replace(CARDS, id="loans", skill="loans")
    sure = replace(CARDS, id="vip", skill="vip", target=Target(confidence=0.8))
    people = agents(a=["cards", "funds"], b=["loans"], c=["vip"])
    found = correctable([CARDS, FUNDS, alone, sure], people)
    assert [queue.id for queue in found] == ["cards", "funds", "vip"]


def test_later_rounds_go_on_from_the_roster_before(centre: Centre, found: Corrected) -> None:
    """The rosters of the rounds are known, so that nothing is searched for again."""
    first, second = (one.outcome for one in found.rounds[:2])
    seen: list[Roster] = []

    def again(_curves: pd.DataFrame, last: Roster) -> RosterOutcome:
        seen.append(last)
        return second

    solve_corrected(
        centre.queues,
        centre.people,
        centre.curves,
        solve=lambda _curves: first,
        judge=centre.judge,
        simulate=centre.play,
        again=again,
        rounds=2,
    )
    assert seen == [first.value]


@pytest.mark.parametrize(("crew", "confidence"), [(6, None), (7, 0.9)])
def test_a_plan_on_the_kept_correction_misses_just_what_the_simulation_misses(
    crew: int, confidence: float | None
) -> None:
    queues = tuple(replace(queue, target=Target(confidence=confidence)) for queue in (CARDS, FUNDS))
    centre = Centre(queues, most=crew)
    found = centre.corrected(rounds=1)
    (only,) = found.rounds
    assert only.outcome.value is not None
    planned = centre.judge(only.outcome.value, corrected_curves(centre.curves, queues, only.kept)).missed
    assert set(planned["queue"]) == set(only.rates.loc[~only.rates["met"], "queue"])
    days = {short.queue for short in found.outcome.missed if short.span == "day"}
    assert days == set(planned["queue"])
