"""What is examined of the record: heads are signed, its file is whole, evidence is there, others are kept out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from application.audit.kept_histories import evidence_named
from application.audit.stamping import stamp_finding
from application.engine_room.data_folder import open_to_others
from application.engine_room.mail_rules import OTHER_RULES
from application.engine_room.start_desk import NOT_ISSUED, OTHER_STATE
from application.office.room import LEAST_FILES, is_out_of_files, is_read_only
from application.records import Records
from application.settings import Settings
from domain.acts.rejections import ActForgedError, DoorNotOpenError, NotOurTaskError, SealNotReadableError
from domain.clock import CLOCKS_DIFFER_AT_MOST, office_minute
from domain.errors import DubanError
from domain.os_faults import not_usable
from domain.record.erasures import erasures

_SIGNED_WITHIN = timedelta(minutes=3)
_LEAST_ROOM = 16 << 20
_OF_STRANGERS = frozenset(
    {
        NotOurTaskError.rule,
        SealNotReadableError.rule,
        ActForgedError.rule,
        DoorNotOpenError.rule,
        NOT_ISSUED,
        OTHER_STATE,
        OTHER_RULES,
    }
)
"""Rules that no door of the office breaks: whoever is refused by one reached the engine around them."""
_TOLD_FOR = timedelta(days=1)


class Check(NamedTuple):
    """One thing that was looked at: its name, whether all is well, and a sentence."""

    name: str
    ok: bool
    text: str


def check_of(name: str, told: Callable[[], str]) -> Check:
    """A thing that can be opened, with what is told of it, or why it cannot."""
    try:
        return Check(name, True, told())
    except (DubanError, OSError) as error:
        return Check(name, False, why(error))


def why(error: DubanError | OSError) -> str:
    """Why something cannot be opened."""
    return error.text if isinstance(error, DubanError) else not_usable(error)


def folder_checks(settings: Settings) -> list[Check]:
    """Who may look into the folders, and whether there is room."""
    return [_closed(settings), _room(settings)]


def record_checks(records: Records, settings: Settings, now: datetime) -> list[Check]:
    """What the record itself says; nothing but its file where that is damaged."""
    whole = _whole(records)
    if not whole.ok:
        return [whole]
    stamped = [Check("stamps", *stamp_finding(records, now))] if settings.stamp_url is not None else []
    evidence = _evidence(records, settings)
    return [whole, _signed(records, now), _keys(records), *stamped, evidence, _strangers(records, now)]


def _closed(settings: Settings) -> Check:
    others = open_to_others(settings)
    if not others:
        return Check("closed", True, f"数据目录只有本人能看（umask {settings.umask}）")
    named = "、".join(str(path) for path in others[:3])
    text = f"数据目录中有 {len(others)} 处别的用户也能看（{named}）：请执行 chmod -R go-rwx {settings.data}"
    return Check("closed", False, text)


def _room(settings: Settings) -> Check:
    """Each place may be a disk of its own, and the program's temporary folder is one too."""
    kept = (settings.keys_folder, settings.papers_folder, settings.outbox_folder, settings.evidence_folder)
    guards = tuple(guard if guard.is_dir() else guard.parent for guard in settings.guards)
    files = (settings.ledger_file, settings.accounts_file)
    folders = (
        settings.data,
        settings.engine_folder,
        *kept,
        settings.vault_folder,
        settings.log_file.parent,
        Path(tempfile.gettempdir()),
    )
    places = (*folders, *guards, *files)
    there = [place for place in places if place.exists()]
    if named := _named(there, is_read_only):
        text = f"{named} 只能读，不能写：请管理员查明缘由（磁盘出了错，或是属主、权限不对），改回可写，之后会自动继续"
    elif named := _named(there, is_out_of_files):
        text = f"{named} 几乎不能再新建文件（不足 {LEAST_FILES} 个）：请清掉不用的小文件，之后会自动继续"
    elif named := _named(there, _is_full):
        text = f"{named} 快满了（不足 {_LEAST_ROOM >> 20} MB）：请腾出空间，之后会自动继续"
    else:
        return Check("room", True, "各处都有空间")
    return Check("room", False, text)


def _named(places: Iterable[Path], is_so: Callable[[Path], bool]) -> str:
    return "、".join(str(place) for place in places if is_so(place))


def _is_full(place: Path) -> bool:
    return shutil.disk_usage(place).free < _LEAST_ROOM


def _whole(records: Records) -> Check:
    faults = records.log.faults()
    if not faults:
        return Check("whole", True, "台账的文件完好，每条记录的字节与其摘要相符")
    named = "；".join(faults[:3])
    text = f"台账已损坏，共 {len(faults)} 处（{named}）：请管理员停机，保存现状，并从备份恢复（duban restore）"
    return Check("whole", False, text)


def _signed(records: Records, now: datetime) -> Check:
    if (fork := records.log.fork()) is not None:
        return Check("signed", False, fork.text)
    state = records.log.unsigned()
    latest = max(filter(None, (state.signed_at, state.oldest_at)), default=now)
    if latest > now + CLOCKS_DIFFER_AT_MOST:
        text = (
            f"台账已记到 {office_minute(latest)}，而现在是 {office_minute(now)}：写台账的机器时钟走快过，或本机的慢了，"
            "到那时为止各条的记入时间不能作准。请管理员校准各台机器的时钟；校正由台账自己记下（clock.step），不用另作处理"
        )
        return Check("signed", False, text)
    if state.oldest_at is None or now - state.oldest_at < _SIGNED_WITHIN:
        return Check("signed", True, "台账的签名没有落后")
    since = f"{office_minute(state.signed_at)} 起" if state.signed_at else "从开始到现在"
    text = (
        f"台账{since}没有签过校验值，有 {state.entries} 条记录还没有签：请管理员看督办程序是否在运行、"
        "磁盘和密钥目录能否写入（日志里 beside_failed 一条写有缘由），恢复后会自动补签"
    )
    return Check("signed", False, text)


def _keys(records: Records) -> Check:
    """Whether the keys that lie there are those on record: a start asks for them."""
    found = [records.log.key_fault(), *records.doors.faults()]
    wrong = "".join(fault.text for fault in found if fault is not None)
    return Check("keys", not wrong, wrong or "台账和各受理端的密钥与台账登记的一致")


def _evidence(records: Records, settings: Settings) -> Check:
    if (trouble := records.evidence.trouble()) is not None:
        return Check("evidence", False, trouble)
    erased = erasures(records.ledger)
    missing = records.evidence.lacking(each for each in evidence_named(records.ledger) if each not in erased)
    if not missing:
        where = f"（{settings.evidence}）" if settings.evidence else ""
        return Check("evidence", True, f"台账所记的佐证都在{where}")
    text = f"台账所记的佐证缺 {len(missing)} 份（{missing[0]}）：请向提交的部门索取原件，用 duban evidence add 补存"
    return Check("evidence", False, text)


def _strangers(records: Records, now: datetime) -> Check:
    """Whether somebody lately reached the engine around the doors: nothing came of it, and whoever asks hears of it."""
    since = records.clock.supervised(now) - _TOLD_FOR
    found = [each for each in records.ledger.refusals(since=since) if each.rule in _OF_STRANGERS]
    if not found:
        return Check("strangers", True, "近一天没有人绕过命令行、督办台和接口直接操作引擎")
    text = (
        f"近一天有 {len(found)} 次办理直接发到引擎，不是本单位的命令行、督办台或接口发出的，没有照办："
        f"请管理员查明是谁能连上引擎，收紧引擎的地址和证书。最近一次：{found[-1].text}"
    )
    return Check("strangers", False, text)
