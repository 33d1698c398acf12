"""A paper in the language of the office that issues it."""

from __future__ import annotations

import pytest

from domain.papers.paper import PAPER_KINDS, DutyLine, NumberedPaper, paper_number
from domain.papers.wording import in_english, language_of
from tests.adapters.ledger.samples import paper


def test_what_the_list_says_stays_and_what_we_say_is_worded() -> None:
    """Title, item and names of a paper are the list's; its text, its table and what went before are said anew."""
    line = DutyLine(number="5", what="x", who="甲、乙", due="d")
    drafted = paper(0).model_copy(update={"body": "text", "duties": (line,), "before": ("b",), "item": "项"})
    worded = in_english(drafted, lambda text: f"<{text}>")
    assert (worded.body, worded.before, worded.language) == ("<text>", ("<b>",), "en")
    assert worded.duties == (DutyLine(number="<5>", what="<x>", who="<甲>, <乙>", due="<d>"),)
    assert (worded.to, worded.item, worded.project_title) == (drafted.to, "项", drafted.project_title)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("done. We know.。", "Done. We know."),
        ("why? now!。", "Why? now!"),
        ("ends.. Please", "Ends. Please"),
        ("v1.2.", "V1.2."),
    ],
)
def test_a_sentence_ends_once(said: str, told: str) -> None:
    """What people wrote may end with a full stop already."""
    assert in_english(paper(0), lambda _: said).body == told


def test_a_number_is_in_the_paper_s_language() -> None:
    """In sequence whatever the language; no two kinds have one word."""
    assert paper_number("supervision_order", 2018, 308, "en") == "Supervision [2018] No. 308"
    assert paper_number("supervision_order", 2018, 308) == "督通〔2018〕308号"
    assert len({paper_number(kind, 2018, 1, "en") for kind in PAPER_KINDS}) == len(PAPER_KINDS)


def test_a_letter_is_english_where_all_its_papers_are() -> None:
    """One that is Chinese still makes it Chinese; so does none."""
    chinese = NumberedPaper(number="1", sequence=1, paper=paper(0))
    english = chinese.model_copy(update={"paper": in_english(paper(0), str)})
    assert [language_of(each) for each in ((english,), (english, chinese), (chinese,), ())] == ["en", "zh", "zh", "zh"]
