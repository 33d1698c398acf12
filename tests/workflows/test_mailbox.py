"""The mailbox: one digest a working morning, inside working hours, and a receipt for every item of it."""

from __future__ import annotations

from datetime import date, time

from temporalio.api.sdk.v1 import WorkflowMetadata

from application.engine_room.connecting import DATA_CONVERTER
from bench.histories import histories_of
from domain.clock import VirtualClock
from domain.ids import mailbox_workflow_id
from domain.rules.calendar import CalendarYear, WorkingCalendar
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import CALENDAR, at, milestone
from tests.workflows.conftest import PATIENT, Office
from workflows.inputs import MailboxInput

JUNE = date(2018, 6, 29)


async def settled(office: Office, addressee: str) -> None:
    """Return when the mailbox has done what it was asked for."""
    handle = office.engine.client.get_workflow_handle(mailbox_workflow_id(addressee))
    await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)


async def clock_at(office: Office, when: str) -> VirtualClock:
    """A calendar on which it is `when` now."""
    return VirtualClock(engine_at=await office.environment.get_current_time(), supervised_at=at(when))


async def test_what_is_due_on_a_morning_goes_out_as_one_digest_with_a_receipt_each(office: Office) -> None:
    """Two reminders of one day: one digest at nine o'clock, two receipts, one file for the reader."""
    clock = await office.clock()
    for _ in range(2):
        await office.open(lead="财务部", clock=clock)
    await office.open_mailbox("财务部", clock)
    await office.advance(clock, "05-11 12:00")
    receipts = [receipt for receipt in office.receipts("财务部") if receipt.kind == "reminder"]
    assert {receipt.digest_id for receipt in receipts} == {"财务部/2018-05-11T090000"}
    assert len({receipt.paper_id for receipt in receipts}) == len(receipts) == 2
    assert {receipt.decided_at.time().replace(microsecond=0) for receipt in receipts} == {time(9)}


async def test_mail_goes_out_on_working_mornings_only_and_all_of_it(office: Office) -> None:
    """From April to July every paper is received once, on working days, at nine or when the office asked for it."""
    clock = await office.clock()
    for due_on in (date(2018, 4, 30), date(2018, 5, 31), JUNE):
        await office.open(milestone(due_on=due_on), lead="教育部", clock=clock)
    await office.open_mailbox("教育部", clock)
    await office.advance(clock, "08-01 00:00")
    receipts = office.receipts("教育部")
    items = office.ledger.items("教育部")
    assert [item.state for item in items] == ["sent"] * len(items)
    assert sorted(receipt.paper_id for receipt in receipts) == sorted(item.numbered.paper.paper_id for item in items)
    later = receipts[3:]
    assert all(CALENDAR.is_working_day(receipt.decided_at.date()) for receipt in receipts)
    assert {receipt.decided_at.time().replace(microsecond=0) for receipt in later} == {time(9)}
    assert date(2018, 4, 28) in {receipt.decided_at.date() for receipt in receipts}


async def test_a_superior_gets_the_order_and_the_department_its_copy(office: Office) -> None:
    """One order, two receipts: that of the superior and that of the late department."""
    clock = await office.clock()
    supervision = await office.open(lead="农业部", clock=clock)
    await office.open_mailbox("农业部", clock)
    await office.open_mailbox("农业部主要负责人", clock)
    await office.advance(clock, "06-06 12:00")
    own = [receipt for receipt in office.receipts("农业部") if receipt.kind == "escalation_order"]
    superiors = office.receipts("农业部主要负责人")
    assert [receipt.number for receipt in own] == [receipt.number for receipt in superiors]
    assert superiors[0].paper_id.startswith(f"key-project/2018/{supervision.project_id[5:]}#")


async def test_collect_sends_at_once_inside_working_hours(office: Office) -> None:
    """A supervision order of ten o'clock goes out when somebody asks, not tomorrow."""
    clock = await clock_at(office, "05-09 10:00")
    handle = await office.open_mailbox("统计局", clock)
    supervision = await office.open(lead="统计局", clock=clock)
    # The order is in the outbox as soon as the supervision answers.
    await supervision.status()
    await settled(office, "统计局")
    await handle.signal("collect")
    await settled(office, "统计局")
    await office.advance(clock, "05-09 10:05")
    (receipt,) = office.receipts("统计局")
    assert receipt.kind == "supervision_order"
    assert receipt.decided_at.date() == date(2018, 5, 9)


async def test_a_second_look_in_the_same_second_sends_what_came_since_the_first(office: Office) -> None:
    """Several orders of one moment, each asked for as soon as it is there: all go out that morning."""
    clock = await clock_at(office, "05-09 10:00")
    handle = await office.open_mailbox("民政部", clock)
    for _ in range(4):
        supervision = await office.open(lead="民政部", clock=clock)
        await supervision.status()
        await handle.signal("collect")
        await settled(office, "民政部")
    await office.advance(clock, "05-09 10:05")
    receipts = office.receipts("民政部")
    assert len(receipts) == 4


async def test_collect_outside_working_hours_waits_for_the_morning(office: Office) -> None:
    """On a Friday evening nothing goes out, however often somebody asks; on Monday at nine it does."""
    clock = await clock_at(office, "05-11 20:00")
    handle = await office.open_mailbox("审计局", clock)
    await office.open(lead="审计局", clock=clock)
    for _ in range(3):
        await handle.signal("collect")
    await office.advance(clock, "05-14 08:59")
    assert office.receipts("审计局") == []
    await office.advance(clock, "05-14 09:01")
    (receipt,) = office.receipts("审计局")
    assert f"{receipt.decided_at:%m-%d %H:%M}" == "05-14 09:00"


async def test_a_quiet_morning_sends_nothing(office: Office) -> None:
    """Without anything due there is no digest and no delivery, and a morning costs few events."""
    clock = await office.clock()
    handle = await office.open_mailbox("气象局", clock)
    await office.advance(clock, "05-02 12:00")
    history = [event async for event in handle.fetch_history_events()]
    assert not [event for event in history if event.HasField("activity_task_scheduled_event_attributes")]
    await office.advance(clock, "05-03 12:00")
    longer = [event async for event in handle.fetch_history_events()]
    assert len(longer) - len(history) <= 7


async def test_a_mailbox_in_short_runs_loses_nothing(office: Office) -> None:
    """Continuing as new every few mornings, it still delivers every paper once."""
    clock = await office.clock()
    await office.open(milestone(), milestone(2, JUNE), lead="水利局", clock=clock)
    await office.open_mailbox("水利局", clock, history_limit=20)
    await office.advance(clock, "08-01 00:00")
    items = office.ledger.items("水利局")
    assert [item.state for item in items] == ["sent"] * len(items)
    assert len(office.receipts("水利局")) == len(items) > 10
    runs = [history async for history in histories_of(office.engine, mailbox_workflow_id("水利局"))]
    assert len(runs) > 5


async def test_mail_that_cannot_be_delivered_all_day_waits_for_the_next_morning(office: Office) -> None:
    """The disk is full from morning to night: nothing goes out after hours, and all of it the next working morning."""
    clock = await office.clock()
    await office.open(lead="林业局", clock=clock)
    await office.advance(clock, "05-10 18:00")
    await office.open_mailbox("林业局", clock)
    office.store.mail_away = True
    try:
        await office.advance(clock, "05-11 20:00")
    finally:
        office.store.mail_away = False
    await office.advance(clock, "05-14 08:00")
    assert office.receipts("林业局") == []
    await office.advance(clock, "05-14 12:00")
    receipts = office.receipts("林业局")
    assert {f"{receipt.decided_at:%m-%d %H:%M}" for receipt in receipts} == {"05-14 09:00"}
    assert {receipt.kind for receipt in receipts} == {"supervision_order", "reminder"}


async def test_an_outbox_that_answers_after_closing_has_nothing_sent_in_the_night(office: Office) -> None:
    """Asked in the morning, it says in the evening that there is mail: it goes out the next working morning."""
    clock = await office.clock()
    await office.open(lead="测绘局", clock=clock)
    await office.open_mailbox("测绘局", clock)
    await office.advance(clock, "05-11 08:50")
    before = len(office.receipts("测绘局"))
    office.store.outbox_away = True
    try:
        await office.advance(clock, "05-11 18:30")
    finally:
        office.store.outbox_away = False
    await office.advance(clock, "05-14 08:00")
    assert len(office.receipts("测绘局")) == before
    await office.advance(clock, "05-14 12:00")
    receipts = office.receipts("测绘局")[before:]
    assert {f"{receipt.decided_at:%m-%d %H:%M}" for receipt in receipts} == {"05-14 09:00"}
    assert {receipt.kind for receipt in receipts} == {"reminder"}


async def test_a_mailbox_keeps_the_calendar_that_was_changed(office: Office) -> None:
    """A Friday that has become a holiday brings no digest; the mail of it goes out on the next working morning."""
    clock = await office.clock()
    await office.open(milestone(due_on=date(2018, 5, 31)), lead="水利部", clock=clock)
    await office.open_mailbox("水利部", clock)
    (year,) = [year for year in CALENDAR.years if year.year == 2018]
    closed = year.model_copy(update={"days_off": tuple(sorted((*year.days_off, date(2018, 5, 11))))})
    calendar = CALENDAR.model_copy(
        update={"years": tuple(closed if each.year == 2018 else each for each in CALENDAR.years)}
    )
    await office.engine.use_calendar("水利部", calendar)
    await office.advance(clock, "05-15 12:00")
    days = {receipt.decided_at.date() for receipt in office.receipts("水利部") if receipt.kind == "reminder"}
    assert days == {date(2018, 5, 14)}


async def test_reminders_above_the_month_s_cap_stay_out_of_the_digest(office: Office) -> None:
    """With room for two papers in May, a third reminder is withheld with its reason; in June there is room again."""
    clock = await office.clock()
    gentle = PATIENT.model_copy(update={"rules": MilestoneRules(urge_after_working_days=None, escalation=())})
    for due_on in (date(2018, 5, 31), date(2018, 5, 31), date(2018, 5, 31), JUNE):
        await office.open(milestone(due_on=due_on), lead="档案局", clock=clock, policy=gentle)
    policy = SupervisionPolicy(life_cycle=LifeCycleRules(papers_per_month=2))
    await office.open_mailbox("档案局", clock, policy=policy)

    await office.advance(clock, "06-11 12:00")

    reminders = [item for item in office.ledger.items("档案局") if item.numbered.paper.kind == "reminder"]
    found = [(f"{item.numbered.paper.send_from:%m-%d}", item.state, item.reason) for item in reminders]
    may = [(state, reason) for on, state, reason in found if on == "05-11"]
    assert sorted(may, key=str) == [("sent", None), ("sent", None), ("withheld", "burden_cap")]
    assert ("06-08", "sent", None) in found


async def test_a_mailbox_learns_the_holidays_of_another_year_when_its_list_is_started(office: Office) -> None:
    """Opened again with next year's calendar it keeps the years that it knows and learns the new one."""
    clock = await office.clock()
    handle = await office.open_mailbox("地震局", clock, history_limit=20)
    (known,) = [year for year in CALENDAR.years if year.year == 2018]
    other = known.model_copy(update={"days_off": ()})
    next_year = CalendarYear(year=2019, days_off=(date(2019, 1, 1),), makeup_working_days=())
    given = MailboxInput(
        addressee="地震局",
        clock=clock,
        policy=SupervisionPolicy(),
        calendar=WorkingCalendar(years=(other, next_year)),
    )
    await office.engine.start_mailbox(given)
    await office.advance(clock, "06-15 12:00")
    (started, *_) = (await handle.fetch_history()).events
    payloads = started.workflow_execution_started_event_attributes.input.payloads
    (continued,) = await DATA_CONVERTER.decode(payloads, [MailboxInput])
    assert continued.calendar.years == (known, next_year)
