"""A rehearsed year in a ledger: the core's decisions day by day, digests, heads, witnesses, histories, blobs."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.bundle_export import BundleExport, BundleExtras
from adapters.ledger.door_files import FolderDoorKeys
from adapters.ledger.door_keys import LedgerDoorRegister
from adapters.ledger.log_store import LogStore
from adapters.ledger.rows import KeptCheckpoint
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.ledger.transparency_log import TransparencyLog
from adapters.vault.folder_vault import FolderVault
from application.office.attesting import Attestor, Giver
from application.office.directory_stream import append_to_directory
from application.office.office_acts import attested_office_act, door_change
from domain.accounts.rights import signed_in
from domain.accounts.webauthn import in_base64url
from domain.actors import Actor, department, operator
from domain.acts.act_digest import GivenAct, act_digest, document_digest, office_act_document
from domain.acts.attestation import OwnKeyProof, bound_to
from domain.acts.commands import (
    AcceptCompletion,
    AnyCommand,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
    StrikeOff,
)
from domain.acts.decisions import decide
from domain.acts.own_key import challenge_of_acts, hash_in, key_name_of
from domain.clock import VirtualClock
from domain.directory import changes
from domain.directory.directory import Directory
from domain.directory.draft import Draft
from domain.events import DomainEvent
from domain.evidence import EvidenceFile
from domain.evolution import fold
from domain.ids import milestone_id_for, project_id_for, supervision_workflow_id
from domain.lists.docketing import docket
from domain.papers.drafting import papers_for, withholdings_for
from domain.ports.evidence import EvidenceStore
from domain.ports.ledger import Acceptance, Decision, Refusal
from domain.ports.vault import HistoryVault, KeptFile
from domain.project import KeyProject, ListHeader, Milestone, Quota, SourceSpan
from domain.record.issues import IssuedStart, opening_digest
from domain.record.leaf import LOG_STREAM
from domain.record.own_entries import OwnEntry
from domain.record.person_keys import PERSON_KEYS_STREAM, PersonKey, key_revoked
from domain.rules.calendar import WorkingCalendar, office_instant
from domain.rules.policy import SupervisionPolicy
from domain.rungs.wakeups import wake
from domain.state import ProjectState
from tests.application.accounts.authenticator import RP_ID, Device
from verifier.bundle import sha256_of
from verifier.notes import VerificationKey
from verifier.verify import Trust
from verifier.witness import Witness

HISTORY_BYTES = 2_000
ORIGIN = "duban.example/ledger"
FIRST_DAY = date(2018, 4, 25)
LAST_DAY = date(2018, 12, 31)
DEPARTMENTS = ("组织部", "宣传部", "教务处", "学生处")
HEADER = ListHeader(document_number=None, title="2018年重点项目", issuer=None, issued_on=FIRST_DAY, year=2018)


PERSONS = {"李明": "P0001", "王芳": "P0002", "张三": "P0003"}


def person(name: str) -> Actor:
    """A person of the supervision section, as the door resolved him."""
    return operator(name).model_copy(update={"person_id": PERSONS[name]})


def office_of_persons(at: datetime) -> Draft:
    """The office as a directory: 李明 keeps it, 王芳 reviews beside him, 张三 acts for every department."""
    draft, since = Draft(Directory(), at, "administrator:P0001", "request:office"), FIRST_DAY.replace(day=1)
    for name in PERSONS:
        number = changes.open_person(draft, name, from_on=since)
        changes.give_account(draft, number, f"password:{name}", from_on=since)
    changes.give_role(draft, PERSONS["李明"], "administrator", from_on=since)
    for name in ("李明", "王芳"):
        changes.give_role(draft, PERSONS[name], "operator", from_on=since)
    for name in (*DEPARTMENTS, "办公室"):
        department_id = changes.open_department(draft, name, from_on=since)
        changes.give_role(draft, PERSONS["张三"], "department", department_id=department_id, from_on=since)
    return draft


def proof_of(device: Device, *act_ids: str) -> OwnKeyProof:
    """What a device signs of acts."""
    said = device.sign(in_base64url(challenge_of_acts(act_ids)))["response"]
    return OwnKeyProof(
        key=key_name_of(device.public_key),
        client_data=said["clientDataJSON"],
        authenticator_data=said["authenticatorData"],
        signature=said["signature"],
        acts=tuple(map(hash_in, act_ids)) if len(act_ids) > 1 else None,
    )


def project(serial: int, milestones: int) -> KeyProject:
    """A key project whose milestones fall due on ends of months."""
    project_id = project_id_for(2018, str(serial))
    ends = [date(2018, month + 1, 1) - timedelta(days=1) for month in range(3, 12)] + [LAST_DAY]
    return KeyProject(
        project_id=project_id,
        serial=str(serial),
        title=f"第{serial}项重点工作",
        lead_department=DEPARTMENTS[serial % len(DEPARTMENTS)],
        participating_departments=("办公室",),
        schedule_text="",
        milestones=tuple(
            Milestone(
                milestone_id=milestone_id_for(project_id, ordinal + 1),
                description=f"完成第{ordinal + 1}项任务",
                window_text="",
                starts_on=None,
                due_on=ends[(serial + ordinal * 3) % len(ends)],
                assigned="window",
                quota=Quota(value=6, unit="期") if ordinal == 1 else None,
                source=SourceSpan(start=0, end=0),
            )
            for ordinal in range(milestones)
        ),
    )


@dataclass
class Year:
    """A ledger, its log and everything that a bundle takes, while a year goes by."""

    folder: Path
    seed: int = 0
    origin: str = ORIGIN
    instant: datetime = field(default_factory=lambda: office_instant(FIRST_DAY, datetime.min.time()))

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.ledger = SqliteLedger.open(self.folder / "ledger.sqlite", lambda: self.instant)
        self.store: LogStore = self.ledger.log_store()
        self.log = TransparencyLog(self.store, self.folder / "keys", ORIGIN, lambda: self.instant)
        self.vault: HistoryVault = FolderVault(self.folder)
        self.evidence: EvidenceStore = FolderEvidence(self.folder / "evidence")
        self.export = BundleExport(self.log, self.store, self.vault, self.evidence)
        self.states: dict[str, ProjectState] = {}
        self.door_keys = FolderDoorKeys(self.folder / "keys")
        self.doors = LedgerDoorRegister(self.store, self.door_keys)
        self.attestor = Attestor(self.door_keys, self.evidence, lambda: self.instant)
        self.devices: list[Device] = []
        self.struck: list[str] = []
        self.witnesses: list[tuple[Witness, VerificationKey]] = []
        self.kept: list[bytes] = []

    async def open(self, projects: int, milestones: int) -> None:
        """Open the log with two witnesses and docket the projects."""
        await self.log.open()
        for name in ("audit-office.example", "archives.example"):
            witness = Witness(self.folder / name)
            key = witness.create(name, self.log.vkeys())
            self.witnesses.append((witness, key))
            trusted = {"name": f"w{len(self.witnesses) - 1}", "vkey": str(key)}
            await self.store.append_own(OwnEntry(LOG_STREAM, "witness.trusted", trusted))
        await self._know_everybody()
        await self.doors.open()
        await self.new_device()
        await self._attach("通知.pdf", b"%PDF " + self.random.randbytes(3_000))
        policy, calendar = SupervisionPolicy(), WorkingCalendar()
        for serial in range(1, projects + 1):
            listed = project(serial, milestones)
            opened = docket(HEADER, listed, policy, calendar, self.instant)
            start = IssuedStart(project_id=listed.project_id, opening=opening_digest(opened), clock=VirtualClock())
            act = {"project_id": start.project_id, "command": start.command("李明"), "nonce": ""}
            attested = await self.attestor.file_of(act, self.giver("李明"))
            await self.store.append_own(start.entry(attested))
            await self._record(listed.project_id, opened)

    async def _know_everybody(self) -> None:
        draft = office_of_persons(self.instant)
        await append_to_directory(self.store, self.evidence, draft.events)
        self.directory = draft.directory

    async def live(self, days: int) -> None:
        """Let days go by: wake-ups, what departments and reviewers do, digests in the morning."""
        for _ in range(days):
            for hour in (1, 8, 9, 15):
                self.instant = self.instant.replace(hour=hour, minute=35)
                for project_id, state in list(self.states.items()):
                    await self._record(project_id, wake(state, self.instant))
                if hour == 9:
                    await self._send_digests()
                if hour == 15 and self.instant.date().weekday() < 5:
                    await self._act()
            self.instant = (self.instant + timedelta(days=1)).replace(hour=0)

    def giver(self, name: str) -> Giver:
        """Somebody who is signed in at the desk."""
        who = signed_in(self.directory, f"password:{name}", "password", self.instant, self.instant)
        assert who is not None
        return Giver(who, "desk")

    async def new_device(self, *, lost_one: bool = True) -> None:
        """王芳 enrols a device; the one before was lost, and an administrator lets its key go; or it signs that."""
        if self.devices and lost_one:
            lost = key_name_of(self.devices[-1].public_key)
            command = {"type": "RevokeKey", "key": lost, "reason": "丢失"}
            file = await self._office_act("李明", command)
            await self.store.append_own(key_revoked(lost, "password:李明", "丢失", file))
        device, giver = Device(), self.giver("王芳")
        name, number = key_name_of(device.public_key), PERSONS["王芳"]
        command = {"type": "EnrolKey", "key": name, "person_id": number, "rp_id": RP_ID}
        act = office_act_document(PERSON_KEYS_STREAM, command, giver.by.account, "")
        proof = None if lost_one else proof_of(self.devices[-1], document_digest(act))
        file = await self.attestor.file_of(act, giver, proof)
        key = PersonKey(name, number, giver.by.account, device.public_key, RP_ID)
        await self.store.append_own(key.enrolled(file))
        self.devices.append(device)

    async def _office_act(self, name: str, command: dict[str, Any]) -> EvidenceFile:
        return await attested_office_act(self.attestor, self.giver(name), PERSON_KEYS_STREAM, command)

    async def end_a_period(self) -> None:
        """Say the streams' heads, sign, have it witnessed, and keep the head as an auditor does."""
        await self.log.close_day()
        for witness, key in self.witnesses:
            kept = witness.kept_head()
            request = self.log.witness_request(kept.size if kept else 0).encode()
            line = witness.cosign(request, int(self.instant.timestamp()))
            await self.log.add_cosignature(line, str(key))
        self.kept.append(self.log.head().encode())

    async def keep_histories(self) -> None:
        """Keep something in the place of each workflow's history, and say so in the ledger."""
        for project_id, state in self.states.items():
            workflow_id = supervision_workflow_id(project_id)
            history, readable = self.random.randbytes(HISTORY_BYTES), b'{"events": []}'
            files = await self.vault.keep(workflow_id, "run-1", history, readable)
            facts = {"events": state.next_seq, "build": "test"}
            await self.log.keep_history(workflow_id, "run-1", facts, [file.model_dump() for file in files])

    def policy(self) -> str:
        """The policy that an auditor keeps: both witnesses must have seen a head."""
        logs = "".join(f"log {vkey}\n" for vkey in self.log.vkeys())
        witnesses = "".join(f"witness w{number} {key}\n" for number, (_, key) in enumerate(self.witnesses))
        return f"{logs}{witnesses}group all-of-them all w0 w1\nquorum all-of-them\n"

    def extras(self) -> BundleExtras:
        """What stands in the bundle beside the log."""
        return BundleExtras(self.policy(), {"duban": "test"})

    def head(self) -> KeptCheckpoint:
        """The last signed head."""
        head = self.store.last_checkpoint()
        assert head is not None
        return head

    def files(self) -> dict[str, bytes]:
        """The bundle of the last signed head, in memory."""
        return dict(self.export.contents(self.head(), self.extras()))

    def trust(self) -> Trust:
        """What the auditor brings along: the policy and every head kept so far but the last."""
        return Trust(policy=self.policy().encode(), kept_heads={f"kept-{n}": k for n, k in enumerate(self.kept[:-1])})

    async def _attach(self, name: str, data: bytes) -> None:
        blob = (await self.evidence.keep(name, data)).model_dump()
        await self.store.append_own(OwnEntry(LOG_STREAM, "attachment.kept", {}, (blob,)))

    async def _act(self) -> None:
        for project_id in sorted(self.states):
            for milestone_id in self.states[project_id].milestones:
                command = self._wish(self.states[project_id], milestone_id)
                if isinstance(command, RequestCompletion):
                    minutes = f"{milestone_id} {self.instant.isoformat()} 会议纪要".encode()
                    shown = await self.evidence.keep("纪要.pdf", minutes)
                    command = command.model_copy(update={"evidence": (str(shown), "另有会议照片")})
                if command is not None:
                    giver, nonce = self.giver(command.by.name), bound_to(command.request_id)
                    act = GivenAct(project_id=project_id, command=command, account=giver.by.account, nonce=nonce)
                    command = await self.attestor.attested(act, giver, self._signed(act))
                    state = self.states[project_id]
                    await self._record(project_id, decide(state, command, self.instant), command)
                    await self._refuse_again(command, project_id)

    def _signed(self, act: GivenAct) -> OwnKeyProof | None:
        """What 王芳's device signs of her acts: every second one together with the one before."""
        if act.command.by.name != "王芳":
            return None
        self.struck.append(act_digest(act))
        return proof_of(self.devices[-1], *self.struck[-1 - len(self.struck) % 2 :])

    async def _refuse_again(self, command: AnyCommand, project_id: str) -> None:
        stream, told = supervision_workflow_id(project_id), command.model_dump(mode="json")
        refusal = Refusal(refused_at=self.instant, stream=stream, rule="r", text="不予办理", command=told)
        await self.ledger.refuse(refusal)

    def _wish(  # noqa: PLR0911 - one case for each stage
        self, state: ProjectState, milestone_id: str
    ) -> AnyCommand | None:
        milestone, chance = state.milestones[milestone_id], self.random.random()
        lead = department(state.project.lead_department, "张三").model_copy(update={"person_id": PERSONS["张三"]})
        asked = f"{milestone_id}-{self.instant:%m%d%H}"
        if state.closed or milestone.stage in ("struck_off", "withdrawn"):
            return None
        if milestone.stage == "completion_requested":
            if chance < 0.2:
                return ReturnForRework(
                    request_id=asked, by=person("李明"), milestone_id=milestone_id, reason="佐证不全"
                )
            return AcceptCompletion(request_id=asked, by=person("李明"), milestone_id=milestone_id)
        if milestone.stage == "completed":
            return StrikeOff(request_id=asked, by=person("王芳"), milestone_id=milestone_id, own_key="signed")
        if chance < 0.008:
            return RequestCompletion(
                request_id=asked,
                by=lead,
                milestone_id=milestone_id,
                text="已全部完成",
                done_on=self.instant.date(),
                quantity=6 if state.issued(milestone_id).quota else None,
            )
        if chance < 0.02:
            return ReportProgress(request_id=asked, by=lead, milestone_id=milestone_id, text="正在推进", quantity=None)
        return None

    async def _send_digests(self) -> None:
        for addressee in [mail.addressee for mail in self.ledger.open_mail() if mail.waiting]:
            digest = await self.ledger.claim(addressee, f"{addressee}/{self.instant:%Y-%m-%dT%H:%M}", self.instant)
            letter = sha256_of(digest.digest_id.encode())
            files = [KeptFile(name=f"outbox/{digest.digest_id}.txt", sha256=letter, size=900)]
            await self.ledger.settle(digest, self.instant, files)

    async def _record(self, project_id: str, events: tuple[DomainEvent, ...], given: AnyCommand | None = None) -> None:
        state = fold(events, self.states.get(project_id))
        if not events or state is None:
            return
        self.states[project_id], stream = state, supervision_workflow_id(project_id)
        decision = Decision(
            stream=stream,
            events=events,
            accepted=() if given is None else (self._accepted(stream, events, given),),
            papers=papers_for(state, events),
            withheld=withholdings_for(state, events),
        )
        await self.ledger.record(decision)

    def _accepted(self, stream: str, events: tuple[DomainEvent, ...], given: AnyCommand) -> Acceptance:
        return Acceptance(
            accepted_at=self.instant,
            stream=stream,
            request_id=given.request_id,
            first=events[0].seq,
            events=len(events),
            command=given.model_dump(mode="json"),
        )


async def rehearsed_year(
    folder: Path, *, seed: int = 0, projects: int = 10, milestones: int = 4, days: int = 240
) -> Year:
    """A year gone by, its histories kept, its last head witnessed; six periods with a kept head each."""
    year = Year(folder, seed)
    await year.open(projects, milestones)
    for period in range(5):
        await year.live(days // 6)
        await year.end_a_period()
        if period == 2:
            await year.doors.change("desk", "换钥", door_change(year.attestor, year.giver("李明"), "desk", "换钥"))
        if period == 3:
            await year.new_device()
            year.instant += timedelta(hours=1)
            await year.new_device(lost_one=False)
    await year.live(days - 5 * (days // 6))
    await year.keep_histories()
    await year.end_a_period()
    return year
