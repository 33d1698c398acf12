from __future__ import annotations

import asyncio
import json
import zipfile
from pathlib import Path

import docx
import pytest

from adapters.documents import docx_document_store
from adapters.documents.docx_document_store import DocxDocumentStore, NumberTakenError
from application.settings import Settings, settings_of_copy
from domain.papers.paper import NumberedPaper
from domain.ports.document_store import DocumentStore
from entrypoints.bootstrap.documents import documents_of
from tests.adapters.documents.conftest import MakePaper


async def produced(root: Path, numbered: NumberedPaper) -> Path:
    store: DocumentStore = DocxDocumentStore(root, issuer="督查室")
    return root / await store.produce(numbered)


async def test_a_document_lies_under_its_year_kind_and_number(tmp_path: Path, make_paper: MakePaper) -> None:
    """The place is readable and relative to the store."""
    place = await DocxDocumentStore(tmp_path).produce(make_paper(3))

    assert place == "2018/urge/催办〔2018〕3号.docx"


async def test_a_document_opens_and_says_what_the_paper_says(tmp_path: Path, make_paper: MakePaper) -> None:
    """Read back with a word processor's library, the document holds the paper's facts."""
    document = docx.Document(str(await produced(tmp_path, make_paper(3, copies_to=("宣传部", "学校部")))))

    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    for expected in (
        "催办单",
        "催办〔2018〕3号",
        "组织部：",
        "现予催办，请立即办理。",
        "2018年6月4日",
        "抄送：宣传部，学校部。",
        "督查室",
    ):
        assert expected in text


@pytest.mark.parametrize("issuer", [None, "市教育局"])
async def test_a_copy_s_papers_all_bear_its_mark(issuer: str | None, tmp_path: Path, make_paper: MakePaper) -> None:
    """Those of the office, and those that a department issues of its sub-duties, in the document and its data."""
    settings = settings_of_copy(Settings(data=tmp_path), tmp_path)
    file = tmp_path / await documents_of(settings, tmp_path).produce(make_paper(3, issuer=issuer))
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(file)).paragraphs)
    whose = f"{issuer or '督查室'}（演练）"
    assert whose in text
    assert json.loads(file.with_suffix(".json").read_text("utf-8"))["issuer"] == whose


async def test_the_data_stands_beside_the_document(tmp_path: Path, make_paper: MakePaper) -> None:
    """A program reads back the very paper from the JSON."""
    numbered = make_paper(3)
    file = await produced(tmp_path, numbered)

    data = json.loads(file.with_suffix(".json").read_text("utf-8"))

    assert NumberedPaper.model_validate(data["paper"]) == numbered
    assert data["document"] == file.name


async def test_two_stores_produce_the_same_bytes(tmp_path: Path, make_paper: MakePaper) -> None:
    """Nothing in a document or its data tells when, where or how often it was written."""
    first = await produced(tmp_path / "first", make_paper(3))
    second = await produced(tmp_path / "second", make_paper(3))

    assert first.read_bytes() == second.read_bytes()
    assert first.with_suffix(".json").read_bytes() == second.with_suffix(".json").read_bytes()


async def test_a_document_carries_the_instant_of_the_paper_only(tmp_path: Path, make_paper: MakePaper) -> None:
    """Its properties name the issue; its archive has one fixed date."""
    file = await produced(tmp_path, make_paper(3))

    properties = docx.Document(str(file)).core_properties
    # Nine in the morning of the office, as the format has it: of Greenwich.
    assert (f"{properties.created:%Y-%m-%d %H:%M}", properties.modified) == ("2018-06-04 01:00", properties.created)
    assert {entry.date_time[0] for entry in zipfile.ZipFile(file).infolist()} == {1980}


async def test_a_document_that_is_there_is_left_alone(tmp_path: Path, make_paper: MakePaper) -> None:
    """What went out keeps its bytes, whatever a later version would write."""
    file = await produced(tmp_path, make_paper(3))
    file.write_bytes(b"signed and stamped")

    await produced(tmp_path, make_paper(3))

    assert file.read_bytes() == b"signed and stamped"


async def test_a_document_cut_off_by_a_crash_is_written_anew(tmp_path: Path, make_paper: MakePaper) -> None:
    """Without its data a document does not count as whole."""
    file = await produced(tmp_path, make_paper(3))
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    file.with_suffix(".json").unlink()

    await produced(tmp_path, make_paper(3))

    assert file.read_bytes() == whole


@pytest.mark.parametrize("torn", [b"", b'{"paper": {"pap', b"\xff\x00"])
async def test_data_that_a_disk_has_torn_is_written_anew(tmp_path: Path, make_paper: MakePaper, torn: bytes) -> None:
    """One torn file must not keep the mail of a whole department waiting; data of another form is another paper's."""
    file = await produced(tmp_path, make_paper(3))
    data = file.with_suffix(".json")
    whole = data.read_bytes()
    data.write_bytes(torn)

    await produced(tmp_path, make_paper(3))

    assert data.read_bytes() == whole
    data.write_bytes(b"[1]")
    with pytest.raises(NumberTakenError):
        await produced(tmp_path, make_paper(3))


async def test_a_lost_document_is_produced_again(tmp_path: Path, make_paper: MakePaper) -> None:
    """The data alone is not enough for a person."""
    file = await produced(tmp_path, make_paper(3))
    file.unlink()

    await produced(tmp_path, make_paper(3))

    assert file.exists()


async def test_a_number_is_never_given_to_a_second_paper(tmp_path: Path, make_paper: MakePaper) -> None:
    """Another paper of the same number is refused and the first one stays."""
    file = await produced(tmp_path, make_paper(3))
    before = file.read_bytes()

    with pytest.raises(NumberTakenError, match=r"文号 催办〔2018〕3号 已用于另一份文书.*。$"):
        await produced(tmp_path, make_paper(3, body="另一份。"))

    assert file.read_bytes() == before


async def test_two_productions_at_once_leave_one_whole_document(tmp_path: Path, make_paper: MakePaper) -> None:
    """A paper with copies may be produced for several mailboxes in the same second."""
    places = await asyncio.gather(*(DocxDocumentStore(tmp_path).produce(make_paper(3)) for _ in range(4)))

    assert set(places) == {"2018/urge/催办〔2018〕3号.docx"}
    assert sorted(file.name for file in (tmp_path / "2018/urge").iterdir()) == [
        "催办〔2018〕3号.docx",
        "催办〔2018〕3号.json",
    ]


async def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that refuses costs a retry, not a broken file."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("adapters.files.whole_file.os.fsync", full)

    with pytest.raises(OSError, match="No space"):
        await produced(tmp_path, make_paper(3))

    assert list((tmp_path / "2018" / "urge").iterdir()) == []


async def test_the_data_is_written_after_the_document(
    tmp_path: Path, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order by which a crash in between is seen."""
    written: list[str] = []
    monkeypatch.setattr(docx_document_store, "keep", lambda file, _: written.append(file.suffix))

    await produced(tmp_path, make_paper(3))

    assert written == [".docx", ".json"]


@pytest.mark.parametrize("number", ["../../催办", "催办/3", "C:\\催办", "..", "", "a" * 300, "催" * 120, "催\x00办"])
async def test_no_number_leads_out_of_the_store(tmp_path: Path, make_paper: MakePaper, number: str) -> None:
    """Whatever a number is, its file lies in the folder of its year and kind, under a name that every disk takes."""
    numbered = NumberedPaper(number=number, sequence=1, paper=make_paper(1).paper)

    file = await produced(tmp_path, numbered)

    assert file.resolve().parent == (tmp_path / "2018/urge").resolve()
    assert len(file.name.encode()) < 200


async def test_numbers_that_look_alike_after_cleaning_stay_apart(tmp_path: Path, make_paper: MakePaper) -> None:
    """Cleaning a name never lets one paper stand in the place of another."""
    paper = make_paper(1).paper
    names = {
        (await produced(tmp_path, NumberedPaper(number=number, sequence=1, paper=paper))).name
        for number in ("催办:1", "催办?1", "催办_1")
    }

    assert len(names) == 3


async def test_one_directive_is_a_document_for_each_row_under_one_number(tmp_path: Path, make_paper: MakePaper) -> None:
    """The rows of a directive have the number together, and none stands in the other's place."""
    store = DocxDocumentStore(tmp_path)
    about = ("2018-05a", None), ("2018-06", None), ("2018-06", "2018-06-01")
    made = [
        make_paper(1, kind="directive", project_id=project, milestone_id=milestone, one_of="a" * 32)
        for project, milestone in about
    ]
    assert len({await store.produce(each) for each in made}) == 3
    assert {each.number for each in made} == {"批示〔2018〕1号"}
