"""Lists and plans as files, in every format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from application.examples import file_or_example
from domain.bounds import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from domain.notice.document import NoticeDocument
    from domain.notice.plan import Plan
    from domain.rules.calendar import WorkingCalendar


def read_notice(path: Path) -> NoticeDocument:
    """The content of a notice file, whatever its format.

    Raises:
        InputError: the file cannot be read.
    """
    from adapters.readers import any_notice

    return any_notice.read_notice(file_or_example(path))


def known_calendar(extending: Path | None) -> WorkingCalendar:
    """Every year whose working days are known, those of the extending file too, for limits that count them.

    Raises:
        InputError: the extending file cannot be read.
    """
    from adapters.calendar.state_council import state_council_calendar

    return state_council_calendar(range(FIRST_DAY.year, LAST_DAY.year + 1), extending)


def is_plan_file(path: Path) -> bool:
    """Whether a file is a plan already, not a notice."""
    from adapters.plan_files import any_plan

    return any_plan.is_plan_file(file_or_example(path))


def read_plan(path: Path) -> Plan:
    """The plan that a file holds.

    Raises:
        InputError: the file holds no plan.
    """
    from adapters.plan_files import any_plan

    return any_plan.read_plan(file_or_example(path))


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan, whole or not at all.

    Raises:
        InputError: the name is no plan's, the place cannot be written, or what stands there is no plan.
    """
    from adapters.plan_files import any_plan

    any_plan.write_plan(plan, path)


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of a plan file."""
    from adapters.plan_files import plan_schema as schema

    return schema.plan_schema()


def load_plan(path: Path) -> Plan:
    """The plan that a year starts from: a plan file, or a notice that leaves nothing to rule on.

    Raises:
        InputError: the file cannot be read.
        UnruledFindingsError: findings still wait for the operator's ruling.
    """
    if is_plan_file(path):
        from domain.notice.rulings import settled

        plan = settled(read_plan(path))
    else:
        from domain.notice.compiling import compile_notice

        plan = compile_notice(read_notice(path))
    plan.must_be_ruled()
    return plan
