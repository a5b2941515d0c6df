from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain import (
    ALL_WEEKDAYS,
    Agent,
    BreakRule,
    Channel,
    Contract,
    OpeningSpan,
    Peak,
    PeakKind,
    Period,
    Queue,
    Recurrence,
    ServiceLevelFormula,
    ShiftPattern,
    Target,
    Wish,
)
from data.errors import FaultyFileError, InputError
from data.reference import (
    ReferenceKind,
    agent_rows,
    contract_rows,
    fields,
    import_reference,
    pattern_rows,
    peak_rows,
    queue_rows,
)
from data.reference.fields import CellError
from data.store import Workspace

DAY = date(2026, 11, 23)

QUEUES = "queue,skill,interval_min\ncards,cards,30\nfunds,funds,15\n"
SOUND: dict[ReferenceKind, str] = {
    "queues": "queue,skill,answer_rate,open,close,days\nloans,loans,0.95,08:00,20:00,mon-fri\n",
    "patterns": "pattern,start_earliest,start_latest,length_min,breaks\nlate,12:00,14:00,480,meal:30:120-240\n",
    "contracts": "contract,max_h_per_week,patterns\npart,20,short_5h\n",
    "agents": "agent_id,name,team,skills,contract,time_off,wishes\nA1,王芳,north,cards;funds,standard,2026-11-23,2026-11-24:off:2\n",
    "peaks": "peak,kind,date,queues,size\nbonus,dividend,2026-11-23,funds,1000\n",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "workspace", timezone="Asia/Shanghai")
    import_reference(made, "queues", [put(tmp_path, "queues.csv", QUEUES)])
    return made


def put(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def faults_of(
    workspace: Workspace, kind: ReferenceKind, content: str
) -> list[tuple[int | None, str | None, str, str]]:
    before = getattr(workspace, kind)()
    with pytest.raises(FaultyFileError) as error:
        import_reference(workspace, kind, [put(workspace.path, f"{kind}.csv", content)])
    assert getattr(workspace, kind)() == before
    return [(fault.line, fault.column, fault.reason, fault.repair) for fault in error.value.faults]


# --- what files say ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_file_of_each_kind_comes_in_and_the_same_again_changes_nothing(
    workspace: Workspace, kind: ReferenceKind
) -> None:
    path = put(workspace.path, "file.csv", SOUND[kind])
    first = import_reference(workspace, kind, [path])
    assert (first.total, first.added, first.changed, first.unchanged) == (1, 1, 0, 0)
    again = import_reference(workspace, kind, [path])
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)


def test_a_queue_needs_its_name_only_and_the_rest_has_defaults(workspace: Workspace) -> None:
    import_reference(workspace, "queues", [put(workspace.path, "q.csv", "queue\nloans\n")])
    assert workspace.queue("loans") == Queue(id="loans", timezone="Asia/Shanghai")
    assert workspace.queue_origins()["loans"] == "file"


def test_every_column_of_a_queue_is_read_and_rows_add_opening_spans(workspace: Workspace) -> None:
    content = (
        "queue,channel,skill,answer_rate,period,interval_floor,service_level,threshold_s,max_asa_s,max_occupancy,"
        "min_agents,confidence,interval_min,open,close,days,timezone,patience_s,concurrency,priority,shrinkage\n"
        "vip,Chat,vip,95%,week,0.7,80%,20,30,85%,2,0.9,15,07:00,24:00,sun-thu,Asia/Jerusalem,90,3,5,30%\n"
        "vip,,,,,,,,,,,,,20:00,02:00,sat,,,,,\n"
        "vip,chat,,0.95,,,,,,,,,,,,周五,,,,,\n"
    )
    with pytest.raises(
        FaultyFileError, match=r"line 4, column answer_rate: the queue's row on line 2 says otherwise"
    ):
        import_reference(workspace, "queues", [put(workspace.path, "q.csv", content)])
    agreed = content.replace("vip,chat,,0.95", "vip,Chat,,95%")
    import_reference(workspace, "queues", [put(workspace.path, "q.csv", agreed)])
    assert workspace.queue("vip") == Queue(
        id="vip",
        channel=Channel.CHAT,
        skill="vip",
        target=Target(
            answer_rate=0.95,
            period=Period.WEEK,
            interval_floor=0.7,
            service_level=0.8,
            threshold_s=20,
            max_asa_s=30,
            max_occupancy=0.85,
            min_agents=2,
            confidence=0.9,
        ),
        hours=(
            OpeningSpan(weekdays=frozenset({6, 0, 1, 2, 3}), open_min=420, close_min=1440),
            OpeningSpan(weekdays=frozenset({5}), open_min=1200, close_min=1560),
            OpeningSpan(weekdays=frozenset({4})),
        ),
        timezone="Asia/Jerusalem",
        interval_min=15,
        patience_s=90,
        concurrency=3,
        priority=5,
        shrinkage=0.3,
    )


def test_every_column_of_a_pattern_a_contract_and_an_agent_is_read(workspace: Workspace) -> None:
    pattern = (
        "pattern,days,start_earliest,start_latest,start_step_min,length_min,breaks,cost_per_h\n"
        "late,mon;wed,12:00,14:00,15,480,meal:30:120-240;rest:15:300-400:paid,1.5\n"
    )
    import_reference(workspace, "patterns", [put(workspace.path, "p.csv", pattern)])
    assert workspace.patterns()[-1] == ShiftPattern(
        id="late",
        weekdays=frozenset({0, 2}),
        start_earliest_min=720,
        start_latest_min=840,
        start_step_min=15,
        length_min=480,
        breaks=(
            BreakRule(kind="meal", length_min=30, earliest_min=120, latest_min=240),
            BreakRule(kind="rest", length_min=15, earliest_min=300, latest_min=400, paid=True),
        ),
        cost_per_h=1.5,
    )
    contract = (
        "contract,min_h_per_week,max_h_per_week,max_days_per_week,max_consecutive_days,min_rest_h,patterns,cost_per_h,"
        "max_consecutive_nights,min_weekends_off,max_start_spread_min,forward_rotation,min_consecutive_days_off,"
        "regular_h_per_day,regular_h_per_week,overtime_pay,rest_day_pay,holiday_pay,night_pay\n"
        "part,10,20.5,4,3,12,late;short_5h,2,3,2,60,yes,2,8,38.5,1.5,2,3,1.25\n"
    )
    import_reference(workspace, "contracts", [put(workspace.path, "c.csv", contract)])
    assert workspace.contracts()[-1] == Contract(
        id="part",
        min_h_per_week=10,
        max_h_per_week=20.5,
        max_days_per_week=4,
        max_consecutive_days=3,
        min_rest_h=12,
        patterns=frozenset({"late", "short_5h"}),
        cost_per_h=2,
        regular_h_per_day=8,
        regular_h_per_week=38.5,
        overtime_pay=1.5,
        rest_day_pay=2,
        holiday_pay=3,
        night_pay=1.25,
        max_consecutive_nights=3,
        min_weekends_off=2,
        max_start_spread_min=60,
        forward_rotation=True,
        min_consecutive_days_off=2,
    )
    agent = (
        "agent_id,name,team,skills,contract,time_off,wishes\n"
        "A1,王芳,north,cards;funds,part,2026-11-23;2026-11-25..2026-11-27,2026-11-24:off:2;2026-11-28:late\n"
    )
    import_reference(workspace, "agents", [put(workspace.path, "a.csv", agent)])
    assert workspace.agents() == (
        Agent(
            id="A1",
            name="王芳",
            team="north",
            skills=frozenset({"cards", "funds"}),
            contract="part",
            time_off=frozenset({DAY, *(date(2026, 11, day) for day in (25, 26, 27))}),
            wishes=(
                Wish(day=date(2026, 11, 24), weight=2),
                Wish(day=date(2026, 11, 28), pattern="late"),
            ),
        ),
    )


def test_dated_and_recurring_peaks_are_read(workspace: Workspace) -> None:
    content = (
        "peak,kind,date,queues,lower_days,upper_days,size,recurrence,days_of_month,offset_days,roll,calendar,first,last\n"
        "bonus,dividend,2026-11-23,funds,-1,2,1000,,,,,,,\n"
        "bonus,,2026/12/1,,,,,,,,,,,\n"
        "repay,repayment,,cards;funds,0,1,500,monthly,5;12;31,20,next,CN,2026-01-01,2027-01-01\n"
        "market,session,,,,,,sessions,,,,XSHG,,\n"
        "holiday,holiday,,,,,,holidays,,,,CN,,\n"
        "makeup,makeup,,,,,,makeup,,,,CN,,\n"
    )
    import_reference(workspace, "peaks", [put(workspace.path, "p.csv", content)])
    bonus, repay, *rules = workspace.peaks()
    assert bonus == Peak(
        id="bonus",
        kind=PeakKind.DIVIDEND,
        dates={DAY: 1000.0, date(2026, 12, 1): None},
        queues=frozenset({"funds"}),
        lower_days=-1,
        upper_days=2,
    )
    assert repay == Peak(
        id="repay",
        kind=PeakKind.REPAYMENT,
        recurrence=Recurrence(
            days_of_month=(5, 12, 31),
            offset_days=20,
            roll="next",
            calendar="CN",
            first=date(2026, 1, 1),
            last=date(2027, 1, 1),
        ),
        queues=frozenset({"cards", "funds"}),
        upper_days=1,
        size=500.0,
    )
    assert [peak.recurrence for peak in rules] == [
        Recurrence(sessions=True, calendar="XSHG"),
        Recurrence(holidays=True, calendar="CN"),
        Recurrence(makeup_days=True, calendar="CN"),
    ]


def test_a_workbook_of_dates_and_percents_reads_like_text(workspace: Workspace) -> None:
    frame = pd.DataFrame({"peak": ["b"], "kind": ["event"], "date": [pd.Timestamp(DAY)], "size": [3.0]})
    frame.to_excel(workspace.path / "p.xlsx", index=False)
    import_reference(workspace, "peaks", [workspace.path / "p.xlsx"])
    assert workspace.peaks() == (Peak(id="b", kind=PeakKind.EVENT, dates={DAY: 3.0}),)


def test_a_mapping_renames_columns_and_must_speak_of_the_kind(workspace: Workspace) -> None:
    mapping = put(workspace.path, "hr.toml", '[agents]\ncolumns = { agent_id = "工号", skills = "技能" }\n')
    path = put(workspace.path, "a.csv", "工号,技能,name\nA1,cards,王\n")
    import_reference(workspace, "agents", [path], mapping=mapping)
    assert [agent.id for agent in workspace.agents()] == ["A1"]
    with pytest.raises(FaultyFileError, match="column 工号: the column is missing"):
        import_reference(
            workspace, "agents", [put(workspace.path, "b.csv", SOUND["agents"])], mapping=mapping
        )
    with pytest.raises(InputError, match=r"does not say how to read peaks. Add \[peaks\]"):
        import_reference(workspace, "peaks", [path], mapping=mapping)


def test_columns_that_mean_nothing_here_are_told(workspace: Workspace) -> None:
    path = put(workspace.path, "a.csv", "agent_id,skills,phone,Contract\nA1,cards,1,2\n")
    assert import_reference(workspace, "agents", [path]).unused == ("phone", "Contract")


def test_several_files_come_in_together_or_not_at_all(workspace: Workspace) -> None:
    first = put(workspace.path, "a.csv", "agent_id,skills\nA1,cards\n")
    second = put(workspace.path, "b.csv", "agent_id,skills\nA2,cards\n")
    wrong = put(workspace.path, "c.csv", "agent_id,skills\nA3,piano\nA1,cards\n")
    with pytest.raises(FaultyFileError) as error:
        import_reference(workspace, "agents", [first, second, wrong, workspace.path / "d.csv"])
    assert len(error.value.faults) == 3
    assert workspace.agents() == ()
    assert import_reference(workspace, "agents", [first, second]).added == 2


def test_an_unknown_kind_is_refused(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="unknown kind of file 'people'"):
        import_reference(workspace, "people", [])  # type: ignore[arg-type] - what a person may type


# --- what is wrong with them -------------------------------------------------------------------------

FAULTS: list[tuple[ReferenceKind, str, tuple[int | None, str | None, str], str]] = [
    ("queues", "skill\nloans\n", (None, "queue", "the column is missing"), "queue,skill\na,loans\n"),
    ("queues", "queue,skill\n,loans\n", (2, "queue", "the value is missing"), "queue,skill\na,loans\n"),
    ("queues", "queue,channel\na,fax\n", (2, "channel", "unknown word"), "queue,channel\na,deferred\n"),
    ("queues", "queue,period\na,year\n", (2, "period", "unknown word"), "queue,period\na,Month\n"),
    ("queues", "queue,answer_rate\na,95\n", (2, "answer_rate", "a share lies between 0 and 1"), "queue,answer_rate\na,95%\n"),
    ("queues", "queue,answer_rate\na,101%\n", (2, "answer_rate", "a share lies"), "queue,answer_rate\na,99%\n"),
    ("queues", "queue,answer_rate\na,-0.1\n", (2, "answer_rate", "a share lies"), "queue,answer_rate\na,0\n"),
    ("queues", "queue,answer_rate\na,high\n", (2, "answer_rate", "not a number"), "queue,answer_rate\na,0.9\n"),
    ("queues", "queue,answer_rate\na,nan\n", (2, "answer_rate", "not a number"), "queue,answer_rate\na,0.90\n"),
    ("queues", "queue,answer_rate\na,1\n", (2, "answer_rate", "no number of people"), "queue,answer_rate\na,0.999\n"),
    ("queues", "queue,interval_floor\na,100%\n", (2, "interval_floor", "no number of people"), "queue,channel,interval_floor\na,callback,100%\n"),
    ("queues", "queue,shrinkage\na,1\n", (2, "shrinkage", "shrinkage lies in"), "queue,shrinkage\na,0.99\n"),
    ("queues", "queue,interval_min\na,20\n", (2, "interval_min", "interval_min is 15, 30 or 60"), "queue,interval_min\na,60\n"),
    ("queues", "queue,interval_min\na,30.5\n", (2, "interval_min", "not a whole number"), "queue,interval_min\na,30.0\n"),
    ("queues", "queue,patience_s\na,0\n", (2, "patience_s", "patience_s must be finite and above 0"), "queue,patience_s\na,0.1\n"),
    ("queues", "queue,service_level\na,0.8\n", (2, "service_level", "service_level needs threshold_s"), "queue,service_level,threshold_s\na,0.8,20\n"),
    ("queues", "queue,service_level_formula\na,f5\n", (2, "service_level_formula", "unknown word"), "queue,service_level_formula\na,F4\n"),
    ("queues", "queue,threshold_s\na,-1\n", (2, "threshold_s", "negative"), "queue,threshold_s,service_level\na,0,0.5\n"),
    ("queues", "queue,open\na,25:00\n", (2, "open", "not a time of day"), "queue,open\na,23:00\n"),
    ("queues", "queue,open\na,7\n", (2, "open", "not a time of day"), "queue,open\na,7:00\n"),
    ("queues", "queue,open,close\na,07:10,20:00\n", (2, "open", "must fall on its 30 min grid"), "queue,open,close\na,07:30,20:00\n"),
    ("queues", "queue,days\na,mo-fr\n", (2, "days", "'mo' is no weekday"), "queue,days\na,MON-Friday\n"),
    ("queues", "queue,timezone\na,Mars\n", (2, "timezone", "unknown time zone"), "queue,timezone\na,UTC\n"),
    ("queues", "queue,skill\na;b,x\n", (2, "queue", "a name cannot hold ;"), "queue,skill\na/b,x\n"),
    ("queues", "queue,skill\na,x;y\n", (2, "skill", "a name cannot hold ;"), "queue,skill\na,x y\n"),
    ("queues", "queue,skill\na,x\na,y\n", (3, "skill", "says otherwise"), "queue,skill\na,x\na,\n"),
    ("queues", "queue,skill\na,x,y\n", (2, None, "3 cells where the header has 2"), "queue,skill\na,x\n"),
    ("patterns", "pattern,start_earliest,start_latest\np,10:00,9:00\n", (2, "start_latest", "starts lie within one day"), "pattern,start_earliest,start_latest\np,9:00,9:00\n"),
    ("patterns", "pattern,length_min\np,0\n", (2, "length_min", "length_min lies in 1–1440"), "pattern,length_min\np,1440\n"),
    ("patterns", "pattern,breaks\np,meal\n", (2, "breaks", "'meal' is no break"), "pattern,breaks\np,meal:1:0-0\n"),
    ("patterns", "pattern,breaks\np,work:60:1-2\n", (2, "breaks", "cannot be called work"), "pattern,breaks\np,works:60:1-2\n"),
    ("patterns", "pattern,breaks\np,meal:60:240-180\n", (2, "breaks", "earliest_min ≤ latest_min"), "pattern,breaks\np,meal:60:180-240\n"),
    ("patterns", "pattern,breaks\np,meal:60:1-481\n", (2, "breaks", "may end after the shift"), "pattern,breaks\np,meal:60:1-480\n"),
    ("patterns", "pattern\np\np\n", (3, "pattern", "'p' is on line 2 already"), "pattern\np\nq\n"),
    ("patterns", "pattern,cost_per_h\np,-1\n", (2, "cost_per_h", "negative"), "pattern,cost_per_h\np,0\n"),
    ("contracts", "contract,max_h_per_week\nc,200\n", (2, "max_h_per_week", "max_h_per_week ≤ 168"), "contract,max_h_per_week\nc,168\n"),
    ("contracts", "contract,overtime_pay\nc,0.5\n", (2, "overtime_pay", "lies in 1–10"), "contract,overtime_pay\nc,1.5\n"),
    ("contracts", "contract,regular_h_per_week\nc,200\n", (2, "regular_h_per_week", "lies in 0–168"), "contract,regular_h_per_week\nc,40\n"),
    ("contracts", "contract,max_days_per_week\nc,8\n", (2, "max_days_per_week", "lies in 0–7"), "contract,max_days_per_week\nc,7\n"),
    ("contracts", "contract,min_h_per_week,max_h_per_week\nc,41,40\n", (2, "min_h_per_week", "min_h_per_week ≤ max_h_per_week"), "contract,min_h_per_week,max_h_per_week\nc,40,40\n"),
    ("contracts", "contract,min_h_per_week\nc,-1\n", (2, "min_h_per_week", "0 ≤ min_h_per_week"), "contract,min_h_per_week\nc,0\n"),
    ("contracts", "contract,max_consecutive_days\nc,0\n", (2, "max_consecutive_days", "must be at least 1"), "contract,max_consecutive_days\nc,1\n"),
    ("contracts", "contract,min_rest_h\nc,25\n", (2, "min_rest_h", "lies in 0–24"), "contract,min_rest_h\nc,24\n"),
    ("contracts", "contract,rule_set\nc,house\n", (2, "rule_set", "unknown rule set 'house'"), "contract,rule_set\nc,china_standard_hours\n"),
    ("agents", "agent_id,skills,protected_until\nA,cards,2026-11-23\n", (2, "protected_until", "needs a protected_from before it"), "agent_id,skills,protected_from,protected_until\nA,cards,2026-11-22,2026-11-23\n"),
    ("contracts", "contract,patterns\nc,nights\n", (2, "patterns", "unknown pattern 'nights'"), "contract,patterns\nc,day_9h\n"),
    ("contracts", "contract\nc\nc\n", (3, "contract", "'c' is on line 2 already"), "contract\nc\n"),
    ("agents", "agent_id\nA\n", (None, "skills", "the column is missing"), "agent_id,skills\nA,cards\n"),
    ("agents", "agent_id,skills\nA,\n", (2, "skills", "the value is missing"), "agent_id,skills\nA,cards\n"),
    ("agents", "agent_id,skills\nA,piano\n", (2, "skills", "no queue needs the skill 'piano'"), "agent_id,skills\nA,cards\n"),
    ("agents", "agent_id,skills,contract\nA,cards,temp\n", (2, "contract", "unknown contract 'temp'"), "agent_id,skills,contract\nA,cards,\n"),
    ("agents", "agent_id,skills\nA,cards\nA,funds\n", (3, "agent_id", "'A' is on line 2 already"), "agent_id,skills\nA,cards\nB,funds\n"),
    ("agents", "agent_id,skills,time_off\nA,cards,23.11.2026\n", (2, "time_off", "not a date"), "agent_id,skills,time_off\nA,cards,20261123\n"),
    ("agents", "agent_id,skills,time_off\nA,cards,2026-11-24..2026-11-23\n", (2, "time_off", "does not run forward"), "agent_id,skills,time_off\nA,cards,2026-11-23..2026-11-23\n"),
    ("agents", "agent_id,skills,time_off\nA,cards,2026-11-23..\n", (2, "time_off", "has no end"), "agent_id,skills,time_off\nA,cards,2026年11月23日\n"),
    ("agents", "agent_id,skills,time_off\nA,cards,1026-11-23\n", (2, "time_off", "days lie between"), "agent_id,skills,time_off\nA,cards,2026-11-23\n"),
    ("agents", "agent_id,skills,wishes\nA,cards,2026-11-23\n", (2, "wishes", "is no wish"), "agent_id,skills,wishes\nA,cards,2026-11-23:off\n"),
    ("agents", "agent_id,skills,wishes\nA,cards,2026-11-23:nights\n", (2, "wishes", "unknown pattern 'nights'"), "agent_id,skills,wishes\nA,cards,2026-11-23:day_9h\n"),
    ("peaks", "peak,date\nb,2026-11-23\n", (None, "kind", "the column is missing"), "peak,kind,date\nb,event,2026-11-23\n"),
    ("peaks", "peak,kind,date\nb,party,2026-11-23\n", (2, "kind", "unknown word"), "peak,kind,date\nb,campaign,2026-11-23\n"),
    ("peaks", "peak,kind,date\nb,event,\n", (2, "date", "neither a date nor a recurrence"), "peak,kind,date\nb,event,2026-11-23\n"),
    ("peaks", "peak,kind,date\nb,event,2026-02-30\n", (2, "date", "not a date"), "peak,kind,date\nb,event,2026-02-28\n"),
    ("peaks", "peak,kind,date\nb,event,2026-11-23\nb,event,2026-11-23\n", (3, "date", "is on line 2 already"), "peak,kind,date\nb,event,2026-11-23\nb,event,2026-11-24\n"),
    ("peaks", "peak,kind,date,queues\nb,event,2026-11-23,loans\n", (2, "queues", "unknown queue 'loans'"), "peak,kind,date,queues\nb,event,2026-11-23,cards\n"),
    ("peaks", "peak,kind,date,lower_days\nb,event,2026-11-23,1\n", (2, "lower_days", "lower_days ≤ 0"), "peak,kind,date,lower_days\nb,event,2026-11-23,-1\n"),
    ("peaks", "peak,kind,date,lower_days\nb,event,2026-11-23,0\nb,event,2026-11-24,-1\n", (3, "lower_days", "says otherwise"), "peak,kind,date,lower_days\nb,event,2026-11-23,-1\nb,event,2026-11-24,-1\n"),
    ("peaks", "peak,kind,date,expected_uplift\nb,event,2026-11-23,much\n", (2, "expected_uplift", "not a number"), "peak,kind,date,expected_uplift\nb,event,2026-11-23,30%\n"),
    ("peaks", "peak,kind,date,expected_sd\nb,event,2026-11-23,0.1\n", (2, "expected_sd", "goes with expected_uplift"), "peak,kind,date,expected_uplift,expected_sd\nb,event,2026-11-23,0.3,0.1\n"),
    ("peaks", "peak,kind,date,size\nb,event,2026-11-23,-5\n", (2, "size", "negative"), "peak,kind,date,size\nb,event,2026-11-23,0\n"),
    ("peaks", "peak,kind,recurrence,calendar\nb,event,sessions,\n", (2, "calendar", "needs a calendar"), "peak,kind,recurrence,calendar\nb,event,sessions,XSHG\n"),
    ("peaks", "peak,kind,recurrence,calendar\nb,event,sessions,XXXX\n", (2, "calendar", "unknown calendar"), "peak,kind,recurrence,calendar\nb,event,holidays,IL\n"),
    ("peaks", "peak,kind,recurrence,days_of_month\nb,event,yearly,5\n", (2, "recurrence", "unknown word"), "peak,kind,recurrence,days_of_month\nb,event,,5\n"),
    ("peaks", "peak,kind,recurrence,days_of_month\nb,event,monthly,32\n", (2, "days_of_month", "are 1 to 31"), "peak,kind,recurrence,days_of_month\nb,event,monthly,31\n"),
    ("peaks", "peak,kind,recurrence,days_of_month\nb,event,monthly,\n", (2, "days_of_month", "give exactly one"), "peak,kind,recurrence,days_of_month\nb,event,monthly,1\n"),
    ("peaks", "peak,kind,days_of_month\nb,event,1\nb,event,2\n", (3, "recurrence", "has a rule on line 2 already"), "peak,kind,days_of_month\nb,event,1\nc,event,2\n"),
    ("peaks", "peak,kind,date,days_of_month\nb,event,2026-11-23,1\n", (2, "date", "both a date and a recurrence"), "peak,kind,date,days_of_month\nb,event,2026-11-23,\nb,event,,1\n"),
    ("peaks", "peak,kind,date\nb,event,1979-12-31\n", (2, "date", "days lie between 1980-01-01"), "peak,kind,date\nb,event,1980-01-01\n"),
    ("peaks", "peak,kind,date\nb,event,2100-01-01\n", (2, "date", "and 2099-12-31"), "peak,kind,date\nb,event,2099-12-31\n"),
    ("peaks", "peak,kind,days_of_month,last\nb,event,1,9999-12-31\n", (2, "last", "days lie between"), "peak,kind,days_of_month,last\nb,event,1,2099-12-31\n"),
    ("peaks", "peak,kind,days_of_month,first\nb,event,1,0001-01-01\n", (2, "first", "days lie between"), "peak,kind,days_of_month,first\nb,event,1,\n"),
    ("peaks", "peak,kind,days_of_month,first,last\nb,event,1,2026-01-02,2026-01-01\n", (2, "last", "lies after its last"), "peak,kind,days_of_month,first,last\nb,event,1,2026-01-02,2026-01-02\n"),
    ("peaks", "peak,kind,days_of_month,offset_days\nb,event,1,367\n", (2, "offset_days", "this is at most 366 days"), "peak,kind,days_of_month,offset_days\nb,event,1,366\n"),
    ("peaks", "peak,kind,days_of_month,offset_days\nb,event,1,1e300\n", (2, "offset_days", "too large"), "peak,kind,days_of_month,offset_days\nb,event,1,-366\n"),
    ("peaks", "peak,kind,date,upper_days\nb,event,2026-11-23,100000\n", (2, "upper_days", "this is at most 60 days"), "peak,kind,date,upper_days\nb,event,2026-11-23,60\n"),
    ("peaks", "peak,kind,date,lower_days\nb,event,2026-11-23,-61\n", (2, "lower_days", "this is at most 60 days"), "peak,kind,date,lower_days\nb,event,2026-11-23,-60\n"),
    ("peaks", "peak,kind,date,size\nb,event,2026-11-23,inf\n", (2, "size", "not a number"), "peak,kind,date,size\nb,event,2026-11-23,1e15\n"),
    ("peaks", "peak,kind,date,size\nb,event,2026-11-23,1e308\n", (2, "size", "too large"), "peak,kind,date,size\nb,event,2026-11-23,\n"),
    ("peaks", "peak,kind,days_of_month\nb,event,0\n", (2, "days_of_month", "are 1 to 31"), "peak,kind,days_of_month\nb,event,1;31\n"),
    ("peaks", "peak,kind,recurrence,calendar\nb,event,sessions,CN\n", (2, "calendar", "sessions need an exchange, not the region CN"), "peak,kind,recurrence,calendar\nb,event,sessions,XSHG\n"),
    ("peaks", "peak,kind,recurrence,calendar\nb,event,holidays,XSHG\n", (2, "calendar", "need a region, not the exchange XSHG"), "peak,kind,recurrence,calendar\nb,event,holidays,CN\n"),
    ("peaks", "peak,kind,recurrence,calendar\nb,event,makeup,XNYS\n", (2, "calendar", "need a region"), "peak,kind,recurrence,calendar\nb,event,makeup,CN\n"),
    ("peaks", "peak,kind,recurrence,calendar\nb,event,sessions,ASEX\n", (2, "calendar", "cannot be read"), "peak,kind,recurrence,calendar\nb,event,sessions,XNYS\n"),
    ("peaks", "peak,kind,days_of_month,roll,calendar\nb,event,1,next,\n", (2, "calendar", "needs a calendar"), "peak,kind,days_of_month,roll,calendar\nb,event,1,next,CN\n"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "broken", "told", "sound"), FAULTS)
def test_each_fault_is_told_at_its_place_and_what_just_passes_comes_in(
    workspace: Workspace,
    kind: ReferenceKind,
    broken: str,
    told: tuple[int | None, str | None, str],
    sound: str,
) -> None:
    line, column, reason = told
    found = faults_of(workspace, kind, broken)
    assert any(place == [line, column] and reason in why for *place, why, _ in found), found
    assert all(repair for *_, repair in found)
    assert import_reference(workspace, kind, [put(workspace.path, "sound.csv", sound)]).added >= 1


def test_a_percentage_without_its_sign_is_told_what_it_should_be(workspace: Workspace) -> None:
    [(_, _, _, repair)] = faults_of(workspace, "queues", "queue,answer_rate\na,95\n")
    assert repair == "Give 0.95 or 95%."


def test_every_fault_of_a_file_is_told_at_once_and_nothing_is_written(workspace: Workspace) -> None:
    content = "agent_id,skills,contract,time_off\n,piano,temp,x\nA1,cards,standard,\nA1,funds,standard,\n"
    found = faults_of(workspace, "agents", content)
    assert [(line, column) for line, column, *_ in found] == [
        (2, "agent_id"),
        (2, "skills"),
        (2, "contract"),
        (2, "time_off"),
        (4, "agent_id"),
    ]


def test_every_fault_of_a_peak_is_told_at_once(workspace: Workspace) -> None:
    header = "peak,kind,recurrence,calendar,offset_days,lower_days,upper_days,size,first,last"
    row = "x,party,sessions,CN,400,-99,100000,inf,0001-01-01,9999-12-31"
    found = faults_of(workspace, "peaks", f"{header}\n{row}\n")
    assert {column for _, column, *_ in found} == {
        "kind",
        "offset_days",
        "lower_days",
        "upper_days",
        "size",
        "first",
        "last",
    }
    assert [repair for _, column, _, repair in found if column == "last"] == [
        "Correct the year. Leave the cell empty where the rule has no such end."
    ]


def test_a_queue_with_history_cannot_change_its_interval_by_import(workspace: Workspace) -> None:
    start = pd.date_range("2026-11-23", periods=2, freq="30min", tz="UTC", unit="us")
    frame = pd.DataFrame({"queue": "cards", "start": start, "offered": 1.0})
    workspace.append_history(frame, source="a", digest="a")
    path = put(workspace.path, "q.csv", "queue,interval_min\ncards,15\n")
    with pytest.raises(FaultyFileError, match="history in intervals of 30 min, not 15") as error:
        import_reference(workspace, "queues", [path])
    [fault] = error.value.faults
    assert (Path(fault.source).name, fault.line, fault.column, fault.value) == (
        "q.csv",
        2,
        "interval_min",
        "15",
    )
    assert fault.repair.startswith("Give 30, or bring the queue in under another name")
    assert workspace.queue("cards").interval_min == 30


def test_a_queue_takes_the_longer_interval_its_history_was_in_all_along(workspace: Workspace) -> None:
    start = pd.date_range("2026-11-23", periods=9, freq="60min", tz="UTC", unit="us")
    frame = pd.DataFrame({"queue": "cards", "start": start, "offered": 1.0})
    workspace.append_history(frame, source="a", digest="a")
    path = put(workspace.path, "q.csv", "queue,interval_min\ncards,60\n")
    assert import_reference(workspace, "queues", [path]).changed == 1
    late = pd.DataFrame({"queue": "cards", "start": start[:1] + pd.Timedelta(minutes=30), "offered": 1.0})
    workspace.save_queues([replace(workspace.queue("funds"), id="loans", interval_min=30)])
    workspace.append_history(late.assign(queue="loans"), source="b", digest="b")
    found = faults_of(workspace, "queues", "queue,interval_min\nloans,60\n")
    assert [(line, column) for line, column, *_ in found] == [(2, "interval_min")]


# --- files of another kind ---------------------------------------------------------------------------

HISTORY = "queue,start,offered,interval_min\ncards,2026-11-23 09:00,3,30\n"
CALLS = "queue,start,outcome\ncards,2026-11-23 09:00,answered\n"


@pytest.mark.parametrize(
    ("given", "content", "found"),
    [
        *((kind, HISTORY, "history") for kind in SOUND),
        *((kind, CALLS, "calls") for kind in SOUND),
        *((given, content, kind) for kind, content in SOUND.items() for given in SOUND if given != kind),
    ],
)
def test_a_file_of_another_kind_is_refused_with_the_import_it_is_for(
    workspace: Workspace, given: ReferenceKind, content: str, found: str
) -> None:
    [(line, column, reason, repair)] = faults_of(workspace, given, content)
    assert line is None
    assert column
    assert reason == f"this is a file of {found}, not of {given}"
    assert repair == f"Import it as {found}, or give a file of {given}."


def test_a_file_of_which_only_the_key_is_known_is_refused_and_one_of_names_alone_is_not(
    workspace: Workspace,
) -> None:
    [(_, column, reason, repair)] = faults_of(workspace, "queues", "queue,Calls,Hour\ncards,3,9\n")
    assert column == "queue"
    assert "the others are Calls, Hour" in reason
    assert "columns such as channel, skill" in repair
    told = put(workspace.path, "q.csv", "queue,Calls,skill\nloans,3,cards\n")
    assert import_reference(workspace, "queues", [told]).added == 1
    bare = put(workspace.path, "b.csv", "queue\nfunds\ncards\nvip\n")
    counts = import_reference(workspace, "queues", [bare])
    assert (counts.added, counts.changed, counts.unchanged) == (1, 0, 2)


def test_columns_a_mapping_names_are_known_and_lines_above_the_header_are_skipped(
    workspace: Workspace,
) -> None:
    columns = 'skip_lines = 1\n[queues]\ncolumns = { queue = "Team", skill = "Line" }\n'
    mapping = put(workspace.path, "m.toml", columns)
    path = put(workspace.path, "q.csv", "title\nTeam,Line\nloans,cards\n")
    assert import_reference(workspace, "queues", [path], mapping=mapping).added == 1
    assert workspace.queue("loans").skill == "cards"


# --- columns a file has not --------------------------------------------------------------------------

FULL: dict[ReferenceKind, tuple[str, str]] = {
    "queues": (
        "queue,channel,skill,answer_rate,service_level,threshold_s,service_level_formula,min_agents,interval_min,days,open,close,timezone,patience_s,concurrency,priority,shrinkage",
        "cards,chat,vip,0.9,0.8,20,F1,2,15,mon-fri,20:00,02:00,Asia/Tokyo,90,3,5,0.3",
    ),
    "patterns": (
        "pattern,days,start_earliest,start_latest,start_step_min,length_min,breaks,cost_per_h",
        "late,mon;wed,12:00,14:00,15,480,meal:30:120-240,1.5",
    ),
    "contracts": (
        (
            "contract,min_h_per_week,max_h_per_week,max_days_per_week,max_consecutive_days,min_rest_h,patterns,cost_per_h,"
            "max_consecutive_nights,min_weekends_off,max_start_spread_min,forward_rotation,min_consecutive_days_off,"
            "regular_h_per_day,regular_h_per_week,overtime_pay,rest_day_pay,holiday_pay,night_pay"
        ),
        "part,10,20.5,4,3,12,day_9h,2,3,2,60,yes,2,8,38.5,1.5,2,3,1.25",
    ),
    "agents": (
        "agent_id,skills,name,team,contract,time_off,wishes",
        "A1,vip,王芳,north,standard,2026-11-23,2026-11-24:off:2",
    ),
    "peaks": (
        "peak,kind,date,size,queues,lower_days,upper_days,expected_uplift,expected_sd",
        "bonus,dividend,2026-11-23,1000,funds,-1,2,0.3,0.1",
    ),
}
ALWAYS = {"queue", "pattern", "contract", "agent_id", "skills", "peak", "kind", "date", "size"}
"""Columns a file of their kind needs, and what a peak's dates are."""
TOGETHER = {"service_level": "threshold_s", "threshold_s": "service_level", "expected_uplift": "expected_sd"}


@pytest.mark.parametrize("kind", FULL)
def test_what_a_file_has_no_column_for_stays_and_an_empty_cell_means_the_default(
    workspace: Workspace, kind: ReferenceKind
) -> None:
    header, row = (line.split(",") for line in FULL[kind])
    cells = dict(zip(header, row, strict=True))
    skill = "queue,skill,timezone\ncards,vip,Asia/Shanghai\n"
    import_reference(workspace, "queues", [put(workspace.path, "s.csv", skill)])

    def change(given: dict[str, str]) -> int:
        content = ",".join(given) + "\n" + ",".join(given.values()) + "\n"
        return import_reference(workspace, kind, [put(workspace.path, "f.csv", content)]).changed

    change(cells)
    needed = {name: cell for name, cell in cells.items() if name in ALWAYS}
    assert change(needed) == 0
    for name in cells.keys() - ALWAYS:
        assert change(needed | {name: cells[name]}) == 0
        emptied = {TOGETHER.get(name, name): "", name: ""}
        assert change(needed | emptied) == 1, name
        assert change(cells) == 1, name


def test_opening_spans_stay_where_the_file_tells_none_of_them(workspace: Workspace) -> None:
    spans = "queue,days,open,close\ncards,mon-fri,08:00,20:00\ncards,sat,10:00,14:00\n"
    import_reference(workspace, "queues", [put(workspace.path, "s.csv", spans)])
    held = workspace.queue("cards").hours
    import_reference(workspace, "queues", [put(workspace.path, "p.csv", "queue,priority\ncards,3\n")])
    assert workspace.queue("cards") == Queue(id="cards", hours=held, priority=3, timezone="Asia/Shanghai")
    found = faults_of(workspace, "queues", "queue,open\ncards,09:00\n")
    assert [(line, column) for line, column, *_ in found] == [(2, "days"), (2, "close")]
    assert found[0][3] == "Add the column: days, open and close go together."


def test_a_span_off_the_grid_is_told_on_its_own_row(workspace: Workspace) -> None:
    content = "queue,days,open,close\nvip,mon,08:00,20:00\nvip,tue,08:00,20:10\nvip,wed,08:15,20:00\n"
    found = faults_of(workspace, "queues", content)
    assert [(line, column) for line, column, *_ in found] == [(3, "close"), (4, "open")]


# --- fields ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("all", ALL_WEEKDAYS),
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sun-thu", {6, 0, 1, 2, 3}),
        ("mon;wed", {0, 2}),
        ("Mon, Wed", {0, 2}),
        ("Saturday;sund", {5, 6}),
        ("fri-mon;wed", {4, 5, 6, 0, 2}),
        ("周一-周五", {0, 1, 2, 3, 4}),
        ("周一至周五、周日", {0, 1, 2, 3, 4, 6}),
        ("星期六；星期天", {5, 6}),
        ("每天", ALL_WEEKDAYS),
    ],
)
def test_weekdays_are_read_as_people_write_them(cell: str, expected: set[int]) -> None:
    assert fields.weekdays(cell) == expected


@pytest.mark.parametrize("cell", ["m", "monda y", "mon-", "周", "1", "tues day", "周八"])
def test_what_is_no_weekday_is_refused(cell: str) -> None:
    with pytest.raises(CellError, match="no weekday"):
        fields.weekdays(cell)


@pytest.mark.parametrize(
    ("cell", "expected"), [("0:00", 0), ("07:30", 450), ("24:00", 1440), ("7:05:00", 425)]
)
def test_times_of_day_are_read(cell: str, expected: int) -> None:
    assert fields.clock_min(cell) == expected


@pytest.mark.parametrize("cell", ["24:01", "7:60", "07:30:15", "7", "-1:00", "7.30"])
def test_what_is_no_time_of_day_is_refused(cell: str) -> None:
    with pytest.raises(CellError, match="not a time of day"):
        fields.clock_min(cell)


# --- writing and reading again -----------------------------------------------------------------------

NAMES = st.text(alphabet="abcXYZ09_-/王 芳", min_size=1, max_size=8).map(str.strip).filter(bool)
DATES = st.dates(date(2020, 1, 1), date(2030, 1, 1))
WEEKDAYS = st.frozensets(st.integers(0, 6), min_size=1)
SHARES = st.one_of(st.none(), st.integers(0, 99).map(lambda percent: percent / 100))


@st.composite
def queues(draw: st.DrawFn) -> Queue:
    step = draw(st.sampled_from([15, 30, 60]))
    spans = []
    for _ in range(draw(st.integers(1, 3))):
        first = draw(st.integers(0, 1440 // step - 1)) * step
        spans.append(
            OpeningSpan(
                weekdays=draw(WEEKDAYS),
                open_min=first,
                close_min=first + draw(st.integers(1, 1440 // step)) * step,
            )
        )
    level = draw(SHARES)
    channel = draw(st.sampled_from(Channel))
    can_wait = channel in {Channel.CALLBACK, Channel.DEFERRED}
    return Queue(
        id=draw(NAMES),
        channel=channel,
        skill=draw(NAMES),
        target=Target(
            answer_rate=draw(SHARES.filter(lambda share: share is not None)),
            period=draw(st.sampled_from(Period)),
            service_level=level,
            threshold_s=None if level is None else draw(st.floats(0, 600)),
            service_level_formula=draw(st.sampled_from(ServiceLevelFormula)),
            max_occupancy=draw(SHARES),
            min_agents=draw(st.integers(0, 9)),
        ),
        hours=tuple(spans),
        timezone=draw(st.sampled_from(["UTC", "Asia/Shanghai"])),
        interval_min=step,
        patience_s=draw(st.floats(0.1, 1e6)),
        deadline_h=draw(st.floats(0.1, 8760)) if can_wait else None,
        priority=draw(st.integers(-5, 5)),
        shrinkage=draw(st.floats(0, 0.99)),
    )


@st.composite
def peaks(draw: st.DrawFn) -> Peak:
    sizes = st.one_of(st.none(), st.floats(0, 1e9))
    rule = draw(
        st.one_of(
            st.none(),
            st.builds(
                Recurrence,
                days_of_month=st.lists(st.integers(1, 31), min_size=1, max_size=3).map(tuple),
                offset_days=st.integers(-30, 30),
                roll=st.sampled_from(["next", "previous", "none"]),
                calendar=st.just("CN"),
                first=st.one_of(st.none(), st.just(date(2019, 1, 1))),
            ),
            st.just(Recurrence(sessions=True, calendar="XSHG")),
        )
    )
    dates = draw(st.dictionaries(DATES, sizes, min_size=0 if rule else 1, max_size=4))
    return Peak(
        id=draw(NAMES),
        kind=draw(st.sampled_from(PeakKind)),
        dates=dates,
        recurrence=rule,
        queues=draw(st.frozensets(st.sampled_from(["cards", "funds"]))),
        lower_days=draw(st.integers(-9, 0)),
        upper_days=draw(st.integers(0, 9)),
        size=draw(sizes) if rule else None,
        **draw(st.fixed_dictionaries({}, optional={"expected_uplift": st.floats(-0.99, 9.0)})),
    )


@st.composite
def agents(draw: st.DrawFn) -> Agent:
    return Agent(
        id=draw(NAMES),
        name=draw(NAMES),
        team=draw(st.one_of(st.just(""), NAMES)),
        skills=draw(st.frozensets(st.sampled_from(["cards", "funds"]), min_size=1)),
        time_off=draw(st.frozensets(st.dates(DAY, date(2026, 12, 31)), max_size=20)),
        wishes=tuple(
            draw(
                st.lists(
                    st.builds(
                        Wish,
                        day=DATES,
                        pattern=st.sampled_from([None, "day_9h"]),
                        weight=st.floats(0, 9),
                    ),
                    max_size=3,
                )
            )
        ),
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("shared")
    made = Workspace.create(folder / "w")
    import_reference(made, "queues", [put(folder, "queues.csv", QUEUES)])
    return made


def again(workspace: Workspace, kind: ReferenceKind, rows: pd.DataFrame) -> None:
    rows.to_csv(workspace.path / "again.csv", index=False)
    import_reference(workspace, kind, [workspace.path / "again.csv"])


@settings(max_examples=25, deadline=None)
@given(queue=queues(), peak=peaks(), agent=agents())
def test_what_is_written_is_read_again_as_it_was(
    shared: Workspace, queue: Queue, peak: Peak, agent: Agent
) -> None:
    again(shared, "agents", agent_rows([agent]))
    assert {held.id: held for held in shared.agents()}[agent.id] == agent
    again(shared, "peaks", peak_rows([peak]))
    assert {held.id: held for held in shared.peaks()}[peak.id] == peak
    again(shared, "queues", queue_rows([queue]))
    assert shared.queue(queue.id) == queue


def test_patterns_and_contracts_are_read_again_as_they_were(shared: Workspace) -> None:
    rest = BreakRule(kind="rest", length_min=15, earliest_min=60, latest_min=90, paid=True)
    pattern = ShiftPattern(
        id="p", weekdays=frozenset({1, 3, 4, 5}), start_latest_min=1439, breaks=(rest,), cost_per_h=0.1
    )
    contract = Contract(id="c", max_h_per_week=37.5, patterns=frozenset({"p", "day_9h"}), cost_per_h=1 / 3)
    again(shared, "patterns", pattern_rows([pattern]))
    again(shared, "contracts", contract_rows([contract]))
    assert shared.patterns()[-1] == pattern
    assert shared.contracts()[-1] == contract


def test_every_column_of_the_written_rows_is_one_the_reader_knows(shared: Workspace) -> None:
    queue, peak = Queue(id="x"), Peak(id="x", kind=PeakKind.EVENT, dates={DAY: None})
    rows: list[tuple[ReferenceKind, pd.DataFrame]] = [
        ("queues", queue_rows([queue])),
        ("patterns", pattern_rows([ShiftPattern(id="x")])),
        ("contracts", contract_rows([Contract(id="x")])),
        ("agents", agent_rows([Agent(id="x", skills=frozenset({"cards"}))])),
        ("peaks", peak_rows([peak])),
    ]
    for kind, frame in rows:
        path = shared.path / "rows.csv"
        frame.to_csv(path, index=False)
        assert import_reference(shared, kind, [path]).unused == ()
        assert re.fullmatch(r"[a-z_;]+", ";".join(frame.columns))
