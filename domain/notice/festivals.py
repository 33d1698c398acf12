"""The festivals that notices count from (`春节前`, `国庆前`), by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

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
        return self.movable.get(year, {}).get(name)


def published_festivals() -> Festivals:
    """The festivals of 2010 to 2050."""
    return Festivals(movable={year: dict(zip(MOVABLE, days, strict=True)) for year, days in MOVABLE_DAYS.items()})


FESTIVAL_NAMES = sorted(
    [*_FIXED, *MOVABLE, *(f"{name}节" for name in (*MOVABLE, "国庆", "圣诞", "元旦"))], key=len, reverse=True
)
"""Every name under which a festival is found, the longest first."""
