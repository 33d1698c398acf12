from __future__ import annotations

from adapters.notifications.digest_text import READING_ORDER, letter
from domain.papers.mail import Digest
from domain.papers.paper import PAPER_KINDS, PAPER_TITLES
from tests.adapters.notifications.conftest import MORNING

DOCUMENTS = {"key-project/2018/05a#urge-3": "2018/urge/催办〔2018〕3号.docx"}


def test_a_letter_greets_groups_and_tells_each_item(digest: Digest) -> None:
    """The whole letter as a department reads it."""
    assert letter(digest, DOCUMENTS, MORNING) == (
        "组织部：\n\n"
        "    现将2018年6月4日的督办文书汇总送达，共4件，请及时办理。\n\n"
        "一、督办单（1件）\n\n"
        "  督办〔2018〕1号（黄色）（抄送，主送分管领导）\n"
        "    项目：第5项　配备挂兼职干部\n    事项：组织暑期见习\n    时限：2018年5月31日\n"
        "    内容：提请督促办理。\n\n"
        "二、催办单（2件）\n\n"
        "  催办〔2018〕3号\n"
        "    项目：第5项　配备挂兼职干部\n    事项：组织暑期见习\n    时限：2018年5月31日\n"
        "    内容：现予催办。\n    文书：2018/urge/催办〔2018〕3号.docx\n\n"
        "  催办〔2018〕4号\n"
        "    项目：第5项　配备挂兼职干部\n    事项：组织暑期见习\n    时限：2018年5月31日\n"
        "    内容：请反馈 三、假的一类\n\n"
        "三、提醒（1件）\n\n"
        "  提醒〔2018〕7号\n"
        "    项目：第5项　配备挂兼职干部\n    事项：组织暑期见习\n    时限：2018年5月31日\n"
        "    内容：将于5月31日到期。\n\n"
        "2018年6月4日\n"
    )


def test_a_text_cannot_pass_for_another_item(digest: Digest) -> None:
    """A line break written into a reason stays inside its own line."""
    assert [line for line in letter(digest, {}, MORNING).splitlines() if line.startswith("三、")] == ["三、提醒（1件）"]


def test_every_kind_of_paper_has_its_place_in_a_letter() -> None:
    """A new kind cannot be left out of the mail by forgetting it here."""
    assert sorted(READING_ORDER) == sorted(PAPER_KINDS)


def test_a_letter_of_every_kind_of_paper_names_each_of_them(digest: Digest) -> None:
    """However many kinds come on one morning, each has its number and its title."""
    (first, *_) = digest.items
    items = tuple(
        first.model_copy(update={"paper": first.paper.model_copy(update={"kind": kind})}) for kind in PAPER_KINDS
    )
    text = letter(digest.model_copy(update={"items": items}), {}, MORNING)
    assert [PAPER_TITLES[kind] for kind in PAPER_KINDS if f"、{PAPER_TITLES[kind]}（1件）" not in text] == []
