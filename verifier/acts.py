"""Who acted: each act has an attestation, signed by a door that was open when it was recorded, about this very act.

The entry of each event that a person's act made happen names its attestation by hash; the file says the act (RFC 8785),
who was signed in and how, and the door's key signed all of it. The doors' keys stand in the ledger's own stream.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from verifier.accepted import Accepted
from verifier.bundle import Bundle
from verifier.directory import Directory
from verifier.doors import Door, doors_of
from verifier.ed25519 import is_signed
from verifier.findings import Step
from verifier.givers import acts_as, brings, is_by_the_person
from verifier.kinds import BRINGS
from verifier.last_words import LastWords
from verifier.leaves import Leaves
from verifier.office_acts import OFFICE_STREAMS, PERSON_KEYS, judge_office
from verifier.own_keys import SignedAct
from verifier.persons import TwoPersons
from verifier.plain_json import canonical, plain_json
from verifier.rights import Rights
from verifier.standing import PROJECTS, Standing, stream_of
from verifier.times import DaysDone, Late, is_dated_ahead, is_dated_back, is_held_back

_REQUEST = "request:"
_START = "start"
_ISSUED = "log/issued"
_SCORES = "log/score"
_HEADER = frozenset(
    {"cause", "on_behalf_of", "request_digest", "attested", "own_key", "by_person", "for_person", "seen"}
)
_SIGNED = b"duban-attestation/v1\n"
_FILE = re.compile(r"sha256:(?P<sha256>[0-9a-f]{64}) (?P<name>.{1,120}) \((?P<size>[0-9]{1,15}) bytes\)")
_CLOCKS_DIFFER = timedelta(minutes=2)
_MOST_TOLD = 12
_BACK = "事件所记的办理时间早于受理端收到它的时间，是倒填的"


@dataclass
class _Read:
    """An attestation that was read: its parts, and what is wrong with it by itself."""

    said: dict[str, Any] = field(default_factory=dict)
    act_id: str = ""
    fault: tuple[str, str] | None = None


class Acts:
    """The acts of a log, told in order of its entries; judged at the end, when the files are there to be read."""

    def __init__(self) -> None:
        self._acts: list[tuple[int, dict[str, Any]]] = []
        self._opened: dict[str, tuple[int, list[dict[str, Any]]]] = {}
        self._openings: list[tuple[int, dict[str, Any]]] = []
        self._issued: list[tuple[int, dict[str, Any]]] = []
        self._about_scores: list[tuple[int, dict[str, Any]]] = []
        self._persons = TwoPersons()
        self._done = DaysDone()
        self._standing = Standing()
        self._last_words = LastWords()
        followers = (self._persons, self._done, self._standing, self._last_words)
        self._followers = {
            kind: [each.take for each in followers if kind in each.KINDS] for each in followers for kind in each.KINDS
        }
        """Who follows the events of a kind."""
        self._office: list[tuple[int, dict[str, Any]]] = []
        self.attested: list[SignedAct] = []
        """The acts whose attestation holds, each once: what is known of them after they were judged."""
        self.key_changes: list[SignedAct] = []
        """The changes of persons' keys whose attestation holds."""
        self.of_the_office: list[SignedAct] = []
        """These, all other changes of the office, and what was issued: all whose attestation holds."""

    def take(self, position: int, event: dict[str, Any]) -> None:
        """Take one event; what is no person's act is passed over."""
        data, stream, kind = event["data"], event["stream"], event["type"]
        if stream.startswith(PROJECTS):
            for take in self._followers.get(kind, ()):
                take(position, event)
            if kind == "ProjectDocketed":
                self._openings.append((position, event))
                self._opened.setdefault(stream, (position, [event]))
            elif kind in BRINGS or "attested" in data or event["actor"] != "engine" or _is_asked_for(data):
                self._acts.append((position, event))
            elif kind == "ReadingRuled" and data.get("cause") == _START and stream in self._opened:
                self._opened[stream][1].append(event)
        elif stream == _ISSUED:
            self._issued.append((position, event))
        elif stream == _SCORES:
            self._about_scores.append((position, event))
        elif stream in OFFICE_STREAMS:
            self._office.append((position, event))
        elif "attested" in data:
            self._acts.append((position, event))

    def check(self, step: Step, bundle: Bundle, leaves: Leaves, directory: Directory) -> None:
        """Judge every act, and say through whom and which doors they came."""
        for position, event in self._openings:
            if event["seq"] != 0:
                step.fail("opened_again", f"entry {position}", "项目只能由流水的第一条启动，这一条又启动了一次")
        doors = doors_of(step, leaves)
        first_door = min((door.opened for door in doors.values()), default=None)
        accepted = Accepted(bundle)
        accepted.check(step, (event for _, event in self._acts))
        # What was started before there was a door has a clock that nobody attested.
        known = first_door is not None and all(first_door < position for position, _ in self._openings)
        rights = Rights(directory, leaves.appended, all_clocks=known)
        judge = Judge(step, bundle, doors, self._standing, accepted, rights, Late(leaves.steps))
        for told in self._issued:
            judge.issue(told)
        for stream, (position, opening) in self._opened.items():
            if first_door is not None and first_door < position:
                judge.judge_opening(stream, position, opening)
        for position, event in self._about_scores:
            judge.judge_score(position, event)
        before = 0
        for position, event in self._acts:
            if event["data"].get("attested"):
                judge.judge(position, event, leaves.appended)
            elif first_door is None or position < first_door:
                before += 1
            else:
                text = "这项办理没有证明：台账已登记受理端，此后每项办理都须有"
                step.fail("act_unattested", f"entry {position}", text)
        changes = judge_office(step, self._office, judge, first_door, all_clocks=known)
        self.of_the_office = [SignedAct(at, event, said, _act_id(said)) for at, event, said in changes]
        self.key_changes = [act for act in self.of_the_office if act.event["stream"] == PERSON_KEYS]
        self.of_the_office += judge.starts
        self._persons.check(step)
        self._done.check(step)
        self._last_words.check(step)
        self.attested = judge.attested
        step.note = judge.told() + self._not_started()
        step.note += f"；受理端登记之前的办理 {before} 条没有证明" if before else ""

    def _not_started(self) -> str:
        """Which projects were issued and are not there: a start may have been refused, or the project was taken out."""
        issued = sorted({str(event["data"].get("project_id")) for _, event in self._issued})
        without = [each for each in issued if stream_of(each) not in self._opened]
        named = "、".join(without[:3])
        return f"；已下达而台账里没有的项目 {len(without)} 个：{named}，请向督查室查问" if without else ""


class Judge:
    """Reads attestations, each once, and holds the entries against them."""

    def __init__(
        self,
        step: Step,
        bundle: Bundle,
        doors: Mapping[str, Door],
        standing: Standing,
        accepted: Accepted,
        rights: Rights,
        late: Late,
    ) -> None:
        self._step = step
        self._bundle = bundle
        self._doors = doors
        self._standing = standing
        self._read: dict[str, _Read] = {}
        self._accepted = accepted
        self._rights = rights
        self._by: Counter[str] = Counter()
        self._acts: set[tuple[str, str]] = set()
        self._lasts: dict[str, tuple[str, int]] = {}
        """Where the last event of each attestation stands."""
        self._late = late
        self._used: set[str] = set()
        self.clocks = rights.clocks
        self.attested: list[SignedAct] = []
        self.starts: list[SignedAct] = []

    def told(self) -> str:
        """How many acts there were, and by whom."""
        named = "、".join(f"{who} {count} 项" for who, count in self._by.most_common(_MOST_TOLD))
        more = f"等 {len(self._by)} 个账号" if len(self._by) > _MOST_TOLD else ""
        return f"{len(self._acts)} 项办理有证明" + (f"：{named}{more}" if named else "") + self._late.told()

    def judge(self, position: int, event: dict[str, Any], appended: Sequence[str]) -> None:
        """Judge the attestation of one event."""
        place = f"entry {position}"
        read = self._named(place, event)
        if read is None:
            return
        when = appended[position] if position < len(appended) else ""
        self._same_act(position, event, read, when)
        self.must_be_able(position, event, read.said)
        self._step.hold(place, self._standing.fault(position, event, read.said["act"]["command"]))
        self._open_then(place, position, read)
        if not _not_later(str(read.said["received_at"]), when):
            self._step.fail("attestation_later", place, "证明说收到的时间晚于记入台账的时间")

    def _named(self, place: str, event: dict[str, Any]) -> _Read | None:
        """The attestation that an entry names; none where it is missing or does not hold by itself, which is said."""
        named = _FILE.fullmatch(str(event["data"].get("attested")))
        blob = {"sha256": named["sha256"], "size": int(named["size"]), "name": named["name"]} if named else None
        if named is None or blob not in event["blobs"]:
            self._step.fail("attestation_named", place, "事件所说的证明与本条所附的摘要不是同一个")
            return None
        if f"blobs/{named['sha256']}" not in self._bundle.names:
            text = "这项办理的证明不在包里：请督查室从备份恢复佐证库，然后重新导出"
            self._step.miss("attestation_missing", place, text)
            return None
        if named["sha256"] not in self._read:
            self._read[named["sha256"]] = self._opened(named["sha256"])
        read = self._read[named["sha256"]]
        return None if self._step.hold(place, read.fault) else read

    def attestation_of(self, position: int, event: dict[str, Any]) -> dict[str, Any] | None:
        """What an entry's attestation says, where it holds by itself and by its door; what is wrong is said."""
        place = f"entry {position}"
        read = self._named(place, event)
        if read is None:
            return None
        self._open_then(place, position, read)
        return read.said

    def must_be_able(self, position: int, event: dict[str, Any], said: dict[str, Any]) -> None:
        """Say of an act why the one who is said to have given it could not (see the port)."""
        self._step.hold(f"entry {position}", self._rights.fault(position, event, said))

    def issue(self, told: tuple[int, dict[str, Any]]) -> None:
        """Judge what says that a start was issued."""
        position, event = told
        place, data = f"entry {position}", event["data"]
        read = self._named(place, event)
        if read is None:
            return
        act = read.said["act"]
        if not (
            act.get("project_id") == data.get("project_id")
            and act["command"]["type"] == "StartSupervision"
            and act["command"].get("opening") == data.get("opening")
            and act["command"].get("clock") == data.get("clock")
        ):
            self._step.fail("act_of_another", place, "所附的证明不是这次下达的")
        else:
            self._open_then(place, position, read)
            self.must_be_able(position, event, read.said)
            self.starts.append(SignedAct(position, event, read.said, read.act_id))
            self._rights.start(stream_of(act["project_id"]), act["command"].get("clock") or {})

    def judge_score(self, position: int, event: dict[str, Any]) -> None:
        """Judge what was said about scores: the attestation is of these very words."""
        place, data = f"entry {position}", event["data"]
        read = self._named(place, event)
        if read is None:
            return
        said = {name: value for name, value in data.items() if name not in ("attested", "v")}
        if (read.said["act"].get("stream"), read.said["act"]["command"]) != (_SCORES, {"type": event["type"], **said}):
            self._step.fail("act_of_another", place, "所附的证明不是这一项得分办理的")
        else:
            self._open_then(place, position, read)
            self.must_be_able(position, event, read.said)
            self.once(place, str(data["attested"]))
            self.attested.append(SignedAct(position, event, read.said, read.act_id))

    def once(self, place: str, attested: str) -> None:
        """Say of an act that its attestation stood under another act's entries before."""
        if attested in self._used:
            self._step.fail("act_repeated", place, "同一项办理前面已经记过，又记了一次")
        self._used.add(attested)

    def judge_opening(self, stream: str, position: int, opening: list[dict[str, Any]]) -> None:
        """Judge what a project was opened with: as it was issued, before."""
        said = [
            {"type": event["type"], **{n: v for n, v in event["data"].items() if n not in _HEADER}} for event in opening
        ]
        digest, decided = hashlib.sha256(canonical(said)).hexdigest(), opening[0]["decided"]
        before = [
            (start.said["received_at"], start.event["data"].get("clock") or {})
            for start in self.starts
            if start.position < position
            and (stream, digest) == (stream_of(start.said["act"]["project_id"]), str(start.event["data"]["opening"]))
        ]
        if not before:
            text = "这个项目不是由已下达的清单启动的，或与所下达的不同"
            self._step.fail("start_not_issued", f"entry {position}", text)
        elif all(is_dated_back(str(received), decided, clock) for received, clock in before):
            self._step.fail("act_backdated", f"entry {position}", _BACK)

    def _opened(self, sha256: str) -> _Read:
        data = self._bundle.read(f"blobs/{sha256}")
        if hashlib.sha256(data).hexdigest() != sha256:
            return _Read(fault=("attestation_changed", "证明的内容与台账所记的摘要不符，被改动过"))
        try:
            said = plain_json(data)
            if canonical(said) != data:
                return _Read(fault=("attestation_unreadable", "证明不是规范的写法"))
            signature = base64.b64decode(said["signature"], validate=True)
            signed = _SIGNED + canonical({name: value for name, value in said.items() if name != "signature"})
            door = self._doors.get(said["door"]["key"])
            act_id = _act_id(said)
            act = said["act"]
            _ = (act["command"]["type"], act.get("project_id") or act["stream"], act["nonce"], said["received_at"])
            named = dict.fromkeys((said["person_id"] or said["account"], said["account"]))
            who = f"{said['name']}（{'，'.join([*named, said['login']['how'], said['door']['kind']])}）"
        except (ValueError, KeyError, TypeError, RecursionError):
            return _Read(fault=("attestation_unreadable", "证明读不懂"))
        if door is None or door.kind != said["door"]["kind"]:
            return _Read(fault=("door_unknown", "为这项办理作证的受理端不是台账登记的"))
        if not is_signed(door.public, signed, signature):
            return _Read(fault=("attestation_signature", "证明没有受理端密钥的签名"))
        return _Read({**said, "who": who}, act_id)

    def _same_act(self, position: int, event: dict[str, Any], read: _Read, appended: str) -> None:
        act, stream, place = read.said["act"], event["stream"], f"entry {position}"
        request_id = str(event["data"].get("cause", "")).removeprefix(_REQUEST)
        bound = act["nonce"] == hashlib.sha256(request_id.encode()).hexdigest()
        if stream != stream_of(act.get("project_id")) or not (request_id == read.act_id or bound):
            self._step.fail("act_of_another", place, "所附的证明是另一项办理的，不是这一项")
            return
        if not self._accepted.ask(stream, request_id, act["command"]):
            self._step.fail("act_differs", place, "证明所说的办理与台账保存的指令不同")
            return
        told = brings(act["command"], event) and event["data"].get("seen", act["seen"]) == act["seen"]
        if not told or not self._standing.fits(position, event, act["command"]):
            self._step.fail("act_differs", place, "证明所说的办理与事件所记的不同")
            return
        if not acts_as(read.said, event):
            self._step.fail("act_by_another", place, "证明所说的办理人与事件所记的不同")
            return
        if not is_by_the_person(read.said, event["data"].get("by_person")):
            self._step.fail("act_by_another", place, "证明所说的人员编号与事件所记的不同")
            return
        clocks, received = self.clocks.get(stream, ()), str(read.said["received_at"])
        # What only an act brings happens when it is decided: nothing is reported for another day by its instant.
        moved = event["type"] in BRINGS and event["occurred"] != event["decided"]
        if moved or (clocks and all(is_dated_back(received, event["decided"], clock) for clock in clocks)):
            self._step.fail("act_backdated", place, _BACK)
            return
        if clocks and all(is_dated_ahead(appended, event["decided"], clock) for clock in clocks):
            text = "事件所记的办理时间晚于记入台账的时间一小时以上：请督查室书面说明是哪台机器的时钟不准"
            self._step.miss("act_ahead", place, text)
        elif clocks and all(is_held_back(received, event["decided"], clock) for clock in clocks):
            text = "事件所记的办理时间比受理端收到它晚一小时以上，照规则已不能受理：请督查室书面说明"
            self._step.miss("act_held_back", place, text)
        attested = str(event["data"]["attested"])
        # The events of one decision follow each other: an act that comes again has the attestation of the first time.
        if self._lasts.get(attested) != (stream, event["seq"] - 1):
            self.once(place, attested)
        self._lasts[attested] = stream, event["seq"]
        if (stream, request_id) not in self._acts:
            self._acts.add((stream, request_id))
            self.attested.append(SignedAct(position, event, read.said, read.act_id))
            self._by[read.said["who"]] += 1
            self._late.take(position, received, appended)

    def _open_then(self, place: str, position: int, read: _Read) -> None:
        door = self._doors[read.said["door"]["key"]]
        if not door.is_open(position):
            text = "作证的密钥那时还没有启用" if position < door.opened else "作证的密钥那时已经停用"
            self._step.fail("door_not_open", place, text)


def _is_asked_for(data: dict[str, Any]) -> bool:
    return str(data.get("cause", "")).startswith(_REQUEST)


def _act_id(said: dict[str, Any]) -> str:
    return f"act-sha256-{hashlib.sha256(canonical(said['act'])).hexdigest()}"


def _not_later(received: str, appended: str) -> bool:
    try:
        return datetime.fromisoformat(received) <= datetime.fromisoformat(appended) + _CLOCKS_DIFFER
    except (ValueError, TypeError):
        return False
