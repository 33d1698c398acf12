"""An entry that leaves out what the project knew is about whom its act named: who led then, and who was appointed."""

from __future__ import annotations

from typing import Any, Final

import pytest

from verifier.standing import Standing

Values = dict[str, Any]
WANG: Final = {"role": "operator", "name": "王", "person_id": "P0002"}
LED: Final[Values] = {"type": "ProjectDocketed", "data": {"project": {"lead_department": "组织部"}}}
LED_BY_ANOTHER: Final[Values] = {"type": "LeadReassigned", "data": {"after": "学生处"}}


@pytest.mark.parametrize(
    ("named", "recorded", "before", "holds"),
    [
        ("组织部", None, [LED], True),
        (None, None, [LED], True),
        ("教务处", None, [LED], False),
        ("组织部", None, [LED, LED_BY_ANOTHER], False),
        ("学生处", None, [LED, LED_BY_ANOTHER], True),
        ("教务处", "教务处", [LED], True),
    ],
)
def test_who_is_urged_by_name_is_not_recorded_as_the_lead(
    named: str | None, recorded: str | None, before: list[Values], holds: bool
) -> None:
    """An entry that names nobody is about whoever led then, and about nobody else."""
    urged = {"type": "UrgeIssued", "data": {"department": recorded}}
    assert fits([*before, urged], {"type": "Urge", "department": named}) is holds


def appointed(name: str, number: str | None, deputy: str = "P0002") -> Values:
    """An entry by which somebody stands in for another."""
    numbers = {"principal_person": "P0001", "deputy_person": number and deputy}
    return {"type": "DeputyAppointed", "data": {"principal": "operator:李", "deputy": f"operator:{name}", **numbers}}


LI_HONG: Final = {"role": "operator", "name": "李", "person_id": "P0001"}


@pytest.mark.parametrize(
    ("before", "dismissed", "holds"),
    [
        ([appointed("王", "P0002")], "王", True),
        ([appointed("王小", "P0002")], "王小", True),
        ([appointed("王", "P0002"), appointed("钱", "P0009", "P0009")], "钱", False),
        ([appointed("王", None)], "王", True),
        ([appointed("钱", None)], "钱", False),
        ([appointed("王", "P0009", "P0009"), appointed("王", "P0002")], "王", True),
        ([appointed("王", "P0009", "P0009")], "王", False),
        ([], "王", False),
    ],
)
def test_who_is_dismissed_by_number_is_the_one_who_was_appointed(
    before: list[Values], dismissed: str, holds: bool
) -> None:
    """Called otherwise by then he is still he; an entry with the name of another deputy is about that one."""
    over = {"type": "DeputyDismissed", "data": {"principal": "operator:李", "deputy": f"operator:{dismissed}"}}
    assert fits([*before, over], {"type": "DismissDeputy", "principal": LI_HONG, "deputy": WANG}) is holds


def fits(events: list[Values], command: Values) -> bool:
    """Whether the last of a project's entries is about whom its act named."""
    standing = Standing()
    for position, event in enumerate(events):
        standing.take(position, {"stream": "key-project/2018/01", **event})
    return standing.fits(len(events) - 1, events[-1], command)
