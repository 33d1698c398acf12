"""Two edits that cancel each other out: an act that is recorded as none, as another one, once more, or as another's."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from application.settings import Settings
from bench.memory_bundle import MemoryBundle
from domain.acts.decisions import HANDLERS
from domain.events import DomainEvent
from domain.record.leaf import leaf_instant
from tests.verifier.forger import Forger, rewritten
from tests.verifier.rehearsed_year import Year
from verifier.accepted import Accepted
from verifier.english import english
from verifier.findings import Step
from verifier.givers import brings
from verifier.kinds import BRINGS
from verifier.times import Late
from verifier.verify import Trust, verify

ROOT = Path(__file__).parents[2]
Edit = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="module")
def forger(year: Year) -> Forger:
    """One who has the log's key, and no door's."""
    return Forger(year)


def found(forger: Forger, leaves: list[bytes]) -> set[str]:
    """What an auditor hears who kept no head and no policy."""
    return verify(MemoryBundle(forger.bundle(leaves)), Trust()).codes()


def edited(forger: Forger, kind: str, edit: Edit) -> list[bytes]:
    """The entries with the first of a kind edited."""
    leaves = list(forger.leaves)
    place = next(at for at, leaf in enumerate(leaves) if json.loads(leaf)["event"]["type"] == kind)
    leaves[place] = rewritten(leaves[place], **edit(json.loads(leaves[place])["event"]))
    return leaves


def renumbered(leaves: list[bytes]) -> list[bytes]:
    """The entries with the numbers that they have in their streams where they stand now."""
    counts, made = Counter[str](), []
    for leaf in leaves:
        stream = json.loads(leaf)["event"]["stream"]
        made.append(rewritten(leaf, seq=counts[stream], id=f"{stream}#{counts[stream]}"))
        counts[stream] += 1
    return made


def by_the_clock(event: dict[str, Any]) -> dict[str, Any]:
    """The act as something that a day brought: no attestation, and no request that would need one."""
    data = {name: value for name, value in event["data"].items() if name not in ("attested", "own_key")}
    return {"data": data | {"cause": "rung:上门催办"}, "blobs": [], "actor": "engine"}


@pytest.mark.parametrize("kind", ["MilestoneStruckOff", "MilestoneCompleted", "ProgressReported"])
def test_an_act_that_is_said_to_be_the_clocks_lacks_its_attestation(forger: Forger, kind: str) -> None:
    """What only a person does is not brought by a day, whatever cause the entry names."""
    assert "acts.act_unattested" in found(forger, edited(forger, kind, by_the_clock))


def test_what_the_clock_did_is_nobodys_act(forger: Forger) -> None:
    """A reminder that came by the clock does not become somebody's, who gave no act."""
    leaves = edited(forger, "ReminderIssued", lambda _: {"actor": "operator:王芳"})
    assert "acts.act_unattested" in found(forger, leaves)


def test_an_act_is_recorded_once(forger: Forger) -> None:
    """An act that was given once stands no second time further down, with the attestation of the first."""
    again = next(leaf for leaf in forger.leaves if b'"type":"ProgressReported"' in leaf)
    event, last = json.loads(again)["event"], json.loads(forger.leaves[-1])["appended"]
    stream = event["stream"]
    seq = sum(json.loads(leaf)["event"]["stream"] == stream for leaf in forger.leaves)
    more = rewritten(again, seq=seq, id=f"{stream}#{seq}", appended=last)

    assert "acts.act_repeated" in found(forger, [*forger.leaves, more])


def test_an_act_is_recorded_as_what_it_brings(forger: Forger) -> None:
    """What a department only reported does not stand as its request that the milestone be struck off."""

    def asked(event: dict[str, Any]) -> dict[str, Any]:
        return {"type": "CompletionRequested", "data": event["data"] | {"done_on": "2018-05-31"}}

    assert "acts.act_differs" in found(forger, edited(forger, "ProgressReported", asked))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("ProgressReported", {"quantity": 80}),
        ("ProgressReported", {"text": "已经完成"}),
        ("CompletionRequested", {"done_on": "2018-01-02"}),
        ("MilestoneReturnedForRework", {"reason": "另一个原因"}),
    ],
)
def test_an_act_keeps_its_words(forger: Forger, kind: str, change: dict[str, Any]) -> None:
    """A number, a day or a reason that its giver did not give is found without the program and without the history."""
    leaves = edited(forger, kind, lambda event: {"data": event["data"] | change})

    assert "acts.act_differs" in found(forger, leaves)


def test_a_completion_has_the_day_that_was_asked_for(forger: Forger) -> None:
    """An acceptance says no day of its own: the one that it records is the department's."""
    leaves = edited(forger, "MilestoneCompleted", lambda event: {"data": event["data"] | {"done_on": "2018-01-02"}})

    assert "acts.act_differs" in found(forger, leaves)


def test_a_completion_without_a_day_is_of_the_day_on_which_it_was_asked_for() -> None:
    """Today in the office: nobody puts another day where its giver put none."""
    command, decided = {"type": "RequestCompletion", "text": "办结"}, "2018-05-31T16:30:00.000000Z"
    for done_on, holds in (("2018-06-01", True), ("2018-05-31", False)):
        data: dict[str, Any] = {"milestone_id": None, "text": "办结", "evidence": [], "done_on": done_on}
        assert brings(command, {"type": "CompletionRequested", "decided": decided, "data": data}) is holds


def test_an_act_stays_its_departments(forger: Forger) -> None:
    """The same person's report does not become another department's."""
    leaves = edited(forger, "ProgressReported", lambda _: {"actor": "department:财务处:张三"})

    assert "acts.act_by_another" in found(forger, leaves)


def test_nobody_is_put_behind_an_act(forger: Forger) -> None:
    """An act of one's own is not made one on somebody's behalf."""
    leaves = edited(
        forger,
        "MilestoneStruckOff",
        lambda event: {"data": event["data"] | {"on_behalf_of": "operator:李明", "for_person": "P0001"}},
    )

    assert "acts.act_by_another" in found(forger, leaves)


@pytest.mark.parametrize(
    ("kind", "change"), [("start.issued", {"clock": {"speed": 9}}), ("person-key.revoked", {"reason": "离职"})]
)
def test_a_start_keeps_its_clock_and_a_key_the_reason_of_its_end(
    forger: Forger, kind: str, change: dict[str, Any]
) -> None:
    """What the office did is recorded as it was attested, too."""
    leaves = edited(forger, kind, lambda event: {"data": event["data"] | change})

    assert "acts.act_of_another" in found(forger, leaves)


@pytest.mark.parametrize("kind", ["CompletionRequested", "MilestoneCompleted", "MilestoneStruckOff"])
@pytest.mark.parametrize("names", [("occurred", "decided"), ("occurred",)])
def test_an_act_is_not_dated_back(forger: Forger, kind: str, names: tuple[str, ...]) -> None:
    """What a door received in autumn was not decided in spring, whatever instants the entry has."""

    def earlier(event: dict[str, Any]) -> dict[str, Any]:
        return {name: f"2018-01-02{event[name][10:]}" for name in names}

    assert "acts.act_backdated" in found(forger, edited(forger, kind, earlier))


@pytest.mark.parametrize("kind", ["person-key.enrolled", "person-key.revoked"])
@pytest.mark.parametrize("names", [("occurred", "decided"), ("occurred",)])
def test_a_change_of_the_office_is_not_dated_back(forger: Forger, kind: str, names: tuple[str, ...]) -> None:
    """A key that was enrolled in autumn signed nothing in spring, and was not let go of then."""

    def earlier(event: dict[str, Any]) -> dict[str, Any]:
        return {name: f"2017-01-02{event[name][10:]}" for name in names}

    assert "acts.act_backdated" in found(forger, edited(forger, kind, earlier))


def test_a_project_is_not_opened_before_its_start_was_issued(forger: Forger) -> None:
    """Nobody makes a year's limits and silences begin earlier than its list was handed down."""

    def earlier(event: dict[str, Any]) -> dict[str, Any]:
        return {name: f"2018-01-02{event[name][10:]}" for name in ("occurred", "decided")}

    assert "acts.act_backdated" in found(forger, edited(forger, "ProjectDocketed", earlier))


def test_an_act_is_not_decided_after_it_was_recorded(forger: Forger) -> None:
    """A report that came in time is not made a late one: whose clock is wrong has to be said."""

    def later(event: dict[str, Any]) -> dict[str, Any]:
        return {name: f"2019-01-02{event[name][10:]}" for name in ("occurred", "decided")}

    assert "acts.act_ahead" in found(forger, edited(forger, "ProgressReported", later))


def test_an_act_is_not_decided_when_no_worker_would_hear_it_any_more(forger: Forger) -> None:
    """An hour after its door had it, which is as late as an installation can be set to hear one."""

    def later(event: dict[str, Any]) -> dict[str, Any]:
        at = leaf_instant(datetime.fromisoformat(event["decided"]) + timedelta(minutes=63))
        return dict.fromkeys(("occurred", "decided", "appended"), at)

    assert "acts.act_held_back" in found(forger, edited(forger, "ProgressReported", later))
    with pytest.raises(ValidationError, match="heard_within_minutes"):
        Settings(heard_within_minutes=61)


def test_an_act_that_was_held_back_is_told_with_its_hours(forger: Forger) -> None:
    """No finding by itself, for a ledger may have been away: how many, how long, and where."""

    def later(event: dict[str, Any]) -> dict[str, Any]:
        return {"appended": leaf_instant(datetime.fromisoformat(event["decided"]) + timedelta(hours=50))}

    leaves = edited(forger, "ProgressReported", later)
    (place,) = [at for at, leaf in enumerate(leaves) if leaf != forger.leaves[at]]
    report = verify(MemoryBundle(forger.bundle(leaves)), Trust())
    (note,) = [step.note for step in report.steps if step.name == "acts"]
    assert note.endswith(f"；1 项受理后过了一小时以上才记入台账，最久的 50 小时（第 {place} 条）")
    assert (
        f"1 were recorded more than an hour after a door had them, the longest 50 hours (entries {place})"
        in english(note)
    )


@pytest.mark.parametrize(
    ("appended", "is_told"), [("10:00", True), ("12:00", False), ("13:00", False), ("13:01", True)]
)
def test_what_a_clock_that_ran_ahead_recorded_is_not_told_as_late(appended: str, is_told: bool) -> None:
    """The ledger says that its clock was put back from one o'clock to ten: an hour between proves no delay."""
    late = Late([("2026-11-20T13:00:00.000000Z", "2026-11-20T10:00:00.000000Z")])
    late.take(7, "2026-11-20T08:30:00.000000Z", f"2026-11-20T{appended}:00.000000Z")
    assert late.told().endswith("（第 7 条）")
    assert ("受理后过了一小时以上" in late.told()) == is_told
    assert ("台账记有校正" in late.told()) != is_told


@pytest.mark.parametrize("kind", ["MilestoneStruckOff", "ProgressReported"])
def test_an_accepted_command_has_its_entries(forger: Forger, kind: str) -> None:
    """An act that is taken out of its stream, or put in twice, does not stand where its accepted command says."""
    place = next(at for at, leaf in enumerate(forger.leaves) if f'"type":"{kind}"'.encode() in leaf)
    for leaves in (
        [leaf for at, leaf in enumerate(forger.leaves) if at != place],
        [*forger.leaves[:place], forger.leaves[place], *forger.leaves[place:]],
    ):
        assert "acts.act_missing" in found(forger, renumbered(leaves))


@pytest.mark.parametrize("kept", [json.dumps, dict])
def test_an_accepted_command_is_the_attested_one(kept: Callable[[dict[str, Any]], Any]) -> None:
    """Its line is compared as the store writes it, with the command as a text, and as a value."""
    command = {"type": "ReportProgress", "text": "进展", "request_id": "r", "quantity": None}
    row = {"stream": "key-project/2018/01", "request_id": "r", "first": 1, "command": kept(command)}
    accepted = Accepted(MemoryBundle({"rows/acceptance.jsonl": json.dumps(row).encode()}))
    asked = {"type": "ReportProgress", "text": "进展"}
    assert accepted.ask("key-project/2018/01", "r", asked)
    assert not accepted.ask("key-project/2018/01", "r", {**asked, "text": "做完了"})


@pytest.mark.parametrize(("causes", "stands"), [("dc", True), ("cc", True), ("dd", False), ("ddc", False)])
def test_an_accepted_command_brought_one_of_its_entries(causes: str, stands: bool) -> None:
    """What fell due before an act was heard stands in front of it, in one decision: that is no entry taken out."""
    row = {"stream": "key-project/2018/01", "request_id": "r", "first": 4, "events": 2, "command": {}}
    accepted, step = Accepted(MemoryBundle({"rows/acceptance.jsonl": json.dumps(row).encode()})), Step("acts")
    named = {"d": "rung:limit-passed", "c": "request:r"}
    accepted.check(
        step,
        [{"stream": row["stream"], "seq": 4 + at, "data": {"cause": named[each]}} for at, each in enumerate(causes)],
    )
    assert [finding.code for finding in step.findings] == ([] if stands else ["act_missing"])


def test_a_log_is_opened_once(forger: Forger) -> None:
    """Nobody gives the log another name or key by opening it once more."""
    opening, last = json.loads(forger.leaves[0])["event"], json.loads(forger.leaves[-1])["appended"]
    assert opening["type"] == "log.opened"
    more = rewritten(forger.leaves[0], appended=last)
    assert "rules.log_opened_again" in found(forger, renumbered([*forger.leaves, more]))


def test_a_project_is_opened_once(forger: Forger) -> None:
    """A second opening, which no list issued, would put every milestone back to its beginning."""
    opening = next(leaf for leaf in forger.leaves if b'"type":"ProjectDocketed"' in leaf)
    event, last = json.loads(opening)["event"], json.loads(forger.leaves[-1])["appended"]
    stream = event["stream"]
    seq = sum(json.loads(leaf)["event"]["stream"] == stream for leaf in forger.leaves)
    more = rewritten(forger.leaves[-1], **{**event, "seq": seq, "id": f"{stream}#{seq}"}, appended=last)

    assert "acts.opened_again" in found(forger, [*forger.leaves, more])


def test_what_only_acts_bring_is_what_the_core_lets_only_acts_bring() -> None:
    """Each kind of event is listed, or the rules of days, the list or the workflow record it by themselves."""
    by_themselves = "".join(
        path.read_text("utf-8")
        for room in ("domain/rungs", "domain/lists", "workflows")
        for path in sorted((ROOT / room).rglob("*.py"))
    )
    kinds = {kind.model_fields["type"].default for kind in get_args(get_args(DomainEvent)[0])}
    assert {kind for kind in kinds if not re.search(rf"\b{kind}\b", by_themselves)} == set(BRINGS)
    assert {name for names in BRINGS.values() for name in names} <= {command.__name__ for command in HANDLERS}
