"""Lists without a table: which items of a running text are duties, and what each says of who and by when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from domain.notice.assignment import Assignment
from domain.notice.charged_beside import another_charged
from domain.notice.column_heads import plain_head
from domain.notice.columns import REACHED_IN_THE_YEAR
from domain.notice.dittos import Dittos, ask_of_dittos
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.first_times import from_first_time, says_when
from domain.notice.folding import fold
from domain.notice.item_numbers import FIRST_ITEM
from domain.notice.listed import Lacking, ListedTable, Part, ProjectRow, one_line
from domain.notice.node import Node, nested
from domain.notice.open_times import undated_at
from domain.notice.outline import outline
from domain.notice.patterns import regex
from domain.notice.row_times import nearer_day
from domain.notice.schedule import read_schedule
from domain.notice.shared_limit import give_shared_limit, shared_limit
from domain.notice.tables import Given
from domain.notice.telling_apart import tell_of_measures
from domain.notice.time_cells import holds_a_time, is_a_time
from domain.notice.trail import Trail, paragraph_spot
from domain.notice.units import all_units, owner_in, unit_in
from domain.notice.windows import TimeContext

# Parts of a paper that frame its duties and are none.
_FRAME = regex(
    r"(?:总体|工作|主要|基本|年度)?(?:目标|要求|思路|原则|思想)|(?:整治|整改|治理|行动|攻坚|创建|活动)目标|指导思想|保障措施|组织(?:领导|保障|实施)|工作(?:背景|依据)|有关要求"
)
_LOOKED_AFTER = regex(
    r"由?(?P<who>[一-鿿、]{2,24}?)(?:负责)?(?:挂牌|跟踪|重点|牵头)?(?:督办|督导|督促|包案)[，,；;。]\s*(?=\S)"
)
_LAST_BRACKETS = regex(r"[(（]([^()（）]{2,60})[)）]\s*[。.;；]?$")
_OFFICE_IN = regex(r"[局委办处科部室厅队站所院会](?:[、,，;；]|$)|单位|部门")
# `（一）动员部署阶段（4月25日前）`: a stage, and when it is.
_STAGE = regex(r"(?P<name>[^()（）]{2,20})[(（](?P<when>[^()（）]{2,24})[)）]")
_NAME_IN_BRACKETS = regex(r"【(?P<name>[^【】]{2,20})】\s*(?=\S)")
_LABEL = regex(r"(?:^|(?<=[。；;，,\s]))(?P<head>[^\s:：，,；;。、]{2,12})[:：]\s*(?P<said>[^。；;\n]+)")
_ANY_YEAR = TimeContext.of(2000)
_LONGEST_TITLE = 60
_LONGEST_STAGE = 40
_ONLY_A_YEAR = regex(r"20\d\d年度?")
# `2026年1月` over items: the year of all of them.
_WITHOUT_A_YEAR = regex(
    r"(?<![\d年第~～至到—–－-])(?=\d{1,2}(?:[~～至到—–－-]\d{1,2})?月)|(?<!年)(?=第?[一二三四]季度|[上下]半年|年[底末])"
)
_YEAR = regex(r"20\d\d年(?=\s*(?:\d|[一二三四五六七八九十第上下]))")
_SHORTEST_TITLE = 4


def prose_list(document: NoticeDocument, trail: Trail, given: Given) -> ListedTable | None:
    """The list that a notice's running text is; nothing where no line of it is anybody's duty."""
    paragraphs = [(at, block) for at, block in enumerate(document.blocks) if isinstance(block, Paragraph)]
    paragraphs, limits = shared_limit(paragraphs)
    heading, nodes = outline(paragraphs)
    listed = ListedTable(heading)
    dittos = Dittos().in_running_text(nodes)
    _take(nested(nodes), listed, trail, section="", lead=None, duties=_levels_of_duties(nodes))
    if not listed.rows:
        return None
    if not any(row.lead for row in listed.rows) and not any(row.schedule for row in listed.rows):
        return None
    firsts = [row for row in listed.rows if not row.of_task_above]
    if not all(row.numbered for row in firsts) or len({row.serial for row in firsts}) < len(firsts):
        # Numbers of several levels, or none, or ones that start anew: the items are numbered through.
        for row in listed.rows:
            row.serial, row.numbered = "", False
    tell_of_measures(listed, 1)
    give_shared_limit(listed, limits, trail)
    ask_of_dittos(listed, dittos)
    _lead(listed, given)
    return listed


def _take(
    nodes: Sequence[Node],
    listed: ListedTable,
    trail: Trail,
    *,
    section: str,
    lead: Assignment | None,
    duties: frozenset[int],
) -> None:
    # `业务科` over its items: each of them is a duty, with a time or without.
    led = lead is not None or owner_in(section) is not None
    for node in nodes:
        own = any(child.given.lead for child in node.all_below)
        duty = node.given.lead or node.given.due or node.given.schedule
        timed = says_when(node.words)
        below_timed = [child for child in node.children if child.given.due or says_when(child.words)]
        if len(below_timed) * 2 >= len(node.children):
            # What has no time beside those that have one is asked about.
            below_timed = list(node.children)
        if node.over and node.children:
            _due_for_each(node)
            _section(node, trail)
            handed = _handed(node, lead)
            named = one_line(node.text).rstrip("。：:") if node.marker else section
            _take(node.children, listed, trail, section=named, lead=handed, duties=duties)
        elif node.level == 0 and _FRAME.fullmatch(node.text) and not node.given_below:
            _section(node, trail)
            for below in node.all_below:
                _section(below, trail)
        elif node.children and (own or not (duty or timed) or (node.counted_on and not timed)):
            if node.counted_on and not timed:
                _due_for_each(node)
                _section(node, trail)
            elif own and duty and (timed or node.given.due):
                _project(node, listed, trail, section=section, lead=lead, below=(), alone=True)
            else:
                _due_for_each(node)
                _section(node, trail)
            handed = _handed(node, lead)
            named = one_line(node.text).rstrip("。：:") if node.text else section
            _take(node.children, listed, trail, section=named, lead=handed, duties=duties)
        elif (
            duty
            or timed
            or (not node.children and (led or _siblings_are(nodes) or _counted_and_timed(node)))
            or _tells(node, duties)
        ):
            _project(node, listed, trail, section=section, lead=lead, below=below_timed)
        else:
            _section(node, trail)
            _take(node.children, listed, trail, section=one_line(node.text) or section, lead=lead, duties=duties)


def _handed(node: Node, lead: Assignment | None) -> Assignment | None:
    """Who leads what stands under a node; an office that heads it with its helpers (`教务处（各学院协同）`) does."""
    if node.given.participants and not node.given.lead:
        node.given.lead = owner_in(node.text) or ""
    return node.given if node.given.lead else lead


def _due_for_each(node: Node) -> None:
    """Give the time over all items, or of a stage (`集中清理（4月10日—5月31日）`), to each that says none."""
    stage = _LAST_BRACKETS.search(node.text) if not node.given.due and len(node.text) <= _LONGEST_STAGE else None
    # A year alone (`重点工作（2024年）`) says which list it is, and no limit.
    when = stage[1] if stage is not None and not _ONLY_A_YEAR.fullmatch(fold(stage[1])) else ""
    due = node.given.due or (when if when and is_a_time(when) else "")
    year = _YEAR.match(fold(due or node.text))
    for child in node.children:
        if due and not (child.given.due or child.given.schedule or says_when(child.words)):
            nearer = nearer_day(due, child.text)
            # `家长会，考试后一周内`: a time of its own, too.
            child.given.due = nearer or ("" if from_first_time(child.words) else due)
        elif due and not (child.given.due or child.given.schedule) and _comes_back_in(due, child.words):
            child.within = due
        elif year is not None and not _YEAR.search(fold(child.words)):
            child.year = year.group()


def _comes_back_in(due: str, words: str) -> bool:
    """Whether a heading says from when to when, or from when on, and what stands under it how often alone."""
    stage = [step.window for step in read_schedule(due, _ANY_YEAR).deliverables]
    often = [step.window for step in read_schedule(from_first_time(words), _ANY_YEAR).deliverables]
    year = (_ANY_YEAR.begins_on, date(_ANY_YEAR.year, 12, 31))
    return (
        len(stage) == 1
        and stage[0].starts_on is not None
        and stage[0].recurrence is None
        and bool(often)
        and all(window.recurrence is not None and (window.starts_on, window.due_on) == year for window in often)
    )


def _counted_and_timed(node: Node) -> bool:
    """Whether an item has a number and says by when, wherever in it (`推介会，4月、9月各1场，会前5天报方案`)."""
    return node.level > FIRST_ITEM and bool(node.marker) and holds_a_time(node.words)


def _siblings_are(nodes: Sequence[Node]) -> bool:
    """Whether most items of one level are duties: then the others are, too, and ask for what they lack."""
    return sum(node.assigned or says_when(node.words) for node in nodes) * 2 > len(nodes)


def _levels_of_duties(nodes: Sequence[Node]) -> frozenset[int]:
    """The levels of numbers most of whose items are duties, wherever in the list they stand."""
    levels = {node.level for node in nodes if node.level >= FIRST_ITEM}
    return frozenset(level for level in levels if _siblings_are([node for node in nodes if node.level == level]))


def _tells(node: Node, duties: frozenset[int]) -> bool:
    """Whether an item names somebody in its last brackets, as the other items of its level do, in words of its own."""
    closing = _LAST_BRACKETS.search(node.text)
    return not node.children and node.level in duties and closing is not None and bool(_OFFICE_IN.search(closing[1]))


def _section(node: Node, trail: Trail) -> None:
    for spot, words in node.lines:
        trail.take(paragraph_spot(spot), "section", as_read=words)


def _project(
    node: Node,
    listed: ListedTable,
    trail: Trail,
    *,
    section: str,
    lead: Assignment | None,
    below: Sequence[Node],
    alone: bool = False,
) -> None:
    """Take an item and what stands under it, or the item `alone` where what stands under it has leaders of its own."""
    under = [] if alone else node.all_below
    who = node.given if node.given.lead or lead is None else lead
    named = _NAME_IN_BRACKETS.match(node.text)
    if named is not None and not all_units(named["name"]) and not holds_a_time(named["name"]):
        # `【人才建设】7月招聘200人，9月完成培训`
        node.text = node.text[named.end() :]
        title, rest = named["name"], one_line(node.text)
    else:
        title, rest = _title(node.text)
    title = f"{node.part_of}：{title}" if node.part_of else title
    content = "\n".join(filter(None, (rest, *node.below)))
    helping = [child.given.participants for child in under if not child.given.lead]
    row = ProjectRow(
        serial=marker[0] if (marker := re.findall(r"^\d{1,4}", node.marker)) else "",
        title=title,
        content="\n".join(filter(None, (content, node.given.content))),
        lead=who.lead,
        # Whom an item names beside the leader of all stands beside those who help all.
        participants="、".join(dict.fromkeys(filter(None, (who.participants, node.given.participants, *helping)))),
        place=f"“{title[:20]}”一项",
        section=section,
        numbered=bool(marker),
        of_task_above=node.further,
        more={**who.more, **node.given.more},
        goal=_goal_in(node),
    )
    row.parts = _parts(node, title, below)
    for part in row.parts if node.year else ():
        part.text = _WITHOUT_A_YEAR.sub(node.year, part.text)
    for part in row.parts if node.within else ():
        part.text = f"{node.within}，{part.text}"
    subs = [
        child
        for child in under
        if child not in below and child not in [found for each in below for found in each.all_below]
    ]
    row.content = "\n".join(filter(None, (row.content, *(child.words for child in subs))))
    if node.given.another:
        row.remarks.append(another_charged(node.given.another))
    for spot, words in (line for found in (node, *under) for line in found.lines):
        trail.take(paragraph_spot(spot), "prose", row, words)
    listed.rows.append(row)


def _goal_in(node: Node) -> str:
    """What a label of an item says is reached in the list's year."""
    lines = (*(words for _, words in node.lines), *node.labels)
    labels = (label for words in lines for label in _LABEL.finditer(words))
    return next((label["said"] for label in labels if REACHED_IN_THE_YEAR.fullmatch(plain_head(label["head"]))), "")


def _title(text: str) -> tuple[str, str]:
    """The first sentence, or what stands before its first mark where that is long; and the rest."""
    line = one_line(text)
    looked_after = _LOOKED_AFTER.match(line)
    if looked_after is not None and all_units(looked_after["who"]):
        # `由市政府督查室督办，…`: who sees to it is no title.
        title, rest = _title(line[looked_after.end() :])
        return title, "\n".join(filter(None, (rest, looked_after.group().rstrip("，,；;。 "))))
    end = line.find("。")
    first = line if end == -1 else line[:end]
    comma = max(first.find("，"), first.find(",")) if first.count("，") + first.count(",") == 1 else first.find("，")
    if first[: max(comma, 0)].count("（") > first[: max(comma, 0)].count("）"):
        # `（9月—12月，每月一次）开展抽检`: a mark inside brackets ends nothing.
        comma = -1
    colon = max(first.find("："), first.find(":"))
    if colon >= _SHORTEST_TITLE and (comma == -1 or colon < comma):
        # `创建卫生县城：6月通过评估，10月申报`: what heads its times.
        comma = colon
    if comma >= _SHORTEST_TITLE and not says_when(first[:comma]) and says_when(first[comma + 1 :]):
        # `完善应急预案，4月底前完成修订`: the limit is no part of the title.
        first = first[:comma]
    if len(first) > _LONGEST_TITLE:
        cut = min((at for mark in "，；：,;:" if (at := first.find(mark)) > 1), default=-1)
        first = first[: cut if 1 < cut <= _LONGEST_TITLE else _LONGEST_TITLE]
    rest = line[len(first) :].strip("。，；：,;: ")
    return first.rstrip("；;，,.： :"), rest


def _parts(node: Node, title: str, below: Sequence[Node]) -> list[Part]:
    """What an item says by when: its labelled limit, its sub-items' times, or the times in its own sentences."""
    if below:
        parts = [
            Part(child.given.due, one_line(child.text), one_line(child.text))
            if child.given.due
            else Part(_full(child), "", _named(child) or title)
            for child in below
        ]
        return [Part(node.given.due or node.given.schedule, "", title), *parts] if node.given.due else parts
    text = node.given.schedule or node.given.due
    stage = _STAGE.fullmatch(title)
    rest = one_line(node.words)[len(title) :].strip("。，；：,;: ")
    if not text and stage is not None and is_a_time(stage["when"]) and rest and not says_when(rest):
        # What is done in a stage is due in it.
        return [Part(f"{stage['when']}：{rest}", "", title)]
    if node.given.schedule and node.given.due:
        # `11月底前完成，其中2万亩6月底前开工`, `9月底` beside `清点（2月）、试点（4月）`: the limit is the whole's.
        steps = read_schedule(node.given.schedule, _ANY_YEAR).deliverables
        dated = bool(steps) and all(step.window.due_on is not None for step in steps)
        mark = "；" if dated or node.given.schedule.startswith("其中") else ""
        return [Part(f"{node.given.due}{mark}\n{node.given.schedule}", "", title)]
    if text and not node.given.schedule and _goes_on(text) and says_when(node.words):
        # `4月底前公布清单，按月更新（甲局牵头；持续推进）`
        return [Part(f"{from_first_time(node.words).rstrip('。；;')}；{text}", "", title)]
    if text:
        return [Part(text, "", title)]
    words = _says_it(node) if says_when(node.words) else "\n".join(filter(None, (node.words, node.given.content)))
    return [Part(from_first_time(words), "", title)]


def _says_it(node: Node) -> str:
    """The words of an item; a line below it without a time describes it, where its own words say by when."""
    if not says_when(node.text):
        return node.words
    return "\n".join([node.text, *(line for line in node.below if holds_a_time(line))])


def _named(child: Node) -> str:
    """What a sub-item is about (`素养监测，八月上旬启动，十月下旬结束`), where that says nothing of when."""
    name = _title(child.text)[0]
    return name if not holds_a_time(name) else ""


def _goes_on(text: str) -> bool:
    """Whether a limit names no day (`持续推进`)."""
    reading = undated_at(fold(text), 0)
    return reading is not None and reading.end >= len(text)


def _full(child: Node) -> str:
    return "；".join([child.words, *(found.words for found in child.all_below)])


def _lead(listed: ListedTable, given: Given) -> None:
    """Who leads where an item does not say it: the office that its section or the list's heading names."""
    headed = [row for row in listed.rows if not row.lead and given.lead is None and owner_in(row.section)]
    for row in headed:
        row.lead = owner_in(row.section) or ""
    if headed:
        names = "、".join(dict.fromkeys(row.lead for row in headed))
        text = f"{len(headed)}项没有写由谁牵头，按各自标题里的“{names}”牵头；不是的话请写明由谁牵头，再读一次。"
        listed.lacking.append(Lacking("lead_by_heading@1", "lead_by_heading", "note", text, names))
    without = [row for row in listed.rows if not row.lead]
    for row in without:
        row.lead = given.lead or unit_in([row.section]) or unit_in(listed.heading) or ""
        # It is the list that says so, or the operator, and is asked about as such.
        row.lead_lacks = bool(row.lead)
    unit = "、".join(dict.fromkeys(row.lead for row in without if row.lead))
    if not unit:
        return
    if given.lead is None:
        text = f"{len(without)}项没有写由谁牵头，按标题里的“{unit}”牵头；不是的话请写明由谁牵头，再读一次。"
        choices = (("确认", f"由{unit}牵头"),)
        listed.lacking.append(Lacking("lead_assumed@1", "lead_assumed", "ruling", text, unit, choices))
