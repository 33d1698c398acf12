"""A published period, scored again from a bundle and compared with what was published and said since."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from verifier.bundle import Bundle, UnreadableBundleError
from verifier.english import Say
from verifier.findings import Step
from verifier.leaves import Leaves
from verifier.plain_json import plain_json
from verifier.score import SCORES, Table, hundredths, said_about, scored
from verifier.tiles import entries_in

_CHANGES_NOTHING = ("score.published", "score.appealed", "score.bulletin_published")


@dataclass
class ToldScore:
    """A bulletin of a period: who made which publication known when, and whether its scores follow from the entries
    that stood before that publication."""

    publication: int
    published_on: str
    on: str
    by: str
    text: str
    agrees: bool


@dataclass
class CorrectedWithin:
    """A point that counts by the record here, and was corrected in a period within this one: which, and to what."""

    point: str
    period: str
    points: int


@dataclass
class ScoreReport:
    """What a bundle says of a period: each department's score as computed here, and as it was last published."""

    period: str
    computed: dict[str, int] = field(default_factory=dict)
    published: dict[str, int] = field(default_factory=dict)
    changed_since: bool = False
    """Whether an appeal was ruled on, a point corrected or a report found false of this period since."""
    followed: bool = True
    """Whether the last publication followed from the entries before it."""
    formerly: dict[str, list[str]] = field(default_factory=dict)
    """The names that a department had before, as the publication says."""
    table: Table = field(default_factory=dict)
    bulletins: list[ToldScore] = field(default_factory=list)
    elsewhere: list[CorrectedWithin] = field(default_factory=list)
    problem: str = ""

    @property
    def agrees(self) -> bool:
        """Whether both say the same, or what was said since explains that they do not."""
        told = all(each.agrees for each in self.bulletins)
        return not self.problem and told and (self.computed == self.published or self._explained)

    @property
    def _explained(self) -> bool:
        """Whether what was said since accounts for the difference: it excuses no figure that was false before."""
        return self.changed_since and self.followed

    def as_json(self) -> dict[str, Any]:
        """The report as one document."""
        points = {
            name: {project: {"score": each.score, "points": each.points} for project, each in projects.items()}
            for name, projects in self.table.items()
        }
        return {
            "period": self.period,
            "agrees": self.agrees,
            "changed_since": self.changed_since,
            "computed": self.computed,
            "published": self.published,
            "assignments": points,
            "bulletins": [asdict(each) for each in self.bulletins],
            "corrected_elsewhere": [asdict(each) for each in self.elsewhere],
            "problem": self.problem,
        }

    def as_text(self, say: Say = str) -> str:
        """The report for people, said as `say` says it."""
        if self.problem:
            return say(self.problem)
        lines = [
            f"{name}{self._formerly(name, say)} {score / 100:.2f}"
            + ("" if self.published.get(name) == score else say(f"（公布时为 {self._published(name)}）"))
            for name, score in sorted(self.computed.items())
        ]
        end = "由审计包重算的与公布的一致。" if self.computed == self.published else "与公布的不一致"
        if self.computed != self.published:
            end += "：公布之后有裁定或更正，请督查室再次公布。" if self._explained else "，也没有裁定或更正可以说明。"
        told = [*map(_in_words, self.bulletins), *map(_within_in_words, self.elsewhere)]
        return "\n".join([*lines, say(end), *map(say, told)])

    def _formerly(self, name: str, say: Say) -> str:
        # Which names were one department is what the publication says: to be held against the directory of that day.
        names = self.formerly.get(name)
        return say(f"（曾用名：{'、'.join(names)}）") if names else ""

    def _published(self, name: str) -> str:
        return f"{self.published.get(name, 0) / 100:.2f}"


def _in_words(told: ToldScore) -> str:
    if told.agrees:
        return (
            f"{told.on} {told.by} 发布的通报，说的是 {told.published_on} 第{told.publication}次公布的得分："
            "由公布以前的记录重算一致，此后的裁定和更正不改变它。"
        )
    return f"{told.on} {told.by} 发布的通报，所列得分与第{told.publication}次公布以前的记录重算的不一致。"


def _within_in_words(each: CorrectedWithin) -> str:
    point = each.point.removeprefix("key-project/").replace("/", "-", 1)
    return f"得分 {point} 在本期之内的 {each.period} 改为{each.points}（申诉或更正），本期没有改，仍按记录计。"


def score_report(bundle: Bundle, period: str) -> ScoreReport:
    """Score a period again from the entries of a bundle alone."""
    try:
        return _scored_again(bundle, period)
    except (OSError, UnreadableBundleError):
        raise
    except Exception as error:  # noqa: BLE001 - what no ledger writes ends in a sentence, never in a traceback
        text = f"不能重算：包里有台账不会写的内容（{type(error).__name__}），请先核验整个包（python -m verifier）"
        return ScoreReport(period, problem=text)


def _scored_again(bundle: Bundle, period: str) -> ScoreReport:
    events = _events(bundle)
    acts = [event for event in events if event["stream"] == SCORES]
    said = [event for event in acts if event["type"] == "score.published" and event["data"]["period"] == period]
    report = ScoreReport(period)
    if not said:
        report.problem = f"审计包里没有公布过 {period} 的得分。"
        return report
    last = said[-1]
    report.table = scored(events, last["data"], acts)
    report.computed = {
        name: hundredths(projects.values(), last["data"]["rules"]) for name, projects in report.table.items()
    }
    report.formerly = {each["department"]: each["formerly"] for each in last["data"]["scores"] if "formerly" in each}
    report.published = {each["department"]: each["score"] for each in last["data"]["scores"]}
    report.elsewhere = corrected_within(acts, last["data"], report.table)
    later = acts[acts.index(last) + 1 :]
    report.changed_since = any(_concerns(each, last["data"]) for each in later)
    report.followed = _follows(last, events)
    told = (each for each in acts if each["type"] == "score.bulletin_published" and each["data"]["period"] == period)
    report.bulletins = [_told(each["data"], said, events) for each in told]
    return report


def corrected_within(acts: list[dict[str, Any]], said: dict[str, Any], table: Table) -> list[CorrectedWithin]:
    """The points of a table that a period within its own has otherwise by an appeal or a correction, and it has not."""
    own, _ = said_about(acts, said)
    by_record = {
        key: amount for projects in table.values() for each in projects.values() for key, amount in each.points.items()
    }
    found: dict[str, CorrectedWithin] = {}
    for other in (act["data"] for act in acts if act["type"] == "score.published"):
        if other["period"] != said["period"] and said["from_on"] <= other["from_on"] <= other["to_on"] <= said["to_on"]:
            for point, points in said_about(acts, other)[0].items():
                if point in by_record and point not in own and points != by_record[point]:
                    found[point] = CorrectedWithin(point, other["period"], points)
    return [found[key] for key in by_record if key in found]


def _concerns(act: dict[str, Any], published: dict[str, Any]) -> bool:
    """Whether an act may change the scores of a published period: a false report belongs to the period of its day."""
    if act["type"] == "score.falsified":
        return bool(published["from_on"] <= act["data"]["on"] <= published["to_on"])
    return act["type"] not in _CHANGES_NOTHING and act["data"].get("period") == published["period"]


def _told(data: dict[str, Any], said: list[dict[str, Any]], events: list[dict[str, Any]]) -> ToldScore:
    number = data["publication"]
    found = (
        said[number - 1] if 1 <= number <= len(said) and said[number - 1]["data"]["table"] == data["table"] else None
    )
    return ToldScore(
        publication=number,
        published_on=found["data"]["on"] if found else "",
        on=data["on"],
        by=data["by"]["name"],
        text=data["text"],
        agrees=found is not None and _follows(found, events),
    )


def _follows(said: dict[str, Any], events: list[dict[str, Any]]) -> bool:
    """Whether the scores of a publication follow from the entries before it."""
    before = events[: events.index(said)]
    table = scored(before, said["data"], [each for each in before if each["stream"] == SCORES])
    scores = {each["department"]: each["score"] for each in said["data"]["scores"]}
    return {name: hundredths(projects.values(), said["data"]["rules"]) for name, projects in table.items()} == scores


def _events(bundle: Bundle) -> list[dict[str, Any]]:
    size = int(plain_json(bundle.read("manifest.json"))["size"])
    leaves, found = Leaves(Step("rules")), list[dict[str, Any]]()
    names = sorted(name for name in bundle.names if name.startswith("log/tile/entries/"))
    for name in sorted(names, key=_place):
        first = _place(name) * 256
        width = min(256, size - first)
        if width > 0 and (name.endswith(f".p/{width}") or (width == 256 and ".p/" not in name)):
            found += [event for event in leaves.read(first, entries_in(bundle.read(name), width)) if event is not None]
    return found


def _place(name: str) -> int:
    parts = name.removeprefix("log/tile/entries/").partition(".p/")[0].split("/")
    return int("".join(part.removeprefix("x") for part in parts))
