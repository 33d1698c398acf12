"""The composition root of documents: the store on the office's templates, and what prints them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.documents.office_templates import joint_papers, read_templates, write_built_in
from adapters.documents.pdf_printing import PdfPrinter, printing_program
from application.settings import Settings
from domain.papers.issuers import together
from domain.papers.wording import Say, as_drafted
from domain.ports.document_store import DocumentStore
from entrypoints.core_sentences import paper_said


def documents_of(settings: Settings, folder: Path, head: Callable[[], str] = str) -> DocumentStore:
    """Documents in a folder, in the office's name and on its own templates where it has them; `head` answers the line
    of the ledger's last head.

    Raises:
        InputError: a template cannot be used, or no paper is called as one that is issued together; the sentence names
            each mistake with its place.
    """
    templates = read_templates(settings.templates, paper_said) if settings.templates else {}
    joint = joint_papers(settings.joint_papers, paper_said)
    return DocxDocumentStore(
        folder, settings.issuer, settings.contact, templates, paper_said, settings.signers, head, joint
    )


def kept_documents(settings: Settings) -> DocumentStore:
    """The documents that the office has issued, to be read."""
    return DocxDocumentStore(settings.papers_folder)


def checked_templates(folder: Path) -> list[str]:
    """The titles of the papers for which a folder has templates.

    Raises:
        InputError: one cannot be used; the sentence names each mistake with its place.
    """
    return list(read_templates(folder, paper_said))


def office_templates(settings: Settings) -> list[str]:
    """The titles of the papers for which the office has templates of its own.

    Raises:
        InputError: a worker could not begin with them (see `documents_of`).
    """
    joint_papers(settings.joint_papers, paper_said)
    return checked_templates(settings.templates) if settings.templates else []


def begin_templates(settings: Settings, folder: Path) -> list[str]:
    """Put the built-in templates into a folder; answer the names of the new files."""
    say = said_of(settings)
    joint = joint_papers(settings.joint_papers, paper_said)
    return write_built_in(folder, together(settings.issuer, say), say, settings.signers, joint)


def said_of(settings: Settings) -> Say:
    """What says, in the language of the office's papers, what the core says in Chinese."""
    return paper_said if settings.paper_language == "en" else as_drafted


def printer_of(settings: Settings, folder: Path) -> PdfPrinter | None:
    """What prints the documents of a folder; none where LibreOffice is not there, or nobody wants it."""
    program = printing_program() if settings.pdf == "auto" else None
    return PdfPrinter(folder, program) if program else None
