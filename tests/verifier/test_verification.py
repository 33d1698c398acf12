"""What a verification tells about an honest bundle and about a changed one."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bench.memory_bundle import MemoryBundle
from tests.verifier.forger import Forger, rewritten
from tests.verifier.mutations import Campaign
from tests.verifier.rehearsed_year import HISTORY_BYTES, Year, rehearsed_year
from verifier.__main__ import main
from verifier.bundle import UnreadableBundleError, bundle_at
from verifier.findings import STEPS, Step
from verifier.leaves import Leaves
from verifier.reported import lines_of
from verifier.verify import Trust, verify

ROOT = Path(__file__).parents[2]


def test_an_honest_bundle_passes_every_step_that_needs_no_engine(year: Year) -> None:
    """No false alarm, and the one step that needs the code says so."""
    report = verify(MemoryBundle(year.files()), year.trust())

    assert {step.name: step.verdict for step in report.steps} == dict.fromkeys(STEPS.keys() - {"heads"}, "passed") | {
        "replay": "not_checked"
    }
    assert report.size == year.store.size()


@pytest.mark.parametrize("seed", range(4))
async def test_other_honest_years_give_no_false_alarm(tmp_path: Path, seed: int) -> None:
    """Whatever the departments do, an honest bundle passes; `python -m bench.ledger honest` runs a thousand."""
    other = await rehearsed_year(tmp_path, seed=seed + 100, projects=3, milestones=2, days=90)

    assert verify(MemoryBundle(other.files()), other.trust()).codes() == set()
    other.ledger.close()


def test_every_mutation_is_refused_with_the_right_reason(campaign: Campaign) -> None:
    """Each file kind and each class of attack, by someone with and without the log's own key."""
    wrong = []  # `python -m bench.ledger mutations` runs ten thousand
    for mutation in campaign.one_of_each(1):
        codes = campaign.judge(mutation).codes()
        if not all(group & codes for group in mutation.reasons):
            wrong.append((mutation.name, codes))

    assert wrong == []


def test_without_a_kept_head_and_a_witness_a_careful_rewrite_passes(year: Year) -> None:
    """What stays undetectable: someone with all keys, where nobody kept an old head. The report says so."""
    forger = Forger(year)
    leaves = list(forger.leaves)
    # What nobody attested and no paper tells: an act's entry would need the key that its door had then.
    place = next(at for at, leaf in enumerate(leaves) if b'"type":"NoReportReceived"' in leaf)
    data = json.loads(leaves[place])["event"]["data"]
    leaves[place] = rewritten(leaves[place], data=data | {"due_on": "2018-01-31"})
    # Careful enough to leave no trace of the witnesses either.
    for place, leaf in enumerate(leaves):
        if b'"type":"witness.trusted"' in leaf:
            leaves[place] = rewritten(leaf, type="attachment.kept", data={"v": 1})
    policy = "".join(f"log {vkey}\n" for vkey in year.log.vkeys())
    files = forger.bundle(leaves) | {"policy": policy.encode()}
    forger.sign_manifest(files)

    report = verify(MemoryBundle(files), Trust(policy=policy.encode()))

    assert report.passed
    assert "没有留存的校验值" in report.as_text()


async def test_an_ended_project_without_its_history_is_told(tmp_path: Path) -> None:
    """No failure, for it may have ended a minute before the export, but the auditor hears which ones to ask about."""
    other = await rehearsed_year(tmp_path, seed=3, projects=2, milestones=1, days=250)
    ended = sorted(stream for stream, state in other.states.items() if state.closed)
    assert ended
    leaves = [leaf for leaf in other.store.leaves(0, other.store.size()) if b'"type":"workflow.closed"' not in leaf]
    whole = verify(MemoryBundle(other.files()), other.trust())
    bare = verify(MemoryBundle(Forger(other).bundle(leaves)), Trust())
    closed = [
        rewritten(leaf, blobs=[]) if b'"type":"workflow.closed"' in leaf else leaf for leaf in Forger(other).leaves
    ]
    emptied = verify(MemoryBundle(Forger(other).bundle(closed)), Trust())
    other.ledger.close()

    assert "没有流程历史" not in whole.as_text()
    for report in (bare, emptied):
        assert f"{len(ended)} 个已结束的项目没有流程历史" in report.as_text()


def test_a_finding_says_what_where_and_what_it_means(year: Year) -> None:
    """An entry that was changed is named by its place, in words and for programs."""
    files = year.files()
    name = "log/tile/entries/000"
    files[name] = files[name].replace("组织部".encode(), "宣传部".encode(), 1)

    report = verify(MemoryBundle(files), year.trust())

    found = {finding["place"] for step in report.as_json()["steps"] for finding in step["findings"]}
    assert name in found
    assert "重新算出的校验值与签名的不符" in report.as_text()
    assert json.loads(json.dumps(report.as_json()))["passed"] is False


@pytest.mark.parametrize("form", ["folder", "tar"])
def test_a_bundle_is_verified_where_there_is_only_python(year: Year, tmp_path: Path, form: str) -> None:
    """The package alone, without any library, as a command: exit status 0 and a JSON document."""
    place = year.export.write(tmp_path / ("bundle.tar" if form == "tar" else "bundle"), year.head(), year.extras())
    (tmp_path / "policy").write_text(year.policy(), encoding="utf-8")
    (tmp_path / "kept").write_bytes(year.kept[1])

    done = _run(str(place), "--policy", str(tmp_path / "policy"), "--kept", str(tmp_path / "kept"), "--json", "--acts")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["size"] == year.store.size()
    assert {"王芳"} < {act["name"] for act in json.loads(done.stdout)["acts"]}


def test_a_changed_bundle_ends_with_status_one(year: Year, tmp_path: Path) -> None:
    """A program that calls the verifier learns the verdict from the exit status."""
    place = year.export.write(tmp_path / "bundle", year.head(), year.extras())
    (place / "report" / "state.json").write_text("{}", encoding="utf-8")

    done = _run(str(place))

    assert (done.returncode, "不通过" in done.stdout) == (1, True)


@pytest.mark.parametrize(
    ("second", "third"),
    [
        (b'{"a":1},{"b":2}', b"{}"),
        (b'{"a":[{}', b"{}]}"),
        (b'{"a":"', b'"}'),
        (b"{}]", b"[{}"),
        (b"\xe4\xb8", b"{}"),
    ],
)
def test_entries_are_read_each_by_itself(year: Year, second: bytes, third: bytes) -> None:
    """Bytes that make sense only together with those of the next entry are no entries, and their neighbours are."""
    good = year.store.leaves(0, 2)
    step = Step("rules")

    read = Leaves(step).read(0, [good[0], second, third, good[1]])

    assert [event is None for event in read] == [False, True, True, False]
    assert [finding.place for finding in step.findings] == ["entry 1", "entry 2"]


@pytest.mark.parametrize("cause", ["a,b", 'a"b', "a\nb", "a\rb", "", None, 0, ["x"]])
def test_the_timeline_is_written_as_a_csv_writer_does(cause: Any) -> None:
    """Whatever stands in a row, the quick way and the library's writer give the same lines."""
    told = {"occurred": "t", "decided": "t", "stream": "s", "type": "k", "actor": "a"}
    events = [told | {"seq": seq, "data": {"cause": given}} for seq, given in enumerate(["plain", cause])]
    text = io.StringIO()
    rows = [(7 + seq, "t", "t", "t", "s", seq, "k", "a", given) for seq, given in enumerate(["plain", cause])]
    csv.writer(text, lineterminator="\n").writerows(rows)

    assert lines_of(7, ["t", "t"], events) == text.getvalue()


def test_what_cannot_be_read_is_named_and_ends_with_status_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence in the reader's language says what is wrong with a file or with the command itself."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    nothing, text = tmp_path / "nothing", tmp_path / "text"
    text.write_text("x", encoding="utf-8")
    for arguments, told in {
        (str(nothing),): f"没有“{nothing}”",
        (str(text),): "不是文件夹，也不是 tar 文件",
        (str(tmp_path), "--policy", str(nothing)): f"没有“{nothing}”",
        (str(tmp_path), "--policy", str(tmp_path)): f"“{tmp_path}”该是文件的是文件夹",
        (): "用法不对：缺少参数：bundle",
        (str(tmp_path), "--policy"): "--policy 后面缺少值",
        ("witness", str(tmp_path), "sign"): "action 的值不对",
        (str(tmp_path), "--nobody"): "没有这个参数或选项：--nobody",
    }.items():
        try:
            ended: object = main(list(arguments))
        except SystemExit as end:
            ended = end.code
        said = capsys.readouterr()
        assert (ended, said.out) == (2, ""), arguments
        assert told in said.err


def test_a_link_in_a_bundle_is_refused(tmp_path: Path) -> None:
    """A bundle leads nowhere else."""
    (tmp_path / "policy").symlink_to("/etc/hostname")

    with pytest.raises(UnreadableBundleError):
        bundle_at(tmp_path)


def test_replayed_events_are_compared_with_the_leaves(year: Year) -> None:
    """With the code at hand, a history whose events are not the ledger's is found, and the honest ones pass."""
    events: dict[str, list[dict[str, Any]]] = {}
    for entry in year.ledger.entries():
        events.setdefault(entry.stream, []).append(dict(entry.event))

    def honest(workflow_id: str, histories: Sequence[bytes]) -> Sequence[Mapping[str, Any]]:
        assert [len(history) for history in histories] == [HISTORY_BYTES]
        return events[workflow_id]

    def other(workflow_id: str, histories: Sequence[bytes]) -> Sequence[Mapping[str, Any]]:
        return [*honest(workflow_id, histories)[:-1], {**honest(workflow_id, histories)[-1], "type": "Other"}]

    def refusing(workflow_id: str, histories: Sequence[bytes]) -> Sequence[Mapping[str, Any]]:
        raise RuntimeError("nondeterminism")

    bundle, trust = MemoryBundle(year.files()), year.trust()
    outcomes = [
        verify(bundle, Trust(trust.policy, trust.kept_heads, replay)).codes() for replay in (honest, other, refusing)
    ]

    assert outcomes == [set(), {"replay.event_differs"}, {"replay.replay_refused"}]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    # -I -S: no site packages, no environment; only the folder that holds the package.
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from verifier.__main__ import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
