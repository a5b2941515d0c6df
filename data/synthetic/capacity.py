"""How many contacts the headcount can serve: the levels that make roster and demand fit.

The arithmetic, per queue: people × paid hours a week × the part of them on contacts = agent hours, a share of
which is the queue's. Spread over its opening hours they make a mean number of agents; Erlang A says how many
erlangs those answer 95 % of. What is left is the share of it that ordinary weeks ask for; the rest is for the
peaks, for shifts that do not fit the day's shape, and for a margin.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Queue
from data.synthetic.erlang_a import agents_for
from data.synthetic.means import queue_means
from data.synthetic.people import paid_h_per_person
from data.synthetic.traits import SHRINKAGE, TRAITS, Traits

ON_CONTACTS = 0.94
"""Part of the paid time left by paid rests, which the roster places and shrinkage does not count."""
ASKED_FOR = 0.67
"""Part of what the people could answer that an ordinary week without peaks asks for."""
WEEKS_PER_YEAR = 52


def agent_h_per_week(people: int) -> float:
    """Hours a week that `people` are present on contacts, after rests and shrinkage."""
    return people * paid_h_per_person() * ON_CONTACTS * (1 - SHRINKAGE)


def open_h_per_week(queue: Queue) -> float:
    """Opening hours of a week."""
    return sum(len(span.weekdays) * (span.close_min - span.open_min) / 60 for span in queue.hours)


def answerable_erlangs(agents: float, traits: Traits) -> float:
    """Largest load of which `agents` answer the queue's target, by Erlang A."""
    wanted, patience_s = traits.queue.target.answer_rate, traits.queue.patience_s
    loads = np.geomspace(1e-3, 2 * agents + 1, 2000)
    return float(np.interp(agents, agents_for(wanted, loads, traits.aht_s, patience_s), loads))


def levels(people: int, anchor: date) -> Mapping[str, float]:
    """Contacts of an ordinary day per queue, at the anchor's date, that the headcount can serve.

    Parameters
    ----------
    people
        Headcount.
    anchor
        End of the history.

    Returns
    -------
    dict
        Level by queue, as `means.queue_means` takes it.
    """
    hours = agent_h_per_week(people)
    found = {}
    for name, traits in TRAITS.items():
        opened = open_h_per_week(traits.queue)
        erlangs = answerable_erlangs(hours * traits.load_share / opened, traits)
        found[name] = ASKED_FOR * erlangs * opened / _erlang_h_per_level(traits, anchor)
    return found


def _erlang_h_per_level(traits: Traits, anchor: date) -> float:
    """Erlang hours of the average week of the year from the anchor, without peaks, at level 1."""
    none = pd.DataFrame(columns=["queue", "peak", "day", "on", "uplift"])
    year = queue_means(traits, 1.0, none, first=anchor, days=7 * WEEKS_PER_YEAR, anchor=anchor)
    return float((year["base"] * year["aht_s"]).sum() / 3600 / WEEKS_PER_YEAR)
