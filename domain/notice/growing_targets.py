"""Several milestones of one duty whose number grows (`6月底前900公里，年底前1500公里`): a total, not a sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.notice.deliverables import Deliverable
from domain.notice.patterns import regex
from domain.notice.windows import Doubt

_A_STAGE = regex(r"第?[一二三四五六七八九十\d首]{1,3}(?:期|批次?|标段|阶段|轮)")
_THE_REST = regex(r"其余|剩余|余下|其他|再|另")
_EACH_TIME = ("次", "场", "场次", "期", "班次", "人次", "批次", "回", "趟", "遍", "%")


def with_growing_targets(items: Sequence[Deliverable]) -> list[Deliverable]:
    """Each later milestone of a duty with a greater number of the same unit is told to count from the beginning.

    Only limits without a start are read so: what is due in a month of its own (`5月：10个；6月：20个`) stands apart.
    """
    result = list(items)
    for at, item in enumerate(items):
        quota = item.window.quota
        if quota is None or item.window.starts_on is not None or quota.unit in _EACH_TIME:
            continue
        if _A_STAGE.match(item.description) is not None or _THE_REST.search(item.description) is not None:
            # `一期600个、二期900个`: each stage has its own number; so has the rest (`其余7家`).
            continue
        for earlier in items[:at]:
            before = earlier.window
            grows = (
                before.quota is not None
                and before.quota.unit == quota.unit
                and before.quota.value < quota.value
                and before.starts_on is None
                and before.due_on is not None
                and item.window.due_on is not None
                and before.due_on < item.window.due_on
            )
            if grows and before.quota is not None:
                printed, contained = f"{quota.value}{quota.unit}", f"{before.quota.value}{quota.unit}"
                text = f"“{printed}”按到期时的累计数理解，含此前的{contained}。"
                doubts = (*item.doubts, Doubt("growing_target", "note", text))
                result[at] = replace(item, doubts=doubts)
                break
    return result
