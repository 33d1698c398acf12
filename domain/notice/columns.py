"""Column heads by meaning, not by place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from domain.notice.folding import fold

Role = Literal["serial", "title", "content", "lead", "participants", "schedule", "deadline"]

# In each role the words stand from the plainest to the loosest; the plainest head wins the role.
_HEADS: dict[Role, tuple[str, ...]] = {
    "serial": (
        r"序号|编号|项目编号|任务编号",
        r"序|项次|号|no\.?|#|s/?n|serial(?:no\.?|number)?|№|item(?:no\.?|number)|number|id",
    ),
    "title": (
        (
            r"(?:重点)?(?:项目|工程)名称|(?:重点)?工作任务|重点工作(?:任务|事项|内容|名称)?|重点任务|任务名称|"
            r"工作名称|重点项目|事项名称|key projects?|project(?: ?name| ?title)?"
        ),
        (
            r"项目|任务|工作要点|工作事项|事项|工作项目|目标任务|年度任务|主要任务|改革任务|实事项目|整改事项|问题清单|"
            r"title|task|item|activit(?:y|ies)|initiative|action(?: item)?|work ?item|deliverable"
        ),
        r"名称|工作|工作内容|具体任务|具体事项|name|objective",
        r".{0,6}(?:项目|任务|事项|工作)(?:名称)?",
    ),
    "content": (
        (
            r"主要内容|工作目标|主要工作内容|具体内容|工作内容|建设内容|目标任务|目标要求|主要目标|年度目标|内容|"
            r"main ?contents?|contents?|description"
        ),
        (
            r"工作要求|具体任务|具体工作|具体举措|工作举措|主要举措|举措|具体措施|工作措施|措施|主要任务|任务内容|"
            r"整改措施|目标|要求|内容及要求|建设内容及规模|任务要求|objectives?|goals?|scope|details?|measures?|"
            r"output|target"
        ),
        r".{0,8}(?:内容|目标|措施|举措|要求)(?:.{0,4})",
    ),
    "lead": (
        (
            r"牵头部门|牵头单位|责任单位|责任部门|主责部门|主责单位|牵头处室|牵头科室|责任处室|责任科室|主办单位|"
            r"主办部门|承办单位|承办部门|负责部门|负责单位|牵头责任单位|牵头(?:责任)?部门单位|"
            r"牵头\(?责任\)?(?:单位|部门)|实施单位|执行单位|落实单位|"
            r"lead(?:ing)? ?(?:department|unit|agency|office|dept\.?|organi[sz]ation|party)?|"
            r"responsible ?(?:department|unit|party|office|agency)"
        ),
        (
            r"牵头|责任主体|主体责任单位|项目单位|业主单位|部门|单位|主办|承办|归口部门|责任人|负责人|牵头人|"
            r"牵头领导|owner|responsible|responsibility|department|unit|agency|accountable"
        ),
        r".{0,8}(?:牵头|责任|主办|承办|负责)(?:.{0,6})",
    ),
    "participants": (
        (
            r"参与部门|参与单位|配合部门|配合单位|协办单位|协办部门|协同部门|协同单位|参加部门|参加单位|协助部门|"
            r"协助单位|配合处室|协办处室|配合科室|共同责任单位|participating ?(?:departments?|units?)|"
            r"participants?|support(?:ing)? ?(?:departments?|units?|agencies)?"
        ),
        r"参与|配合|协办|协同|协作|联办单位|co-?ordinating|partners?|with",
        r".{0,8}(?:参与|配合|协办|协同|协作|协助|参加)(?:.{0,6})",
    ),
    "schedule": (
        (
            r"(?:相关)?工作进度安排|(?:工作)?进度安排|工作进度|时序进度|进度计划|工作安排|时间进度|时间安排|"
            r"实施进度|推进计划|实施计划|工作计划|进度要求|时间进度安排|推进时序|序时进度|进度节点|时间节点|"
            r"工作节点|节点安排|节点目标|阶段性?(?:目标|任务|安排)|年度计划|实施步骤|工作步骤|推进步骤|任务分解|"
            r"分解任务|月度安排|季度安排|schedule|time ?lines?|time ?scales?|milestones?|work ?plan|time ?table|"
            r"progress|plan"
        ),
        r"进度|步骤|节点|安排|计划|.{0,8}(?:进度|时序|节点|安排|步骤)(?:.{0,6})|time ?frame|timing",
    ),
    "deadline": (
        (
            r"完成时限|完成时间|完成期限|办结时限|办理时限|时限要求|时限|期限|截止时间|截止日期|完成日期|"
            r"计划完成时间|整改时限|整改期限|要求完成时间|完成节点|时间要求|到期时间|due(?: ?date)?|deadline|"
            r"target ?date|completion ?(?:date|time)|by ?when|when|date|due ?by|end ?date"
        ),
        r"时间|日期|.{0,8}(?:时限|期限|完成时间|时间|日期)(?:.{0,6})",
    ),
}
_PATTERNS = {
    role: tuple(re.compile(f"^(?:{words})$", re.IGNORECASE) for words in tiers) for role, tiers in _HEADS.items()
}
_NOISE = re.compile(r"[\s:*()（）\[\]【】]+")
_TIME_HEAD = re.compile(
    r"^(?:(?:20\d{2}年)?(?:第?[一二三四1-4]季度|[上下]半年|全年|年底"
    r"|(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])(?:-(?:1[0-2]|[1-9]))?月份?)|q[1-4]|h[12]"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what; `periods` are columns headed by a time of their own (`一季度`), with their heads."""

    serial: int | None = None
    title: int | None = None
    content: int | None = None
    lead: int | None = None
    participants: int | None = None
    schedule: int | None = None
    deadline: int | None = None
    periods: tuple[tuple[int, str], ...] = field(default=())

    @property
    def has_schedule(self) -> bool:
        """Whether some column says by when."""
        return self.schedule is not None or self.deadline is not None or bool(self.periods)

    @property
    def used(self) -> tuple[int, ...]:
        """The columns that are read."""
        roles = (self.serial, self.title, self.content, self.lead, self.participants, self.schedule, self.deadline)
        return tuple(column for column in roles if column is not None) + tuple(index for index, _ in self.periods)

    @property
    def known(self) -> int:
        """How many kinds of column were recognized."""
        roles = (self.serial, self.title, self.content, self.lead, self.participants, self.schedule, self.deadline)
        return sum(column is not None for column in roles) + bool(self.periods)


def plain_head(text: str) -> str:
    """A head without blanks, brackets and marks, in half width."""
    folded = fold(text)
    if re.search(r"[一-鿿]", folded):
        folded = re.sub(r"\([^)]*\)", "", folded)
        return _NOISE.sub("", folded)
    return re.sub(r"\s+", " ", re.sub(r"[:*\[\]()]+", " ", folded)).strip()


def _title_stands_first(plain: Sequence[str], taken: dict[Role, int], used: set[int]) -> None:
    """Of two columns that may both be the title (`工作要点`, `主要任务`), the left one is; the other is the content."""
    title = taken.get("title")
    if title is None or "content" in taken or not any(p.match(plain[title]) for p in _PATTERNS["content"]):
        return
    for index, head in enumerate(plain[:title]):
        if index not in used and head and any(pattern.match(head) for pattern in _PATTERNS["title"]):
            taken["title"], taken["content"] = index, title
            used.add(index)
            return


def columns_of(heads: Sequence[str]) -> Columns:
    """What the columns under a row of heads hold."""
    plain = [plain_head(head) for head in heads]
    taken: dict[Role, int] = {}
    used: set[int] = set()
    periods = tuple((index, head) for index, head in enumerate(plain) if _TIME_HEAD.match(head))
    if len(periods) > 1:
        used.update(index for index, _ in periods)
    else:
        periods = ()
    tiers = max(len(patterns) for patterns in _PATTERNS.values())
    for tier in range(tiers):
        for role, patterns in _PATTERNS.items():
            if role in taken or tier >= len(patterns):
                continue
            for index, head in enumerate(plain):
                if index not in used and head and patterns[tier].match(head):
                    taken[role] = index
                    used.add(index)
                    break
    _title_stands_first(plain, taken, used)
    if "title" not in taken and "content" in taken:
        taken["title"] = taken.pop("content")
    return Columns(**taken, periods=periods)
