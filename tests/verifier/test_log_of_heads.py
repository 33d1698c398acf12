"""A bundle of one log under a log of heads: the auditor keeps one head, and needs Python alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.application.audit.logs import OneLog, log_of_heads
from verifier.__main__ import main

CITY, COUNTY = "city.example/ledger", "county.example/ledger"


class Files:
    """What an auditor has in his folder: bundles, proofs, policies, and the one head that he kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, name: str, text: str) -> str:
        """Put a text into a file; answer where."""
        place = self.folder / name
        place.write_text(text, encoding="utf-8")
        return str(place)

    def at(self, name: str) -> str:
        """Where a file is."""
        return str(self.folder / name)


@pytest.fixture(scope="module")
async def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Two logs under a log of heads: each one's bundle and proof, and the head above them, kept before more came."""
    tmp_path = tmp_path_factory.mktemp("logs")
    files = Files(tmp_path)
    city, county = await OneLog.opened(tmp_path / "1", CITY), await OneLog.opened(tmp_path / "2", COUNTY, 5)
    twin = city.twin(tmp_path / "twin")
    await twin.grow(2, reader="另一人")
    with log_of_heads(tmp_path / "province") as (above, signing):
        await signing.open()
        for log in (city, county):
            await above.watch(log.vkey())
            await above.collect(log.name, log.request())
        head = await signing.seal()
        assert head
        files.keep("kept", head.note)
        files.keep("heads-policy", signing.policy())
        for log in (city, county):
            files.keep(f"{log.name.partition('.')[0]}.proof", above.proof(log.name))
        await city.grow(2)
        city.log.export(files.at("city"), {})
        await city.grow(3)
        await above.collect(CITY, city.request(3))
        await signing.seal()
        files.keep("later.proof", above.proof(CITY))
        files.keep("receipt.proof", signing.receipt("log#0", with_entry=True))
        signing.export(files.at("heads"), {})
    files.keep("policy", city.log.policy())
    county.log.export(files.at("county"), {})
    twin.log.export(files.at("twin-bundle"), {})
    await twin.grow(6, reader="另一人")
    twin.log.export(files.at("twin-longer"), {})
    for log in (city, county, twin):
        log.close()
    return files


def verified(files: Files, capsys: pytest.CaptureFixture[str], bundle: str, **given: str) -> tuple[str, set[str], str]:
    """The verdict over a bundle, what the step about the heads found, and its note."""
    options = [word for name, file in given.items() for word in (f"--{name.replace('_', '-')}", files.at(file))]
    main([files.at(bundle), "--json", *options])
    answer = json.loads(capsys.readouterr().out)
    (step,) = [each for each in answer["steps"] if each["step"] == "heads"] or [{"findings": [], "note": ""}]
    return answer["verdict"], {found["code"] for found in step["findings"]}, step["note"]


def test_the_one_head_that_an_auditor_kept_proves_every_log(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    """City and county each by a bundle and a proof, under one and the same kept head."""
    for log, size in (("city", 3), ("county", 5)):
        verdict, found, note = verified(
            files, capsys, log, heads_proof=f"{log}.proof", heads_kept="kept", heads_policy="heads-policy"
        )
        assert (verdict, found) == ("nothing_found", set())
        assert f"本台账前 {size} 条的校验值" in note


def test_without_a_head_or_a_policy_the_report_says_what_was_not_checked(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    """A proof alone shows nothing of who made it; without one the step is not there."""
    _, found, note = verified(files, capsys, "city", heads_proof="city.proof")
    assert found == set()
    assert "总账的校验值未经核对" in note
    assert main([files.at("city")]) == 0
    assert "总账" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("bundle", "proof", "kept", "policy", "verdict", "found"),
    [
        pytest.param("twin-bundle", "city.proof", "kept", "heads-policy", "nothing_found", set(), id="beginning"),
        pytest.param(
            "twin-bundle", "later.proof", None, "heads-policy", "evidence_missing", {"bundle_older"}, id="older"
        ),
        pytest.param(
            "city", "later.proof", "kept", None, "evidence_missing", {"other_head", "bundle_older"}, id="under"
        ),
        pytest.param("city", "county.proof", "kept", None, "changed", {"another_log"}, id="another-log"),
        pytest.param("city", "city.proof", "kept", "policy", "changed", {"heads_signature"}, id="wrong-key"),
        pytest.param("city", "policy", "kept", None, "changed", {"proof_unreadable"}, id="no-proof"),
        pytest.param("city", "receipt.proof", None, None, "changed", {"not_a_head"}, id="another-entry"),
    ],
)
def test_what_does_not_fit_is_named(
    files: Files,
    capsys: pytest.CaptureFixture[str],
    bundle: str,
    proof: str,
    kept: str | None,
    policy: str | None,
    verdict: str,
    found: set[str],
) -> None:
    """An older bundle and another head are missing evidence; another log, another key, another entry are changes."""
    given = {"heads_proof": proof, "heads_kept": kept, "heads_policy": policy}

    told = verified(files, capsys, bundle, **{name: file for name, file in given.items() if file})

    assert told[:2] == (verdict, found)


def test_a_rewritten_log_is_seen_under_the_head_above(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever has the city's key and its whole machine cannot write a past other than the one that was taken."""
    told = verified(files, capsys, "twin-longer", heads_proof="later.proof", heads_policy="heads-policy")

    assert told[:2] == ("changed", {"forked"})


@pytest.mark.parametrize("line", ["extra", "hash", "index"])
def test_a_proof_that_was_touched_proves_nothing(files: Files, capsys: pytest.CaptureFixture[str], line: str) -> None:
    """Another entry, another hash or another index: it does not lead to the head any more."""
    lines = Path(files.at("city.proof")).read_text(encoding="utf-8").split("\n")
    other = Path(files.at("county.proof")).read_text(encoding="utf-8").split("\n")
    place = {"extra": 1, "index": 2, "hash": 3}[line]
    lines[place] = other[place]
    files.keep("touched.proof", "\n".join(lines))

    told = verified(files, capsys, "city", heads_proof="touched.proof", heads_kept="kept")

    assert told[:2] == ("changed", {"inclusion"})


def test_the_log_of_heads_is_a_log_itself(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    """Its own bundle goes through every step, as that of any log."""
    assert main([files.at("heads"), "--policy", files.at("heads-policy")]) == 0
    assert "未发现问题" in capsys.readouterr().out
