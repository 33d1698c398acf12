"""Views of the register, what somebody watches, and one act for many with a report for each."""

from __future__ import annotations

import re

from tests.entrypoints.desk.conftest import Browser, Browsers, hidden
from tests.entrypoints.desk.test_year_pages import exported, shown_rows

ALL = ["2018-05a", "2018-06", "2018-07"]


async def listed(browser: Browser, query: str) -> list[str]:
    """The projects of the register under a query, as its export has them."""
    return [row[0] for row in (await exported(browser, f"/register?{query}"))[1:]]


async def test_the_five_views_show_what_their_names_say(fresh: Browsers) -> None:
    """Directed by a leader, under supervision, watched, led, taken part in: each of the one who asks."""
    browser = await fresh.of("operator")
    directive = {"leader": "张副市长", "text": "请抓紧。", "answer_by": "2018-06-15"}
    assert (await browser.post("/projects/2018-06/acts/issue-directive", directive)).status_code == 303
    assert (await browser.post("/projects/2018-07/watch", {"on": "yes"})).status_code == 303
    assert (await browser.post("/projects/2018-07/acts/withdraw", {"reason": "并入"})).status_code == 303
    assert await listed(browser, "view=directed") == ["2018-06"]
    assert await listed(browser, "view=under") == ["2018-05a", "2018-06"]
    assert await listed(browser, "view=watched") == ["2018-07"]
    assert await listed(browser, "view=lead") == []
    assert "没有这样的项目" in (await browser.get("/register?view=participant")).text
    await browser.post("/projects/2018-07/watch", {"on": "no"})
    assert "您没有观察的项目" in (await browser.get("/register?view=watched")).text


async def test_a_view_is_saved_shown_and_dropped_by_its_owner_alone(fresh: Browsers) -> None:
    """Under its name with its filters; nobody else sees it, and nobody else can drop it."""
    browser, other = await fresh.of("operator"), await fresh.of("second")
    answer = await browser.post("/views", {"name": "改革类红灯", "query": "category=改革&light=red&after=2018-01"})
    assert answer.status_code == 303
    page = (await browser.get(answer.headers["location"])).text
    assert re.search(r'aria-current="page" lang="zh-CN">改革类红灯', page)
    (drop,) = re.findall(r'action="(/views/[^"]+/drop)"', page)
    assert "改革类红灯" not in (await other.get("/register")).text
    await other.post(drop)
    assert "改革类红灯" in (await browser.get("/register")).text
    await browser.post(drop)
    assert "改革类红灯" not in (await browser.get("/register")).text
    assert (await browser.post("/views", {"name": "", "query": "light=red"})).status_code == 400


async def test_one_act_is_given_to_many_with_a_report_for_each(fresh: Browsers) -> None:
    """Held back for three projects, one of them withdrawn meanwhile: two done, one not; a repeat does nothing."""
    browser = await fresh.of("operator")
    form = await browser.get("/many?act=silence-notices&" + "&".join(f"item={name}" for name in ALL))
    assert form.text.count('name="item"') == 3
    await browser.post("/projects/2018-07/acts/withdraw", {"reason": "并入"})
    values = {"act": "silence-notices", "item": ALL, "until": "2018-06-30", "reason": "防汛"}
    given = {**values, "request_id": hidden(form, "request_id")}
    done = await browser.post("/many", given)
    rows = shown_rows(done.text, "每一个的结果")
    assert [row[2] for row in rows[1:]] == ["已办理", "已办理", "没有办成"]
    assert rows[3][4]
    assert "3 个中有 1 个没有办成" in done.text
    before = len(list(fresh.office.office.records.ledger.entries()))
    await browser.post("/many", given)
    assert len(list(fresh.office.office.records.ledger.entries())) == before
    faulty = await browser.post("/many", {**values, "until": "soon"})
    assert 'href="#field-until"' in faulty.text


async def test_an_urge_for_many_projects_goes_to_their_overdue_milestones(fresh: Browsers) -> None:
    """One overdue milestone each: urged once; nothing chosen leads back to the lists, and no such act is there."""
    browser = await fresh.of("operator")
    form = await browser.get("/many?act=urge&item=2018-05a&item=2018-06")
    assert re.findall(r'name="item" value="([^"]+)"', form.text) == ["2018-05a-01", "2018-06-01"]
    done = await browser.post("/many", {"act": "urge", "item": ["2018-05a-01", "2018-06-01"], "reason": "请抓紧"})
    assert "2 个都已办理" in done.text
    nothing = (await browser.get("/many?act=urge")).text
    for said in ("没有选中可以办理的", '下一步：<a href="/register">登记簿</a> · <a href="/waiting">待裁定</a>'):
        assert said in nothing
    assert (await browser.get("/many?act=withdraw&item=2018-05a")).status_code == 404
    assert (await browser.get("/many?act=urge&item=nothing")).status_code == 404


async def test_completions_are_accepted_together_and_struck_off_by_another_together(fresh: Browsers) -> None:
    """Two requests, both chosen in the list of what waits; then both struck off by a second person."""
    own, first, second = await fresh.of("own"), await fresh.of("operator"), await fresh.of("second")
    names = ["2018-05a-01", "2018-05a-03"]
    for name in names:
        await own.post(f"/duties/{name}/request-completion", {"text": "已完成", "done_on": "2018-05-30"})
    waiting = (await first.get("/waiting")).text
    assert re.findall(r'name="item" value="([^"]+)"', waiting) == names
    assert "2 个都已办理" in (await first.post("/many", {"act": "accept-completion", "item": names})).text
    assert "2 个都没有办成" in (await first.post("/many", {"act": "strike-off", "item": names})).text
    assert "2 个都已办理" in (await second.post("/many", {"act": "strike-off", "item": names})).text
