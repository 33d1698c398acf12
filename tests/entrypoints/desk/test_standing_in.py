"""A deputy of a person of the supervision section, at the desk."""

from __future__ import annotations

from application.office.acts import Act, give
from domain.actors import operator
from domain.acts.commands import DismissDeputy
from domain.directory.signed_in import SignedIn
from domain.record.recorded_projects import recorded_events
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import NOW, stood_in_for, with_one_who_left


async def test_a_deputy_of_a_person_of_the_section_acts_at_the_desk_as_by_shell(fresh: Browsers) -> None:
    """One who is a deputy alone begins at his projects, sees no other, acts for that person; a colleague chooses."""
    office, ledger = fresh.office.office, fresh.office.office.records.ledger
    li = SignedIn(account="operator", name="李四", roles=("operator",), how="password", logged_in_at=NOW)
    for nth, other in enumerate(("郑十", "赵六")):
        await stood_in_for(office, "2018-05a", other, f"deputy-{nth}")
    deputy, colleague = await fresh.of("deputy"), await fresh.of("second")
    assert (await deputy.get("/")).headers["location"] == "/standing-in"
    listed = (await deputy.get("/standing-in")).text
    assert "/projects/2018-05a" in listed
    assert "2018-07" not in listed
    for path in ("/projects/2018-05a", "/projects/2018-05a/milestones/2018-05a-02"):
        page = (await deputy.get(path)).text
        assert "/acts/urge" in page or "/acts/withdraw" in page, path
        assert "/register" not in page
        assert ".xlsx" not in page
    assert (await deputy.get("/projects/2018-07")).status_code == 404
    assert (await deputy.get("/projects/2018-07/acts/suspend")).status_code == 404
    act = "/projects/2018-05a/acts/urge?milestone=2018-05a-02"
    form = (await deputy.get(act)).text
    assert "代李四" in form
    assert ">本人<" not in form
    answer = await deputy.post(act, {"reason": "请抓紧", "request_id": "desk-u"})
    assert answer.status_code == 303, answer.text
    (*_, event) = recorded_events(ledger, "2018-05a")
    assert (event.actor, event.on_behalf_of) == ("operator:郑十", "operator:李四")
    assert "郑十（代李四）" in (await deputy.get(answer.headers["location"])).text
    assert ">本人<" in (await colleague.get(act)).text
    told = {"reason": "再请抓紧", "request_id": "desk-v", "for_person": "operator:李四"}
    assert (await colleague.post(act, told)).status_code == 303
    (*_, event) = recorded_events(ledger, "2018-05a")
    assert (event.actor, event.on_behalf_of) == ("operator:赵六", "operator:李四")
    ended = DismissDeputy(
        request_id="ends", by=operator("李四"), principal=operator("李四"), deputy=operator("郑十"), reason="已回"
    )
    await give(office, Act("2018-05a", ended), li, door="desk")
    assert (await deputy.get(act)).status_code == 404
    refused = await deputy.post(act, {**told, "reason": "三请抓紧", "request_id": "desk-w"})
    assert refused.status_code in (400, 404), refused.text
    assert "三请抓紧" in refused.text


async def test_a_person_of_the_section_appoints_and_dismisses_his_deputy_at_the_desk(fresh: Browsers) -> None:
    """In all projects that go on, for himself alone; the deputy finds them, and no department's page is his."""
    browser, deputy = await fresh.of("operator"), await fresh.of("deputy")
    nobody = await browser.post("/deputies", {"from_on": "2018-06-04", "until_on": "20180630"})
    assert nobody.status_code == 400
    for field in ("person", "until_on", "reason"):
        assert f'id="fault-{field}"' in nobody.text
    span = {"from_on": "2018-06-04", "until_on": "2018-06-30", "reason": "出差", "request_id": "desk-d"}
    done = await browser.post("/deputies", {**span, "person": "郑十"})
    assert "已办理" in done.text
    (*_, event) = recorded_events(fresh.office.office.records.ledger, "2018-05a")
    assert (event.actor, getattr(event, "principal", None)) == ("operator:李四", "operator:李四")
    page = (await browser.get("/deputies")).text
    assert "郑十" in page
    assert "代办的部门" not in page
    assert "/projects/2018-05a" in (await deputy.get("/standing-in")).text
    assert (await browser.get("/deputies?department=组织部")).status_code == 404
    assert "已办理" in (await browser.post("/deputies/dismiss", {"person": "郑十", "request_id": "desk-e"})).text
    assert "没有代办人" in (await browser.get("/deputies")).text
    assert "/projects/2018-05a" not in (await deputy.get("/standing-in")).text


async def test_who_appoints_a_deputy_who_can_open_no_page_is_told(fresh: Browsers) -> None:
    """The administrator of the directory is neither of the section nor a deputy; of a colleague nothing is said."""
    await with_one_who_left(fresh.office)
    browser = await fresh.of("operator")
    span = {"from_on": "2018-06-04", "until_on": "2018-06-30", "reason": "出差"}
    for person, said in (("钱管理", True), ("赵六", False)):
        done = (await browser.post("/deputies", {**span, "person": person})).text
        assert ("都已办理" in done, f"{person}还不能办理" in done) == (True, said), done
    long = (await browser.post("/deputies", {**span, "person": "长" * 200})).text
    assert ("不能用，请改正：最多" in long, "请写代办人的姓名" in long) == (True, False)


async def test_a_deputy_gives_one_act_for_many_projects_on_behalf_of_his_principal(fresh: Browsers) -> None:
    """From the list of his projects, and none beside them; a colleague chooses for whom; each has its own result."""
    office = fresh.office.office
    for project_id, name in (("2018-05a", "郑十"), ("2018-06", "郑十"), ("2018-05a", "赵六")):
        await stood_in_for(office, project_id, name, f"{project_id}-{name}")
    deputy, colleague = await fresh.of("deputy"), await fresh.of("second")
    listed = (await deputy.get("/standing-in")).text
    assert 'name="item" value="2018-05a"' in listed
    asked = "/many?act=issue-directive&item=2018-05a&item=2018-06"
    form = (await deputy.get(asked)).text
    assert ("代李四" in form, ">本人<" in form, "/register" in form) == (True, False, False)
    assert (await deputy.get(f"{asked}&item=2018-07")).status_code == 404
    given = {"act": "issue-directive", "item": ["2018-05a", "2018-06"], "leader": "张副市长", "text": "请抓紧"}
    given |= {"due_on": "2018-06-20", "request_id": "desk-m", "for_person": "operator:李四"}
    done = await deputy.post("/many", given)
    assert "都已办理" in done.text, done.text
    assert "/register" not in done.text
    assert await _last(fresh, "2018-05a") == await _last(fresh, "2018-06") == ("operator:郑十", "operator:李四")
    assert ">本人<" in (await colleague.get(asked)).text
    told = (await colleague.post("/many", {**given, "text": "再请抓紧", "request_id": "desk-n"})).text
    assert "没有办成" in told
    assert await _last(fresh, "2018-05a") == ("operator:赵六", "operator:李四")
    assert await _last(fresh, "2018-06") == ("operator:郑十", "operator:李四")


async def test_who_never_was_a_deputy_in_a_project_reads_nothing_of_it_by_its_forms(fresh: Browsers) -> None:
    """Whatever he says for whom he acts: no title, no history, as if there were no such project."""
    await stood_in_for(fresh.office.office, "2018-05a", "郑十", "here")
    deputy, title = await fresh.of("deputy"), (await fresh.office.known("2018-07")).project.title
    told = {"for_person": "operator:李四", "reason": "看一看", "request_id": "desk-x"}
    for path, more in (("/projects/2018-07/acts/suspend", {}), ("/many", {"act": "suspend", "item": "2018-07"})):
        refused = await deputy.post(path, {**told, **more})
        assert (refused.status_code, title in refused.text) == (404, False), path


async def _last(fresh: Browsers, project_id: str) -> tuple[str, str | None]:
    *_, event = recorded_events(fresh.office.office.records.ledger, project_id)
    return event.actor, event.on_behalf_of
