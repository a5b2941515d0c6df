"""History and peaks in, forecast with quantiles out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pandas as pd

from data.corrections import Decision
from data.domain import Peak, Queue
from data.errors import InputError
from data.intervals import grid
from data.schema import FORECAST, QUANTILE_COLUMNS, QUANTILES, conform
from data.version import __version__
from forecasting.combine import Combination, unjudged
from forecasting.day_matrix import slots_of
from forecasting.dispersion import Dispersion, estimate, guess
from forecasting.fingerprint import data_hash
from forecasting.handle_time import handle_time_by_slot
from forecasting.intraday import up_to_date
from forecasting.one_thread import one_thread
from forecasting.provisional import provisional_note
from forecasting.settings import LONGEST_HORIZON_DAYS, Settings
from forecasting.spread import Spread, quantiles, spread_over
from forecasting.study import Study, study

DEFAULTS = Settings()
WEIGHTS_SLACK = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Contacts expected over a horizon, and where the figures come from.

    Parameters
    ----------
    queue
        Queue it is for.
    cutoff
        Last instant it may know.
    first, days
        Horizon in local days, [first, first + days).
    frame
        FORECAST rows of the open intervals, in order of time.
    model
        Name of the model that was chosen, or of the mix with its shares.
    scores
        The back-test the choice rests on, best first: method, wape, bias, hit_rate, rmse, origins, days; empty
        where history was too short for one.
    seed
        Same history, peaks, settings and seed: same forecast.
    data_hash
        SHA-256 over all that was used.
    spread
        How actuals spread around the mean, by interval and by day.
    left_out
        Days and intervals of the history that were not fitted: date, reason, found, usual.
    notes
        What a planner should know about this forecast, one sentence each.
    weights
        Share of each model in the mean, summing to 1; with `dispersion` all that `forecast` needs to keep a choice.
    dispersion
        How the back-test's actuals spread around the mix, which `spread` is laid out from; with what was learnt
        about the course of a day where the forecast was made during one.
    product_version
        Version that made it.
    """

    queue: Queue
    cutoff: pd.Timestamp
    first: date
    days: int
    frame: pd.DataFrame
    model: str
    scores: pd.DataFrame
    seed: int
    data_hash: str
    spread: Spread
    left_out: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    dispersion: Dispersion | None = None
    product_version: str = __version__


@one_thread
def forecast(
    queue: Queue,
    history: pd.DataFrame,
    peaks: Sequence[Peak],
    *,
    first: date,
    days: int,
    cutoff: pd.Timestamp,
    seed: int = 0,
    settings: Settings = DEFAULTS,
    decisions: Sequence[Decision] = (),
    weights: Mapping[str, float] | None = None,
    dispersion: Dispersion | None = None,
) -> Forecast:
    """Forecast one queue by the models that did best over the weeks before the cutoff.

    Parameters
    ----------
    queue
        Its opening hours, zone and interval make the grid.
    history
        HISTORY rows of this queue, or of several; only intervals that ended at or before the cutoff are read.
    peaks
        Peaks known in advance, over past and future.
    first, days
        Local days to forecast, [first, first + days), at most 104 weeks.
    cutoff
        Last instant the forecast may know; `first` is its local day or a later one. Within the first day, that day's
        intervals still to come are brought up to date by those that are over (`forecasting.intraday`); the latter
        and all later days stay as they were forecast the evening before.
    seed
        For models that need one.
    settings
        See `Settings`; the defaults serve every queue.
    decisions
        Planners' words on spans of the history, in their order; those on other queues are passed over.
    weights
        Share of each model, summing to 1, of an earlier forecast whose choice is kept; only these models are fitted.
        None judges all candidates of the settings anew.
    dispersion
        Of the same earlier forecast: spares the back-test altogether, so that a model is fitted once. None measures
        it anew. Only with `weights`.

    Raises
    ------
    InputError
        The horizon is empty, closed, too long or begins before the cutoff; or less than a week of history can be
        used, or it is faulty; or the weights are no shares. The message names the queue.
    """
    intervals = _horizon(queue, first, days, cutoff)
    last = first + timedelta(days=days - 1)
    asked = settings if weights is None else replace(settings, models=_kept(queue, weights))
    known = study(
        queue, history, peaks, cutoff=cutoff, last=last, seed=seed, settings=asked, decisions=decisions
    )
    origin = len(known.matrix.days)
    horizon = pd.date_range(pd.Timestamp(first), pd.Timestamp(last), freq="D", unit="us")
    lead = (horizon - known.matrix.days[-1]).days.to_numpy()
    choice = _choice(known, origin, int(lead[-1]), weights, dispersion)
    choice, means = known.predict_mix(choice, origin, horizon)
    if weights is None or dispersion is None:
        trial = choice.trial
        dispersion = guess(means.shape[1]) if trial is None else estimate(trial)

    day = (intervals["date"] - pd.Timestamp(first)).dt.days.to_numpy()
    slot = slots_of(intervals, queue)
    mean = means[day, slot]
    spread = spread_over(dispersion, day, lead[day], slot)
    before = mean
    mean, spread, dispersion = up_to_date(
        known, choice, dispersion, intervals, mean=mean, spread=spread, cutoff=cutoff
    )
    by_slot = handle_time_by_slot(queue, known.rows, known.matrix.opened, settings.handle_time_weeks)
    aht_s = settings.default_aht_s if by_slot is None else by_slot[intervals["weekday"].to_numpy(), slot]
    columns = dict(zip(QUANTILE_COLUMNS, quantiles(mean, spread, QUANTILES).T, strict=True))
    frame = pd.DataFrame(
        {"queue": queue.id, "start": intervals["start"], "mean": mean, **columns, "aht_s": aht_s}
    )
    return Forecast(
        queue=queue,
        cutoff=cutoff,
        first=first,
        days=days,
        frame=conform(frame, FORECAST),
        model=choice.name,
        scores=choice.scores,
        seed=seed,
        data_hash=data_hash(queue, known.rows, peaks, settings, decisions),
        spread=spread,
        left_out=known.rolling.series(origin).left_out,
        notes=_notes(
            known,
            choice,
            settings,
            kept=weights is not None,
            measured_aht=by_slot is not None,
            updated=mean is not before,
            provisional=provisional_note(known.rolling.terms, first, last),
        ),
        weights=choice.weights,
        dispersion=dispersion,
    )


def _horizon(queue: Queue, first: date, days: int, cutoff: pd.Timestamp) -> pd.DataFrame:
    name = f"queue {queue.id!r}"
    if not 1 <= days <= LONGEST_HORIZON_DAYS:
        raise InputError(f"{name}: a horizon has 1 to {LONGEST_HORIZON_DAYS} days, not {days}.")
    if cutoff.tzinfo is not None and first < cutoff.tz_convert(queue.timezone).date():
        raise InputError(
            f"{name}: the horizon begins on {first}, before the cutoff {cutoff}. Begin on the cutoff's local day or "
            "later, or set the cutoff earlier."
        )
    intervals = grid(queue, first, days)
    if intervals.empty:
        raise InputError(
            f"{name}: it is closed on all {days} days from {first}. Correct its opening hours or dates."
        )
    return intervals


def _kept(queue: Queue, weights: Mapping[str, float]) -> tuple[str, ...]:
    """Models of a choice that is kept, in its order."""
    shares = list(weights.values())
    if not all(math.isfinite(share) and share > 0 for share in shares) or (
        abs(math.fsum(shares) - 1) > WEIGHTS_SLACK
    ):
        given = ", ".join(f"{name} {share:g}" for name, share in weights.items()) or "none"
        raise InputError(
            f"queue {queue.id!r}: weights must be above 0 and sum to 1, not {given}. Correct them, or leave them out "
            "to choose anew."
        )
    return tuple(weights)


def _choice(
    known: Study,
    origin: int,
    lead_days: int,
    weights: Mapping[str, float] | None,
    dispersion: Dispersion | None,
) -> Combination:
    if weights is None:
        return known.judge(origin, lead_days)
    if dispersion is None:
        return replace(known.judge(origin, lead_days), weights=dict(weights))
    return replace(unjudged(next(iter(weights))), weights=dict(weights))


def _notes(
    known: Study,
    choice: Combination,
    settings: Settings,
    *,
    kept: bool,
    measured_aht: bool,
    updated: bool,
    provisional: str | None,
) -> tuple[str, ...]:
    notes = [f"{name} was no candidate: {message}" for name, message in known.rolling.failures.items()]
    if kept:
        notes.append("The choice of an earlier forecast was kept.")
    elif not choice.trials:
        notes.append("The history is too short for a back-test; model and uncertainty are assumptions.")
    if updated:
        notes.append(
            "What came in so far today is used; intervals that are over keep the forecast made before."
        )
    if not measured_aht:
        notes.append(f"The history has no handle times; {settings.default_aht_s:g} s are assumed.")
    if provisional is not None:
        notes.append(provisional)
    return tuple(notes)
