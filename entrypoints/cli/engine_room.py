"""The engine by hand: the embedded one up and down, and one project that does not go on brought back."""

from __future__ import annotations

import asyncio
from typing import Any

import click

from application.engine_room.data_folder import adopt, must_be_the_original, prepare_data_folder
from application.engine_room.embedded import EmbeddedEngine, RunningEngine
from application.office.known_names import who_repairs
from application.office.outlook import OutlookDesk
from application.office.overdue import done_by
from application.office.register import RegisterDesk
from application.office.repairing import Mended, Repairing
from application.settings import Settings
from domain.errors import DubanError, InputError
from domain.ids import is_mailbox, mailbox_named, supervision_workflow_id
from entrypoints.bootstrap import engine_now, must_have_ledger, open_office, open_records, reach_engine
from entrypoints.bootstrap.payloads import payload_keys_of
from entrypoints.cli.acting import project_named
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.session import ledger_option, ledger_options, out, reply, run_async, settings_option, usual_options
from entrypoints.cli.upgrading import builds_command, current_command, preflight_command

_SOMEBODY = "管理员"
"""Who repairs where nobody is named."""


@click.group(cls=WordedGroup)
def engine() -> None:
    """引擎：内嵌引擎的启动、停止，修复办不下去的项目。"""


@engine.command()
@settings_option
def up(settings: Settings) -> None:
    """启动内嵌引擎并留在后台。"""
    prepare_data_folder(settings)
    must_be_the_original(settings)

    async def start() -> RunningEngine:
        running = await EmbeddedEngine(settings).up()
        connected, _ = await reach_engine(settings)
        await connected.prepare_namespace()
        return running

    running = run_async(start())
    out().print(
        f"引擎在运行：{running.address}（引擎自己的网页是 {running.web_ui}，不是督办台）。"
        "下一步：没有在运行 duban run 的，请运行它，督办才接着办。"
    )


@engine.command()
@settings_option
def down(settings: Settings) -> None:
    """停止内嵌引擎；数据都在数据目录里。"""
    stopped = EmbeddedEngine(settings).down(by_hand=True)
    nothing = "引擎没有在运行，没有可停的；duban run 若还开着，也不会再把它启动，接着办请运行 duban engine up。"
    out().print("引擎已停止，督办随之暂停；接着办请运行 duban run。" if stopped else nothing)


@engine.command("adopt")
@ledger_option
def adopt_command(settings: Settings) -> None:
    """认定数据目录现在的位置：整个目录搬来以后、原目录停用时才用。"""
    prepare_data_folder(settings)
    adopt(settings)
    out().print(
        f"已认定：本机构的数据目录是 {settings.data}。若以前在别处运行过，那一处不要再启动；接下来运行 duban run。"
    )


@engine.command()
@click.argument("project", required=False)
@click.option("--all", "every", is_flag=True, help="台账中所有办不下去的项目，如引擎的数据库丢失以后")
@click.option("--by", "named", default=_SOMEBODY, show_default=True, help="何人修复（记入台账）")
@click.option("--remove", is_flag=True, help="移除台账中没有立项的督办流程，或台账不认识的别的流程")
@usual_options
def repair(settings: Settings, project: str | None, named: str, *, every: bool, remove: bool) -> int:
    """修复一个办不下去的项目，或收文流程（department-mailbox/部门）：台账所记不变，流程接着办；修复记入台账。"""
    if every == bool(project) or (every and remove):
        raise click.UsageError("写一个项目编号或流程名，或者只写 --all。")
    what, stranger = _named((project or "").strip(), remove=remove) if project else ("", False)
    must_have_ledger(settings)

    async def mend() -> dict[str, Mended | DubanError]:
        async with open_office(settings) as office:
            by = named if named == _SOMEBODY else await asyncio.to_thread(who_repairs, office, named)
            repairing = Repairing(office.archive, by, done_by(office))
            if every:
                return await repairing.each()
            if stranger or (remove and is_mailbox(what)):
                return {what: await repairing.stranger(what)}
            workflow_id = what if is_mailbox(what) else supervision_workflow_id(what)
            return {what: await repairing.one(workflow_id, remove=remove)}

    mended = run_async(mend())
    rows = [_told(name, result) for name, result in mended.items()]
    lines = [f"{row['project_id']} {row['text'].rstrip('。')}。" for row in rows] or ["没有办不下去的项目，无需修复。"]
    failed = any(isinstance(result, DubanError) for result in mended.values())
    return reply({"repairs": rows} if every else rows[0], *lines, status=1 if failed else 0)


def _told(name: str, result: Mended | DubanError) -> dict[str, Any]:
    incident = result.repair.model_dump(mode="json") if isinstance(result, Mended) and result.repair else None
    return {"project_id": name, "repair": incident, "text": result.text}


def _named(text: str, *, remove: bool) -> tuple[str, bool]:
    """The project or the mailbox that is meant; with `remove`, any other workflow by its own name, which says so."""
    if is_mailbox(text):
        return text if remove else mailbox_named(text), False
    try:
        return project_named(text), False
    except InputError:
        if not remove:
            raise
        return text, True


@engine.command("rebuild-register")
@ledger_options
def rebuild_register(settings: Settings) -> None:
    """清空登记簿，按台账从头重建（不需要引擎；台账不变）。"""
    with open_records(settings) as records:
        clock = records.clock
        where = records.ledger, records.register, lambda: clock.supervised(engine_now())
        desk = RegisterDesk(*where)
        count = asyncio.run(_rebuilt(desk, OutlookDesk(*where, deriving=desk.deriving)))
    reply({"projects": count}, f"登记簿已按台账重建：{count} 个项目，照常查看（duban status）。")


async def _rebuilt(desk: RegisterDesk, ahead: OutlookDesk) -> int:
    count = await desk.rebuild()
    await ahead.follow()
    return count


@engine.command("new-key")
@ledger_options
def new_key(settings: Settings) -> None:
    """换一把引擎内容的密钥：此后的内容用新钥加密，以前的仍可读；不必停机。旧钥留在文件里，备份会带上。"""
    prepare_data_folder(settings)
    keys = payload_keys_of(settings)
    added = keys.add_key()
    reply(
        {"key": added, "keys": keys.key_ids()},
        f"引擎内容已换用新密钥 {added}，密钥文件共 {len(keys.key_ids())} 把，以前的内容仍用旧的打开。请再备份一次。",
    )


for _command in (preflight_command, builds_command, current_command):
    engine.add_command(_command)
