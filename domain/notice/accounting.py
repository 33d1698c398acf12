"""The account of a compiled notice: sums that agree, and a finding for whatever was not taken."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from domain.notice.coverage import Coverage, LeftPart, Tally
from domain.notice.document import NoticeDocument, Table
from domain.notice.file_text import missing_text
from domain.notice.findings import Finding, FindingSource
from domain.notice.folding import fold
from domain.notice.labels import hidden_times, label_at
from domain.notice.places import BODY, LOST, Place, checked, unread_stretches
from domain.notice.plan import Plan
from domain.notice.tables import UnreadTable
from domain.notice.trail import Trail
from domain.notice.windows import Choice, Severity, TimeContext

_SHOWN = 3
_LONGEST = 40
_READING = TimeContext.of(2000)
_CHANGES = re.compile(
    r"改为|调整(?:为|至)|延期|推迟|顺延|提前(?!介入)|延至|取消|终止|暂停|不再|撤销|合并至|已完成|已办结|完成$|"
    r"revised|postponed|delayed|moved to|cancel|completed?|closed|done",
    re.IGNORECASE,
)
_DUTY = re.compile(r"报送|上报|报告|反馈|报至|提交|汇总|填报|完成|report|submit|send", re.IGNORECASE)
_LED = re.compile(r"[(（][^()（）]{2,80}(?:牵头|负责|配合)[^()（）]{0,20}[)）]|(?:牵头|责任)(?:单位|部门)\s*[:：]\s*\S")
_PERIOD = re.compile(r"每(?:个?月|个?季|周|旬|半月|半年|年)|按[月季周]|逐[月季]|monthly|quarterly|weekly", re.IGNORECASE)
_CONFIRM = (Choice(key="确认", text="看过了，不用读"),)
_ANOTHER_TIME = (Choice(key="M月D日前", text="改为写明的时限"),)


def accounted(
    document: NoticeDocument, trail: Trail, plan: Plan, unread: Sequence[UnreadTable]
) -> tuple[Coverage, list[Finding]]:
    """The account, and the findings that name what was left."""
    places = checked(document, trail, plan)
    left, findings = _left(document, plan, places, unread)
    findings += [*_struck(places), *_schedules(plan), *_body(places)]
    missing, lost_words = missing_text(document)
    if lost_words:
        findings.append(_file_finding(lost_words, missing))
    for out in document.left_out:
        left.append(LeftPart(kind="file", place=out.place, name=_short(out.text), why="不属于通知的正文和表格",
                             characters=_count(out.text)))
        findings.append(_finding(f"file_left_out@{out.place}", "file_left_out", "note",
                                 f"{out.place}里的“{_short(out.text)}”没有读。", out.text))
    held = None if document.held is None else sum(map(_count, document.held))
    coverage = Coverage(
        tables=_tables(document, places),
        rows=_tally(places, lambda place: place.spot[:2]),
        columns=_columns(places),
        cells=_tally(places, lambda place: place.spot),
        paragraphs=_paragraphs(places),
        characters=Tally(
            total=sum(place.characters for place in places),
            taken=sum(place.characters for place in places if place.taken),
            left=sum(place.characters for place in places if not place.taken),
        ),
        left=tuple(left),
        file_characters=held,
        file_missing=None if held is None else missing,
    )
    return coverage, findings


def _count(text: str) -> int:
    return sum(not char.isspace() for char in text)


def _tally(places: Iterable[Place], key: object) -> Tally:
    assert callable(key)
    taken: dict[object, bool] = {}
    for place in places:
        if place.is_cell:
            taken[key(place)] = taken.get(key(place), False) or place.taken
    return Tally(total=len(taken), taken=sum(taken.values()), left=len(taken) - sum(taken.values()))


def _tables(document: NoticeDocument, places: Iterable[Place]) -> Tally:
    all_blocks = {at for at, block in enumerate(document.blocks) if isinstance(block, Table) and block.rows}
    read = {place.spot[0] for place in places if place.is_cell and place.taken and place.project_id}
    return Tally(total=len(all_blocks), taken=len(all_blocks & read), left=len(all_blocks - read))


def _columns(places: Iterable[Place]) -> Tally:
    body = [place for place in places if place.is_cell and place.part not in ("head", "head again", "heading", "section")]
    return _tally(body, lambda place: (place.spot[0], place.spot[2]))


def _paragraphs(places: Iterable[Place]) -> Tally:
    listed = [place.taken for place in places if not place.is_cell]
    return Tally(total=len(listed), taken=sum(listed), left=len(listed) - sum(listed))


def _left(
    document: NoticeDocument, plan: Plan, places: Sequence[Place], unread: Sequence[UnreadTable]
) -> tuple[list[LeftPart], list[Finding]]:
    """Everything that was left, gathered: tables, columns, rows, single places, the notice's body."""
    parts: list[LeftPart] = []
    findings: list[Finding] = []
    whole = {table.block: table for table in unread}
    by_column: defaultdict[tuple[int, int, str], list[Place]] = defaultdict(list)
    by_row: defaultdict[tuple[int, int, str], list[Place]] = defaultdict(list)
    rows: defaultdict[tuple[int, int], list[Place]] = defaultdict(list)
    for place in places:
        if place.is_cell:
            rows[place.spot[:2]].append(place)
    left = [place for place in places if not place.taken]
    only = {p.project_id: p.milestones[0].milestone_id for p in plan.projects if len(p.milestones) == 1}
    for place in left:
        if not place.is_cell or place.spot[0] in whole:
            continue
        mates = rows[place.spot[:2]]
        if place.why == LOST or all(not mate.taken and mate.why == place.why for mate in mates):
            by_row[*place.spot[:2], place.why].append(place)
        else:
            by_column[place.spot[0], place.spot[2], place.why].append(place)
    for block, table in whole.items():
        inside = [place for place in left if place.spot[0] == block]
        if inside:
            parts.append(_part("table", table.place, "、".join(table.heads)[:80], "不是清单的表格", inside))
            findings.append(_table_finding(table))
    heads = _head_names(document, places)
    for (block, column, why), inside in by_column.items():
        name = heads.get((block, column), f"第{column + 1}栏")
        parts.append(_part("column", inside[0].where, name, why, inside))
        findings += _column_findings(block, column, name, why, inside, rows, only)
    for (block, row, why), inside in by_row.items():
        lost = why == LOST
        parts.append(_part("cell" if lost else "row", inside[0].where, _short(" ".join(p.text for p in inside)), why, inside))
        if why != BODY:
            findings.append(_row_finding(block, row, why, inside))
    for why in (BODY, LOST):
        body = [place for place in left if not place.is_cell and (place.why == LOST) == (why == LOST)]
        if body:
            parts.append(_part("paragraph", body[0].where, f"{len(body)}段", why, body))
    findings += [
        _finding(f"left_unread@{place.spot[0]}", "left_unread", "ruling", f"{place.where}“{_short(place.text)}”没有读进计划。",
                 place.text, choices=_CONFIRM)
        for place in left
        if not place.is_cell and place.why == LOST
    ]
    return parts, findings


def _part(kind: str, where: str, name: str, why: str, inside: Sequence[Place]) -> LeftPart:
    return LeftPart.model_validate(
        {
            "kind": kind,
            "place": where,
            "name": name,
            "why": why,
            "cells": sum(place.is_cell for place in inside),
            "characters": sum(place.characters for place in inside),
        }
    )


def _head_names(document: NoticeDocument, places: Iterable[Place]) -> dict[tuple[int, int], str]:
    """The heads by table and column; a table without heads has those of the one before it of the same width."""
    names: dict[tuple[int, int], str] = {}
    for place in places:
        if place.part == "head":
            table = document.blocks[place.spot[0]]
            assert isinstance(table, Table)
            row = table.rows[place.spot[1]]
            for column, cell in enumerate(row.cells):
                if cell.text.strip():
                    names[place.spot[0], column] = cell.text.strip().replace("\n", "")
    before: dict[int, str] = {}
    for block, content in enumerate(document.blocks):
        if not isinstance(content, Table):
            continue
        own = {column: name for (at, column), name in names.items() if at == block}
        if not own:
            names |= {(block, column): name for column, name in before.items()}
        before = own or before
    return names


def _table_finding(table: UnreadTable) -> Finding:
    heads = "、".join(table.heads)[:60]
    text = f"{table.place}起的表格（{heads}，{table.rows}行）没有列入清单"
    if table.like_a_list:
        text += "，看来是一张清单；需要列入的请用 --column 栏号=title 等写明栏目后重新编译。"
        return _finding(f"table_unread@{table.block}", "table_unread", "ruling", text, heads, choices=_CONFIRM)
    return _finding(f"table_unread@{table.block}", "table_unread", "note", f"{text}。", heads)


def _column_findings(
    block: int,
    column: int,
    name: str,
    why: str,
    inside: Sequence[Place],
    rows: dict[tuple[int, int], list[Place]],
    only: dict[str, str],
) -> list[Finding]:
    texts = list(dict.fromkeys(_short(place.text) for place in inside))
    shown = "；".join(texts[:_SHOWN])
    text = f"“{name}”一栏有{len(inside)}处没有读（{why}）：{shown}{'…' if len(texts) > _SHOWN else ''}"
    key = f"column_unread@{block}.{column}" + ("" if why == "这一栏不读" else f".{why}")
    found = [_finding(key, "column_unread", "note", f"{text}。", name)]
    for place in inside:
        if not _CHANGES.search(fold(place.text)) and not _times(place.text):
            continue
        mates = rows.get(place.spot[:2], [])
        project = next((mate.project_id for mate in mates if mate.project_id), None)
        said = f"“{name}”一栏写“{_short(place.text)}”，可能改变时限或状态，请核对节点。"
        severity: Severity = "ruling" if _CHANGES.search(fold(place.text)) else "note"
        milestone = only.get(project) if project is not None else None
        choices = (*_CONFIRM, *(_ANOTHER_TIME if milestone is not None else ()))
        finding = _finding(
            f"remark_changes@{project or place.where}:{column}", "remark_changes", severity, said, place.text, project, choices
        )
        found.append(finding.model_copy(update={"milestone_id": milestone}))
    return found


def _row_finding(block: int, row: int, why: str, inside: Sequence[Place]) -> Finding:
    words = " ".join(place.text for place in inside)
    project = next((place.project_id for place in inside if place.project_id), None)
    if why == LOST:
        text = f"{inside[0].where}的“{_short(words)}”没有读进计划，请核对。"
        return _finding(f"left_unread@{block}.{row}", "left_unread", "ruling", text, words, project, _CONFIRM)
    return _finding(f"row_left@{block}.{row}", "row_left", "note", f"{inside[0].where}“{_short(words)}”没有列入（{why}）。", words)


def _struck(places: Iterable[Place]) -> list[Finding]:
    return [
        _finding(f"struck_out@{'.'.join(map(str, place.spot))}", "struck_out", "note",
                 f"{place.where}划掉的“{_short(place.struck)}”不作数。", place.struck, place.project_id)
        for place in places
        if place.struck
    ]


def _schedules(plan: Plan) -> list[Finding]:
    """The stretches of schedules that the grammar dropped without a word."""
    found: list[Finding] = []
    for project in plan.projects:
        named = [
            (finding.source.start, finding.source.end)
            for finding in plan.findings
            if finding.project_id == project.project_id and finding.source.field == "schedule_text"
        ]
        for start, end in unread_stretches(project, named):
            words = project.schedule_text[start:end]
            found.append(
                Finding(
                    key=f"left_unread@{project.project_id}:{start}",
                    code="left_unread",
                    severity="ruling",
                    project_id=project.project_id,
                    text=f"进度安排里的“{_short(words)}”没有读进任何节点，请核对。",
                    source=FindingSource(start=start, end=end, text=words),
                    choices=_CONFIRM,
                )
            )
    return found


def _body(places: Iterable[Place]) -> list[Finding]:
    """Duties with a time in the notice's own text: nobody reads them into the list, so somebody must see them."""
    return [
        _finding(f"duty_in_text@{place.spot[0]}.{place.spot[1]}", "duty_in_text", "note",
                 f"通知正文里的事项没有列为节点：“{_short(place.text, 80)}”；需要督办的请写进清单。", place.text)
        for place in places
        if not place.taken
        and place.why == BODY
        and (_LED.search(place.text) or (_DUTY.search(place.text) and _times(place.text)))
    ]


def _times(text: str) -> bool:
    folded = fold(text)
    if _PERIOD.search(folded):
        return True
    for start in [0, *(match.end() for match in re.finditer(r"[,;。:(\n]\s*", folded))]:
        if label_at(folded, start, len(folded), _READING) is not None:
            return True
    return bool(hidden_times(folded, [False] * len(folded), 0, len(folded), _READING))


def _file_finding(words: Sequence[str], missing: int) -> Finding:
    shown = "；".join(f"“{_short(word)}”" for word in words[:_SHOWN])
    text = f"文件里有{missing}个字没有读到：{shown}{'等' if len(words) > _SHOWN else ''}，请核对后另存再编译。"
    return _finding("file_unread", "file_unread", "ruling", text, "\n".join(words)[:1000], choices=_CONFIRM)


def _finding(
    key: str,
    code: str,
    severity: Severity,
    text: str,
    about: str,
    project_id: str | None = None,
    choices: tuple[Choice, ...] = (),
) -> Finding:
    source = FindingSource(field="notice", start=0, end=len(about), text=about)
    kept = choices if severity != "note" else ()
    return Finding(key=key, code=code, severity=severity, project_id=project_id, text=text, source=source, choices=kept)


def _short(text: str, longest: int = _LONGEST) -> str:
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= longest else f"{line[:longest]}…"
