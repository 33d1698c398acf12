"""Record golden histories: `python -m tests.replay.record NAME …` runs each named scene and keeps what is new.

A kept history is never edited and never recorded again: a changed workflow must go on replaying it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from adapters.ledger.sqlite_ledger import SqliteLedger
from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.embedded import engine_program
from application.engine_room.runtime import build_worker
from domain.actors import department
from domain.acts.commands import (
    AcceptCompletion,
    AcknowledgeReminder,
    AmendProject,
    AnswerDirective,
    AppointDeputy,
    AssessConfidence,
    ChangeAssigningDepartment,
    CloseYear,
    ConcludeInspection,
    DeclineAssignment,
    DecomposeDuty,
    DismissDeputy,
    EndSilence,
    GrantGrace,
    InsistOnAssignment,
    IssueDirective,
    NoteSubDuty,
    OpenInspection,
    ReassignLead,
    ReopenProject,
    ReportProgress,
    RequestCompletion,
    RequestExtension,
    ReturnForRework,
    SilenceNotices,
    StrikeOff,
    Urge,
    Withdraw,
)
from domain.ids import mailbox_workflow_id, supervision_workflow_id
from domain.record.leaf import domain_event_of
from domain.rules.ladder_rules import RulesOverride
from domain.rules.life_cycle import LifeCycleRules, PlannedInspection
from domain.rules.of_sub_duties import rules_below
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap.plan_files import load_plan
from tests.domain.samples import (
    FIRST,
    LEAD,
    LI,
    PARTICIPANT,
    PROJECT,
    SECOND,
    WANG,
    a_part,
    key_project,
    milestone,
    request,
)
from tests.domain.samples import ruled as ruled_reading
from tests.replay.fetched import histories_in
from tests.replay.golden import FOLDER, keep
from tests.replay.recorder import Recorder
from tests.story.script import ACTS, EXAMPLE, ISSUED_CALENDAR
from tests.story.script import PROJECT as LIFE_CYCLE

_MAY_2, _MAY_31 = date(2018, 5, 2), date(2018, 5, 31)


async def on_time(recorder: Recorder) -> str:
    """Two milestones on time, by update: reminded, requested, accepted, struck off, archived."""
    await recorder.open(key_project((milestone(), milestone(2, date(2018, 6, 29), quota=30))))
    for number, when in ((1, "05-31"), (2, "06-29")):
        milestone_id = f"{PROJECT}-0{number}"
        await recorder.until(f"{when} 10:00")
        await recorder.ask(
            request(RequestCompletion, milestone_id, request_id=f"request-{number}"),
            request(AcceptCompletion, milestone_id, request_id=f"accept-{number}"),
            request(StrikeOff, milestone_id, request_id=f"strike-{number}", by=WANG),
        )
    return supervision_workflow_id(PROJECT)


async def silent(recorder: Recorder) -> str:
    """Nobody answers: the whole ladder of two milestones, one under rules of its own, one born late."""
    override = RulesOverride(due_roll="preceding", reminders_working_days_before=(5, 1))
    await recorder.open(
        key_project(
            (
                milestone(1, date(2018, 3, 31), starts_on=None, born_late=True),
                milestone(2),
                milestone(3, date(2018, 9, 30)),
            )
        ),
        SupervisionPolicy(milestones={SECOND: override}),
    )
    await recorder.until("11-01 00:00")
    return supervision_workflow_id(PROJECT)


async def busy(recorder: Recorder) -> str:
    """Updates, good and bad signals, rework in two rounds, an urge by hand, over several short runs."""
    await recorder.open(key_project((milestone(), milestone(2, date(2018, 6, 29)))), history_limit=60)
    for number in range(6):
        await recorder.ask(request(ReportProgress, request_id=f"report-{number}", text=f"第{number}期"))
        await recorder.signal("command", request(ReportProgress, SECOND, request_id=f"signal-{number}"))
    await recorder.signal("nonsense")
    await recorder.signal("command", b"\xff")
    await recorder.signal("command", request(StrikeOff, request_id="too-soon", by=WANG))
    await recorder.until("05-31 16:00")
    await recorder.ask(request(RequestCompletion, request_id="c1"), request(ReturnForRework, request_id="b1"))
    await recorder.ask(request(Urge, SECOND, request_id="u1"))
    await recorder.until("06-20 10:00")
    await recorder.ask(
        request(RequestCompletion, request_id="c2"),
        request(AcceptCompletion, request_id="a2"),
        request(StrikeOff, request_id="s2", by=WANG),
    )
    await recorder.until("07-20 00:00")
    return supervision_workflow_id(PROJECT)


async def outage(recorder: Recorder) -> str:
    """A store that is away while commands come, and a decision that the engine lost."""
    await recorder.open(key_project((milestone(),)))
    await recorder.engine.status(PROJECT)
    recorder.away = True
    # Nobody is answered before the store is there again.
    asking = [asyncio.create_task(recorder.ask(request(ReportProgress, request_id=each))) for each in ("r1", "r2")]
    await asyncio.sleep(1.5)
    recorder.away = False
    await asyncio.gather(*asking)
    await recorder.lose(request(ReportProgress, request_id="lost"), "04-25 12:00")
    await recorder.until("05-02 10:00")
    await recorder.ask(request(ReportProgress, request_id="r3"), request(RequestCompletion, request_id="r4"))
    await recorder.until("05-03 10:00")
    return supervision_workflow_id(PROJECT)


async def ruled(recorder: Recorder) -> str:
    """Started with a ruling on a doubtful reading, amended with another one, over two short runs."""
    await recorder.open(key_project((milestone(),)), rulings=(ruled_reading("全年"),), history_limit=20)
    await recorder.until("05-02 10:00")
    moved = key_project((milestone(due_on=date(2018, 6, 29)),))
    rulings = (ruled_reading("2018年6月29日前"),)
    await recorder.ask(
        AmendProject(request_id="a1", by=LI, basis="依据团浙办〔2018〕9号", project=moved, rulings=rulings)
    )
    await recorder.until("07-20 00:00")
    return supervision_workflow_id(PROJECT)


async def mailbox(recorder: Recorder) -> str:
    """A department's mailbox from the supervision order to the red order."""
    await recorder.open(key_project((milestone(),)))
    await recorder.engine.status(PROJECT)
    await recorder.mailbox("组织部")
    await recorder.until("06-20 00:00")
    return mailbox_workflow_id("组织部")


async def life_cycle(recorder: Recorder) -> str:
    """The year of docs/a-project-year.md with everything in it, in short runs, its refusals by signal."""
    project = next(each for each in load_plan(EXAMPLE).projects if each.project_id == LIFE_CYCLE)
    await recorder.open(project, SupervisionPolicy(), history_limit=120, calendar=ISSUED_CALENDAR)
    for act in ACTS:
        await recorder.until(act.at)
        await (recorder.signal("command", act.command) if act.refused else recorder.ask(act.command))
    return supervision_workflow_id(LIFE_CYCLE)


async def life_cycle_silent(recorder: Recorder) -> str:
    """Nobody answers: receipts, periods, pace, both ladders, a planned inspection, waiting matters."""
    plan, third = (
        tuple(PlannedInspection(on=date(2018, 5, day), sample_percent=100) for day in (14, 21)),
        f"{PROJECT}-03",
    )
    ongoing = milestone(3, date(2018, 9, 30), quota=30).model_copy(update={"ongoing": True})
    await recorder.open(
        key_project((milestone(1, date(2018, 3, 31), starts_on=None, born_late=True), milestone(2), ongoing)),
        SupervisionPolicy(life_cycle=LifeCycleRules(inspection_plan=plan)),
    )
    await recorder.until("05-16 10:00")
    await recorder.ask(
        request(IssueDirective, None, request_id="d1", by=LI, leader="书记"),
        request(ConcludeInspection, SECOND, request_id="i1", by=LI, conclusion="有差距。", rectify=True),
        request(DeclineAssignment, third, request_id="n1", by=PARTICIPANT),
        request(RequestExtension, SECOND, request_id="e1", by=LEAD, new_due_on=date(2018, 6, 29), progress="一半"),
        request(RequestCompletion, f"{PROJECT}-01", request_id="c1", done_on=date(2018, 3, 20)),
    )
    await recorder.until("06-27 10:00")
    await recorder.ask(
        request(RequestCompletion, SECOND, request_id="c2"),
        request(SilenceNotices, None, request_id="s1", until=date(2018, 7, 6)),
    )
    await recorder.until("11-20 00:00")
    await recorder.ask(request(Withdraw, None, request_id="w1"))
    return supervision_workflow_id(PROJECT)


async def life_cycle_changed(recorder: Recorder) -> str:
    """An insisted assignment, another lead, a re-issued list, grace, a lapsed extension, a year closed twice."""
    await recorder.open(
        key_project((milestone(), milestone(2, date(2018, 6, 29)), milestone(3, date(2018, 12, 31)))),
        SupervisionPolicy(),
    )
    await recorder.until("04-27 10:00")
    await recorder.ask(
        request(DeclineAssignment, None, request_id="n1", by=LEAD),
        request(InsistOnAssignment, None, request_id="n2", department="组织部"),
        request(SilenceNotices, None, request_id="s1", until=date(2018, 5, 11)),
        request(AppointDeputy, None, request_id="v1", principal=LI, deputy=WANG, from_on=_MAY_2, until_on=_MAY_31),
    )
    await recorder.until("05-10 10:00")
    await recorder.ask(
        request(EndSilence, None, request_id="s2"),
        request(Urge, request_id="u1", by=WANG, on_behalf_of=LI),
        request(AcknowledgeReminder, request_id="r1"),
        request(DismissDeputy, None, request_id="v2", principal=LI, deputy=WANG),
        request(AssessConfidence, request_id="v3", step=2, reason="施工许可未批"),
        request(DecomposeDuty, request_id="units-1", by=LEAD, units=("甲市", "乙市")),
    )
    of_the_second = {"sub_duty": f"{PROJECT}_01_02", "unit": "乙市"}
    await recorder.ask(
        request(NoteSubDuty, request_id="n3", withdrawn=True, **of_the_second),
        request(NoteSubDuty, request_id="n4", withdrawn=False, **{**of_the_second, "unit": "丙市"}),
    )
    await recorder.until("06-04 10:00")
    await recorder.ask(request(ReassignLead, None, request_id="l1", to="统战部"))
    lead = department("统战部")
    await recorder.until("06-15 10:00")
    await recorder.ask(
        request(GrantGrace, request_id="g1", new_due_on=date(2018, 6, 29)),
        request(RequestExtension, SECOND, request_id="e1", by=lead, new_due_on=date(2018, 7, 31), progress="一半"),
        request(RequestCompletion, SECOND, request_id="c1", by=lead),
        request(AcceptCompletion, SECOND, request_id="a1"),
        request(StrikeOff, SECOND, request_id="k1", by=WANG),
    )
    issued = key_project((milestone(), milestone(2, date(2018, 6, 29)), milestone(3, date(2018, 12, 31)), milestone(4)))
    other = {"title": "挂兼职干部配备", "lead_department": "统战部", "participating_departments": ("学校部",)}
    changed = issued.model_copy(update=other)
    await recorder.ask(AmendProject(request_id="m1", by=LI, basis="依据团浙办〔2018〕9号", project=changed))
    await recorder.until("07-10 10:00")
    await recorder.ask(
        request(OpenInspection, f"{PROJECT}-03", request_id="i1"),
        request(OpenInspection, f"{PROJECT}-04", request_id="i2", this_month=5, despite_cap="领导交办"),
        request(Withdraw, f"{PROJECT}-04", request_id="w1"),
    )
    await recorder.until("12-28 10:00")
    await recorder.ask(
        request(IssueDirective, None, request_id="d1", by=LI, leader="书记"),
        request(CloseYear, None, request_id="y1", to_year=2019, ended=(FIRST,)),
        request(ReopenProject, None, request_id="y2", by=WANG, confirmed_by=LI),
        request(CloseYear, None, request_id="y3", to_year=2019, ended=(FIRST,)),
        request(AnswerDirective, None, request_id="d2", by=lead),
    )
    return supervision_workflow_id(PROJECT)


async def sub_duty(recorder: Recorder) -> str:
    """A part of a duty that another department takes over while its completion is under review."""
    given = a_part()
    part = given.project_id
    await recorder.open(given, rules_below(SupervisionPolicy(), FIRST, "组织部"))
    await recorder.until("05-10 10:00")
    await recorder.ask(
        request(RequestCompletion, f"{part}-01", request_id="c1", by=department("甲市")),
        request(ChangeAssigningDepartment, None, request_id="a1", above=("统战部",)),
    )
    await recorder.until("06-15 10:00")
    await recorder.ask(request(ReturnForRework, f"{part}-01", request_id="b1", by=department("统战部")))
    await recorder.until("06-29 10:00")
    await recorder.ask(request(Withdraw, None, request_id="w1", by=department("统战部")))
    return supervision_workflow_id(part)


SCENES: dict[str, Callable[[Recorder], Awaitable[str]]] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        on_time,
        silent,
        busy,
        outage,
        ruled,
        mailbox,
        life_cycle,
        life_cycle_silent,
        life_cycle_changed,
        sub_duty,
    )
}


async def record(name: str) -> None:
    """Run a scene and keep its histories."""
    with tempfile.TemporaryDirectory() as temporary:
        ledger = SqliteLedger.open(Path(temporary) / "ledger.db", lambda: datetime.now(UTC))
        environment = await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=engine_program("temporal-test-server"),
            data_converter=DATA_CONVERTER,
            identity="recorder",
        )
        async with environment:
            with environment.auto_time_skipping_disabled():
                recorder = Recorder(environment, ledger, Path(temporary))
                await recorder.engine.prepare_namespace()
                async with build_worker(environment.client, task_queue="recorder", activities=recorder.activities()):
                    workflow_id = await SCENES[name](recorder)
                    histories = await histories_in(environment, workflow_id)
        events = [domain_event_of(e) for e in ledger.entries(workflow_id)] if workflow_id.startswith("key-") else []
        ledger.close()
        keep(name, " ".join((SCENES[name].__doc__ or "").split()), histories, events)


if __name__ == "__main__":
    for wanted in sys.argv[1:] or [name for name in SCENES if not (FOLDER / name).exists()]:
        asyncio.run(record(wanted))
