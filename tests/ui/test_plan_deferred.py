"""A hotline with two peaks and an e-mail queue, served by the same people."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from data.errors import InputError
from data.ingest import ingest_history
from data.reference import import_reference
from data.store import Workspace
from scheduling.rosters.limits import Limits
from tests.ui.small_centre import HISTORY_DAYS, MONDAY, START, ZONE, table
from ui.plan.judging import judge_roster
from ui.plan.rosters import Solved, solve_roster
from ui.plan.simulation import simulate_roster
from ui.plan.staffing import Demand, demand, of_queue, required_days, requirements

CALLS = (10, 60, 60, 12, 10, 10, 60, 60, 12, 10)
"""An hour from 08:00 on: two peaks."""
LETTERS = (5, 24, 24, 6, 5, 5, 24, 24, 6, 5)
"""E-mail comes when it is busiest."""
DAYS = 2


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("centre")
    workspace = Workspace.create(folder / "workspace", timezone=ZONE)
    header = "queue,channel,skill,deadline_h,answer_rate,interval_floor,open,close,timezone,interval_min"
    queues = [
        ["hotline", "voice", "service", "", 0.95, 0.7, "08:00", "18:00", ZONE, 60],
        ["mail", "deferred", "service", 24, 0.95, 0.7, "08:00", "18:00", ZONE, 60],
    ]
    import_reference(workspace, "queues", [table(folder / "queues.csv", header, queues)])
    patterns = [["whole", "08:00", "08:00", 60, 600], ["half", "08:00", "13:00", 60, 300]]
    names = "pattern,start_earliest,start_latest,start_step_min,length_min"
    import_reference(workspace, "patterns", [table(folder / "patterns.csv", names, patterns)])
    contract = table(folder / "contracts.csv", "contract,patterns", [["all", "whole;half"]])
    import_reference(workspace, "contracts", [contract])
    people = [[f"A{n:02d}", "service", "all"] for n in range(20)]
    import_reference(workspace, "agents", [table(folder / "agents.csv", "agent_id,skills,contract", people)])
    draw = np.random.default_rng(3)
    rows = [
        [name, (START + timedelta(days=day, hours=8 + hour)).isoformat(), count, count, aht_s * count]
        for name, shape, aht_s in (("hotline", CALLS, 180), ("mail", LETTERS, 360))
        for day in range(HISTORY_DAYS)
        for hour, mean in enumerate(shape)
        for count in [int(draw.binomial(2 * mean, 0.5))]
    ]
    history = table(folder / "history.csv", "queue,start,offered,answered,handle_time_s", rows)
    ingest_history(workspace, [history])
    return workspace


def with_deadline(workspace: Workspace, deadline_h: float) -> None:
    workspace.save_queues([replace(workspace.queue("mail"), deadline_h=deadline_h)])


def asked(workspace: Workspace, deadline_h: float) -> Demand:
    with_deadline(workspace, deadline_h)
    return demand(workspace, first=MONDAY, days=DAYS)


def rostered(workspace: Workspace, name: str, deadline_h: float) -> Solved:
    with_deadline(workspace, deadline_h)
    return solve_roster(workspace, name=name, first=MONDAY, days=DAYS, limits=Limits(time_s=20, gap=0.01))


def test_e_mail_lands_in_the_quiet_hours_of_the_hotline(centre: Workspace) -> None:
    wanted = asked(centre, 24)
    required = requirements(wanted)
    calls = of_queue(required, "hotline")["staff"].to_numpy()
    letters = of_queue(required, "mail")["staff"].to_numpy()
    assert letters[calls > 4].sum() < 0.05 * letters.sum()
    came = of_queue(wanted.forecast, "mail")["mean"].sum()
    assert of_queue(wanted.planned, "mail")["mean"].sum() == pytest.approx(came)
    days = required_days(wanted, required)
    assert of_queue(days, "mail")["answer_rate"].tolist() == pytest.approx([0.95] * DAYS)


def test_a_roster_needs_fewer_paid_hours_than_with_e_mail_handled_as_it_comes(centre: Workspace) -> None:
    later = rostered(centre, "later", 24)
    at_once = rostered(centre, "at once", 0.25)
    for found in (later, at_once):
        assert found.judged.passed
        assert found.left_out == ()
    saved = 1 - later.judged.evaluation.paid_h / at_once.judged.evaluation.paid_h
    assert saved > 0.1
    # The stored roster is judged by the same plan again.
    with_deadline(centre, 24)
    again = judge_roster(centre, "later")
    assert again.passed
    covered = of_queue(again.evaluation.coverage, "mail")
    assert covered["service_level"].isna().all()
    assert covered["offered"].sum() == pytest.approx(
        of_queue(asked(centre, 24).forecast, "mail")["mean"].sum()
    )

    np.testing.assert_allclose(again.backlog["late"], 0, atol=1e-6)
    assert again.backlog["in_time"].sum() == pytest.approx(again.backlog["came"].sum())
    # Played contact by contact, e-mail begun in the hours planned for it, the roster holds what it promised.
    days = simulate_roster(centre, "later", paths=60, seed=4).days
    sums = days.groupby("queue")[["offered", "answered", "in_threshold", "pending"]].sum()
    hotline, mail = sums.loc["hotline"], sums.loc["mail"]
    assert hotline["answered"] / hotline["offered"] == pytest.approx(0.95, abs=0.01)
    assert mail["in_threshold"] / (mail["offered"] - mail["pending"]) > 0.95


def test_contacts_that_no_shift_can_handle_in_time_are_told_before_the_search(centre: Workspace) -> None:
    with_deadline(centre, 4)
    patterns = [each for each in centre.patterns() if each.id in {"whole", "half"}]
    mornings = [replace(each, start_latest_min=480, length_min=240) for each in patterns]
    centre.save_patterns(mornings)
    try:
        # What comes between 12:00 and 14:00 is due before the next morning's shifts have begun.
        with pytest.raises(
            InputError,
            match=r"queue 'mail': .* contacts on 2 days, the first on 2026-11-23 at 12:00, are due within 4",
        ):
            demand(centre, first=MONDAY, days=DAYS)
        with_deadline(centre, 10)
        assert len(requirements(demand(centre, first=MONDAY, days=DAYS))) == 2 * 10 * DAYS
    finally:
        centre.save_patterns(patterns)
