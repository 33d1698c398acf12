"""What a re-issued list changes: which milestone is which, what number a new one gets, what is late stays late."""

from __future__ import annotations

from datetime import date

from domain.acts.amending import difference
from domain.acts.commands import AmendProject, DeclineAssignment, IssueDirective, RequestExtension, Withdraw
from domain.events import (
    DeadlineBreached,
    DutyHandedOver,
    ExtensionLapsed,
    LimitEnded,
    MilestoneAdded,
    MilestoneAmended,
    NoticeNotSent,
    ReadingRuled,
    ReminderIssued,
    RetrospectiveReportRequested,
)
from domain.ids import milestone_id_for
from domain.lists.passed_over import falling_away
from domain.project import KeyProject, Milestone
from domain.rules.ladder_rules import MilestoneRules
from tests.domain.samples import (
    FIRST,
    LEAD,
    LI,
    PARTICIPANT,
    PROJECT,
    SECOND,
    WHOLE_LIFE,
    Desk,
    at,
    key_project,
    milestone,
    request,
    ruled,
)

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
    """Told before it is done; and a date that it leaves leaves the extension to be ruled on."""
    for due_on, lapsed in ((date(2018, 7, 31), [FIRST]), (date(2018, 5, 31), [])):
        desk = Desk(milestone(1))
        desk.ask(request(RequestExtension, new_due_on=date(2018, 6, 29)), "04-26 10:00")
        round_before = desk[FIRST].round
        listed = milestone(1, due_on).model_copy(update={"window_text": "改动"})
        told = falling_away(desk.state, difference(desk.state, key_project((listed,))))
        amended(desk, listed)
        assert [each.milestone_id for each in desk.of(ExtensionLapsed)] == lapsed
        assert told == [f"节点{each}延期至2018-06-29的申请尚未批复，变更后不再批复" for each in lapsed]
        assert desk[FIRST].round == round_before + len(lapsed)


def test_a_milestone_is_known_by_its_words_alone() -> None:
    """Another number and another time: it is the running one all the same, under its running identity."""
    desk = Desk(milestone(1), worded(2, "培训", "4月").model_copy(update={"born_late": True}))
    assert of_list(desk, milestone(1), worded(3, "培训", "6月")) == ([SECOND], [], [])
    amended(desk, milestone(1), worded(3, "培训", "6月"))
    (event,) = desk.of(MilestoneAmended)
    assert (event.after.milestone_id, event.after.window_text, event.after.born_late) == (SECOND, "6月", True)
    assert desk.state.issued(SECOND) == event.after


def test_a_list_that_says_how_a_doubt_was_ruled_has_it_recorded() -> None:
    """Once, also where it changes nothing else."""
    desk = Desk(milestone(1))
    same = key_project((milestone(1),))
    for request_id in ("a1", "a2"):
        desk.ask(AmendProject(request_id=request_id, by=LI, basis="调整", project=same, rulings=(ruled(),)))
    assert [(event.milestone_id, event.choice) for event in desk.of(ReadingRuled)] == [(FIRST, "全年")]
    assert desk.state.rulings == (ruled(),)


def test_other_words_alone_open_nothing_anew() -> None:
    """What is late stays late, and a reminder that the engine has still to send is sent."""
    desk = Desk(milestone(1))
    desk.run_until("06-04 10:00")
    amended(desk, worded(1, "改写", "5月"), when="06-04 10:00")
    assert (desk.of(RetrospectiveReportRequested), desk[FIRST].retrospective) == ([], False)
    away = Desk(milestone(1))
    away.now = at("05-29 17:00")  # the engine was away since April
    away.ask(AmendProject(request_id="a1", by=LI, basis="调整", project=key_project((worded(1, "改写", "5月"),))))
    assert not [event for event in away.of(NoticeNotSent) if event.reason == "amended"]
    away.wake_at("05-29 17:01")
    assert away.of(ReminderIssued)


def test_what_was_over_when_it_was_listed_is_asked_for_though_its_rolled_day_is_ahead() -> None:
    """A list of Sunday adds what was due on Saturday, which counts until Monday: it was over all the same."""
    rolled = WHOLE_LIFE.model_copy(update={"rules": MilestoneRules(due_roll="following")})
    for born_late in (True, False):
        desk = Desk(milestone(1, date(2018, 9, 28)), policy=rolled)
        saturday = worded(2, "新增", "6月").model_copy(update={"born_late": born_late, "due_on": date(2018, 6, 30)})
        amended(desk, milestone(1, date(2018, 9, 28)), saturday, when="07-01 10:00")
        assert desk[SECOND].retrospective is born_late


def test_what_a_participant_declined_is_not_answered_by_another_lead() -> None:
    """It waits as before; what the lead department sent back is over."""
    desk = Desk(milestone(1))
    for by in (PARTICIPANT, LEAD):
        desk.ask(request(DeclineAssignment, None, by=by), "04-26 10:00")
    amended(desk, milestone(1), lead="统战部")
    waiting = [each.about for each in desk.state.limits.values() if each.kind == "declined_assignment"]
    assert waiting == ["宣传部"]


def test_a_new_lead_by_a_list_takes_over_from_the_one_before() -> None:
    """What is all but due gets days of its own; the department before is named."""
    desk = Desk(milestone(1))
    amended(desk, milestone(1), lead="统战部", when="05-30 10:00")
    assert [(event.milestone_id, event.before, event.after) for event in desk.of(DutyHandedOver)] == [
        (FIRST, "组织部", "统战部")
    ]


def test_what_waits_in_a_milestone_that_a_list_leaves_out_is_over() -> None:
    """Its directive is answered by nobody any more, as of the instant of the amendment."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(request(IssueDirective, SECOND), "04-26 10:00")
    (waiting,) = [each for each in desk.state.limits.values() if each.kind == "directive_answer"]
    amended(desk, milestone(1))
    (ended,) = [each for each in desk.of(LimitEnded) if each.limit_id == waiting.limit_id]
    assert (ended.answered, ended.milestone_id, ended.decided_at) == (False, SECOND, at("05-02 10:00"))


def test_whom_the_list_names_a_participant_late_has_days_of_its_own() -> None:
    """As a new lead has: named on 11 June for a duty of 31 May, it is due on the 19th; later dates stay as they are."""
    far, before = date(2018, 9, 30), date(2018, 3, 31)
    desk = Desk(milestone(1), milestone(2, far), milestone(3, before, starts_on=None, born_late=True))
    wanted = desk.state.project.having(participating_departments=("宣传部", "统战部"))
    desk.ask(AmendProject(request_id="a1", by=LI, basis="调整", project=wanted), "06-11 10:00")
    days = [milestone.parts["统战部"].answer_by for milestone in desk.state.milestones.values()]
    assert days == [date(2018, 6, 19), far, before]
    desk.run_until("06-19 18:00")
    assert [event.department for event in desk.of(DeadlineBreached)] == [None, "宣传部"]
    desk.run_until("06-20 10:00")
    assert [event.department for event in desk.of(DeadlineBreached)] == [None, "宣传部", "统战部"]
