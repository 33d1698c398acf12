"""Who changed the office itself: each change of the directory and of the keys is attested, about this very change."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from application.office.attesting import Giver, local_giver
from application.office.directory import AskedChange, by_giver, change_directory
from application.records import Records
from application.settings import Settings
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.signed_in import SignedIn
from entrypoints.bootstrap import attestor_of, engine_now, open_records
from verifier.bundle import bundle_at
from verifier.findings import Step
from verifier.office_acts import judge_office
from verifier.verify import verify

LI_HONG = SignedIn(account="lihong", person_id="P0001", name="李红", how="password", logged_in_at=engine_now())
NOW, THEN = ("occurred", "decided"), "2018-05-01T01:00:00.000000Z"
OTHER = LI_HONG.model_copy(update={"person_id": "P0002", "account": "wangwei", "name": "王伟"})


def _first(draft: Draft) -> None:
    changes.open_person(draft, "李红")
    changes.open_person(draft, "王伟")
    changes.give_role(draft, "P0001", "administrator")
    changes.give_account(draft, "P0001", "lihong")
    changes.give_account(draft, "P0002", "wangwei")


def _more(draft: Draft) -> None:
    changes.open_department(draft, "组织部")
    changes.give_role(draft, "P0002", "operator")


async def kept(settings: Settings, records: Records, by: SignedIn | None) -> None:
    """Two changes: the first by the owner at the shell, the second at the desk, or without an attestation."""
    attestor = attestor_of(settings)
    owner = by_giver(attestor, local_giver(engine_now()))
    await change_directory(records, AskedChange("李红", engine_now(), "r1", owner), _first)
    attest = by_giver(attestor, Giver(by, "desk")) if by is not None else None
    await change_directory(records, AskedChange("李红", engine_now(), "r2", attest), _more)
    await records.log.seal()


@pytest.mark.parametrize(
    ("by", "codes"),
    [(LI_HONG, set()), (None, {"office_act_unattested"}), (OTHER, {"act_by_another"})],
    ids=["attested", "not attested", "by another one"],
)
async def test_a_change_of_the_directory_is_its_administrator_s(
    tmp_path: Path, by: SignedIn | None, codes: set[str]
) -> None:
    """By the owner for whom he names, by the administrator who is signed in, by nobody else."""
    settings = Settings(data=tmp_path / "data")
    with open_records(settings) as records:
        await kept(settings, records, by)
        await asyncio.to_thread(records.log.export, str(tmp_path / "bundle.tar"), {})
    with closing(bundle_at(tmp_path / "bundle.tar")) as bundle:
        (step,) = [step for step in verify(bundle).steps if step.name == "acts"]
    assert {finding.code for finding in step.findings} == codes


async def attested_changes(tmp_path: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The entries of two changes, and what attests them by its name."""
    settings = Settings(data=tmp_path / "data")
    with open_records(settings) as records:
        await kept(settings, records, LI_HONG)
        entries = [entry.event for entry in records.ledger.entries("directory")]
        told = {each["data"]["attested"]: records.evidence.read(each["blobs"][0]["sha256"]) for each in entries}
    return entries, {name: said.decode() for name, said in told.items()}


class Said:
    """Attestations by what the entries name, as they were signed; `clocks` are those of the starts."""

    def __init__(self, told: dict[str, Any], clocks: dict[str, list[Any]] | None = None) -> None:
        self.clocks = clocks or {}
        self._told = told

    def attestation_of(self, position: int, event: dict[str, Any]) -> dict[str, Any] | None:
        """What one says."""
        said: dict[str, Any] = json.loads(self._told[event["data"]["attested"]])
        return said

    def must_be_able(self, position: int, event: dict[str, Any], said: dict[str, Any]) -> None:
        """Whoever gave these changes could."""


async def test_an_attestation_of_another_change_proves_nothing(tmp_path: Path) -> None:
    """Another fact, another request, a change less, a change more, of another stream."""
    entries, files = await attested_changes(tmp_path)
    last = entries[-2:]

    def codes(events: list[dict[str, Any]]) -> set[str]:
        step = Step("acts")
        judge_office(step, list(enumerate(events)), Said(files), 0)
        return {finding.code for finding in step.findings}

    def changed(**facts: Any) -> list[dict[str, Any]]:
        return [{**event, "data": {**event["data"], **facts}} for event in last]

    assert codes(entries) == set()
    assert codes(last) == set()
    assert codes(changed(from_on="2020-01-01")) == {"act_of_another"}
    assert codes(changed(cause="request:r9")) == {"act_of_another"}
    assert codes(last[:1]) == {"act_of_another"}
    assert codes([*last, last[-1]]) == {"act_of_another"}
    assert codes([*last, *entries]) == {"act_repeated"}
    assert codes([{**event, "stream": "log/person-keys"} for event in last[:1]]) == {"act_of_another"}


async def test_a_change_of_the_directory_is_not_dated_back(tmp_path: Path) -> None:
    """By the instants that the entry has; in a year with a clock of its own it is of that year, by its clock."""
    entries, files = await attested_changes(tmp_path)
    received = json.loads(files[entries[-1]["data"]["attested"]])["received_at"]
    clock = {"engine_at": received, "supervised_at": "2018-05-01T01:00:00.000000Z", "speed": 24}

    def codes(clocks: list[Any], *, all_clocks: bool = True, **instants: str) -> set[str]:
        step, told = Step("acts"), [{**event, **instants} for event in entries[-2:]]
        judge_office(
            step, list(enumerate(told)), Said(files, {"key-project/2018/01": clocks}), 0, all_clocks=all_clocks
        )
        return {finding.code for finding in step.findings}

    then = "2018-05-01T01:00:00.000000Z"
    assert codes([clock]) == set()
    assert codes([clock], occurred=then, decided=then) == set()
    assert codes([], occurred=then, decided=then) == {"act_backdated"}
    assert codes([], all_clocks=False, occurred=then, decided=then) == set()
    assert codes([clock], occurred="2018-04-01T01:00:00Z", decided="2018-04-01T01:00:00Z") == {"act_backdated"}
    assert codes([clock], occurred=then) == {"act_backdated"}


@pytest.mark.parametrize(
    ("more", "codes"),
    [([], set()), ([("door.opened", {"key": "c"})], {"door_opened_beside"})],
    ids=["as it was changed", "beside the present one"],
)
def test_a_door_has_no_second_key_that_nobody_named(more: list[tuple[str, dict[str, str]]], codes: set[str]) -> None:
    """Whoever has the log's key alone opens himself no door: each later key is named by the closing before it."""
    step = Step("acts")
    told = [
        ("door.opened", {"key": "a"}),
        ("door.closed", {"key": "a", "new": "b", "reason": "r", "attested": "x"}),
        ("door.opened", {"key": "b"}),
        *more,
    ]
    events = [
        {
            "stream": "log/doors",
            "type": kind,
            "data": {"door": "desk", **data},
            "actor": "engine",
            **dict.fromkeys(NOW, THEN),
        }
        for kind, data in told
    ]
    command = {"type": "ChangeDoorKey", "door": "desk", "key": "a", "new": "b", "reason": "r"}
    closing = json.dumps({"act": {"stream": "log/doors", "command": command}, "received_at": THEN})

    judge_office(step, list(enumerate(events)), Said({"x": closing}), 0)

    assert {finding.code for finding in step.findings} == codes
