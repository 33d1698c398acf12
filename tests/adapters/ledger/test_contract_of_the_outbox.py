"""What every store of the outbox guarantees for papers."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain.errors import LedgerConflictError
from domain.ids import mailbox_workflow_id
from domain.papers.mail import NoticeSent, NoticeWithheld
from domain.record.leaf import mail_event_of
from tests.adapters.ledger.conftest import Store
from tests.adapters.ledger.samples import MORNING, STREAM, decision, paper, reminder, withholding

MAILBOX = mailbox_workflow_id("组织部")
DIGEST = "组织部/2018-05-09T09:00"


async def test_papers_are_numbered_in_sequence_for_each_year_and_kind(store: Store) -> None:
    """Two kinds in two years count apart, each from one without a gap."""
    await store.record(
        decision(
            *(reminder(seq) for seq in range(5)),
            papers=(paper(0), paper(1, "urge"), paper(2), paper(3, year=2019), paper(4, "urge")),
        )
    )

    assert [numbered.number for numbered in store.papers()] == [
        "提醒〔2018〕1号",
        "催办〔2018〕1号",
        "提醒〔2018〕2号",
        "提醒〔2019〕1号",
        "催办〔2018〕2号",
    ]
    assert [numbered.sequence for numbered in store.papers() if numbered.paper.year == 2019] == [1]
    streams = {numbered.paper.paper_id.rpartition("#")[0] for numbered in store.papers()}
    found = [numbered for stream in sorted(streams) for numbered in store.papers(stream=stream)]
    assert sorted(each.number for each in found) == sorted(each.number for each in store.papers())
    assert store.papers(stream=min(streams)[:-1]) == []


async def test_a_reminder_of_a_day_that_is_over_does_not_go_out(store: Store) -> None:
    """No digest was made between it and its day: what is said since goes, and the withholding is on record."""
    await store.record(decision(reminder(0), reminder(1), papers=(paper(0), paper(1, "urge"))))
    last_day, after = MORNING.replace(day=31), MORNING.replace(month=6, day=1)

    digest = await store.claim("组织部", "组织部/2018-06-01T09:00", after)

    assert [each.number for each in digest.items] == ["催办〔2018〕1号"]
    (withheld,) = [mail_event_of(entry) for entry in store.entries(MAILBOX)]
    assert (withheld.type, withheld.number, withheld.cause) == (
        "NoticeWithheld",
        "提醒〔2018〕1号",
        "digest:组织部/2018-06-01T09:00",
    )
    assert [(item.state, item.reason) for item in store.items()] == [("withheld", "stale"), ("claimed", None)]
    await store.record(decision(reminder(2), papers=(paper(2),)))
    await store.settle(digest, last_day)
    assert len((await store.claim("组织部", "组织部/2018-05-31T09:00", last_day)).items) == 1


async def test_one_directive_has_one_number_in_every_row(store: Store) -> None:
    """Said of three rows it is one; another one is the next, and so is the same said of a row for the second time."""

    async def told(seq: int, project: str, one_of: str) -> None:
        about = paper(seq, "directive", milestone_id=f"2018-{project}-01", one_of=one_of)
        await store.record(decision(reminder(seq), papers=(about,), stream=f"key-project/2018/{project}"))

    for seq, project, one_of in ((0, "01", "a"), (0, "02", "a"), (1, "01", "b"), (0, "03", "a"), (1, "02", "a")):
        await told(seq, project, one_of)
    assert [each.number for each in store.papers()] == [f"批示〔2018〕{n}号" for n in (1, 1, 2, 1, 3)]


async def test_numbers_have_no_gap_when_many_projects_record_at_once(store: Store) -> None:
    """Whatever order they come in, n papers have the numbers 1 to n."""
    projects = [f"2018-{number:02d}" for number in range(1, 31)]
    await asyncio.gather(
        *(
            store.record(
                decision(
                    reminder(0),
                    papers=(paper(0, milestone_id=f"{project}-01"),),
                    stream=f"key-project/2018/{project[5:]}",
                )
            )
            for project in projects
        )
    )

    assert sorted(numbered.sequence for numbered in store.papers()) == list(range(1, 31))


async def test_the_same_decision_again_makes_no_second_paper(store: Store) -> None:
    """A paper exists once, however often its recording is tried."""
    made = decision(reminder(0), papers=(paper(0, copies_to=("宣传部",)),))
    await store.record(made)
    await store.record(made)

    assert len(store.papers()) == 1
    assert [item.addressee for item in store.items()] == ["组织部", "宣传部"]


async def test_a_conflicting_decision_uses_up_no_number(store: Store) -> None:
    """A refused decision leaves the sequence as it was."""
    await store.record(decision(reminder(0)))
    with pytest.raises(LedgerConflictError):
        await store.record(decision(reminder(0, cause="rung:reminder-7"), papers=(paper(0),)))
    await store.record(decision(reminder(1), papers=(paper(1),)))

    assert [numbered.number for numbered in store.papers()] == ["提醒〔2018〕1号"]


async def test_each_addressee_has_an_item_of_its_own(store: Store) -> None:
    """The addressee and whoever gets a copy, each once."""
    await store.record(decision(reminder(0), papers=(paper(0, copies_to=("宣传部", "组织部")),)))

    assert [item.addressee for item in store.items()] == ["组织部", "宣传部"]
    assert [item.state for item in store.items("宣传部")] == ["waiting"]


async def test_an_item_waits_until_it_may_go(store: Store) -> None:
    """Before `send_from` an item is neither counted nor claimed."""
    later = MORNING + timedelta(days=1)
    await store.record(decision(reminder(0), reminder(1), papers=(paper(0), paper(1, send_from=later))))

    assert await store.waiting_for("组织部", MORNING) == 1
    assert len((await store.claim("组织部", DIGEST, MORNING)).items) == 1
    assert await store.waiting_for("组织部", later) == 2


async def test_a_digest_that_was_begun_is_answered_again_as_it_was(store: Store) -> None:
    """After a crash between claim and receipt, the same items go under the same identity, and nothing joins them."""
    await store.record(decision(reminder(0), papers=(paper(0),)))
    begun = await store.claim("组织部", DIGEST, MORNING)
    await store.record(decision(reminder(1), papers=(paper(1),)))

    again = await store.claim("组织部", "组织部/2018-05-10T09:00", MORNING + timedelta(days=1))

    assert again == begun


async def test_a_settled_digest_is_answered_as_it_was_and_takes_no_new_items(store: Store) -> None:
    """The identity of a digest stands for the same items for ever."""
    await store.record(decision(reminder(0), papers=(paper(0),)))
    sent = await store.claim("组织部", DIGEST, MORNING)
    await store.settle(sent, MORNING)
    await store.record(decision(reminder(1), papers=(paper(1),)))

    assert await store.claim("组织部", DIGEST, MORNING) == sent
    assert [item.state for item in store.items()] == ["sent", "waiting"]
    (waiting,) = (item for item in store.items() if item.state == "waiting")
    assert [line.addressee for line in store.open_lines()] == [waiting.addressee]


async def test_an_item_goes_into_one_digest_only(store: Store) -> None:
    """Two claims at the same instant share nothing."""
    await store.record(decision(*(reminder(seq) for seq in range(4)), papers=tuple(paper(seq) for seq in range(4))))

    first, second = await asyncio.gather(
        store.claim("组织部", DIGEST, MORNING), store.claim("组织部", "组织部/2018-05-09T09:01", MORNING)
    )

    assert first == second
    assert len(first.items) == 4


async def test_nothing_to_send_is_an_empty_digest(store: Store) -> None:
    """An addressee without mail gets no item."""
    assert (await store.claim("组织部", DIGEST, MORNING)).items == ()


async def test_each_item_of_a_digest_has_its_own_receipt(store: Store) -> None:
    """A digest of n items is n receipts in the mailbox's stream, in order."""
    await store.record(decision(reminder(0), reminder(1), papers=(paper(0), paper(1, "urge"))))
    digest = await store.claim("组织部", DIGEST, MORNING)
    sent_at = MORNING + timedelta(seconds=3)

    await store.settle(digest, sent_at)

    receipts = [mail_event_of(entry) for entry in store.entries(MAILBOX)]
    assert [receipt.number for receipt in receipts if isinstance(receipt, NoticeSent)] == [
        "提醒〔2018〕1号",
        "催办〔2018〕1号",
    ]
    assert [receipt.seq for receipt in receipts] == [0, 1]
    assert {receipt.occurred_at for receipt in receipts} == {sent_at}
    assert [(item.state, item.sent_at, item.digest_id) for item in store.items()] == [("sent", sent_at, DIGEST)] * 2


async def test_what_was_received_is_named_the_newest_first_and_what_is_open_without_its_paper(store: Store) -> None:
    """Of one addressee; a page of papers is asked for by their identities; what waits costs no paper."""
    await store.record(decision(*map(reminder, range(3)), papers=(paper(0), paper(1, copies_to=("宣传部",)), paper(2))))
    waiting = {(line.paper_id, line.addressee, line.send_from) for line in store.open_lines()}
    assert waiting == {(i.numbered.paper.paper_id, i.addressee, i.numbered.paper.send_from) for i in store.items()}
    assert len(waiting) == 4
    assert store.received("组织部") == []
    await store.settle(await store.claim("组织部", DIGEST, MORNING), MORNING)
    first, second, third = (each.paper.paper_id for each in store.papers())
    assert store.received("组织部") == [third, second, first]
    assert [line.addressee for line in store.open_lines()] == ["宣传部"]
    assert [i.numbered.paper.paper_id for i in store.items_of([third, first, "nothing"], "组织部")] == [first, third]
    assert [i.addressee for i in store.items_of([second])] == ["组织部", "宣传部"]
    assert store.items_of([]) == []


async def test_settling_again_changes_nothing(store: Store) -> None:
    """A receipt is written once, and keeps its first instant."""
    await store.record(decision(reminder(0), papers=(paper(0),)))
    digest = await store.claim("组织部", DIGEST, MORNING)
    await store.settle(digest, MORNING)
    before = list(store.entries()), store.items()

    await store.settle(digest, MORNING + timedelta(hours=1))

    assert (list(store.entries()), store.items()) == before


async def test_a_digest_that_was_never_claimed_cannot_be_settled(store: Store) -> None:
    """No receipt for what was not put into a digest."""
    await store.record(decision(reminder(0), papers=(paper(0),)))
    digest = await store.claim("组织部", DIGEST, MORNING)

    with pytest.raises(LedgerConflictError):
        await store.settle(digest.model_copy(update={"digest_id": "组织部/2018-05-11T09:00"}), MORNING)

    assert list(store.entries(MAILBOX)) == []


async def test_what_an_event_overtakes_is_withheld_with_the_reason(store: Store) -> None:
    """Waiting reminders and urges of the milestone stop; other papers and other milestones go on."""
    await store.record(
        decision(
            *(reminder(seq) for seq in range(4)),
            papers=(
                paper(0),
                paper(1, "urge", copies_to=("宣传部",)),
                paper(2, "escalation_order"),
                paper(3, milestone_id="2018-05a-04"),
            ),
        )
    )

    await store.record(decision(reminder(4), withheld=(withholding(4),)))

    assert [(item.numbered.number, item.addressee, item.state) for item in store.items()] == [
        ("提醒〔2018〕1号", "组织部", "withheld"),
        ("催办〔2018〕1号", "组织部", "withheld"),
        ("催办〔2018〕1号", "宣传部", "withheld"),
        ("督办〔2018〕1号", "组织部", "waiting"),
        ("提醒〔2018〕2号", "组织部", "waiting"),
    ]
    assert {item.reason for item in store.items() if item.state == "withheld"} == {"settled_before_sending"}
    receipts = [mail_event_of(entry) for entry in store.entries(MAILBOX)]
    assert [(receipt.seq, receipt.number, receipt.cause) for receipt in receipts] == [
        (0, "提醒〔2018〕1号", f"event:{STREAM}#4"),
        (1, "催办〔2018〕1号", f"event:{STREAM}#4"),
    ]
    assert all(isinstance(receipt, NoticeWithheld) for receipt in receipts)


async def test_what_is_in_a_digest_already_is_not_withheld(store: Store) -> None:
    """A claimed item may be on its way."""
    await store.record(decision(reminder(0), papers=(paper(0),)))
    await store.claim("组织部", DIGEST, MORNING)

    await store.record(decision(reminder(1), withheld=(withholding(1),)))

    assert [item.state for item in store.items()] == ["claimed"]


async def test_a_decision_sent_again_does_not_withhold_later_papers(store: Store) -> None:
    """An event overtakes what was recorded before it, whenever the store hears of it again."""
    overtaking = decision(reminder(0), withheld=(withholding(0),))
    await store.record(overtaking)
    await store.record(decision(reminder(1), papers=(paper(1),)))

    await store.record(overtaking)
    await store.record(decision(reminder(0), reminder(1), reminder(2), withheld=(withholding(0),)))

    assert [item.state for item in store.items()] == ["waiting"]


async def test_a_paper_of_the_same_decision_that_follows_the_overtaking_event_still_goes(store: Store) -> None:
    """Inside one decision the order of the events decides."""
    await store.record(
        decision(reminder(0), reminder(1), reminder(2), papers=(paper(0), paper(2)), withheld=(withholding(1),))
    )

    assert [item.state for item in store.items()] == ["withheld", "waiting"]


async def test_above_the_cap_of_a_month_reminders_are_withheld_and_documents_go(store: Store) -> None:
    """The earliest reminders go as far as there is room beside the documents; the others keep their reason."""
    papers = (paper(0), paper(1), paper(2, "urge"), paper(3, "pace_warning"), paper(4, "return_notice"))
    await store.record(decision(*(reminder(seq) for seq in range(5)), papers=papers))

    digest = await store.claim("组织部", DIGEST, MORNING, 3)
    await store.settle(digest, MORNING)

    assert [numbered.paper.kind for numbered in digest.items] == ["reminder", "urge", "return_notice"]
    assert [(item.state, item.reason) for item in store.items()] == [
        ("sent", None),
        ("withheld", "burden_cap"),
        ("sent", None),
        ("withheld", "burden_cap"),
        ("sent", None),
    ]
    receipts = [mail_event_of(entry) for entry in store.entries(MAILBOX)]
    assert [receipt.cause for receipt in receipts if isinstance(receipt, NoticeWithheld)] == [f"digest:{DIGEST}"] * 2
    assert [receipt.seq for receipt in receipts] == [0, 1, 2, 3, 4]


async def test_what_went_out_under_another_name_of_the_department_counts_for_its_cap(store: Store) -> None:
    """Renamed in the middle of a month, it gets no second cap."""
    for seq, (name, also, went) in enumerate((("组织部", (), 1), ("组织人事部", ("组织部",), 0), ("统战部", (), 1))):
        await store.record(decision(reminder(seq), papers=(paper(seq).model_copy(update={"to": name}),)))
        digest = await store.claim(name, f"{name}/1", MORNING, 1, also)
        await store.settle(digest, MORNING)
        assert len(digest.items) == went


async def test_the_cap_counts_what_went_out_in_the_same_month_only(store: Store) -> None:
    """What was sent on the last day of a month leaves the next month free, on the offices' clocks."""
    last_of_may = MORNING.replace(month=5, day=31)
    for seq, morning in enumerate((last_of_may, last_of_may + timedelta(hours=1), last_of_may + timedelta(hours=16))):
        await store.record(decision(reminder(seq), papers=(paper(seq, "pace_warning", send_from=morning),)))
        digest = await store.claim("组织部", f"组织部/{morning:%Y-%m-%dT%H%M%S}", morning, 1)
        await store.settle(digest, morning)

    assert [item.state for item in store.items()] == ["sent", "withheld", "sent"]


async def test_a_digest_that_was_begun_is_not_capped_anew(store: Store) -> None:
    """Claimed again after a crash, it is what it was; a later paper finds the month full."""
    await store.record(decision(reminder(0), reminder(1), papers=(paper(0), paper(1))))
    begun = await store.claim("组织部", DIGEST, MORNING, 1)

    assert await store.claim("组织部", DIGEST, MORNING, 1) == begun
    assert await store.claim("组织部", "组织部/2018-05-09T10:00", MORNING, 1) == begun
    assert len(begun.items) == 1


async def test_without_a_cap_everything_goes(store: Store) -> None:
    """The supervision section knows no cap."""
    await store.record(decision(*(reminder(seq) for seq in range(4)), papers=tuple(paper(seq) for seq in range(4))))

    assert len((await store.claim("组织部", DIGEST, MORNING, None)).items) == 4


async def test_open_mail_names_whoever_has_not_got_everything(store: Store) -> None:
    """What waits and what was begun, by addressee; who has got everything is not named."""
    await store.record(decision(reminder(0), papers=(paper(0, copies_to=("宣传部",)),)))
    assert [(mail.addressee, mail.waiting, mail.claimed) for mail in store.open_mail()] == [
        ("宣传部", 1, 0),
        ("组织部", 1, 0),
    ]
    assert {mail.oldest_at for mail in store.open_mail()} == {store.papers()[0].paper.send_from}
    digest = await store.claim("组织部", DIGEST, MORNING)
    assert [(mail.addressee, mail.waiting, mail.claimed) for mail in store.open_mail()] == [
        ("宣传部", 1, 0),
        ("组织部", 0, 1),
    ]
    await store.settle(digest, MORNING)
    assert [mail.addressee for mail in store.open_mail()] == ["宣传部"]
