"""On which day something counts, and for whom: an engine that was away, parts, what is found after a duty is let go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from domain.acts.commands import (
    AcceptCompletion,
    AmendProject,
    CloseYear,
    DeclineAssignment,
    ReassignLead,
    ReopenProject,
    ReplaceParticipant,
    RequestCompletion,
    RequestExtension,
    ReturnForRework,
    SignReceipt,
    Suspend,
    Withdraw,
)
from domain.rules.score_rules import ScoreRules
from domain.scoring.period import Period
from domain.scoring.score_acts import ReportFalsified, ScoreBook
from domain.scoring.table import score_table
from tests.domain.samples import LEAD, LI, PARTICIPANT, PROJECT, STRANGER, WANG, Desk, milestone, request
from tests.domain.scoring.test_score_acts import finding_of
from verifier.score import scored

YEAR = Period(name="2018", from_on=date(2018, 1, 1), to_on=date(2018, 12, 31))
APRIL = Period(name="2018-04", from_on=date(2018, 4, 1), to_on=date(2018, 4, 30))
JULY = Period(name="2018-07", from_on=date(2018, 7, 1), to_on=date(2018, 7, 31))
RULES = ScoreRules()
Points = dict[str, list[tuple[str, int]]]


def points(
    desk: Desk, period: Period = YEAR, found: Sequence[ReportFalsified] = ()
) -> dict[str, list[tuple[str, int]]]:
    """Of each department that the period scores its points, as rule and number, in which both programs agree."""
    table = score_table([desk.events], RULES, period, period.to_on, None, ScoreBook(found).falsified(RULES))
    told = [
        {"stream": "key-project/2018/05a", "type": each.type, "seq": each.seq, "data": each.model_dump(mode="json")}
        for each in desk.events
    ]
    said = {**period.model_dump(mode="json"), "period": period.name, "until": period.to_on.isoformat()}
    acts = [{"type": each.kind, "data": each.model_dump(mode="json")} for each in found]
    second = scored(told, {**said, "rules": RULES.model_dump(mode="json")}, acts)
    assert {name: (own[PROJECT].weight, own[PROJECT].points, own[PROJECT].score) for name, own in second.items()} == {
        row.department: (each.weight, {point.key: point.holds for point in each.points}, each.score)
        for row in table.departments
        for each in row.assignments
    }
    return {row.department: [(each.rule, each.holds) for each in row.points] for row in table.departments}


def signed() -> Desk:
    """A desk whose departments have signed."""
    desk = Desk(milestone())
    for who in (LEAD, PARTICIPANT):
        desk.ask(request(SignReceipt, None, by=who))
    return desk


@pytest.mark.parametrize("away", [False, True])
def test_a_suspension_excuses_its_days_and_no_more_though_the_engine_was_away_at_its_end(away: bool) -> None:
    """Late from 1 June, suspended from the 4th to the 10th, answered on the 22nd: fifteen days, whoever slept."""
    desk = signed()
    desk.ask(request(Suspend, until=date(2018, 6, 10)), "06-04 10:00")
    if away:
        desk.wake_at("06-20 09:00")
    desk.ask(request(RequestCompletion), "06-22 10:00")
    assert ("breach_days", -15) in points(desk)["组织部"]


def test_what_stopped_the_clock_of_a_part_ends_with_its_release() -> None:
    """Declined on 10 May, released, taken up again on the 20th: late from 1 to 4 June all the same."""
    desk = signed()
    desk.ask(request(DeclineAssignment, by=PARTICIPANT), "05-10 10:00")
    desk.ask(request(ReplaceParticipant, None, department="宣传部", to=None), "05-12 10:00")
    again = desk.state.project.model_copy(update={"participating_departments": ("宣传部",)})
    desk.ask(request(AmendProject, project=again), "05-20 10:00")
    desk.ask(request(RequestCompletion, by=PARTICIPANT), "06-04 10:00")
    assert ("breach_days", -4) in points(desk)["宣传部"]


def test_a_part_counts_as_early_and_evidenced_once_its_whole_was_accepted() -> None:
    """Nobody reviews a part alone: what its department says of it brings nothing until then, and each once."""
    desk = signed()
    desk.ask(request(RequestCompletion, by=PARTICIPANT, evidence=("照片.jpg",)), "05-02 10:00")
    desk.ask(request(RequestCompletion), "05-03 10:00")
    assert points(desk)["宣传部"] == []
    desk.ask(request(ReturnForRework), "05-04 10:00")
    desk.ask(request(RequestCompletion), "05-07 10:00")
    desk.ask(request(AcceptCompletion), "05-08 10:00")
    assert points(desk)["宣传部"] == [("early", 3), ("evidenced", 1)]
    may = Period(name="2018-05", from_on=date(2018, 5, 8), to_on=date(2018, 5, 31))
    assert points(desk, may)["宣传部"] == [("early", 3), ("evidenced", 1)]


def test_what_is_decided_about_work_after_its_department_let_it_go_counts_for_that_department() -> None:
    """Asked for by the lead before, handed on in June, returned in July: July has the point, and nobody else has it."""
    desk = signed()
    desk.ask(request(RequestCompletion), "05-10 10:00")
    desk.ask(request(ReassignLead, to="宣传部"), "06-05 10:00")
    assert "组织部" not in points(desk, JULY)
    desk.ask(request(ReturnForRework), "07-02 10:00")
    assert points(desk, JULY)["组织部"] == [("returned", -3)]
    assert ("returned", -3) not in points(desk, JULY).get("宣传部", [])


def test_a_report_that_is_found_false_costs_though_its_project_is_over() -> None:
    """Withdrawn in June, found false in July: the department has twenty points less there, the others no row."""
    desk = signed()
    asked = desk.ask(request(RequestCompletion), "05-10 10:00")[0]
    desk.ask(request(Withdraw, None), "06-05 10:00")
    assert points(desk, JULY) == {}
    found = finding_of(asked).model_copy(update={"on": date(2018, 7, 3)})
    assert points(desk, JULY, [found]) == {"组织部": [("falsified", -20)]}


@pytest.mark.parametrize("added", [False, True])
def test_what_was_over_before_it_was_given_is_never_early(added: bool) -> None:
    """Due in March and given in April, its words changed or added by a later list, done before its date: no point."""
    late = milestone(2, date(2018, 3, 31), starts_on=date(2018, 3, 1), born_late=True)
    desk = Desk(milestone()) if added else Desk(milestone(), late)
    for who in (LEAD, PARTICIPANT):
        desk.ask(request(SignReceipt, None, by=who))
    listed = desk.state.project.having(milestones=(milestone(), late.model_copy(update={"window_text": "三月"})))
    desk.ask(AmendProject(request_id="a", by=LI, basis="调整", project=listed), "04-26 10:00")
    desk.ask(request(RequestCompletion, late.milestone_id, done_on=date(2018, 3, 5)))
    desk.ask(request(AcceptCompletion, late.milestone_id))
    assert points(desk, APRIL) == {"组织部": [], "宣传部": []}


@pytest.mark.parametrize("ended", [False, True])
def test_a_closing_that_was_taken_back_has_let_no_clock_go_on(ended: bool) -> None:
    """Late for six days until the lead asked for an extension, a participant stays so, closed and reopened or not."""
    desk = signed()
    desk.ask(request(ReassignLead, to="统战部"), "06-06 10:00")
    desk.ask(request(RequestExtension, by=STRANGER, new_due_on=date(2018, 8, 31)), "06-07 10:00")
    if ended:
        closing = request(CloseYear, None, to_year=2019, despite_period="误办", confirmed_by=WANG)
        desk.ask(closing, "06-07 11:00")
        desk.ask(request(ReopenProject, None, by=WANG, confirmed_by=LI), "06-11 10:00")
    desk.run_until("06-20 10:00")
    assert points(desk)["宣传部"] == [("breach", -5), ("breach_days", -6)]
