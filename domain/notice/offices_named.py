"""Offices that a project's words name and nothing has read: they are asked about, whatever the grammar knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from domain.notice.charged_beside import another_charged
from domain.notice.departments import is_group, without_mark
from domain.notice.duties_in_text import CONFIRM, account_finding, short
from domain.notice.findings import Finding, FindingSource
from domain.notice.folding import fold
from domain.notice.offices_in_text import offices
from domain.notice.patterns import regex
from domain.notice.placeholders import NOBODY
from domain.notice.time_cells import is_a_time
from domain.notice.units import all_units
from domain.project import KeyProject

_CLAUSE = regex(r"[^,;。\n()\[\]【】“”\"]+")
_WHEN = r"[^(),;。]{2,20}"
_IN_BRACKETS = regex(
    rf"[(](?:[一-鿿]{{2,6}}:)?(?P<said>(?:(?P<first>{_WHEN}),)?(?P<who>[一-鿿、]{{2,30}})(?:,(?P<last>{_WHEN}))?)[)]"
)
_ENDS = (
    r"(?:(?<=[一-鿿])[局委厅]|(?<=[一-鿿]{2})(?:[处科院庭乡]|(?<!区乡)镇|(?<!少先)队|(?<=[广务作利化理护牧])站|(?<!场)所|(?<![全干])部(?![署门]|分(?![别头工]))|(?<![公民承主开举筹兴])办)"
    r"|办公室|中心|公司|集团|街道|政府|委员会|管委会|分局|工会|[妇残文侨]联|银行|[中小]学|学校|学院|大学|医院|法院)"
)
# Whom somebody is to move does nothing by himself: `推动县级团委做好…`.
_MOVED = (
    r"[由请交与需]|经(?![济营开])|会同|联合(?!会)|推[动进]|加[强快]|[建成设]立|健全|完善|指导|督[促导]|支持|组织|协调|引导|鼓励|发挥|依托|对接|配合|深化|开展"
    r"|优化|强化"
)
# Who only sees to it that others do it has no part in it.
_SEES_TO_IT = r"监[督理管测]|督[促办导]|包案"
_SEES = regex(_SEES_TO_IT)
# What an office does, right behind its name: a clause that begins so has it as its subject.
_DOES = (
    r"(?:积极|密切|全力|认真|共同|分别|按职责)*(?:牵头|主办|承[办建担]|负责|配合|协[助办同调]|参[与加]|会同|联合|组织|落实|实施|执行(?![难专局庭案])|开展|推进|跟进|做好|抓好|加强|配套|提供|保障"
    r"|支持|指导|出[资具]|供应|审[核批查计定]|把关|验收|复核|统筹|检[查测修]|汇总|通报|报[送告]|同步|定期|另行|统一|及时|全程|每[年月周季]|于|在|应|须|需|要|将|派|办理|完成"
    rf"|制[定作]|提[交出]|维护|运[营维]|起草|编制|受理|处置|力争|确保|争取|计划|尽快|抓紧|\d{{1,4}}[年月]|年底|[上下]半年|第?[一二三四]季度|{_SEES_TO_IT})"
)
_FIRMLY = (
    r"(?:局|公司|集团|支队|管委会|街道)"
    r"(?!的|等|及|和|与|[改重化]|章程|建设|上市|党|干部|职工|[一二三四五六七八九十])[一-鿿]{2}"
)
_CHARGED = regex(
    r"^\s*(?:\(?[\d一二三四五六七八九十]{1,2}[.)、]|[①-⑳])?\s*(?:再|另|其中|拟|请|责成|交|委托)?"
    rf"(?P<who>(?!{_MOVED})(?:(?![向报])[一-鿿、]){{0,24}}?{_ENDS}){_DOES}"
    # `引道部分由市水利局一并实施`
    rf"|(?:(?<!自)由|委托)(?P<by>[一-鿿、]{{1,24}}?{_ENDS})(?!接[续办替管])"
    # `供水公司接通管线`, whatever it does: told.
    rf"|(?:联合(?!会)|会同|[需与](?!相关|有关|各)|^经(?![济营开])|^(?=(?!{_MOVED})[一-鿿]{{2,14}}{_FIRMLY}))"
    rf"(?P<with>(?!{_MOVED})[一-鿿、]{{1,24}}?{_ENDS})"
)
_OFFICE = regex(rf"[一-鿿]{{1,14}}{_ENDS}")
_SHORTEST = 3
_ONE = r"[^,;。:、\n()]{2,16}(?:\([^()]{1,8}\))?"
# `派出所、各村（社区）配合`, in a part of its own: whatever they are called.
_PART_OF_OTHERS = regex(
    rf"(?:^|(?<=[,;。:\n(]))\s*[由请]?(?P<who>{_ONE}(?:、{_ONE})*?)(?:积极|密切|协同|共同|做好|予以|分别|联合|具体)*"
    r"(?:(?P<helps>配合|协助|协办|参与|参加|协同)|牵头|负责|承办|主办|落实)(?=[,;。)\n]|$)"
)
# `各作业队落实`: many at once; `各分管领导负责` is of persons.
_MANY = regex(r"各[一-鿿]{2,6}(?<!领导)(?<!同志)(?<!负责人)")
_BRACKETS = regex(r"\([^()]*\)")
_BETWEEN = regex(r"[、和及与]")
# Where a part of a sentence begins, with the word that charges whom it opens with.
_OPENS = regex(r"(?:^|(?<=[,;。:\n]))\s*[由请]?(?=[一-鿿])")


def offices_named(
    projects: Sequence[KeyProject], beside: Sequence[Sequence[str]], findings: Sequence[Finding]
) -> Iterator[Finding]:
    """A question about each office that does a part of a project without being one of its own, a note on any other.

    `beside` has what each row says in columns that are not read, `findings` what is told already.
    """
    columns = list(
        dict.fromkeys(name for each in projects for name in (each.lead_department, *each.participating_departments))
    )
    listed = list(dict.fromkeys(name for each in columns if not is_group(name := fold(without_mark(each)))))
    # The departments that can be known again where a sentence opens with them.
    plain = {fold(name) for name in columns if len(name) >= _SHORTEST}
    opening = {name for name in plain if all_units(name) or is_group(name)}
    told: defaultdict[str | None, list[Finding]] = defaultdict(list)
    for finding in findings:
        told[finding.project_id].append(finding)
    for project, remarks in zip(projects, beside, strict=True):
        about = told[project.project_id]
        named = list(_named(project, remarks, listed, [each.text for each in about]))
        yield from named
        # Whoever says who leads reads the whole of it.
        if all(finding.code != "no_lead" for finding in about):
            said = fold("\n".join(text for each in (*about, *named) for text in (each.text, each.source.text)))
            for who in dict.fromkeys(_beside_the_own(project, opening)):
                if who not in said:
                    yield _lost(project, who)


def _named(
    project: KeyProject, remarks: Sequence[str], listed: Sequence[str], told: Iterable[str]
) -> Iterator[Finding]:
    own = (project.lead_department, *project.participating_departments)
    known = fold("\n".join((*own, *told)))
    others = [name for name in listed if len(name) >= _SHORTEST and name not in known]
    # What stands over the rows of a part charges nobody with this row alone.
    over = _naming(fold(project.category or ""), others, known)
    found = {clause: False for clause, _ in over}
    found |= dict(named for text in _words(project) for named in _naming(fold(text), others, known))
    found |= dict(named for text in remarks for named in _naming(fold(text), (), known))
    # `信息公司（管理部）`, where the list has the one in brackets as an office of its own.
    held = {name: False for name in own for each in listed if f"({each})" in fold(name)}
    # Whoever does a part of what nobody leads yet may lead it: that is asked already.
    led = project.lead_department != NOBODY and not is_group(project.lead_department)
    for at, (clause, charged) in enumerate((held | found).items()):
        if clause in held or clause not in known:
            yield _finding(project, at, clause, charged=charged and led)


def _words(project: KeyProject) -> tuple[str, ...]:
    return project.title, project.main_content, project.schedule_text


def _beside_the_own(project: KeyProject, opening: Collection[str]) -> Iterator[str]:
    """Whoever else is charged in a part of a sentence of its own, whatever he is called, or opens one."""
    own = fold("、".join((project.lead_department, *project.participating_departments)))
    text = fold("\n".join(dict.fromkeys(_words(project))))
    for match in _PART_OF_OTHERS.finditer(text):
        others = [name for part in _BETWEEN.split(match["who"]) if (name := part.strip()) not in own]
        plain = [_BRACKETS.sub("", name) for name in others]
        if plain and (match["helps"] or all(_MANY.fullmatch(name) or offices(name) for name in plain)):
            yield match["who"]
    lengths = sorted({len(name) for name in opening}, reverse=True)
    for begin in _OPENS.finditer(text):
        found = (text[begin.end() : begin.end() + length] for length in lengths)
        name = next((name for name in found if name in opening), None)
        if name is not None and name not in own:
            yield name


def _naming(text: str, others: Iterable[str], known: str) -> Iterator[tuple[str, bool]]:
    """The clauses that name an office which nobody has read, and whether it does something of its own there."""
    for match in _CLAUSE.finditer(text):
        charged = [each for each in _CHARGED.finditer(match[0]) if not _all_in(known, each[each.lastgroup or 0])]
        if charged or any(name in match[0] for name in others):
            does = (each for each in charged if each["with"] is None and not each[each.lastgroup or 0].startswith("各"))
            yield match[0].strip(), any(not _SEES.search(match[0], each.end(each.lastgroup or 0)) for each in does)
    for held in _IN_BRACKETS.finditer(text):
        names = held["who"].split("、")
        when = held["first"] or held["last"]
        if when and not is_a_time(when):
            continue
        if all(_OFFICE.fullmatch(name) or all_units(name) for name in names) and not _all_in(known, held["who"]):
            # `…（各乡镇，5月20日前）`: whoever has a limit there does something.
            yield held["said"], when is not None


def _all_in(known: str, who: str) -> bool:
    return all(name in known for name in who.split("、"))


def _finding(project: KeyProject, at: int, clause: str, *, charged: bool) -> Finding:
    asked = another_charged(clause)
    code = asked.code if charged else "office_named"
    return Finding(
        key=f"{code}@{project.project_id}.{at}",
        code=code,
        severity="ruling" if charged else "note",
        project_id=project.project_id,
        text=asked.sentence if charged else f"任务里写了“{clause}”，其中的单位没有读作牵头或参与。",
        source=FindingSource.whole("row", clause),
    )


def _lost(project: KeyProject, who: str) -> Finding:
    text = f"“{short(who)}”写在任务里，没有列为牵头或参与部门，请核对。"
    key = f"left_unread@{project.project_id}:{who}"
    return account_finding(key, "left_unread", "ruling", text, who, project.project_id, CONFIRM)
