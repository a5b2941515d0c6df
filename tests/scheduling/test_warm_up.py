from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Channel, Roster
from data.schema import FORECAST, QUANTILE_COLUMNS, conform
from data.synthetic import make_centre
from scheduling import (
    allocation_kernel,
    carry_over,
    curve_kernels,
    erlang_kernels,
    event_loop,
    transient_kernels,
    wait_kernels,
    warm_up,
    water_filling,
)
from scheduling.curves import answer_curves
from scheduling.deferred import plan_deferred
from scheduling.evaluate import evaluate
from scheduling.requirement import requirement
from scheduling.simulate import simulate

KERNELS = (
    allocation_kernel,
    carry_over,
    curve_kernels,
    erlang_kernels,
    event_loop,
    transient_kernels,
    wait_kernels,
    water_filling,
)


def compiled_versions() -> dict[str, int]:
    return {
        f"{module.__name__}.{name}": len(thing.signatures)
        for module in KERNELS
        for name, thing in vars(module).items()
        if hasattr(thing, "signatures")
    }


def test_a_whole_job_after_the_warm_up_compiles_nothing_more() -> None:
    warm_up.main()
    before = compiled_versions()
    assert any(before.values())
    centre = make_centre(first=date(2026, 3, 2), days=7, people=20)
    means = centre.expected.loc[centre.expected["start"] < "2026-03-04"]
    forecast = conform(means.assign(**dict.fromkeys(QUANTILE_COLUMNS, means["mean"])), FORECAST)
    curves = pd.concat([answer_curves(queue, forecast) for queue in centre.queues], ignore_index=True)
    required = pd.concat([requirement(queue, forecast) for queue in centre.queues], ignore_index=True)
    roster = Roster(name="r", first=date(2026, 3, 2), days=2, timezone="Asia/Shanghai")
    evaluate(roster, centre.agents, centre.queues, forecast, curves, required)
    letters = replace(centre.queues[0], channel=Channel.DEFERRED)
    plan_deferred((letters, *centre.queues[1:]), forecast, agents=centre.agents)
    arrivals = np.ones((2, len(forecast)), dtype=np.int64)
    simulate(roster, centre.agents, centre.queues, forecast, arrivals, seed=1)
    assert compiled_versions() == before
