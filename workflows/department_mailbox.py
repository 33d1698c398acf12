"""One addressee's mailbox: each working morning, what is due to it goes out as one digest."""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

from domain.clock import OFFICE_TIME
from domain.papers.mail_cap import cap_for
from domain.ports.actions import DeliverDigest, MailQuery, MailWaiting
from domain.rules.calendar import WorkingCalendar, office_instant
from workflows.activity_options import ONCE, UNTIL_IT_WORKS
from workflows.activity_stubs import deliver_digest, mail_waiting
from workflows.inputs import MailboxInput
from workflows.seams import UNDER_THE_CURRENT_BUILD, run_should_end

COLLECT = "collect"
USE_CALENDAR = "use_calendar"
KNOW_YEARS = "know_years"
_LEAST_PATIENCE = timedelta(minutes=1)


@workflow.defn(name="DepartmentMailbox")
class DepartmentMailbox:
    """Keeps one addressee's mail. What is due stands in the outbox; nobody has to tell the mailbox of every paper."""

    @workflow.init
    def __init__(self, given: MailboxInput) -> None:
        self._given = given
        self._policy = given.policy
        self._calendar = given.calendar
        self._collect = True
        self._woken_for: datetime | None = None
        """The morning for which the mailbox woke: it is never earlier than that, whatever clock the library shows."""

    @workflow.run
    async def run(self, given: MailboxInput) -> None:
        """Send what is due, then sleep until the next working morning (or until somebody asks to collect)."""
        while True:
            self._collect = False
            await self._send_what_is_due()
            if run_should_end(given.history_limit):
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self._given, initial_versioning_behavior=UNDER_THE_CURRENT_BUILD)
            morning = self._next_morning(self._now())
            workflow.set_current_details(f"## {given.addressee}\n\n下一次汇总发送：{morning:%Y-%m-%d %H:%M}\n")
            await self._sleep_until(morning)

    @workflow.signal(name=COLLECT, description="立即汇总发送到期文书")
    def collect(self) -> None:
        """Look into the outbox now instead of in the morning."""
        self._collect = True

    @workflow.signal(name=USE_CALENDAR, description="启用新的工作日历")
    def use_calendar(self, calendar: WorkingCalendar) -> None:
        """Keep another working calendar from now on: a year's schedule was published, or a day of it changed."""
        self._keep(calendar)
        self._collect = True

    @workflow.signal(name=KNOW_YEARS, description="登记新公布年份的放假安排，并立即汇总发送到期文书")
    def know_years(self, calendar: WorkingCalendar) -> None:
        """Learn the years that this calendar has besides, and look into the outbox: another year's list was started."""
        self._keep(self._calendar.with_years_of(calendar))
        self._collect = True

    def _keep(self, calendar: WorkingCalendar) -> None:
        self._given = self._given.model_copy(update={"calendar": calendar})
        self._calendar = self._given.calendar

    def _now(self) -> datetime:
        now = self._given.clock.supervised(workflow.now())
        return max(now, self._woken_for) if self._woken_for else now

    async def _send_what_is_due(self) -> None:
        # The instant that was answered for is in the history: a replay that finds itself at another one goes by it.
        waiting = await self._waiting(MailQuery(addressee=self._given.addressee, now=self._now()))
        now = waiting.now.astimezone(OFFICE_TIME)
        if not waiting.papers or not self._policy.within_working_hours(now, self._calendar):
            return  # nothing to send, or the outbox took until after closing to answer
        digest_id = f"{self._given.addressee}/{now:%Y-%m-%dT%H%M%S}"
        request = DeliverDigest(
            addressee=self._given.addressee,
            digest_id=digest_id,
            now=now,
            papers_per_month=cap_for(self._given.addressee, self._policy.life_cycle),
        )
        summary = f"汇总发送 {now:%Y-%m-%d %H:%M}"
        closing = self._given.clock.engine(office_instant(now.date(), self._policy.working_hours_close))
        # A store or a disk that is away all day must not have its mail sent in the night: what is not out when the
        # office closes waits, begun as it is, for the next morning. A minute is left even when the year runs fast.
        patience = max(closing - workflow.now(), _LEAST_PATIENCE)
        try:
            await workflow.execute_activity(
                deliver_digest, request, summary=summary, schedule_to_close_timeout=patience, **UNTIL_IT_WORKS
            )
        except ActivityError as error:
            workflow.logger.warning("digest_not_out_today", extra={"digest": digest_id, "reason": str(error.cause)})

    async def _waiting(self, query: MailQuery) -> MailWaiting:
        try:
            return await workflow.execute_local_activity(mail_waiting, query, summary="待发文书", **ONCE)
        except FailureError:  # a local activity's failure arrives as it is, in no ActivityError
            waiting = await workflow.execute_activity(mail_waiting, query, summary="待发文书", **UNTIL_IT_WORKS)
            return waiting.model_copy(update={"now": self._now()})

    def _next_morning(self, now: datetime) -> datetime:
        day = self._calendar.on_or_after(now.date())
        morning = office_instant(day, self._policy.digest_at)
        if morning <= now:
            morning = office_instant(self._calendar.working_day(now.date(), 1), self._policy.digest_at)
        return morning

    async def _sleep_until(self, morning: datetime) -> None:
        clock = self._given.clock
        wait = max(clock.engine(morning) - max(workflow.now(), clock.engine(self._now())), timedelta())
        try:
            await workflow.wait_condition(
                lambda: self._collect, timeout=wait, timeout_summary=f"汇总发送 {morning:%Y-%m-%d %H:%M}"
            )
        except TimeoutError:
            self._woken_for = morning
