"""Rehearsals asked for at a screen: each in a process of its own, one at a time, its result kept until the next one."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime

from application.office.starting import Year, clock_asked_for
from application.rehearsing.behaviours import Behaviour, behaviour_of
from application.rehearsing.rehearsal import Premises, Rehearsed, rehearse_list
from domain.errors import DubanError, InputError
from domain.notice.plan import Plan
from domain.rules.calendar import WorkingCalendar
from domain.rules.policy import SupervisionPolicy


class BusyRehearsingError(InputError, rule="one_rehearsal"):
    """Another rehearsal goes on."""


@dataclass(slots=True)
class AskedRehearsal:
    """A rehearsal: of which list, how departments behave, since when it runs; its result, or why there is none."""

    key: str
    behaviour: str
    began_at: datetime
    found: Rehearsed | None = None
    problem: str | None = None

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.found is None and self.problem is None


@dataclass(frozen=True, slots=True)
class _Given:
    plan: str
    policy: SupervisionPolicy
    calendar: WorkingCalendar
    behaviour: Behaviour
    now: datetime
    premises: Premises


class RehearsalDesk:
    """The rehearsals of one process; `premises` opens the records of one, and can be sent to another process."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises
        self._asked: dict[str, AskedRehearsal] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def of(self, key: str) -> AskedRehearsal | None:
        """The last rehearsal of a list."""
        return self._asked.get(key)

    def begin(
        self, key: str, plan: Plan, policy: SupervisionPolicy, calendar: WorkingCalendar, behaviour: str, now: datetime
    ) -> AskedRehearsal:
        """Begin a rehearsal.

        Raises:
            BusyRehearsingError: another one goes on.
            UnreadableBehaviourError: nobody can behave so.
            UnruledFindingsError: a doubtful reading waits for a ruling.
        """
        plan.must_be_ruled()
        if any(each.running for each in self._asked.values()):
            raise BusyRehearsingError("另一次演练还在进行：请等它结束后再演练。")
        given = _Given(plan.model_dump_json(), policy, calendar, behaviour_of(behaviour, plan), now, self._premises)
        self._asked[key] = asked = AskedRehearsal(key, behaviour, now)
        task = asyncio.create_task(_followed(asked, given))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return asked


async def _followed(asked: AskedRehearsal, given: _Given) -> None:
    try:
        # A process that begins anew has none of this one's threads and connections, and a year keeps nobody waiting.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            asked.found = await asyncio.get_running_loop().run_in_executor(pool, _rehearsed, given)
    except DubanError as error:
        asked.problem = error.text
    except BrokenProcessPool:
        asked.problem = "演练的进程被中断，多半是内存不足：请稍后再试。"
    except Exception:
        asked.problem = "演练没有做完：请再试一次；若仍如此，请管理员查看运行日志。"
        raise


def _rehearsed(given: _Given) -> Rehearsed:
    year = Year(Plan.model_validate_json(given.plan), given.policy, given.calendar, clock_asked_for(None, 1, given.now))
    return asyncio.run(rehearse_list(year, given.behaviour, given.premises, lambda _now, _end: None))[0]
