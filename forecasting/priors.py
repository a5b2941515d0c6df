"""What is believed of a peak before it was seen: by its kind, its place in the window, or a planner's guess.

Effects are logarithms of the factor on a day's contacts, at the peak's typical size. The means are cautious
readings of published effects (North American bank: the first days of a month +8–9 %, the day after a closure
+15–30 %; holidays of banks: a third to a half of an ordinary day) and of what a kind is for; the deviations are
wide, so that two or three occurrences outweigh them; widest around holidays, whose eves some countries work and
others do not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from data.domain import Peak, PeakKind

FADE_MEAN, FADE_SD = 0.5, 0.8
"""What is left of an effect, and of its uncertainty, one day further from the date."""
GUESS_SD_SHARE, LEAST_GUESS_SD = 0.5, 0.05
"""Uncertainty of a planner's guess without one of its own: half the guessed effect, at least 5 %."""
POOLED_SHARE = 0.75
"""Share of a kind's variance that its peaks have in common: cohorts of one bank are much alike."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A normal prior of a log effect."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class KindPrior:
    """Priors of a kind: on the date itself, on the day before it and on the day after it."""

    on: Prior
    before: Prior
    after: Prior

    def at(self, relative: int) -> Prior:
        """Prior of a day of the window; it fades with the distance from the date."""
        if relative == 0:
            return self.on
        near, further = (self.after if relative > 0 else self.before), abs(relative) - 1
        return Prior(near.mean * FADE_MEAN**further, near.sd * FADE_SD**further)


KIND_PRIORS: Mapping[PeakKind, KindPrior] = {
    PeakKind.BILLING: KindPrior(Prior(0.15, 0.30), Prior(0.0, 0.20), Prior(0.07, 0.20)),
    PeakKind.REPAYMENT: KindPrior(Prior(0.10, 0.30), Prior(0.04, 0.20), Prior(0.05, 0.20)),
    PeakKind.DIVIDEND: KindPrior(Prior(0.15, 0.30), Prior(0.02, 0.20), Prior(0.07, 0.20)),
    PeakKind.SESSION: KindPrior(Prior(0.20, 0.20), Prior(0.0, 0.20), Prior(0.0, 0.20)),
    PeakKind.HOLIDAY: KindPrior(Prior(-0.40, 0.40), Prior(0.0, 0.40), Prior(0.10, 0.30)),
    PeakKind.MAKEUP: KindPrior(Prior(0.20, 0.30), Prior(0.0, 0.20), Prior(0.0, 0.20)),
    PeakKind.PAYDAY: KindPrior(Prior(0.05, 0.20), Prior(0.0, 0.20), Prior(0.03, 0.20)),
    PeakKind.CAMPAIGN: KindPrior(Prior(0.12, 0.30), Prior(0.0, 0.20), Prior(0.06, 0.20)),
    PeakKind.EVENT: KindPrior(Prior(0.0, 0.30), Prior(0.0, 0.20), Prior(0.0, 0.20)),
    PeakKind.OUTAGE: KindPrior(Prior(0.0, 0.30), Prior(0.0, 0.20), Prior(0.0, 0.20)),
}
"""Defaults for queues with no other peak of the kind; with several, they learn from each other."""

POOLED = (
    PeakKind.BILLING,
    PeakKind.REPAYMENT,
    PeakKind.DIVIDEND,
    PeakKind.PAYDAY,
    PeakKind.CAMPAIGN,
    PeakKind.HOLIDAY,
    PeakKind.MAKEUP,
)
"""Kinds whose peaks resemble each other. Sessions of two exchanges fall on the same days, events are anything."""


def kind_prior(kind: PeakKind, relative: int) -> Prior:
    """Prior of a kind on a day of its window, in days from the date."""
    return KIND_PRIORS[kind].at(relative)


def peak_prior(peak: Peak, relative: int) -> Prior:
    """Prior of one peak on a day of its window: the planner's guess where there is one, else its kind's.

    A guess speaks of the date itself; the days around it follow as those of the kind do.
    """
    kind = KIND_PRIORS[peak.kind]
    here = kind.at(relative)
    if peak.expected_uplift is None:
        return here
    mean = math.log1p(peak.expected_uplift)
    sd = peak.expected_sd
    sd = max(GUESS_SD_SHARE * abs(mean), LEAST_GUESS_SD) if sd is None else sd / (1 + peak.expected_uplift)
    if relative == 0:
        return Prior(mean, sd)
    around = here.mean / kind.on.mean * mean if kind.on.mean else 0.0
    return Prior(around, here.sd)
