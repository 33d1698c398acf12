"""Which column of a table holds what: by its head's meaning, and as the operator says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.notice.column_heads import (
    ASIDE,
    EVERYBODY,
    FURTHER,
    OFFICES,
    PATTERNS,
    Role,
    plain_head,
    role_of,
    time_of,
)
from domain.notice.folding import fold
from domain.notice.marks import Marked
from domain.notice.patterns import regex

_TIMED: tuple[Role, ...] = ("schedule", "due", "start")
_WHEN = regex(r"时间|时限|期限|节点|日期|date|time|due|when", re.IGNORECASE)
_BARE_YEAR = regex(r"20\d\d")
_PLANNED = regex(r"(?:原?计划|预计|预期|拟定?|目标|要求)(?:时间|日期|时限)?")
_ORDINAL = regex(r"第?[一二三四五六七八九十\d]{1,2}$")
_A_YEAR = regex(r"(?P<year>20\d\d)年")
_MONTHS = regex(r"月份?\s*[)）]?\s*$|\bmonth\s*[)]?\s*$", re.IGNORECASE)
_GROUPED_TIMES: tuple[Role, ...] = ("content", "title", "level")


_GOAL_OF_THE_YEAR = regex(r"(?:本?年度|全年)总?(?:计划|工作|建设|发展|任务|预期)*目标(?:任务|值)?")
REACHED_IN_THE_YEAR = regex(
    r"(?:20\d\d年度?|[本当]?年度?|全年|年[末底])?(?:计划|工程)?形象(?:进度|目标)(?:目标|计划|要求)?"
    r"|(?:20\d\d年度?|[本当]年度?|年度|全年)(?:总|主要|重点|计划|工作|建设|发展|预期|实施|推进|工程)*(?:目标|任务|内容|计划|进度)(?:值|任务|内容|要求)?"
)
_TO_ITS_END = regex(r"四|下半年|4季度|12月|Q4|H2|全年|年[底末]|20\d\d年", re.IGNORECASE)
_WHAT_IS_PLANNED = regex(r"(?:工作|进度|阶段性?|季度|月度)?(?:目标|计划|任务|安排)(?:任务|内容|进度)?")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what.

    `levels` are the sub-tasks' columns from the upper to the lower, `periods` columns headed by a time of their own
    (`一季度`) with their heads; `assumed` are the roles that no head names, found by elimination.
    """

    places: Mapping[Role, int] = field(default_factory=dict)
    levels: tuple[int, ...] = ()
    periods: tuple[tuple[int, str], ...] = ()
    assumed: tuple[Role, ...] = ()
    in_doubt: bool = False
    pairs: tuple[tuple[int, int], ...] = ()
    """Columns of what and by when that stand there several times (`工作内容 | 完成时间` under each stage)."""
    marked: Marked | None = None
    """The columns of offices in which marks say who leads and who helps."""
    further: tuple[int, ...] = ()
    """The columns that say more of what is to be done: how it shows that it is done, what it costs."""
    goal: int | None = None
    """The column that says what is reached in the list's year, whenever the whole is due."""
    years: int | None = None
    """The column that says of which year the months of the limit's column are, where days of them stand beside."""
    days: int | None = None
    """The column that says on which day of the month that the limit's column names."""
    revised: int | None = None
    """The column that says to when a limit was moved."""
    helpers: tuple[int, ...] = ()
    """The columns that name helpers beside those in the first such column (`承办单位` beside `协办单位`)."""
    stages: tuple[tuple[int, str], ...] = ()
    """The columns headed by what is done, in which it stands by when."""
    further_times: tuple[int, ...] = ()
    """The columns that go on with the schedule, counted like its own (`节点1 | 节点2 | 节点3`)."""
    in_months: frozenset[int] = frozenset()
    """The columns that are headed as months, so that a bare number in them is one."""

    def at(self, role: Role) -> int | None:
        """The column of a role, if there is one."""
        return self.places.get(role)

    @property
    def helping(self) -> tuple[int, ...]:
        """The columns that name those who help."""
        first = (self.places["participants"],) if "participants" in self.places else ()
        return tuple(sorted({*first, *self.helpers}))

    @property
    def tells_who(self) -> bool:
        """Whether some column says who leads."""
        return "lead" in self.places or self.marked is not None

    @property
    def has_schedule(self) -> bool:
        """Whether some column says by when."""
        return any(role in self.places for role in _TIMED) or bool(self.periods or self.pairs or self.stages)

    @property
    def timed(self) -> frozenset[int]:
        """The columns that say by when."""
        return frozenset(self.places[role] for role in _TIMED if role in self.places) | {
            *(at for at in (self.years, self.days, self.revised) if at is not None),
            *(at for at, _ in (*self.periods, *self.stages)),
            *(at for pair in self.pairs for at in pair),
            *self.further_times,
        }

    @property
    def used(self) -> frozenset[int]:
        """The columns that are read."""
        offices = [at for at, _ in self.marked.offices] if self.marked is not None else []
        return frozenset((*self.places.values(), *self.helpers, *self.levels, *self.timed, *offices, *self.further))

    @property
    def known(self) -> int:
        """How many kinds of column were recognized."""
        return len(self.places) + bool(self.periods)


def with_months(columns: Columns, heads: Sequence[Sequence[str]]) -> Columns:
    """The columns with those that are headed as months (`完成月份`)."""
    months = frozenset(at for at in columns.timed if at < len(heads) and heads[at] and _MONTHS.search(heads[at][-1]))
    return replace(columns, in_months=months)


def with_further(columns: Columns, heads: Sequence[Sequence[str]], chosen: Mapping[int, Role | None]) -> Columns:
    """The columns with those that are left and say more of what is to be done, and that of the year's goal."""
    named = [(at, plain_head(path[-1])) for at, path in enumerate(heads) if path and at not in chosen]
    further = tuple(at for at, head in named if at not in columns.used and FURTHER.fullmatch(head))
    timed = {at for at, _ in columns.periods}
    goal = next((at for at, head in named if at not in timed and REACHED_IN_THE_YEAR.fullmatch(head)), None)
    return replace(columns, further=further, goal=goal)


def columns_of(heads: Sequence[Sequence[str]], chosen: Mapping[int, Role | None] | None = None) -> Columns:
    """What the columns under their heads hold; a head is its words from the uppermost row to the lowest.

    `chosen` is the operator's word on some columns, by their place; `None` says that a column is not read.
    """
    chosen = chosen or {}
    lowest = [plain_head(path[-1]) if path else "" for path in heads]
    places: dict[Role, int] = {role: at for at, role in chosen.items() if role is not None and at < len(heads)}
    used: set[int] = {at for at in chosen if at < len(heads)}
    periods = tuple((at, time) for at, path in enumerate(heads) if at not in used and (time := _time_over(path)))
    periods = periods if len(periods) > 1 else ()
    used.update(at for at, _ in periods)
    pairs = _pairs(lowest, used)
    used.update(at for pair in pairs for at in pair)
    _by_group(heads, places, used)
    _by_head(lowest, places, used)
    _finest_serial(heads, places, used)
    _title_stands_first(lowest, places, used)
    periods = _with_the_year(periods, lowest, places, used)
    helpers = _others_help(lowest, places, used)
    helpers += tuple(at for at, role in chosen.items() if role == "participants" and at != places[role])
    levels = _levels(heads, places, used)
    found = Columns(
        places, levels, periods, pairs=pairs, helpers=helpers, further_times=_counted_on(lowest, places, used)
    )
    if "lead" not in places and "participants" in places and EVERYBODY.fullmatch(lowest[places["participants"]]):
        # `相关部门` beside nobody who leads: whoever stands there leads or helps.
        places["lead"] = places.pop("participants")
        return replace(found, assumed=("lead",))
    if "lead" in places or "leader" not in places or places["leader"] in chosen:
        return found
    places["lead"] = places.pop("leader")
    return replace(found, assumed=("lead",))


def _with_the_year(
    periods: tuple[tuple[int, str], ...], lowest: Sequence[str], places: dict[Role, int], used: set[int]
) -> tuple[tuple[int, str], ...]:
    """`年度目标` beside `一季度 | 上半年 | 三季度`: what is reached by the year's end, where nothing else says that."""
    at = places.get("content")
    if at is None or not periods or not _GOAL_OF_THE_YEAR.fullmatch(lowest[at]):
        return periods
    named = "title" in places or any(head and other not in used for other, head in enumerate(lowest))
    if not named or "due" in places or any(_TO_ITS_END.search(fold(time)) for _, time in periods):
        return periods
    del places["content"]
    return (*periods, (at, "年底前"))


def _time_over(path: Sequence[str]) -> str | None:
    """The time that heads a column, with the year that stands above it (`2027年` over `上半年`)."""
    last = path[-1] if path else ""
    if _BARE_YEAR.fullmatch(plain_head(last)) and any("年" in head for head in path[:-1]):
        # `2027` under `年度目标`
        last = f"{plain_head(last)}年"
    if _WHAT_IS_PLANNED.fullmatch(plain_head(last)) and len(path) > 1:
        # `目标 | 完成情况` under `一季度`
        path, last = path[:-1], path[-2]
    time = time_of(last)
    if time is None or _A_YEAR.match(time):
        return time
    above = [found for head in path[:-1] if (found := _A_YEAR.match(plain_head(head)))]
    return f"{above[-1]['year']}年{time}" if above else time


def _pairs(lowest: Sequence[str], used: set[int]) -> tuple[tuple[int, int], ...]:
    """What and by when side by side, under the same two heads more than once, counted or not."""
    found = [
        (at, at + 1)
        for at in range(len(lowest) - 1)
        if not {at, at + 1} & used
        and role_of(lowest[at]) in ("content", "measure", "title", "schedule")
        and role_of(lowest[at + 1]) == "due"
    ]
    # `里程碑一 | 完成时间`, `里程碑二 | 完成时间`
    names = {(_ORDINAL.sub("", lowest[what]), _ORDINAL.sub("", lowest[when])) for what, when in found}
    return tuple(found) if len(found) > 1 and len(names) == 1 else ()


def _counted_on(lowest: Sequence[str], places: Mapping[Role, int], used: set[int]) -> tuple[int, ...]:
    """The columns headed like the schedule's but for the number that counts them."""
    first = _ORDINAL.sub("", lowest[places["schedule"]]) if "schedule" in places else ""
    found = [at for at, head in enumerate(lowest) if at not in used and first and _ORDINAL.sub("", head) == first]
    used.update(found)
    return tuple(found)


def _by_head(heads: Sequence[str], places: dict[Role, int], used: set[int]) -> None:
    for tier in range(max(len(patterns) for patterns in PATTERNS.values())):
        for role, patterns in PATTERNS.items():
            if role in places or role == "level" or tier >= len(patterns):
                continue
            for at, head in enumerate(heads):
                if at not in used and head and patterns[tier].match(head):
                    places[role] = at
                    used.add(at)
                    break


def _finest_serial(heads: Sequence[Sequence[str]], places: dict[Role, int], used: set[int]) -> None:
    """`序号` over two columns (`1 | 1.1`): the right one counts the rows."""
    serial = places.get("serial")
    if serial is None or "title" not in places:
        return
    after = serial + 1
    if after < len(heads) and after not in used and heads[after] == heads[serial]:
        places["serial"] = after
        used.add(after)


def _others_help(heads: Sequence[str], places: dict[Role, int], used: set[int]) -> tuple[int, ...]:
    """Further columns of those who help: where one column says who leads, offices under any other part help.

    `责任单位` and `承办单位` name helpers beside `牵头单位` or `主办单位` alone; `配合单位` and `参与单位` always do.
    """
    lead = places.get("lead")
    if lead is None:
        return ()
    helping = [*PATTERNS["participants"][:2]]
    if PATTERNS["lead"][0].match(heads[lead]):
        helping.append(PATTERNS["lead"][1])
    found = [
        at
        for at, head in enumerate(heads)
        if at not in used and OFFICES.fullmatch(head) and any(pattern.match(head) for pattern in helping)
    ]
    used.update(found)
    if found and "participants" not in places:
        places["participants"] = found.pop(0)
    return tuple(found)


def _by_group(heads: Sequence[Sequence[str]], places: dict[Role, int], used: set[int]) -> None:
    """Columns under one head that is about time: `具体措施` beside `完成时限`, `起` beside `止`."""
    for at, path in enumerate(heads):
        if at in used or len(path) < 2 or role_of(path[0]) not in _TIMED:
            continue
        role = role_of(path[-1])
        group = [other for other, names in enumerate(heads) if len(names) > 1 and names[0] == path[0]]
        when = _WHEN.search(plain_head(path[-1])) is not None
        if role == "schedule" and role_of(path[0]) in ("start", "due") and _PLANNED.fullmatch(plain_head(path[-1])):
            # `开工 | 竣工` over `计划 | 实际`
            role = role_of(path[0])
        elif role in _GROUPED_TIMES or (role == "schedule" and not when and len(group) > 1):
            role = "measure"
        elif role == "schedule" and when and len(group) > 1:
            role = "due"
        elif role is None and at == group[0] and len(group) == 2 and role_of(heads[group[1]][-1]) == "due":
            role = "start" if re.match(r"^(?:起|开|始|自|from)", plain_head(path[-1])) else "measure"
        if role is not None and role not in places and (role in _TIMED or role == "measure"):
            places[role] = at
            used.add(at)


def _title_stands_first(plain: Sequence[str], places: dict[Role, int], used: set[int]) -> None:
    """Of two columns that may both be the title (`工作要点`, `主要任务`), the left one is; the other is the content.

    One that may be both (`目标任务`) is the title where no other column can be.
    """
    title, content = places.get("title"), places.get("content")
    if title is None and content is not None and any(p.match(plain[content]) for p in PATTERNS["title"]):
        left = [at for at, head in enumerate(plain) if at not in used and head and not ASIDE.fullmatch(head)]
        more = [at for at in left if any(pattern.match(plain[at]) for pattern in PATTERNS["content"])]
        if left == more:
            places["title"] = places.pop("content")
            if more:
                places["content"] = more[0]
                used.add(more[0])
        return
    if title is None or "content" in places or not any(p.match(plain[title]) for p in PATTERNS["content"]):
        return
    for at, head in enumerate(plain[:title]):
        if at not in used and head and any(pattern.match(head) for pattern in PATTERNS["title"]):
            places["title"], places["content"] = at, title
            used.add(at)
            return


def _levels(heads: Sequence[Sequence[str]], places: dict[Role, int], used: set[int]) -> tuple[int, ...]:
    """The sub-tasks' columns: under the title's own head, or headed as sub-tasks."""
    title = places.get("title")
    levels = [places.pop("level")] if "level" in places else []
    if title is not None:
        for at in range(title + 1, len(heads)):
            shares = bool(heads[at]) and bool(heads[title]) and heads[at][0] == heads[title][0]
            if at in used or not shares:
                break
            levels.append(at)
    for at, path in enumerate(heads):
        if (
            at not in used
            and at not in levels
            and (title is None or at > title)
            and path
            and any(p.match(plain_head(path[-1])) for p in PATTERNS["level"])
        ):
            levels.append(at)
    used.update(levels)
    return tuple(sorted(set(levels)))


def named(heads: Iterable[Sequence[str]], word: str) -> int | None:
    """The column that an operator names, by its number from 1 or by its head."""
    listed = list(heads)
    if word.isdigit():
        return int(word) - 1 if 0 < int(word) <= len(listed) else None
    wanted = plain_head(word)
    return next((at for at, path in enumerate(listed) if any(plain_head(part) == wanted for part in path)), None)
