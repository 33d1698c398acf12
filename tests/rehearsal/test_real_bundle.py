"""The campaigns on the real bundle of a rehearsed 2018, shortened; `python -m bench.ledger` runs them whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.ledger_alone import verified_alone
from bench.memory_bundle import MemoryBundle
from tests.rehearsal.audited_year import AuditedYear
from tests.rehearsal.real_bundle import Moments, RealYear
from tests.verifier.mutations import Campaign
from verifier.verify import verify

MOMENTS = 12


@pytest.fixture(scope="session")
def real(audited: AuditedYear) -> RealYear:
    """The year's bundle and what a forger has."""
    return RealYear.of(audited)


def test_the_real_bundle_holds_what_is_mutated(real: RealYear) -> None:
    """Real histories of all seventeen projects, real evidence, tiles, older heads with their proofs; and it passes."""
    files = real.files()
    assert sum(name.startswith("histories/") and name.endswith(".pb") for name in files) == 17
    assert sum(name.startswith("blobs/") for name in files) > 17
    assert sum(name.startswith("checkpoints/") for name in files) >= 1
    assert len(real.kept) >= 4
    assert verify(MemoryBundle(files), real.trust()).codes() == set()


def test_every_mutation_of_the_real_bundle_is_refused_with_the_right_reason(real: RealYear) -> None:
    """Each file kind and each class of attack on the bundle of a real year."""
    campaign = Campaign(real)
    wrong = []
    for mutation in campaign.one_of_each(0):
        codes = campaign.judge(mutation).codes()
        if not all(group & codes for group in mutation.reasons):
            wrong.append((mutation.name, codes))

    assert wrong == []


def test_honest_bundles_of_the_year_s_moments_give_no_false_alarm(real: RealYear, tmp_path: Path) -> None:
    """The bundle after every so many entries, witnessed, with the heads kept so far: never refused."""
    moments, size = Moments(real, tmp_path), real.store.size()
    for number in range(1, MOMENTS + 1):
        files, trust = moments.bundle(size * number // MOMENTS)
        assert verify(MemoryBundle(files), trust).codes() == set()


def test_the_real_bundle_is_verified_with_nothing_but_python_and_the_verifier(real: RealYear, tmp_path: Path) -> None:
    """A copy of its folder, no package, no network where that can be had: it passes, and with one byte changed not."""
    for changed in (False, True):
        folder = tmp_path / str(changed)
        folder.mkdir()
        files = real.files()
        if changed:
            name = next(name for name in sorted(files) if name.endswith(".pb"))
            files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])

        report = verified_alone(folder, files, real.policy, real.kept[1])

        assert bool(report.problems) == changed, report.problems
        if not changed:
            assert {verdict for step, verdict in report.steps.items() if step != "replay"} == {"passed"}
            assert report.entries == real.store.size()
