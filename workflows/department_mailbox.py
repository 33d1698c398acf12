"""One addressee's mailbox: each working morning, what is due to it goes out as one digest.

As in a supervision, nothing but the outbox's answer takes what arrived, moves the alarm or ends a run (docs/adr/0090,
0202).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

from domain.clock import OFFICE_TIME
from domain.papers.mail_cap import cap_for
from domain.ports.actions import DeliverDigest, MailKeeps, MailQuery, MailWaiting
from domain.rules.calendar import WorkingCalendar, office_instant
from workflows.activity_options import ONCE, UNTIL_IT_WORKS
from workflows.activity_stubs import deliver_digest, mail_waiting
from workflows.continue_as_new import UNDER_THE_CURRENT_BUILD, run_should_end
from workflows.inputs import MailboxInput

COLLECT = "collect"
USE_CALENDAR = "use_calendar"
KNOW_YEARS = "know_years"
_MAY_BE_LATE = timedelta(minutes=1)
_LEAST_PATIENCE = timedelta(minutes=1)


@workflow.defn(name="DepartmentMailbox")
class DepartmentMailbox:
    """Keeps one addressee's mail. What is due stands in the outbox; nobody has to tell the mailbox of every paper."""

    @workflow.init
    def __init__(self, given: MailboxInput) -> None:
        self._given = given
        self._vouched_for = False
        """Whether the ledger was asked, since the mailbox last woke, about what it keeps."""
        self._heard: list[Callable[[MailboxInput], MailboxInput]] = []
        """What each signal of this run makes of what the mailbox keeps, in their order."""
        self._taken = 0
        """How many of them a look has taken."""
        self._alarms: dict[datetime, asyncio.Task[None]] = {}
        """By its morning each alarm that was set and not heard since; no alarm is ever taken back."""
        self._alarm_at: datetime | None = None
        """The one that is waited for."""
        self._second, self._digests = "", 0
        """The second of the last digest, and how many there were in it: each has an id of its own."""

    @workflow.run
    async def run(self, given: MailboxInput) -> None:
        """Send what is due, then sleep until the next working morning (or until somebody asks to collect)."""
        while True:
            waiting = await self._waiting()
            if waiting.keeps is not None:
                # Somebody gave this mailbox hours or a calendar that the ledger does not have, or a newer list has
                # others: it takes the ledger's.
                self._keep_instead(waiting.keeps)
                continue
            policy, calendar = self._given.policy, self._given.calendar
            now = waiting.now.astimezone(OFFICE_TIME)
            self._alarms = {at: alarm for at, alarm in self._alarms.items() if at > now}
            # The outbox may have answered after closing time.
            if waiting.papers and policy.within_working_hours(now, calendar):
                await self._send_what_is_due(now)
            if waiting.ends:
                await workflow.wait_condition(workflow.all_handlers_finished)
                # The next run looks at once, so nothing but what it keeps needs to be carried.
                workflow.continue_as_new(self._as_told(), initial_versioning_behavior=UNDER_THE_CURRENT_BUILD)
            morning = self._next_morning(now)
            workflow.set_current_details(f"## {given.addressee}\n\n下一次汇总发送：{morning:%Y-%m-%d %H:%M}\n")
            self._set_alarm(morning, now)
            self._vouched_for = False
            await workflow.wait_condition(lambda: len(self._heard) > self._taken or self._alarm_went_off())

    @workflow.signal(name=COLLECT, description="立即汇总发送到期文书")
    def collect(self) -> None:
        """Look into the outbox now instead of in the morning."""
        self._heard.append(lambda given: given)

    @workflow.signal(name=USE_CALENDAR, description="启用新的工作日历")
    def use_calendar(self, calendar: WorkingCalendar) -> None:
        """Keep another working calendar from now on: a year's schedule was published, or a day of it changed."""
        self._heard.append(lambda given: given.having(calendar=calendar))

    @workflow.signal(name=KNOW_YEARS, description="登记新公布年份的放假安排，并立即汇总发送到期文书")
    def know_years(self, calendar: WorkingCalendar) -> None:
        """Learn the years that this calendar has besides, and look into the outbox: another year's list was started."""
        self._heard.append(lambda given: given.having(calendar=given.calendar.with_years_of(calendar)))

    def _as_told(self, heard: int | None = None) -> MailboxInput:
        """What it is to keep once so many signals are taken, or all."""
        return reduce(lambda given, change: change(given), self._heard[self._taken : heard], self._given)

    def _keep_instead(self, keeps: MailKeeps) -> None:
        update = {"policy": keeps.policy, "calendar": keeps.calendar, "clock": keeps.clock}
        self._given = self._given.model_copy(update=update)

    def _now(self) -> datetime:
        """The instant of the supervised year: never earlier than the alarm, whatever clock the library shows."""
        now = self._given.clock.supervised(workflow.now())
        return max(now, self._alarm_at) if self._alarm_at and self._alarm_went_off() else now

    async def _send_what_is_due(self, now: datetime) -> None:
        digest_id = self._next_digest(f"{self._given.addressee}/{now:%Y-%m-%dT%H%M%S}")
        request = DeliverDigest(
            addressee=self._given.addressee,
            digest_id=digest_id,
            now=now,
            papers_per_month=cap_for(self._given.addressee, self._given.policy.life_cycle),
        )
        summary = f"汇总发送 {now:%Y-%m-%d %H:%M}"
        closing = self._given.clock.engine(office_instant(now.date(), self._given.policy.working_hours_close))
        # A store or a disk that is away all day must not have its mail sent in the night: what is not out when the
        # office closes waits, begun as it is, for the next morning. A minute is left even when the year runs fast.
        patience = max(closing - workflow.now(), _LEAST_PATIENCE)
        try:
            await workflow.execute_activity(
                deliver_digest, request, summary=summary, schedule_to_close_timeout=patience, **UNTIL_IT_WORKS
            )
        except ActivityError as error:
            workflow.logger.warning("digest_not_out_today", extra={"digest": digest_id, "reason": str(error.cause)})

    def _next_digest(self, second: str) -> str:
        # A second look in the same second would otherwise be taken for a repeat of the first, and send nothing.
        self._digests = self._digests + 1 if second == self._second else 1
        self._second = second
        return second if self._digests == 1 else f"{second}-{self._digests}"

    async def _waiting(self) -> MailWaiting:
        """The outbox's answer, and what was told until it was asked, taken.

        Both are in the history: a replay that finds itself at another instant, or has heard more, goes by the answer.
        """
        while True:
            heard, told, clock = len(self._heard), self._as_told(), self._given.clock
            keeps = None
            if not self._vouched_for or told != self._given:
                keeps = MailKeeps(policy=told.policy, calendar=told.calendar, clock=clock, at=workflow.now())
            query = MailQuery(
                addressee=told.addressee,
                now=self._now(),
                # The engine fires no later timer of a run while it waits for a lost one: the next run has none.
                ends=run_should_end(told.history_limit) or self._overslept(),
                keeps=keeps,
                heard=heard,
            )
            try:
                answer = await workflow.execute_local_activity(mail_waiting, query, summary="待发文书", **ONCE)
            except FailureError:  # a local activity's failure arrives as it is, in no ActivityError
                # Wait until it answers at all, then ask as of then.
                await workflow.execute_activity(mail_waiting, query, summary="待发文书", **UNTIL_IT_WORKS)
            else:
                # Answers of before 2026-11-28 do not say it.
                took = heard if answer.heard is None else answer.heard
                self._given, self._taken, self._vouched_for = self._as_told(took), took, True
                return answer

    def _next_morning(self, now: datetime) -> datetime:
        calendar, digest_at = self._given.calendar, self._given.policy.digest_at
        morning = office_instant(calendar.on_or_after(now.date()), digest_at)
        return morning if morning > now else office_instant(calendar.working_day(now.date(), 1), digest_at)

    def _set_alarm(self, morning: datetime, now: datetime) -> None:
        self._alarm_at = morning
        if morning in self._alarms:
            return
        clock = self._given.clock
        wait = max(clock.engine(morning) - max(workflow.now(), clock.engine(now)), timedelta())
        summary = f"汇总发送 {morning:%Y-%m-%d %H:%M}"
        self._alarms[morning] = asyncio.create_task(workflow.sleep(wait, summary=summary))

    def _overslept(self) -> bool:
        at = self._alarm_at
        return at is not None and not self._alarm_went_off() and self._now() > at + _MAY_BE_LATE

    def _alarm_went_off(self) -> bool:
        return self._alarm_at is not None and self._alarms[self._alarm_at].done()
