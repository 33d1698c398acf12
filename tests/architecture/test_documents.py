"""The documents say what is so: compared with the code, the Makefile, the commands and one another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from entrypoints.cli.command_table import COMMANDS, Section
from tests.architecture import catalogue, help_table
from tests.architecture.tree import ROOT, files, parsed, python_files, shown

DOCUMENTS = sorted(path for path in files() if path.suffix == ".md")
RECORDS = sorted(path for path in DOCUMENTS if path.parent.name == "adr" and path.name[0].isdigit())
RECORD_HEADINGS = ["Context", "Decision", "Consequences"]
LINK = re.compile(r"\]\((?!https?://|#|mailto:)(?P<target>[^)#\s]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
ATTACKS = [
    *("forged attestation", "foreign attestation", "replayed attestation", "expired attestation"),
    *("own second account for a two-person act", "deputy of a deputy", "past role", "look-alike names"),
    *("two persons of one name", "a person who does not exist", "clock back and forward"),
    *("a terminated and restarted project with a forged state", "an invented project"),
    "a worker asked for what no workflow of ours decided",
    "a twin of a project or a mailbox, begun with what was copied",
    "another calendar to a mailbox",
]
TERM = re.compile(r"^\| *(?P<chinese>[^|`]+?) *\| *(?P<code>`[^|]+`) *\|", re.MULTILINE)


def text_of(path: Path) -> str:
    """A document's text."""
    return path.read_text(encoding="utf-8")


def in_words(name: str) -> str:
    """An identifier as lower-case words joined by underscores: `KeyProject` and `key_project` are one term."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def words_of_the_code() -> set[str]:
    """Every identifier and every short string of the core, as words."""
    words: set[str] = set()
    for path in python_files("domain", "workflows"):
        words |= set(path.with_suffix("").relative_to(ROOT).parts)
        for node in ast.walk(parsed(path)):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    words.add(in_words(name))
                case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                    words.add(in_words(name))
                case ast.Constant(value=str(value)) if value.isidentifier():
                    words.add(in_words(value))
    return words


def terms_under(heading: str) -> Iterator[str]:
    """The code words of the glossary's table under a heading."""
    section = text_of(ROOT / "docs/glossary.md").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    for match in TERM.finditer(section):
        yield from re.findall(r"`([A-Za-z_]+)`", match["code"])


def test_glossary_speaks_the_words_of_the_code() -> None:
    """Each term of the glossary's first table stands in the code, alone or inside a longer name."""
    code = words_of_the_code()
    joined = "\n".join(f"_{word}_" for word in code)
    missing = [term for term in terms_under("In the code") if f"_{in_words(term)}_" not in joined]
    assert not missing


def test_terms_that_wait_are_not_in_the_code_yet() -> None:
    """A term leaves the glossary's second table when the core gets a class of that name."""
    classes = {
        in_words(node.name)
        for path in python_files("domain")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
    }
    assert [term for term in terms_under("Not built yet") if in_words(term) in classes] == []


def test_no_term_stands_twice_in_the_glossary() -> None:
    """One English word for each Chinese term, and one Chinese term for each English word."""
    rows = list(TERM.finditer(text_of(ROOT / "docs/glossary.md")))
    assert len(rows) > 50
    for column in ("chinese", "code"):
        assert len({row[column] for row in rows}) == len(rows), column


@pytest.mark.parametrize("name", sorted(catalogue.TABLES))
def test_catalogue_is_what_the_code_says(name: str) -> None:
    """The tables of events, commands and settings are those of the code; `make docs` writes them anew."""
    holders = [path for path in catalogue.documents() if f"made from the code: {name} " in text_of(path)]
    assert len(holders) == 1
    assert text_of(holders[0]) == catalogue.brought_up_to_date(text_of(holders[0]))


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_links_lead_somewhere(document: Path) -> None:
    """Every link inside the repository leads to a file or folder that is there."""
    targets = [match["target"] for match in LINK.finditer(text_of(document))]
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_documents_name_make_targets_that_exist(document: Path) -> None:
    """Each `make TARGET` that a document tells people to type is one of the Makefile's."""
    targets = set(re.findall(r"^\.PHONY: ([\w-]+)$", text_of(ROOT / "Makefile"), re.MULTILINE))
    told = set(re.findall(r"(?:`|^)make ([a-z]+(?:-[a-z]+)*)\b", text_of(document), re.MULTILINE))
    assert told <= targets


def test_documents_name_commands_that_exist() -> None:
    """Each `duban COMMAND` that a document tells people to type is a command of the program."""
    from entrypoints.cli.command_table import COMMANDS  # noqa: PLC0415 - the other tests of this file need no program

    known = {named.name for section in COMMANDS for named in section.commands}

    told = {
        (shown(document), command)
        for document in DOCUMENTS
        for command in re.findall(r"(?:`|^|bin/|worker )duban ([a-z]+(?:-[a-z]+)*)\b", text_of(document), re.MULTILINE)
    }
    assert told
    assert {(document, command) for document, command in told if command not in known} == set()


def test_both_readmes_give_the_same_commands() -> None:
    """The English and the Chinese README tell people to type the same things, in the same order."""

    def commands(name: str) -> list[str]:
        blocks = FENCE.findall(text_of(ROOT / name))
        return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]

    assert commands("README.md") == commands("README.zh-CN.md") != []


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_decision_records_have_one_form(record: Path) -> None:
    """A decision record has its number, date and status, and says context, decision and consequences."""
    lines = text_of(record).splitlines()
    assert re.fullmatch(rf"# {record.name[:4]}\. .+", lines[0])
    assert re.search(r"^Date: \d{4}-\d{2}-\d{2}$", text_of(record), re.MULTILINE)
    assert re.search(r"^Status: (proposed|accepted|superseded by \d{4})$", text_of(record), re.MULTILINE)
    assert [line[3:] for line in lines if line.startswith("## ")][:3] == RECORD_HEADINGS


def test_decision_records_are_numbered_once() -> None:
    """No two decision records share a number, so that a number is a reference."""
    numbers = [record.name[:4] for record in RECORDS]
    assert len(set(numbers)) == len(numbers) > 0


def test_every_decision_record_is_listed() -> None:
    """The list of decision records names every record."""
    index = text_of(ROOT / "docs/adr/README.md")
    assert [record.name for record in RECORDS if f"]({record.name})" not in index] == []


def test_changelog_keeps_its_form() -> None:
    """The changelog starts with what is unreleased and groups changes as Keep a Changelog does."""
    text = text_of(ROOT / "CHANGELOG.md")
    sections = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert sections[0] == "Unreleased"
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_help_has_every_command_of_the_screens() -> None:
    """A command that a screen gains stands in the help, with the line that it says of itself; `make docs` writes it."""
    assert help_table.brought_up_to_date() == COMMANDS
    assert any(named.name == "acknowledge" for section in COMMANDS for named in section.commands)


def test_a_command_that_is_not_in_the_help_is_found() -> None:
    """Left out of its section, it comes back after the command that stands before it in its screen."""
    short = tuple(
        Section(section.title, tuple(each for each in section.commands if each.name != "acknowledge"))
        for section in COMMANDS
    )
    assert short != COMMANDS
    assert help_table.brought_up_to_date(short) == COMMANDS


def test_modules_that_documents_name_are_there() -> None:
    """A module or folder that a document names by its path is there; decision records tell of their own day."""
    paths = re.compile(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`")
    tops = {path.name for path in ROOT.iterdir() if path.is_dir()}
    named = {
        (shown(document), path)
        for document in DOCUMENTS
        if document not in RECORDS
        for path in paths.findall(text_of(document))
        if path.partition("/")[0] in tops
    }
    assert len(named) > 30
    assert [(document, path) for document, path in sorted(named) if not (ROOT / path).exists()] == []


def functions_of(module: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of a module of tests, by their names."""
    assert (ROOT / module).is_file(), module
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in parsed(ROOT / module).body if isinstance(node, functions)}


def held_by(record: str, rows: int) -> Iterator[list[str]]:
    """The cells of each row of a record's table, numbered without a gap, whose every test exists in its module."""
    text = text_of(ROOT / f"docs/adr/{record}.md")
    found = [line.strip("| ").split(" | ") for line in text.splitlines() if re.match(r"\| \d+ \|", line)]
    assert [int(cells[0]) for cells in found] == list(range(1, rows + 1))
    for cells in found:
        for module, test in re.findall(r"`(tests/\S+\.py)::(test_\w+)`", " ".join(cells)):
            assert test in functions_of(module), f"{module}::{test}"
        yield cells


def test_every_kind_of_harm_that_was_seen_is_held_by_tests_that_exist() -> None:
    """Each row of the record 0126 has tests, each in its module; the kinds are numbered without a gap."""
    for number, _, tests in held_by("0126-what-was-seen-is-held-by-tests", 14):
        assert "::test_" in tests, number


def test_every_rule_of_an_office_s_life_is_a_sentence_of_the_golden_year_and_of_the_story() -> None:
    """Each row of the record 0203 has a test of either, and one besides."""
    for number, _, *tests in held_by("0203-each-rule-is-a-sentence-of-the-golden-year-and-of-the-story", 13):
        assert ["::test_" in cell for cell in tests] == [True] * 3, number


def test_every_attack_is_tried_at_every_door_by_tests_that_exist() -> None:
    """Each row of the record 0205 has a test by a plain client, and one at all three doors; none is left out."""
    text = text_of(ROOT / "docs/adr/0205-every-attack-is-tried-at-every-door.md")
    modules = dict(re.findall(r"^- `([ACDST])` is `(tests/\S+\.py)`", text, re.MULTILINE))
    rows = re.findall(r"^\| ([^|]+) \| (`[^|]+`) \| (`[^|]+`) \|$", text, re.MULTILINE)
    assert [attack for attack, _, _ in rows] == ATTACKS
    for attack, by_a_client, by_the_doors in rows:
        client, doors = (re.findall(r"`([ACDST])::(test_\w+)`", cell) for cell in (by_a_client, by_the_doors))
        assert {room for room, _ in client} <= {"A", "C", "S", "T"}, attack
        assert {room for room, _ in doors} == {"D"}, attack
        for room, test in (*client, *doors):
            assert test in functions_of(modules[room]), f"{modules[room]}::{test}"
        tried = [ast.unparse(functions_of(modules["D"])[test]) for _, test in doors]
        assert all("'door', DOORS" in each or "all_commands()" in each for each in tried), attack


def test_every_mutant_that_is_explained_is_of_a_line_that_still_stands() -> None:
    """A line that was changed since is no longer explained by what was said of it."""
    text = text_of(ROOT / "docs/mutations.md")
    rows = re.findall(r"^\| `(domain/\S+|workflows/\S+)` \| `(.+?)` \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE)
    assert len(rows) > 2
    for module, line in rows:
        lines = [each.strip() for each in text_of(ROOT / module).splitlines()]
        assert line in lines, f"{module}: {line}"
