"""Why a file cannot be used is said in words, whatever language the system speaks."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from domain.os_faults import os_fault


def test_common_faults_of_files_have_words(tmp_path: Path) -> None:
    """No file, a folder in its place, a file in the middle of the path, a path that is none."""
    (tmp_path / "file").touch()
    paths = (tmp_path / "none", tmp_path, tmp_path / "file" / "x", Path("a\0b"))
    said = []
    for path in paths:
        with pytest.raises((OSError, ValueError)) as fault:
            path.read_bytes()
        said.append(os_fault(fault.value))
    assert said == ["没有这个文件或文件夹", "这是文件夹，不是文件", "路径中有一段不是文件夹", "路径不合法"]


def test_faults_of_disks_and_ports_have_words() -> None:
    """A full disk, one that is read only, a port that is taken."""
    numbers = (errno.ENOSPC, errno.EROFS, errno.EADDRINUSE)
    assert [os_fault(OSError(each, "said by the system")) for each in numbers] == [
        "磁盘已满",
        "磁盘只能读",
        "端口已被占用",
    ]


def test_what_has_no_words_is_said_as_the_system_says_it() -> None:
    """A fault that is rare, and an error without a text."""
    assert os_fault(OSError(errno.ENXIO, "No such device or address")) == "No such device or address"
    assert os_fault(OSError("x")) == "x"
