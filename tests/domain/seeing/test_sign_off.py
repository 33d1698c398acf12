"""Sign-off says only what an event says: that nobody is missing is not that everybody signed."""

from __future__ import annotations

import pytest

from domain.acts.commands import SignReceipt, Withdraw
from domain.seeing.stage_words import sign_off_word
from domain.seeing.views import view_of
from tests.domain.samples import WHOLE_LIFE, Desk, at, lone, milestone, request


@pytest.mark.parametrize(
    ("signs", "withdrawn", "said"), [(False, True, "—"), (True, False, "已签收"), (False, False, "1个")]
)
def test_who_never_signed_has_not_signed_when_it_is_withdrawn(signs: bool, withdrawn: bool, said: str) -> None:
    """A project that is withdrawn before its receipt shows no sign-off; one whose lead signed does."""
    desk = Desk(project=lone(milestone(1)).state.project, policy=WHOLE_LIFE)
    desk.run_until("04-26 10:00")
    if signs:
        desk.ask(request(SignReceipt, None))
    if withdrawn:
        desk.ask(request(Withdraw, None))
    view = view_of(desk.state, at("04-26 10:00"))
    assert sign_off_word(view.unsigned, view.stage).startswith(said)
