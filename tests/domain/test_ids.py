"""Identities: built in one place, read back in one place, and nothing that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.errors import UnreadableIdError
from domain.ids import (
    MilestoneId,
    ProjectId,
    event_id_for,
    milestone_id_for,
    project_id_for,
    project_of,
    supervised_project_id,
    supervision_workflow_id,
    year_of,
)

NO_PROJECT = ["", "2018", "2018-", "18-05", "2018-05-01", "2018_05", "2018-05a\n", "２０１８-05", "2018-五", " 2018-05"]
serials = st.from_regex(r"[0-9A-Za-z.]{1,8}", fullmatch=True)
years = st.integers(min_value=1000, max_value=9999)


@given(years, serials, st.sampled_from(["", "a", "b"]), st.integers(min_value=1, max_value=150))
def test_what_is_built_is_read_back(year: int, serial: str, letter: str, ordinal: int) -> None:
    """Year, project, milestone and workflow id lead back to one another."""
    project_id = project_id_for(year, serial, letter)
    assert TypeAdapter(ProjectId).validate_python(project_id) == project_id
    assert year_of(project_id) == year
    assert supervised_project_id(supervision_workflow_id(project_id)) == project_id
    milestone_id = milestone_id_for(project_id, ordinal)
    assert TypeAdapter(MilestoneId).validate_python(milestone_id) == milestone_id
    assert project_of(milestone_id) == project_id


def test_a_repeated_serial_has_a_letter_and_a_short_one_a_zero() -> None:
    """Serial 5 printed twice is two projects, and they sort beside 04 and 06."""
    assert [project_id_for(2018, "5", letter) for letter in "ab"] == ["2018-05a", "2018-05b"]
    assert (project_id_for(2018, "12"), project_id_for(2018, "1.2")) == ("2018-12", "2018-1.2")


@pytest.mark.parametrize("text", NO_PROJECT)
def test_what_is_no_project_is_refused_by_every_reader(text: str) -> None:
    """The type, the year and the workflow id refuse the same texts, full-width digits and line ends among them."""
    with pytest.raises(ValidationError):
        TypeAdapter(ProjectId).validate_python(text)
    with pytest.raises(UnreadableIdError):
        year_of(text)
    with pytest.raises(UnreadableIdError):
        supervision_workflow_id(text)


@pytest.mark.parametrize("text", ["2018-05a", "2018-05a-1", "2018-05a-x", "2018-05a-01\n", "2018-05a-０１", ""])
def test_what_is_no_milestone_is_refused(text: str) -> None:
    """The type and the reader refuse the same texts."""
    with pytest.raises(ValidationError):
        TypeAdapter(MilestoneId).validate_python(text)
    with pytest.raises(UnreadableIdError):
        project_of(text)


@pytest.mark.parametrize("text", ["department-mailbox/组织部", "key-project/2018", "key-project/2018/05/a", "x"])
def test_what_is_no_supervision_is_refused(text: str) -> None:
    """Other workflows of the same engine are not taken for projects."""
    with pytest.raises(UnreadableIdError):
        supervised_project_id(text)


def test_an_event_is_named_by_its_stream_and_its_place() -> None:
    """The same place is the same event, so that a retry is harmless."""
    assert event_id_for("key-project/2018/05a", 7) == "key-project/2018/05a#7"
