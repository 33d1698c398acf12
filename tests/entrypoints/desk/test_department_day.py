"""A department's day at its desk: what waits, the acts as forms, what stands after each, what cannot be done."""

from __future__ import annotations

import re
from datetime import date

import pytest

from domain.errors import EngineUnreachableError, NoWorkerError, ProjectUnavailableError
from domain.ids import supervision_workflow_id
from domain.ports.register import DutyQuery
from tests.entrypoints.desk.conftest import Browsers, hidden
from tests.entrypoints.desk.small_office import OTHER, OWN
from tests.entrypoints.desk.test_year_pages import exported

DUTY = "/duties/2018-05a-02"


async def test_today_has_everything_that_waits_each_once_and_by_what_is_most_urgent(seen: Browsers) -> None:
    """Overdue, due this week, later; lead and participating apart; nothing of another department's project."""
    page = (await (await seen.of("own")).get("/today")).text
    assert page.index("已逾期") < page.index("本周到期") < page.index("以后到期")
    assert page.index("<h2>牵头</h2>") < page.index("<h2>参与</h2>")
    for milestone in ("2018-05a-01", "2018-05a-02", "2018-05a-03", "2018-06-01", "2018-06-02", "2018-06-03"):
        assert page.count(f'href="/duties/{milestone}?') == 1
    assert "2018-07" not in page
    assert "全部签收（6 项）" in page
    duties = seen.office.office.records.register.duties(DutyQuery(department=OWN, open=True)).rows
    assert sorted(re.findall(r'href="/duties/([^"?]+)\?', page)) == sorted(duty.milestone_id for duty in duties)


async def test_what_is_folded_says_how_much_of_it_is_to_be_signed(fresh: Browsers) -> None:
    """The six to sign are those of the open parts and those that a folded part counts; signed, it counts none."""
    browser = await fresh.of("own")
    page = (await browser.get("/today")).text
    folded = [int(number) for number in re.findall(r"其中待签收 (\d+) 项</span></summary>", page)]
    parts = fresh.office.office.records.register.agenda(OWN, date(2018, 5, 31), date(2018, 6, 3), 10)
    assert folded
    assert sum(part.unsigned for part in parts) == 6
    assert page.count("待签收</span>") == 6
    await browser.post("/today/sign", {"department": OWN})
    assert "其中待签收" not in (await browser.get("/today")).text


async def test_all_is_signed_at_once_and_the_answer_says_what_was_done(fresh: Browsers) -> None:
    """Two projects, six duties; the page afterwards has nothing to sign, and a repeat says so."""
    browser = await fresh.of("own")
    answer = await browser.post("/today/sign", {"department": OWN})
    assert "已签收 6 项：2 个项目中的 2 个。" in answer.text
    assert answer.text.count("挂兼职干部") == 2
    assert "全部签收" not in (await browser.get("/today")).text
    state = await fresh.office.known("2018-05a")
    assert all(milestone.signed for milestone in state.milestones.values())
    assert "没有等待签收" in (await browser.post("/today/sign", {"department": OWN})).text


async def test_what_is_signed_for_is_called_so_wherever_its_stage_is_shown(fresh: Browsers) -> None:
    """A milestone and each department's part once they are signed for, a project once all are; as the shell has it."""
    section = await fresh.of("operator")

    async def stages() -> tuple[set[str], set[str], set[str], bool]:
        """Of the milestones, of the parts, of the project in the register, and whether its page has the last."""
        at = "/projects/2018-05a"
        milestones, parties, register = [
            await exported(section, path) for path in (f"{at}/milestones", f"{at}/parties", "/register")
        ]
        column = register[0].index("状态")
        (whole,) = {row[column] for row in register if row[0] == "2018-05a"}
        page = (await section.get(at)).text
        shown = {row[milestones[0].index("状态")] for row in milestones[1:]}
        parts = {row[parties[0].index("状态")] for row in parties[1:]}
        return shown, parts, {whole}, f"<dt>状态</dt><dd>{whole}</dd>" in page

    assert await stages() == ({"已交办"}, {"已交办"}, {"已交办"}, True)
    own = await fresh.of("own")
    await own.post("/today/sign", {"department": OWN})
    assert await stages() == ({"已签收"}, {"已签收", "已交办"}, {"已交办"}, True)
    mine = await exported(own, "/mine")
    assert {row[mine[0].index("状态")] for row in mine[1:]} == {"已签收"}
    await (await fresh.of("other")).post("/today/sign", {"department": OTHER})
    assert await stages() == ({"已签收"}, {"已签收"}, {"已签收"}, True)


async def test_all_duties_are_counted_by_what_the_department_is_in_them(seen: Browsers) -> None:
    """Of the two halves each says how many it has, whatever is asked of the one that is shown."""
    browser = await seen.of("own")
    counts = [len(await exported(browser, f"/mine?role={role}")) - 1 for role in ("lead", "participant")]
    assert all(counts)
    for path in ("/mine", "/mine?role=participant&light=grey", "/mine?text=没有这些字"):
        page = (await browser.get(path)).text
        for word, count in zip(("我的承办", "我的协办"), counts, strict=True):
            assert f">{word}（{count}）</a>" in page, path


async def test_a_form_that_asks_how_many_says_of_what(fresh: Browsers) -> None:
    """The lead reports a number beside what it counts, how many there are and are due; others count nothing."""
    asked = (await (await fresh.of("own")).get("/duties/2018-05a-02/report-progress")).text
    assert re.search(r"进度：<span[^>]*>完成 0 / 30 场 · 序时应完成 6</span>", asked)
    for path in ("/duties/2018-05a-01/report-progress", "/duties/2018-06-02/report-progress"):
        assert "进度：" not in (await (await fresh.of("own")).get(path)).text


async def test_whoever_is_signed_in_is_told_before_a_link_changes_it(seen: Browsers) -> None:
    """An administrator who opens a department's link is told that his own login ends; who is nobody yet is not."""
    seen.office.door.links |= {"of-a-person": "own"}
    told = "这个浏览器现在以 钱管理 登录"
    assert told in (await (await seen.of("administrator")).get("/set-up/of-a-person")).text
    assert "这个浏览器现在" not in (await seen.new().get("/set-up/of-a-person")).text


async def test_a_duty_s_history_begins_with_the_assignment_and_the_receipt(fresh: Browsers) -> None:
    """What was signed for the whole project stands on each of its duties; what others signed, on those of the lead."""
    lead, other = await fresh.of("own"), await fresh.of("other")
    for browser, department in ((lead, "组织部"), (other, "宣传部")):
        await browser.post("/today/sign", {"department": department})
    told = (await lead.get("/duties/2018-05a-02")).text.partition("<h2>经过</h2>")[2]
    assert ("交办" in told, "组织部签收" in told, "宣传部签收" in told) == (True, True, True)
    told = (await other.get("/duties/2018-05a-02")).text.partition("<h2>经过</h2>")[2]
    assert ("组织部签收" in told, "宣传部签收" in told) == (False, True)


async def test_an_act_is_given_once_and_its_confirmation_says_what_comes_next(fresh: Browsers) -> None:
    """A report from the form, sent twice: one event, by the person who is signed in, and where one goes on."""
    browser = await fresh.of("own")
    page = await browser.get("/duties/2018-05a-02/report-progress?department=组织部")
    values = {"text": "已办 12 场", "quantity": "12", "request_id": hidden(page, "request_id")}
    first = await browser.post("/duties/2018-05a-02/report-progress", values)
    again = await browser.post("/duties/2018-05a-02/report-progress", values)
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    confirmation = (await browser.get(first.headers["location"])).text
    for told in (
        "已办理",
        "2018-05a#",
        "组织部 张三",
        "接下来",
        "组织部尽快签收（时限 2018-04-28 已过），于 2018-09-28 前申请办结",
        "能不能收回",
        "回到今天",
    ):
        assert told in confirmation
    entries = list(fresh.office.office.records.ledger.entries(supervision_workflow_id("2018-05a")))
    assert [entry.type for entry in entries].count("ProgressReported") == 1
    assert "完成 12 / 30" in (await browser.get("/duties/2018-05a-02")).text


async def test_a_participant_is_asked_for_no_number_and_may_report(fresh: Browsers) -> None:
    """The lead counts: the form of a participant has no field for it, and is open."""
    lead, other = await fresh.of("own"), await fresh.of("other")
    assert (await lead.post(f"{DUTY}/report-progress", {"text": "已办 12 场", "quantity": "12"})).status_code == 303
    for act in ("report-progress", "request-completion"):
        assert 'name="quantity"' in (await lead.get(f"{DUTY}/{act}")).text
        page = (await other.get(f"{DUTY}/{act}")).text
        assert ('name="quantity"' in page, "现在不能办理" in page) == (False, False)


async def test_a_total_that_was_too_high_is_corrected_by_a_mark_in_the_form(fresh: Browsers) -> None:
    """The mark is there once a number was reported, a refusal keeps it, and the history says which number was wrong."""
    browser, path = await fresh.of("own"), f"{DUTY}/report-progress"
    mark = re.compile(r'<input type="checkbox" id="field-corrects" name="corrects" value="yes"( checked)?>')
    assert not mark.search((await browser.get(path)).text)
    assert (await browser.post(path, {"text": "已办 12 场", "quantity": "120"})).status_code == 303
    assert mark.findall((await browser.get(path)).text) == [""]
    refused = await browser.post(path, {"text": "已办 12 场", "quantity": "12"})
    assert (refused.status_code, mark.findall(refused.text)) == (400, [""])
    assert "更正" in refused.text
    refused = await browser.post(path, {"text": "多写了零", "quantity": "120", "corrects": "yes"})
    assert (refused.status_code, mark.findall(refused.text)) == (400, [" checked"])
    assert "多写了零</textarea>" in refused.text
    given = await browser.post(path, {"text": "多写了零", "quantity": "12", "corrects": "yes"})
    assert given.status_code == 303, given.text
    page = (await browser.get("/duties/2018-05a-02")).text
    assert "完成 12 / 30" in page
    assert "累计12，更正此前的120：多写了零" in page


async def test_what_is_at_fault_is_said_above_and_beside_and_nothing_typed_is_lost(fresh: Browsers) -> None:
    """An empty text and an unreadable date: links to the fields, sentences beside them, the other value still there."""
    browser = await fresh.of("own")
    answer = await browser.post(
        "/duties/2018-05a-02/request-extension", {"reason": "", "new_due_on": "soon", "progress": "已过半"}
    )
    assert answer.status_code == 400
    assert 'href="#field-reason"' in answer.text
    assert 'id="fault-reason"' in answer.text
    assert 'aria-invalid="true" aria-describedby="fault-reason"' in answer.text
    assert "已过半</textarea>" in answer.text
    unreadable = await browser.post(
        "/duties/2018-05a-02/request-extension", {"reason": "x", "new_due_on": "soon", "progress": "已过半"}
    )
    assert 'href="#field-new_due_on"' in unreadable.text


async def test_a_closed_act_says_the_core_s_own_reason(fresh: Browsers) -> None:
    """After the due date an extension cannot be asked for: the duty says why before, the form refuses with the same."""
    browser = await fresh.of("own")
    page = (await browser.get("/duties/2018-05a-01")).text
    assert "现在不能办理的，和为什么" in page
    answer = await browser.post(
        "/duties/2018-05a-01/request-extension",
        {"reason": "来不及", "new_due_on": "2018-07-31", "progress": "过半"},
    )
    assert answer.status_code == 400
    told = re.search(r'<dt>申请延期</dt><dd><span lang="zh-CN">([^<]+)</span></dd>', page)
    assert told
    assert told[1] in answer.text


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (EngineUnreachableError("引擎没有应答：tcp connect error。"), 503, "再提交不会重复办理"),
        (NoWorkerError(task_queue="duban"), 503, "再提交不会重复办理"),
        (ProjectUnavailableError("修复请运行 duban engine repair 2018-05a。"), 409, "其他项目照常"),
    ],
)
async def test_where_the_engine_is_away_the_page_says_so_and_a_repeat_is_harmless(
    fresh: Browsers, error: Exception, status: int, says: str
) -> None:
    """A sentence without the shell's commands or a library's words; the same form again is given once."""
    browser = await fresh.of("own")
    page = await browser.get("/duties/2018-05a-02/report-progress")
    values = {"text": "进展", "request_id": hidden(page, "request_id")}
    fresh.office.engine.failing = error
    answer = await browser.post("/duties/2018-05a-02/report-progress", values)
    assert answer.status_code == status
    assert says in answer.text
    assert not re.search(r"tcp|duban |python", answer.text.partition("<main")[2])
    fresh.office.engine.failing = None
    assert (await browser.post("/duties/2018-05a-02/report-progress", values)).status_code == 303


async def test_the_notice_s_own_words_stand_on_the_duty(seen: Browsers) -> None:
    """The words that the milestone was read from are marked in the schedule."""
    page = (await (await seen.of("own")).get("/duties/2018-05a-02")).text
    assert "<mark>5</mark>月：…" in page


async def test_every_page_is_english_where_english_is_asked_for(seen: Browsers) -> None:
    """The menu, headings and buttons; what people wrote stays as it is, and is marked as Chinese."""
    browser = await seen.of("own")
    changed = await browser.post("/language", {"language": "en", "here": "/today"})
    assert changed.headers["location"] == "/today"
    page = (await browser.get("/today")).text
    assert '<html lang="en">' in page
    for told in ("Overdue", "Due this week", "Sign all (6)", "Sign out", "As of 2018-06-04"):
        assert told in page
    assert (await browser.post("/language", {"language": "xx", "here": "/"})).status_code == 404
