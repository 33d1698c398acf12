"""Names of persons and departments: one spelling is kept, and one key tells whether two are one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.actors import Actor, actor_from_text, department, operator
from domain.acts.commands import (
    AppointDeputy,
    DismissDeputy,
    PublishBulletin,
    ReassignLead,
    ReportProgress,
    RequestCompletion,
    SignReceipt,
    Urge,
)
from domain.acts.rejections import DeputyIsAnotherError, NotAnOperatorError, NotYourDutyError, SameDepartmentError
from domain.ids import mailbox_workflow_id
from domain.names import Addressee, Name, look_alikes, name_key, nearest, same_name, spelled_as, written_name
from domain.notice.compiling import compile_notice
from domain.notice.document import Cell, NoticeDocument, Row, Table
from tests.domain.samples import LEAD, LI, WANG, WHOLE_LIFE, Desk, key_project, milestone, request

NAME: TypeAdapter[str] = TypeAdapter(Name)
ONE = [
    ("李明", "李 明"),
    ("李明", "李　明"),
    ("李明", "李\u200b明"),
    ("李明", "李\u2060明\ufeff"),
    ("李明", "\t李\n明 "),
    ("李明", "李\u00ad明\ufe0f"),
    ("IT部", "ＩＴ部"),
    ("IT部", "IT 部"),
    ("8处", "８处"),
    ("组织部（一处）", "组织部 （一处） "),
    ("Li Ming", "Li   Ming"),
]
"""Pairs that are written alike from the first."""
ALIKE = [
    ("IT部", "it部"),
    ("组织部（一处）", "组织部(一处)"),
    ("Li Ming", "li ming"),
    ("Li Ming", "LiMing"),
    ("\u91d1部", "\uf90a部"),
    ("Straße", "STRASSE"),
    ("①处", "1处"),
    ("ﬁ处", "fi处"),
]
"""Pairs that stay two spellings with one key."""
TWO = [
    ("李明", "李鸣"),
    ("组织部", "组织部一处"),
    ("张三", "张三丰"),
    ("Li Ming", "Li Min"),
    ("甲", "乙"),
    ("O部", "0部"),
]
"""Pairs that are two names: nothing is guessed."""


@pytest.mark.parametrize(("kept", "given"), ONE)
def test_what_nobody_means_is_not_kept(kept: str, given: str) -> None:
    """Width of letters, blanks inside Chinese and characters that are not seen make no other name."""
    assert written_name(given) == written_name(kept) == kept
    assert NAME.validate_python(given) == kept
    assert operator(given) == operator(kept)
    assert mailbox_workflow_id(NAME.validate_python(given)) == mailbox_workflow_id(kept)


@pytest.mark.parametrize(("one", "other"), [*ONE, *ALIKE])
def test_two_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    """They are the same name wherever names are compared."""
    assert name_key(one) == name_key(other)
    assert same_name(one, other)
    assert spelled_as(other, [one]) == one


@pytest.mark.parametrize(("one", "other"), TWO)
def test_two_names_are_two(one: str, other: str) -> None:
    """A key unites spellings, and never two names."""
    assert not same_name(one, other)
    assert spelled_as(other, [one]) == other
    assert look_alikes([one, other]) == []


def test_look_alikes_are_found_in_their_order() -> None:
    """Each group once, each spelling once."""
    assert look_alikes(["甲", "IT部", "乙", "it部", "甲", "It部"]) == [("IT部", "it部", "It部")]


def test_the_name_that_was_meant_is_the_nearest() -> None:
    """Of several the one that differs least, in whatever order they are known; none where none is near."""
    known = ["组织一部", "宣传部", "组织部", "统战部"]
    for names in (known, known[::-1]):
        assert nearest("组识部", names) == "组织部"
        assert nearest("组织一步", iter(names)) == "组织一部"
        assert nearest("财务处", names) is None
    assert nearest("组织部", ()) is None


@given(st.text(max_size=90))
def test_a_name_that_is_kept_stays_as_it_is(text: str) -> None:
    """Writing a name again changes nothing, its key neither, and it comes back from the record as it went in."""
    try:
        name = NAME.validate_python(text)
    except ValidationError:
        return
    assert NAME.validate_python(name) == name == written_name(name)
    assert name_key(name_key(name)) == name_key(name) == name_key(text)
    if ":" not in name:
        assert actor_from_text(str(operator(name))) == operator(name)


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\x07部", "部\x1b", "\u202e部组", "\ud800", "部" * 81, "\u2066"])
def test_what_is_no_name_is_refused(name: str) -> None:
    """Empty, endless, unprintable or turned round."""
    with pytest.raises(ValidationError):
        NAME.validate_python(name)


def test_an_addressee_has_room_for_the_longest_role() -> None:
    """The superior of the longest name, by the longest role, is an addressee whose mailbox's id the engine takes."""
    longest = "𠮷" * 80
    role = "主" * (80 - len("{lead}{department}")) + "{lead}{department}"
    superior = TypeAdapter(Addressee).validate_python(role.replace("{lead}", longest).replace("{department}", longest))
    assert len(mailbox_workflow_id(superior).encode()) < 1_000


@pytest.mark.parametrize("spelling", ["it部", "ＩＴ 部", "I\u200bT部"])
def test_a_department_acts_under_every_spelling_of_its_name(spelling: str) -> None:
    """Its own duty is its own; the record has the list's spelling."""
    project = key_project([milestone()], lead="IT部")
    desk = Desk(project=project, policy=WHOLE_LIFE)
    (*_, event) = desk.ask(request(ReportProgress, by=department(spelling, "张三")))
    assert (event.actor, getattr(event, "department", "")) == ("department:IT部:张三", "IT部")
    (*_, event) = desk.ask(request(Urge, department=spelling))
    assert getattr(event, "department", "") is None
    desk.ask(request(PublishBulletin, None, kind="praise", department=spelling))
    (*_, event) = desk.ask(request(SignReceipt, None, by=department(spelling)))
    assert event.actor == "department:IT部"
    with pytest.raises(SameDepartmentError):
        desk.ask(request(ReassignLead, None, to=spelling))


def test_an_operator_who_bears_a_department_s_name_in_another_spelling_is_none() -> None:
    """Nor a deputy: the departments do not supervise themselves under another spelling."""
    desk = Desk(project=key_project([milestone()], lead="IT部"), policy=WHOLE_LIFE)
    for name in ("it部", "ＩＴ部", "宣 传部"):
        with pytest.raises(NotAnOperatorError):
            desk.ask(request(Urge, by=operator(name)))
    with pytest.raises(NotYourDutyError):
        Desk(project=key_project([milestone()], lead="IT部")).ask(request(RequestCompletion, by=department("iT 部门")))


@pytest.mark.parametrize("spelling", ["李", "李 ", "李\u200b"])
def test_a_deputy_is_found_under_every_spelling(spelling: str) -> None:
    """Appointed, acting and dismissed; nobody is his own deputy by another spelling."""
    desk = Desk(policy=WHOLE_LIFE)
    facts: dict[str, Any] = {"from_on": date(2018, 4, 25), "until_on": date(2018, 12, 31)}
    desk.ask(request(AppointDeputy, by=WANG, principal=WANG, deputy=operator(spelling), **facts))
    desk.ask(request(Urge, by=LI, on_behalf_of=WANG))
    with pytest.raises(DeputyIsAnotherError):
        desk.ask(request(AppointDeputy, by=operator(spelling), principal=LI, deputy=operator("李"), **facts))
    desk.ask(request(DismissDeputy, by=WANG, principal=operator("王　"), deputy=operator(spelling)))
    assert desk.state.deputies == ()


def test_a_person_of_a_deputy_department_acts_for_it() -> None:
    """A department that is a deputy acts through any of its persons; a person of another one does not."""
    desk = Desk(policy=WHOLE_LIFE)
    facts: dict[str, Any] = {"from_on": date(2018, 4, 25), "until_on": date(2018, 12, 31)}
    other = department("IT部")
    desk.ask(request(AppointDeputy, by=LEAD, principal=LEAD, deputy=other, **facts))
    desk.ask(request(ReportProgress, by=department("it部", "张三"), on_behalf_of=LEAD))
    with pytest.raises(Exception, match="授权"):
        desk.ask(request(ReportProgress, by=department("IT部二处"), on_behalf_of=LEAD))
    with pytest.raises(Exception, match="授权"):
        desk.ask(request(ReportProgress, by=operator("IT部"), on_behalf_of=LEAD))


def test_an_actor_is_read_back_from_what_was_kept_in_one_spelling() -> None:
    """A kept text with blanks names the same actor."""
    assert actor_from_text("department:组织 部:张　三") == department("组织部", "张三")
    assert Actor(role="operator", name="李 明") == operator("李明")


def _notice(*leads: str) -> NoticeDocument:
    head = Row(tuple(map(Cell, ("序号", "项目名称", "牵头部门", "工作进度安排"))), "第1行")
    rows = [
        Row(tuple(map(Cell, (str(n), f"第{n}项", lead, "6月底前：完成。"))), f"第{n + 1}行")
        for n, lead in enumerate(leads, 1)
    ]
    return NoticeDocument("清单.docx", (Table((head, *rows)),))


def test_a_list_s_look_alikes_are_a_finding() -> None:
    """Two spellings with one key wait for a ruling; what differs in width and blanks alone is written alike."""
    plan = compile_notice(
        _notice("IT部", "it部", "组织部", "组织\u200b部", "ＩＴ部"), year=2018, issued_on=date(2018, 4, 25)
    )
    assert [project.lead_department for project in plan.projects] == ["IT部", "it部", "组织部", "组织部", "IT部"]
    (finding,) = [each for each in plan.findings if each.code == "look_alike_names"]
    assert finding.severity == "ruling"
    assert "“IT部”、“it部”" in finding.text
    assert finding in plan.unruled


def test_departments_that_differ_make_no_finding() -> None:
    """A list without look-alikes has none."""
    plan = compile_notice(_notice("组织部", "宣传部"), year=2018, issued_on=date(2018, 4, 25))
    assert not [each for each in plan.findings if each.code == "look_alike_names"]
