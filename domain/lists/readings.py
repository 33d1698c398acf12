"""Rulings on doubtful readings as a project has them on record: which are new, and how a person reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.ids import MilestoneId
from domain.project import RuledReading


def with_ruling(rulings: tuple[RuledReading, ...], ruled: RuledReading) -> tuple[RuledReading, ...]:
    """The rulings with one more; it stands in place of an earlier one on the same doubt."""
    return (*(known for known in rulings if known.finding != ruled.finding), reading_of(ruled))


def reading_of(ruled: RuledReading) -> RuledReading:
    """The ruling alone, without what an event has besides."""
    return RuledReading(**{name: getattr(ruled, name) for name in RuledReading.model_fields})


def new_rulings(
    recorded: Sequence[RuledReading], given: Sequence[RuledReading], names: Mapping[MilestoneId, MilestoneId]
) -> tuple[RuledReading, ...]:
    """The given rulings that are not on record yet; `names` leads from their milestones to the running ones.

    The same word on the same words of the notice is the same ruling, whoever gives it again.
    """
    known = {_substance(ruling) for ruling in recorded}
    return tuple(
        ruling.having(milestone_id=names.get(ruling.milestone_id or ""))
        for ruling in given
        if _substance(ruling) not in known
    )


def ruling_words(ruling: RuledReading) -> str:
    """A ruling as a person reads it: on which words, what was ruled, by whom, when and why."""
    who = " ".join(str(part) for part in (ruling.ruled_by, ruling.ruled_on) if part)
    told = "，".join(part for part in (who, f"理由：{ruling.reason}" if ruling.reason else "") if part)
    assumed = f"（原按{ruling.assumed}）" if ruling.assumed else ""
    about = f"“{ruling.source_text}”" if ruling.source_text else ruling.finding
    return f"{about}裁定为“{ruling.choice}”{assumed}" + (f"，{told}" if told else "")


def _substance(ruling: RuledReading) -> tuple[str, str, str]:
    return ruling.finding, ruling.source_text, ruling.choice
