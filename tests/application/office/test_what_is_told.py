"""What is said of an act, and what is asked before a list is started: what was done, what is next, until when."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from application.office.acts import Act, Done, Told, told_of
from application.office.office import Office
from application.office.starting_a_list import (
    DoubtfulStartError,
    SecondPersonForListError,
    Start,
    must_be_confirmed,
    must_not_be_doubtful,
)
from domain.acts.commands import (
    AcceptCompletion,
    AnyCommand,
    CommandOutcome,
    ReportProgress,
    RequestCompletion,
    SignReceipt,
    StrikeOff,
)
from domain.clock import VirtualClock
from domain.ids import event_id_for
from domain.ports.ledger import Decision
from domain.project import ProjectList
from domain.record.recorded_directory import DirectoryReader
from domain.rules.ladder_rules import RulesOverride
from domain.rules.mass_act_rules import MassActRules
from domain.rules.policy import SupervisionPolicy
from entrypoints.cli.acting import said_of
from entrypoints.core_sentences import core_said, is_chinese
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import MORNING
from tests.domain.samples import (
    CALENDAR,
    FIRST,
    HEADER,
    PROJECT,
    SECOND,
    WANG,
    Desk,
    at,
    key_project,
    milestone,
    request,
)

STREAM = f"key-project/{PROJECT[:4]}/{PROJECT[5:]}"


async def told(desk: Desk, command: AnyCommand, when: str | None = None) -> Told:
    """What is said of an act once all of it is on record."""
    events = desk.ask(command, when)
    ledger = InMemoryLedger(lambda: MORNING)
    await ledger.record(Decision(stream=STREAM, events=tuple(desk.events), papers=()))
    ids = tuple(event_id_for(STREAM, event.seq) for event in events if event.cause.startswith("request:"))
    office = cast(Office, SimpleNamespace(records=SimpleNamespace(ledger=ledger)))
    found = await told_of(office, PROJECT, Done(command, CommandOutcome(event_ids=ids, stage="assigned")))
    assert found is not None
    return found


async def test_each_step_says_what_was_done_and_what_is_next_until_when() -> None:
    """From the receipt to the striking off, and the end of the project."""
    desk = Desk(milestone(), milestone(2, date(2018, 6, 29)))
    signed = await told(desk, request(SignReceipt, FIRST), "04-26 10:00")
    assert signed.happened == ("组织部签收（1个节点）",)
    assert signed.signed
    assert signed.next == "组织部于 2018-04-28 前签收其余1个节点，于 2018-05-31 前申请办结。"

    reported = await told(desk, request(ReportProgress, FIRST, text="已完成初稿"))
    assert reported.happened == ("反馈进展：已完成初稿",)

    asked = await told(desk, request(RequestCompletion), "05-09 10:00")
    assert "督查室于 2018-05-16 前审核办结" in asked.next

    accepted = await told(desk, request(AcceptCompletion))
    assert accepted.next == "由审核人以外的督查人员销号。"

    struck = await told(desk, request(StrikeOff, by=WANG))
    assert struck.next == "本节点已销号，不须再办。"

    for command in (request(RequestCompletion, SECOND), request(AcceptCompletion, SECOND)):
        desk.ask(command)
    last = await told(desk, request(StrikeOff, SECOND, by=WANG))
    assert last.next == "无；整个项目已归档。"


async def test_what_the_record_has_not_yet_is_not_told() -> None:
    """The engine answered, the ledger was away: nothing is made up."""
    office = cast(Office, SimpleNamespace(records=SimpleNamespace(ledger=InMemoryLedger(lambda: MORNING))))
    outcome = CommandOutcome(event_ids=(f"{STREAM}#9",), stage="assigned")
    assert await told_of(office, PROJECT, Done(request(SignReceipt, None), outcome)) is None


async def test_entries_of_another_act_are_not_told_as_one_s_own() -> None:
    """A worker of an earlier build answered from a part of the record: no words are better than somebody else's."""
    desk = Desk()
    (theirs,) = desk.ask(request(ReportProgress, FIRST, text="他人的反馈"))
    ledger = InMemoryLedger(lambda: MORNING)
    await ledger.record(Decision(stream=STREAM, events=tuple(desk.events), papers=()))
    office = cast(Office, SimpleNamespace(records=SimpleNamespace(ledger=ledger)))
    outcome = CommandOutcome(event_ids=(event_id_for(STREAM, theirs.seq),), stage="in_progress")
    assert await told_of(office, PROJECT, Done(request(ReportProgress, FIRST), outcome)) is None


@pytest.mark.parametrize(("happened", "said"), [((), "已办理："), (("签收",), "已办理：签收。")])
def test_an_act_for_which_there_are_no_words_is_told_without_an_empty_sentence(
    happened: tuple[str, ...], said: str
) -> None:
    """It was done, how it stands, what is next; and that in English, too."""
    outcome = CommandOutcome(event_ids=(f"{STREAM}#9",), stage="assigned")
    given = request(SignReceipt, None)
    next_step = "无；整个项目已归档。"
    text = said_of(Act(PROJECT, given), Done(given, outcome), Told(happened, next_step, signed=False))
    assert text.startswith(f"{said}{PROJECT} 现为“")
    assert "：。" not in text
    assert happened or not is_chinese(core_said("en", text))


def listed(*projects: str, year: int = 2018, issued_on: date = date(2018, 4, 25)) -> ProjectList:
    """A list of these projects."""
    rows = tuple(key_project((milestone(project_id=each),), project_id=each) for each in projects)
    return ProjectList(**{**dict(HEADER), "year": year, "issued_on": issued_on}, projects=rows)


async def running(*projects: str, clock: VirtualClock | None = None) -> Any:
    """An office in which these projects run."""
    ledger = InMemoryLedger(lambda: MORNING)
    for each in projects:
        desk = Desk(project=key_project((milestone(project_id=each),), project_id=each))
        stream = f"key-project/{each[:4]}/{each[5:]}"
        await ledger.record(Decision(stream=stream, events=tuple(desk.events), papers=tuple(desk.papers)))
    if clock is not None:
        await ledger.settle_clock(clock)

    def now() -> datetime:
        return at("05-02 10:00")

    records = SimpleNamespace(ledger=ledger, evidence=None, persons=DirectoryReader(ledger, None))
    return SimpleNamespace(records=records, engine_now=now, now=now, giver=None)


def start(what: ProjectList, **given: Any) -> Start:
    """A start of a list."""
    return Start(what, given.pop("policy", SupervisionPolicy()), CALENDAR, **given)


async def test_a_start_before_the_day_of_issue_asks() -> None:
    """The sentence has both days; on the day itself nothing is asked."""
    office = await running()
    with pytest.raises(DoubtfulStartError, match="2018-05-03 才印发"):
        must_not_be_doubtful(office, start(listed("2018-01", issued_on=date(2018, 5, 3))))
    must_not_be_doubtful(office, start(listed("2018-01", issued_on=date(2018, 5, 2))))


async def test_a_list_of_another_year_than_the_engine_s_clock_asks() -> None:
    """A clock that runs in 2018 and a list of 2017; the same year does not ask."""
    clock = VirtualClock(engine_at=at("05-02 10:00"), supervised_at=at("05-02 10:00"), speed=1)
    office = await running(clock=clock)
    with pytest.raises(DoubtfulStartError, match="2017 年"):
        must_not_be_doubtful(office, start(listed("2017-01", year=2017, issued_on=date(2017, 4, 25))))
    must_not_be_doubtful(office, start(listed("2018-01")))


UNMATCHED = SupervisionPolicy(projects={"2018-91": RulesOverride()}, milestones={"2018-01-07": RulesOverride()})


async def test_rules_for_what_a_list_has_not_ask_until_the_list_runs() -> None:
    """Every name is in the one question; a name that the list has is none; what runs has its rules on record."""
    office = await running()
    with pytest.raises(DoubtfulStartError, match=r"projects 所写的“2018-91”.*milestones 所写的“2018-01-07”.*请确认"):
        must_not_be_doubtful(office, start(listed("2018-01"), policy=UNMATCHED))
    ofs = SupervisionPolicy(projects={"2018-01": RulesOverride()})
    must_not_be_doubtful(office, start(listed("2018-01"), policy=ofs))
    must_not_be_doubtful(await running("2018-01"), start(listed("2018-01"), policy=UNMATCHED))


async def test_a_list_that_takes_away_what_a_rule_is_for_asks() -> None:
    """The project that the re-issued list leaves out is named; another year's on record is known."""
    policy = SupervisionPolicy(projects={"2018-02": RulesOverride(), "2017-01": RulesOverride()})
    office = await running("2018-01", "2018-02", "2017-01")
    must_not_be_doubtful(office, start(listed("2018-01", "2018-02"), policy=policy))
    with pytest.raises(DoubtfulStartError, match="规则里，projects 所写的“2018-02”（相近的有“2018-01”）：清单中没有"):
        must_not_be_doubtful(office, start(listed("2018-01"), policy=policy))


@pytest.mark.parametrize(("kept", "asks"), [(9, False), (8, False), (7, True), (0, True)])
async def test_a_list_that_leaves_out_much_of_what_runs_asks(kept: int, asks: bool) -> None:
    """Ten run: three or more left out ask, and their names are said; two may be dropped as ever."""
    projects = [f"2018-{number:02d}" for number in range(1, 11)]
    office = await running(*projects)
    again = start(listed(*projects[:kept], "2018-77"))
    if asks:
        with pytest.raises(DoubtfulStartError, match="2018-10"):
            must_not_be_doubtful(office, again)
    else:
        must_not_be_doubtful(office, again)


@pytest.mark.parametrize(
    ("by", "confirmed_by", "refused"),
    [("李", None, True), ("李", "李", True), ("李", "李\u200b", True), ("李", "王", False)],
)
async def test_a_list_that_withdraws_much_is_confirmed_by_another_person(
    by: str, confirmed_by: str | None, refused: bool
) -> None:
    """Nobody, the same person, the same name written otherwise; another one. A list that drops two needs nobody."""
    projects = [f"2018-{number:02d}" for number in range(1, 11)]
    office = await running(*projects)
    again = start(listed(*projects[:5]), by=by, confirmed=True, confirmed_by=confirmed_by)
    if refused:
        with pytest.raises(SecondPersonForListError, match="5个项目"):
            must_be_confirmed(office, again)
    else:
        must_be_confirmed(office, again)
    must_be_confirmed(office, start(listed(*projects[:8]), by=by, confirmed=True))


async def test_the_rules_of_what_runs_say_whether_two_are_needed() -> None:
    """A policy that comes with the new list and asks for one person changes nothing."""
    projects = [f"2018-{number:02d}" for number in range(1, 11)]
    office = await running(*projects)
    alone = SupervisionPolicy(mass_acts=MassActRules(two_persons=False))
    with pytest.raises(SecondPersonForListError):
        must_be_confirmed(office, Start(listed(*projects[:5]), alone, CALENDAR, by="李", confirmed=True))


async def test_a_number_that_stands_twice_now_leaves_out_nothing() -> None:
    """Four run; the list has another part that counts from one: the letters are new, and no duty is gone."""
    office = await running(*(f"2018-0{number}" for number in range(1, 5)))
    twice = [f"2018-0{number}{letter}" for letter in "ab" for number in range(1, 5)]
    must_be_confirmed(office, start(listed(*twice), by="李", confirmed=True))
