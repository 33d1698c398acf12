"""Keeps each numbered paper as a Word document, with its data as JSON beside it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from adapters.documents.digest_layout import digest_bytes
from adapters.documents.office_templates import OwnTemplates, own_of
from adapters.documents.official_layout import document_bytes
from adapters.files.whole_file import described, json_in, keep, safe_name
from domain.errors import PhrasedError
from domain.papers.issuers import issuing, mark_of, together
from domain.papers.mail import DIGEST_TITLE, Digest
from domain.papers.paper import PAPER_TITLES, NumberedPaper, PaperLanguage
from domain.papers.wording import Say, as_drafted, language_of
from domain.ports.vault import KeptFile

_SEVERAL = 2
"""One paper alone needs no list."""


class NumberTakenError(PhrasedError, rule="one_paper_per_number"):
    """Another paper already stands in the store under this number; the store was left as it is."""

    says = "文号 {number} 已用于另一份文书（{place}），不会覆盖：如果数据是从备份恢复的，请先移走旧的文书目录再继续。"
    number: str
    place: Path


class DocxDocumentStore:
    """Documents at `<root>/<year>/<kind>/<number>.docx`, issued in the name of `issuer`, on the office's own templates
    where it has them. A copy's mark stands behind every other issuer's name, as it stands in this one's. `english` says
    what stands on a paper that was issued in English. `signers` stand on what goes up in the office's own name. Several
    offices issue together what has one of the titles `joint`, or everything where there is none. `head` answers the
    line that names the ledger's last head: a morning's list carries it to its reader.

    The JSON is written last and says that the document is whole. A document that is there is left alone, so that a
    paper which went out keeps its bytes even when a later version of the program would lay it out otherwise.
    """

    def __init__(
        self,
        root: Path,
        issuer: str = "督查室",
        contact: str = "",
        templates: OwnTemplates | None = None,
        english: Say = as_drafted,
        signers: str = "",
        head: Callable[[], str] = str,
        joint: frozenset[str] = frozenset(),
    ) -> None:
        self._root = root
        self._templates = templates or {}
        self._issuer = issuer
        self._contact = contact
        self._english = english
        self._signers = signers
        self._head = head
        self._joint = joint

    async def produce(self, numbered: NumberedPaper) -> str:
        return await asyncio.to_thread(self._produce, numbered)

    async def produce_digest(self, digest: Digest, sent_at: datetime) -> str | None:
        if len(digest.items) < _SEVERAL:
            return None
        return await asyncio.to_thread(self._produce_digest, digest, sent_at)

    def _produce_digest(self, digest: Digest, sent_at: datetime) -> str:
        name = digest.digest_id.removeprefix(f"{digest.addressee}/")
        place = PurePosixPath("digests", safe_name(digest.addressee), f"{safe_name(name)}.docx")
        document = self._root / place
        data = document.with_suffix(".json")
        if not (data.exists() and document.exists()):
            say = self._say(language_of(digest.items))
            own = self._templates.get(say(DIGEST_TITLE))
            issuer, head = together(issuing(self._issuer, self._joint, DIGEST_TITLE), say), self._head()
            keep(document, digest_bytes(digest, sent_at, issuer, self._contact, own, say, head))
            papers = [numbered.paper.paper_id for numbered in digest.items]
            content = {"issuer": issuer, "digest_id": digest.digest_id, "papers": papers}
            keep(data, json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n")
        return str(place)

    def place_of(self, numbered: NumberedPaper) -> str:
        """The place of a paper's document by its year, kind and number (see the port)."""
        paper = numbered.paper
        # One directive bears one number in every row that it is about.
        row = f"（{paper.milestone_id or paper.project_id}）" if paper.one_of else ""
        return str(PurePosixPath(str(paper.year), paper.kind, f"{safe_name(f'{numbered.number}{row}')}.docx"))

    async def kept(self, place: str) -> Sequence[KeptFile]:
        document = self._root / place
        files = (document, document.with_suffix(".json"))
        return await asyncio.to_thread(lambda: [described(file, self._root) for file in files])

    async def read(self, name: str) -> bytes | None:
        folder, *parts = PurePosixPath(name).parts or ("",)
        if folder != self._root.name or ".." in parts:
            return None
        try:
            return await asyncio.to_thread(self._root.joinpath(*parts).read_bytes)
        except OSError:
            return None

    def _say(self, language: PaperLanguage | None) -> Say:
        return self._english if language == "en" else as_drafted

    def _produce(self, numbered: NumberedPaper) -> str:
        paper = numbered.paper
        say = self._say(paper.language)
        place = self.place_of(numbered)
        document = self._root / place
        data = document.with_suffix(".json")
        kept = json_in(data)
        if kept is not None:
            if not isinstance(kept, dict) or kept.get("paper") != numbered.model_dump(mode="json"):
                raise NumberTakenError(number=numbered.number, place=document)
            if document.exists():
                return place
        own = own_of(self._templates, paper.title, paper.kind, say)
        # The office's contact stands under the office's own papers alone.
        issuer, signers = (
            issuing(names, self._joint, paper.title, PAPER_TITLES[paper.kind])
            for names in (self._issuer, self._signers)
        )
        whose = (issuer, self._contact, signers)
        issuer, contact, signers = (f"{paper.issuer}{mark_of(self._issuer)}", "", "") if paper.issuer else whose
        issuer = together(issuer, say)
        keep(document, document_bytes(numbered, issuer, contact, own, say, signers=signers))
        content = {"issuer": issuer, "document": document.name, "paper": numbered.model_dump(mode="json")}
        keep(data, json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n")
        return place
