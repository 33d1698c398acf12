"""What is examined of what the settings name beside the data folder: nobody asks for it until it is needed.

A setting that names nothing is no finding, good or bad.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from application.office.record_checks import Check, check_of
from application.settings import Settings
from domain.accounts.refusals import ThirdPartyError
from domain.clock import office_day
from domain.errors import DubanError
from domain.ports.third_party import ThirdParty
from domain.rules.calendar import WorkingCalendar

_CERTIFICATE_LEFT = timedelta(days=21)
"""As the alert on it has it (deploy/watch/alerts.yml)."""


@dataclass(frozen=True, slots=True)
class Named:
    """How each of them is opened."""

    calendar: Callable[[int], WorkingCalendar]
    certificate_days: Callable[[Path], tuple[datetime, datetime]]
    authorities: Callable[[datetime], int]
    third_party: Callable[[], ThirdParty | None]
    engine_certificates: Callable[[], Mapping[str, tuple[datetime, datetime]]]


async def named_checks(named: Named, settings: Settings, now: datetime) -> list[Check]:
    """What can be said of each that is named."""
    found: list[Check] = []
    if settings.calendar is not None:
        found.append(check_of("calendar", lambda: _calendar(named, settings.calendar, now)))
    if (place := settings.certificate) is not None:
        found.append(_certificate(named, place, now))
    if settings.sm2_authorities is not None:
        found.append(check_of("authorities", lambda: f"国密发证机构的证书 {named.authorities(now)} 张，可以使用"))
    if settings.oidc_issuer is not None:
        found.append(await _third_party(named.third_party, settings.oidc_issuer))
    return [*found, *_engine_certificates(named, now), *_guards(settings.guards)]


def _calendar(named: Named, place: Path | None, now: datetime) -> str:
    named.calendar(office_day(now).year)
    return f"放假安排文件：{place}"


def _certificate(named: Named, place: Path, now: datetime) -> Check:
    try:
        begin, end = named.certificate_days(place)
    except DubanError as error:
        return Check("certificate", False, error.text)
    good = f"督办台的证书到 {office_day(end)} 有效"
    ended = (
        f"督办台的证书 {place} 已于 {office_day(end)} 到期：请换上新证书，再重启代理；"
        "到期后浏览器打不开督办台，督办照常进行"
    )
    ends = (
        f"督办台的证书 {place} 将于 {office_day(end)} 到期：请换上新证书，再重启代理；"
        "到期后浏览器打不开督办台，督办照常进行"
    )
    begins = (
        f"督办台的证书 {place} 自 {office_day(begin)} 起才有效：请先换上现在有效的证书，再重启代理，"
        "并核对本机的时钟；有效之前浏览器打不开督办台，督办照常进行"
    )
    return Check("certificate", False, begins) if now < begin else _lasting("certificate", end, now, good, ended, ends)


def _lasting(name: str, end: datetime, now: datetime, good: str, ended: str, ends: str) -> Check:
    """One sentence of three about something that ends: for long not yet, already, or soon."""
    if end - now >= _CERTIFICATE_LEFT:
        return Check(name, True, good)
    return Check(name, False, ended if end <= now else ends)


def _engine_certificates(named: Named, now: datetime) -> Iterator[Check]:
    """Until when each counts that the engine is reached by: who connects anew with one that has ended is not let in."""
    try:
        days = named.engine_certificates()
    except DubanError:
        return  # who connects says so
    for setting, (begin, end) in days.items():
        good = f"连接引擎的证书（{setting}）到 {office_day(end)} 有效"
        ended = (
            f"连接引擎的证书（{setting}）已于 {office_day(end)} 到期：请换上新证书，"
            "督办程序和督办台一分钟内自行启用；到期后与引擎断开就接不上"
        )
        ends_soon = (
            f"连接引擎的证书（{setting}）将于 {office_day(end)} 到期：请换上新证书，"
            "督办程序和督办台一分钟内自行启用；到期后与引擎断开就接不上"
        )
        begins = (
            f"连接引擎的证书（{setting}）自 {office_day(begin)} 起才有效：请先换上现在有效的证书，"
            "并核对本机的时钟；有效之前与引擎断开就接不上"
        )
        check = _lasting("engine_certificate", end, now, good, ended, ends_soon)
        yield Check(check.name, False, begins) if now < begin else check


async def _third_party(opened: Callable[[], ThirdParty | None], issuer: str) -> Check:
    try:
        if (provider := opened()) is not None:
            await provider.must_answer()
    except ThirdPartyError as error:
        text = (
            f"现在不能用统一身份认证登录（{error.why}）：请管理员核对 DUBAN_OIDC_ISSUER、网络和对方的服务；"
            "用密码登录不受影响"
        )
        return Check("third_party", False, text)
    except DubanError as error:
        return Check("third_party", False, error.text)
    return Check("third_party", True, f"统一身份认证 {issuer} 可以使用")


def _guards(places: tuple[Path, ...]) -> Iterator[Check]:
    folders = {place: place if place.is_dir() else place.parent for place in places}
    wrong = {
        place: "没有权限" if folder.is_dir() else "没有这个文件或文件夹"
        for place, folder in folders.items()
        if not os.access(folder, os.W_OK)
    }
    for place, why in wrong.items():
        yield Check("guard", False, f"另存台账校验值的位置“{place}”写不进去（{why}）：请检查，恢复后会自动补存。")
    if places and not wrong:
        yield Check("guard", True, f"台账的校验值另存在 {len(places)} 处")
