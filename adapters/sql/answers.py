"""How a thread that wrote for many callers answers them, each in its own event loop."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

Outcome = tuple[Any, BaseException | None]
Answer = tuple["asyncio.Future[Any]", Outcome]


def deliver(answers: Sequence[Answer]) -> None:
    """Wake each event loop once, however many of its callers wait."""
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_loop[answer[0].get_loop()].append(answer)
    for loop, its_answers in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve, its_answers)
        except RuntimeError:
            # The loop was closed while its callers waited: nobody is left to answer, and what was written is kept.
            continue


def _resolve(answers: Sequence[Answer]) -> None:
    for future, (result, error) in answers:
        if future.done():
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
