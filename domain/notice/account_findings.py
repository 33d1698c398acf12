"""The findings that name what the account of a notice found left, lost, struck through or told in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from domain.ids import ProjectId
from domain.notice.column_heads import ASIDE, OF_OTHERS, plain_head, role_of
from domain.notice.document import LeftOut
from domain.notice.duties_in_text import (
    CONFIRM,
    LONGEST_QUOTED,
    MOVES,
    account_finding,
    duty_in_text,
    says_of_an_item,
    short,
)
from domain.notice.findings import Finding, FindingSource
from domain.notice.folding import fold
from domain.notice.limits_kept import COMES_BACK, says_another_limit, times_in_content, times_in_title, unkept_limits
from domain.notice.patterns import regex
from domain.notice.places import LOST, Place, unread_stretches
from domain.notice.plan import Plan
from domain.notice.row_times import NO_LIMIT_MOVED
from domain.notice.statuses import says_done
from domain.notice.tables import UnreadTable
from domain.notice.time_cells import NOTHING_THERE, holds_a_time, is_a_time
from domain.notice.trail import BELOW
from domain.notice.windows import Choice, Severity
from domain.project import KeyProject

_SHOWN = 3
_SHOWN_OF_A_COLUMN = 400
_CHANGES = regex(
    r"改为|改由|变更为|由[^,;。]{2,14}(?:接续|接手|继续)(?:牵头|负责|推进)|以[^,;。]{1,12}为准|与第?\d{1,3}项合并|调整(?:为|至)|延期|推迟|顺延|提前(?!介入)|延至|取消|终止|中止|暂停|暂缓|暂不|停办|不再|撤销|转入|合并至|^已(?:全部|全面|基本|提前|按期|如期|顺利|正式|于[^,;。]{1,12}|经)*(?:$|办|结|完|竣|验|销|建成|投|到位|解决|化解|落实|关闭|移交|通车|交付|达标|上线|启用|出台|印发|整改)"
    r"|已(?:完成|办结|印发|验收|竣工|销号)|(?<!未)完成$|"
    r"revised|postponed|delayed|extended|rescheduled|deferred|brought forward|slipped|moved to|cancel"
    r"|completed?|closed|done",
    re.IGNORECASE,
)
# `已完成40%`, `已整改5个`: how far it is, and not the end of it.
_PARTLY = regex(
    r"已[^,;。\d]{0,12}(?:约|近|达|过|超)?(?!100\s*[%％])\d[\d.,]*\s*(?:[%％]|[万亿余多]*(?![月日年号季])[一-鿿])"
)
# A bare number under a head that asks for no time is an amount.
_AMOUNT = regex(r"\d{1,4}|\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_COUNTS = regex(r"第[\d一二三四五六七八九十]{1,3}周|周[一二三四五六日]|星期[一二三四五六日天]")
_NUMERIC = regex(r"[\d,.\s]+")
_SAYS_NOTHING = regex(r"(?:暂|目前)?(?:没有|[无-])|[-—/]+")
_MONEY = regex(r"投资|资金|经费|金额|预算|万元|亿元|单价|cost|budget|amount|funding", re.IGNORECASE)
# A head that says of what stands below it that it is another time: `调整后完成时间`, `年度` beside `完成月份`.
_NEW_TIME = regex(
    r"(?:调整|变更|修订|延期|顺延|修改|更正|展期)(?:后|至|到|为).{0,8}$|^(?:所属|计划|实施|完成|任务)?(?:年度|年份)$|(?:revised|new|extended).{0,10}(?:date|deadline)",
    re.IGNORECASE,
)
_SAYS_WHEN = ("due", "schedule", "start")
_OF_PAPERS = regex(r"批准|批复|立项|印发|上报|报送|审批|核准|公示|汇报|评审|approv|submitted|issued", re.IGNORECASE)
# `12月20日前完成`: a limit, and no word of what was done or moved.
_STILL_DUE = regex(r"^(?:(?!改|调|延|推|提前|取消|[终中]止|暂|停|不再|撤|已)[^,;。])*[前底内](?:全部|全面)?完成$")
_READ_ON = (Choice(key="确认", text="属于清单，照常读"),)
# Where a remark stands that belongs to a duty, and to no page: a comment, a note, a table inside a place.
_BESIDE_A_DUTY = regex(r"批注|脚注|尾注|原邮件|单元格里的表格|文本框|图表|结构图|公式编辑器|不显示的文字")
_NOT_READ = ("这一栏不读", "起始时间读不成时间")
_A_DAY = regex(r"时间|日期|时限|期限|情况|date|time", re.IGNORECASE)
_MAY_CHANGE = "，可能改变时限或状态，请核对节点。"
_ANOTHER_TIME = (Choice(key="M月D日前", text="改为写明的时限"),)


def table_finding(table: UnreadTable, written: Iterable[str]) -> Finding:
    """A table that is not taken, with what is written in it: a question where it looks like a list."""
    shown = short("；".join(dict.fromkeys(short(text) for text in written)), _SHOWN_OF_A_COLUMN)
    heads = "、".join(table.heads)[:60]
    text = f"{table.place}起的表格（{heads}，{table.rows}行）没有列入清单"
    if table.like_a_list:
        text += f"，看来是一张清单；需要列入的请把“{table.column}”一栏的表头改为{table.lacks}，再读一次。"
        return account_finding(f"table_unread@{table.block}", "table_unread", "ruling", text, heads, choices=CONFIRM)
    return account_finding(f"table_unread@{table.block}", "table_unread", "note", f"{text}：{shown}。", heads)


def column_findings(
    block: str,
    column: int,
    name: str,
    why: str,
    inside: Sequence[Place],
    rows: dict[tuple[int, int], list[Place]],
    projects: Mapping[str, KeyProject],
) -> list[Finding]:
    """A column that is not read, and each of its places that may change a date or a state."""
    about = {place.spot: _project_of(place, rows, projects) for place in inside}
    texts = list(dict.fromkeys(short(place.text) for place in inside))
    shown = "；".join(texts)
    if len(shown) > _SHOWN_OF_A_COLUMN:
        shown = f"{shown[:_SHOWN_OF_A_COLUMN]}…"
    key = f"column_unread@{block}.{column}" + ("" if why == "这一栏不读" else f".{why}")
    text = f"“{name}”一栏有{len(inside)}处没有读（{why}）：{shown}。"
    limits = why == "这一栏不读" and role_of(name) in _SAYS_WHEN and not _OF_PAPERS.search(name)
    # `开工 | 投产`: what is done heads its limits.
    limits = limits or (why in _NOT_READ and _holds_limits(name, inside))
    if limits and any(says_another_limit(place.text, about[place.spot]) for place in inside):
        text = (
            f"“{name}”一栏有{len(inside)}处没有读，看来写的是时间；"
            f"要读请把这一栏的表头改为完成时限等，再读一次：{shown}。"
        )
        found = [account_finding(key, "column_unread", "ruling", text, name, choices=CONFIRM)]
    else:
        found = [account_finding(key, "column_unread", "note", text, name)]
    for place in inside if why != NOTHING_THERE else ():
        changes = (
            why == NO_LIMIT_MOVED
            or says_done(name, place.text)
            or _CHANGES.search(_PARTLY.sub("", fold(place.text)))
            or (_NEW_TIME.search(fold(name)) and place.text.strip(" /-—无"))
        )
        amount = _AMOUNT.fullmatch(place.text.strip()) or (
            _MONEY.search(name) and _NUMERIC.fullmatch(place.text.strip())
        )
        counts = (_COUNTS.fullmatch(said := place.text.strip()) or _SAYS_NOTHING.fullmatch(said)) is not None
        if not changes and (amount or counts or not holds_a_time(place.text)):
            continue
        project = known.project_id if (known := about[place.spot]) is not None else None
        said = f"“{name}”一栏写“{short(place.text)}”{_MAY_CHANGE}"
        still_due = _STILL_DUE.search(fold(place.text)) is not None and not _NEW_TIME.search(fold(name))
        severity: Severity = "ruling" if changes and not still_due else "note"
        milestone = known.milestones[0].milestone_id if known is not None and len(known.milestones) == 1 else None
        choices = (*CONFIRM, *(_ANOTHER_TIME if milestone is not None else ()))
        finding = account_finding(
            f"remark_changes@{project or place.where}:{column}",
            "remark_changes",
            severity,
            said,
            place.text,
            project,
            choices,
        )
        found.append(finding.having(milestone_id=milestone))
    return found


def _holds_limits(name: str, inside: Sequence[Place]) -> bool:
    """Whether most places of a column are times alone, and its head says nothing else of them."""
    head = plain_head(name)
    told = ASIDE.fullmatch(head) or (OF_OTHERS.search(head) and _A_DAY.search(head)) or _OF_PAPERS.search(name)
    said = [text for place in inside if not _SAYS_NOTHING.fullmatch(text := place.text.strip())]
    times = sum(is_a_time(text) and not _NUMERIC.fullmatch(text) for text in said)
    return not told and times > 1 and times * 2 > len(inside)


def _project_of(
    place: Place, rows: Mapping[tuple[int, int], Sequence[Place]], projects: Mapping[str, KeyProject]
) -> KeyProject | None:
    """The project into which the other places of a row were taken."""
    mates = rows.get(place.spot[:2], [])
    found = next((mate.project_id for mate in mates if mate.project_id), None)
    return projects.get(found) if found is not None else None


def asked_once_a_row(findings: Sequence[Finding]) -> list[Finding]:
    """The findings with what several columns say of one row's state asked about in one question."""
    first: dict[str, int] = {}
    kept: list[Finding] = []
    for finding in findings:
        project = finding.project_id if finding.code == "remark_changes" and finding.needs_ruling else None
        if project is None or project not in first:
            if project is not None:
                first[project] = len(kept)
            kept.append(finding)
            continue
        before = kept[first[project]]
        text = f"{before.text.removesuffix(_MAY_CHANGE)}，{finding.text}"
        about = f"{before.source.text}；{finding.source.text}"
        source = FindingSource.whole(before.source.field, about)
        kept[first[project]] = before.having(text=text, source=source)
    return kept


def row_finding(block: int, row: int, why: str, inside: Sequence[Place]) -> Finding:
    """A row that is not taken, or that nobody took."""
    words = " ".join(place.text for place in inside)
    project = next((place.project_id for place in inside if place.project_id), None)
    if why == LOST:
        text = f"{inside[0].where}的“{short(words)}”没有读进计划，请核对。"
        return account_finding(f"left_unread@{block}.{row}", "left_unread", "ruling", text, words, project, CONFIRM)
    if why == BELOW and (MOVES.search(words) or says_of_an_item(words)):
        return duty_in_text(inside[0], words, "ruling")
    return account_finding(
        f"row_left@{block}.{row}", "row_left", "note", f"{inside[0].where}“{short(words)}”没有列入（{why}）。", words
    )


def struck_findings(places: Iterable[Place]) -> list[Finding]:
    """What is struck through, wherever it stands."""
    return [
        account_finding(
            f"struck_out@{'.'.join(map(str, place.spot))}",
            "struck_out",
            "note",
            f"{place.where}划掉的“{short(place.struck)}”不作数。",
            place.struck,
            place.project_id,
        )
        for place in places
        if place.struck
    ]


def schedule_findings(plan: Plan, understood: Mapping[ProjectId, Sequence[tuple[int, int]]]) -> list[Finding]:
    """The stretches of schedules that the grammar dropped without a word."""
    found: list[Finding] = []
    of_each: defaultdict[str | None, list[Finding]] = defaultdict(list)
    for finding in plan.findings:
        of_each[finding.project_id].append(finding)
    for project in plan.projects:
        about = of_each[project.project_id]
        named = [(each.source.start, each.source.end) for each in about if each.source.field == "schedule_text"]
        named += understood.get(project.project_id, ())
        sentences = [finding.text for finding in about]
        lost = unread_stretches(project, named, sentences)
        asked = {finding.milestone_id for finding in about if finding.needs_ruling}
        again = [project.schedule_text[slice(*place)] for place in understood.get(project.project_id, ())]
        # A note that how often was not read is no answer: whether the duty comes back is asked about.
        kept = [finding.text for finding in about if finding.needs_ruling or finding.text[1:2] not in COMES_BACK]
        limits = unkept_limits(project, [*kept, *again], asked)
        lost += [place for place in limits if not any(a < place[1] and place[0] < b for a, b in lost)]
        for start, end in lost:
            words = project.schedule_text[start:end]
            found.append(
                Finding(
                    key=f"left_unread@{project.project_id}:{start}",
                    code="left_unread",
                    severity="ruling",
                    project_id=project.project_id,
                    text=f"进度安排里的“{short(words)}”没有读进任何节点，请核对。",
                    source=FindingSource(start=start, end=end, text=words),
                    choices=CONFIRM,
                )
            )
        found.extend(_beside_the_schedule(project))
    return found


def _beside_the_schedule(project: KeyProject) -> Iterator[Finding]:
    """What a project's content, and its title, say of by when that no milestone keeps."""
    if said := _said(times_in_content(project)):
        text = f"主要内容里写了{said}，没有编成节点，只按工作进度安排督办；要另行督办的请写进进度安排。"
        yield _beside(project, "", text, FindingSource.whole("main_content", project.main_content))
    if said := _said(times_in_title(project)):
        text = f"项目名称里写了{said}，没有编成节点，只按工作进度安排督办；要另行督办的请写进进度安排。"
        yield _beside(project, ".title", text, FindingSource.whole("title", project.title))


def _said(times: Sequence[str]) -> str:
    return "、".join(f"“{short(time)}”" for time in dict.fromkeys(times))


def _beside(project: KeyProject, mark: str, text: str, source: FindingSource) -> Finding:
    project_id = project.project_id
    key = f"time_in_content@{project_id}{mark}"
    return Finding(key=key, code="time_in_content", severity="note", project_id=project_id, text=text, source=source)


def file_finding(words: Sequence[str], missing: int) -> Finding:
    """Text of the file that its reader did not hand over."""
    shown = "；".join(f"“{short(word)}”" for word in words[:_SHOWN])
    text = f"文件里有{missing}个字没有读到：{shown}{'等' if len(words) > _SHOWN else ''}，请核对后另存再读入。"
    return account_finding("file_unread", "file_unread", "ruling", text, "\n".join(words)[:1000], choices=CONFIRM)


def order_finding(printed: str, taken: str) -> Finding:
    """Text of the file that was read at another place than it stands at: whatever stands beside it is another row's."""
    text = (
        f"文件里写“{short(printed)}”的地方读到的是“{short(taken)}”，可能有几格互换了位置；"
        "请核对这两处，或把文件另存后再读入。"
    )
    return account_finding("file_order", "file_order", "ruling", text, printed, choices=CONFIRM)


def lost_paragraph(place: Place) -> Finding:
    """An item of running text that nobody took."""
    text = f"{place.where}“{short(place.text)}”没有读进计划。"
    return account_finding(f"left_unread@{place.spot[0]}", "left_unread", "ruling", text, place.text, None, CONFIRM)


def beside_finding(out: LeftOut) -> Finding:
    """What stands beside the body: heads and feet of pages, notes, comments, hidden sheets."""
    said = f"{out.place}里的“{short(out.text)}”没有读"
    key, quoted = f"file_left_out@{out.place}", out.text[:LONGEST_QUOTED]
    if _BESIDE_A_DUTY.search(out.place) and (_CHANGES.search(fold(out.text)) or holds_a_time(out.text)):
        return account_finding(key, "file_left_out", "ruling", said + _MAY_CHANGE, quoted, choices=CONFIRM)
    return account_finding(key, "file_left_out", "note", f"{said}。", quoted)


def unseen_finding(hidden: LeftOut) -> Finding:
    """What was read though it is hidden in the file."""
    text = f"{hidden.place}在文件里是隐藏的，照常读了：“{short(hidden.text)}”；不该读的请从文件里删去后重新读入。"
    return account_finding(
        f"hidden_read@{hidden.place}", "hidden_read", "ruling", text, hidden.text[:LONGEST_QUOTED], choices=_READ_ON
    )
