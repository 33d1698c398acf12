"""A list at the desk: handed in, its doubts ruled on beside the words, rehearsed, compared with what runs, started."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from pathlib import Path

import pytest

from application.examples import file_or_example
from application.rehearsing.rehearsal import Rehearsed, RehearsedPaper
from domain.clock import OFFICE_TIME, VirtualClock
from domain.papers.mail_cap import MonthOfPapers
from domain.record.recorded_projects import recorded_events
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import at
from tests.entrypoints.desk.conftest import Browser, Browsers
from tests.entrypoints.desk.small_office import NOW, healthy
from tests.entrypoints.desk.test_year_pages import exported, shown_rows

LIST = """关于印发2018年重点项目清单的通知
2018年4月25日
序号,项目名称,牵头部门,参与部门,工作进度安排
91,青年之家建设,宣传部,组织部,6月：印发方案；9月底前：建成3个
92,座谈会,组织部,,6月底前：召开座谈会；全年：开展6期
"""


async def handed_in(browser: Browser, name: str = "清单.csv", text: str = LIST, **more: str) -> str:
    """Hand a list in; where its page is."""
    answer = await browser.post("/plans", more, files={"file": (name, text.encode(), "text/csv")})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_a_list_is_ruled_on_beside_its_words_compared_and_started(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Findings show the marked words; a ruling settles one; the start says of each project what became of it."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    browser = await fresh.of("operator")
    real = file_or_example(Path("examples/2018-key-projects.txt")).read_text(encoding="utf-8")
    place = await handed_in(browser, "通知.txt", real)
    page = (await browser.get(place)).text
    assert "待裁定 2 处" in page
    assert "<mark>全年</mark>" in page
    assert "启动会办理什么" not in page
    refused = await browser.post(f"{place}/rulings", {"finding": "window_within_window@2018-06:202"})
    assert "请选一种读法" in refused.text
    unreadable = {"finding": "window_within_window@2018-06:202", "words": "尽快"}
    assert (await browser.post(f"{place}/rulings", unreadable)).status_code == 400
    offered = r'name="finding-\d+" value="([^"]+)">.*?name="choice-\d+" value="([^"]+)"'
    for finding, choice in re.findall(offered, page, re.DOTALL):
        answer = await browser.post(f"{place}/rulings", {"finding": finding, "choice": choice, "reason": "按原文"})
        assert answer.status_code == 303
    page = (await browser.get(place)).text
    assert "没有待裁定的地方" in page
    rows = shown_rows(page, "启动会办理什么")
    assert {row[1] for row in rows[1:]} == {"新增", "变更"}
    asked = await browser.post(f"{place}/start")
    assert asked.status_code == 200
    results = shown_rows(asked.text, "各项目的结果")
    assert {row[1] for row in results[1:]} == {"已启动", "已变更"}
    assert (await fresh.office.known("2018-01")).project.lead_department
    assert "启动这份清单不会有任何变化" in (await browser.get(place)).text
    yaml = await browser.get(f"{place}/plan.yaml")
    assert "window_within_window@2018-06:202" in yaml.text
    assert (await browser.post(f"{place}/drop")).status_code == 303
    assert "没有这份清单" in (await browser.get(place)).text


async def test_the_offices_of_a_group_can_be_named_though_nobody_asks(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note that offers a choice has the form of a question; the list waits for no answer."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    browser = await fresh.of("operator")
    place = await handed_in(browser, text=LIST.replace("宣传部,组织部,6月", "宣传部,各县区,6月"))
    page = (await browser.get(place)).text
    told = page[page.index("group_participant@各县区") - 400 :]
    assert told.index("<form") < told.index("group_participant@各县区") < told.index("</form>")
    named = {"finding": "group_participant@各县区", "words": "甲县、乙县"}
    assert (await browser.post(f"{place}/rulings", named)).status_code == 303
    assert "甲县" in (await browser.get(f"{place}/plan.yaml")).text


async def test_what_cannot_be_read_is_said_at_the_field(seen: Browsers) -> None:
    """No file, a wrong year, a picture, a marked text: a sentence each, nothing kept."""
    browser = await seen.of("operator")
    empty = await browser.post("/plans", {"year": "18"})
    assert empty.status_code == 400
    assert 'href="#field-file"' in empty.text
    assert 'href="#field-year"' in empty.text
    picture = await browser.post("/plans", {}, files={"file": ("清单.png", b"\x89PNG\r\n", "image/png")})
    assert "图片" in picture.text
    secret = await browser.post("/plans", {"text": f"机密★\n{LIST}"})
    assert secret.status_code == 400
    assert "还没有交来的清单" in secret.text
    assert (await browser.get("/plans/none/plan.exe")).status_code == 404


async def test_what_a_list_lacks_is_asked_for_at_its_field_and_its_file_anew(seen: Browsers) -> None:
    """The folded fields are open, the one that answers is at fault; an empty file is called empty, a lost one lost."""
    browser = await seen.of("operator")
    text = "序号,项目名称,牵头部门,工作安排\n1,座谈会,组织部,6月：开会\n".encode()
    for data, field, said in ((text, "year", "请写明是哪一年的清单"), (b"", "file", "选的文件是空的")):
        page = (await browser.post("/plans", files={"file": ("清单 二.csv", data)})).text
        assert re.search(rf'<p class="fault" id="fault-{field}">.*?{said}', page)
        assert "<details open>" in page
        assert "再交时请重新选择" in page
    files = {"evidence": ("会议 纪要.pdf", b"%PDF")}
    own = await seen.of("own")
    for act in ("report-progress", "answer-inspection"):  # its words are missing; there is no inspection
        refused = await own.post(f"/duties/2018-05a-02/{act}", {"text": "" if act[0] == "r" else "整改"}, files=files)
        assert (refused.status_code, "再交时请重新选择" in refused.text) == (400, True), act
    assert "再交时请重新选择" not in (await browser.get("/plans")).text


async def test_a_start_that_can_hardly_be_meant_asks_first(fresh: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of another year than the clock's: asked, and started only where the box is ticked."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    await fresh.office.office.records.ledger.settle_clock(
        VirtualClock(engine_at=NOW, supervised_at=at("04-20 08:00"), speed=1)
    )
    browser = await fresh.of("operator")
    place = await ruled_on(browser, LIST.replace("91,", "93,").replace("92,", "94,").replace("2018年", "2019年"))
    asked = await browser.post(f"{place}/start")
    assert asked.status_code == 400
    assert 'id="field-confirmed"' in asked.text
    assert "--yes" not in asked.text
    done = await browser.post(f"{place}/start", {"confirmed": "yes"})
    assert done.status_code == 200, done.text
    assert (await fresh.office.known("2019-93")).project.lead_department


async def test_the_next_year_s_list_starts_in_the_december_in_which_it_was_issued(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other data folder is asked for, as of a list of a year that is over; a day of issue is ruled on in words."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    fresh.office.now = at("12-20 10:00")
    clock = VirtualClock(engine_at=fresh.office.now, supervised_at=fresh.office.now, speed=1)
    await fresh.office.office.records.ledger.settle_clock(clock)
    browser, answers = await fresh.of("operator"), []
    for year in ("2019", "2017"):
        undated = LIST.replace("2018年4月25日\n", "").replace("2018年", f"{year}年")
        place = await handed_in(browser, text=undated)
        (finding,) = re.findall(
            r'name="finding(?:-\d+)?" value="(no_issue_date[^"]*)"', (await browser.get(place)).text
        )
        refused = (await browser.post(f"{place}/rulings", {"finding": finding, "words": "就在明年"})).text
        assert "裁定“就在明年”，读不出来：印发日期写作" in refused
        assert "“”" not in refused
        await browser.post(f"{place}/rulings", {"finding": finding, "words": "2018-12-17"})
        for rest in re.findall(r'name="finding(?:-\d+)?" value="([^"]+)"', (await browser.get(place)).text):
            await browser.post(f"{place}/rulings", {"finding": rest, "choice": "确认"})
        answers.append((await browser.post(f"{place}/start")).text)
    assert ["另选数据目录" in each for each in answers] == [False, True], answers[0]


async def ruled_on(browser: Browser, text: str = LIST) -> str:
    """Hand a list in and take every doubtful reading as it was read; where its page is."""
    place = await handed_in(browser, text=text)
    for finding in re.findall(r'name="finding(?:-\d+)?" value="([^"]+)"', (await browser.get(place)).text):
        await browser.post(f"{place}/rulings", {"finding": finding, "choice": "确认"})
    return place


async def test_a_list_that_withdraws_much_is_prepared_by_one_and_confirmed_by_another(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody starts it alone, whomever he names; who prepared it cannot confirm it; another login does."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    first, second = await fresh.of("operator"), await fresh.of("second")
    place = await ruled_on(first)
    page = (await first.get(place)).text
    assert 'name="confirmed_by"' not in page
    assert "2018-05a、2018-06、2018-07" in page
    alone = await first.post(f"{place}/start", {"confirmed": "yes", "confirmed_by": "赵六"})
    assert (alone.status_code, "须两人办理" in alone.text) == (400, True)
    assert (await first.post(f"{place}/confirm")).status_code == 400  # nobody prepared it
    assert (await first.post(f"{place}/prepare")).status_code == 303
    assert "待另一位确认" in (await second.get("/plans")).text
    assert "李四" in (await second.get(place)).text
    himself = await first.post(f"{place}/confirm")
    assert (himself.status_code, "须由准备人以外的一位确认" in himself.text) == (400, True)
    assert not (await fresh.office.known("2018-05a")).closed
    done = await second.post(f"{place}/confirm")
    assert done.status_code == 200, done.text
    events = list(recorded_events(fresh.office.office.records.ledger, "2018-05a"))
    assert events[-1].actor == "operator:赵六"
    assert "（确认人：李四）" in (await second.get("/projects/2018-05a")).text
    assert "确认并办理" not in (await first.get(place)).text


async def test_what_was_prepared_of_a_list_is_given_up_with_it(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ruling makes it another list, its end leaves none, one may give it up; one for one person is not prepared."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    first, second = await fresh.of("operator"), await fresh.of("second")
    place = await handed_in(first, text=LIST.replace("宣传部,组织部,6月", "宣传部,各县区,6月"))
    ends = {
        "rulings": {"finding": "group_participant@各县区", "words": "甲县、乙县"},
        "give-up": {},
        "drop": {},
    }
    for end, values in ends.items():
        assert (await first.post(f"{place}/prepare")).status_code == 303
        assert (await first.post(f"{place}/{end}", values)).status_code == 303
        gone = await second.post(f"{place}/confirm")
        assert gone.status_code in (400, 404), (end, gone.text)
        assert not (await fresh.office.known("2018-05a")).closed
    few = await ruled_on(first, LIST.replace("2018年", "2019年"))
    one = await first.post(f"{few}/prepare")
    assert (one.status_code, "请直接启动" in one.text) == (400, True)


async def test_a_rehearsal_shows_what_it_brought_and_its_tables_can_be_taken_away(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it runs the page says so; then charts and tables; an unknown behaviour is refused at its field."""
    browser = await fresh.of("operator")
    place = await handed_in(browser)
    for finding in re.findall(r'name="finding(?:-\d+)?" value="([^"]+)"', (await browser.get(place)).text):
        await browser.post(f"{place}/rulings", {"finding": finding, "choice": "确认"})
    paper = RehearsedPaper(
        on=NOW.date(), kind="reminder", to="组织部", project_id="2018-92", milestone_id="2018-92-01", level=None
    )
    brought = Rehearsed(
        start=NOW,
        end=datetime(2018, 12, 31, tzinfo=OFFICE_TIME),
        papers=(paper,),
        counts={"reminder": 1},
        events=7,
        seconds=0.1,
        burden=(MonthOfPapers(addressee="组织部", month="2018-06", sent=1, withheld=0),),
    )
    going_on = asyncio.Event()

    async def followed(asked: object, _given: object) -> None:
        await going_on.wait()
        asked.found = brought  # type: ignore[attr-defined]  # the desk's own

    monkeypatch.setattr("application.desk_work.rehearsals._followed", followed)
    refused = await browser.post(f"{place}/rehearsal", {"behaviour": "sometimes"})
    assert 'href="#field-behaviour"' in refused.text
    assert (await browser.post(f"{place}/rehearsal", {"behaviour": "silent"})).status_code == 303
    assert 'http-equiv="refresh"' in (await browser.get(f"{place}/rehearsal")).text
    assert "还在进行" in (await browser.post(f"{place}/rehearsal", {"behaviour": "silent"})).text
    going_on.set()
    await asyncio.sleep(0)
    page = (await browser.get(f"{place}/rehearsal")).text
    assert "正在演练" not in page
    assert shown_rows(page, "全部文书") == await exported(browser, f"{place}/rehearsal/papers")
    assert shown_rows(page, "每月收文") == await exported(browser, f"{place}/rehearsal/burden")
    assert "<svg" in page


async def test_a_list_with_a_word_that_a_policy_on_record_refuses_is_not_kept(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As marks: it is refused when it is handed in, and not first when it is started."""
    monkeypatch.setattr("domain.record.refused_words.RefusedWords.of_all", lambda *_: ("会议纪要",))
    browser = await fresh.of("operator")
    refused = await browser.post("/plans", {"text": LIST.replace("座谈会", "会议纪要")})
    assert refused.status_code == 400
    assert "会议纪要" in refused.text
    assert "还没有交来的清单" in (await browser.get("/plans")).text


async def test_projects_that_run_keep_the_rules_that_they_began_with(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A policy that was changed meanwhile is told before the start, with the rules that it changed, and no command."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    browser, said = await fresh.of("operator"), "在办项目仍按立项时的规则办理，改动只用于此后新增的项目"
    place = await ruled_on(browser, LIST)
    assert said not in (await browser.get(place)).text
    assert (await browser.post(f"{place}/prepare")).status_code == 303
    assert (await (await fresh.of("second")).post(f"{place}/confirm")).status_code == 200
    assert said not in (await browser.get(place)).text
    changed = SupervisionPolicy(life_cycle=LifeCycleRules(extensions_at_most=5))
    monkeypatch.setattr("entrypoints.desk.plan_tables.policy_of", lambda _: changed)
    page = (await browser.get(place)).text
    assert (said in page, "life_cycle.extensions_at_most" in page, "duban audit" in page) == (True, True, False)


async def test_a_ruling_that_is_refused_keeps_what_was_typed_and_names_the_words(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They stand in their form again, also where it is folded; the sentence quotes the list, and no key of ours."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    browser = await fresh.of("operator")
    place = await handed_in(browser, text=LIST.replace("6月底前：", "6月31日前："))
    typed = {"finding": "no_such_day@2018-92:0", "words": "六月底左右", "reason": "按惯例"}
    for folded in (False, True):
        refused = await browser.post(f"{place}/rulings", typed)
        assert ("<details open>" in refused.text) is folded
        assert "“6月31日前”裁定为“六月底左右”，读不出来" in refused.text
        assert "no_such_day@2018-92:0=" not in refused.text
        (form,) = re.findall(
            r"<form[^>]*/rulings(?:(?!</form>).)*?no_such_day@2018-92:0.*?</form>", refused.text, re.DOTALL
        )
        assert ('value="六月底左右"' in form, 'value="按惯例"' in form, 'aria-invalid="true"' in form) == (True,) * 3
        confirmed = {"finding": typed["finding"], "choice": "确认"}
        assert (await browser.post(f"{place}/rulings", confirmed)).status_code == 303
    assert re.search(r'value="确认" checked', (await browser.get(place)).text)


async def test_many_doubts_are_ruled_on_in_one_form(fresh: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    """One chosen, one written, one wrong: that one is named with its place and keeps its words, the others hold."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    browser = await fresh.of("operator")
    clauses = "".join(f"{month}月31日前：召开第{month}次座谈会；" for month in (4, 6, 9, 11))
    place = await handed_in(browser, text=LIST.replace("6月底前：", clauses + "6月底前："))
    page = (await browser.get(place)).text
    doubts = re.findall(r'name="finding-(\d+)" value="([^"]+)"', page)
    assert len(doubts) == 4
    form = {f"finding-{number}": key for number, key in doubts} | {"reason": "按惯例"}
    answers = {"choice-1": "确认", "words-2": "2018年7月2日前", "words-3": "九月底左右"}
    refused = await browser.post(f"{place}/rulings", form | answers)
    assert refused.status_code == 400
    assert "2018-92-03：“9月31日前”裁定为“九月底左右”，读不出来" in refused.text
    assert ("待裁定 2 处" in refused.text, refused.text.count('value="九月底左右"')) == (True, 1)
    left = dict(re.findall(r'name="finding-(\d+)" value="([^"]+)"', refused.text))
    assert [*left.values()] == [key for _, key in doubts[2:]]
    nothing = await browser.post(f"{place}/rulings", {f"finding-{number}": key for number, key in left.items()})
    assert (nothing.status_code, "请选一种读法" in nothing.text) == (400, True)


async def test_what_is_assumed_is_not_offered_twice(fresh: Browsers) -> None:
    """A choice that reads as what holds already would ask what the difference is."""
    browser = await fresh.of("operator")
    place = await handed_in(browser, text=LIST.replace("6月底前：召开座谈会", "6月31日前：召开座谈会；9-8月：走访"))
    page = (await browser.get(place)).text
    offered = re.findall(r'name="choice(?:-\d+)?" value="([^"]+)"', page)
    assert "2018-06-30到期" not in page
    assert offered.count("确认") == 2
    assert page.count("2018-09-01至2019-08-31") == 1, page
    assert "2018-08-01至2018-09-30" in page


async def test_what_a_closed_year_carried_over_is_started_with_the_next_list_at_the_desk(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken out as a list, its dates ruled on, joined to the new one once; a year that left nothing says so."""
    monkeypatch.setattr("application.office.every_project.sick_projects", healthy)
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    fresh.office.now = at("12-20 10:00")
    first, second = await fresh.of("operator"), await fresh.of("second")
    nothing = await first.post("/year-end/carried-over", {"year": "2018"})
    assert (nothing.status_code, "没有结转的节点" in nothing.text) == (400, True)
    assert (await first.post("/year-end", {"year": "2018", "reason": "年终结转"})).status_code == 303
    (path,) = re.findall(r'action="(/year-end/[^"]+/confirm)"', (await second.get("/year-end")).text)
    assert 'action="/year-end/carried-over"' in (await second.post(path)).text
    assert 'action="/year-end/carried-over"' in (await first.get("/year-end?year=2018")).text
    taken = (await first.post("/year-end/carried-over", {"year": "2018"})).headers["location"]
    assert (await second.post("/year-end/carried-over", {"year": "2018"})).headers["location"] == taken
    dates = dict(re.findall(r'name="(finding-\d+)" value="([^"]+)"', (await first.get(taken)).text))
    assert len(dates) > 1
    given = {**dates, "words-1": "2019年6月30日前", "rest": "年底前"}  # one is written, the others are accepted at once
    assert (await first.post(f"{taken}/rulings", given)).status_code == 303
    page = (await first.get(taken)).text
    assert ("没有待裁定的地方" in page, page.count("2019-12-31")) == (True, len(dates) - 1)
    new = await ruled_on(first, LIST.replace("2018年", "2019年"))
    page = (await first.get(new)).text
    assert "2019-C05a" not in page
    other = {"other": taken.rpartition("/")[2]}
    assert f'name="other" value="{other["other"]}"' in page
    assert (await first.post(f"{new}/join", other)).status_code == 303
    joined = (await first.get(new)).text
    assert {row[0] for row in shown_rows(joined, "启动会办理什么")[1:]} >= {"2019-91", "2019-92", "2019-C05a"}
    assert f'name="other" value="{other["other"]}"' not in joined
    refused = await first.post(f"{new}/join", other)
    assert (refused.status_code, "没有并入" in refused.text) == (400, True)
    assert "2019-91" not in (await first.get(taken)).text
