"""An act upon an outdated picture: who has not seen another's word on a fact does not put his own in its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any, get_args

import pytest

from domain.actors import operator
from domain.acts import commands as c
from domain.acts.decisions import decide
from domain.acts.rejections import LastWordNotSeenError
from domain.errors import RejectedError
from domain.events import DomainEvent
from domain.evolution import fold
from domain.ids import supervision_workflow_id
from domain.record.leaf import leaf_event
from domain.state.last_words import Fact
from tests.domain import samples as s
from tests.domain.samples import FIRST, LI, WANG, Desk, at, milestone, request
from tests.domain.scripts import OTHER_CALENDAR, ScriptWriter, a_policy, six_milestones
from verifier.last_words import LastWords

Given = tuple[type[Any], dict[str, Any]]
WHOLE: dict[str, Any] = {"milestone_id": None}


def desk_of(*before: Given) -> Desk:
    """A project of two milestones to which something has happened."""
    desk = Desk(milestone(1), milestone(2, date(2018, 9, 30), quota=30))
    desk.run_until("05-09 10:00")
    for kind, facts in before:
        desk.ask(request(kind, **facts))
    return desk


def amended(**facts: Any) -> dict[str, Any]:
    """The project as a person wants it amended by hand."""
    stones = (milestone(1, facts.pop("due_on", date(2018, 5, 31))), milestone(2, date(2018, 9, 30), quota=30))
    wanted = s.key_project(stones).model_copy(update=facts)
    return {"project": wanted, "by_identity": True}


SILENT: Given = (c.SilenceNotices, {"until": date(2018, 5, 20)})
TWICE: list[tuple[list[Given], Given, Given]] = [
    ([], SILENT, (c.SilenceNotices, {"until": date(2018, 6, 20)})),
    ([SILENT], (c.EndSilence, {}), (c.SilenceNotices, {"until": date(2018, 6, 20)})),
    ([], (c.ReassignLead, {"to": "学校部"}), (c.ReassignLead, {"to": "统战部"})),
    ([], (c.ReassignLead, {"to": "学校部"}), (c.AmendProject, amended(lead_department="统战部"))),
    (
        [(c.DeclineAssignment, WHOLE)],
        (c.InsistOnAssignment, {**WHOLE, "department": "组织部"}),
        (c.ReassignLead, {"to": "学校部"}),
    ),
    ([(c.Suspend, {})], (c.Resume, {}), (c.Suspend, {"until": date(2018, 6, 20)})),
    ([], (c.ChangeCalendar, {"calendar": OTHER_CALENDAR}), (c.ChangeCalendar, {"calendar": s.CALENDAR})),
    ([], (c.AssessConfidence, {"step": 5}), (c.AssessConfidence, {"step": 1})),
    ([], (c.AmendProject, amended(due_on=date(2018, 6, 30))), (c.AmendProject, amended(due_on=date(2018, 7, 31)))),
    ([], (c.AmendProject, amended(title="甲")), (c.AmendProject, amended(title="乙"))),
    ([], (c.ReplaceParticipant, {**WHOLE, "department": "宣传部", "to": "学校部"}), (c.AmendProject, amended())),
    ([(c.RequestCompletion, {})], (c.AcceptCompletion, {}), (c.Withdraw, {})),
]  # fmt: skip


@pytest.mark.parametrize(("before", "first", "second"), TWICE)
def test_of_two_who_saw_the_same_the_second_is_told_what_came_in_between(
    before: list[Given], first: Given, second: Given
) -> None:
    """He has not seen the first one's word; once he has, his own is taken, as where no door says what he saw."""
    desk = desk_of(*before)
    seen = desk.state.next_seq
    desk.ask(request(first[0], by=WANG, seen=seen, **first[1]), "05-09 11:00")
    after = desk.state
    with pytest.raises(LastWordNotSeenError, match=r"您看过之后，王已于 2018-05-09 11:00 就") as told:
        desk.ask(request(second[0], by=LI, seen=seen, **second[1]), "05-09 12:00")
    assert told.value.last.seq >= seen
    assert desk.state is after
    heard: tuple[DomainEvent, ...] = ()
    for knows in (desk.state.next_seq, 0, None):
        heard = decide(desk.state, request(second[0], by=LI, seen=knows, **second[1]), desk.now)
        assert found_by_the_verifier([*desk.events, *heard]) == []
    forged = [each.model_copy(update={"seen": seen}) if each.cause == heard[-1].cause else each for each in heard]
    assert found_by_the_verifier([*desk.events, *forged])


def test_the_verifier_follows_every_event_that_decides() -> None:
    """A kind that is added to the core alone would be judged by nobody else."""
    kinds: tuple[type[Any], ...] = get_args(get_args(DomainEvent)[0])
    assert {each.__name__ for each in kinds if "decides" in vars(each)} == LastWords.KINDS


def found_by_the_verifier(events: Sequence[DomainEvent]) -> list[int]:
    """At which entries an auditor finds a word in the place of one that was not seen."""
    found = LastWords()
    for position, event in enumerate(events):
        if event.type in LastWords.KINDS:
            found.take(position, leaf_event(supervision_workflow_id(s.PROJECT), event))
    return found.unseen


def test_what_does_not_contradict_is_taken_whatever_was_seen() -> None:
    """Another milestone, another field, a report, a receipt, a finding; and what somebody has said himself he knows."""
    desk = desk_of()
    seen = desk.state.next_seq
    desk.ask(request(c.SilenceNotices, until=date(2018, 5, 20), by=WANG, seen=seen))
    desk.ask(request(c.AmendProject, **amended(title="甲"), by=WANG, seen=seen))
    for kind, facts in (
        (c.SilenceNotices, {"milestone_id": s.SECOND, "until": date(2018, 6, 20)}),
        (c.SilenceNotices, {"milestone_id": None, "until": date(2018, 6, 20)}),
        (c.AmendProject, amended(title="甲", main_content="乙")),
        (c.ReportProgress, {}),
        (c.SignReceipt, WHOLE),
        (c.Urge, {}),
        (c.IssueDirective, {}),
        (c.PublishBulletin, {"kind": "praise", "department": "组织部"}),
        (c.OpenInspection, {}),
    ):
        assert desk.ask(request(kind, seen=seen, **facts)), kind
    assert desk.ask(request(c.SilenceNotices, until=date(2018, 6, 1), by=WANG, seen=seen))
    assert desk.ask(request(c.ReportProgress, seen=seen, by=s.PARTICIPANT))


def test_a_project_of_before_has_no_last_word_and_stays_as_it_is() -> None:
    """What no act says of it no state has: kept histories carry the same bytes from run to run."""
    desk = desk_of(SILENT)
    assert "last_words" not in desk.state.model_dump_json()
    assert "seen" not in desk.events[-1].model_dump(mode="json")
    seen = desk.ask(request(c.EndSilence, seen=0))
    assert seen[-1].model_dump(mode="json")["seen"] == 0
    assert desk.state.last_words.keys() == {f"silence:{FIRST}"}
    assert fold(desk.events) == desk.state


@pytest.mark.parametrize("seed", range(12))
def test_no_word_is_ever_put_in_the_place_of_one_that_was_not_seen(seed: int) -> None:
    """Two act at random upon pictures of before: who is refused had not seen another's word, who is heard had."""
    rng = Random(seed)
    desk = Desk(project=six_milestones(), policy=a_policy(rng))
    writer, two = ScriptWriter(rng, desk.state.project), (operator("李"), operator("王"))
    while desk.now < at("09-01"):
        desk.run_until(writer.instant(desk.state, desk.now))
        for _ in range(rng.randint(1, 4)):
            command, there = writer.command(desk.state, desk.now), desk.state.next_seq
            if command.who == "operator":
                seen = max(1, there - rng.choice([0, 0, 2, 8, 20]))
                command = command.having(by=rng.choice(two), on_behalf_of=None, seen=seen)
            refused: LastWordNotSeenError | None = None
            made: tuple[DomainEvent, ...] = ()
            try:
                made = desk.ask(command)
            except LastWordNotSeenError as error:
                refused = error
            except RejectedError:
                continue
            unseen = desk.events[command.seen or there : there]
            if refused is not None:
                assert refused.last.seq >= (command.seen or there)
                assert _others(unseen, refused.fact, command)
            facts: set[Fact] = {fact for event in made for fact in event.decides()}
            for fact in facts:
                assert not _others(unseen, fact, command), (fact, command)
    assert found_by_the_verifier(desk.events) == []


def _others(unseen: list[DomainEvent], fact: Fact, command: c.AnyCommand) -> bool:
    """Whether the last word on a fact, among what was not seen, is another person's."""
    words = [each.actor for each in unseen if each.cause.startswith("request:") and fact in tuple(each.decides())]
    return bool(words) and words[-1] != str(command.by)
