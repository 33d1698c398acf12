"""Which column of a table holds what: by its head's meaning, by elimination, and as the operator says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.notice.column_heads import (
    ASIDE,
    EVERYBODY,
    LOOSELY_LEADS,
    OFFICES,
    PATTERNS,
    Role,
    plain_head,
    role_of,
    time_of,
)
from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.units import all_units

_TIMED: tuple[Role, ...] = ("schedule", "due", "start")
_NUMERIC = regex(r"[\d\s.,%()/+-]*")
_SHORTEST_WORDS = 2
_SHORT_TEXT = 3
_SHARE = regex(r"\d{1,3}(?:\.\d+)?\s*[%％]?|\d\.\d+|[未已]?(?:启动|开始|完成)|进行中")
_WHEN = regex(r"时间|时限|期限|节点|日期|date|time|due|when", re.IGNORECASE)
_MONTHS = regex(r"月份?\s*$|\bmonth\s*$", re.IGNORECASE)
_GROUPED_TIMES: tuple[Role, ...] = ("content", "title", "level")


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
    in_months: frozenset[int] = frozenset()
    """The columns that are headed as months, so that a bare number in them is one."""

    def at(self, role: Role) -> int | None:
        """The column of a role, if there is one."""
        return self.places.get(role)

    @property
    def has_schedule(self) -> bool:
        """Whether some column says by when."""
        return any(role in self.places for role in _TIMED) or bool(self.periods or self.pairs)

    @property
    def timed(self) -> frozenset[int]:
        """The columns that say by when."""
        return frozenset(self.places[role] for role in _TIMED if role in self.places) | {
            *(at for at, _ in self.periods),
            *(at for pair in self.pairs for at in pair),
        }

    @property
    def used(self) -> frozenset[int]:
        """The columns that are read."""
        return frozenset((*self.places.values(), *self.levels, *self.timed))

    @property
    def known(self) -> int:
        """How many kinds of column were recognized."""
        return len(self.places) + bool(self.periods)


def with_months(columns: Columns, heads: Sequence[Sequence[str]]) -> Columns:
    """The columns with those that are headed as months (`完成月份`)."""
    months = frozenset(at for at in columns.timed if at < len(heads) and heads[at] and _MONTHS.search(heads[at][-1]))
    return replace(columns, in_months=months)


def columns_of(heads: Sequence[Sequence[str]], chosen: Mapping[int, Role | None] | None = None) -> Columns:
    """What the columns under their heads hold; a head is its words from the uppermost row to the lowest.

    `chosen` is the operator's word on some columns, by their place; `None` says that a column is not read.
    """
    chosen = chosen or {}
    lowest = [plain_head(path[-1]) if path else "" for path in heads]
    places: dict[Role, int] = {role: at for at, role in chosen.items() if role is not None and at < len(heads)}
    used: set[int] = {at for at in chosen if at < len(heads)}
    periods = tuple((at, time) for at, head in enumerate(lowest) if at not in used and (time := time_of(head)))
    periods = periods if len(periods) > 1 else ()
    used.update(at for at, _ in periods)
    pairs = _pairs(lowest, used)
    used.update(at for pair in pairs for at in pair)
    _by_group(heads, places, used)
    _by_head(lowest, places, used)
    _title_stands_first(lowest, places, used)
    _others_help(lowest, places, used)
    levels = _levels(heads, places, used)
    found = Columns(places, levels, periods, pairs=pairs)
    if "lead" not in places and "participants" in places and EVERYBODY.fullmatch(lowest[places["participants"]]):
        # `相关部门` beside nobody who leads: whoever stands there leads or helps.
        places["lead"] = places.pop("participants")
        return replace(found, assumed=("lead",))
    if "lead" in places or "leader" not in places or places["leader"] in chosen:
        return found
    places["lead"] = places.pop("leader")
    return replace(found, assumed=("lead",))


def _pairs(lowest: Sequence[str], used: set[int]) -> tuple[tuple[int, int], ...]:
    """What and by when side by side, under the same two heads more than once."""
    found = [
        (at, at + 1)
        for at in range(len(lowest) - 1)
        if not {at, at + 1} & used
        and role_of(lowest[at]) in ("content", "measure", "title", "schedule")
        and role_of(lowest[at + 1]) == "due"
    ]
    names = {(lowest[what], lowest[when]) for what, when in found}
    return tuple(found) if len(found) > 1 and len(names) == 1 else ()


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


def _others_help(heads: Sequence[str], places: dict[Role, int], used: set[int]) -> None:
    """`责任单位` beside `牵头单位`: where one column says who leads, those of the other help."""
    lead = places.get("lead")
    if lead is None or "participants" in places or not PATTERNS["lead"][0].match(heads[lead]):
        return
    for at, head in enumerate(heads):
        if at not in used and head and OFFICES.fullmatch(head) and PATTERNS["lead"][1].match(head):
            places["participants"] = at
            used.add(at)
            return


def _by_group(heads: Sequence[Sequence[str]], places: dict[Role, int], used: set[int]) -> None:
    """Columns under one head that is about time: `具体措施` beside `完成时限`, `起` beside `止`."""
    for at, path in enumerate(heads):
        if at in used or len(path) < 2 or role_of(path[0]) not in _TIMED:
            continue
        role = role_of(path[-1])
        group = [other for other, names in enumerate(heads) if len(names) > 1 and names[0] == path[0]]
        when = _WHEN.search(plain_head(path[-1])) is not None
        if role in _GROUPED_TIMES or (role == "schedule" and not when and len(group) > 1):
            role = "measure"
        elif role == "schedule" and when and len(group) > 1:
            role = "due"
        elif role is None and at == group[0] and len(group) == 2 and role_of(heads[group[1]][-1]) == "due":
            role = "start" if re.match(r"^(?:起|开|始|自|from)", plain_head(path[-1])) else "measure"
        if role is not None and role not in places and (role in _TIMED or role == "measure"):
            places[role] = at
            used.add(at)


def _title_stands_first(plain: Sequence[str], places: dict[Role, int], used: set[int]) -> None:
    """Of two columns that may both be the title (`工作要点`, `主要任务`), the left one is; the other is the content."""
    title = places.get("title")
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
            and path
            and any(p.match(plain_head(path[-1])) for p in PATTERNS["level"])
        ):
            levels.append(at)
    used.update(levels)
    return tuple(sorted(set(levels)))


def completed(
    columns: Columns,
    heads: Sequence[Sequence[str]],
    body: Sequence[Sequence[str]],
    is_time: Callable[[str], bool],
    chosen: Mapping[int, Role | None],
) -> Columns:
    """The columns with the title found by elimination where no head names it, and unheaded sub-tasks beside it."""
    columns = _without_progress(columns, body)
    schedule = columns.at("schedule")
    if columns.at("title") is None and schedule is not None:
        times = "due" in columns.places or bool(columns.periods)
        if times or not _mostly(schedule, body, is_time):
            # `Milestone` beside `Due`: what is headed as a plan names the duties.
            columns = replace(columns_of(heads, {**chosen, schedule: "title"}), assumed=("title",))
    if not columns.has_schedule:
        columns = _by_what_stands_there(columns, "due", heads, body, is_time)
    if not columns.has_schedule:
        columns = _content_that_says_when(columns, body, is_time)
    columns = _title_by_elimination(columns, heads, body)
    if columns.at("lead") is None:
        columns = _by_loose_head(columns, heads)
    if columns.at("lead") is None:
        columns = _by_what_stands_there(columns, "lead", heads, body, all_units)
    title = columns.at("title")
    if title is None or columns.levels or title + 1 >= len(heads) or heads[title + 1]:
        return columns
    beside = title + 1
    if beside not in columns.used and any(row[beside].strip() for row in body if beside < len(row)):
        return replace(columns, levels=(beside,))
    return columns


def _without_progress(columns: Columns, body: Sequence[Sequence[str]]) -> Columns:
    """The columns without one headed 进度 in which only percentages stand: it says how far a duty is."""
    at = columns.at("schedule")
    if at is None or "due" not in columns.places or not _all_are(at, body, lambda text: bool(_SHARE.fullmatch(text))):
        return columns
    return replace(columns, places={role: place for role, place in columns.places.items() if role != "schedule"})


def _title_by_elimination(columns: Columns, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> Columns:
    """The title is the one wordy column that is left; or else what is headed as the content or the measures."""
    if columns.at("title") is not None:
        return columns
    places = dict(columns.places)
    content = places.get("content", len(heads))
    wordy = [at for at in range(len(heads)) if at not in columns.used and _is_wordy(at, heads, body)]
    plain = [at for at in wordy if at < content and not ASIDE.fullmatch(plain_head(heads[at][-1]))]
    if plain:
        long = [at for at in plain if _length(at, body) > _SHORT_TEXT]
        places["title"] = min(long or plain)
        return replace(columns, places=places, assumed=(*columns.assumed, "title"), in_doubt=len(plain) > 1)
    for role in ("content", "measure"):
        if role in places:
            places["title"] = places.pop(role)
            return replace(columns, places=places)
    return columns


def by_what_stands_there(body: Sequence[Sequence[str]], is_time: Callable[[str], bool]) -> Columns | None:
    """The columns of a table without heads, where one holds times, one offices, and what is left holds words."""
    width = len(body[0])
    timed = [at for at in range(width) if _all_are(at, body, is_time)]
    led = [at for at in range(width) if at not in timed and _all_are(at, body, all_units)]
    numbered = [at for at in range(width) if _all_are(at, body, lambda text: text.strip(" .、").isdigit())]
    blank_heads = [("",)] * width
    wordy = [at for at in range(width) if at not in {*timed, *led, *numbered} and _is_wordy(at, blank_heads, body)]
    if len(timed) != 1 or not led or len(wordy) != 1 or len(led) > 2 or len(numbered) > 1:
        return None
    places: dict[Role, int] = {"title": wordy[0], "lead": led[0], "due": timed[0]}
    places |= {"participants": led[1]} if len(led) > 1 else {}
    return Columns(places | ({"serial": numbered[0]} if numbered else {}))


def _all_are(at: int, body: Sequence[Sequence[str]], fits: Callable[[str], bool]) -> bool:
    texts = [row[at].strip() for row in body if at < len(row) and row[at].strip()]
    return bool(texts) and all(map(fits, texts))


def _by_what_stands_there(
    columns: Columns,
    role: Role,
    heads: Sequence[Sequence[str]],
    body: Sequence[Sequence[str]],
    fits: Callable[[str], bool],
) -> Columns:
    """A role that no head names is the one column that is left in which mostly offices, or times, stand."""
    left = [at for at in range(len(heads)) if at not in columns.used and heads[at]]
    found = [at for at in left if not ASIDE.fullmatch(plain_head(heads[at][-1])) and _mostly(at, body, fits)]
    if len(found) != 1:
        return columns
    return replace(columns, places={**columns.places, role: found[0]}, assumed=(*columns.assumed, role))


def _by_loose_head(columns: Columns, heads: Sequence[Sequence[str]]) -> Columns:
    """Who leads is the one column that is left whose head ends with a word for offices (`责任镇街`, `Directorate`)."""
    left = [at for at in range(len(heads)) if at not in columns.used and heads[at]]
    found = [at for at in left if LOOSELY_LEADS.match(plain_head(heads[at][-1]))]
    if len(found) != 1:
        return columns
    return replace(columns, places={**columns.places, "lead": found[0]}, assumed=(*columns.assumed, "lead"))


def _content_that_says_when(columns: Columns, body: Sequence[Sequence[str]], is_time: Callable[[str], bool]) -> Columns:
    """What is headed as the content is the schedule where each place of it opens with a time (`9月底前完成可研`)."""
    content = columns.at("content")
    if content is None or columns.at("title") is None or not _all_are(content, body, is_time):
        return columns
    places: dict[Role, int] = {role: at for role, at in columns.places.items() if role != "content"}
    return replace(columns, places=places | {"schedule": content}, assumed=(*columns.assumed, "schedule"))


def _mostly(at: int, body: Sequence[Sequence[str]], is_time: Callable[[str], bool]) -> bool:
    texts = [row[at].strip() for row in body if at < len(row) and row[at].strip()]
    return sum(map(is_time, texts)) * 2 > len(texts)


def _is_wordy(at: int, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> bool:
    texts = [fold(row[at]).strip() for row in body if at < len(row) and row[at].strip()]
    words = [text for text in texts if len(text) >= _SHORTEST_WORDS and not _NUMERIC.fullmatch(text)]
    return bool(heads[at]) and len(words) * 2 > len(texts) and bool(words)


def _length(at: int, body: Sequence[Sequence[str]]) -> float:
    texts = [row[at].strip() for row in body if at < len(row) and row[at].strip()]
    return sum(map(len, texts)) / max(1, len(texts))


def named(heads: Iterable[Sequence[str]], word: str) -> int | None:
    """The column that an operator names, by its number from 1 or by its head."""
    listed = list(heads)
    if word.isdigit():
        return int(word) - 1 if 0 < int(word) <= len(listed) else None
    wanted = plain_head(word)
    return next((at for at, path in enumerate(listed) if any(plain_head(part) == wanted for part in path)), None)
