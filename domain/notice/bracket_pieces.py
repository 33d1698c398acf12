"""The pieces of one bracket, and the steps among them that have each its time (`开工：4月；完工：10月底`)."""

from __future__ import annotations

import re

from domain.notice.deliverables import HOPED
from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.time_cells import holds_a_time, is_a_time

# `（甲局，开工：4月；完工：10月底）`: steps in brackets, each with its time; `开工时间` says from when.
_STEP = regex(r"(?P<step>[一-鿿]{2,8})(?<!时间|日期|时限|期限|周期|月份|单位|部门|领导):\s*(?P<when>[^:]+)")


def pieces_of(inner: str) -> list[str]:
    """The parts of a bracket; a time that is hoped for stays with the one that counts (`12月底前出台，力争11月`)."""
    pieces: list[str] = []
    for piece in filter(None, map(str.strip, re.split(r"[，；;,]", inner))):
        if pieces and HOPED.match(piece) and holds_a_time(pieces[-1]) and holds_a_time(piece):
            pieces[-1] = f"{pieces[-1]}，{piece}"
        else:
            pieces.append(piece)
    return pieces


def is_step(piece: str) -> bool:
    """Whether a piece says when one step is (`开工：4月`)."""
    step = _STEP.fullmatch(fold(piece))
    return step is not None and is_a_time(step["when"])


def steps_in(inner: str) -> list[str]:
    """The steps of a bracket that holds more than one."""
    steps = [piece for piece in pieces_of(inner) if is_step(piece)]
    return steps if len(steps) > 1 else []
