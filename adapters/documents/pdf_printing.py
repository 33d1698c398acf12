"""A `.pdf` beside each document, made by LibreOffice where it is there; the `.docx` stays the paper of record."""

from __future__ import annotations

import asyncio
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


class NotPrintedError(DubanError, rule="printable_document"):
    """LibreOffice made no `.pdf` of a document; the document itself is there."""


def printing_program() -> str | None:
    """LibreOffice on this machine; none where it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


class PdfPrinter:
    """Prints the documents of a folder that have no `.pdf` yet, some at once: the program takes seconds to begin."""

    def __init__(self, root: Path, program: str) -> None:
        self._root = root
        self._program = program
        self._failed: set[Path] = set()

    async def print_new(self) -> int:
        """Print some that are not printed; answer how many were.

        Raises:
            NotPrintedError: the program printed none of them.
        """
        waiting = await asyncio.to_thread(self._waiting)
        if not waiting:
            return 0
        with tempfile.TemporaryDirectory(prefix="duban-pdf-") as scratch:
            numbered = {Path(scratch) / f"{number}.docx": file for number, file in enumerate(waiting)}
            for copy, file in numbered.items():
                await asyncio.to_thread(shutil.copyfile, file, copy)
            await self._run(Path(scratch), list(numbered))
            printed = 0
            for copy, file in numbered.items():
                pdf = copy.with_suffix(".pdf")
                if pdf.exists():
                    await asyncio.to_thread(keep, file.with_suffix(".pdf"), pdf.read_bytes())
                    printed += 1
                else:
                    # It would stand in the way of those that can be printed.
                    self._failed.add(file)
        if not printed:
            raise NotPrintedError(f"LibreOffice（{self._program}）没有转出 PDF：{waiting[0].name}等{len(waiting)}份。")
        return printed

    def _waiting(self) -> list[Path]:
        files = (file for file in sorted(self._root.rglob("*.docx")) if file.with_suffix(".json").exists())
        new = [file for file in files if not file.with_suffix(".pdf").exists() and file not in self._failed]
        return new[:_AT_ONCE]

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
