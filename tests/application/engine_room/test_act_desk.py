"""No act without an attestation: what the desk refuses before anything is heard, and that it hears the rest."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import pytest_asyncio

from application.engine_room.act_desk import OfficeActDesk
from application.office.attesting import Attestor, Giver
from application.office.directory import AskedChange, change_directory, import_directory
from application.office.office_acts import door_change
from application.records import Records
from application.settings import Settings
from domain.actors import Actor, department, operator
from domain.acts.act_digest import GivenAct, identified
from domain.acts.attestation import attestation_file, attestation_from, bound_to
from domain.acts.commands import AnyCommand, IssueDirective, ReportProgress, StrikeOff, Urge
from domain.canonical_json import canonical_json
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.naming import NotOnePersonError, with_persons
from domain.directory.signed_in import SignedIn
from domain.errors import LedgerUnavailableError
from domain.evidence import evidence_files
from domain.record.recorded_directory import recorded_directory
from entrypoints.bootstrap import attestor_of, guards_of, open_records
from tests.domain.directory.samples import table
from tests.domain.samples import PROJECT, at, request

NOW = at("05-10 10:00")
OFFICE = table(
    "部门,,组织部,,,,,,2018-01-01,",
    "部门,,宣传部,,,,,,2018-01-01,",
    "人员,,管理员甲,,oidc:admin,,,,2018-01-01,",
    "人员,,李明,,oidc:liming；oidc:second,,,,2018-01-01,",
    "人员,,王芳,,oidc:wangfang,,,,2018-01-01,",
    "人员,,张三,,oidc:zhangsan,,,,2018-01-01,",
    "人员,,张副市长,,oidc:leader,,,,2018-01-01,",
    "任职,,张副市长,,,分管领导,组织部,,2018-01-01,",
    "任职,,管理员甲,,,管理员,,,2018-01-01,",
    "任职,,李明,,,督查人员,,,2018-01-01,",
    "任职,,王芳,,,代办人,,李明,2018-01-01,2018-12-31",
    "任职,,张三,,,承办人,组织部,,2018-01-01,",
)
ALL_ROLES = ("operator", "department", "deputy", "administrator", "leader_in_charge")
PERSONS = {"管理员甲": "P0001", "李明": "P0002", "王芳": "P0003", "张三": "P0004", "张副市长": "P0005"}


def signed(account: str, name: str, person_id: str | None = None, how: str = "oidc", roles: Any = None) -> SignedIn:
    """Somebody who is signed in, whose door says that he may do everything: the directory is what counts."""
    return SignedIn.model_validate(
        {
            "account": account,
            "person_id": person_id or PERSONS.get(name),
            "name": name,
            "roles": ALL_ROLES if roles is None else roles,
            "departments": ("组织部", "宣传部", "省统计局"),
            "how": how,
            "issuer": "https://id.example" if how == "oidc" else None,
            "logged_in_at": NOW,
        }
    )


LI_MING = signed("oidc:liming", "李明")
LI_MING_HIMSELF = operator("李明").model_copy(update={"person_id": "P0002"})
OWNER = signed("os:root", "root", how="local-os-user")


@dataclass(frozen=True)
class Premises:
    """An installation's records, the desk before them, and its doors."""

    records: Records
    desk: OfficeActDesk
    attestor: Attestor

    async def given(
        self, command: AnyCommand, by: SignedIn = LI_MING, door: str = "desk", project: str = PROJECT
    ) -> AnyCommand:
        """A command, attested."""
        own = None if by.how == "local-os-user" else by.person_id
        command = with_persons(command, recorded_directory(self.records.ledger, self.records.evidence), NOW, own)
        return await self.given_as_it_is(command, by, door, project)

    async def given_as_it_is(
        self, command: AnyCommand, by: SignedIn = LI_MING, door: str = "desk", project: str = PROJECT
    ) -> AnyCommand:
        """A command, attested, with the numbers of persons that somebody wrote into it."""
        act = identified(GivenAct(project_id=project, command=command, account=by.account, nonce="form-1"))
        return await self.attestor.attested(act, Giver(by, door))  # type: ignore[arg-type]

    def rule(self, command: AnyCommand, project: str = PROJECT, now: datetime = NOW) -> str | None:
        """The rule that the desk refuses a command by."""
        error = self.desk.verdict(project, command, now, now)
        return error.rule if error else None

    async def rewritten(self, command: AnyCommand, change: Callable[[dict[str, Any]], Any]) -> AnyCommand:
        """A command whose attestation somebody has rewritten, and kept."""
        (file,) = evidence_files((command.attested or "",))
        said = json.loads(self.records.evidence.read(file.sha256))
        change(said)
        data = canonical_json(said)
        await self.records.evidence.keep("attestation.json", data)
        return command.model_copy(update={"attested": str(attestation_file(data))})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A new installation."""
    return Settings(data=tmp_path / "data")


@pytest_asyncio.fixture
async def here(settings: Settings) -> AsyncIterator[Premises]:
    """The installation with its directory and its doors."""
    with open_records(settings) as records:
        await import_directory(records, OFFICE, AskedChange("管理员甲", at("04-20 09:00"), "r0"))
        await records.doors.open()
        yield Premises(records, guards_of(records, settings).acts, replace(attestor_of(settings), now=lambda: NOW))


def report(by: Actor | None = None, **facts: Any) -> AnyCommand:
    """A department reports."""
    command: AnyCommand = request(ReportProgress, by=by or department("组织部", "张三"), **facts)
    return command


def strike(by: str | Actor = "李明", **facts: Any) -> AnyCommand:
    """An operator strikes off."""
    command: AnyCommand = request(StrikeOff, by=operator(by) if isinstance(by, str) else by, **facts)
    return command


ZHANG_SAN = signed("oidc:zhangsan", "张三")


async def test_nothing_is_heard_on_a_ledger_that_was_put_back(settings: Settings) -> None:
    """Its file alone is of an earlier day: no act is answered as done, for no entry could follow; go to the doctor."""
    ledger = settings.data / "ledger.db"
    with open_records(settings) as records:
        await import_directory(records, OFFICE, AskedChange("管理员甲", at("04-20 09:00"), "r0"))
        await records.log.open()
        await records.doors.open()
        await records.log.seal()
    earlier = ledger.read_bytes()
    with open_records(settings) as records:
        await change_directory(records, AskedChange("管理员甲", at("04-21 09:00"), "r1"), _one_more)
        await records.log.seal()
        here = Premises(records, guards_of(records, settings).acts, replace(attestor_of(settings), now=lambda: NOW))
        command = await here.given(strike())
        assert here.rule(command) is None
    ledger.write_bytes(earlier)

    with open_records(settings) as records, pytest.raises(LedgerUnavailableError, match="duban doctor"):
        guards_of(records, settings).acts.verdict(PROJECT, command, NOW, NOW)


def _one_more(draft: Draft) -> None:
    changes.open_person(draft, "赵六")


async def test_what_its_person_may_give_is_heard(here: Premises) -> None:
    """An operator for the section, a department's person for it, with his name or without, the owner for everybody."""
    assert here.rule(await here.given(strike())) is None
    assert here.rule(await here.given(report(), ZHANG_SAN)) is None
    assert here.rule(await here.given(report(department("组织部")), ZHANG_SAN)) is None
    assert here.rule(await here.given(report(department("宣传部", "谁都行")), OWNER, "shell")) is None


async def test_an_act_without_an_attestation_is_refused(here: Premises) -> None:
    """None at all, one that is not kept, one of another size, plain words, and bytes that are none."""
    good = await here.given(strike())
    (file,) = evidence_files((good.attested or "",))
    kept = await here.records.evidence.keep("attestation.json", b'{"v":1}')
    for attested in (
        None,
        f"sha256:{'0' * 64} attestation.json (3 bytes)",
        f"sha256:{file.sha256} attestation.json ({file.size + 1} bytes)",
        "李明办的",
        str(kept),
    ):
        assert here.rule(good.model_copy(update={"attested": attested})) == "act_is_attested"


async def test_a_forged_attestation_is_refused(here: Premises) -> None:
    """Another account, another instant, another signature: the door signed none of it."""
    good = await here.given(strike())
    no_signature = base64.b64encode(bytes(64)).decode()
    for change in (
        lambda said: said.update(account="oidc:wangfang"),
        lambda said: said.update(received_at="2018-05-10T03:00:00Z"),
        lambda said: said["login"].update(how="passkey", issuer=None),
        lambda said: said.update(signature=no_signature),
        lambda said: said.update(signature="x"),
        lambda said: said.update(roles=["administrator"]),
    ):
        assert here.rule(await here.rewritten(good, change)) == "attestation_is_signed"


async def test_a_door_of_another_installation_is_refused(here: Premises, tmp_path: Path) -> None:
    """Its key is not in this ledger, however good its signature is; nor is a door's key good for another door."""
    elsewhere = Settings(data=tmp_path / "elsewhere")
    with open_records(elsewhere) as records:
        await records.doors.open()
    foreign = replace(here, attestor=replace(attestor_of(elsewhere), evidence=here.records.evidence, now=lambda: NOW))
    assert here.rule(await foreign.given(strike())) == "door_is_open"
    good = await here.given(strike())
    assert here.rule(await here.rewritten(good, lambda said: said["door"].update(kind="shell"))) == "door_is_open"


async def test_a_door_that_was_closed_attests_nothing_more(here: Premises) -> None:
    """Its key changed: what it signed before is refused, what it signs now is heard."""
    before = await here.given(strike())
    await here.records.doors.change("desk", "换钥", door_change(here.attestor, Giver(LI_MING, "desk"), "desk", "换钥"))
    assert here.rule(before) == "door_is_open"
    assert here.rule(await here.given(strike())) is None


async def test_an_attestation_is_good_for_its_own_act_alone(here: Premises) -> None:
    """Another text, another person, another milestone, another request's id, another project: none of them."""
    good = await here.given(report(), ZHANG_SAN)
    assert here.rule(good.model_copy(update={"text": "别的"})) == "attestation_is_of_this_act"
    assert here.rule(good.model_copy(update={"by": department("宣传部")})) == "attestation_is_of_this_act"
    assert here.rule(good.model_copy(update={"request_id": "again"})) == "attestation_is_of_this_act"
    assert here.rule(good, project="2018-09") == "attestation_is_of_this_act"


async def test_an_act_under_an_id_of_its_own_is_bound_to_it(here: Premises) -> None:
    """Whoever names a request gets an attestation for that request and no other."""
    command = strike(LI_MING_HIMSELF, request_id="named")
    act = GivenAct(project_id=PROJECT, command=command, account=LI_MING.account, nonce=bound_to("named"))
    good = await here.attestor.attested(act, Giver(LI_MING, "desk"))
    assert here.rule(good) is None
    assert here.rule(good.model_copy(update={"request_id": "other"})) == "attestation_is_of_this_act"


async def test_an_attestation_is_heard_while_it_is_fresh(here: Premises, settings: Settings) -> None:
    """Ten minutes; a door a little ahead is borne, one far ahead is not, nor a worker that would date it too early."""
    good = await here.given(strike())
    told = {m: here.rule(good, now=NOW + timedelta(minutes=m)) for m in (0, 9, 11, -1, -3)}
    fresh = "attestation_is_fresh"
    assert told == {0: None, 9: None, 11: fresh, -1: None, -3: fresh}
    with patch("entrypoints.bootstrap.engine_now", lambda: NOW - timedelta(minutes=3)):
        behind = guards_of(here.records, settings).acts
    with pytest.raises(LedgerUnavailableError, match="时钟慢了"):
        behind.verdict(PROJECT, good, NOW, NOW)


async def test_how_long_an_attestation_is_fresh_is_the_installation_s(here: Premises, settings: Settings) -> None:
    """By `DUBAN_HEARD_WITHIN_MINUTES`."""
    strict = guards_of(here.records, settings.model_copy(update={"heard_within_minutes": 1})).acts
    good = await here.given(strike())
    assert strict.verdict(PROJECT, good, NOW, NOW + timedelta(seconds=50)) is None
    error = strict.verdict(PROJECT, good, NOW, NOW + timedelta(minutes=2))
    assert error is not None
    assert error.rule == "attestation_is_fresh"


@pytest.mark.parametrize(
    ("by", "command"),
    [
        (ZHANG_SAN, strike("张三")),  # no operator
        (LI_MING, report(department("组织部"))),  # of no department
        (ZHANG_SAN, report(department("宣传部", "张三"))),  # of another one
        (ZHANG_SAN, report(department("省统计局"))),  # of one that nobody knows
        (LI_MING, strike("王芳")),  # another name than his own
        (signed("oidc:liming", "李明", "P0004"), strike()),  # the number of somebody else
        (signed("oidc:gone", "李明"), strike()),  # an account of nobody
        (signed("os:root", "root", how="local-os-user"), strike()),  # the owner, and not at the shell
        (signed("oidc:wangfang", "王芳"), strike("王芳")),  # a deputy who says for nobody that he acts
        (signed("oidc:wangfang", "王芳"), strike("王芳", on_behalf_of=operator("管理员甲"))),  # of another
        (signed("oidc:admin", "管理员甲"), strike("管理员甲")),  # who keeps the directory, and no more
        (LI_MING, request(StrikeOff, by=Actor(role="engine", name="engine"))),  # the engine itself
    ],
)
async def test_what_is_beyond_his_right_is_refused(here: Premises, by: SignedIn, command: AnyCommand) -> None:
    """Who is signed in acts as himself, in what he is on that day, and for whom he is a deputy."""
    assert here.rule(await here.given(command, by)) == "account_has_the_right"


async def test_a_login_that_is_bound_to_less_gives_no_more(here: Premises) -> None:
    """A program's token stands for one role: what else its person is does not count."""
    bound = signed("oidc:liming", "李明", how="token", roles=("auditor",))
    assert here.rule(await here.given(strike(), bound)) == "account_has_the_right"
    elsewhere = ZHANG_SAN.model_copy(update={"departments": ("宣传部",)})
    assert here.rule(await here.given(report(), elsewhere)) == "account_has_the_right"


async def test_a_leader_gives_directives_in_his_own_name_and_nothing_else(here: Premises) -> None:
    """His own directive is heard; one in another's name, or any other act of the section, is beyond his right."""
    leader = signed("oidc:leader", "张副市长")

    async def rule(name: str, by: SignedIn) -> str | None:
        command = request(IssueDirective, None, by=operator(by.name), leader=name, text="请抓紧。")
        return here.rule(await here.given(command, by))

    assert await rule("张副市长", leader) is None
    assert await rule("王副市长", leader) == "account_has_the_right"
    assert await rule("王芳", signed("oidc:wangfang", "王芳")) == "account_has_the_right"
    assert await rule("张副市长", signed("oidc:leader", "张副市长", roles=("department",))) == "account_has_the_right"
    urge = request(Urge, by=operator("张副市长"), reason="请抓紧")
    assert here.rule(await here.given(urge, leader)) == "account_has_the_right"


async def test_a_deputy_acts_for_the_person_and_no_deputy_of_a_deputy(here: Premises) -> None:
    """王芳 acts for 李明, the operator; a deputy of 王芳 does not act for either of them."""
    deputy = signed("oidc:wangfang", "王芳")
    assert here.rule(await here.given(strike("王芳", on_behalf_of=operator("李明")), deputy)) is None
    for principal in ("王芳", "李明"):
        further = strike("张三", on_behalf_of=operator(principal))
        assert here.rule(await here.given(further, ZHANG_SAN)) == "account_has_the_right"


async def test_a_past_role_gives_nothing_and_a_second_account_is_the_same_person(here: Premises) -> None:
    """The day counts on which the act is heard; by his second account 李明 can still only be 李明."""
    second = signed("oidc:second", "李明")
    assert here.rule(await here.given(strike(), second)) is None
    assert here.rule(await here.given(strike("王芳"), second)) == "account_has_the_right"
    before_his_time = at("2017-12-31 10:00")
    error = here.desk.verdict(PROJECT, await here.given(strike()), before_his_time, NOW)
    assert error is not None
    assert error.rule == "account_has_the_right"
    leaving = AskedChange("管理员甲", at("05-09 09:00"), "r1")
    await change_directory(
        here.records, leaving, lambda draft: changes.close_person(draft, "P0002", at("05-09").date())
    )
    assert here.rule(await here.given(strike())) == "account_has_the_right"


async def test_names_that_look_alike_are_one_name(here: Premises) -> None:
    """A sign that is not seen makes no second person; another letter that looks alike is another name."""
    assert here.rule(await here.given(strike("李\u200b明"))) is None
    assert here.rule(await here.given(strike("李眀"))) == "account_has_the_right"


async def test_the_numbers_of_persons_are_those_of_the_directory(here: Premises) -> None:
    """Of the one who acts and of the one for whom: none, another's, and one that nobody has are refused."""
    deputy = signed("oidc:wangfang", "王芳")
    resolved = (await here.given(strike("王芳", on_behalf_of=operator("李明")), deputy)).model_dump()
    assert (resolved["by"]["person_id"], resolved["on_behalf_of"]["person_id"]) == ("P0003", "P0002")
    for by, principal in ((None, "P0002"), ("P0003", None), ("P0002", "P0002"), ("P0003", "P0009")):
        told = strike(
            by=operator("王芳").model_copy(update={"person_id": by}),
            on_behalf_of=operator("李明").model_copy(update={"person_id": principal}),
        )
        assert here.rule(await here.given_as_it_is(told, deputy)) == "persons_are_of_the_directory"


async def test_whom_the_owner_names_is_a_person_of_the_directory(here: Premises) -> None:
    """By name or number; a name that nobody has, or two people, is refused at the door and by the worker."""
    assert (await here.given(strike(), OWNER, "shell")).by.person_id == "P0002"
    another = AskedChange("管理员甲", at("05-09 09:00"), "r1")
    await change_directory(here.records, another, lambda draft: changes.open_person(draft, "李明"))
    for name in ("赵不在", "李明"):
        with pytest.raises(NotOnePersonError, match=name):
            await here.given(strike(name), OWNER, "shell")
        assert here.rule(await here.given_as_it_is(strike(name), OWNER, "shell")) == "actors_are_persons"


async def test_evidence_is_asked_for_too(here: Premises) -> None:
    """A file that was never kept: the act is attested, and refused all the same."""
    shown = f"sha256:{'1' * 64} x.pdf (3 bytes)"
    assert here.rule(await here.given(report(evidence=(shown,)), ZHANG_SAN)) == "evidence_is_kept"


async def test_the_doors_open_once_and_their_keys_are_the_owners_alone(here: Premises, settings: Settings) -> None:
    """Three entries whatever is opened again; each key's file can be read by its owner alone."""
    before = [entry.type for entry in here.records.ledger.entries("log/doors")]
    await here.records.doors.open()
    assert [entry.type for entry in here.records.ledger.entries("log/doors")] == before == ["door.opened"] * 3
    modes = {path.stat().st_mode & 0o777 for path in settings.keys_folder.glob("door-*.key")}
    assert modes == {0o600}


async def test_an_attestation_says_who_how_and_through_what(here: Premises) -> None:
    """Read back from the bytes that are kept: the act's own id is the request's, and a byte more is no attestation."""
    good = await here.given(strike())
    (file,) = evidence_files((good.attested or "",))
    data = here.records.evidence.read(file.sha256)
    read = attestation_from(data)
    assert (read.account, read.person_id, read.login.how, read.login.issuer) == (
        "oidc:liming",
        "P0002",
        "oidc",
        "https://id.example",
    )
    assert (read.act_id, read.door.kind) == (good.request_id, "desk")
    with pytest.raises(ValueError, match="canonical"):
        attestation_from(data + b" ")
