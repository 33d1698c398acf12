"""A YAML file that an office keeps by hand, opened; what is wrong with it is told with its place and its line."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

from adapters.files.yaml_reading import Document, Fault, NotYamlError, read
from domain.characters import in_a_sentence
from domain.errors import InputError
from domain.os_faults import os_fault

_NOT_YAML: Final[dict[Fault, str]] = {
    "form": "不是合法的YAML，请检查缩进、冒号、引号和括号",
    "tab": "缩进用了制表符，请改用空格",
    "key twice": "同一个键写了两次，请删去一处",
    "several documents": "一个文件里只能有一份，请删去“---”之后的内容",
    "characters": "不是合法的YAML，请检查特殊字符",
    "endless": "层次太深，或引用了自己",
}


class UnreadableFileError(InputError):
    """A file of this kind cannot be read, or what it says does not hold together; `line` counts from one."""

    called: ClassVar[str]
    """What such a file is called, around its place."""
    longest: ClassVar[int] = 400
    """So many characters are told of what is wrong with it."""

    def __init__(self, text: str, *, place: Path, line: int | None = None) -> None:
        where = self.called.format(place) + (f"第{line}行" if line else "")
        super().__init__(f"{where}：{in_a_sentence(text, self.longest)}。", place=str(place), line=line)
        self.line = line


def document_at(place: Path, refused: type[UnreadableFileError]) -> Document:
    """The document that a file holds.

    Raises:
        UnreadableFileError: it is not there, or is no YAML: as the kind that is `refused`.
    """
    try:
        return read(place.read_text(encoding="utf-8-sig"))
    except NotYamlError as error:
        raise refused(_NOT_YAML[error.fault], place=place, line=error.line) from error
    except UnicodeDecodeError as error:
        raise refused("不是UTF-8编码，请另存为UTF-8", place=place) from error
    except FileNotFoundError as error:
        raise refused("没有这个文件，请检查路径", place=place) from error
    except OSError as error:
        raise refused(f"打不开（{os_fault(error)}），请检查路径和权限", place=place) from error
