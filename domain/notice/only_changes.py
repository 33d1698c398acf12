"""Notices that name changes alone (`将第3项时限调整为…`, `…补充通知`): a start would withdraw what they leave out."""

from __future__ import annotations

from collections.abc import Iterable

from domain.notice.folding import fold
from domain.notice.listed import Lacking
from domain.notice.patterns import regex

_TITLE = regex(r"^[^,;:。]{0,40}(?:补充(?:通知|事项|清单|任务|项目)|增补)[^,;:。]{0,12}$")
_ITEM = r"(?:原)?第[一二三四五六七八九十百\d]{1,4}(?:项(?!目)|条|号)(?:任务|工作|项目|事项)?"
_CHANGES = regex(
    rf"{_ITEM}[^,;。\n]{{0,24}}?(?:(?:调整|修改|变更|更改|修订|延期|延长|推迟|提前|改|移|调|合并|拆分?)[为到至成]"
    r"|并入|暂缓(?:实施|推进|办理)|不再(?:列入|保留|实施|纳入)|(?:予以)?(?:取消|删除|删去|撤销|剔除)(?=[,;。\n]|$))"
    rf"|(?:取消|删除|删去|撤销|剔除|新增|增加){_ITEM}"
)


def only_changes(titles: Iterable[str], lines: Iterable[str]) -> list[Lacking]:
    """The question whether a notice is the whole list, where its titles or its own words speak of changes alone."""
    words = next((title for title in titles if _TITLE.search(fold(title))), None)
    words = words or next((line for line in lines if _CHANGES.search(fold(line))), None)
    if words is None:
        return []
    words = " ".join(words.split())[:80]
    text = (
        f"“{words}”看来只写了变更和补充，不是整份清单；启动时，在办而计划里没有的项目一律按撤销办理。"
        "请把变更写进整份清单再读一次，或者逐项变更。"
    )
    choices = (("确认", "是整份清单"),)
    return [Lacking("only_changes", "only_changes", "ruling", text, "整份清单", choices, text=words)]
