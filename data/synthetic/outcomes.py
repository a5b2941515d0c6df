"""What became of the contacts: staffed by planners who foresee most of a day, answered or abandoned by Erlang A."""

from __future__ import annotations

import numpy as np

from data.synthetic.arrivals import Arrivals
from data.synthetic.erlang_a import THRESHOLD_S, Steady, agents_for, steady_state
from data.synthetic.streams import stream
from data.synthetic.traits import Traits

STAFFED_FOR = 0.95
"""Answer rate the planners of the past staffed each interval for."""
MARGIN = 1.03
"""What they multiplied the load they foresaw by; what they did not foresee takes more than that."""
ABSENCE_SPREAD, MOMENT_SPREAD = 0.035, 0.035
"""Log spread of the people present, over a day and within it, around the plan."""
HANDLE_CV = 0.9
"""Coefficient of variation of one contact's handle time."""
HANDLE_DAY_SPREAD = 0.02
ANSWERED_IN_OUTAGE = 0.01
LEAST_LOAD = 0.02
"""Loads below this many erlangs are staffed as if they had it."""


AVAILABLE, AVAILABLE_AT_LUNCH = 0.90, 0.78
"""Agents on contacts / agents logged in; the others write up, ask a colleague, or have left their desk."""
LUNCH_FIRST_MIN, LUNCH_END_MIN = 12 * 60, 14 * 60


def availability(minute: np.ndarray) -> np.ndarray:
    """True share of the agents logged in who are on contacts, by minute of the day."""
    lunch = (minute >= LUNCH_FIRST_MIN) & (minute < LUNCH_END_MIN)
    return np.where(lunch, AVAILABLE_AT_LUNCH, AVAILABLE)


def staffed_agents(foreseen_erlangs: np.ndarray, traits: Traits, seed: int) -> np.ndarray:
    """Whole agents present in each interval.

    Parameters
    ----------
    foreseen_erlangs
        Load the planners saw coming, (days, intervals).
    traits, seed
        Of the queue, which owns its random stream.

    Returns
    -------
    ndarray
        At least 1 agent, of the same shape.
    """
    draw = stream(seed, traits.queue.id, "staffing")
    loads = np.maximum(MARGIN * foreseen_erlangs, LEAST_LOAD)
    steps = np.geomspace(LEAST_LOAD, max(loads.max(), 1.0), 80)
    needed = agents_for(STAFFED_FOR, steps, traits.aht_s, traits.queue.patience_s)
    planned = np.interp(loads, steps, needed)
    absent = ABSENCE_SPREAD * draw.standard_normal((len(loads), 1))
    moment = MOMENT_SPREAD * draw.standard_normal(loads.shape)
    present = planned * np.exp(absent + moment)
    whole: np.ndarray = np.maximum(1.0, np.floor(present + draw.random(loads.shape)))
    return whole


def draw_outcomes(
    arrivals: Arrivals,
    *,
    aht_s: np.ndarray,
    agents: np.ndarray,
    out: np.ndarray,
    traits: Traits,
    seed: int,
) -> dict[str, np.ndarray]:
    """Split the contacts of each interval and add up their work and their waits.

    Parameters
    ----------
    arrivals
        Of the queue, (days, intervals) like every array here.
    aht_s
        True mean handle time.
    agents
        Present on contacts.
    out
        True where the lines were down.
    traits, seed
        Of the queue, which owns its random stream.

    Returns
    -------
    dict of ndarray
        answered, abandoned, answered_in_threshold (contacts), handle_time_s of the answered, wait_s of all.
    """
    draw = stream(seed, traits.queue.id, "outcomes")
    slower = np.exp(HANDLE_DAY_SPREAD * draw.standard_normal((len(aht_s), 1)) - HANDLE_DAY_SPREAD**2 / 2)
    aht = aht_s * slower
    rate = np.maximum(arrivals.intensity, 1e-6) / (60 * traits.queue.interval_min)
    steady = _with_outage(steady_state(rate, aht, agents, traits.queue.patience_s), out, traits)
    offered = arrivals.offered.astype(np.int64)
    abandoned = draw.binomial(offered, steady.abandons)
    answered = offered - abandoned
    in_threshold = draw.binomial(answered, _share(steady.in_threshold, 1 - steady.abandons))
    at_once = draw.binomial(in_threshold, _share(1 - steady.waits, steady.in_threshold))
    wait = draw.standard_gamma(offered - at_once) * _share(steady.mean_wait_s, steady.waits, upper=np.inf)
    late = answered - in_threshold
    handle = draw.standard_gamma(answered / HANDLE_CV**2) * aht * HANDLE_CV**2
    return {
        "answered": answered.astype(float),
        "abandoned": abandoned.astype(float),
        "answered_in_threshold": in_threshold.astype(float),
        "handle_time_s": np.round(handle),
        "wait_s": np.ceil(np.maximum(wait, THRESHOLD_S * late)),
    }


def _with_outage(steady: Steady, out: np.ndarray, traits: Traits) -> Steady:
    answered = ANSWERED_IN_OUTAGE
    return Steady(
        waits=np.where(out, 1.0, steady.waits),
        abandons=np.where(out, 1 - answered, steady.abandons),
        in_threshold=np.where(out, 0.0, steady.in_threshold),
        mean_wait_s=np.where(out, traits.queue.patience_s, steady.mean_wait_s),
    )


def _share(part: np.ndarray, whole: np.ndarray, upper: float = 1.0) -> np.ndarray:
    """Part / whole, 0 where the whole is 0, held in [0, upper] against rounding."""
    ratio = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    held: np.ndarray = np.clip(ratio, 0.0, upper)
    return held
