"""What is wrong with an installation: each thing that was looked at, good or bad, and what to do."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from application.audit.engine_findings import ahead_of_the_ledger, resets_told
from application.audit.kept_histories import lost_runs
from application.engine_room.connecting import standard_configuration
from application.engine_room.embedded import engine_program
from application.engine_room.mailboxes import without_mailbox
from application.engine_room.namespace import RETENTION
from application.engine_room.standing import resting, sick_projects, stuck_workflows
from application.engine_room.unavailable import sentences
from application.office.channel_desk import delivery_checks
from application.office.directory import duties_left
from application.office.named_checks import Named, named_checks
from application.office.office import Office
from application.office.overdue import done_by, overdue_mailboxes, overdue_projects
from application.office.present_register import behind
from application.office.record_checks import Check, check_of, folder_checks, record_checks, why
from application.office.register import RegisterDesk
from application.office.sub_duties import parts_check
from application.records import Records
from application.settings import Settings
from domain.accounts.webhooks import Webhook
from domain.acts.attestation import CLOCKS_DIFFER
from domain.characters import in_one_line
from domain.clock import office_day, office_minute
from domain.errors import DubanError
from domain.papers.delivery_words import reason_in_words
from domain.papers.routes import EmailChannel, Routes
from domain.ports.mandates import Mandate
from domain.ports.register import ProjectQuery
from domain.record.recorded_projects import is_project
from domain.rules.policy import SupervisionPolicy
from domain.state.under_way import CAPPED_INSPECTION

_LEAST_FREE_BYTES = 1 << 30
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Premises:
    """An installation that may be in any state: its settings, and how each part of it is opened."""

    settings: Settings
    policy: Callable[[], SupervisionPolicy]
    routes: Callable[[], Routes]
    templates: Callable[[], Sequence[str]]
    prints: Callable[[], bool]
    has_ledger: Callable[[], bool]
    ledger_place: Callable[[], str]
    records: Callable[[], AbstractContextManager[Records]]
    accounts: Callable[[], Awaitable[object]]
    receivers: Callable[[], Awaitable[Sequence[Webhook]]]
    payload_keys: Callable[[], Sequence[str]]
    named: Named
    office: Callable[[], AbstractAsyncContextManager[Office]]
    engine_now: Callable[[], datetime]


async def examined(premises: Premises) -> list[Check]:
    """Everything that was looked at; what cannot be opened is a finding, and no error."""
    settings = premises.settings
    # A worker of an engine elsewhere needs neither; its image has none.
    programs = ("temporal", "temporal-test-server") if standard_configuration() is None else ()
    found = [check_of(name, partial(_program, name)) for name in programs]
    if not settings.data.exists():
        return [*found, Check("data", False, f"数据目录 {settings.data} 还不存在：请管理员运行 duban run，它会建立。")]
    free = shutil.disk_usage(settings.data).free
    left = f"磁盘剩余 {free >> 20} MB（至少应有 1024 MB）"
    roomy = free > _LEAST_FREE_BYTES
    found.append(Check("disk", roomy, left if roomy else f"{left}。请管理员腾出空间"))
    found.append(check_of("policy", partial(_policy, premises)))
    found.append(_channels(premises))
    found.append(check_of("templates", partial(_templates, premises)))
    found += await named_checks(premises.named, settings, premises.engine_now())
    try:
        there = premises.has_ledger()
        place = premises.ledger_place()
    except (DubanError, OSError) as error:
        return [*found, Check("ledger", False, why(error))]
    found.append(Check("ledger", True, f"台账：{place}{'' if there else '，还没有建立'}"))
    found += folder_checks(settings)
    found.append(_payloads(premises))
    found += await _accounts(premises)
    if there:
        found += await asyncio.to_thread(_record, premises)
    try:
        async with premises.office() as office:
            found += await _engine(office, premises.engine_now())
    except (DubanError, OSError) as error:
        found.append(Check("engine", False, why(error)))
    return found


def stuck_check(stuck: Sequence[str]) -> Check:
    """Which workflows do not go on; whoever reaches the engine names one as he likes, and so no line of our own."""
    text = (
        f"卡住的流程：{'、'.join(map(in_one_line, stuck))}，"
        "请管理员逐个运行 duban engine repair 流程名（台账不认识的用 duban engine repair 流程名 --remove）。"
    )
    return Check("stuck", not stuck, text if stuck else "没有卡住的流程")


def _program(name: str) -> str:
    return f"引擎程序 {name}：{engine_program(name)}"


def _policy(premises: Premises) -> str:
    premises.policy()
    return f"督办规则：{premises.settings.policy or '内置默认'}"


async def _accounts(premises: Premises) -> list[Check]:
    try:
        await premises.accounts()
        found = [Check("accounts", True, "督办台的账号可以读取")]
        receivers = await premises.receivers()
    except (DubanError, OSError) as error:
        return [Check("accounts", False, f"{why(error)}督办照常进行，督办台不能登录。")]
    return [*found, receivers_check(receivers)] if receivers else found


def receivers_check(receivers: Sequence[Webhook]) -> Check:
    """Whether other systems take the changes that are sent to them."""
    away = [
        f"“{each.name}”从 {office_minute(each.sent_at or each.made_at)} 以来没有收下变更，已试 {each.failures} 次"
        f"（{reason_in_words(each.problem or '')}），会一直再试，一条不漏："
        "请管理员照所写的缘由处理，不再用的用接口 /api/v1/webhooks 去掉"
        for each in receivers
        if each.is_long_away
    ]
    return Check("receivers", not away, several(away) or "接收变更的系统没有落后")


def _payloads(premises: Premises) -> Check:
    """Whether what the engine keeps is sealed, and with how many keys it can be opened."""
    try:
        keys = premises.payload_keys()
    except (DubanError, OSError) as error:
        return Check("payloads", False, f"{why(error)}督办程序读不出引擎中已加密的内容。")
    if premises.settings.payloads == "clear":
        return Check("payloads", True, "引擎中的内容不加密（DUBAN_PAYLOADS=clear）")
    return Check("payloads", True, f"引擎中的内容已加密，密钥 {len(keys)} 把（随备份保存）")


def _channels(premises: Premises) -> Check:
    try:
        routes = premises.routes()
    except (DubanError, OSError) as error:
        return Check("channels", False, why(error))
    letters = {name: each for name, each in routes.channels.items() if isinstance(each, EmailChannel) and not each.off}
    asking = [name for name, each in letters.items() if each.attach != "docx"]
    if asking and not premises.prints():
        text = (
            f"邮件通道“{'”“'.join(asking)}”要附 PDF，但没有 LibreOffice（soffice）或设置了 DUBAN_PDF=off，转不出 PDF："
            "信照发，只附 .docx。请安装 LibreOffice 后重启，或在通道文件里删去 attach。"
        )
        return Check("channels", False, text)
    where = premises.settings.channels
    return Check("channels", True, f"通道文件：{where or '未设置，通知只在督办平台'}")


def _templates(premises: Premises) -> str:
    own = premises.templates()
    return f"文书模板：{f'本单位的{len(own)}个' if own else '内置'}"


def _record(premises: Premises) -> list[Check]:
    found: list[Check] = []
    try:
        with premises.records() as records:
            found += record_checks(records, premises.settings, premises.engine_now())
            found.append(parts_check(records.ledger))
            found += _deliveries(premises, records)
    except (DubanError, OSError) as error:
        # What was found until then stands: the checks that come first tell a damaged record for what it is.
        found.append(Check("record", False, why(error)))
    return found


def _deliveries(premises: Premises, records: Records) -> list[Check]:
    try:
        routes = premises.routes()
    except (DubanError, OSError):
        return []  # said already
    return delivery_checks(records, routes, records.clock.supervised(premises.engine_now())) if routes.readers else []


async def _engine(office: Office, now: datetime) -> list[Check]:
    kept, records = await office.engine.retention(), office.records
    text = f"引擎在运行；流程历史保留 {kept.days} 天（至少应有 {RETENTION.days} 天）"
    long = kept >= RETENTION
    todo = f"请管理员把引擎里命名空间的保留期改为 {RETENTION.days} 天以上，改好以前每天运行一次 duban audit keep"
    found = [Check("retention", long, text if long else f"{text}。{todo}")]
    pollers = await office.engine.pollers()
    workers = pollers.workers()
    text = f"督办程序 {workers} 个" if workers else "没有督办程序在运行：请管理员运行 duban run 或 python worker.py。"
    found.append(Check("worker", workers > 0, text))
    found.append(clock_check(pollers.clock_ahead()))
    if records.mandates.elects:
        found.append(writers_check(await asyncio.to_thread(records.mandates.held)))
    standing = await office.register.current()
    found.append(Check("register", standing.complete, behind(standing) or "登记簿与台账同步"))
    overdue = await overdue_projects(office)
    closed = await office.register.closed()
    sick = await sick_projects(office.engine, closed, now, overdue=overdue)
    if workers:
        well = (each for each, is_over in closed.items() if not is_over and each not in sick)
        sick |= await ahead_of_the_ledger(office.archive, well)
    found.append(Check("projects", not sick, several(sentences(sick)) or "每个项目都在督办"))
    resets = await resets_told(office.archive)
    found.append(Check("resets", not resets, several(resets) or "没有绕过台账的重置"))
    found.append(await undecided_check(office.register))
    left = await duties_left(office.register, records.persons.now(), office_day(office.now()))
    found.append(Check("departments", not left, several(left) or "没有部门撤销时留下任务"))
    stuck = [workflow_id for workflow_id in await stuck_workflows(office.engine) if not is_project(workflow_id)]
    mail_late = await asyncio.to_thread(lambda: overdue_mailboxes(records.outbox, done_by(office)))
    stuck += [workflow_id for workflow_id in await resting(office.engine, mail_late) if workflow_id not in stuck]
    found.append(stuck_check(stuck))
    mail = await asyncio.to_thread(records.outbox.open_mail)
    unopened = await without_mailbox(office.engine, [each.addressee for each in mail])
    text = (
        f"这些收文方有文书待发，而负责发送的流程（收文流程）没有在运行：{'、'.join(unopened[:_NAMED])}；"
        "督办程序几分钟内会自动补开，十分钟后仍没有的，请管理员看日志（logs/duban.log）。"
        if unopened
        else ""
    )
    found.append(Check("mailboxes", not unopened, text or "收文方都有收文流程"))
    claimed = sum(each.claimed for each in mail)
    text = (
        f"{claimed} 份文书正在发送，还没有确认发出：督办程序会自动再发，不用处理；"
        f"一小时后仍这样，请管理员看日志（logs/duban.log）。"
        if claimed
        else "没有发送到一半的文书"
    )
    found.append(Check("outbox", not claimed, text))
    lost = [run.text for run in await lost_runs(office.archive, now, kept)]
    found.append(Check("histories", not lost, several(lost) or "结束的历史都已保存"))
    return found


def clock_check(ahead: timedelta) -> Check:
    """Whether this machine's clock is the engine's: acts from a clock that is ahead, or long behind, are not heard."""
    text, minutes = "本机时钟与引擎的一致", round(abs(ahead) / timedelta(minutes=1))
    same = abs(ahead) <= CLOCKS_DIFFER
    if not same and ahead > timedelta():
        text = f"本机时钟比引擎的快约 {minutes} 分钟，这里的办理会被退回：请管理员校准时钟"
    elif not same:
        text = f"本机时钟比引擎的慢约 {minutes} 分钟，这里的办理会被退回：请管理员校准时钟"
    return Check("clock", same, text)


def writers_check(held: Sequence[Mandate]) -> Check:
    """Who signs and keeps the ledger, and who stands by."""
    if not held:
        return Check(
            "writers", False, "没有督办程序在写台账，台账不会签校验值：请管理员启动督办程序（python worker.py）。"
        )
    first, *others = held
    since = f"{office_minute(first.since)}"
    named = f"；另有 {len(others)} 个在岗：{'、'.join(each.name for each in others)}" if others else ""
    return Check("writers", True, f"台账由 {first.name} 写入（编号 {first.number}，{since} 起）{named}")


async def undecided_check(register: RegisterDesk) -> Check:
    """What time brought and could not be decided, of every project: each with what is to be done.

    What a cap held back is the supervision section's to weigh, and no fault of the installation."""
    rows = (await register.projects(ProjectQuery(undecided=True, with_sub_duties=True))).rows
    views = await register.views([row.project_id for row in rows])
    waits = {
        project_id: [each["text"] for each in json.loads(view)["undecided"] if each["kind"] != CAPPED_INSPECTION]
        for project_id, view in views.items()
    }
    texts = [text for of in waits.values() for text in of]
    count, projects = len(texts), sum(map(bool, waits.values()))
    more = f"（共 {projects} 个项目 {count} 项，登记簿可以只列这些）" if count > _NAMED else ""
    return Check("undecided", not texts, _joined(texts) + more or "系统到期应自动办理的都已办成")


def several(texts: Sequence[str]) -> str:
    """The first of some findings as one sentence, with how many there are where some are left out."""
    return _joined(texts) + (f"（共 {len(texts)} 项）" if len(texts) > _NAMED else "")


def _joined(texts: Sequence[str]) -> str:
    return "；".join(text.removesuffix("。") for text in texts[:_NAMED])
