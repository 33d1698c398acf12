"""What the mailboxes keep: the hours and the calendars of the projects that the ledger has, and its clock.

Whoever reaches the engine can start a mailbox, or tell one of another calendar. A mailbox asks, with its first look and
whenever it was told something, whether that is the office's.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from domain.clock import VirtualClock
from domain.ids import mailbox_workflow_id
from domain.names import Addressee
from domain.papers.mail_cap import cap_for
from domain.ports.actions import MailKeeps
from domain.ports.ledger import Ledger, LedgerEntry, Refusal
from domain.rules.calendar import CalendarYear, WorkingCalendar
from domain.rules.policy import SupervisionPolicy

OTHER_RULES: Final = "mailbox_keeps_the_offices_calendar"
_TELL_A_CALENDAR: Final = ("ProjectDocketed", "CalendarChanged")


class OfficeMailRules:
    """The port `MailRules` over an installation's ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._read = -1
        self._policies: list[SupervisionPolicy] = []
        self._years: set[CalendarYear] = set()
        self._calendar: WorkingCalendar | None = None
        self._told: dict[str, Any] = {}
        # One question after another, also after one whose activity was cancelled: its thread reads on all the same.
        self._in_turn = ThreadPoolExecutor(1, "mail-rules")

    async def instead(self, addressee: Addressee, keeps: MailKeeps) -> MailKeeps | None:
        """What a mailbox is to keep in the place of what it was told (see the port)."""
        own = await asyncio.get_running_loop().run_in_executor(self._in_turn, self._own, addressee, keeps)
        if own is None or own == keeps:
            return None
        text = f"{addressee} 的收文流程收到的办公时间、工作日历或时钟不是本单位的，没有采用；请管理员查明是谁发来的。"
        refusal = Refusal(
            refused_at=(self._ledger.clock() or VirtualClock()).supervised(keeps.at),
            stream=mailbox_workflow_id(addressee),
            rule=OTHER_RULES,
            text=text,
            command={"type": "KeepCalendar", "calendar": keeps.calendar.model_dump(mode="json")},
        )
        await self._ledger.refuse(refusal)
        return own

    def _own(self, addressee: Addressee, keeps: MailKeeps) -> MailKeeps | None:
        for entry in self._ledger.entries(after=self._read):
            if entry.type in _TELL_A_CALENDAR:
                self._learn(entry)
            self._read = entry.position
        if self._calendar is None:
            return None  # nothing was issued yet, and no paper waits for anybody
        policies = (each for each in self._policies if _hours(each, addressee) == _hours(keeps.policy, addressee))
        known = self._years.issuperset(keeps.calendar.years)
        return MailKeeps(
            policy=keeps.policy if any(policies) else self._policies[-1],
            calendar=keeps.calendar if known else self._calendar,
            clock=self._ledger.clock() or keeps.clock,
            at=keeps.at,
        )

    def _learn(self, entry: LedgerEntry) -> None:
        data = entry.event["data"]
        told = {name: data.get(name) for name in ("calendar", "policy")}
        if told == self._told:
            return  # as the last one: a year's projects mostly share them
        self._told = told
        calendar = WorkingCalendar.model_validate(data["calendar"], strict=False)
        self._years.update(calendar.years)
        self._calendar = calendar.with_years_of(self._calendar) if self._calendar else calendar
        if "policy" in data:
            policy = SupervisionPolicy.model_validate(data["policy"], strict=False)
            if policy not in self._policies[-1:]:
                self._policies.append(policy)


def _hours(policy: SupervisionPolicy, addressee: Addressee) -> tuple[object, ...]:
    """What a mailbox goes by."""
    cap = cap_for(addressee, policy.life_cycle)
    return policy.working_hours_open, policy.working_hours_close, policy.digest_at, cap
