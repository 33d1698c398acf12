"""What the mailboxes keep: the hours of the newest list that the ledger has, its calendars and its clock.

Whoever reaches the engine can start a mailbox, or tell one of another calendar. A mailbox asks, whenever it wakes,
whether what it keeps is the office's, and still is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any, Final

from domain.clock import VirtualClock
from domain.ids import mailbox_workflow_id, supervised_project_id, year_of
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
        self._policies: dict[int, list[SupervisionPolicy]] = {}
        """Those of each year's list, in the order in which its projects were docketed."""
        self._years: set[CalendarYear] = set()
        self._calendar: WorkingCalendar | None = None
        self._told: dict[str, Any] = {}
        # One question after another, also after one whose activity was cancelled: its thread reads on all the same.
        self._in_turn = ThreadPoolExecutor(1, "mail-rules")

    async def instead(self, addressee: Addressee, keeps: MailKeeps) -> MailKeeps | None:
        """What a mailbox is to keep in the place of what it was told (see the port)."""
        own, foreign = await asyncio.get_running_loop().run_in_executor(self._in_turn, self._own, addressee, keeps)
        if own is None or own == keeps:
            return None
        if not foreign:
            return own
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

    def _own(self, addressee: Addressee, keeps: MailKeeps) -> tuple[MailKeeps | None, bool]:
        """What the office's mailboxes keep, and whether a part of what this one does was never the office's."""
        for entry in self._ledger.entries(after=self._read):
            if entry.type in _TELL_A_CALENDAR:
                self._learn(entry)
            self._read = entry.position
        if self._calendar is None or not self._policies:
            return None, False  # nothing was issued yet, and no paper waits for anybody

        def has_its_hours(policies: Iterable[SupervisionPolicy]) -> bool:
            return _hours(keeps.policy, addressee) in (_hours(each, addressee) for each in policies)

        newest = self._policies[max(self._policies)]
        known, clock = self._years.issuperset(keeps.calendar.years), self._ledger.clock() or keeps.clock
        own = MailKeeps(
            policy=keeps.policy if has_its_hours(newest) else newest[-1],
            calendar=keeps.calendar if known else self._calendar,
            clock=clock,
            at=keeps.at,
        )
        once_ours = has_its_hours(chain.from_iterable(self._policies.values()))
        return own, not (once_ours and known and clock == keeps.clock)

    def _learn(self, entry: LedgerEntry) -> None:
        data = entry.event["data"]
        year = year_of(supervised_project_id(entry.stream))
        told = {"year": year, "calendar": data["calendar"], "policy": data.get("policy")}
        if told == self._told:
            return  # as the last one: a year's projects mostly share them
        self._told = told
        calendar = WorkingCalendar.model_validate(data["calendar"], strict=False)
        self._years.update(calendar.years)
        self._calendar = calendar.with_years_of(self._calendar) if self._calendar else calendar
        if "policy" in data:
            policy = SupervisionPolicy.model_validate(data["policy"], strict=False)
            of_its_year = self._policies.setdefault(year, [])
            if policy not in of_its_year:
                of_its_year.append(policy)


def _hours(policy: SupervisionPolicy, addressee: Addressee) -> tuple[object, ...]:
    """What a mailbox goes by."""
    cap = cap_for(addressee, policy.life_cycle)
    return policy.working_hours_open, policy.working_hours_close, policy.digest_at, cap
