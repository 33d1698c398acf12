"""A repeated serial keeps its letter: a list whose parts count from one is issued again, and each duty goes on."""

from __future__ import annotations

from domain.lists.letters import with_running_letters
from domain.notice.findings import Finding, FindingSource, Ruling
from domain.notice.plan import Plan
from tests.domain.samples import HEADER, key_project, milestone


def plan(*rows: tuple[str, str, str]) -> Plan:
    """Rows of an identity, a serial and a title, each with one milestone."""
    projects = tuple(
        key_project([milestone(project_id=number)], project_id=number).model_copy(
            update={"serial": serial, "title": title}
        )
        for number, serial, title in rows
    )
    return Plan(**dict(HEADER), projects=projects)


RUNNING = plan(
    ("2018-01a", "1", "学校建设"),
    ("2018-02a", "2", "道路维修"),
    ("2018-03", "3", "医院改造"),
    ("2018-01b", "1", "河道治理"),
    ("2018-02b", "2", "公园绿化"),
)


def identities(*rows: tuple[str, str, str]) -> dict[str, str]:
    """The titles of the rows by the identity under which they go on."""
    listed = with_running_letters(plan(*rows), {each.project_id: each for each in RUNNING.projects})
    assert all(each.milestones[0].milestone_id == f"{each.project_id}-01" for each in listed.projects)
    return {each.project_id: each.title for each in listed.projects}


def test_an_item_put_into_one_part_does_not_rename_an_item_of_another() -> None:
    """A third item of the second part makes `3` a repeated serial: the one that runs stays what it is."""
    found = identities(("2018-03a", "3", "医院改造"), ("2018-03b", "3", "养老服务"))
    assert found == {"2018-03": "医院改造", "2018-03b": "养老服务"}


def test_an_item_left_out_of_one_part_leaves_the_other_its_letter() -> None:
    """`2` stands once only, and is still `02a`; worded anew as well."""
    assert identities(("2018-02", "2", "道路维修")) == {"2018-02a": "道路维修"}
    assert identities(("2018-02", "2", "公园绿化提升")) == {"2018-02b": "公园绿化提升"}


def test_parts_that_change_places_keep_their_items() -> None:
    """The letters follow the titles, and a new duty takes one that none has had."""
    swapped = identities(("2018-01a", "1", "河道治理"), ("2018-01b", "1", "学校建设"))
    assert swapped == {"2018-01b": "河道治理", "2018-01a": "学校建设"}
    beside = identities(("2018-01a", "1", "河道治理"), ("2018-01b", "1", "垃圾分类"), ("2018-04", "4", "老旧电梯"))
    assert beside == {"2018-01b": "河道治理", "2018-01c": "垃圾分类", "2018-04": "老旧电梯"}


def test_what_is_asked_and_ruled_goes_with_its_row() -> None:
    """A ruling on the row is a ruling on what runs; words that look like a number stay."""
    key = "crossing@2018-03a:2"
    doubt = Finding(
        key=key,
        code="crossing",
        severity="ruling",
        project_id="2018-03a",
        milestone_id="2018-03a-01",
        text="2018-03a",
        source=FindingSource.whole("schedule_text", "3月"),
    )
    rows = plan(("2018-03a", "3", "医院改造"), ("2018-03b", "3", "养老服务"))
    given = rows.model_copy(update={"findings": (doubt,), "rulings": (Ruling(finding=key, choice="确认"),)})
    listed = with_running_letters(given, {each.project_id: each for each in RUNNING.projects})
    (ruling,) = listed.rulings_about(listed.projects[0])
    assert (ruling.finding, ruling.milestone_id, ruling.doubt) == ("crossing@2018-03:2", "2018-03-01", "2018-03a")
