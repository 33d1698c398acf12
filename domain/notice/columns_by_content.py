"""Which column of a table holds what, told by what stands below its head: for heads that no word of ours names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from domain.notice.column_heads import ASIDE, LOOSELY_LEADS, OF_OTHERS, ROLES, Role, plain_head, role_of
from domain.notice.columns import Columns, columns_of
from domain.notice.days_of_months import with_days
from domain.notice.departments import parts_of
from domain.notice.first_times import from_first_time
from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.revised_columns import with_revised
from domain.notice.time_cells import holds_a_time, is_a_time
from domain.notice.units import all_units

_NUMERIC = regex(r"[\d\s.,%()/+-]*")
_SHORTEST_WORDS = 2
_SHORT_TEXT = 3
# How far a duty is, and no plan: `72%`, `已完成60%（主体封顶）`, `进行中`.
_STATE = regex(
    r"(?:(?:已|约|累计|共|完成|达到?|总体|工程)*\d{1,3}(?:\.\d+)?\s*[%％]|\d\.\d+|\d{1,3}|[未已]?(?:启动|开始|完成|开工|办结)"
    r"|(?:正在|尚未|暂未|未|已|基本|全部|正常|有序|按计划|稳步|加快)(?:启动|开始|开工|完成|推进|实施|办结|进行)(?:中)?|(?:进行|推进|实施|办理|施工)中|正常|滞后|超期|逾期"
    r"|not started|in progress|on track|ongoing|delayed|complete[d]?|[-—/])(?:\s*[(（][^()（）]*[)）])?",
    re.IGNORECASE,
)
_TELLS_HOW_FAR = regex(r"[\d%％已未中]|progress|track|delayed|complete|started", re.IGNORECASE)
# What is done, as a head says it; a word for a time in it makes it a head of times.
_DONE = regex(r"(?!.*(?:时间|日期|时限|期限|节点|月份|起始|开始|结束|截止))[一-鿿]{2,10}")
_STAGE = regex(r"[一-鿿]{0,4}(?:立项|验收|评审|审批|批复|核准|印发|招标|招投标|许可|进场|审查|完成)")
# `建设内容及进度安排`: more than a schedule.
_CONTENT_TOO = regex(r"[一-鿿]{0,4}(?:内容|措施|举措|目标)[及和与、]")
_COUNTED_STAGE = regex(r"第?[一二三四五1-5](?:阶段|步|期)(?:工作|目标|任务|计划|安排|内容)*|阶段[一二三四五1-5]")
_FEWEST_STAGES = 2
_LONGEST_STATE = 6
# Years, a spreadsheet's days, months in six figures, days in eight.
_MAY_BE_TIMES = ((1_900, 2_200), (36_526, 73_050), (190_000, 220_000), (19_000_000, 22_000_000))


def completed(
    columns: Columns,
    heads: Sequence[Sequence[str]],
    body: Sequence[Sequence[str]],
    is_time: Callable[[str], bool],
    chosen: Mapping[int, Role | None],
) -> Columns:
    """The columns with the title found by elimination where no head names it, and unheaded sub-tasks beside it."""
    columns = with_revised(_without_progress(columns, body), heads)
    columns = with_days(columns, heads, body, _left(columns, heads))
    schedule = columns.at("schedule")
    if columns.at("title") is None and schedule is not None:
        times = "due" in columns.places or bool(columns.periods)
        if times or not _mostly(schedule, body, is_time):
            # `Milestone` beside `Due`: what is headed as a plan names the duties.
            columns = replace(columns_of(heads, {**chosen, schedule: "title"}), assumed=("title",))
    columns = _content_with_its_times(columns, heads, body)
    columns = _with_stages(_with_counted_stages(columns, heads, body), heads, body, is_time)
    columns = _ends_by_elimination(columns, heads, body, is_time)
    if not columns.has_schedule:
        columns = _by_what_stands_there(columns, "due", heads, body, is_time)
    if not columns.has_schedule:
        columns = _content_that_says_when(columns, body, is_time)
    columns = _title_by_elimination(columns, heads, body, is_time)
    if not columns.tells_who:
        columns = _by_loose_head(columns, heads)
    if not columns.tells_who:
        columns = _by_what_stands_there(columns, "lead", heads, body, _says_who)
    columns = _helpers_by_elimination(_offices_before_persons(columns, heads, body), heads, body)
    title = columns.at("title")
    if title is None or columns.levels or title + 1 >= len(heads) or heads[title + 1]:
        return columns
    beside = title + 1
    if beside not in columns.used and any(row[beside].strip() for row in body if beside < len(row)):
        return replace(columns, levels=(beside,))
    return columns


def _without_progress(columns: Columns, body: Sequence[Sequence[str]]) -> Columns:
    """The columns without one headed 进度 in which only states stand: they say how far a duty is, not by when.

    Nor is one of amounts a plan (`年度计划` in money) where another column says by when.
    """
    at = columns.at("schedule")
    beside = columns.at("title") is not None and (columns.periods or columns.pairs)
    if at is not None and beside and not any(map(holds_a_time, _texts(at, body))):
        # `形象进度` beside quarters or stages says what is reached by the last of them.
        said: dict[Role, int] = {"content": at}
        return replace(columns, places=said | {role: it for role, it in columns.places.items() if role != "schedule"})
    if at is not None and "due" in columns.places and _are_amounts(at, body):
        return replace(columns, places={role: place for role, place in columns.places.items() if role != "schedule"})
    if at is None or not _all_are(at, body, lambda text: _STATE.fullmatch(fold(text)) is not None):
        return columns
    if not any(_TELLS_HOW_FAR.search(row[at]) for row in body if at < len(row)):
        # Strokes and `按计划推进` say nothing of how far it is.
        return columns
    if "due" not in columns.places and _all_are(at, body, str.isdigit):
        # Bare numbers may be months.
        return columns
    return replace(columns, places={role: place for role, place in columns.places.items() if role != "schedule"})


def _are_amounts(at: int, body: Sequence[Sequence[str]]) -> bool:
    """Whether numbers alone stand in a column, and one of them is no day, month or year in any spelling."""
    texts = [fold(text).replace(",", "") for text in _texts(at, body)]
    numbers = [float(text) for text in texts if re.fullmatch(r"\d+(?:\.\d+)?", text)]
    return len(numbers) == len(texts) and any(
        number > 1_000 and not any(first <= number < end for first, end in _MAY_BE_TIMES) for number in numbers
    )


def _with_stages(
    columns: Columns, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]], is_time: Callable[[str], bool]
) -> Columns:
    """The columns that are headed by what is done and in which mostly times stand (`立项 | 环评 | 开工`).

    There are two at least, and no other column says when; those headed as a beginning or an end alone (`开工`, `竣工`)
    are among them, an end only beside another such column.
    """
    ends = {at for role in ("start", "due") if (at := columns.at(role)) is not None}
    if columns.has_schedule and set(columns.timed) != ends:
        return columns
    left = [at for at, path in enumerate(heads) if path and (at not in columns.used or at in ends)]
    found = tuple(
        (at, head)
        for at in left
        if _DONE.fullmatch(head := plain_head(heads[at][-1]))
        and not ASIDE.fullmatch(head)
        and (_STAGE.fullmatch(head) or not OF_OTHERS.search(head))
        and _times_or_states(at, body, is_time)
    )
    sure = [at for at, _ in found if _mostly(at, body, is_time)]
    if len(sure) < _FEWEST_STAGES or not ends <= {at for at, _ in found}:
        return columns
    if "due" in columns.places and ends.issuperset(sure):
        return columns
    places: dict[Role, int] = {role: at for role, at in columns.places.items() if at not in ends}
    return replace(columns, places=places, stages=found)


def _with_counted_stages(columns: Columns, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> Columns:
    """`第一阶段 | 第二阶段` over what is to be done, each with its time, where nothing else says when."""
    found = [at for at in _left(columns, heads) if _COUNTED_STAGE.fullmatch(plain_head(heads[at][-1]))]
    if columns.has_schedule or len(found) < _FEWEST_STAGES:
        return columns
    if not all(_mostly(at, body, holds_a_time) and not _mostly(at, body, is_a_time) for at in found):
        return columns
    places: dict[Role, int] = {**columns.places, "schedule": found[0]}
    return replace(columns, places=places, further_times=tuple(found[1:]))


def _ends_by_elimination(
    columns: Columns, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]], is_time: Callable[[str], bool]
) -> Columns:
    """A column of times beside the start is the limit; two side by side that no head names are start and limit."""
    if "due" in columns.places or "schedule" in columns.places:
        return columns
    left = [at for at in _left(columns, heads) if _mostly(at, body, is_time)]
    start = columns.at("start")
    if start is None and len(left) == 2 and left[1] == left[0] + 1 and not columns.periods:
        return _with(columns, start=left[0], due=left[1])
    if start is None:
        return columns
    beside = [at for at in left if abs(at - start) == 1]
    found = beside if len(beside) == 1 else left
    return _with(columns, due=found[0]) if len(found) == 1 else columns


def _helpers_by_elimination(columns: Columns, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> Columns:
    """Beside a column of who leads, the one column that is left in which offices stand names those who help."""
    lead = columns.at("lead")
    if lead is None or "participants" in columns.places or columns.marked is not None:
        return columns
    found = [at for at in _left(columns, heads) if _mostly(at, body, all_units)]
    return _with(columns, participants=found[0]) if len(found) == 1 else columns


def _offices_before_persons(columns: Columns, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> Columns:
    """Offices lead, and not a leader's column that stood for who leads (`科室 | 分管领导`)."""
    lead = columns.at("lead")
    if lead is None or "lead" not in columns.assumed or role_of(heads[lead][-1]) != "leader":
        return columns
    places: dict[Role, int] = {role: at for role, at in columns.places.items() if role != "lead"}
    assumed = tuple(role for role in columns.assumed if role != "lead")
    without = replace(columns, places=places | {"leader": lead}, assumed=assumed)
    found = _by_loose_head(without, heads)
    if found.at("lead") is None:
        found = _by_what_stands_there(without, "lead", heads, body, _says_who)
    return found if found.at("lead") is not None else columns


def _says_who(text: str) -> bool:
    """Whether offices stand there, or offices each with its part (`甲局牵头，乙局、丙局配合`)."""
    return all_units(text) or bool(parts_of(text).leads)


def _left(columns: Columns, heads: Sequence[Sequence[str]]) -> list[int]:
    """The columns that are left, without those whose heads tell of a row what is nobody's duty."""
    return [
        at
        for at, path in enumerate(heads)
        if at not in columns.used
        and path
        and not ASIDE.fullmatch(head := plain_head(path[-1]))
        and not OF_OTHERS.search(head)
    ]


def _with(columns: Columns, **places: int) -> Columns:
    """The columns with roles that were found by elimination."""
    found = {role: at for role, at in places.items() if role in ROLES}
    assumed = tuple(role for role in ROLES if role in found)
    return replace(columns, places={**columns.places, **found}, assumed=(*columns.assumed, *assumed))


def _title_by_elimination(
    columns: Columns, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]], is_time: Callable[[str], bool]
) -> Columns:
    """The title is the one wordy column that is left; or else what is headed as the content or the measures."""
    if columns.at("title") is not None:
        return columns
    places = dict(columns.places)
    content = places.get("content", len(heads))
    wordy = [at for at in range(len(heads)) if at not in columns.used and _is_wordy(at, heads, body)]
    plain = [at for at in wordy if at < content and not ASIDE.fullmatch(plain_head(heads[at][-1]))]
    # `周次` counts and names nothing.
    plain = [at for at in plain if "content" not in places or not _all_are(at, body, is_time)]
    plain = [at for at in plain if not _all_are(at, body, all_units)] or plain
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
    texts = _texts(at, body)
    return bool(texts) and all(map(fits, texts))


def _by_what_stands_there(
    columns: Columns,
    role: Role,
    heads: Sequence[Sequence[str]],
    body: Sequence[Sequence[str]],
    fits: Callable[[str], bool],
) -> Columns:
    """A role that no head names is the one column that is left in which mostly offices, or times, stand."""
    found = [at for at in _left(columns, heads) if _mostly(at, body, fits)]
    return _with(columns, **{role: found[0]}) if len(found) == 1 else columns


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


def _content_with_its_times(columns: Columns, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> Columns:
    """`实施内容及进度安排`, where sentences stand before the times and no other column says what or by when."""
    schedule = columns.at("schedule")
    if schedule is None or columns.at("content") is not None or len(columns.timed) > 1:
        return columns
    if _CONTENT_TOO.match(plain_head(heads[schedule][-1])) is None or columns.at("title") is None:
        return columns
    if all(from_first_time(text, ends="。") in ("", text) for text in _texts(schedule, body)):
        return columns
    places: dict[Role, int] = {role: at for role, at in columns.places.items() if role != "schedule"}
    return replace(columns, places=places | {"content": schedule})


def _mostly(at: int, body: Sequence[Sequence[str]], is_time: Callable[[str], bool]) -> bool:
    texts = _texts(at, body)
    return sum(map(is_time, texts)) * 2 > len(texts)


def _times_or_states(at: int, body: Sequence[Sequence[str]], is_time: Callable[[str], bool]) -> bool:
    """Whether times stand there, and beside them short words alone (`已完成`)."""
    texts = _texts(at, body)
    # `5.6` may be an amount.
    times = [text for text in texts if is_time(text) and not _NUMERIC.fullmatch(fold(text))]
    return bool(times) and all(text in times or len(text) <= _LONGEST_STATE for text in texts)


def _is_wordy(at: int, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> bool:
    texts = [fold(text) for text in _texts(at, body)]
    words = [text for text in texts if len(text) >= _SHORTEST_WORDS and not _NUMERIC.fullmatch(text)]
    return bool(heads[at]) and len(words) * 2 > len(texts) and bool(words)


def _texts(at: int, body: Sequence[Sequence[str]]) -> list[str]:
    """What stands in a column."""
    return [row[at].strip() for row in body if at < len(row) and row[at].strip()]


def _length(at: int, body: Sequence[Sequence[str]]) -> float:
    texts = _texts(at, body)
    return sum(map(len, texts)) / max(1, len(texts))
