"""Lists without a table: numbered items, bullets, labelled lines, `（X牵头，Y配合）` behind a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.notice.assignments import Assignment, assignment_in, label_line
from domain.notice.column_heads import role_of
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.folding import fold
from domain.notice.front_matter import date_line
from domain.notice.labels import hidden_times, label_at
from domain.notice.listed import Lacking, ListedTable, Part, ProjectRow
from domain.notice.rows import one_line
from domain.notice.tables import Given
from domain.notice.trail import Trail, paragraph_spot
from domain.notice.units import all_units, unit_in
from domain.notice.windows import TimeContext

_MARKERS = (
    re.compile(r"^[一二三四五六七八九十]{1,3}\s*[、.]\s*"),
    re.compile(r"^\(\s*[一二三四五六七八九十]{1,3}\s*\)\s*[、.]?\s*"),
    re.compile(
        r"^(?:\d{1,3}\s*[、.)](?!\d(?!\d?月|\d{3}年))|第[一二三四五六七八九十\d]{1,3}[项条]\s*[、:]?"
        r"|(?:重点)?(?:任务|项目|事项|工作|举措|行动|问题|实事)\s*[一二三四五六七八九十\d]{1,3}\s*[、:.])\s*"
    ),
    re.compile(r"^\(\s*\d{1,3}\s*\)\s*[、.]?\s*"),
    re.compile(r"^[①-⑳]\s*"),
    re.compile(r"^(?:[-*•●■◆▪·○]|[a-z]\))\s*"),
)
# Numbers of this level and below count items; `一、` and headings count parts of the list.
_FIRST_ITEM = 1
_ENGLISH_MARKER = re.compile(r"^(?:\d{1,2}\.){1,3}\d{0,2}\s+")
_CLOSING = re.compile(
    r"^(?:请各|请于|请将|各(?:责任|有关|相关|牵头)?(?:单位|部门|地区?|级)(?!.{0,12}(?:牵头|负责)[）)]?$)|联系(?:人|方式|电话)|附件|抄送|"
    r"[（(]?此件|主办[:：]|特此)"
)
_COUNTED = re.compile(r"(?:^|(?<=[:;。\n]))\s*(?:[一二三四五六七八九]是|\(\d{1,2}\)|\d{1,2}[.、](?!\d)|[①-⑳])\s*")
# Parts of a paper that frame its duties and are none.
_FRAME = re.compile(
    r"(?:总体|工作|主要|基本|年度)?(?:目标|要求|思路|原则|思想)|指导思想|保障措施|组织(?:领导|保障|实施)|工作(?:背景|依据)|有关要求"
)
_MONTH_OR_MORE = re.compile(r"(?:20\d{2}年)?(?:\d{1,2}(?:-\d{1,2})?月份?|第?[一二三四]季度|[上下]半年)")
# `任务名称：建设二水厂`: a label that names the item.
_NAMED = re.compile(r"(?P<head>[^\s:,;。、()]{2,10})\s*:\s*(?=\S)")
_LONGEST_HEADING = 12
_LONGEST_TITLE = 60
_SHORTEST_TITLE = 4
_READING = TimeContext.of(2000)


@dataclass(slots=True)
class _Node:
    """A numbered line or a heading with the plain lines below it; `lines` are their places and their words."""

    marker: str
    level: int
    text: str
    given: Assignment
    lines: list[tuple[int, str]]
    below: list[str] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)

    @property
    def assigned(self) -> bool:
        """Whether somebody leads it, or it has a limit of its own."""
        return bool(self.given.lead or self.given.due or self.given.schedule)

    @property
    def words(self) -> str:
        return "\n".join([self.text, *self.below]).strip()


def prose_list(document: NoticeDocument, trail: Trail, given: Given) -> ListedTable | None:
    """The list that a notice's running text is; nothing where no line of it is anybody's duty."""
    paragraphs = [(at, block) for at, block in enumerate(document.blocks) if isinstance(block, Paragraph)]
    heading, nodes = _nodes(paragraphs)
    if not nodes:
        heading, nodes = _named(paragraphs)
    if not nodes:
        heading, nodes = _unnumbered(paragraphs)
    listed = ListedTable(heading)
    _take(_nested(nodes), listed, trail, section="", lead=None)
    if not listed.rows:
        return None
    if not any(row.lead for row in listed.rows) and not any(row.schedule for row in listed.rows):
        return None
    if not all(row.numbered for row in listed.rows) or len({row.serial for row in listed.rows}) < len(listed.rows):
        # Numbers of several levels, or none, or ones that start anew: the items are numbered through.
        for row in listed.rows:
            row.serial, row.numbered = "", False
    _lead(listed, given)
    return listed


def _nodes(paragraphs: Sequence[tuple[int, Paragraph]]) -> tuple[list[str], list[_Node]]:
    """The lines above the first item, and the items; a line that addresses everybody ends the item above it."""
    heading: list[str] = []
    nodes: list[_Node] = []
    closed = False
    for at, paragraph in paragraphs:
        for line in paragraph.text.split("\n"):
            text = line.strip()
            if not text:
                continue
            level, marker = _marker(text)
            if level is None and paragraph.heading > 1:
                level, marker = -1, ""
            labels = label_line(text[len(marker) :])
            if level is None and (over := _over(text)) is not None and not closed:
                nodes.append(_Node("", -1, text, over, [(at, text)]))
                continue
            if level is not None and not (labels and nodes):
                said = text[len(marker) :].strip()
                said = _name_in(said) or said
                body, found = assignment_in(said)
                nodes.append(_Node(marker.strip(), level, body, found, [(at, said)]))
                closed = False
            elif not nodes:
                heading.append(text)
            elif labels and not closed:
                owner = _owner(nodes)
                for role, value in labels:
                    owner.given.add(role, value)
                    owner.lines.append((at, value))
            elif not closed and date_line(text) is None and not _CLOSING.match(text):
                body, found = assignment_in(text)
                owner = nodes[-1] if body else _owner(nodes)
                owner.given.join(found)
                owner.lines.append((at, text))
                if body:
                    owner.below.append(body)
            else:
                closed = True
    return heading, nodes


def _over(text: str) -> Assignment | None:
    """What a line of its own says of all items below it: an office (`甲局：`), or a time (`4月份`)."""
    words = text.strip().rstrip("：:")
    if len(words) > _LONGEST_HEADING:
        return None
    if _MONTH_OR_MORE.fullmatch(fold(words)):
        return Assignment(due=words)
    return Assignment(lead=words) if text.rstrip().endswith(("：", ":")) and all_units(words) else None


def _name_in(text: str) -> str | None:
    """What a line that names an item by a label (`任务名称：…`) calls it."""
    named = _NAMED.match(fold(text))
    return text[named.end() :].strip() if named is not None and role_of(named["head"]) == "title" else None


def _named(paragraphs: Sequence[tuple[int, Paragraph]]) -> tuple[list[str], list[_Node]]:
    """Items that a label names, each with the labels of who and by when on lines below it."""
    heading: list[str] = []
    nodes: list[_Node] = []
    for at, paragraph in paragraphs:
        for line in filter(None, map(str.strip, paragraph.text.split("\n"))):
            if (name := _name_in(line)) is not None:
                body, found = assignment_in(name)
                nodes.append(_Node("", _FIRST_ITEM, body, found, [(at, name)]))
            elif not nodes:
                heading.append(line)
            elif not _CLOSING.match(line) and date_line(line) is None:
                labels, node = label_line(line), nodes[-1]
                for role, value in labels:
                    node.given.add(role, value)
                    node.lines.append((at, value))
                if not labels:
                    node.lines.append((at, line))
                    node.below.append(line)
    return heading, nodes


def _unnumbered(paragraphs: Sequence[tuple[int, Paragraph]]) -> tuple[list[str], list[_Node]]:
    """Lines without any number that each say who leads (`修订章程：6月底前完成，甲局牵头，乙局配合。`)."""
    heading: list[str] = []
    nodes: list[_Node] = []
    for at, paragraph in paragraphs:
        for line in filter(None, map(str.strip, paragraph.text.split("\n"))):
            body, found = assignment_in(line)
            if found.lead and body and not _CLOSING.match(line):
                nodes.append(_Node("", _FIRST_ITEM, body, found, [(at, line)]))
            elif not nodes:
                heading.append(line)
    return heading, nodes


def _owner(nodes: Sequence[_Node]) -> _Node:
    """Whose a line is that only says who leads and by when: behind several sub-items of nobody it is their item's."""
    last = nodes[-1]
    siblings: list[_Node] = []
    for node in reversed(nodes):
        if node.level < last.level:
            alike = any(other.level == node.level and other.given.lead for other in nodes if other is not node)
            sole = (len(siblings) < 2 and not alike) or any(sibling.assigned for sibling in siblings)
            return last if sole or node.given.lead or node.level < _FIRST_ITEM else node
        if node.level == last.level:
            siblings.append(node)
    return last


def _marker(text: str) -> tuple[int | None, str]:
    folded = fold(text)
    if (match := _ENGLISH_MARKER.match(folded)) is not None and match.group().strip("0123456789. ") == "":
        dots = match.group().strip().strip(".").count(".")
        return (2 if dots == 0 else 3), text[: match.end()]
    for level, pattern in enumerate(_MARKERS):
        if (match := pattern.match(folded)) is not None:
            return level, text[: match.end()]
    return None, ""


def _nested(nodes: Sequence[_Node]) -> list[_Node]:
    """The nodes under those of an upper level that they stand behind; a bullet stands under any number."""
    roots: list[_Node] = []
    stack: list[_Node] = []
    for node in nodes:
        while stack and stack[-1].level >= node.level:
            stack.pop()
        (stack[-1].children if stack else roots).append(node)
        stack.append(node)
    return roots


def _timed(text: str) -> bool:
    folded = fold(text)
    hidden = [False] * len(folded)
    # `一是4月底前…；（2）6月底前…`: a time may stand behind what counts the sentence.
    return any(
        label_at(folded, begin, len(folded), _READING) is not None
        or hidden_times(folded, hidden, begin, len(folded), _READING)
        for begin in (0, *(match.end() for match in _COUNTED.finditer(folded)))
    )


def _take(  # noqa: PLR0912 - one branch for each kind of node
    nodes: Sequence[_Node], listed: ListedTable, trail: Trail, *, section: str, lead: Assignment | None
) -> None:
    for node in nodes:
        own = any(child.given.lead for child in _all_below(node))
        duty = node.given.lead or node.given.due or node.given.schedule
        timed = _timed(node.words)
        below_timed = [child for child in node.children if child.given.due or _timed(child.words)]
        if len(below_timed) * 2 >= len(node.children):
            # What has no time beside those that have one is asked about.
            below_timed = list(node.children)
        over = node.level == -1 and not node.marker and node.children and _over(node.text) is not None
        if over and node.given.due:
            for child in node.children:
                if not (child.given.due or child.given.schedule or _timed(child.words)):
                    child.given.due = node.given.due
        if over:
            _section(node, trail)
            handed = node.given if node.given.lead else lead
            _take(node.children, listed, trail, section=section, lead=handed)
        elif node.level == 0 and _FRAME.fullmatch(node.text) and not _given_below(node):
            _section(node, trail)
            for below in _all_below(node):
                _section(below, trail)
        elif node.children and (own or not (duty or timed)):
            if own and duty and (timed or node.given.due):
                _project(node, listed, trail, section=section, lead=lead, below=(), alone=True)
            else:
                _section(node, trail)
            handed = node.given if node.given.lead else lead
            _take(node.children, listed, trail, section=one_line(node.text) if node.text else section, lead=handed)
        elif duty or timed or (not node.children and (lead is not None or _siblings_are(nodes))):
            _project(node, listed, trail, section=section, lead=lead, below=below_timed)
        else:
            _section(node, trail)
            _take(node.children, listed, trail, section=one_line(node.text) or section, lead=lead)


def _given_below(node: _Node) -> bool:
    """Whether an item or one below it is somebody's."""
    return any(found.given.lead or found.given.due or found.given.schedule for found in (node, *_all_below(node)))


def _siblings_are(nodes: Sequence[_Node]) -> bool:
    """Whether most items of one level are duties: then the others are, too, and ask for what they lack."""
    return sum(node.assigned or _timed(node.words) for node in nodes) * 2 > len(nodes)


def _all_below(node: _Node) -> list[_Node]:
    return [found for child in node.children for found in (child, *_all_below(child))]


def _section(node: _Node, trail: Trail) -> None:
    for spot in dict.fromkeys(spot for spot, _ in node.lines):
        trail.take(paragraph_spot(spot), "section")


def _project(
    node: _Node,
    listed: ListedTable,
    trail: Trail,
    *,
    section: str,
    lead: Assignment | None,
    below: Sequence[_Node],
    alone: bool = False,
) -> None:
    """Take an item and what stands under it, or the item `alone` where what stands under it has leaders of its own."""
    under = [] if alone else _all_below(node)
    who = node.given if node.given.lead or lead is None else lead
    title, rest = _title(node.text)
    content = "\n".join(filter(None, (rest, *node.below)))
    row = ProjectRow(
        serial=marker[0] if (marker := re.findall(r"^\d{1,3}", node.marker)) else "",
        title=title,
        content="\n".join(filter(None, (content, node.given.content))),
        lead=who.lead,
        participants=who.participants,
        place=f"“{title[:20]}”一项",
        section=section,
        numbered=bool(marker),
        more=dict(node.given.more),
    )
    row.parts = _parts(node, title, below)
    subs = [child for child in under if child not in below and child not in _all_under(below)]
    row.content = "\n".join(filter(None, (row.content, *(child.words for child in subs))))
    for spot, words in (line for found in (node, *under) for line in found.lines):
        trail.take(paragraph_spot(spot), "prose", row, words)
    listed.rows.append(row)


def _all_under(nodes: Sequence[_Node]) -> list[_Node]:
    return [found for node in nodes for found in _all_below(node)]


def _title(text: str) -> tuple[str, str]:
    """The first sentence, or what stands before its first mark where that is long; and the rest."""
    line = one_line(text)
    end = line.find("。")
    first = line if end == -1 else line[:end]
    comma = max(first.find("，"), first.find(",")) if first.count("，") + first.count(",") == 1 else first.find("，")
    if comma >= _SHORTEST_TITLE and not _timed(first[:comma]) and _timed(first[comma + 1 :]):
        # `完善应急预案，4月底前完成修订`: the limit is no part of the title.
        first = first[:comma]
    if len(first) > _LONGEST_TITLE:
        cut = min((at for mark in "，；：,;:" if (at := first.find(mark)) > 1), default=-1)
        first = first[: cut if 1 < cut <= _LONGEST_TITLE else _LONGEST_TITLE]
    rest = line[len(first) :].strip("。，；：,;: ")
    return first.rstrip("；;，,.： :"), rest


def _parts(node: _Node, title: str, below: Sequence[_Node]) -> list[Part]:
    """What an item says by when: its labelled limit, its sub-items' times, or the times in its own sentences."""
    if below:
        parts = [
            Part(child.given.due, one_line(child.text), one_line(child.text)) if child.given.due else Part(_full(child))
            for child in below
        ]
        return [Part(node.given.due or node.given.schedule, "", title), *parts] if node.given.due else parts
    text = node.given.schedule or node.given.due
    if node.given.schedule and node.given.due:
        return [Part(f"{node.given.due}\n{node.given.schedule}", "", title)]
    if text:
        return [Part(text, "", title)]
    words = node.words if _timed(node.words) else "\n".join(filter(None, (node.words, node.given.content)))
    return [Part(_from_first_time(words), "", title)]


def _from_first_time(words: str) -> str:
    """The sentences from the first one with a time on: what stands before it is told as the content."""
    sentences = [match.group() for match in re.finditer(r"[^。；;\n]+[。；;\n]*", words)]
    first = next((at for at, sentence in enumerate(sentences) if _timed(sentence)), None)
    return "" if first is None else "".join(sentences[first:]).strip()


def _full(child: _Node) -> str:
    return "；".join([child.words, *(found.words for found in _all_below(child))])


def _lead(listed: ListedTable, given: Given) -> None:
    """Who leads where an item does not say it: the office that its section or the list's heading names."""
    without = [row for row in listed.rows if not row.lead]
    for row in without:
        row.lead = given.lead or unit_in([row.section]) or unit_in(listed.heading) or ""
    unit = "、".join(dict.fromkeys(row.lead for row in without if row.lead))
    if not unit:
        return
    if given.lead is None:
        text = f"{len(without)}项没有写由谁牵头，按标题里的“{unit}”牵头；不是的话请用 --lead 写明。"
        choices = (("确认", f"由{unit}牵头"),)
        listed.lacking.append(Lacking("lead_assumed@1", "lead_assumed", "ruling", text, unit, choices))
