"""What is done to a whole year at once: another calendar, and the year's end; on two projects of the list."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from application.settings import load_settings
from bench.histories import histories_of
from domain.ids import mailbox_workflow_id
from entrypoints.bootstrap import open_office
from entrypoints.bootstrap.plan_files import load_plan, read_plan
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import DUBAN, Home, apart, part_of_the_plan

_WHY = ("--reason", "年终", "--by", "李")
_EARLY = ("--despite-period", "机构撤并", "--confirmed-by", "周")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Two projects under `duban run`."""
    home = Home(tmp_path_factory.mktemp("year"))
    policy = home.folder / "policy.yaml"
    policy.write_text("version: 2\n", encoding="utf-8")
    plan = part_of_the_plan(home.folder, 2)
    try:
        child = home.start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25", "--policy", str(policy))
        child.shows("按 Ctrl-C 停止")
        yield home
    finally:
        home.close()


@pytest.fixture
def year(small: Home, duban: Duban, monkeypatch: pytest.MonkeyPatch) -> Duban:
    """Call a command on it."""
    for name, value in small.settings.items():
        monkeypatch.setenv(name, value)
    return duban


def outcomes(duban: Duban, *command: str) -> list[str]:
    """What a command made of each project."""
    return [row["outcome"] for row in duban(*command, "--json").document["projects"]]


def signals_of(home: Home, addressee: str) -> list[str]:
    """The signals that a mailbox has had."""

    async def read() -> list[str]:
        async with open_office(load_settings({}, data=home.data)) as office:
            events = [
                e async for run in histories_of(office.engine, mailbox_workflow_id(addressee)) for e in run.events
            ]
        return [e.workflow_execution_signaled_event_attributes.signal_name for e in events]

    return apart(lambda: asyncio.run(read()))


def test_another_calendar_moves_what_follows_from_it_once(year: Duban, small: Home, tmp_path: Path) -> None:
    """A new holiday moves a receipt's limit, and the mailboxes know; the same again, or a bad file, moves nothing."""
    file = tmp_path / "放假安排.yaml"
    file.write_text("years:\n  2018:\n    days_off: [2018-04-26]\n    makeup_working_days: []\n", encoding="utf-8")
    before = year("status", "2018-01", "--json").document["projects"][0]["limits"][0]["due_on"]
    apply = ("calendar", "apply", str(file), "--reason", "临时放假", "--by", "李")
    foreseen = year(*apply, "--preview").out
    assert "2个项目改用" in foreseen
    assert "没有办理" in foreseen
    assert outcomes(year, *apply) == ["done", "done"]
    assert outcomes(year, *apply) == ["unchanged", "unchanged"]
    after = year("status", "2018-01", "--json").document["projects"][0]["limits"][0]["due_on"]
    assert (before, after) == ("2018-04-28", "2018-05-01")
    assert "use_calendar" in signals_of(small, "组织部")
    assert "use_calendar" in signals_of(small, "督查室")
    told = year("calendar", "apply", "--published", "--reason", "更正", "--by", "李")
    assert "共2项：已办理2项。" in told.out
    assert year("calendar", "apply", str(tmp_path / "没有.yaml"), "--reason", "x", "--by", "李").status == 2


@pytest.mark.parametrize(
    ("status", "says", "command"),
    [
        (2, "只能结转到以后的年份", ("close-year", "2018", "--to-year", "2018", *_WHY)),
        (2, "没有2017年的项目", ("close-year", "2017", "--to-year", "2019", *_WHY)),
        (1, "没有节点 2018-01-99", ("close-year", "2018", "--to-year", "2019", "--end", "2018-01-99", *_WHY)),
        (1, "没有督办中的项目 2018-16", ("close-year", "2018", "--to-year", "2019", "--end", "2018-16-01", *_WHY)),
        (2, "不是节点编号", ("close-year", "2018", "--to-year", "2019", "--end", "3", *_WHY)),
        (1, "督查人员", ("close-year", "2018", "--to-year", "2019", "--reason", "x", "--by", "学校部")),
        (2, ".yaml", ("close-year", "2018", "--to-year", "2019", "-o", "结转.txt", *_WHY)),
        (2, "已经存在", ("close-year", "2018", "--to-year", "2019", "-o", "pyproject.toml.yaml", *_WHY)),
    ],
)
def test_a_year_that_cannot_be_closed_so_is_left_open(
    year: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, says: str, command: tuple[str, ...]
) -> None:
    """One sentence, and no project is touched - not even those that do not know the department that asks."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml.yaml").write_text("mine", encoding="utf-8")
    answer = year(*command)
    assert (answer.status, says in answer.sentence) == (status, True), answer.sentence
    assert {project["stage"] for project in year("status", "--json").document["projects"]} == {"assigned"}


def test_a_closed_year_leaves_a_plan_for_the_next(year: Duban, tmp_path: Path) -> None:
    """Completed work is struck off first, and no half of the plan is written; then its rows wait for new dates."""
    assert year("complete", "2018-02", "1", "--by", "组织部", "--done-on", "2018-02-20").status == 0
    assert year("accept", "2018-02", "1", "--by", "李").status == 0
    plan = tmp_path / "2019.yaml"
    refused = year("close-year", "2018", "--to-year", "2019", *_WHY, "--json").document["projects"]
    assert all("请写明提前的理由" in row["text"] for row in refused), refused
    told = year("close-year", "2018", "--to-year", "2019", "--preview", *_WHY).out
    assert "2个项目" in told
    assert "须先销号：2018-02-01" in told
    close = ("close-year", "2018", "--to-year", "2019", "--end", "2018-01-03", *_WHY, *_EARLY)
    answer = year(*close, "-o", str(plan), "--json")
    assert answer.status == 1
    assert [row["outcome"] for row in answer.document["projects"]] == ["done", "failed"]
    assert "2018-02-01 已办结、尚未销号" in answer.document["projects"][1]["text"]
    assert not plan.exists()
    assert "没有写" in answer.err
    assert year("strike-off", "2018-02", "1", "--by", "王").status == 0
    assert outcomes(year, *close, "-o", str(plan)) == ["closed", "done"]
    rows = read_plan(plan).projects
    assert [(row.project_id, len(row.milestones)) for row in rows] == [("2019-C01", 5), ("2019-C02", 8)]
    assert year("compile", str(plan)).status == 1
    assert year("compile", str(plan), "--rule", "carried_over_date=6月底前", "--by", "李").status == 0
    assert {str(m.due_on) for row in load_plan(plan).projects for m in row.milestones} == {"2019-06-30"}
    status = year("status", "2018-01", "--json").document["projects"][0]
    assert (status["stage"], status["limits"]) == ("archived", [])
    assert {m["stage"] for m in status["milestones"]} == {"carried_over", "ended"}


def test_a_year_that_was_closed_by_accident_is_reopened_and_goes_on(year: Duban) -> None:
    """Counted first, refused to one person; then a new run goes on from the ledger's state, and the audit agrees."""
    back = ("reopen", "2018", "--reason", "误办", "--by", "周")
    told = year(*back, "--preview").out
    assert "恢复2个项目" in told
    assert "没有办理" in told
    alone = year(*back)
    assert "将收回年终结转或撤销，恢复2个项目" in alone.err
    assert "还没有办理" in alone.err
    assert "一项也没有办成" in alone.out
    assert outcomes(year, *back) == ["failed", "failed"]
    assert outcomes(year, *back, "--confirmed-by", "李") == ["done", "done"]
    assert outcomes(year, *back, "--confirmed-by", "李") == ["unchanged", "unchanged"]
    again = year(*back, "--confirmed-by", "李").out
    assert ("不必再办" in again, "恢复督办" in again) == (True, False)
    nothing = year(*back, "--preview").out
    assert "没有收回，不用再办：这2个项目没有可收回的" in nothing
    assert "0个" not in nothing
    status = year("status", "2018-01", "--json").document["projects"][0]
    assert {m["stage"] for m in status["milestones"]} == {"assigned"}
    assert status["limits"]
    assert year("report", "2018-01", "3", "已开始", "--by", status["lead_department"]).status == 0
    assert year("audit", "replay", "2018-01").status == 0
    assert year("audit", "reconcile").status == 0


def test_a_whole_list_is_withdrawn_by_two_persons_and_comes_back(year: Duban) -> None:
    """Counted first, refused to one person; the way back is the same as from a closed year."""
    gone = ("withdraw-list", "2018", "--reason", "清单作废", "--by", "周")
    assert "撤销整份清单：2个项目" in year(*gone, "--preview").out
    assert "须两人" in year(*gone).err
    assert "须两人" in year(*gone, "--confirmed-by", "周").err
    assert outcomes(year, *gone, "--confirmed-by", "李") == ["done", "done"]
    assert {each["stage"] for each in year("status", "--json").document["projects"]} == {"withdrawn"}
    back = ("reopen", "2018", "--reason", "清单仍有效", "--by", "李", "--confirmed-by", "周")
    assert outcomes(year, *back) == ["done", "done"]
    assert "withdrawn" not in {each["stage"] for each in year("status", "--json").document["projects"]}


def test_what_was_withdrawn_by_itself_stays_so_when_the_year_comes_back(year: Duban) -> None:
    """The last mass act alone is taken back, list or year's end; whoever names a project gets it with its parts."""
    reopen = ("reopen", "2018", "--reason", "误办", "--by", "李", "--confirmed-by", "周")
    lead = year("status", "2018-01", "--json").document["projects"][0]["lead_department"]
    assert year("decompose", "2018-01", "5", "--by", lead, "--to", "甲市", "--to", "乙市", "--new-units").status == 0
    assert year("withdraw", "2018-01_05_02", "--by", f"{lead}:张三", "--reason", "乙市另行安排").status == 0
    assert year("withdraw", "2018-02", "--by", "李", "--reason", "不再督办").status == 0
    listed = ("withdraw-list", "2018", "--reason", "清单作废", "--by", "周", "--confirmed-by", "李")
    for end in (listed, ("close-year", "2018", "--to-year", "2019", *_WHY, *_EARLY)):
        assert outcomes(year, *end) == ["done", "done", "closed", "closed"]
        told = year(*reopen, "--preview").out
        assert "恢复1个项目和1个分解任务（另有1个不收回" in told
        back = year(*reopen)
        assert "2018-01_05_02、2018-02：此前已另行撤销，没有收回" in back.out
        stages = {each["project_id"]: each["stage"] for each in year("status", "--json").document["projects"]}
        assert {each for each, stage in stages.items() if stage == "withdrawn"} == {"2018-02"}
        parts = (year("status", f"2018-01_05_0{number}", "--json").document["projects"][0] for number in (1, 2))
        assert [each["stage"] for each in parts] == ["assigned", "withdrawn"]
    assert outcomes(year, *reopen, "--project", "2018-02") == ["done"]
    assert year("withdraw", "2018-01", "--by", "李", "--reason", "不再督办").status == 0
    assert outcomes(year, *reopen, "--project", "2018-01") == ["done", "done"]
    assert year("status", "2018-01_05_01", "--json").document["projects"][0]["stage"] != "withdrawn"
    assert year("audit", "reconcile").status == 0
