"""Attachments and kept histories: every hash in the ledger has its file, every file its hash."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from verifier.bundle import Bundle, sha256_of
from verifier.findings import Step
from verifier.leaves import Leaves

_BLOBS = "blobs/"
_HISTORIES = "histories/"
_SHOWN = re.compile(r"sha256:(?P<sha256>[0-9a-f]{64}) (?P<name>.{1,120}) \((?P<size>[0-9]{1,15}) bytes\)")


def check_attachments(step: Step, bundle: Bundle, leaves: Leaves, names: Mapping[str, str]) -> None:
    """Compare the files under `blobs/` and `histories/` with the hashes in the entries; `names` are the hashes of files
    that have the name of a person, each with his number."""
    expected: defaultdict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for position, kind, blob in leaves.blobs:
        name = blob["name"] if kind == "workflow.closed" else f"{_BLOBS}{blob['sha256']}"
        expected[name].append((blob["sha256"], blob["size"], position))
    erased = check_erasures(step, leaves, names)
    sizes: list[int] = []
    for name, said in sorted(expected.items()):
        if name not in bundle.names and said[0][0] in erased and not name.startswith(_HISTORIES):
            continue
        if name not in bundle.names:
            step.miss("file_missing", name, f"第 {said[0][2]} 条所记的文件不在包里：{_remedy(name, said[0][0], names)}")
            continue
        data = bundle.read(name)
        found = sha256_of(data)
        for sha256, size, position in said:
            if found != sha256:
                step.fail("hash_differs", name, f"文件与第 {position} 条所记的摘要不符，被改动过")
            elif len(data) != size:
                # The hash is the file's identity; whoever showed it wrote another size beside it.
                sizes.append(position)
    if sizes:
        step.note += f"；第 {'、'.join(map(str, sizes[:5]))} 条所写的大小与原件不符，摘要相符"
    _check_said(step, leaves)
    for name in sorted(bundle.names - expected.keys()):
        if name.startswith((_BLOBS, _HISTORIES)):
            step.fail("file_unknown", name, "台账里没有这个文件的摘要")
    histories = sum(name.startswith(_HISTORIES) for name in expected)
    step.note = f"{len(expected) - histories} 个附件，{histories} 个历史文件{step.note}{_told(bundle, erased, names)}"


def check_erasures(step: Step, leaves: Leaves, names: Mapping[str, str]) -> dict[str, tuple[int, dict[str, Any]]]:
    """What was erased by order: two persons did it, before it was shown nobody, and nothing that proves an act."""
    matches = (_SHOWN.fullmatch(str(text)) for _, event in leaves.shown for text in event["data"]["evidence"])
    shown = {match["sha256"] for match in matches if match}
    good = {}
    for sha256, (position, data) in sorted(leaves.erased.items()):
        place = f"entry {position}"
        numbers = data.get("by_person"), data.get("confirmed_person")
        if data.get("by") == data.get("confirmed_by") or (numbers[0] is not None and numbers[0] == numbers[1]):
            step.fail("erased_by_one", place, "删除须两人，而办理人和确认人是同一人")
        elif sha256 not in shown and sha256 not in names:
            step.fail(
                "erased_no_evidence", place, f"所删除的 {sha256} 不是谁出示的佐证或姓名：证明、历史和公文不能删除"
            )
        else:
            good[sha256] = position, data
    return good


def _told(bundle: Bundle, erased: Mapping[str, tuple[int, dict[str, Any]]], names: Mapping[str, str]) -> str:
    told: dict[str, list[str]] = {"佐证": [], "姓名": []}
    for sha256, (position, data) in erased.items():
        what = f"{names[sha256]} 的 {sha256[:16]}" if sha256 in names else sha256[:16]
        still = "，而文件还在包里" if f"{_BLOBS}{sha256}" in bundle.names else ""
        told["姓名" if sha256 in names else "佐证"].append(
            f"{what} 依“{data.get('order')}”删除"
            f"（第 {position} 条，{data.get('by')}办理，{data.get('confirmed_by')}确认）{still}"
        )
    return "".join(f"；依令删除的{kind} {len(said)} 个：{'、'.join(said)}" for kind, said in told.items() if said)


def _remedy(name: str, sha256: str, names: Mapping[str, str]) -> str:
    if name.startswith(_HISTORIES):
        return "请督查室从备份恢复，或趁引擎还在运行 duban audit keep，然后重新导出"
    if sha256 in names:
        return f"它有 {names[sha256]} 的姓名，没有依令删除的记录：请督查室从备份恢复后重新导出"
    return f"请向提交的部门索取原件（SHA-256 为 {sha256}），由督查室 duban evidence add 补存后重新导出"


def _check_said(step: Step, leaves: Leaves) -> None:
    """What entries say of their files is what they fix by hash."""
    for position, event in leaves.shown:
        _check_shown(step, position, event)
    for position, event in leaves.closed:
        _check_closed(step, position, event)


def _check_shown(step: Step, position: int, event: dict[str, Any]) -> None:
    """What an event shows as evidence and what its entry fixes by hash are the same files."""
    try:
        shown = [*event["data"]["evidence"], event["data"].get("attested", "")]
        said = {(m["sha256"], int(m["size"]), m["name"]) for m in map(_SHOWN.fullmatch, shown) if m}
    except (TypeError, ValueError):
        step.fail("evidence_unreadable", f"entry {position}", "佐证的写法不是台账的写法")
        return
    if said != {(blob["sha256"], blob["size"], blob["name"]) for blob in event["blobs"]}:
        step.fail("evidence_differs", f"entry {position}", "事件所示的佐证文件与本条所附的摘要不是同一些")


def _check_closed(step: Step, position: int, event: dict[str, Any]) -> None:
    """The files of a run that has closed are that run's, of the workflow in whose stream the entry stands."""
    workflow_id, run_id = event["data"].get("workflow_id"), event["data"].get("run_id")
    run = f"{_HISTORIES}{workflow_id}/{run_id}"
    names = {blob["name"] for blob in event["blobs"]}
    if event["stream"] != f"history/{workflow_id}" or not names <= {f"{run}.pb", f"{run}.json"}:
        text = "流程结束的记录所附的历史文件，不是这个流程这一次运行的"
        step.fail("history_of_another", f"entry {position}", text)


def check_replay(
    step: Step,
    bundle: Bundle,
    leaves: Leaves,
    events: Sequence[dict[str, Any]],
    replay: Callable[[str, Sequence[bytes]], Sequence[Mapping[str, Any]]],
) -> None:
    """Compare what the code computes from the kept histories with what the ledger says."""
    runs: defaultdict[str, list[bytes]] = defaultdict(list)
    # A run that another one went on instead of may hold what no code follows: its good part stands in the other one.
    repaired = {data.get("run_id") for data in leaves.repaired if data.get("way") != "reopened"}
    for _, event in leaves.closed:
        if event["data"].get("run_id") in repaired:
            continue
        for blob in event["blobs"]:
            if blob["name"].endswith(".pb") and blob["name"] in bundle.names:
                runs[event["data"]["workflow_id"]].append(bundle.read(blob["name"]))
    kept: defaultdict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for event in events:
        kept[event["stream"]][event["seq"]] = event
    for workflow_id, histories in sorted(runs.items()):
        try:
            computed = [dict(event) for event in replay(workflow_id, histories)]
        except Exception as error:  # noqa: BLE001 - whatever the code says about a history is a finding
            step.fail("replay_refused", workflow_id, f"代码不认这份历史（{error}）")
            continue
        said = kept[workflow_id]
        for found in computed:
            if found["seq"] in said and found != said[found["seq"]]:
                step.fail("event_differs", f"{workflow_id}#{found['seq']}", "重放得出的事件与台账所记不同")
        if any(found["seq"] not in said for found in computed):
            step.fail("events_missing", workflow_id, "重放得出的事件比台账所记的多")
    step.note = f"重放了 {len(runs)} 个流程"
    step.is_empty = not runs


def repairs_named(leaves: Leaves) -> str:
    """The workflows that were brought back, as the ledger says it; nothing where there were none."""
    if not leaves.repaired:
        return ""
    named = "、".join(f"{data.get('workflow_id')}（{data.get('way')}，{data.get('by')}）" for data in leaves.repaired)
    return f"；台账记有 {len(leaves.repaired)} 次修复：{named}"
