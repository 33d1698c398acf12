"""What a person reads whose act breaks a rule, word for word, where the sentence depends on how things stand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.acts import rejections as r
from tests.domain.samples import FIRST, PROJECT

DAY = date(2018, 5, 9)
AMENDED = "请由督查室变更该节点，写明时限"
NOT_DUE = f"节点 {FIRST} 的时限是 2018-05-09，尚未逾期："
NO_STEP = f"节点 {FIRST} 没有等待初审的延期申请："
NOT_INSPECTED = f"节点 {FIRST} 没有正在进行的督查："
PENDING = f"节点 {FIRST} 已有延期申请在办，不能重复申请："
THE_PROJECT, THE_MILESTONE = {"project_id": PROJECT}, {"milestone_id": FIRST}
SENTENCES: list[tuple[type[Any], dict[str, Any], str]] = [
    (
        r.NotYourDutyError,
        {**THE_PROJECT, **THE_MILESTONE, "by": "统战部"},
        f"统战部不是节点 {FIRST} 的牵头或参与部门，不能办理：请核对编号，由承担这项任务的部门办理。",
    ),
    (
        r.NotYourDutyError,
        {**THE_PROJECT, "milestone_id": None, "by": "统战部"},
        f"统战部不是项目 {PROJECT} 的牵头或参与部门，不能办理：请核对编号，由承担这项任务的部门办理。",
    ),
    *(
        (
            r.PartSettledError,
            {**THE_MILESTONE, "department": "宣传部", "stage": stage},
            f"宣传部在节点 {FIRST} {word}，不必再办。",
        )
        for stage, word in {"delivered": "已交付本部门部分", "released": "已解除该节点的参与任务", "x": "x"}.items()
    ),
    *(
        (r.NotYetDueError, {**THE_MILESTONE, "due_on": DAY, "awaits": awaits, "extensible": can}, f"{NOT_DUE}{then}。")
        for awaits, can, then in (
            ("asked", True, "申请在等初审，请先初审"),
            ("reviewed", False, "申请已初审，请由另一人批复"),
            ("more_asked", True, "请由牵头部门按要求补充说明"),
            (None, True, "请由牵头部门申请延期"),
            (None, False, f"延期次数已到上限，到期后才能宽限；此前确需改期，{AMENDED}"),
        )
    ),
    *(
        (
            r.NoLaterDateError,
            {**THE_MILESTONE, "given": given, "after": DAY},
            f"节点 {FIRST} 的新日期须晚于 2018-05-09，给出的是 {said}。",
        )
        for given, said in ((None, "（未写）"), (date(2018, 5, 8), "2018-05-08"))
    ),
    (r.ExtensionPendingError, {**THE_MILESTONE, "waits": None}, f"{PENDING}请由牵头部门按要求补充说明。"),
    (r.ExtensionPendingError, {**THE_MILESTONE, "waits": "等初审"}, f"{PENDING}等初审，请等结果。"),
    *(
        (r.NoExtensionError, {**THE_MILESTONE, "needed": "等待初审", "awaits": awaits}, f"{NO_STEP}{then}。")
        for awaits, then in ((None, "请核对节点"), ("reviewed", "申请已初审，请由另一人批复"))
    ),
    *(
        (
            r.NoInspectionError,
            {**THE_MILESTONE, "needed": "正在进行", "stage": stage, "answered": answered},
            f"{NOT_INSPECTED}{then}。",
        )
        for stage, answered, then in (
            (None, False, "现在没有督查在办，无须办理"),
            ("opened", False, "督查还在进行，请先由督查人员作出结论"),
            ("checking", False, "整改已经报告，请由督查人员核查"),
            ("checking", True, "结论已经答复，不必再答复"),
        )
    ),
    (
        r.BulletinPublishedError,
        {**THE_PROJECT, "department": "组织部", "on": DAY},
        "2018-05-09 已就此事通报过组织部，内容相同，没有再发：要更正或补充的，请改写内容，文中会注明承接前一次通报。",
    ),
    (r.NoDirectiveError, {**THE_PROJECT, "waiting": []}, f"项目 {PROJECT} 没有等待反馈的领导批示，无须反馈。"),
    (
        r.NoDirectiveError,
        {**THE_PROJECT, "waiting": [3, 5]},
        f"项目 {PROJECT} 没有这一件等待反馈的领导批示：请改写，等待反馈的是第 3、5 号。",
    ),
    *(
        (r.NoPeriodError, {**THE_MILESTONE, "period": 7, "periods": periods, "begins_on": begins}, said)
        for periods, begins, said in (
            (0, None, f"节点 {FIRST} 不分期反馈，给出的是第 7 期：请不写期数。"),
            (6, None, f"节点 {FIRST} 共 6 期，没有第 7 期：请改写期数。"),
            (8, DAY, f"节点 {FIRST} 的第 7 期自 2018-05-09 起，现在还不能反馈：不写期数即反馈当期，请改写。"),
        )
    ),
    *(
        (r.ProjectClosedError, {**THE_PROJECT, "stage": stage}, f"项目 {PROJECT} 已{word}，{then}")
        for stage, word in (("withdrawn", "撤销"), ("archived", "归档"))
        for then in ("不再接受办理：年终结转或撤销办错了的，请督查人员收回后再办。",)
    ),
    *(
        (
            r.UnknownMilestoneError,
            {**THE_PROJECT, **THE_MILESTONE, "last": last},
            f"项目 {PROJECT} 没有节点 {FIRST}；{known}。",
        )
        for last, known in (
            (None, "该项目没有任何节点"),
            ("2018-05a-09", f"节点编号从 {PROJECT}-01 到 2018-05a-09"),
        )
    ),
    *(
        (
            r.NotYourMilestoneError,
            {"milestone_id": named, "by": "统战部", "lead": "组织部"},
            f"{what} {named} 由组织部牵头：这件事请由组织部办理，统战部不能代办。",
        )
        for named, what in ((FIRST, "节点"), (PROJECT, "项目"))
    ),
    *(
        (r.MilestoneSettledError, {**THE_MILESTONE, "stage": stage}, f"节点 {FIRST} {said}。")
        for stage, said in {
            "completed": "已办结，不必再办：请由审核人以外的督查人员销号",
            "struck_off": "已销号，不必再办",
            "withdrawn": "已撤销，不必再办：撤错了的，请督查人员在清单里重新列入后再交清单",
            "carried_over": "已结转，请在以后年份的清单里办理：结转错了的，请督查人员收回结转",
            "ended": "已终结，不必再办：终结错了的，请督查人员收回年终结转",
        }.items()
    ),
    (
        r.RequestReusedError,
        {"request_id": "q1", "first": "evt-x"},
        "这个请求编号已用于另一项办理（记录 evt-x），内容或办理人与本次不同：本次没有办理；确需办理请换一个编号。",
    ),
    (r.TooManyLevelsError, THE_MILESTONE, f"任务至多分解到第3级，节点 {FIRST} 不能再分解：请由本单位直接办理。"),
    (
        r.CalendarPeriodError,
        {"years": [2016, 2021], "today": DAY},
        (
            "今天是 2018-05-09，这份放假安排改动了 2016、2021 年：一般只启用当年和下一年的安排，请核对文件；"
            "确要启用，请写明理由。"
        ),
    ),
]


@pytest.mark.parametrize(("kind", "fields", "says"), SENTENCES)
def test_a_refusal_says_what_stands_in_the_way_and_how_to_go_on(
    kind: type[Any], fields: dict[str, Any], says: str
) -> None:
    """Each way in which things can stand has its own sentence, and no other."""
    refused = kind(**fields)
    assert str(refused) == says
    assert refused.ids == fields
