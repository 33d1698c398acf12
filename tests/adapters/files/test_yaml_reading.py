"""YAML as plain values with their lines: what plans, policies and calendars share."""

from __future__ import annotations

import pytest

from adapters.files.yaml_reading import NotYamlError, read


def test_values_mean_what_they_say_and_days_stay_text() -> None:
    """Numbers, truths and nothing by their words; quotation marks, days and fractions are text."""
    read_values = read('{n: 007, t: True, e: , q: "3", d: 2018-02-30, f: 1e3, y: yes, 2018: 1}').value
    assert read_values == {
        "n": 7, "t": True, "e": None, "q": "3", "d": "2018-02-30", "f": "1e3", "y": "yes", "2018": 1,
    }  # fmt: skip


def test_an_empty_text_is_a_document_of_nothing() -> None:
    """As is one with comments only."""
    assert read("").value is None
    assert read("# 只有注释\n").value is None


def test_a_mapping_takes_over_what_it_names_and_keeps_what_it_says() -> None:
    """Merge keys: one mapping or several, the first that has a key gives it."""
    text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 5}\nd:\n  <<: *b\n"
    assert read(text).value["c"] == {"x": 5, "y": 2, "z": 4}
    assert read(text).value["d"] == {"y": 3, "z": 4}
    with pytest.raises(NotYamlError) as refused:
        read("a: 1\nb: {<<: 3}\n")
    assert (refused.value.fault, refused.value.line) == ("form", 2)


def test_every_place_has_its_line_or_that_of_the_nearest_around_it() -> None:
    """Keys, items, items that are mappings; what is not written has no line of its own."""
    document = read("# 说明\na:\n  - {b: 1}\n  - c\nd: {}\n")
    places: list[tuple[str | int, ...]] = [(), ("a",), ("a", 0), ("a", 0, "b"), ("a", 0, "z"), ("a", 1), ("d", "z")]
    assert [document.line_of(place) for place in places] == [1, 2, 3, 3, 3, 4, 5]
    assert [document.is_written(place) for place in places] == [False, True, True, True, False, True, False]


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("a: 1\na: 2\n", "key twice", 2),
        ("a:\n\tb: 1\n", "tab", 2),
        ("a: 1\n---\nb: 1\n", "several documents", 2),
        ("a: {b", "form", 1),
        ("a: *b\n", "form", 1),
        ("a: [b\n\n", "form", 3),
        ("a: \x07\n", "characters", None),
        ("a: \ud800\n", "characters", None),
        ("a: &a [*a]\n", "endless", 1),
        ("[" * 200, "endless", None),
        ("- " * 9_000, "endless", None),
    ],
)
def test_what_is_no_document_of_values_says_why_and_where(text: str, fault: str, line: int | None) -> None:
    """Each with the line that a person looks at, where there is one."""
    with pytest.raises(NotYamlError) as refused:
        read(text)
    assert (refused.value.fault, refused.value.line) == (fault, line)
