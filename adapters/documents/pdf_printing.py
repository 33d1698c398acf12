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
"""LibreOffice's starter hands on 254 words of its command and drops the others without a word: more documents than that
in one start were never printed, and it ended as if all had been."""
_PATIENCE_SECONDS, _PATIENCE_FOR_EACH = 60.0, 3.0
_BARREN_ROUNDS = 3
"""So often one after the other nothing at all is printed: then it is the program, and no document of theirs."""
_NAMED = 10
_REMEMBERED = 200
"""PDFs of a morning's papers, some tens of kilobytes each: what was printed beside a document is not printed again for
a letter. None stands for a document that could not be printed."""


class NotPrintedError(DubanError, rule="printable_document"):
    """LibreOffice made no `.pdf` of some documents; the documents themselves are there, and the others have theirs."""

    def __init__(self, program: str, files: Sequence[str], printed: int) -> None:
        told = "、".join(files[:_NAMED]) + (f"等{len(files)}份" if len(files) > _NAMED else "")
        super().__init__(
            f"LibreOffice（{program}）没有转出 PDF：{told}。原件（.docx）都在，可用 Word 或 WPS 打开后另存为 PDF。"
        )
        self.files, self.printed = tuple(files), printed


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
            NotPrintedError: the program did not print all of them; it says which, and how many it did print.
        """
        waiting = await asyncio.to_thread(self._waiting)
        if not waiting:
            return 0
        documents = [await asyncio.to_thread(file.read_bytes) for file in waiting]
        made = await self.pdfs(documents)
        missing = []
        for file, pdf in zip(waiting, made, strict=True):
            if pdf is not None:
                await asyncio.to_thread(keep, file.with_suffix(".pdf"), pdf)
            else:
                missing.append(file)
        # They would stand in the way of those that can be printed.
        self._failed.update(missing)
        printed = len(waiting) - len(missing)
        if missing:
            raise NotPrintedError(self._program, [file.stem for file in missing], printed)
        return printed

    async def print_all(self) -> tuple[int, list[NotPrintedError]]:
        """Print until nothing waits; answer how many were, and what is said of those that were not. Where nothing at
        all of some is printed, the others would go the same way."""
        total, faults, some = 0, [], 1
        while some:
            try:
                some = await self.print_new()
            except NotPrintedError as fault:
                faults.append(fault)
                some = fault.printed
            total += some
        return total, faults

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
        made: dict[str, bytes | None] = {**dict.fromkeys(some), **await self._printed(some)}
        self._made |= made
        while len(self._made) > _REMEMBERED:
            del self._made[next(iter(self._made))]
        return made

    async def _printed(self, documents: dict[str, bytes]) -> dict[str, bytes]:
        """What could be printed of some documents: the first that is missing after a start is tried alone, because it
        may have stopped the program, and the others behind it together."""
        made: dict[str, bytes] = {}
        waiting, barren = list(documents), 0
        while waiting and barren < _BARREN_ROUNDS:
            before = len(made)
            made |= await self._started(documents, waiting)
            missing = [name for name in waiting if name not in made]
            if missing and len(waiting) > 1:
                made |= await self._started(documents, missing[:1])
            waiting = missing[1:]
            barren = barren + 1 if len(made) == before else 0
        return made

    async def _started(self, documents: dict[str, bytes], names: Sequence[str]) -> dict[str, bytes]:
        """What one start of the program prints of the documents of these names."""
        made = {}
        with tempfile.TemporaryDirectory(prefix="duban-pdf-") as scratch:
            files = {name: Path(scratch) / f"{number}.docx" for number, name in enumerate(names)}
            for name, file in files.items():
                await asyncio.to_thread(file.write_bytes, documents[name])
            await self._run(Path(scratch), list(files.values()))
            for name, file in files.items():
                if (pdf := file.with_suffix(".pdf")).exists():
                    made[name] = await asyncio.to_thread(pdf.read_bytes)
        return made

    async def _run(self, scratch: Path, files: Sequence[Path]) -> None:
        profile = f"-env:UserInstallation=file://{scratch}/profile"
        options = (profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(scratch))
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            self._program, *options, *map(str, files), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE_SECONDS + _PATIENCE_FOR_EACH * len(files))
        except TimeoutError:
            pass
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)  # its own children too
                await process.wait()
