"""A department's own desk beside its acts: papers read or not, deputies in all its projects, calendars to subscribe."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from application.accounts.accounts import hash_of
from application.office.directory import AskedChange, change_directory, import_directory
from domain.accounts.desk_items import CalendarAddress
from domain.actors import department
from domain.directory import changes
from domain.directory.draft import Draft
from domain.errors import LedgerUnavailableError
from domain.events import headed
from domain.papers.delivery import MessageGathered, delivery_stream
from domain.papers.message_identity import webhook_identity
from domain.ports.accounts import AccountRows
from domain.record.recorded_deliveries import recorded_mail
from domain.record.recorded_projects import recorded_events
from tests.domain.directory.samples import table
from tests.domain.samples import at
from tests.entrypoints.desk.conftest import Browsers, hidden
from tests.entrypoints.desk.small_office import NOW, OWN
from tests.entrypoints.desk.test_year_pages import exported, shown_rows

DIRECTORY = table(
    "部门,,组织部,,,,,,2018-01-01,",
    "人员,,钱管理,,administrator,,,,2018-01-01,",
    "人员,,张三,,own,,,,2018-01-01,",
    "人员,,周市长,,leader,,,,2018-01-01,",
    "任职,,钱管理,,,管理员,,,2018-01-01,",
    "任职,,张三,,,承办人,组织部,,2018-01-01,",
    "任职,,周市长,,,主要领导,,,2018-01-01,",
)


async def test_a_renamed_department_finds_its_duties_where_it_begins(fresh: Browsers) -> None:
    """What runs knows it by its former name: its day begins there, each page has both names, and it acts."""
    fresh.office.door.person("renamed", "郑七", "department", departments=("党群部", OWN))
    browser = await fresh.of("renamed")
    day = (await browser.get("/today")).text
    assert f'<h1>今天：<span lang="zh-CN">{OWN}</span></h1>' in day
    assert f'href="/today?department={quote("党群部")}"' in day
    assert 'href="/duties/2018-05a-02' in day
    given = {"text": "已排出任职方案，报省委审批", "quantity": "3", "request_id": "desk-r"}
    answer = await browser.post("/duties/2018-05a-02/report-progress", given)
    assert answer.status_code == 303, answer.text


async def test_a_department_that_was_renamed_has_somebody(fresh: Browsers) -> None:
    """A clerk of it acts under its former name too: no account is asked for, and its leader sees what it leads."""

    def change(draft: Draft) -> None:
        number = changes.open_department(draft, OWN)
        changes.rename_department(draft, number, "党群部")
        for person, role in (("P0006", "administrator"), ("P0001", "department"), ("P0001", "leader_in_charge")):
            if person not in draft.directory.persons:
                changes.open_person(draft, person, person)
            of = {} if role == "administrator" else {"department_id": number}
            changes.give_role(draft, person, role, **of)  # type: ignore[arg-type]  # one of these three

    await change_directory(fresh.office.office.records, AskedChange("P0006", fresh.office.now, "renamed"), change)
    administrator = await fresh.of("administrator")
    assert "还没有人能替它们登录办理（2 个）" in (await administrator.get("/directory")).text
    moved = {"to": "党群部", "reason": "更名"}
    answer = await (await fresh.of("operator")).post("/projects/2018-05a/acts/reassign-lead", moved)
    assert answer.status_code == 303, answer.text

    def leaves(draft: Draft) -> None:
        changes.take_role(draft, "P0001", "department", department_id=next(iter(draft.directory.departments)))

    await change_directory(fresh.office.office.records, AskedChange("P0006", fresh.office.now, "left"), leaves)
    page = (await administrator.get("/directory")).text
    assert "还没有人能替它们登录办理（3 个）" in page, "it runs under two names, and is one department"
    leader = fresh.office.door.person("over", "张三", "leader_in_charge")
    fresh.office.door.people["over"] = leader.model_copy(update={"person_id": "P0001"})
    assert "/projects/2018-05a" in (await (await fresh.of("over")).get("/leader")).text


async def test_a_paper_is_unread_until_somebody_of_the_department_opens_it(fresh: Browsers) -> None:
    """What was sent stands in the list; opening it names who read it first; another department cannot open it."""
    outbox = fresh.office.office.records.outbox
    digest = await outbox.claim(OWN, f"{OWN}/1", NOW)
    await outbox.settle(digest, NOW)
    own, other = await fresh.of("own"), await fresh.of("other")
    page = (await own.get("/papers")).text
    rows = await exported(own, "/papers")
    assert shown_rows(page, "收到的文书") == rows
    assert len(rows) == len(digest.items) + 1
    assert {row[5] for row in rows[1:]} == {"未阅"}
    one = re.findall(r'href="(/papers/one\?[^"]+)"', page)[0].replace("&amp;", "&")
    assert '<dd lang="zh-CN">张三</dd>' in (await own.get(one)).text
    assert [row[5:] for row in (await exported(own, "/papers"))[1:]].count(["已阅", "张三"]) == 1
    assert len(await exported(own, "/papers?unread=1")) == len(rows) - 1
    assert (await other.get(one)).status_code == 404
    assert (await other.get(one.split("&", 1)[0].partition("?")[0] + "?" + one.split("&", 1)[1])).status_code == 404
    assert "还没有收到文书" in (await other.get("/papers")).text


async def test_a_reading_that_could_not_be_recorded_comes_with_the_next_opening(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the ledger is away at the first opening the paper stays unread, so that the second one records it."""
    outbox = fresh.office.office.records.outbox
    digest = await outbox.claim(OWN, f"{OWN}/3", NOW)
    await outbox.settle(digest, NOW)
    own, asked = await fresh.of("own"), list[str]()
    one = re.findall(r'href="(/papers/one\?[^"]+)"', (await own.get("/papers")).text)[0].replace("&amp;", "&")

    async def away(_records: object, _digest: str, paper_id: str, _by: str, _now: datetime) -> int:
        asked.append(paper_id)
        if len(asked) == 1:
            raise LedgerUnavailableError("away")
        return 1

    monkeypatch.setattr("application.desk_work.received_papers.paper_was_opened", away)
    assert (await own.get(one)).status_code >= 500
    assert (await own.get(one)).status_code == 200
    assert len(asked) == 2


async def test_a_page_that_cannot_know_who_asks_says_that_it_cannot_now(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the accounts do not answer, a person is asked to come again, and not sent to sign in."""
    own = await fresh.of("own")

    async def away(*_: object) -> None:
        raise LedgerUnavailableError("away")

    monkeypatch.setattr(type(fresh.office.door), "session_of", away)
    assert ((answer := await own.get("/today")).status_code, "<main" in answer.text) == (503, True)
    assert (await own.get("/no-such-page")).status_code == 404


async def test_the_link_of_a_message_leads_its_reader_on_once_and_gives_no_right(fresh: Browsers) -> None:
    """Asked to sign in, one comes back to it; a stranger's it is not; a second time it was used."""
    records = fresh.office.office.records
    digest = await records.outbox.claim(OWN, f"{OWN}/2", NOW)
    await records.outbox.settle(digest, NOW)
    gathered = headed(MessageGathered, seq=0, occurred_at=NOW, decided_at=NOW, actor="engine", cause="digest:2")
    facts: dict[str, Any] = {"digests": (digest.digest_id,), "papers": len(digest.items), "urgent": False, "after": 0}
    await records.own_streams.append_next(delivery_stream("张三"), [gathered(message_id="张三/1", **facts)])
    link = f"/opened/{webhook_identity('张三/1')}"
    own, other, nobody = await fresh.of("own"), await fresh.of("other"), fresh.new()
    assert (await nobody.get(link)).headers["location"] == f"/sign-in?next={quote(link, safe='')}"
    assert (await other.get(link)).status_code == 404
    assert (await own.get("/opened/0")).status_code == 404
    auditor = await fresh.of("auditor")
    assert [(await auditor.get(link)).status_code for _ in "ab"] == [303, 303]
    assert not recorded_mail(records.ledger, "张三").deliveries["张三/1"].link_used
    arrived = await own.get(link)
    assert (arrived.status_code, arrived.headers["location"]) == (303, f"/papers?department={quote(OWN)}&unread=1")
    again = await own.get(link)
    assert (again.status_code, "已经用过" in again.text) == (410, True)
    one = re.findall(r'href="(/papers/one\?[^"]+)"', (await own.get("/papers")).text)[0].replace("&amp;", "&")
    await own.get(one)
    assert len(recorded_mail(records.ledger, "张三").deliveries["张三/1"].papers_read) == 1


async def test_a_deputy_is_appointed_and_dismissed_in_all_projects_of_the_department(fresh: Browsers) -> None:
    """Two projects, each with its result; the list shows him; what is missing is asked for at its field."""
    browser = await fresh.of("own")
    faulty = await browser.post("/deputies", {"from_on": "soon", "until_on": "2018-06-30"})
    for field in ("deputy_department", "from_on", "reason"):
        assert f'href="#field-{field}"' in faulty.text
    span = {"from_on": "2018-06-04", "until_on": "2018-06-30"}
    turned = {"deputy_department": "办公室", "from_on": "2018-06-30", "until_on": "2018-06-04", "reason": "出差"}
    refused = (await browser.post("/deputies", turned)).text
    assert refused.count("结束不能早于开始") == 1
    assert 'value="2018-06-30"' in refused
    fresh.office.door.person("idle", "王八", "department", departments=("办公室",))
    idle = (await (await fresh.of("idle")).post("/deputies", {**turned, **span})).text
    assert "没有可以办理的项目" in idle
    assert "都已办理" not in idle
    deputy = {"deputy_department": "办公室", "person": "王五"}
    done = await browser.post("/deputies", {**deputy, **span, "reason": "出差"})
    assert [row[2] for row in shown_rows(done.text, "每一个的结果")[1:]] == ["已办理"] * 2
    page = (await browser.get("/deputies")).text
    assert "代办人登录后，在“今天”看到代哪个部门办理" in page
    rows = shown_rows(page, "代办人")
    assert rows[1][:4] == ["办公室 王五", "2018-06-04", "2018-06-30", "2"]
    state = await fresh.office.known("2018-06")
    assert [each.deputy for each in state.deputies] == [str(department("办公室", "王五"))]
    ended = await browser.post("/deputies/dismiss", {**deputy, "department": OWN})
    assert "2 个都已办理" in ended.text
    assert "没有代办人" in (await browser.get("/deputies")).text


async def test_a_deputy_acts_at_his_own_desk_and_the_record_names_both(fresh: Browsers) -> None:
    """He finds the duties of these projects, acts, and sees by whom and for whom; no deputy of today finds nothing."""
    span = {"from_on": "2018-06-04", "until_on": "2018-06-30", "reason": "出差"}
    own = await fresh.of("own")
    fresh.office.door.person("lent", "王七", "department", departments=("办公室",))
    fresh.office.door.person("beside", "王八", "department", departments=("办公室",))
    await own.post("/deputies", {"deputy_department": "办公室", "person": "王七", **span})
    deputy, other = await fresh.of("lent"), await fresh.of("beside")
    assert f"您现在代{OWN}办理 2 个项目里的任务" in (await deputy.get("/today")).text
    listed = (await deputy.get(f"/mine?department={quote(OWN)}")).text
    assert "/duties/2018-05a-02" in listed
    assert "2018-07" not in listed
    place = f"/duties/2018-05a-02?department={quote(OWN)}"
    page = (await deputy.get(place)).text
    assert f"您（办公室）代{OWN}办理这项任务" in page
    assert f"/duties/2018-05a-02/report-progress?department={quote(OWN)}" in page
    act = f"/duties/2018-05a-02/report-progress?department={quote(OWN)}"
    assert f"您（办公室）代{OWN}办理这项任务" in (await deputy.get(act)).text
    given = {"text": "已排出任职方案，报省委审批", "quantity": "3", "request_id": "desk-d"}
    answer = await deputy.post(act, given)
    assert answer.status_code == 303, answer.text
    (*_, event) = recorded_events(fresh.office.office.records.ledger, "2018-05a")
    assert (event.actor, event.on_behalf_of) == ("department:办公室:王七", f"department:{OWN}")
    done = (await deputy.get(answer.headers["location"])).text
    assert f"办公室 王七（代{OWN}）" in done
    assert f'href="{place}"' in done
    assert f'href="/today?department={quote(OWN)}"' not in done
    for path in ("/duties/2018-07-02", place, f"/mine?department={quote(OWN)}"):
        assert (await other.get(path)).status_code == 404, path
    assert (await deputy.get("/duties/2018-07-02")).status_code == 404
    await own.post("/deputies/dismiss", {"deputy_department": "办公室", "person": "王七", "department": OWN})
    assert (await deputy.get(place)).status_code == 404
    assert (await deputy.post(act, {**given, "request_id": "desk-e"})).status_code == 404
    assert "您现在代" not in (await deputy.get("/today")).text


def _kept(thing: CalendarAddress, rows: AccountRows) -> None:
    rows.put(thing)


async def test_a_calendar_s_address_is_not_his_who_has_the_login_now(fresh: Browsers) -> None:
    """Whoever had the login before knows the address still: it shows nothing of what the next one may see."""
    office, records = fresh.office, fresh.office.office.records
    await import_directory(records, DIRECTORY, AskedChange("钱管理", at("04-20 09:00"), "r0"))

    def passed_on(draft: Draft) -> None:
        (person,) = [each for each in draft.directory.persons.values() if each.name == "张三"]
        changes.close_person(draft, person.person_id)
        number = changes.open_person(draft, "赵六")
        own = changes.department_in(draft.directory, OWN, draft.today)
        changes.give_role(draft, number, "department", department_id=own.department_id)
        changes.give_account(draft, number, "own")

    await change_directory(records, AskedChange("钱管理", NOW, "r1"), passed_on)
    for secret, made_at in (
        ("of the former one", NOW - timedelta(days=3)),
        ("of the next one", NOW + timedelta(days=1)),
    ):
        address = CalendarAddress(key=hash_of(secret), owner="own", account="own", department=OWN, made_at=made_at)
        await office.accounts.store.change(partial(_kept, address))
    office.now = NOW + timedelta(days=2)

    former, following = [
        (await fresh.new().get(f"/feeds/{quote(secret)}.ics")).status_code
        for secret in ("of the former one", "of the next one")
    ]
    assert (former, following) == (404, 200)


async def test_a_calendar_shows_what_its_owner_may_see_until_it_is_revoked(fresh: Browsers) -> None:
    """The department's open duties with alarms; a leader of all has every lead's; nobody's once the role is gone."""
    office = fresh.office
    await import_directory(office.office.records, DIRECTORY, AskedChange("钱管理", at("04-20 09:00"), "r0"))
    browser, leader, nobody = await fresh.of("own"), await fresh.of("leader"), fresh.new()
    made = (await browser.post("/calendar", {"department": OWN, "days_before": "3"})).text
    (address,) = re.findall(r"http://127\.0\.0\.1:8600(/feeds/\S+\.ics)", made)
    feed = await nobody.get(address)
    assert feed.headers["content-type"].startswith("text/calendar")
    text = feed.text.replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == text.count("BEGIN:VALARM") == 6
    assert "UID:2018-05a-02.lead.组织部@duban" in text
    assert "2018-07" not in text
    assert address not in (await browser.get("/calendar")).text
    own = (await leader.post("/calendar", {"days_before": "0"})).text
    (all_of_it,) = re.findall(r"http://127\.0\.0\.1:8600(/feeds/\S+\.ics)", own)
    assert (await nobody.get(all_of_it)).text.count("BEGIN:VEVENT") == 9
    (revoke,) = re.findall(r'action="(/calendar/[^"]+/revoke)"', (await browser.get("/calendar")).text)
    await leader.post(revoke)
    assert (await nobody.get(address)).status_code == 200
    await browser.post(revoke)
    assert (await nobody.get(address)).status_code == 404
    second = (await browser.post("/calendar", {"department": OWN, "days_before": "3"})).text
    (again,) = re.findall(r"http://127\.0\.0\.1:8600(/feeds/\S+\.ics)", second)

    def leaves(draft: Draft) -> None:
        (person,) = [each for each in draft.directory.persons.values() if each.name == "张三"]
        changes.close_person(draft, person.person_id)

    await change_directory(office.office.records, AskedChange("钱管理", NOW, "r1"), leaves)
    office.now = NOW + timedelta(days=2)
    assert (await nobody.get(again)).status_code == 404


async def test_nobody_makes_a_calendar_of_another_department(seen: Browsers) -> None:
    """Another one's name, a leader's calendar without being one, a number that is none or too large: refused there."""
    browser = await seen.of("own")
    for values, field in (
        ({"department": "宣传部", "days_before": "3"}, "department"),
        ({"department": "", "days_before": "3"}, "department"),
        ({"department": OWN, "days_before": "many"}, "days_before"),
        ({"department": OWN, "days_before": "31"}, "days_before"),
    ):
        answer = await browser.post("/calendar", values)
        assert answer.status_code == 400
        assert f'href="#field-{field}"' in answer.text


async def test_a_count_changes_with_the_act_and_is_each_department_s_own(fresh: Browsers) -> None:
    """Asked for again and again, what is to be signed is one's own; who has signed has none at once, the other all."""
    own, other = await fresh.of("own"), await fresh.of("other")
    for _again in range(2):
        assert [_to_sign(await each.get("/today")) for each in (own, other)] == [["6"], ["6"]]
    assert (await own.post("/today/sign", {"department": OWN})).status_code == 200
    for _again in range(2):
        assert [_to_sign(await each.get("/today")) for each in (own, other)] == [[], ["6"]]


def _to_sign(page: httpx2.Response) -> list[str]:
    return re.findall(r">待签收 (\d+) 项", page.text)


async def test_who_lost_the_answer_is_told_what_he_has_just_done(fresh: Browsers) -> None:
    """A form that is opened anew is a new request: it says what the same person has just written, and leads to it."""
    own, path = await fresh.of("own"), "/duties/2018-05a-02/report-progress"
    first = await own.get(path)
    assert "不必再办" not in first.text
    answer = await own.post(path, {"text": "已开会，正在汇总", "request_id": hidden(first, "request_id")})
    assert answer.status_code == 303
    anew = (await own.get(path)).text
    assert "已开会，正在汇总" in anew
    assert "不必再办" in anew
    assert html.unescape(answer.headers["location"]) in html.unescape(anew)
    assert "不必再办" not in (await own.get("/duties/2018-05a-01/report-progress")).text
    assert "不必再办" not in (await own.get(path.replace("report-progress", "request-extension"))).text
