"""One project as a person reads it: milestones, participants with their own lights, and everything that is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.actors import actor_from_text
from domain.confidence import STEP_WORDS
from domain.project import Quota
from domain.rungs.limits import LIMIT_WORDS
from domain.seeing.stage_words import light_mark, part_word, sign_off_word, stage_word
from domain.seeing.views import DirectiveView, LimitView, MilestoneView, PartView, ProgressView, ProjectView
from domain.state import Extension, Inspection
from entrypoints.cli.in_locale import OwnWords, told
from entrypoints.cli.next_commands import by_hand
from entrypoints.cli.session import out
from entrypoints.cli.tables import Table, Tables

_EXTENSION_WORDS = {"asked": "待初审", "reviewed": "待批复", "more_asked": "待部门补充"}
_INSPECTION_WORDS = {
    "opened": "正在进行",
    "concluded": "已作结论，待答复",
    "answered": "已答复，待结束",
    "rectifying": "待整改",
    "checking": "待核查整改",
}


def show_project(tables: Tables, project: ProjectView, as_of: datetime) -> None:
    """Show one project with its milestones, its participants and what is open."""
    signed, sign_off = not project.unsigned, sign_off_word(project.unsigned, project.stage)
    title = f"{light_mark(project.light)} {project.project_id} {project.title}"
    stands = (
        f"牵头：{project.lead_department}；签收：{sign_off}；"
        f"状态：{stage_word(project.stage, signed=signed)}；截至 {as_of:%Y-%m-%d %H:%M}"
    )
    head = "\n".join((title, told(stands), told(project.explanation)))
    participants = _participants(project)
    out().print(OwnWords(head))
    tables.show(_milestones(project), *([participants] if participants.rows else []))
    for line in open_matters(project):
        out().print(OwnWords(told(line)))


def _milestones(project: ProjectView) -> Table:
    heads = ("节点", "灯", "签收", "状态", "原定", "批准", "预计", "进度", "违期", "内容", "说明")
    table = Table("节点", heads, whole={"节点", "灯", "原定", "批准"})
    for milestone in project.milestones:
        table.add(
            milestone.milestone_id,
            light_mark(milestone.light),
            _signed(signed=milestone.signed),
            stage_word(milestone.stage, signed=milestone.signed),
            str(milestone.baseline_due_on or "待定"),
            _approved(milestone),
            str(milestone.forecast_due_on or "—"),
            _progress(milestone.progress),
            f"{len(milestone.breaches)}次" if milestone.breaches else "—",
            OwnWords(milestone.description),
            milestone.explanation,
        )
    return table


def _signed(*, signed: bool) -> str:
    return "已签收" if signed else "未签收"


def _approved(milestone: MilestoneView) -> str:
    """The date that was approved, where one was; the printed one needs no approval."""
    approved = milestone.approved_due_on
    return "—" if approved in (None, milestone.baseline_due_on) else str(approved)


def _progress(progress: ProgressView) -> str:
    words = [f"{progress.reports}次反馈"]
    if progress.of:
        words = [f"{progress.quantity or 0}/{Quota(value=progress.of, unit=progress.unit or '').told}"]
    if progress.scheduled is not None and progress.of:
        words.append(f"序时{progress.scheduled}")
    if progress.periods:
        words.append(f"共{progress.periods}期")
    missed = [number for number in progress.missed if number not in progress.caught_up]
    if missed:
        words.append(f"缺第{'、'.join(map(str, missed))}期")
    if progress.caught_up:
        words.append(f"补报第{'、'.join(map(str, progress.caught_up))}期")
    return "，".join(words)


def _participants(project: ProjectView) -> Table:
    heads = ("节点", "部门", "灯", "状态", "签收", "时限", "反馈", "违期", "说明")
    table = Table("参与部门", heads, "参与部门", whole={"节点", "灯", "时限"})
    for milestone in project.milestones:
        for part in milestone.participants:
            table.add(*_participant(milestone, part))
    return table


def _participant(milestone: MilestoneView, part: PartView) -> tuple[str, ...]:
    return (
        milestone.milestone_id,
        OwnWords(part.department),
        light_mark(part.light),
        part_word(part.stage, signed=part.signed),
        _signed(signed=part.signed),
        str(part.answer_by or "待定"),
        f"{part.reports}次",
        f"{len(part.breaches)}次" if part.breaches else "—",
        part.explanation,
    )


def open_matters(project: ProjectView) -> Iterator[str]:
    """Everything that is open in a project, one line each: what waits, for whom, until when, and why."""
    if project.suspension is not None:
        until = f"至 {project.suspension.until}" if project.suspension.until else "，由人恢复"
        who = _name(project.suspension.by)
        yield f"中止：整个项目自 {project.suspension.since} 起{until}（{who}：{project.suspension.reason}）"
    if project.silence is not None:
        yield f"停发通知：整个项目至 {project.silence.until}（{_name(project.silence.by)}：{project.silence.reason}）"
    yield from (f"待人工处理：{each.text}{by_hand(each.kind)}" for each in project.undecided)
    for limit in project.limits:
        yield _limit(limit)
    for directive in project.directives:
        yield _directive(directive)
        if directive.text:
            yield f"    {directive.text}"
    for milestone in project.milestones:
        yield from _of_milestone(milestone)
    for deputy in project.deputies:
        who, whom = _name(deputy.deputy), _name(deputy.principal)
        yield f"代办：{who} 代 {whom}，{deputy.from_on} 至 {deputy.until_on}"


def _limit(limit: LimitView) -> str:
    where = f"{limit.milestone_id} " if limit.milestone_id else ""
    about = f"（{limit.about}）" if limit.about else ""
    late = f"，已超时{limit.working_days_late}个工作日" if limit.working_days_late else ""
    return f"待办：{where}{LIMIT_WORDS[limit.kind]}{about}，由{limit.owner}于 {limit.due_on} 前办理{late}"


def _directive(directive: DirectiveView) -> str:
    until = f"，要求 {directive.answer_by} 前反馈" if directive.answer_by else ""
    return (
        f"批示：第 {directive.number} 号（{directive.milestone_id or '整个项目'}），{directive.leader}{until}，待反馈"
    )


def _of_milestone(milestone: MilestoneView) -> Iterator[str]:
    name = milestone.milestone_id
    if milestone.suspension is not None:
        pause = milestone.suspension
        until = f"至 {pause.until}" if pause.until else "，由人恢复"
        yield f"中止：{name} 自 {pause.since} 起{until}（{_name(pause.by)}：{pause.reason}）"
    if milestone.silence is not None:
        silence = milestone.silence
        yield f"停发通知：{name} 至 {silence.until}（{_name(silence.by)}：{silence.reason}）"
    if milestone.extension is not None:
        yield _extension(name, milestone.extension)
    if milestone.extensions_granted:
        yield f"延期：{name} 已批准{milestone.extensions_granted}次，现批准到 {milestone.approved_due_on}"
    if milestone.inspection is not None:
        yield _inspection(name, milestone.inspection)
    if milestone.confidence is not None:
        said = milestone.confidence
        apart = "，与灯相差较大，请督查室研判" if milestone.confidence_differs else ""
        yield f"研判：{name} {STEP_WORDS[said.step]}（{_name(said.by)}，{said.on}：{said.reason}）{apart}"
    if milestone.working_days_excused:
        yield f"顺延：{name} 停止计时期间共扣除{milestone.working_days_excused}个工作日，现时限 {milestone.answer_by}"


def _extension(name: str, extension: Extension) -> str:
    recommended = f"，初审建议 {extension.recommended_due_on}" if extension.recommended_due_on else ""
    stage = _EXTENSION_WORDS[extension.stage]
    return f"延期：{name} 申请延至 {extension.requested_due_on}，{stage}{recommended}（{extension.reason}）"


def _inspection(name: str, inspection: Inspection) -> str:
    by = f"，{inspection.rectify_by} 前整改" if inspection.rectify_by else ""
    found = f"，已记{inspection.findings}个问题" if inspection.findings else ""
    return f"督查：{name} 自 {inspection.opened_on}，{_INSPECTION_WORDS[inspection.stage]}{found}{by}"


def _name(actor: str) -> str:
    named = actor_from_text(actor)
    return f"{named.department} {named.name}" if named.department not in (None, named.name) else named.name
