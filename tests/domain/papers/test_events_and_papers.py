"""The small words around events and papers: who acted, what a paper is called, which number it carries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.actors import ENGINE, UnreadableActorError, actor_from_text, department, operator
from domain.papers.paper import DOCUMENT_KINDS, PAPER_KINDS, PAPER_TITLES, paper_number
from tests.domain.samples import lone

names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)


@given(names, names)
def test_who_acted_is_read_back_from_what_is_kept(name: str, person: str) -> None:
    """An engine, an operator, a department and a person of a department lead back to themselves."""
    for actor in (ENGINE, operator(name), department(name), department(name, person)):
        assert actor_from_text(str(actor)) == actor


@pytest.mark.parametrize("text", ["", "engine:x", "operator:", "operator: ", "department:", "king:李", "李"])
def test_what_names_nobody_is_refused(text: str) -> None:
    """Neither a role alone nor a name alone is an actor."""
    with pytest.raises(UnreadableActorError):
        actor_from_text(text)


def test_an_order_is_called_by_its_colour() -> None:
    """The other papers have no colour in their title, the inspection of a yellow order neither."""
    desk = lone()
    desk.run_until("07-01 00:00")
    assert {paper.title for paper in desk.papers} == {
        "督查通知单", "提醒", "催办单", "督办单（蓝色）", "督办单（黄色）", "督办单（红色）", "督查通知",
    }  # fmt: skip


def test_every_kind_of_paper_has_a_number_of_its_own() -> None:
    """Two kinds never share a number, and every kind has a title."""
    numbers = {paper_number(kind, 2018, 3) for kind in PAPER_KINDS}
    assert len(numbers) == len(PAPER_KINDS)
    assert "催办〔2018〕3号" in numbers
    assert set(PAPER_TITLES) == set(PAPER_KINDS) > DOCUMENT_KINDS
