"""Every number, every word of time and every word of how often in a cell is read, declared harmless, or told.

A duty's own words are free; these are not. They form classes that are closed, so that what no form has taken of them can
be found without knowing the sentence: the account of a cell's numbers and times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.notice.deliverables import Deliverable
from domain.notice.numerals import number
from domain.notice.windows import Doubt

Place = tuple[int, int]

_HAN_NUMBER = r"[一二两三四五六七八九十百千]"
# What counts things; where nothing of these stands behind a Chinese number it is part of a word (`三年行动`, `统一`).
_COUNTED = (
    r"(?:多|余|来|几)?(?:万|亿)?(?:人次|户次|车次|场次|班次|批次|个百分点|个点|万元|亿元|千元|元|公里|千米|平方公里|平方米|平米|公顷|立方米|立方|吨|兆瓦|千瓦"
    r"|期|场|次|个|家|所|名|人|条|篇|件|项|处|户|套|册|份|部|支|辆|台|间|座|组|例|宗|棵|株|节|课时|张|幅|种|轮|遍|趟|回|站|村|枚|块|对|栋|只|头|倍|成|亩|盏|艘|架|列|桩|孔|眼|口|井)"
)
_NUMBER = re.compile(
    rf"(?P<arabic>(?<![\d.])\d[\d,]*(?:\.\d+)?)\s*(?P<scale>[百千万亿]*)(?P<unit>[%‰]|[一-鿿]{{0,4}})|(?P<han>{_HAN_NUMBER}{{1,6}})(?P<counted>{_COUNTED})"
)
