"""The plan: a list as compiled, with the findings about it and the operator's rulings; what a year starts from."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from domain.notice.departments import departments
from domain.notice.findings import CONFIRM, Finding, Ruling
from domain.notice.refusals import UnruledFindingsError
from domain.project import KeyProject, ProjectList, RuledReading


class Plan(ProjectList):
    """A reviewable list: `findings` of severity `error` and `ruling` stop a start until `rulings` answers them."""

    findings: tuple[Finding, ...] = ()
    rulings: tuple[Ruling, ...] = ()

    @model_validator(mode="after")
    def _findings_have_their_own_keys(self) -> Self:
        keys = [finding.key for finding in self.findings]
        if len(set(keys)) != len(keys):
            raise ValueError("计划里有两处编号相同的待裁定事项")
        return self

    @model_validator(mode="after")
    def _no_row_is_a_sub_duty(self) -> Self:
        for project in self.projects:
            if project.assigned_by is not None:
                raise ValueError(f"{project.project_id} 是分解任务：由分解它的部门启动，不能列入清单")
        return self

    @model_validator(mode="after")
    def _departments_are_named_once(self) -> Self:
        # In a plan, not in every project: a lead that was reassigned may have taken part before.
        for project in self.projects:
            names = (project.lead_department, *project.participating_departments)
            if len(set(names)) != len(names):
                raise ValueError(f"项目 {project.project_id} 的牵头部门和参与部门里有重复的部门")
        return self

    def ruling_on(self, finding: Finding) -> Ruling | None:
        """The operator's last word on a finding, if there is one."""
        return next((ruling for ruling in reversed(self.rulings) if ruling.answers(finding)), None)

    @property
    def unruled(self) -> tuple[Finding, ...]:
        """The findings that still wait for the operator, and those whose confirmation leaves no date to keep."""
        dated = {
            milestone.milestone_id: milestone.due_on is not None
            for project in self.projects
            for milestone in project.milestones
        }
        return tuple(
            finding
            for finding in self.findings
            if finding.needs_ruling
            and (
                (ruling := self.ruling_on(finding)) is None
                or (
                    ruling.choice == CONFIRM
                    and finding.milestone_id is not None
                    and not dated.get(finding.milestone_id, True)
                )
            )
        )

    def rulings_about(self, project: KeyProject) -> tuple[RuledReading, ...]:
        """The rulings that a project starts under: those on its own row, those on an office of many rows that is one of
        its own, and those on the list as a whole."""
        known = {milestone.milestone_id for milestone in project.milestones}
        return tuple(
            RuledReading(
                milestone_id=finding.milestone_id if finding.milestone_id in known else None,
                finding=finding.key,
                code=finding.code,
                doubt=finding.text,
                source_text=finding.source.text,
                assumed=finding.assumed,
                choice=ruling.choice,
                reason=ruling.reason,
                ruled_by=ruling.ruled_by,
                ruled_on=ruling.ruled_on,
            )
            for finding in self.findings
            if (ruling := self.ruling_on(finding)) is not None and _concerns(finding, ruling, project)
        )

    def must_be_ruled(self) -> None:
        """Hold that a year may start from this plan.

        Raises:
            UnruledFindingsError: a finding still waits for the operator.
        """
        if unruled := self.unruled:
            raise UnruledFindingsError(count=len(unruled), first=f"{unruled[0].key}：{unruled[0].text}")


def _concerns(finding: Finding, ruling: Ruling, project: KeyProject) -> bool:
    if finding.project_id is not None:
        return finding.project_id == project.project_id
    if finding.source.field not in ("lead_department", "participating_departments"):
        return True
    # An office that many rows name is one finding: its rows have it, or whom the ruling puts in its place.
    here = {project.lead_department, *project.participating_departments}
    return finding.source.text in here or here.issuperset(departments(ruling.choice))
