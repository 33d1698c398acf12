"""Suspension, silence and deputies: each with an owner, a reason and an end."""

from __future__ import annotations

from domain.acts import rejections as r
from domain.acts.access import bears_a_department_s_name
from domain.acts.act import Act, Handler
from domain.acts.commands import AppointDeputy, Command, DismissDeputy, EndSilence, Resume, SilenceNotices, Suspend
from domain.events import DeputyAppointed, DeputyDismissed, NoticesSilenced, SilenceEnded
from domain.ids import MilestoneId
from domain.rungs.suspension import pause_of, resume, suspend


def suspend_work(act: Act, command: Suspend) -> None:
    """An operator suspends a milestone or the project: what was late before stays late."""
    if command.milestone_id is not None:
        act.unsettled(command.milestone_id)
    elif act.state.before_the_end is not None:
        raise r.NothingToSuspendError(project_id=act.state.project_id)
    if pause_of(act.state, command.milestone_id) is not None:
        raise r.SuspendedError(what=_what(act, command.milestone_id))
    if command.until is not None and command.until < act.today:
        raise r.PastDateError(given=command.until, earliest=act.today)
    suspend(act.recorder, command.milestone_id, command.reason, command.until)


def resume_work(act: Act, command: Resume) -> None:
    """An operator ends a suspension before its term, or one that has none."""
    if command.milestone_id is not None:
        act.unsettled(command.milestone_id)
    if pause_of(act.state, command.milestone_id) is None:
        raise r.NotSuspendedError(what=_what(act, command.milestone_id))
    resume(act.recorder, command.milestone_id, command.reason, act.today)


def silence_notices(act: Act, command: SilenceNotices) -> None:
    """An operator holds notices back for a while; lateness counts on."""
    if command.milestone_id is not None:
        act.unsettled(command.milestone_id)
    if command.until < act.today:
        raise r.PastDateError(given=command.until, earliest=act.today)
    act.record(NoticesSilenced, milestone_id=command.milestone_id, reason=command.reason, until=command.until)


def end_silence(act: Act, command: EndSilence) -> None:
    """An operator lets notices go out again."""
    milestone = act.unsettled(command.milestone_id) if command.milestone_id is not None else None
    silence = milestone.silence if milestone else act.state.silence
    if silence is None or silence.until < act.today:
        raise r.NotSilencedError(what=_what(act, command.milestone_id))
    act.record(SilenceEnded, milestone_id=command.milestone_id, reason=command.reason)


def appoint_deputy(act: Act, command: AppointDeputy) -> None:
    """A principal lets another act on its behalf for a period."""
    if command.deputy.known.is_same(command.principal.known) or command.deputy.role == "engine":
        raise r.DeputyIsAnotherError(principal=command.principal.name, deputy=command.deputy.name)
    if command.deputy.role != command.principal.role or (
        command.deputy.role == "operator" and bears_a_department_s_name(act.state, command.deputy)
    ):
        raise r.OtherSideDeputyError(deputy=command.deputy.name, principal=command.principal.name)
    if command.until_on < command.from_on or command.until_on < act.today:
        raise r.PeriodBackwardsError(from_on=command.from_on, until_on=command.until_on)
    act.record(
        DeputyAppointed,
        principal=str(command.principal),
        deputy=str(command.deputy),
        from_on=command.from_on,
        until_on=command.until_on,
        reason=command.reason,
        principal_person=command.principal.person_id,
        deputy_person=command.deputy.person_id,
    )


def dismiss_deputy(act: Act, command: DismissDeputy) -> None:
    """A principal ends a deputy's authority."""
    for each in act.state.deputies:
        if each.principal_known.is_same(command.principal.known) and each.deputy_known.is_same(command.deputy.known):
            act.record(DeputyDismissed, principal=each.principal, deputy=each.deputy, reason=command.reason)
            return
    raise r.NoDeputyError(deputy=command.deputy.name, principal=command.principal.name)


def _what(act: Act, milestone_id: MilestoneId | None) -> str:
    return f"节点 {milestone_id} " if milestone_id else f"项目 {act.state.project_id} "


HANDLERS: dict[type[Command], Handler] = {
    Suspend: suspend_work,
    Resume: resume_work,
    SilenceNotices: silence_notices,
    EndSilence: end_silence,
    AppointDeputy: appoint_deputy,
    DismissDeputy: dismiss_deputy,
}
