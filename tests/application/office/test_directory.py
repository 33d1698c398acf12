"""The directory through the application: an administrator changes it, whole or not at all, on the record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from application.office.directory import (
    AskedChange,
    change_directory,
    directory_of,
    export_directory,
    import_directory,
    preview_import,
)
from application.records import Records
from application.settings import Settings
from domain.directory import changes
from domain.directory.authority import LastAdministratorError, NotAnAdministratorError
from domain.directory.changes import NotInDirectoryError
from domain.directory.draft import Draft, UnsoundChangeError
from domain.directory.events import DIRECTORY_STREAM
from domain.directory.importing import UnsoundTableError
from domain.markings import ClassifiedError
from domain.record.ledger_errors import StreamMovedError
from domain.record.recorded_directory import directory_known_at
from entrypoints.bootstrap import open_records
from tests.domain.directory.samples import START, as_table, table

OFFICE = table(
    "部门,,组织部,,,,,,2018-01-01,",
    "人员,,李红,,,,,,2018-01-01,",
    "人员,,王伟,,,,,,2018-01-01,",
    "任职,,李红,,,管理员,,,2018-01-01,",
    "任职,,王伟,,,主要负责人,组织部,,2018-01-01,",
)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """The records of a new installation."""
    with open_records(Settings(data=tmp_path / "data")) as opened:
        yield opened


def asking(by: str = "李红", days: int = 0) -> AskedChange:
    """A request some days after the start."""
    return AskedChange(by, START + timedelta(days=days), f"r{days}")


def entries(records: Records) -> list[str]:
    """The types of the directory's entries."""
    return [entry.type for entry in records.ledger.entries(DIRECTORY_STREAM)]


async def test_an_import_is_recorded_in_the_name_of_its_administrator(records: Records) -> None:
    """Each event names the administrator by number and the request; the same table again records nothing."""
    plan, changed = await import_directory(records, OFFICE, asking())
    assert changed.changes == plan.changes
    assert len(entries(records)) == 5
    kept = [entry.event for entry in records.ledger.entries(DIRECTORY_STREAM)]
    assert {(event["actor"], event["data"]["cause"]) for event in kept} == {("administrator:P0001", "request:r0")}
    _, again = await import_directory(records, OFFICE, asking(days=9))
    assert again.events == ()
    assert len(entries(records)) == 5
    assert await directory_of(records) == changed.directory


async def test_a_preview_records_nothing(records: Records) -> None:
    """What an import would change is told, and no stream begins."""
    plan = await preview_import(records, OFFICE, START)
    assert len(plan.changes) == 5
    assert records.ledger.streams() == []


async def test_a_refused_import_changes_nothing(records: Records) -> None:
    """An unsound table, a stranger, one who is no administrator: nothing is recorded of it."""
    unsound = as_table([*(dict(row.cells) for row in OFFICE.rows), {"类别": "科室", "名称": "一处"}])
    with pytest.raises(UnsoundTableError, match="第7行"):
        await import_directory(records, unsound, asking())
    with pytest.raises(NotAnAdministratorError):
        await import_directory(records, OFFICE, asking("王伟"))
    with pytest.raises(NotInDirectoryError):
        await import_directory(records, OFFICE, asking("赵六"))
    assert records.ledger.streams() == []


async def test_a_change_is_whole_or_not_at_all(records: Records) -> None:
    """Where the second step is refused the first is not recorded either."""
    await import_directory(records, OFFICE, asking())

    def change(draft: Draft) -> None:
        opened = changes.open_person(draft, "张敏")
        changes.give_role(draft, opened, "head", department_id="D0001")

    with pytest.raises(UnsoundChangeError, match="王伟"):
        await change_directory(records, asking(), change)
    with pytest.raises(LastAdministratorError):
        await change_directory(records, asking(), lambda draft: changes.close_person(draft, "P0001"))
    assert len(entries(records)) == 5


async def test_who_was_an_administrator_is_one_no_more(records: Records) -> None:
    """After his last day a former administrator is refused; what he did before stays."""
    await import_directory(records, OFFICE, asking())

    def hand_over(draft: Draft) -> None:
        changes.give_role(draft, "P0002", "administrator")
        changes.take_role(draft, "P0001", "administrator")

    await change_directory(records, asking(), hand_over)
    with pytest.raises(NotAnAdministratorError, match="李红（P0001）2018-04-26 不是管理员"):
        await change_directory(records, asking(days=1), lambda draft: changes.open_person(draft, "张敏"))
    changed = await change_directory(records, asking("王伟", 1), lambda draft: changes.open_person(draft, "张敏"))
    assert changed.changes == ("新增人员 张敏（P0003），自 2018-04-26 起",)


async def test_two_administrators_at_once_lose_nothing(records: Records) -> None:
    """Of two changes at the same moment each is recorded once, or refused to be given again."""
    await import_directory(records, OFFICE, asking())
    names = [f"新人{number}" for number in range(8)]
    ended = await asyncio.gather(
        *(
            change_directory(records, asking(), lambda draft, name=name: changes.open_person(draft, name))  # type: ignore[misc]
            for name in names
        ),
        return_exceptions=True,
    )
    done = [name for name, end in zip(names, ended, strict=True) if not isinstance(end, BaseException)]
    assert done
    assert all(isinstance(end, StreamMovedError) for end in ended if isinstance(end, BaseException))
    known = await directory_of(records)
    assert sorted(person.name for person in known.persons.values()) == sorted(["李红", "王伟", *done])


async def test_an_export_is_taken_again_without_a_change(records: Records) -> None:
    """What the application gives as rows it takes as a table, and nothing changes."""
    await import_directory(records, OFFICE, asking())
    exported = await export_directory(records)
    plan = await preview_import(records, as_table(exported.rows), START)
    assert (plan.changes, plan.kept, exported.left_out) == ((), (), ())


async def test_the_directory_is_known_as_it_was(records: Records) -> None:
    """Asked for an instant before a change, the directory is as it was known then."""
    await import_directory(records, OFFICE, asking())
    await change_directory(records, asking(days=3), lambda draft: changes.rename_person(draft, "P0002", "王苇"))
    assert directory_known_at(records.ledger, records.evidence, START).persons["P0002"].name == "王伟"
    assert (await directory_of(records)).persons["P0002"].name == "王苇"


def anywhere(folder: Path, name: str) -> bool:
    """Whether a file has these words."""
    return any(name.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("name", ["王伟（机密）", "密级：秘密", "内部 资料"])
async def test_no_name_of_the_directory_bears_a_mark_or_a_refused_word(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Persons, departments and aliases, one by one or in a table: refused, and nothing of it is kept anywhere."""
    await import_directory(records, OFFICE, asking())
    monkeypatch.setattr("domain.record.refused_words.RefusedWords.of_all", lambda *_: ("内部资料",))
    before = entries(records)
    named: tuple[Callable[[Draft], object], ...] = (
        lambda draft: changes.open_person(draft, name),
        lambda draft: changes.open_department(draft, name),
        lambda draft: changes.rename_person(draft, "P0002", name),
        lambda draft: changes.give_alias(draft, "D0001", name),
    )
    for change in named:
        with pytest.raises(ClassifiedError):
            await change_directory(records, asking(days=1), change)
    with pytest.raises(ClassifiedError):
        await import_directory(records, table(f"人员,,{name},,,,,,2018-01-01,"), asking(days=1))
    assert entries(records) == before
    assert not await asyncio.to_thread(anywhere, tmp_path, name)
