"""The staff of the synthetic centre: in shares, unique, and as many as the calls need."""

from datetime import date, timedelta

import numpy as np
import pytest

from data.synthetic import Centre, make_centre, true_means
from data.synthetic.contracts import CONTRACTS, PATTERNS
from data.synthetic.erlang_a import agents_for
from data.synthetic.people import SKILL_SETS, draw_people

FIRST = date(2026, 11, 9)


@pytest.fixture(scope="module")
def centre() -> Centre:
    return make_centre(days=14, first=date(2026, 10, 26))


def test_there_are_so_many_people_in_three_contracts_and_five_skill_sets(centre: Centre) -> None:
    assert len(centre.agents) == 160
    assert {agent.contract for agent in centre.agents} == {contract.id for contract in centre.contracts}
    assert len(centre.contracts) == 3
    assert len({agent.skills for agent in centre.agents}) == 5
    asked = {queue.skill for queue in centre.queues}
    assert set().union(*(agent.skills for agent in centre.agents)) == asked


@pytest.mark.parametrize("people", [20, 160, 5000])
def test_skill_sets_keep_their_shares_at_any_headcount(people: int) -> None:
    agents = draw_people(people, 1, FIRST)
    for skill_set in SKILL_SETS:
        count = sum(agent.skills == skill_set.skills for agent in agents)
        assert abs(count - people * skill_set.share) <= 3


def test_five_thousand_people_all_have_ids_and_names_of_their_own() -> None:
    agents = draw_people(5000, 7, FIRST)
    assert len({agent.id for agent in agents}) == 5000
    assert len({agent.name for agent in agents}) == 5000
    assert all(agent.name[0] > "一" and agent.name.isprintable() for agent in agents)


def test_a_larger_centre_begins_with_the_people_of_a_smaller_one() -> None:
    assert draw_people(50, 7, FIRST) == draw_people(200, 7, FIRST)[:50]


def test_about_fifteen_percent_have_time_off_in_the_eight_weeks_after() -> None:
    agents = draw_people(2000, 7, FIRST)
    away = [agent for agent in agents if agent.time_off]
    assert len(away) / 2000 == pytest.approx(0.15, abs=0.025)
    taken = {day for agent in away for day in agent.time_off}
    assert min(taken) >= FIRST
    assert max(taken) < FIRST + timedelta(weeks=8)
    assert all(3 <= len(agent.time_off) <= 10 for agent in away)


def test_wishes_are_days_off_and_patterns_the_person_could_work() -> None:
    allowed = {contract.id: contract.patterns for contract in CONTRACTS}
    wishes = [(agent, wish) for agent in draw_people(400, 7, FIRST) for wish in agent.wishes]
    assert any(wish.pattern is None for _, wish in wishes)
    assert any(wish.pattern is not None for _, wish in wishes)
    for agent, wish in wishes:
        assert wish.pattern is None or wish.pattern in allowed[agent.contract]
        assert wish.day not in agent.time_off
        assert FIRST <= wish.day < FIRST + timedelta(weeks=8)


def test_teams_are_of_a_size_to_lead(centre: Centre) -> None:
    teams = [agent.team for agent in centre.agents]
    assert max(teams.count(team) for team in set(teams)) <= 14
    for team in set(teams):
        assert len({agent.skills for agent in centre.agents if agent.team == team}) == 1


def test_contracts_and_patterns_fit_each_other() -> None:
    patterns = {pattern.id: pattern for pattern in PATTERNS}
    assert set().union(*(contract.patterns for contract in CONTRACTS)) == set(patterns)
    hours = {
        contract.id: {patterns[name].paid_min / 60 for name in contract.patterns} for contract in CONTRACTS
    }
    assert hours == {"full_time": {8.0}, "part_time": {4.0, 5.0}, "four_day": {10.0}}
    for contract in CONTRACTS:
        assert max(hours[contract.id]) * contract.max_days_per_week >= contract.max_h_per_week


def test_patterns_reach_from_the_first_opening_to_the_last_close(centre: Centre) -> None:
    spans = [span for queue in centre.queues for span in queue.hours]
    assert min(pattern.start_earliest_min for pattern in PATTERNS) == min(span.open_min for span in spans)
    ends = [pattern.start_latest_min + pattern.length_min for pattern in PATTERNS]
    assert max(ends) == max(span.close_min for span in spans)
    assert all(pattern.start_step_min == 30 for pattern in PATTERNS)


def agents_needed_h(centre: Centre) -> dict[str, float]:
    """Agent hours that answer 95 % of every interval of the week after the history, by queue."""
    week = true_means(centre, centre.end, 7)
    hours = {}
    for queue in centre.queues:
        rows = week.loc[week["queue"] == queue.id]
        aht_s = float(np.average(rows["aht_s"], weights=rows["mean"]))
        erlangs = (rows["mean"] * rows["aht_s"] / (60 * queue.interval_min)).to_numpy()
        agents = agents_for(queue.target.answer_rate, erlangs, aht_s, queue.patience_s)
        hours[queue.skill] = float(agents.sum()) * queue.interval_min / 60
    return hours


@pytest.mark.parametrize("people", [40, 160, 5000])
def test_the_week_after_the_history_fits_the_headcount_with_some_slack(people: int) -> None:
    made = make_centre(days=14, first=date(2026, 10, 26), people=people)
    assert made.end == FIRST
    needed_h = agents_needed_h(made)
    contracts = {contract.id: contract for contract in made.contracts}
    free_days = {
        agent.id: 7 - sum(0 <= (day - FIRST).days < 7 for day in agent.time_off) for agent in made.agents
    }

    def present_h(skills: set[str]) -> float:
        """Hours on contacts, less rests and shrinkage, of the people who have any of these skills."""
        paid = 0.0
        for agent in made.agents:
            contract = contracts[agent.contract]
            days = min(contract.max_days_per_week, free_days[agent.id])
            paid += (
                contract.max_h_per_week * days / contract.max_days_per_week if agent.skills & skills else 0
            )
        return paid * 0.94 * (1 - made.queues[0].shrinkage)

    used = sum(needed_h.values()) / present_h(set(needed_h))
    # Above this, shifts that do not fit the day's shape leave no roster; below, nobody needs an optimiser.
    assert 0.70 < used < 0.90
    for size in (1, 2, 3):
        for skills in np.array(np.meshgrid(*[sorted(needed_h)] * size)).T.reshape(-1, size):
            held = set(skills.tolist())
            assert sum(needed_h[skill] for skill in held) < 0.95 * present_h(held)
