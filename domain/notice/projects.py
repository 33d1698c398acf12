"""Rows become key projects: identities, departments, milestones, and a finding for every doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from domain.ids import DepartmentId, ProjectId, milestone_id_for, project_id_for
from domain.notice.charged_beside import charged_beside
from domain.notice.deliverables import Deliverable
from domain.notice.departments import departments, is_group, leads, parts_of, within_one_unit, without_mark
from domain.notice.findings import Finding, FindingSource, finding_of
from domain.notice.keepable import kept_as_read
from domain.notice.listed import Lacking, Part, ProjectRow
from domain.notice.offices_named import offices_named
from domain.notice.persons import person_findings, persons_note, without_persons
from domain.notice.placeholders import NOBODY, WHO_LEADS, placeholder_findings
from domain.notice.refusals import UnreadableDepartmentError
from domain.notice.said_twice import once
from domain.notice.schedule import Schedule, read_schedule
from domain.notice.serials import letter_of, number_through, plain_serial
from domain.notice.steps_in_content import with_steps, with_the_years_goal
from domain.notice.titles_with_states import state_in_title
from domain.notice.windows import Choice, Doubt, TimeContext
from domain.project import KeyProject, Milestone, SourceSpan

_DEPARTMENT: TypeAdapter[str] = TypeAdapter(DepartmentId)


class ProjectCompiler:
    """Compiles the rows of one list; `findings` has what it doubts, in the order of the list.

    `first_leads` is the notice's own sentence that whoever stands first leads. `understood` has the stretches of each
    project's schedule that were read and that no milestone tells.
    """

    def __init__(self, name: str, context: TimeContext, first_leads: str | None = None) -> None:
        self._name = name
        self._first_leads = first_leads
        self._context = context
        self.findings: list[Finding] = []
        self._keys: set[str] = set()
        self._asked_keys: set[str] = set()
        self._persons: list[str] = []
        self.understood: dict[ProjectId, list[tuple[int, int]]] = {}

    def projects(self, rows: Sequence[ProjectRow]) -> list[KeyProject]:
        """The projects of the list; a row without a serial gets the next free number, and nobody is asked about it."""
        number_through(rows)
        serials = [plain_serial(row.serial) for row in rows]
        repeated = {serial for serial, times in Counter(serials).items() if times > 1}
        seen: Counter[str] = Counter()
        taken: set[ProjectId] = set()
        compiled: list[KeyProject] = []
        stepped = 0
        within: Counter[tuple[str, int, str]] = Counter()
        for row, serial in zip(rows, serials, strict=True):
            seen[serial] += 1
            within[serial, row.list_number, row.section] += not row.of_task_above
            letter = letter_of(seen[serial]) if serial in repeated else ""
            project_id = project_id_for(self._context.year, serial, letter)
            while project_id in taken:
                project_id = f"{project_id}x"
            taken.add(project_id)
            row.project_id = project_id
            if not row.of_task_above and serial in repeated and within[serial, row.list_number, row.section] > 1:
                self._doubt_serial(project_id, row, serial)
            stepped += with_steps(row, self._context) > 0
            with_the_years_goal(row, self._context)
            with kept_as_read(self._name, row.place):
                compiled.append(self._project(project_id, row))
        for finding in list(offices_named(compiled, [row.said_beside for row in rows], self.findings)):
            self.add(finding)
        tasks = Counter(serial for serial, *_ in within.elements())
        if (again := sorted(serial for serial in tasks if tasks[serial] > 1)) and max(within.values()) == 1:
            text = f"各部分各自从头编号，有{len(again)}个序号重复，按不同的项目编号，加字母区分。"
            source = FindingSource.whole("serial", "、".join(again)[:200])
            self.add(Finding(key="serials_restart", code="serials_restart", severity="note", text=text, source=source))
        if self._first_leads is not None:
            text = f"清单写明“{self._first_leads}”，牵头栏里有几个部门的，第一个牵头。"
            source = FindingSource.whole("lead_department", self._first_leads)
            self.add(Finding(key="first_leads", code="first_leads", severity="note", text=text, source=source))
        if stepped:
            text = f"有{stepped}项在主要内容里写了分步的时限，各步编成节点，时限栏写的是全部完成的时间。"
            source = FindingSource.whole("main_content", "")
            self.add(
                Finding(key="steps_in_content", code="steps_in_content", severity="note", text=text, source=source)
            )
        if self._persons:
            self.add(persons_note(self._persons))
        if rows and not any(row.numbered for row in rows):
            text = "清单里没有可以直接采用的序号，按先后次序编号。"
            self.add(
                Finding(
                    key="no_serials",
                    code="no_serials",
                    severity="note",
                    text=text,
                    source=FindingSource.whole("serial", ""),
                )
            )
        return compiled

    def _project(self, project_id: ProjectId, row: ProjectRow) -> KeyProject:
        charged_beside(row)
        lead, participants = self._departments(project_id, row)
        for at, remark in enumerate((*row.remarks, *state_in_title(row.title))):
            key = f"{remark.code}@{project_id}" + (f":{at}" if at else "")
            source = FindingSource.whole("row", remark.text)
            self._add_project(
                project_id, remark.code, remark.severity, remark.sentence, source, remark.assumed, (), key=key
            )
        more = row.more
        return KeyProject(
            project_id=project_id,
            serial=row.serial,
            title=row.title,
            main_content="\n".join(filter(None, (row.content, *row.further))),
            lead_department=lead,
            participating_departments=tuple(participants),
            schedule_text=row.schedule,
            milestones=tuple(self._milestones(project_id, row)),
            category=more.get("category") or row.section or None,
            priority=more.get("priority"),
            source=more.get("source"),
            responsible_leader=more.get("leader"),
        )

    def _departments(self, project_id: ProjectId, row: ProjectRow) -> tuple[str, list[str]]:
        parts = parts_of(row.lead)
        named = list(parts.named or parts.leads)
        others = [*parts.others, *(name for name in departments(row.participants) if name not in parts.others)]
        parting = without_persons(named, others, announced=row.persons == "announced")
        named, others = parting.named, parting.others
        marked = [name for name in named if leads(name)]
        first = marked[0] if len(marked) == 1 else (named[0] if named else NOBODY)
        rest = [without_mark(name) for name in named if name != first or named.count(name) > 1]
        if named.count(first) > 1:
            rest = [without_mark(name) for name in named[1:]]
        lead = without_mark(first)
        participants = [*rest, *(without_mark(name) for name in others)]
        twice: list[str] = []
        for department, times in Counter([lead, *participants]).items():
            if not _is_name(department):
                raise UnreadableDepartmentError(name=self._name, place=row.place, department=department)
            if times > 1:
                twice.append(department)
        participants = [name for name in dict.fromkeys(participants) if name != lead]
        if twice:
            names = "、".join(twice)
            text = f"“{names}”在牵头和参与栏里出现了不止一次，只计一次。"
            self._add_project(project_id, "department_twice", "note", text, FindingSource.whole("row", names), lead, ())
        self._doubt_the_lead(project_id, row, named, marked, lead)
        announced = [each for each in parting.taken if each.office and row.persons != "unannounced"]
        self._persons += [each.persons for each in announced]
        if row.persons != "asked about":
            self.findings += person_findings(
                project_id, lead, [each for each in parting.taken if each not in announced]
            )
        for finding in placeholder_findings(project_id, lead, participants):
            self.add(finding)
        if row.lead_from_above and named:
            text = f"牵头栏空白，按“同上”理解为{lead}。"
            self._add_project(
                project_id, "lead_as_above", "note", text, FindingSource.whole("lead_department", ""), lead, ()
            )
        return lead, participants

    def _doubt_the_lead(
        self, project_id: ProjectId, row: ProjectRow, named: list[str], marked: list[str], lead: str
    ) -> None:
        """Say where nobody is named in the lead's column, or several are and none of them has a mark."""
        unmarked = len(named) > 1 and not marked and not all(map(is_group, named[1:]))
        if not named and not row.lead_lacks:
            source = FindingSource.whole("lead_department", "")
            self._add_project(project_id, "no_lead", "error", f"没有写明牵头部门{WHO_LEADS}", source, None, ())
        elif row.other_leads or (unmarked and self._first_leads is None):
            several = list(dict.fromkeys([lead, *(row.other_leads or map(without_mark, named))]))
            choices = tuple(Choice(key=name, text=f"由{name}牵头") for name in several)
            text = f"牵头栏里有{len(named)}个部门，按第一个牵头、其余参与理解。"
            if row.other_leads:
                text = f"各子任务的牵头部门不同（{'、'.join(several)}），按{lead}牵头、其余参与理解。"
            self._add_project(
                project_id,
                "several_leads",
                "note" if not row.other_leads and within_one_unit(lead) else "ruling",
                text,
                FindingSource.whole("lead_department", row.lead),
                lead,
                choices,
            )

    def _milestones(self, project_id: ProjectId, row: ProjectRow) -> list[Milestone]:
        cell = row.schedule
        schedule = self._read(row)
        self.understood[project_id] = schedule.understood
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
            self.add(
                Finding(key=key, code="left_over", severity="note", project_id=project_id, text=text, source=source)
            )
        if not found:
            text = "没有写工作进度安排，请裁定为一个时限。"
            milestone_id = milestone_id_for(project_id, 1)
            self._add_project(
                project_id,
                "no_schedule",
                "error",
                text,
                FindingSource.whole("schedule_text", ""),
                None,
                (Choice(key="年底前", text="年底到期"), Choice(key="M月D日前", text="写明到期日")),
                milestone_id=milestone_id,
            )
            found.append(_undated(milestone_id, row, len(cell)))
        return found

    def _read(self, row: ProjectRow) -> Schedule:
        """The deliverables of a row's schedule, each stretch read by itself, with their places in the whole."""
        whole = Schedule()
        at = 0
        for part in row.parts:
            printed = part.printed
            if not printed:
                continue
            # A sub-task without a time is read as it stands: it asks for its limit.
            text = part.text or part.sub
            shift = at + len(printed) - len(text)
            if part.said:
                whole.said_again.append((at, at + len(printed)))
                at += len(printed) + 1
                continue
            read = part.read or read_schedule(text, self._context, duty=part.duty or part.sub or row.title)
            moved = [_moved(item, shift, part) for item in read.deliverables]
            if part.sub and moved:
                moved[0] = replace(moved[0], start=at)
            whole.deliverables.extend(moved)
            whole.left_over.extend(_shifted(read.left_over, shift))
            whole.numbering.extend(_shifted(read.numbering, shift))
            whole.superseded.extend(_shifted(read.superseded, shift))
            whole.said_again.extend(_shifted(read.said_again, shift))
            at += len(printed) + 1
        whole.deliverables, again = once(whole.deliverables, row.schedule)
        whole.said_again.extend(again)
        return whole

    def _milestone(self, milestone_id: str, item: Deliverable, row: ProjectRow) -> Milestone:
        window = item.window
        due = window.due_on
        return Milestone(
            milestone_id=milestone_id,
            description=item.description.rstrip("、，,;；") or row.title,
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
        self.add(finding_of(doubt, f"{doubt.code}@{project_id}:{start}", source, project_id, milestone_id))

    def _doubt_serial(self, project_id: ProjectId, row: ProjectRow, serial: str) -> None:
        first = project_id_for(self._context.year, serial, "a")
        text = f"序号“{row.serial}”重复出现，按不同的项目编号为{first}等；如是笔误，请改正通知后重新读入。"
        choices = (Choice(key="不同项目", text="是不同的项目，各自督办"),)
        source = FindingSource.whole("serial", row.serial)
        self._add_project(project_id, "repeated_serial", "ruling", text, source, f"编号为{project_id}", choices)

    def lacks(self, lacking: Lacking) -> None:
        """Tell what a list does not say by itself."""
        choices = tuple(Choice(key=key, text=text) for key, text in lacking.choices)
        self.add(
            Finding.model_validate(
                {
                    "key": lacking.key,
                    "code": lacking.code,
                    "severity": lacking.severity,
                    "text": lacking.sentence,
                    "source": FindingSource.whole("heads", lacking.text),
                    "assumed": lacking.assumed,
                    "choices": choices,
                }
            )
        )

    def doubt_issue_date(self, year: int) -> None:
        """Ask for the day of issue, which the notice does not say."""
        text = "没有读出印发日期，按当年1月1日计，不判断哪些节点在印发前已经到期；请写明印发日期。"
        choices = (Choice(key="确认", text=f"按{year}年1月1日计"), Choice(key=f"{year}年M月D日", text="写明印发日期"))
        source = FindingSource.whole("issued_on", "")
        finding = Finding(
            key="no_issue_date",
            code="no_issue_date",
            severity="ruling",
            text=text,
            source=source,
            assumed=f"{year}-01-01",
            choices=choices,
        )
        self.add(finding)

    def _add_project(  # noqa: PLR0913 - a finding has that many fields
        self,
        project_id: ProjectId,
        code: str,
        severity: str,
        text: str,
        source: FindingSource,
        assumed: str | None,
        choices: tuple[Choice, ...],
        *,
        key: str | None = None,
        milestone_id: str | None = None,
    ) -> None:
        key = key or f"{code}@{project_id}"
        finding = Finding.model_validate(
            {
                "key": key,
                "code": code,
                "severity": severity,
                "project_id": project_id,
                "milestone_id": milestone_id,
                "text": text,
                "source": source,
                "assumed": assumed,
                "choices": choices,
            }
        )
        self.add(finding)

    def add(self, finding: Finding) -> None:
        """Note a finding, once for the same words."""
        key, times = finding.key, 1
        while key in self._keys:
            times += 1
            key = f"{finding.key}.{times}"
        told = times > 1 and finding.code not in ("more_quotas", "inexact_quota")
        if told and not (finding.needs_ruling and finding.key not in self._asked_keys):
            # A label with several windows doubts each of them for the same reason: one finding is enough. A question
            # stands behind what was only told (`国庆、中秋前后`).
            return
        self._keys.add(key)
        if finding.needs_ruling:
            self._asked_keys.add(finding.key)
        self.findings.append(finding if key == finding.key else finding.having(key=key))


def _shifted(stretches: Sequence[tuple[int, int]], shift: int) -> list[tuple[int, int]]:
    return [(start + shift, end + shift) for start, end in stretches]


def _moved(item: Deliverable, shift: int, part: Part) -> Deliverable:
    """A deliverable at its place in the whole schedule, told with the sub-task that its row is about."""
    description = item.description or part.duty
    if part.sub and part.sub not in description:
        description = f"{part.sub}：{description}" if description else part.sub
    return replace(
        item, start=item.start + shift, end=item.end + shift, body=item.body + shift, description=description
    )


def _undated(milestone_id: str, row: ProjectRow, end: int) -> Milestone:
    """The one milestone of a project that says nothing of time: it waits for a ruling."""
    return Milestone(
        milestone_id=milestone_id,
        description=row.title,
        window_text="",
        starts_on=None,
        due_on=None,
        assigned="window",
        source=SourceSpan(start=0, end=end),
    )


def _is_name(department: str) -> bool:
    try:
        _DEPARTMENT.validate_python(department)
    except ValidationError:
        return False
    return True
