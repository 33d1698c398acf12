"""Every act of the life cycle by its command of the shell, on the running 2018 list: what it makes happen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrypoints.cli.command_table import COMMANDS
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import PLAN, Home, until

LATER = ("--to", "2018-08-31", "--reason", "场地改造", "--progress", "已选址")


def done(duban: Duban, *command: str) -> Any:
    """Give a command that must be accepted; answer its document."""
    answer = duban(*command, "--json")
    assert answer.status == 0, answer.err
    assert answer.document["event_ids"]
    return answer.document


def view(duban: Duban, project: str) -> Any:
    """A project as `status --json` has it."""
    return duban("status", project, "--json").document["projects"][0]


def milestone(duban: Duban, project: str, ordinal: int) -> Any:
    """One milestone of it."""
    return view(duban, project)["milestones"][ordinal - 1]


def waiting(duban: Duban, project: str) -> set[tuple[str, str]]:
    """What waits in a project, and for whom."""
    return {(limit["kind"], limit["owner"]) for limit in view(duban, project)["limits"]}


def told(duban: Duban, project: str) -> str:
    """The timeline of a project, as text."""
    return duban("audit", "history", project, "--json").out


def test_an_extension_is_asked_reviewed_supplemented_and_granted(running: Duban) -> None:
    """The clock stands still meanwhile, each step waits for its own side, and all three dates stay."""
    done(running, "extend", "2018-07", "4", *LATER, "--by", "基层工作部")
    assert milestone(running, "2018-07", 4)["clock_stopped_by"] == ["extension"]
    assert ("extension_review", "督查室") in waiting(running, "2018-07")
    done(running, "rule", "extension-review", "2018-07", "4", "--advise-against", "--opinion", "理由不足", "--by", "李")
    done(running, "rule", "extension", "2018-07", "4", "--ask-more", "--reason", "请附方案", "--by", "王")
    done(running, "extend", "2018-07", "4", "--supplement", "方案已附", "--by", "基层工作部")
    done(
        running,
        "rule",
        "extension-review",
        "2018-07",
        "4",
        "--recommend",
        "2018-08-20",
        "--opinion",
        "可",
        "--by",
        "李",
    )
    page = running("status", "2018-07").out
    assert "申请延至 2018-08-31，待批复，初审建议 2018-08-20" in page
    assert "延期批复，由督查室于" in page
    done(running, "rule", "extension", "2018-07", "4", "--grant", "2018-08-20", "--reason", "同意", "--by", "王")
    now = milestone(running, "2018-07", 4)
    dates = (now["baseline_due_on"], now["approved_due_on"], now["clock_stopped_by"], now["extensions_granted"])
    assert dates == ("2018-07-31", "2018-08-20", [], 1)
    done(running, "extend", "2018-07", "5", *LATER[2:], "--to", "2018-09-28", "--by", "基层工作部")
    done(running, "rule", "extension-review", "2018-07", "5", "--advise-against", "--opinion", "不可", "--by", "李")
    done(running, "rule", "extension", "2018-07", "5", "--refuse", "--reason", "来得及", "--by", "王")
    assert milestone(running, "2018-07", 5)["approved_due_on"] == "2018-08-31"


def test_a_department_acknowledges_an_urge_once(running: Duban) -> None:
    """The timeline says who has seen it; a second time is refused."""
    done(running, "urge", "2018-07", "5", "--reason", "请报进展", "--by", "李")
    done(running, "acknowledge", "2018-07", "5", "--by", "基层工作部")
    assert "基层工作部确认收到提醒" in told(running, "2018-07")
    again = running("acknowledge", "2018-07", "5", "--by", "基层工作部")
    assert (again.status, "不予办理：" in again.err) == (1, True)


def test_an_inspection_goes_from_opening_to_closing(running: Duban, tmp_path: Path) -> None:
    """Finding with its working paper, conclusion, answer, rectification sent back once, then held to be done."""
    paper = tmp_path / "底稿.pdf"
    paper.write_bytes(b"%PDF working paper")
    done(running, "inspect", "2018-08", "3", "--reason", "抽查", "--by", "李")
    done(running, "finding", "2018-08", "3", "台账不全", "--evidence", str(paper), "--by", "李")
    assert "督查：2018-08-03 自 2018-04-25，正在进行，已记1个问题" in running("status", "2018-08").out
    done(running, "conclude", "2018-08", "3", "须补齐台账", "--rectify-by", "2018-05-31", "--by", "李")
    lead = "青少年社会参与和权益维护部"
    assert {("inspection_answer", lead), ("rectification", lead)} <= waiting(running, "2018-08")
    done(running, "answer", "2018-08", "3", "接受结论", "--by", lead)
    done(running, "rectify", "2018-08", "3", "已补齐", "--evidence", str(paper), "--by", lead)
    done(running, "check", "2018-08", "3", "--fails", "--note", "还缺两份", "--rectify-by", "2018-06-15", "--by", "王")
    assert milestone(running, "2018-08", 3)["inspection"]["rectify_by"] == "2018-06-15"
    done(running, "rectify", "2018-08", "3", "全部补齐", "--by", lead)
    done(running, "check", "2018-08", "3", "--holds", "--note", "到位", "--by", "王")
    assert milestone(running, "2018-08", 3)["inspection"] is None
    done(running, "inspect", "2018-08", "4", "--reason", "抽查", "--by", "李")
    done(running, "conclude", "2018-08", "4", "没有问题", "--by", "李")
    done(running, "answer", "2018-08", "4", "无异议", "--by", lead)
    done(running, "close-inspection", "2018-08", "4", "--by", "王")
    assert milestone(running, "2018-08", 4)["inspection"] is None


def test_the_cap_on_inspections_counts_all_projects_of_the_department(running: Duban) -> None:
    """Twice in the month in other projects is the third time here: refused, unless a reason is given."""
    done(running, "inspect", "2018-14", "2", "--reason", "抽查", "--by", "李")
    done(running, "inspect", "2018-15", "2", "--reason", "抽查", "--by", "李")
    third = running("inspect", "2018-12", "3", "--reason", "抽查", "--by", "李", "--json")
    assert (third.status, third.document["rejected"]["rule"]) == (1, "burden_cap")
    done(running, "inspect", "2018-12", "3", "--reason", "抽查", "--despite-cap", "省里要求", "--by", "李")
    assert "超出上限的理由：省里要求" in told(running, "2018-12")
    (row,) = [row for row in running("burden", "--json").document["rows"] if row["addressee"] == "学校部"]
    assert (row["inspections"], row["over"]) == (3, ["inspections"])
    page = running("burden", "--month", "2018-04").out
    assert "督查超上限" in page
    assert "超出上限：学校部" in page


def test_a_department_signs_and_a_participant_has_its_own_duty(running: Duban) -> None:
    """Each signs for itself; the participant reports and delivers its own part, under its own light."""
    done(running, "receipt", "2018-13", "--by", "少年部:张三")
    assert ("receipt", "少年部") not in waiting(running, "2018-13")
    assert ("receipt", "组织部") in waiting(running, "2018-13")
    done(running, "receipt", "2018-13", "2", "--by", "组织部")
    done(running, "report", "2018-13", "2", "已配合", "--by", "组织部")
    done(running, "complete", "2018-13", "2", "--by", "组织部")
    (part,) = milestone(running, "2018-13", 2)["participants"]
    assert (part["department"], part["stage"], part["signed"]) == ("组织部", "delivered", True)
    assert milestone(running, "2018-13", 2)["stage"] == "assigned"
    assert "已完成参与部分" in running("status", "2018-13").out


def test_a_report_names_its_period_and_the_department_s_own_forecast(running: Duban) -> None:
    """An ongoing milestone is reported by periods; the forecast stands beside the other two dates."""
    done(running, "report", "2018-15", "5", "已开工", "--period", "1", "--forecast", "2018-11-30", "--by", "学校部")
    now = milestone(running, "2018-15", 5)
    assert now["forecast_due_on"] == "2018-11-30"
    assert now["progress"]["periods"] > 1
    assert "2018-11-30" in running("status", "2018-15").out


def test_a_declined_assignment_is_insisted_on_and_a_dispute_is_ruled(running: Duban) -> None:
    """The clock stands still until the assigning side has ruled; both are on record with their reasons."""
    done(running, "decline", "2018-16", "3", "--reason", "无此职能", "--by", "办公室")
    assert ("declined_assignment", "督查室") in waiting(running, "2018-16")
    assert "退回交办的处理（办公室），由督查室于" in running("status", "2018-16").out
    done(running, "insist", "2018-16", "3", "--department", "办公室", "--reason", "分工已明确", "--by", "李")
    done(running, "dispute", "2018-16", "3", "应由办公室起草", "--against", "办公室", "--by", "省团校")
    assert milestone(running, "2018-16", 3)["clock_stopped_by"] == ["dispute"]
    done(running, "rule", "dispute", "2018-16", "3", "--responsible", "省团校", "--reason", "按分工", "--by", "李")
    assert milestone(running, "2018-16", 3)["clock_stopped_by"] == []


def test_a_new_participant_gets_its_order_and_a_start_leaves_it(running: Duban, home: Home) -> None:
    """Whoever takes a participant's duty in mid-year gets a mailbox and the order; the list does not undo it."""
    new = running("reassign", "2018-03", "--from", "省团校", "--to", "研究室", "--reason", "机构改革", "--by", "李")
    assert (new.status, "若名称有误" in new.err) == (0, True)
    until(lambda: any("研究室" in str(file) for file in (home.data / "outbox").rglob("*.json")), "the order")
    done(running, "reassign", "2018-03", "3", "--from", "少年部", "--reason", "不再参与", "--by", "李")
    stages = {part["department"]: part["stage"] for part in milestone(running, "2018-03", 3)["participants"]}
    assert stages == {"组织部": "assigned", "少年部": "released", "省团校": "released", "研究室": "assigned"}
    done(running, "reassign", "2018-03", "--from", "宣传部", "--to", "网信办", "--reason", "机构改革", "--by", "李")
    assert view(running, "2018-03")["lead_department"] == "网信办"
    assert "此前已启动17项" in running("start", str(PLAN)).out


def test_directives_wait_for_their_answer(running: Duban) -> None:
    """Of the project and of a milestone; answered by number, or the oldest first."""
    done(running, "order", "2018-04", "请抓紧", "--leader", "张书记", "--by", "李")
    done(running, "order", "2018-04", "2", "请报进展", "--leader", "王书记", "--answer-by", "2018-05-10", "--by", "李")
    first, second = view(running, "2018-04")["directives"]
    assert (second["leader"], second["answer_by"], second["text"]) == ("王书记", "2018-05-10", "请报进展")
    shown = running("status", "2018-04").out
    assert f"批示：第 {second['number']} 号（2018-04-02），王书记" in shown
    assert "请报进展" in shown
    done(running, "answer", "2018-04", "已报", "--number", str(second["number"]), "--by", "办公室")
    assert view(running, "2018-04")["directives"] == [first]
    done(running, "answer", "2018-04", "已落实", "--directive", "--by", "办公室")
    assert view(running, "2018-04")["directives"] == []


def test_work_and_notices_pause_with_a_reason_and_an_end(running: Duban) -> None:
    """Each is shown with owner, reason and end, and ended by hand."""
    done(running, "suspend", "2018-05a", "3", "--reason", "机构改革", "--until", "2018-05-31", "--by", "李")
    done(running, "silence", "2018-05a", "--reason", "会期", "--until", "2018-05-02", "--by", "王")
    page = running("status", "2018-05a").out
    assert "中止：2018-05a-03 自 2018-04-25 起至 2018-05-31（李：机构改革）" in page
    assert "停发通知：整个项目至 2018-05-02（王：会期）" in page
    done(running, "resume", "2018-05a", "3", "--reason", "改革完成", "--by", "李")
    done(running, "unsilence", "2018-05a", "--reason", "会期结束", "--by", "王")
    assert view(running, "2018-05a")["silence"] is None
    assert milestone(running, "2018-05a", 3)["suspension"] is None


def test_a_deputy_acts_on_behalf_of_its_principal_until_dismissed(running: Duban) -> None:
    """A department's for the department, a person's for the person; recorded with both names."""
    period = ("--from", "2018-04-25", "--until", "2018-05-25", "--reason", "出差")
    done(running, "deputy", "appoint", "2018-09", "--deputy", "组织部:王五", *period, "--by", "办公室:张三")
    done(running, "deputy", "appoint", "2018-09", "--deputy", "督查:王", *period, "--by", "督查:李")
    assert "代办：组织部 王五 代 办公室，2018-04-25 至 2018-05-25" in running("status", "2018-09").out
    done(running, "report", "2018-09", "1", "代报", "--by", "组织部:王五", "--on-behalf-of", "办公室:张三")
    done(running, "urge", "2018-09", "1", "请抓紧", "--by", "督查：王", "--on-behalf-of", "督查:李")
    assert "组织部 王五（代办公室）" in told(running, "2018-09")
    done(running, "deputy", "dismiss", "2018-09", "--deputy", "组织部:王五", "--reason", "已回", "--by", "办公室")
    late = running("report", "2018-09", "1", "已办", "--by", "组织部:王五", "--on-behalf-of", "办公室", "--json")
    assert late.document["rejected"]["rule"] == "appointed_deputy"


def test_a_person_s_deputy_amends_and_reviews_for_the_person(running: Duban) -> None:
    """Every act of an operator takes --on-behalf-of; without the authority it is refused."""
    period = ("--from", "2018-04-25", "--until", "2018-05-25", "--reason", "出差")
    amend = ("amend", "2018-13", "--title", "新名称", "--basis", "会议纪要", "--on-behalf-of", "李")
    assert running(*amend, "--by", "王", "--json").document["rejected"]["rule"] == "appointed_deputy"
    done(running, "deputy", "appoint", "2018-13", "--deputy", "督查:王", *period, "--by", "督查:李")
    done(running, *amend, "--by", "督查:王")
    assert view(running, "2018-13")["title"] == "新名称"
    assert "王（代李）" in told(running, "2018-13")


def test_a_participant_is_urged_and_a_bulletin_is_drafted_and_published(running: Duban) -> None:
    """The urge is the participant's; what was completed early is drafted as praise, published once."""
    done(running, "urge", "2018-11", "2", "请配合", "--department", "组织部", "--by", "李")
    assert "组织部：催办：请配合" in told(running, "2018-11")
    done(running, "complete", "2018-11", "4", "全部指导完毕", "--by", "统战部")
    done(running, "accept", "2018-11", "4", "--by", "李")
    drafts = running("bulletin", "draft", "2018-04", "--json").document["drafts"]
    (draft,) = [draft for draft in drafts if draft["project_id"] == "2018-11"]
    assert (draft["kind"], draft["department"], draft["published"]) == ("praise", "统战部", False)
    assert "duban bulletin publish 2018-11 2018-11-04" in running("bulletin", "draft", "2018-04").out
    done(
        running,
        "bulletin",
        "publish",
        "2018-11",
        "4",
        draft["text"],
        "--praise",
        "--department",
        "统战部",
        "--by",
        "王",
    )
    assert "（本月已发布）" in running("bulletin", "draft", "2018-04").out
    assert "没有应予通报的事项" in running("bulletin", "draft", "2018-03").out


@pytest.mark.parametrize("columns", [80, 180])
def test_the_help_shows_the_commands_by_who_uses_them(
    duban: Duban, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """Every command stands in exactly one section, each in one line."""
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = duban("--help").out.splitlines()
    assert {"承办部门:", "审计人员:", "引擎和备份:"} <= set(lines)
    for name in (named.name for section in COMMANDS for named in section.commands):
        assert len([line for line in lines if line.startswith(f"  {name} ")]) == 1
