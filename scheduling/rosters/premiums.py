"""What is paid beyond the cost of an hour, as the programme sees it: premiums of shifts, overtime of weeks and cycles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from data.domain import Assignment, Break, Contract
from scheduling.pay import Account, ShiftPay
from scheduling.problem import RosterProblem
from scheduling.shifts import Horizon, Shift

Tour = Mapping[int, Shift]
"""A person's shifts by day."""
TOLERANCE_H = 1e-6


def shift_pays(contract: Contract, problem: RosterProblem) -> dict[tuple[str, int], ShiftPay]:
    """What of each shift is paid beyond its rate, by pattern and start; empty where the contract pays nothing more."""
    pay = problem.payroll.get(contract.id)
    if pay is None:
        return {}
    return {
        (shift.pattern.id, shift.start_min): pay.of_shift(_worked(shift, problem.horizon))
        for shift in problem.shifts
        if not contract.patterns or shift.pattern.id in contract.patterns
    }


def paid_before(contract: Contract, problem: RosterProblem) -> dict[str, dict[Account, float]]:
    """Hours of each person that weeks and cycles held before the first day."""
    found: dict[str, dict[Account, float]] = defaultdict(lambda: defaultdict(float))
    pay = problem.payroll.get(contract.id)
    if pay is not None:
        for shift in problem.before:
            own = pay.of_shift(shift)
            if own.account is not None:
                found[shift.agent_id][own.account] += own.plain_h
    return found


@dataclass(frozen=True, slots=True)
class Overtime:
    """What one person's hours above the normal ones of a week or a cycle are paid.

    Parameters
    ----------
    pays
        Of each shift, by pattern and start.
    earlier
        Hours that weeks and cycles held before the first day.
    """

    pays: Mapping[tuple[str, int], ShiftPay]
    earlier: Mapping[Account, float]

    def extra_h(self, tour: Tour, day: int, shifts: Sequence[Shift | None]) -> list[float]:
        """Hours' pay that each of some shifts, or rest for None, on a day of a tour would cost as overtime."""
        held = dict(self.earlier)
        for number, other in tour.items():
            own = self.pays.get((other.pattern.id, other.start_min)) if 0 <= number != day else None
            if own is not None and own.account is not None:
                held[own.account] = held.get(own.account, 0.0) + own.plain_h
        found = []
        for shift in shifts:
            own = None if shift is None else self.pays.get((shift.pattern.id, shift.start_min))
            if own is None or own.account is None:
                found.append(0.0)
                continue
            left_h = max(0.0, own.account.normal_h - held.get(own.account, 0.0))
            found.append(own.account.premium * max(0.0, own.plain_h - left_h))
        return found


def binds(contract: Contract, account: Account) -> bool:
    """Whether somebody may work more than the normal hours of a week; a cycle's may be exceeded by many weeks."""
    return account.premium > 0 and (
        account.cyclic or contract.max_h_per_week > account.normal_h + TOLERANCE_H
    )


def overtime_of(contract: Contract, problem: RosterProblem) -> dict[str, Overtime]:
    """Overtime of everybody with a contract; empty where nobody can work any."""
    pays = shift_pays(contract, problem)
    if not any(own.account is not None and binds(contract, own.account) for own in pays.values()):
        return {}
    earlier = paid_before(contract, problem)
    return {
        agent.id: Overtime(pays, earlier.get(agent.id, {}))
        for agent in problem.agents
        if agent.contract == contract.id
    }


def _worked(shift: Shift, horizon: Horizon) -> Assignment:
    """The shift as somebody would work it; where its breaks lie does not matter to its pay."""
    start, end = horizon.instant(shift.start_min), horizon.instant(shift.end_min)
    unpaid = timedelta(minutes=shift.pattern.length_min - shift.pattern.paid_min)
    return Assignment(
        agent_id="",
        day=horizon.day(shift.day),
        pattern=shift.pattern.id,
        start=start,
        end=end,
        breaks=(Break(kind="break", start=start, end=start + unpaid, paid=False),) if unpaid else (),
    )
