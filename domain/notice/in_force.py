"""From when something is in force: `7月1日起施行` is due on that day, and is no work that goes on through the year."""

from __future__ import annotations

from domain.notice.patterns import regex
from domain.notice.windows import Choice, Doubt, Window, day_choice, spoken

# A rule, a price, a system takes effect at an instant; `实施` and its like may also be work that goes on.
_TAKES_EFFECT = regex(
    r"(?:起|开始)\s*,?\s*[正全统同一予开按面式步律部以始市省县区校国]{0,8}(?:[在各][^,;。:()\d]{1,10}?)?[正全统同一予面式步律部以]{0,6}(?P<word>施行|生效|启用|废止|停用|失效"
    r"|投入使用|上线|投用|开放|开通|切换|停止|取消|暂停|(?P<lasting>试?运[行营]|实施|执行|实行|推行|试行|适用|使用))"
)
# What is put in force: nothing is named (it stands before the time), or a rule.
_A_RULE = regex(
    r"了?\s*(?:$|[,;。:()\n])|[^,;。:()\n]*(?:办法|标准|制度|规定|规程|条例|细则|政策|价格|票价|收费|清单|目录|规则|流程|模式|系统|平台|时刻表|机制|方案"
    r"|证书|标识|编码|格式|版本?|业务|办理|受理|服务)(?:$|[,;。:()\n的并和及])"
)
# `自发布之日起`: the day of another paper, which the list does not say.
_ANOTHER_DAY = regex(r"[之即]日")


def in_force(words: str, window: Window) -> tuple[Window, list[Doubt]] | None:
    """The day by which what a clause tells is in force, where its window is open from a time on; `words` are folded."""
    found = _TAKES_EFFECT.search(words)
    if found is None or not window.ongoing or window.starts_on is None or window.recurrence is not None:
        return None
    if found["lasting"] and not _A_RULE.match(words, found.end()):
        return None
    day = window.starts_on
    due = Window(due_on=day)
    said = found["word"]
    if found["lasting"]:
        told = f"“{said}”按从{day}起持续推进理解；如只要到那天做到，请写明。"
        return window, [Doubt("in_force", "note", told, spoken((window,)))]
    if not _ANOTHER_DAY.search(words, 0, found.start() + 1):
        told = f"“{said}”按到{day}必须做到理解，之后不再督办。"
        return due, [Doubt("in_force", "note", told, spoken((due,)))]
    since = Choice(key=f"{day.year}年{day.month}月{day.day}日起", text=spoken((window,)))
    text = f"“{said}”可能是到{day}必须做到，也可能是从那时起持续推进。"
    return due, [Doubt("in_force", "ruling", text, spoken((due,)), (day_choice(day), since))]
