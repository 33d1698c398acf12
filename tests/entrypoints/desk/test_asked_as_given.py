"""What a page says is open is what the core decides when the act is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actors import department, operator
from domain.acts.commands import Suspend
from domain.acts.decisions import decide
from domain.evolution import fold
from entrypoints.desk import openness
from entrypoints.desk.openness import OF_A_DEPARTMENT, OF_THE_SECTION, offered
from entrypoints.desk.reading import _known
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import NOW, OWN


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
