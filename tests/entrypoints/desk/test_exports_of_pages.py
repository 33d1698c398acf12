"""Generated over every file that a page gives away: its cells are the page's, in each format, and none of them acts."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import openpyxl
import pytest
import pytest_asyncio
from docx import Document

from application.desk_work.draft_plans import as_ruled, draft
from entrypoints.bootstrap.plan_files import read_plan
from entrypoints.desk import listings
from entrypoints.desk.exports import as_csv, as_xlsx
from entrypoints.desk.pages import PAGES
from entrypoints.desk.routing import Page
from tests.domain.samples import at, key_project, milestone
from tests.entrypoints.desk.conftest import Browser, Browsers, opened
from tests.entrypoints.desk.full_office import HARD, filled
from tests.entrypoints.desk.small_office import OTHER, OWN, healthy
from tests.entrypoints.desk.test_administration import ROUTES
from tests.entrypoints.desk.test_every_table_and_field import SHOWN, page_with, who_may

FILES: Final = [page for page in PAGES if page.path.endswith(".csv")]
LISTS: Final = ("/waiting.csv", "/waiting/strike-off.csv", "/waiting/undecided.csv")
"""Files of what a page shows as a list and not as a table: `test_exports_of_lists.py`, `test_undecided.py`."""
TABLES: Final = [page for page in FILES if page.path not in LISTS]
ASKED: Final = {
    "/as-of.csv": "?at=2018-06-04",
    "/scores/points.csv": f"?department={OWN}",
    "/reports/{figure}.csv": "?of=2018",
    "/papers/one/duties.csv": f"?department={OTHER}&id=key-project/2018/31%231",
}
"""What a page must be asked for before it shows a table."""
ONLY_TOLD: Final = {
    "acting.py": "the latest of what happened, above a form: its page leads to all of it",
    "channels.py": "what a trial answered: it is on no record",
    "deputies.py": "the answer to a form: what became of each project, which stands in its record",
    "many.py": "the answer to a form, as well",
    "person.py": "one person's roles of today, which the export of all persons has",
    "plans.py": "the answer to a start, as well",
    "project_tables.py": "for a deputy, who sees some projects alone; whoever reads all of them has their exports",
    "two_persons.py": "the answer to a confirmation, as well",
}
"""Whose tables have no export of their own, and why."""
BY_HAND: Final = {
    "directory.html": "links that open an account: told once, in no file",
    "parts.html": "the one macro of all tables",
    "register.html": "the register, with boxes to tick; its links stand above it",
}
"""Which templates write a table themselves, and why."""
DOCUMENTS: Final = [page for page in PAGES if page.path.endswith(".{ending}")]


@pytest_asyncio.fixture(scope="module")
async def full(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Browsers, str]]:
    """An office whose tables all have rows, hard ones among them, and a list that was rehearsed: its place."""
    patched = pytest.MonkeyPatch()
    patched.setattr("application.office.planning.sick_projects", healthy)
    folder = tmp_path_factory.mktemp("full")
    (folder / "channels.yaml").write_text(ROUTES.replace("张三", "+张三"), encoding="utf-8")
    async for browsers in opened(folder, channels=str(folder / "channels.yaml")):
        projects = [
            key_project((milestone(1, at("05-31").date(), project_id=name),), project_id=name, lead=OWN).model_copy(
                update={"title": title, "participating_departments": (OTHER,), "responsible_leader": title}
            )
            for name, title in HARD.items()
        ]
        await browsers.office.take(*projects)
        await browsers.office.office.register.follow()
        place = await filled(browsers, patched)
        yield browsers, place
        patched.undo()


def test_every_table_comes_in_both_formats_and_nothing_else_is_given_away() -> None:
    """A csv has an xlsx beside it, for the same people; the other files that are no table are these."""
    twins = {page.path.removesuffix(".csv"): page.who for page in FILES}
    sheets = {page.path.removesuffix(".xlsx"): page.who for page in PAGES if page.path.endswith(".xlsx")}
    assert twins == sheets
    assert {page.path for page in DOCUMENTS} == {
        "/plans/{key}/plan.{ending}",
        "/reports/draft.{ending}",
        "/scores/bulletin.{ending}",
        "/own-score/bulletin.{ending}",
    }


def test_no_table_is_forgotten() -> None:
    """Each that a page shows has its files, as its type asks; what is only told, or written by hand, is named here."""
    desk, told = Path(listings.__file__).parent, re.compile(r"\bonly_told\(")
    assert {each.name for each in desk.glob("*.py") if told.search(each.read_text("utf-8"))} == {
        *ONLY_TOLD,
        "listings.py",
    }
    written = {each.name for each in desk.glob("templates/*.html") if "<table" in each.read_text("utf-8")}
    assert written == set(BY_HAND)
    assert (desk / "templates" / "parts.html").read_text("utf-8").count("<table") == 1


async def test_every_link_to_a_file_gives_it(full: tuple[Browsers, str]) -> None:
    """On every page of everybody: the address that a table names is one that answers."""
    browsers, place = full
    found = set()
    for page in SHOWN:
        browser, path = await browsers.of(who_may(page)), _placed(page.path, place) + ASKED.get(f"{page.path}.csv", "")
        if "{" in path or page in FILES:
            continue
        for link in re.findall(r'href="([^"]+\.(?:csv|xlsx)[^"]*)"', (await browser.get(path)).text):
            found.add((path, link))
            assert (await browser.get(html.unescape(link))).status_code == 200, (path, link)
    assert len(found) > len(TABLES)


@pytest.mark.parametrize("page", TABLES, ids=lambda page: page.path)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_cells_of_a_file_are_those_of_its_page(full: tuple[Browsers, str], page: Page, language: str) -> None:
    """Row by row, head by head, in both languages: csv, xlsx and page say the same; a text is a text, a number one."""
    browsers, place = full
    # What waited went to this department alone.
    browser = await browsers.of("other" if page.path.startswith("/papers") else who_may(page))
    await browser.post("/language", {"language": language, "here": "/"})
    base = _placed(page.path.removesuffix(".csv"), place)
    asked = ASKED.get(page.path, "")
    above = _placed(page_with(page.path.removesuffix(".csv")).path, place)
    shown = await rows_of(browser, above + asked, base)
    text = (await browser.get(f"{base}.csv{asked}")).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    data = (await browser.get(f"{base}.xlsx{asked}")).content
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    cells = [list(row) for row in sheet.iter_rows()]

    assert len(shown) > 1, "nothing is compared"
    heads = [cell.value for cell in cells[0]]
    assert lines[0] == heads
    places = [heads.index(head) for head in shown[0] if head in heads]
    assert set(shown[0]) - set(heads) <= NO_DATA
    assert len(lines) == len(cells) == len(shown)
    for row, line, drawn in zip(cells[1:], lines[1:], shown[1:], strict=True):
        said = ["" if cell.value is None else str(cell.value) for cell in row]
        assert [unguarded(cell, of.value) for cell, of in zip(line, row, strict=True)] == said
        wanted = [cell for head, cell in zip(shown[0], drawn, strict=True) if head in heads]
        assert [" ".join(said[number].split()) for number in places] == wanted
        assert {cell.data_type for cell in row} <= {"s", "n"}
    must_be_inert(data)


def _placed(path: str, place: str) -> str:
    """An address with the list that was handed in, and a project that has a hard title."""
    return (
        path.replace("/plans/{key}", place)
        .replace("{project_id}", "2018-31")
        .replace("{milestone_id}", "2018-31-01")
        .replace("{figure}", "docketed")
        .replace("{number:int}", "1")
    )


NO_DATA: Final = frozenset(
    {
        "",
        "选",
        "节点",
        "更改",
        "终止",
        "停用",
        "试发",
        "Select",
        "Milestone",
        "Change",
        "End",
        "Disable",
        "Send a trial",
    }
)
"""Boxes to tick, acts on a row, and "done of all", which is two numbers in the file."""


def unguarded(cell: str, value: object) -> str:
    """A cell of a csv without the apostrophe that keeps a text from being a formula; a number never has one."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        assert cell == f"'{value}"
        return value
    return cell


def must_be_inert(data: bytes) -> None:
    """A spreadsheet has no formula, no connection, and no link but to another sheet of its own."""
    with ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if name.endswith((".xml", ".rels"))}
    assert not any("<f>" in text for name, text in parts.items() if name.startswith("xl/worksheets/"))
    assert not any("externalLink" in name or "connections" in name for name in parts)
    away = [each for text in parts.values() for each in re.findall(r"<Relationship [^>]*External[^>]*>", text)]
    assert [each for each in away if 'Target="#' not in each] == []


async def rows_of(browser: Browser, path: str, base: str) -> list[list[str]]:
    """The rows that a page shows over the link to a file, on all its leaves."""
    rows: list[list[str]] = []
    for _leaf in range(40):
        text = (await browser.get(path)).text
        _, found, after = text.partition(f'href="{base}.csv')
        (table,) = re.findall(r"<table.*?</table>", after if found else "", re.DOTALL)[:1] or [""]
        drawn = [
            [
                " ".join(html.unescape(re.sub(r"<[^>]+>", "", cell)).split())
                for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
            ]
            for row in re.findall(r"<tr.*?</tr>", re.sub(r"<svg.*?</svg>", "", table, flags=re.DOTALL), re.DOTALL)
        ]
        if not drawn or drawn == rows[: len(drawn)]:
            break
        rows += drawn if not rows else drawn[1:]
        further = re.search(r'<a rel="next" href="([^"]+)"', text)
        if further is None:
            break
        path = html.unescape(further[1])
    return rows


async def test_a_number_stays_a_number_and_a_text_a_text() -> None:
    """What spreadsheets would count, open or turn into a day stands in both files as it was written."""
    rows = [[title, -3, 0, 12] for title in HARD.values()]
    lines = list(csv.reader(io.StringIO(as_csv(["a", "b", "c", "d"], rows).decode("utf-8-sig"))))[1:]
    data = await as_xlsx(["a", "b", "c", "d"], rows)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    cells = list(sheet.iter_rows(min_row=2))
    assert [[cell.value for cell in row] for row in cells] == rows
    assert {row[0].data_type for row in cells} == {"s"}
    assert [line[1:] for line in lines] == [["-3", "0", "12"]] * len(rows)
    assert [unguarded(line[0], title) for line, title in zip(lines, HARD.values(), strict=True)] == list(HARD.values())
    must_be_inert(data)


@pytest.mark.parametrize("of", ["2018-05", "2018"])
async def test_the_drafts_of_a_report_have_the_figures_and_lists_of_its_page(
    full: tuple[Browsers, str], of: str
) -> None:
    """Word and workbook: each figure that the page shows, and a row for each of the list behind it."""
    browsers, _ = full
    browser = await browsers.of("operator")
    page = (await browser.get(f"/reports?of={of}")).text
    word = Document(io.BytesIO((await browser.get(f"/reports/draft.docx?of={of}")).content))
    data = (await browser.get(f"/reports/draft.xlsx?of={of}")).content
    book = openpyxl.load_workbook(io.BytesIO(data))
    in_book = [
        [str(cell) for cell in row if cell is not None] for each in book for row in each.iter_rows(values_only=True)
    ]
    # What is printed has the numbers of the list, and no name of a record.
    in_word = [len(table.rows) - 1 for table in word.tables if table.rows[0].cells[1].text == "序号"]
    figures = re.findall(
        r'<details id="list-(\w+)"><summary>([^<]*)（(\d+)）</summary>(.*?)</details>', page, re.DOTALL
    )
    assert figures
    for _name, _title, value, drawn in figures:
        ids = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', drawn, re.DOTALL)
        assert len(ids) == int(value)
        for each in ids:
            wanted = " ".join(html.unescape(re.sub(r"<[^>]+>", "", each)).split())
            assert any(wanted in row for row in in_book), (wanted, "workbook")
    assert in_word == [int(value) for _name, _title, value, _drawn in figures]
    must_be_inert(data)


@pytest.mark.parametrize("ending", ["yaml", "xlsx"])
async def test_the_files_of_a_list_have_the_list_of_its_page(
    full: tuple[Browsers, str], ending: str, tmp_path: Path
) -> None:
    """Read again, each format is the plan that the desk holds, hard texts too; nothing in the workbook acts."""
    browsers, place = full
    data = (await (await browsers.of("operator")).get(f"{place}/plan.{ending}")).content
    file = tmp_path / f"plan.{ending}"
    file.write_bytes(data)
    held = as_ruled(await draft(browsers.office.accounts, place.rpartition("/")[2]))
    assert {(each.project_id, each.title) for each in read_plan(file).projects} == {
        (each.project_id, each.title) for each in held.projects
    }
    assert any(each.title.startswith("=") for each in held.projects)
    if ending == "xlsx":
        must_be_inert(data)
