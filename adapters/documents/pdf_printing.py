"""A `.pdf` beside each document, made by LibreOffice where it is there; the `.docx` stays the paper of record."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

from adapters.files.whole_file import keep
from domain.errors import DubanError

_PROGRAMS = ("soffice", "libreoffice")
_AT_ONCE = 40
_PATIENCE_SECONDS = 180.0
_REMEMBERED = 200
"""PDFs of a morning's papers, some tens of kilobytes each: what was printed beside a document is not printed again for
a letter. None stands for a document that could not be printed."""


class NotPrintedError(DubanError, rule="printable_document"):
    """LibreOffice made no `.pdf` of a document; the document itself is there."""


def printing_program() -> str | None:
    """LibreOffice on this machine; none where it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


class PdfPrinter:
    """Prints the documents of a folder that have no `.pdf` yet, and any other that is asked for: some at once, because
    the program takes seconds to begin and one begin serves all who wait."""

    def __init__(self, root: Path, program: str) -> None:
        self._root = root
        self._program = program
        self._failed: set[Path] = set()
        self._turn = asyncio.Lock()
        self._wanted: dict[str, bytes] = {}
        self._made: dict[str, bytes | None] = {}

    async def print_new(self) -> int:
        """Print some that are not printed; answer how many were.

        Raises:
            NotPrintedError: the program printed none of them.
        """
        waiting = await asyncio.to_thread(self._waiting)
        if not waiting:
            return 0
        documents = [await asyncio.to_thread(file.read_bytes) for file in waiting]
        made = await self.pdfs(documents)
        for file, pdf in zip(waiting, made, strict=True):
            if pdf is not None:
                await asyncio.to_thread(keep, file.with_suffix(".pdf"), pdf)
            else:
                # It would stand in the way of those that can be printed.
                self._failed.add(file)
        printed = sum(pdf is not None for pdf in made)
        if not printed:
            raise NotPrintedError(f"LibreOffice（{self._program}）没有转出 PDF：{waiting[0].name}等{len(waiting)}份。")
        return printed

    def _waiting(self) -> list[Path]:
        files = (file for file in sorted(self._root.rglob("*.docx")) if file.with_suffix(".json").exists())
        new = [file for file in files if not file.with_suffix(".pdf").exists() and file not in self._failed]
        return new[:_AT_ONCE]

    async def pdfs(self, documents: Sequence[bytes]) -> list[bytes | None]:
        """The PDFs of these very bytes (see the port): what lies beside a document could have been put there."""
        wanted = {hashlib.sha256(document).hexdigest(): document for document in documents}
        self._wanted.update(wanted)
        found: dict[str, bytes | None] = {}
        # Whoever has the turn prints for all who wait for it.
        while wanted.keys() - found.keys():
            async with self._turn:
                found |= {name: self._made[name] for name in wanted if name in self._made}
                if rest := wanted.keys() - found.keys():
                    self._wanted.update({name: wanted[name] for name in rest})
                    found |= await self._print_wanted()
        return [found[hashlib.sha256(document).hexdigest()] for document in documents]

    async def _print_wanted(self) -> dict[str, bytes | None]:
        for name in self._wanted.keys() & self._made.keys():
            del self._wanted[name]
        some = {name: self._wanted.pop(name) for name in list(self._wanted)[:_AT_ONCE]}
        made: dict[str, bytes | None] = dict.fromkeys(some)
        with tempfile.TemporaryDirectory(prefix="duban-pdf-") as scratch:
            files = {name: Path(scratch) / f"{number}.docx" for number, name in enumerate(some)}
            for name, file in files.items():
                await asyncio.to_thread(file.write_bytes, some[name])
            await self._run(Path(scratch), list(files.values()))
            for name, file in files.items():
                if (pdf := file.with_suffix(".pdf")).exists():
                    made[name] = await asyncio.to_thread(pdf.read_bytes)
        self._made |= made
        while len(self._made) > _REMEMBERED:
            del self._made[next(iter(self._made))]
        return made

    async def _run(self, scratch: Path, files: Sequence[Path]) -> None:
        profile = f"-env:UserInstallation=file://{scratch}/profile"
        options = (profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(scratch))
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            self._program, *options, *map(str, files), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE_SECONDS)
        except TimeoutError:
            pass
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)  # its own children too
                await process.wait()
