"""The head and the liaison of a department: they read what its clerk reads, and act for it nowhere."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from application.office.directory import AskedChange, import_directory
from domain.events import headed
from domain.papers.delivery import MessageGathered, delivery_stream
from domain.papers.message_identity import webhook_identity
from domain.record.recorded_deliveries import recorded_mail
from domain.record.recorded_projects import recorded_events
from entrypoints.desk.pages import PAGES
from entrypoints.desk.routing import DEPARTMENTS, MEMBERS
from tests.domain.directory.samples import table
from tests.domain.samples import at
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import NOW, OTHER, OWN
from tests.entrypoints.desk.test_access import path_of

CLERKS = table(
    "部门,,组织部,,,,,,2018-01-01,",
    "人员,,钱管理,,administrator,,,,2018-01-01,",
    "人员,,张三,,own,,,,2018-01-01,",
    "人员,,陈联络,,liaison,,,,2018-01-01,",
    "任职,,钱管理,,,管理员,,,2018-01-01,",
    "任职,,张三,,,承办人,组织部,,2018-01-01,",
    "任职,,陈联络,,,联络员,组织部,,2018-01-01,",
)
READERS = ("head", "liaison")
READ = ("/today", "/mine", "/mine?role=participant", "/duties/2018-05a-01", "/duties/2018-06-02", "/own-score")


@pytest.mark.parametrize("account", READERS)
@pytest.mark.parametrize("path", READ)
async def test_a_page_is_the_clerk_s_without_its_acts_and_says_who_can(seen: Browsers, account: str, path: str) -> None:
    """Every line that the reader sees stands on the clerk's page too, but the one that says that he only reads."""
    clerk, reader = await (await seen.of("own")).get(path), await (await seen.of(account)).get(path)
    assert reader.status_code == 200
    more = set(_lines(reader.text)) - set(_lines(clerk.text))
    assert [line for line in more if "您在这里只能查看" not in line] == []
    assert reader.text.count(f"您在这里只能查看：{OWN}还没有登记承办人") == 1
    assert re.findall(r'<form method="post" action="(?!/language|/sign-out)', reader.text) == []
    assert re.findall(r'href="/duties/[^"/]+/[^"/]+\?', reader.text) == []


def _lines(page: str) -> list[str]:
    return page.partition("<main")[2].partition("</main>")[0].splitlines()


@pytest.mark.parametrize("account", READERS)
async def test_what_is_taken_away_is_the_clerk_s_to_the_byte(seen: Browsers, account: str) -> None:
    """Every table of a department as a file; what is no business of the department's is none of its head's."""
    clerk, reader = await seen.of("own"), await seen.of(account)
    taken = [page for page in PAGES if page.who == MEMBERS and page.path.endswith("csv")]
    for page in taken:
        asked = [await each.get(path_of(page)) for each in (clerk, reader)]
        assert asked[0].status_code == asked[1].status_code == (404 if "/one/" in page.path else 200)
        assert asked[0].status_code == 404 or asked[0].content == asked[1].content, page.path
    assert len(taken) == 6
    for path in ("/duties/2018-07-01", f"/today?department={OTHER}", f"/papers?department={OTHER}"):
        assert (await reader.get(path)).status_code == 404


async def test_it_is_said_by_name_who_acts_for_the_department(fresh: Browsers) -> None:
    """As the directory has the clerks of this day; a person who is head and clerk has one desk, with its acts."""
    fresh.office.door.person("both", "马部长", "head", "department", departments=(OWN,))
    fresh.office.door.people["both"] = fresh.office.door.people["both"].model_copy(update={"departments": (OWN,)})
    await import_directory(fresh.office.office.records, CLERKS, AskedChange("钱管理", at("04-20 09:00"), "r0"))
    told = (await (await fresh.of("head")).get("/duties/2018-05a-02")).text
    assert f"请{OWN}的承办人（张三）登录后办理" in told
    both = (await (await fresh.of("both")).get("/duties/2018-05a-02")).text
    assert ("只能查看" in both, "/duties/2018-05a-02/report-progress?" in both) == (False, True)


async def test_a_head_who_is_another_department_s_clerk_acts_for_that_one_alone(fresh: Browsers) -> None:
    """Both desks are his; what he sends in the name of the department that he only heads is not there."""
    door = fresh.office.door
    door.person("two", "马部长", "head", "department", departments=(OWN,))
    door.people["two"] = door.people["two"].model_copy(update={"departments": (OTHER,)})
    two, events = await fresh.of("two"), len(list(recorded_events(fresh.office.office.records.ledger, "2018-05a")))
    for name, status in ((OWN, 404), (OTHER, 200)):
        assert (await two.get(f"/today?department={quote(name)}")).status_code == 200
        assert (await two.get(f"/duties/2018-05a-02/report-progress?department={quote(name)}")).status_code == status
        assert (await two.get(f"/deputies?department={quote(name)}")).status_code == status
    given = {"text": "进展", "request_id": "two-1"}
    for path in (f"/duties/2018-05a-02/report-progress?department={quote(OWN)}", "/today/sign", "/own-score/appeal"):
        assert (await two.post(path, {**given, "department": OWN, "period": "2018"})).status_code == 404, path
    assert len(list(recorded_events(fresh.office.office.records.ledger, "2018-05a"))) == events
    assert 'action="/today/sign"' not in (await two.get(f"/today?department={quote(OWN)}")).text


def test_no_page_that_acts_is_a_reader_s() -> None:
    """Of the pages of departments those to which something is sent are the clerk's, but the addresses of a calendar."""
    sent = [(page.path, page.who) for page in PAGES if page.method == "POST"]
    theirs = {path for path, who in sent if not isinstance(who, str) and who & (MEMBERS - DEPARTMENTS)}
    assert theirs == {"/calendar", "/calendar/{number}/revoke"}


async def test_a_paper_that_the_head_opens_was_read_and_one_that_a_liaison_opens_was_not(fresh: Browsers) -> None:
    """The liaison reads the whole paper and leaves it unread; the head's name stands as the reader's."""
    records = fresh.office.office.records
    digest = await records.outbox.claim(OWN, f"{OWN}/2", NOW)
    await records.outbox.settle(digest, NOW)
    head, liaison = await fresh.of("head"), await fresh.of("liaison")
    page = (await liaison.get("/papers")).text
    assert "联络员打开文书不记为已阅" in page
    one = re.findall(r'href="(/papers/one\?[^"]+)"', page)[0].replace("&amp;", "&")
    assert (await liaison.get(one)).status_code == 200
    assert "已阅" not in (await liaison.get("/papers.csv")).text
    assert '阅读人</dt><dd lang="zh-CN">冯部长' in (await head.get(one)).text
    assert '"已阅","冯部长"' in (await liaison.get("/papers.csv")).text


async def test_the_links_of_a_head_s_and_a_liaison_s_mail_open_at_the_desk(fresh: Browsers) -> None:
    """What climbed to the head leads him to his department's desk, once; a liaison's look leaves the link unused."""
    records, links = fresh.office.office.records, dict[str, str]()
    for addressee in (f"{OWN}主要负责人", OWN):
        digest = await records.outbox.claim(addressee, f"{addressee}/2", NOW)
        await records.outbox.settle(digest, NOW)
        assert digest.items
        gathered = headed(MessageGathered, seq=0, occurred_at=NOW, decided_at=NOW, actor="engine", cause="digest:2")
        facts: dict[str, Any] = {"digests": (digest.digest_id,), "papers": 1, "urgent": False, "after": 0}
        await records.own_streams.append_next(
            delivery_stream(addressee), [gathered(message_id=f"{addressee}/1", **facts)]
        )
        links[addressee] = f"/opened/{webhook_identity(f'{addressee}/1')}"
    head, liaison, other = [await fresh.of(account) for account in ("head", "liaison", "other")]
    desk = ("/papers?", "/duties/2018-0")
    climbed, own = links.values()
    for browser, link, statuses in (
        (other, climbed, [404, 404]),
        (liaison, climbed, [404, 404]),
        (head, climbed, [303, 410]),
        (liaison, own, [303, 303]),
        (head, own, [303, 410]),
    ):
        for status in statuses:
            answer = await browser.get(link)
            assert answer.status_code == status
            if status == 303:
                assert answer.headers["location"].startswith(desk)
                assert (await browser.get(answer.headers["location"])).status_code == 200
    assert recorded_mail(records.ledger, OWN).deliveries[f"{OWN}/1"].link_used


async def test_a_liaison_s_calendar_shows_the_department_s_duties(fresh: Browsers) -> None:
    """As the clerk's does, and nothing any more when he is its liaison no longer."""
    await import_directory(fresh.office.office.records, CLERKS, AskedChange("钱管理", at("04-20 09:00"), "r0"))
    liaison = await fresh.of("liaison")
    made = (await liaison.post("/calendar", {"department": OWN, "days_before": "3"})).text
    (secret,) = re.findall(r"feeds/([\w-]+)\.ics", made)
    assert "2018-05a-02.lead" in (await fresh.new().get(f"/feeds/{secret}.ics")).text
    assert (await liaison.post("/calendar", {"department": OTHER, "days_before": "3"})).status_code == 400
