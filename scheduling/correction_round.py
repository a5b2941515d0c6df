"""A roster planned and simulated side by side, and the correction that makes one say what the other says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import Period, Queue, Roster
from scheduling.correction import corrected_curves, fitted, no_correction, promised
from scheduling.evaluate import Evaluation
from scheduling.judgement import reaches
from scheduling.rosters.found import RosterOutcome
from scheduling.simulate import Simulation
from scheduling.simulation_measures import Measure

REFITS = 6
"""Most fits to a roster: each moves the split of its people, which moves the fit."""
NUDGE = 0.001
"""Rate by which a fit aims further where the plan still says otherwise than the simulation whether a target is met."""
CLOSE = 0.0005
"""A plan this near to the simulation tells the same story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One roster, planned and simulated.

    Parameters
    ----------
    outcome
        What the optimiser handed back on corrected curves.
    correction
        Columns queue, date, factor it was planned with.
    fit
        The same, with which a plan of this very roster says what its simulation says.
    kept
        The one of both that tells what is so: the plan's own where both reach every target, else the fit. A plan on
        it misses the targets that are missed in the simulation, and no others.
    paid_h, cost
        Of its people.
    rates
        Columns queue, period, first, last, planned (on the corrected curves), simulated (mean over the paths),
        promised (what is held against the target, see `correction.promised`; planned where nothing is corrected),
        p_met, target, confidence, met (promised reaches the target): a row for each span of a day and longer.
    floors
        As `Evaluation.floors`, on the curves of `kept`.
    intervals
        As `Evaluation.missed`, on the curves of `kept`: targets counted per interval, which no simulation tunes.
    below_floor
        Intervals whose simulated mean is below their floor.
    """

    outcome: RosterOutcome
    correction: pd.DataFrame
    fit: pd.DataFrame
    kept: pd.DataFrame
    paid_h: float
    cost: float
    rates: pd.DataFrame
    floors: pd.DataFrame
    intervals: pd.DataFrame
    below_floor: int

    @property
    def met(self) -> bool:
        """Whether every target is met in the simulation."""
        return bool(self.rates["met"].all())

    @property
    def rank(self) -> tuple[float, float, float]:
        """Lower is better: what is missed of targets, then of floors, then the cost."""
        missed = self.rates.loc[~self.rates["met"]]
        short = (missed["target"] - missed["promised"]).sum()
        short += (self.intervals["target"] - self.intervals["answer_rate"]).sum()
        below = (self.floors["floor"] - self.floors["answer_rate"]).clip(lower=0.0)
        return round(float(short), 9), round(float(below.sum()), 9), round(self.cost, 6)


@dataclass(frozen=True, slots=True)
class Plan:
    """What stays the same over the rounds."""

    queues: Sequence[Queue]
    tuned: Sequence[Queue]
    curves: pd.DataFrame
    judge: Callable[[Roster, pd.DataFrame], Evaluation]

    def on(self, roster: Roster, correction: pd.DataFrame) -> Evaluation:
        """A roster on corrected curves."""
        return self.judge(roster, corrected_curves(self.curves, self.queues, correction))

    def round(self, outcome: RosterOutcome, correction: pd.DataFrame, played: Simulation) -> Round:
        """Set the plan of a roster beside its simulation."""
        roster = outcome.value
        if roster is None:
            raise ValueError("a round needs a roster")
        planned = self.on(roster, correction)
        rates = self._rates(planned, played)
        fit, fitting = self._fit(roster, planned, rates)
        agree = not self.tuned or (bool(rates["met"].all()) and not outcome.missed and planned.missed.empty)
        told = planned if agree else fitting
        rates = self._as_told(rates, told)
        floors = played.intervals.loc[played.intervals["measure"] == Measure.ANSWER_RATE.value]
        return Round(
            outcome=outcome,
            correction=correction,
            fit=fit,
            kept=correction if agree else fit,
            paid_h=planned.paid_h,
            cost=planned.cost,
            rates=rates,
            floors=told.floors,
            intervals=told.missed.loc[told.missed["period"] == Period.INTERVAL.value],
            below_floor=int((floors["mean"] < floors["target"]).sum()),
        )

    def _rates(self, evaluation: Evaluation, played: Simulation) -> pd.DataFrame:
        targets = evaluation.targets.loc[evaluation.targets["period"] != Period.INTERVAL.value]
        planned = targets[["queue", "period", "first", "last", "answer_rate", "target"]]
        found = [promised(played.days, queue).reset_index().assign(queue=queue.id) for queue in self.queues]
        rates = planned.rename(columns={"answer_rate": "planned"}).merge(
            pd.concat(found, ignore_index=True), how="left", on=["queue", "first"]
        )
        tuned = rates["queue"].isin([queue.id for queue in self.tuned])
        rates["promised"] = rates["promised"].where(tuned, rates["planned"])
        rates["confidence"] = (
            rates["queue"].map({queue.id: queue.target.confidence for queue in self.queues}).astype(float)
        )
        # What a soft target misses has its price: it is nothing a correction has to make up for.
        soft = {queue.id for queue in self.queues if queue.target.soft}
        reached = reaches(rates["promised"].to_numpy(), rates["target"].to_numpy())
        rates["met"] = reached | rates["queue"].isin(soft).to_numpy()
        return rates

    def _as_told(self, rates: pd.DataFrame, told: Evaluation) -> pd.DataFrame:
        """Rates whose queues that are not tuned are as in the plan that is kept, for they may share its people."""
        rows = pd.MultiIndex.from_frame(rates[["queue", "first"]])
        planned = told.targets.set_index(["queue", "first"])
        planned = planned.loc[planned["period"] != Period.INTERVAL.value]
        tuned = rates["queue"].isin([queue.id for queue in self.tuned])
        answered = planned["answer_rate"].reindex(rows).to_numpy()
        held = planned["met"] | planned["price_per_contact"].notna()
        return rates.assign(
            promised=rates["promised"].where(tuned, answered),
            met=rates["met"].where(tuned, held.reindex(rows).to_numpy()).astype(bool),
        )

    def _fit(
        self, roster: Roster, planned: Evaluation, rates: pd.DataFrame
    ) -> tuple[pd.DataFrame, Evaluation]:
        """Factors with which the plan says what was simulated, first of all whether targets are met, and that plan."""
        found = no_correction()
        tuned = rates.loc[rates["queue"].isin([queue.id for queue in self.tuned])].set_index(
            ["queue", "first"]
        )
        promised, wanted = tuned["promised"], tuned["promised"].copy()
        for _ in range(REFITS if self.tuned else 0):
            parts = [fitted(self.curves, planned.coverage, queue, wanted[queue.id]) for queue in self.tuned]
            found = pd.concat(parts, ignore_index=True)
            planned = self.on(roster, found)
            said = planned.targets.set_index(["queue", "first"]).reindex(wanted.index)
            otherwise = said["met"].astype(bool) != tuned["met"]
            if not otherwise.any() and (said["answer_rate"] - promised).abs().max() < CLOSE:
                break
            wanted += np.where(otherwise, np.where(tuned["met"], NUDGE, -NUDGE), 0.0)
        return found, planned
