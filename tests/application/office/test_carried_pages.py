"""The pages that a letter carries beside its documents, or in their place, over a real ledger and a courier."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pdfplumber
import pytest

from adapters.documents.pdf_printing import PdfPrinter, printing_program
from application.office.courier import Courier
from application.settings import Settings
from domain.papers.routes import Routes
from domain.ports.channel import Message, MessageWords
from domain.ports.document_printer import DocumentPrinter
from entrypoints.bootstrap import open_records
from tests.application.office.test_carried_papers import Documented

URGES = [f"催办〔2026〕{number}号" for number in (1, 2, 3)]


class Printer:
    """Makes pages of all documents but one."""

    def __init__(self, but: int | None = None, error: OSError | None = None) -> None:
        self.but, self.error = but, error
        self.asked: list[list[bytes]] = []

    async def pdfs(self, documents: Sequence[bytes]) -> list[bytes | None]:
        self.asked.append(list(documents))
        if self.error is not None:
            raise self.error
        return [None if place == self.but else b"%PDF" + each for place, each in enumerate(documents)]


class Printing(Documented):
    """A house whose letters may carry pages."""

    printer: DocumentPrinter | None = None

    def courier(self) -> Courier:
        channels = {"first": self.first, "second": self.second}
        return Courier(
            self.records, self.routes, channels, lambda: self.now, documents=self.documents, printer=self.printer
        )

    async def sent(self, attach: str, printer: DocumentPrinter | None, megabytes: int = 10) -> Message:
        """The morning's letter, with files as the office wants them."""
        mail = {"kind": "email", "host": "x.example", "sender": "a@x.example", "attach_megabytes": megabytes}
        channels = {"first": {**mail, "attach": attach}, "second": mail}
        given = self.routes.model_dump(mode="json", exclude_none=True, by_alias=True)
        steps = [{"channel": "first", "address": "b@x.example"}]
        readers = {name: {**reader, "to": steps} for name, reader in given["readers"].items()}
        self.routes = Routes.model_validate({**given, "channels": channels, "readers": readers})
        self.printer = printer
        return await self.message()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Printing]:
    """An empty house."""
    with open_records(Settings(data=tmp_path / "data")) as records:
        yield Printing(tmp_path, records)


def told(pdf: bytes) -> str:
    """The text of a PDF, without the room between its letters."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "".join((page.extract_text() or "").replace(" ", "") for page in document.pages)


def named(message: Message) -> list[str]:
    """The files of the papers, without the morning's list."""
    return [file.name for file in message.files if file.name.startswith("催办")]


async def test_pages_come_beside_the_documents(house: Printing) -> None:
    """Documents first; each PDF is made from the bytes that the ledger has, all of a letter at once."""
    printer = Printer()
    message = await house.sent("both", printer)
    assert named(message) == [f"{name}{ending}" for ending in (".docx", ".pdf") for name in URGES]
    documents = [file.content for file in message.files if file.name.endswith(".docx")]
    assert printer.asked == [documents]
    assert [file.content for file in message.files[len(documents) :]] == [b"%PDF" + each for each in documents]
    assert message.remarks == (MessageWords().printed,)


async def test_pages_come_in_the_place_of_documents_where_they_could_be_made(house: Printing) -> None:
    """One that could not be printed goes as the document that it is."""
    message = await house.sent("pdf", Printer(but=2))
    assert named(message) == [f"{URGES[0]}.pdf", f"{URGES[1]}.docx", f"{URGES[2]}.pdf"]


@pytest.mark.parametrize("printer", [None, Printer(error=FileNotFoundError("soffice")), Printer(but=0)])
@pytest.mark.parametrize("attach", ["pdf", "both"])
async def test_without_libreoffice_a_letter_takes_its_documents_and_says_nothing_of_pages(
    house: Printing, attach: str, printer: Printer | None
) -> None:
    """It goes out all the same; what the letter says of its files holds."""
    message = await house.sent(attach, printer)
    made = [file for file in message.files if file.name.endswith(".pdf")]
    assert {f"{name}.docx" for name in URGES} - {file.name for file in message.files} == (
        {f"{name}.docx" for name in URGES} if made and attach == "pdf" else set()
    )
    assert message.remarks == ((MessageWords().printed,) if made else ())


@pytest.mark.skipif(printing_program() is None, reason="LibreOffice is not installed")
async def test_libreoffice_s_pages_say_what_the_documents_say(house: Printing) -> None:
    """Each PDF of a letter is its document's, by number, and the morning's list has all of them."""
    program = printing_program()
    assert program is not None
    message = await house.sent("pdf", PdfPrinter(house.papers, program))
    texts = {file.name: told(file.content) for file in message.files}
    first, *urges = texts
    assert urges == [f"{name}.pdf" for name in URGES]
    assert all(name in texts[first] for name in URGES)
    assert all(name in texts[f"{name}.pdf"] for name in URGES)


@pytest.mark.parametrize(("attach", "megabytes"), [("docx", 10), ("both", 0)])
async def test_nothing_is_printed_that_no_letter_takes(house: Printing, attach: str, megabytes: int) -> None:
    """An office that did not ask for pages, or wants no files at all, pays for none."""
    printer = Printer()
    message = await house.sent(attach, printer, megabytes)
    assert printer.asked == []
    assert named(message) == [f"{name}.docx" for name in URGES]
