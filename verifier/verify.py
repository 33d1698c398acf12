"""The verification of a bundle, in the order of the ledger's paper. Every step is done, whatever others found."""

from __future__ import annotations

import base64
import gc
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from verifier import attachments, directory, doubts, heads, log_of_heads, own_keys, stamps
from verifier.acts import Acts
from verifier.bundle import NO_ROOM, Bundle, UnreadableBundleError, sha256_of
from verifier.certificates import Certificate
from verifier.directory import Directory, check_directory, read_names
from verifier.doubts import Doubts
from verifier.findings import Report, Step
from verifier.fold import Fold
from verifier.generations import check_restorations, told
from verifier.leaves import Leaves
from verifier.manifest import check_kinds, files_in
from verifier.messages import check_messages, is_a_readers
from verifier.notes import Checkpoint, Note, UnreadableNoteError, checkpoint_from, note_from, signed_by
from verifier.own_keys import OwnKeys
from verifier.papers import check_rows
from verifier.policy import Policy, UnreadablePolicyError, policy_from
from verifier.reported import check_state
from verifier.stamps import Stamps
from verifier.tiles import UnreadableTileError, entries_in, tile_path, tiles_of
from verifier.told_acts import told_acts
from verifier.tree import Tree
from verifier.trusted import check_policy, has_a_strangers_line, keys_of, only_by

_TELL_EVERY = 256 * 40
_OF_THE_BUNDLE = "策略取自包内，只能证明包自相一致；请用 --policy 给出您自己保存的策略。"
_OF_THE_LEDGER = "策略取自台账内，只能证明台账自相一致；请用 --policy 给出您自己保存的策略。"
Replayer = Callable[[str, Sequence[bytes]], Sequence[Mapping[str, Any]]]
"""Runs the code over a workflow's kept histories, in order, and answers the leaf events that it computes."""
Progress = Callable[[str, int, int], None]
"""Told which step is at work, how far it is, and of how much."""


@dataclass(frozen=True)
class Trust:
    """What the auditor brings along: a policy kept since the beginning, and heads kept from earlier times."""

    policy: bytes | None = None
    kept_heads: Mapping[str, bytes] | None = None
    replay: Replayer | None = None
    stamp_authorities: Sequence[Certificate] | None = None
    """The certificates of the time stamp authorities that the auditor trusts."""
    whole: bool = False
    """The bundle is all that the log has now: a longer kept head then means that the end was cut off."""
    above: log_of_heads.Above | None = None
    """What shows that a head of this log stands in a log of heads."""


def verify(bundle: Bundle, trust: Trust | None = None, progress: Progress = lambda *_: None) -> Report:
    """Verify a bundle.

    Raises:
        UnreadableBundleError: it cannot be read, or this machine's memory is too small for it.
    """
    # Everything read is kept until the end, so that looking for what could be freed only costs time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _Verification(bundle, trust or Trust(), progress).run()
    except MemoryError as error:
        raise UnreadableBundleError(NO_ROOM) from error
    finally:
        if collecting:
            gc.enable()


class _Verification:
    def __init__(self, bundle: Bundle, trust: Trust, progress: Progress) -> None:
        self._bundle = bundle
        self._trust = trust
        self._progress = progress
        self._report = Report()
        self._rules = Step("rules")
        self._leaves = Leaves(self._rules)
        self._fold = Fold()
        self._directory = Directory()
        self._acts = Acts()
        self._own_keys = OwnKeys()
        self._doubts = Doubts()
        self._stamps = Stamps()
        self._of_the_ledger: Mapping[str, Callable[[int, dict[str, Any]], None]] = {
            directory.STREAM: self._directory.take,
            doubts.STREAM: self._doubts.take,
            own_keys.STREAM: self._own_keys.take,
            stamps.STREAM: self._stamps.take,
        }
        """Who takes a stream that is no project's."""
        self._hashes: list[bytes] = []
        self._tree_of_all = Tree(self._hashes)
        self._events: list[dict[str, Any]] = []

    def run(self) -> Report:
        opening = Step("checkpoint")
        policy = self._policy(opening)
        head = self._head(opening)
        if head is not None:
            self._report.origin, self._report.size = head.origin, head.size
            self._report.root = base64.b64encode(head.root).decode()
        names = ("tree", "prefixes", "attachments", "replay", "state", "acts", "own_keys", "stamps", "heads")
        tree, prefixes, kept, replay, state, acts, own_keys, stamps, above = map(Step, names)
        manifest = Step("bundle")
        self._report.steps += [manifest, opening, tree, prefixes, self._rules, kept, replay, state, acts, own_keys]
        self._report.steps.append(stamps)
        if self._trust.above is not None:
            self._report.steps.append(above)
        self._timed(manifest, lambda: self._manifest(manifest, policy, head))
        if head is None:
            tree.skip("没有可读的校验值")
        else:
            self._timed(tree, lambda: self._tree(tree, head))
        if policy is None or head is None:
            prefixes.skip("没有可用的策略或校验值")
        else:
            policy = replace(policy, log_keys=keys_of(policy, self._vouching(head)))
            self._timed(manifest, lambda: self._strangers(manifest, policy))
            self._timed(opening, lambda: self._opening(opening, policy, head))
            self._timed(prefixes, lambda: self._prefixes(prefixes, policy, head))
        self._timed(kept, lambda: self._attachments(kept))
        self._timed(kept, lambda: check_rows(kept, self._bundle, self._leaves, self._events))
        if any(map(is_a_readers, self._leaves.places)):
            self._timed(kept, lambda: check_messages(kept, self._events))
        self._timed(kept, lambda: self._tell_histories(kept))
        self._timed(replay, lambda: self._replay(replay))
        self._timed(state, lambda: check_state(state, self._bundle, self._fold, self._leaves, self._events))
        self._timed(state, lambda: check_directory(state, self._directory))
        self._timed(acts, lambda: self._acts.check(acts, self._bundle, self._leaves, self._directory))
        self._timed(own_keys, lambda: self._own_keys.check(own_keys, self._acts, self._leaves.appended))
        self._timed(acts, lambda: self._doubts.tell(acts, self._acts.attested, self._leaves.appended))
        self._timed(acts, self._tell_acts)
        check = partial(self._stamps.check, stamps, self._bundle, self._tree_of_all, self._leaves.appended)
        self._timed(stamps, partial(check, self._trust.stamp_authorities))
        self._timed(above, lambda: self._above(above, policy, head))
        return self._report

    def _tell_histories(self, step: Step) -> None:
        step.note += self._without_history() + attachments.repairs_named(self._leaves)

    def _tell_acts(self) -> None:
        acts = [*self._acts.attested, *self._acts.of_the_office]
        self._report.acts = told_acts(acts, self._leaves.appended)

    def _without_history(self) -> str:
        """A project that ended and has no history here is no failure: it may have ended minutes before the export."""
        kept = {
            str(event["data"].get("workflow_id"))
            for _, event in self._leaves.closed
            if any(blob["name"].endswith(".pb") for blob in event["blobs"])
        }
        without = sorted(
            stream for stream, state in self._fold.projects.items() if "ended" in state and stream not in kept
        )
        return (
            f"；{len(without)} 个已结束的项目没有流程历史：{'、'.join(without[:3])}，请向督查室查问" if without else ""
        )

    def _timed(self, step: Step, work: Callable[[], None]) -> None:
        self._progress(step.name, 0, self._report.size)
        started = time.perf_counter()
        try:
            work()
        except (OSError, MemoryError, UnreadableBundleError):
            raise  # a file cannot be read at all: that says nothing of what stands in it
        except Exception as error:  # noqa: BLE001 - whatever a hostile bundle says ends in a finding, never in a traceback
            kind = type(error).__name__
            step.fail("broken_off", step.name, f"这一步没有核完，包里有台账不会写的内容（{kind}），请保存此包作为证据")
        step.seconds += time.perf_counter() - started

    def _prefixes(self, step: Step, policy: Policy, head: Checkpoint) -> None:
        leaves = self._leaves
        check_restorations(self._rules, leaves.restored, self._tree_of_all, leaves.origin)
        lasts = {stream: at[-1] for stream, at in leaves.places.items()}
        seen = heads.Seen(self._tree_of_all, leaves.keys, lasts, leaves.restored, self._trust.whole)
        heads.check_prefixes(step, self._bundle, policy, head, seen, self._trust.kept_heads or {})
        step.note += told(leaves.restored)
        heads.check_windows(self._rules, self._bundle, policy, head, leaves.appended, leaves.steps)

    def _above(self, step: Step, policy: Policy | None, head: Checkpoint | None) -> None:
        if policy is None or head is None:
            step.skip("没有可用的策略或校验值")
        elif self._trust.above is not None:
            log_of_heads.check(step, self._trust.above, policy.log_keys, head, self._tree_of_all)

    def _opening(self, step: Step, policy: Policy, head: Checkpoint) -> None:
        witnesses = [(name, vkey) for position, name, vkey in self._leaves.witnesses if position < head.size]
        check_policy(step, self._inside(), self._trust.policy, self._vouching(head), witnesses)
        heads.check_head(step, policy, head, self._leaves.keys)

    def _vouching(self, head: Checkpoint) -> Note:
        """The head's note with the lines of the manifest's, which may have been signed with a newer key."""
        try:
            lines = note_from(self._bundle.read("manifest.note")).signatures
        except (KeyError, UnreadableNoteError):
            lines = ()
        return replace(head.note, signatures=(*head.note.signatures, *lines))

    def _inside(self) -> bytes | None:
        return self._bundle.read("policy") if "policy" in self._bundle.names else None

    def _policy(self, step: Step) -> Policy | None:
        trusted = self._trust.policy
        if trusted is None:
            self._report.trust = _OF_THE_LEDGER if self._trust.whole else _OF_THE_BUNDLE
        else:
            self._report.trust = "策略由核验人提供。"
        inside = self._inside()
        if trusted is None and inside is None:
            step.fail("policy_missing", "policy", "包内没有策略")
        try:
            return policy_from(trusted or inside or b"")
        except UnreadablePolicyError as error:
            step.fail("policy_unreadable", "policy", f"策略读不懂（{error}）")
            return None

    def _head(self, step: Step) -> Checkpoint | None:
        try:
            return checkpoint_from(self._bundle.read("log/checkpoint"))
        except KeyError:
            step.fail("head_missing", "log/checkpoint", "包内没有台账校验值")
        except UnreadableNoteError as error:
            step.fail("head_unreadable", "log/checkpoint", f"台账校验值读不懂（{error}）")
        return None

    def _manifest(self, step: Step, policy: Policy | None, head: Checkpoint | None) -> None:
        listed: dict[str, dict[str, Any]] = {}
        try:
            data = self._bundle.read("manifest.json")
            manifest, listed = files_in(data)
            note = note_from(self._bundle.read("manifest.note"))
            if note.text != f"duban-manifest/v1\n{manifest['origin']}\n{sha256_of(data)}\n":
                step.fail("manifest_note", "manifest.note", "清单的签名不是对这份清单的")
            if policy is not None and not any(signed_by(note, key) for key in keys_of(policy, note)):
                step.fail("manifest_signature", "manifest.note", "清单没有台账密钥的签名")
            elif policy is not None and not only_by(note, policy, keys_of(policy, note)):
                step.fail("manifest_signature", "manifest.note", "清单的签名里有一行是假的，是后来改动的")
            if head is not None and (manifest["origin"], manifest["size"]) != (head.origin, head.size):
                step.fail("manifest_head", "manifest.json", "包的清单说的不是这个校验值")
        except (KeyError, ValueError, TypeError, RecursionError) as error:
            step.fail("manifest_unreadable", "manifest.json", f"清单或其签名读不懂（{error}）")
            return
        check_kinds(step, self._bundle)
        names = self._bundle.names - {"manifest.json", "manifest.note"}
        for name in sorted(names - listed.keys()):
            step.fail("file_added", name, "清单里没有这个文件，是后来加进来的")
        for name in sorted(listed.keys() - names):
            step.fail("file_missing", name, "清单里有而包里没有，是后来拿掉的")
        for name in sorted(names & listed.keys()):
            data = self._bundle.read(name)
            if (len(data), sha256_of(data)) != (listed[name].get("size"), listed[name].get("sha256")):
                step.fail("file_changed", name, "内容与清单不符，是后来改动的")

    def _strangers(self, step: Step, policy: Policy) -> None:
        """Other programs pass over lines of keys that they do not know; under a manifest stand the log's alone."""
        recorded = [text for _, text in self._leaves.keys]
        with suppress(KeyError, UnreadableNoteError):  # told already
            if has_a_strangers_line(note_from(self._bundle.read("manifest.note")), policy, recorded):
                step.fail("manifest_signature", "manifest.note", "清单的签名里有一行是假的，是后来改动的")

    def _tree(self, step: Step, head: Checkpoint) -> None:
        sha256, hashes, events = hashlib.sha256, self._hashes, self._events
        take, act = self._fold.take, self._acts.take
        for entries in self._entries(step, head.size):
            first = len(hashes)
            hashes += [sha256(b"\x00" + entry).digest() for entry in entries]
            for position, event in enumerate(self._leaves.read(first, entries), start=first):
                if event is None:
                    continue
                events.append(event)
                try:
                    take(event)
                    act(position, event)
                    if event["type"] == "ProjectDocketed":
                        self._own_keys.open(event)
                    if taken_by := self._of_the_ledger.get(event["stream"]):
                        taken_by(position, event)
                except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError):
                    self._rules.fail("leaf_format", f"entry {position}", "事件的内容不是台账的写法")
            if first % _TELL_EVERY == 0:
                self._progress("tree", first, head.size)
        if len(self._hashes) != head.size:
            step.fail(
                "entries_missing", "log/tile/entries", f"校验值算到第 {head.size} 条，实有 {len(self._hashes)} 条"
            )
        self._tree_of_all = Tree(self._hashes)
        self._check_tiles(step, head)
        self._leaves.check_said_heads(self._hashes)
        self._leaves.check_streams()

    def _attachments(self, step: Step) -> None:
        attachments.check_attachments(step, self._bundle, self._leaves, self._directory.committed)
        read_names(step, self._bundle, self._directory)

    def _entries(self, step: Step, size: int) -> Iterator[Sequence[bytes]]:
        for index, width in tiles_of(size, None):
            name = f"log/{tile_path(None, index, width)}"
            try:
                yield entries_in(self._bundle.read(name), width)
            except KeyError:
                step.fail("entries_missing", name, "这一段条目不在包里")
                return
            except UnreadableTileError as error:
                step.fail("entries_unreadable", name, f"这一段条目被截断或改动（{error}）")
                return

    def _check_tiles(self, step: Step, head: Checkpoint) -> None:
        expected = set()
        for level, hashes in enumerate(self._tree_of_all.levels):
            for index, width in tiles_of(len(hashes), 0):
                name = f"log/{tile_path(level, index, width)}"
                expected.add(name)
                if name not in self._bundle.names:
                    step.fail("tile_missing", name, "校验值的一份中间摘要不在包里")
                elif self._bundle.read(name) != b"".join(hashes[index * 256 : index * 256 + width]):
                    step.fail("tile_differs", name, "校验值的一份中间摘要与条目重新算出的不符")
        if self._tree_of_all.root(len(self._hashes)) != head.root:
            step.fail(
                "root_differs", "log/checkpoint", "由全部条目重新算出的校验值与签名的不符，条目被改、加、删或调换过"
            )
        # A head may claim any size: there are no more tiles than files.
        named = islice(tiles_of(head.size, None), len(self._bundle.names))
        expected |= {f"log/{tile_path(None, index, width)}" for index, width in named}
        for name in sorted(self._bundle.names - expected):
            if name.startswith("log/tile/"):
                step.fail("tile_added", name, "这份中间摘要是多出来的，不属于这本台账")

    def _replay(self, step: Step) -> None:
        if self._trust.replay is None:
            step.skip("需要督办程序的代码：在装有督办的机器上用 duban audit replay 核这一步")
        else:
            attachments.check_replay(step, self._bundle, self._leaves, self._events, self._trust.replay)
