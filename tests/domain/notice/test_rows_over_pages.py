"""A place that a page tears goes on in the first row of the next page, and is no part of the list."""

from __future__ import annotations

import pytest

from domain.notice.compiling import compilation
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.plan import Plan

_HEADS = ("序号", "工作任务", "责任科室", "配合单位", "完成时间")


def _compiled(*pages: tuple[tuple[str, ...], ...]) -> Plan:
    tables = [
        Table(
            tuple(
                Row(
                    # A ruled table counts its drawn places.
                    tuple(Cell(text, region=(100 * page + at) * 10 + n) for n, text in enumerate(row)),
                    f"第{page}页表格第{at}行",
                )
                for at, row in enumerate(rows, 1)
            )
        )
        for page, rows in enumerate(pages, 1)
    ]
    return compilation(NoticeDocument("list", (Paragraph("某街道2026年工作清单"), *tables))).plan


def _over_two_pages(above: str, below: str, heads: tuple[str, ...] = ()) -> Plan:
    first = (
        _HEADS,
        ("1", "走访辖区重点企业", "经济办", "各科室", "2月底前"),
        ("2", above, "经济办", "统计站", "3月底前"),
    )
    second = (("", below, "", "", ""), ("3", "筹办楼宇经济招商推介会", "经济办", "商会", "6月底前"))
    return _compiled(first, ((heads, *second) if heads else second))


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("完成第五次经济普", "查后续资料整理"),
        ("关于加强青少年心理健康教", "育的建议"),
        ("推进老旧小区加装", "电梯"),
        ("办理赵某反映小区污", "水外溢信访件"),
        ("清理河道“四乱”问", "题"),
        ("引进新能源电池生产基地项", "目"),
        ("深化国有企业三项制度", "改革"),
        ("修缮学生公寓3号楼屋", "面防水"),
        ("新增“四上”企业", "15家"),
        ("建设城东污水处理厂", "（二期）"),
        ("更新食堂餐", "具消毒设备"),
        ("完善企业负责人经营业", "绩考核办法"),
    ],
)
@pytest.mark.parametrize("heads", [(), _HEADS])
def test_the_rest_of_a_title_belongs_to_the_row_above(above: str, below: str, heads: tuple[str, ...]) -> None:
    """Whether the next page says the heads again or not: the title is whole, and the rows below have no category."""
    plan = _over_two_pages(above, below, heads)
    assert [project.title for project in plan.projects][1:] == [above + below, "筹办楼宇经济招商推介会"]
    assert [project.category for project in plan.projects] == [None] * 3
    assert [project.milestones[0].due_on.month for project in plan.projects if project.milestones[0].due_on] == [
        2,
        3,
        6,
    ]


@pytest.mark.parametrize(
    "part", ["二、经济发展", "（二）经济发展", "第二章 经济发展", "二.经济发展", "第二部分 经济发展", "B. Economy"]
)
def test_a_part_that_a_page_opens_with_stays_one(part: str) -> None:
    """What is numbered as a part is none of the title above."""
    plan = _over_two_pages("完成第五次经济普查", part)
    assert [project.title for project in plan.projects][1] == "完成第五次经济普查"


def test_a_list_in_parts_goes_on_in_parts() -> None:
    """Where the list has named a part before, a name alone at the head of a page is the next one."""
    first = (_HEADS, ("", "党的建设", "", "", ""), ("1", "开展主题党日", "党建办", "各科室", "2月底前"))
    plan = _compiled(first, (("", "经济发展", "", "", ""), ("2", "走访企业", "经济办", "商会", "6月底前")))
    assert [project.category for project in plan.projects] == ["党的建设", "经济发展"]
    assert [project.title for project in plan.projects] == ["开展主题党日", "走访企业"]
