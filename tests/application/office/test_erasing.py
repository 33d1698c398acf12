"""Evidence that is erased by order: the file is gone for good, and everything that proves the rest still holds."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from application.office.attesting import local_giver
from application.office.directory import AskedChange, change_directory
from application.office.erasing import ErasedByTwoError, Erasing, NotErasableError, erase_evidence
from application.office.evidence import supply
from application.office.record_checks import record_checks
from application.office.shown_files import ShownFile
from bench.memory_bundle import MemoryBundle
from domain.acts.commands import ReportProgress
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.naming import NotOnePersonError
from domain.evidence import EvidenceFile
from domain.markings import ClassifiedError
from domain.record.erasures import Erasure, erasures
from domain.record.ledger_errors import ErasedEvidenceError, NotInLedgerError
from entrypoints.bootstrap import attestor_of, engine_now
from tests.domain.samples import request
from tests.entrypoints.desk.small_office import OWN, SmallOffice, projects, small_office
from verifier.attachments import check_erasures
from verifier.bundle import bundle_at
from verifier.findings import Report, Step
from verifier.leaves import Leaves
from verifier.verify import verify

LIST = "张三 330102199001011234 补贴 3000 元".encode()
SHA256 = hashlib.sha256(LIST).hexdigest()
ORDER = "省委网信办〔2026〕3号"
MILESTONE = "2018-05a-01"


@dataclass
class Scene:
    """An office in which a list of persons was shown as evidence."""

    office: SmallOffice
    folder: Path
    shown: EvidenceFile

    async def erase(self, sha256: str = SHA256, by: str = "李红", confirmed_by: str = "王伟") -> Erasure:
        """Have a file erased."""
        records, settings = self.office.office.records, self.office.office.settings
        erasing = Erasing(sha256, ORDER, by, confirmed_by)
        return await erase_evidence(records, attestor_of(settings), local_giver(engine_now()), erasing, self.office.now)

    def bundle(self, name: str) -> dict[str, bytes]:
        """A bundle as it is now."""
        records = self.office.office.records
        written = records.log.export(str(self.folder / name), {})
        assert written.missing == ()
        with closing(bundle_at(self.folder / name)) as bundle:
            return {each: bundle.read(each) for each in bundle.names}


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """The office with its evidence, and a directory where a test makes one."""
    with small_office(tmp_path) as office:
        await office.take(projects()[0])
        shown = await office.office.records.evidence.keep("名单.xlsx", LIST)
        report = request(ReportProgress, MILESTONE, text="已发放", evidence=(str(shown),))
        await office.engine.command("2018-05a", report)
        yield Scene(office, tmp_path, shown)


def steps(files: dict[str, bytes]) -> dict[str, Step]:
    """What the verifier says, by step."""
    report: Report = verify(MemoryBundle(files))
    return {step.name: step for step in report.steps}


def codes(step: Step, *, of: str) -> set[str]:
    """The findings of a step that begin so."""
    return {finding.code for finding in step.findings if finding.code.startswith(of)}


async def test_the_file_is_gone_and_the_proof_stands(scene: Scene) -> None:
    """Neither store nor bundle has it, nothing is missing, and the verifier says by whose order it went."""
    records = scene.office.office.records
    done = await scene.erase()
    assert (done.order, done.by, done.confirmed_by) == (ORDER, "李红", "王伟")
    assert not records.evidence.has(SHA256)
    with pytest.raises(NotInLedgerError):
        records.evidence.read(SHA256)
    everything = b"".join(
        path.read_bytes() for path in await asyncio.to_thread(lambda: sorted(scene.folder.rglob("*"))) if path.is_file()
    )
    assert LIST not in everything
    await records.log.seal()
    files = scene.bundle("bundle")
    told = steps(files)
    assert f"blobs/{SHA256}" not in files
    assert (told["attachments"].verdict, told["attachments"].findings) == ("passed", [])
    assert f"依“{ORDER}”删除" in told["attachments"].note
    assert "李红办理，王伟确认" in told["attachments"].note
    assert codes(told["acts"], of="office_act") == set()
    for step in ("tree", "prefixes", "rules", "state"):
        assert told[step].verdict == "passed", told[step].findings


async def test_what_was_erased_is_asked_for_nowhere_and_never_kept_again(scene: Scene, tmp_path: Path) -> None:
    """The doctor misses nothing; whoever shows the same file again is told why it is not taken."""
    office = scene.office.office
    await scene.erase()
    found = {check.name: check for check in record_checks(office.records, office.settings, engine_now())}
    assert found["evidence"].ok, found["evidence"].text
    again = tmp_path / "名单.xlsx"
    await asyncio.to_thread(again.write_bytes, LIST)
    with pytest.raises(ErasedEvidenceError, match="已依令删除"):
        await supply(office.records, [ShownFile.at(again)])
    with pytest.raises(ErasedEvidenceError):
        await office.records.evidence.keep("又一份.xlsx", LIST)


async def test_asked_again_an_erasure_is_finished_and_said_once(scene: Scene) -> None:
    """A power failure between the entry and the file leaves the file: the same again removes it."""
    records = scene.office.office.records
    first = await scene.erase()
    folder = records.evidence._folder / SHA256[:2]  # type: ignore[attr-defined]
    await asyncio.to_thread((folder / SHA256).write_bytes, LIST)
    assert await scene.erase() == first
    assert not records.evidence.has(SHA256)
    assert list(erasures(records.ledger)) == [SHA256]


async def test_one_person_alone_erases_nothing(scene: Scene) -> None:
    """Not under another spelling either; the file stays."""
    for other in ("李红", "李\u200b红"):
        with pytest.raises(ErasedByTwoError, match="两人"):
            await scene.erase(confirmed_by=other)
    assert scene.office.office.records.evidence.has(SHA256)


async def test_with_a_directory_both_are_persons_of_it_who_may(scene: Scene) -> None:
    """Two numbers of supervisors or administrators: whoever is none of these, or both times one, is refused."""
    records = scene.office.office.records

    def opened(draft: Draft) -> None:
        organisation = changes.open_department(draft, OWN)
        for name in ("李红", "王伟", "张三"):
            changes.open_person(draft, name)
        changes.give_role(draft, "P0001", "administrator")
        changes.give_role(draft, "P0002", "operator")
        changes.give_role(draft, "P0003", "department", department_id=organisation)

    await change_directory(records, AskedChange("李红", scene.office.now, "r1"), opened)
    for stranger in ("张三", "不存在的人"):
        with pytest.raises(NotOnePersonError):
            await scene.erase(confirmed_by=stranger)
    with pytest.raises(ErasedByTwoError):
        await scene.erase(by="李红", confirmed_by="P0001")
    done = await scene.erase()
    assert (done.by_person, done.confirmed_person) == ("P0001", "P0002")


async def test_nothing_that_proves_an_act_is_erased(scene: Scene) -> None:
    """An attestation, a hash that nobody showed: refused, and still there."""
    records = scene.office.office.records
    await scene.erase()
    (attested,) = [blob["sha256"] for entry in records.ledger.entries("log/erasures") for blob in entry.event["blobs"]]
    for sha256 in (attested, "0" * 64):
        with pytest.raises(NotErasableError):
            await scene.erase(sha256)
    assert records.evidence.has(attested)


async def test_a_file_that_only_went_missing_is_still_missed(scene: Scene) -> None:
    """Erasing one file excuses no other."""
    records = scene.office.office.records
    other = await records.evidence.keep("照片.jpg", b"photograph")
    report = request(ReportProgress, MILESTONE, text="附照片", evidence=(str(other),))
    await scene.office.engine.command("2018-05a", report)
    await scene.erase()
    await records.log.seal()
    files = scene.bundle("bundle")
    del files[f"blobs/{other.sha256}"]
    assert codes(steps(files)["attachments"], of="file_missing") == {"file_missing"}


def _said(**changed: Any) -> dict[str, Any]:
    data = {"sha256": SHA256, "order": ORDER, "by": "李红", "confirmed_by": "王伟"}
    return {**data, "by_person": "P0001", "confirmed_person": "P0002", **changed}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_said(), None),
        (_said(confirmed_by="李红"), "erased_by_one"),
        (_said(confirmed_person="P0001"), "erased_by_one"),
        (_said(sha256="0" * 64), "erased_no_evidence"),
    ],
    ids=["by two", "by one name", "by one number", "no evidence"],
)
def test_the_verifier_takes_no_order_that_is_none(data: dict[str, Any], code: str | None) -> None:
    """Whoever has the log's key could write such an entry, to let a proof vanish: it excuses nothing."""
    shown = {"data": {"evidence": [f"sha256:{SHA256} 名单.xlsx ({len(LIST)} bytes)"]}, "blobs": []}
    leaves, step = Leaves(Step("rules")), Step("attachments")
    leaves.shown.append((3, shown))
    leaves.erased[data["sha256"]] = 7, data
    excused = check_erasures(step, leaves, {})
    assert {finding.code for finding in step.findings} == ({code} if code else set())
    assert set(excused) == (set() if code else {SHA256})


async def test_an_order_with_a_mark_erases_nothing(scene: Scene) -> None:
    """The order is kept for ever: one that bears a mark is refused, and the file stays."""
    records, settings = scene.office.office.records, scene.office.office.settings
    erasing = Erasing(SHA256, "保密办3号（机密）", "李红", "王伟")
    with pytest.raises(ClassifiedError):
        await erase_evidence(records, attestor_of(settings), local_giver(engine_now()), erasing, scene.office.now)
    assert not erasures(records.ledger)
