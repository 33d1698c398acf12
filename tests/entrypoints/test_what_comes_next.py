"""Every refusal says what comes next: in its own sentence, or by the line to type that its rule has."""

from __future__ import annotations

import re
from typing import Final

from entrypoints.api.table import table
from entrypoints.next_steps import NEXT_STEPS, NextStep
from tests.entrypoints.refusals import Refusal, kinds, refusals

_WHAT_COMES_NEXT: Final = re.compile(
    r"请|无须|不必|须|只能|应(?!答)|例如|可用|最早可写|等待|编号从|\{(todo|then|remedy|_STEP_OF\[.*|_OTHERS\[.*)\}"
)
"""The words by which a sentence asks for something, says what is allowed, or that nothing has to be done; and the names
of the values that do."""
_LEFT_OUT: Final = {
    "收到的指令无法识别：{problem}": "a signal of a program that is none of ours",
    "台账密钥“{place}”{detail}；未签名。": "the detail says it",
    "引擎内容的密钥文件“{place}”{detail}。": "the detail says it",
    **dict.fromkeys(("工作日历文件“{}”", "督办规则文件“{}”", "通道文件“{}”"), "which file it is: the fault says it"),
    "（另外第{'、'.join(map(str, other_lines))}行也有错误）": "which further lines: the fault of the first says it",
}


def _is_silent(refusal: Refusal) -> bool:
    has_a_line = NEXT_STEPS.get(refusal.rule, NextStep()).command
    return not has_a_line and not _WHAT_COMES_NEXT.search(refusal.sentence)


def test_every_refusal_says_what_comes_next() -> None:
    """Whether the sentence is declared with its kind, or stands where it is raised."""
    silent = {each.sentence: each.place for each in refusals() if _is_silent(each)}
    assert {sentence: place for sentence, place in silent.items() if sentence not in _LEFT_OUT} == {}
    assert silent.keys() == _LEFT_OUT.keys()


def test_what_each_screen_has_a_way_for_is_told_in_no_other_s_words() -> None:
    """The sentence goes to all of them: where a program has a call that is one of its own, no command stands in it."""
    calls = {rule: step.call for rule, step in NEXT_STEPS.items() if step.call}
    assert set(calls.values()) <= {f"{route.method} {route.path}" for route in table()}
    told = [each.sentence for each in refusals() if each.rule in calls]
    assert told
    assert [each for each in told if "duban " in each or "--" in each] == []


def test_each_line_to_type_belongs_to_a_rule_that_refuses() -> None:
    """No line is left of a rule that is gone."""
    assert set(NEXT_STEPS) - {kind.rule for kind in kinds()} == set()
