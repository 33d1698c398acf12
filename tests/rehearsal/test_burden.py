"""The burden of a silent year of the real list: papers by department and month, the caps' effect, a receipt an item."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from adapters.ledger.sqlite_ledger import SqliteLedger
from domain.clock import OFFICE_TIME
from domain.events import InspectionNotOpened, InspectionOpened, ProjectDocketed
from domain.ids import mailbox_workflow_id
from domain.papers.mail import NoticeSent, NoticeWithheld
from domain.papers.mail_cap import cap_for
from domain.papers.paper import DOCUMENT_KINDS
from domain.record.leaf import mail_event_of
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.policy import SupervisionPolicy
from domain.seeing.what_if import foreseen
from domain.seeing.year_replay import Lived
from tests.rehearsal.conftest import RehearsedYear, Rehearsing
from tests.rehearsal.expected import not_inspected
from tests.rehearsal.notice_2018 import the_list

_CAP = 40
WITHHELD = {("组织部", "2018-05"): 15, ("组织部", "2018-06"): 4, ("组织部", "2018-07"): 3}
"""What the cap withholds in a year in which all are silent: one department alone stands in twelve of the rows."""


async def mailed(year: RehearsedYear, folder: Path) -> SqliteLedger:
    """The year's ledger after every addressee's digests have gone out, one for each morning that has mail."""
    file = folder / "ledger.db"
    shutil.copy(year.ledger, file)
    ledger = SqliteLedger.open(file, lambda: datetime.now(UTC))
    for addressee in sorted({item.addressee for item in ledger.items()}):
        cap = cap_for(addressee, year.year.policy.life_cycle)
        for morning in sorted({item.numbered.paper.send_from for item in ledger.items(addressee)}):
            digest = await ledger.claim(addressee, f"{addressee}/{morning:%Y-%m-%dT%H%M%S}", morning, cap)
            await ledger.settle(digest, morning)
    return ledger


async def test_the_cap_withholds_what_the_rehearsal_foretold(rehearsed: Rehearsing, tmp_path: Path) -> None:
    """The mail that really goes out of the ledger is what the rehearsal told, for each addressee and month."""
    year = await rehearsed("silent")
    ledger = await mailed(year, tmp_path)
    months: Counter[tuple[str, str, str]] = Counter()
    for item in ledger.items():
        month = f"{item.numbered.paper.send_from.astimezone(OFFICE_TIME):%Y-%m}"
        months[item.addressee, month, item.state] += 1
    ledger.close()
    foretold: Counter[tuple[str, str, str]] = Counter()
    for each in year.report.burden:
        foretold[each.addressee, each.month, "sent"] += each.sent
        foretold[each.addressee, each.month, "withheld"] += each.withheld
    assert months == +foretold
    assert {(a, m): n for (a, m, state), n in months.items() if state == "withheld"} == WITHHELD
    full = [each for each in year.report.burden if each.withheld]
    assert all(each.sent >= _CAP for each in full)


async def test_a_digest_of_so_many_items_is_as_many_receipts_and_every_paper_has_one(
    rehearsed: Rehearsing, tmp_path: Path
) -> None:
    """Each item of each digest has a receipt of its own, each withheld one its reason; no document is withheld."""
    ledger = await mailed(await rehearsed("silent"), tmp_path)
    items = ledger.items()
    addressees = {item.addressee for item in items}
    events = [mail_event_of(entry) for name in addressees for entry in ledger.entries(mailbox_workflow_id(name))]
    ledger.close()
    digests = Counter(item.digest_id for item in items if item.state == "sent")
    receipts = Counter(event.digest_id for event in events if isinstance(event, NoticeSent))
    withheld = [event for event in events if isinstance(event, NoticeWithheld)]
    assert receipts == digests
    assert max(receipts.values()) > 10
    assert len(events) == len(items)
    assert {event.reason for event in withheld} == {"burden_cap"}
    assert not {event.kind for event in withheld} & DOCUMENT_KINDS


async def test_an_on_time_year_reaches_no_cap(rehearsed: Rehearsing) -> None:
    """Who does the work in time is never at the limit; the supervision section's own tasks have none."""
    year = await rehearsed("on-time")
    assert not [each for each in year.report.burden if each.withheld]
    assert max(each.sent for each in year.report.burden if each.addressee != "督查室") < _CAP
    assert year.report.inspections_not_opened == 0


async def test_no_department_is_inspected_above_the_cap_whatever_the_number_of_its_projects(
    rehearsed: Rehearsing,
) -> None:
    """Two in a month over all projects of a department, though all are silent: what was left out says so, each time."""
    year = await rehearsed("silent")
    months: Counter[tuple[str, str]] = Counter()
    for stream in year.events.values():
        docketed = stream[0]
        assert isinstance(docketed, ProjectDocketed)
        lead = docketed.project.lead_department
        months.update((lead, f"{each.decided_at:%Y-%m}") for each in stream if isinstance(each, InspectionOpened))
    left = year.of(InspectionNotOpened)
    assert max(months.values()) == 2
    assert {event.reason for event in left} == {"burden_cap"}
    assert any(event.elsewhere == 2 for event in left)
    assert year.report.inspections_not_opened == len(left) == len(not_inspected(the_list(), "silent"))


async def test_what_if_leaves_out_the_same_inspections_as_the_engine(rehearsed: Rehearsing) -> None:
    """Played side by side by the pure core, nothing is left unexplained; a wider cap brings back those it left out."""
    year = await rehearsed("silent")
    lived = [Lived(events) for events in year.events.values()]
    policy = SupervisionPolicy(life_cycle=LifeCycleRules(inspections_per_month=100))
    found = foreseen(lived, policy, year.report.end)
    left = len(not_inspected(the_list(), "silent"))
    assert found.unexplained == 0
    assert found.counts == {"InspectionNotOpened dropped": left, "InspectionOpened added": left}
