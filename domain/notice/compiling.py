"""A notice becomes a plan: rows to projects, schedule cells to milestones, doubts to findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import TypeAdapter, ValidationError

from domain.ids import DepartmentId, ProjectId, milestone_id_for, project_id_for
from domain.notice.deliverables import Deliverable
from domain.notice.departments import departments, leads, parts_of, without_mark
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.festivals import Festivals
from domain.notice.findings import Finding, FindingSource, Ruling, finding_of
from domain.notice.folding import fold
from domain.notice.front_matter import front_matter, year_in_heading, year_in_text
from domain.notice.numerals import number
from domain.notice.placeholders import placeholder_findings
from domain.notice.plan import Plan
from domain.notice.refusals import (
    DepartmentTwiceError,
    NoProjectsError,
    NoYearError,
    TwoYearsError,
    UnreadableDepartmentError,
)
from domain.notice.rows import ListedTable, ProjectRow, listed_tables
from domain.notice.rulings import settled
from domain.notice.schedule import read_schedule
from domain.notice.standing_duties import standing_duties
from domain.notice.windows import Choice, Doubt, TimeContext
from domain.project import KeyProject, Milestone, SourceSpan

_DEPARTMENT: TypeAdapter[str] = TypeAdapter(DepartmentId)
_NOBODY = "（未写明）"
_SEPARATORS = re.compile(r"[\s;。,、:.\-]*")


def compile_notice(
    document: NoticeDocument,
    *,
    year: int | None = None,
    issued_on: date | None = None,
    rulings: Sequence[Ruling] = (),
    festivals: Festivals | None = None,
) -> Plan:
    """The plan of a notice; `year` and `issued_on` stand above what the notice prints, `rulings` are applied.

    Raises:
        InputError: the notice as a whole cannot be read (see `domain.notice.refusals`).
    """
    tables = listed_tables(document)
    outside = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    chosen, list_year = _of_one_year(tables, document, outside, year)
    remarks = [line for table in chosen for line in table.remarks]
    head = front_matter([line for table in chosen for line in table.heading] or outside, [*remarks, *outside])
    if head.issued_on is None or head.document_number is None or head.issuer is None:
        whole = front_matter(outside, ())
        head = type(head)(
            head.document_number or whole.document_number,
            head.title or whole.title,
            head.issuer or whole.issuer,
            head.issued_on or whole.issued_on,
        )
    issued = issued_on or head.issued_on
    context = TimeContext.of(list_year, issued, festivals)
    rows = [row for table in chosen for row in table.rows]
    if not rows:
        raise NoProjectsError(name=document.name)
    compiler = _Compiler(document.name, context)
    projects = compiler.projects(rows)
    if issued is None:
        compiler.doubt_issue_date(list_year)
    plan = Plan(
        document_number=head.document_number,
        title=head.title or document.name.rsplit(".", 1)[0],
        issuer=head.issuer,
        issued_on=issued or date(list_year, 1, 1),
        year=list_year,
        projects=tuple(projects),
        findings=(*compiler.findings, *standing_duties(outside, context)),
        rulings=tuple(rulings),
    )
    return settled(plan, context)


def _of_one_year(
    tables: list[ListedTable], document: NoticeDocument, outside: Iterable[str], asked: int | None
) -> tuple[list[ListedTable], int]:
    """The tables of one year's list, and that year."""
    years: list[int | None] = []
    for table in tables:
        year = year_in_heading(table.heading)
        years.append(year if year is not None else (years[-1] if years else None))
    distinct = sorted({year for year in years if year is not None})
    if asked is not None:
        of_year = [table for table, year in zip(tables, years, strict=True) if year == asked]
        return of_year or tables, asked
    if len(distinct) > 1:
        raise TwoYearsError(name=document.name, years=distinct)
    if distinct:
        return tables, distinct[0]
    lines = [*outside, *(line for table in tables for line in table.heading)]
    head = front_matter(lines, ())
    found = year_in_heading(lines) or year_in_text(lines) or (head.issued_on.year if head.issued_on else None)
    if found is None:
        raise NoYearError(name=document.name)
    return tables, found


class _Compiler:
    def __init__(self, name: str, context: TimeContext) -> None:
        self._name = name
        self._context = context
        self.findings: list[Finding] = []
        self._keys: set[str] = set()

    def projects(self, rows: Sequence[ProjectRow]) -> list[KeyProject]:
        serials = [_plain_serial(row.serial) for row in rows]
        repeated = {serial for serial, times in Counter(serials).items() if times > 1}
        seen: Counter[str] = Counter()
        taken: set[ProjectId] = set()
        compiled: list[KeyProject] = []
        for row, serial in zip(rows, serials, strict=True):
            seen[serial] += 1
            letter = _letter(seen[serial]) if serial in repeated else ""
            project_id = project_id_for(self._context.year, serial, letter)
            while project_id in taken:
                project_id = f"{project_id}x"
            taken.add(project_id)
            if serial in repeated and seen[serial] > 1:
                self._doubt_serial(project_id, row, serial)
            compiled.append(self._project(project_id, row))
        if rows and not rows[0].numbered:
            text = "表里没有序号一栏，按先后次序编号。"
            self._add(
                Finding(key="no_serials", code="no_serials", severity="note", text=text, source=_source("serial", ""))
            )
        return compiled

    def _project(self, project_id: ProjectId, row: ProjectRow) -> KeyProject:
        lead, participants = self._departments(project_id, row)
        return KeyProject(
            project_id=project_id,
            serial=row.serial,
            title=row.title,
            main_content=row.content,
            lead_department=lead,
            participating_departments=tuple(participants),
            schedule_text=row.schedule,
            milestones=tuple(self._milestones(project_id, row)),
        )

    def _departments(self, project_id: ProjectId, row: ProjectRow) -> tuple[str, list[str]]:
        parts = parts_of(row.lead)
        named = list(parts.named or parts.leads)
        others = [*parts.others, *(name for name in departments(row.participants) if name not in parts.others)]
        marked = [name for name in named if leads(name)]
        first = marked[0] if len(marked) == 1 else (named[0] if named else _NOBODY)
        rest = [without_mark(name) for name in named if name != first or named.count(name) > 1]
        if named.count(first) > 1:
            rest = [without_mark(name) for name in named[1:]]
        lead = without_mark(first)
        participants = [*rest, *(without_mark(name) for name in others)]
        for department, times in Counter([lead, *participants]).items():
            if not _is_name(department):
                raise UnreadableDepartmentError(name=self._name, place=row.place, department=department)
            if times > 1:
                raise DepartmentTwiceError(name=self._name, place=row.place, department=department)
        if not named:
            self._add_project(
                project_id, "no_lead", "error", "没有写明牵头部门。", _source("lead_department", ""), None, ()
            )
        elif len(named) > 1 and not marked:
            choices = tuple(Choice(key=name, text=f"由{name}牵头") for name in named)
            text = f"牵头栏里有{len(named)}个部门，按第一个牵头、其余参与理解。"
            self._add_project(
                project_id, "several_leads", "ruling", text, _source("lead_department", row.lead), lead, choices
            )
        for finding in placeholder_findings(project_id, lead, participants):
            self._add(finding)
        if row.lead_from_above and named:
            text = f"牵头栏空白，按“同上”理解为{lead}。"
            self._add_project(project_id, "lead_as_above", "note", text, _source("lead_department", ""), lead, ())
        return lead, participants

    def _milestones(self, project_id: ProjectId, row: ProjectRow) -> list[Milestone]:
        cell = row.schedule
        if not cell:
            text = "没有写工作进度安排。"
            self._add_project(project_id, "no_schedule", "error", text, _source("schedule_text", ""), None, ())
        schedule = read_schedule(cell, self._context, duty=row.title)
        found: list[Milestone] = []
        for ordinal, item in enumerate(schedule.deliverables, 1):
            milestone_id = milestone_id_for(project_id, ordinal)
            found.append(self._milestone(milestone_id, item, row))
            for doubt in item.doubts:
                self._add_doubt(project_id, milestone_id, doubt, item, cell)
        for start, end in schedule.left_over:
            source = FindingSource(start=start, end=end, text=cell[start:end])
            text = f"“{cell[start:end].strip()}”不在任何节点之内。"
            key = f"left_over@{project_id}:{start}"
            self._add(
                Finding(key=key, code="left_over", severity="note", project_id=project_id, text=text, source=source)
            )
        return found

    def _milestone(self, milestone_id: str, item: Deliverable, row: ProjectRow) -> Milestone:
        window = item.window
        due = window.due_on
        return Milestone(
            milestone_id=milestone_id,
            description=item.description or row.title,
            window_text=item.window_text,
            starts_on=window.starts_on,
            due_on=due,
            assigned=item.assigned,
            ongoing=window.ongoing,
            born_late=due is not None and self._context.issued_on is not None and due < self._context.issued_on,
            recurrence=window.recurrence,
            quota=window.quota,
            source=SourceSpan(start=item.start, end=item.end),
        )

    def _add_doubt(self, project_id: ProjectId, milestone_id: str, doubt: Doubt, item: Deliverable, cell: str) -> None:
        at = cell.find(item.window_text, item.start, item.end) if item.window_text else -1
        start, end = (at, at + len(item.window_text)) if at != -1 else (item.start, item.end)
        source = FindingSource(start=start, end=end, text=cell[start:end])
        self._add(finding_of(doubt, f"{doubt.code}@{project_id}:{start}", source, project_id, milestone_id))

    def _doubt_serial(self, project_id: ProjectId, row: ProjectRow, serial: str) -> None:
        first = project_id_for(self._context.year, serial, "a")
        text = f"序号“{row.serial}”重复出现，按不同的项目编号为{first}等；如是笔误，请改正通知后重新编译。"
        choices = (Choice(key="不同项目", text="是不同的项目，各自督办"),)
        source = _source("serial", row.serial)
        self._add_project(project_id, "repeated_serial", "ruling", text, source, f"编号为{project_id}", choices)

    def doubt_issue_date(self, year: int) -> None:
        text = "没有读出印发日期，按当年1月1日计，不判断哪些节点在印发前已经到期；请用 --issued 写明。"
        choices = (Choice(key="确认", text=f"按{year}年1月1日计"), Choice(key=f"{year}年M月D日", text="写明印发日期"))
        source = _source("issued_on", "")
        finding = Finding(
            key="no_issue_date",
            code="no_issue_date",
            severity="ruling",
            text=text,
            source=source,
            assumed=f"{year}-01-01",
            choices=choices,
        )
        self._add(finding)

    def _add_project(
        self,
        project_id: ProjectId,
        code: str,
        severity: str,
        text: str,
        source: FindingSource,
        assumed: str | None,
        choices: tuple[Choice, ...],
    ) -> None:
        key = f"{code}@{project_id}"
        finding = Finding.model_validate(
            {
                "key": key,
                "code": code,
                "severity": severity,
                "project_id": project_id,
                "text": text,
                "source": source,
                "assumed": assumed,
                "choices": choices,
            }
        )
        self._add(finding)

    def _add(self, finding: Finding) -> None:
        key, times = finding.key, 1
        while key in self._keys:
            times += 1
            key = f"{finding.key}.{times}"
        if times > 1 and finding.code not in ("more_quotas", "inexact_quota"):
            # A label with several windows doubts each of them for the same reason: one finding is enough.
            return
        self._keys.add(key)
        self.findings.append(finding if key == finding.key else finding.model_copy(update={"key": key}))


def _is_name(department: str) -> bool:
    try:
        _DEPARTMENT.validate_python(department)
    except ValidationError:
        return False
    return True


def _source(field: str, text: str) -> FindingSource:
    return FindingSource(field=field, start=0, end=len(text), text=text)


def _plain_serial(printed: str) -> str:
    """A serial as it can stand in an identity: `（3）`, `3.`, `三` and `3` are the same."""
    folded = fold(printed).strip().strip("()[].、,:第号项 ")
    if (value := number(folded)) is not None and folded:
        return str(value)
    plain = re.sub(r"[^0-9A-Za-z.]+", ".", folded).strip(".")
    if plain:
        return plain[:40]
    return ".".join(str(ord(char)) for char in folded[:6]) or "0"


def _letter(times: int) -> str:
    letters = ""
    while times > 0:
        times, rest = divmod(times - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
