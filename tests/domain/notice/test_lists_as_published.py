"""What stands around the rows of a published list: other sheets, other words for heads, remarks, its title."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from domain.notice.compiling import compilation
from domain.notice.document import Cell as _Cell
from domain.notice.document import NoticeDocument, Paragraph, Row, Table
from domain.notice.findings import Finding
from domain.notice.front_matter import front_matter
from domain.notice.plan import Plan
from domain.notice.tables import Given

_HEADING = ("某市2026年重点项目清单", "2026年1月5日印发")
_HEADS = ("序号", "任务名称", "责任单位", "完成时限")
_LIST = (_HEADS, ("1", "滨江大道改造", "市住建局", "11月底前"), ("2", "图书馆新馆", "市文旅局", "12月底前"))


def _table(rows: Sequence[Sequence[str]], name: str = "") -> Table:
    return Table(tuple(Row(tuple(map(_Cell, row)), f"{name}第{at}行") for at, row in enumerate(rows, 1)), name)


def _compiled(
    *tables: Sequence[Sequence[str]], lines: Sequence[str] = _HEADING, given: Given | None = None, after: str = ""
) -> Plan:
    blocks: tuple[Paragraph | Table, ...] = (
        *map(Paragraph, lines),
        *map(_table, tables),
        *([Paragraph(after)] if after else []),
    )
    return compilation(NoticeDocument("list", blocks), given=given).plan


def _asked(plan: Plan) -> list[Finding]:
    return [finding for finding in plan.findings if finding.needs_ruling]


def _beside(*rows: Sequence[str], given: Given | None = None) -> tuple[dict[str, list[str]], list[Finding]]:
    """The last days of the projects that a table beside the list adds, and what is asked."""
    plan = _compiled(_LIST, rows, given=given)
    added = {project.title: [str(m.due_on) for m in project.milestones] for project in plan.projects[2:]}
    return added, _asked(plan)


def _failing(expected: Mapping[str, object], read: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    return {name: (want, read[name]) for name, want in expected.items() if read[name] != want}


def test_a_table_beside_the_list_is_taken_where_its_content_says_when() -> None:
    """Heads for what is to be done, who and how are enough, wherever the limit stands in the words."""
    tables: dict[str, tuple[tuple[str, str, str, str], str, str, list[str]]] = {
        "工作要求": (("序号", "前期项目", "责任单位", "工作要求"), "9月底前完成可研", "年底前取得批复", ["2026-09-30"]),
        "behind": (("序号", "谋划项目", "牵头单位", "工作要求"), "完成可研，9月底前报批", "取得批复", ["2026-09-30"]),
        "落实要求": (("序号", "工作事项", "责任处室", "落实要求"), "3月底前", "5月底前", ["2026-03-31"]),
        "建设内容": (
            ("编号", "续建项目", "责任单位", "建设内容"),
            "6月底前封顶；11月底前竣工",
            "一季度开工，年底前完成",
            ["2026-06-30", "2026-11-30"],
        ),
        "整改措施": (("序号", "问题", "责任单位", "整改措施"), "4月底前补齐", "5月底前更换", ["2026-04-30"]),
        "Requirements": (
            ("No.", "Task", "Lead service", "Description"),
            "by 30 June 2026",
            "by May 2026",
            ["2026-06-30"],
        ),
    }
    read = {
        name: _beside(heads, ("1", "通用机场", "市交通局", first), ("2", "抽水蓄能", "市发改委", second))[0].get(
            "通用机场"
        )
        for name, (heads, first, second, _) in tables.items()
    }
    assert _failing({name: dues for name, (*_, dues) in tables.items()}, read) == {}


def test_a_table_that_is_not_taken_names_the_head_that_takes_it() -> None:
    """Whoever gives a column the head that the question says has the rows; a telephone list is no question."""
    lacking = {
        "schedule": (("序号", "谋划项目", "责任单位", "工作要求"), ("1", "通用机场", "市交通局", "抓紧完成可研")),
        "lead": (("序号", "储备项目", "联络处", "完成时限"), ("1", "通用机场", "市交通局", "9月底前")),
        "content": (("序号", "储备工作", "责任单位", "目标"), ("1", "通用机场", "市交通局", "取得批复")),
        "measures": (("序号", "储备任务", "责任部门", "具体措施"), ("1", "通用机场", "市交通局", "完善方案")),
        "goal": (("No.", "Project", "Department", "Objectives"), ("1", "通用机场", "市交通局", "Obtain approval")),
    }
    lost = {}
    for name, rows in lacking.items():
        taken, asked = _beside(*rows)
        told = next((each.text for each in asked if each.code == "table_unread"), "")
        asked_for = re.search(r"请把“(.*)”一栏的表头改为(.*)，再读一次", told)
        heads = tuple(asked_for[2] if asked_for and head == asked_for[1] else head for head in rows[0])
        if not taken and "通用机场" not in _beside(heads, *rows[1:])[0]:
            lost[name] = told
    assert lost == {}
    added, asked = _beside(
        ("序号", "单位", "联系人", "电话"), ("1", "市交通局", "张三", "123"), ("2", "市住建局", "李四", "4")
    )
    assert (added, asked) == ({}, [])


def test_a_head_names_who_leads_by_the_words_that_it_contains() -> None:
    """Offices in any word for them, with a word of leading or alone; who checks, reports or helps never leads."""
    leading = (
        *("Lead directorate", "Directorate", "Lead service", "Owning team", "Responsible directorate", "Delivery lead"),
        *("Lead directorate / service", "Led by", "Team", "Service", "Accountable officer", "Head of service"),
        *(
            "牵头局",
            "责任股室",
            "责任镇街",
            "牵头委办局",
            "实施主体",
            "部门名称",
            "推进专班",
            "归口管理部门",
            "主管部门",
        ),
        *("承担单位", "主责单位（科室）", "经办机构", "项目法人单位", "建设单位"),
    )
    others = (
        *("监督单位", "填报单位", "设计单位", "Lead time (weeks)", "Reporting team", "Reviewing office", "考核部门"),
        *("Supporting teams", "受益单位"),
    )
    leads = {}
    for head in (*leading, *others):
        rows = (
            ("序号", "任务名称", head, "完成时限"),
            ("1", "建设水厂", "Alpha", "6月底前"),
            ("2", "修路", "Beta", "9月底前"),
        )
        leads[head] = _compiled(rows).projects[0].lead_department
    assert [head for head in leading if leads[head] != "Alpha"] == []
    assert [head for head in others if leads[head] == "Alpha"] == []


def test_a_remark_asks_only_where_it_may_change_a_limit_or_the_state() -> None:
    """What was done on the way and amounts change nothing; what is finished, moved or dropped does."""
    progress = ("已约谈开发商", "已开工", "已召开调度会3次", "已征求意见", "已启动前期", "正在推进", "完成初稿")
    changes = (
        "已完成",
        "已办结",
        "已全部整改到位",
        "已于3月竣工",
        "已化解",
        "已",
        "已约谈，拟取消",
        "延期至9月",
        "已上线",
    )
    asked = {
        text: bool(_asked(_compiled(((*_HEADS, "进展情况"), ("1", "建设水厂", "市水务局", "11月底前", text)))))
        for text in (*progress, *changes)
    }
    assert _failing(dict.fromkeys(progress, False) | dict.fromkeys(changes, True), asked) == {}


def test_an_amount_beside_a_limit_is_no_time() -> None:
    """`2000` under 总投资 is money, `2,000` and `2027` too; `2027` under 年度 is asked about."""
    heads = ("总投资（万元）", "年度资金", "预算", "投资额（亿元）", "Budget", "数量")
    told = {}
    for head in heads:
        for amount in ("2000", "2027", "45000", "2,000.5"):
            plan = _compiled(((*_HEADS, head), ("1", "建设水厂", "市水务局", "11月底前", amount)))
            told[f"{head} {amount}"] = any(finding.code == "remark_changes" for finding in plan.findings)
    told.pop("数量 45000")
    assert [name for name, remark in told.items() if remark] == []
    assert _asked(_compiled(((*_HEADS, "年度"), ("1", "建设水厂", "市水务局", "11月底前", "2027"))))


def test_a_list_that_says_that_the_first_leads_is_not_asked_again() -> None:
    """In whatever words it says so, before the table or in its head, told once; a list that says nothing is asked."""
    said = (
        *("说明：责任处室排在第一位的为牵头处室，其余为配合处室。", "注：责任单位列首位的为牵头单位。"),
        *("责任单位中排名第一的为牵头单位", "首位单位为牵头单位，其他为配合单位。", "第一责任单位负责牵头。"),
        *("多个单位的，写在最前面的单位牵头。", "The first-named department leads."),
    )
    unsaid = ("责任单位排名不分先后。", "第一责任单位要加强统筹。", "排在第一位的不一定为牵头单位。", "")
    rows = (_HEADS, ("1", "建设水厂", "市水务局、市财政局", "11月底前"), ("2", "修路", "市交通局、市住建局", "6月底前"))
    asked = {line: tuple(f.code for f in _asked(_compiled(rows, lines=(*_HEADING, line)))) for line in (*said, *unsaid)}
    assert _failing(dict.fromkeys(said, ()) | dict.fromkeys(unsaid, ("several_leads",) * 2), asked) == {}
    told = [f.code for f in _compiled(rows, lines=(*_HEADING, said[0])).findings]
    assert told.count("first_leads") == 1
    in_head = (("序号", "任务名称", "责任单位（排在第一位的为牵头单位）", "完成时限"), *rows[1:])
    assert _asked(_compiled(in_head)) == []


def test_what_closes_a_list_in_running_text_is_nobodys_duty() -> None:
    """A sentence that addresses everybody frames the list; one that names an office or a limit waits for a ruling."""
    lines = (
        *("某市2026年重点工作分解", "2026年1月5日印发"),
        *("1. 建设水厂。（牵头单位：市水务局；完成时限：11月底）", "2. 修路。（牵头单位：市交通局；完成时限：6月底）"),
    )
    frames = (
        *("各牵头单位要细化措施，明确专人负责。区政府督查室要加强跟踪督办。", "各责任单位要高度重视，狠抓落实。"),
        *("各牵头部门、配合部门要密切协作。", "各有关牵头单位要加强统筹。", "各牵头（责任）单位要压实责任。"),
    )
    duties = ("请市督查室牵头，6月底前开展一次督查。", "各牵头单位要于每季度末前报送进展，6月底前完成自查。")
    asked = {line: bool(_asked(_compiled(lines=(*lines, line)))) for line in (*frames, *duties)}
    assert _failing(dict.fromkeys(frames, False) | dict.fromkeys(duties, True), asked) == {}


def test_the_head_of_a_notice_says_its_title_and_its_issuer_and_no_more() -> None:
    """A title stands with title marks or without, an issuer ends where another label begins."""
    titles = {
        "某区政府办公室关于印发2026年全区重点工作责任分解的通知": "2026年全区重点工作责任分解",
        "关于下达2026年市政工程任务的通知": "2026年市政工程任务",
        "某县关于做好2026年民生实事的通知": "做好2026年民生实事",
        "关于转发2026年全县城建计划的通知": "2026年全县城建计划",
        "关于印发《2026年重点任务清单》的通知": "2026年重点任务清单",
    }
    assert _failing(titles, {line: front_matter([line], ()).title for line in titles}) == {}
    issuers = {
        "填报单位：市政府督查室          印发日期：2026年1月28日": "市政府督查室",
        "发文单位：市发改委 联系电话：12345678": "市发改委",
        "制表单位：市住建局；制表日期：2026年2月1日": "市住建局",
        "Issued by: Borough Council": "Borough Council",
        "发文机关：某市人民政府": "某市人民政府",
        "某市人民政府办公室关于印发《2026年重点任务清单》的通知": "某市人民政府办公室",
        "中共某县委 某县人民政府关于下达2026年重点项目计划的通知": "中共某县委 某县人民政府",
        "关于印发《2026年重点任务清单》的通知": None,
    }
    assert _failing(issuers, {line: front_matter([line], ()).issuer for line in issuers}) == {}
