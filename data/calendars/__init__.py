"""Which days people work and markets trade: public holidays, make-up working days (调休), trading sessions.

A calendar has one name: a region by its ISO country code ("CN", "IL"), or an exchange by its market
identifier code ("XSHG", "XNYS"). Days whose official calendar is not out yet are marked provisional.
Each library behind it has one door: `china`, `countries`, `exchanges`.
"""

from data.calendars.opening import is_exchange, open_days, require_calendar
from data.calendars.statutory import statutory_holidays
from data.calendars.trading import trading_sessions
from data.calendars.working import work_days

__all__ = [
    "is_exchange",
    "open_days",
    "require_calendar",
    "statutory_holidays",
    "trading_sessions",
    "work_days",
]
