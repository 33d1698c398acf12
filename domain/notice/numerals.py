"""Numbers as offices write them: Arabic, Chinese, and mixed (`30`, `三十`, `两`, `1.5万`)."""

from __future__ import annotations

from domain.notice.patterns import regex

# `二O二六年` is typed with a letter, and `二0二六年` with a figure.
_DIGITS = {"〇": 0, "零": 0, "O": 0, "0": 0}
_DIGITS |= {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_DIGITS |= {"壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9, "元": 1, "首": 1}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}

CHINESE_NUMBER = r"[〇零一二两三四五六七八九十百千]{1,12}"
_ARABIC = regex(r"^(\d{1,12})(?:\.(\d{1,6}))?([百千万亿]*)$")
_LONGEST = 24


def number(text: str) -> int | None:
    """The whole number that a text writes, or `None` where it writes none."""
    text = text.replace(",", "").replace(" ", "")
    if not text or len(text) > _LONGEST:
        return None
    if arabic := _ARABIC.match(text):
        whole, fraction, scale = arabic.groups()
        scaled = int(whole + (fraction or ""))
        for group in scale:
            scaled *= _TENS.get(group) or _GROUPS[group]
        below = 10 ** len(fraction or "")
        return scaled // below if scaled % below == 0 else None
    return _chinese(text)


def _chinese(text: str) -> int | None:
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    seen_digit = False
    for char in text:
        if char in _DIGITS:
            digit, seen_digit = _DIGITS[char], True
        elif char in _TENS:
            section += (digit if seen_digit else 1) * _TENS[char]
            digit, seen_digit = 0, False
        elif char in _GROUPS:
            total += (section + digit) * _GROUPS[char]
            section, digit, seen_digit = 0, 0, False
        else:
            return None
    return total + section + digit


def leading_digit(text: str) -> bool:
    """Whether a number names its count (`三百`), not a bare round figure (`百`, `万`) that stands for "many"."""
    return (text[:1] not in _TENS and text[:1] not in _GROUPS) or text[:1] in "十拾"
