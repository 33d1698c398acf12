"""Points and what is said about them: each rule as a sentence, and two programs on any year that can happen."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from domain.actors import department
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
from domain.events.event import ProjectEvent
from domain.rules.score_rules import ScoreRules
from domain.scoring.points import Period
from domain.scoring.refusals import ScoreRefusedError
from domain.scoring.score_acts import (
    AppealRuled,
    ReportFalsified,
    ScoreAppealed,
    ScoreBook,
    ScoreCorrected,
    ScorePublished,
    appealed,
    corrected,
    falsified,
    published,
    ruled,
)
from domain.scoring.table import ScoreTable, score_table
from tests.domain.samples import FIRST, LEAD, LI, PARTICIPANT, PROJECT, SECOND, WANG, Desk, milestone, request
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
    for period in (YEAR, Period(name="2018-06", from_on=date(2018, 6, 1), to_on=date(2018, 6, 30))):
        table = table_of(desk, period)
        said = {**period.model_dump(mode="json"), "period": period.name, "until": period.to_on.isoformat()}
        second = scored(told, {**said, "rules": RULES.model_dump(mode="json")})
        first = {
            row.department: {
                each.project_id: (each.weight, {point.key: point.holds for point in each.points}, each.score)
                for each in row.assignments
            }
            for row in table.departments
        }
        assert first == {
            name: {project: (each.weight, each.points, each.score) for project, each in projects.items()}
            for name, projects in second.items()
        }
        assert {row.department: row.score for row in table.departments} == {
            name: hundredths(projects.values()) for name, projects in second.items()
        }


def test_a_department_under_two_names_has_one_row_under_its_present_one() -> None:
    """Also where one project knows both; it appeals under each, and the second program comes to the same."""
    desk = both(Desk(milestone()))
    desk.ask(request(RequestCompletion), "06-04 10:00")
    names = {"组织部": "宣传部"}
    table = score_table([desk.events], RULES, YEAR, END, names=names)
    (row,) = table.departments
    assert (row.department, row.formerly, len(row.assignments)) == ("宣传部", ("组织部",), 1)
    assert row.assignments[0].role == "lead"
    assert ("breach", -5) in [(each.rule, each.holds) for each in row.points]
    assert {each.department for each in row.points} == {"组织部", "宣传部"}
    said = published(ScoreBook(()), table, LI, "年度考核", date(2019, 1, 3))
    assert said.names == names
    book = ScoreBook([said])
    for own in ("组织部", "宣传部"):
        act = appeal(table, by=department(own), department=own, point=row.points[0].key)
        assert appealed(book, table, act) == act
    told = [
        {"stream": "key-project/2018/05a", "type": each.type, "seq": each.seq, "data": each.model_dump(mode="json")}
        for each in desk.events
    ]
    second = scored(told, said.model_dump(mode="json"))
    assert {name: hundredths(projects.values()) for name, projects in second.items()} == {"宣传部": row.score}
    alone = score_table([desk.events], RULES, YEAR, END)
    assert [each.department for each in alone.departments] == sorted(["组织部", "宣传部"])
    assert "formerly" not in str(alone.model_dump(mode="json"))


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


def late() -> tuple[ScoreTable, ScoreBook, ScorePublished]:
    """A published table in which the lead has two points."""
    desk = both(Desk(milestone()))
    desk.ask(request(RequestCompletion), "06-04 10:00")
    table = table_of(desk)
    said = published(ScoreBook(()), table, LI, "年度考核", date(2019, 1, 3))
    return table, ScoreBook([said]), said


def appeal(table: ScoreTable, on: date = date(2019, 1, 10), **given: Any) -> ScoreAppealed:
    """An appeal about the first point."""
    key = table.departments[-1].points[0].key
    return ScoreAppealed(
        **{"by": LEAD, "reason": "停电", "on": on, "period": "2018", "department": "组织部", "point": key, **given}
    )


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("appeal_in_time", {"on": date(2019, 1, 14)}),
        ("own_point", {"by": PARTICIPANT}),
        ("own_point", {"by": LI}),
        ("known_point", {"point": "key-project/2018/05a#1/breach"}),
        ("score_is_published", {"period": "2017"}),
    ],
)
def test_an_appeal_that_breaks_a_rule_is_refused(rule: str, given: dict[str, Any]) -> None:
    """Within ten days, by the department itself, about a point of the published table."""
    table, book, _ = late()
    with pytest.raises(ScoreRefusedError) as refused:
        appealed(book, table, appeal(table, **given))
    assert refused.value.rule == rule


def test_an_appeal_is_ruled_on_once_by_another_person_than_the_one_who_published() -> None:
    """Granted it changes its point, and the table may be published again; a second appeal is refused."""
    table, book, said = late()
    asked = appealed(book, table, appeal(table))
    book = ScoreBook([said, asked])
    ruling = AppealRuled(by=LI, reason="属实", on=asked.on, period="2018", point=asked.point, granted=True, points=0)
    with pytest.raises(ScoreRefusedError, match="另一人"):
        ruled(book, table, ruling)
    with pytest.raises(ScoreRefusedError, match="只申诉一次"):
        appealed(book, table, appeal(table))
    with pytest.raises(ScoreRefusedError, match="不必再公布"):
        published(book, table, LI, "再次", asked.on)
    granted = ruled(book, table, ruling.model_copy(update={"by": WANG}))
    book = ScoreBook([said, asked, granted])
    assert book.corrections("2018") == {asked.point: 0}
    assert book.open_appeals("2018") == []
    assert published(book, table, LI, "再次", asked.on).period == "2018"
    of_another = said.model_copy(update={"period": "2018-H1"})
    assert ScoreBook([said, granted]).changed_since_published("2018")
    assert not ScoreBook([said, of_another]).changed_since_published("2018")
    assert not ScoreBook([granted, said]).changed_since_published("2018")
    with pytest.raises(ScoreRefusedError, match="没有待裁定的申诉"):
        ruled(book, table, granted)


def test_a_correction_and_a_finding_need_two_persons() -> None:
    """Nobody confirms himself; the finding costs its points in the period of its day."""
    table, book, said = late()
    key = table.departments[1].points[0].key
    fix = ScoreCorrected(by=LI, reason="计错", on=said.on, period="2018", point=key, points=-2, confirmed_by=LI)
    with pytest.raises(ScoreRefusedError, match="须两人"):
        corrected(book, table, fix)
    assert corrected(book, table, fix.model_copy(update={"confirmed_by": WANG})).points == -2
    record = both(Desk(milestone())).ask(request(ReportProgress))[0]
    with pytest.raises(ScoreRefusedError, match="须两人"):
        falsified(book, finding_of(record).model_copy(update={"confirmed_by": LI}), record, ("组织部",))
    found = falsified(book, finding_of(record), record, ("组织部",))
    points = ScoreBook([found]).falsified(RULES)
    assert [(each.rule, each.points, each.on) for each in points] == [("falsified", -20, date(2018, 6, 20))]


def finding_of(record: ProjectEvent) -> ReportFalsified:
    """What two persons find about a record of the lead's."""
    return ReportFalsified(
        by=LI,
        reason="现场核查不符",
        on=date(2018, 6, 20),
        department="组织部",
        project_id=PROJECT,
        milestone_id=FIRST,
        event_id=f"key-project/2018/05a#{record.seq}",
        confirmed_by=WANG,
    )


def test_what_is_found_to_be_false_is_the_departments_own_record_of_that_milestone_and_costs_once() -> None:
    """Nobody else's, none of another milestone, none that the rules themselves made; and never twice."""
    desk = both(Desk(milestone()))
    own = desk.ask(request(ReportProgress))[0]
    others = desk.ask(request(ReportProgress, by=PARTICIPANT))[0]
    for record, names in ((desk.events[0], ("组织部",)), (others, ("组织部",)), (own, ("宣传部",))):
        with pytest.raises(ScoreRefusedError) as refused:
            falsified(ScoreBook(()), finding_of(record), record, names)
        assert refused.value.rule == "record_of_the_department"
    elsewhere = finding_of(own).model_copy(update={"milestone_id": SECOND})
    with pytest.raises(ScoreRefusedError, match="记录编号"):
        falsified(ScoreBook(()), elsewhere, own, ("组织部",))
    renamed = falsified(ScoreBook(()), finding_of(own), own, ("组织人事部", "组织部"))
    with pytest.raises(ScoreRefusedError) as refused:
        falsified(ScoreBook([renamed]), finding_of(own), own, ("组织部",))
    assert refused.value.rule == "found_false_once"


def test_a_correction_changes_something_and_a_granted_appeal_helps() -> None:
    """The points that hold already, or fewer in the name of an appeal that is granted, are refused."""
    table, book, said = late()
    point = table.departments[1].points[0]
    fix = ScoreCorrected(
        by=LI, reason="计错", on=said.on, period="2018", point=point.key, points=point.holds, confirmed_by=WANG
    )
    with pytest.raises(ScoreRefusedError) as refused:
        corrected(book, table, fix)
    assert refused.value.rule == "correction_changes_points"
    asked = appealed(book, table, appeal(table))
    for points in (point.holds, point.holds - 1):
        ruling = AppealRuled(
            by=WANG, reason="属实", on=asked.on, period="2018", point=asked.point, granted=True, points=points
        )
        with pytest.raises(ScoreRefusedError) as refused:
            ruled(ScoreBook([said, asked]), table, ruling)
        assert refused.value.rule == "granted_appeal_helps"


def test_a_period_is_published_when_it_is_over() -> None:
    """On its last day it is not."""
    table, _, _ = late()
    with pytest.raises(ScoreRefusedError) as refused:
        published(ScoreBook(()), table, LI, "年度考核", END)
    assert refused.value.rule == "period_is_over"
