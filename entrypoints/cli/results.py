"""What became of many projects, as a person reads it: what is alike once, with the projects that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from domain.ids import ProjectId
from entrypoints.cli.next_commands import next_command


class OneResult(Protocol):
    """What became of one project."""

    @property
    def project_id(self) -> ProjectId:
        """Which one."""

    @property
    def outcome(self) -> str:
        """What became of it, in one word."""

    @property
    def text(self) -> str:
        """Why, where there is something to say."""


def grouped(results: Sequence[OneResult], words: Mapping[str, str]) -> Iterator[str]:
    """A line for each outcome and each reason: whose it is, then the reason once, with what to type for it."""
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for result in results:
        named, shared = _parted(result)
        rule = getattr(result, "rule", "")
        groups.setdefault((result.outcome, shared, rule), []).append((named, result.text))
    for (outcome, shared, rule), members in groups.items():
        reason = shared if len(members) > 1 else members[0][1]
        yield f"{words[outcome]}：{'、'.join(named for named, _ in members)}" + (f"：{reason}" if reason else "")
        if (command := next_command(rule)) is not None:
            yield f"    {command}"


def _parted(result: OneResult) -> tuple[str, str]:
    """What a reason is about, the project or a milestone of it, and the reason without that."""
    about = re.search(
        rf"(?<=项目|节点) ?({re.escape(result.project_id)}(?:-\d{{2,}})?)(?![0-9A-Za-z_-]) ?", result.text
    )
    if about is None:
        return result.project_id, result.text
    return about[1], result.text[: about.start()] + result.text[about.end() :]
