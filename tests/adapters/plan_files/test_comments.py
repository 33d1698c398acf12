"""Plans are read as another library reads them, and what a person wrote around the values stays, whatever its form."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from adapters.files.yaml_reading import Comments, Document, NotYamlError, read
from adapters.files.yaml_reading import Path as Place
from adapters.plan_files import yaml_plan
from adapters.plan_files.yaml_plan import UnreadablePlanError
from adapters.plan_files.yaml_writing import IDENTITIES, by_identity
from domain.notice.plan import Plan
from tests.adapters.plan_files.test_plan_files import PLANS

_EXAMPLE = Path(__file__).parents[3] / "examples" / "2018-key-projects.yaml"
_LINES = [
    "# 说明", "", "  # 缩进的说明", "- 甲", "  - 乙", "title: x", "title: 'x'", "year:", "a:   b", "year: 007",
    "n: 1e3", "t: 12:30", "b: yes", "b: True", "u: ~", "q: 'a''b'", 'q: "a\\tb"', "d: 2018-06-30", "f: [甲, 乙]",
    "f: [2018-01, 乙 ]", "f: []", "f: [1]", "f: {a: 1}", "s: |", "  x", "m: &a b", "m: *a", "k: !!str 3", "---",
    "...", "? x", "x : y", "x:y", "h: a#b", "h: a #b", "h: '#' # c", 'h: "a" #c', "h: #c", "- - a", "-", "\ty: 1",
    "j: a\tb", "z: a: b", "z: 甲：乙",
]  # fmt: skip


_EDITS = (0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 4, 5)


def _edited(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(chance.randint(0, 6)):
        at = chance.randrange(len(lines))
        match chance.choice(_EDITS):
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


def _places(value: Any, path: Place = (), identity: str | None = None) -> Iterator[Place]:
    """Every place of a plan's values that has a line of its own, by the identities of the rows."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key)
            yield from _places(item, (*path, key), IDENTITIES.get(key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            step = str(item[identity]) if identity else number
            yield from _places(item, (*path, step)) if isinstance(item, dict) else [(*path, step)]


def _kept(document: Document, places: set[Place]) -> Comments:
    """The comments of a document that stand at places which are still there."""
    all_of_them = by_identity(document)
    return Comments(
        {path: lines for path, lines in all_of_them.before.items() if path in places},
        {path: text for path, text in all_of_them.behind.items() if path in places},
        all_of_them.after,
    )


def _as_texts(value: Any) -> Any:
    """Values as texts: whole numbers by their value, all others by what is written."""
    match value:
        case dict():
            return {_as_texts(key): _as_texts(item) for key, item in value.items()}
        case list():
            return [_as_texts(item) for item in value]
        case str() if re.fullmatch(r"[-+]?[0-9]+", value):
            return str(int(value))
        case _:
            return str(value)


def _by_another_library(text: str) -> Any:
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _LeftAsWritten
    return reader.load(text)


class _LeftAsWritten(SafeConstructor):
    """Leaves days and numbers as they are written."""


for _tag in ("timestamp", "float", "int"):
    _LeftAsWritten.add_constructor(f"tag:yaml.org,2002:{_tag}", SafeConstructor.construct_scalar)


def test_what_a_person_edits_is_read_as_another_library_reads_it() -> None:
    """Whatever was done to the text: what the other one can read at all has the same values."""
    seen = Counter[str]()

    @given(plan=PLANS, seed=st.integers(0, 2**32))
    def holds(plan: Plan, seed: int) -> None:
        text = _edited(yaml_plan.text_of_plan(plan), random.Random(seed))
        # Libraries differ over tags and tabs; plans need neither.
        assume("!" not in text and "\t" not in text)
        try:
            expected = _by_another_library(text)
        except YAMLError:
            seen["no yaml"] += 1
            return
        seen["yaml"] += 1
        assert _as_texts(read(text).value) == _as_texts(expected)

    holds()
    assert seen["yaml"] * 3 >= seen.total()


def test_what_is_written_over_keeps_its_comments() -> None:
    """After whatever a person may have done to the text; what is no YAML is not written over."""
    seen = Counter[str]()

    @given(plan=PLANS, seed=st.integers(0, 2**32))
    def holds(plan: Plan, seed: int) -> None:
        text = _edited(yaml_plan.text_of_plan(plan), random.Random(seed))
        try:
            edited = read(text)
        except NotYamlError:
            seen["no yaml"] += 1
            with pytest.raises(UnreadablePlanError):
                yaml_plan.text_of_plan(plan, over=text)
            return
        seen["yaml"] += 1
        if isinstance(edited.value, dict):
            over = read(yaml_plan.text_of_plan(plan, over=text))
            places = set(_places(plan.model_dump(mode="json")))
            assert over.value == plan.model_dump(mode="json")
            assert by_identity(over) == _kept(edited, places)

    holds()
    assert min(seen["yaml"], seen["no yaml"]) * 10 >= seen.total()


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
    [("title: 甲\ntitle: 乙\n", 2), ("? [a]\n: b\n", 1), ("a: {[b]: c}\n", 1), ("a: 1\n---\nb: 2\n", 2)],
)
def test_what_is_no_single_document_of_values_is_refused(text: str, line: int | None) -> None:
    """A column written twice, a list for a name, two documents in one file."""
    with pytest.raises(NotYamlError) as refused:
        read(text)
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
