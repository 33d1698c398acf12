"""The outline of a running text: its numbered lines, headings and labelled lines, and what stands below each.

Nothing is decided here about which of them are duties.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from domain.notice.assignment import Assignment
from domain.notice.assignments import assignment_in, label_line
from domain.notice.charged_by_number import charged_by_number, count_of, names_items
from domain.notice.column_heads import Role, role_of
from domain.notice.document import Paragraph
from domain.notice.each_led import each_led, items_in
from domain.notice.first_times import says_when
from domain.notice.folding import fold
from domain.notice.front_matter import date_line
from domain.notice.item_numbers import BULLETS, FIRST_ITEM, NAMED_ITEM, marker_of, named_over_counted
from domain.notice.labels_beside import name_in
from domain.notice.node import Node
from domain.notice.parts_of_offices import Led, led_by_its_clause, parts_of_offices
from domain.notice.patterns import regex
from domain.notice.shared_limit import limit_of_all
from domain.notice.time_cells import holds_a_time, is_a_time
from domain.notice.units import all_units, heads_its_part
from domain.notice.who_and_when import who_and_when_alone

_CLOSING = regex(
    r"^(?:请各|(?:[一-鿿]{2,8}(?<!会议))?请[于在将]|各(?:责任|有关|相关|牵头|承办|主办|协办|配合|包案|整改|实施|成员|参与)?(?:单位|部门|地区?|级)(?!.{0,12}(?:牵头|负责)[）)]?$)|联系(?:人|方式|电话)|附件|抄送|"
    r"[（(]?此件|主办[:：]|特此|谢谢|此致|敬礼|顺[祝颂]|祝(?:各位|大家|您|工作)|[妥当]否|以上(?:安排|意见|事项)?[,，]?(?:请|。|$)|收到请|(?:信息)?来源[:：]|(?:出席|列席|参加|参会|请假|主持|记录)(?:人员?|会议|单位|领导|名单|情况)*[:：]|(?:主送|抄报|分送|发送|印送)[:：]|(?:注|备注|说明|填表说明)[:：]|"
    r"各(?:责任|有关|相关|牵头|配合|业务)?(?:单位|部门|处室|科室|股室|镇|街道|乡镇|社区|村)[、和及各有关相责任单位部门]{0,8}(?:要|应|须|需|务必|必须|请)(?!.{0,12}(?:牵头|负责)[）)]?$))"
)
# `请市督查室牵头…` below an item that somebody else leads is no part of it.
_ANOTHER = regex(r"(?:请|责成)(?!各)")
_MONTH_OR_MORE = regex(
    r"(?:20\d{2}年)?(?:(?:\d{1,2}(?:-\d{1,2})?|十[一二]?|[一二三四五六七八九])月份?|第?[一二三四]季度|[上下]半年)"
)
# `4月底前完成的任务`, `第二季度重点工作`, `完成时限为10月底的任务`
_TIME_OVER = regex(
    r"(?:(?:完成|办结|整改)?(?:时限|期限|时间)(?:为|是|在)?)?(?P<when>(?!20\d\d年度?(?![\d第上下一二三四]))[^,;。:()的]{2,12}?)(?:[需应要须](?:全部)?)?"
    r"(?:完成|办结|落实|实施|启动)?的?(?:主要|重点)?(?:工作|任务|事项|项目)(?:任务|安排|计划)?"
)
# `第一阶段：集中整治（4月1日—5月20日）`
_STAGE = regex(r"(?=[^()]{0,12}阶段)[^()]{2,24}\((?P<when>[^()]{2,24})\)[:。]?")
_DONE = regex(r"(?:全部|全面)?(?:完成|办结)$")
ALL_ABOVE = regex(
    r"^\(?(?:以上|上述)(?:各|所有|全部|\d{1,2}|[一二三四五六七八九十]{1,2})?项?(?:重点)?"
    r"(?:工作|任务|事项|措施|内容|项目|举措)?(?:任务)?[,:]?(?:均|都|统一|分别)?(?=由|请|[一-鿿]{2,14}(?:牵头|负责))"
)
"""Opens what is said of all items above it (`以上工作由甲局牵头，乙局配合`)."""
_SAYS_OF_ALL = regex(r"^\(?(?:以上|上述)(?:各|所有|全部|\d{1,2})?项?(?:重点)?(?:工作|任务|事项|举措)")
_LONGEST_HEADING = 12
_SEES_TO_IT = regex(
    r"由?[^,;。]{2,16}?(?:负责)?(?:跟踪|统筹|协调|牵头)*(?:督办|督查|督促|督导|调度|考核|汇总|通报|监督)"
)
_HELPED = regex(r"(?P<office>【?[一-鿿、]{2,14}】?)(?=[（(][^()（）]+[)）]$)")
# What labels above a list say of all of it; `会议时间：…` is no limit.
_ABOVE_ALL = ("lead", "participants", "leader", "due")
_LIMIT = regex(r"[^:：]{0,6}(?:时限|期限)\s*[:：]")


def outline(paragraphs: Sequence[tuple[int, Paragraph]]) -> tuple[list[str], list[Node]]:
    """The lines above the first item, and the items in their order: counted, named by a label, or one a line."""
    heading, nodes = _counted(paragraphs)
    if all(node.over for node in nodes):
        # No item, or whom a paper is addressed to (`甲局、乙局：`) alone.
        above, named = _named(paragraphs)
        heading, nodes = (above, named) if named or not nodes else (heading, nodes)
    if not nodes:
        heading, nodes = _unnumbered(paragraphs)
    elif (over_all := _labelled_above(paragraphs, heading, nodes[0])) is not None:
        nodes.insert(0, over_all)
    return heading, nodes


def _labelled_above(paragraphs: Sequence[tuple[int, Paragraph]], heading: Sequence[str], first: Node) -> Node | None:
    """Who leads all items, and by when, where labels on lines above the first one say it (`承办单位：甲局`)."""
    above = Node("", -1, "", Assignment(), [], over=True)
    for at, paragraph in paragraphs:
        for text in filter(None, map(str.strip, paragraph.text.split("\n"))):
            if text not in heading or at > first.lines[0][0]:
                continue
            labels = [(role, value) for role, value in label_line(text) if role in _ABOVE_ALL]
            if labels and (_LIMIT.match(text) or limit_of_all(text) or all(role != "due" for role, _ in labels)):
                for role, value in labels:
                    above.given.add(role, value)
                above.lines.append((at, text))
    return above if above.given.lead else None


def _counted(paragraphs: Sequence[tuple[int, Paragraph]]) -> tuple[list[str], list[Node]]:
    """The lines above the first item, and the items; a line that addresses everybody ends the item above it."""
    heading: list[str] = []
    nodes: list[Node] = []
    closed = False
    labelled: tuple[int, Node | None] = (-1, None)
    lines = [
        (at, paragraph.heading, text)
        for at, paragraph in paragraphs
        for line in paragraph.text.split("\n")
        for item in items_in(line)
        if (text := item.strip())
    ]
    headed = _offices_over_items([text for _, _, text in lines])
    named = named_over_counted([text for _, _, text in lines])
    for number, (at, depth, text) in enumerate(lines):
        level, marker = _counts(text, depth, [line for _, _, line in lines[number + 1 : number + 3]], named=named)
        if nodes and (_charges_by_number(nodes, at, text) or (level is None and _goes_up(nodes, at, text))):
            continue
        parted = who_and_when_alone(text) if level is None else []
        labels = label_line(text[len(marker) :]) or parted
        # `各科室：` above headings of offices greets everybody.
        greets = not nodes and text[0] == "各" and any(heads_its_part(line) for *_, line in lines[number + 1 :])
        over = None if greets else over_all_below(text) or headed.get(number)
        if (not level or not marker or level == 1) and over is not None and not closed:
            nodes.append(Node("", -1, text, over, [(at, text)], over=True))
            continue
        if level is not None and (not (labels and nodes) or _is_another(nodes[-1], level, labels)):
            said = text[len(marker) :].strip()
            said = name_in(said) or said
            nodes += _item(marker.strip(), level, at, said)
            closed = False
        elif not nodes:
            heading.append(text)
        elif labels and not closed:
            # Labels on lines below each other are of one item.
            before, owner = labelled
            owner = owner if owner is not None and before == number - 1 else _owner(nodes)
            labelled = number, owner
            owner.labels.append(text)
            _said_of(owner, at, labels, text if parted else "")
        elif (
            not closed
            and not (nodes[-1].given.lead and _ANOTHER.match(text))
            and not _closes(text, lines[number + 1][2] if number + 1 < len(lines) else "")
            and not _ends_the_list(nodes, lines[number:])
        ):
            body, found = assignment_in(text)
            if body and found.lead and nodes[-1].given.lead and nodes[-1].level >= FIRST_ITEM:
                # A line of its own that says who leads, below an item that has its leader.
                nodes.append(Node("", nodes[-1].level, body, found, [(at, text)]))
                continue
            owner = nodes[-1] if body else _owner(nodes)
            owner.given.join(found)
            owner.lines.append((at, text))
            if body:
                owner.below.append(body)
        else:
            closed = True
    return heading, nodes


def _item(marker: str, level: int, at: int, said: str) -> list[Node]:
    """An item; or several, where its line has a part for each of several offices."""
    head, led = parts_of_offices(said)
    if led:
        led[0] = (*led[0][:2], f"{head}。{led[0][2]}" if head else led[0][2])
        return [
            Node(marker, level, body, found, [(at, piece)], part_of=head, further=number > 0)
            for number, (body, found, piece) in enumerate(led)
        ]
    (body, found, said), *more = each_led(said) or [(*assignment_in(said), said)]
    if not found.lead:
        found.lead, body = led_by_its_clause(body)
    return [
        Node(marker, level, body, found, [(at, said)]),
        *(Node("", level, body, found, [(at, piece)]) for body, found, piece in more),
    ]


def _counts(text: str, depth: int, below: Sequence[str], *, named: bool) -> tuple[int | None, str]:
    """How deep a line counts in the list, and its number; `named` items (`问题一：`) stand over counted ones."""
    level, marker = marker_of(text)
    if level is None and depth > 1:
        return -1, ""
    first = NAMED_ITEM.match(marker) if named else level is None and _over_labels(text, below)
    return (FIRST_ITEM if first else level), marker


def _over_labels(text: str, below: Sequence[str]) -> bool:
    """Whether a line without a number names what two bullets below it say who and by when of (`• 承办单位：甲局`)."""
    labels = [label_line(line[len(marker_of(line)[1]) :]) for line in below if (marker_of(line)[0] or 0) >= BULLETS]
    return len(labels) > 1 and all(labels) and not label_line(text) and date_line(text) is None


def _is_another(last: Node, level: int, labels: Sequence[tuple[Role, str]]) -> bool:
    """Whether a numbered line of labels is an item: what and who below a lead, or a part's head (`三、工作要求：…`)."""
    roles = {role for role, _ in labels}
    heads_a_part = level == 0 < last.level and roles == {"content"}
    return heads_a_part or (bool(last.given.lead) and {"lead", "content"} <= roles)


def _led_below(at: int, led: Sequence[Led]) -> list[Node]:
    """The duties of a line below a heading."""
    return [Node("", FIRST_ITEM + 1, body, found, [(at, piece)]) for body, found, piece in led]


def _said_of(owner: Node, at: int, labels: Sequence[tuple[Role, str]], together: str) -> None:
    """Give an item what a line below it says; who and when `together` are another's below a lead."""
    if together and owner.given.lead:
        owner.given.another = together
    for role, value in labels:
        owner.given.add(role, value)
        owner.lines.append((at, value))
        owner.measures = owner.measures or (role == "content" and not value)


def _offices_over_items(lines: Sequence[str]) -> dict[int, Assignment]:
    """Where an office stands alone on a line over items (`教务处`, `【税务局】（财政局配合）`), and who helps it.

    Two of them head what each has to do, where the first stands above all items: below one it may say who leads that.
    """
    found: dict[int, Assignment] = {}
    for at, (text, below) in enumerate(pairwise(lines)):
        whole, helped = _HELPED.match(text), Assignment()
        if whole is not None:
            helped = assignment_in(text[whole.end("office") :])[1]
        office = (whole["office"] if whole is not None and helped.participants else text).strip("【】[]")
        if len(office) > _LONGEST_HEADING or not all_units(office) or role_of(office) is not None:
            continue
        if marker_of(below)[0] is not None:
            found[at] = Assignment(lead=office, participants=helped.participants)
    first = next((at for at, text in enumerate(lines) if (marker_of(text)[0] or 0) >= FIRST_ITEM), 0)
    return found if len(found) > 1 and min(found) < first else {}


def _charges_by_number(nodes: Sequence[Node], at: int, text: str) -> bool:
    """Give the items above that a line names by their numbers to whom it charges with them; whether it is no item."""
    for numbers, said, words in charged_by_number(text):
        items = [node for node in nodes if count_of(node.marker) in numbers and node.level == nodes[-1].level]
        if len(items) == len(numbers) and not any(node.given.lead for node in items):
            for node in items:
                node.given.join(said)
                node.lines.append((at, words))
    return names_items(text)  # what else is said of some items is no part of the last one


def _of_all_above(text: str) -> tuple[Assignment, str] | None:
    """What a line says of all items above it, and its words; without words where it says more, for somebody to ask."""
    opened = ALL_ABOVE.match(fold(text))
    said = text[opened.end() :] if opened is not None else ""
    if not said or _SEES_TO_IT.match(fold(said)):  # `以上任务由办公室负责督办`: not who does it
        return None
    # Something has to be left where the offices are taken out.
    rest, found = assignment_in(f"a,{said.rstrip('。；;）)')}。")
    return (found, "" if rest.removeprefix("a").strip("，。,") else said) if found.lead else None


def _goes_up(nodes: list[Node], at: int, text: str) -> bool:
    """Take a line that needs no number of its own for what stands above it.

    It names the item (`任务2`, and below it `名称：…`), says who leads all above, or stands under a section and charges
    an office before a colon.
    """
    last = nodes[-1]
    if last.level < FIRST_ITEM or (last.level == FIRST_ITEM + 1 and not last.marker):
        head, led = parts_of_offices(text)
        charged = each_led(text) if head or not led else led
        nodes += _led_below(at, charged)
        if charged:
            return True
    if not last.text and (name := name_in(text)) is not None:
        last.text, found = assignment_in(name)
        last.given.join(found)
        last.lines.append((at, name))
        return True
    if (above := _of_all_above(text)) is None:
        # What else is said of all above (`以上任务每月底前报送进度`) is no part of the last item.
        return _SAYS_OF_ALL.match(fold(text)) is not None
    for item in list(_nobodys(nodes)):
        item.given.join(above[0])
    if above[1]:
        last.lines.append((at, above[1]))
    return True


def _nobodys(nodes: Sequence[Node]) -> Iterator[Node]:
    """The items above, back to one that somebody leads, or to their own section."""
    level = nodes[-1].level
    for node in reversed(nodes):
        if node.given.lead or node.level < min(level, FIRST_ITEM + 1):
            return
        if node.level == level:
            yield node


def _ends_the_list(nodes: Sequence[Node], rest: Sequence[tuple[int, int, str]]) -> bool:
    """Whether the first line behind the last item is none of it: none of the items above has a line of its own.

    A line behind it that is an item, has labels or says by when may still be the list's.
    """
    last = nodes[-1]
    if assignment_in(rest[0][2])[1] != Assignment():
        return False
    above = [node for node in nodes[:-1] if node.level == last.level]
    alike = len(above) > 1 and last.given.lead and not any(node.below for node in (*above, last))
    return bool(alike) and not any(
        depth > 1 or marker_of(text)[0] is not None or label_line(text) or holds_a_time(text) for _, depth, text in rest
    )


def _closes(text: str, following: str) -> bool:
    """Whether a line stands behind the last item: a date, what everybody is told, or who signs above the date."""
    signs = all_units(text) and (not following or date_line(following) is not None or _CLOSING.match(following))
    return bool(date_line(text) is not None or _CLOSING.match(text) or signs)


def over_all_below(text: str) -> Assignment | None:
    """What a line of its own says of all items below it: an office (`甲局：`), or a time (`4月份`)."""
    level, marker = marker_of(text.strip())
    stage = _STAGE.fullmatch(fold(text).strip()) if level is None else None
    if stage is not None and is_a_time(stage["when"]):
        return Assignment(due=stage["when"])
    words = text.strip()[len(marker) if level in (0, 1) else 0 :].strip("【】[]").rstrip("：:")
    if (headed := _TIME_OVER.fullmatch(fold(words)) if level in (0, 1) else None) is not None:
        return Assignment(due=headed["when"]) if is_a_time(headed["when"]) else None
    if len(words) > _LONGEST_HEADING:
        return None
    bracketed = text.strip()[:1] in ("【", "[") and text.strip()[-1:] in ("】", "]")
    # `【4月10日前完成】`, `一、4月20日前`
    if _MONTH_OR_MORE.fullmatch(fold(words)) or ((bracketed or level in (0, 1)) and is_a_time(_DONE.sub("", words))):
        return Assignment(due=words)
    office = level is None and text.rstrip().endswith(("：", ":")) and all_units(words) and role_of(words) is None
    return Assignment(lead=words) if office else None


def _named(paragraphs: Sequence[tuple[int, Paragraph]]) -> tuple[list[str], list[Node]]:
    """Items that a label names, each with the labels of who and by when on lines below it."""
    heading: list[str] = []
    nodes: list[Node] = []
    lines = [
        (at, text) for at, paragraph in paragraphs for line in paragraph.text.split("\n") if (text := line.strip())
    ]
    for number, (at, line) in enumerate(lines):
        if (name := name_in(line)) is not None:
            body, found = assignment_in(name)
            nodes.append(Node("", FIRST_ITEM, body, found, [(at, name)]))
        elif not nodes:
            heading.append(line)
        elif not _closes(line, lines[number + 1][1] if number + 1 < len(lines) else ""):
            labels, node = label_line(line), nodes[-1]
            for role, value in labels:
                node.given.add(role, value)
                node.lines.append((at, value))
            if not labels:
                node.lines.append((at, line))
                node.below.append(line)
    return heading, nodes


def _unnumbered(paragraphs: Sequence[tuple[int, Paragraph]]) -> tuple[list[str], list[Node]]:
    """Lines without any number that each say who leads (`修订章程：6月底前完成，甲局牵头，乙局配合。`).

    A line between two of them that says by when is one, too, and asks for who leads it.
    """
    heading: list[str] = []
    nodes: list[Node] = []
    between: list[Node] = []
    for at, paragraph in paragraphs:
        for line in filter(None, map(str.strip, paragraph.text.split("\n"))):
            if led := each_led(line):
                nodes += [Node("", FIRST_ITEM, body, found, [(at, piece)]) for body, found, piece in led]
                continue
            body, found = assignment_in(line)
            item = Node("", FIRST_ITEM, body, found, [(at, line)])
            if found.lead and body and not _CLOSING.match(line):
                nodes += [*between, item]
                between = []
            elif not nodes:
                heading.append(line)
            elif says_when(body) and not _CLOSING.match(line) and date_line(line) is None:
                between.append(item)
    return heading, nodes


def _owner(nodes: Sequence[Node]) -> Node:
    """Whose a line is that only says who leads and by when: behind several sub-items of nobody it is their item's."""
    last = nodes[-1]
    siblings: list[Node] = []
    for node in reversed(nodes):
        if node.level < last.level and node.measures:
            return node
        if node.level < last.level:
            alike = any(other.level == node.level and other.given.lead for other in nodes if other is not node)
            sole = (len(siblings) < 2 and not alike) or any(sibling.assigned for sibling in siblings)
            if sole or node.given.lead:
                return last
            # `一、…` over 1 and 2, and below them labels: they hold for each item of the part.
            node.over = node.level < FIRST_ITEM
            return node
        if node.level == last.level:
            siblings.append(node)
    return last
