"""The page of a project in the engine's own Web UI: participants under their own lights, and what waits."""

from __future__ import annotations

from domain.acts.commands import RequestExtension, Suspend
from tests.domain.samples import FIRST, LEAD, LI, PARTICIPANT, WHOLE_LIFE, Desk, request
from workflows.details_page import details_page


def test_the_page_shows_participants_and_open_matters() -> None:
    """Each participant with its own light; each matter with whom it waits for and until when; a suspension first."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(
        request(RequestExtension, FIRST, by=LEAD, reason="x", new_due_on="2018-06-29", progress="x"), "04-26 10:00"
    )
    desk.ask(request(Suspend, None, by=LI, reason="机构改革"))
    page = details_page(desk.state, desk.now)
    assert f"🟢{PARTICIPANT.department}" in page or f"⚪{PARTICIPANT.department}" in page
    lines = page[page.index("**待办**") :].splitlines()
    assert lines[2] == "- 整个项目自2018-04-26起中止：机构改革"
    assert f"- {FIRST} 延期初审：督查室，2018-05-02前" in lines


def test_a_page_without_open_matters_has_no_such_list() -> None:
    """Under a policy of the first version nothing waits beside the due dates."""
    assert "待办" not in details_page(Desk().state, Desk().now)
