"""A department gives its duty to cities at the desk, sees how many are done, urges and reviews; nobody else does."""

from __future__ import annotations

import re

import pytest

from application.office.sub_duties import parts_check
from domain.errors import EngineUnreachableError
from domain.ids import supervision_workflow_id
from tests.entrypoints.desk.conftest import Browsers, hidden
from tests.entrypoints.desk.small_office import OTHER, OWN

WHOLE, FIRST, SECOND = "2018-05a-02", "2018-05a_02_01", "2018-05a_02_02"
DUTY = f"{FIRST}-01"


async def decomposed(desk: Browsers) -> None:
    """The lead's second duty, given to three cities from the form; and a person of the first city."""
    desk.office.door.person("city", "陈一", "department", departments=("甲市",))
    browser = await desk.of("own")
    page = await browser.get(f"/duties/{WHOLE}/decompose-duty")
    values = {"units": "甲市\n乙市、丙市", "request_id": hidden(page, "request_id")}
    for _ in range(2):
        assert (await browser.post(f"/duties/{WHOLE}/decompose-duty", values)).status_code == 303


async def test_the_parts_are_given_once_and_counted_on_the_duty(fresh: Browsers) -> None:
    """Sent twice, started once; the duty's page has one line for each city, and says how many are done."""
    await decomposed(fresh)
    entries = list(fresh.office.office.records.ledger.entries(supervision_workflow_id("2018-05a")))
    assert [entry.type for entry in entries].count("DutyDecomposed") == 1
    page = (await (await fresh.of("own")).get(f"/duties/{WHOLE}")).text
    assert "已办结 0/3" in page
    assert page.count("未签收 3 个") == 1
    for unit in ("甲市", "乙市", "丙市"):
        assert f">{unit}</a>" in page
    for place in ("/projects/2018-05a", f"/projects/2018-05a/milestones/{WHOLE}"):
        assert "已办结 0/3" in (await (await fresh.of("operator")).get(place)).text


async def test_a_city_signs_and_reports_and_its_department_reviews(fresh: Browsers) -> None:
    """Receipt and completion at the city's desk; acceptance at the department's, from the same duty's page."""
    await decomposed(fresh)
    city, department = await fresh.of("city"), await fresh.of("own")
    assert f"/duties/{DUTY}" in (await city.get("/today")).text
    for browser, act, values in (
        (city, "sign-receipt", {}),
        (city, "request-completion", {"text": "三场都办完了"}),
        (department, "accept-completion", {"note": "属实"}),
    ):
        page = await browser.get(f"/duties/{DUTY}/{act}")
        answer = await browser.post(f"/duties/{DUTY}/{act}", {**values, "request_id": hidden(page, "request_id")})
        assert answer.status_code == 303, answer.text
        assert "已办理" in (await browser.get(answer.headers["location"])).text
    assert "已办结 1/3" in (await department.get(f"/duties/{WHOLE}")).text
    assert (await fresh.office.known(FIRST)).milestones[DUTY].accepted_by == "department:组织部:张三"
    # Who accepted it may not strike it off, and a department has often nobody else: it stands in the section's list.
    assert f"/acts/strike-off?milestone={DUTY}" in (await (await fresh.of("operator")).get("/waiting")).text


async def test_what_a_part_waits_for_stands_in_its_department_s_day(fresh: Browsers) -> None:
    """The city asks for its completion: who gave the part finds the review on the first page, with the form's page."""
    await decomposed(fresh)
    city, department = await fresh.of("city"), await fresh.of("own")
    page = await city.get(f"/duties/{DUTY}/request-completion")
    values = {"text": "三场都办完了", "request_id": hidden(page, "request_id")}
    assert (await city.post(f"/duties/{DUTY}/request-completion", values)).status_code == 303
    today = (await department.get("/today")).text
    assert re.search(rf'href="/duties/{DUTY}\?[^"]*">办结审核</a>', today)
    assert "办结审核" not in (await city.get("/today")).text


async def test_the_department_has_the_supervisor_s_acts_there_and_not_the_unit_s(fresh: Browsers) -> None:
    """It urges and cannot report; the city reports and cannot urge; no other department finds the page at all."""
    await decomposed(fresh)
    city, department, stranger = await fresh.of("city"), await fresh.of("own"), await fresh.of("other")
    page = (await department.get(f"/duties/{DUTY}")).text
    assert f"/duties/{DUTY}/urge?" in page
    assert f"/duties/{DUTY}/report-progress" not in page
    for browser, act in ((department, "report-progress"), (city, "urge"), (department, "issue-directive")):
        assert (await browser.get(f"/duties/{DUTY}/{act}")).status_code == 404
        assert (
            await browser.post(f"/duties/{DUTY}/{act}", {"text": "已办一半", "reason": "请抓紧"})
        ).status_code == 404
    for path in (f"/duties/{DUTY}", f"/duties/{SECOND}-01"):
        assert (await stranger.get(path)).status_code == 404
    assert (await city.get(f"/duties/{SECOND}-01")).status_code == 404
    assert OTHER not in page


async def test_a_part_gets_no_later_date_than_the_department_has_itself(fresh: Browsers) -> None:
    """The door tells the core until when the whole is due; the sentence says who asks for what first."""
    await decomposed(fresh)
    fresh.office.door.person("colleague", "赵四", "department", departments=(OWN,))
    city, department, colleague = await fresh.of("city"), await fresh.of("own"), await fresh.of("colleague")
    asked: dict[str, str] = {"new_due_on": "2018-12-28", "reason": "汛期"}
    answers = []
    for browser, act, values in (
        (city, "request-extension", {**asked, "progress": "已办一半"}),
        (department, "review-extension", {"opinion": "属实"}),
        (colleague, "rule-on-extension", {**asked, "ruling": "grant"}),
    ):
        page = await browser.get(f"/duties/{DUTY}/{act}")
        filled = {**values, "request_id": hidden(page, "request_id")}
        answers.append((await browser.post(f"/duties/{DUTY}/{act}", filled)).text)
    assert f"是 {WHOLE} 的一部分" in answers[-1]
    assert "分出任务的部门先申请延期" in answers[-1]


async def test_an_urge_goes_out_in_the_department_s_name(fresh: Browsers) -> None:
    """The paper that the city gets is issued by the department that gave the duty."""
    await decomposed(fresh)
    department = await fresh.of("own")
    page = await department.get(f"/duties/{DUTY}/urge")
    values = {"reason": "请抓紧", "request_id": hidden(page, "request_id")}
    assert (await department.post(f"/duties/{DUTY}/urge", values)).status_code == 303
    (urge,) = [
        each.paper
        for each in fresh.office.office.records.outbox.papers(stream=supervision_workflow_id(FIRST))
        if each.paper.kind == "urge"
    ]
    assert (urge.to, urge.issuer) == ("甲市", OWN)


async def test_what_was_interrupted_is_shown_and_started_by_the_same_act_again(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine ends between the act and the starts: the parts are on record and not started; sent again, they are."""

    async def away(_given: object) -> bool:
        raise EngineUnreachableError("引擎没有应答。")

    browser = await fresh.of("own")
    values = {"units": "甲市", "request_id": hidden(await browser.get(f"/duties/{WHOLE}/decompose-duty"), "request_id")}
    with monkeypatch.context() as patched:
        patched.setattr(fresh.office.engine, "start_project", away)
        assert (await browser.post(f"/duties/{WHOLE}/decompose-duty", values)).status_code == 303
    assert "还没有启动" in (await browser.get(f"/duties/{WHOLE}")).text
    waiting = parts_check(fresh.office.office.records.ledger)
    assert (waiting.ok, f"{FIRST} 没有启动" in waiting.text, "再启动一次" in waiting.text) == (False, True, True)
    assert (await browser.post(f"/duties/{WHOLE}/decompose-duty", values)).status_code == 303
    assert "还没有启动" not in (await browser.get(f"/duties/{WHOLE}")).text
    assert (await fresh.office.known(FIRST)).lead == "甲市"
    assert parts_check(fresh.office.office.records.ledger).ok


async def test_who_leads_sends_the_whole_assignment_back_and_is_answered_at_the_desk(fresh: Browsers) -> None:
    """From the page of one duty the city declines all of it; the department upholds it from the same page."""
    await decomposed(fresh)
    city, department = await fresh.of("city"), await fresh.of("own")
    for browser, act, values in (
        (city, "decline-assignment", {}),
        (department, "insist-on-assignment", {"department": "甲市"}),
    ):
        assert f"/duties/{DUTY}/{act}?" in (await browser.get(f"/duties/{DUTY}")).text
        page = await browser.get(f"/duties/{DUTY}/{act}")
        filled = {**values, "reason": "职责有异议", "request_id": hidden(page, "request_id")}
        answer = await browser.post(f"/duties/{DUTY}/{act}", filled)
        assert answer.status_code == 303, answer.text
    kinds = [each.type for each in fresh.office.office.records.ledger.entries(supervision_workflow_id(FIRST))]
    assert "AssignmentDeclined" in kinds
    assert "AssignmentInsisted" in kinds
