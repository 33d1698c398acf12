"""For whom an account may act, case by case and word for word; how old an attestation may be, and what it names."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest

from domain.actors import ENGINE, Actor, department, operator
from domain.acts.act_digest import GivenAct, act_document, identified
from domain.acts.attestation import (
    Attestation,
    DoorNamed,
    OwnKeyProof,
    UnreadableAttestationError,
    attestation_bytes,
    attestation_file,
    attestation_from,
    bound_to,
    bytes_to_sign,
    key_id_of,
    names_its_request,
    statement,
)
from domain.acts.commands import IssueDirective, StrikeOff, Urge
from domain.acts.rejections import NotInHisRightError
from domain.acts.rights import acts_for_all, is_his_own_directive, must_be_in_his_right
from domain.canonical_json import canonical_json
from domain.directory import changes
from domain.directory.directory import Directory
from domain.directory.ids import OF_A_DEPARTMENT, DirectoryRole
from domain.directory.signed_in import SignedIn
from tests.domain.directory.samples import NEW_YEAR, day, draft_on
from tests.domain.samples import PROJECT, at, request

NOW = at("05-10 10:00")
ACT = identified(GivenAct(project_id=PROJECT, command=request(StrikeOff), account="oidc:lm", nonce="n"))


def office() -> Directory:
    """李明 is an operator until June, 王芳 his deputy in May, 张三 of 组织部; two departments bore one name in turn."""
    draft = draft_on()
    department_id = changes.open_department(draft, "组织部", from_on=NEW_YEAR)
    changes.open_department(draft, "宣传部", from_on=NEW_YEAR)
    for name, first, last in (("甲处", 1, 2), ("乙处", 2, 3)):
        renamed = changes.open_department(draft, "教育处", from_on=day(first, 1))
        changes.rename_department(draft, renamed, name, from_on=day(last, 1))
    people = {}
    for name, account in (("管理员", "oidc:gly"), ("李明", "oidc:lm"), ("王芳", "oidc:wf"), ("张三", "oidc:zs")):
        people[name] = changes.open_person(draft, name, from_on=NEW_YEAR)
        changes.give_account(draft, people[name], account, from_on=NEW_YEAR)
    changes.give_account(draft, people["李明"], "oidc:old", from_on=NEW_YEAR)
    changes.take_account(draft, people["李明"], "oidc:old", until_on=day(4, 30))
    changes.give_role(draft, people["管理员"], "administrator", from_on=NEW_YEAR)
    changes.give_role(draft, people["李明"], "operator", from_on=NEW_YEAR, until_on=day(5, 31))
    changes.give_role(
        draft, people["王芳"], "deputy", principal_id=people["李明"], from_on=day(5, 1), until_on=day(5, 31)
    )
    changes.give_role(draft, people["张三"], "department", department_id=department_id, from_on=NEW_YEAR)
    return draft.directory


OFFICE = office()


def attested(account: str, person_id: str | None, **other: Any) -> Attestation:
    """An attestation of the desk; every role is claimed, so that the directory decides."""
    return Attestation.model_validate(
        {
            "v": 1,
            "act": act_document(ACT),
            "account": account,
            "person_id": person_id,
            "name": "某人",
            "roles": other.get("roles", ("operator", "department", "deputy")),
            "departments": other.get("departments", ("组织部", "宣传部")),
            "login": {"how": other.get("how", "oidc"), "issuer": None, "at": NOW},
            "door": {"kind": other.get("door", "desk"), "key": "k"},
            "received_at": NOW,
            "signature": other.get("signature", ""),
        }
    )


LI, WANG, ZHANG = ("oidc:lm", "P0002"), ("oidc:wf", "P0003"), ("oidc:zs", "P0004")
OWNER = {"how": "local-os-user", "door": "shell"}
BY_LI, BY_ZHANG = operator("李明"), department("组织部", "张三")
ZHOU = Actor(role="operator", name="周正", person_id="P0001")


@pytest.mark.parametrize(
    ("attestation", "by", "on_behalf_of", "when"),
    [
        (attested(*LI), BY_LI, None, NOW),
        (attested(*LI), operator("李 明"), None, NOW),
        (attested(*LI, roles=("operator",), departments=()), BY_LI, None, at("05-31 23:59")),
        (attested(*WANG), operator("王芳"), BY_LI, NOW),
        (attested(*WANG, roles=("deputy",)), operator("王芳"), BY_LI, NOW),
        (attested(*WANG), operator("王芳"), BY_LI, at("05-01 02:00")),
        (attested("oidc:old", "P0002"), BY_LI, None, at("04-30 23:00")),
        (attested(*ZHANG), BY_ZHANG, None, NOW),
        (attested(*ZHANG), department("组织部"), None, NOW),
        (attested(*ZHANG, departments=("组织部",)), BY_ZHANG, None, NOW),
        (attested("os:root", None, **OWNER), department("谁也不是", "谁"), None, NOW),
        (attested("os:root", None, **OWNER), operator("谁"), None, NOW),
    ],
)
def test_what_somebody_may_do_he_may(
    attestation: Attestation, by: Actor, on_behalf_of: Actor | None, when: datetime
) -> None:
    """The operator, his deputy, the department's own person, and the owner at the shell."""
    must_be_in_his_right(attestation, by, on_behalf_of, OFFICE, when)


@pytest.mark.parametrize(
    ("attestation", "by", "on_behalf_of", "when", "why"),
    [
        (attested("os:root", None, **OWNER), ENGINE, None, NOW, "督办程序自己的事项不由人办理"),
        (attested("os:root", None, how="local-os-user"), BY_LI, None, NOW, "本机用户只能在命令行办理"),
        (attested("oidc:xx", "P0002"), BY_LI, None, NOW, "名册中 2018-05-10 没有人使用这个账号"),
        (attested("oidc:old", "P0002"), BY_LI, None, at("05-01 00:30"), "名册中 2018-05-01 没有人使用这个账号"),
        (attested("oidc:lm", "P0003"), BY_LI, None, NOW, "名册中这个账号是 P0002 的，证明写的是 P0003"),
        (attested("oidc:lm", None), BY_LI, None, NOW, "名册中这个账号是 P0002 的，证明写的是 None"),
        (attested(*LI, door="shell"), operator("王芳"), None, NOW, "这个账号是李明（P0002）的"),
        (attested(*LI), department("组织部", "张三"), None, NOW, "这个账号是李明（P0002）的"),
        (attested(*LI), BY_LI, None, at("06-01 00:00"), "李明 2018-06-01 不是督查人员"),
        (attested(*LI, roles=("department",)), BY_LI, None, NOW, "李明 2018-05-10 不是督查人员"),
        (attested(*WANG), operator("王芳"), None, NOW, "王芳 2018-05-10 不是督查人员"),
        (attested(*WANG), operator("王芳"), operator("张三"), NOW, "王芳 2018-05-10 不是督查人员"),
        (attested(*WANG), operator("王芳"), BY_ZHANG, NOW, "王芳 2018-05-10 不是督查人员"),
        (attested(*WANG), operator("王芳"), department("李明"), NOW, "王芳 2018-05-10 不是督查人员"),
        (attested(*WANG), operator("王芳"), BY_LI, at("04-30 10:00"), "王芳 2018-04-30 不是督查人员"),
        (attested(*WANG), operator("王芳"), BY_LI, at("06-01 10:00"), "王芳 2018-06-01 不是督查人员"),
        (attested(*WANG, roles=("operator",)), operator("王芳"), BY_LI, NOW, "王芳 2018-05-10 不是督查人员"),
        (attested(*ZHANG), operator("张三"), None, NOW, "张三 2018-05-10 不是督查人员"),
        (attested(*ZHANG), department("统战部"), None, NOW, "名册中没有这个部门"),
        (attested(*ZHANG), department("教育处"), None, NOW, "名册中有几个部门名称相近"),
        (attested(*ZHANG), department("宣传部", "张三"), None, NOW, "张三 2018-05-10 不是宣传部的承办人"),
        (attested(*ZHANG, departments=("宣传部",)), BY_ZHANG, None, NOW, "张三 2018-05-10 不是组织部的承办人"),
        (attested(*LI), department("组织部"), None, NOW, "李明 2018-05-10 不是组织部的承办人"),
    ],
)
def test_what_somebody_may_not_is_refused_with_the_reason(
    attestation: Attestation, by: Actor, on_behalf_of: Actor | None, when: datetime, why: str
) -> None:
    """The engine's own, a local user elsewhere, a stranger, another's name, a past role, another department."""
    with pytest.raises(NotInHisRightError) as refused:
        must_be_in_his_right(attestation, by, on_behalf_of, OFFICE, when)
    spoken = str(by).partition(":")[2].replace(":", " ") or "engine"
    assert refused.value.text == NotInHisRightError(account=attestation.account, by=spoken, why=why).text
    assert why in refused.value.text
    assert refused.value.ids["account"] == attestation.account


def office_of_leaders() -> Directory:
    """周正 and 吴平 lead in May, 周正 as the one in charge, 吴平 as the principal one; 郑安 heads a department."""
    draft = draft_on()
    headed = changes.open_department(draft, "组织部", from_on=NEW_YEAR)
    roles: tuple[tuple[str, str, DirectoryRole], ...] = (
        ("周正", "oidc:zz", "leader_in_charge"),
        ("吴平", "oidc:wp", "principal_leader"),
        ("郑安", "oidc:za", "head"),
    )
    for name, account, role in roles:
        person_id = changes.open_person(draft, name, from_on=NEW_YEAR)
        changes.give_account(draft, person_id, account, from_on=NEW_YEAR)
        where = headed if role in OF_A_DEPARTMENT else None
        changes.give_role(draft, person_id, role, department_id=where, from_on=day(5, 1), until_on=day(5, 31))
    return draft.directory


LEADERS = office_of_leaders()


@pytest.mark.parametrize(
    ("login", "name", "roles", "when", "own_directive", "may"),
    [
        (("oidc:zz", "P0001"), "周正", ("leader_in_charge",), NOW, True, True),
        (("oidc:wp", "P0002"), "吴平", ("principal_leader", "deputy"), NOW, True, True),
        (("oidc:zz", "P0001"), "周正", ("leader_in_charge",), NOW, False, False),
        (("oidc:zz", "P0001"), "周正", ("leader_in_charge",), at("06-01 10:00"), True, False),
        (("oidc:zz", "P0001"), "周正", ("operator", "deputy"), NOW, True, False),
        (("oidc:zz", "P0001"), "周正", ("principal_leader",), NOW, True, False),
        (("oidc:za", "P0003"), "郑安", get_args(DirectoryRole), NOW, True, False),
    ],
)
def test_a_leader_enters_his_own_directive_and_nothing_else(
    login: tuple[str, str], name: str, roles: tuple[str, ...], when: datetime, own_directive: bool, may: bool
) -> None:
    """While he leads, and only where the door says so of the login; another act of his is no operator's."""
    said, by = attested(*login, roles=roles), operator(name)
    if may:
        must_be_in_his_right(said, by, None, LEADERS, when, own_directive=own_directive)
    else:
        with pytest.raises(NotInHisRightError, match=f"{name} {when.date()} 不是督查人员"):
            must_be_in_his_right(said, by, None, LEADERS, when, own_directive=own_directive)
    with pytest.raises(NotInHisRightError):
        must_be_in_his_right(said, by, None, LEADERS, when)


@pytest.mark.parametrize(
    ("command", "is_his_own"),
    [
        (request(IssueDirective, None, by=ZHOU, leader="周正"), True),
        (request(IssueDirective, None, by=ZHOU, leader="周 正"), True),
        (request(IssueDirective, None, by=ZHOU, leader="周正（P0001）"), True),
        (request(IssueDirective, None, by=ZHOU, leader="吴平"), False),
        (request(IssueDirective, None, by=ZHOU, leader="周正（P0002）"), False),
        (request(Urge, by=ZHOU), False),
    ],
)
def test_a_directive_is_his_own_who_is_named_as_its_leader(command: Any, is_his_own: bool) -> None:
    """By his name, or with his number; another leader's is not, and no other act is a directive."""
    assert is_his_own_directive(command) is is_his_own


def test_the_owner_alone_acts_for_all() -> None:
    """A local user at the shell: neither the desk nor another way of signing in makes one."""
    assert acts_for_all(attested("os:root", None, **OWNER))
    assert not acts_for_all(attested("os:root", None, how="local-os-user", door="desk"))
    assert not acts_for_all(attested("os:root", None, how="password", door="shell"))


def test_an_attestation_is_fresh_for_ten_minutes_and_two_ahead() -> None:
    """To the second, both ways."""
    said = attested(*LI)
    ages = {seconds: said.fault_of_its_age(NOW + timedelta(seconds=seconds)) for seconds in (600, 601, 0, -120, -121)}
    assert ages == {600: None, 601: "old", 0: None, -120: None, -121: "early"}


def test_an_attestation_is_about_its_own_act_and_no_other() -> None:
    """Whatever of the act is another, and an act that has no canonical form."""
    said = attested(*LI)
    assert said.is_about(ACT)
    for other in ({"project_id": "2018-06"}, {"account": "oidc:x"}, {"nonce": "m"}):
        assert not said.is_about(ACT.model_copy(update=other)), other
    assert not attested(*LI).model_copy(update={"act": {"v": 1e999}}).is_about(ACT)
    assert said.act_id == f"act-sha256-{hashlib.sha256(canonical_json(act_document(ACT))).hexdigest()}"


def test_what_is_signed_is_everything_but_the_signature() -> None:
    """The bytes that the door signs are those that are checked; a signature that is none is no bytes at all."""
    said = attested(*LI, signature=base64.b64encode(b"s" * 64).decode())
    document = said.model_dump(mode="json", exclude={"signature"})
    assert said.signed_bytes() == bytes_to_sign(document) == b"duban-attestation/v1\n" + canonical_json(document)
    assert said.signature_bytes() == b"s" * 64
    for none in ("x", "s!", "汉", "c3Nz\n", "c3!Nz"):
        assert attested(*LI, signature=none).signature_bytes() == b""


def test_an_attestation_is_read_in_its_one_form_only() -> None:
    """The same document with a blank more, another version, no object, or no end of brackets is none."""
    document = attested(*LI).model_dump(mode="json", exclude={"signature"})
    data = attestation_bytes(document, b"s" * 64)
    assert attestation_from(data) == attested(*LI, signature=base64.b64encode(b"s" * 64).decode())
    assert attestation_file(data).sha256 == hashlib.sha256(data).hexdigest()
    assert attestation_file(data).name == "attestation.json"
    with pytest.raises(UnreadableAttestationError, match=r"^not in the canonical form$"):
        attestation_from(data + b"\n")
    with pytest.raises(UnreadableAttestationError, match="Expecting"):
        attestation_from(b"")
    for torn in (data + b"\n", data[:-1], b"[]", b"", b"[" * 100_000, data.replace(b'"v":1', b'"v":2'), b"\xff"):
        with pytest.raises(UnreadableAttestationError):
            attestation_from(torn)


def test_a_request_is_named_by_its_act_or_bound_by_the_nonce() -> None:
    """Its own id, or the one whose hash is the nonce: no third."""
    said = attested(*LI)
    assert names_its_request(said, said.act_id)
    assert not names_its_request(said, "named")
    bound = said.model_copy(update={"act": {**said.act, "nonce": bound_to("named")}})
    assert names_its_request(bound, "named")
    assert not names_its_request(bound, "other")
    assert key_id_of(b"key") == hashlib.sha256(b"key").hexdigest()


def test_what_a_door_says_is_what_it_knew_of_the_login() -> None:
    """Who, in which roles, how, where and when he signed in, through which door, when: all of it and nothing else."""
    by = SignedIn.model_validate(
        {
            "account": "oidc:lm",
            "person_id": "P0002",
            "name": "李明",
            "roles": ("operator",),
            "departments": ("组织部",),
            "how": "oidc",
            "issuer": "https://id.example",
            "logged_in_at": at("05-10 08:00"),
        }
    )
    said = statement(act_document(ACT), by, DoorNamed(kind="desk", key="k"), NOW)
    assert said == {
        "v": 1,
        "act": act_document(ACT),
        "account": "oidc:lm",
        "person_id": "P0002",
        "name": "李明",
        "roles": ["operator"],
        "departments": ["组织部"],
        "login": {"how": "oidc", "issuer": "https://id.example", "at": "2018-05-10T08:00:00+08:00"},
        "door": {"kind": "desk", "key": "k"},
        "received_at": "2018-05-10T10:00:00+08:00",
    }
    proof = OwnKeyProof(key="k" * 64, signature="c2ln")
    with_his_own = statement(act_document(ACT), by, DoorNamed(kind="desk", key="k"), NOW, proof)
    assert with_his_own == {**said, "own_key": {"key": "k" * 64, "signature": "c2ln"}}
