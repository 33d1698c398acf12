"""The verifier's own reading of the directory: the same as the core's, and it sees who changed it without the right."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from application.office.attesting import local_giver
from application.office.directory_stream import append_to_directory
from application.office.directory_stream import committed as committed_to
from application.office.office_acts import attested_office_act
from bench.memory_bundle import MemoryBundle
from domain.acts.attestation import bound_to
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.events import DIRECTORY_STREAM, DirectoryEvent, changes_digest
from domain.record.leaf import leaf_event
from tests.domain.directory.samples import NEW_YEAR, committed, office_at_random
from tests.verifier.forger import Forger, rewritten
from tests.verifier.rehearsed_year import Year
from verifier import directory as verifier_directory
from verifier.directory import Directory, office_day, read_names
from verifier.findings import Report, Step
from verifier.verify import verify


@pytest.mark.parametrize("seed", range(20))
def test_the_verifier_folds_the_directory_as_the_core_does(seed: int) -> None:
    """Names, accounts, aliases and roles of everybody are the same on every day, from the leaves alone."""
    draft, second = office_at_random(random.Random(seed), 90), Directory()
    files: dict[str, bytes] = {}
    for position, event in enumerate(committed(draft.events, files)):
        second.take(position, leaf_event(DIRECTORY_STREAM, event))
    bundle, step = MemoryBundle({f"blobs/{sha256}": data for sha256, data in files.items()}), Step("attachments")
    read_names(step, bundle, second)
    assert step.findings == []
    assert second.persons.keys() == draft.directory.persons.keys()
    assert {n: d["aliases"] for n, d in second.departments.items()} == {
        n: list(d.aliases) for n, d in draft.directory.departments.items()
    }
    for on in (NEW_YEAR + timedelta(days=offset) for offset in range(0, 260, 9)):
        for number, person in draft.directory.persons.items():
            roles = {
                (grant.role, grant.department_id, grant.principal_id) for grant in draft.directory.roles_on(number, on)
            }
            assert second.roles(number, str(on)) == roles
            assert second.name(number, str(on)) == person.name_on(on)


def test_the_verifier_knows_every_event_of_the_directory() -> None:
    """A type that is added to the core is added to the verifier."""
    assert {kind.__name__ for kind in get_args(get_args(DirectoryEvent)[0])} == verifier_directory._KNOWN


@pytest.mark.parametrize(
    ("instant", "day"),
    [("2018-04-24T15:59:59.999999Z", "2018-04-24"), ("2018-04-24T16:00:00.000000Z", "2018-04-25")],
)
def test_a_day_is_the_office_s(instant: str, day: str) -> None:
    """The day of an instant changes at midnight of the office."""
    assert office_day(instant) == day


async def verified(
    folder: Path, *requests: Callable[[Draft], object], actors: tuple[str, ...] = ()
) -> tuple[Year, Report]:
    """A year whose directory was changed by requests in these names, and what the verifier says of its bundle."""
    year = Year(folder)
    await year.open(1, 1)
    directory = year.directory
    for number, request in enumerate(requests):
        actor = actors[number] if number < len(actors) else "administrator:P0001"
        draft = Draft(directory, year.instant, actor, f"request:{number}")
        request(draft)
        events = committed_to(draft.events)
        command = {"type": "ChangeDirectory", "changes": changes_digest(events)}
        owner = local_giver(year.instant)
        file = await attested_office_act(year.attestor, owner, DIRECTORY_STREAM, command, bound_to(str(number)))
        attested = [event.model_copy(update={"attested": str(file)}) for event in events]
        await append_to_directory(year.ledger.log_store(), year.evidence, attested)
        directory = draft.directory
    await year.end_a_period()
    return year, verify(MemoryBundle(year.files()), year.trust())


def found(draft: Draft) -> None:
    """Two persons and a department more."""
    changes.open_person(draft, "李红", from_on=NEW_YEAR)
    changes.open_person(draft, "王伟", from_on=NEW_YEAR)
    changes.open_department(draft, "人事处", from_on=NEW_YEAR)


def rename(draft: Draft) -> None:
    """A small change."""
    changes.rename_person(draft, "P0005", "王苇")


async def test_a_bundle_carries_the_directory(tmp_path: Path) -> None:
    """A bundle whose directory was kept by its administrator passes, and says how many it names."""
    year, report = await verified(tmp_path, found, rename)
    assert report.codes() == set()
    assert {step.name: step.note for step in report.steps}["state"].endswith("；名册 5 人、6 个部门")
    year.ledger.close()


@pytest.mark.parametrize(
    "actors",
    [
        ("administrator:P0001", "administrator:P0002"),
        ("administrator:P0001", "operator:李红"),
        ("administrator:P0001", "administrator:"),
        ("administrator:P0002",),
    ],
)
async def test_a_change_by_somebody_else_is_seen(tmp_path: Path, actors: tuple[str, ...]) -> None:
    """What was written into the directory without an administrator is found, whoever signed the log."""
    year, report = await verified(tmp_path, found, rename, actors=actors)
    assert report.codes() == {"state.directory_actor"}
    year.ledger.close()


async def test_nobody_raises_himself_unseen(tmp_path: Path) -> None:
    """Whoever gives himself the role is found, although he has it afterwards."""

    def raise_himself(draft: Draft) -> None:
        changes.give_role(draft, "P0002", "administrator")

    year, report = await verified(tmp_path, found, raise_himself, actors=("administrator:P0001", "administrator:P0002"))
    assert report.codes() == {"state.directory_actor"}
    year.ledger.close()


@pytest.mark.parametrize(("last", "codes"), [(0, {"state.directory_actor"}), (1, set())])
async def test_a_role_that_was_taken_changes_nothing_on_the_same_day(
    tmp_path: Path, last: int, codes: set[str]
) -> None:
    """Whoever was an administrator until a moment ago is none; whose last day is yet to end is one still."""

    def hand_over(draft: Draft) -> None:
        changes.give_role(draft, "P0002", "administrator")
        changes.take_role(draft, "P0001", "administrator", until_on=draft.today + timedelta(days=last))

    year, report = await verified(tmp_path, found, hand_over, rename)
    assert report.codes() == codes
    year.ledger.close()


async def test_a_changed_entry_of_the_directory_is_refused(tmp_path: Path) -> None:
    """Another name in an entry is a changed log, for one who has the log's own key as well."""
    year, honest = await verified(tmp_path, found)
    forger = Forger(year)
    leaves = [leaf.replace("人事处".encode(), "人事局".encode()) for leaf in forger.leaves]
    assert leaves != list(forger.leaves)
    assert honest.codes() == set()
    assert "checkpoint.quorum" in verify(MemoryBundle(forger.bundle(leaves)), year.trust()).codes()
    year.ledger.close()


OTHER_FILE = f"sha256:{'0' * 64} name.json (512 bytes)"
ODD_ROLE = {"v": 1, "person_id": "P0001", "role": "administrator", "department_id": None, "principal_id": None}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("PersonOpened", {"v": 1}),
        ("DepartmentOpened", {"v": 1}),
        ("RoleGiven", {"v": 1}),
        ("RoleGiven", {**ODD_ROLE, "from_on": 5, "until_on": None}),
        ("RoleGiven", {**ODD_ROLE, "from_on": "2018-01-01", "until_on": ["x"]}),
        ("PersonOpened", {"v": 1, "person_id": {}, "name": "李红", "from_on": "2018-01-01"}),
        ("PersonOpened", {"v": 1, "person_id": "P0001", "name": "李红", "from_on": "2018-01-01"}),
        ("PersonOpened", {"v": 1, "person_id": "P0001", "name": OTHER_FILE, "from_on": "2018-01-01"}),
    ],
)
async def test_an_entry_without_its_facts_is_told(tmp_path: Path, kind: str, data: dict[str, Any]) -> None:
    """An entry that lacks what its type says, or has a name in clear or without its file, is none of a ledger."""
    year, _ = await verified(tmp_path, found)
    forger = Forger(year)
    mark = f'"type":"{kind}"'.encode()
    leaves = [rewritten(leaf, data=data) if mark in leaf else leaf for leaf in forger.leaves]
    assert "rules.leaf_format" in verify(MemoryBundle(forger.bundle(leaves))).codes()
    year.ledger.close()
