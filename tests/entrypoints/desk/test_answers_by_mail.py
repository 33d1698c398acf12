"""Answers by mail at the desk: what waits, what becomes a report, what was not taken."""

from __future__ import annotations

from application.desk_work.mailed_answers import laid_before
from domain.accounts.desk_items import MailedAnswer
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import NOW, OWN


async def test_an_answer_by_mail_is_a_report_only_when_somebody_of_the_department_confirms_it(fresh: Browsers) -> None:
    """It is seen by its own department alone; confirmed it is that person's report, once; dropped it is nothing."""
    office = fresh.office
    made = [
        MailedAnswer(
            key=letter * 64,
            owner=f"department:{OWN}",
            department=OWN,
            milestones=("2018-05a-02",),
            reader="组织部联络员",
            text="已完成<b>摸底</b>。",
            came_at=NOW,
            is_cut=letter == "b",
        )
        for letter in "ab"
    ]
    own, other = await fresh.of("own"), await fresh.of("other")
    accounts = fresh.office.accounts
    assert await laid_before(accounts, made, NOW) == 2
    page = await own.get("/answers")
    assert page.text.count("已完成&lt;b&gt;摸底&lt;/b&gt;。") == 2
    assert page.text.count("来信太长，以下只是开头") == 1
    assert "摸底" not in (await other.get("/answers")).text
    before = (await office.known("2018-05a")).next_seq
    await own.post("/answers", {"draft": "b" * 64, "department": OWN, "drop": "1", "text": "x"})
    assert (await office.known("2018-05a")).next_seq == before
    given = {"draft": "a" * 64, "department": OWN, "milestone": "2018-05a-02", "text": "已完成摸底。"}
    assert (await other.post("/answers", given | {"department": ""})).status_code == 404
    assert (await own.post("/answers", given)).status_code == 303
    assert (await office.known("2018-05a")).next_seq == before + 1
    assert (await own.post("/answers", given)).status_code == 404
    assert "没有待确认" in (await own.get("/answers")).text


async def test_a_letter_about_several_milestones_is_given_for_one_after_another(fresh: Browsers) -> None:
    """What is kept has the others; what was not taken says why; his first page says that letters wait."""
    waits = MailedAnswer(
        key="a" * 64,
        owner=f"department:{OWN}",
        department=OWN,
        milestones=("2018-05a-02", "2018-05a-03"),
        reader="组织部联络员",
        text="摸底已完成，任职在办。",
        came_at=NOW,
    )
    why = "除了引用的原文没有写内容：请写明进展再发。"
    refused = waits.model_copy(update={"key": "b" * 64, "milestones": (), "text": why, "attachments": 1})
    await laid_before(fresh.office.accounts, [waits, refused], NOW)
    own, head = await fresh.of("own"), await fresh.of("head")
    assert "邮件回复 2 份" in (await own.get("/today")).text
    assert "邮件回复" not in (await head.get("/today")).text
    page = (await own.get("/answers")).text
    assert (page.count(why), page.count("确认为反馈"), page.count("共 1 个")) == (1, 1, 1)
    given = {"draft": "a" * 64, "department": OWN, "milestone": "2018-05a-02", "text": "摸底已完成。", "keep": "1"}
    assert (await own.post("/answers", given)).status_code == 303
    page = (await own.get("/answers")).text
    assert 'value="2018-05a-02"' not in page
    assert 'value="2018-05a-03"' in page
    assert "确认，并留着" not in page
    for key in "ab":
        await own.post("/answers", {"draft": key * 64, "department": OWN, "drop": "1"})
    assert "邮件回复 " not in (await own.get("/today")).text
