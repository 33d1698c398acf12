"""The festivals that notices count from (`春节前`, `国庆前`), by year.

Source of the movable days: the Chinese calendar as computed by the libraries lunar-python 1.4 and lunardate 0.2,
which agree on every day below; compared for 2010 to 2026 with the State Council's published holidays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

_MOVABLE = ("春节", "元宵", "清明", "端午", "中秋", "重阳")
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

# Month and day, in the order of _MOVABLE.
_MOVABLE_DAYS = {
    2010: "0214 0228 0405 0616 0922 1016",
    2011: "0203 0217 0405 0606 0912 1005",
    2012: "0123 0206 0404 0623 0930 1023",
    2013: "0210 0224 0404 0612 0919 1013",
    2014: "0131 0214 0405 0602 0908 1002",
    2015: "0219 0305 0405 0620 0927 1021",
    2016: "0208 0222 0404 0609 0915 1009",
    2017: "0128 0211 0404 0530 1004 1028",
    2018: "0216 0302 0405 0618 0924 1017",
    2019: "0205 0219 0405 0607 0913 1007",
    2020: "0125 0208 0404 0625 1001 1025",
    2021: "0212 0226 0404 0614 0921 1014",
    2022: "0201 0215 0405 0603 0910 1004",
    2023: "0122 0205 0405 0622 0929 1023",
    2024: "0210 0224 0404 0610 0917 1011",
    2025: "0129 0212 0404 0531 1006 1029",
    2026: "0217 0303 0405 0619 0925 1018",
    2027: "0206 0220 0405 0609 0915 1008",
    2028: "0126 0209 0404 0528 1003 1026",
    2029: "0213 0227 0404 0616 0922 1016",
    2030: "0203 0217 0405 0605 0912 1005",
    2031: "0123 0206 0405 0624 1001 1024",
    2032: "0211 0225 0404 0612 0919 1012",
    2033: "0131 0214 0404 0601 0908 1001",
    2034: "0219 0305 0405 0620 0927 1020",
    2035: "0208 0222 0405 0610 0916 1009",
    2036: "0128 0211 0404 0530 1004 1027",
    2037: "0215 0301 0404 0618 0924 1017",
    2038: "0204 0218 0405 0607 0913 1007",
    2039: "0124 0207 0405 0527 1002 1026",
    2040: "0212 0226 0404 0614 0920 1014",
    2041: "0201 0215 0404 0603 0910 1003",
    2042: "0122 0205 0404 0622 0928 1022",
    2043: "0210 0224 0405 0611 0917 1011",
    2044: "0130 0213 0404 0531 1005 1029",
    2045: "0217 0303 0404 0619 0925 1018",
    2046: "0206 0220 0404 0608 0915 1008",
    2047: "0126 0209 0405 0529 1004 1027",
    2048: "0214 0228 0404 0615 0922 1016",
    2049: "0202 0216 0404 0604 0911 1005",
    2050: "0123 0206 0404 0623 0930 1024",
}


@dataclass(frozen=True, slots=True)
class Festivals:
    """The first day of each festival, by year and name; a movable festival of an unlisted year is unknown."""

    movable: Mapping[int, Mapping[str, date]] = field(default_factory=dict)

    def on(self, name: str, year: int) -> date | None:
        """The festival's day in `year`, or `None` where its date is not known."""
        if name not in _FIXED and name not in _MOVABLE:
            name = name.removesuffix("节")
        if name in _FIXED:
            month, day = _FIXED[name]
            return date(year, month, day)
        return self.movable.get(year, {}).get(name)


def published_festivals() -> Festivals:
    """The festivals of 2010 to 2050."""
    return Festivals(
        movable={
            year: {
                name: date(year, int(day[:2]), int(day[2:])) for name, day in zip(_MOVABLE, days.split(), strict=True)
            }
            for year, days in _MOVABLE_DAYS.items()
        }
    )


FESTIVAL_NAMES = sorted(
    [*_FIXED, *_MOVABLE, *(f"{name}节" for name in (*_MOVABLE, "国庆", "圣诞", "元旦"))], key=len, reverse=True
)
"""Every name under which a festival is found, the longest first."""
