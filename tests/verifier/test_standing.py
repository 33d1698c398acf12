"""An entry that leaves out what the project knew is about whom its act named: who led then, and who was appointed."""

from __future__ import annotations

from typing import Any, Final

import pytest

from domain.acts.decisions import HANDLERS
from verifier.standing import _THE_LEADS, Standing

Values = dict[str, Any]
STREAM: Final = "key-project/2018/01"
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
    told = [{"stream": STREAM, **event} for event in events]
    return standing_after(told).fits(len(told) - 1, told[-1], command)


def standing_after(events: list[Values]) -> Standing:
    """What the verifier knows when it has taken the entries."""
    standing = Standing()
    for position, event in enumerate(events):
        standing.take(position, event)
    return standing


OFFICE: Final = {"role": "department", "name": "赵", "department": "办公室"}
OPENED: Final = {"project": {"lead_department": "组织部", "participating_departments": ["办公室"]}}
IN_MAY: Final = {"from_on": "2018-05-01", "until_on": "2018-05-31"}


def refused(command: Values, *before: Values, kind: str = "MilestoneReturnedForRework", at: str = "05-31") -> str:
    """Why the project allowed no such act at nine o'clock on a day, after these entries; empty where it did."""
    events = [{"type": "ProjectDocketed", "data": OPENED}, *before, {"type": kind, "data": {}}]
    told = [{"stream": STREAM, "decided": f"2018-{at}T01:00:00.000000Z", **event} for event in events]
    fault = standing_after(told).fault(len(told) - 1, told[-1], {"type": "ReturnForRework", "by": WANG, **command})
    return fault[0] if fault else ""


def in_may(deputy: str = "王", number: str | None = "P0002") -> Values:
    """王, or another one, stands in for 李 in May."""
    entry = appointed(deputy, number, number or "")
    return {**entry, "data": entry["data"] | IN_MAY}


OVER: Final = {"type": "DeputyDismissed", "data": {"principal": "operator:李", "deputy": "operator:王"}}


@pytest.mark.parametrize(
    ("before", "at", "found"),
    [
        ([in_may()], "05-01", ""),
        ([in_may()], "05-31", ""),
        ([in_may("王小")], "05-31", ""),
        ([in_may(number=None)], "05-31", ""),
        ([], "05-31", "mandate_not_had"),
        ([in_may()], "04-30", "mandate_not_had"),
        ([in_may()], "06-01", "mandate_not_had"),
        ([in_may("钱", "P0009")], "05-31", "mandate_not_had"),
        ([in_may(), OVER], "05-31", "mandate_not_had"),
        ([in_may(), OVER, in_may()], "05-31", ""),
        ([{**in_may(), "stream": "key-project/2018/02"}], "05-31", "mandate_not_had"),
    ],
)
def test_a_deputy_acts_on_his_days_in_his_project(before: list[Values], at: str, found: str) -> None:
    """Whoever attests an act on behalf of another has his mandate in this project, on that day, and not dismissed."""
    assert refused({"on_behalf_of": LI_HONG}, *before, at=at) == found


def test_any_person_of_a_department_stands_in_where_the_department_was_appointed() -> None:
    """A department is appointed as a whole: who of it acts is its own matter."""
    two = {"principal": "department:组织部", "deputy": "department:办公室", **IN_MAY}
    for_it = {"by": OFFICE, "on_behalf_of": {"role": "department", "name": "组织部", "department": "组织部"}}
    assert refused(for_it, {"type": "DeputyAppointed", "data": two}) == ""
    assert refused(for_it, {"type": "DeputyAppointed", "data": two | {"deputy": "department:宣传部"}}) != ""


def test_only_the_principal_appoints_his_deputy() -> None:
    """Nobody puts himself, or a third one, in another's place."""
    for act in ("AppointDeputy", "DismissDeputy"):
        assert refused({"type": act, "principal": WANG, "deputy": LI_HONG}) == ""
        assert refused({"type": act, "principal": LI_HONG, "deputy": WANG}) == "mandate_of_another"
        whole = {"role": "department", "name": "办公室", "department": "办公室"}
        assert refused({"type": act, "by": OFFICE, "principal": whole, "deputy": WANG}) == ""


def test_a_department_acts_where_it_has_a_duty() -> None:
    """Who leads, takes part or was given a part since; nobody reports of a project that is none of his."""
    other = {"role": "department", "name": "孙", "department": "财务处"}
    taken = {"type": "ParticipantReplaced", "data": {"before": "办公室", "after": "财务处"}}
    assert [refused({"by": OFFICE}), refused({"by": other}), refused({"by": other}, taken)] == ["", "duty_not_had", ""]
    leads = {"type": "LeadReassigned", "data": {"after": "办公室"}}
    asked = {"type": "RequestExtension", "by": OFFICE}
    assert [refused(asked), refused(asked, leads)] == ["duty_not_had", ""]


@pytest.mark.parametrize(
    ("kind", "at", "rules", "alone"),
    [
        ("YearClosed", "12-14", {}, "one_person"),
        ("YearClosed", "12-15", {}, ""),
        ("YearClosed", "12-20", {"close_year_days_before_end": 5}, "one_person"),
        ("YearClosed", "06-01", {"two_persons": False}, ""),
        ("ProjectReopened", "12-31", {}, "one_person"),
        ("ProjectReopened", "12-31", {"two_persons": False}, ""),
    ],
)
def test_a_year_ends_early_and_is_taken_back_by_two(kind: str, at: str, rules: Values, alone: str) -> None:
    """As the policy of the project has it; who confirms is another person, and no department."""
    opened = {"type": "ProjectDocketed", "data": {**OPENED, "policy": {"mass_acts": rules}}}
    for confirmed in (None, WANG, WANG | {"name": "王小"}, OFFICE | {"department": "组织部"}):
        assert refused({"confirmed_by": confirmed}, opened, kind=kind, at=at) == alone
    assert refused({"confirmed_by": LI_HONG}, opened, kind=kind, at=at) == ""


def test_a_giver_who_cannot_be_read_is_named() -> None:
    """A command without its giver, and one whose giver is no person, end in a finding."""
    assert refused({"by": "王"}) == refused({"by": None}) == "attestation_unreadable"


def test_what_the_lead_alone_does_is_what_the_core_lets_the_lead_alone_do() -> None:
    """A new act of the lead's is named in the verifier too."""
    assert {command.__name__ for command in HANDLERS if command.who == "lead"} == _THE_LEADS
