"""Answers by mail: who may answer, what of a letter is taken, and that it is a draft and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from application.desk_work.mailed_answers import (
    LASTS,
    MOST_BYTES,
    BouncedError,
    NotAnAnswerError,
    done_with,
    draft_of,
    laid_before,
    names_of,
    waiting_for,
)
from application.office.message_receipts import bounce_came
from application.settings import Settings
from domain.acts.commands import Withdraw
from domain.ids import supervision_workflow_id
from domain.papers.message_identity import mail_identity
from domain.papers.paper import Paper
from domain.papers.routes import Routes
from domain.ports.ledger import Decision
from entrypoints.bootstrap import open_records
from entrypoints.bootstrap.accounts import open_accounts
from tests.application.desk_work.test_letters import IDENTITY, bounced
from tests.application.office.test_courier import MORNING, House, at_work, routes
from tests.domain.samples import PROJECT, Desk, milestone, request
from tests.recorded_mail import send_digest

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
ADDRESS = "zzb@example.gov.cn"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty house."""
    with open_records(Settings(data=tmp_path / "data")) as records:
        yield House(records)


def by_mail() -> Routes:
    """The reader of 组织部 has an address."""
    server = {"kind": "email", "host": "smtp.example", "sender": "dcs@example.gov.cn"}
    readers = {
        "组织部联络员": {
            "reads": ("组织部", "组织部主要负责人", "分管领导"),
            "to": [{"channel": "mail", "address": ADDRESS}],
        }
    }
    return Routes.model_validate({"channels": {"mail": server}, "readers": readers})


async def sent(house: House, desk: Desk, papers: Sequence[Paper], addressee: str = "组织部") -> str:
    """A message of a project that is on record, with some of its papers, that went out; its letter's Message-ID."""
    stream = supervision_workflow_id(PROJECT)
    await house.records.ledger.record(Decision(stream=stream, events=tuple(desk.events), papers=tuple(papers)))
    digest = await house.records.outbox.claim(addressee, f"{addressee}/2026-05-11T090000", MORNING)
    await house.records.outbox.settle(digest, MORNING)
    house.routes = routes((addressee,))
    async with at_work(house) as courier:
        await house.goes_on(courier)
    return f"<{mail_identity(house.delivery().message_id)}@example.gov.cn>"


async def answered(house: House) -> str:
    """The message of an order about one milestone that went out; answers the Message-ID of its letter."""
    desk = Desk(milestone(1, date(2018, 6, 30)))
    return await sent(house, desk, [each for each in desk.papers if each.kind == "supervision_order"])


def reply(to: str, text: str = "已完成摸底。", sender: str = ADDRESS, **headers: str) -> bytes:
    """A reply as a mail program writes it."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["In-Reply-To"] = sender, "dcs@example.gov.cn", to
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(f"{text}\n\n-----原始邮件-----\n发件人：督查室\n> 请办理\n")
    return letter.as_bytes()


@pytest.mark.parametrize(("length", "is_cut"), [(4_000, False), (4_001, True), (100_000, True)])
async def test_a_letter_of_more_than_a_text_holds_says_that_it_is_cut(house: House, length: int, is_cut: bool) -> None:
    """Its beginning is the draft, and whoever confirms it is told so."""
    (draft,) = draft_of(reply(await answered(house), "报" * length), house.records, by_mail(), house.now)
    assert (len(draft.text), draft.is_cut) == (4_000, is_cut)


async def test_a_reply_becomes_a_draft_of_its_department_once(house: House, tmp_path: Path) -> None:
    """What was written without what was quoted, about the message's milestones; the ledger has nothing new."""
    letter = reply(await answered(house))
    before = len(list(house.records.ledger.entries()))
    with open_accounts(Settings(data=tmp_path / "data"), house.records) as accounts:
        drafts = draft_of(letter, house.records, by_mail(), house.now)
        assert [await laid_before(accounts, drafts, NOW) for _ in "ab"] == [1, 0]
        (draft,) = await waiting_for(accounts, "组织部")
        assert (draft.text, draft.milestones, draft.reader) == ("已完成摸底。", ("2018-05a-01",), "组织部联络员")
        assert await waiting_for(accounts, "教育局") == []
        assert draft.ends_at == NOW + LASTS, "by the clock that removes what has ended"
        await done_with(accounts, draft)
        await accounts.store.change(lambda rows: rows.remove_ended(NOW + 2 * LASTS))
        assert await laid_before(accounts, drafts, NOW) == 0, "the letter still lies there"
        assert await waiting_for(accounts, "组织部") == []
    assert len(list(house.records.ledger.entries())) == before


async def test_a_reply_to_a_paper_about_a_whole_project_is_about_all_that_is_open_of_it(house: House) -> None:
    """An order or a directive names no milestone; what is struck off is asked of nobody, and nothing falls away."""
    desk = Desk(*(milestone(n, date(2018, 6, 30)) for n in (1, 2)))
    desk.ask(request(Withdraw, "2018-05a-01", reason="撤销。"))
    orders = tuple(each for each in desk.papers if each.kind == "supervision_order")
    assert [each.milestone_id for each in orders] == [None]
    letter = reply(await sent(house, desk, orders))
    (draft,) = draft_of(letter, house.records, by_mail(), house.now)
    assert draft.milestones == ("2018-05a-02",)
    assert names_of([draft], house.records) == {"2018-05a-02": f"5（2） {desk.state.issued('2018-05a-02').description}"}


@pytest.mark.parametrize(
    ("post", "laid_before_"), [("组织部主要负责人", ["组织部"]), ("分管领导", None)], ids=["the head", "a leader"]
)
async def test_a_superior_s_reply_is_his_department_s_or_told_to_be_none(
    house: House, post: str, laid_before_: list[str] | None
) -> None:
    """A head answers for his department, whose clerks confirm it; a leader has no desk on which drafts lie."""
    desk = Desk(milestone(1, date(2018, 6, 30)))
    order = next(each for each in desk.papers if each.kind == "supervision_order")
    climbed = {"kind": "escalation_order", "level": "yellow", "milestone_id": "2018-05a-01", "to": post}
    letter = reply(await sent(house, desk, [order.model_copy(update={**climbed, "copies_to": ("组织部",)})], post))
    if laid_before_ is None:
        with pytest.raises(NotAnAnswerError, match="没有要反馈的节点"):
            draft_of(letter, house.records, by_mail(), house.now)
    else:
        drafts = draft_of(letter, house.records, by_mail(), house.now)
        assert [(each.department, each.milestones) for each in drafts] == [("组织部", ("2018-05a-01",))]


async def test_a_reply_to_papers_that_ask_for_nothing_is_told_and_not_dropped(house: House) -> None:
    """Where no milestone of theirs is open, the sentence says where to act."""
    await send_digest(house.records, "组织部", MORNING, milestone_id=None)
    house.routes = routes()
    async with at_work(house) as courier:
        await house.goes_on(courier)
    letter = reply(f"<{mail_identity(house.delivery().message_id)}@example.gov.cn>")
    with pytest.raises(NotAnAnswerError, match="没有要反馈的节点"):
        draft_of(letter, house.records, by_mail(), house.now)


async def test_a_letter_of_anybody_else_is_no_answer(house: House) -> None:
    """Another address, two senders, an automatic reply, another thread, only a quotation: each with its reason."""
    to = await answered(house)
    refused = {
        reply(to, sender="someone@evil.example"): "登记的地址",
        reply(to, sender=f"{ADDRESS}, someone@evil.example"): "登记的地址",
        reply(to, Auto_Submitted="auto-replied"): "自动回复",
        reply(to, Authentication_Results="mx; dmarc=fail"): "可能是冒名",
        reply("<0@example.gov.cn>"): "不是对督办消息的回信",
        reply(to, text=""): "没有写内容",
        b"\xff\xfe": "不是对督办消息的回信",
    }
    for letter, told in refused.items():
        with pytest.raises(NotAnAnswerError, match=told) as why:
            draft_of(letter, house.records, by_mail(), house.now)
        at_desk = [(each.department, each.text, each.milestones) for each in why.value.told]
        unseen = "自动回复" in told or "不是对督办消息" in told
        assert at_desk == ([] if unseen else [("组织部", why.value.text, ())]), "who wrote takes it for his report"


async def test_a_letter_is_one_however_often_a_server_hands_it_over(house: House) -> None:
    """Headers that a fetching program adds make no second draft; the same words in another letter do."""
    to = await answered(house)
    letters = [reply(to, Message_ID=name) for name in ("<1@a>", "<2@a>")]
    letters.append(b"X-TUID: abc\n" + letters[0])
    keys = [draft_of(each, house.records, by_mail(), house.now)[0].key for each in letters]
    assert keys[0] == keys[2] != keys[1]


async def test_a_letter_with_a_large_file_is_read_as_far_as_its_text_goes(house: House) -> None:
    """Scans of some megabytes come with two lines of text; that not all was read is said."""
    letter = EmailMessage()
    letter["From"], letter["In-Reply-To"] = ADDRESS, await answered(house)
    letter.set_content("已完成摸底。")
    letter.add_attachment(bytes(MOST_BYTES), "application", "pdf", filename="扫描件.pdf")
    (draft,) = draft_of(letter.as_bytes(), house.records, by_mail(), house.now)
    assert (draft.text, draft.attachments, draft.is_cut) == ("已完成摸底。", 1, True)


@pytest.mark.parametrize("text", ["见方案（机密）", "机密★10年", "内部资料第3号"])
async def test_a_letter_with_a_mark_lays_nothing_before_anybody(
    house: House, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """It is told with the rule's own sentence, and what to do with the letter, which lies in its folder still."""
    monkeypatch.setattr("domain.record.refused_words.RefusedWords.of_all", lambda *_: ("内部资料",))
    letter = reply(await answered(house), text)
    with pytest.raises(NotAnAnswerError, match=r"没有保存.*信还在目录里") as why:
        draft_of(letter, house.records, by_mail(), house.now)
    (told,) = why.value.told
    assert told.text.startswith("带有密级或限制标志，没有采用"), "the mark itself is kept nowhere"


@pytest.mark.parametrize(
    ("status", "action", "recorded", "address"),
    [
        ("5.1.1", "failed", True, True),
        ("5.2.2", "failed", True, False),
        ("4.4.7", "Failed", True, False),
        ("4.4.7", "delayed", False, False),
        ("2.0.0", "delivered", False, False),
    ],
)
async def test_a_letter_that_came_back_is_a_failure_and_no_answer(
    status: str, action: str, recorded: bool, address: bool, house: House
) -> None:
    """The next way is taken, once; only a wrong address is told as such. A delay is none until the server gives up."""
    to = await answered(house)
    came = bounced(status, action).replace(IDENTITY.encode(), to[1:41].encode())
    with pytest.raises(BouncedError, match="组织部联络员的地址没有收到" if recorded else "无须处理") as told:
        draft_of(came, house.records, by_mail(), house.now)
    assert told.value.known is not None
    assert told.value.bounce.is_failure is recorded
    if not recorded:
        return
    assert await bounce_came(house.records, told.value.known, status, house.now)
    delivery = house.delivery()
    assert delivery.state == "failed_for_good"
    assert bool(delivery.refused) is address
    known = told.value.known._replace(delivery=delivery)
    assert await bounce_came(house.records, known, status, house.now) is False
