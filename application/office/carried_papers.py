"""The documents that a reader's message carries: as they were issued, each held against its hash in the ledger."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from application.log_lines import log_lines
from domain.errors import PhrasedError
from domain.papers.routes import Attached
from domain.papers.wording import Say
from domain.ports.channel import MessageWords, PaperFile
from domain.ports.document_printer import DocumentPrinter
from domain.ports.document_store import DocumentStore
from domain.ports.ledger import Ledger
from domain.ports.outbox import OutboxItem
from domain.ports.vault import KeptFile
from domain.record.recorded_deliveries import recorded_files

_DOCUMENT, _PAGES = ".docx", ".pdf"
_ROW = re.compile(r"(?<=号|\d)（[^（）]*）$")
_log = log_lines("duban.courier")


class NoDocumentError(PhrasedError, rule="document_as_issued"):
    """The document of a paper is not where documents are kept, or not as the ledger has it: nothing is given out."""

    says = "{number}的 Word 文件不在这台机器上，或与台账记录的不一样，没有给出：请告诉管理员，先看文书页面上的正文。"
    number: str


async def carried(
    ledger: Ledger, documents: DocumentStore, digest_ids: Sequence[str], words: MessageWords, say: Say
) -> tuple[list[PaperFile], list[str]]:
    """The documents of some digests, each once, and the names of those that are not as the ledger has them."""
    found: dict[str, PaperFile] = {}
    unlike: list[str] = []
    times: Counter[str] = Counter()
    for digest_id in digest_ids:
        addressee = digest_id.rpartition("/")[0]
        for file in recorded_files(ledger, addressee, digest_id):
            if not file.name.endswith(_DOCUMENT) or file.name in found:
                continue
            content, name = await _as_issued(documents, file), _shown(file.name, words, say)
            if content is not None:
                times[name] += 1
                if times[name] > 1:
                    name = f"{name.removesuffix(_DOCUMENT)}（{times[name]}）{_DOCUMENT}"
                found[file.name] = PaperFile(name=name, content=content)
            else:
                unlike.append(name)
                _log.warning("document_not_sent", file=file.name)
    title = words.gathered.partition("{")[0]
    lists = sorted(found.values(), key=lambda each: not each.name.startswith(title))
    return lists, unlike


async def document_of(ledger: Ledger, documents: DocumentStore, item: OutboxItem) -> PaperFile:
    """The document of a paper that went out to an addressee, as it was issued.

    Raises:
        NoDocumentError: there is none, or not as the ledger has it.
    """
    place, digest_id = f"/{documents.place_of(item.numbered)}", item.digest_id
    sent = await asyncio.to_thread(recorded_files, ledger, item.addressee, digest_id) if digest_id else []
    for file in sent:
        if file.name.endswith(place) and (content := await _as_issued(documents, file)) is not None:
            return PaperFile(name=_without_row(file.name), content=content)
    raise NoDocumentError(number=item.numbered.number)


async def _as_issued(documents: DocumentStore, file: KeptFile) -> bytes | None:
    content = await documents.read(file.name)
    return content if content is not None and hashlib.sha256(content).hexdigest() == file.sha256 else None


async def printed(files: Sequence[PaperFile], attached: Attached, printer: DocumentPrinter | None) -> list[PaperFile]:
    """The files of a letter as its channel wants them: the PDF of each document behind all documents, or in its place.
    What could not be printed goes as the document that it is."""
    if printer is None or attached == "docx":
        return list(files)
    try:
        made = await printer.pdfs([file.content for file in files])
    except OSError as error:
        _log.warning("pdf_not_made", reason=type(error).__name__, documents=len(files))
        return list(files)
    pages = [
        PaperFile(name=f"{file.name.removesuffix(_DOCUMENT)}{_PAGES}", content=pdf) if pdf is not None else None
        for file, pdf in zip(files, made, strict=True)
    ]
    if attached == "pdf":
        return [page or file for file, page in zip(files, pages, strict=True)]
    return [*files, *(page for page in pages if page is not None)]


def _shown(place: str, words: MessageWords, say: Say) -> str:
    """The name under which a reader gets a document: its number; a list of several has none, so its day says which."""
    path = PurePosixPath(place)
    if "digests" not in path.parts:
        return _without_row(place)
    day, _, clock = path.stem.partition("T")
    addressee = path.parent.name if words == MessageWords() else say(path.parent.name)
    named = words.gathered.format(addressee=addressee, day=f"{day} {clock[:4]}")
    return f"{named}{path.suffix}"


def _without_row(place: str) -> str:
    """What tells the rows of one directive apart in the store is no number of the reader's."""
    path = PurePosixPath(place)
    return f"{_ROW.sub('', path.stem)}{path.suffix}"
