"""A paper that climbs names the person who has the post, for this department, on this day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.directory import changes
from domain.directory.directory import Directory
from domain.directory.superiors import CLIMBING, climbs, goes_to_head_of, goes_up, named_post, post_of, with_superior
from domain.names import written_name
from domain.papers.paper import PAPER_KINDS, Paper
from domain.rules.policy import SupervisionPolicy
from tests.domain.directory.samples import NEW_YEAR, day, draft_on, small_office
from tests.domain.samples import Desk, milestone

ON = day(6, 7)


def climbing_papers() -> list[Paper]:
    """The papers of a milestone that nobody works on, as the core drafts them."""
    desk = Desk(milestone(1))
    desk.run_until("06-20 10:00")
    return [paper for paper in desk.papers if paper.kind in CLIMBING]


@pytest.mark.parametrize(
    ("post", "late", "expected"),
    [
        ("组织部主要负责人", "组织部", "组织部主要负责人（李红）"),
        ("组部主任", "组织部", "组部主任（李红）"),
        ("分管领导", "组织部", "分管领导（王伟）"),
        ("主要领导", "组织部", "主要领导（陈静）"),
        ("主要领导", "宣传部", "主要领导（陈静）"),
        ("主任", "宣传部", "主任（刘洋）"),
        ("分管领导", "宣传部", "分管领导"),
        ("分管领导", "没有的部", "分管领导"),
        ("主要领导", "没有的部", "主要领导（陈静）"),
        ("财务部主要负责人", "组织部", "财务部主要负责人"),
        ("秘书长", "组织部", "秘书长"),
        ("Leader in Charge", "组织部", "Leader in Charge（王伟）"),
        ("Principal Leader", "宣传部", "Principal Leader（陈静）"),
        ("Secretary General", "组织部", "Secretary General"),
    ],
)
def test_a_post_is_named_by_who_has_it(post: str, late: str, expected: str) -> None:
    """Each word of a policy names the person of the directory; a word or a place that it does not know stays."""
    assert named_post(small_office(), post, late, ON) == expected
    assert post_of(expected) == post


def test_an_english_policy_names_the_head_of_a_department() -> None:
    """`Head of {lead}` reaches the person, as the Chinese word does."""
    draft = draft_on(small_office())
    head = changes.open_person(draft, "Ann Li")
    parks = changes.open_department(draft, "Parks Department")
    changes.give_role(draft, head, "head", department_id=parks)
    post = "Head of Parks Department"
    assert named_post(draft.directory, post, "组织部", draft.today) == "Head of Parks Department（Ann Li）"
    assert post_of("Head of Parks Department（Ann Li）") == post


def test_an_english_policy_names_the_head_of_a_department_with_a_chinese_name() -> None:
    """`Head of 组织部` keeps its blank, as a name is kept, and reaches the person."""
    post = written_name("Head of 组织部")
    assert named_post(small_office(), post, "宣传部", ON) == "Head of 组织部（李红）"
    assert post_of("Head of 组织部（李红）") == post == "Head of 组织部"


@pytest.mark.parametrize(
    ("to", "late", "up"),
    [
        ("组织部主要负责人", "组织部", False),
        ("组织部主要负责人（李红）", "组织部", False),
        ("组织部部长", "组织部", False),
        ("主任", "组织部", False),
        ("督查室主任", "组织部", True),
        ("分管领导（王伟）", "组织部", True),
        ("组织部分管领导", "组织部", True),
        ("Head of Parks Department", "Parks Department", False),
        ("Head of Parks Department（Ann Li）", "Parks Department", False),
        ("Head of Supervision Office", "Parks Department", True),
        ("Leader in Charge", "Parks Department", True),
        ("Principal Leader", "Parks Department", True),
    ],
)
def test_a_paper_to_the_late_department_s_own_head_does_not_go_up(to: str, late: str, up: bool) -> None:
    """A signer stands on what goes to a leader, in each language of a policy's words."""
    paper = climbing_papers()[0].model_copy(update={"to": to, "copies_to": (late,)})
    assert goes_up(paper) is up


@pytest.mark.parametrize(
    ("to", "late", "whose"),
    [
        ("组织部主要负责人（李红）", "组织部", "组织部"),
        ("组织部主要负责人", "宣传部", "组织部"),
        ("主任", "宣传部", "宣传部"),
        ("Head of Parks Department（Ann Li）", "Parks Department", "Parks Department"),
        ("组织部分管领导（王伟）", "组织部", None),
        ("组织部", "组织部", None),
    ],
)
def test_a_paper_to_a_head_says_of_which_department(to: str, late: str, whose: str | None) -> None:
    """Of the one that the post names, or of the one that is late; what goes elsewhere is no head's."""
    paper = climbing_papers()[0].model_copy(update={"to": to, "copies_to": (late,)})
    assert goes_to_head_of(paper) == whose


@pytest.mark.parametrize(
    "addressee", ["组织部", "组织部（一处）", "办公室（分管领导）", "王伟（分管领导", "（分管领导）"]
)
def test_a_bracket_of_a_department_s_name_is_no_person(addressee: str) -> None:
    """Only what follows a post is taken for a person's name."""
    assert post_of(addressee) == addressee


def test_a_superior_whose_name_another_bears_is_told_by_number() -> None:
    """Two of one name are two addressees."""
    draft = draft_on(small_office())
    changes.open_person(draft, "王伟", "007", NEW_YEAR)
    changes.give_role(draft, "007", "leader_in_charge", department_id="D0002", from_on=NEW_YEAR)
    posts = [named_post(draft.directory, "分管领导", late, ON) for late in ("组织部", "宣传部")]
    assert posts == ["分管领导（王伟，P0002）", "分管领导（王伟，007）"]
    assert [post_of(post) for post in posts] == ["分管领导", "分管领导"]


def test_papers_that_climb_are_addressed_to_persons() -> None:
    """Orders and limits that climb, as the core drafts them, reach the persons, and their text names them too."""
    papers = climbing_papers()
    assert {paper.kind for paper in papers} == CLIMBING
    named = [with_superior(small_office(), paper) for paper in papers]
    assert {(paper.copies_to[0], paper.to) for paper in named} == {
        ("组织部", "组织部主要负责人（李红）"),
        ("组织部", "分管领导（王伟）"),
        ("组织部", "主要领导（陈静）"),
        ("宣传部", "宣传部主要负责人（刘洋）"),
        ("宣传部", "分管领导"),
    }
    for before, after in zip(papers, named, strict=True):
        assert post_of(after.to) == before.to
        assert f"提请{after.to}督促" in after.body
        assert after.body.replace(after.to, before.to) == before.body
        assert after.model_copy(update={"to": before.to, "body": before.body}) == before


def test_without_a_directory_papers_are_as_they_were() -> None:
    """An office that keeps no directory has the words of its policy on its papers."""
    assert all(with_superior(Directory(), paper) is paper for paper in climbing_papers())


def test_other_papers_are_left_alone() -> None:
    """No paper but one that climbs is changed, whatever it says."""
    paper = climbing_papers()[0]
    others: list[Any] = [kind for kind in PAPER_KINDS if kind not in CLIMBING]
    for kind in others:
        other = paper.model_copy(update={"kind": kind})
        assert with_superior(small_office(), other) is other
        assert not climbs([other])
    assert climbs([paper])


def test_the_day_of_the_paper_decides() -> None:
    """A paper goes to who had the post when it was issued, although another one has it by the time it is looked at."""
    (paper,) = [each for each in climbing_papers() if each.level == "yellow"]
    draft = draft_on(small_office())
    issued = paper.issued_at.date()
    changes.take_role(draft, "P0002", "leader_in_charge", department_id="D0001", until_on=issued)
    changes.give_role(draft, "P0003", "leader_in_charge", department_id="D0001", from_on=issued + timedelta(days=1))
    assert with_superior(draft.directory, paper).to == "分管领导（王伟）"
    later = paper.model_copy(update={"issued_at": paper.issued_at + timedelta(days=1)})
    assert with_superior(draft.directory, later).to == "分管领导（张敏）"


def test_every_word_of_the_default_policy_names_a_post() -> None:
    """The superiors of the default policy are all found in a directory that has them."""
    policy = SupervisionPolicy()
    words = {step.to for step in policy.rules.escalation} | {"督查室主任"}
    draft = draft_on(small_office())
    section = changes.open_department(draft, "督查室", from_on=NEW_YEAR)
    changes.give_role(draft, "P0003", "head", department_id=section, from_on=NEW_YEAR)
    for word in words:
        post = word.replace("{lead}", "组织部").replace("{department}", "组织部")
        assert named_post(draft.directory, post, "组织部", ON) != post
