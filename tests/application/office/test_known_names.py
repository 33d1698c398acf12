"""Names that nobody knows: asked about or refused before anything is given, with what to do next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from application.office.acts import Act, give
from application.office.attesting import local_giver
from application.office.directory import AskedChange, change_directory
from application.office.hand_amendment import amend_by_hand
from application.office.known_names import (
    UnknownDepartmentError,
    UnknownUnitError,
    who_repairs,
)
from application.office.named_givers import must_be_no_department
from application.office.starting_a_list import (
    DoubtfulStartError,
    Start,
    must_not_be_doubtful,
    start_list,
    unknown_names,
)
from domain.actors import Actor, department, operator
from domain.acts.commands import (
    AmendProject,
    AppointDeputy,
    DecomposeDuty,
    IssueDirective,
    ReassignLead,
    ReplaceParticipant,
    SignReceipt,
)
from domain.acts.rejections import NotAnOperatorError
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.naming import NotOnePersonError
from domain.errors import DubanError
from domain.project import KeyProject, ProjectList, RuledReading
from domain.rules.policy import SupervisionPolicy
from domain.state import ProjectState
from entrypoints.bootstrap import engine_now
from tests.domain.samples import CALENDAR, HEADER, at, key_project, milestone, request
from tests.entrypoints.desk.small_office import NOW, OTHER, OWN, SmallOffice, healthy, projects, small_office

LONG_AGO = (NOW - timedelta(days=60)).date()
DAYS: dict[str, Any] = {"from_on": at("06-05").date(), "until_on": at("06-30").date(), "reason": "出差"}


def _filled(draft: Draft) -> None:
    for name in ("钱管理", "李四", "张三", "王五", "周明", "吴八", "吴八"):
        changes.open_person(draft, name, from_on=LONG_AGO)
    own, other = (changes.open_department(draft, name, from_on=LONG_AGO) for name in (OWN, OTHER))
    changes.open_department(draft, "IT部", from_on=LONG_AGO)
    changes.give_role(draft, "P0001", "administrator", from_on=LONG_AGO)
    changes.give_role(draft, "P0002", "operator", from_on=LONG_AGO)
    changes.give_role(draft, "P0003", "department", department_id=own, from_on=LONG_AGO)
    changes.give_role(draft, "P0004", "department", department_id=other, from_on=LONG_AGO)
    changes.give_role(draft, "P0005", "leader_in_charge", department_id=own, from_on=LONG_AGO)


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[SmallOffice]:
    """Three projects run, of three departments; the directory has two of them and one more, with their people."""
    with small_office(tmp_path) as small:
        await small.take(*projects())
        await small.office.register.follow()
        yield small


async def filled(office: SmallOffice) -> SmallOffice:
    """The office, with its directory."""
    await change_directory(office.office.records, AskedChange("P0001", NOW, "filled"), _filled)
    return office


async def asked(office: SmallOffice, command: Any, project_id: str = "2018-05a") -> None:
    """Give an act as the owner of the installation does in its shell."""
    owner = replace(office.office, giver=local_giver(engine_now()))
    await give(owner, Act(project_id, command))


def deputy(whom: Actor) -> Any:
    """A department makes somebody its deputy."""
    by = department(OWN, "张三")
    return request(AppointDeputy, None, by=by, principal=department(OWN), deputy=whom, **DAYS)


def reassigned(to: str) -> Any:
    """Another department leads."""
    return request(ReassignLead, None, by=operator("李四"), to=to, reason="职责调整")


UNKNOWN: dict[str, tuple[Any, type[DubanError], str]] = {
    "another lead": (reassigned("组识部"), UnknownDepartmentError, "名称相近的有“组织部”"),
    "another participant": (
        request(ReplaceParticipant, None, by=operator("李四"), department=OTHER, to="宣传处", reason="职责调整"),
        UnknownDepartmentError,
        "不在名册里",
    ),
    "a deputy of nowhere": (deputy(department("宜传部")), UnknownDepartmentError, "名称相近的有“宣传部”"),
    "a deputy whom nobody knows": (deputy(department(OTHER, "孙七")), NotOnePersonError, "不是名册里宣传部的人员"),
    "a deputy of another department": (deputy(department(OTHER, "张三")), NotOnePersonError, "不是名册里宣传部的人员"),
    "a deputy of two": (deputy(department(OTHER, "吴八")), NotOnePersonError, "不是名册里宣传部的人员"),
    "a leader": (
        request(IssueDirective, None, by=operator("李四"), leader="周名", text="抓紧"),
        NotOnePersonError,
        "不是名册里的分管领导或主要领导",
    ),
    "an operator as leader": (
        request(IssueDirective, None, by=operator("李四"), leader="李四", text="抓紧"),
        NotOnePersonError,
        "不是名册里的分管领导或主要领导",
    ),
    "a leader of two": (
        request(IssueDirective, None, by=operator("李四"), leader="吴八", text="抓紧"),
        NotOnePersonError,
        "吴八（P0006，没有任职）、吴八（P0007，没有任职）",
    ),
    "who signs": (request(SignReceipt, None, by=department(OWN, "孙七")), NotOnePersonError, "不是名册里组织部的人员"),
    "who signs for another": (
        request(SignReceipt, None, by=department(OWN, "王五")),
        NotOnePersonError,
        "不是名册里组织部的人员",
    ),
}


@pytest.mark.parametrize("what", UNKNOWN)
async def test_nobody_is_given_anything_whom_nobody_knows(office: SmallOffice, what: str) -> None:
    """Refused with what to do, and nothing is recorded; in an office without a directory it is given as ever."""
    command, error, words = UNKNOWN[what]
    await filled(office)
    before = sum(1 for _ in office.office.records.ledger.entries())
    with pytest.raises(error, match=words) as refused:
        await asked(office, command)
    assert "请管理员先登记" in refused.value.text
    assert sum(1 for _ in office.office.records.ledger.entries()) == before


@pytest.mark.parametrize("what", [each for each in UNKNOWN if not each.startswith("an")])
async def test_without_a_directory_names_are_taken_as_they_are(office: SmallOffice, what: str) -> None:
    """There is nothing to compare them with."""
    await asked(office, UNKNOWN[what][0])


async def test_nobody_acts_for_a_department_whose_people_have_all_left(office: SmallOffice) -> None:
    """The last one left: neither he nor a stranger signs for it by name; the department itself does."""
    await filled(office)
    records, asking = office.office.records, AskedChange("P0001", NOW, "left")
    await change_directory(records, asking, lambda draft: changes.close_person(draft, "P0004"))
    for name in ("王五", "孙七", "P0004"):
        with pytest.raises(NotOnePersonError, match="不是名册里宣传部的人员"):
            await asked(office, request(SignReceipt, None, by=department(OTHER, name)), "2018-06")
    await asked(office, request(SignReceipt, None, by=department(OTHER)), "2018-06")


KNOWN: dict[str, Any] = {
    "of the directory": reassigned("IT部"),
    "in another spelling": reassigned("ＩＴ 部"),
    "of what runs alone": reassigned("教务处"),
    "a deputy department": deputy(department(OTHER)),
    "a deputy person": deputy(department(OTHER, "王五")),
    "a leader": request(IssueDirective, None, by=operator("李四"), leader="周 明", text="抓紧"),
    "who signs": request(SignReceipt, None, by=department(OWN, "张三")),
    "a department alone": request(SignReceipt, None, by=department(OWN)),
}


@pytest.mark.parametrize("what", KNOWN)
async def test_whoever_is_known_is_given_what_he_is_given(office: SmallOffice, what: str) -> None:
    """By any spelling, as a person or a department; a department of a running list need not be in the directory."""
    await filled(office)
    await asked(office, KNOWN[what])


async def test_a_number_in_place_of_a_name_is_a_name_on_paper(office: SmallOffice) -> None:
    """Whoever writes a department's or a leader's number means the name: mail goes to names."""
    await filled(office)
    await asked(office, reassigned("D0003"))
    assert (await office.known("2018-05a")).lead == "IT部"
    await asked(office, request(IssueDirective, None, by=operator("李四"), leader="P0005", text="抓紧"))
    assert "周明" in str((await office.known("2018-05a")).directives)


def decomposed(*units: str, **facts: Any) -> Any:
    """A department gives parts of its duty."""
    about: dict[str, Any] = {"by": department(OWN, "张三"), "units": units, "due_on": at("06-20").date()}
    return request(DecomposeDuty, "2018-05a-02", **about, **facts)


async def test_a_unit_that_nobody_knows_is_asked_about(office: SmallOffice) -> None:
    """Whoever says that it is new means it; a department and a unit that has had a duty need no word."""
    await filled(office)
    with pytest.raises(UnknownUnitError, match=r"单位“IT科”.*名称相近的有“IT部”.*没有分解.*在分解时注明"):
        await asked(office, decomposed("IT部", "IT科"))
    await asked(office, decomposed("IT部"))
    await asked(office, decomposed("教务处", "IT科", new_units=True))


async def test_without_a_directory_a_unit_is_taken_as_it_is(office: SmallOffice) -> None:
    """There is nothing to compare it with."""
    await asked(office, decomposed("IT科"))


async def test_an_amendment_by_hand_takes_no_participant_whom_nobody_knows(office: SmallOffice) -> None:
    """Refused with the name that is near; whoever took part stays, known or not."""
    await filled(office)
    owner = replace(office.office, giver=local_giver(engine_now()))

    async def amended(*names: str) -> Any:
        def wanted(state: ProjectState) -> KeyProject:
            return state.project.model_copy(update={"participating_departments": names})

        def command(project: KeyProject) -> AmendProject:
            about = {"basis": "更正", "project": project, "by_identity": True}
            made: AmendProject = request(AmendProject, None, by=operator("李四"), **about)
            return made

        return await amend_by_hand(owner, "2018-91", wanted, command)

    ahead = milestone(1, at("09-28").date(), project_id="2018-91")
    await office.take(key_project((ahead,), project_id="2018-91"))

    with pytest.raises(UnknownDepartmentError, match="名称相近的有“宣传部”"):
        await amended("宜传部")
    await amended("宣传部", "IT部")


async def test_whoever_starts_or_repairs_is_somebody(office: SmallOffice) -> None:
    """One of the directory, and one; where nobody is named, and without a directory, the word stands."""
    assert who_repairs(office.office, "孙七") == "孙七"
    await filled(office)
    for name, words in (("孙七", "不在名册里"), ("吴八", "不止一位")):
        with pytest.raises(NotOnePersonError, match=words):
            await start_list(office.office, started(by=name, confirmed=True), at_work=True)
    for name, words in (("孙七", "不是名册里的管理员或督查人员"), ("张三", "不是"), ("吴八", "不止一位")):
        with pytest.raises(NotOnePersonError, match=words):
            who_repairs(office.office, name)
    assert [who_repairs(office.office, each) for each in ("李四", "P0001")] == ["李四", "钱管理"]


LEADERS = {
    "周明": True,
    "周 明": True,
    "周明副市长": True,
    "副市长周明": True,
    "周明（副市长）": True,
    "周名": False,
    "周明明": False,
    "周明、周名": False,
    "李四": False,
}


@pytest.mark.parametrize("cell", LEADERS)
async def test_a_list_s_leaders_are_those_of_the_directory(office: SmallOffice, cell: str) -> None:
    """With the post before or behind, several in one cell; who is none of them is asked about before the start."""
    must_not_be_doubtful(office.office, started(leader=cell))
    await filled(office)
    if LEADERS[cell]:
        must_not_be_doubtful(office.office, started(leader=cell))
        return
    with pytest.raises(DoubtfulStartError, match=r"责任领导“.*”不是名册里的领导"):
        must_not_be_doubtful(office.office, started(leader=cell))


async def test_a_list_names_departments_and_no_numbers(office: SmallOffice) -> None:
    """A number would become the name on every paper: it is asked about."""
    await filled(office)
    with pytest.raises(DoubtfulStartError, match="部门“D0001”"):
        must_not_be_doubtful(office.office, started(lead="D0001"))


def started(**facts: Any) -> Start:
    """The list that runs, with one new project."""
    new = key_project((milestone(project_id="2018-91"),), project_id="2018-91", lead=facts.pop("lead", OWN))
    told = {"participating_departments": facts.pop("others", ()), "responsible_leader": facts.pop("leader", None)}
    named = [*projects(), new.model_copy(update=told)]
    listed = ProjectList(**dict(HEADER), projects=tuple(named))
    return Start(listed, SupervisionPolicy(), CALENDAR, **facts)


async def test_a_list_that_names_nobody_s_department_asks_before_it_is_started(office: SmallOffice) -> None:
    """The name and the one that is near stand in the question; groups, running departments, spellings do not."""
    await filled(office)
    for named in ({"lead": "组识部"}, {"others": (OTHER, "组识部")}):
        with pytest.raises(DoubtfulStartError, match=r"部门“组识部”.*名称相近的有“组织部”"):
            must_not_be_doubtful(office.office, started(**named))
    for named in ({"lead": "教务处"}, {"others": ("各县区", "ＩＴ部")}):
        must_not_be_doubtful(office.office, started(**named))


class _Ruled(ProjectList):
    """A list with a ruling by somebody whom the directory need not know."""

    def rulings_about(self, project: KeyProject) -> tuple[RuledReading, ...]:
        return (RuledReading(finding="f", code="c", doubt="d", source_text="年内", choice="12月", ruled_by="督查科"),)


async def test_a_list_that_runs_is_not_asked_about_again(office: SmallOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who ruled on it stands on record: the same list goes on, though the directory has others."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    of = started()
    ruled = replace(of, listed=_Ruled(**dict(HEADER), projects=of.listed.projects), confirmed=True)
    await filled(office)
    assert "裁定人“督查科”不在名册里" in unknown_names(office.office, ruled)
    owner = replace(office.office, giver=local_giver(engine_now()))
    _clock, results = await start_list(owner, ruled, at_work=True)
    assert "started" in {each.outcome for each in results}, [each.text for each in results]
    assert unknown_names(office.office, ruled) == ""


async def test_a_department_of_another_project_is_no_person_of_the_section(office: SmallOffice) -> None:
    """Without a directory too, whatever the project knows; a person, or the department itself, may act."""
    with pytest.raises(NotAnOperatorError, match="督查人员以本人姓名"):
        await must_be_no_department(office.office.records, operator(OTHER))
    await must_be_no_department(office.office.records, operator("李四"))
    await must_be_no_department(office.office.records, department(OTHER))
