"""An engine dies between an act's record and its answer, and the same person tries again: the project goes on."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from temporalio import activity
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import PollWorkflowTaskQueueRequest
from temporalio.worker import Worker

from application.audit.replaying import replayed
from application.engine_room.runtime import build_worker
from application.office.starting import START_OF_DAY
from bench import sample
from bench.histories import histories_of
from bench.installation import installation, kill_engine
from bench.patience import until
from domain.clock import VirtualClock
from domain.errors import DubanError
from domain.ids import supervision_workflow_id
from domain.ports.ledger import Decision, Recorded
from domain.record.recorded_projects import recorded_events
from domain.rules.calendar import office_instant
from entrypoints.bootstrap import activities_of, engine_now
from entrypoints.bootstrap.documents import documents_of
from workflows.activity_options import RECORD_DECISION

# The embedded engine outlives the call that starts it, so nobody waits for its process.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


_TASK = timedelta(seconds=8)
"""Long enough that an answer after the engine's return is in time."""


async def test_an_answer_to_an_engine_that_came_back_is_of_the_message_that_was_decided() -> None:
    """The second try is proved anew and waits in the new engine; the first one's answer comes late: all agrees."""
    async with installation("late-answers") as office:
        project, records, settings = sample.project(1, sample.month_ends(4, 5)), office.records, office.settings
        workflow_id, client = supervision_workflow_id(project.project_id), office.engine.client
        await records.log.open()
        documents = documents_of(settings, settings.papers_folder)
        record, *others = activities_of(records, documents, settings.outbox_folder)
        recorded, answers = asyncio.Event(), asyncio.Event()
        answers.set()

        @activity.defn(name=RECORD_DECISION)
        async def record_decision(decision: Decision) -> Recorded:
            done: Recorded = await record(decision)
            if not answers.is_set():
                recorded.set()
                await answers.wait()
            return done

        def working() -> Worker:
            activities = [record_decision, *others]
            return build_worker(client, task_queue=settings.task_queue, activities=activities)

        clock = VirtualClock(engine_at=engine_now(), supervised_at=office_instant(sample.ISSUED_ON, START_OF_DAY))
        async with working():
            await office.engine.start_project(sample.given(project, clock), task_timeout=_TASK)
            await until(lambda: any(records.ledger.entries(workflow_id)), "the docketing")
        # A worker takes the act and dies: the engine gives it to another, in a task that it keeps through a crash.
        asked = sample.report(project, "asked", text="by update")
        first = asyncio.create_task(office.engine.command(project.project_id, asked))
        lost = await client.workflow_service.poll_workflow_task_queue(
            PollWorkflowTaskQueueRequest(
                namespace=client.namespace, task_queue=TaskQueue(name=settings.task_queue), identity="lost"
            )
        )
        assert [message.protocol_instance_id for message in lost.messages] != []
        await asyncio.sleep(_TASK.total_seconds())
        answers.clear()
        async with working():
            await recorded.wait()
            await kill_engine(settings)
            again = asyncio.create_task(office.engine.command(project.project_id, asked))
            await asyncio.sleep(2)
            answers.set()
            outcome = await again
            with suppress(DubanError):
                await first
        events = list(recorded_events(records.ledger, project.project_id))
        histories = [each async for each in histories_of(office.engine, workflow_id)]
        assert [event.type for event in events].count("ProgressReported") == 1
        assert len(outcome.event_ids) == 1
        assert (await replayed(histories, events)).problem is None
