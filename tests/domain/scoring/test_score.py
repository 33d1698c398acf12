"""Points and what is said about them: each rule as a sentence, and two programs on any year that can happen."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from application.office.scoring import period_of
from domain.acts.commands import (
    AcceptCompletion,
    CloseYear,
    PublishBulletin,
    ReopenProject,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
    SignReceipt,
    StrikeOff,
    Suspend,
)
from domain.errors import RejectedError
from domain.rules.score_rules import ScoreRules
from domain.scoring.period import Period
from domain.scoring.table import ScoreTable, score_table
from tests.domain.samples import FIRST, LEAD, PARTICIPANT, WANG, Desk, milestone, request
from tests.domain.scripts import ScriptWriter, a_policy, six_milestones
from verifier.score import hundredths, scored

YEAR = Period(name="2018", from_on=date(2018, 1, 1), to_on=date(2018, 12, 31))
END = date(2018, 12, 31)
RULES = ScoreRules()


def table_of(desk: Desk, period: Period = YEAR, rules: ScoreRules = RULES, until: date = END) -> ScoreTable:
    """The table of one project."""
    return score_table([desk.events], rules, period, until)


def points_of(desk: Desk, name: str = "组织部", **given: Any) -> list[tuple[str, int]]:
    """The points of a department, as rule and number."""
    row = next(each for each in table_of(desk, **given).departments if each.department == name)
    return [(point.rule, point.holds) for point in row.points]


def both(desk: Desk) -> Desk:
    """A desk whose departments have signed."""
    for who in (LEAD, PARTICIPANT):
        desk.ask(request(SignReceipt, None, by=who))
    return desk


@pytest.mark.parametrize("seed", range(20))
def test_two_programs_agree_on_any_year(seed: int) -> None:
    """Random commands on a random policy, with ends and ways back: every point and score, for the year and a month."""
    rng = Random(seed)
    desk = Desk(project=six_milestones(), policy=a_policy(rng))
    writer = ScriptWriter(rng, desk.state.project)
    for _ in range(70):
        desk.run_until(writer.instant(desk.state, desk.now))
        try:
            desk.ask(writer.command(desk.state, desk.now))
        except RejectedError:
            continue
    told = [
        {"stream": "key-project/2018/05a", "type": each.type, "seq": each.seq, "data": each.model_dump(mode="json")}
        for each in desk.events
    ]
    for period in (YEAR, *map(period_of, ("2018-06", "2018-Q4", "2019-01"))):
        table = table_of(desk, period, until=period.to_on)
        said = {**period.model_dump(mode="json"), "period": period.name, "until": period.to_on.isoformat()}
        second = scored(told, {**said, "rules": RULES.model_dump(mode="json")})
        first = {
            row.department: {
                each.project_id: (
                    each.weight,
                    {point.key: point.holds for point in each.points},
                    each.score,
                    each.base is not None,
                )
                for each in row.assignments
            }
            for row in table.departments
        }
        assert first == {
            name: {project: (each.weight, each.points, each.score, each.based) for project, each in projects.items()}
            for name, projects in second.items()
        }
        assert {row.department: row.score for row in table.departments} == {
            name: hundredths(projects.values(), RULES.model_dump(mode="json")) for name, projects in second.items()
        }


def test_a_breach_costs_once_and_by_its_days_up_to_a_limit() -> None:
    """Due on 31 May and answered on 4 June: four days; silent to the end of the year the limit holds."""
    desk = both(Desk(milestone()))
    desk.ask(request(RequestCompletion), "06-04 10:00")
    assert points_of(desk) == [("breach", -5), ("breach_days", -4)]
    silent = both(Desk(milestone()))
    silent.run_until("2018-12-31 18:00")
    assert points_of(silent) == [("breach", -5), ("breach_days", -20)]


def test_days_on_which_the_clock_stood_still_are_excused_by_rule() -> None:
    """Late from 1 June, suspended from the 4th to the 10th, answered on the 12th: five days count, or all twelve."""
    desk = both(Desk(milestone()))
    desk.ask(request(Suspend, FIRST, until=date(2018, 6, 10)), "06-04 10:00")
    desk.ask(request(RequestCompletion), "06-12 10:00")
    assert points_of(desk)[-1] == ("breach_days", -5)
    assert points_of(desk, rules=ScoreRules(excuse_stopped_days=False))[-1] == ("breach_days", -12)


def test_a_participant_is_late_on_where_the_lead_s_request_is_returned() -> None:
    """Late from 1 June: what lay with the office from the 5th to the 8th costs nobody, the days before and after do."""
    desk = both(Desk(milestone()))
    desk.ask(request(RequestCompletion), "06-04 10:00")
    assert points_of(desk, "宣传部")[-1] == ("breach_days", -4)
    desk.ask(request(ReturnForRework), "06-08 10:00")
    desk.run_until("2018-06-11 18:00")
    late = points_of(desk, "宣传部", until=date(2018, 6, 11))[-1]
    assert late == ("breach_days", -7)
    desk.ask(request(RequestCompletion, by=PARTICIPANT), "06-12 10:00")
    assert points_of(desk, "宣传部")[-1] == ("breach_days", -8)


def test_lateness_is_counted_in_the_period_in_which_it_falls() -> None:
    """A breach of 31 May costs May five points and June its days."""
    desk = both(Desk(milestone()))
    desk.ask(request(RequestCompletion), "06-04 10:00")
    may, june = (Period(name=f"2018-0{n}", from_on=date(2018, n, 1), to_on=date(2018, n, 30)) for n in (5, 6))
    assert points_of(desk, period=may.model_copy(update={"to_on": date(2018, 5, 31)})) == [("breach", -5)]
    assert points_of(desk, period=june) == [("breach_days", -4)]


def test_early_and_evidenced_work_counts_when_it_was_accepted_and_not_before() -> None:
    """Asked for three weeks early with a file: nothing yet; accepted: both; returned: three off, and nothing added."""
    desk = both(Desk(milestone(), milestone(2)))
    desk.ask(request(RequestCompletion, evidence=("会议纪要",)), "05-09 10:00")
    assert points_of(desk) == []
    desk.ask(request(AcceptCompletion))
    assert points_of(desk) == [("early", 3), ("evidenced", 1)]
    again = both(Desk(milestone(), milestone(2)))
    again.ask(request(RequestCompletion, evidence=("会议纪要",)), "05-09 10:00")
    again.ask(request(ReturnForRework))
    assert points_of(again) == [("returned", -3)]


def test_praise_and_criticism_count_for_whom_they_name() -> None:
    """Of the participant here; the lead has none of it."""
    desk = both(Desk(milestone()))
    desk.ask(request(PublishBulletin, kind="praise", department="宣传部"), "05-09 10:00")
    desk.ask(request(PublishBulletin, kind="criticism", department="宣传部"))
    assert (points_of(desk, "宣传部"), points_of(desk)) == ([("praised", 5), ("criticised", -5)], [])


def test_a_report_more_changes_nothing() -> None:
    """Ten reports are worth as much as none."""
    desk = both(Desk(milestone()))
    before = table_of(desk, until=date(2018, 5, 9))
    for _ in range(10):
        desk.ask(request(ReportProgress, by=LEAD), "05-09 10:00")
    assert table_of(desk, until=date(2018, 5, 9)) == before


def test_a_year_closed_by_accident_and_reopened_scores_as_if_it_had_not_been() -> None:
    """The same points but for the places of the events in the stream."""
    ended, twin = both(Desk(milestone())), both(Desk(milestone()))
    close: dict[str, Any] = {"to_year": 2019, "despite_period": "误办", "confirmed_by": WANG}
    ended.ask(request(CloseYear, **close), "06-05 10:00")
    ended.ask(request(ReopenProject, confirmed_by=WANG), "06-07 10:00")
    for desk in (ended, twin):
        desk.ask(request(RequestCompletion), "06-12 10:00")
        desk.ask(request(AcceptCompletion))
        desk.ask(request(StrikeOff, by=WANG))
    assert points_of(ended) == points_of(twin)
    assert ("breach_days", -12) in points_of(twin)


def test_what_is_added_has_a_limit_and_the_score_has_bounds() -> None:
    """Six times praise adds twenty; six times criticism does not fall below the lowest."""
    desk = both(Desk(milestone()))
    for nth in range(6):
        desk.ask(request(PublishBulletin, kind="praise", department="组织部", text=f"第{nth}件"), "05-09 10:00")
    assert {row.department: row.score for row in table_of(desk).departments}["组织部"] == 12_000
    rules = ScoreRules(criticised=50)
    for nth in range(6):
        desk.ask(request(PublishBulletin, kind="criticism", department="组织部", text=f"第{nth}件"))
    assert {row.department: row.score for row in table_of(desk, rules=rules).departments}["组织部"] == 0
