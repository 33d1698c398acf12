"""What a re-issued list changes: which milestone is which, what number a new one gets, what is late stays late."""

from __future__ import annotations

from datetime import date

from domain.acts.amending import difference
from domain.acts.commands import AmendProject, DeclineAssignment, RequestExtension, Withdraw
from domain.events import DeadlineBreached, ExtensionLapsed, LimitEnded, MilestoneAdded
from domain.ids import milestone_id_for
from domain.project import KeyProject, Milestone
from tests.domain.samples import FIRST, LI, PROJECT, SECOND, Desk, at, key_project, milestone, request, ruled

THIRD, FOURTH, FIFTH = (milestone_id_for(PROJECT, number) for number in (3, 4, 5))


def worded(ordinal: int, description: str, window: str) -> Milestone:
    """A milestone with these words."""
    return milestone(ordinal).model_copy(update={"description": description, "window_text": window})


def amended(desk: Desk, *milestones: Milestone, lead: str = "组织部", when: str = "05-02 10:00") -> None:
    """A list with these milestones is issued again."""
    project = key_project(milestones, lead=lead)
    desk.ask(AmendProject(request_id="a1", by=LI, basis="调整", project=project), when)


def of_list(desk: Desk, *milestones: Milestone) -> tuple[list[str], list[str], list[str]]:
    """What becomes of a project by a list with these milestones: amended, added and withdrawn."""
    found = difference(desk.state, key_project(milestones))
    return (
        [old.milestone_id for old, _ in found.amended],
        [each.milestone_id for each in found.added],
        list(found.withdrawn),
    )


def test_of_two_alike_each_is_itself_by_its_number() -> None:
    """The same words twice: the number tells which of them is gone."""
    desk = Desk(worded(1, "培训", "5月"), worded(2, "培训", "5月"))
    assert of_list(desk, worded(2, "培训", "5月")) == ([], [], [FIRST])


def test_words_and_time_together_go_before_words_alone() -> None:
    """One duty at two times, under shifted numbers: it is the one with the same time."""
    desk = Desk(worded(1, "培训", "5月"), worded(2, "培训", "6月"))
    assert of_list(desk, worded(3, "培训", "6月")) == ([], [], [FIRST])


def test_a_new_milestone_gets_a_number_that_nobody_has() -> None:
    """After all that are running, and past those that are taken."""
    desk = Desk(milestone(1), milestone(3))
    added = [worded(each, f"新增{each}", "7月") for each in (6, 7)]
    assert of_list(desk, milestone(1), milestone(3), *added) == ([], [FOURTH, FIFTH], [])
    assert difference(desk.state, key_project((milestone(1), milestone(3)))).added == ()


def test_a_ruling_on_a_new_milestone_is_kept_under_its_own_number() -> None:
    """The list's number of it is another one's here."""
    desk = Desk(milestone(1), milestone(2))
    wanted = key_project((milestone(1), milestone(2), worded(9, "新增", "7月")))
    found = difference(desk.state, wanted, [ruled(milestone_id=milestone_id_for(PROJECT, 9))])
    assert [each.milestone_id for each in found.rulings] == [THIRD]
    assert [each.milestone_id for each in found.added] == [THIRD]


def test_what_is_closed_is_passed_over_and_the_rest_is_compared() -> None:
    """A milestone that was withdrawn is not changed by a list that has it still; the one behind it is."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(request(Withdraw, FIRST), "04-26 10:00")
    changed = milestone(1, date(2018, 6, 29)), milestone(2, date(2018, 6, 29))
    assert of_list(desk, *changed) == ([SECOND], [], [])


def test_whether_one_was_over_when_it_was_issued_is_not_asked_again() -> None:
    """A list that is issued later finds more of them over: no change of a milestone that runs."""
    desk = Desk(milestone(1))
    assert not difference(desk.state, key_project((milestone(1, born_late=True),)))


def test_a_new_milestone_that_was_over_before_asks_for_what_was_done() -> None:
    """It raises no alarm; one that is not over runs as any other."""
    desk = Desk(milestone(1))
    over = worded(2, "新增一", "4月").model_copy(update={"born_late": True, "due_on": date(2018, 4, 20)})
    amended(desk, milestone(1), over, worded(3, "新增二", "5月"))
    assert [event.milestone_id for event in desk.of(MilestoneAdded)] == [SECOND, THIRD]
    assert [desk[each].retrospective for each in (FIRST, SECOND, THIRD)] == [False, True, False]


def test_what_was_late_before_the_list_stays_late() -> None:
    """The engine was away when the date passed: the breach is recorded first, as its rung records it."""
    desk = Desk(milestone(1))
    desk.run_until("05-31 12:00")
    desk.now = at("06-01 10:00")
    amended_list: KeyProject = key_project((milestone(1, date(2018, 7, 31)),))
    before = len(desk.events)
    desk.ask(AmendProject(request_id="a1", by=LI, basis="调整", project=amended_list))
    breach = desk.events[before]
    assert isinstance(breach, DeadlineBreached)
    assert (breach.milestone_id, breach.cause) == (FIRST, "rung:breach")


def test_a_lead_that_declined_is_answered_by_another_lead() -> None:
    """What it declined waits for nobody any more, and its clock goes on for the new one."""
    desk = Desk(milestone(1))
    desk.ask(request(DeclineAssignment, None, reason="非本部职能"), "04-26 10:00")
    (waiting,) = [each for each in desk.state.limits.values() if each.kind == "declined_assignment"]
    amended(desk, milestone(1), lead="统战部")
    (ended,) = [each for each in desk.of(LimitEnded) if each.limit_id == waiting.limit_id]
    assert ended.answered
    assert not desk[FIRST].stops


def test_a_list_that_moves_a_date_lets_its_extension_fall_away() -> None:
    """And a date that it leaves leaves the extension to be ruled on."""
    for due_on, lapsed in ((date(2018, 7, 31), [FIRST]), (date(2018, 5, 31), [])):
        desk = Desk(milestone(1))
        desk.ask(request(RequestExtension, new_due_on=date(2018, 6, 29)), "04-26 10:00")
        round_before = desk[FIRST].round
        amended(desk, milestone(1, due_on).model_copy(update={"window_text": "改动"}))
        assert [each.milestone_id for each in desk.of(ExtensionLapsed)] == lapsed
        assert desk[FIRST].round == round_before + len(lapsed)
