"""Whatever office or day the words of a row name that is no lead, helper or milestone of it is asked about or told."""

from __future__ import annotations

import pytest

from domain.notice.plan import Plan
from tests.domain.notice.plans import asked, plan_of, told

HEADS = ("序号", "任务", "主要内容", "责任单位", "时限", "路径")


def _row(content: str, *, lead: str = "审管办", path: str = "") -> Plan:
    return plan_of(
        HEADS, ("1", "甲任务", content, lead, "6月底前", path), ("2", "乙任务", "建立台账", "热力公司", "9月底前", "")
    )


@pytest.mark.parametrize(
    "words",
    [
        "更换设备，技术部做好保障",
        "新增充电桩40个（物业公司出资）",
        "改造烟站，烟叶中心指导",
        "河道办协调供电公司",
        "清淤管网；热力公司接通管线并由执法队统一清场",
    ],
)
def test_an_office_that_does_a_part_is_asked_about(words: str) -> None:
    """A clause that an office opens charges it, by what it does, whatever list knows its name."""
    assert set(asked(_row(words))) == {"another_charged"}


def test_a_column_that_is_not_read_charges_as_well() -> None:
    """`路径` says `会务由会展公司承办`: the note of the column alone is not enough."""
    assert asked(_row("建立台账", path="会务由会展公司承办")) == ["another_charged"]


@pytest.mark.parametrize("words", ["扫描外包（技术处监督）", "供水公司接通管线", "需热力公司同意", "选点（民一庭）"])
def test_an_office_that_may_have_a_part_is_told(words: str) -> None:
    """Who oversees, who does something unknown, who is the list's own and who stands in brackets: each is named."""
    plan = _row(words)
    assert (asked(plan), told(plan).count("office_named")) == ([], 1)


@pytest.mark.parametrize(
    "words",
    [
        "加强基层少先队组织建设",
        "推动县级团委做好督导工作",
        "建设政务服务中心",
        "年底前全部完成",
        "每季度向市政府报告一次",
    ],
)
def test_what_is_built_or_moved_charges_nobody(words: str) -> None:
    """An office that a duty is about is none that does it."""
    assert not {"another_charged", "office_named"} & set(told(_row(words)))


def test_a_lead_with_offices_in_its_brackets_is_no_name() -> None:
    """`场道部（管理部、安监部）` is asked about; `信息公司（热力公司）` is told where that leads another duty."""
    assert asked(_row("建立台账", lead="场道部（管理部、安监部）")) == ["placeholder_lead"]
    assert "office_named" in told(_row("建立台账", lead="信息公司（热力公司）"))


@pytest.mark.parametrize("words", ["初稿4月10日报审", "最迟不超过10月31日", "先于2026年4月10日报方案"])
def test_a_day_in_the_midst_of_the_content_is_told(words: str) -> None:
    """A day that neither opens a part nor closes with `前` is no milestone and is not silent."""
    assert "time_in_content" in told(_row(f"分批推进，{words}"))
