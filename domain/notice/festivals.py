"""The festivals that notices count from (`春节前`, `国庆前`), by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from domain.festival_days import MOVABLE, MOVABLE_DAYS

_FIXED = {
    "元旦": (1, 1),
    "三八": (3, 8),
    "妇女节": (3, 8),
    "学雷锋日": (3, 5),
    "学雷锋": (3, 5),
    "植树节": (3, 12),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "五四": (5, 4),
    "青年节": (5, 4),
    "六一": (6, 1),
    "儿童节": (6, 1),
    "七一": (7, 1),
    "建党节": (7, 1),
    "八一": (8, 1),
    "建军节": (8, 1),
    "教师节": (9, 10),
    "国庆": (10, 1),
    "十一": (10, 1),
    "建队日": (10, 13),
    "记者节": (11, 8),
    "国家宪法日": (12, 4),
    "宪法日": (12, 4),
    "圣诞": (12, 25),
    "护士节": (5, 12),
    "残疾人日": (12, 3),
    "扶贫日": (10, 17),
    "消防日": (11, 9),
    "世界环境日": (6, 5),
    "六五环境日": (6, 5),
    "消费者权益日": (3, 15),
    "国际消费者权益日": (3, 15),
    "世界水日": (3, 22),
    "世界气象日": (3, 23),
    "爱耳日": (3, 3),
    "全国爱耳日": (3, 3),
    "国家安全教育日": (4, 15),
    "全民国家安全教育日": (4, 15),
    "世界地球日": (4, 22),
    "世界读书日": (4, 23),
    "读书日": (4, 23),
    "航天日": (4, 24),
    "中国航天日": (4, 24),
    "知识产权日": (4, 26),
    "世界知识产权日": (4, 26),
    "防灾减灾日": (5, 12),
    "全国防灾减灾日": (5, 12),
    "无烟日": (5, 31),
    "世界无烟日": (5, 31),
    "爱眼日": (6, 6),
    "全国爱眼日": (6, 6),
    "土地日": (6, 25),
    "全国土地日": (6, 25),
    "禁毒日": (6, 26),
    "国际禁毒日": (6, 26),
    "世界人口日": (7, 11),
    "医师节": (8, 19),
    "中国医师节": (8, 19),
    "烈士纪念日": (9, 30),
    "世界艾滋病日": (12, 1),
    "艾滋病日": (12, 1),
    "交通安全日": (12, 2),
    "全国交通安全日": (12, 2),
    "国际残疾人日": (12, 3),
    "志愿者日": (12, 5),
    "国际志愿者日": (12, 5),
    "国家公祭日": (12, 13),
}
# Offices also write the number and the name together (`五一劳动节`), or `节` behind the number (`三八节`).
_BY_NUMBER = {
    "三八": ("妇女节", "国际妇女节"),
    "五一": ("劳动节", "国际劳动节"),
    "五四": ("青年节",),
    "六一": ("儿童节", "国际儿童节"),
    "七一": ("建党节",),
    "八一": ("建军节",),
    "十一": ("国庆节", "国庆"),
}
_FIXED |= {f"{number}{name}": _FIXED[number] for number, names in _BY_NUMBER.items() for name in ("节", *names)}
_EVE = "除夕"
# Their days move with the moon or the sun, and no table here has them: read as feasts, and asked about.
_ASKED = (
    *("七夕", "七夕节", "中元节", "寒食节", "腊八", "腊八节", "小年夜", "下元节", "龙抬头"),
    *("立春", "春分", "谷雨", "立夏", "芒种", "夏至", "立秋", "秋分", "霜降", "立冬", "冬至", "冬至节"),
    *("丰收节", "农民丰收节", "母亲节", "父亲节", "开斋节", "古尔邦节", "泼水节", "火把节"),
)


@dataclass(frozen=True, slots=True)
class Festivals:
    """The first day of each festival, by year and name; a movable festival of an unlisted year is unknown."""

    movable: Mapping[int, Mapping[str, date]] = field(default_factory=dict)

    def on(self, name: str, year: int) -> date | None:
        """The festival's day in `year`, or `None` where its date is not known."""
        if name not in _FIXED and name not in MOVABLE:
            name = name.removesuffix("节")
        if name in _FIXED:
            month, day = _FIXED[name]
            return date(year, month, day)
        if name == _EVE:
            first = self.on("春节", year)
            return first - timedelta(days=1) if first is not None else None
        return self.movable.get(year, {}).get(name)


def known_by_its_numbers(day: date) -> bool:
    """Whether a day is one of a fixed date that everybody keeps (`3·15`, `12·4`)."""
    return (day.month, day.day) in _FIXED.values()


@cache
def published_festivals() -> Festivals:
    """The festivals of 2010 to 2050."""
    return Festivals(movable={year: dict(zip(MOVABLE, days, strict=True)) for year, days in MOVABLE_DAYS.items()})


FESTIVAL_NAMES = sorted(
    [*_FIXED, *MOVABLE, _EVE, *_ASKED, *(f"{name}节" for name in (*MOVABLE, "国庆", "圣诞", "元旦"))],
    key=len,
    reverse=True,
)
"""Every name under which a festival is found, the longest first."""
