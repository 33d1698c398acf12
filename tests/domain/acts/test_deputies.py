"""Deputies: appointed by their principal, of the same side, for a period, in a project that is the principal's."""

from __future__ import annotations

from datetime import date

import pytest

from domain.actors import Actor, department, operator
from domain.acts.commands import AppointDeputy
from domain.acts.rejections import NotAnOperatorError, NotYourDutyError, OtherSideDeputyError
from domain.errors import RejectedError
from tests.domain.samples import LEAD, LI, PARTICIPANT, STRANGER, WANG, WHOLE_LIFE, Desk


def appointed(principal: Actor, deputy: Actor) -> Desk:
    """A desk at which a principal has appointed a deputy for May."""
    desk = Desk(policy=WHOLE_LIFE)
    command = AppointDeputy(
        request_id="a",
        by=principal,
        principal=principal,
        deputy=deputy,
        from_on=date(2018, 5, 1),
        until_on=date(2018, 5, 31),
        reason="出差",
    )
    desk.ask(command, "04-26 10:00")
    return desk


@pytest.mark.parametrize(
    ("principal", "deputy"), [(LEAD, STRANGER), (PARTICIPANT, department("办公室", "王五")), (LI, WANG)]
)
def test_a_principal_appoints_a_deputy_of_its_own_side(principal: Actor, deputy: Actor) -> None:
    """A department another department, a person of the supervision section another person."""
    (kept,) = appointed(principal, deputy).state.deputies
    assert (kept.principal, kept.deputy) == (str(principal), str(deputy))


@pytest.mark.parametrize(
    ("principal", "deputy", "error"),
    [
        (LEAD, LI, OtherSideDeputyError),
        (LI, LEAD, OtherSideDeputyError),
        (STRANGER, PARTICIPANT, NotYourDutyError),
        (operator("组织部"), LI, NotAnOperatorError),
    ],
)
def test_nobody_gains_by_a_deputy_what_its_side_may_not_do(
    principal: Actor, deputy: Actor, error: type[RejectedError]
) -> None:
    """A department that accepts its own completion for an operator, a stranger, a department that calls itself one."""
    with pytest.raises(error):
        appointed(principal, deputy)
