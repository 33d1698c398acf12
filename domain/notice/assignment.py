"""What running text says of one item: who leads it, who helps, by when, and what else a label says."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.notice.column_heads import Role
from domain.notice.patterns import regex
from domain.notice.persons import is_person
from domain.notice.time_cells import is_a_time
from domain.notice.units import all_units

_FROM = "起"
_TITLED = regex(
    r"(?:书记|主任|[局区镇县市部处科院校会站所队组]长|主席|经理|总监|委员|常委|专员"
    r"|成员|负责人|负责同志|领导)(?:[\s　、]*[一-鿿]{2,4})?$"
)
KEPT: tuple[Role, ...] = (
    "lead",
    "participants",
    "due",
    "start",
    "schedule",
    "content",
    "category",
    "priority",
    "source",
    "leader",
)
"""What labels say of an item."""


@dataclass(slots=True)
class Assignment:
    """Who leads, who helps, by when, and what else a label says of an item."""

    lead: str = ""
    participants: str = ""
    due: str = ""
    schedule: str = ""
    content: str = ""
    another: str = ""
    """Who leads what stands before a further pair of brackets (`…（甲局牵头）；…（乙局牵头）`)."""
    more: dict[str, str] = field(default_factory=dict)

    def add(self, role: Role, value: str) -> None:
        """Take what a label says."""
        value = value.strip().rstrip("。；;，,")
        if not value:
            return
        if role == "lead" and self.lead and _answers(self.lead) and all_units(value):
            # `责任人：副主任 曹颖`, and then `责任科室：民生办`: the office answers for it.
            person, self.lead = self.lead, ""
            self.add("leader", person)
        if role == "lead" and self.lead and (all_units(self.lead) or self.lead.isascii()) and _answers(value):
            # `责任单位：甲局；责任人：王强`
            role = "leader"
        if role == "lead" and self.lead:
            # `牵头单位：X` and then `责任单位：Y、Z`: one leads, the others help.
            role = "participants"
        if role == "leader" and value not in (held := self.more.get("leader", "")):
            self.more[role] = "、".join(filter(None, (held, value)))
        elif role in ("category", "priority", "source"):
            self.more[role] = value
        elif role == "start":
            self.due = f"{value}—{self.due}" if self.due else f"{value}{_FROM}"
        elif role == "due" and self.due.endswith(_FROM) and is_a_time(value):
            # `开工时间：4月；完工时间：10月底`
            self.due = f"{self.due.removesuffix(_FROM)}—{value}"
        elif role in KEPT:
            before = getattr(self, role)
            setattr(
                self,
                role,
                f"{before}、{value}"
                if before and role in ("lead", "participants")
                else "\n".join(filter(None, (before, value))),
            )

    def join(self, other: Assignment) -> None:
        """Take what was found in another line of the same item."""
        for role in ("lead", "participants", "due", "schedule", "content"):
            if text := getattr(other, role):
                self.add(role, text)
        self.another = self.another or other.another
        self.more |= other.more


def _answers(who: str) -> bool:
    """Whether a label names a person, by a name or a title, and no office."""
    return _TITLED.search(who) is not None or is_person(who)
