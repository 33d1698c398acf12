"""What a worker is asked for bears the installation's seal: what stands under it is done, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, StartActivityInput

from adapters.engine_keys.payload_keys import FolderPayloadKeys
from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.own_tasks import OwnTasks
from domain.acts.commands import SignReceipt
from domain.characters import REFUSED
from domain.ports.actions import DeliverDigest
from domain.ports.ledger import Decision, Refusal
from entrypoints.bootstrap import engine_now
from tests.domain.samples import LEAD, Desk, at, milestone, request

RULE = "task_is_ours"


class Office:
    """What one installation's interceptor seals, what its worker then does, and what it keeps of refusals."""

    def __init__(self, folder: Path) -> None:
        self.keys = FolderPayloadKeys(folder / "payloads.keys", folder / "made.json", engine_now)
        self.refusals: list[Refusal] = []
        self.done: list[Any] = []
        self.tasks = OwnTasks(self.keys, self._keep, self._now)

    async def _keep(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)

    async def _now(self) -> Any:
        return at("05-09 10:00")

    def asks(self, name: str, asked: Any) -> Mapping[str, Payload]:
        """The headers with which a workflow of ours asks for something."""
        sent: list[StartActivityInput] = []

        class Engine:
            def init(self, outbound: Any) -> None:
                outbound.start_activity(_Asked(name, [asked], {}))

            def start_activity(self, given: Any) -> None:
                sent.append(given)

        made: Any = self.tasks.workflow_interceptor_class(None)  # type: ignore[arg-type]  # it is not looked at
        engine: Any = Engine()
        made(engine).init(engine)
        return sent[0].headers

    async def does(
        self, name: str, asked: Any, headers: Mapping[str, Payload], *, local: bool = False, by: str = "test"
    ) -> None:
        """Have its worker asked for something."""
        done = self.done

        class Activity(ActivityInboundInterceptor):
            def __init__(self) -> None:
                """The last of the chain."""

            async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
                done.extend(input.args)

        environment = ActivityEnvironment()
        environment.info = replace(environment.info, activity_type=name, is_local=local, workflow_id=by)
        given = ExecuteActivityInput(fn=_nothing, args=[asked], executor=None, headers=headers)
        await environment.run(self.tasks.intercept_activity(Activity()).execute_activity, given)


class _Asked:
    """As much of the library's input as the interceptor looks at."""

    def __init__(self, activity: str, args: list[Any], headers: Mapping[str, Payload]) -> None:
        self.activity, self.args, self.headers = activity, args, headers


def _nothing() -> None:
    """The activity's own function, which nobody calls here."""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An installation."""
    return Office(tmp_path)


def a_decision() -> Decision:
    """What a project decided in its first days."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(request(SignReceipt, None, by=LEAD), "05-09 10:00")
    return Decision(stream="key-project/2018/05a", events=tuple(desk.events), first=0)


DECISION = a_decision()
DIGEST = DeliverDigest(addressee="组织部", digest_id="组织部/1", now=at("05-09 10:00"), papers_per_month=3)


@pytest.mark.parametrize(("name", "asked"), [("record_decision", DECISION), ("deliver_digest", DIGEST)])
async def test_what_a_workflow_of_ours_asks_for_is_done_as_it_was_asked(office: Office, name: str, asked: Any) -> None:
    """To the last field, by another worker of the installation, and after a new key."""
    headers = office.asks(name, asked)
    office.keys.add_key()
    await office.does(name, asked, headers)
    assert office.done == [asked]
    assert office.refusals == []


async def test_a_local_activity_needs_no_seal(office: Office) -> None:
    """It does not come through the engine."""
    await office.does("record_decision", DECISION, {}, local=True)
    assert office.done == [DECISION]


async def test_a_header_that_was_copied_says_the_same_again(office: Office) -> None:
    """Whatever stands beside it: what was asked for once is done once more, which changes nothing."""
    copied = office.asks("deliver_digest", DIGEST)
    await office.does(
        "deliver_digest", DIGEST.model_copy(update={"digest_id": "别的", "papers_per_month": 999}), copied
    )
    assert office.done == [DIGEST]


def of_another_task(office: Office, _: Path) -> Mapping[str, Payload]:
    """Copied from another kind of task."""
    return office.asks("mail_waiting", DIGEST)


def of_another_office(_: Office, folder: Path) -> Mapping[str, Payload]:
    """Sealed with the stranger's own key, under our key's name too."""
    return Office(folder / "elsewhere").asks("deliver_digest", DIGEST)


def cut_off(office: Office, _: Path) -> Mapping[str, Payload]:
    """Some of its bytes."""
    ((name, whole),) = office.asks("deliver_digest", DIGEST).items()
    return {name: Payload(metadata=whole.metadata, data=whole.data[:-1])}


def what_the_engine_keeps(office: Office, _: Path) -> Mapping[str, Payload]:
    """A payload that is sealed with the very key, as anybody fetches it from a history."""
    ((name, whole),) = office.asks("deliver_digest", DIGEST).items()
    sealed = office.keys.seal(DATA_CONVERTER.payload_converter.to_payload(DIGEST).SerializeToString())
    return {name: Payload(metadata=whole.metadata, data=sealed.data)}


def none_at_all(_office: Office, _folder: Path) -> Mapping[str, Payload]:
    """What everybody could ask for until now."""
    return {}


@pytest.mark.parametrize(
    "made",
    [none_at_all, of_another_task, of_another_office, cut_off, what_the_engine_keeps],
    ids=lambda made: made.__name__,
)
@pytest.mark.parametrize("asked", [DIGEST, DECISION, {"strange": 1}], ids=["mail", "record", "strange"])
async def test_anything_else_is_refused_on_record(
    office: Office, tmp_path: Path, asked: Any, made: Callable[[Office, Path], Mapping[str, Payload]]
) -> None:
    """Nothing is done, the refusal says what was asked for and by whom, and the engine does not try again."""
    with pytest.raises(ApplicationError) as refused:
        await office.does("deliver_digest", asked, made(office, tmp_path))
    assert (refused.value.type, refused.value.non_retryable) == (RULE, True)
    assert office.done == []
    (kept,) = office.refusals
    assert (kept.rule, kept.command["type"], kept.command["asked_by"]) == (RULE, "deliver_digest", "test")
    streams = {"DeliverDigest": "department-mailbox/", "Decision": "key-project/2018/05a", "dict": "test"}
    assert kept.stream.startswith(streams[type(asked).__name__])


@pytest.mark.parametrize("asked", [DECISION, {"strange": 1}], ids=["record", "strange"])
async def test_a_stranger_s_name_is_told_short_and_harmless(office: Office, asked: Any) -> None:
    """Nothing in it moves a terminal, breaks a line or turns it round, and 900 letters are not read out."""
    with pytest.raises(ApplicationError) as refused:
        await office.does("record_decision", asked, {}, by="x\x1b[2J\n\u202e" + "y" * 900)
    (kept,) = office.refusals
    for told in (kept.text, kept.stream, str(kept.command["asked_by"]), refused.value.message):
        assert not REFUSED.search(told)
        assert "\n" not in told
        assert len(told) < 200
