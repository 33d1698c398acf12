"""Every field of every form at its edges: a command or a sentence, whatever a browser sends."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import BaseModel
from starlette.datastructures import QueryParams

from domain.actors import department, operator
from domain.acts.commands import ANY_COMMAND, CheckRectification
from domain.characters import REFUSED
from domain.ports.register import ProjectQuery
from entrypoints.desk.act_forms import ActForm, Unusable, act_forms, filled
from entrypoints.desk.register import FILTERS, asked_for
from tests.domain.edges import DAYS, NUMBERS, TEXTS
from tests.domain.samples import FIRST

SENT = {name: str(value) for name, value in {**TEXTS, **DAYS, **NUMBERS}.items() if value is not None}
"""A browser sends texts, whatever is asked for."""
GOOD = {"day": "2018-06-29", "number": "3", "yes": "yes", "department": "宣传部", "text": "因故"}


def good_of(form: ActForm) -> dict[str, str]:
    """A form as a person fills it in."""
    return {each.name: each.choices[0][0] if each.choices else GOOD.get(each.kind, "") for each in form.fields}


@pytest.mark.parametrize("form", act_forms().values(), ids=lambda form: form.path)
def test_every_field_of_a_form_at_its_edges_is_a_command_or_a_sentence(form: ActForm) -> None:
    """What is a command is one for the engine too; what is none has a sentence at a field, and nothing to obey."""
    by = department("组织部", "张三") if form.of_a_department else operator("李")
    about = FIRST if form.about != "project" else None
    taken = 0
    for field in form.fields:
        for edge, value in SENT.items():
            answer = filled(form, {**good_of(form), field.name: value}, "r1", by, about, ())
            if isinstance(answer, Unusable):
                assert answer.faults, edge
                assert not any(REFUSED.search(text) or not text for text in answer.faults.values()), edge
            else:
                taken += 1
                command = cast(BaseModel, answer)
                assert isinstance(command, form.command)
                assert ANY_COMMAND.validate_json(command.model_dump_json()) == command
    assert taken or not form.fields


@pytest.mark.parametrize(("units", "said"), [("长" * 81, "最多 80 字"), ("一处\n二\a处", "须有可显示的文字")])
def test_what_is_wrong_with_one_of_several_names_is_said(units: str, said: str) -> None:
    """Not what comes of it, that too few names are left."""
    form = act_forms()["decompose-duty"]
    answer = filled(form, {**good_of(form), "units": units}, "r1", department("组织部", "张三"), FIRST, ())
    assert isinstance(answer, Unusable)
    assert answer.faults["units"].startswith(said)


@pytest.mark.parametrize("day", ["20180720", "1530403200", "2018-13-01", "2018/7/20", "７月２０日"])
def test_every_fault_of_a_form_is_told_at_once_and_no_number_is_a_day(day: str) -> None:
    """What is missing and what cannot be read, in the order of the fields; digits are no seconds since 1970."""
    form = act_forms()["request-extension"]
    given = {"new_due_on": day, "reason": "", "progress": "x" * 100_000}
    answer = filled(form, given, "r1", department("组织部", "张三"), FIRST, ())
    assert isinstance(answer, Unusable)
    assert list(answer.faults) == ["reason", "new_due_on", "progress"]
    assert (answer.faults["reason"], answer.faults["new_due_on"]) == ("不能为空", "不是日期，请写作 2018-04-25")


def test_what_must_be_answered_with_yes_or_no_is_neither_where_nobody_chose() -> None:
    """A check that says nothing of the rectification sends nothing back; each answer is what it says."""
    form = act_forms()["check-rectification"]
    answers = [
        filled(form, {"note": "已看", "holds": chosen}, "r1", operator("李"), FIRST, ()) for chosen in ("", "yes", "no")
    ]
    assert isinstance(answers[0], Unusable)
    assert list(answers[0].faults) == ["holds"]
    assert [cast(CheckRectification, each).holds for each in answers[1:]] == [True, False]


@pytest.mark.parametrize("form", act_forms().values(), ids=lambda form: form.path)
def test_a_form_asks_for_every_field_of_its_command(form: ActForm) -> None:
    """A field that a command gets later is in its form by itself, or is named among those that no form asks."""
    from entrypoints.desk.act_words import NOT_ASKED  # noqa: PLC0415 - what no form asks

    assert {each.name for each in form.fields} | NOT_ASKED >= set(form.command.model_fields)


@pytest.mark.parametrize("name", [*FILTERS, "light", "overdue"])
async def test_every_filter_of_the_register_at_its_edges_is_a_question_or_a_sentence(name: str) -> None:
    """An address that somebody typed asks for something, or for all with a sentence."""
    for edge, value in SENT.items():
        visit: Any = SimpleNamespace(
            request=SimpleNamespace(query_params=QueryParams([(name, value)])), say=lambda text: text
        )
        query, ignored = await asked_for(visit)
        assert isinstance(query, ProjectQuery), edge
        assert all(text.endswith("。") for _, text in ignored), edge


async def test_a_day_that_the_store_cannot_hold_is_no_filter() -> None:
    """The last day of the calendar stands for no date in the store; it is a question like any other."""
    visit: Any = SimpleNamespace(
        request=SimpleNamespace(query_params=QueryParams([("due_until", "9999-12-31")])), say=lambda text: text
    )
    assert (await asked_for(visit))[0].due_until == date(9999, 12, 31)
