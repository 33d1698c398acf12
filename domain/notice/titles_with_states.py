"""Titles that say that their duty is done or dropped (`建成污水厂（取消）`, `已办结：整治河道`)."""

from __future__ import annotations

from domain.notice.folding import fold
from domain.notice.listed import Remark
from domain.notice.patterns import regex

_STATE = regex(
    r"[(\[【]\s*(?:拟|现|已(?:经)?)?(?:取消|终止|中止|暂停|暂缓|撤销|作废|删除|不再(?:实施|开展|推进)|完成|办结|销号|竣工|移交|转入.{1,8})\s*[)\]】]"
    r"|^已(?:经)?(?:完成|办结|销号|取消|终止|撤销)\s*[:,、]"
)


def state_in_title(title: str) -> list[Remark]:
    """What a title says of its duty's state, for somebody to look at."""
    if _STATE.search(fold(title)) is None:
        return []
    sentence = f"“项目名称”一栏写“{title}”，可能改变时限或状态，请核对节点。"
    return [Remark("remark_changes", "ruling", sentence, title)]
