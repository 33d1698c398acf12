"""Every sentence of the desk has its English, and the catalogue has no other."""

from __future__ import annotations

import re

import pytest

from domain.acts.commands import AmendProject
from domain.acts.commands.command import Command
from domain.acts.decisions import HANDLERS
from entrypoints.desk.act_words import ACTS, NOT_HERE
from entrypoints.desk.languages import in_number, preferred, translations
from entrypoints.desk.rendering import environment
from tests.entrypoints.desk.catalogue import DESK, ENGLISH, english, sentences, written

_CHINESE = re.compile("[\u4e00-\u9fff]")
_TOLD = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_VALUES = re.compile(r"%\(\w+\)s")


def test_every_sentence_of_the_desk_has_its_english_and_the_catalogue_has_no_other() -> None:
    """The catalogue is what the sources say, in their order; nothing is left empty or in Chinese."""
    assert ENGLISH.read_bytes() == written()
    known = english()
    translated = {sentence: str(known[sentence].string) for sentence in sentences()}
    assert [sentence for sentence, told in translated.items() if not told or _CHINESE.search(told)] == []
    assert len(translated) > 300


def test_a_page_that_a_sentence_names_is_called_so() -> None:
    """What stands in quotation marks is a word of the desk itself, but for other programs' words and an example."""
    known = sentences()
    named = {name for sentence in known for name in re.findall("“([^”%]+)”", sentence)}
    assert named - {*known} == {"订阅日历", "通过网址添加", "办公室电脑"}


def test_a_translation_says_the_same_values() -> None:
    """What a sentence is given, its English shows too."""
    known = english()
    differ = [
        sentence
        for sentence in sentences()
        if set(_VALUES.findall(sentence)) != set(_VALUES.findall(str(known[sentence].string)))
    ]
    assert differ == []


def test_a_template_writes_no_colon_of_one_language() -> None:
    """What stands between two sentences is told, too."""
    templates = sorted((DESK / "templates").glob("*.html"))
    written_out = [each.name for each in templates if "：" in _TOLD.sub("", each.read_text(encoding="utf-8"))]
    assert len(templates) > 40
    assert written_out == []


def test_every_command_has_a_form_or_a_reason_for_none() -> None:
    """A new command fails here until the desk offers it or says why not."""
    commands: set[type[Command]] = {*HANDLERS, AmendProject}
    assert {*ACTS, *NOT_HERE} >= commands
    assert not {*ACTS} & {*NOT_HERE}
    assert all(NOT_HERE.values())


def test_the_language_is_the_chosen_one_or_what_the_browser_asks_for_first() -> None:
    """Chinese where neither names one of ours."""
    assert preferred(None, "en-GB,en;q=0.9,zh;q=0.5") == "en"
    assert preferred(None, "zh-CN,en;q=0.9") == "zh"
    assert preferred("en", "zh-CN") == "en"
    assert preferred(None, "zh;q=0.5, en") == "en"
    assert preferred(None, "en;q=0, fr") == "zh"
    assert preferred("xx", "fr") == "zh"
    assert preferred(None, "") == "zh"


@pytest.mark.parametrize(("count", "told"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows")])
def test_what_is_counted_is_said_in_its_number(count: int, told: str) -> None:
    """One row, two rows, in a page and in what the program says; in Chinese it is one form."""
    page = "{{ _('共 %(n)s 行', n=n) }}"
    assert environment("en", "en").from_string(page).render(n=count) == told
    assert in_number(translations("en"), "共 %(n)s 行", {"n": count}) % {"n": count} == told
    assert environment("zh", "zh").from_string(page).render(n=count) == f"共 {count} 行"


def test_a_value_in_a_sentence_stays_escaped() -> None:
    """What is put into a sentence of a page is text there, whatever it says."""
    told = environment("en", "en").from_string("{{ _('%(n)s 天', n=n) }}").render(n="<b>")
    assert told == "&lt;b&gt; days"
