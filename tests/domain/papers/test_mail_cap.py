"""The cap on papers: what it withholds, and what papers mean for each addressee and month."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.papers.mail_cap import GRANTING, YIELDING, MonthOfPapers, above_the_cap, cap_for, foretold_mail, month_of
from domain.papers.paper import DOCUMENT_KINDS, PAPER_KINDS, PaperKind
from domain.rules.life_cycle import LifeCycleRules
from tests.adapters.ledger.samples import MORNING, paper
from tests.domain.samples import at

KINDS = st.lists(st.sampled_from(PAPER_KINDS), max_size=12)


def test_no_document_yields_to_the_cap() -> None:
    """What has a letterhead and a number of its own always goes out."""
    assert not YIELDING & DOCUMENT_KINDS


@given(kinds=KINDS, so_far=st.integers(0, 15), cap=st.integers(1, 15))
def test_the_cap_withholds_the_last_yielding_papers_and_no_more_than_it_must(
    kinds: list[PaperKind], so_far: int, cap: int
) -> None:
    """Whatever comes: what is withheld yields, and one fewer would be above the cap."""
    withheld = above_the_cap(kinds, so_far, cap)
    yielding = [place for place, kind in enumerate(kinds) if kind in YIELDING]
    assert list(withheld) == yielding[len(yielding) - len(withheld) :]
    sent = so_far + sum(kind not in GRANTING for kind in kinds) - len(withheld)
    assert sent <= cap or len(withheld) == len(yielding)
    assert not withheld or sent >= cap


def test_the_supervision_section_has_no_cap() -> None:
    """Its notices are its own tasks."""
    rules = LifeCycleRules(papers_per_month=7)
    assert (cap_for("组织部", rules), cap_for("督查室", rules)) == (7, None)


def test_a_month_begins_at_the_offices_midnight() -> None:
    """Whatever time zone an instant is written in."""
    assert month_of(at("2018-06-01 00:00").astimezone()) == at("2018-06-01 00:00")
    assert month_of(at("2018-05-31 23:59")) == at("2018-05-01 00:00")


def test_papers_and_copies_count_for_each_addressee_and_month() -> None:
    """Three digests in two months, a cap of two: the third reminder of the month is withheld, the copy counts."""
    papers = [
        paper(0),
        paper(1, send_from=MORNING + timedelta(days=1)),
        paper(2, send_from=MORNING + timedelta(days=2)),
        paper(3, "urge", copies_to=("宣传部",), send_from=MORNING + timedelta(days=40)),
    ]
    assert foretold_mail(papers, LifeCycleRules(papers_per_month=2)) == (
        MonthOfPapers(addressee="宣传部", month="2018-06", sent=1, withheld=0),
        MonthOfPapers(addressee="组织部", month="2018-05", sent=2, withheld=1),
        MonthOfPapers(addressee="组织部", month="2018-06", sent=1, withheld=0),
    )
