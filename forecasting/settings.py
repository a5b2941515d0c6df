"""What a planner may set about forecasting. One default configuration serves every queue."""

from __future__ import annotations

from dataclasses import dataclass

from data.errors import InputError

LONGEST_HORIZON_DAYS = 104 * 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of a forecast; the defaults are meant for every queue.

    Parameters
    ----------
    models
        Names of the candidates, see `forecasting.models.catalogue`; the back-test chooses among them.
    origins
        Rolling origins the choice rests on, where history allows.
    longest_history_days
        Older days are not read: they cost time and say little about tomorrow.
    low_share, high_share
        A day whose total lies outside these shares of its weekday's running median is unusual; where no
        known peak explains it, it is left out of every fit and reported.
    profile_weeks
        Weeks of a weekday that its profile over the day is read from.
    handle_time_weeks
        Weeks that handle times by time of day are read from.
    default_aht_s
        Handle time where the history has none.
    hit_tolerance
        Share of the actual by which an interval may be missed and still counts as hit.
    """

    models: tuple[str, ...] = ("seasonal_naive", "weekday_mean", "mixed_effects", "svd_factors", "prophet")
    origins: int = 8
    longest_history_days: int = 1461
    low_share: float = 0.65
    high_share: float = 1.75
    profile_weeks: int = 8
    handle_time_weeks: int = 52
    default_aht_s: float = 240.0
    hit_tolerance: float = 0.05

    def __post_init__(self) -> None:
        if not self.models:
            raise InputError("settings: name at least one model.")
        for name in ("origins", "longest_history_days", "profile_weeks", "handle_time_weeks"):
            if getattr(self, name) < 1:
                raise InputError(f"settings: {name} must be at least 1, not {getattr(self, name)}.")
        if not 0 <= self.low_share < 1 < self.high_share:
            raise InputError(
                f"settings: 0 ≤ low_share < 1 < high_share, not {self.low_share} and {self.high_share}."
            )
        if self.default_aht_s <= 0 or self.hit_tolerance < 0:
            raise InputError("settings: default_aht_s must be above 0 and hit_tolerance not negative.")
