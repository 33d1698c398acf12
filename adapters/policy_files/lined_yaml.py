"""YAML whose keys and items remember their lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError


class _DatesAsText(RoundTripConstructor):
    """Leaves what looks like a date as text: the milestone `2018-05-03` is not a day, `2018-17-02` could not be one."""


_DatesAsText.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


class NotYamlError(Exception):
    """A text is not YAML; `line` counts from one where it is known."""

    def __init__(self, text: str, line: int | None) -> None:
        super().__init__(text)
        self.text = text
        self.line = line


class LinedYaml:
    """A YAML document as plain values, and the line of each of its places."""

    def __init__(self, text: str) -> None:
        yaml = YAML(typ="rt")
        yaml.Constructor = _DatesAsText
        try:
            self._root = yaml.load(text)
            self.value: Any = _plain(self._root)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise NotYamlError(_reason(error), mark.line + 1 if mark else None) from error
        except RecursionError as error:
            raise NotYamlError("层次太深，或引用了自己", None) from error
        except (YAMLError, ValueError) as error:
            raise NotYamlError("不是合法的YAML，请检查特殊字符", None) from error

    def line(self, path: Sequence[int | str]) -> int:
        """The line of a place; of the nearest one around it where the place itself is not written."""
        return self._walk(path)[1]

    def is_written(self, path: Sequence[int | str]) -> bool:
        """Whether the document has such a place."""
        return self._walk(path)[0]

    def _walk(self, path: Sequence[int | str]) -> tuple[bool, int]:
        node, line = self._root, 1
        for step in path:
            if isinstance(node, CommentedMap) and (key := _key_like(node, step)) is not None:
                line = node.lc.key(key)[0] + 1
                node = node[key]
            elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
                line = node.lc.item(step)[0] + 1
                node = node[step]
            else:
                return False, line
        return True, line


def _key_like(node: CommentedMap, step: int | str) -> Any:
    # A key may have been read as a number; the model knows it by its text.
    return next((key for key in node if str(key) == str(step)), None)


def _plain(node: Any) -> Any:
    if isinstance(node, CommentedMap):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(item) for item in node]
    return node if node is None or isinstance(node, bool | int | float) else str(node)


def _reason(error: MarkedYAMLError) -> str:
    problem = str(error.problem or "")
    if "duplicate key" in problem:
        return "同一个键写了两次，请删去一处"
    if "tab" in problem or "'\\t'" in problem:
        return "缩进用了制表符，请改用空格"
    if "single document" in str(error.context or ""):
        return "一个文件只能有一份规则，请删去“---”之后的内容"
    return "不是合法的YAML，请检查缩进、冒号、引号和括号"
