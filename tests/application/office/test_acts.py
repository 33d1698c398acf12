"""An act reaches the engine with what only the whole office knows, and its files and refusals are kept."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any, BinaryIO, cast

import pytest

from application.office.acts import Act, first_mail_of, give
from application.office.attesting import Giver, local_giver
from application.office.office import Office
from application.office.office_facts import LeadOnlyReleasedError
from application.office.shown_files import ShownFile
from domain.acts.act_digest import GivenAct
from domain.acts.commands import (
    AnyCommand,
    CommandOutcome,
    OpenInspection,
    ReassignLead,
    ReplaceParticipant,
    ReportProgress,
)
from domain.acts.rejections import UnknownProjectError
from domain.errors import RejectedError
from domain.ports.evidence import EvidenceStore
from domain.ports.ledger import Decision
from domain.record.person_keys import PersonKeyReader
from domain.record.recorded_directory import DirectoryReader
from domain.record.refused_words import RefusedWords
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import MORNING
from tests.domain.samples import FIRST, LEAD, LI, PROJECT, Desk, at

STREAM = f"key-project/{PROJECT[:4]}/{PROJECT[5:]}"


class Engine:
    """Answers every command by what the desk decides, and remembers it; knows one project."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.given: list[AnyCommand] = []

    async def command(self, project_id: str, command: AnyCommand) -> CommandOutcome:
        """Ask the desk."""
        if project_id != PROJECT:
            raise UnknownProjectError(project_id=project_id)
        self.given.append(command)
        self.desk.ask(command)
        return CommandOutcome(event_ids=(), stage="assigned")


class Kept:
    """An evidence store that remembers."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def take(self, name: str, _: BinaryIO) -> None:
        """Remember a file."""
        self.names.append(name)


class Attesting:
    """A door that attests everything, and keeps nothing."""

    async def attested(self, act: GivenAct, _: Giver, __: object = None) -> AnyCommand:
        """The command as it is."""
        return act.command


@pytest.fixture
async def office() -> Any:
    """An office with one project on record; its refusals go into the same ledger."""
    desk, ledger = Desk(), InMemoryLedger(lambda: MORNING)
    await ledger.record(Decision(stream=STREAM, events=tuple(desk.events), papers=tuple(desk.papers)))
    desk.now = at("04-26 10:00")

    async def keep_refusal(project_id: str, command: AnyCommand, error: RejectedError) -> None:
        refused.append((project_id, error.rule))

    refused: list[tuple[str, str]] = []
    readers = {"persons": DirectoryReader(ledger, cast(EvidenceStore, Kept())), "own_keys": PersonKeyReader(ledger)}
    records = SimpleNamespace(
        ledger=ledger, outbox=ledger, evidence=Kept(), refused_words=RefusedWords(ledger), **readers
    )

    def now() -> datetime:
        return at("04-26 10:00")

    who = {"giver": local_giver(now()), "attestor": Attesting, "signer": None}
    told = {"keep_refusal": keep_refusal, "refused": refused}
    return SimpleNamespace(engine=Engine(desk), records=records, now=now, **told, **who)


def replacing(department: str, to: str | None, milestone_id: str | None = None) -> ReplaceParticipant:
    """Another department in the place of one."""
    return ReplaceParticipant(
        request_id=f"{department} {to}",
        by=LI,
        milestone_id=milestone_id,
        department=department,
        to=to,
        reason="机构改革",
    )


async def given(office: Any, command: AnyCommand) -> AnyCommand:
    """The command that the engine was given in the end."""
    await give(cast(Office, office), Act(PROJECT, command))
    last: AnyCommand = office.engine.given[-1]
    return last


async def test_the_department_before_may_be_the_lead(office: Any) -> None:
    """Who replaces the lead becomes the lead; a participant is replaced as a participant."""
    assert isinstance(await given(office, replacing("宣传部", None, FIRST)), ReplaceParticipant)
    assert isinstance(await given(office, replacing("组织部", "统战部")), ReassignLead)


async def test_a_lead_is_not_only_released(office: Any) -> None:
    """Somebody must lead: the sentence asks who, and the engine is not asked."""
    with pytest.raises(LeadOnlyReleasedError, match="请写明新的牵头部门"):
        await given(office, replacing("组织部", None))
    assert office.engine.given == []


async def test_an_inspection_knows_the_month_s_count_of_its_department(office: Any) -> None:
    """The cap counts over all projects, so whoever opens one need not count."""
    opening = OpenInspection(request_id="i", by=LI, milestone_id=FIRST, reason="抽查", this_month=7)
    assert cast(OpenInspection, await given(office, opening)).this_month == 0


async def test_shown_files_are_kept_before_the_act_is_given(office: Any) -> None:
    """Also where it is refused: a record never names a file that nobody has."""
    report = ReportProgress(request_id="p", by=LEAD, milestone_id=FIRST, text="推进")
    await give(cast(Office, office), Act(PROJECT, report, (ShownFile.of("方案.pdf", b"%PDF"),)))
    assert office.records.evidence.names == ["方案.pdf"]


async def test_an_act_for_an_unknown_project_is_a_refusal_on_record(office: Any) -> None:
    """No workflow is there to keep it."""
    report = ReportProgress(request_id="p", by=LEAD, milestone_id=FIRST, text="推进")
    with pytest.raises(UnknownProjectError):
        await give(cast(Office, office), Act("2018-99", report))
    assert office.refused == [("2018-99", UnknownProjectError.rule)]


async def test_a_name_that_never_had_mail_is_told_apart(office: Any) -> None:
    """A paper of this project alone says nothing: a slip of the pen has one too."""
    assert await first_mail_of(cast(Office, office), PROJECT, "组织部")
    assert not await first_mail_of(cast(Office, office), "2018-77", "组织部")
