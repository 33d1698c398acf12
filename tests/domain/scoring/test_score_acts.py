"""What people say about scores: who may, within which limit, and what it may change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.actors import department
from domain.acts.commands import (
    ReassignLead,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
)
from domain.events.event import ProjectEvent
from domain.scoring.bulletin_text import changes_told
from domain.scoring.elsewhere import corrected_elsewhere
from domain.scoring.other_points import must_change
from domain.scoring.period import Period
from domain.scoring.point_names import point_name
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
from domain.scoring.score_bulletin import score_bulletin
from domain.scoring.table import ScoreTable, score_table
from tests.domain.samples import FIRST, LEAD, LI, PARTICIPANT, PROJECT, SECOND, WANG, Desk, milestone, request
from tests.domain.scoring.test_score import END, RULES, YEAR, both, table_of
from verifier.score import Score, hundredths, scored
from verifier.score_report import corrected_within


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
        ("appeal_after_publication", {"period": "2017"}),
    ],
)
def test_an_appeal_that_breaks_a_rule_is_refused(rule: str, given: dict[str, Any]) -> None:
    """Within ten days, by the department itself, about a point of the published table."""
    table, book, _ = late()
    with pytest.raises(ScoreRefusedError) as refused:
        appealed(book, table, appeal(table, **given))
    assert refused.value.rule == rule


def test_a_department_that_was_renamed_since_the_publication_appeals_by_any_of_its_names() -> None:
    """What is published under the former name is its own; another department's it is not."""
    table, book, _ = late()
    asked = appeal(table, by=department("组织人事部"), department="组织人事部")
    assert appealed(book, table, asked, ("组织人事部", "组织部")) == asked
    with pytest.raises(ScoreRefusedError) as refused:
        appealed(book, table, asked, ("组织人事部", "宣传部"))
    assert refused.value.rule == "own_point"


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


def test_a_refused_appeal_changes_no_points_and_no_point_becomes_more_than_an_office_writes() -> None:
    """Points beside a refusal are a ruling that somebody meant otherwise; four digits are all that any door takes."""
    table, _, said = late()
    asked = appeal(table)
    given: dict[str, Any] = {"by": WANG, "reason": "不符", "on": asked.on, "period": "2018", "point": asked.point}
    with pytest.raises(ScoreRefusedError, match="请去掉分数") as refused:
        ruled(ScoreBook([said, asked]), table, AppealRuled(**given, granted=False, points=0))
    assert refused.value.rule == "refusal_has_no_points"
    with pytest.raises(ValidationError):
        ScoreCorrected(**given, points=-10_000, confirmed_by=LI)


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


def test_a_deduction_never_becomes_an_addition_by_what_is_said_of_it() -> None:
    """A minus that was forgotten is refused, in a ruling and in a correction; an addition never costs."""
    table, book, said = late()
    point = table.departments[1].points[0]
    asked = appealed(book, table, appeal(table))
    ruling = AppealRuled(by=WANG, reason="属实", on=asked.on, period="2018", point=point.key, granted=True, points=2)
    with pytest.raises(ScoreRefusedError, match="扣分写负数"):
        ruled(ScoreBook([said, asked]), table, ruling)
    fix = ScoreCorrected(by=LI, reason="计错", on=said.on, period="2018", point=point.key, points=2, confirmed_by=WANG)
    with pytest.raises(ScoreRefusedError, match="扣分写负数"):
        corrected(book, table, fix)
    early = point.model_copy(update={"rule": "early", "points": 3})
    with pytest.raises(ScoreRefusedError, match="加分写正数"):
        must_change(early, -3)
    must_change(early, 0)


def test_who_published_what_an_appeal_is_against_does_not_rule_on_it_though_another_published_since() -> None:
    """Published by one, appealed against, published again by another: the first one is refused, the other one rules."""
    table, book, said = late()
    asked = appealed(book, table, appeal(table))
    again = said.model_copy(update={"by": WANG, "on": asked.on})
    book = ScoreBook([said, asked, again])
    ruling = AppealRuled(by=LI, reason="属实", on=asked.on, period="2018", point=asked.point, granted=True, points=0)
    with pytest.raises(ScoreRefusedError) as refused:
        ruled(book, table, ruling)
    assert refused.value.rule == "second_person_to_rule"
    assert ruled(book, table, ruling.model_copy(update={"by": WANG})).granted


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
    assert {name: hundredths(projects.values(), RULES.model_dump()) for name, projects in second.items()} == {
        "宣传部": row.score
    }
    alone = score_table([desk.events], RULES, YEAR, END)
    assert [each.department for each in alone.departments] == sorted(["组织部", "宣传部"])
    july = Period(name="2018-07", from_on=date(2018, 7, 1), to_on=date(2018, 7, 31))
    desk.ask(request(ReassignLead, to="宣传部"), "06-20 10:00")
    desk.ask(request(ReturnForRework), "07-02 10:00")
    (row,) = score_table([desk.events], RULES, july, july.to_on, names=names).departments
    assert ("returned", "组织部") in [(each.rule, each.department) for each in row.points]
    assert row.formerly == ("组织部",)  # by which an auditor's program finds the point
    assert "formerly" not in str(alone.model_dump(mode="json"))


Q2 = Period(name="2018-Q2", from_on=date(2018, 4, 1), to_on=date(2018, 6, 30))


def corrected_in_q2(points: int = -2) -> tuple[ScoreTable, ScoreBook]:
    """The year's table, and what was said: the second quarter was published, and one of its points corrected."""
    desk = both(Desk(milestone()))
    desk.ask(request(RequestCompletion), "06-04 10:00")
    table = table_of(desk)
    quarter = table_of(desk, Q2, until=Q2.to_on)
    said = published(ScoreBook(()), quarter, LI, "季度考核", date(2018, 7, 3))
    key = next(each.key for row in table.departments for each in row.points if each.rule == "breach")
    fix = ScoreCorrected(by=LI, reason="计错", on=said.on, period=Q2.name, point=key, points=points, confirmed_by=WANG)
    return table, ScoreBook([said, corrected(ScoreBook([said]), quarter, fix)])


def test_a_point_that_was_corrected_in_a_period_within_this_one_is_named_and_counts_by_the_record() -> None:
    """Until it is corrected here too; what comes to the same, and a longer or another period, concerns nobody."""
    table, book = corrected_in_q2()
    (point,) = (each for row in table.departments for each in row.points if each.key in book.corrections("2018-Q2"))
    assert (point.holds, point.corrected) == (-5, None)
    assert corrected_elsewhere(book, table) == ((point, "2018-Q2", -2),)
    same = book.acts[1].model_copy(update={"points": -5})
    assert corrected_elsewhere(ScoreBook([*book.acts, same]), table) == ()
    own = book.acts[1].model_copy(update={"period": "2018"})
    assert corrected_elsewhere(ScoreBook([*book.acts, own]), table) == ()
    for other in (Q2, Period(name="2018-06", from_on=date(2018, 6, 1), to_on=date(2018, 6, 30))):
        assert corrected_elsewhere(book, table.model_copy(update={"period": other})) == ()


def test_the_bulletin_of_a_longer_period_and_the_verifier_name_what_was_corrected_within_it() -> None:
    """Published for the year after the quarter's correction: point, period and points; the quarter names none."""
    table, book = corrected_in_q2()
    said = published(book, table, LI, "年度考核", date(2019, 1, 3))
    bulletin = score_bulletin(said, 1, table, ScoreBook([*book.acts, said]), table)
    (point,) = (key for key in book.corrections("2018-Q2"))
    assert [(each.point, each.period, each.holds) for each in bulletin.within] == [(point, "2018-Q2", -2)]
    assert changes_told(bulletin)[-1].endswith(f"仍按记录计：{point_name(point)}（2018-Q2：-2）。")
    assert bulletin.of("学校部").within == ()
    acts: list[dict[str, Any]] = [
        {"type": each.kind, "data": each.model_dump(mode="json")} for each in (*book.acts, said)
    ]
    keys = {point.key: point.points for row in table.departments for point in row.points}
    second = {"组织部": {"2018-05a": Score(2, keys)}}
    for last, found in ((acts[-1], [(point, "2018-Q2", -2)]), (acts[0], [])):
        within = corrected_within(acts, last["data"], second)
        assert [(each.point, each.period, each.points) for each in within] == found


def test_a_period_is_published_when_it_is_over() -> None:
    """On its last day it is not."""
    table, _, _ = late()
    with pytest.raises(ScoreRefusedError) as refused:
        published(ScoreBook(()), table, LI, "年度考核", END)
    assert refused.value.rule == "period_is_over"
