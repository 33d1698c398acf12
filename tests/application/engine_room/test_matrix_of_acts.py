"""The matrix of acts, made from all commands: who, as whom, with which attestation; exactly what is allowed passes.

What each role may is said here once more, on purpose: a command that comes later is tried by the row of its `who`, and
one that needs facts of its own fails the build until it has them here.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import pytest

from application.engine_room.act_desk import OfficeActDesk
from application.office.attesting import Attestor, Giver, local_giver
from application.office.directory import AskedChange, import_directory
from application.office.office_acts import door_change
from application.records import Records
from application.settings import Settings
from domain.actors import Actor, department, operator
from domain.acts.access import check_access
from domain.acts.act_digest import GivenAct, identified
from domain.acts.attestation import attestation_file
from domain.acts.commands import AnyCommand, AppointDeputy
from domain.acts.commands.command import Command, Who
from domain.acts.decisions import HANDLERS
from domain.canonical_json import canonical_json
from domain.directory.directory import Directory
from domain.directory.naming import with_persons
from domain.directory.signed_in import SignedIn
from domain.errors import RejectedError
from domain.evidence import EvidenceFile, evidence_files
from domain.record.recorded_directory import recorded_directory
from domain.state import ProjectState
from entrypoints.bootstrap import attestor_of, guards_of, open_records
from tests.domain.directory.samples import table
from tests.domain.samples import CALENDAR, FIRST, PROJECT, WHOLE_LIFE, Desk, at, key_project, milestone, request

NOW = at("05-10 10:00")
LONG_AGO = at("2017-12-29 10:00")
"""When nobody had a role yet."""
PEOPLE: Final = {
    "李明": ("operator", None),
    "王芳": ("deputy", None),
    "旧督查": ("past operator", None),
    "张三": ("department", "组织部"),
    "王五": ("department", "宣传部"),
    "赵六": ("department", "统战部"),
    "旧承办": ("past department", "组织部"),
    "管理员甲": ("administrator", None),
    "孙审计": ("auditor", None),
    "周市长": ("principal_leader", None),
    "吴某": ("nobody", None),
}
"""Each person's role, and the department that he acts for: the lead, one that takes part, one that has nothing here."""
OFFICE = table(
    *(f"部门,,{name},,,,,,2018-01-01," for name in ("组织部", "宣传部", "统战部")),
    *(f"人员,,{name},,oidc:a{number},,,,2018-01-01," for number, name in enumerate(PEOPLE)),
    "任职,,李明,,,督查人员,,,2018-01-01,",
    "任职,,王芳,,,代办人,,李明,2018-01-01,2018-12-31",
    "任职,,旧督查,,,督查人员,,,2018-01-01,2018-04-30",
    "任职,,张三,,,承办人,组织部,,2018-01-01,",
    "任职,,王五,,,承办人,宣传部,,2018-01-01,",
    "任职,,赵六,,,承办人,统战部,,2018-01-01,",
    "任职,,旧承办,,,承办人,组织部,,2018-01-01,2018-04-30",
    "任职,,管理员甲,,,管理员,,,2018-01-01,",
    "任职,,孙审计,,,审计人员,,,2018-01-01,",
    "任职,,周市长,,,主要领导,,,2018-01-01,",
)
ALL_ROLES = ("operator", "department", "deputy", "administrator", "auditor", "principal_leader")
DEPARTMENTS = ("组织部", "宣传部", "统战部")
As = Literal["section", "deputy", "组织部", "宣传部", "统战部"]
AS: Final[tuple[As, ...]] = ("section", "deputy", "组织部", "宣传部", "统战部")
"""As whom one acts: of the section, for 李明 of the section, for a department."""
ALLOWED: Final[dict[Who, frozenset[tuple[str, As]]]] = {
    "operator": frozenset({("李明", "section"), ("王芳", "deputy")}),
    "lead": frozenset({("张三", "组织部")}),
    "department": frozenset({("张三", "组织部"), ("王五", "宣传部")}),
    "principal": frozenset({("李明", "section"), ("张三", "组织部"), ("王五", "宣传部")}),
}
"""Who may, as whom; nobody else, and as nobody else."""
DAY = date(2018, 6, 29)
FACTS: Final[dict[str, Any]] = {
    "step": 3,
    "department": "宣传部",
    "to": "统战部",
    "units": ("杭州市",),
    "above": ("统战部",),
    "sub_duty": "2018-05a_01_01",
    "unit": "杭州市",
    "withdrawn": True,
    "against": "宣传部",
    "responsible": "组织部",
    "new_due_on": DAY,
    "ruling": "refuse",
    "holds": True,
    "kind": "praise",
    "until": DAY,
    "from_on": NOW.date(),
    "until_on": DAY,
    "deputy": operator("王芳"),
    "to_year": 2019,
    "calendar": CALENDAR,
    "project": key_project([milestone()]),
}
"""What commands must say beside their texts."""
REFUSED_BY: Final = {
    "missing": "act_is_attested",
    "expired": "attestation_is_fresh",
    "revoked": "door_is_open",
    "forged": "attestation_is_signed",
}
"""The rule that refuses an attestation in each condition, whoever gives the act."""


@dataclass
class Memory:
    """An evidence store without a disk."""

    files: dict[str, bytes] = field(default_factory=dict)

    async def keep(self, name: str, data: bytes) -> EvidenceFile:
        file = EvidenceFile.of(name, data)
        self.files[file.sha256] = data
        return file

    async def take(self, name: str, file: BinaryIO) -> EvidenceFile:
        return await self.keep(name, file.read())

    async def erase(self, sha256: str) -> None:
        self.files.pop(sha256, None)

    def open(self, sha256: str) -> BinaryIO:
        return io.BytesIO(self.files[sha256])

    def has(self, sha256: str, size: int | None = None) -> bool:
        return sha256 in self.files and size in (None, len(self.files[sha256]))

    def lacking(self, hashes: Iterable[str]) -> list[str]:
        return [sha256 for sha256 in hashes if sha256 not in self.files]

    def trouble(self) -> str | None:
        return None

    def read(self, sha256: str) -> bytes:
        return self.files[sha256]


@dataclass(frozen=True)
class Hall:
    """The act desk over a directory, with a store in memory, and the project as it stands."""

    records: Records
    desk: OfficeActDesk
    attestor: Attestor
    store: Memory
    directory: Directory
    state: ProjectState
    made: dict[tuple[int, str], AnyCommand] = field(default_factory=dict)
    """What was attested, by the command (which `command_of` keeps) and the person."""

    async def attested(self, command: AnyCommand, name: str) -> AnyCommand:
        """A command, resolved and attested as its person's who is signed in and may, by the door, everything."""
        if (id(command), name) not in self.made:
            self.made[id(command), name] = await self._attested(command, name)
        return self.made[id(command), name]

    async def _attested(self, command: AnyCommand, name: str) -> AnyCommand:
        by = signed_in(name)
        resolved = with_persons(command, self.directory, NOW, by.person_id)
        act = identified(GivenAct(project_id=PROJECT, command=resolved, account=by.account, nonce="n"))
        return await self.attestor.attested(act, Giver(by, "desk"))

    def allowed(self, command: AnyCommand, now: datetime = NOW, heard: datetime = NOW) -> bool:
        """Whether an act passes: the desk hears it, and the project allows it to him."""
        return self.rule(command, now, heard) is None

    def rule(self, command: AnyCommand, now: datetime = NOW, heard: datetime = NOW) -> str | None:
        """By which rule it is refused."""
        error = self.desk.verdict(PROJECT, command, now, heard)
        if error is not None:
            return error.rule
        try:
            check_access(self.state, command, now.date())
        except RejectedError as refused:
            return refused.rule
        return None


def signed_in(name: str) -> SignedIn:
    """Somebody who is signed in; the door says that he may everything: the directory is what counts."""
    number = list(PEOPLE).index(name)
    return SignedIn(
        account=f"oidc:a{number}",
        person_id=f"P{number + 1:04d}",
        name=name,
        roles=ALL_ROLES,  # type: ignore[arg-type]  # they are roles
        departments=DEPARTMENTS,
        how="oidc",
        issuer="https://id.example",
        logged_in_at=NOW,
    )


@pytest.fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One directory for all; its project is led by 组织部, 宣传部 takes part, 王芳 is 李明's deputy in it."""
    folder: Path = tmp_path_factory.mktemp("matrix")
    settings = Settings(data=folder / "data")
    with open_records(settings) as records:
        await import_directory(records, OFFICE, AskedChange("管理员甲", at("04-20 09:00"), "r0"))
        await records.doors.open()
        # The directory's names are files of the store too.
        store = Memory({path.name: path.read_bytes() for path in settings.evidence_folder.rglob("*") if path.is_file()})
        acts = guards_of(replace(records, evidence=store), settings).acts
        attestor = replace(attestor_of(settings), evidence=store, now=lambda: NOW)
        yield Hall(records, acts, attestor, store, recorded_directory(records.ledger, records.evidence), _project())


def _project() -> ProjectState:
    desk = Desk(milestone(1), policy=WHOLE_LIFE)
    numbers = {"李明": "P0001", "王芳": "P0002"}
    li, wang = (operator(name).model_copy(update={"person_id": number}) for name, number in numbers.items())
    period: dict[str, Any] = {"from_on": NOW.date(), "until_on": DAY}
    desk.ask(request(AppointDeputy, by=li, principal=li, deputy=wang, **period))
    return desk.state


@cache
def command_of(kind: type[Command], name: str, acts_as: As) -> AnyCommand:
    """A command as somebody gives it, as a member of the section, as a deputy or for a department."""
    by: Actor = operator(name) if acts_as in ("section", "deputy") else department(acts_as, name)
    facts = {n: FACTS[n] for n, f in kind.model_fields.items() if n in FACTS and f.is_required()}
    if "principal" in kind.model_fields:
        facts["principal"] = operator("李明") if acts_as == "deputy" else by
        if by.role == "department":
            facts["deputy"] = department("统战部")
    principal = operator("李明") if acts_as == "deputy" else None
    made: AnyCommand = request(kind, FIRST, by=by, on_behalf_of=principal, **facts)
    return made


def cells(kind: type[Command]) -> Iterator[tuple[str, As]]:
    """Everybody as everybody."""
    return ((name, acts_as) for name in PEOPLE for acts_as in AS)


def test_every_act_stands_in_the_matrix() -> None:
    """Each command can be made here, and its `who` has a row; what another row says is no command's."""
    missing = {
        f"{kind.__name__}.{name}"
        for kind in HANDLERS
        for name, info in kind.model_fields.items()
        if info.is_required() and name not in {*FACTS, "request_id", "by", "milestone_id", "principal"} | _texts(kind)
    }
    assert missing == set()
    assert {kind.who for kind in HANDLERS} == set(ALLOWED)


def _texts(kind: type[Command]) -> set[str]:
    made = command_of(kind, "李明", "section")
    return {name for name in kind.model_fields if getattr(made, name, None) == "已办"}


@pytest.mark.parametrize("kind", HANDLERS, ids=lambda kind: kind.__name__)
async def test_exactly_the_allowed_may_give_an_act(hall: Hall, kind: type[Command]) -> None:
    """Every person as everybody: with an attestation in order exactly the row passes; before their roles, none."""
    passed: set[tuple[str, As]] = set()
    in_the_past = []
    for name, acts_as in cells(kind):
        command = await hall.attested(command_of(kind, name, acts_as), name)
        if hall.allowed(command):
            passed.add((name, acts_as))
            in_the_past.append(hall.rule(command, LONG_AGO))
    assert passed == ALLOWED[kind.who]
    assert set(in_the_past) == {"account_has_the_right"}


@pytest.mark.parametrize("kind", HANDLERS, ids=lambda kind: kind.__name__)
async def test_no_act_passes_with_an_attestation_that_is_not_in_order(hall: Hall, kind: type[Command]) -> None:
    """Missing, expired or forged: every person as everybody is refused by that rule, the allowed ones too."""
    for name, acts_as in cells(kind):
        good = await hall.attested(command_of(kind, name, acts_as), name)
        late = NOW + timedelta(minutes=11)
        told = {
            "missing": hall.rule(good.model_copy(update={"attested": None})),
            "expired": hall.rule(good, NOW, late),
            "forged": hall.rule(await _forged(hall, good)),
        }
        assert told == {condition: REFUSED_BY[condition] for condition in told}


async def _forged(hall: Hall, command: AnyCommand) -> AnyCommand:
    (file,) = evidence_files((command.attested or "",))
    said = json.loads(hall.store.read(file.sha256)) | {"received_at": "2018-05-10T02:00:01Z"}
    data = canonical_json(said)
    await hall.store.keep("attestation.json", data)
    assert hashlib.sha256(data).hexdigest() != file.sha256
    return command.model_copy(update={"attested": str(attestation_file(data))})


async def test_no_act_passes_by_a_door_whose_key_was_changed(hall: Hall) -> None:
    """The last of the matrix: every act of everybody as everybody, by the key of before."""
    before = [
        await hall.attested(command_of(kind, name, acts_as), name) for kind in HANDLERS for name, acts_as in cells(kind)
    ]
    await hall.records.doors.change("desk", "换钥", door_change(hall.attestor, local_giver(NOW), "desk", "换钥"))
    assert {hall.rule(command) for command in before} == {REFUSED_BY["revoked"]}
    assert len(before) == len(HANDLERS) * len(PEOPLE) * len(AS)
