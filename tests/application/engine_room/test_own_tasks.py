"""What a worker is asked for bears the installation's seal: what stands under it is done, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
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
from domain.ids import mailbox_workflow_id
from domain.ports.actions import DeliverDigest
from domain.ports.ledger import Decision, Refusal
from entrypoints.bootstrap import engine_now
from tests.domain.samples import LEAD, Desk, at, milestone, request

RULE = "task_is_ours"
PROJECT, MAILBOX = "key-project/2018/05a", mailbox_workflow_id("组织部")


class Office:
    """What one installation's interceptor seals, what its worker then does, and what it keeps of refusals."""

    def __init__(self, folder: Path) -> None:
        self.keys = FolderPayloadKeys(folder / "payloads.keys", folder / "made.json", engine_now)
        self.refusals: list[Refusal] = []
        self.done: list[Any] = []
        self.tasks = OwnTasks(self.keys, self._keep, self._now)

    def place(self, file: Path, content: bytes) -> None:
        """Put a file of keys on this machine, as its administrator does."""
        file.unlink()
        file.write_bytes(content)
        file.chmod(0o600)

    async def _keep(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)

    async def _now(self) -> Any:
        return at("05-09 10:00")

    def asks(self, name: str, asked: Any, by: str | None = None) -> Mapping[str, Payload]:
        """The headers with which a workflow of ours asks for something."""
        sent: list[StartActivityInput] = []

        class Engine:
            def init(self, outbound: Any) -> None:
                outbound.start_activity(_Asked(name, [asked], {}))

            def start_activity(self, given: Any) -> None:
                sent.append(given)

            def info(self) -> Any:
                return SimpleNamespace(workflow_id=by or workflow_of(asked))

        made: Any = self.tasks.workflow_interceptor_class(None)  # type: ignore[arg-type]  # it is not looked at
        engine: Any = Engine()
        made(engine).init(engine)
        return sent[0].headers

    async def does(
        self,
        name: str,
        asked: Any,
        headers: Mapping[str, Payload],
        *,
        local: bool = False,
        by: str | None = None,
        attempt: int = 1,
    ) -> Any:
        """Have its worker asked for something."""
        done = self.done

        class Activity(ActivityInboundInterceptor):
            def __init__(self) -> None:
                """The last of the chain."""

            async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
                done.extend(input.args)

        environment = ActivityEnvironment()
        environment.info = replace(
            environment.info, activity_type=name, is_local=local, workflow_id=by or workflow_of(asked), attempt=attempt
        )
        given = ExecuteActivityInput(fn=_nothing, args=[asked], executor=None, headers=headers)
        return await environment.run(self.tasks.intercept_activity(Activity()).execute_activity, given)


def workflow_of(asked: Any) -> str:
    """The id of the workflow of ours that asks for something."""
    if isinstance(asked, DeliverDigest):
        return MAILBOX
    return PROJECT if isinstance(asked, Decision) else "test"


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
    return Decision(stream=PROJECT, events=tuple(desk.events), first=0)


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


async def test_a_seal_of_a_key_that_is_not_here_yet_waits_for_it(office: Office, tmp_path: Path) -> None:
    """Another machine began a new key: nothing is done meanwhile, told once, and it is done when the key has come."""
    file, made = tmp_path / "payloads.keys", tmp_path / "made.json"
    office.asks("deliver_digest", DIGEST)
    old, noted = file.read_bytes(), made.read_bytes()
    office.keys.add_key()
    new, headers = file.read_bytes(), office.asks("deliver_digest", DIGEST)
    made.write_bytes(noted)
    office.place(file, old)
    for attempt in (1, 2):
        with pytest.raises(ApplicationError) as waits:
            await office.does("deliver_digest", DIGEST, headers, attempt=attempt)
        assert (waits.value.type, waits.value.non_retryable) == ("task_seal_is_readable", False)
    assert (office.done, [kept.rule for kept in office.refusals]) == ([], ["task_seal_is_readable"])
    office.place(file, new)
    await office.does("deliver_digest", DIGEST, headers)
    assert office.done == [DIGEST]


async def test_a_local_activity_needs_no_seal(office: Office) -> None:
    """It does not come through the engine."""
    await office.does("record_decision", DECISION, {}, local=True)
    assert office.done == [DECISION]


async def test_a_header_that_was_copied_into_the_same_workflow_says_the_same_again(office: Office) -> None:
    """Whatever stands beside it: what was asked for once is done once more, which changes nothing."""
    copied = office.asks("deliver_digest", DIGEST)
    await office.does(
        "deliver_digest", DIGEST.model_copy(update={"digest_id": "别的", "papers_per_month": 999}), copied
    )
    assert office.done == [DIGEST]


def of_another_workflow(office: Office, _: Path) -> Mapping[str, Payload]:
    """Copied from a history of ours by who runs a workflow of his own."""
    return office.asks("deliver_digest", DIGEST, by="department-mailbox/other")


def of_another_task(office: Office, _: Path) -> Mapping[str, Payload]:
    """Copied from another kind of task."""
    return office.asks("mail_waiting", DIGEST)


def of_another_office(office: Office, folder: Path) -> Mapping[str, Payload]:
    """Sealed with the stranger's own key, under our key's name."""
    office.asks("deliver_digest", DIGEST)
    ((name, theirs),) = Office(folder / "elsewhere").asks("deliver_digest", DIGEST).items()
    metadata = {**theirs.metadata, "encryption-key-id": office.keys.key_ids()[-1].encode()}
    return {name: Payload(metadata=metadata, data=theirs.data)}


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
    [none_at_all, of_another_workflow, of_another_task, of_another_office, cut_off, what_the_engine_keeps],
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
    assert (kept.rule, kept.command["type"]) == (RULE, "deliver_digest")
    assert (kept.stream, kept.command["asked_by"]) == (workflow_of(asked), workflow_of(asked))


async def test_a_twin_of_a_project_ends_on_record(office: Office) -> None:
    """Our own code under an id that is no project's: its first record answers that it must end."""
    asked = DECISION.model_copy(update={"stream": "x/1"})
    answer = await office.does("record_decision", asked, {}, local=True, by="x/1")
    assert (answer.refused.rule, office.done, [kept.stream for kept in office.refusals]) == (RULE, [], ["x/1"])


@pytest.mark.parametrize("local", [True, False])
async def test_a_twin_of_a_mailbox_ends_on_record(office: Office, *, local: bool) -> None:
    """Our own code under another id than its addressee's sends nothing and asks for nothing."""
    with pytest.raises(ApplicationError):
        await office.does("deliver_digest", DIGEST, office.asks("deliver_digest", DIGEST, by="x"), local=local, by="x")
    assert (office.done, [(kept.stream, kept.rule) for kept in office.refusals]) == ([], [(MAILBOX, RULE)])


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
