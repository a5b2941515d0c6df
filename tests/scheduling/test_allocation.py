from dataclasses import replace

import numpy as np
import pytest

from data.domain import OpeningSpan, Period, Queue, Target
from scheduling.allocation import _raise, allocate
from scheduling.centre import Centre, lay
from scheduling.curves import answer_curves
from scheduling.pieces import pieces
from tests.oracles.split_programme import best_split
from tests.scheduling.small_forecasts import day_shape, flat_forecast

SLOTS = 6
HOURS = (OpeningSpan(open_min=480, close_min=480 + 60 * SLOTS),)


def random_centre(seed: int, *, queues: int = 3, sets: int = 4, days: int = 1) -> Centre:
    """Queues of random size and skill sets of random reach, staffed from far too thin to ample."""
    rng = np.random.default_rng(seed)
    asked = [
        Queue(
            id=f"queue {i}",
            interval_min=60,
            patience_s=float(rng.uniform(60, 300)),
            shrinkage=float(rng.uniform(0, 0.4)),
            hours=HOURS,
        )
        for i in range(queues)
    ]
    drawn = []
    for queue in asked:
        means = day_shape(float(rng.uniform(10, 200)), SLOTS) * rng.uniform(0.7, 1.3, SLOTS)
        forecast = flat_forecast(queue, means, aht_s=float(rng.uniform(120, 400)), over=0.1, days=days)
        drawn.append(pieces(answer_curves(queue, forecast), queue.id))
    serves = rng.random((sets, queues)) < 0.5
    serves = np.unique(serves[serves.any(axis=1)], axis=0)
    need = sum(float(curve.last_agents.mean()) for curve in drawn)
    people = rng.uniform(0.2, 1.6, (len(serves), SLOTS * days)) * need / len(serves)
    row = np.tile(np.arange(SLOTS * days), (queues, 1))
    parts = np.ones(queues, dtype=np.int64)
    worth = np.array([[1.0 - queue.shrinkage] for queue in asked]) * rng.uniform(0.5, 1.0, row.shape)
    return Centre(asked, drawn, row, parts, people, serves, lay(drawn, row, parts), worth)


def offered(centre: Centre) -> np.ndarray:
    return np.array([drawn.offered.sum() for drawn in centre.pieces])


def rates(centre: Centre, people: np.ndarray) -> np.ndarray:
    return centre.answered(people).sum(axis=1) / offered(centre)


def with_targets(centre: Centre, wanted: np.ndarray, **target: object) -> Centre:
    queues = [
        replace(queue, target=Target(answer_rate=float(rate), interval_floor=0.0, **target))
        for queue, rate in zip(centre.queues, wanted, strict=True)
    ]
    return replace(centre, queues=queues)


def can_serve(centre: Centre, people: np.ndarray) -> bool:
    """Hall's condition: no group of queues has more people than the sets that serve one of them."""
    queues = len(centre.queues)
    for group in range(1, 2**queues):
        chosen = [q for q in range(queues) if group >> q & 1]
        able = centre.people[centre.serves[:, chosen].any(axis=1)].sum(axis=0)
        if (people[chosen].sum(axis=0) > able + 1e-6).any():
            return False
    return True


@pytest.mark.parametrize("seed", range(12))
def test_the_split_answers_as_much_as_the_linear_programme_says_there_is(seed: int) -> None:
    centre = random_centre(seed, queues=2 + seed % 3)
    weight = np.random.default_rng(seed).uniform(0.5, 2.0, centre.row.shape)
    people = centre.split(weight)
    best, _ = best_split(centre, weight, [])
    assert (weight * centre.answered(people)).sum() == pytest.approx(best, rel=1e-9)
    assert can_serve(centre, people)


@pytest.mark.parametrize("seed", range(25))
def test_targets_that_can_all_be_reached_together_are(seed: int) -> None:
    centre = random_centre(seed, queues=2 + seed % 4)
    rng = np.random.default_rng(1000 + seed)
    # What the mixture of two one-sided splits answers can be reached, but hardly more.
    sided = [centre.split(np.tile(rng.uniform(0.2, 3.0, (len(centre.queues), 1)), SLOTS)) for _ in range(2)]
    wanted = np.minimum(rates(centre, sum(sided) / 2), 0.999)
    aimed = with_targets(centre, wanted)
    people = allocate(aimed)
    assert (rates(aimed, people) >= wanted - 0.00001).all()
    assert can_serve(aimed, people)


def test_raising_one_queue_costs_others_no_more_than_it_must() -> None:
    centre = random_centre(3, queues=3)
    serves = np.array([[True, True, False], [False, True, True], [True, True, True]])
    centre = replace(centre, serves=serves, people=np.full((3, SLOTS), 6.0))
    free = rates(centre, centre.split(np.ones(centre.row.shape)))
    wanted = np.array([0.0, 0.0, min(0.999, free[2] + 0.03)])
    aimed = with_targets(centre, wanted)
    people = allocate(aimed)
    targets = [(2, np.arange(SLOTS), float(wanted[2] * offered(centre)[2]))]
    best, missed = best_split(aimed, np.ones(centre.row.shape), targets)
    assert free[2] < wanted[2] < 0.999
    assert missed == pytest.approx(0.0, abs=1e-9)
    assert rates(aimed, people)[2] >= wanted[2] - 1e-5
    assert centre.answered(people).sum() >= 0.9998 * best


def test_targets_out_of_reach_share_what_is_missing() -> None:
    centre = random_centre(7, queues=2)
    both = replace(centre, serves=np.array([[True, True]]), people=np.full((1, SLOTS), 6.0))
    aimed = with_targets(both, np.array([0.99, 0.99]))
    missing = 0.99 - rates(aimed, allocate(aimed))
    alone = 0.99 - rates(aimed, aimed.split(np.ones(both.row.shape)))
    assert (missing > 0).all()
    assert (missing**2).sum() < (alone**2).sum()


def test_a_weekly_target_may_borrow_from_another_day() -> None:
    centre = random_centre(5, queues=2, days=2)
    half = SLOTS
    people = np.full((1, 2 * half), 30.0)
    people[:, half:] = 9.0
    shared = replace(centre, serves=np.array([[True, True]]), people=people)
    wanted = np.minimum(rates(shared, shared.split(np.tile([[3.0], [0.4]], 2 * half))), 0.999)
    weekly = with_targets(shared, wanted, period=Period.WEEK)
    assert (rates(weekly, allocate(weekly)) >= wanted - 0.00001).all()


def test_equally_steep_queues_are_served_by_priority() -> None:
    queues = [
        Queue(id=name, interval_min=60, priority=priority, hours=HOURS)
        for name, priority in (("regular", 0), ("vip", 1))
    ]
    drawn = [pieces(answer_curves(queue, flat_forecast(queue, 60.0)), queue.id) for queue in queues]
    row = np.tile(np.arange(SLOTS), (2, 1))
    parts = np.ones(2, dtype=np.int64)
    people, serves = np.full((1, SLOTS), 1.0), np.array([[True, True]])
    laid = lay(drawn, row, parts)
    centre = Centre(queues, drawn, row, parts, people, serves, laid, np.ones(row.shape))
    people = centre.split(np.ones(row.shape))
    assert people[1] == pytest.approx(1.0)
    assert people[0] == pytest.approx(0.0)


def test_people_without_use_are_shared_out_over_their_open_queues() -> None:
    centre = random_centre(2, queues=2)
    ample = replace(centre, serves=np.array([[True, True]]), people=np.full((1, SLOTS), 900.0))
    people = ample.split(np.ones(centre.row.shape))
    assert people.sum(axis=0) == pytest.approx(900.0)
    assert ample.answered(people).sum(axis=1) == pytest.approx(
        [drawn.answered[drawn.first[1:] - 1].sum() for drawn in centre.pieces]
    )


def test_nobody_is_split_into_nothing() -> None:
    centre = random_centre(2, queues=2)
    nobody = replace(centre, people=np.zeros_like(centre.people))
    assert allocate(nobody).max() == 0.0


def test_a_split_that_already_reaches_every_aim_stays_as_it_is() -> None:
    centre = random_centre(3)
    given = centre.split(np.ones(centre.row.shape))
    slots, target = np.arange(centre.row.shape[1]), np.array([0])
    span = np.where(centre.row >= 0, 0, -1)
    everything = np.array([offered(centre).sum()])
    assert np.array_equal(_raise(centre, given, span, slots, target, everything, 0 * everything), given)
