"""What relaxations are ranked by: hours of pay they cost, or that they ask of people beyond what is agreed.

In the unit of `Contract.cost_per_h`. The factors are a ranking and no payroll: overtime, a rest day and a holiday at the
factors Chinese law pays them with (Labour Law, article 44), what nobody agreed to be undone at the dearest of them.
"""

from __future__ import annotations

OVERTIME = 1.5
"""Per hour beyond a contract's hours a week."""
REST_DAY = 2.0
"""Per hour on a day beyond a contract's days a week or in a row."""
TIME_OFF = 3.0
"""Per hour of a day off that is given back."""
RULE_BENT = 0.5
"""Per hour of a shift with less rest, or with another limit of a contract bent, worked all the same."""
OTHER_TIMES = 0.05
"""Per hour of everybody's shifts whose pattern may begin, or have its breaks, at other times."""
TRAINING_H = 16.0
"""Paid hours it takes one person to learn a skill."""
NEW_PERSON = 1.0
"""Per paid hour of one more person."""
MISSED = 8.0
"""Per hour of work that would answer what is not answered any more: the optimiser's own price, see `scheduling.rosters.prices`."""
