"""Two readers of one language: what the fast one takes it reads as the general one does, comments included."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.plan_files import general_yaml, plain_yaml, yaml_plan
from domain.notice.plan import Plan
from tests.adapters.plan_files.test_plan_files import _PLANS

_EXAMPLE = Path(__file__).parents[3] / "examples" / "2018-key-projects.yaml"
_LINES = [
    "# 说明", "", "  # 缩进的说明", "- 甲", "  - 乙", "title: x", "title: 'x'", "year:", "a:   b", "year: 007",
    "n: 1e3", "t: 12:30", "b: yes", "b: True", "u: ~", "q: 'a''b'", 'q: "a\\tb"', "d: 2018-06-30", "f: [甲, 乙]",
    "f: [2018-01, 乙 ]", "f: []", "f: [1]", "f: {a: 1}", "s: |", "  x", "m: &a b", "m: *a", "k: !!str 3", "---",
    "...", "? x", "x : y", "x:y", "h: a#b", "h: a #b", "h: '#' # c", 'h: "a" #c', "h: #c", "- - a", "-", "\ty: 1",
    "j: a\tb", "z: a: b", "z: 甲：乙",
]  # fmt: skip


def _edited(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(chance.randint(0, 6)):
        at = chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                lines.insert(at, " " * chance.choice((0, 2, 4, 6)) + chance.choice(_LINES))
            case 1:
                lines[at] += chance.choice(("  # 注", " #注", "#注", " "))
            case 2:
                lines[at] = re.sub(r'"([^"]*)"', chance.choice((r"\1", r"'\1'", r'"\1" ')), lines[at], count=1)
            case 3:
                lines[at] = re.sub(r"^( *(?:- )?[a-z_]+:).*", r"\1", lines[at])
            case 4:
                lines[at] = " " * chance.choice((1, 2)) + lines[at]
            case _:
                del lines[at : at + 1]
                lines = lines or [""]
    return "\n".join(lines)


@given(plan=_PLANS, seed=st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_what_the_fast_reader_takes_the_general_one_reads_alike(plan: Plan, seed: int) -> None:
    """Values and comments, after whatever a person may have done to the text."""
    text = _edited(yaml_plan.text_of_plan(plan), random.Random(seed))
    try:
        fast = plain_yaml.read(text)
    except plain_yaml.NotPlainError:
        return
    general = general_yaml.read(text)
    assert fast.value == general.value
    assert fast.comments == general.comments


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("year: 2018\n", "year: 2018  # 本年\n", 1),
        lambda text: re.sub(r'due_on: "(2018-[0-9-]+)"', r"due_on: \1", text),
        lambda text: re.sub(
            r"participating_departments:\n +- (\S+)\n(?! +-)", r"participating_departments: [\1]\n", text
        ),
    ],
    ids=["a comment behind", "days without quotation marks", "short lists in one line"],
)
def test_usual_edits_stay_with_the_fast_reader(edit: Callable[[str], str]) -> None:
    """What people do to a plan does not make it slow."""
    text = edit(_EXAMPLE.read_text(encoding="utf-8"))
    assert plain_yaml.read(text).value == general_yaml.read(text).value


@pytest.mark.parametrize("restyled", [False, True], ids=["the plain form", "another form of YAML"])
def test_comments_stay_at_their_place_when_rows_come_and_go(restyled: bool) -> None:
    """Before a row and behind a value, by the identity of the row; those of a row that has gone go with it."""
    text = _EXAMPLE.read_text(encoding="utf-8")
    noted = re.sub(r"(  - project_id: \"2018-0([23])\"\n)", r"\n  # 第\2行之前\n\1", text)
    noted = re.sub(r"(    serial: \"([23])\")\n", r"\1  # 第\2行序号\n", noted)
    noted = noted.rstrip("\n") + "\n# 结束\n"
    if restyled:
        noted = noted.replace("issuer: ", "issuer: !!str ", 1)
    plan = yaml_plan.plan_of_text(noted, "plan.yaml")
    assert len(re.findall("第[23]行", noted)) == 4
    fewer = plan.model_copy(update={"projects": (*plan.projects[2:4], plan.projects[0])})
    kept = yaml_plan.text_of_plan(fewer, over=noted)
    assert re.search(r"\n\n  # 第3行之前\n  - project_id: \"2018-03\"\n    serial: \"3\"  # 第3行序号\n", kept)
    assert "第2行" not in kept
    assert kept.endswith("# 结束\n")
    assert yaml_plan.plan_of_text(kept, "plan.yaml") == fewer
    assert yaml_plan.text_of_plan(fewer, over=kept) == kept


def test_the_shipped_plan_is_written_as_it_stands() -> None:
    """Writing it over itself changes no character, comments included."""
    text = _EXAMPLE.read_text(encoding="utf-8")
    assert yaml_plan.text_of_plan(yaml_plan.plan_of_text(text, "plan.yaml"), over=text) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [("title: 甲\ntitle: 乙\n", 2), ("? [a]\n: b\n", 1), ("a: {[b]: c}\n", 1), ("a: 1\n---\nb: 2\n", None)],
)
def test_what_is_no_single_document_of_values_is_refused(text: str, line: int | None) -> None:
    """A column written twice, a list for a name, two documents in one file."""
    with pytest.raises(general_yaml.NotYamlError) as refused:
        general_yaml.read(text)
    assert refused.value.line == line


def test_a_large_commented_plan_is_quick(tmp_path: Path) -> None:
    """A thousand rows with comments before and behind, read and written over: well under two seconds of CPU."""
    plan = yaml_plan.plan_of_text(_EXAMPLE.read_text(encoding="utf-8"), "plan.yaml")
    rows = [
        project.model_copy(
            update={
                "project_id": f"2018-{number}",
                "milestones": tuple(
                    each.model_copy(update={"milestone_id": f"2018-{number}-{ordinal:02d}"})
                    for ordinal, each in enumerate(project.milestones, 1)
                ),
            }
        )
        for number, project in zip(range(1_000, 2_000), list(plan.projects) * 60, strict=False)
    ]
    large = plan.model_copy(update={"projects": tuple(rows), "findings": (), "rulings": ()})
    noted = yaml_plan.text_of_plan(large).replace("  - project_id:", "  # 说明\n  - project_id:")
    noted = noted.replace("    ongoing: false\n", "    ongoing: false  # 否\n")
    path = tmp_path / "plan.yaml"
    path.write_text(noted, encoding="utf-8")
    began = time.process_time()
    yaml_plan.write_plan(yaml_plan.read_plan(path).model_copy(update={"title": "新标题"}), path)
    assert time.process_time() - began < 2
    assert path.read_text(encoding="utf-8").count("#") == noted.count("#")
