"""Answers by mail: a reply to a message becomes a draft at its department's desk, and never an act by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email.errors import MessageError
from functools import partial
from typing import Final

from application.accounts.accounts import Accounts
from application.desk_work.letters import Bounce, Letter, letter_from
from application.office.message_receipts import Known, Messages
from application.records import Records
from domain.accounts.account import department_key
from domain.accounts.desk_items import MailedAnswer, SettledAnswer
from domain.directory.superiors import goes_to_head_of
from domain.errors import DubanError
from domain.ids import DepartmentId, MilestoneId, project_of
from domain.markings import ClassifiedError, must_bear_no_mark
from domain.names import Addressee
from domain.papers.draft import named
from domain.papers.paper import Paper
from domain.papers.routes import Reader, Routes
from domain.ports.accounts import AccountRows
from domain.record.recorded_projects import recorded_state
from domain.state import OPEN_STAGES

LASTS: Final = timedelta(days=60)
MOST_BYTES: Final = 2_000_000
_MOST_TEXT: Final = 4_000
_MARKED: Final = "带有密级或限制标志，没有采用，没有保存：请把不涉密的进展写在督办平台，信由管理员按保密规定处置。"
"""What a department is told: a text with the mark itself is kept nowhere."""


class NotAnAnswerError(DubanError, rule="answer_of_a_reader"):
    """A letter is no answer that can be laid before a department; the sentence says why."""

    told: Sequence[MailedAnswer] = ()
    """The same for each department whose message it answers: whoever wrote it takes it for his report."""


class BouncedError(NotAnAnswerError):
    """A letter of ours came back; `known` is its message, where it is named."""

    def __init__(self, known: Known | None, bounce: Bounce) -> None:
        status = bounce.status or "5.0.0"  # as RFC 3463 has it for what is not told
        text = f"是退信，状态{status}：看不出是哪条消息，请管理员打开信看原因。"
        if not bounce.is_failure:
            text = f"是邮件服务器的通知，状态{status}：信已经送达，或还在路上，无须处理。"
        elif known is not None:
            text = f"是退信，状态{status}：{known.reader}的地址没有收到，请管理员核对通道文件里的地址。"
        super().__init__(text)
        self.known, self.bounce = known, bounce


def draft_of(
    letter: bytes, records: Records, routes: Routes, now: datetime, messages: Messages | None = None
) -> list[MailedAnswer]:
    """The drafts that a letter brings: one for each department whose papers the message had.

    `messages` are looked through once for many letters.

    Raises:
        NotAnAnswerError: it answers no message, is not from the reader's own address, says nothing, bears a mark or a
            refused word, or its papers ask for no report.
    """
    try:
        read = letter_from(letter[:MOST_BYTES])
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        raise NotAnAnswerError("信的格式读不出来：请在督办平台反馈。") from error
    messages = messages or Messages(records)
    known = next((found for each in read.answers if (found := messages.known_as(each))), None)
    if read.bounce is not None:
        raise BouncedError(known, read.bounce)
    if known is None:
        raise NotAnAnswerError("不是对督办消息的回信：请在收到的那封信里点“答复”。")
    if read.automatic:
        raise NotAnAnswerError("是自动回复，不作反馈，无须处理。")
    made = partial(_made, read, known.reader, now, is_cut=len(letter) > MOST_BYTES)
    asked = _asked_by(known, records)
    try:
        reader = _reader_of(read, known.reader, routes)
        _must_be_open(read.text, records)
        drafts = [
            made(department, tuple(milestones))
            for (addressee, department), milestones in asked.items()
            if addressee in reader.reads and milestones
        ]
        if not drafts:
            raise NotAnAnswerError("所答复的文书没有要反馈的节点，没有采用：请登录督办平台办理。")
    except NotAnAnswerError as error:
        text = _MARKED if isinstance(error.__cause__, ClassifiedError) else error.text
        error.told = [made(department, (), text) for department in dict.fromkeys(each for _, each in asked)]
        raise
    return drafts


def _asked_by(known: Known, records: Records) -> dict[tuple[Addressee, DepartmentId], dict[MilestoneId, None]]:
    """What each department may report of upon a message, by whose papers they were: the head's are his department's."""
    asked: dict[tuple[Addressee, DepartmentId], dict[MilestoneId, None]] = {}
    for digest_id in known.delivery.digests:
        addressee = digest_id.rpartition("/")[0]
        for item in records.outbox.digest(addressee, digest_id).items:
            head_of = None if addressee in item.paper.copies_to else goes_to_head_of(item.paper)
            whose = addressee, head_of or addressee
            asked.setdefault(whose, {}).update(dict.fromkeys(_asked_of(whose[1], item.paper, records)))
    return asked


def _made(
    read: Letter,
    reader: str,
    now: datetime,
    department: DepartmentId,
    milestones: tuple[MilestoneId, ...],
    text: str | None = None,
    *,
    is_cut: bool,
) -> MailedAnswer:
    letter = "\n".join((department, read.name, *read.answers, read.text, text or ""))
    said = text or read.text
    return MailedAnswer(
        key=hashlib.sha256(letter.encode(errors="replace")).hexdigest(),
        owner=department_key(department),
        department=department,
        milestones=milestones,
        reader=reader,
        text=said[:_MOST_TEXT],
        came_at=now,
        attachments=read.attachments,
        is_cut=is_cut or len(said) > _MOST_TEXT,
    )


def _reader_of(read: Letter, name: str, routes: Routes) -> Reader:
    """The reader who wrote a letter and said something in it."""
    reader = routes.readers.get(name)
    own = {step.address.casefold() for step in reader.to if step.address} if reader else set()
    if read.forged:
        raise NotAnAnswerError("没有通过邮件服务器的发件人核验，可能是冒名，没有采用：请向发件人核实。")
    if reader is None or len(read.senders) != 1 or read.senders[0] not in own:
        raise NotAnAnswerError(f"不是从{name}登记的地址发来的，没有采用：请用登记的地址再发。")
    if not read.text:
        raise NotAnAnswerError("除了引用的原文没有写内容：请写明进展再发。")
    return reader


def _must_be_open(text: str, records: Records) -> None:
    try:
        must_bear_no_mark(text, "回信", records.refused_words.of_all())
    except ClassifiedError as error:
        text = f"带有密级或限制标志“{error.mark}”，没有采用，没有保存：信还在目录里，请管理员按保密规定处置。"
        raise NotAnAnswerError(text) from error


def _asked_of(department: DepartmentId, paper: Paper, records: Records) -> Iterator[MilestoneId]:
    """What a department may report of upon a paper: its milestone, or all that is open of it in the whole project;
    nothing where it has no part in it, as a leader and the supervision section."""
    state = recorded_state(records.ledger, paper.project_id)
    if state is None:
        return
    for milestone_id, its in state.milestones.items():
        is_its_own = state.lead == department or department in its.parts
        if is_its_own and (paper.milestone_id == milestone_id or (not paper.milestone_id and its.stage in OPEN_STAGES)):
            yield milestone_id


def names_of(drafts: Sequence[MailedAnswer], records: Records) -> dict[MilestoneId, str]:
    """Each milestone of some drafts as a reader of the list finds it: its printed number, and what it says."""
    wanted = {each: project_of(each) for draft in drafts for each in draft.milestones}
    states = {each: recorded_state(records.ledger, each) for each in dict.fromkeys(wanted.values())}
    return {
        each: f"{named(state, each)} {state.issued(each).description}"
        for each, project_id in wanted.items()
        if (state := states[project_id]) is not None and each in state.milestones
    }


async def laid_before(accounts: Accounts, drafts: Sequence[MailedAnswer], now: datetime) -> int:
    """Lay drafts before their departments; answer how many are new. The same letter again brings none.

    `now` is the clock of the machine, by which what has ended is removed.
    """

    def keep(rows: AccountRows) -> int:
        kinds = (MailedAnswer, SettledAnswer)
        new = [each for each in drafts if not any(rows.one(kind, each.key) for kind in kinds)]
        for each in new:
            rows.put(each.having(ends_at=now + LASTS))
        return len(new)

    return await accounts.store.change(keep)


async def waiting_for(accounts: Accounts, department: DepartmentId) -> Sequence[MailedAnswer]:
    """The drafts that wait for a department, the newest first."""
    found = await accounts.store.read(lambda rows: rows.every(MailedAnswer, department_key(department)))
    return sorted(found, key=lambda each: each.came_at, reverse=True)


async def kept_for(accounts: Accounts, draft: MailedAnswer, milestones: tuple[MilestoneId, ...]) -> None:
    """Keep a letter's draft for those of its milestones of which nothing was given yet."""
    await accounts.store.change(lambda rows: rows.put(draft.having(milestones=milestones)))


async def done_with(accounts: Accounts, draft: MailedAnswer) -> None:
    """Keep a draft no longer, but that it was given or dropped: its letter, which may still lie there, brings none."""

    def settled(rows: AccountRows) -> None:
        rows.remove(draft)
        rows.put(SettledAnswer(key=draft.key, owner=draft.owner))

    await accounts.store.change(settled)
