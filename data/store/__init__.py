"""The workspace: one folder with a Parquet lake and a SQL ledger, opened by its path.

::

    workspace/
    ├── ledger.sqlite         what there is: queues, people, versions, forecasts, rosters, runs
    └── lake/
        ├── history/queue=…/month=YYYY-MM/v000001.parquet
        ├── forecasts/queue=…/month=YYYY-MM/….parquet
        └── rosters/roster=…/…/shifts.parquet
"""

from data.store.base import Clock, system_clock
from data.store.workspace import LEDGER, Workspace

__all__ = ["LEDGER", "Clock", "Workspace", "system_clock"]
