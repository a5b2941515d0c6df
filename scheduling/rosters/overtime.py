"""Overtime of weeks and cycles in the programme: hours of a class above the normal ones of its people together.

What one person works above theirs while another works below is not seen, so that a bound holds; the roster's cost is
recounted person by person.
"""

from __future__ import annotations

from collections import defaultdict

from scheduling.pay import Account
from scheduling.rosters.model import Model
from scheduling.rosters.premiums import binds, paid_before
from scheduling.rosters.programme import LESS


def add_overtime(model: Model) -> None:
    """Hours of a class in a week or cycle, less the normal ones of its people, are paid their premium.

    Nothing is added where people may not work beyond them.
    """
    for number, agent_class in enumerate(model.classes):
        hours: dict[Account, list[tuple[int, float]]] = defaultdict(list)
        for shift_number, column in model.shift_columns[number].items():
            shift = model.problem.shifts[shift_number]
            own = agent_class.pays.get((shift.pattern.id, shift.start_min))
            if own is not None and own.account is not None and binds(agent_class.contract, own.account):
                hours[own.account].append((column, own.plain_h))
        worked = paid_before(agent_class.contract, model.problem) if hours else {}
        for account, entries in hours.items():
            normal_h = agent_class.size * account.normal_h
            people = [agent.id for crew in agent_class.crews for agent in crew.agents]
            # Normal hours worked already are not there any more; overtime worked already is paid.
            used_h = sum(min(worked.get(agent, {}).get(account, 0.0), account.normal_h) for agent in people)
            most_h = sum(hours * model.programme.upper(column) for column, hours in entries)
            (above,) = model.programme.add_columns(
                [most_h], costs=[account.premium * agent_class.contract.cost_per_h]
            )
            model.overtime_columns.append(above)
            model.programme.add_row([*entries, (above, -1.0)], LESS, normal_h - used_h)
