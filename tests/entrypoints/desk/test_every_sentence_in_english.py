"""Every sentence for people that a layer below the screens makes has its English: a new one fails until it has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from domain.notice.compiling import compilation
from entrypoints.bootstrap.plan_files import read_notice
from entrypoints.core_sentences import core_said, is_chinese
from tests.entrypoints.desk.catalogue import english
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.said_in_layers import LAYERS, ROOT, Said, said_in
from tests.entrypoints.desk.test_plans import LIST, handed_in
from tests.entrypoints.desk.test_words_of_pages import NAMES, words_of

_PAPERS: Final = "papers and letters have a catalogue of their own (test_papers_in_english.py)"
ELSEWHERE: Final = {
    "domain/events": "its lines of words have a test below; the rest stands in papers",
    "domain/seeing": "years of acts at random hold its explanations (test_core_sentences.py)",
    "domain/papers": _PAPERS,
    "domain/ports/channel.py": _PAPERS,
    "domain/scoring/bulletin_text.py": _PAPERS,
    "domain/scoring/score_bulletin.py": _PAPERS,
    "application/rehearsing/mixed_year.py": "what made-up people write",
    "adapters/documents": _PAPERS,
    "adapters/notifications": _PAPERS,
}
"""What this test leaves out: folders and files, each with the reason."""
LEFT: Final = {
    "domain/notice": (
        *("〇一二三四五六七八九十", " 前完成。.", " 前完成,各一次1", "工作进度安排", "月日号年底末初旬季度半 "),
        *("{detail['day']}日前", "{year}年{month}月{day}日—{year}年{month}月{day}日", "{last_year}年{b}月{tail}"),
        *(
            "调整为{text}",
            "{year}年{month}月{match.group()}",
        ),
        *("{year}年{month}月{day}日", "{begins[1]}-{ends[1]}月", "一二三四五六日", "一二三四五六日天"),
        *("()[].、,:第号项 ", "0123456789'’ 第WwCc本这下当财会“\"‘十", "消费者权益日", "国际消费者权益日"),
        "{int(dotted[1])}月{int(dotted[2])}日",
        *("国家安全教育日", "全民国家安全教育日", "世界知识产权日", "全国防灾减灾日", "世界艾滋病日"),
        *("全国交通安全日", "国际残疾人日", "国际志愿者日"),
    ),
    "domain": ("{department}主要负责人", "{lead}主要负责人"),
    "adapters": (
        *(
            "{name}是{_OTHERS[suffix]}。",
            "〇一二三四五六七八九",
            "参与部门（一行一个）",
            "不参与的部门（一行一个）",
            "印发前已到期",
        ),
        *("每期第几个月", "可选（写法=含义，一行一个）", 'name="督办计划"', "{'、'.join(names)} 和 {last}"),
    ),
}
"""Texts that are read, typed or kept and no sentences: words of notices, days as one writes them, heads of a plan's
workbook, names of posts."""
BEGINNINGS: Final = ("# 督办计划：", "督办台账审计包", "导出时的校验值", "工作日历文件“", "王李张", "〇㐀", "號号")
"""How texts begin that speak both languages, stand in a file that people keep, are told with what follows, or are
letters of names, or of traditional characters."""
_JOINTS: Final = "，；\n "
"""What the tail of a sentence begins with."""
FRAGMENTS: Final = {"domain/acts/pausing.py": "its head stands in sentences that are told"}


BY_CHANCE: Final = {
    "通报{'表扬' if self.kind == 'praise' else '批评'}{department}：{text}",
    "{whose(self.department)}{PAPER_TITLES[self.kind]}未发：{NOT_SENT_WORDS[self.reason]}",
    "{whose(self.department)}{LEVEL_WORDS[self.level]}督办单，提级至{to}",
}
"""Lines that are all words of tables: years of acts at random hold them (test_core_sentences.py)."""


def told(sentence: str) -> str:
    """A sentence in English, without the words that it quotes."""
    return _without_quotes(core_said("en", sentence.strip()))


def is_told(said: Said) -> bool:
    """Whether a sentence, or the tail of one, has its English with some values or other."""
    filled = [each for given in said.filled() for each in (given, given.lstrip(_JOINTS))]
    return not all(is_chinese(told(each)) for each in filled)


def _left_out(path: str, text: str) -> bool:
    if path in FRAGMENTS or any(path == each or path.startswith(f"{each}/") for each in ELSEWHERE):
        return True
    texts = {each for folder, left in LEFT.items() if path.startswith(folder) for each in left}
    return text in texts or text.startswith(BEGINNINGS)


@cache
def _said_in_layer(layer: str) -> list[Said]:
    return [each for path in sorted((ROOT / layer).rglob("*.py")) for each in said_in(path)]


@pytest.mark.parametrize("layer", LAYERS)
def test_every_sentence_of_a_layer_has_its_english(layer: str) -> None:
    """As it stands in the sources, with values in it: no Chinese is left."""
    known = {str(each.id) for each in english() if each.id and each.string}
    said = _said_in_layer(layer)
    new = (each for each in said if each.text not in known and not _left_out(each.path, each.text))
    assert said
    assert [(f"{each.path}:{each.line}", each.text) for each in new if not is_told(each)] == []


def test_what_every_event_says_has_its_english() -> None:
    """Each line of words that an event makes, those among them that a year of acts at random never brings."""
    said = [each for path in sorted((ROOT / "domain" / "events").glob("*.py")) for each in said_in(path, "words")]
    assert len(said) > 40
    assert {each.text for each in said if not is_told(each)} == BY_CHANCE


def test_what_is_left_out_is_still_there() -> None:
    """No reason and no exception outlives what it is for."""
    said = [each for layer in LAYERS for each in _said_in_layer(layer)]
    assert [each for each in (*ELSEWHERE, *FRAGMENTS) if not (ROOT / each).exists()] == []
    unused = [text for folder, left in LEFT.items() for text in left if not any(text == each.text for each in said)]
    assert unused == []


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Said]]:
    """What is said in a file that holds this source."""
    monkeypatch.setattr("tests.entrypoints.desk.said_in_layers.ROOT", tmp_path)

    def of(source: str) -> list[Said]:
        path = tmp_path / "made.py"
        path.write_text(source, encoding="utf-8")
        return list(said_in(path))

    return of


@pytest.mark.parametrize(
    "source",
    [
        'def f(name):\n    raise InputError(f"“{name}”没有这样的译文，请补上。")\n',
        'WORDS = {"a": "这一句也没有译文，请补上"}\n',
        'class E(UnusableInputError):\n    says = "{name}没有这样的译文。"\n',
        'def f(doubt):\n    return Choice(key="确认", text="没有译文的选项")\n',
        '_TAIL = "请补上"\ndef f():\n    return "前半句没有译文，" + _TAIL\n',
    ],
)
def test_a_new_sentence_is_found(source: str, made: Callable[[str], list[Said]]) -> None:
    """Raised, declared, in a table, as a choice, put together: each is seen, and is not told."""
    (said,) = made(source)
    assert all(is_chinese(core_said("en", filled)) for filled in said.filled())


@pytest.mark.parametrize(
    "source",
    [
        '"""一份没有译文的说明。"""\n',
        'import re\nA = re.compile("没有译文，就是写法")\n',
        'A = "(?:没有译文|就是写法)"\n',
        'A = ("部门", "单位")\n',
        'A = Choice(key="M月D日以前要办完")\n',
    ],
)
def test_what_is_no_sentence_is_left_alone(source: str, made: Callable[[str], list[Said]]) -> None:
    """Docstrings, patterns, lists of words, what one types."""
    assert made(source) == []


NOTICES: Final = (ROOT / "examples" / "2018-key-projects.txt",)


@pytest.mark.parametrize("notice", NOTICES, ids=lambda path: path.name)
def test_the_findings_of_a_notice_are_told_in_english(notice: Path) -> None:
    """Text, assumption and choices of each, but for the words of the notice that they quote."""
    plan = compilation(read_notice(notice)).plan
    assert plan.findings
    said = [
        each
        for finding in plan.findings
        for each in (finding.text, finding.assumed or "", *(choice.text for choice in finding.choices))
    ]
    assert [each for each in said if is_chinese(told(each))] == []


async def test_the_desk_asks_about_a_list_in_english(fresh: Browsers) -> None:
    """Its page of a list with open questions has no Chinese but what the list says."""
    browser = await fresh.of("operator")
    place = await handed_in(browser, name="list.csv", text=LIST.replace("组织部,6月", "组织部、各县区,3月底前或6月"))
    await browser.post("/language", {"language": "en", "here": "/"})
    page = (await browser.get(place)).text
    assert "depends on something else" in page or "It says one time or another" in page
    assert [line for line in words_of(page) if is_chinese(_without_quotes(line)) and line not in NAMES] == []


def _without_quotes(told: str) -> str:
    while "“" in told and "”" in told.partition("“")[2]:
        before, _, rest = told.partition("“")
        told = before + rest.partition("”")[2]
    return told
