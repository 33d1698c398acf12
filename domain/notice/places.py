"""Every place of a notice in which something is written, and what became of it: claims are checked against the plan."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.notice.broken_names import with_whole_names
from domain.notice.charged_by_number import without_counts
from domain.notice.column_heads import plain_head, role_of
from domain.notice.coverage import written_characters
from domain.notice.departments import without_first_leads
from domain.notice.dittos import without_dittos
from domain.notice.document import NoticeDocument, Paragraph, Table
from domain.notice.each_led import COUNTED, items_in
from domain.notice.english_charges import with_marks_for_dashes
from domain.notice.folding import fold
from domain.notice.front_matter import date_line, days_in
from domain.notice.handed_on import assigns, handed_on
from domain.notice.item_numbers import marker_of
from domain.notice.labels_beside import labelled, without_labels
from domain.notice.offices_in_text import with_colons_behind
from domain.notice.outline import ALL_ABOVE, over_all_below
from domain.notice.patterns import regex
from domain.notice.persons import is_of_a_person, told_persons
from domain.notice.plan import Plan
from domain.notice.shared_limit import limit_of_all
from domain.notice.time_cells import begins_with_a_time
from domain.notice.trail import Claim, Spot, Trail, paragraph_spot
from domain.notice.units import heads_its_part, owner_in
from domain.project import KeyProject, Milestone

LOST = "没有读到"
BODY = "通知正文"
OTHER_YEAR = "另一年的清单"
_ROLE_WORDS = regex(
    r"按照?(?:各自)?职责(?:分工)?|(?:责任|负责)人(?=[:,;])|(?<=[单部][位门])(?:均|都|统一)?[为是]|(?:均|都|统一)?[为是](?=[一-鿿]{2}(?:单位|部门|主体))|各负其责|各司其职|(?<=[任施办])主体|督办(?=领导)|\((?:主|协)\)|(?<!\d)\d{1,2}[.、)](?=\s|$)|请|责成|明确|共同|积极|密切|做好|以及|和|及|与|要|牵头|主抓|主办|主责|会同|联合|协同|商|责任|配合|参与|协办|协助|参加|指导|以下|组织|具体|负总责|总负责|抓总|分头|贯彻|抓好|实施|推进|执行|协作|部室|股室|落实|负责|承办|会办|分别|单位|部门|处室|科室|领导|(?:全部|全面)?完成|建成|完工|竣工|投用|办结|时限|时间|"
    r"进度安排|起草(?=单位|部门)|无|等|由|不涉及|none|n/?a|lead|owner|responsible|due|with|and|by"
    r"|support(?:ed by|ing| from| of)?|assist(?:ing|ed by)?|\b(?:is|are|to|will|shall|must|should|help)\b",
    re.IGNORECASE,
)
# What counts an item.
_MARKER = regex(
    r"^[\s•◦]*(?:[(（]?(?:\d{1,4}(?=[)）.、．\s])|\d{1,3}|[一二三四五六七八九十]{1,3})[)）.、．]*\s*|[①-⑳⒈-⒛⑴-⒇㈠-㈩]|第?[一二三四五六七八九十\d]{1,3}[项条]|[一-鿿]{2,4}[一二三四五六七八九十\d]{1,3}\s*(?:[、:.]|$))*(?:\d{1,3}\.)*\s*"
)
_LONGEST_HEAD = 60
_SECTION_WORDS = 2
_COUNTING = regex(r"[\d\s.,%分()（）一二三四五六七八九十、]*")
# Words of a schedule that say nothing beside the time they stand with; whatever else no milestone tells is asked about.
_COUNT = r"(?:\d{1,3}|[一二两三四五六七八九十]+)"
_TIMES = rf"{_COUNT}(?:\s*[-—–~至到]\s*{_COUNT})?\s*(?:次|期|回|轮|场次?)"
_HARMLESS = regex(
    r"(?:\s|[^\w\s]|(?:全部|全面|基本|如期|按期|按时|初步|顺利|统一|均|都|已经?|要|应|须|需|必须|务必|确保|保证)"
    r"|力争|力求|争取|拟|预计|计划|长期坚持|持续推进|持续开展|持续|推进|常态化|\d{1,2}(?:[时点]|:\d{2})(?:\d{1,2}分?|整)?|(?:不少于|至少|不低于|最少)"
    r"|(?:完成|办结|结束|落实|到位|完毕|达到|实现|达)(?:全部|全年|年度|各项|所有)?(?:任务|工作|目标)?|(?:全部|全年|年度|各项)(?:任务|工作|目标)"
    r"|(?:完成|结束|启动|开始|截止|办结)?(?:时间|时限|期限|日期|节点)|目标|任务|工作"
    r"|其中|分别|各自?|共计?|累计|合计|并且?|自|于|在|再|到|至|则|同时|随后|之后|此后|今后|以后|然后|最后|期间|每年|届时|内|前|的"
    r"|(?:and|then|by|in|to|be|is|the|of|from|until|due|complete[ds]?|completion|done|once|twice|thereafter)\b"
    rf"|(?:不少于|至少|不低于|不得少于|最少|约)?\s*{_TIMES}(?:以上)?)+",
    re.IGNORECASE,
)
_OFTEN = regex(
    r"每逢?(?=\s*$)|(?:每隔?|按|逐|各)\s*(?:(?:\d{1,2}|[一二两三四五六七八九十半])?\s*个?)?(?:半年|季度?|月份?|周|星期|旬|年度?|学期|日|天)"
    r"(?:首月|末月?|底|初|的)*(?:\d{1,2}[日号])?(?:之|以)?前?|每年|全年|monthly|quarterly|weekly|annually|yearly",
    re.IGNORECASE,
)
_FIELDS = {
    "serial": "serial",
    "title": "title",
    "content": "main_content",
    "level": "schedule_text",
    "schedule": "schedule_text",
    "measure": "schedule_text",
    "category": "category",
    "priority": "priority",
    "source": "source",
    "leader": "responsible_leader",
}


@dataclass(slots=True)
class Place:
    """One written place: its text, where it stands, and what became of it (`why` says why it was left)."""

    spot: Spot
    text: str
    where: str
    struck: str = ""
    taken: bool = False
    why: str = LOST
    part: str = ""
    project_id: str | None = None

    @property
    def characters(self) -> int:
        """How many characters stand there that are not blank."""
        return written_characters(self.text)

    @property
    def is_cell(self) -> bool:
        """Whether it is a table's place."""
        return self.spot[1] >= 0


def written(document: NoticeDocument) -> Iterator[Place]:
    """Every written place, merged ones once, in reading order."""
    for block, content in enumerate(document.blocks):
        if isinstance(content, Paragraph):
            yield Place(paragraph_spot(block), content.text, f"第{block + 1}段", content.struck)
        else:
            yield from _cells(block, content)


def _cells(block: int, table: Table) -> Iterator[Place]:
    seen: set[int] = set()
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            if cell.region is not None:
                if cell.region in seen:
                    continue
                seen.add(cell.region)
            if cell.text.strip() or cell.struck:
                yield Place((block, number, column), cell.text.strip(), row.place, cell.struck)


def checked(document: NoticeDocument, trail: Trail, plan: Plan) -> list[Place]:
    """Every written place with what became of it, as the plan itself bears out."""
    projects = {project.project_id: project for project in plan.projects}
    places = list(written(document))
    in_text = any(claim.part == "prose" for claims in trail.claims.values() for claim in claims)
    heads = {plain_head(place.text) for place in places if _claimed(trail, place, "head")}
    unheaded = _without_a_head([place for place in places if _claimed(trail, place, "head")])
    into: defaultdict[str, list[tuple[Place, Claim]]] = defaultdict(list)
    for place in places:
        claims = trail.claims.get(place.spot, [])
        if not place.text.strip():
            place.taken = True
            continue
        if not claims:
            _unclaimed(place, plan, in_text=in_text)
            continue
        for claim in claims:
            if claim.why:
                place.why = claim.why
            elif claim.part == "heading":
                _head_or_body(place, plan)
            elif claim.row is None:
                place.part = claim.part
                borne_out = _bears_out(place, claim.part, heads, plan) and place.spot[0] not in unheaded
                place.taken = place.taken or borne_out
            else:
                place.part = claim.part
                place.project_id = claim.row.project_id
                if claim.row.project_id is None:
                    place.why = OTHER_YEAR
                else:
                    into[claim.row.project_id].append((place, claim))
    _sections(places, plan)
    persons, beside = told_persons(plan.findings)
    for project_id, claims_into in into.items():
        if project_id in projects:
            _verify(projects[project_id], claims_into, persons, beside)
    _read_whole(places, trail)
    return places


def _read_whole(places: Iterable[Place], trail: Trail) -> None:
    """An item of running text is taken only where all of its paragraph was read."""
    for place in places:
        if place.taken and place.part == "prose" and _cut(place.text, trail.claims[place.spot]):
            place.taken, place.why = False, LOST


def _cut(text: str, claims: Iterable[Claim]) -> bool:
    """Whether a paragraph holds more than what is said to have been read of it, its numbers and its labels."""
    own = (claim for claim in claims if claim.row is not None or (claim.part == "section" and claim.as_read))
    read: Counter[str] = sum((_letters(claim.as_read or text) for claim in own), Counter())
    items = itertools.chain.from_iterable(map(items_in, text.split("\n")))
    lines = (
        without_dittos(with_colons_behind(with_marks_for_dashes(COUNTED.sub("", item[len(marker_of(item)[1]) :]))))
        for item in items
    )
    plain = "\n".join(_MARKER.sub("", ALL_ABOVE.sub("", without_counts(line))) for line in lines)
    return bool(_letters(without_labels(plain)) - read)


def _claimed(trail: Trail, place: Place, part: str) -> bool:
    return any(claim.part == part for claim in trail.claims.get(place.spot, ()))


def _unclaimed(place: Place, plan: Plan, *, in_text: bool) -> None:
    """A paragraph that nobody claims is the notice's own head, or its body; a cell is lost, and so is an item."""
    if not place.is_cell:
        _head_or_body(place, plan)
        if in_text and not place.taken and assigns(without_first_leads(place.text)):
            place.why = LOST


def _head_or_body(place: Place, plan: Plan) -> None:
    known = [text for text in (plan.title, plan.document_number, plan.issuer) if text]
    bare = _bare(place.text)
    dated = date_line(place.text) is not None or days_in(place.text) == [plan.issued_on]
    over = heads_its_part(place.text)
    owns = over is not None and any(project.lead_department == over for project in plan.projects)
    owns = owns or (assigns(place.text) and handed_on(place.text, plan.projects))
    place.taken = dated or owns or any(_bare(text) in bare for text in known)
    place.part = "heading" if place.taken else ""
    place.why = BODY


def _without_a_head(places: Iterable[Place]) -> set[int]:
    """The tables whose heads are none: not one of them says what stands below, and a limit is among them."""
    heads: defaultdict[int, list[str]] = defaultdict(list)
    for place in places:
        heads[place.spot[0]].append(place.text)
    return {
        block
        for block, texts in heads.items()
        if all(role_of(text) is None for text in texts) and any(map(begins_with_a_time, texts))
    }


def _bears_out(place: Place, part: str, heads: set[str], plan: Plan) -> bool:
    if part == "head":
        return len(place.text) <= _LONGEST_HEAD
    if part == "section" and not place.is_cell:
        over = over_all_below(place.text)
        return not assigns(place.text) or bool(over and over.due) or handed_on(place.text, plan.projects)
    if part == "limit":
        said = limit_of_all(place.text)
        return said is not None and any(said[0] in project.schedule_text for project in plan.projects)
    if part == "head again":
        return plain_head(place.text) in heads
    return True


def _sections(places: Iterable[Place], plan: Plan) -> None:
    """What is said to name a part of the list holds a name and little else, and some project stands under the name."""
    names = {_bare(project.category) for project in plan.projects if project.category}
    leads = {project.lead_department for project in plan.projects}
    rows: defaultdict[tuple[int, int], list[Place]] = defaultdict(list)
    for place in places:
        if place.part == "section" and place.taken:
            rows[place.spot[:2]].append(place)
    for row in rows.values():
        words = {place.text for place in row if not _COUNTING.fullmatch(place.text)}
        if len(words) > _SECTION_WORDS and row[0].is_cell:
            for place in row:
                place.taken = False
        elif any((over := over_all_below(text)) is not None and over.due for text in words):
            # `二季度` over its items: they are due by then.
            continue
        elif any(owner_in(text) in leads for text in words if not row[0].is_cell):
            # `综合处` over its items: they are its own.
            continue
        elif not any(name and name in _bare(text) for text in words for name in names):
            for place in row:
                _head_or_body(place, plan)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _verify(project: KeyProject, claims: Iterable[tuple[Place, Claim]], persons: str, beside: str) -> None:
    """Take each claim for true only as far as the project holds the words."""
    budgets: dict[str, Counter[str]] = {}
    repeated: set[tuple[str, str]] = set()
    departments = (project.lead_department, *project.participating_departments)
    names = "".join(departments)
    for place, claim in claims:
        text = claim.as_read if claim.as_read is not None else place.text
        field = _FIELDS.get(claim.part, claim.part)
        if (field, text) in repeated:
            place.taken = True
            continue
        if field in ("lead", "participants"):
            place.taken = _only_names(with_whole_names(text)[0], departments, persons)
            continue
        if field == "prose":
            text = without_dittos(with_colons_behind(text))
            people = (*departments, *filter(None, (project.responsible_leader or "").split("、")))
            if not all(_only_names(who, people, persons) for who in labelled(text)):
                continue
            held = _everything(project) + names + beside
            text = (
                _ROLE_WORDS.sub("", without_first_leads(without_labels(fold(text))))
                if _letters(text) - _letters(held)
                else text
            )
        else:
            held = getattr(project, field, None) or ""
        if (wanted := _letters(text)) - (budget := budgets.setdefault(field, _letters(held))):
            continue
        budget.subtract(wanted)
        place.taken = True
        repeated.add((field, text))


def _only_names(text: str, names: Iterable[str], persons: str) -> bool:
    """Whether a cell holds the project's departments, words of their roles and persons who were told of, and nothing
    else."""
    left = without_first_leads(fold(text))
    for name in sorted(map(fold, names), key=len, reverse=True):
        left = " ".join(part for part in re.split(r"\s*".join(map(re.escape, _bare(name))), left) if part)
    left = _ROLE_WORDS.sub("", left)
    return all(is_of_a_person(word) and word in persons for word in re.findall(r"[\w·]+", left))


def _everything(project: KeyProject) -> str:
    more = (project.category, project.priority, project.source, project.responsible_leader)
    told = (*filter(None, more), *(milestone.description for milestone in project.milestones))
    return "".join((project.title, project.main_content, project.schedule_text, *told))


def _letters(text: str) -> Counter[str]:
    return Counter(char for char in fold(text) if char.isalnum())


_ABOUT_AN_AMOUNT = ("不少于", "不低于", "至少", "")
"""What may stand before an amount that is kept as the milestone's target."""


def unread_stretches(
    project: KeyProject, named: Iterable[tuple[int, int]], sentences: Sequence[str] = ()
) -> list[tuple[int, int]]:
    """The stretches of a project's schedule that no milestone tells and no finding names, by its place or its words.

    Between a milestone's time and its duty words may fall out, those alone that are declared harmless.
    """
    text = project.schedule_text
    told = [not char.isalnum() for char in text]
    repeated = [False] * len(text)
    for milestone in project.milestones:
        if milestone.recurrence is not None:
            _mark(repeated, milestone.source.start, milestone.source.end)
        amount = f"{milestone.quota.value}{milestone.quota.unit or ''}" if milestone.quota else ""
        told_words = {milestone.window_text, milestone.description, *milestone.description.split("：")}
        for words in {*told_words, *(f"{before}{amount}" for before in _ABOUT_AN_AMOUNT if amount)}:
            for at in _occurrences(text, words):
                _mark(told, at, at + len(words))
        for start, end in _around_its_time(text, milestone):
            _mark(told, start, end)
    for start, end in named:
        _mark(told, start, end)
    return [
        (start, end)
        for start, end in _runs(text, told)
        if not _is_harmless(text[start:end], often=all(repeated[start:end]))
        and not any(text[start:end].strip() in sentence for sentence in sentences)
    ]


def _is_harmless(words: str, *, often: bool) -> bool:
    """Whether words say nothing of their own; how often does where the milestone comes back."""
    plain = _OFTEN.sub("", fold(words)) if often else fold(words)
    return not plain or _HARMLESS.fullmatch(plain) is not None


def _mark(flags: list[bool], start: int, end: int) -> None:
    stop = min(end, len(flags))
    if stop > start:
        flags[start:stop] = [True] * (stop - start)


def _occurrences(text: str, words: str) -> Iterator[int]:
    at = text.find(words) if words else -1
    while at != -1:
        yield at
        at = text.find(words, at + len(words))


def _around_its_time(text: str, milestone: Milestone) -> Iterator[tuple[int, int]]:
    """Where a description stands with the milestone's own time in its midst (`余款6月底前付清`)."""
    words, time = milestone.description, milestone.window_text
    for at in _occurrences(text, time) if words not in text else ():
        for cut in range(1, len(words)):
            behind = at + len(time)
            if text.endswith(words[:cut], 0, at) and text.startswith(words[cut:], behind):
                yield at - cut, behind + len(words) - cut


def _runs(text: str, told: list[bool]) -> list[tuple[int, int]]:
    """The stretches that are not told; marks between two of them belong to both."""
    runs: list[tuple[int, int]] = []
    for at, seen in enumerate(told):
        if seen:
            continue
        if runs and not any(text[i].isalnum() for i in range(runs[-1][1], at)):
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs
