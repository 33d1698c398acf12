"""Whatever stands in a bundle, a verification ends: soon, in its memory, and in a finding where something is not as a
ledger writes it."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bench.memory_bundle import MemoryBundle
from tests.verifier.forger import Forger, rewritten
from tests.verifier.rehearsed_year import Year
from verifier import ed25519
from verifier.bundle import UnreadableBundleError, bundle_at
from verifier.certificates import Certificate, leads_to
from verifier.english import english
from verifier.findings import Report, Step
from verifier.leaves import Leaves
from verifier.notes import WITNESS_KEY, VerificationKey, key_id_of
from verifier.own_keys import OwnKeys, SignedAct
from verifier.policy import UnreadablePolicyError, policy_from
from verifier.public_keys import has_signed
from verifier.score_report import score_report
from verifier.verify import Trust, verify

ROOT = Path(__file__).parents[2]
LATEST, NEVER = "9999-12-31T23:59:59.999999Z", "2018-02-30T10:00:00.000000Z"


@pytest.fixture(scope="module")
def files(year: Year) -> dict[str, bytes]:
    """The honest bundle."""
    return year.files()


def with_entries(year: Year, files: dict[str, bytes], change: dict[int, bytes]) -> dict[str, bytes]:
    """The bundle with other bytes as entries, as anybody can make it who has it."""
    leaves = list(Forger(year).leaves)
    for place, leaf in change.items():
        leaves[place] = leaf
    made = dict(files)
    for name in files:
        if name.startswith("log/tile/entries/"):
            first = int(name.split("/")[3].split(".")[0]) * 256
            part = leaves[first : first + 256]
            made[name] = b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in part)
    return made


def place_of(year: Year, kind: str) -> int:
    """Where the first entry of a kind stands."""
    return next(at for at, leaf in enumerate(Forger(year).leaves) if f'"type":"{kind}"'.encode() in leaf)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("ProgressReported", {"occurred": LATEST, "decided": LATEST}),
        ("ProgressReported", {"appended": NEVER}),
        ("ProgressReported", {"appended": LATEST}),
        ("ProgressReported", {"actor": "\ud800"}),
        ("NoticeSent", {"data": {"paper_id": []}}),
        ("ledger.heads", {"data": {"position": 1e999, "streams": {}}}),
        ("ProjectDocketed", {"data": {"policy": {"own_key": ["nobody"]}}}),
        ("person-key.enrolled", {"data": {"key": {}, "public": None}}),
        ("start.issued", {"data": {"attested": []}}),
        ("workflow.closed", {"data": {"workflow_id": []}}),
    ],
)
def test_no_entry_ends_a_verification_in_a_traceback(
    year: Year, files: dict[str, bytes], kind: str, change: dict[str, Any]
) -> None:
    """Instants that are none, kinds of values that no ledger writes: each is a finding."""
    place = place_of(year, kind)
    leaf = json.loads(Forger(year).leaves[place])
    leaf |= {name: value for name, value in change.items() if name == "appended"}
    event = {name: value for name, value in change.items() if name not in ("appended", "data")}
    leaf["event"] |= event | {"data": leaf["event"]["data"] | change.get("data", {})}
    made = with_entries(year, files, {place: json.dumps(leaf, separators=(",", ":")).encode()})

    report = verify(MemoryBundle(made), Trust())

    assert report.conclusion == "changed"
    assert english(report.as_text())
    assert score_report(MemoryBundle(made), "2018-Q2").problem


def test_an_entry_that_cannot_be_read_moves_no_other(year: Year) -> None:
    """Whatever is told of an entry by its place stays at its place."""
    step, good = Step("rules"), Forger(year).leaves[:3]
    leaves = Leaves(step)

    leaves.read(0, [good[0], b"{}", good[2]])

    assert len(leaves.appended) == 3
    assert leaves.appended[2] == json.loads(good[2])["appended"]


@pytest.mark.parametrize(
    "doubled",
    [
        (b'"actor":', b'"actor":"operator:x","actor":'),
        (b'"actor":', b'"actor" :"operator:x","actor":'),
        (b'"data":{', b'"data":{"cause":"x",'),
        (b'"seq":0', b'"seq":0.0'),
        (b'"v":1}', b'"v":NaN}'),
        (b'"v":1}', b'"v":1e0}'),
    ],
    ids=lambda each: each[1].decode(),
)
def test_an_entry_that_readers_read_differently_is_none(year: Year, doubled: tuple[bytes, bytes]) -> None:
    """Of a name that stands twice one reader takes the first and another the last; whole numbers have no fraction."""
    whole = next(leaf for leaf in Forger(year).leaves if b'"cause":' in leaf and b'"seq":0' in leaf)
    assert doubled[0] in whole
    step = Step("rules")

    assert Leaves(step).read(0, [whole.replace(*doubled, 1)]) == [None]


def test_a_state_says_each_thing_once_and_as_the_entries_give_it(year: Year, files: dict[str, bytes]) -> None:
    """Signed by the log's key: a stage that stands twice, and `true` where 1 is meant, are found."""
    forger, text = Forger(year), files["report/state.json"]
    told = json.loads(text)
    one = next(
        each for project in told["projects"].values() for each in project["milestones"].values() if each["reports"] == 1
    )
    one["reports"] = True
    for changed in (
        text.replace(b'"stage"', b'"stage": "withdrawn", "stage"', 1),
        json.dumps(told, ensure_ascii=False).encode(),
    ):
        made = files | {"report/state.json": changed}
        forger.sign_manifest(made)

        assert verify(MemoryBundle(made), year.trust()).codes() & {"state.state_unreadable", "state.state_differs"}


@pytest.mark.parametrize(
    "listed",
    [
        lambda told: told["files"].append(dict(told["files"][0])),
        lambda told: told["files"].append({"path": 7, "size": 1, "sha256": "0"}),
        lambda told: told["files"].append({"path": "x", "size": 1, "sha256": "0"}),
        lambda told: told["files"].append(["path"]),
    ],
)
def test_a_list_of_files_that_is_none_is_a_finding(year: Year, files: dict[str, bytes], listed: Any) -> None:
    """A file listed twice, a number as a name: said, whoever wrote it."""
    told = json.loads(files["manifest.json"])
    listed(told)

    report = verify(MemoryBundle(files | {"manifest.json": json.dumps(told).encode()}), year.trust())

    assert {code for code in report.codes() if code.startswith("bundle.")}


def test_a_second_line_of_the_same_key_is_no_cover_for_a_false_one(year: Year, files: dict[str, bytes]) -> None:
    """Each key signs the list once: a false line beside its true one is found, for the list is none then."""
    note = files["manifest.note"]
    start = note.index(b"\n\n") + 2
    name, _, packed = note[start:].decode().splitlines()[0].rpartition(" ")
    data = bytearray(base64.b64decode(packed))
    data[20] ^= 1
    made = files | {"manifest.note": note + f"{name} {base64.b64encode(data).decode()}\n".encode()}

    assert "bundle.manifest_unreadable" in verify(MemoryBundle(made), year.trust()).codes()


def test_a_head_of_any_size_is_looked_at_at_once(year: Year, files: dict[str, bytes], tmp_path: Path) -> None:
    """Nobody signed it, and nobody counts its tiles."""
    lines = files["log/checkpoint"].split(b"\n")
    lines[1] = b"9" * 17
    made = files | {"log/checkpoint": b"\n".join(lines)}

    done = _verified_apart(tmp_path, made)

    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


def test_a_policy_in_groups_of_groups_is_weighed_at_once(year: Year, files: dict[str, bytes], tmp_path: Path) -> None:
    """Each group is a member of the next one three times over, by way of others: nobody asks it again and again."""
    policy = files["policy"].decode().replace("quorum all-of-them\n", "")
    above = "all-of-them"
    for number in range(60):
        policy += f"group a{number} any {above}\ngroup b{number} any {above}\ngroup c{number} all a{number} b{number}\n"
        above = f"c{number}"
    made = files | {"policy": f"{policy}quorum {above}\n".encode()}

    assert "Traceback" not in _verified_apart(tmp_path, made).stderr


def _verified_apart(folder: Path, files: dict[str, bytes]) -> subprocess.CompletedProcess[str]:
    """Verified by a process of its own, with half a minute and a gibibyte."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)); "
        f"sys.path.insert(0, {str(ROOT)!r}); from verifier.__main__ import main; sys.exit(main())"
    )
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


WITNESS = VerificationKey("w.example", key_id_of("w.example", WITNESS_KEY, bytes(32)), WITNESS_KEY, bytes(32))


@pytest.mark.parametrize(
    "more",
    [
        f"witness one {WITNESS}\nquorum one # 须有见证\u2028quorum none\n",
        f"witness one {WITNESS}\nquorum one # 须有见证\x0bquorum none\n",
        f"witness one {WITNESS}\ngroup g {'9' * 5000} one\nquorum g\n",
    ],
    ids=["a line nobody sees", "another", "a number without end"],
)
def test_a_policy_says_what_is_seen(year: Year, more: str) -> None:
    """What an editor shows as a remark is no line."""
    logs = "".join(f"log {vkey}\n" for vkey in year.log.vkeys())
    assert policy_from(f"{logs}witness one {WITNESS}\nquorum one # 须有见证\n".encode()).quorum == "one"

    with pytest.raises(UnreadablePolicyError):
        policy_from(f"{logs}{more}".encode())


@pytest.mark.parametrize("members", ["one two", "one one"], ids=["under two names", "named twice"])
def test_a_policy_counts_each_witness_once(year: Year, members: str) -> None:
    """One witness is not two."""
    text = "".join(f"log {vkey}\n" for vkey in year.log.vkeys()) + f"witness one {WITNESS}\nwitness two {WITNESS}\n"
    seen = {"one": 1, "two": 1}

    assert not policy_from(f"{text}group g 2 {members}\nquorum g\n".encode()).is_met(seen)
    assert policy_from(f"{text}group g 1 {members}\nquorum g\n".encode()).is_met(seen)


def test_a_key_with_which_everybody_signs_signs_nothing() -> None:
    """Ed25519 keys of small order, and RSA with the exponent 1: whoever registers one could deny what he signed."""
    one = (1).to_bytes(32, "little")
    assert not ed25519.is_signed(one, b"any", one + bytes(32))
    assert not has_signed(bytes.fromhex("302a300506032b6570032100") + one, b"any", one + bytes(32))
    modulus, info = (1 << 2047) | 1, bytes.fromhex("3031300d060960864801650304020105000420")
    end = b"\x00" + info + hashlib.sha256(b"any").digest()
    padded = b"\x00\x01" + b"\xff" * (256 - 2 - len(end)) + end
    assert not has_signed(_rsa(modulus, 1), b"any", padded)


def test_a_key_without_end_is_no_key() -> None:
    """A modulus and an exponent of two hundred thousand bits would take days."""
    number = (1 << 200_000) | 1

    assert not has_signed(_rsa(number, number), b"any", number.bit_length() // 8 * b"\x01" + b"\x01")


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def _rsa(modulus: int, exponent: int) -> bytes:
    numbers = b"".join(_der(2, each.to_bytes(each.bit_length() // 8 + 1, "big")) for each in (modulus, exponent))
    name = bytes.fromhex("300d06092a864886f70d0101010500")
    return _der(0x30, name + _der(3, b"\x00" + _der(0x30, numbers)))


def test_a_signature_of_nothing_is_no_signature_of_an_act(year: Year) -> None:
    """A device that once signed an empty challenge, as a login may ask it to, has signed no act by an empty list."""
    at = next(at for at, leaf in enumerate(Forger(year).leaves) if b'"own_key":"signed"' in leaf)
    event, device = json.loads(Forger(year).leaves[at])["event"], year.devices[0]
    empty = device.sign("")["response"]
    (blob,) = [blob for blob in event["blobs"] if blob["name"] == "attestation.json"]
    said = json.loads(year.files()[f"blobs/{blob['sha256']}"])
    proof = said["own_key"] | {
        "client_data": empty["clientDataJSON"],
        "authenticator_data": empty["authenticatorData"],
        "signature": empty["signature"],
        "acts": [],
    }
    keys, act = OwnKeys(), SignedAct(at, event, said, f"act-sha256-{'0' * 64}")
    for place, leaf in enumerate(Forger(year).leaves):
        keys.take(place, json.loads(leaf)["event"])

    assert keys._fault(act, proof) == ("proof_of_another", "本人密钥签的是另一项办理，不是这一项")


def test_a_tar_is_as_long_as_it_is(tmp_path: Path) -> None:
    """A sparse file says a length of its own, a broken header anything: neither is a bundle."""
    sparse, broken = tmp_path / "sparse.tar", tmp_path / "broken.tar"
    for place, headers in (
        (sparse, {"GNU.sparse.major": "0", "GNU.sparse.size": str(2**60), "GNU.sparse.map": f"0,1,{2**60},0"}),
        (broken, {"GNU.sparse.map": "x"}),
    ):
        with tarfile.open(place, "w", format=tarfile.PAX_FORMAT) as tar:
            member = tarfile.TarInfo("policy")
            member.size, member.pax_headers = 1, headers
            tar.addfile(member, io.BytesIO(b"x"))

        with pytest.raises(UnreadableBundleError):
            bundle_at(place).read("policy")


def test_nothing_in_a_bundle_moves_what_stands_around_it_on_a_screen() -> None:
    """Line ends, escapes and marks of direction in names are shown as what they are."""
    step = Step("acts", note="李明\n[通过] 全部\x1b[2J\u202e")
    step.fail("x", "a\rb", "名\ud800称")

    lines = Report(steps=[step]).as_text().split("\n")

    assert len(lines) == 5
    assert "\\u000a[通过] 全部\\u001b[2J\\u202e" in lines[1]
    assert lines[2].strip().startswith("a\\u000db：名\\ud800称")


def test_a_name_that_goes_on_and_on_is_still_told(year: Year) -> None:
    """A sentence with thousands of colons, or of any length, stays as it is; it ends no telling, and holds none up."""
    deepest = sys.getrecursionlimit()
    for text in ("中：" * 3_000, "项（" * 2_000, "项、" * 20_000):
        assert english(text) == text
        try:
            sys.setrecursionlimit(100_000)  # whoever runs it in a program of his own may go this deep
            assert english(text) == text
        finally:
            sys.setrecursionlimit(deepest)


def test_certificates_that_signed_each_other_are_each_asked_once() -> None:
    """Of one name and one key each leads to every other: no stamp is followed along all the ways between them."""
    asked: list[int] = []

    class Other(Certificate):
        def signed(self, other: Certificate) -> bool:
            asked.append(1)
            return True

    day = datetime(2018, 1, 1, tzinfo=UTC)
    others = [Other(bytes([n]), b"", n, b"x", b"x", day, day, b"", True, True, "", b"") for n in range(16)]

    assert not leads_to(others[0], others, [], day)
    assert len(asked) <= 16 * 16


def test_a_row_says_each_thing_once_and_what_others_said_as_they_said_it(year: Year) -> None:
    """A refused command may have a fraction in it; a paper has no second number that another reader takes."""
    files, leaves = year.files(), list(Forger(year).leaves)
    (first, *rest) = files["rows/refusal.jsonl"].split(b"\n")
    place = next(at for at, leaf in enumerate(leaves) if b'"type":"refusal.kept"' in leaf)
    event = json.loads(leaves[place])["event"]
    for row, codes in ((b'{"quantity":1.5}', set()), (b'{"rule":"a","rule":"b"}', {"attachments.row_unreadable"})):
        hashes = [hashlib.sha256(row).hexdigest(), *event["data"]["sha256"][1:]]
        changed = [*leaves]
        changed[place] = rewritten(leaves[place], data=event["data"] | {"sha256": hashes})
        forger = Forger(year)
        made = forger.bundle(changed) | {"rows/refusal.jsonl": b"\n".join([row, *rest])}
        forger.sign_manifest(made)

        found = {code for code in verify(MemoryBundle(made), Trust()).codes() if code.startswith("attachments.")}

        assert first != row
        assert found == codes
