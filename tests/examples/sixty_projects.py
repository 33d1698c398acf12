"""A second list: the notice of a city's sixty key projects of 2018, made from a seed, with the words of real lists.

`python -m tests.examples.sixty_projects` prints it, for `duban compile`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

PROJECTS = 60
_HEADS = ("序号", "项目名称", "主要内容", "牵头部门", "参与部门", "相关工作进度安排")
_DEPARTMENTS = (
    "市发展改革委", "市教育局", "市科技局", "市民政局", "市财政局", "市人力社保局", "市自然资源局", "市生态环境局",
    "市住房城乡建设局", "市交通运输局", "市水利局", "市农业农村局", "市商务局", "市文化旅游局", "市卫生健康委",
    "市应急管理局", "市市场监管局", "市行政审批局", "市大数据局", "市城管执法局",
)  # fmt: skip
_DOINGS = (
    ("实施{place}老旧小区“上改下”综合改造", "小区", "个"), ("推进{place}污水管网“零直排区”建设", "管网", "公里"),
    ("开展{place}“一老一小”服务设施提升行动", "服务站点", "个"), ("深化“最多跑一次”改革向{place}延伸", "事项", "项"),
    ("建设{place}智慧停车“一张网”", "泊位", "个"), ("整治{place}河道水环境", "河段", "段"),
    ("新建改建{place}义务教育学校", "学校", "所"), ("完善{place}“15分钟医疗圈”", "卫生站", "个"),
    ("打通{place}“断头路”", "道路", "条"), ("创建{place}放心农贸市场", "市场", "家"),
)  # fmt: skip
_PLACES = ("城东片区", "滨江新区", "老城核心区", "高铁新城", "沿湖六镇", "开发区")
_STEPS = (
    "完成摸底调查，形成问题清单和任务清单", "制定印发实施方案，明确责任分工", "完成初步设计和概算批复",
    "完成施工招标并进场施工", "组织中期评估，通报各县（市、区）进展", "完成主体工程", "开展“回头看”，不到位的挂牌督办",
    "组织竣工验收", "总结推广经验做法，形成长效机制", "召开全市现场推进会",
)  # fmt: skip


def notice(seed: int = 60) -> str:
    """The whole notice, as it would be pasted out of a document: the table parted by tabs."""
    dice = random.Random(seed)
    rows = [_HEADS, *(tuple(_row(number, dice)) for number in range(1, PROJECTS + 1))]
    table = "\n".join("\t".join(row) for row in rows)
    title = "2018年全市“攻坚突破年”重点项目清单"
    return (
        f"某某市人民政府办公室文件\n\n某政办〔2018〕12号\n\n关于印发《{title}》的通知\n\n各县（市、区）人民政府，市政府各部门："
        f"\n\n现将《{title}》印发给你们，请认真组织实施。\n\n某某市人民政府办公室\n\n2018年3月15日\n\n{title}\n\n{table}\n"
    )


def _row(number: int, dice: random.Random) -> Iterator[str]:
    doing, thing, unit = dice.choice(_DOINGS)
    lead, *others = dice.sample(_DEPARTMENTS, dice.randint(1, 4))
    yield str(number)
    yield doing.format(place=dice.choice(_PLACES))
    yield f"坚持问题导向，年内完成{thing}{dice.randint(6, 60)}{unit}，群众满意率明显提高。"
    yield lead
    yield " ".join(others)
    yield _schedule(thing, unit, dice)


def _schedule(thing: str, unit: str, dice: random.Random) -> str:
    months: Sequence[int] = sorted(dice.sample(range(3, 13), dice.randint(3, 6)))
    steps = sorted(dice.sample(range(len(_STEPS)), len(months)))
    parts = [f"{month}月：{_STEPS[step]}" for month, step in zip(months, steps, strict=True)]
    if dice.random() < 0.5:
        parts.append(f"全年：完成{thing}{dice.randint(6, 60)}{unit}")
    return "； ".join(parts) + "。"


if __name__ == "__main__":
    print(notice())  # noqa: T201 - this is what it is for
