"""A department's duties are handed over at the desk: what would go over is shown first, then each project's result."""

from __future__ import annotations

from typing import Any

import pytest

from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import OTHER, OWN


async def test_an_operator_hands_over_after_he_has_seen_what_would_go(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a reason nothing is done and what was written stays; each project is named; then nothing is left."""

    async def none_is_sick(*_: Any) -> dict[str, Any]:
        return {}

    monkeypatch.setattr("application.office.every_project.sick_projects", none_is_sick)
    operator, asked = await fresh.of("operator"), {"department": OTHER, "to": OWN}
    page = await operator.get(f"/hand-over?department={OTHER}&to={OWN}")
    assert (page.status_code, "移交的项目" in page.text) == (200, True)
    entries = (await fresh.office.office.register.standing()).entries
    assert f'name="seen_until" value="{entries}"' in page.text
    for lacks, label in (("reason", "理由或依据"), ("to", "接办的部门"), ("department", "移交的部门")):
        told = await operator.post("/hand-over", {"reason": "机构合并", **asked, lacks: ""})
        assert (told.status_code, f"{label}：不能为空" in told.text) == (400, True)
    assert (await operator.get(f"/hand-over?department={OTHER}&to=")).status_code == 400
    nobody = await operator.post("/hand-over", {**asked, "to": "查无此部", "reason": "机构合并"})
    done = await operator.post("/hand-over", {**asked, "reason": "机构合并"})
    assert (done.status_code, "已办理" in done.text, "2018-05a" in done.text) == (200, True, True)
    parts = (await fresh.office.known("2018-05a")).milestones["2018-05a-02"].parts
    assert parts[OTHER].stage == "released"
    assert (OWN in done.text, "机构合并" in done.text) == (True, True)
    nothing = (await operator.get(f"/hand-over?department={OTHER}&to={OWN}")).text
    assert ("没有要移交的任务" in nothing, "field-reason" in nothing) == (True, False)
    assert nobody.status_code in (200, 400)
    assert "没有要移交的任务" in (await operator.post("/hand-over", {**asked, "reason": "机构合并"})).text
    assert (await (await fresh.of("own")).get("/hand-over")).status_code == 403
