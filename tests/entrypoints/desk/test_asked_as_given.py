"""What a page says is open is what the core decides when the act is given."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from domain.actors import department, operator
from domain.acts.commands import RaiseDispute, ReplaceParticipant, Suspend
from domain.acts.decisions import decide
from domain.errors import RejectedError
from domain.evolution import fold
from domain.rules.life_cycle import OF_THE_SUPERVISORS
from domain.seeing.views import view_of
from entrypoints.desk import openness
from entrypoints.desk.openness import OF_A_DEPARTMENT, OF_THE_SECTION, offered
from entrypoints.desk.reading import Known, _known
from entrypoints.desk.waiting import ANSWERS
from tests.domain.samples import Desk, at
from tests.domain.scripts import ScriptWriter, a_policy, six_milestones
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import NOW, OTHER, OWN


@pytest.mark.parametrize("suspended", [False, True])
@pytest.mark.parametrize("days", [0, 40, 400])
async def test_what_is_asked_of_a_project_that_is_caught_up_is_what_would_be_decided(
    seen: Browsers, monkeypatch: pytest.MonkeyPatch, days: int, *, suspended: bool
) -> None:
    """The reason of every act is the same, word for word, also where days that are over are not recorded."""
    compared = 0
    for project_id in ("2018-05a", "2018-06", "2018-07"):
        known = _known(seen.office.office.records.ledger, project_id, NOW + timedelta(days=days))
        assert known is not None
        if suspended:
            until = NOW.date() + timedelta(days=9)
            pause = Suspend(request_id="r-pause", by=operator("李四"), reason="上级调整部署", until=until)
            state = fold(decide(known.state, pause, NOW), known.state)
            assert state is not None
            known = replace(known, state=state)
        for about in (None, *known.state.milestones):
            for by, kinds in ((operator("李四"), OF_THE_SECTION), (department(OWN), OF_A_DEPARTMENT)):
                asked = [each.reason for each in offered(known, kinds, by, about)]
                with monkeypatch.context() as patch:
                    patch.setattr(openness, "caught_up", lambda _state, _now: None)
                    decided = [each.reason for each in offered(known, kinds, by, about)]
                assert asked == decided
                compared += len(asked)
    assert compared > 100


async def test_acts_about_a_participant_go_by_who_takes_part_in_that_milestone_now(seen: Browsers) -> None:
    """Where one was replaced, the other can be replaced and disputed with; who has it alone is told whom to ask."""
    known = _known(seen.office.office.records.ledger, "2018-05a", NOW)
    assert known is not None
    milestone_id = "2018-05a-02"

    def replaced(by: str | None) -> Known:
        assert known is not None
        command = ReplaceParticipant(
            request_id="r-1", by=operator("李四"), milestone_id=milestone_id, department=OTHER, to=by, reason="分工调整"
        )
        state = fold(decide(known.state, command, NOW), known.state)
        assert state is not None
        return replace(known, state=state, view=view_of(state, NOW))

    def reasons(found: Known) -> list[str | None]:
        asked = (operator("李四"), (ReplaceParticipant,)), (department(OWN), (RaiseDispute,))
        return [each.reason for by, kinds in asked for each in offered(found, kinds, by, milestone_id)]

    assert reasons(replaced("办公室")) == [None, None]
    told = f"节点 {milestone_id} 只有牵头部门{OWN}，没有在办的参与部门：应由项目以外的部门承担的，请退回交办"
    for reason in reasons(replaced(None)):
        assert reason is not None
        assert reason.startswith(told)


def test_an_act_that_answers_what_waits_is_open_on_the_page_of_its_project() -> None:
    """Years of acts at random: whoever waits for the section, its first answer is never said to be closed there."""
    answered: dict[str, int] = {}
    for seed in range(13):
        rng = Random(seed)
        desk = Desk(project=six_milestones(f"2018-{seed:02d}"), policy=a_policy(rng))
        writer = ScriptWriter(rng, desk.state.project)
        while desk.now < at("12-20"):
            desk.run_until(writer.instant(desk.state, desk.now))
            with suppress(RejectedError):
                desk.ask(writer.command(desk.state, desk.now))
            known = Known(desk.now, tuple(desk.events), desk.state, view_of(desk.state, desk.now))
            for limit in desk.state.limits.values():
                if limit.kind not in OF_THE_SUPERVISORS:
                    continue
                (first, *_) = offered(known, ANSWERS[limit.kind][:1], operator("从没办过的人"), limit.milestone_id)
                assert first.reason is None, (seed, limit, first.reason)
                answered[limit.kind] = answered.get(limit.kind, 0) + 1
    # What is put before the one who rules, the scripts send back or refuse.
    assert answered.keys() >= OF_THE_SUPERVISORS - {"extension_ruling"}
