"""What a page says is open is what the core decides when the act is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actors import department, operator
from domain.acts.commands import RaiseDispute, ReplaceParticipant, Suspend
from domain.acts.decisions import decide
from domain.evolution import fold
from domain.seeing.views import view_of
from entrypoints.desk import openness
from entrypoints.desk.openness import OF_A_DEPARTMENT, OF_THE_SECTION, offered
from entrypoints.desk.reading import Known, _known
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
