"""From when something is in force: `7月1日起施行` is due on that day, and is no work that goes on through the year."""

from __future__ import annotations

from domain.notice.patterns import regex
from domain.notice.windows import Choice, Doubt, Window, day_choice, spoken

# A rule, a price, a system takes effect at an instant; `实施` and its like may also be work that goes on.
_TAKES_EFFECT = regex(
    r"(?:起|开始)\s*,?\s*[正全统同一予开按面式步律部以始市省县区校国]{0,8}(?:[在各][^,;。:()\d]{1,10}?)?[正全统同一予面式步律部以]{0,6}(?:(?P<sure>施行|生效|启用|废止|停用|失效)"
    r"|(?P<at_once>试运[行营]|投入使用|上线|投用|开放|开通|切换|停止|取消|暂停)|(?P<lasting>(?:组织)?(?:实施|执行|实行)|试行|适用|运[行营]|使用))"
)
# What is put in force: nothing is named (it stands before the time), or a rule.
_A_RULE = regex(
    r"了?\s*(?:$|[,;。:()\n])|[^,;。:()\n]*(?:办法|标准|制度|规定|规程|条例|细则|政策|价格|票价|收费|清单|目录|规则|流程|模式|系统|平台|时刻表|机制|方案"
    r"|证书|标识|编码|格式|版本?|业务|办理|受理|服务)(?:$|[,;。:()\n的并和及])"
)
_A_DAY = regex(r"(?<![之即])[日号]\D{0,3}(?:起|开始)|\d[./-]\d{1,2}\s*(?:起|开始)|(?:节|元旦|“?[五七八十]一”?)\s*起")


def in_force(words: str, window: Window) -> tuple[Window, list[Doubt]] | None:
    """The day on which what a clause tells is in force, where its window is open from a time on; `words` are folded."""
    found = _TAKES_EFFECT.search(words)
    if found is None or not window.ongoing or window.starts_on is None or window.recurrence is not None:
        return None
    by_day = _A_DAY.search(words[: found.start() + 2]) is not None
    if found["sure"] is None and not (by_day and (found["at_once"] or _A_RULE.match(words, found.end()))):
        return None
    day = window.starts_on
    due = Window(due_on=day)
    if found["sure"] is not None and by_day:
        return due, [
            Doubt("in_force", "note", f"“{found['sure']}”按到{day}必须做到理解，之后不再督办。", spoken((due,)))
        ]
    since = Choice(key=f"{day.year}年{day.month}月{day.day}日起", text=spoken((window,)))
    assumed, choices = (due, (day_choice(day), since)) if found["sure"] else (window, (since, day_choice(day)))
    text = f"“{found['sure'] or found['at_once'] or found['lasting']}”可能是到{day}必须做到，也可能是从那时起持续推进。"
    return assumed, [Doubt("in_force", "ruling", text, spoken((assumed,)), choices)]
