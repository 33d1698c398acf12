"""The name of a person is erased by order: nobody reads it any more, and what proves the rest still holds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from application.office.attesting import Attestor, local_giver
from application.office.directory import (
    AskedChange,
    by_giver,
    change_directory,
    directory_of,
    export_directory,
    previewed,
)
from application.office.erasing import (
    ErasedByTwoError,
    ErasedPerson,
    Erasing,
    ErasingPerson,
    NotErasableError,
    StillHereError,
    erase_evidence,
    erase_person,
)
from application.office.record_checks import record_checks
from application.records import Records
from application.settings import Settings
from bench.memory_bundle import MemoryBundle
from domain.directory import changes
from domain.directory.changes import NotInDirectoryError
from domain.directory.draft import Draft, UnsoundChangeError
from domain.directory.person_name import ERASED_NAME, LOST_NAME, name_file
from domain.record.recorded_directory import DirectoryReader, recorded_directory
from entrypoints.bootstrap import attestor_of, engine_now, open_records
from tests.domain.directory.samples import NEW_YEAR, START, as_table
from verifier.bundle import bundle_at
from verifier.findings import Step
from verifier.verify import verify

ORDER = "省委网信办〔2026〕7号"
NAMES = ("李红", "王伟", "张三", "张珊")
GONE = ("张三", "张珊")
YESTERDAY = (START - timedelta(days=1)).date()


@dataclass
class Scene:
    """An office whose third person, renamed once, has left."""

    records: Records
    settings: Settings
    folder: Path
    attestor: Attestor

    async def change(self, change: Callable[[Draft], object], request: str) -> None:
        """Change the directory as its administrator."""
        attest = by_giver(self.attestor, local_giver(engine_now()))
        await change_directory(self.records, AskedChange("P0001", START, request, attest), change)

    async def erase(self, who: str = "P0003", by: str = "李红", confirmed_by: str = "王伟") -> ErasedPerson:
        """Have the names of a person erased."""
        erasing = ErasingPerson(who, ORDER, by, confirmed_by)
        return await erase_person(self.records, self.attestor, local_giver(engine_now()), erasing, START)

    async def bundle(self, name: str) -> dict[str, bytes]:
        """A bundle as it is now."""
        await self.records.log.seal()
        written = await asyncio.to_thread(self.records.log.export, str(self.folder / name), {})
        assert written.missing == ()
        with closing(bundle_at(self.folder / name)) as bundle:
            return {each: bundle.read(each) for each in bundle.names}


def _office(draft: Draft) -> None:
    for name in NAMES[:3]:
        changes.open_person(draft, name, from_on=NEW_YEAR)
    changes.give_role(draft, "P0001", "administrator", from_on=NEW_YEAR)
    changes.give_role(draft, "P0002", "operator", from_on=NEW_YEAR)
    changes.open_department(draft, "组织部", from_on=NEW_YEAR)
    changes.give_role(draft, "P0003", "head", department_id="D0001", from_on=NEW_YEAR)


def _leaves(draft: Draft) -> None:
    changes.rename_person(draft, "P0003", "张珊", NEW_YEAR + timedelta(days=9))
    changes.close_person(draft, "P0003", YESTERDAY)


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Scene]:
    """The office while everybody is there."""
    settings = Settings(data=tmp_path / "data")
    with open_records(settings) as records:
        scene = Scene(records, settings, tmp_path, replace(attestor_of(settings), now=lambda: START))
        await scene.change(_office, "r1")
        yield scene


@pytest_asyncio.fixture
async def scene(here: Scene) -> Scene:
    """The office after the third person left."""
    await here.change(_leaves, "r2")
    return here


def steps(files: dict[str, bytes]) -> dict[str, Step]:
    """What the verifier says, by step."""
    return {step.name: step for step in verify(MemoryBundle(files)).steps}


def failed(files: dict[str, bytes]) -> set[str]:
    """The findings of every step."""
    return {finding.code for step in steps(files).values() for finding in step.findings}


def _bytes(records: Records) -> bytes:
    return b"".join(json.dumps(entry.event, ensure_ascii=False).encode() for entry in records.ledger.entries())


async def test_no_entry_of_the_directory_has_a_name(scene: Scene) -> None:
    """Not before an erasure and not after it: a search of every entry finds none, and who reads them knows them all."""
    for _ in range(2):
        entries = _bytes(scene.records)
        assert [name for name in NAMES if name.encode() in entries] == []
        assert len(entries) > 3_000
        await scene.erase()
    assert [each.name for each in (await directory_of(scene.records)).persons.values()][:2] == ["李红", "王伟"]


async def test_the_verifier_takes_a_bundle_before_and_after(scene: Scene) -> None:
    """Both are whole; afterwards no file has the name, and the verifier says by whose order it went."""
    before = await scene.bundle("before")
    done = await scene.erase()
    after = await scene.bundle("after")
    assert (done.person_id, len(done.erased)) == ("P0003", 2)
    assert failed(before) == failed(after) == set()
    assert [name for name in GONE if any(name.encode() in data for data in before.values())] == list(GONE)
    assert [name for name in GONE if any(name.encode() in data for data in after.values())] == []
    kept = [path for path in await asyncio.to_thread(lambda: sorted(scene.settings.data.rglob("*"))) if path.is_file()]
    assert [path for path in kept for name in GONE if name.encode() in path.read_bytes()] == []
    note = steps(after)["attachments"].note
    assert "依令删除的姓名 2 个：P0003 的" in note
    assert f"依“{ORDER}”删除" in note
    assert "P0001办理，P0002确认" in note


def _swapped_salt(data: bytes) -> bytes:
    return name_file(json.loads(data)["name"], "0123456789abcdef" * 64)


def _changed_text(data: bytes) -> bytes:
    return data.replace("张三".encode(), "李四".encode())


@pytest.mark.parametrize(
    ("forged", "code"),
    [(_changed_text, "hash_differs"), (_swapped_salt, "hash_differs"), (lambda _: None, "file_missing")],
    ids=["another name", "another salt", "dropped without an order"],
)
async def test_another_name_beside_the_entry_is_refused(
    scene: Scene, forged: Callable[[bytes], bytes | None], code: str
) -> None:
    """The entry commits to this name with this salt: no other one opens it, and none goes without an order."""
    files = await scene.bundle("bundle")
    (place,) = [name for name, data in files.items() if name.startswith("blobs/") and "张三".encode() in data]
    data = forged(files.pop(place))
    if data is not None:
        assert data != files.get(place)
        files[place] = data
    assert code in {finding.code for finding in steps(files)["attachments"].findings}


async def test_an_erased_person_reads_as_erased_everywhere(scene: Scene) -> None:
    """His number, days and roles stay; no text names him; what is exported is taken again without a change."""
    before = await directory_of(scene.records)
    reader = DirectoryReader(scene.records.ledger, scene.records.evidence)
    assert reader.now() == before
    await scene.erase()
    after = await directory_of(scene.records)
    assert reader.now() == after
    assert [each.name for each in after.persons["P0003"].names] == [ERASED_NAME] * 2
    assert (after.grants, after.persons["P0003"].periods) == (before.grants, before.persons["P0003"].periods)
    for text in (ERASED_NAME, *GONE):
        assert after.person_named(text, YESTERDAY).one is None
    assert after.person_named("P0003", YESTERDAY).one == after.persons["P0003"]
    plan = previewed(after, as_table((await export_directory(scene.records)).rows), START)
    assert plan.changes == ()
    with pytest.raises(UnsoundChangeError, match="已依令删除，不必再改"):
        await scene.change(lambda draft: changes.rename_person(draft, "P0003", "张三"), "r3")
    await scene.change(lambda draft: changes.open_person(draft, "张三丰", "P0003"), "r4")
    assert reader.now().persons["P0003"].name == "张三丰"
    assert failed(await scene.bundle("bundle")) == set()


async def test_a_name_that_lies_there_still_is_not_read(scene: Scene) -> None:
    """A file that a backup brought back is none: the order stands in the ledger. Asked again, it is erased again."""
    records = scene.records
    place = await asyncio.to_thread(
        lambda: next(path for path in scene.settings.evidence_folder.rglob("*") if _has(path, "张珊"))
    )
    data = await asyncio.to_thread(place.read_bytes)
    first = await scene.erase()
    await asyncio.to_thread(place.write_bytes, data)
    assert recorded_directory(records.ledger, records.evidence).persons["P0003"].name == ERASED_NAME
    assert await scene.erase() == first
    assert not await asyncio.to_thread(place.exists)
    assert len(list(records.ledger.entries("log/erasures"))) == 2


def _has(path: Path, name: str) -> bool:
    return path.is_file() and name.encode() in path.read_bytes()


async def test_a_name_that_only_went_missing_is_missed(scene: Scene) -> None:
    """It reads as missing, not as erased, and the doctor says so; of an erased one he says nothing."""
    await scene.erase()
    found = {check.name: check for check in record_checks(scene.records, scene.settings, engine_now())}
    assert found["evidence"].ok, found["evidence"].text
    place = next(
        path for path in scene.settings.evidence_folder.rglob("*") if _has(path, "王伟") and len(path.name) == 64
    )
    await asyncio.to_thread(place.unlink)
    assert (await directory_of(scene.records)).persons["P0002"].name == LOST_NAME
    found = {check.name: check for check in record_checks(scene.records, scene.settings, engine_now())}
    assert not found["evidence"].ok


async def test_nobody_is_erased_who_is_still_here(here: Scene) -> None:
    """Not before he has left, and not on his last day; one person alone erases nobody, and no other command does."""
    for who in ("P0003", "张三", "P0001"):
        with pytest.raises(StillHereError, match="请先办理离开"):
            await here.erase(who)
    await here.change(lambda draft: changes.close_person(draft, "P0003", START.date()), "last")
    with pytest.raises(StillHereError):
        await here.erase()
    with pytest.raises(NotInDirectoryError):
        await here.erase("王五")
    assert list(here.records.ledger.entries("log/erasures")) == []


async def test_an_erasure_is_by_two_and_no_other_command_s(scene: Scene) -> None:
    """One person under two names is one; a name is not erased as evidence is."""
    with pytest.raises(ErasedByTwoError):
        await scene.erase(confirmed_by="P0001")
    (blob, *_) = next(iter(scene.records.ledger.entries("directory"))).event["blobs"]
    erasing = Erasing(blob["sha256"], ORDER, "李红", "王伟")
    with pytest.raises(NotErasableError, match="请在名册里办理删除姓名"):
        await erase_evidence(scene.records, scene.attestor, local_giver(engine_now()), erasing, START)
    assert [each.name for each in (await directory_of(scene.records)).persons.values()] == ["李红", "王伟", "张珊"]
