"""What `--evidence` is given: a file, whose bytes are kept and whose hash the command carries, or a plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from application.office.shown_files import ShownFile
from application.settings import Settings
from domain.errors import InputError
from domain.evidence import evidence_files
from domain.os_faults import os_fault

_MEGABYTE = 1_000_000
_NAMES_A_FILE = re.compile(r"\S*\.[A-Za-z][A-Za-z0-9]{0,4}|(\.{0,2}|~)/.*", re.DOTALL)

evidence_option = click.option(
    "--evidence", multiple=True, help="佐证材料（可重复）：文件（存入佐证库，摘要记入台账），或一句文字说明"
)


class UnusableEvidenceError(InputError, rule="usable_evidence"):
    """A file that should be evidence cannot be taken."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One piece of evidence: the text that the command carries, and the file where it is one."""

    text: str
    file: ShownFile | None = None


def shown_files(settings: Settings, values: Sequence[str]) -> list[Shown]:
    """Read what was given as evidence; nothing is kept yet.

    Raises:
        UnusableEvidenceError: a file is missing, empty, too large, or cannot be read.
    """
    return [_shown(value, settings.evidence_megabytes) for value in values]


def _shown(value: str, megabytes: int) -> Shown:
    if evidence_files((value,)):
        # In the record it would claim a file that nobody has kept, for ever.
        raise UnusableEvidenceError(f"佐证“{value}”是台账中文件的写法：请给出文件本身，由程序存入并登记。", value=value)
    path = None
    try:
        path = Path(value).expanduser() if value and "\0" not in value else None
        if path is not None and path.is_file():
            return _read(path, megabytes)
        there = path is not None and path.exists()
    except (OSError, RuntimeError):
        there = False  # longer than any name of a file, or in nobody's home folder: a text
    if there:
        raise UnusableEvidenceError(f"佐证“{value}”不是文件：请给出文件，几个文件请分别写 --evidence。", value=value)
    if "://" not in value and _NAMES_A_FILE.fullmatch(value):
        raise UnusableEvidenceError(
            f"佐证文件“{value}”不存在：请核对路径；若只是文字说明，请不要写成文件名。", value=value
        )
    return Shown(value)


def _read(path: Path, megabytes: int) -> Shown:
    try:
        size = path.stat().st_size
        if size > megabytes * _MEGABYTE:
            raise UnusableEvidenceError(
                f"佐证文件“{path}”有 {size / _MEGABYTE:.1f} MB，超过 {megabytes} MB：请压缩或拆分，"
                "或由管理员调整 DUBAN_EVIDENCE_MEGABYTES。",
                value=str(path),
            )
        shown = ShownFile.at(path)
        described = shown.described()
    except OSError as error:
        raise UnusableEvidenceError(
            f"佐证文件“{path}”读不出来（{os_fault(error)}）：请检查权限。", value=str(path)
        ) from error
    if not described.size:
        raise UnusableEvidenceError(f"佐证文件“{path}”是空的：请核对是不是这一份。", value=str(path))
    return Shown(str(described), shown)
