"""`python -m scheduling.warm_up` compiles every kernel once, at installation, so that nobody's first roster waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from data.domain import Agent, Assignment, Channel, Contract, Queue, Roster, ShiftPattern
from data.intervals import grid
from data.schema import FORECAST, QUANTILE_COLUMNS, conform
from scheduling.curves import answer_curves
from scheduling.deferred import plan_deferred
from scheduling.evaluate import evaluate
from scheduling.requirement import requirement
from scheduling.simulate import simulate

DAY = date(2026, 3, 2)
CONTACTS, AHT_S = 4.0, 240.0


def main() -> None:
    """Take three small queues and two people from forecast to simulation; the results are thrown away."""
    queues = (Queue(id="a"), Queue(id="b", priority=1))
    forecast = pd.concat([_forecast(queue) for queue in queues], ignore_index=True)
    curves = pd.concat([answer_curves(queue, forecast) for queue in queues], ignore_index=True)
    required = pd.concat([requirement(queue, forecast) for queue in queues], ignore_index=True)
    mail = Queue(id="mail", channel=Channel.DEFERRED, skill="a")
    plan_deferred((*queues, mail), pd.concat([forecast, _forecast(mail)], ignore_index=True))
    agents = (Agent(id="1", skills=frozenset({"a"})), Agent(id="2", skills=frozenset({"a", "b"})))
    roster = Roster(name="warm up", first=DAY, days=1, timezone="UTC", assignments=tuple(map(_shift, agents)))
    contracts, patterns = (Contract(id="standard"),), (ShiftPattern(id="day"),)
    evaluate(roster, agents, queues, forecast, curves, required, contracts=contracts, patterns=patterns)
    arrivals = np.full((1, len(forecast)), int(CONTACTS), dtype=np.int64)
    simulate(roster, agents, queues, forecast, arrivals, seed=0)


def _forecast(queue: Queue) -> pd.DataFrame:
    frame = grid(queue, DAY, 1)[["start"]].assign(queue=queue.id, mean=CONTACTS, aht_s=AHT_S)
    return conform(frame.assign(**dict.fromkeys(QUANTILE_COLUMNS, CONTACTS)), FORECAST)


def _shift(agent: Agent) -> Assignment:
    start = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=ZoneInfo("UTC"))
    return Assignment(agent_id=agent.id, day=DAY, pattern="day", start=start, end=start + timedelta(hours=9))


if __name__ == "__main__":
    main()
