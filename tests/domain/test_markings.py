"""Classification marks: found as they are written on documents, and not in sentences that speak of them."""

from __future__ import annotations

import time

import pytest
from pydantic import ValidationError

from domain.acts.commands import ReportProgress, RequestCompletion
from domain.acts.decisions import reject
from domain.events import CommandRejected
from domain.markings import ClassifiedError, mark_in, must_bear_no_mark
from domain.notice.compiling import compile_notice
from domain.notice.document import Cell, LeftOut, NoticeDocument, Paragraph, Row, Table
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import LEAD, Desk, at, request

MARKED = (
    "机密★10年",
    "绝 密★",
    "秘密 ★1年",
    "附件：机密☆",
    "第一行\n  秘密  \n第三行",
    "【机密】",
    "绝密：长期",
    "机　密★",
    "秘密★１年",
    "机\u200b密★",
    "机密\u2060★",
    "机·密★",
    "機密★",
    "机密＊10年",
    "机密*长期",
    "关于征地的方案（机密）",
    "（秘密）关于征地的方案",
    "〔机密〕方案",
    "密级：机密",
    "密 级 ： 秘密",
    "本文密级为绝密，请注意",
    "绝密级",
    "特急  机密",
    "机密·特急",
    "机密（10年）",
    "机密。",
)
OPEN = (
    "开展机密文件清查",
    "保密宣传月",
    "秘密花园项目",
    "★重点项目",
    "密级管理办法",
    "绝密档案室建设已完工",
    "",
    "密级：公开",
    "对涉密文件（绝密、机密、秘密）进行清退",
    "清退（秘密）文件10份",
    "机密级计算机清理10台",
    "不得泄露国家秘密",
    "密级为机密的载体清退",
    "核查**机密**载体",
    "采用无记名（秘密）投票方式",
)


@pytest.mark.parametrize("text", MARKED)
def test_a_mark_as_documents_bear_it_is_found(text: str) -> None:
    """With the star, in brackets at an end, announced, alone on a line; apart, in full width, in older characters."""
    assert mark_in(text)
    with pytest.raises(ClassifiedError) as refused:
        must_bear_no_mark(text, "反馈")
    assert refused.value.rule == "no_classified_content"
    assert "没有保存" in refused.value.text


@pytest.mark.parametrize("text", OPEN)
def test_words_that_speak_of_secrets_are_no_mark(text: str) -> None:
    """An office supervises work on secrecy too."""
    assert mark_in(text) is None


def test_a_policy_names_more_words() -> None:
    """They are refused wherever they stand, and nowhere without the policy."""
    assert mark_in("（内部资料，注意保存）") is None
    assert mark_in("（内部资料，注意保存）", SupervisionPolicy(refused_words=("内部资料",)).refused_words) == "内部资料"


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("内部资料", "内 部　资\u200b料"),
        ("内部资料", "内部\n资料"),
        ("NOFORN", "Secret//ｎｏｆｏｒｎ"),
        ("Not for Print", "NOT  FOR PRINT"),
    ],
)
def test_a_word_of_the_policy_is_found_in_any_spelling(word: str, text: str) -> None:
    """Apart, in another width or case; letters of one word stand together (`in form` is no `inform`)."""
    assert mark_in(text, (word,)) == word
    assert mark_in("in form", ("inform", " ")) is None


@pytest.mark.parametrize("text", ["方案（机密）", "密级：秘密", "机\u200b密★"])
def test_what_is_on_record_already_stays_readable(text: str) -> None:
    """Only what comes in is held against every spelling: a project that was given such a text once goes on."""
    assert mark_in(text)
    assert request(ReportProgress, text=text, by=LEAD).text == text


@pytest.mark.parametrize("command", [ReportProgress, RequestCompletion])
def test_no_command_can_be_made_of_a_marked_text(command: type) -> None:
    """It is refused where it is typed: nothing reaches the engine, and the sentence names the rule."""
    with pytest.raises(ValidationError) as refused:
        request(command, text="机密★10年 方案已报送", by=LEAD)
    assert "no_classified_content" in refused.value.errors()[0]["msg"]


def test_what_came_past_every_screen_is_refused_without_its_text() -> None:
    """A refusal is kept for ever; of a marked one the words are not."""
    (event,) = reject(
        Desk().state, "readable_command", "收到的指令无法识别", '{"text":"绝密★ 名单"}', at("05-02 10:00")
    )
    assert isinstance(event, CommandRejected)
    assert "名单" not in event.received
    assert "没有保存" in event.received


@pytest.mark.parametrize(
    "document",
    [
        NoticeDocument("通知.docx", (Paragraph("机密★5年"),)),
        NoticeDocument("清单.xlsx", (Table((Row((Cell("秘密"),), "第1行"),)),)),
        NoticeDocument("通知.docx", (Paragraph("通知"),), (LeftOut("页眉", "绝密★"),)),
    ],
    ids=["line", "cell", "header"],
)
def test_a_notice_with_a_mark_is_not_compiled(document: NoticeDocument) -> None:
    """Wherever in the file it stands, in what is left out too."""
    with pytest.raises(ClassifiedError):
        compile_notice(document, year=2018)


@pytest.mark.parametrize(
    "text", ["密" + "\n" * 200_000, "机密" + " " * 200_000 + "x", "机 " * 100_000, ("机密" + " " * 60) * 3_000]
)
def test_no_text_takes_long_to_look_through(text: str) -> None:
    """A file of blanks or of empty lines, which once took hours: below a second of the processor's time."""
    began = time.process_time()
    mark_in(text)
    assert time.process_time() - began < 1.0
