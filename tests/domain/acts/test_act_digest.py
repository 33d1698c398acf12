"""The id of an act: the same act has the same id wherever it comes from, and any other content another one."""

from __future__ import annotations

import hashlib
import itertools
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.actors import department, operator
from domain.acts import commands as c
from domain.acts.act_digest import (
    GivenAct,
    act_digest,
    act_document,
    document_digest,
    identified,
    office_act_document,
)
from domain.canonical_json import canonical_json
from tests.domain.acts.test_access import PERSONS, TABLE
from tests.domain.samples import FIRST, LI, PROJECT, SECOND, key_project, milestone, request

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Co", "Cn"]), min_size=1, max_size=30
)


def _written(given_act: GivenAct) -> bytes:
    return canonical_json(act_document(given_act))


def command_of(kind: type[Any]) -> Any:
    """A command of a kind, as the table of who may do what has it."""
    if kind is c.AmendProject:
        return request(kind, project=key_project([milestone(1)]))
    return request(kind, **TABLE[kind][2](PERSONS["operator"]))


def act(**facts: Any) -> GivenAct:
    """A report of progress by one account, with other facts where they are given."""
    command = facts.pop("command", None) or c.ReportProgress(
        request_id="r1", by=department("组织部", "张三"), milestone_id=FIRST, text="已完成初稿"
    )
    return GivenAct(**{"project_id": PROJECT, "command": command, "account": "os:zs", "seen": 7, **facts})


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_every_command_has_canonical_bytes(kind: type[Any]) -> None:
    """Each act is written as the reference library writes it, and its id is the hash of these bytes."""
    given_act = act(command=command_of(kind))
    data = _written(given_act)
    assert data == rfc8785.dumps(act_document(given_act))
    assert act_digest(given_act) == f"act-sha256-{hashlib.sha256(data).hexdigest()}"
    assert json.loads(data)["command"]["type"] == kind.__name__


def test_no_two_commands_share_an_id() -> None:
    """The acts of all kinds, by two accounts, on two states of the project, have each an id of its own."""
    acts = [
        act(command=command_of(kind), account=account, seen=seen)
        for kind in TABLE
        for account in ("os:zs", "os:ls")
        for seen in (7, 8)
    ]
    assert len({act_digest(each) for each in acts}) == len(acts)


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_an_act_read_again_is_the_same_act(kind: type[Any]) -> None:
    """Through JSON and back, under whatever request id, the id of an act stays: a repeat is the same request."""
    given_act = act(command=command_of(kind))
    again = act(command=c.ANY_COMMAND.validate_json(given_act.command.model_dump_json()))
    renamed = again.model_copy(update={"command": again.command.model_copy(update={"request_id": "another"})})
    assert act_digest(given_act) == act_digest(again) == act_digest(renamed)


def test_any_other_content_is_another_act() -> None:
    """Whoever changes the project, account, person, a fact, what was seen or the nonce has another act."""
    command = act().command
    others = [
        act(project_id="2018-06"),
        act(account="os:zt"),
        act(seen=8),
        act(nonce="n"),
        *(
            act(command=command.model_copy(update=update))
            for update in (
                {"by": department("组织部", "李四")},
                {"by": operator("张三")},
                {"on_behalf_of": department("宣传部")},
                {"milestone_id": SECOND},
                {"text": "已完成初稿。"},
                {"quantity": 3},
                {"evidence": ("会议纪要",)},
            )
        ),
    ]
    ids = [act_digest(each) for each in (act(), *others)]
    assert len(set(ids)) == len(ids)


@given(st.lists(st.tuples(TEXTS, st.integers(0, 10**9), st.sampled_from(["os:a", "os:b"])), min_size=2, max_size=4))
def test_acts_are_told_apart_by_what_they_say(facts: list[tuple[str, int, str]]) -> None:
    """Two acts have one id exactly where text, count seen and account are the same."""
    base = act().command
    ids = [
        act_digest(act(command=base.model_copy(update={"text": text}), seen=seen, account=account))
        for text, seen, account in facts
    ]
    for (one, first), (other, second) in itertools.combinations(zip(facts, ids, strict=True), 2):
        assert (one == other) == (first == second)


def test_what_the_installation_counts_is_not_signed() -> None:
    """The count of inspections that the office adds does not change the act of the person who asks for one."""
    asked = request(c.OpenInspection, by=LI)
    assert act_digest(act(command=asked)) == act_digest(act(command=asked.model_copy(update={"this_month": 5})))
    assert b"this_month" not in _written(act(command=asked))


@pytest.mark.parametrize("added", [{"own_key": "signed"}, {"own_key": "unsigned"}, {"attested": "sha256"}])
def test_what_the_door_adds_is_not_signed(added: dict[str, Any]) -> None:
    """Whether the person's own key signed is told of the act afterwards, and cannot be part of what it signs."""
    command = act().command
    assert _written(act(command=command.model_copy(update=added))) == _written(act())


def test_an_act_carries_its_own_id() -> None:
    """An identified act is known as its own, and no longer when any of it is changed."""
    own = identified(act())
    assert own.command.request_id == act_digest(own) != act_digest(own.model_copy(update={"seen": 8}))
    assert identified(own) == own
    assert c.ReportProgress.model_validate(own.command.model_dump()).request_id == act_digest(act())


def test_the_form_of_an_act_is_kept() -> None:
    """The bytes of one act, written down: another form would make every signature of the past unreadable."""
    assert _written(act()).decode() == (
        '{"account":"os:zs","command":{"by":{"department":"组织部","name":"张三","role":"department"},"evidence":[],'
        '"milestone_id":"2018-05a-01","text":"已完成初稿","type":"ReportProgress"},"nonce":"","project_id":"2018-05a",'
        '"seen":7,"v":1}'
    )


def test_the_form_of_an_act_about_the_office_is_kept() -> None:
    """Its stream stands for the project; a kind of which nobody said what it weighs is no act at all."""
    document = office_act_document("log/person-keys", {"type": "EnrolKey", "key": "k"}, "os:zs", "n")
    assert document == {
        "v": 1, "stream": "log/person-keys", "command": {"type": "EnrolKey", "key": "k"}, "account": "os:zs", "seen": 0,
        "nonce": "n",
    }  # fmt: skip
    assert document_digest(document) == f"act-sha256-{hashlib.sha256(rfc8785.dumps(document)).hexdigest()}"
    with pytest.raises(KeyError, match="SomethingNew"):
        office_act_document("log/person-keys", {"type": "SomethingNew"}, "os:zs", "n")
