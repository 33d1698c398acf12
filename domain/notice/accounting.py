"""The account of a compiled notice: sums that agree, and a finding for whatever was not taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from domain.ids import ProjectId
from domain.notice.account_findings import (
    asked_once_a_row,
    beside_finding,
    column_findings,
    file_finding,
    lost_paragraph,
    order_finding,
    row_finding,
    schedule_findings,
    struck_findings,
    table_finding,
    unseen_finding,
)
from domain.notice.coverage import Coverage, LeftPart, Tally, written_characters
from domain.notice.document import NoticeDocument, Table
from domain.notice.duties_in_text import body_findings, short
from domain.notice.file_text import missing_text, out_of_order
from domain.notice.findings import Finding
from domain.notice.places import BODY, LOST, Place, checked
from domain.notice.plan import Plan
from domain.notice.tables import UnreadTable
from domain.notice.trail import Trail


def accounted(
    document: NoticeDocument,
    trail: Trail,
    plan: Plan,
    unread: Sequence[UnreadTable],
    understood: Mapping[ProjectId, Sequence[tuple[int, int]]],
) -> tuple[Coverage, list[Finding]]:
    """The account, and the findings that name what was left; `understood` are stretches of schedules beside duties."""
    places = checked(document, trail, plan)
    left, findings = _left(document, plan, places, unread)
    findings = asked_once_a_row(findings)
    told = [finding.source.text for finding in plan.findings if finding.code == "standing_duty"]
    findings += [*struck_findings(places), *schedule_findings(plan, understood), *body_findings(places, told, plan)]
    missing, lost_words = missing_text(document)
    if lost_words:
        findings.append(file_finding(lost_words, missing))
    if (moved := out_of_order(document)) is not None:
        findings.append(order_finding(*moved))
    for out in document.left_out:
        left.append(
            LeftPart(
                kind="file",
                place=out.place,
                name=short(out.text),
                why="不属于通知的正文和表格",
                characters=written_characters(out.text),
                text=out.text,
            )
        )
        findings.append(beside_finding(out))
    findings += [unseen_finding(hidden) for hidden in document.unseen]
    held = None if document.held is None else sum(map(written_characters, document.held))
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


def _tally(places: Iterable[Place], key: Callable[[Place], object]) -> Tally:
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
    body = [
        place for place in places if place.is_cell and place.part not in ("head", "head again", "heading", "section")
    ]
    return _tally(body, lambda place: (place.spot[0], place.spot[2]))


def _paragraphs(places: Iterable[Place]) -> Tally:
    listed = [place.taken for place in places if not place.is_cell]
    return Tally(total=len(listed), taken=sum(listed), left=len(listed) - sum(listed))


def _left(
    document: NoticeDocument, plan: Plan, places: Sequence[Place], unread: Sequence[UnreadTable]
) -> tuple[list[LeftPart], list[Finding]]:
    """Everything that was left, gathered: tables, columns, rows, single places, the notice's body."""
    left = [place for place in places if not place.taken]
    whole = {table.block for table in unread}
    parts: list[LeftPart] = []
    findings: list[Finding] = []
    for table in unread:
        if inside := [place for place in left if place.spot[0] == table.block]:
            parts.append(_part("table", table.place, "、".join(table.heads)[:80], "不是清单的表格", inside))
            findings.append(table_finding(table, [place.text for place in inside]))
    cells = [place for place in left if place.is_cell and place.spot[0] not in whole]
    _cells_left(document, plan, (places, cells), parts, findings)
    for why in (BODY, LOST):
        lines = [place for place in left if not place.is_cell and (place.why == LOST) == (why == LOST)]
        if lines:
            parts.append(_part("paragraph", lines[0].where, f"{len(lines)}段", why, lines))
        findings += [lost_paragraph(place) for place in lines if why == LOST]
    return parts, findings


def _cells_left(
    document: NoticeDocument,
    plan: Plan,
    all_and_left: tuple[Sequence[Place], Sequence[Place]],
    parts: list[LeftPart],
    findings: list[Finding],
) -> None:
    """The places of lists that were left: columns, where other places of their rows were taken; or whole rows."""
    places, left = all_and_left
    rows: defaultdict[tuple[int, int], list[Place]] = defaultdict(list)
    for place in places:
        if place.is_cell:
            rows[place.spot[:2]].append(place)
    by_column: defaultdict[tuple[str, int, str, str], list[Place]] = defaultdict(list)
    heads = _head_names(document, places)
    by_row: defaultdict[tuple[int, int, str], list[Place]] = defaultdict(list)
    for place in left:
        whole_row = all(not mate.taken and mate.why == place.why for mate in rows[place.spot[:2]])
        if place.why == LOST or whole_row:
            by_row[*place.spot[:2], place.why].append(place)
        else:
            label = _label_beside(place, rows[place.spot[:2]])
            table = f"{place.spot[0]}" if label is None else f"{place.spot[0]}.{place.spot[1]}"
            name = label or heads.get((place.spot[0], place.spot[2]), f"第{place.spot[2] + 1}栏")
            by_column[table, place.spot[2], place.why, name].append(place)
    projects = {project.project_id: project for project in plan.projects}
    for (table, column, why, name), inside in by_column.items():
        parts.append(_part("column", inside[0].where, name, why, inside))
        findings += column_findings(table, column, name, why, inside, rows, projects)
    for (block, row, why), inside in by_row.items():
        words = short(" ".join(place.text for place in inside))
        parts.append(_part("cell" if why == LOST else "row", inside[0].where, words, why, inside))
        if why != BODY:
            findings.append(row_finding(block, row, why, inside))


def _label_beside(place: Place, row: Sequence[Place]) -> str | None:
    """The label of a form's place: the head that stands before it in its own row."""
    labels = [mate for mate in row if mate.part == "head" and mate.spot[2] < place.spot[2]]
    return max(labels, key=lambda label: label.spot[2]).text.strip() if labels else None


def _part(kind: str, where: str, name: str, why: str, inside: Sequence[Place]) -> LeftPart:
    return LeftPart.model_validate(
        {
            "kind": kind,
            "place": where,
            "name": name,
            "why": why,
            "cells": sum(place.is_cell for place in inside),
            "characters": sum(place.characters for place in inside),
            "text": "\n".join(place.text for place in inside),
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
