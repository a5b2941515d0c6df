"""How evenly a stored roster shares nights, weekends, early and late shifts, with the weeks before it."""

from __future__ import annotations

from data.store import Workspace
from scheduling.fair_shares import Fairness, by_person, fairness, past_of, total
from scheduling.unsocial import UNSOCIAL
from ui.plan.before import kept_before


def shares_of(workspace: Workspace, name: str) -> Fairness:
    """Shares of a stored roster's people, among those who can serve the same of its queues."""
    roster, record, agents = workspace.roster(name), workspace.roster_record(name), workspace.agents()
    queues = (workspace.forecast_record(each).queue for each in record.forecast_ids)
    loads = {
        agent_id: total(UNSOCIAL.load(shift, roster.timezone) for shift in shifts)
        for agent_id, shifts in by_person(roster.assignments).items()
    }
    return fairness(
        loads,
        agents,
        {workspace.queue(queue).skill for queue in queues},
        first=roster.first,
        days=roster.days,
        past=past_of(
            kept_before(workspace, name).history, agents, first=roster.first, timezone=roster.timezone
        ),
    )
